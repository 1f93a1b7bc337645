"""Every list of every page, taken out as a file by every role, holds exactly the rows of the page.

A page says ``data-list`` on what holds its rows (``data-list="doses"`` where it has several lists), and the tag
``csv_link`` gives the way to the file. Here both are followed as a browser would, page after page where a list has
pages.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.formats import date_format

from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.ground.kit import clock
from stepwell.trust import audit
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import Patient
from tests.addresses import SAMPLES
from tests.test_every_address import every_address
from tests.world import fill_empty_roles, reader_in

SOURCE = Path(__file__).resolve().parents[1] / "src" / "stepwell"
VOID = {"br", "hr", "img", "input", "link", "meta", "col", "source", "wbr", "path", "rect", "circle", "line"}
#: How a page says a day or a time that the file has as 2026-11-23 or 2026-11-23 09:00.
SAID = (
    "M j",
    "M j, Y",
    "M j Y",
    "D M j",
    "D, M j",
    "D M j, Y",
    "M j, g:i A",
    "D M j, g:i A",
    "D, M j, g:i A",
    "D, M j, Y, g:i A",
    "M j, Y, g:i A",
    "g:i A",
)


@dataclass
class Page(HTMLParser):
    """The rows of each list of a page, as texts, the ways to their files, and the way to the next page."""

    html: str
    rows: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    next_page: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str | None, bool]] = []
        self._in_head = 0
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "data-csv" in given:
            self.files.append(given["href"] or "")
        if given.get("rel") == "next" and "page=" in (given.get("href") or ""):
            self.next_page = given["href"] or ""
        if tag in VOID:
            return
        name = (given["data-list"] or "") if "data-list" in given else None
        if name is not None:
            self.rows.setdefault(name, [])
        inside = name if name is not None else self._list
        is_row = (
            inside is not None
            and not any(is_row for _tag, _name, is_row in self._open)
            and ("data-row" in given or (tag == "tr" and any(each == "tbody" for each, *_ in self._open)))
        )
        self._open.append((tag, inside, is_row))
        if is_row and inside is not None:
            self.rows[inside].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Something without an inside, such as a line of a drawing."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            while self._open and self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if (name := self._list) is not None and any(is_row for _tag, _name, is_row in self._open):
            self.rows[name][-1] += f" {data}"

    @property
    def _list(self) -> str | None:
        return self._open[-1][1] if self._open else None


@pytest.fixture(scope="module")
def alder_creek(fresh_database: FreshDatabase, alder_creek_template: str) -> Iterator[None]:
    with override_settings(STEPWELL_DEMO=True), fresh_database(alder_creek_template):
        with clock.stand_still(NOW), acting_in(Membership.objects.all()[0].organization_id):
            fill_empty_roles()
        yield


@pytest.fixture(autouse=True)
def nobody_is_out_of_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    """One reader asks for the file of every page there is, in one moment: more than the pace lets anybody."""
    monkeypatch.setattr("stepwell.trust.access.pace.limit_on", lambda _request: None)


def staff_pages(patients: list[Patient]) -> Iterator[str]:
    """The staff pages that a person could open: those of the center, and those about the samples."""
    for name, takes in every_address().items():
        for patient in patients:
            asking = SAMPLES.for_address(name, takes, patient)
            if asking is not None and asking.path.startswith("/staff/"):
                yield asking.path


def rows_of_page(client: Client, address: str, first: Page, which: str) -> list[str]:
    """The rows of that list, over all its pages."""
    found, page = list(first.rows.get(which, [])), first
    path = urlsplit(address).path
    for _number in range(200):
        if not page.next_page:
            return found
        following = page.next_page
        page = Page(
            client.get(following if following.startswith("/") else f"{path}{following}").content.decode()
        )
        found += page.rows.get(which, [])
    raise AssertionError(f"{address} has pages without end")


def is_said(cell: str, row: str) -> bool:
    """Whether the row of the page says that cell, in its own way of writing days and times."""
    shown = " ".join(row.split())
    if cell in shown:
        return True
    for pattern in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            at = datetime.strptime(cell, pattern)  # noqa: DTZ007 - the clock of the center, as the page shows it
        except ValueError:
            continue
        return any(date_format(at, form) in shown for form in SAID)
    return False


@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
def test_a_file_has_exactly_the_rows_of_its_page(alder_creek: None, role: Role) -> None:
    user: User = reader_in(role)
    wrong, files, lines = [], 0, 0
    with clock.stand_still(NOW), acting_in(user.memberships.all()[0].organization_id):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for address in dict.fromkeys(staff_pages(SAMPLES.patients())):
            response = client.get(address)
            if response.status_code != 200:
                refused = client.get(address, {"as": "csv"})
                if refused.status_code == 200 and refused["Content-Type"].startswith("text/csv"):
                    wrong.append(f"{address}: no page, but a file")
                continue
            page = Page(response.content.decode())
            reached = {parse_qs(urlsplit(way).query).get("list", [""])[0] for way in page.files}
            if missing := {name for name, rows in page.rows.items() if rows} - reached:
                wrong.append(f"{address}: no way to the file of {missing}")
            for way in page.files:
                which = parse_qs(urlsplit(way).query).get("list", [""])[0]
                before = AuditEvent.objects.filter(did=audit.Did.EXPORTED).count()
                given = client.get(f"{address}{way}" if way.startswith("?") else way)
                if not given.get("Content-Type", "").startswith("text/csv"):
                    wrong.append(f"{address}{way}: not a file")
                    continue
                if AuditEvent.objects.filter(did=audit.Did.EXPORTED).count() != before + 1:
                    wrong.append(f"{address}{way}: left no trace")
                in_file = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig"), newline="")))
                first = 1 if in_file[0][0] == "Record number" else 0
                in_page = rows_of_page(client, address, page, which)
                if address.endswith("/access/"):
                    continue  # Its page gathers looks by day and person; its file has a line for each.
                if len(in_page) != len(in_file) - 1:
                    wrong.append(
                        f"{address}{way}: {len(in_page)} rows on the page, {len(in_file) - 1} in the file"
                    )
                for row, cells in zip(in_page, in_file[1:], strict=False):
                    if not is_said(cells[first].removeprefix("'"), row):
                        wrong.append(
                            f"{address}{way}: {cells[first]!r} is not in {' '.join(row.split())[:100]!r}"
                        )
                files, lines = files + 1, lines + len(in_file) - 1
    print(f"\n{role}: {files} files, {lines} rows")
    assert wrong == [], "\n".join(dict.fromkeys(wrong))
    assert files


def test_a_filter_of_the_page_is_a_filter_of_the_file(alder_creek: None) -> None:
    user = reader_in(Role.CLINICAL_SUPERVISOR)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    address = f"{reverse('staff:caseload')}?show=whole&q=ma&sort=name"
    page = Page(client.get(address).content.decode())
    given = client.get(f"{reverse('staff:caseload')}{page.files[0]}").content.decode("utf-8-sig")
    names = [row[0] for row in csv.reader(io.StringIO(given, newline=""))][1:]
    everyone = Page(client.get(f"{reverse('staff:caseload')}?show=whole").content.decode())
    assert 0 < len(names) == len(page.rows[""]) < len(everyone.rows[""])
    assert all(is_said(name, row) for name, row in zip(names, page.rows[""], strict=True))


def test_every_list_that_is_marked_has_its_way_to_a_file() -> None:
    without = [
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.html")
        if " data-list" in (text := file.read_text(encoding="utf-8")) and "{% csv_link" not in text
    ]
    assert without == [
        "doors/staff/templates/staff/people_table.html"
    ]  # A part of the caseload, and of Today.
