"""Two workers at once, a worker killed in the middle, an act that is undone: on real connections, with real servers."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event

import pytest
from django.db import connection
from django.test import override_settings

from stepwell.config.connection import in_use
from stepwell.config.testing.fixtures import NOW
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.outbox import sending
from stepwell.trust.outbox.actions import queue
from stepwell.trust.outbox.jobs import send_what_was_left
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.outbox.models import Message, State
from stepwell.trust.outbox.testing import Provider, provider
from stepwell.trust.people.testing import Clinic

SOURCE = Path(__file__).resolve().parents[4]


@pytest.fixture
def clinic(committed_clinic: Clinic) -> Clinic:
    return committed_clinic


@pytest.fixture
def texts() -> Iterator[Provider]:
    with provider() as made, override_settings(STEPWELL_TEXT_URL=made.url, STEPWELL_TEXT_TOKEN="t"):
        yield made


def waiting(clinic: Clinic, count: int = 1) -> list[Message]:
    with acting_in(clinic.organization.pk):
        patient = clinic.patient("Maya Reyes", phone="937-555-0134", safe_to_text=True)
        return [
            queue(kind=Kind.SOMETHING_WAITS, patient=patient, by=None, at=clock.now(), unique_key=f"{number}")
            for number in range(count)
        ]


def state_of(clinic: Clinic, message: Message) -> Message:
    with acting_in(clinic.organization.pk):
        message.refresh_from_db()
    return message


def test_two_workers_never_send_the_same_twice(clinic: Clinic, texts: Provider):
    messages = waiting(clinic, 6)
    together = Barrier(4, timeout=20)

    def work(_number: int) -> None:
        try:
            together.wait()
            for message in messages:
                sending.send(clinic.organization.pk, message.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert len(texts.asked) == len(texts.taken) == 6
    assert {state_of(clinic, message).state for message in messages} == {State.SENT}


def test_a_slow_provider_does_not_make_a_second_worker_send(clinic: Clinic, texts: Provider):
    [message] = waiting(clinic)
    is_taken, may_go_on = Event(), Event()

    def slowly() -> None:
        is_taken.set()
        may_go_on.wait(20)

    texts.when_taken = slowly

    def send() -> None:
        try:
            sending.send(clinic.organization.pk, message.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        first = other.submit(send)
        assert is_taken.wait(20)
        sending.send(clinic.organization.pk, message.pk)
        assert state_of(clinic, message).state == State.SENDING
        may_go_on.set()
        first.result(20)
    assert len(texts.asked) == 1
    assert state_of(clinic, message).state == State.SENT


def test_an_act_that_is_undone_says_nothing(clinic: Clinic):
    def ask_and_fail() -> None:
        with acting_in(clinic.organization.pk):
            patient = clinic.patient("Maya Reyes", phone="937-555-0134", safe_to_text=True)
            queue(kind=Kind.SOMETHING_WAITS, patient=patient, by=None, at=clock.now())
            assert jobs_waiting() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    with acting_in(clinic.organization.pk):
        assert not Message.objects.exists()
        assert jobs_waiting() == 0


def jobs_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'send_message'")
        return int(cursor.fetchone()[0])


def test_two_who_ask_for_the_same_at_once_get_one_message(clinic: Clinic):
    with acting_in(clinic.organization.pk):
        patient = clinic.patient("Maya Reyes")
    together = Barrier(2, timeout=20)

    def ask(_number: int) -> object:
        try:
            with acting_in(clinic.organization.pk):
                together.wait()
                asked = queue(
                    kind=Kind.SOMETHING_WAITS, patient=patient, by=None, at=clock.now(), unique_key="the same"
                )
                return asked.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        found = set(people.map(ask, range(2)))
    assert len(found) == 1
    with acting_in(clinic.organization.pk):
        assert Message.objects.count() == 1


SEND_ONE = """
    from datetime import datetime
    import django
    django.setup()
    from uuid import UUID
    from stepwell.ground.kit import clock
    from stepwell.trust.outbox import sending
    with clock.stand_still(datetime.fromisoformat("{now}")):
        sending.send(UUID("{organization}"), UUID("{message}"))
"""


def test_a_worker_killed_in_the_middle_sends_nothing_twice(clinic: Clinic, texts: Provider):
    """The provider has the text, and the worker dies before it hears so: it is asked again under the same key."""
    [message] = waiting(clinic)
    is_taken = Event()

    def taken() -> None:
        is_taken.set()
        if len(texts.asked) == 1:
            time.sleep(20)  # The worker is killed while it waits for this answer.

    texts.when_taken = taken
    code = textwrap.dedent(SEND_ONE).format(
        now=NOW.isoformat(), organization=clinic.organization.pk, message=message.pk
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ
        | {
            "PYTHONPATH": str(SOURCE),
            "DATABASE_URL": in_use().url,
            "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
            "STEPWELL_SECRET_KEY": "of a test",
            "STEPWELL_TEXT_URL": texts.url,
            "STEPWELL_TEXT_TOKEN": "t",
        },
    )
    try:
        assert is_taken.wait(60)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(20)
    assert state_of(clinic, message).state == State.SENDING
    with clock.stand_still(NOW + timedelta(minutes=5)):
        assert send_what_was_left() == 0  # Whoever has it may still be at it.
    with clock.stand_still(NOW + timedelta(minutes=11)):
        assert send_what_was_left() == 1
    assert state_of(clinic, message).state == State.SENT
    assert len(texts.asked) == 2
    assert len(texts.taken) == 1
    assert len({asked["key"] for asked in texts.asked}) == 1


def test_the_worker_of_the_command_line_sends_what_waits(clinic: Clinic, texts: Provider):
    """By day in the real world, too: at night it would be held, so the person lives where it is noon now."""
    now = datetime.now(UTC)
    zone = f"Etc/GMT{'+' if now.hour > 12 else '-'}{abs(now.hour - 12)}" if now.hour != 12 else "Etc/GMT"
    with clock.stand_still(now), acting_in(clinic.organization.pk):
        patient = clinic.patient("Maya Reyes", phone="937-555-0134", safe_to_text=True, time_zone=zone)
        message = queue(kind=Kind.SOMETHING_WAITS, patient=patient, by=None, at=now)
    done = subprocess.run(
        [sys.executable, "-m", "stepwell.config.cli", "worker", "--once"],
        env=os.environ
        | {
            "PYTHONPATH": str(SOURCE),
            "DATABASE_URL": in_use().url,
            "STEPWELL_SECRET_KEY": "of a test",
            "STEPWELL_TEXT_URL": texts.url,
            "STEPWELL_TEXT_TOKEN": "t",
        },
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert state_of(clinic, message).state == State.SENT
    assert len(texts.taken) == 1
