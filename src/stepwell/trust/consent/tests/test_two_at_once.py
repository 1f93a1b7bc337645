"""An ending and a disclosure at the same time, each with a connection of its own."""

from collections.abc import Callable, Iterator
from threading import Barrier, Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from stepwell.config.testing.fixtures import FreshDatabase
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.consent import actions
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.testing import disclosed, given, prepared, signed
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.testing import Clinic, open_clinic

Scene = tuple[Clinic, Any, Any, Consent]


@pytest.fixture
def scene(fresh_database: FreshDatabase) -> Iterator[Scene]:
    """A clinic in a database that really commits: Maya, Dana, and a consent for her sister."""
    with fresh_database():
        with open_clinic() as clinic:
            dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
            maya = clinic.patient("Maya Reyes", team=(dana,))
            clinic.patient_user(maya)
            consent = signed(maya, by=dana)
        yield clinic, maya, dana, consent


def in_a_thread(clinic: Clinic, act: Callable[[], Any], answers: dict[str, Any], name: str) -> Thread:
    def run() -> None:
        try:
            with acting_in(clinic.organization.pk):
                answers[name] = act()
        except Exception as refusal:  # What it was is what the test asks.
            answers[name] = refusal
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_after_an_ending_the_next_statement_of_another_connection_is_refused(scene: Scene) -> None:
    """The other connection began before the ending, in a transaction of its own, and had seen the consent hold."""
    clinic, maya, dana, consent = scene
    has_looked, has_ended = Event(), Event()
    answers: dict[str, Any] = {}

    def discloses() -> Any:
        assert Consent.objects.get(pk=consent.pk).holds_today
        has_looked.set()
        assert has_ended.wait(10)
        return disclosed(maya, by=dana)

    other = in_a_thread(clinic, discloses, answers, "disclosure")
    assert has_looked.wait(10)
    with acting_in(clinic.organization.pk):
        actions.revoke(consent, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())
    has_ended.set()
    other.join(20)
    assert isinstance(answers["disclosure"], Refused)
    assert "The patient ended theirs" in answers["disclosure"].because
    with acting_in(clinic.organization.pk):
        assert not Disclosure.objects.exists()


def test_an_ending_waits_for_a_disclosure_that_has_begun(scene: Scene) -> None:
    clinic, maya, dana, consent = scene
    answers: dict[str, Any] = {}
    with acting_in(clinic.organization.pk):
        disclosed(maya, by=dana)
        ending = in_a_thread(
            clinic,
            lambda: actions.revoke(consent, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now()),
            answers,
            "ending",
        )
        ending.join(0.5)
        assert ending.is_alive(), "it must wait until the disclosure is in the log"
    ending.join(20)
    assert isinstance(answers["ending"], Consent)
    with acting_in(clinic.organization.pk):
        assert Disclosure.objects.count() == 1
        with pytest.raises(Refused), transaction.atomic():
            disclosed(maya, by=dana)


def test_racing_they_end_in_one_of_two_orders_and_the_log_tells_which(scene: Scene) -> None:
    clinic, maya, dana, _consent = scene
    for n in range(6):
        with acting_in(clinic.organization.pk):
            before = Disclosure.objects.count()
            consent = Consent.objects.signed().filter(revoked_at=None).last() or signed(maya, by=dana)
        answers: dict[str, Any] = {}
        start = Barrier(2)

        def ends(consent: Consent = consent, start: Barrier = start) -> Any:
            start.wait(10)
            return actions.revoke(consent, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())

        def tells(start: Barrier = start) -> Any:
            start.wait(10)
            return disclosed(maya, by=dana)

        threads = [in_a_thread(clinic, tells, answers, "told"), in_a_thread(clinic, ends, answers, "ended")]
        for thread in threads[:: 1 if n % 2 else -1]:
            thread.join(20)
        assert isinstance(answers["ended"], Consent)
        with acting_in(clinic.organization.pk):
            told = Disclosure.objects.count() - before
            in_trail = AuditEvent.objects.filter(did="disclosed").count()
            assert in_trail == before + told
        assert told == (0 if isinstance(answers["told"], Refused) else 1), answers["told"]


def test_two_who_press_the_same_button_tell_once(scene: Scene) -> None:
    from stepwell.trust.consent.disclosing import disclose
    from stepwell.trust.consent.testing import ATTENDANCE

    clinic, maya, dana, _consent = scene
    key, start = uuid4(), Barrier(2)
    answers: dict[str, Any] = {}

    def presses() -> Any:
        start.wait(10)
        return disclose(maya, ATTENDANCE, how=Disclosure.How.PRINTED, key=key, by=dana, at=clock.now())

    for thread in [in_a_thread(clinic, presses, answers, name) for name in ("one", "two")]:
        thread.join(20)
    assert sum(isinstance(each, Refused) for each in answers.values()) == 1
    with acting_in(clinic.organization.pk):
        assert Disclosure.objects.count() == 1


def test_signed_and_taken_back_at_once_it_is_one_of_both(scene: Scene) -> None:
    clinic, maya, dana, _consent = scene
    with acting_in(clinic.organization.pk):
        waiting = prepared(maya, by=dana)
        signature = given(waiting)
    start = Barrier(2)
    answers: dict[str, Any] = {}

    def signs() -> Any:
        start.wait(10)
        return actions.sign_own(waiting, signature, by=maya.user, at=clock.now())

    def takes_back() -> Any:
        start.wait(10)
        return actions.withdraw(waiting, by=dana, at=clock.now())

    for thread in [
        in_a_thread(clinic, signs, answers, "signs"),
        in_a_thread(clinic, takes_back, answers, "back"),
    ]:
        thread.join(20)
    assert sum(isinstance(each, Refused) for each in answers.values()) == 1
