"""Who needs somebody now. Monday, November 23, in Thanksgiving week, at nine."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.care.progress.rules.needs import (
    RULES,
    VERSIONS,
    Act,
    Aside,
    Dose,
    Facts,
    Felt,
    Hours,
    InNeed,
    Level,
    Missed,
    Need,
    Raised,
    Unsigned,
    Urgency,
    WaitingPlan,
    divide,
    in_force,
    in_hours,
    is_set_aside,
    needs_of,
    rank,
)

TODAY = date(2026, 11, 23)
DEVON = Facts(on=TODAY, called="Devon", admitted_on=date(2026, 10, 12), last_seen_on=date(2026, 11, 18))
RESPONSE = UUID("00000000-0000-4000-8000-000000000009")


def felt(days_ago: int, craving: int | None, *, used: bool | None = False, words: str = "") -> Felt:
    on = TODAY - timedelta(days=days_ago)
    return Felt(on, datetime.combine(on, time(7, 52), UTC), craving, used, words)


def says(facts: Facts) -> list[str]:
    return [need.reason for need in needs_of(facts)]


def the(rule: str, facts: Facts) -> Need:
    return next(need for need in needs_of(facts) if need.rule == rule)


def rules_of(facts: Facts) -> list[str]:
    return [need.rule for need in needs_of(facts)]


def test_somebody_of_whom_nothing_is_known_needs_nothing():
    assert needs_of(DEVON) == ()


# Answers that somebody must act on

ITEM_9 = Raised(
    says="PHQ-9, question 9: “Several days”.",
    measure="PHQ-9",
    at=datetime(2026, 11, 22, 21, 14, tzinfo=UTC),
    total="14",
    urgency=Urgency.NOW,
    response=RESPONSE,
)


def test_question_9_of_the_phq9_comes_first_and_opens_the_answers():
    need = the("safety_answer", replace(DEVON, raised=(ITEM_9,), check_ins=(felt(0, 4),)))
    assert need.level is Level.URGENT
    assert need.reason == "PHQ-9, question 9: “Several days”. Not followed up yet."
    assert need.source == "PHQ-9 yesterday 9:14 PM, total 14"
    assert (need.act, need.about) == (Act.OPEN_ANSWERS, RESPONSE)


def test_an_answer_for_this_week_stands_below_one_for_now():
    later = replace(ITEM_9, says="BAM-IOP, question 4.", urgency=Urgency.THIS_WEEK)
    assert the("safety_answer", replace(DEVON, raised=(later,))).level is Level.NOTE
    assert the("safety_answer", replace(DEVON, raised=(later, ITEM_9))).reason.startswith("PHQ-9")


# Craving and use


def test_craving_that_has_risen_is_for_now():
    facts = replace(DEVON, check_ins=(*(felt(n, 1) for n in range(1, 7)), felt(0, 3)))
    need = the("craving", facts)
    assert need.level is Level.URGENT
    assert need.reason == "Craving strong today, up from a little."
    assert need.source == "Check-in today 7:52 AM"


def test_craving_that_is_strong_as_usual_is_for_today():
    assert the("craving", replace(DEVON, check_ins=tuple(felt(n, 3) for n in range(7)))).level is Level.WATCH


def test_very_strong_craving_is_for_now_though_it_is_usual():
    assert the("craving", replace(DEVON, check_ins=tuple(felt(n, 4) for n in range(7)))).level is Level.URGENT


def test_yesterdays_answer_counts_until_there_is_one_today():
    strong_yesterday = felt(1, 3, words="Cannot shake it.")
    assert says(replace(DEVON, check_ins=(strong_yesterday,))) == ["Craving strong yesterday."]
    assert the("craving", replace(DEVON, check_ins=(strong_yesterday,))).source.endswith("“Cannot shake it.”")
    assert "craving" not in rules_of(replace(DEVON, check_ins=(strong_yesterday, felt(0, 2))))


def test_an_answer_of_two_days_ago_and_a_skipped_one_say_nothing():
    assert needs_of(replace(DEVON, check_ins=(felt(2, 4), felt(0, None)))) == ()


def test_somebody_who_used_again_is_called():
    need = the("used", replace(DEVON, check_ins=(felt(1, 2, used=True),), last_used_on=TODAY - timedelta(1)))
    assert (need.level, need.act, need.reason) == (Level.URGENT, Act.CALL, "Used again yesterday.")


def test_a_strong_craving_after_a_gap_in_opioid_use_names_lost_tolerance():
    facts = replace(
        DEVON, check_ins=(felt(0, 3),), takes_or_took_opioids=True, last_used_on=TODAY - timedelta(days=19)
    )
    assert "Lost tolerance: 19 days since last use." in says(facts)
    assert "lost_tolerance" not in rules_of(replace(facts, takes_or_took_opioids=False))
    assert "lost_tolerance" not in rules_of(replace(facts, last_used_on=TODAY - timedelta(days=6)))
    assert "lost_tolerance" not in rules_of(replace(facts, check_ins=(felt(0, 1),)))


# Contact, attendance, hours


@pytest.mark.parametrize(("days_in", "is_found"), [(2, False), (3, True), (7, True), (8, False)])
def test_a_new_person_is_reached_within_the_first_days(days_in: int, is_found: bool):
    admitted = TODAY - timedelta(days=days_in)
    hannah = Facts(on=TODAY, called="Hannah", admitted_on=admitted, last_seen_on=admitted)
    assert ("no_contact" in rules_of(hannah)) is is_found


def test_a_new_person_who_was_seen_since_intake_is_reached():
    admitted = TODAY - timedelta(days=4)
    assert needs_of(replace(DEVON, admitted_on=admitted, last_seen_on=admitted + timedelta(days=1))) == ()


def missed(days_ago: int, *, has_reason: bool = False, excused: bool = False) -> Missed:
    return Missed(TODAY - timedelta(days=days_ago), "Skills A", has_reason, excused)


def test_one_missed_session_counts_until_its_reason_is_known():
    need = the("missed", replace(DEVON, missed=(missed(3),)))
    assert need.reason == "Missed Skills A on Friday, no reason yet."
    assert need.source == "Attendance Nov 20"
    assert needs_of(replace(DEVON, missed=(missed(3, has_reason=True),))) == ()


def test_two_missed_sessions_in_a_week_count_with_their_reasons():
    both = (missed(3, has_reason=True), missed(5, has_reason=True))
    assert says(replace(DEVON, missed=both, came=1)) == ["Missed 2 of 3 sessions in 7 days."]


def test_who_came_again_after_one_miss_is_not_called_for_it_and_after_two_still_is():
    came = replace(missed(6), came_since=True)
    assert needs_of(replace(DEVON, missed=(came,), came=2)) == ()
    assert says(replace(DEVON, missed=(came, missed(1)), came=2)) == ["Missed 2 of 4 sessions in 7 days."]
    assert says(replace(DEVON, missed=(came, replace(missed(5), came_since=True)), came=2)) == [
        "Missed 2 of 4 sessions in 7 days."
    ]


def test_the_sessions_of_a_week_are_those_of_that_week_and_a_day_is_named_once():
    excused, before = missed(2, excused=True), missed(12)
    need = the("missed", replace(DEVON, missed=(missed(3), missed(3), excused, before), came=1))
    assert need.reason == "Missed 2 of 4 sessions in 7 days."
    assert need.source == "Attendance Nov 20"


def test_excused_absences_and_those_of_weeks_ago_do_not_count():
    assert needs_of(replace(DEVON, missed=(missed(1, excused=True), missed(8), missed(9)))) == ()


def test_hours_that_will_not_be_reached_lead_to_the_week():
    need = the("hours", replace(DEVON, hours=Hours(asked=540, held=180, planned=180)))
    assert (need.reason, need.act) == ("Placed for 6 of 9 hours this week.", Act.OPEN_WEEK)
    closed = the("hours", replace(DEVON, hours=Hours(540, 180, 180), closed=(date(2026, 11, 26),)))
    assert closed.reason == "Placed for 6 of 9 hours this week; closed Thursday."
    over = the("hours", replace(DEVON, hours=Hours(asked=540, held=360, planned=0)))
    assert over.reason == "6 of 9 hours this week, nothing more booked."
    assert needs_of(replace(DEVON, hours=Hours(asked=540, held=180, planned=360))) == ()


def test_nobody_is_short_of_hours_without_a_plan_that_asks_for_them():
    assert needs_of(replace(DEVON, hours=Hours(asked=0, held=0, planned=0))) == ()


# Doses, plans, notes


def shot(due: date, booked_at: datetime | None = None) -> Dose:
    return Dose("Naltrexone ER, monthly shot", due, due - timedelta(days=28), booked_at)


def test_a_dose_due_today_says_when_it_is_booked():
    need = the("dose", replace(DEVON, doses=(shot(TODAY, datetime(2026, 11, 23, 10, 40, tzinfo=UTC)),)))
    assert need.reason == "Naltrexone ER, monthly shot: due today. Booked today 10:40 AM."
    assert need.source == "Last dose Oct 26, 28 days ago"
    assert need.act is Act.OPEN_MEDICATION


def test_a_visit_that_is_over_without_a_dose_says_so():
    visit = shot(TODAY, datetime(2026, 11, 23, 12, 10, tzinfo=UTC))
    need = the("dose", replace(DEVON, doses=(replace(visit, is_past=True),)))
    assert need.reason.endswith("due today. The visit at 12:10 PM is over, and no dose is written down.")


def test_a_late_dose_without_a_time_says_both():
    assert says(replace(DEVON, doses=(shot(TODAY - timedelta(days=1)),))) == [
        "Naltrexone ER, monthly shot: 1 day late. No time is booked."
    ]
    assert needs_of(replace(DEVON, doses=(shot(TODAY + timedelta(days=1)),))) == ()


def test_a_gap_that_is_too_long_asks_for_a_prescriber_now():
    late = replace(shot(TODAY - timedelta(days=8)), needs_review=True)
    need = the("dose", replace(DEVON, doses=(late,)))
    assert need.level is Level.URGENT
    assert (
        need.reason
        == "Naltrexone ER, monthly shot: 8 days late. A prescriber looks first. No time is booked."
    )


def test_a_review_is_named_when_near_and_ranks_higher_when_late():
    assert needs_of(replace(DEVON, review_due_on=TODAY + timedelta(days=4))) == ()
    assert the("review", replace(DEVON, review_due_on=TODAY + timedelta(days=3))).level is Level.NOTE
    assert the("review", replace(DEVON, review_due_on=TODAY)).reason == "Plan review due today."
    late = the("review", replace(DEVON, review_due_on=TODAY - timedelta(days=2)))
    assert (late.level, late.reason) == (Level.WATCH, "Plan review 2 days late.")


def test_a_plan_waits_for_the_clinician_today_and_for_the_person_after_two_days():
    friday = TODAY - timedelta(days=3)
    waits = WaitingPlan(friday, for_clinician=True, for_patient=True)
    assert the("plan_waits", replace(DEVON, waiting_plan=waits)).level is Level.WATCH
    for_devon = replace(waits, for_clinician=False)
    assert says(replace(DEVON, waiting_plan=for_devon)) == ["The plan waits for Devon’s signature."]
    assert needs_of(replace(DEVON, waiting_plan=replace(for_devon, sent_on=TODAY))) == ()


def test_ones_own_note_is_late_after_two_days():
    seen_alone = Unsigned("individual session", TODAY - timedelta(days=3))
    assert says(replace(DEVON, unsigned=(seen_alone,))) == [
        "Your note on the individual session Friday is not signed."
    ]
    assert needs_of(replace(DEVON, unsigned=(replace(seen_alone, on=TODAY - timedelta(days=1)),))) == ()


# Good news

HARD_SATURDAY = (felt(2, 3, words="Family dinner. Left early."), felt(1, 2), felt(0, 1))


def test_a_hard_day_that_passed_is_worth_naming():
    need = the("good_news", replace(DEVON, check_ins=HARD_SATURDAY))
    assert need.level is Level.NOTE
    assert need.reason == "Craving strong Saturday, back to a little, no use. Worth naming in group."
    assert need.source == "Check-ins Saturday and today: “Family dinner. Left early.”"


def test_good_news_waits_while_something_is_urgent_or_the_person_used():
    assert "good_news" not in rules_of(replace(DEVON, check_ins=HARD_SATURDAY, raised=(ITEM_9,)))
    used = (replace(HARD_SATURDAY[0], used=True), *HARD_SATURDAY[1:])
    assert "good_news" not in rules_of(replace(DEVON, check_ins=used))


# The order


def someone(name: str, facts: Facts) -> InNeed[str]:
    return InNeed(name, name, name, needs_of(facts))


def test_urgent_before_today_before_good_to_know_and_calm_people_not_at_all():
    people = [
        someone("Maya", replace(DEVON, check_ins=HARD_SATURDAY)),
        someone("Rosa", replace(DEVON, hours=Hours(540, 0, 360))),
        someone("James", DEVON),
        someone("Devon", replace(DEVON, check_ins=(felt(0, 4),))),
        someone("Wendell", replace(DEVON, raised=(ITEM_9,))),
    ]
    assert [one.person for one in rank(people)] == ["Wendell", "Devon", "Rosa", "Maya"]


def test_more_pressing_first_within_a_rule_then_by_name():
    people = [
        someone("Ngoc", replace(DEVON, missed=(missed(1), missed(2)))),
        someone("Aisha", replace(DEVON, missed=(missed(1),))),
        someone("Cole", replace(DEVON, missed=(missed(1),))),
        someone("Brianna", replace(DEVON, missed=(missed(1),), review_due_on=TODAY)),
    ]
    assert [one.person for one in rank(people)] == ["Ngoc", "Brianna", "Aisha", "Cole"]


# The figures


def test_the_figures_of_a_day_are_those_in_effect_then():
    newer = replace(VERSIONS[-1], effective_on=date(2027, 1, 1), craving_is_high=2)
    assert in_force(date(2020, 1, 1)) is VERSIONS[0]
    some_today = replace(DEVON, check_ins=(felt(0, 2),))
    assert needs_of(some_today) == ()
    assert [need.rule for need in needs_of(some_today, newer)] == ["craving"]


def test_every_version_names_its_day_and_its_source_in_order():
    assert [version.effective_on for version in VERSIONS] == sorted({v.effective_on for v in VERSIONS})
    assert all(version.source for version in VERSIONS)


def test_every_rule_can_be_told_in_words_of_its_own():
    told = [rule.in_words(VERSIONS[-1]) for rule in RULES]
    assert len({rule.id for rule in RULES}) == len(set(told)) == len(RULES)
    assert all(words.endswith(".") for words in told)


@pytest.mark.parametrize(("minutes", "words"), [(540, "9"), (270, "4.5"), (0, "0"), (410, "6.8")])
def test_hours_are_said_as_they_are_spoken_of(minutes: int, words: str):
    assert in_hours(minutes) == words


# What holds for any facts

near = st.integers(-3, 40).map(lambda days: TODAY - timedelta(days=days))
moments = near.flatmap(
    lambda day: st.times().map(lambda clock: datetime.combine(day, clock.replace(fold=0), UTC))
)
check_ins = st.builds(
    lambda on, at, craving, used, words: Felt(on, datetime.combine(on, at, UTC), craving, used, words),
    near,
    st.times(),
    st.none() | st.integers(0, 4),
    st.none() | st.booleans(),
    st.text(max_size=120),
)
facts = st.builds(
    Facts,
    on=st.just(TODAY),
    called=st.text(min_size=1, max_size=20),
    admitted_on=st.none() | near,
    last_seen_on=st.none() | near,
    check_ins=st.lists(check_ins, max_size=14, unique_by=lambda felt: felt.on).map(tuple),
    last_used_on=st.none() | near,
    takes_or_took_opioids=st.booleans(),
    raised=st.lists(
        st.builds(
            Raised,
            says=st.text(min_size=1, max_size=40),
            measure=st.just("PHQ-9"),
            at=moments,
            total=st.sampled_from(["", "14"]),
            urgency=st.sampled_from(Urgency),
            response=st.uuids(),
        ),
        max_size=3,
    ).map(tuple),
    missed=st.lists(
        st.builds(Missed, near, st.just("Skills A"), st.booleans(), st.booleans()), max_size=5
    ).map(tuple),
    came=st.integers(0, 9),
    hours=st.none() | st.builds(Hours, *[st.integers(0, 1200)] * 3),
    doses=st.lists(st.builds(Dose, st.just("A shot"), near, near, st.none() | moments), max_size=2).map(
        tuple
    ),
    unsigned=st.lists(st.builds(Unsigned, st.just("individual session"), near), max_size=3).map(tuple),
    review_due_on=st.none() | near,
    waiting_plan=st.none() | st.builds(WaitingPlan, near, st.booleans(), st.booleans()),
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(facts)
def test_every_need_has_a_reason_a_source_and_one_thing_to_do(some: Facts):
    for need in needs_of(some):
        assert need.reason.strip()
        assert need.source.strip()
        assert need.act in Act
        assert need.stress in need.reason
        assert need.rule in {rule.id for rule in RULES}


@settings(max_examples=200, derandomize=True, deadline=None)
@given(facts)
def test_needs_come_most_pressing_first_and_never_twice_by_one_rule(some: Facts):
    found = needs_of(some)
    assert [need.level for need in found] == sorted(need.level for need in found)
    assert len({need.rule for need in found}) == len(found)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(facts, max_size=8), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_who_is_looked_at_first(several: list[Facts], chance):
    people = [InNeed(n, some.called, str(n), needs_of(some)) for n, some in enumerate(several)]
    in_order = [one.key for one in rank(people)]
    chance.shuffle(people)
    assert [one.key for one in rank(people)] == in_order


@settings(max_examples=100, derandomize=True, deadline=None)
@given(facts)
def test_no_reason_is_left_with_a_gap_in_its_words(some: Facts):
    for need in needs_of(replace(some, called="Devon", raised=())):
        assert not re.search(r"None|nan|  |\(\)", need.reason), need.reason


# Set aside


def test_what_is_set_aside_comes_back_on_its_day_or_when_it_is_more_pressing():
    short = replace(DEVON, hours=Hours(asked=540, held=180, planned=180))
    aside = Aside(
        "hours", Level.WATCH, TODAY + timedelta(days=2), "Works nights until Wednesday.", "Dana Whitfield"
    )
    now, hidden = divide(needs_of(short), [aside], TODAY)
    assert (now, [why.because for _need, why in hidden]) == ((), ["Works nights until Wednesday."])
    assert divide(needs_of(short), [aside], TODAY + timedelta(days=2))[1] == ()
    assert is_set_aside(needs_of(short)[0], aside, TODAY)
    assert not is_set_aside(needs_of(short)[0], replace(aside, rule="review"), TODAY)
    assert not is_set_aside(replace(needs_of(short)[0], level=Level.URGENT), aside, TODAY)


def test_an_answer_that_somebody_must_act_on_is_never_set_aside():
    need = Need("safety_answer", Level.NOTE, "PHQ-9, question 9.", "PHQ-9", Act.OPEN_ANSWERS)
    aside = Aside("safety_answer", Level.URGENT, TODAY + timedelta(days=9), "Busy", "Dana Whitfield")
    assert divide([need], [aside], TODAY) == ((need,), ())
