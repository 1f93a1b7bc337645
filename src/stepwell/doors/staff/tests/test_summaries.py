"""What is kept to sort the lists by is what the rules say, of everybody, on any day; and it never outlives a change."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from stepwell.care.care_plans.testing import in_care
from stepwell.care.measures import actions as measures
from stepwell.care.measures.models import CheckIn, Response
from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.doors.staff.caseload import Asked
from stepwell.doors.staff.jobs import forget_summaries
from stepwell.doors.staff.models import Summary
from stepwell.doors.staff.people_now import PersonNow, Scope, people_in, read
from stepwell.doors.staff.rows import COLUMNS, LEVELS
from stepwell.doors.staff.summaries import Listing, rules_in_use
from stepwell.doors.staff.today import by_need
from stepwell.doors.testing import alone, at, came
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.people import touching
from stepwell.trust.people.models import Patient, Touched
from stepwell.trust.people.testing import Clinic

#: A day of the pictures, one in the week before, a Sunday night, the end of the year, and long after the last visit.
DAYS = (0, -6, -1, 38, 120)

#: What a reading asks for that may change without anybody's place in a list.
MAY_CHANGE = {
    "accounts_user": "the name of whoever set something aside, in words",
    "organizations_closure": "the days on which a center was closed, in the words of why hours are short",
    "organizations_room": "where",
}


@pytest.fixture(scope="module")
def alder_creek(fresh_database: FreshDatabase, alder_creek_template: str) -> Iterator[Organization]:
    with fresh_database(alder_creek_template):
        yield Organization.objects.get(slug="alder-creek")


def asked(words: str) -> Asked:
    return Asked.read(QueryDict(words), (Scope.WHOLE, Scope.MINE, Scope.TEAM))


def names(people: Any) -> list[str]:
    return [person.patient.name for person in people]


def last_craving(person: PersonNow) -> int | None:
    return next((each for each in reversed(person.craving) if each is not None), None)


#: What each column is sorted by, worked out of what its cells show.
VALUES: dict[str, Callable[[PersonNow], Any]] = {
    "name": lambda person: person.patient.name,
    "level": lambda person: (LEVELS.index(person.level), person.day) if person.level else None,
    "hours": lambda person: person.hours.short if person.hours and person.hours.asked else None,
    "missed": lambda person: person.missed if person.attendance else None,
    "craving": last_craving,
    "use": lambda person: person.use,
    "risk": lambda person: person.risk,
    "dose": lambda person: person.dose.due_on if person.dose else None,
    "contact": lambda person: person.last_contact.at.timestamp() if person.last_contact else 0,
    "counselor": lambda person: person.counselor or None,
}
FITS: dict[str, Callable[[PersonNow], bool]] = {
    "needs=1": lambda person: bool(person.needs),
    "short=1": lambda person: bool(person.hours and person.hours.short),
    "level=2.1": lambda person: person.level is not None and person.level.value == "2.1",
    "quiet=3": lambda person: (
        (person.on - person.last_contact.at.date()).days >= 3 if person.last_contact else person.day > 3
    ),
    "q=MA r": lambda person: all(word in person.patient.name.casefold() for word in ("ma", "r")),
}


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.CLINICAL_SUPERVISOR, Role.COUNSELOR, Role.PEER])
def test_all_of_alder_creek_stands_where_the_rules_put_it(
    alder_creek: Organization, role: Role, days: int
) -> None:
    with clock.stand_still(NOW + timedelta(days=days)), acting_in(alder_creek.pk):
        reader = User.objects.filter(memberships__role=role).order_by("name").first()
        assert reader is not None
        episodes = people_in(Scope.WHOLE if role is not Role.PEER else Scope.MINE, reader)
        everyone = read(episodes, reader=reader, now=clock.now())
        assert len(everyone) > 5
        listing = Listing(episodes, reader=reader, now=clock.now())
        assert names(listing.everyone(asked(""))) == names(by_need(everyone))
        by_name = sorted(everyone, key=lambda person: (person.patient.name, str(person.patient.pk)))
        for column in COLUMNS:
            value = VALUES[column.key]
            known = [person for person in by_name if value(person) is not None]
            unknown = [person for person in by_name if value(person) is None]
            for sign in ("", "-"):
                in_order = sorted(known, key=value, reverse=column.falls != bool(sign))
                found = listing.everyone(asked(f"sort={sign}{column.key}"))
                assert names(found) == names([*in_order, *unknown]), f"{sign}{column.key}"
        for words, fits in FITS.items():
            kept = {person.patient.pk for person in listing.everyone(asked(words))}
            assert kept == {person.patient.pk for person in everyone if fits(person)}, words
        assert listing.counts == {
            "everyone": len(everyone),
            "short": sum(bool(person.hours and person.hours.short) for person in everyone),
        }
        first = listing.most_in_need(3)
        assert names(by_need(first))[:3] == names(by_need(everyone))[:3]
        assert {p.patient.pk for p in everyone if p.aside} <= {p.patient.pk for p in first}
        in_need = sum(bool(person.needs) for person in first) + listing.in_need_besides(first)
        assert in_need == sum(bool(person.needs) for person in everyone)


def test_pages_hold_everybody_once(alder_creek: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepwell.doors.staff.caseload.PAGE", 7)
    with clock.stand_still(NOW), acting_in(alder_creek.pk):
        director = User.objects.filter(memberships__role=Role.DIRECTOR).first()
        assert director is not None
        listing = Listing(people_in(Scope.WHOLE, director), reader=director, now=NOW)
        pages = [
            listing.page(asked(f"page={number}")) for number in range(1, listing.page(asked("")).pages + 1)
        ]
        found = [person for page in pages for person in page.people]
        assert names(found) == names(listing.everyone(asked("")))
        assert {page.found for page in pages} == {len(found)}
        assert listing.page(asked("page=99")).number == len(pages)


def test_whatever_a_reading_asks_for_leaves_a_mark_when_it_changes(alder_creek: Organization) -> None:
    with clock.stand_still(NOW), acting_in(alder_creek.pk):
        nurse = User.objects.filter(memberships__role=Role.NURSE).first()
        assert nurse is not None
        episodes = list(people_in(Scope.WHOLE, nurse))
        with CaptureQueriesContext(connection) as put:
            read(episodes, reader=nurse, now=NOW)
        tables = {table for each in put for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', each["sql"])}
    marked = {source.table for source in touching.sources()}
    assert len(tables) > 12
    assert tables - marked - set(MAY_CHANGE) == set()


# Never out of date


@pytest.fixture
def small(committed_clinic: Clinic) -> Clinic:
    """A counselor and three people in care; what happens here is committed."""
    with acting_in(committed_clinic.organization.pk):
        dana = committed_clinic.user(Role.COUNSELOR, "Dana Whitfield")
        for name in ("Amara Reyes", "Zoe Thackeray", "Bo O’Brien-Núñez"):
            in_care(committed_clinic.patient(name, team=(dana,)), by=dana)
        committed_clinic.user(Role.DIRECTOR, "Ellen Park")
    return committed_clinic


def looked(small: Clinic, *, by: str = "Ellen Park") -> tuple[list[str], int]:
    """Whom the director's list shows first, and how many rows were read anew for it."""
    with acting_in(small.organization.pk):
        before = dict(Summary.objects.values_list("patient", "seen"))
        reader = User.objects.get(name=by)
        listing = Listing(people_in(Scope.WHOLE, reader), reader=reader, now=clock.now())
        shown = names(listing.page(asked("needs=1")).people)
        after = dict(Summary.objects.values_list("patient", "seen"))
        return shown, sum(before.get(pk) != after[pk] for pk in after)


def zoe(small: Clinic) -> Patient:
    return Patient.objects.get(first_name="Zoe")


def answers_question_9(patient: Patient, by: User) -> Response:
    given = dict.fromkeys((f"phq9_{n}" for n in range(1, 9)), 1) | {"phq9_9": 1, "phq9_10": 0}
    return measures.record(
        patient, "phq9", given, mode=Response.Mode.STAFF, taken_at=clock.now(), by=by, at=clock.now()
    )


def test_nobody_is_read_anew_while_nothing_has_changed(small: Clinic) -> None:
    assert looked(small)[1] == 3
    assert looked(small)[1] == 0
    assert looked(small, by="Dana Whitfield")[1] == 0, "what one has read holds for the other"


def test_a_critical_answer_stands_first_at_once(small: Clinic) -> None:
    looked(small)
    with acting_in(small.organization.pk):
        answers_question_9(zoe(small), small.users["Dana Whitfield"])
    assert looked(small) == (["Zoe Thackeray"], 1)


def test_a_change_past_every_action_is_seen_as_well(small: Clinic) -> None:
    with acting_in(small.organization.pk):
        dana = small.users["Dana Whitfield"]
        CheckIn.objects.create(
            patient=zoe(small), on=small.today, craving=1, recorded_by=dana, recorded_at=clock.now()
        )
    assert looked(small) == ([], 3)
    with acting_in(small.organization.pk):
        CheckIn.objects.update(craving=4)
    assert looked(small) == (["Zoe Thackeray"], 1)
    with acting_in(small.organization.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE measures_checkin SET craving = 0")
    assert looked(small) == ([], 1)


def test_what_was_being_written_while_the_list_was_made_is_seen_when_it_is_there(small: Clinic) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with acting_in(small.organization.pk):
                answers_question_9(zoe(small), small.users["Dana Whitfield"])
                written.set()
                go_on.wait(30)
        finally:
            connection.close()

    other = threading.Thread(target=slowly)
    other.start()
    assert written.wait(30)
    assert looked(small) == ([], 3), "not committed: nobody can know of it"
    go_on.set()
    other.join(30)
    assert looked(small) == (["Zoe Thackeray"], 1)


def test_what_is_written_after_the_list_was_made_is_seen_also_by_whoever_made_it(small: Clinic) -> None:
    """PostgreSQL names no transaction as running to itself; once a later one has ended, it would pass for ended."""

    def comes_and_goes() -> None:
        try:
            with acting_in(small.organization.pk):
                User.objects.filter(name="Ellen Park").update(name="Ellen Park")
        finally:
            connection.close()

    ellen, dana = small.users["Ellen Park"], small.users["Dana Whitfield"]
    with acting_in(small.organization.pk):
        User.objects.filter(pk=dana.pk).update(name=dana.name)  # From here on this transaction has a number.
        other = threading.Thread(target=comes_and_goes)
        other.start()
        other.join(30)
        Listing(people_in(Scope.WHOLE, ellen), reader=ellen, now=clock.now()).keep()
        answers_question_9(zoe(small), dana)
    assert looked(small) == (["Zoe Thackeray"], 1)


def test_what_an_undone_transaction_kept_is_not_believed(small: Clinic) -> None:
    class Undone(Exception):
        pass

    def kept_and_undone() -> None:
        with acting_in(small.organization.pk):
            ellen = small.users["Ellen Park"]
            answers_question_9(zoe(small), small.users["Dana Whitfield"])
            Listing(people_in(Scope.WHOLE, ellen), reader=ellen, now=clock.now()).keep()
            raise Undone

    with pytest.raises(Undone):
        kept_and_undone()
    assert looked(small) == ([], 3)


def test_the_next_morning_everybody_is_read_anew(small: Clinic) -> None:
    looked(small)
    with clock.stand_still(clock.now() + timedelta(days=1)):
        assert looked(small)[1] == 3


def test_a_new_version_of_the_rules_believes_nothing_of_the_old(
    small: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(small)
    monkeypatch.setattr("stepwell.doors.staff.summaries.rules_in_use", lambda: "another")
    assert looked(small)[1] == 3


def test_a_row_that_came_with_a_copy_of_another_database_is_not_believed(small: Clinic) -> None:
    looked(small)
    ahead = 2**40 + 5
    with acting_in(small.organization.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE staff_door_summary SET seen = %s::pg_snapshot", [f"{ahead}:{ahead}:"])
    assert looked(small)[1] == 3


def test_a_new_name_is_sorted_and_found_at_once(small: Clinic) -> None:
    looked(small)
    with acting_in(small.organization.pk):
        Patient.objects.filter(first_name="Zoe").update(chosen_name="Aaron")
        ellen = small.users["Ellen Park"]
        listing = Listing(people_in(Scope.WHOLE, ellen), reader=ellen, now=clock.now())
        assert names(listing.everyone(asked("sort=name")))[0] == "Aaron Thackeray"
        assert names(listing.everyone(asked("q=aaron"))) == ["Aaron Thackeray"]


def test_a_counselors_own_late_note_ranks_for_them_alone(small: Clinic) -> None:
    with acting_in(small.organization.pk):
        dana = small.users["Dana Whitfield"]
        came(alone(zoe(small), dana, at(4, 9)), signed=False)
    assert looked(small, by="Dana Whitfield")[0] == ["Zoe Thackeray"]
    assert looked(small)[0] == []
    assert looked(small, by="Dana Whitfield")[0] == ["Zoe Thackeray"]


def test_what_two_readers_keep_at_once_is_kept_once(small: Clinic) -> None:
    reading = [lambda: looked(small)] * 2
    threads: list[Any] = []

    def one(read_it: Callable[[], Any]) -> None:
        try:
            threads.append(read_it())
        finally:
            connection.close()

    started = [threading.Thread(target=one, args=[each]) for each in reading]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(30)
    assert [found for found, _made in threads] == [[], []]
    with acting_in(small.organization.pk):
        assert Summary.objects.count() == 3


def test_rows_of_days_gone_by_are_forgotten_and_those_of_today_stay(small: Clinic) -> None:
    looked(small)
    forget_summaries()
    assert looked(small)[1] == 0
    with clock.stand_still(clock.now() + timedelta(days=4)):
        forget_summaries()
    with acting_in(small.organization.pk):
        assert not Summary.objects.exists()
        assert not Touched.objects.exists()


def test_the_rules_in_use_are_told_apart_by_their_code() -> None:
    assert re.fullmatch(r"[0-9a-f]{20}", rules_in_use())
