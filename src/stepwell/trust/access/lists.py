"""A list as a file: the very rows that the page shows, to whoever may see the page, and never without a trace.

A list view builds its rows once. Asked with ``?as=csv`` it gives them here instead of to its template, after the same
``visible_to`` and the same filters of the address:

    if lists.asked_for_csv(request):
        return lists.as_csv(request, "referrals", ["Person", "Waits"], (… for line in lines))

Its template says ``{% csv_link %}`` where the list begins, and ``data-list`` on the table (or list) whose rows these
are: ``tests/test_lists.py`` holds the two against each other, for every list and role.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.ground.kit import clock
from stepwell.ground.web.errors import ErrorPage, respond
from stepwell.trust import audit
from stepwell.trust.access import cells
from stepwell.trust.accounts.models import signed_in

#: Somebody with more rows than this narrows the list first: a file is made whole in memory, inside the request.
MOST_ROWS = 100_000

#: What the name of a file must not tell to whoever sees the folder it lies in.
TELLING = re.compile(
    r"drug|test|tox|medic|dose|measure|assess|screen|note|consent|treat|therap|addict|substance|recover|patient|person"
    r"|clinic|health|case|program|referral|admi|episode|diagnos|plan|goal|group|encounter|hour|care",
    re.IGNORECASE,
)
A_LIST = "list"

TOO_MANY = ErrorPage(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    gettext_lazy("This list is too long for one file"),
    gettext_lazy("It has more than 100,000 lines. Nothing was taken out."),
    (gettext_lazy("Go back, narrow the list, for example to one month, and download it again."),),
)


def asked_for_csv(request: HttpRequest, which: str = "") -> bool:
    """Whether the list is asked for as a file; ``which`` where a page has several."""
    return request.GET.get("as") == "csv" and request.GET.get("list", "") == which


def as_csv(
    request: HttpRequest,
    name: str,
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    patients: Iterable[UUID] | None = None,
) -> HttpResponse:
    """These rows as a file for a spreadsheet program. ``name`` is what the event log calls the list.

    In a chart each row begins with the record number: a file without a name in it must still be whose it is.
    ``patients`` are those it names, where the view has not recorded them already.
    The rows are read here, inside the transaction that knows whose organization it is, so they may be a generator.
    """
    patient = getattr(request, "chart_patient", None)
    whose = () if patient is None else (patient.record_number,)
    zone = timezone.get_current_timezone() if patient is None else patient.center.zone
    # A mark at the beginning tells Excel that this is UTF-8. Every field is quoted: not all read a comma as we do.
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(cells.row([*([_("Record number")] if whose else []), *header]))
    count = 0
    for row in rows:
        count += 1
        if count > MOST_ROWS:
            return respond(request, TOO_MANY)
        writer.writerow(cells.row([*whose, *(_on_the_wall(value, zone) for value in row)]))
    audit.record(
        by=signed_in(request),
        did=audit.Did.EXPORTED,
        patient=patient,
        patients=patients,
        because=f"{name}, {count} rows",
    )
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(name)}"',
            "Cache-Control": "private, no-store",
        },
    )


def _on_the_wall(value: object, zone: tzinfo) -> object:
    """A moment as the clock on the wall there showed it."""
    return value.astimezone(zone) if isinstance(value, datetime) else value


def file_name(name: str) -> str:
    """A name that says nothing about anybody's health: what it is called lies open in a folder of downloads.

    With the moment on the reader's own clock, to the second: two of them never take each other's place.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    kept = A_LIST if not plain or TELLING.search(plain) else plain
    return f"{kept}-{timezone.localtime(clock.now()):%Y-%m-%d-%H%M%S}.csv"
