"""Asking, answering, recording, following up: what is kept, what is refused, who is told."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from stepwell.care.measures import actions
from stepwell.care.measures.actions import Unanswered
from stepwell.care.measures.models import CheckIn, Response
from stepwell.care.measures.reading import flags_in_words
from stepwell.care.measures.rules.safety import Deed, Help
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.actions import mark_in_error
from stepwell.trust.people.testing import open_clinic

pytestmark = pytest.mark.django_db

CALM = {f"phq9_{number}": 0 for number in range(1, 10)}


@pytest.fixture
def clinic():
    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def counselor(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, counselor):
    return clinic.patient("Maya Reyes", team=(counselor,))


@pytest.fixture
def mayas(clinic, maya):
    """Maya's own sign-in."""
    return clinic.patient_user(maya)


@pytest.fixture
def asked(maya, counselor):
    return actions.ask(maya, "phq9", by=counselor, at=clock.now())


def answer(response, item, value, by, was=Unanswered.YET):
    return actions.answer(response, item, value, was=was, by=by, at=clock.now())


def answer_all(response, answers, by):
    for item, value in answers.items():
        response = answer(response, item, value, by).response
    return response


# Asking


def test_a_measure_is_asked_once_at_a_time(asked, maya, counselor):
    with pytest.raises(Refused, match="already asked"):
        actions.ask(maya, "phq9", by=counselor, at=clock.now())
    assert Response.objects.open().filter(patient=maya).count() == 1


def test_what_a_clinician_rates_is_not_asked_on_a_phone(maya, counselor):
    with pytest.raises(Refused, match="COWS is rated by a clinician"):
        actions.ask(maya, "cows", by=counselor, at=clock.now())


def test_a_measure_we_do_not_keep_is_refused(maya, counselor):
    with pytest.raises(Refused):
        actions.ask(maya, "horoscope", by=counselor, at=clock.now())


def test_only_those_who_may_ask(clinic, maya):
    for role in (Role.FRONT_DESK, Role.BILLER, Role.COMPLIANCE, Role.PEER):
        with pytest.raises(Forbidden):
            actions.ask(maya, "phq9", by=clinic.user(role), at=clock.now())


# Answering


def test_each_answer_is_kept_as_soon_as_it_is_given(asked, mayas):
    answer(asked, "phq9_1", 2, mayas)
    asked.refresh_from_db()
    assert (asked.status, asked.answers, asked.version) == (Response.Status.IN_PROGRESS, {"phq9_1": 2}, 2)


def test_a_skip_is_kept_as_a_skip(asked, mayas):
    answer(asked, "phq9_1", None, mayas)
    asked.refresh_from_db()
    assert asked.answers == {"phq9_1": None}


def test_what_is_no_answer_is_refused_and_nothing_is_kept(asked, mayas):
    for value in (4, "2", True, [1]):
        with pytest.raises(Refused):
            answer(asked, "phq9_1", value, mayas)
    asked.refresh_from_db()
    assert asked.answers == {}


def test_a_thought_of_death_brings_help_at_once_and_stands_as_a_flag_before_the_end(asked, mayas, maya):
    answered = answer(asked, "phq9_9", 1, mayas)
    assert answered.help is Help.THOUGHTS_OF_DEATH
    assert list(Response.objects.needing_follow_up().filter(patient=maya)) == [asked]
    assert AuditEvent.objects.filter(patient_id=maya.pk, because__contains="help shown").exists()


def test_taking_the_answer_back_does_not_take_the_flag_back(asked, mayas, maya):
    answer(asked, "phq9_9", 3, mayas)
    changed = answer(asked, "phq9_9", 0, mayas, was=3).response
    assert list(Response.objects.needing_follow_up().filter(patient=maya)) == [asked]
    [raised] = flags_in_words(changed)
    said = "first answered “Nearly every day”, then changed to “Not at all”."
    assert raised.says == f"PHQ-9, question 9: {said}"
    ready = answer_all(asked, {f"phq9_{number}": 0 for number in range(1, 9)}, mayas)
    sent = actions.send(ready, version=ready.version, by=mayas, at=clock.now())
    assert sent.flags == ["phq9_9"]
    assert list(Response.objects.needing_follow_up().filter(patient=maya)) == [asked]
    assert flags_in_words(sent)[0].says.endswith(said)


def test_two_screens_that_answer_different_questions_do_not_disturb_each_other(asked, mayas):
    on_the_tablet = Response.objects.get(pk=asked.pk)
    answer(asked, "phq9_1", 1, mayas)
    answer(on_the_tablet, "phq9_2", 2, mayas)
    asked.refresh_from_db()
    assert asked.answers == {"phq9_1": 1, "phq9_2": 2}


def test_two_screens_that_answer_the_same_question_the_second_is_told(asked, mayas):
    answer(asked, "phq9_1", 1, mayas)
    with pytest.raises(ChangedMeanwhile, match="another screen"):
        answer(asked, "phq9_1", 3, mayas)
    asked.refresh_from_db()
    assert asked.answers == {"phq9_1": 1}
    answer(asked, "phq9_1", 1, mayas)  # the same answer twice disturbs nobody


def test_nobody_answers_for_another(clinic, asked, counselor):
    other = clinic.patient_user(clinic.patient("Devon Tate"))
    for user in (other, counselor):
        with pytest.raises(Forbidden):
            answer(asked, "phq9_1", 1, user)


def test_going_back_to_no_days_of_use_drops_what_was_used(maya, counselor, mayas):
    asked = actions.ask(maya, "bam_iop", by=counselor, at=clock.now())
    answer(asked, "bam_iop_6", 2, mayas)
    answer(asked, "bam_iop_7e", 1, mayas)
    kept = answer(asked, "bam_iop_6", 0, mayas, was=2).response
    assert kept.answers == {"bam_iop_6": 0}
    assert kept.flags == ["bam_iop_7e"]
    assert flags_in_words(kept)[0].says.endswith("then changed to no answer.")


# Sending


def test_sending_scores_the_answers_and_they_stay(asked, mayas, maya):
    ready = answer_all(asked, CALM | {"phq9_1": 3, "phq9_2": 3, "phq9_9": 1}, mayas)
    sent = actions.send(ready, version=ready.version, by=mayas, at=clock.now())
    assert (sent.total, sent.result["total_band"], sent.flags) == (7, "Mild", ["phq9_9"])
    assert sent.result["definition"]["version"] == "1999"
    with pytest.raises(ChangedMeanwhile, match="finished already"):
        answer(sent, "phq9_9", 0, mayas, was=1)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Response.objects.filter(pk=sent.pk).update(flags=[])


def test_answers_changed_on_another_screen_are_looked_at_again_before_they_are_sent(asked, mayas):
    shown = answer_all(asked, {"phq9_1": 1}, mayas)
    answer(shown, "phq9_2", 3, mayas)
    with pytest.raises(ChangedMeanwhile, match="Look at them again"):
        actions.send(shown, version=shown.version, by=mayas, at=clock.now())


def test_nothing_answered_is_not_sent(asked, mayas):
    ready = answer_all(asked, {"phq9_1": None}, mayas)
    with pytest.raises(Refused, match="at least one"):
        actions.send(ready, version=ready.version, by=mayas, at=clock.now())


def test_a_skipped_safety_question_is_a_flag_once_it_is_sent(asked, mayas):
    ready = answer_all(asked, CALM | {"phq9_9": None}, mayas)
    assert ready.flags == []
    sent = actions.send(ready, version=ready.version, by=mayas, at=clock.now())
    assert sent.flags == ["phq9_9:unanswered"]
    assert sent.result["status"] == "prorated"


# Recording


def record(maya, counselor, answers, instrument="cows", taken_at=None, **more):
    return actions.record(
        maya,
        instrument,
        answers,
        mode=Response.Mode.STAFF,
        taken_at=taken_at or clock.now(),
        by=counselor,
        at=clock.now(),
        **more,
    )


COWS = {f"cows_{number}": 0 for number in range(1, 12)}


def test_a_rating_is_scored_with_its_time_and_pulse(maya, counselor):
    at = clock.now() - timedelta(hours=1)
    rated = record(maya, counselor, COWS | {"cows_1": 1, "cows_4": 2}, taken_at=at, context={"pulse": 92})
    assert (rated.total, rated.result["total_band"], rated.taken_at) == (3, "No active withdrawal", at)
    assert rated.context == {"pulse": 92}


def test_a_rating_cannot_be_of_a_time_to_come(maya, counselor):
    with pytest.raises(Refused, match="not come yet") as refusal:
        record(maya, counselor, COWS, taken_at=clock.now() + timedelta(minutes=1))
    assert refusal.value.field == "taken_at"


def test_a_value_that_does_not_exist_is_refused_by_its_question(maya, counselor):
    with pytest.raises(Refused) as refusal:
        record(maya, counselor, COWS | {"cows_11": 1})
    assert refusal.value.field == "cows_11"
    assert not Response.objects.filter(patient=maya).exists()


def test_staff_finish_what_the_person_began_unless_the_person_goes_on(asked, counselor, mayas):
    seen = asked.version
    answer(asked, "phq9_1", 3, mayas)
    finish = {"version": seen, "mode": Response.Mode.STAFF, "taken_at": clock.now(), "by": counselor}
    with pytest.raises(ChangedMeanwhile, match="on the phone in the meantime"):
        actions.fill_in(asked, CALM, at=clock.now(), **finish)
    asked.refresh_from_db()
    assert asked.answers == {"phq9_1": 3}
    done = actions.fill_in(asked, CALM, at=clock.now(), **finish | {"version": asked.version})
    assert (done.status, done.total, done.mode) == (Response.Status.COMPLETED, 0, Response.Mode.STAFF)


def test_what_staff_fill_in_does_not_take_the_persons_flag_back(asked, counselor, mayas):
    begun = answer(asked, "phq9_9", 3, mayas).response
    done = actions.fill_in(
        begun,
        CALM,
        version=begun.version,
        mode=Response.Mode.STAFF,
        taken_at=clock.now(),
        by=counselor,
        at=clock.now(),
    )
    assert done.flags == ["phq9_9"]
    assert "first answered “Nearly every day”" in flags_in_words(done)[0].says
    assert list(Response.objects.needing_follow_up()) == [done]


# Following up and correcting


def test_a_worse_or_new_answer_after_a_follow_up_asks_for_another(asked, mayas, counselor):
    begun = answer(asked, "phq9_9", 1, mayas).response
    actions.follow_up(begun, note="Called, safe tonight.", deeds=[Deed.REACHED], by=counselor, at=clock.now())
    answer(begun, "phq9_1", 1, mayas)
    assert not Response.objects.needing_follow_up().exists()
    worse = answer(begun, "phq9_9", 3, mayas, was=1).response
    assert list(Response.objects.needing_follow_up()) == [asked]
    again = actions.follow_up(worse, note="Seen at once.", deeds=[Deed.REACHED], by=counselor, at=clock.now())
    ready = answer_all(again, {f"phq9_{number}": 3 for number in range(2, 9)}, mayas)
    sent = actions.send(ready, version=ready.version, by=mayas, at=clock.now())
    assert len(sent.flags) > 1
    assert sent.followed_up_at is None


def test_a_flag_is_followed_up_once_with_what_was_done(clinic, asked, mayas, counselor):
    ready = answer_all(asked, CALM | {"phq9_9": 2}, mayas)
    sent = actions.send(ready, version=ready.version, by=mayas, at=clock.now())
    with pytest.raises(Refused, match="what was done"):
        actions.follow_up(sent, note="  ", deeds=[Deed.REACHED], by=counselor, at=clock.now())
    actions.follow_up(
        sent, note="C-SSRS done.", deeds=[Deed.REACHED, Deed.SCREENED], by=counselor, at=clock.now()
    )
    assert not Response.objects.needing_follow_up().exists()
    nurse = clinic.user(Role.NURSE)
    clinic.join(sent.patient, nurse)
    with pytest.raises(ChangedMeanwhile, match="Dana Whitfield"):
        actions.follow_up(sent, note="Called.", deeds=[Deed.REACHED], by=nurse, at=clock.now())


def test_entered_in_error_no_longer_counts_and_makes_room_to_ask_again(asked, maya, counselor):
    mark_in_error(asked, by=counselor, at=clock.now(), because="Asked the wrong person.")
    assert not Response.objects.open().filter(patient=maya).exists()
    actions.ask(maya, "phq9", by=counselor, at=clock.now())


# Check-in


def check_in(maya, mayas, **answers):
    return actions.check_in(maya, on=clock.today("America/New_York"), by=mayas, at=clock.now(), **answers)


def test_a_check_in_grows_a_page_at_a_time_and_there_is_one_a_day(maya, mayas):
    check_in(maya, mayas, craving=3)
    check_in(maya, mayas, mood=2)
    check_in(maya, mayas, used=True, note="Family dinner.")
    check_in(maya, mayas, craving=1)
    only = CheckIn.objects.get(patient=maya)
    assert (only.craving, only.mood, only.slept_hours, only.used, only.note) == (
        1,
        2,
        None,
        True,
        "Family dinner.",
    )


def test_a_check_in_is_the_persons_own(clinic, maya, counselor):
    with pytest.raises(Forbidden):
        check_in(maya, counselor, craving=1)


def test_a_check_in_outside_its_scale_is_kept_by_nobody(maya, mayas):
    with pytest.raises(DatabaseError), transaction.atomic():
        check_in(maya, mayas, craving=5)
    assert not CheckIn.objects.filter(patient=maya).exists()
