"""Whoever's name stands on a page, an event says that it was shown, and to whom.

Every address is walked by readers in different parts. Each answer that shows a person (their name, their short name,
or the way to their record) must have left an event that names them. So a new page cannot forget its trace.
"""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

import stepwell
from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.did import Did, Purpose
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import Patient
from tests.addresses import SAMPLES
from tests.test_every_address import every_address
from tests.world import begin_drafts, fill_empty_roles, reader_in, undone

LOOKS = frozenset({Did.OPENED, Did.LISTED, Did.EXPORTED, Did.PRINTED, Did.DISCLOSED, Did.OPENED_IN_EMERGENCY})

#: Between them they may see every page.
READERS = (
    Role.PATIENT,
    Role.FRONT_DESK,
    Role.COUNSELOR,
    Role.CLINICAL_SUPERVISOR,
    Role.BILLER,
    Role.COMPLIANCE,
    Role.ADMINISTRATOR,
)


@pytest.fixture(scope="module")
def alder_creek(fresh_database: FreshDatabase, alder_creek_template: str) -> Iterator[None]:
    with override_settings(STEPWELL_DEMO=True), fresh_database(alder_creek_template):
        with clock.stand_still(NOW), acting_in(Membership.objects.all()[0].organization_id):
            begin_drafts()
            fill_empty_roles()
        yield


def shown_on(page: str, people: list[Patient]) -> set[Patient]:
    """Whose name, or whose record's address, stands on that page."""
    words = html.unescape(re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL))
    return {
        person
        for person in people
        if re.search(rf"\b{re.escape(person.name)}\b", words)
        or (person.last_name and re.search(rf"\b{re.escape(person.short_name)}(?!\w)", words))
        or f"/people/{person.pk}/" in words
    }


def page_of(response: Any) -> str:
    return str(response.content.decode(errors="replace"))


def files_of(page: str, address: str) -> list[str]:
    """The lists of that page, as files."""
    links = re.findall(r'href="([^"]*[?&](?:amp;)?as=csv[^"]*)"', page)
    return [
        f"{address}{html.unescape(link)}" if link.startswith("?") else html.unescape(link) for link in links
    ]


def looked_at(after: int, by: User) -> set[object]:
    """Whom the events of a request name as seen by that reader."""
    seen: set[object] = set()
    for event in AuditEvent.objects.filter(number__gt=after, by_id=by.pk, did__in=LOOKS):
        seen.add(event.patient_id)
        seen.update(event.patients or ())
    return seen


def last_number() -> int:
    return AuditEvent.objects.order_by("-number").values_list("number", flat=True)[0]


@pytest.mark.parametrize("role", READERS)
def test_no_page_shows_a_person_without_an_event_that_says_so(alder_creek: None, role: Role) -> None:
    user = reader_in(role)
    forgotten, pages, shown = [], 0, 0
    with acting_in(user.memberships.all()[0].organization_id):
        everybody = list(Patient.objects.all())
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, takes in every_address().items():
            if name == "web:style_guide":  # Its people are examples.
                continue
            askings = {SAMPLES.for_address(name, takes, patient) for patient in SAMPLES.patients()}
            for asking in filter(None, askings):
                address, queue = asking.path, [asking.path]
                for asked in queue:
                    with undone():
                        before = last_number()
                        response = client.get(asked)
                        seen = looked_at(before, user)
                    if response.status_code != 200 or getattr(response, "streaming", False):
                        continue
                    pages += 1
                    if asked == address:
                        queue += files_of(page_of(response), address)
                    on_it = shown_on(page_of(response), everybody)
                    if asking.patient is not None:
                        on_it.add(asking.patient)
                    own = {person for person in everybody if person.user_id == user.pk}
                    if name.startswith("accounts:"):  # One's own name on one's own account is no record.
                        on_it -= own
                    elif address.startswith("/me/"):
                        on_it |= own
                    shown += len(on_it)
                    # Two records of one person bear one name: the event of one of them tells of it.
                    named = {person.short_name for person in everybody if person.pk in seen}
                    missed = {
                        person
                        for person in on_it
                        if person.pk not in seen
                        and (person.short_name not in named or f"/people/{person.pk}/" in page_of(response))
                    }
                    if missed:
                        forgotten.append(
                            f"{role}: {name} shows {sorted(map(str, missed))} and leaves no event of it"
                        )
    print(f"\n{role}: {pages} pages, on which {shown} names stood")
    assert sorted(set(forgotten)) == []
    assert pages > 8


def test_a_patients_own_looks_are_their_own(alder_creek: None) -> None:
    maya = reader_in(Role.PATIENT)
    client = Client()
    client.force_login(maya, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/me/", "/me/week/", "/me/plan/", "/me/privacy/"):
        assert client.get(address).status_code == 200
        with acting_in(maya.memberships.all()[0].organization_id):
            event = AuditEvent.objects.order_by("-number")[0]
            assert (event.by_id, event.purpose, event.address) == (maya.pk, Purpose.OWN, address)
            assert event.patient_id == Patient.objects.get(user=maya).pk


# ---------- the words of an event ----------

SOURCE = Path(stepwell.__file__).parent


def words_given(tree: ast.AST) -> Iterator[ast.expr]:
    """What is given as `because` wherever an event is recorded."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("record", "record_each", "record_apart")
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "audit"
        ):
            yield from (word.value for word in node.keywords if word.arg == "because")


def is_ours(words: ast.expr) -> bool:
    """Words of our own, numbers in them at most; or the words of one of our lists."""
    if isinstance(words, ast.Constant) or ast.unparse(words) in OUR_OWN:
        return True
    if isinstance(words, ast.IfExp):
        return is_ours(words.body) and is_ours(words.orelse)
    if isinstance(words, ast.JoinedStr):
        return all(is_ours(part) for part in words.values)
    if isinstance(words, ast.FormattedValue):
        return is_ours(words.value)
    # A count.
    return isinstance(words, ast.Call) and isinstance(words.func, ast.Name) and words.func.id == "len"


#: What is ours, looked at one by one: a permission, the name of a list, how many rows, one of our own choices or
#: rules, an instrument, the names of columns; and who of the staff, in which part, which group, which record number;
#: which parts of a record, from which day on.
OUR_OWN = {
    *("refusal.permission.value", "what", "name", "count"),
    *("str(finding.label)", "', '.join(changed)", "asked", "BY_THEMSELF"),
    *("of.name", "to.name", "practitioner.name", "member.practitioner.name", "one.name"),
    *("rule.name", "outcome", "edition", "definition.id", "part", "text.get_language_display()"),
    *("role_name(role)", "role_name(task.role)"),
    *("in_our_words(printout)", "actions.in_our_words(one)"),
    *("role.value", "member.role", "role_name(place.role)", "merged.record_number"),
}
#: Rooms whose acts are about staff and centers, and about no patient: what is written there may be said.
ABOUT_NO_PATIENT = ("trust/setup/actions/",)


def test_an_event_holds_no_words_that_somebody_wrote_about_a_patient():
    wrong = [
        f"{path.relative_to(SOURCE)}:{words.lineno}: {ast.unparse(words)}"
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and not path.relative_to(SOURCE).as_posix().startswith(ABOUT_NO_PATIENT)
        for words in words_given(ast.parse(path.read_text()))
        if not is_ours(words)
    ]
    assert wrong == []
