"""Rating needs and settling the level: who may, what is refused, what waits for a second signature."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care import actions
from stepwell.care.level_of_care.models import LevelOfCareAssessment
from stepwell.care.level_of_care.rules import Kind
from stepwell.care.measures.actions import record
from stepwell.care.measures.models import Response
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.testing import open_clinic

pytestmark = pytest.mark.django_db

STEADY = {
    domain: {"value": 1, "need": None, "because": ""}
    for domain in ("withdrawal", "physical", "mental", "danger", "living")
}
REASON = "Lives with her sister and has asked to start from home."
IOP, DAY_PROGRAM, OUTPATIENT = (
    LevelOfCare.INTENSIVE_OUTPATIENT,
    LevelOfCare.HIGH_INTENSITY_OUTPATIENT,
    LevelOfCare.OUTPATIENT,
)


def rated(**changes):
    return STEADY | {
        domain: {"value": value[0], "need": value[1], "because": "Seen today."}
        if isinstance(value, tuple)
        else {"value": value, "need": None, "because": "Seen today."}
        for domain, value in changes.items()
    }


@pytest.fixture
def clinic():
    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def marcus(clinic):
    return clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")


@pytest.fixture
def maya(clinic, dana):
    return clinic.patient("Maya Reyes", team=(dana,))


def assess(maya, by, ratings=None, facts=None):
    return actions.assess(maya, ratings=ratings or rated(danger=2), facts=facts or {}, by=by, at=clock.now())


def sign(assessment, by, chosen=None, **more):
    return actions.sign(
        assessment,
        chosen=chosen,
        kind=more.pop("kind", Kind.PREFERENCE),
        version=more.pop("version", assessment.version),
        by=by,
        at=clock.now(),
        **more,
    )


def test_ratings_give_a_level_with_the_table_it_came_from(maya, dana):
    assessment = assess(maya, dana)
    assert (assessment.recommended, assessment.ruleset) == ("2.1", "stepwell-needs 2")
    assert assessment.result["matched"][0]["id"] == "I1"
    assert actions.decision_of(assessment).level is IOP
    assert not assessment.is_settled


def test_only_those_who_may_screen(clinic, maya):
    for role in (Role.FRONT_DESK, Role.PEER, Role.DIRECTOR, Role.PATIENT):
        with pytest.raises(Forbidden):
            assess(maya, clinic.user(role))


def test_a_counselor_not_on_the_care_team_does_not_screen(clinic, maya):
    with pytest.raises(Forbidden):
        assess(maya, clinic.user(Role.COUNSELOR, "Renee Castillo"))


def test_a_wrong_rating_is_refused_by_its_field(maya, dana):
    with pytest.raises(Refused) as refusal:
        assess(maya, dana, rated(danger=(3, None)))
    assert refusal.value.field == "ratings.danger.need"
    assert not LevelOfCareAssessment.objects.exists()


def test_the_raters_words_and_what_the_person_wants_are_kept_and_decide_nothing(maya, dana):
    wish = {"person": {"because": "“Evenings, because of work.”"}}
    assessment = assess(maya, dana, rated(danger=2) | wish)
    assert assessment.ratings["person"]["because"] == "“Evenings, because of work.”"
    assert assessment.recommended == "2.1"


def test_age_chooses_hours_for_minors_and_nothing_else(clinic, dana):
    born = clinic.today.replace(year=clinic.today.year - 16)
    assessment = assess(clinic.patient("Ana Silva", team=(dana,), born_on=born), dana)
    assert (assessment.recommended, assessment.result["hours"]) == ("2.1", "6-19")


# Signing


def test_the_recommended_level_is_signed_without_more_words(maya, dana):
    signed = sign(assess(maya, dana), dana, IOP)
    assert signed.is_settled
    assert (signed.chosen, signed.override_kind, signed.override_because) == ("2.1", "", "")
    assert list(LevelOfCareAssessment.objects.settled()) == [signed]


def test_another_level_takes_a_reason(maya, dana):
    assessment = assess(maya, dana)
    with pytest.raises(Refused) as refusal:
        sign(assessment, dana, DAY_PROGRAM, because="Safer.")
    assert refusal.value.field == "override_because"
    with pytest.raises(Refused) as refusal:
        sign(assessment, dana, DAY_PROGRAM, because=REASON, kind=None)
    assert refusal.value.field == "override_kind"
    signed = sign(assessment, dana, DAY_PROGRAM, because=REASON)
    assert (signed.override_kind, signed.override_because) == ("preference", REASON)


def test_another_level_takes_a_licensed_clinician(clinic, maya, dana):
    nurse = clinic.user(Role.NURSE)
    clinic.join(maya, nurse)
    with pytest.raises(Refused, match="counselor, a prescriber or a clinical supervisor"):
        sign(assess(maya, dana), nurse, DAY_PROGRAM, because=REASON)


def test_below_a_safety_rule_it_waits_for_a_second_signature(maya, dana, marcus):
    signed = sign(assess(maya, dana, rated(danger=(3, "daily_program"))), dana, IOP, because=REASON)
    assert signed.needs_second_signature
    assert not signed.is_settled
    assert list(LevelOfCareAssessment.objects.waiting_for_second_signature()) == [signed]
    with pytest.raises(Refused, match="another person"):
        actions.sign_second(signed, by=dana, at=clock.now())
    agreed = actions.sign_second(signed, by=marcus, at=clock.now())
    assert agreed.is_settled
    with pytest.raises(ChangedMeanwhile, match="Marcus Bell"):
        actions.sign_second(signed, by=marcus, at=clock.now())


def test_no_second_signature_where_none_is_needed(maya, dana, marcus):
    with pytest.raises(Refused):
        actions.sign_second(sign(assess(maya, dana), dana, IOP), by=marcus, at=clock.now())


def test_an_emergency_is_closed_by_what_came_of_it_and_never_by_a_level(maya, dana):
    emergency = assess(maya, dana, facts={"seizure_today": True})
    assert emergency.recommended == ""
    for words in ("", "Sent home.", "Sent            home."):
        with pytest.raises(Refused) as refusal:
            sign(emergency, dana, IOP, disposition=words)
        assert refusal.value.field == "disposition"
    closed = sign(emergency, dana, disposition="Taken by ambulance to Miami Valley; admitted.")
    assert (closed.chosen, closed.is_settled) == ("", True)


def test_what_cannot_be_determined_takes_a_reason_for_any_level(maya, dana):
    some = {domain: rating for domain, rating in rated(danger=2).items() if domain != "living"}
    assessment = assess(maya, dana, some)
    assert (assessment.recommended, assessment.result["status"]) == ("", "cannot_determine")
    with pytest.raises(Refused):
        sign(assessment, dana, IOP)
    assert sign(assessment, dana, IOP, because=REASON).is_settled


def test_the_database_asks_the_kind_of_every_override_of_today(maya, dana):
    assessment = assess(maya, dana)
    with pytest.raises(IntegrityError, match="says_its_kind"), transaction.atomic():
        LevelOfCareAssessment.objects.filter(pk=assessment.pk).update(
            chosen="1.5", override_because=REASON, signed_at=clock.now(), signed_by=dana
        )


# What was on record


def test_the_scores_on_record_are_kept_with_the_rating_they_tell_of(maya, dana):
    answers = {f"gad7_{n}": 2 for n in range(1, 8)}
    now = clock.now()
    record(maya, "gad7", answers, mode=Response.Mode.STAFF, taken_at=now, by=dana, at=now)
    assessment = assess(maya, dana)
    [score] = assessment.ratings["mental"]["evidence"]
    assert (score["name"], score["on"]) == ("GAD-7", "2026-11-23")
    assert score["says"].startswith("14")
    assert "evidence" not in assessment.ratings["danger"]


# What is signed stays; two people at once


def test_a_signed_assessment_does_not_change(maya, dana):
    signed = sign(assess(maya, dana), dana, IOP)
    with pytest.raises(ChangedMeanwhile, match="does not change"):
        actions.correct(signed, ratings=rated(), facts={}, version=signed.version, by=dana, at=clock.now())
    with pytest.raises(ChangedMeanwhile):
        sign(signed, dana, OUTPATIENT, because=REASON)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        LevelOfCareAssessment.objects.filter(pk=signed.pk).update(chosen="1.5")


def test_ratings_are_corrected_before_anyone_signs(maya, dana):
    assessment = assess(maya, dana)
    corrected = actions.correct(
        assessment, ratings=rated(danger=1), facts={}, version=assessment.version, by=dana, at=clock.now()
    )
    assert (corrected.recommended, corrected.version) == ("1.5", 2)


def test_of_two_who_correct_at_once_the_second_is_told(maya, dana, marcus):
    assessment = assess(maya, dana)
    seen = assessment.version
    actions.correct(assessment, ratings=rated(danger=1), facts={}, version=seen, by=marcus, at=clock.now())
    with pytest.raises(ChangedMeanwhile, match="Somebody else"):
        actions.correct(assessment, ratings=rated(), facts={}, version=seen, by=dana, at=clock.now())
    with pytest.raises(ChangedMeanwhile):
        sign(assessment, dana, IOP, version=seen)


def test_an_old_decision_runs_again_the_same(maya, dana):
    assessment = assess(maya, dana, rated(danger=(3, "medical")), {"starting_medication": True})
    with clock.stand_still(clock.now() + timedelta(days=900)):
        again = actions.decision_of(LevelOfCareAssessment.objects.get(pk=assessment.pk))
    assert again.to_dict() | {"age": None} == assessment.result
