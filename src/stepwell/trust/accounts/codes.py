"""The codes of the second step: from an authenticator app, or from the paper with recovery codes."""

import re
import secrets
from datetime import timedelta

import segno
from django.db import transaction
from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from stepwell.ground.kit import clock
from stepwell.trust.accounts import sealed, totp
from stepwell.trust.accounts.models import AuthenticatorApp, RecoveryCode, User

#: Without letters and figures that are mistaken for each other.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
HOW_MANY, LETTERS, PART = 10, 12, 4

#: However many addresses they come from: an app's code has six figures.
WRONG_CODES, WITHIN = 15, timedelta(hours=1)


@transaction.atomic
def is_right(user: User, given: str) -> bool:
    """Whether this is the app's code of now or a recovery code; either is used up by it."""
    code = re.sub(r"[\s-]", "", given).lower()
    user = User.objects.select_for_update().get(pk=user.pk)
    if _closed(user):
        return False
    right = (
        _is_of_app(user, code) if code.isdigit() and len(code) == totp.DIGITS else _is_on_paper(user, code)
    )
    if right:
        User.objects.filter(pk=user.pk).update(wrong_codes=0, wrong_codes_since=None)
        return True
    now = clock.now()
    fresh = user.wrong_codes_since is None or now - user.wrong_codes_since >= WITHIN
    User.objects.filter(pk=user.pk).update(
        wrong_codes=1 if fresh else user.wrong_codes + 1,
        wrong_codes_since=now if fresh else user.wrong_codes_since,
    )
    return False


def _closed(user: User) -> bool:
    since = user.wrong_codes_since
    return since is not None and clock.now() - since < WITHIN and user.wrong_codes >= WRONG_CODES


def _is_of_app(user: User, code: str) -> bool:
    app = AuthenticatorApp.objects.select_for_update().filter(user=user).first()
    if app is None:
        return False
    now = clock.now()
    step = totp.step_of(sealed.unseal(app.secret), code, seconds=now.timestamp(), after=app.last_step)
    if step is None:
        return False
    app.last_step, app.last_used_at, app.secret = step, now, sealed.seal_anew(app.secret)
    app.save(update_fields=["last_step", "last_used_at", "secret"])
    return True


def _is_on_paper(user: User, code: str) -> bool:
    prints = [one.hex() for one in _prints(user, code)]
    used = RecoveryCode.objects.filter(user=user, digest__in=prints, used_at=None).update(used_at=clock.now())
    return used > 0


def _prints(user: User, code: str) -> list[bytes]:
    return list(sealed.fingerprints("recovery", f"{user.pk}:{code}"))


# --- the app ---------------------------------------------------------------------------------


def add_app(user: User, secret: str, given: str) -> bool:
    """Keep this app when it shows the code that the secret makes now."""
    code = re.sub(r"\s", "", given)
    now = clock.now()
    step = totp.step_of(secret, code, seconds=now.timestamp(), after=0)
    if step is None:
        return False
    AuthenticatorApp.objects.update_or_create(
        user=user,
        defaults={
            "secret": sealed.seal(secret),
            "last_step": step,
            "added_at": now,
            "last_used_at": now,
        },
    )
    return True


def picture(address: str) -> SafeString:
    """The QR code as a drawing in the page: no address of its own, so that nothing keeps a copy."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        scale=5, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 drawn by us, of squares


# --- the paper -------------------------------------------------------------------------------


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Ten new ones in place of those before. They can be shown now and never again."""
    User.objects.select_for_update().get(pk=user.pk)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(HOW_MANY)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_prints(user, code)[0].hex()) for code in codes
    )
    return ["-".join(code[n : n + PART] for n in range(0, LETTERS, PART)) for code in codes]


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


# --- whether there is a second step ------------------------------------------------------------


def has_second_step(user: User) -> bool:
    """An authenticator app or a passkey. Recovery codes alone are none: they only stand in for one that is lost."""
    return User.objects.filter(
        Q(authenticator_app__isnull=False) | Q(passkeys__isnull=False), pk=user.pk
    ).exists()
