"""What looking is asked about, and what is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from stepwell.trust.audit.rules.unusual import (
    DayOfReader,
    Look,
    Person,
    Rule,
    Weight,
    findings,
    findings_of_day,
    home,
    phone,
    surnames,
)

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
REYES = Person(
    surnames=frozenset({"reyes"}), phones=frozenset({"9375550142"}), emails=frozenset({"m@example.org"})
)
DANA = Person(surnames=frozenset({"whitfield"}))
LOOK = Look(reader=DANA, patient=REYES, first_at=MORNING, last_at=MORNING)


def rules(look: Look) -> dict[Rule, Weight]:
    return {finding.rule: finding.weight for finding in findings(look)}


def test_an_ordinary_look_raises_nothing():
    assert rules(LOOK) == {}


def test_ones_own_record_is_always_asked_about():
    assert rules(replace(LOOK, is_own_record=True, is_on_the_team=True)) == {Rule.OWN_RECORD: Weight.HIGH}


def test_a_shared_surname_is_asked_about():
    cousin = replace(DANA, surnames=frozenset({"reyes", "ortiz"}))
    assert rules(replace(LOOK, reader=cousin)) == {Rule.SAME_SURNAME: Weight.HIGH}


def test_a_common_surname_weighs_less():
    garcia = Person(surnames=frozenset({"garcia"}))
    assert rules(replace(LOOK, reader=garcia, patient=garcia)) == {Rule.SAME_SURNAME: Weight.LOW}


def test_a_shared_surname_on_the_care_team_was_seen_by_whoever_made_the_team():
    assert rules(replace(LOOK, reader=REYES.__class__(surnames=REYES.surnames), is_on_the_team=True)) == {}


@pytest.mark.parametrize("shared", ["phones", "emails"])
def test_the_same_telephone_or_email_is_asked_about_on_the_care_team_too(shared):
    reader = replace(DANA, **{shared: getattr(REYES, shared)})
    assert rules(replace(LOOK, reader=reader, is_on_the_team=True)) == {Rule.SAME_CONTACT: Weight.HIGH}


def test_the_same_home_is_asked_about():
    at_home = Person(homes=frozenset({home("12 Elm St., Apt 4", "45402-1234")}))
    other = Person(homes=frozenset({home("12 elm st apt 4", "45402")}))
    assert rules(replace(LOOK, reader=at_home, patient=other)) == {Rule.SAME_HOME: Weight.HIGH}


def test_an_emergency_is_asked_about():
    assert rules(replace(LOOK, in_emergency=True)) == {Rule.EMERGENCY: Weight.HIGH}


@pytest.mark.parametrize(
    ("ended_on", "is_for_care", "found"),
    [
        (date(2026, 10, 23), True, True),
        (date(2026, 10, 24), True, False),
        (date(2026, 10, 1), False, False),
    ],
)
def test_a_chart_opened_long_after_care_for_treatment_is_asked_about(ended_on, is_for_care, found):
    look = replace(LOOK, care_ended_on=ended_on, is_for_care=is_for_care)
    assert (Rule.AFTER_CARE in rules(look)) is found


@pytest.mark.parametrize(
    ("clock", "hours", "found"),
    [
        (time(2, 10), None, True),
        (time(6, 0), None, False),
        (time(21, 1), None, True),
        (time(9, 0), (), True),
        (time(18, 30), ((time(9), time(17, 30)),), False),
        (time(18, 31), ((time(9), time(17, 30)),), True),
    ],
)
def test_a_look_outside_the_hours_is_asked_about(clock, hours, found):
    at = datetime.combine(MORNING.date(), clock, UTC)
    look = replace(LOOK, first_at=at, last_at=at, hours=hours)
    assert (Rule.AT_NIGHT in rules(look)) is found


@pytest.mark.parametrize(
    ("day", "weight"),
    [
        (DayOfReader(charts=24, in_an_hour=24), None),
        (DayOfReader(charts=25, in_an_hour=25), Weight.HIGH),
        (DayOfReader(charts=60, in_an_hour=10), Weight.HIGH),
        (DayOfReader(charts=13, in_an_hour=5, usual=4), Weight.MIDDLE),
        (DayOfReader(charts=12, in_an_hour=5, usual=4), None),
        (DayOfReader(charts=11, in_an_hour=5, usual=1), None),
        (DayOfReader(charts=40, in_an_hour=5, usual=None), None),
        (DayOfReader(charts=40, in_an_hour=5, usual=20), None),
    ],
)
def test_many_charts_are_asked_about_against_a_number_and_against_ones_own_usual(day, weight):
    found = [finding.weight for finding in findings_of_day(day)]
    assert found == ([weight] if weight else [])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Dana Whitfield", {"whitfield"}),
        ("María José O’Brien-Núñez", {"jose", "obrien", "nunez"}),
        ("Luis de la Cruz Jr.", {"cruz"}),
        ("Whitfield, Dana", {"whitfield", "dana"}),
        ("Cher", set()),
        ("", set()),
        ("Anna K. Müller", {"muller"}),
    ],
)
def test_surnames_in_a_name(name, found):
    assert surnames(name) == found


def test_a_last_name_alone_is_all_surname():
    assert surnames("Núñez Ortega", is_whole=False) == {"nunez", "ortega"}


@pytest.mark.parametrize(
    ("number", "plain"),
    [("+1 (937) 555-0142", "9375550142"), ("937.555.0142", "9375550142"), ("911", ""), ("", "")],
)
def test_telephone_numbers_are_compared_by_their_digits(number, plain):
    assert phone(number) == plain
