"""One reason stands in one place on Today: with the person, or under what the reader owes."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from stepwell.care.progress.rules.needs import RULES, Act, Facts, Level, Missed, Need, WaitingPlan, needs_of
from stepwell.care.progress.rules.one_place import (
    NEED_OF,
    PLACES,
    is_told_with_the_person,
    left_with_the_person,
)

TODAY = date(2026, 11, 23)
DEVON = Facts(on=TODAY, called="Devon", admitted_on=date(2026, 10, 12), last_seen_on=date(2026, 11, 18))


def need(rule: str, about: object = None) -> Need:
    return Need(rule, Level.WATCH, "A reason.", "Its source", Act.CALL, about=about)  # type: ignore[arg-type]


def test_every_place_is_of_a_rule_that_ranks() -> None:
    assert set(PLACES) | set(NEED_OF.values()) <= {rule.id for rule in RULES}
    assert set(NEED_OF.values()) <= set(PLACES)


@pytest.mark.parametrize("rule", ["safety_answer", "missed", "no_contact"])
def test_whoever_is_to_be_reached_stands_above_and_is_not_told_again_below(rule: str) -> None:
    assert left_with_the_person([need(rule)], {rule}) == (need(rule),)
    assert is_told_with_the_person(rule, None, [need(rule)])


@pytest.mark.parametrize("rule", ["plan_waits", "review", "note"])
def test_paper_that_the_reader_owes_stands_below_and_not_with_the_person(rule: str) -> None:
    assert left_with_the_person([need(rule), need("craving")], {rule}) == (need("craving"),)
    assert not is_told_with_the_person(rule, None, [need(rule)])


def test_paper_that_a_colleague_owes_stays_with_the_person() -> None:
    assert left_with_the_person([need("review")], set()) == (need("review"),)


def test_what_the_page_does_not_show_above_stays_due() -> None:
    assert not is_told_with_the_person("missed", None, [])
    assert not is_told_with_the_person("missed", None, [need("craving")])


def test_of_two_answers_the_one_that_is_not_shown_stays_due() -> None:
    shown, other = uuid4(), uuid4()
    told = [need("safety_answer", shown)]
    assert is_told_with_the_person("safety_answer", shown, told)
    assert not is_told_with_the_person("safety_answer", other, told)


def test_what_no_rule_of_today_says_is_told_only_below() -> None:
    assert not is_told_with_the_person("", None, [need("missed")])


# What quiets a need


def missed(days_ago: int, *, reached: bool = False, reason: bool = False) -> Missed:
    return Missed(TODAY - timedelta(days=days_ago), "Skills", reason, excused=False, was_reached=reached)


def rules_of(facts: Facts) -> list[str]:
    return [each.rule for each in needs_of(facts)]


def test_somebody_who_was_reached_after_a_miss_does_not_rank_for_it() -> None:
    facts = Facts(on=TODAY, called="Devon", missed=(missed(3), missed(1)), came=1)
    assert rules_of(facts) == ["missed"]
    reached = Facts(
        on=TODAY, called="Devon", missed=(missed(3, reached=True), missed(1, reached=True)), came=1
    )
    assert rules_of(reached) == []


def test_the_next_miss_ranks_again_and_counts_the_ones_before() -> None:
    facts = Facts(on=TODAY, called="Devon", missed=(missed(3, reached=True), missed(0)), came=2)
    (found,) = needs_of(facts)
    assert found.reason == "Missed 2 of 4 sessions in 7 days."


def test_reaching_somebody_in_the_first_days_counts_as_contact() -> None:
    new = Facts(on=TODAY, called="Hannah", admitted_on=TODAY - timedelta(days=3))
    assert rules_of(new) == ["no_contact"]
    told = Facts(on=TODAY, called="Hannah", admitted_on=new.admitted_on, last_reached_on=TODAY)
    before = Facts(
        on=TODAY, called="Hannah", admitted_on=new.admitted_on, last_reached_on=TODAY - timedelta(days=9)
    )
    assert rules_of(told) == []
    assert rules_of(before) == ["no_contact"]


def test_a_plan_that_was_sent_for_signatures_has_been_reviewed() -> None:
    late = Facts(on=TODAY, called="Devon", review_due_on=TODAY - timedelta(days=2))
    sent = WaitingPlan(sent_on=TODAY, for_clinician=False, for_patient=True)
    assert rules_of(late) == ["review"]
    assert (
        rules_of(Facts(on=TODAY, called="Devon", review_due_on=late.review_due_on, waiting_plan=sent)) == []
    )
