"""The event log as the address asks for it: narrowed, sorted by any field, read page by page from an index.

A page goes on after the last event of the one before. Sorted by anything but time, it is sorted within 31 days at
most, since there is an index of time alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, UUIDField, Value
from django.db.models.fields import TextField
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict

from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.did import Did
from stepwell.trust.audit.looks import Period
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.models import Patient, stands_for

PAGE = 100
SORTED_WITHIN = timedelta(days=31)
SORTED_USUALLY = timedelta(days=7)
MOST_PEOPLE = 20

#: What the log is sorted by, and the column it is. ONC (d)(3) asks for every field: 45 CFR 170.315(d)(3) [V].
TIME = "at"
SORTS: dict[str, Any] = {
    TIME: F("at"),
    "who": F("by_name"),
    "did": F("did"),
    "what": F("to_type"),
    "whose": Coalesce(F("patient_id"), Value(UUID(int=0)), output_field=UUIDField()),
    "why": F("purpose"),
    "address": F("address"),
    "from": Coalesce(Cast("came_from", TextField()), Value(""), output_field=CharField()),
    "session": F("session"),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What it does not say, or says wrongly, is as if it were not there."""

    who: str = ""
    whose: str = ""
    did: str = ""
    from_day: date | None = None
    to_day: date | None = None
    sort: str = TIME
    down: bool = True
    after: int = 0

    @classmethod
    def read(cls, given: QueryDict) -> Self:
        sort = given.get("sort", TIME).removeprefix("-")
        after = given.get("after", "")
        return cls(
            who=_plain(given.get("who", "")),
            whose=_plain(given.get("whose", "")),
            did=did if (did := given.get("did", "")) in set(Did) else "",
            from_day=_day(given.get("from", "")),
            to_day=_day(given.get("to", "")),
            sort=sort if sort in SORTS else TIME,
            down=given.get("sort", "-at").startswith("-"),
            after=int(after) if after.isdecimal() and after.isascii() and len(after) < 19 else 0,
        )

    def address(self, **changes: str | int) -> str:
        """The same with these changes, from the first page on."""
        said = {
            "who": self.who,
            "whose": self.whose,
            "did": self.did,
            "from": self.from_day.isoformat() if self.from_day else "",
            "to": self.to_day.isoformat() if self.to_day else "",
            "sort": "" if self.sort == TIME and self.down else f"{'-' if self.down else ''}{self.sort}",
        }
        said |= {name: str(value) for name, value in changes.items()}
        return "?" + urlencode({name: value for name, value in said.items() if value})

    def sorted_by(self, sort: str) -> str:
        """The address that sorts by that field, or the other way round when it does already. Time begins with now."""
        down = not self.down if sort == self.sort else sort == TIME
        return self.address(sort=f"{'-' if down else ''}{sort}")

    @property
    def of_days(self) -> dict[str, str]:
        """The days, as an address says them."""
        said = {"from": self.from_day, "to": self.to_day}
        return {name: day.isoformat() for name, day in said.items() if day}

    @property
    def narrows(self) -> bool:
        return bool(self.who or self.whose or self.did or self.from_day or self.to_day)

    def days(self, today: date) -> tuple[date | None, date | None]:
        """From which day to which. Sorted by another field than time, 31 days at most."""
        if self.sort == TIME:
            return self.from_day, self.to_day
        to_day = self.to_day or today
        usual = to_day - SORTED_USUALLY if self.from_day is None else self.from_day
        return max(usual, to_day - SORTED_WITHIN), to_day


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()[:100]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


@dataclass(frozen=True)
class Log:
    """The events asked for, in order, and the words for the people in them."""

    asked: Asked
    reader: User
    zone: tzinfo
    today: date

    def events(self) -> "QuerySet[AuditEvent]":
        """All of them, sorted; nothing is read yet."""
        events = AuditEvent.objects.filter(self._dates())
        if self.asked.did:
            events = events.filter(did=self.asked.did)
        if self.asked.who:
            events = events.filter(by_id__in=self._readers())
        if self.asked.whose:
            events = events.filter(patient_id__in=self._records_named())
        column = SORTS[self.asked.sort]
        events = events.annotate(sorted_by=column)
        return events.order_by(*(f"-{name}" if self.asked.down else name for name in self._order))

    @property
    def _order(self) -> tuple[str, ...]:
        return ("at", "number") if self.asked.sort == TIME else ("sorted_by", "at", "number")

    def page(self) -> tuple[list[AuditEvent], int]:
        """A page of events, and the number after which the next one begins; 0 when there is none."""
        found = list(self._after(self.events())[: PAGE + 1])
        return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else 0

    def _after(self, events: "QuerySet[AuditEvent]") -> "QuerySet[AuditEvent]":
        if not self.asked.after:
            return events
        column = SORTS[self.asked.sort]
        last = AuditEvent.objects.filter(number=self.asked.after).annotate(sorted_by=column).first()
        if last is None:
            return events
        step = "lt" if self.asked.down else "gt"
        beyond = Q(**{f"at__{step}": last.at}) | Q(at=last.at, **{f"number__{step}": last.number})
        if self.asked.sort == TIME:
            return events.filter(beyond, **{f"at__{step}e": last.at})
        by = last.sorted_by  # type: ignore[attr-defined]
        return events.filter(Q(**{f"sorted_by__{step}": by}) | Q(sorted_by=by) & beyond)

    def _dates(self) -> Q:
        return Period.of_days(*self.asked.days(self.today), self.zone).events

    def _readers(self) -> list[UUID]:
        """Everybody who belongs to this organization, or once did, by a part of their name; patients in sight only."""
        patients = Patient.objects.visible_to(self.reader, Permission.SEE_AUDIT).exclude(user=None)
        here = Q(
            Q(memberships__organization=self._organization),
            ~Q(memberships__role=Role.PATIENT) | Q(pk__in=patients.values("user")),
        )
        named = User.objects.filter(here, name__icontains=self.asked.who)
        try:
            return [UUID(self.asked.who)]
        except ValueError:
            return list(named.distinct().order_by("name").values_list("pk", flat=True)[:MOST_PEOPLE])

    @property
    def _organization(self) -> Any:
        return self.reader.memberships_here[0].organization_id

    def _records_named(self) -> list[UUID]:
        """The ids of those, and of every record that was merged into one of them."""
        named = {patient.pk for patient in self._patients_named()}
        return [*named, *(merged for merged, stands in stands_for().items() if stands in named)]

    def _patients_named(self) -> list[Patient]:
        """Those this reader may know of, by record number, by id, or by a part of the name."""
        seen = Patient.objects.visible_to(self.reader, Permission.SEE_AUDIT)
        try:
            asked = UUID(self.asked.whose)
            return list(seen.filter(pk=stands_for().get(asked, asked)))
        except ValueError:
            pass
        numbered = list(seen.filter(record_number__iexact=self.asked.whose)[:1])
        if numbered:
            return numbered
        for word in self.asked.whose.split()[:5]:
            seen = seen.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(chosen_name__icontains=word)
            )
        return list(seen.order_by("record_number")[:MOST_PEOPLE])


def acting_patients(ids: Iterable[UUID | None], reader: User) -> list[Patient]:
    """The patients among those who did something: their names stand in the log as well."""
    seen = Patient.objects.visible_to(reader, Permission.SEE_AUDIT)
    return list(seen.filter(user__in={one for one in ids if one}))


def patients_of(ids: Iterable[UUID | None], reader: User) -> dict[UUID, Patient]:
    """The patients with these ids that this reader may know of; for a record that was merged, the one that stands."""
    merged = stands_for()
    asked = {one: merged.get(one, one) for one in ids if one}
    seen = Patient.objects.visible_to(reader, Permission.SEE_AUDIT).in_bulk(set(asked.values()))
    return {one: seen[stands] for one, stands in asked.items() if stands in seen}


def records_seen_by(reader: User) -> Q:
    """Events and findings about people whom this reader may know of, under any id their records ever had."""
    seen = Patient.objects.visible_to(reader, Permission.SEE_AUDIT)
    merged = stands_for()
    standing = set(seen.filter(pk__in=set(merged.values())).values_list("pk", flat=True))
    return Q(patient_id__in=seen.values("pk")) | Q(
        patient_id__in=[one for one, stands in merged.items() if stands in standing]
    )
