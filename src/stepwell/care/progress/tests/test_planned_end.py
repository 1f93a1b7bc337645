"""When care is thought to end: planned together, changed with a reason, and never an end by itself."""

from datetime import date, timedelta

import pytest

from stepwell.care.care_plans.testing import in_care
from stepwell.care.episodes.actions import plan_end
from stepwell.care.episodes.models import PlannedEnd
from stepwell.care.progress.tests.test_step import words
from stepwell.ground.kit import clock
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent

HOSTILE = "<script>alert(1)</script> O'Brien-Núñez"


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, dana):
    patient = clinic.patient("Maya Reyes", team=(dana,))
    in_care(patient, by=dana)
    return patient


def test_a_day_is_planned_then_moved_with_a_reason_and_both_are_kept(clinic, maya, dana):
    page, address = clinic.client(dana), f"/staff/people/{maya.pk}/planned-end/"
    page.post(address, {"on": "2027-01-12"})
    refused = page.post(address, {"on": "2027-02-09"})
    assert refused.status_code == 422
    assert "Say why it changes, in a sentence." in words(refused)
    assert 'value="2027-02-09"' in words(refused), "what was typed stays"
    with clock.stand_still(clock.now() + timedelta(minutes=5)):
        moved = words(page.post(address, {"on": "2027-02-09", "because": HOSTILE}, follow=True))
    assert "<script>alert(1)" not in moved
    assert moved.index("February 9, 2027") < moved.index("January 12, 2027")
    assert "Feb 9, 2027" in words(page.get(f"/staff/people/{maya.pk}/"))
    assert "Feb 9, 2027" in words(page.get(f"/staff/people/{maya.pk}/step/"))
    with clock.stand_still(clock.now() + timedelta(minutes=9)):
        page.post(address, {"on": "", "because": "It goes well. Nobody knows yet."})
    assert PlannedEnd.objects.of(maya.episodeofcare_set.get()).first().on is None
    assert AuditEvent.objects.filter(to_type="episodes.PlannedEnd", did="created").count() == 3


def test_a_second_click_plans_nothing_twice(clinic, maya, dana):
    page, address = clinic.client(dana), f"/staff/people/{maya.pk}/planned-end/"
    page.post(address, {"on": "2027-01-12"})
    assert page.post(address, {"on": "2027-01-12"}).status_code == 422
    again = page.post(address, {"on": "2027-01-12", "because": "The same day."})
    assert "That stands already." in words(again)
    assert PlannedEnd.objects.count() == 1


def test_care_goes_on_after_the_day(clinic, maya, dana):
    episode = maya.episodeofcare_set.get()
    plan_end(episode, on=date(2026, 11, 23), because="", by=dana, at=clock.now())
    episode.refresh_from_db()
    assert episode.ended_on is None
    assert "Nov 23, 2026" in words(clinic.client(dana).get(f"/staff/people/{maya.pk}/"))


def test_who_may_not_change_the_level_reads_the_day_and_does_not_plan_it(clinic, maya, dana):
    joel = clinic.user(Role.NURSE, "Joel Price")
    clinic.patient("Devon Thackery", team=(joel,))
    episode = maya.episodeofcare_set.get()
    with pytest.raises(Forbidden):
        plan_end(episode, on=date(2027, 1, 12), because="", by=joel, at=clock.now())
    assert clinic.client(joel).post(f"/staff/people/{maya.pk}/planned-end/").status_code in (403, 404)
