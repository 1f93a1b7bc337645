"""Lists of people in the order of what only the rules can say, paged by the database.

Whether somebody needs anything, and who comes first, is decided by the rules, in Python, of everything that is known
of a person: too much to read of two thousand people for each page. So what a list is sorted and narrowed by is kept,
one row a person and day, as the rules said it. Before a list is made, the rows of everyone in it are asked whether they
still hold: of today, by these rules, and with no mark of a change that could not be read when they were made
(``people.touching``). The others are read anew, there and then. See ADR 12.

What a reader sees otherwise than their colleagues is never kept: a note that is theirs to sign, or a person whose
medicines they may not see. They are few, and read each time.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Collate

from stepwell.care.episodes.models import EpisodeOfCare, EpisodeQuerySet
from stepwell.care.notes.owed import notes_to_sign
from stepwell.care.progress.rules import needs as rules
from stepwell.doors.staff.caseload import Asked, Page
from stepwell.doors.staff.models import Summary
from stepwell.doors.staff.people_now import PersonNow, read
from stepwell.doors.staff.rows import LEVELS, column_of
from stepwell.trust.access import Permission, may
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient, Touched

#: Beside the chart: whoever may see these of a person is told the same needs as everybody else who may.
READ_FOR_A_NEED = (Permission.SEE_MEDICATION, Permission.SEE_TASKS)
PACKAGE = Path(__file__).resolve().parents[2]
#: What says how a person is lies in these rooms: their code, and the questionnaires.
DECIDING = ("care", "doors/staff", "ground/kit")


class Listing:
    """Everyone in these episodes as one reader sees them now: in any order, narrowed, a page at a time."""

    def __init__(self, episodes: EpisodeQuerySet, *, reader: User, now: datetime) -> None:
        self.episodes, self.reader, self.now = episodes, reader, now
        # Before anything is read: what is written from here on has touched the person since.
        self._seen = _seen_so_far()
        self._known: dict[UUID, PersonNow] = {}
        self._apart_ids = self._seen_otherwise()
        self._is_kept = False

    def page(self, asked: Asked) -> Page:
        """Those on the page that is asked for; of a page that is not there, the last one."""
        self.keep()
        found = asked.fitting(self._rows)
        count = found.count()
        number, pages, part = asked.part_of(count)
        return Page(tuple(self._read(_in_order(found, asked.sort)[part])), number, pages, count)

    def everyone(self, asked: Asked) -> list[PersonNow]:
        """All who fit, for a file."""
        self.keep()
        return self._read(_in_order(asked.fitting(self._rows), asked.sort))

    def most_in_need(self, most: int, *, also: Collection[UUID] = ()) -> list[PersonNow]:
        """The first by need; with them everyone with something set aside, seen otherwise by this reader, or named.

        In no order: what the reader owes may place them anew.
        """
        at_any_rate = {*self._apart_ids, *also}
        # Most often they are the same as before somebody changed: so all are read together.
        self.keep(likely=lambda: self._first_and(at_any_rate, most))
        return self._read(self._first_and(at_any_rate, most))

    def _first_and(self, at_any_rate: Collection[UUID], most: int) -> list[EpisodeOfCare]:
        others = self._as_kept.exclude(patient__in=at_any_rate)
        first = list(_in_order(others)[:most])
        besides = self._as_kept.filter(Q(patient__in=at_any_rate) | Q(now_has_aside=True))
        return [*first, *besides.exclude(patient__in=[one.patient_id for one in first])]

    def in_need_besides(self, people: Iterable[PersonNow]) -> int:
        """How many more need something than these, among whom is everybody whom this reader sees otherwise."""
        self.keep()
        read_already = [person.patient.pk for person in people]
        return self._as_kept.filter(now_need__isnull=False).exclude(patient__in=read_already).count()

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are, and how many of them are short of their hours."""
        self.keep()
        return self._rows.aggregate(everyone=Count("pk"), short=Count("pk", filter=Q(now_hours__gt=0)))

    def _seen_otherwise(self) -> set[UUID]:
        """Of whom this reader knows more or less than the others who may open the chart."""
        found: set[UUID] = set()
        ids = self.episodes.order_by().values("patient")
        if may(self.reader, Permission.SIGN_NOTE):
            own = notes_to_sign(self.reader).filter(session=None, patient__in=ids)
            found.update(own.order_by().values_list("patient_id", flat=True))
        stands = standing(self.reader, Permission.SEE_CHART)
        for permission in READ_FOR_A_NEED:
            if standing(self.reader, permission) != stands:
                seen = Patient.objects.visible_to(self.reader, permission).values("pk")
                out = self.episodes.order_by().exclude(patient__in=seen)
                found.update(out.values_list("patient_id", flat=True))
        return found

    def keep(self, *, likely: Callable[[], Iterable[EpisodeOfCare]] = tuple) -> None:
        """Read anew whoever's row does not hold any more, or is not there; and along with them who is likely to be
        shown."""
        if self._is_kept:
            return
        self._is_kept = True
        holding = (
            Summary.objects.filter(patient=OuterRef("patient"), by_rules=rules_in_use())
            .filter(on=_LocalDay(OuterRef("patient__center__time_zone"), Value(self.now)))
            .filter(_IsPast(F("seen")))
            .exclude(
                Exists(
                    Touched.objects.filter(
                        _IsNotIn(F("written_by"), OuterRef("seen")), patient=OuterRef("patient")
                    )
                )
            )
        )
        gone = list(self.episodes.exclude(patient__in=self._apart_ids).filter(~Exists(holding)))
        if not gone:
            return
        read_for = {episode.pk: episode for episode in (*gone, *likely())}
        made = [summary_of(person, self._seen) for person in self._read(read_for.values())[: len(gone)]]
        # In one order, so that no two who do the same wait for each other.
        made.sort(key=lambda summary: summary.patient_id)
        Summary.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=["patient"],
            update_fields=["on", "by_rules", "seen", *FIELDS],
        )

    @cached_property
    def _as_kept(self) -> EpisodeQuerySet:
        """The episodes with every value under its name, as kept: of no use for who is seen otherwise."""
        return self.episodes.alias(**{f"now_{name}": F(f"patient__summary__{name}") for name in FIELDS})

    @cached_property
    def _rows(self) -> EpisodeQuerySet:
        """The episodes with every value under its name: as kept, or as this reader sees it."""
        apart = [
            summary_of(person, "") for person in self._read(self.episodes.filter(patient__in=self._apart_ids))
        ]

        def value(name: str) -> Any:
            kept, field = F(f"patient__summary__{name}"), FIELDS[name]
            own = [
                When(patient=one.patient_id, then=Value(getattr(one, name), output_field=field))
                for one in apart
            ]
            return Case(*own, default=kept, output_field=field) if own else kept

        return self.episodes.alias(**{f"now_{name}": value(name) for name in FIELDS})

    def _read(self, episodes: Iterable[EpisodeOfCare]) -> list[PersonNow]:
        """These people, in the order of their episodes. Nobody is read twice."""
        in_order = list(episodes)
        new = [episode for episode in in_order if episode.patient_id not in self._known]
        self._known |= {one.patient.pk: one for one in read(new, reader=self.reader, now=self.now)}
        return [self._known[episode.patient_id] for episode in in_order]


def _seen_so_far() -> str:
    """The snapshot of now, as one in which our own transaction can not be read: it may go on to write.

    PostgreSQL leaves a transaction out of its own list of those still running. So once another that began later
    has ended, what we write next would pass for written before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text")
        seen, own = cursor.fetchone()
    least, beyond, running = seen.split(":")
    if own is None or int(own) >= int(beyond):
        return str(seen)
    running_with_us = sorted({int(own), *map(int, filter(None, running.split(",")))})
    return f"{min(int(least), int(own))}:{beyond}:{','.join(map(str, running_with_us))}"


#: What is kept of a person, besides until when it holds.
FIELDS = {
    field.name: field
    for field in Summary._meta.local_fields
    if field.name not in ("id", "organization", "patient", "on", "by_rules", "seen")
}


def summary_of(person: PersonNow, seen: str) -> Summary:
    patient, contact = person.patient, person.last_contact
    return Summary(
        patient=patient,
        on=person.on,
        by_rules=rules_in_use(),
        seen=seen,
        need=rules.order_of(person.needs) if person.needs else None,
        has_aside=bool(person.aside),
        name=patient.name,
        words=f"{patient.name} {patient.first_name} {patient.record_number}".casefold(),
        level=None if person.level is None else LEVELS.index(person.level),
        day=person.day,
        hours=person.hours.short if person.hours and person.hours.asked else None,
        missed=person.missed if person.attendance else None,
        craving=next((each for each in reversed(person.craving) if each is not None), None),
        use=person.use,
        risk=person.risk,
        dose=person.dose.due_on if person.dose else None,
        contact=contact.at if contact else None,
        counselor=person.counselor or None,
        # One who was never seen counts from admission.
        unseen=person.day - 1 if contact is None else (person.on - contact.at.date()).days,
    )


def _in_order(rows: EpisodeQuerySet, sort: str = "") -> EpisodeQuerySet:
    """In that order; people alike in it by name. An order that is not known is that of need."""
    column, by_name = column_of(sort), (Collate(F("now_name"), "C"), F("patient_id"))
    if column is None:
        return rows.order_by(F("now_need").asc(nulls_last=True), *by_name)
    falls = column.falls != sort.startswith("-")
    first_of_all = column.waits_longest_without and not falls
    places = {"nulls_first": True} if first_of_all else {"nulls_last": True}
    values: list[Any] = [
        Collate(F(f"now_{name}"), "C") if name in ("name", "counselor") else F(f"now_{name}")
        for name in column.by
    ]
    ordered = [value.desc(**places) if falls else value.asc(**places) for value in values]
    return rows.order_by(*ordered, *by_name)


class _LocalDay(Func):
    """The day at a place of that clock, at a moment."""

    function = "timezone"
    template = "(%(function)s(%(expressions)s))::date"
    output_field = DateField()


class _IsNotIn(Func):
    """Whether what a transaction wrote could not be read in a snapshot."""

    function = "pg_visible_in_snapshot"
    template = "NOT %(function)s(%(expressions)s)"
    output_field = BooleanField()


class _IsPast(Func):
    """Whether a snapshot was taken here: one that came with a copy of another database may lie ahead of its count."""

    template = "pg_snapshot_xmax(%(expressions)s) <= pg_snapshot_xmax(pg_current_snapshot())"
    output_field = BooleanField()


@cache
def rules_in_use() -> str:
    """Of the code and the questionnaires that decide how a person is: after a new version nothing kept holds."""
    found = hashlib.sha256()
    for room in DECIDING:
        for path in sorted((PACKAGE / room).rglob("*")):
            if path.suffix in (".py", ".json") and not {"tests", "migrations"} & set(path.parts):
                found.update(path.read_bytes())
    return found.hexdigest()[:20]
