"""The hours of a week, from what is stored."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.care_plans.testing import FIRST_PLAN, signed_by_both
from stepwell.care.encounters import actions
from stepwell.care.encounters.ledger import hours_of, hours_of_many
from stepwell.care.encounters.models import Encounter
from stepwell.care.encounters.rules import Mark
from stepwell.care.encounters.testing import group, visit
from stepwell.care.scheduling.models import GroupSession
from stepwell.ground.kit import clock
from stepwell.ground.kit.weeks import Week
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Practitioner


@pytest.fixture
def week(clinic):
    return Week.of(clinic.today)


def hours(patient, week):
    counted = hours_of(patient, week)
    return counted.signed, counted.unsigned, counted.planned


def test_minutes_go_from_planned_to_unsigned_to_signed(room, week):
    aisha = room.patient("Aisha")
    assert hours(aisha, week) == (0, 0, 90)
    actions.mark(room.place("Aisha"), Mark.HERE, by=room.dana, at=clock.now())
    encounter = Encounter.objects.get()
    assert hours(aisha, week) == (0, 90, 0)
    assert isinstance(encounter, Encounter)
    actions.sign_attendance(encounter, by=room.dana, at=clock.now())
    assert hours(aisha, week) == (90, 0, 0)
    encounter.strike_out(by=room.dana, at=clock.now(), because="It was her sister.")
    # Nobody says any more what came of the place, so it is open again.
    assert hours(aisha, week) == (0, 0, 90)


def test_who_did_not_come_has_no_minutes(room, week):
    actions.mark(room.place("Wendell"), Mark.ABSENT, by=room.dana, at=clock.now())
    assert hours(room.patient("Wendell"), week) == (0, 0, 0)


def test_a_cancelled_session_plans_nothing(room, week):
    GroupSession.objects.update(status="cancelled")
    assert hours(room.patient("Aisha"), week) == (0, 0, 0)


def test_a_medical_visit_is_listed_and_not_counted(room, week):
    aisha = room.patient("Aisha")
    visit(aisha, Practitioner.objects.get(user=room.dana), kind="medical")
    counted = hours_of(aisha, week)
    assert (counted.planned, len(counted.lines)) == (90, 2)


def test_the_plan_says_how_much_is_asked(room, clinic, week):
    aisha = room.patient("Aisha")
    assert hours_of(aisha, week).asked == 0
    clinic.patient_user(aisha)
    signed_by_both(aisha, by=room.dana)
    assert hours_of(aisha, week).asked == 540
    assert hours_of(aisha, week.before).asked == 0


def test_a_week_gone_by_is_held_to_the_plan_of_its_time(room, clinic, week):
    aisha = room.patient("Aisha")
    clinic.patient_user(aisha)
    signed_by_both(aisha, by=room.dana, at=clock.now() - timedelta(days=14))
    signed_by_both(aisha, by=room.dana, text=replace(FIRST_PLAN, minutes_a_week=360), at=clock.now())
    assert CarePlan.objects.count() == 2
    assert hours_of(aisha, week.before).asked == 540
    assert hours_of(aisha, week).asked == 360


def test_each_center_counts_by_its_own_clock(room, week):
    aisha = room.patient("Aisha")
    place = room.place("Aisha")
    starts_at = week.bounds("America/New_York")[0] + timedelta(hours=1)
    place.starts_at, place.ends_at = starts_at, starts_at + timedelta(minutes=90)
    place.save()
    assert hours(aisha, week) == (0, 0, 90)
    Center.objects.update(time_zone="America/Los_Angeles")
    aisha.refresh_from_db()
    assert hours(aisha, week) == (0, 0, 0)
    assert hours(aisha, week.before) == (0, 0, 90)


@pytest.mark.parametrize("size", [1, 4, 12])
def test_the_number_of_queries_does_not_grow_with_the_people(clinic, week, size):
    room = group(clinic, *(f"Person{n} X" for n in range(size)))
    actions.mark_all_here(room.session, by=room.dana, at=clock.now())
    people = [place.patient for place in room.places.values()]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        counted = hours_of_many(people, week)
    assert len(queries) == 3
    assert len(counted) == size


def test_nobody_has_no_hours(clinic, week):
    assert hours_of_many([], week) == {}
