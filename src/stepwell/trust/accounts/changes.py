"""What somebody changes about their own sign-in. Each change is traced, and told to them in a letter."""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.accounts import codes, emailed, letters, passkeys, sessions, signals
from stepwell.trust.accounts.models import AuthenticatorApp, Passkey, RecoveryCode, User


@transaction.atomic
def choose_password(
    user: User, password: str, *, request: HttpRequest, keep_this: bool, because: str = ""
) -> None:
    """Ends every session, but for the one in which it was changed when ``keep_this``."""
    user.set_password(password)
    user.save(update_fields=["password"])
    emailed.forget_letters(user)
    sessions.sign_out_everywhere(user, by=user, keep=request if keep_this else None, because="a new password")
    _tell(request, user, gettext_lazy("Your password was changed."), f"a new password {because}".strip())


@transaction.atomic
def add_passkey(user: User, answer: str, *, name: str, request: HttpRequest) -> Passkey:
    """Raises Refused for an answer that is not to what we asked."""
    key = passkeys.add(request, user, answer, name=name.strip() or _("Passkey"))
    if key is None:
        raise Refused(_("That passkey was not accepted. Try again."))
    sessions.with_second_step(request)
    _tell(request, user, gettext_lazy("A passkey was added."), f"added the passkey {key.name}")
    return key


@transaction.atomic
def remove_passkey(key: Passkey, *, request: HttpRequest) -> None:
    user, name = key.user, key.name
    key.delete()
    _without(request, user)
    _tell(request, user, gettext_lazy("A passkey was removed."), f"removed the passkey {name}")


@transaction.atomic
def add_app(user: User, secret: str, code: str, *, request: HttpRequest) -> None:
    """Raises Refused when the code is not the one that this secret makes now."""
    if not codes.add_app(user, secret, code):
        raise Refused(_("That is not the code that the app shows now. Wait for the next one."), field="code")
    sessions.with_second_step(request)
    _tell(request, user, gettext_lazy("An authenticator app was set up."), "set up an authenticator app")


@transaction.atomic
def remove_app(user: User, *, request: HttpRequest) -> None:
    AuthenticatorApp.objects.filter(user=user).delete()
    _without(request, user)
    _tell(request, user, gettext_lazy("The authenticator app was removed."), "removed the authenticator app")


@transaction.atomic
def make_recovery_codes(user: User, *, request: HttpRequest) -> list[str]:
    made = codes.new_recovery_codes(user)
    _tell(request, user, gettext_lazy("New recovery codes were made."), "made new recovery codes")
    return made


@transaction.atomic
def forget_second_step(user: User, *, by: User, at: datetime, because: str) -> None:
    """For somebody who lost everything: an administrator has made sure who it is. They set up a new one at their next
    sign-in. Whoever calls this asks for the permission, and for a proof of their own, first."""
    _drop_second_step(user)
    sessions.sign_out_everywhere(user, by=by, because=because)
    signals.changed_sign_in.send(
        sender=User, request=None, user=user, by=by, because=f"took away the second step: {because}"
    )
    letters.tell_of_change(user, gettext_lazy("Your second step was taken away."), at=at)


@transaction.atomic
def close(user: User, *, by: User, at: datetime, because: str) -> None:
    """Nothing is left that this sign-in opens, so nobody keeps a key to it: whoever reads its mailbox begins anew with
    the next offer. Whoever calls this asks for the permission, and for a proof of their own, first."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    emailed.forget_letters(user)
    _drop_second_step(user)
    # One line of trace, as for whoever keeps a place elsewhere: two would tell its readers which of both it was.
    sessions.sign_out_everywhere(user, by=by, because=because)
    letters.tell_of_change(user, gettext_lazy("Your sign-in was ended by those who gave it to you."), at=at)


def _drop_second_step(user: User) -> None:
    Passkey.objects.filter(user=user).delete()
    AuthenticatorApp.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _without(request: HttpRequest, user: User) -> None:
    """With the last one gone, the session counts as one without it: staff set up another before anything else."""
    if not codes.has_second_step(user):
        request.session[sessions.SECOND_STEP] = False


def _tell(request: HttpRequest, user: User, sentence: str | Promise, because: str) -> None:
    signals.changed_sign_in.send(sender=User, request=request, user=user, by=user, because=because)
    letters.tell_of_change(user, sentence, at=clock.now())
