"""When each measure is asked: the program's lines, what one person has instead, and what is due on a day.

A week runs from Monday, and what falls due is asked on the first open day of it. Nothing is counted in months or in
hours, so that no leap day and no change of the clock moves anything: "monthly" is every four weeks.

A measure is asked again only when the earlier one is answered, so one that was missed waits and does not pile up.
What is gone through at a visit takes nothing of the week on the phone.

What a positive screen calls for (`following`) comes before all else, and does not wait for another week: what does not
fit on the phone is gone through at the next visit.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from stepwell.care.measures.rules.following import Follow


class Every(StrEnum):
    """How often."""

    INTAKE = "intake"
    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"
    DISCHARGE = "discharge"
    FOLLOWS = "follows"  # once, after a positive screen; no line of a program

    @property
    def weeks(self) -> int:
        """0: not at an interval."""
        return _WEEKS.get(self, 0)


_WEEKS: Mapping["Every", int] = {Every.WEEK: 1, Every.TWO_WEEKS: 2, Every.MONTH: 4}


@dataclass(frozen=True)
class Line:
    """One measure, how often, and at which levels of care; at every level when none is named."""

    instrument: str
    every: Every
    levels: frozenset[str] = frozenset()
    at_visit: bool = False  # gone through together, and not put on the phone by itself

    def stands_at(self, level: str) -> bool:
        return not self.levels or level in self.levels


@dataclass(frozen=True)
class Program:
    """The schedule of a program from a day on."""

    effective_on: date
    source: str
    lines: tuple[Line, ...]
    #: Seconds of questions that one week may ask on the phone.
    load: int = 90
    #: Neutral messages for one week's questions, the first one included.
    reminders: int = 2


_INTENSIVE = frozenset({"2.1", "2.5", "2.7"})
_LESS = frozenset({"1.5", "1.7"})
_E = Every

#: Stepwell's own default: the suggested schedule of the instrument notes, section 5. For the clinical lead to confirm.
#:
#: They name BAM-IOP every week, PHQ-9 and GAD-7 every two; and a week on the phone takes 90 seconds at most. BAM-IOP
#: takes 85 of them (`asking.seconds`): no other would ever fit beside it. PHQ-9 (47) and GAD-7 (35) are made for the
#: person alone, and PHQ-9 holds the question that must not wait for a visit. So these two have the phone every second
#: week, and BARC-10 (50) a week between. BAM-IOP is "self or clinician (in person or phone)" and asks about seven days:
#: it keeps its week, and is gone through at one of the week's visits. Craving is asked by the daily check-in.
DEFAULT = Program(
    effective_on=date(2026, 1, 1),
    source="Stepwell default, for the clinical lead to confirm",
    lines=(
        Line("phq9", _E.INTAKE),
        Line("gad7", _E.INTAKE),
        Line("audit_c", _E.INTAKE),
        Line("taps", _E.INTAKE),
        Line("pc_ptsd5", _E.INTAKE),
        Line("cssrs_screener", _E.INTAKE),
        Line("bam", _E.INTAKE),
        Line("barc10", _E.INTAKE),
        Line("readiness_ruler", _E.INTAKE),
        Line("ahc_hrsn_core", _E.INTAKE),  # where the organization has accepted its terms
        Line("overdose_risk_checklist", _E.INTAKE),
        Line("dsm5_sud_checklist", _E.INTAKE),
        Line("phq9", _E.TWO_WEEKS, _INTENSIVE),
        Line("gad7", _E.TWO_WEEKS, _INTENSIVE),
        Line("bam_iop", _E.WEEK, _INTENSIVE, at_visit=True),
        Line("phq9", _E.MONTH, _LESS),
        Line("gad7", _E.MONTH, _LESS),
        Line("bam", _E.MONTH, _LESS),
        Line("barc10", _E.MONTH),
        Line("phq9", _E.DISCHARGE),
        Line("gad7", _E.DISCHARGE),
        Line("bam", _E.DISCHARGE),
        Line("barc10", _E.DISCHARGE),
        Line("overdose_risk_checklist", _E.DISCHARGE),
    ),
)


# What one person has


@dataclass(frozen=True)
class Change:
    """What staff settled for one person and one measure: another interval, none, or a pause. The last one counts."""

    instrument: str
    every: Every | None = None
    stopped: bool = False
    paused_until: date | None = None  # not on that day any more

    def is_paused_on(self, day: date) -> bool:
        return self.paused_until is not None and day < self.paused_until


@dataclass(frozen=True)
class Asked:
    """A measure that was put before the person, or answered in any way."""

    instrument: str
    on: date
    answered_on: date | None = None
    by_schedule: bool = True  # and not by hand, with staff or on paper
    calls_for: tuple[Follow, ...] = ()  # what its answers call for


@dataclass(frozen=True)
class Stay:
    """From admission until the end of care, and the level now."""

    admitted_on: date
    level: str
    left_on: date | None = None
    #: The day on which intensive care goes over into less, once that is decided.
    steps_down_on: date | None = None

    @property
    def turns_on(self) -> date | None:
        """The day to which the discharge set belongs."""
        return self.left_on or self.steps_down_on


def step_down_day(levels: Sequence[tuple[date, str]]) -> date | None:
    """The last day on which intensive care goes over into less, gone by or still to come; levels from first to last."""
    days = [
        on for (_earlier, before), (on, level) in pairwise(levels) if before in _INTENSIVE and level in _LESS
    ]
    return days[-1] if days else None


class State(StrEnum):
    ASK = "ask"  # on the phone, today
    ASKED = "asked"  # on the phone already, not finished
    TOGETHER = (
        "together"  # due, and for a visit: rated by staff, of a longer set, or longer than a week's load
    )
    WAITS = "waits"  # due, and its week is full
    LATER = "later"
    PAUSED = "paused"
    DONE = "done"  # of the intake or the discharge set


@dataclass(frozen=True)
class Standing:
    """How one measure stands for one person on one day."""

    instrument: str
    every: Every
    state: State
    on: date  # due since then; asked then; or next due then

    def days_since(self, day: date) -> int:
        return (day - self.on).days


#: Answers from so long before admission or the end of care still stand for that set.
SET_COUNTS_FOR = timedelta(days=14)
#: Asked later, the intake set no longer says how the person came; nor the discharge set how they went.
INTAKE_IS_OPEN_FOR = timedelta(days=28)
DISCHARGE_IS_OPEN_FOR = timedelta(days=28)
#: Later than that, a positive screen says nothing of today any more.
FOLLOWS_FOR = timedelta(days=28)
#: An unanswered measure counts as late from then on.
LATE_AFTER = timedelta(days=7)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def lines_for(program: Program, changes: Iterable[Change], level: str) -> tuple[Line, ...]:
    """The program's lines at this level, with what was settled for this person put over them."""
    settled = {change.instrument: change for change in changes}
    stopped = {name for name, change in settled.items() if change.stopped}
    own = {name: change.every for name, change in settled.items() if change.every and not change.stopped}
    at_visit = {line.instrument for line in program.lines if line.every.weeks and line.at_visit}
    found: dict[tuple[str, str], Line] = {}
    for line in program.lines:
        if not line.stands_at(level) or line.instrument in stopped:
            continue
        if line.every.weeks and line.instrument in own:
            continue
        found.setdefault(_place(line), line)
    return (*found.values(), *(Line(name, every, at_visit=name in at_visit) for name, every in own.items()))


def _place(line: Line) -> tuple[str, str]:
    """A measure is asked at one interval, and may belong to the intake and the discharge set besides."""
    return line.instrument, "interval" if line.every.weeks else line.every


@dataclass(frozen=True)
class _History:
    asked: Mapping[str, Sequence[Asked]] = field(default_factory=dict)

    def open(self, instrument: str) -> Asked | None:
        return next((each for each in self.asked.get(instrument, ()) if each.answered_on is None), None)

    def first_answered_since(self, instrument: str, day: date) -> date | None:
        days = [
            each.answered_on
            for each in self.asked.get(instrument, ())
            if each.answered_on is not None and each.answered_on >= day
        ]
        return min(days, default=None)

    def last(self, instrument: str) -> date | None:
        return max(
            (each.answered_on or each.on for each in self.asked.get(instrument, ())),
            default=None,
        )


def standings(
    program: Program,
    changes: Iterable[Change],
    asked: Iterable[Asked],
    stay: Stay,
    *,
    today: date,
    takes: Callable[[str], int],
    rated_by_staff: Collection[str] = (),
    closed: Collection[date] = (),
) -> tuple[Standing, ...]:
    """Every measure of this person's schedule, and how it stands today. What has waited longest comes first."""
    changes, asked = tuple(changes), tuple(asked)
    paused = {change.instrument: change for change in changes if change.is_paused_on(today)}
    history = _History(_by_instrument(asked))
    lines = lines_for(program, changes, stay.level)
    at_visit = {line.instrument for line in lines if line.at_visit}
    due_now: list[Standing] = []
    for line in lines:
        if line.every.weeks == 0:
            standing = _of_a_set(line, history, stay, today)
        elif stay.left_on is not None and stay.left_on <= today:
            continue
        else:
            standing = _at_an_interval(line, history, stay, today)
        if standing is not None:
            due_now.append(standing)
    if stay.left_on is None:
        stopped = {change.instrument for change in changes if change.stopped}
        follow = [
            each for each in _following(asked, history, due_now, today) if each.instrument not in stopped
        ]
        sooner = {each.instrument for each in follow}
        due_now = [
            *(each for each in due_now if each.state is not State.ASK or each.instrument not in sooner),
            *follow,
        ]
    found: list[Standing] = []
    wanted: list[Standing] = []
    for standing in due_now:
        pause = paused.get(standing.instrument)
        if pause and pause.paused_until and standing.state in (State.ASK, State.TOGETHER, State.LATER):
            standing = replace(standing, state=State.PAUSED, on=pause.paused_until)
        elif standing.state is State.ASK and (
            standing.instrument in at_visit
            or standing.instrument in rated_by_staff
            or takes(standing.instrument) > program.load
        ):
            standing = replace(standing, state=State.TOGETHER)
        (wanted if standing.state is State.ASK else found).append(standing)
    wanted.sort(key=lambda standing: (standing.every is not Every.FOLLOWS, standing.on))
    left = program.load - _spent(asked_by=history, today=today, takes=takes)
    may_ask = is_the_day_to_ask(today, closed)
    for standing in wanted:
        cost = takes(standing.instrument)
        if cost > left:
            over = State.TOGETHER if standing.every is Every.FOLLOWS else State.WAITS
            found.append(replace(standing, state=over))
            continue
        left -= cost
        if may_ask:
            found.append(standing)
        else:
            found.append(replace(standing, state=State.LATER, on=first_open_day(today, closed)))
    order = list(State)
    return tuple(sorted(found, key=lambda standing: (order.index(standing.state), standing.on)))


def due(
    program: Program,
    changes: Iterable[Change],
    asked: Iterable[Asked],
    stay: Stay,
    *,
    today: date,
    takes: Callable[[str], int],
    rated_by_staff: Collection[str] = (),
    closed: Collection[date] = (),
) -> tuple[str, ...]:
    """What goes on the phone today."""
    found = standings(
        program,
        changes,
        asked,
        stay,
        today=today,
        takes=takes,
        rated_by_staff=rated_by_staff,
        closed=closed,
    )
    return tuple(standing.instrument for standing in found if standing.state is State.ASK)


def is_the_day_to_ask(today: date, closed: Collection[date]) -> bool:
    """Not on a closed day, when nobody reads the answers; unless the rest of the week is closed as well."""
    return first_open_day(today, closed) == today


def first_open_day(today: date, closed: Collection[date]) -> date:
    day = today
    while day in closed and day < monday(today) + timedelta(days=6):
        day += timedelta(days=1)
    return today if day in closed else day


def _of_a_set(line: Line, history: _History, stay: Stay, today: date) -> Standing | None:
    """The intake and the discharge set: longer than a week's load, and so gone through together.

    The discharge set is due as soon as the step down is decided and near: who has gone is seldom asked.
    """
    if line.every is Every.INTAKE:
        since, until = stay.admitted_on, stay.admitted_on + INTAKE_IS_OPEN_FOR
        opens = since
        if stay.left_on is not None:
            return None
    elif stay.turns_on is None:
        return None
    else:
        since, until = stay.turns_on, stay.turns_on + DISCHARGE_IS_OPEN_FOR
        opens = since - SET_COUNTS_FOR
    if line.every is Every.DISCHARGE and stay.left_on is None and today >= until:
        return None  # the step down is long past, and care goes on
    answered = history.first_answered_since(line.instrument, since - SET_COUNTS_FOR)
    if answered or not opens <= today < until:
        return Standing(line.instrument, line.every, State.DONE, answered) if answered else None
    if begun := history.open(line.instrument):
        return Standing(line.instrument, line.every, State.ASKED, begun.on)
    return Standing(line.instrument, line.every, State.TOGETHER, min(since, today))


def _at_an_interval(line: Line, history: _History, stay: Stay, today: date) -> Standing:
    if begun := history.open(line.instrument):
        return Standing(line.instrument, line.every, State.ASKED, begun.on)
    last = history.last(line.instrument)
    first = monday(stay.admitted_on) + timedelta(weeks=1)  # the week of admission belongs to the intake set
    next_on = max(first, monday(last) + timedelta(weeks=line.every.weeks)) if last else first
    return Standing(line.instrument, line.every, State.ASK if next_on <= today else State.LATER, next_on)


def _following(
    asked: Iterable[Asked], history: _History, besides: Iterable[Standing], today: date
) -> Iterable[Standing]:
    """What a positive screen calls for, once: not what is asked already, nor what was answered not long before it."""
    is_asked = {each.instrument for each in besides if each.state in (State.ASKED, State.TOGETHER)}
    found: dict[str, Standing] = {}
    answered = [(each.answered_on, each.calls_for) for each in asked if each.answered_on and each.calls_for]
    for since, calls_for in sorted(answered, key=lambda each: each[0]):
        for follow in calls_for:
            if follow.then in is_asked or not since <= today < since + FOLLOWS_FOR:
                continue
            if history.first_answered_since(follow.then, since - follow.counts_for):
                continue
            begun = history.open(follow.then)
            found.setdefault(
                follow.then,
                Standing(follow.then, Every.FOLLOWS, State.ASKED, begun.on)
                if begun
                else Standing(follow.then, Every.FOLLOWS, State.ASK, since),
            )
    return found.values()


def _spent(*, asked_by: _History, today: date, takes: Callable[[str], int]) -> int:
    """The seconds of this week that the schedule gave away: asked or answered this week, or before and still open.

    What staff ask by hand comes on top, as they decided it for this person: it must not hold up what is due.
    """
    return sum(
        takes(each.instrument)
        for every in asked_by.asked.values()
        for each in every
        if each.by_schedule
        and (each.answered_on is None or monday(today) in (monday(each.on), monday(each.answered_on)))
    )


def _by_instrument(asked: Iterable[Asked]) -> Mapping[str, Sequence[Asked]]:
    found: dict[str, list[Asked]] = {}
    for each in asked:
        found.setdefault(each.instrument, []).append(each)
    return found


def heaviest_week(program: Program, level: str, takes: Callable[[str], int]) -> int:
    """The seconds that a week asks for at most on the phone: never more than the load."""
    reached = {0}
    for line in lines_for(program, (), level):
        if line.every.weeks and not line.at_visit:
            cost = takes(line.instrument)
            reached |= {total + cost for total in reached if total + cost <= program.load}
    return max(reached)


#: Long enough for every interval to come round some times.
LOOKED_AHEAD = 24


def held_up(program: Program, level: str, takes: Callable[[str], int]) -> Mapping[str, int]:
    """What the load holds back although the person answers on the day: each measure, and every how many weeks it comes.

    Nothing where the program's intervals can be kept. 0 weeks: it comes once at most.
    """
    begins = monday(program.effective_on)
    history: list[Asked] = []
    for week in range(1, LOOKED_AHEAD + 1):
        today = begins + timedelta(weeks=week)
        asked = due(program, (), history, Stay(begins, level), today=today, takes=takes)
        history += [Asked(name, today, today) for name in asked]
    found = {}
    for line in lines_for(program, (), level):
        if not line.every.weeks or line.at_visit or takes(line.instrument) > program.load:
            continue
        days = [each.on for each in history if each.instrument == line.instrument]
        comes_every = round((days[-1] - days[0]).days / 7 / (len(days) - 1)) if len(days) > 1 else 0
        if comes_every != line.every.weeks:
            found[line.instrument] = comes_every
    return found


def reminder_days(reminders: int) -> tuple[int, ...]:
    """On which days after asking a neutral message goes out: at once, then every third day."""
    return tuple(3 * n for n in range(reminders))
