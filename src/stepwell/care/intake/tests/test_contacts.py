"""Every try to reach somebody who asked for care, the next one, and the clock of the first contact."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stepwell.care.episodes.models import Referral
from stepwell.care.intake import actions
from stepwell.care.intake.actions import Tried
from stepwell.care.intake.contacts import in_touch
from stepwell.care.intake.models import ContactAttempt
from stepwell.care.intake.rules import Clock, Said, first_contact, next_contact
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.models import Closure

FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
WRITTEN = {"how": "call", "outcome": "no_answer", "tried_at": "2026-11-23T08:40", "next_on": "2026-11-24"}


def days_ago(days):
    return clock.now() - timedelta(days=days)


def weekday(day):
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("reached_on", "today", "stands", "late_by"),
    [
        (None, MONDAY, Clock.RUNNING, 0),
        (FRIDAY, MONDAY, Clock.KEPT, 0),
        (MONDAY, date(2026, 12, 1), Clock.KEPT, 0),
        (None, TUESDAY, Clock.LATE, 1),
        (date(2026, 11, 26), date(2026, 12, 1), Clock.LATE, 3),
    ],
)
def test_who_asks_on_a_friday_is_to_be_reached_by_monday(reached_on, today, stands, late_by):
    first = first_contact(FRIDAY, reached_on=reached_on, is_open=weekday, today=today)
    assert (first.due_on, first.clock, first.late_by) == (MONDAY, stands, late_by)


def test_a_center_that_never_opens_does_not_stop_the_clock():
    first = first_contact(FRIDAY, reached_on=None, is_open=lambda _day: False, today=FRIDAY)
    assert first.due_on == FRIDAY + timedelta(days=30)


def test_what_was_said_last_about_the_next_contact_holds():
    earlier = Said(datetime(2026, 11, 20, 9, tzinfo=UTC), date(2026, 11, 30))
    later = Said(datetime(2026, 11, 21, 9, tzinfo=UTC), date(2026, 11, 25))
    assert next_contact(MONDAY, []) == MONDAY
    assert next_contact(MONDAY, [later, earlier]) == date(2026, 11, 25)


@pytest.fixture
def tess(clinic):
    return clinic.user(Role.FRONT_DESK, "Tess Nguyen")


@pytest.fixture
def lena(clinic, tess):
    """A hospital asked for her on Friday; today is Monday."""
    patient = clinic.patient("Lena O'Brien-Núñez", phone="+19375550142")
    return Referral.objects.create(
        patient=patient, source="hospital", received_at=days_ago(3), recorded_by=tess
    )


def tried(outcome="no_answer", **change):
    now = clock.now()
    return Tried(**{"at": now, "how": "call", "outcome": outcome, "next_on": TUESDAY} | change)


def test_the_desk_writes_down_a_call_that_nobody_answered_and_the_day_of_the_next(clinic, tess, lena):
    desk = clinic.client(tess)
    note = "<b>Her mother</b> says after 5"
    answer = desk.post(f"/staff/referrals/{lena.pk}/attempt/", WRITTEN | {"note": note})
    assert answer["Location"] == f"/staff/referrals/{lena.pk}/"
    once = ContactAttempt.objects.get()
    assert (once.next_on, once.outcome, once.recorded_by) == (TUESDAY, "no_answer", tess)
    page = desk.get(answer["Location"]).content.decode()
    assert "No answer" in page
    assert "&lt;b&gt;Her mother&lt;/b&gt; says after 5" in page
    assert "Tue, Nov 24" in page
    assert AuditEvent.objects.filter(to_id=once.pk).count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"outcome": ""}, "Say what came of it."),
        ({"tried_at": "2026-11-23T23:00"}, "This time has not come yet."),
        ({"tried_at": "2026-11-02T08:00"}, "The referral came in later than that."),
        ({"next_on": "2026-11-20"}, "That day has passed."),
        ({"next_on": "2027-11-20"}, "Choose a day within 60 days"),
        ({"next_on": ""}, "Choose the day of the next contact."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    clinic, tess, lena, change, sentence
):
    desk = clinic.client(tess)
    answer = desk.post(f"/staff/referrals/{lena.pk}/attempt/", WRITTEN | {"note": "rang twice"} | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "rang twice" in answer.content.decode()
    assert not ContactAttempt.objects.exists()


def test_a_double_click_is_one_try_and_a_closed_referral_takes_none(clinic, tess, lena):
    one = actions.record_attempt(lena, tried(), by=tess, at=clock.now())
    assert actions.record_attempt(lena, tried(), by=tess, at=clock.now()) == one
    actions.close_referral(lena, because="went to another program", by=tess, at=clock.now())
    with pytest.raises(ChangedMeanwhile):
        actions.record_attempt(lena, tried("reached"), by=tess, at=clock.now())


def test_a_try_stays_as_it_was_written(clinic, tess, lena):
    one = actions.record_attempt(lena, tried(), by=tess, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactAttempt.objects.filter(pk=one.pk).update(outcome="reached")


def test_whoever_may_not_take_referrals_writes_no_try(clinic, lena):
    with pytest.raises(PermissionDenied):
        actions.record_attempt(lena, tried(), by=clinic.user(Role.BILLER, "Sam Ito"), at=clock.now())
    assert not ContactAttempt.objects.exists()


def test_who_called_us_is_reached_and_who_was_sent_to_us_is_not_until_somebody_speaks_with_them(
    clinic, tess, lena
):
    maya = clinic.patient("Maya Brook")
    called = Referral.objects.create(patient=maya, source="self", received_at=days_ago(3), recorded_by=tess)
    touch = in_touch([lena, called], clock.now())
    assert (touch[called.pk].first.clock, touch[lena.pk].first.clock) == (Clock.KEPT, Clock.RUNNING)
    actions.record_attempt(lena, tried("message"), by=tess, at=clock.now())
    assert in_touch([lena], clock.now())[lena.pk].first.reached_on is None
    actions.record_attempt(lena, tried("reached"), by=tess, at=clock.now())
    assert in_touch([lena], clock.now())[lena.pk].first.clock is Clock.KEPT


def test_a_holiday_of_the_center_does_not_count(clinic, lena):
    Closure.objects.create(center=clinic.center, on=MONDAY, reason="Holiday")
    assert in_touch([lena], clock.now())[lena.pk].first.due_on == TUESDAY


def test_a_day_that_has_passed_is_a_line_for_the_desk_until_somebody_tries_again(clinic, tess, lena):
    Referral.objects.update(received_at=days_ago(7))
    desk = clinic.client(tess)
    today = desk.get("/staff/today/").content.decode()
    assert "Contact due" in today
    assert "6 days late" in today
    actions.record_attempt(lena, tried(), by=tess, at=clock.now())
    assert "Contact due" not in desk.get("/staff/today/").content.decode()


def test_twelve_referrals_cost_the_list_no_more_queries_than_one(clinic, tess, lena):
    def queries():
        desk = clinic.client(tess)
        desk.get("/staff/referrals/")
        with CaptureQueriesContext(connection) as spent:
            page = desk.get("/staff/referrals/").content.decode()
        return len(spent), page

    actions.record_attempt(lena, tried(), by=tess, at=clock.now())
    few, _page = queries()
    for n in range(11):
        patient = clinic.patient(f"Robin Number{n}")
        other = Referral.objects.create(
            patient=patient, source="court", received_at=days_ago(5), recorded_by=tess
        )
        actions.record_attempt(other, tried("message"), by=tess, at=clock.now())
    many, page = queries()
    assert many <= few
    assert page.count("Tue, Nov 24") == 12
