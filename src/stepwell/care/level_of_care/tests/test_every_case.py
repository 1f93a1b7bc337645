"""What holds of every case: an answer for each, emergencies first, and worse news never lowers the level."""

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.rules import (
    Case,
    Domain,
    Facts,
    Need,
    Rating,
    Status,
    Substance,
    Triage,
    Vitals,
    decide,
    reach,
    ruleset,
)

TABLE = ruleset("stepwell-needs 2")
BEFORE = ruleset("stepwell-needs 1")
DAILY, MEDICAL, AROUND, PSYCHIATRIC = (
    Need.DAILY_PROGRAM,
    Need.MEDICAL,
    Need.AROUND_THE_CLOCK,
    Need.PSYCHIATRIC_ENHANCED,
)
#: Every rating and need that a rule can tell apart: a need says nothing at 0, 1 and 4.
OPTIONS = [
    Rating(0),
    Rating(1),
    Rating(2),
    Rating(2, PSYCHIATRIC),
    *(Rating(3, need) for need in Need),
    Rating(4),
]
STEADY = {domain: Rating(1) for domain in Domain}


def by_hand(ratings):
    """The table said again, independently, for a case with no facts."""
    values = [rating.value for rating in ratings.values()]
    needs = {rating.need for rating in ratings.values() if rating.value == 3}
    mental, danger, living = (ratings[each].value for each in (Domain.MENTAL, Domain.DANGER, Domain.LIVING))
    if 4 in values:
        return "4"
    medical = MEDICAL in needs
    full = bool(needs & {DAILY, PSYCHIATRIC})
    if AROUND in needs:
        if medical:
            return "3.7"
        return "3.5" if full or mental >= 2 or values.count(3) >= 2 else "3.1"
    if medical:
        return "2.7"
    if full:
        return "2.5"
    if 2 in (mental, danger, living):
        return "2.1"
    return "1.7" if 2 in (ratings[Domain.WITHDRAWAL].value, ratings[Domain.PHYSICAL].value) else "1.5"


def test_every_combination_of_ratings_and_needs_has_an_answer_and_it_is_the_tables():
    seen = {}
    plain = [
        option for option in OPTIONS if option != Rating(2, PSYCHIATRIC)
    ]  # no other domain's 2 has a need
    for combination in product(*(OPTIONS if domain is Domain.MENTAL else plain for domain in Domain)):
        ratings = dict(zip(Domain, combination, strict=True))
        reached = reach(Case(ratings), TABLE)
        assert reached.status is Status.DECIDED
        assert reached.level == by_hand(ratings), ratings
        seen[combination] = reached.level
    assert set(seen.values()) == set(LevelOfCare)
    assert len(seen) == 9 * 8**4
    order = {level: place for place, level in enumerate(LevelOfCare)}
    for combination, level in seen.items():
        for place, rating in enumerate(combination):
            for worse in _worse(rating):
                other = seen[(*combination[:place], worse, *combination[place + 1 :])]
                assert order[other] >= order[level], (combination, place, worse)


def _worse(rating):
    """A rating one step worse, with the same need where one was said."""
    if rating.need and rating.value == 2:
        return [Rating(3, rating.need)]
    return [each for each in OPTIONS if each.value == rating.value + 1 and each != Rating(2, PSYCHIATRIC)]


def test_a_need_that_no_rule_asks_about_changes_nothing():
    for domain, value, need in product(Domain, (0, 1, 2, 4), Need):
        with_need = {**STEADY, domain: Rating(value, need)}
        without = {**STEADY, domain: Rating(value)}
        assert reach(Case(with_need), TABLE).level is reach(Case(without), TABLE).level


def test_any_ratings_may_be_missing_and_what_is_there_sets_the_least():
    for left_out in product([True, False], repeat=5):
        missing = [domain for domain, out in zip(Domain, left_out, strict=True) if out]
        for rating in OPTIONS:
            case = Case({domain: rating for domain in Domain if domain not in missing})
            decision = decide(case, TABLE)
            if not missing or (rating.value == 4 and case.ratings):
                assert decision.status is Status.DECIDED
                continue
            assert decision.status is Status.CANNOT_DETERMINE
            assert decision.missing == tuple(f"ratings.{domain}" for domain in missing)
            assert decision.level is None or decision.matched
            whole = Case({**{domain: Rating(0) for domain in Domain}, **case.ratings})
            assert rank(decision) <= rank(decide(whole, TABLE))


# Withdrawal: every picture of it


UNKNOWN_OR = (None, True, False)
PICTURES = [
    frozenset(picture)
    for picture in (
        {Substance.ALCOHOL},
        {Substance.BENZODIAZEPINE},
        {Substance.SEDATIVE, Substance.OPIOID},
        {Substance.ALCOHOL, Substance.SEDATIVE},
        {Substance.GHB},
        {Substance.OPIOID},
    )
]


@cache
def pictures_of_withdrawal():
    """Every picture, and what it comes to, by what it was made of."""
    found = {}
    for made_of in product(
        PICTURES,
        (None, Rating(0), Rating(1), Rating(2), Rating(3, MEDICAL)),
        (Rating(1), Rating(3, MEDICAL)),
        (None, 0, 6, 14),
        (None, 1, 4),
        UNKNOWN_OR,
        UNKNOWN_OR,
        UNKNOWN_OR,
    ):
        picture, withdrawal, physical, *values = made_of
        ratings = {**STEADY, Domain.PHYSICAL: physical, Domain.WITHDRAWAL: withdrawal}
        facts: dict[str, Any] = dict(zip(WITHDRAWAL_FACTS, values, strict=True))
        case = Case(
            {domain: rating for domain, rating in ratings.items() if rating is not None},
            replace(Facts(in_withdrawal_from=picture), **facts),
        )
        found[made_of] = (case, reach(case, TABLE))
    return found


WITHDRAWAL_FACTS = (
    "ciwa_ar",
    "pawss",
    "past_withdrawal_seizure_or_delirium",
    "can_attend_daily",
    "safe_person_at_home",
)
#: Each of these facts, one step worse.
WORSE_BY_A_STEP: tuple[dict[Any, Any], ...] = (
    {0: 6, 6: 14},
    {1: 4},
    {False: True},
    {True: False},
    {True: False},
)


def route_by_hand(case):
    """The withdrawal table said again, for a picture in which nothing is unknown."""
    facts, withdrawal = case.facts, case.ratings[Domain.WITHDRAWAL].value
    alcohol = Substance.ALCOHOL in facts.in_withdrawal_from
    sedative = bool(facts.in_withdrawal_from & {Substance.BENZODIAZEPINE, Substance.SEDATIVE})
    if not (alcohol or sedative or Substance.GHB in facts.in_withdrawal_from):
        return None
    if withdrawal == 0 and not facts.ciwa_ar:
        return "none"
    if (
        facts.past_withdrawal_seizure_or_delirium
        or facts.pawss >= 4
        or case.ratings[Domain.PHYSICAL].value >= 3
        or (alcohol and sedative)
        or Substance.GHB in facts.in_withdrawal_from
    ):
        return "inpatient"
    home = facts.can_attend_daily and facts.safe_person_at_home
    if alcohol and facts.ciwa_ar >= 10:
        return "daily_monitoring" if home else "inpatient"
    if alcohol:
        return "ambulatory" if home else "daily_monitoring"
    return {0: "ambulatory", 1: "ambulatory", 2: "daily_monitoring", 3: "inpatient"}[withdrawal]


LEAST = {"inpatient": "3.7", "daily_monitoring": "2.7", "ambulatory": "1.7", "none": "1.5", None: "1.5"}


def test_every_picture_of_withdrawal_has_its_route_and_no_unknown_fact_is_taken_as_no():
    routes = set()
    for made_of, (case, reached) in pictures_of_withdrawal().items():
        if None not in made_of:
            assert reached.status is Status.DECIDED
            assert reached.route == route_by_hand(case), case
            routes.add(reached.route)
            assert rank(reached) >= place(LEAST[reached.route])
        elif reached.status is Status.CANNOT_DETERMINE:
            assert reached.missing
        assert reached.level is None or reached.fired
    assert routes == {None, "none", "ambulatory", "daily_monitoring", "inpatient"}


def test_a_worse_fact_of_withdrawal_never_lowers_the_level():
    """In every picture: a CIWA-Ar or PAWSS that rises, a seizure found, a visit or a person lost."""
    pictures = pictures_of_withdrawal()
    first = 3  # of the facts
    for made_of, (_case, reached) in pictures.items():
        for place, steps in enumerate(WORSE_BY_A_STEP, first):
            if made_of[place] is not None and made_of[place] in steps:
                _, after = pictures[(*made_of[:place], steps[made_of[place]], *made_of[place + 1 :])]
                assert rank(after) >= rank(reached), (made_of, place)


def test_one_substance_more_never_lowers_the_level():
    for made_of, (case, reached) in pictures_of_withdrawal().items():
        if made_of[2].value == 1 and made_of[4] == 1:
            for substance in (Substance.ALCOHOL, Substance.BENZODIAZEPINE, Substance.GHB):
                more = case.facts.in_withdrawal_from | {substance}
                after = reach(replace(case, facts=replace(case.facts, in_withdrawal_from=more)), TABLE)
                assert no_lower(after, rank(reached)), (case, substance)


def test_the_table_before_gives_the_same_level_in_every_picture():
    for case, new in pictures_of_withdrawal().values():
        old = reach(case, BEFORE)
        assert (new.status, new.level, new.route) == (old.status, old.level, old.route)


# Whatever is known


SOMETIMES = st.none() | st.booleans()
SUBSTANCES = st.none() | st.frozensets(st.sampled_from(list(Substance)), max_size=4)
FACTS = st.builds(
    Facts,
    cssrs_triage=st.none() | st.sampled_from([Triage.NEGATIVE, Triage.LOW, Triage.MODERATE]),
    ciwa_ar=st.none() | st.integers(0, 18),
    vitals=st.builds(
        Vitals,
        heart_rate=st.none() | st.integers(40, 119),
        respiratory_rate=st.none() | st.integers(8, 23),
        spo2=st.none() | st.integers(90, 100),
        temperature_c=st.none() | st.floats(35.1, 38.2),
        systolic=st.none() | st.integers(90, 179),
    ),
    substances=SUBSTANCES,
    in_withdrawal_from=SUBSTANCES,
    days_since_last_drink=st.none() | st.integers(0, 20),
    pawss=st.none() | st.integers(0, 10),
    past_withdrawal_seizure_or_delirium=SOMETIMES,
    safe_person_at_home=SOMETIMES,
    can_attend_daily=SOMETIMES,
    starting_medication=SOMETIMES,
    home_unsafe=SOMETIMES,
    stepping_down_from=st.none() | st.sampled_from(list(LevelOfCare)),
    failed_weekly_care=SOMETIMES,
    minor_at_risk=SOMETIMES,
)
RATINGS = st.fixed_dictionaries({domain: st.sampled_from(OPTIONS) for domain in Domain})
EMERGENCIES = {
    "E1": Facts(unresponsive=True),
    "E2": Facts(cssrs_triage=Triage.HIGH),
    "E2 said": Facts(suicide_plan_or_intent_now=True),
    "E3": Facts(violence_now=True),
    "E4": Facts(seizure_today=True),
    "E4 delirium": Facts(delirium=True),
    "E4 CIWA-Ar": Facts(ciwa_ar=19),
    "E5 heart": Facts(vitals=Vitals(heart_rate=120)),
    "E5 breath": Facts(vitals=Vitals(respiratory_rate=24)),
    "E5 oxygen": Facts(vitals=Vitals(spo2=89.9)),
    "E5 hot": Facts(vitals=Vitals(temperature_c=38.3)),
    "E5 cold": Facts(vitals=Vitals(temperature_c=35.0)),
    "E5 low": Facts(vitals=Vitals(systolic=89)),
    "E5 high": Facts(vitals=Vitals(systolic=180)),
    "E6": Facts(pregnant=True, bleeding=True),
    "E6 withdrawal": Facts(pregnant=True, in_withdrawal_from=frozenset({Substance.OPIOID})),
}


def place(level):
    return list(LevelOfCare).index(level)


def rank(answer):
    """How intense an answer is; where nothing is decided, the least it could be."""
    return 0 if answer.level is None else place(answer.level)


def no_lower(answer, before):
    """No lower than before, or not decided: a new question was opened, and the answer is not a lower level."""
    return answer.status is not Status.DECIDED or rank(answer) >= before


@pytest.mark.parametrize("emergency", EMERGENCIES, ids=str)
def test_every_emergency_wins_over_every_rating(emergency):
    facts = EMERGENCIES[emergency]
    for ratings in ({}, STEADY, *({**STEADY, domain: each} for domain in Domain for each in OPTIONS)):
        decision = decide(Case(ratings, facts), TABLE)
        assert decision.status is Status.EMERGENCY
        assert decision.level is None
        assert decision.hours is None
        assert emergency.split()[0] in {matched.id for matched in decision.matched}
        assert all(matched.do for matched in decision.matched)


def test_two_emergencies_at_once_are_both_said():
    for one, other in product(EMERGENCIES, repeat=2):
        both = _together(EMERGENCIES[one], EMERGENCIES[other])
        fired = {each.rule.id for each in reach(Case({}, both), TABLE).fired}
        if getattr(both, "vitals", None) and one[:2] == other[:2] == "E5":
            assert "E5" in fired
        else:
            assert {one[:2], other[:2]} <= fired, (one, other)


def _together(one, other):
    nothing = Facts()
    said = {name: value for name, value in vars(other).items() if value != getattr(nothing, name)}
    return replace(one, **said)


@given(ratings=RATINGS, facts=FACTS)
@settings(max_examples=250, deadline=None)
def test_whatever_is_known_there_is_an_answer_with_its_reasons(ratings, facts):
    case = Case(ratings, facts)
    if reach(case, TABLE).status is Status.EMERGENCY:  # a fever cannot be among these, pregnancy neither
        raise AssertionError(case)
    decision = decide(case, TABLE)
    if decision.status is Status.DECIDED:
        assert decision.level is not None
        assert decision.matched
        assert decision.why_not_lower
        assert decision.why_not_higher
    else:
        assert decision.missing
        assert decision.would_change
    assert decide(case, TABLE) == decision
    assert decide(case, BEFORE).level is decision.level


@given(ratings=RATINGS, facts=FACTS, domain=st.sampled_from(list(Domain)), data=st.data())
@settings(max_examples=400, deadline=None)
def test_a_worse_rating_never_lowers_the_level(ratings, facts, domain, data):
    if ratings[domain].value == 4:
        return
    worse = {**ratings, domain: data.draw(st.sampled_from(_worse(ratings[domain])))}
    before = reach(Case(ratings, facts), TABLE)
    after = reach(Case(worse, facts), TABLE)
    # A worse withdrawal may open questions of fact: then nothing is decided, and no lower level is given.
    assert no_lower(after, rank(before))


WORSE = {
    "unresponsive": (False, True),
    "cssrs_triage": (Triage.NEGATIVE, Triage.HIGH),
    "suicide_plan_or_intent_now": (False, True),
    "violence_now": (False, True),
    "seizure_today": (False, True),
    "delirium": (False, True),
    "bleeding": (False, True),
    "ciwa_ar": (9, 10),
    "pawss": (3, 4),
    "days_since_last_drink": (6, 0),
    "past_withdrawal_seizure_or_delirium": (False, True),
    "safe_person_at_home": (True, False),
    "can_attend_daily": (True, False),
    "starting_medication": (False, True),
    "home_unsafe": (False, True),
    "stepping_down_from": (LevelOfCare.INTENSIVE_OUTPATIENT, LevelOfCare.HIGH_INTENSITY_OUTPATIENT),
    "failed_weekly_care": (False, True),
    "minor_at_risk": (False, True),
}


@given(ratings=RATINGS, facts=FACTS, name=st.sampled_from(sorted(WORSE)))
@settings(max_examples=500, deadline=None)
def test_a_worse_fact_never_lowers_the_level(ratings, facts, name):
    better, worse = WORSE[name]
    before = reach(Case(ratings, replace(facts, **{name: better})), TABLE)
    after = reach(Case(ratings, replace(facts, **{name: worse})), TABLE)
    if after.status is not Status.EMERGENCY:
        assert no_lower(after, rank(before))


@given(ratings=RATINGS, facts=FACTS, age=st.none() | st.integers(0, 110), edition=st.sampled_from("34"))
@settings(max_examples=100, deadline=None)
def test_age_and_edition_only_choose_the_label_and_the_hours(ratings, facts, age, edition):
    plain = reach(Case(ratings, facts), TABLE)
    assert reach(Case(ratings, facts, edition, age), TABLE) == plain
