"""A code or a link by e-mail.

A code has eight figures, and works for ten minutes, five tries, one use, only in the browser that asked for it. One
kind signs in people who are cared for here. The other shows that somebody reads a mailbox, before anything is opened to
its owner, and whether or not anybody signs in with it. The link is for a new password: one hour, one use. Asking does
the same work for nobody as for somebody, and answers the same.
"""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from stepwell.ground.kit import clock
from stepwell.trust.accounts import letters, sealed
from stepwell.trust.accounts.models import Letter, Membership, User

#: In the session of the browser that asked: which code it waits for, and what it asked with.
WAITING, ASKED_WITH, MAILBOX = "emailed_code", "emailed_code_to", "mailbox_code"
DIGITS, CODE_IS_GOOD_FOR, TRIES = 8, timedelta(minutes=10), 5
LINK_IS_GOOD_FOR = timedelta(hours=1)
NONE = "00000000-0000-0000-0000-000000000000"
#: To one person: more than anybody needs, and few enough not to fill a mailbox.
MOST, WITHIN = 5, timedelta(hours=1)


# --- a code to sign in -------------------------------------------------------------------------


def send_code(request: HttpRequest, email: str) -> None:
    """Make a code and send it, when somebody who is cared for here signs in with that address."""
    now = clock.now()
    user = _person(email)
    lately = _sent_lately(user, now)
    roles = Membership.objects.current().filter(user=user)
    for_staff = any(membership.is_for_staff for membership in roles)
    known = user if not for_staff and lately < MOST else None
    code = Letter.objects.create(purpose=Letter.Purpose.SIGN_IN, user=known)
    request.session[WAITING], request.session[ASKED_WITH] = str(code.pk), email
    letters.send_code(known, _figures(_print(code)), minutes=int(CODE_IS_GOOD_FOR.total_seconds() // 60))


def is_waiting(request: HttpRequest) -> bool:
    return WAITING in request.session


def is_right(request: HttpRequest, user: User, given: str) -> bool:
    """Whether this is the code that this browser waits for, and this person's. It is used up by it."""
    found = owner_of_code(request, given)
    return found is not None and found.pk == user.pk


@transaction.atomic
def owner_of_code(request: HttpRequest, given: str) -> User | None:
    """Whose code this is; None when it is wrong, too old, used, or was tried too often."""
    code = _with_code(request.session.get(WAITING, NONE), Letter.Purpose.SIGN_IN, given)
    if code is None or code.user is None or not code.user.is_active or not _use_up(code, clock.now()):
        return None
    for name in (WAITING, ASKED_WITH):
        request.session.pop(name, None)
    return code.user


def _with_code(letter_id: str, purpose: Letter.Purpose, given: str) -> Letter | None:
    """The letter that waits, when these are its figures. Each asking is a try."""
    waiting = Letter.objects.filter(
        pk=letter_id,
        purpose=purpose,
        asked_at__gt=clock.now() - CODE_IS_GOOD_FOR,
        used_at=None,
        tries__lt=TRIES,
    )
    # One statement counts and asks whether it may: two tries at once are two.
    if not waiting.update(tries=F("tries") + 1):
        return None
    code = Letter.objects.select_related("user").get(pk=letter_id)
    figures = "".join(given.split()).replace("-", "")
    right = any(hmac.compare_digest(_figures(one).encode(), figures.encode()) for one in _prints(code))
    return code if right else None


# --- a code that shows who reads a mailbox ------------------------------------------------------


def send_code_to_mailbox(request: HttpRequest, email: str) -> None:
    """The same for every address: nobody is looked up. It is written in the language of the page."""
    prints = _of_mailbox(email)
    lately = Letter.objects.filter(mailbox__in=prints, asked_at__gt=clock.now() - WITHIN).count()
    is_sent = lately < MOST
    # One that is not sent is not to be guessed either: as many as somebody asks for would be as many to try.
    code = Letter.objects.create(
        purpose=Letter.Purpose.MAILBOX, mailbox=prints[0], tries=0 if is_sent else TRIES
    )
    request.session[MAILBOX] = str(code.pk)
    reader = User(email=email, language=(get_language() or "en")[:2]) if is_sent else None
    letters.send_code(reader, _figures(_print(code)), minutes=int(CODE_IS_GOOD_FOR.total_seconds() // 60))


def waits_for_mailbox(request: HttpRequest, email: str) -> bool:
    """Whether this browser asked for a code to that mailbox."""
    waiting = Letter.objects.filter(pk=request.session.get(MAILBOX, NONE), mailbox__in=_of_mailbox(email))
    return waiting.exists()


@transaction.atomic
def reads_mailbox(request: HttpRequest, email: str, given: str) -> bool:
    """Whether this is the code that went to that mailbox and that this browser waits for. It is used up by it."""
    code = _with_code(request.session.get(MAILBOX, NONE), Letter.Purpose.MAILBOX, given)
    if code is None or code.mailbox not in _of_mailbox(email) or not _use_up(code, clock.now()):
        return False
    del request.session[MAILBOX]
    return True


def _of_mailbox(email: str) -> list[str]:
    return [one.hex() for one in sealed.fingerprints("mailbox", email.strip().lower())]


def _figures(print_: bytes) -> str:
    return f"{int.from_bytes(print_[:8]) % 10**DIGITS:0{DIGITS}d}"


# --- a link to a new password -----------------------------------------------------------------


def send_new_password_link(request: HttpRequest, email: str) -> None:
    now = clock.now()
    user = _person(email)
    known = user if _sent_lately(user, now) < MOST else None
    letter = Letter.objects.create(purpose=Letter.Purpose.NEW_PASSWORD, user=known)
    path = reverse("accounts:new_password", args=[letter.pk, _print(letter).hex()])
    letters.send_new_password_link(known, request.build_absolute_uri(path))


def owner_of_link(letter_id: UUID, token: str) -> User | None:
    """Whose new password this link opens; None when it was used, is too old, or was made up."""
    letter = _link(letter_id, token)
    return letter.user if letter is not None else None


@transaction.atomic
def use_link(letter_id: UUID, token: str) -> User | None:
    """The same, once: every link that waits for this person is used up by it."""
    letter = _link(letter_id, token)
    if letter is None or letter.user is None or not _use_up(letter, clock.now()):
        return None
    forget_letters(letter.user)
    return letter.user


def forget_letters(user: User) -> None:
    """A password was chosen, or the sign-in closed: what still lies in a mailbox opens nothing."""
    Letter.objects.filter(user=user, used_at=None).update(used_at=clock.now())


def _link(letter_id: UUID, token: str) -> Letter | None:
    letter = (
        Letter.objects.select_related("user")
        .filter(
            pk=letter_id,
            purpose=Letter.Purpose.NEW_PASSWORD,
            asked_at__gt=clock.now() - LINK_IS_GOOD_FOR,
            used_at=None,
            user__is_active=True,
        )
        .first()
    )
    if letter is None:
        return None
    right = any(hmac.compare_digest(one.hex().encode(), token.encode()) for one in _prints(letter))
    return letter if right else None


# --- both -------------------------------------------------------------------------------------


def _person(email: str) -> User | None:
    """Whoever signs in with that address, and belongs somewhere: nobody prepares a key for when a closed one opens."""
    belongs = Exists(Membership.objects.current().filter(user=OuterRef("pk")))
    return User.objects.filter(belongs, email__iexact=email, is_active=True).first()


def _sent_lately(user: User | None, now: datetime) -> int:
    """For nobody, all that went to nobody are counted: the database is asked the same."""
    return Letter.objects.filter(user=user, asked_at__gt=now - WITHIN).count()


def _use_up(letter: Letter, now: datetime) -> bool:
    return Letter.objects.filter(pk=letter.pk, used_at=None).update(used_at=now) > 0


def _prints(letter: Letter) -> list[bytes]:
    return list(sealed.fingerprints(letter.purpose, str(letter.pk)))


def _print(letter: Letter) -> bytes:
    return _prints(letter)[0]


def forget_old() -> None:
    """What was sent yesterday opens nothing any more."""
    Letter.objects.filter(asked_at__lt=clock.now() - timedelta(days=1)).delete()
