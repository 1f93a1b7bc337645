"""Admitting, stepping to another level, and ending care."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stepwell.care.episodes import actions
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod, Referral
from stepwell.care.episodes.rules.admission import Assessed
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden, Permission, may
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.models import CareTeamMember
from stepwell.trust.people.testing import Clinic

IOP, OUTPATIENT = LevelOfCare.INTENSIVE_OUTPATIENT, LevelOfCare.OUTPATIENT
DAY_PROGRAM = LevelOfCare.HIGH_INTENSITY_OUTPATIENT
NOV_23 = date(2026, 11, 23)


@pytest.fixture
def dana(clinic: Clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic: Clinic, dana):
    return clinic.patient("Maya Reyes", team=(dana,))


@pytest.fixture
def referral(maya, dana):
    return Referral.objects.create(patient=maya, source=Referral.Source.SELF, recorded_by=dana)


def admit(maya, dana, referral, **change):
    given: dict[str, Any] = {
        "level": IOP,
        "because": "Needs nine hours of structure",
        "assessed": Assessed(IOP, NOV_23),
    }
    return actions.admit(maya, referral=referral, by=dana, at=clock.now(), **given | change)


@pytest.fixture
def episode(maya, dana, referral):
    """Maya's, admitted on November 2."""
    episode = admit(maya, dana, referral)
    EpisodeOfCare.objects.update(admitted_on=date(2026, 11, 2))
    LevelOfCarePeriod.objects.update(starts_on=date(2026, 11, 2))
    episode.refresh_from_db()
    return episode


def step(episode, dana, level, on=NOV_23, because="Doing well for six weeks"):
    return actions.change_level(episode, level=level, because=because, on=on, by=dana, at=clock.now())


def levels(episode):
    return [(period.level, period.starts_on, period.ends_on) for period in fresh(episode).periods]


def fresh(episode):
    return EpisodeOfCare.objects.get(pk=episode.pk)


def test_an_admission_opens_an_episode_at_its_level_and_ends_the_referral(maya, dana, referral):
    episode = admit(maya, dana, referral)
    referral.refresh_from_db()
    assert (episode.admitted_on, episode.level_on(NOV_23), referral.status) == (NOV_23, IOP, "admitted")
    assert EpisodeOfCare.objects.open_for(maya) == episode
    assert AuditEvent.objects.filter(to_id=episode.pk, did="created", patient_id=maya.pk).count() == 1


def test_a_person_in_care_is_not_admitted_again(maya, dana, referral, episode):
    other = Referral.objects.create(patient=maya, source="court", recorded_by=dana)
    with pytest.raises(Refused, match="Maya is in care already"):
        admit(maya, dana, other)
    other.refresh_from_db()
    assert other.status == "received"


def test_without_a_signed_assessment_nobody_is_admitted(maya, dana, referral):
    with pytest.raises(Refused, match="No level-of-care assessment of Maya is signed"):
        admit(maya, dana, referral, assessed=None)
    assert not EpisodeOfCare.objects.exists()


def test_a_missing_reason_stands_beside_its_field(maya, dana, referral):
    with pytest.raises(Refused) as refusal:
        admit(maya, dana, referral, because=" ")
    assert refusal.value.field == "because"


def test_the_front_desk_admits_nobody(clinic: Clinic, maya, referral):
    with pytest.raises(Forbidden):
        admit(maya, clinic.user(Role.FRONT_DESK), referral)


def test_a_counselor_who_is_not_on_the_team_admits_nobody(clinic: Clinic, maya, referral):
    with pytest.raises(Forbidden):
        admit(maya, clinic.user(Role.COUNSELOR, "Renee Castillo"), referral)


def test_stepping_down_closes_one_level_and_opens_the_next(episode, dana):
    step(episode, dana, OUTPATIENT)
    assert levels(episode) == [("2.1", date(2026, 11, 2), NOV_23), ("1.5", NOV_23, None)]
    assert fresh(episode).level_on(date(2026, 11, 22)) is IOP
    assert fresh(episode).level_on(NOV_23) is OUTPATIENT


def test_the_same_level_is_refused_by_name(episode, dana):
    with pytest.raises(Refused, match="The level is IOP already") as refusal:
        step(episode, dana, IOP)
    assert refusal.value.field == "level"


def test_a_level_cannot_change_before_admission(episode, dana):
    with pytest.raises(Refused, match="from the admission on, Nov 2"):
        step(episode, dana, OUTPATIENT, on=date(2026, 11, 1))


def test_a_second_change_on_one_day_takes_the_place_of_the_first(episode, dana):
    step(episode, dana, OUTPATIENT)
    step(episode, dana, DAY_PROGRAM, because="The family called at noon")
    assert levels(episode) == [("2.1", date(2026, 11, 2), NOV_23), ("2.5", NOV_23, None)]
    struck = LevelOfCarePeriod.objects.get(entered_in_error_at__isnull=False)
    assert (struck.level, struck.entered_in_error_by) == ("1.5", dana)


def test_a_change_taken_back_on_its_day_leaves_one_level_going_on(episode, dana):
    step(episode, dana, OUTPATIENT)
    step(episode, dana, IOP, because="It was the wrong person")
    assert levels(episode) == [("2.1", date(2026, 11, 2), None)]


def test_the_end_of_care_keeps_its_last_day(episode, dana):
    actions.end_episode(episode, because="Finished the plan", on=NOV_23, by=dana, at=clock.now())
    ended = fresh(episode)
    assert (ended.ended_on, ended.ended_because) == (NOV_23, "Finished the plan")
    assert ended.level_on(NOV_23) is IOP
    assert ended.level_on(NOV_23 + timedelta(days=1)) is None
    assert EpisodeOfCare.objects.open_for(episode.patient) is None


def test_the_end_of_care_closes_the_chart_to_all_but_the_counselor(clinic: Clinic, episode, dana):
    others = [clinic.user(role) for role in (Role.NURSE, Role.PRESCRIBER, Role.PEER, Role.FACILITATOR)]
    for user in others:
        clinic.join(episode.patient, user)
    CareTeamMember.objects.exclude(practitioner__user=dana).update(started_on=date(2026, 11, 2))
    actions.end_episode(episode, because="Moved", on=NOV_23 - timedelta(days=1), by=dana, at=clock.now())
    assert not any(may(user, Permission.SEE_CHART, episode.patient) for user in others)
    assert may(dana, Permission.SEE_CHART, episode.patient)
    ended = CareTeamMember.objects.exclude(practitioner__user=dana).values_list("ended_on", flat=True)
    assert set(ended) == {NOV_23 - timedelta(days=1)}


def test_the_chart_closes_to_the_counselor_by_itself_after_thirty_days(episode, dana):
    actions.end_episode(episode, because="Moved", on=NOV_23, by=dana, at=clock.now())
    dayton = ZoneInfo("America/New_York")
    with clock.stand_still(datetime(2026, 12, 23, 23, 59, tzinfo=dayton)):
        assert may(dana, Permission.SEE_CHART, episode.patient)
    with clock.stand_still(datetime(2026, 12, 24, 0, 1, tzinfo=dayton)):
        assert not may(dana, Permission.SEE_CHART, episode.patient)


def test_who_joined_after_the_last_day_leaves_on_the_day_they_joined(clinic: Clinic, episode, dana):
    nurse = clinic.join(episode.patient, clinic.user(Role.NURSE))
    actions.end_episode(episode, because="Moved", on=NOV_23 - timedelta(days=1), by=dana, at=clock.now())
    nurse.refresh_from_db()
    assert nurse.ended_on == NOV_23


def test_a_level_that_was_to_begin_later_never_begins(episode, dana):
    step(episode, dana, OUTPATIENT, on=NOV_23 + timedelta(days=7))
    actions.end_episode(episode, because="Moved", on=NOV_23, by=dana, at=clock.now())
    assert levels(episode) == [("2.1", date(2026, 11, 2), date(2026, 11, 24))]


def test_care_may_end_on_the_day_it_began(maya, dana, referral):
    episode = admit(maya, dana, referral)
    actions.end_episode(episode, because="Chose another program", on=NOV_23, by=dana, at=clock.now())
    assert levels(episode) == [("2.1", NOV_23, NOV_23 + timedelta(days=1))]


def test_nothing_changes_after_the_end(episode, dana):
    actions.end_episode(episode, because="Moved", on=NOV_23, by=dana, at=clock.now())
    with pytest.raises(ChangedMeanwhile, match="Maya is not in care now"):
        step(episode, dana, OUTPATIENT)


def test_a_person_may_come_back(maya, dana, referral, episode):
    actions.end_episode(episode, because="Moved", on=NOV_23, by=dana, at=clock.now())
    again = Referral.objects.create(patient=maya, source="self", recorded_by=dana)
    assert admit(maya, dana, again).level_on(NOV_23) is IOP
