"""Who needs somebody now, and why: every rule that ranks a person on Today, and the order among them.

A rule looks at the facts of one person on one day. It says nothing, or names a need with its reason, its source
and one thing to do. There is no score: a need stands where its level and its rule put it, so that anyone can say
why somebody is first. The figures are dated and have a source, and an old version still runs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar
from uuid import UUID

Person = TypeVar("Person")

STRENGTHS = ("none", "a little", "some", "strong", "very strong")


class Level(IntEnum):
    """How soon. Each level stands above the next, whatever the rule."""

    URGENT = 0
    WATCH = 1
    NOTE = 2

    @property
    def in_words(self) -> str:
        return {Level.URGENT: "Now", Level.WATCH: "Today", Level.NOTE: "Good to know"}[self]


class Act(StrEnum):
    """The one thing to do, as the page to go to."""

    CALL = "call"
    OPEN_ANSWERS = "open answers"
    OPEN_WEEK = "open week"
    OPEN_MEDICATION = "open medication"
    OPEN_NOTES = "open notes"
    OPEN_PLAN = "open plan"
    OPEN_CHART = "open chart"


# The facts


@dataclass(frozen=True)
class Felt:
    """What a person said in one check-in."""

    on: date
    at: datetime
    craving: int | None
    used: bool | None
    words: str = ""


class Urgency(IntEnum):
    """How soon an answer must be acted on, as the measure's own rule says."""

    NOW = 0
    TODAY = 1
    THIS_WEEK = 2


@dataclass(frozen=True)
class Raised:
    """An answer that somebody must act on, and nobody has yet."""

    says: str
    measure: str
    at: datetime | None  # None: the measure is in progress, and when this was answered is not known
    total: str
    urgency: Urgency
    response: UUID


@dataclass(frozen=True)
class Missed:
    on: date
    what: str
    has_reason: bool
    excused: bool
    #: Somebody has reached the person since, and said so in the task that asked for it.
    was_reached: bool = False
    #: They have come to something since.
    came_since: bool = False


@dataclass(frozen=True)
class Hours:
    """Minutes of this week: what the plan asks, what has been held, and what still lies ahead."""

    asked: int
    held: int
    planned: int

    @property
    def will_be(self) -> int:
        return self.held + self.planned


@dataclass(frozen=True)
class Dose:
    medicine: str
    due_on: date
    last_on: date
    booked_at: datetime | None = None
    #: The booked time is over, and no dose is written down.
    is_past: bool = False
    #: So late, by the medicine's own rule, that a prescriber looks first.
    needs_review: bool = False


@dataclass(frozen=True)
class Unsigned:
    """A note of one's own of a session alone with the person."""

    what: str
    on: date


@dataclass(frozen=True)
class WaitingPlan:
    sent_on: date
    for_clinician: bool
    for_patient: bool


@dataclass(frozen=True)
class Facts:
    """What is known of one person on one day, to the reader who asks."""

    on: date
    called: str
    admitted_on: date | None = None
    last_seen_on: date | None = None
    #: Somebody reached them without a session, and said so in the task that asked for it.
    last_reached_on: date | None = None
    check_ins: tuple[Felt, ...] = ()
    last_used_on: date | None = None
    takes_or_took_opioids: bool = False
    raised: tuple[Raised, ...] = ()
    missed: tuple[Missed, ...] = ()
    came: int = 0
    hours: Hours | None = None
    #: Days of this week on which the person's center is closed.
    closed: tuple[date, ...] = ()
    doses: tuple[Dose, ...] = ()
    unsigned: tuple[Unsigned, ...] = ()
    review_due_on: date | None = None
    waiting_plan: WaitingPlan | None = None

    def days_since(self, day: date) -> int:
        return (self.on - day).days


# What a rule answers


@dataclass(frozen=True)
class Need:
    """One reason to see to one person. `stress` is the part of the reason that stands out."""

    rule: str
    level: Level
    reason: str
    source: str
    act: Act
    stress: str = ""
    about: UUID | None = None
    #: Among needs of the same rule, more comes first.
    weight: int = 0


# The figures


@dataclass(frozen=True)
class Thresholds:
    """The figures the rules use, from a day on."""

    effective_on: date
    source: str
    craving_is_high: int
    craving_has_risen: int
    usual_days: int
    use_is_recent: int
    tolerance_is_lost_after: int
    tolerance_counts_for: int
    reach_within: int
    first_days: int
    missed_within: int
    missed_often: int
    note_is_late_after: int
    review_is_near: int
    patient_may_take: int
    good_news_within: int
    aside_at_most: int


VERSIONS: tuple[Thresholds, ...] = (
    Thresholds(
        effective_on=date(2026, 1, 1),
        source="Stepwell default; for the program's clinical lead to confirm",
        craving_is_high=3,
        craving_has_risen=2,
        usual_days=7,
        use_is_recent=2,
        tolerance_is_lost_after=7,
        tolerance_counts_for=90,
        reach_within=3,
        first_days=7,
        missed_within=7,
        missed_often=2,
        note_is_late_after=2,
        review_is_near=3,
        patient_may_take=2,
        good_news_within=3,
        aside_at_most=14,
    ),
)


def in_force(on: date) -> Thresholds:
    """The figures of that day; the first ones for a day before all."""
    begun = [version for version in VERSIONS if version.effective_on <= on]
    return begun[-1] if begun else VERSIONS[0]


# The rules, most pressing first


def _safety_answer(facts: Facts, figures: Thresholds) -> Need | None:
    if not facts.raised:
        return None
    first = min(
        facts.raised,
        key=lambda raised: (
            raised.urgency,
            -raised.at.timestamp() if raised.at else float("-inf"),
            str(raised.response),
        ),
    )
    when = f" {_day(first.at.date(), facts.on)} {_time(first.at)}" if first.at else ", in progress"
    total = f", total {first.total}" if first.total else ""
    return Need(
        rule="safety_answer",
        level=Level(first.urgency),
        reason=f"{first.says} Not followed up yet.",
        stress=first.says,
        source=f"{first.measure}{when}{total}",
        act=Act.OPEN_ANSWERS,
        about=first.response,
        weight=len(facts.raised),
    )


def _used(facts: Facts, figures: Thresholds) -> Need | None:
    said = [
        felt for felt in facts.check_ins if felt.used and facts.days_since(felt.on) <= figures.use_is_recent
    ]
    if not said:
        return None
    last = max(said, key=lambda felt: felt.on)
    words = f"Used again {_day(last.on, facts.on)}."
    return Need(
        rule="used",
        level=Level.URGENT,
        reason=words,
        stress=words,
        source=f"Check-in {_day(last.on, facts.on)} {_time(last.at)}{_quoted(last.words)}",
        act=Act.CALL,
        weight=figures.use_is_recent - facts.days_since(last.on),
    )


def _craving(facts: Facts, figures: Thresholds) -> Need | None:
    """Today's answer, or yesterday's while there is none today."""
    latest = _latest(facts, within=1)
    if latest is None or latest.craving is None or latest.craving < figures.craving_is_high:
        return None
    usual = _usual_craving(facts, before=latest.on, days=figures.usual_days)
    rise = latest.craving - usual if usual is not None else 0
    has_risen = rise >= figures.craving_has_risen
    strength = STRENGTHS[latest.craving]
    up = f", up from {STRENGTHS[usual]}" if usual is not None and rise > 0 else ""
    return Need(
        rule="craving",
        level=Level.URGENT if has_risen or latest.craving == len(STRENGTHS) - 1 else Level.WATCH,
        reason=f"Craving {strength} {_day(latest.on, facts.on)}{up}.",
        stress=strength,
        source=f"Check-in {_day(latest.on, facts.on)} {_time(latest.at)}{_quoted(latest.words)}",
        act=Act.CALL,
        weight=10 * latest.craving + max(rise, 0),
    )


def _lost_tolerance(facts: Facts, figures: Thresholds) -> Need | None:
    latest = _latest(facts, within=1)
    if not facts.takes_or_took_opioids or facts.last_used_on is None or latest is None:
        return None
    days = facts.days_since(facts.last_used_on)
    is_drawn = latest.craving is not None and latest.craving >= figures.craving_is_high
    if not is_drawn or not figures.tolerance_is_lost_after <= days <= figures.tolerance_counts_for:
        return None
    words = f"Lost tolerance: {days} days since last use."
    return Need(
        rule="lost_tolerance",
        level=Level.URGENT,
        reason=words,
        stress=words,
        source=f"last use {_date(facts.last_used_on)}, opioids in the record",
        act=Act.CALL,
        weight=days,
    )


def _no_contact(facts: Facts, figures: Thresholds) -> Need | None:
    if facts.admitted_on is None:
        return None
    days_in = facts.days_since(facts.admitted_on)
    was_seen_since = facts.last_seen_on is not None and facts.last_seen_on > facts.admitted_on
    was_reached = facts.last_reached_on is not None and facts.last_reached_on >= facts.admitted_on
    if was_seen_since or was_reached or not figures.reach_within <= days_in <= figures.first_days:
        return None
    return Need(
        rule="no_contact",
        level=Level.URGENT,
        reason=f"No contact since intake {_day(facts.admitted_on, facts.on)}.",
        stress="No contact",
        source=f"First-week rule: reach within {figures.reach_within} days",
        act=Act.CALL,
        weight=days_in,
    )


def _missed(facts: Facts, figures: Thresholds) -> Need | None:
    away = [m for m in facts.missed if 0 <= facts.days_since(m.on) <= figures.missed_within]
    missed = sorted((m for m in away if not m.excused), key=lambda m: m.on)
    often = len(missed) >= figures.missed_often
    new = [m for m in missed if not m.was_reached]
    if not new or (not often and all(m.has_reason or m.came_since for m in new)):
        return None
    if often:
        expected = facts.came + len(away)
        words = f"Missed {len(missed)} of {expected} sessions in {figures.missed_within} days."
    else:
        day = _day(new[-1].on, facts.on)
        words = f"Missed {new[-1].what} {day if day in NEAR else f'on {day}'}, no reason yet."
    return Need(
        rule="missed",
        level=Level.WATCH,
        reason=words,
        stress=f"Missed {len(missed)}" if often else "Missed",
        source=f"Attendance {_list(dict.fromkeys(_date(m.on) for m in missed))}",
        act=Act.CALL,
        weight=len(missed),
    )


def _dose(facts: Facts, figures: Thresholds) -> Need | None:
    due = [dose for dose in facts.doses if dose.due_on <= facts.on]
    if not due:
        return None
    first = min(due, key=lambda dose: (dose.due_on, dose.medicine))
    late = facts.days_since(first.due_on)
    when = f"{late} {'day' if late == 1 else 'days'} late" if late else "due today"
    if first.booked_at is None or first.booked_at.date() < facts.on:
        where = " No time is booked."
    elif first.is_past:
        where = f" The visit at {_time(first.booked_at)} is over, and no dose is written down."
    else:
        where = f" Booked {_day(first.booked_at.date(), facts.on)} {_time(first.booked_at)}."
    first_look = " A prescriber looks first." if first.needs_review else ""
    return Need(
        rule="dose",
        level=Level.URGENT if first.needs_review else Level.WATCH,
        reason=f"{first.medicine}: {when}.{first_look}{where}",
        stress=when,
        source=f"Last dose {_date(first.last_on)}, {facts.days_since(first.last_on)} days ago",
        act=Act.OPEN_MEDICATION,
        weight=late,
    )


def _plan_waits(facts: Facts, figures: Thresholds) -> Need | None:
    plan = facts.waiting_plan
    if plan is None:
        return None
    days = facts.days_since(plan.sent_on)
    if plan.for_clinician:
        level, who = Level.WATCH, "the clinician’s signature"
    elif plan.for_patient and days >= figures.patient_may_take:
        level, who = Level.NOTE, f"{facts.called}’s signature"
    else:
        return None
    return Need(
        rule="plan_waits",
        level=level,
        reason=f"The plan waits for {who}.",
        stress="waits",
        source=f"Sent for signatures {_date(plan.sent_on)}",
        act=Act.OPEN_PLAN,
        weight=days,
    )


def _review(facts: Facts, figures: Thresholds) -> Need | None:
    # The version that was sent for signatures is the review; that it waits is another rule's.
    if facts.review_due_on is None or facts.waiting_plan is not None:
        return None
    late = facts.days_since(facts.review_due_on)
    if late < -figures.review_is_near:
        return None
    if late > 0:
        words = f"Plan review {late} {'day' if late == 1 else 'days'} late."
    else:
        words = f"Plan review due {_day(facts.review_due_on, facts.on)}."
    return Need(
        rule="review",
        level=Level.WATCH if late >= 0 else Level.NOTE,
        reason=words,
        stress=words if late > 0 else "due",
        source=f"Review date in the signed plan: {_date(facts.review_due_on)}",
        act=Act.OPEN_PLAN,
        weight=late,
    )


def _hours(facts: Facts, figures: Thresholds) -> Need | None:
    hours = facts.hours
    if hours is None or hours.will_be >= hours.asked:
        return None
    figure = f"{in_hours(hours.will_be)} of {in_hours(hours.asked)} hours"
    words = f"Placed for {figure} this week" if hours.planned else f"{figure} this week, nothing more booked"
    closed = f"; closed {_list(f'{day:%A}' for day in facts.closed)}" if facts.closed else ""
    return Need(
        rule="hours",
        level=Level.WATCH,
        reason=f"{words}{closed}.",
        stress=figure,
        source=f"Held {in_hours(hours.held)} h, booked {in_hours(hours.planned)} h, against the signed plan",
        act=Act.OPEN_WEEK,
        weight=hours.asked - hours.will_be,
    )


def _note(facts: Facts, figures: Thresholds) -> Need | None:
    late = sorted(
        (note for note in facts.unsigned if facts.days_since(note.on) >= figures.note_is_late_after),
        key=lambda note: note.on,
    )
    if not late:
        return None
    days = facts.days_since(late[0].on)
    return Need(
        rule="note",
        level=Level.NOTE,
        reason=f"Your note on the {late[0].what} {_day(late[0].on, facts.on)} is not signed.",
        stress="not signed",
        source=f"Session held {_date(late[0].on)}, {days} days ago",
        act=Act.OPEN_NOTES,
        weight=days,
    )


def _good_news(facts: Facts, figures: Thresholds) -> Need | None:
    latest = _latest(facts, within=0)
    if latest is None or latest.craving is None:
        return None
    recent = [
        felt
        for felt in facts.check_ins
        if 0 < facts.days_since(felt.on) <= figures.good_news_within and felt.craving is not None
    ]
    if any(felt.used for felt in (latest, *recent)) or not recent:
        return None
    hard = max(recent, key=lambda felt: (felt.craving or 0, felt.on))
    peak = hard.craving or 0
    if peak < figures.craving_is_high or peak - latest.craving < figures.craving_has_risen:
        return None
    day = _day(hard.on, facts.on)
    return Need(
        rule="good_news",
        level=Level.NOTE,
        reason=f"Craving {STRENGTHS[peak]} {day}, back to {STRENGTHS[latest.craving]}, no use. Worth naming in group.",
        stress="Worth naming in group.",
        source=f"Check-ins {day} and today{_quoted(hard.words)}",
        act=Act.OPEN_CHART,
        weight=peak - latest.craving,
    )


@dataclass(frozen=True)
class Rule:
    """A rule with a name, and what it says in words with the figures of a version."""

    id: str
    name: str
    level: str
    in_words: Callable[[Thresholds], str]
    find: Callable[[Facts, Thresholds], Need | None]


#: The order among rules of one level. What is absent does not rank.
RULES: tuple[Rule, ...] = (
    Rule(
        "safety_answer",
        "An answer that somebody must act on",
        "Now, today or this week, as the measure says",
        lambda f: (
            "A measure raised a flag, such as question 9 of the PHQ-9 above 0, and nobody has recorded a follow-up. "
            "It stays until somebody does."
        ),
        _safety_answer,
    ),
    Rule(
        "used",
        "Used again",
        "Now",
        lambda f: f"A check-in of the last {f.use_is_recent} days says that the person used.",
        _used,
    ),
    Rule(
        "craving",
        "High or rising craving",
        "Now when it has risen or is very strong; else today",
        lambda f: (
            f"Today’s check-in, or yesterday’s while there is none today, says that craving is "
            f"“{STRENGTHS[f.craving_is_high]}” or more. It has risen when it is {f.craving_has_risen} steps above "
            f"the middle answer of the {f.usual_days} days before."
        ),
        _craving,
    ),
    Rule(
        "lost_tolerance",
        "Lost tolerance",
        "Now",
        lambda f: (
            f"Craving is “{STRENGTHS[f.craving_is_high]}” or more, opioids are in the record, and the last known use "
            f"was {f.tolerance_is_lost_after} to {f.tolerance_counts_for} days ago. After a gap, an amount that was "
            f"usual can kill."
        ),
        _lost_tolerance,
    ),
    Rule(
        "no_contact",
        "No contact in the first days",
        "Now",
        lambda f: (
            f"Day {f.reach_within} to {f.first_days} after admission, and nobody has seen the person since the day "
            f"of intake, or has reached them and said so. After a message was left it waits until the day after."
        ),
        _no_contact,
    ),
    Rule(
        "dose",
        "A dose is due",
        "Today; now when a prescriber must look first",
        lambda f: (
            "The next dose of a medicine given here falls today, or its day has passed. When the gap is longer than "
            "the medicine allows, a prescriber looks before the next dose."
        ),
        _dose,
    ),
    Rule(
        "missed",
        "Missed sessions",
        "Today",
        lambda f: (
            f"In the last {f.missed_within} days the person missed {f.missed_often} sessions or more, or one whose "
            f"reason is not known and after which they have not come. Excused absences do not count. Once somebody has "
            f"reached the person and said so, "
            f"only the next miss ranks again; after a message was left, the same one does the day after."
        ),
        _missed,
    ),
    Rule(
        "plan_waits",
        "A plan waits for a signature",
        "Today for the clinician’s; good to know for the patient’s",
        lambda f: (
            f"A plan was sent and the clinician has not signed, or the patient has not after "
            f"{f.patient_may_take} days."
        ),
        _plan_waits,
    ),
    Rule(
        "review",
        "Plan review due",
        "Today when due or late; else good to know",
        lambda f: (
            f"The signed plan is to be reviewed within {f.review_is_near} days, or its review is late, and no new "
            f"version was sent for signatures."
        ),
        _review,
    ),
    Rule(
        "hours",
        "Short of hours this week",
        "Today",
        lambda f: (
            "Hours held and booked this week, Monday to Sunday, come to less than the signed plan asks."
        ),
        _hours,
    ),
    Rule(
        "note",
        "Your own note is late",
        "Good to know",
        lambda f: (
            f"You saw the person alone {f.note_is_late_after} days ago or more, and your note is not signed. Notes of "
            f"groups wait together under “Due from me”."
        ),
        _note,
    ),
    Rule(
        "good_news",
        "Good news",
        "Good to know",
        lambda f: (
            f"Craving was “{STRENGTHS[f.craving_is_high]}” or more within {f.good_news_within} days, is "
            f"{f.craving_has_risen} steps lower today, and no check-in says that the person used. Left out while "
            f"something above is “now”."
        ),
        _good_news,
    ),
)

_PLACE: Mapping[str, int] = {rule.id: place for place, rule in enumerate(RULES)}


def needs_of(facts: Facts, figures: Thresholds | None = None) -> tuple[Need, ...]:
    """Everything that one person needs, most pressing first."""
    figures = figures or in_force(facts.on)
    found = [need for rule in RULES if (need := rule.find(facts, figures))]
    if any(need.level is Level.URGENT for need in found):
        found = [need for need in found if need.rule != "good_news"]
    return tuple(sorted(found, key=_pressing))


# Set aside


@dataclass(frozen=True)
class Aside:
    """A need that somebody set aside, until a day and for a reason."""

    rule: str
    level: Level
    until: date
    because: str
    by: str
    #: Nobody set it aside: it waits by itself, until the day after a message was left.
    by_itself: bool = False


#: What nobody may set aside: an answer that somebody must act on stays until that is done.
STAYS = frozenset({"safety_answer"})


def may_be_set_aside(need: Need) -> bool:
    return need.rule not in STAYS


def last_day_aside(today: date, figures: Thresholds) -> date:
    return today + timedelta(days=figures.aside_at_most)


def is_set_aside(need: Need, aside: Aside, on: date) -> bool:
    """Until the day before its own; one that has become more pressing meanwhile is back."""
    return (
        may_be_set_aside(need) and need.rule == aside.rule and on < aside.until and need.level >= aside.level
    )


def divide(
    needs: Iterable[Need], asides: Iterable[Aside], on: date
) -> tuple[tuple[Need, ...], tuple[tuple[Need, Aside], ...]]:
    """What ranks now, and what is set aside with why."""
    asides = list(asides)
    now, hidden = [], []
    for need in needs:
        aside = next((one for one in asides if is_set_aside(need, one, on)), None)
        if aside is None:
            now.append(need)
        else:
            hidden.append((need, aside))
    return tuple(now), tuple(hidden)


@dataclass(frozen=True)
class InNeed(Generic[Person]):
    """One person with their needs, most pressing first."""

    person: Person
    name: str
    key: str
    needs: tuple[Need, ...]

    @property
    def first(self) -> Need:
        return self.needs[0]

    @property
    def level(self) -> Level:
        return self.first.level


def rank(people: Iterable[InNeed[Person]]) -> list[InNeed[Person]]:
    """Those who need somebody, in order: by level, then rule, then how pressing, then by name."""
    return sorted(
        (one for one in people if one.needs), key=lambda one: (order_of(one.needs), one.name, one.key)
    )


def order_of(needs: tuple[Need, ...]) -> list[int]:
    """Where somebody with these needs stands, as numbers to compare one by one: by the first need, then by how many
    more there are and how pressing."""
    return [*_pressing(needs[0]), *(need.level for need in needs[1:]), len(Level)]


def _pressing(need: Need) -> tuple[Level, int, int]:
    return need.level, _PLACE[need.rule], -need.weight


# Words


def in_hours(minutes: int) -> str:
    """`9`, `4.5`: hours as they are spoken of, to the nearest tenth."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _latest(facts: Facts, *, within: int) -> Felt | None:
    """The newest check-in that answers the question of craving."""
    near = [f for f in facts.check_ins if f.craving is not None and 0 <= facts.days_since(f.on) <= within]
    return max(near, key=lambda felt: felt.on, default=None)


def _usual_craving(facts: Facts, *, before: date, days: int) -> int | None:
    """The middle answer of the days before; the lower of two."""
    answers = sorted(
        felt.craving
        for felt in facts.check_ins
        if felt.craving is not None and before - timedelta(days=days) <= felt.on < before
    )
    return answers[(len(answers) - 1) // 2] if answers else None


NEAR = ("yesterday", "today", "tomorrow")


def _day(day: date, today: date) -> str:
    days_ago = (today - day).days
    if days_ago == 0:
        return "today"
    if days_ago == 1:
        return "yesterday"
    if days_ago == -1:
        return "tomorrow"
    return f"{day:%A}" if -6 <= days_ago <= 6 else _date(day)


def _date(day: date) -> str:
    return f"{day:%b} {day.day}"


def _time(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)


def _quoted(words: str) -> str:
    first = words.strip().splitlines()[0] if words.strip() else ""
    return f": “{first if len(first) <= 90 else first[:89].rstrip() + '…'}”" if first else ""
