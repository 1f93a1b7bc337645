"""Every address, asked by every role in every relation, answers exactly as the permission table says.

``ADDRESSES`` says which permission an address asks for. An address that is not in it fails the first test, so a new
page must be given its place there before it can land.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from http.cookies import SimpleCookie
from typing import Any, cast
from unittest import mock

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.template import Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.safestring import SafeString

from stepwell.trust.access.rules import Relation
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from tests.addresses import ACTS, ADDRESSES, SAMPLES, SHOWS_MORE, Anyone, Asking, Asks, Either, Leading
from tests.rows import visible_marks
from tests.world import CASES, MARK, Reader, Stands, World, undone

SEEN, REFUSED = "seen", "refused"
OTHER_METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")


def every_address() -> dict[str, tuple[str, ...]]:
    """Route name → the names of what its address takes."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(
                    pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space
                )
            else:
                assert pattern.name, f"{pattern.pattern} has no name"
                yield f"{space}{pattern.name}", tuple(pattern.pattern.converters)

    return dict(walk(get_resolver().url_patterns, ""))


def test_every_address_has_its_place_in_the_list():
    assert set(every_address()) == set(ADDRESSES)


@pytest.fixture(scope="module")
def askings(world: World) -> list[Asking]:
    """Every address with what it takes, about the sample patient or, where they have none of it, another."""
    with acting_in(world.alder.id):
        maya, other = SAMPLES.patients()
        found = {name: SAMPLES.for_address(name, takes, maya) for name, takes in every_address().items()}
        assert [name for name, asking in found.items() if asking is None] == [], other
        return [asking for asking in found.values() if asking is not None]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are asked for here, and need no line each."""
    logger = logging.getLogger("django.request")
    before, logger.level = logger.level, logging.CRITICAL
    yield
    logger.level = before


def ask(client: Client, method: str, path: str) -> HttpResponse:
    """The answer, with nothing kept of what the asking did."""
    cookies = SimpleCookie(client.cookies)
    with undone():
        response = cast(HttpResponse, client.generic(method, path))
    client.cookies = cookies  # Signing out is an address, too.
    return response


def sight(response: Any) -> str | None:
    """Seen or refused; None where there is no such asking."""
    if response.status_code == 405:
        return None
    if response.status_code in (403, 404):
        return REFUSED
    if response.status_code == 302 and response["Location"].startswith(
        f"{reverse('accounts:sign_in')}?next="
    ):
        return REFUSED
    assert response.status_code in (200, 204, 302, 304, 409, 410, 422), response.status_code
    return SEEN


def expected(asks: Asks, reader: Reader, asking: Asking) -> str:
    """What the table gives, for how this reader stands."""
    holds = reader.stands.holds
    not_here = Relation.SELF if asking.path.startswith("/staff/") else None
    if asks is Anyone.AT_ALL:
        return SEEN
    if holds is None or asks is Anyone.WHO_CAN_SIGN:
        return REFUSED
    if asks is Anyone.SIGNED_IN:
        return SEEN
    if isinstance(asks, Anyone):
        return SEEN if reader.belongs and (asks is Anyone.WHO_IS_STAFF) == reader.role.is_staff else REFUSED
    if isinstance(asks, Either):
        return (
            SEEN
            if SEEN in (expected(each, reader, asking) for each in (asks.first, asks.second))
            else REFUSED
        )
    if isinstance(asks, Leading):
        leads = reader.stands is Stands.LEADS_THE_GROUP or reader.role is Role.CLINICAL_SUPERVISOR
        return (
            SEEN if leads and Relation.CENTER in holds and reader.has_anywhere(asks.permission) else REFUSED
        )
    if asking.patient is not None:
        return SEEN if reader.has(asks, but=not_here) else REFUSED
    if asking.of_the_center:
        return SEEN if reader.has_anywhere(asks) and Relation.CENTER in holds else REFUSED
    return SEEN if reader.has_anywhere(asks, but=not_here) else REFUSED


@contextmanager
def nothing_drawn() -> Iterator[None]:
    """Views decide, and no page is drawn: for a relation that gives the same as one whose pages were drawn."""
    with mock.patch.object(Template, "render", return_value=SafeString("")):
        yield


@contextmanager
def read_once(reader: Reader) -> Iterator[None]:
    """Who asks is read from the database once: nothing that they do stays, so each time it would be the same."""
    user, sessions = User.objects.get(pk=reader.user.pk), dict[str | None, Session]()
    assert user.current_memberships
    read = SessionStore._get_session_from_db  # type: ignore[attr-defined]

    def session(store: SessionStore) -> Session | None:
        if store.session_key not in sessions and (found := read(store)):
            sessions[store.session_key] = found
        return sessions.get(store.session_key)

    with (
        mock.patch.object(SessionStore, "_get_session_from_db", session),
        mock.patch.object(
            ModelBackend, "get_user", lambda _backend, pk: copy(user) if pk == user.pk else None
        ),
    ):
        yield


@pytest.mark.parametrize("role", list(Role))
def test_every_address_gives_every_role_exactly_what_the_table_says(
    world: World, askings: list[Asking], role: Role
) -> None:
    wrong, asked, shown = [], 0, 0
    not_asked: set[tuple[str, str]] = set()
    for stands in (stands for one, stands in CASES if one is role):
        drawn = stands in DRAWN
        with (
            world.reader(role, stands) as reader,
            nullcontext() if drawn else nothing_drawn(),
            nullcontext() if stands in READ_EACH_TIME else read_once(reader),
        ):
            may_see = visible_marks(world, reader)
            for asking in askings:
                if asking.patient is None and not asking.of_the_center and stands not in ONCE:
                    continue
                for method in ("GET", "POST"):
                    if (asking.name, method) in not_asked:
                        continue
                    asks = ADDRESSES[asking.name]
                    if method == "POST":
                        asks = ACTS.get(asking.name, asks)
                    response = ask(reader.client, method, asking.path)
                    given = sight(response)
                    asked += given is not None
                    if given is None:
                        not_asked.add((asking.name, method))
                    elif given != expected(asks, reader, asking):
                        wrong.append(f"{method} {asking.name}, {role} who {stands.value[0]}: {given}")
                    for mark in set(MARK.findall(text_of(response))):
                        shown += 1
                        of = world.marks[mark]
                        if mark not in may_see and (asking.name, of.model) not in SHOWS_MORE:
                            wrong.append(
                                f"{method} {asking.name}, {role} who {stands.value[0]}, shows a {of.model}"
                            )
    print(f"\n{role}: {asked} askings of {len(askings)} addresses; {shown} records shown, each looked up")
    assert wrong == [], "\n".join(dict.fromkeys(wrong))
    assert asked > 150
    assert shown > 5 or role in SEES_NOBODY


#: The relations whose pages are drawn, and every record on them looked up. The others give the same as one of these.
DRAWN = {
    Stands.ON_THE_TEAM,
    Stands.IN_EMERGENCY,
    Stands.SAME_CENTER,
    Stands.LEADS_THE_GROUP,
    Stands.OTHER_CENTER,
    Stands.THEMSELF,
    Stands.OTHER_PATIENT,
}
#: Where a page about nobody in particular is asked: it does not matter how its reader stands to one patient.
ONCE = {
    Stands.SAME_CENTER,
    Stands.OTHER_CENTER,
    Stands.LEFT,
    Stands.DEACTIVATED,
    Stands.THEMSELF,
    Stands.OTHER_PATIENT,
    Stands.DEACTIVATED_PATIENT,
}
#: The relations in which who asks is read anew for every asking, as it is outside of tests.
READ_EACH_TIME = {
    Stands.ON_THE_TEAM,
    Stands.LEFT,
    Stands.DEACTIVATED,
    Stands.THEMSELF,
    Stands.DEACTIVATED_PATIENT,
}
SEES_NOBODY = {Role.ADMINISTRATOR}


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return bytes(body).decode(errors="replace")


def test_a_visitor_sees_only_what_anyone_may(world: World, askings: list[Asking]) -> None:
    wrong = []
    with nothing_drawn():
        for asking in askings:
            for method in ("GET", "POST", *OTHER_METHODS):
                seen = sight(ask(Client(), method, asking.path)) == SEEN
                if seen and ADDRESSES[asking.name] is not Anyone.AT_ALL:
                    wrong.append(f"{method} {asking.name}")
    assert wrong == []


@pytest.mark.parametrize(
    ("role", "stands"),
    [
        (Role.COUNSELOR, Stands.ON_THE_TEAM),
        (Role.COUNSELOR, Stands.SAME_CENTER),
        (Role.ADMINISTRATOR, Stands.SAME_CENTER),
        (Role.PATIENT, Stands.THEMSELF),
    ],
    ids=str,
)
def test_no_other_way_of_asking_sees_more(
    world: World, askings: list[Asking], role: Role, stands: Stands
) -> None:
    """HEAD, OPTIONS, PUT, PATCH and DELETE are answered with 405, or like one of the two that browsers use."""
    wrong, asked = [], 0
    with world.reader(role, stands) as reader, nothing_drawn():
        for asking in askings:
            asks = ADDRESSES[asking.name]
            like = {
                expected(asks, reader, asking),
                expected(ACTS.get(asking.name, asks), reader, asking),
                None,
            }
            for method in OTHER_METHODS:
                given = sight(ask(reader.client, method, asking.path))
                asked += 1
                if given not in like:
                    wrong.append(f"{method} {asking.name}: {given}")
    print(f"\n{role} who {stands.value[0]}: {asked} askings with {', '.join(OTHER_METHODS)}")
    assert wrong == []
