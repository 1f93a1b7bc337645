"""What is asked when, by the schedule: on the phone, on the measures tab, and in the program's own page."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from stepwell.care.episodes import actions as episodes
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod
from stepwell.care.measures import actions, jobs, library, schedules
from stepwell.care.measures.actions import schedules as acts
from stepwell.care.measures.models import ProgramSchedule, Response, ScheduleChange
from stepwell.care.measures.rules import asking
from stepwell.care.measures.rules.schedule import DEFAULT, Every, Line
from stepwell.care.measures.rules.schedule import State as Stands
from stepwell.care.measures.tests.test_views import reads
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.models import Membership
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.outbox.models import Message, State
from stepwell.trust.people.testing import open_clinic

pytestmark = pytest.mark.django_db

DAYTON = ZoneInfo("America/New_York")
NOV_23 = date(2026, 11, 23)
LEVELS_OF_IOP = frozenset({"2.1", "2.5", "2.7"})
What = ScheduleChange.What


def at(day: date, hour: int = 7) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=DAYTON)


@pytest.fixture
def clinic():
    with open_clinic() as clinic:
        clinic.center.phone = "+19375550142"
        clinic.center.save()
        yield clinic


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def noor(clinic):
    """She administers every center."""
    user = clinic.user(Role.ADMINISTRATOR, "Noor Haddad")
    Membership.objects.filter(user=user).update(center=None)
    return user


@pytest.fixture
def maya(clinic, dana):
    return clinic.patient("Maya O'Brien-Núñez", team=(dana,))


def admit(patient, dana, on: date, level: str = "2.1") -> EpisodeOfCare:
    episode = EpisodeOfCare.objects.create(
        patient=patient, center=patient.center, admitted_on=on, recorded_by=dana
    )
    LevelOfCarePeriod.objects.create(
        patient=patient, episode=episode, level=level, starts_on=on, because="Screened.", recorded_by=dana
    )
    return episode


@pytest.fixture
def episode(maya, dana):
    return admit(maya, dana, date(2026, 10, 5))


def asked(patient) -> list[str]:
    return sorted(Response.objects.open().filter(patient=patient).values_list("instrument", flat=True))


# Asking what is due


def test_monday_morning_puts_this_weeks_questions_on_the_phone_once(maya, episode):
    jobs.ask_everybody()
    first = asked(maya)
    assert first
    jobs.ask_everybody()
    assert asked(maya) == first
    costs = [asking.seconds(library.instrument(name)) for name in first]
    assert sum(costs) <= DEFAULT.load
    assert AuditEvent.objects.filter(patient_id=maya.pk, because="due by the schedule").count() == len(first)


def test_what_is_not_answered_does_not_pile_up(maya, episode):
    acts.ask_what_is_due(episode, at=at(NOV_23))
    first = asked(maya)
    for week in range(1, 5):
        acts.ask_what_is_due(episode, at=at(NOV_23 + timedelta(weeks=week)))
    assert asked(maya) == first


def test_the_person_is_told_twice_at_most_in_neutral_words_and_no_more_once_it_is_answered(
    maya, episode, clinic
):
    given = acts.ask_what_is_due(episode, at=at(NOV_23))
    acts.ask_what_is_due(episode, at=at(NOV_23 + timedelta(days=1)))
    messages = list(Message.objects.filter(patient=maya).order_by("next_at"))
    assert [message.next_at.astimezone(DAYTON) for message in messages] == [
        at(NOV_23, 10),
        at(NOV_23 + timedelta(days=3), 10),
    ]
    assert {message.kind for message in messages} == {"something waits"}
    user = clinic.patient_user(maya)
    for response in given:
        response.refresh_from_db()
        item = response.definition.items[0]
        answered = actions.answer(
            response, item.id, item.values[0], was=actions.Unanswered.YET, by=user, at=clock.now()
        ).response
        actions.send(answered, version=answered.version, by=user, at=clock.now())
    assert set(Message.objects.filter(patient=maya).values_list("state", flat=True)) == {State.CANCELLED}


def test_nobody_is_asked_before_admission_or_after_the_end(maya, episode, dana):
    stranger = maya.center.patients.exclude(pk=maya.pk).first()
    assert stranger is None
    EpisodeOfCare.objects.filter(pk=episode.pk).update(ended_on=date(2026, 11, 20), ended_because="Finished.")
    jobs.ask_everybody()
    assert asked(maya) == []


def test_the_closing_set_is_due_when_a_step_down_is_decided_and_not_only_after(clinic, maya, episode, dana):
    down = NOV_23 + timedelta(days=7)
    episodes.change_level(
        episode, level=LevelOfCare.OUTPATIENT, because="Nine steady weeks.", on=down, by=dana, at=clock.now()
    )
    episode.refresh_from_db()
    closing = {
        each.instrument: each.state
        for each in schedules.standings_for(episode, NOV_23)
        if each.every is Every.DISCHARGE
    }
    assert closing["barc10"] is closing["phq9"] is Stands.TOGETHER
    page = reads(clinic.client(dana).get(reverse("measures:measures", args=[maya.pk])))
    assert "For a visit, due Nov 23" in page


def test_before_an_end_that_nobody_has_written_down_staff_put_the_closing_set_on_the_phone(
    clinic, maya, episode, dana
):
    browser = clinic.client(dana)
    assert "Does care end soon?" in reads(browser.get(reverse("measures:schedule", args=[maya.pk])))
    for _twice in range(2):
        browser.post(reverse("measures:put_on_the_phone", args=[maya.pk]), {"set": "closing"})
    assert asked(maya) == ["bam", "barc10", "gad7", "phq9"]


# What is settled for one person


def settle(patient, instrument, what, by, **more):
    return acts.change_schedule(
        patient, instrument, what, because="Asked for it.", by=by, at=clock.now(), **more
    )


def test_one_person_is_asked_other_things_than_the_program(maya, episode, dana):
    settle(maya, "phq9", What.STOPPED, dana)
    settle(maya, "gad7", What.PAUSED, dana, paused_until=NOV_23 + timedelta(days=10))
    settle(maya, "bam_iop", What.STOPPED, dana)
    settle(maya, "craving_nrs", What.EVERY_WEEK, dana)
    jobs.ask_everybody()
    assert asked(maya) == ["barc10", "craving_nrs"]


def test_a_pause_needs_a_day_to_come_and_every_change_a_reason(maya, episode, dana):
    with pytest.raises(Refused, match="still to come"):
        settle(maya, "phq9", What.PAUSED, dana, paused_until=NOV_23)
    with pytest.raises(Refused, match="Say why"):
        acts.change_schedule(maya, "phq9", What.STOPPED, because=" ", by=dana, at=clock.now())
    assert not ScheduleChange.objects.exists()


def test_only_those_who_may_ask_settle_it(clinic, maya, episode):
    for role in (Role.FRONT_DESK, Role.PEER, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            settle(maya, "phq9", What.STOPPED, clinic.user(role))


# The program


def keep(by, *lines):
    given: Any = {"load": 90, "reminders": 1, "effective_on": NOV_23, "because": "Agreed."}
    return acts.set_program_schedule(lines, by=by, at=clock.now(), **given)


def test_a_program_has_its_own_schedule_from_a_day_on_and_the_one_before_still_says_what_was(
    maya, episode, noor
):
    keep(noor, Line("phq2", Every.WEEK))
    assert schedules.program_on(NOV_23 - timedelta(days=1)) == DEFAULT
    assert schedules.program_on(NOV_23).lines == (Line("phq2", Every.WEEK),)
    jobs.ask_everybody()
    assert asked(maya) == ["phq2"]


def test_a_stored_schedule_does_not_change(noor):
    from django.db import DatabaseError, transaction

    stored = keep(noor, Line("phq2", Every.WEEK))
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgramSchedule.objects.filter(pk=stored.pk).update(load=300)


def test_only_who_administers_every_center_sets_it(clinic, dana):
    for user in (
        dana,
        clinic.user(Role.ADMINISTRATOR, "Of one center"),
        clinic.user(Role.CLINICAL_SUPERVISOR),
    ):
        with pytest.raises(Forbidden):
            keep(user, Line("phq2", Every.WEEK))


def test_the_administrator_reads_how_long_a_week_takes_and_changes_it(clinic, noor):
    browser = clinic.client(noor)
    page = browser.get(reverse("measures:program"))
    assert "about 8" in reads(page)
    assert "An estimate, not measured" in reads(page)
    sent = {
        "effective_on": "2026-11-23",
        "load": "60",
        "reminders": "0",
        "because": "The team's wish",
        "phq9-intake": "on",
        "phq2-iop": "week",
        "bam_iop-iop": "week-visit",
        "gad2-op": "month",
    }
    assert browser.post(reverse("measures:program"), sent).status_code == 302
    program = schedules.program_on(NOV_23)
    assert (program.load, program.reminders, len(program.lines)) == (60, 0, 4)
    assert Line("bam_iop", Every.WEEK, LEVELS_OF_IOP, at_visit=True) in program.lines
    assert re.search('value="week-visit" selected', browser.get(reverse("measures:program")).content.decode())
    page = browser.post(reverse("measures:program"), sent | {"because": "", "load": "5"})
    assert page.status_code == 422
    assert "Say why it changes." in reads(page)


def test_a_schedule_that_cannot_be_kept_says_what_comes_late(clinic, noor):
    browser = clinic.client(noor)
    assert "because the weeks are full" not in reads(browser.get(reverse("measures:program")))
    keep(noor, Line("bam_iop", Every.WEEK), Line("phq9", Every.WEEK))
    page = reads(browser.get(reverse("measures:program")))
    assert "IOP and day program: PHQ-9 comes every 2 weeks, because the weeks are full." in page


# On the pages


def test_staff_read_what_is_due_and_put_the_intake_set_on_the_phone(clinic, maya, dana):
    admit(maya, dana, NOV_23 - timedelta(days=8))
    browser = clinic.client(dana)
    page = browser.get(reverse("measures:measures", args=[maya.pk]))
    assert "For a visit, due Nov 15 Late" in reads(page)
    browser.post(reverse("measures:put_on_the_phone", args=[maya.pk]))
    assert {"audit_c", "taps"} <= set(asked(maya))
    assert "cssrs_screener" not in asked(maya)
    assert "On the phone since Nov 23" in reads(browser.get(reverse("measures:measures", args=[maya.pk])))


def test_a_change_is_made_on_the_persons_schedule_page(clinic, maya, episode, dana):
    browser = clinic.client(dana)
    address = reverse("measures:schedule", args=[maya.pk])
    page = browser.post(address, {"instrument": "phq9", "what": "paused", "because": "Bereaved"})
    assert page.status_code == 422
    assert "Choose a day that is still to come." in reads(page)
    browser.post(
        address,
        {"instrument": "phq9", "what": "paused", "paused_until": "2026-12-07", "because": "<b>Bereaved</b>"},
    )
    page = browser.get(address)
    assert "Not until Dec 7" in reads(page)
    assert "<b>Bereaved</b>" in reads(page)


def test_everything_that_waits_is_one_card_at_home_and_goes_on_from_one_to_the_next(
    clinic, maya, episode, dana
):
    actions.ask(maya, "phq2", by=dana, at=clock.now())
    actions.ask(maya, "gad2", by=dana, at=clock.now())
    user = clinic.patient_user(maya)
    phone = clinic.client(user)
    home = reads(phone.get(reverse("patient:home")))
    assert "4 questions for you About 1 minute" in home
    first, second = Response.objects.open().filter(patient=maya).order_by("recorded_at", "id")
    for number in (1, 2):
        phone.post(
            reverse("measures:question", args=[first.pk, number]),
            {"answer": "0", "was": "", "then": "continue"},
        )
    first.refresh_from_db()
    phone.post(reverse("measures:review", args=[first.pk]), {"version": str(first.version)})
    done = phone.get(reverse("measures:done", args=[first.pk]))
    assert reverse("measures:start", args=[second.pk]) in done.content.decode()


# What happened meanwhile


def test_words_of_staff_and_the_level_stand_on_the_trend(clinic, maya, episode, dana):
    for days, worst in ((42, 2), (14, 1), (0, 0)):
        actions.record(
            maya,
            "phq9",
            {f"phq9_{n}": worst for n in range(1, 9)} | {"phq9_9": 0, "phq9_10": worst},
            mode=Response.Mode.STAFF,
            taken_at=clock.now() - timedelta(days=days),
            by=dana,
            at=clock.now(),
        )
    acts.annotate(maya, on=date(2026, 11, 2), words="Began a new job", by=dana, at=clock.now())
    page = reads(clinic.client(dana).get(reverse("measures:measures", args=[maya.pk])))
    assert "1 Nov 2 Began a new job (Dana Whitfield)" in page
    assert "PHQ-9 went from 16 (moderately severe) on Oct 12 to 0" in page
    assert "in six weeks: a real change (6 or more)." in page


def test_a_note_on_a_day_to_come_is_refused_beside_the_field(clinic, maya, dana):
    address = reverse("measures:annotations", args=[maya.pk])
    page = clinic.client(dana).post(address, {"on": "2027-01-01", "words": "Later"})
    assert page.status_code == 422
    assert "This day has not come yet." in reads(page)


# After a positive screen


DRINKS = {"auditc_1": 3, "auditc_2": 2, "auditc_3": 2}
TRAUMA = dict.fromkeys((f"pcptsd5_{n}" for n in range(6)), 1)
LOW = {"phq2_1": 3, "phq2_2": 2}


def screened(patient, instrument: str, answers: dict[str, int], by) -> Response:
    return actions.record(
        patient, instrument, answers, mode=Response.Mode.STAFF, taken_at=clock.now(), by=by, at=clock.now()
    )


def test_a_low_mood_told_on_the_phone_goes_on_to_the_whole_phq_9(client, clinic, maya, episode, dana):
    own = clinic.patient_user(maya)
    client.force_login(own)
    phq2 = actions.ask(maya, "phq2", by=dana, at=clock.now())
    for item, value in LOW.items():
        phq2 = actions.answer(phq2, item, value, was=actions.Unanswered.YET, by=own, at=clock.now()).response
    client.post(reverse("measures:review", args=[phq2.pk]), {"version": phq2.version})
    phq9 = Response.objects.open().get(patient=maya, instrument="phq9")
    assert phq9.answers == {"phq9_1": 3, "phq9_2": 2}, "the same two questions are not asked twice"
    page = client.get(reverse("measures:done", args=[phq2.pk])).content.decode()
    assert reverse("measures:start", args=[phq9.pk]) in page
    reminder = Message.objects.get(patient=maya)
    assert reminder.next_at.astimezone(DAYTON) == at(NOV_23 + timedelta(days=3), 10), (
        "not while they are there"
    )


def test_what_is_too_long_for_the_phone_stands_at_the_next_visit_and_is_not_put_there(
    client, maya, episode, dana
):
    client.force_login(dana)
    screen = screened(maya, "pc_ptsd5", TRAUMA, dana)
    assert asked(maya) == []
    page = reads(client.get(reverse("measures:response", args=[screen.pk])))
    assert "Asked next, after this positive screen PCL-5 For a visit, due Nov 23 Fill in together" in page
    jobs.ask_everybody()
    assert "pcl5" not in asked(maya)


def test_a_second_positive_screen_asks_nothing_more(maya, episode, dana):
    screened(maya, "phq2", LOW, dana)
    screened(maya, "phq2", LOW, dana)
    jobs.ask_everybody()
    assert Response.objects.filter(patient=maya, instrument="phq9").count() == 1


def test_a_screen_that_was_struck_out_calls_for_nothing(maya, episode, dana):
    screen = screened(maya, "pc_ptsd5", TRAUMA, dana)
    Response.objects.filter(pk=screen.pk).update(
        entered_in_error_at=clock.now(), entered_in_error_by=dana, entered_in_error_reason="Another Maya."
    )
    assert "pcl5" not in {each.instrument for each in schedules.standings_for(episode, NOV_23)}


def test_a_measure_not_in_use_is_not_asked_and_one_in_use_goes_on_with_what_was_answered(
    client, maya, episode, dana, noor
):
    screened(maya, "audit_c", DRINKS, dana)
    assert asked(maya) == []
    actions.switch("audit", "", on=True, accepted_as="Noor Haddad", by=noor, at=clock.now())
    client.force_login(dana)
    page = client.get(reverse("measures:new", args=[maya.pk, "audit"])).content.decode()
    assert re.findall(r'name="(audit_\d+)"[^>]*checked', page) == ["audit_1", "audit_3"]


def test_who_is_not_in_care_is_asked_nothing_by_itself(maya, dana):
    screened(maya, "phq2", LOW, dana)
    assert asked(maya) == []
