"""What the worker does each day by itself, done as the app's role."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from stepwell.config import jobs
from stepwell.config.postgres.server import Server
from stepwell.config.testing.fixtures import FreshDatabase
from stepwell.ground.kit import clock


@pytest.mark.django_db
def test_sessions_that_have_ended_are_forgotten():
    now = clock.now()
    Session.objects.create(session_key="ended", session_data="", expire_date=now - timedelta(days=4000))
    Session.objects.create(session_key="open", session_data="", expire_date=now + timedelta(days=4000))
    jobs.clear_expired_sessions(timestamp=0)
    assert [session.session_key for session in Session.objects.all()] == ["open"]


def test_both_daily_jobs_are_known_to_the_worker():
    assert {task.task.name for task in app.periodic_registry.periodic_tasks.values()} >= {
        "clear_expired_sessions",
        "forget_finished_jobs",
    }


def test_a_worker_does_what_waits(database_server: Server, fresh_database: FreshDatabase):
    with fresh_database() as name:
        Session.objects.create(
            session_key="ended", session_data="", expire_date=clock.now() - timedelta(days=4000)
        )
        app.configure_task("clear_expired_sessions").defer(timestamp=0)
        environment = os.environ | {
            "DATABASE_URL": database_server.app.to(name).url,
            "STEPWELL_SECRET_KEY": "of a test",
        }
        done = subprocess.run(
            [sys.executable, "-m", "stepwell.config.cli", "worker", "--once"],
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert Session.objects.count() == 0
