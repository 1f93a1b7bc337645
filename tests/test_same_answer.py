"""Who may not see a record gets the answer that there is no such record: the same words, after the same work.

Time is not measured here, where a busy machine would decide; what is compared is every question put to the database.
``./stepwell bench access`` prints the times.
"""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from stepwell.trust.access.rules import Permission
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from tests.addresses import SAMPLES, Asking
from tests.test_every_address import OTHER_METHODS, REFUSED, SEEN, ask, every_address, sight, text_of
from tests.world import Reader, Stands, World

WITHOUT_SIGHT = [
    (Role.COUNSELOR, Stands.OTHER_CENTER),
    (Role.COUNSELOR, Stands.WAS_ON_THE_TEAM),
    (Role.DIRECTOR, Stands.OTHER_CENTER),
    (Role.DIRECTOR, Stands.OTHER_ORGANIZATION),
    (Role.FRONT_DESK, Stands.SAME_CENTER),
    (Role.PATIENT, Stands.OTHER_PATIENT),
]
UUIDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\\?'?[0-9a-f]{32}")
VALUES = re.compile(r"\"s\d+_x\d+\"|'(?:[^']|'')*'(?:::\w+)?|\b\d+\b")
TOKENS = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')


@pytest.fixture(scope="module")
def askings(world: World) -> list[Asking]:
    """Every address about the sample patient, or something of theirs."""
    with acting_in(world.alder.id):
        maya, _other = SAMPLES.patients()
        found = [SAMPLES.for_address(name, takes, maya) for name, takes in every_address().items()]
    return [
        asking for asking in found if asking is not None and "-" in asking.path and UUIDS.search(asking.path)
    ]


def of_nobody(path: str) -> str:
    """The same address with ids that nothing has."""
    return UUIDS.sub(lambda _found: str(uuid4()), path)


def answered(reader: Reader, method: str, path: str) -> tuple[HttpResponse, list[str]]:
    """The answer, and the shape of each question that was put to the database on the way."""
    with CaptureQueriesContext(connection) as asked:
        response = ask(reader.client, method, path)
    return response, [VALUES.sub("?", UUIDS.sub("?", query["sql"])) for query in asked.captured_queries]


def words(response: HttpResponse, path: str) -> str:
    """What it says, without the address that was asked for and the token of the form."""
    return TOKENS.sub(r"\1", text_of(response).replace(path, "…"))


def headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in ("Content-Length", "ETag")}


@pytest.mark.parametrize(("role", "stands"), WITHOUT_SIGHT, ids=str)
def test_without_sight_the_answer_and_the_work_are_those_for_nobody(
    world: World, askings: list[Asking], role: Role, stands: Stands
) -> None:
    different, compared = [], 0
    with world.reader(role, stands) as reader:
        for asking in askings:
            if sight(ask(reader.client, "GET", asking.path)) == SEEN:
                continue  # They know of it. That they may not act there is no secret.
            for method in ("GET", "POST", OTHER_METHODS[0]):
                nowhere = of_nobody(asking.path)
                ask(reader.client, method, nowhere)  # What is read once and kept has been read.
                missing, work_for_nobody = answered(reader, method, nowhere)
                hidden, work = answered(reader, method, asking.path)
                if sight(hidden) != REFUSED:
                    continue
                if hidden.status_code == 403 and reader.has(Permission.SEE_DIRECTORY):
                    continue  # That this person is here, the directory tells them; and the refusal is recorded.
                compared += 1
                what = f"{method} {asking.name}"
                if hidden.status_code != missing.status_code:
                    different.append(f"{what}: {hidden.status_code}, for nobody {missing.status_code}")
                elif words(hidden, asking.path) != words(missing, nowhere):
                    different.append(f"{what}: other words")
                elif headers(hidden) != headers(missing):
                    different.append(f"{what}: other headers")
                elif work != work_for_nobody:
                    different.append(f"{what}: {len(work)} questions, for nobody {len(work_for_nobody)}")
    print(f"\n{role} who {stands.value[0]}: {compared} refusals compared with those for nobody")
    assert different == []
    assert compared > 40


def test_every_kind_of_refused_reader_is_answered_alike(world: World) -> None:
    """Neither the words nor the work tell who was on the team once from who never was."""
    told = set()
    for role, stands in [(Role.COUNSELOR, Stands.WAS_ON_THE_TEAM), (Role.COUNSELOR, Stands.SAME_CENTER)]:
        with world.reader(role, stands) as reader:
            path = f"/staff/people/{world.patient.pk}/"
            response, work = answered(reader, "GET", path)
            told.add((response.status_code, words(response, path), tuple(work)))
    assert len(told) == 1
