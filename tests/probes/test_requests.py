"""Every address, asked as no page of ours asks: without a token, from elsewhere, with hostile words and sizes."""

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import Patient
from tests.addresses import ABOUT_NOBODY, ADDRESSES, IN_WORDS, SAMPLES, SHOWS_MORE, TAKES, Asking
from tests.rows import visible_marks
from tests.test_every_address import SEEN, ask, every_address, nothing_drawn, sight, text_of
from tests.world import MARK, Stands, World, undone

SOURCE = Path(__file__).resolve().parents[2] / "src" / "stepwell"
NO_TOKEN_NEEDED = {"web:language"}
#: The public door knows nobody: it sets no cookie and reads none, so there is nothing of the reader's to borrow, and a
#: token would need a cookie. A time that is not open is answered kindly with the next ones, which are public.
KNOWS_NOBODY = "public:"
READERS = [
    (Role.CLINICAL_SUPERVISOR, Stands.SAME_CENTER),
    (Role.FRONT_DESK, Stands.SAME_CENTER),
    (Role.PATIENT, Stands.THEMSELF),
]
readers = pytest.mark.parametrize(("role", "stands"), READERS, ids=str)


# ---------- whose record is it ----------

#: The record in the address is another patient: merging asks for both.
OF_TWO_PEOPLE = {"people:merging"}


def test_no_record_is_found_under_another_patient(world: World) -> None:
    """Of every address that takes a patient and a record of theirs: the patient of one, the record of another."""
    found, tried = [], 0
    with acting_in(world.alder.id):
        maya, other = SAMPLES.patients()
        mixed = []
        for name, takes in every_address().items():
            if (
                name in OF_TWO_PEOPLE
                or "patient_id" not in takes
                or len(takes) < 2
                or set(takes) - set(TAKES)
                or set(takes) <= IN_WORDS
            ):
                continue
            theirs = {take: TAKES[take](other) for take in takes if take not in IN_WORDS}
            if len(theirs) < 2 or None in theirs.values():
                continue
            kept = {take: TAKES[take](maya) for take in takes if take in IN_WORDS}
            mixed.append((name, reverse(name, kwargs=kept | theirs | {"patient_id": maya.pk})))
    with world.reader(Role.CLINICAL_SUPERVISOR, Stands.SAME_CENTER) as reader:
        for name, path in mixed:
            for method in ("GET", "POST"):
                tried += 1
                if sight(ask(reader.client, method, path)) == SEEN:
                    found.append(f"{method} {name}")
    print(f"\n{tried} askings with the record of another patient")
    assert found == []
    assert tried >= 4


def test_ids_that_nothing_has_are_found_by_nobody(world: World, askings: list[Asking]) -> None:
    found = []
    with world.reader(Role.CLINICAL_SUPERVISOR, Stands.SAME_CENTER) as reader, nothing_drawn():
        for asking in askings:
            guessed = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", lambda _one: str(uuid4()), asking.path)
            if guessed == asking.path or asking.name in TAKEN_AWAY_ONLY_OF_ONESELF:
                continue
            if asking.name.startswith(KNOWS_NOBODY):
                continue
            found += [
                f"{method} {asking.name}"
                for method in ("GET", "POST")
                if sight(response := ask(reader.client, method, guessed)) == SEEN
                and response.status_code != 410
            ]
    assert found == []


#: Taking away what is not there leads back to the list, like taking away what is: only one's own is ever looked for.
TAKEN_AWAY_ONLY_OF_ONESELF = {"accounts:passkey_removal", "accounts:session_ending"}


# ---------- from elsewhere ----------


def test_no_form_is_taken_without_its_token(world: World, askings: list[Asking]) -> None:
    taken, tried = [], 0
    for role, stands in READERS:
        with world.reader(role, stands) as reader, nothing_drawn():
            strict = Client(enforce_csrf_checks=True)
            strict.cookies = reader.client.cookies
            for asking in askings:
                for method in ("POST", "PUT", "DELETE"):
                    response = ask(strict, method, asking.path)
                    tried += 1
                    if asking.name.startswith(KNOWS_NOBODY):
                        continue
                    if response.status_code not in (403, 405) and asking.name not in NO_TOKEN_NEEDED:
                        taken.append(f"{method} {asking.name}: {response.status_code}")
    print(f"\n{tried} forms sent without a token")
    assert taken == []


def test_what_needs_no_token_is_refused_from_another_site(world: World) -> None:
    for name in NO_TOKEN_NEEDED:
        response = Client(headers={"Sec-Fetch-Site": "cross-site"}).post(reverse(name), {"language": "es"})
        assert response.status_code == 403, name


EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "https:evil.example",
    "\t//evil.example",
    "/%5cevil.example",
)


@pytest.mark.parametrize("address", EVIL)
def test_nobody_is_sent_to_another_site(world: World, askings: list[Asking], address: str) -> None:
    sent, tried = [], 0
    with world.reader(Role.CLINICAL_SUPERVISOR, Stands.SAME_CENTER) as reader, nothing_drawn():
        for asking in askings:
            if asking.name not in GO_BACK:
                continue
            for client in (reader.client, Client()):
                for method in ("GET", "POST"):
                    with undone():
                        response = client.generic(
                            method,
                            f"{asking.path}?next={address}&from={address}&back={address}",
                            f"next={address}&from={address}&back={address}&language=es",
                            content_type="application/x-www-form-urlencoded",
                        )
                    tried += 1
                    if "evil.example" in response.get("Location", "").partition("?")[0]:
                        sent.append(f"{method} {asking.name} to {response['Location']}")
    assert sent == []
    assert tried > 20


def _goes_back() -> set[str]:
    """The addresses of rooms whose views read where to go back to."""
    rooms = {
        path.relative_to(SOURCE).parts[1]
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and re.search(r"safe_back|get\(\"(?:next|from|back)\"", path.read_text())
    }
    return {name for name in ADDRESSES if name.partition(":")[0] in rooms}


GO_BACK = _goes_back()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "testserver.evil.example", "testserver@evil.example"]
)
def test_another_host_is_not_answered_for(host: str) -> None:
    with override_settings(ALLOWED_HOSTS=["care.example.org", "testserver"]):
        assert Client(headers={"Host": host}).get("/").status_code == 400
        told = Client(headers={"X-Forwarded-Host": host}).get("/")
        assert told.status_code == 200
        assert "evil.example" not in told.content.decode()


# ---------- hostile words ----------

INJECTIONS = (
    "' OR '1'='1",
    "'; SELECT pg_sleep(5); --",
    '") UNION SELECT 1 --',
    "%' AND 1=cast((select version()) as int) --",
    "\x00",
    "\ud7ff\uffff",
    "$$||chr(1)||$$",
    "2026-99-99",
    "2026-W99",
    "-1",
    "9" * 40,
    "a" * 5000,
    "../../etc/passwd",
    "{{7*7}}{% debug %}",
)


def names_asked_for() -> list[str]:
    """Every name under which some view reads something from an address."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        if "tests" not in path.parts:
            found |= set(re.findall(r"GET(?:\.get|\.getlist)?[\[(]\s*[\"'](\w+)[\"']", path.read_text()))
            found |= set(re.findall(r"[\"'](\w+)[\"'] (?:not )?in request\.GET", path.read_text()))
    return sorted(found)


@readers
def test_no_word_in_a_query_changes_what_is_seen(
    world: World, askings: list[Asking], role: Role, stands: Stands
) -> None:
    """Neither an error of ours, nor one of the database, nor a record out of sight."""
    wrong, tried = [], 0
    names = names_asked_for()
    with world.reader(role, stands) as reader:
        may_see = visible_marks(world, reader)
        for number, asking in enumerate(asking for asking in askings if ADDRESSES[asking.name]):
            words = INJECTIONS[number % len(INJECTIONS)], INJECTIONS[(number + 5) % len(INJECTIONS)]
            for word in words:
                try:
                    with undone():
                        response = reader.client.get(asking.path, dict.fromkeys(names, word))
                except (DatabaseError, ValueError, TypeError, LookupError, OverflowError) as error:
                    wrong.append(f"{asking.name} with {word[:30]!r}: {type(error).__name__}: {error}"[:200])
                    continue
                tried += 1
                if response.status_code >= 500:
                    wrong.append(f"{asking.name} with {word[:30]!r}: {response.status_code}")
                shown = set(MARK.findall(text_of(response)))
                shown = {mark for mark in shown if (asking.name, world.marks[mark].model) not in SHOWS_MORE}
                if asking.patient and shown - may_see:
                    wrong.append(f"{asking.name} with {word[:30]!r} shows more")
    print(f"\n{role}: {tried} askings with hostile words under {len(names)} names: {', '.join(names)}")
    assert wrong == []


def example(take: str, patient: Patient) -> Any:
    """What stands in that place of an address: something about the patient, or of the center."""
    return TAKES[take](patient) if take in TAKES else ABOUT_NOBODY[take]()


@readers
def test_no_word_in_a_path_is_more_than_a_word(world: World, role: Role, stands: Stands) -> None:
    wrong = []
    with acting_in(world.alder.id):
        maya, _other = SAMPLES.patients()
    with world.reader(role, stands) as reader:
        for name, takes in every_address().items():
            in_words = [take for take in takes if take in IN_WORDS - {"number", "page"}]
            if not in_words:
                continue
            for word in (
                "' OR 1=1 --",
                "..",
                "%2e%2e%2f",
                "people.Patient",
                "accounts.user",
                "a" * 300,
                "\r\nX-Zq: 1",
            ):
                with acting_in(world.alder.id):
                    made = {take: word if take in in_words else example(take, maya) for take in takes}
                try:
                    path = reverse(name, kwargs=made)
                except NoReverseMatch:
                    continue  # The address itself has no room for such a word.
                response = ask(reader.client, "GET", path)
                if response.status_code not in (200, 302, 403, 404, 405, 410):
                    wrong.append(f"{name} with {word[:20]!r}: {response.status_code}")
                if "X-Zq" in response.headers:
                    wrong.append(f"{name} took a header from {word!r}")
    assert wrong == []


def test_a_line_break_makes_no_header_of_ours(world: World, askings: list[Asking]) -> None:
    told = "/me/\r\nX-Zq: 1\r\nSet-Cookie: zq=1"
    with world.reader(Role.CLINICAL_SUPERVISOR, Stands.SAME_CENTER) as reader, acting_in(world.alder.id):
        Patient.objects.filter(pk=world.patient.pk).update(
            first_name="Ma\r\nX-Zq: 1", last_name='"; filename="x.exe'
        )
        for asking in askings:
            for method in ("GET", "POST"):
                with undone():
                    response = reader.client.generic(
                        method,
                        asking.path,
                        "next=" + told,
                        QUERY_STRING="as=csv&next=" + told.replace("\r\n", "%0d%0a"),
                    )
                assert "X-Zq" not in response.headers, asking.name
                assert "zq" not in response.cookies, asking.name


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../pyproject.toml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%2f..%2fpyproject.toml",
        "/static/stepwell/..%5c..%5c..%5csettings.py",
        "/static//etc/passwd",
        "/.git/config",
        "/var/static/stepwell/app.css",
    ],
)
def test_no_file_outside_is_served(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code in (400, 404)
    assert b"[project]" not in text_of(answer).encode()


# ---------- too much ----------


@readers
def test_too_much_is_refused_and_breaks_nothing(
    world: World, askings: list[Asking], role: Role, stands: Stands
) -> None:
    wrong = []
    many = "&".join(f"a{n}=1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    with world.reader(role, stands) as reader, nothing_drawn():
        for asking in askings:
            with undone():
                response = reader.client.generic(
                    "POST", asking.path, many, content_type="application/x-www-form-urlencoded"
                )
            if response.status_code not in (302, 400, 403, 404, 405, 410, 413, 204):
                wrong.append(f"{asking.name}: {response.status_code}")
        big = "x=" + "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        with undone():
            response = reader.client.generic(
                "POST", reverse("web:language"), big, content_type="application/x-www-form-urlencoded"
            )
        assert response.status_code in (400, 413)
    assert wrong == []


# ---------- what comes with every answer ----------

ALWAYS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def lacks(response: object) -> list[str]:
    headers = response.headers  # type: ignore[attr-defined]
    missing = [name for name, says in ALWAYS.items() if says not in headers.get(name, "")]
    policy = headers.get("Content-Security-Policy", "")
    missing += [
        word for word in ("unsafe-inline", "unsafe-eval", "report-uri", "http:", "*") if word in policy
    ]
    return missing + [name for name in ("Server", "X-Powered-By") if name in headers]


@readers
def test_every_answer_has_its_headers_and_no_page_behind_a_sign_in_is_kept(
    world: World, askings: list[Asking], role: Role, stands: Stands
) -> None:
    wrong, answers = [], set()
    with world.reader(role, stands) as reader, nothing_drawn():
        for asking in askings:
            for method in ("GET", "POST", "DELETE"):
                response = ask(reader.client, method, asking.path)
                answers.add(response.status_code)
                wrong += [
                    f"{method} {asking.name} ({response.status_code}): {name}" for name in lacks(response)
                ]
                behind = ADDRESSES[asking.name] not in PUBLIC
                if behind and "no-store" not in response.get("Cache-Control", ""):
                    wrong.append(f"{method} {asking.name} ({response.status_code}) may be kept by a cache")
    print(f"\n{role}: answers {sorted(answers)}")
    assert wrong == []


PUBLIC = {one for name, one in ADDRESSES.items() if name.startswith("public:")}


@pytest.mark.django_db
def test_errors_and_files_have_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    assert lacks(client.get("/nowhere/")) == []
    assert lacks(client.get("/static/stepwell/app.css")) == []
    assert lacks(Client(headers={"Host": "evil.example"}).get("/")) == []
    monkeypatch.setattr("stepwell.ground.web.styleguide.everything", None)
    with override_settings(STEPWELL_DEMO=True):
        broken = client.get(reverse("web:style_guide"))
    assert broken.status_code == 500
    assert lacks(broken) == []


def test_cookies_are_for_us_alone(world: World) -> None:
    with (
        world.reader(Role.PATIENT, Stands.THEMSELF) as reader,
        override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True),
    ):
        cookies: dict[str, Any] = {}
        for path in ("/me/", reverse("accounts:sign_in"), reverse("web:language")):
            response = ask(reader.client, "POST" if path == reverse("web:language") else "GET", path)
            cookies |= response.cookies
        assert cookies
        for name, cookie in cookies.items():
            assert cookie["httponly"], name
            assert cookie["samesite"] in ("Lax", "Strict"), name
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
