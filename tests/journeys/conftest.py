"""One browser for a worker, a center of its own for a journey, and sign-ins that need no form."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, sync_playwright

from stepwell.config.chromium import chromium
from stepwell.config.testing.fixtures import FreshDatabase
from tests.journeys.people import DESK, Person, at_the_browser

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django would take us for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
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
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test import override_settings
    from django.test.testcases import LiveServerThread

    with fresh_database(alder_creek_template), override_settings(ALLOWED_HOSTS=["localhost"]):
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
    """`someone("dana@…")` is that person, signed in; `someone()` is a visitor; `script=False`: without JavaScript."""
    from stepwell.trust.accounts.models import User

    with ExitStack() as people:

        def arrive(email: str | None = None, *, width: int = DESK, script: bool = True) -> Person:
            session = signed_in(User.objects.get(email=email)) if email else None
            person = people.enter_context(
                at_the_browser(Person(browser, alder_creek, session=session, width=width, script=script))
            )
            person.sign_in = lambda: signed_in(User.objects.get(email=email))
            return person

        yield arrive


def signed_in(user: "User") -> str:
    """A session for this person, as signing in makes it."""
    from stepwell.trust.accounts.sessions import session_for

    return session_for(user)
