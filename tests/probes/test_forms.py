"""Every form of every page, filled in with what it was not made for: marked tags, and fields that are not its own."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from tests.addresses import ADDRESSES, SAMPLES, Asking
from tests.probes.forms import Form, Page
from tests.test_every_address import text_of
from tests.world import Reader, Stands, World, undone

READERS = [
    (Role.CLINICAL_SUPERVISOR, Stands.EVERY_CENTER),
    (Role.FRONT_DESK, Stands.SAME_CENTER),
    (Role.DIRECTOR, Stands.SAME_CENTER),
    (Role.PATIENT, Stands.THEMSELF),
]
readers = pytest.mark.parametrize(("role", "stands"), READERS, ids=str)

TAG = "<zqx onzq=1>\"'><img src=zqx onerror=zq()>"
#: Where sending the form ends the session that the probe goes on with.
NOT_SENT = {"accounts:sign_out", "accounts:sessions", "accounts:session_ending", "accounts:password"}


@dataclass(frozen=True)
class Found:
    """A form, and the address that it is sent to."""

    page: str
    action: str
    form: Form


def forms_of(reader: Reader, askings: list[Asking]) -> list[Found]:
    """Every form that this reader is shown and that is sent with POST."""
    found: dict[tuple[str, frozenset[str]], Found] = {}
    skipped = {asking.path for asking in askings if asking.name in NOT_SENT}
    for asking in askings:
        with undone():
            response = reader.client.get(asking.path)
        if response.status_code != 200 or "text/html" not in response.get("Content-Type", ""):
            continue
        for form in Page(text_of(response)).forms:
            action = form.action or asking.path
            if form.method == "post" and action.partition("?")[0] not in skipped:
                names = frozenset(one.name for one in form.fields)
                found.setdefault((action, names), Found(asking.name, action, form))
    return list(found.values())


# ---------- tags ----------


@readers
def test_what_is_written_is_shown_as_it_was_written_and_never_run(
    world: World, askings: list[Asking], role: Role, stands: Stands
) -> None:
    wrong, shown = [], 0
    with world.reader(role, stands) as reader:
        forms = forms_of(reader, askings)
        mark_stored_words(world)
        for one in forms:
            sent = one.form.filled(TAG)
            for each in one.form.fields:
                if each.is_free and each.maxlength:
                    sent[each.name] = [TAG[: each.maxlength]]
            wrong += _run_in(one.action, text_of(reader.client.post(one.action, sent)))
        for asking in askings:
            for query in ("", "?as=csv"):
                response = reader.client.get(asking.path + query)
                text = text_of(response)
                if response.get("Content-Type", "").startswith("text/csv"):
                    wrong += [f"{asking.name}: {cell[:20]!r}" for cell in _formulas(text)]
                elif "text/html" in response.get("Content-Type", ""):
                    shown += text.count("&lt;zqx")
                    wrong += _run_in(asking.name, text)
    for letter in mail.outbox:
        if "\n" in letter.subject or any("zqx" in one for one, _kind in getattr(letter, "alternatives", [])):
            wrong.append(f"a letter: {letter.subject}")
    print(f"\n{role}: {len(forms)} forms filled in; what was written is shown {shown} times, as text")
    assert wrong == [], "\n".join(wrong)
    assert shown > 0


def _run_in(where: str, html: str) -> list[str]:
    page = Page(html)
    wrong = [f"{where} has a tag that somebody wrote"] if "zqx" in page.tags else []
    if {"onzq", "onerror"} & page.attributes:
        wrong.append(f"{where} has an attribute that somebody wrote")
    wrong += [
        f"{where} leads to {value!r}"
        for _tag, name, value in page.values
        if name in ("href", "src", "action", "formaction")
        and re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE)
    ]
    return wrong


def mark_stored_words(world: World) -> None:
    """The tag in the words that are stored already, where no form was needed to put it, and a formula in a name."""
    from stepwell.care.care_plans.models import Step
    from stepwell.care.episodes.models import Referral
    from stepwell.care.scheduling.models import GroupSeries
    from stepwell.trust.people.models import Patient, Practitioner

    with acting_in(world.alder.id):
        Patient.objects.filter(pk=world.patient.pk).update(
            chosen_name=TAG[:60], last_name="=1+1", pronouns=TAG[:40]
        )
        Practitioner.objects.update(name="+" + TAG[:60], title=TAG[:80])
        GroupSeries.objects.update(name="@" + TAG[:50])
        Referral.objects.update(asked_for=TAG)
        Step.objects.update(words=TAG)


def _formulas(text: str) -> Iterator[str]:
    """Cells that a spreadsheet would reckon with."""
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        yield from (cell for cell in row if re.match(r"[=+@\t\r]|-[^\d]", cell))


# ---------- fields that are not its own ----------


def not_its_own(world: World) -> dict[str, str]:
    """What somebody would like to set, whom no form asks for it."""
    with acting_in(world.alder.id):
        _maya, other = SAMPLES.patients()
    return {
        "id": str(other.pk),
        "pk": str(other.pk),
        "organization": str(world.birch.id),
        "organization_id": str(world.birch.id),
        "center_id": str(world.twin(world.center.pk)),
        "patient": str(other.pk),
        "patient_id": str(other.pk),
        "user": str(other.user_id or other.pk),
        "user_id": str(other.user_id or other.pk),
        "is_active": "",
        "is_staff": "1",
        "is_superuser": "1",
        "membership": "director",
        "status": "signed",
        "signed_at": "2020-01-01T00:00",
        "signed_by": str(other.pk),
        "signed_by_id": str(other.pk),
        "recorded_by": str(other.pk),
        "recorded_at": "2020-01-01T00:00",
        "received_at": "2020-01-01T00:00",
        "entered_in_error_at": "2020-01-01T00:00",
        "merged_into": str(other.pk),
        "expires_at": "2030-01-01T00:00",
        "ended_on": "2020-01-01",
        "given_by": str(other.pk),
        "completed_at": "2020-01-01T00:00",
        "record_number": "0001",
        "by": str(other.pk),
        "at": "2020-01-01T00:00",
        "version_of": "1",
        "password": "not asked for here",
    }


@readers
def test_a_form_changes_what_it_asks_for_and_nothing_else(
    world: World, askings: list[Asking], role: Role, stands: Stands
) -> None:
    wrong, written = [], 0
    extra = not_its_own(world)
    with world.reader(role, stands) as reader:
        forms = forms_of(reader, askings)
        own: dict[str, set[str]] = {}
        for one in forms:
            own.setdefault(one.action, set()).update(each.name for each in one.form.fields)
        for one in forms:
            sent = one.form.filled("Walks by the creek")
            alone = _writes(reader, one.action, sent)
            with_more = _writes(
                reader,
                one.action,
                sent | {name: [value] for name, value in extra.items() if name not in own[one.action]},
            )
            written += len(alone)
            if alone != with_more:
                differs = [after for before, after in zip(alone, with_more, strict=False) if before != after]
                wrong.append(f"{one.page} to {one.action}: {(differs or with_more)[:1]}")
    print(f"\n{role}: {len(forms)} forms with {len(extra)} fields more each; {written} writes compared")
    assert wrong == []
    assert written > 0


def _writes(reader: Reader, action: str, sent: dict[str, list[str]]) -> list[str]:
    """Every write that the form leads to, without what is made anew each time."""
    writes: list[str] = []

    def watch(execute: Callable[..., Any], statement: Any, values: Any, many: bool, context: Any) -> Any:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", str(statement)) and "django_session" not in str(statement):
            writes.append(f"{statement} {[_plain(value) for value in values or ()]}"[:2000])
        return execute(statement, values, many, context)

    with undone(), connection.execute_wrapper(watch):
        reader.client.post(action, sent)
    return writes


def _plain(value: Any) -> Any:
    if isinstance(value, (UUID, datetime)):
        return "?"
    if isinstance(value, date):
        return str(value)
    text = str(getattr(value, "obj", value))
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "?", text)
    return re.sub(r"[A-Za-z0-9+/=$_-]{24,}", "?", text)


def test_a_public_form_asks_for_no_more_than_it_shows(world: World, askings: list[Asking]) -> None:
    """For a visitor, too: what they send beside the fields of a form is as if it had not been sent."""
    visitor = Reader(None, Client(), Role.PATIENT, Stands.OTHER_PATIENT)  # type: ignore[arg-type]
    public = [
        asking for asking in askings if asking.name in ("accounts:sign_in", "accounts:password_forgotten")
    ]
    assert {asking.name for asking in public} <= set(ADDRESSES)
    extra = not_its_own(world)
    extra.pop("password")
    for asking in public:
        sent = {"email": ["nobody@example.org"], "password": ["a guess of somebody"]}
        alone = _writes(visitor, asking.path, sent)
        more = _writes(visitor, asking.path, sent | {name: [value] for name, value in extra.items()})
        assert alone == more


def test_what_was_being_written_is_not_kept_beside_a_wrong_password(world: World) -> None:
    """A form sent after the screen was locked goes to the page that asks for the password again, with all it holds."""
    with world.reader(Role.COUNSELOR, Stands.ON_THE_TEAM) as reader:
        writes = _writes(
            reader,
            "/sign-in/?next=/staff/people/Maya/",
            {
                "email": ["dana@example.org"],
                "password": ["a wrong one"],
                "line": ["Maya spoke of her brother."],
            },
        )
    assert any("axes_accessattempt" in write for write in writes)
    assert not [write for write in writes if "brother" in write or "Maya" in write or "a wrong one" in write]
