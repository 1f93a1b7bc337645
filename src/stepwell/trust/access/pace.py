"""How often somebody may ask: forms by person or, before signing in, by address; and what costs much to answer.

A plain read costs nothing here. What is counted is one row for each kind and asker, in a window that begins with the
first asking. Wrong passwords and codes have limits of their own (``config.guessing``), and those are lower.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from stepwell.ground.kit import clock
from stepwell.ground.web.errors import too_often
from stepwell.trust.access.models import Pace

Handler = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Limit:
    """So many askings of one kind in so long. Far above what a person does, and far below what a program needs."""

    kind: str
    most: int
    within: timedelta


#: Before signing in, where a whole center may share an address: signing in, a code, a reset, the first question.
FORMS_OF_AN_ADDRESS = Limit("form, by address", 120, timedelta(minutes=10))
#: What the sender of texts tells us, signed: an answer and a receipt for each.
TOLD_BY_MACHINES = Limit("told by a machine, by address", 3000, timedelta(minutes=1))
#: A row of a group's notes saves itself as it is written.
FORMS_OF_A_PERSON = Limit("form, by person", 300, timedelta(minutes=1))
FILES_OF_A_PERSON = Limit("file, by person", 100, timedelta(minutes=10))
SEARCHES_OF_A_PERSON = Limit("search, by person", 120, timedelta(minutes=1))
SEARCHES_OF_AN_ADDRESS = Limit("search, by address", 240, timedelta(minutes=10))
#: Booking a first visit takes three forms; a phone network or a library shares an address.
BOOKING_FORMS_OF_AN_ADDRESS = Limit("booking form, by address", 600, timedelta(minutes=10))
#: What came of them: counted with each visit that is booked, so that nobody fills a calendar from one place.
BOOKED_FROM_AN_ADDRESS = Limit("booked, by address", 12, timedelta(hours=1))
LIMITS = (
    BOOKING_FORMS_OF_AN_ADDRESS,
    BOOKED_FROM_AN_ADDRESS,
    TOLD_BY_MACHINES,
    FORMS_OF_AN_ADDRESS,
    FORMS_OF_A_PERSON,
    FILES_OF_A_PERSON,
    SEARCHES_OF_A_PERSON,
    SEARCHES_OF_AN_ADDRESS,
)

READS = {"GET", "HEAD", "OPTIONS"}
#: Draws a page from what it is sent and keeps nothing: it costs what a plain read does, and leaves no row here either.
PRIVATE_CHECK = ("/check/", "/es/check/")
MACHINES = "/messages/"
BOOKING = ("/book/", "/es/book/")


class KeepsPace:
    """Answers 429, with when to come back, to whoever asks more often than that."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = limit_on(request)
        if limit is not None:
            wait = count(limit, _asker(request, limit))
            if wait is not None:
                return too_often(request, wait)
        return self.get_response(request)


def limit_on(request: HttpRequest) -> Limit | None:
    """What this asking counts as; None for a plain read."""
    if request.path.startswith(MACHINES):
        return TOLD_BY_MACHINES
    if request.path.startswith(PRIVATE_CHECK):
        return None
    if request.method not in READS and request.path.startswith(BOOKING):
        return BOOKING_FORMS_OF_AN_ADDRESS
    if request.method not in READS:
        return FORMS_OF_A_PERSON if _is_known(request) else FORMS_OF_AN_ADDRESS
    if request.GET.get("as") and _is_known(request):
        return FILES_OF_A_PERSON
    if request.GET.get("q"):
        return SEARCHES_OF_A_PERSON if _is_known(request) else SEARCHES_OF_AN_ADDRESS
    return None


def _is_known(request: HttpRequest) -> bool:
    # Without a cookie nobody is signed in, and the session need not be read.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def _asker(request: HttpRequest, limit: Limit) -> str:
    by_person = limit in (FORMS_OF_A_PERSON, FILES_OF_A_PERSON, SEARCHES_OF_A_PERSON)
    return _print(str(request.user.pk)) if by_person else address_of(request)


def address_of(request: HttpRequest) -> str:
    """A print of the network address."""
    return _print(str(request.META.get("REMOTE_ADDR")))


def browser_of(request: HttpRequest) -> str:
    """A print of the network address and of what the browser calls itself: enough to tell two visitors apart for a
    few minutes, without a cookie."""
    return _print(f"{request.META.get('REMOTE_ADDR')} {request.headers.get('User-Agent', '')}")


def _print(who: str) -> str:
    # No address is kept: that somebody at it looked for help is nobody's business.
    return hmac.new(settings.SECRET_KEY.encode(), who.encode(), hashlib.sha256).hexdigest()[:32]


def count(limit: Limit, asker: str) -> timedelta | None:
    """Count one asking; when it was one too many, how long to wait. One statement, so that two at once both count."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {Pace._meta.db_table} AS pace (key, ends_at, count) VALUES (%(key)s, %(ends_at)s, 1)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN pace.ends_at <= %(now)s THEN 1 ELSE pace.count + 1 END,
                ends_at = CASE WHEN pace.ends_at <= %(now)s THEN %(ends_at)s ELSE pace.ends_at END
            RETURNING count, ends_at
            """,  # noqa: S608 - the name is the model's own
            {"key": f"{limit.kind}: {asker}", "now": now, "ends_at": now + limit.within},
        )
        counted, ends_at = cursor.fetchone()
    return ends_at - now if counted > limit.most else None
