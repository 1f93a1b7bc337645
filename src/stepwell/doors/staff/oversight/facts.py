"""The facts that the rules of unusual looking are given: who looked when, who they are, and who the patient is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max, Q

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.trust.accounts.models import User
from stepwell.trust.audit.did import Did, Purpose
from stepwell.trust.audit.rules import unusual as rules
from stepwell.trust.organizations.acting import current_organization_id
from stepwell.trust.organizations.models import Closure, OpeningHours
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner

#: What counts as looking. Reading a list of names is not opening a chart.
OPENINGS = (Did.OPENED, Did.OPENED_IN_EMERGENCY, Did.PRINTED, Did.EXPORTED)

#: Over how many days what is usual for somebody is reckoned, and from how many days with any.
USUAL_DAYS, ENOUGH_DAYS = 28, 5

_LOOKS = """
    SELECT by_id, patient_id, min(at), max(at), array_agg(DISTINCT purpose)
    FROM audit_auditevent
    WHERE organization_id = %s AND at >= %s AND at < %s AND patient_id IS NOT NULL AND by_id IS NOT NULL
      AND did = ANY(%s) AND purpose <> %s
    GROUP BY by_id, patient_id, (at AT TIME ZONE %s)::date
"""
_CHARTS = """
    WITH opened AS (
        SELECT DISTINCT by_id, patient_id, (at AT TIME ZONE %s)::date AS day, date_bin('1 hour', at, %s) AS hour
        FROM audit_auditevent
        WHERE organization_id = %s AND by_id = ANY(%s) AND at >= %s AND at < %s AND patient_id IS NOT NULL
          AND did = ANY(%s) AND purpose <> %s
    )
    SELECT by_id, day, count(DISTINCT patient_id), max(in_hour)
    FROM (SELECT *, count(*) OVER (PARTITION BY by_id, hour) AS in_hour FROM opened) AS counted
    GROUP BY by_id, day
"""


@dataclass(frozen=True)
class OneLook:
    """The facts of one look, and whose they are."""

    reader_id: UUID
    reader_name: str
    patient_id: UUID
    on: date
    facts: rules.Look


@dataclass(frozen=True)
class OneDay:
    """How many charts one reader opened on one day."""

    reader_id: UUID
    reader_name: str
    on: date
    facts: rules.DayOfReader


def looks_between(since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[OneLook]:
    """Every reader's looks at every record, by day; a person's own at their own door are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOKS, [current_organization_id(), since, until, list(OPENINGS), Purpose.OWN, zone.key]
        )
        rows = cursor.fetchall()
    readers, patients = _readers({row[0] for row in rows}), _Patients({row[1] for row in rows})
    on_teams = _teams({row[0] for row in rows}, {row[1] for row in rows})
    for reader_id, patient_id, first_at, last_at, purposes in rows:
        reader, patient = readers.get(reader_id), patients.known.get(patient_id)
        if reader is None or patient is None:
            continue
        there = patient.center.zone
        first, last = first_at.astimezone(there), last_at.astimezone(there)
        facts = rules.Look(
            reader=reader.person,
            patient=patients.person(patient),
            first_at=first,
            last_at=last,
            is_own_record=patient.user_id == reader_id,
            is_on_the_team=_was_on_the_team(on_teams.get((reader_id, patient_id), ()), first.date()),
            is_for_care=Purpose.TREATMENT in purposes,
            in_emergency=Purpose.EMERGENCY in purposes,
            care_ended_on=patients.ended_on(patient_id, first.date()),
            hours=patients.hours(patient.center_id, first.date()),
        )
        yield OneLook(reader_id, reader.name, patient_id, first.date(), facts)


def days_between(
    since: datetime, until: datetime, zone: ZoneInfo, readers: Iterable[UUID]
) -> Iterator[OneDay]:
    """How many charts each of these readers opened on each day, beside what is usual for them."""
    whose = list(set(readers))
    if not whose:
        return
    from_day = since.astimezone(zone).date()
    with connection.cursor() as cursor:
        cursor.execute(
            _CHARTS,
            [
                zone.key,
                datetime(2000, 1, 1, tzinfo=zone),
                current_organization_id(),
                whose,
                since - timedelta(days=USUAL_DAYS),
                until,
                list(OPENINGS),
                Purpose.OWN,
            ],
        )
        rows = cursor.fetchall()
    names = dict(User.objects.filter(pk__in=whose).values_list("pk", "name"))
    by_reader: dict[UUID, dict[date, tuple[int, int]]] = defaultdict(dict)
    for reader_id, day, charts, in_an_hour in rows:
        by_reader[reader_id][day] = (charts, in_an_hour)
    for reader_id, days in by_reader.items():
        for day, (charts, in_an_hour) in days.items():
            if day < from_day:
                continue
            before = [
                count
                for other, (count, _hour) in days.items()
                if day - timedelta(days=USUAL_DAYS) <= other < day
            ]
            usual = median(before) if len(before) >= ENOUGH_DAYS else None
            yield OneDay(
                reader_id, names.get(reader_id, ""), day, rules.DayOfReader(charts, in_an_hour, usual)
            )


# ---------- who they are ----------


@dataclass(frozen=True)
class _Reader:
    name: str
    person: rules.Person


def _readers(ids: set[UUID]) -> dict[UUID, _Reader]:
    """Those who looked: their surnames, their e-mail, and, where they are patients too, what is known from there."""
    found = {}
    for user in User.objects.filter(pk__in=ids):
        person = rules.Person(
            surnames=rules.surnames(user.name), emails=frozenset({user.email.casefold()} - {""})
        )
        found[user.pk] = _Reader(user.name, person)
    for practitioner in Practitioner.objects.filter(user__in=ids):
        known = found[practitioner.user_id]
        number = rules.phone(getattr(practitioner, "phone", ""))
        person = replace(
            known.person,
            surnames=known.person.surnames | rules.surnames(practitioner.name),
            phones=known.person.phones | ({number} - {""}),
        )
        found[practitioner.user_id] = replace(known, person=person)
    for patient in Patient.objects.filter(user__in=ids):
        assert patient.user_id is not None
        known, own = found[patient.user_id], _person(patient)
        person = rules.Person(
            known.person.surnames | own.surnames,
            known.person.phones | own.phones,
            known.person.emails | own.emails,
            known.person.homes | own.homes,
        )
        found[patient.user_id] = replace(known, person=person)
    return found


def _person(patient: Patient) -> rules.Person:
    return rules.Person(
        surnames=rules.surnames(patient.last_name, is_whole=False),
        phones=frozenset({rules.phone(patient.phone)} - {""}),
        emails=frozenset({patient.email.casefold()} - {""}),
        homes=frozenset({rules.home(patient.street, patient.postal_code)} - {""}),
    )


def _teams(readers: set[UUID], patients: set[UUID]) -> dict[tuple[UUID, UUID], list[CareTeamMember]]:
    """Every place on a care team, of these readers with these patients; one taken in an emergency is none here."""
    found: dict[tuple[UUID, UUID], list[CareTeamMember]] = defaultdict(list)
    members = CareTeamMember.objects.filter(practitioner__user__in=readers, patient__in=patients)
    for member in members.exclude(kind="emergency").select_related("practitioner"):
        found[member.practitioner.user_id, member.patient_id].append(member)
    return found


def _was_on_the_team(places: Iterable[CareTeamMember], day: date) -> bool:
    return any(
        place.started_on <= day and (place.ended_on is None or day <= place.ended_on) for place in places
    )


class _Patients:
    """The patients looked at, and what their centers' days are."""

    def __init__(self, ids: set[UUID]) -> None:
        self.known = {one.pk: one for one in Patient.objects.filter(pk__in=ids).select_related("center")}
        self._ended = dict(
            EpisodeOfCare.objects.in_force()
            .filter(patient__in=ids)
            .values_list("patient")
            .annotate(last=Max("ended_on"))
        )
        self._in_care = set(
            EpisodeOfCare.objects.in_force()
            .filter(Q(ended_on=None), patient__in=ids)
            .values_list("patient", flat=True)
        )
        centers = {one.center_id for one in self.known.values()}
        self._hours: dict[tuple[UUID, int], list[tuple[time, time]]] = defaultdict(list)
        for stretch in OpeningHours.objects.filter(center__in=centers):
            self._hours[stretch.center_id, stretch.weekday].append((stretch.opens, stretch.closes))
        self._with_hours = {center for center, _day in self._hours}
        self._closed = set(Closure.objects.filter(center__in=centers).values_list("center", "on"))

    def person(self, patient: Patient) -> rules.Person:
        return _person(patient)

    def ended_on(self, patient_id: UUID, on: date) -> date | None:
        """When care ended, for somebody who is not in care."""
        ended = self._ended.get(patient_id)
        return ended if ended is not None and patient_id not in self._in_care and ended < on else None

    def hours(self, center_id: UUID, on: date) -> tuple[tuple[time, time], ...] | None:
        if (center_id, on) in self._closed:
            return ()
        if center_id not in self._with_hours:
            return None
        return tuple(self._hours.get((center_id, on.weekday()), ()))
