"""One browser for a worker, a center of its own for a journey, and sign-ins that need no form."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, sync_playwright

from stepwell.config.chromium import chromium
from stepwell.config.testing.fixtures import FreshDatabase
from stepwell.trust.accounts.models import User
from tests.journeys.people import DESK, Person, at_the_browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def alder_creek(fresh_database: FreshDatabase, alder_creek_template: str) -> Iterator[str]:
    """Alder Creek, whole, for this journey alone; and the address it is served at."""
    with fresh_database(alder_creek_template):
        server = LiveServerThread("localhost", StaticFilesHandler, connections_override={})
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://localhost:{server.port}"
        server.terminate()


@pytest.fixture
def someone(browser: Browser, alder_creek: str) -> Iterator[Callable[..., Person]]:
    """`someone("dana@…")` is that person, signed in; `someone()` is a visitor."""
    with ExitStack() as people:

        def arrive(email: str | None = None, *, width: int = DESK) -> Person:
            session = signed_in(User.objects.get(email=email)) if email else None
            return people.enter_context(at_the_browser(Person(browser, alder_creek, session=session, width=width)))

        yield arrive


def signed_in(user: User) -> str:
    """A session for this person, as signing in would make it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    assert session.session_key
    return session.session_key
