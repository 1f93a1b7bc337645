"""What makes a task by itself: each rule has a name, figures with a source, and whose part it is.

A rule is given the facts of one occasion and answers with the task it wants, or with nothing. The figures are dated,
and an old version still runs. How sure each figure is stands beside it, in the letters that the rules of the level of
care use too: ``D`` is our own design, for the program's clinical lead to confirm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from stepwell.trust.accounts.roles import Role


class RuleId(StrEnum):
    CRITICAL_ANSWER = "critical_answer"
    MISSED = "missed_session"
    FIRST_WEEK = "first_week"
    BARRIER = "barrier"
    PLAN_REVIEW = "plan_review"
    LICENSE = "license"


#: The rules that ask to reach a person. A message left for them is a try; the task goes on.
CONTACTS = frozenset({RuleId.MISSED, RuleId.FIRST_WEEK})


class Barrier(StrEnum):
    """What keeps somebody from coming, that a colleague may be able to do something about."""

    TRANSPORT = "transport"
    CHILDCARE = "childcare"
    PHONE = "phone"
    WORK = "work"


class Urgency(IntEnum):
    """How soon an answer must be acted on, as the measure's own rule says."""

    NOW = 0
    TODAY = 1
    THIS_WEEK = 2


@dataclass(frozen=True)
class Figures:
    """The figures of the rules, from a day on."""

    effective_on: date
    contact_within: timedelta
    reach_within_days: int
    answer_now_within: timedelta
    answer_this_week_within_days: int
    barrier_within_days: int
    review_near_days: int
    license_near_days: int
    #: What happened longer ago makes no task any more: a list nobody can finish helps nobody.
    missed_counts_for: timedelta


VERSIONS: tuple[Figures, ...] = (
    Figures(
        effective_on=date(2026, 1, 1),
        contact_within=timedelta(hours=24),
        reach_within_days=3,
        answer_now_within=timedelta(hours=1),
        answer_this_week_within_days=5,
        barrier_within_days=2,
        review_near_days=7,
        license_near_days=60,
        missed_counts_for=timedelta(days=7),
    ),
)


#: How wide to look for what the rules may ask for, whatever the version.
FIRST_DAYS = timedelta(days=10)
REVIEWS_AHEAD = timedelta(days=31)


def in_force(on: date) -> Figures:
    """The figures of that day; the first ones for a day before all."""
    begun = [version for version in VERSIONS if version.effective_on <= on]
    return begun[-1] if begun else VERSIONS[0]


@dataclass(frozen=True)
class Rule:
    """A rule with its name, where its figure comes from, how sure that is, and whose part the task is."""

    id: RuleId
    name: str
    says: str
    source: str
    sureness: str
    roles: tuple[Role, ...]
    #: Whether a task of it may end by itself when its reason is gone. One about a danger never does.
    lets_go: bool
    #: Where it is done, if not on its own page: the address of the thing it is about.
    done_at: str = ""
    #: What ends it, where nothing else does: what is recorded there.
    ends_with: str = ""


RULES: Mapping[RuleId, Rule] = {
    rule.id: rule
    for rule in (
        Rule(
            RuleId.CRITICAL_ANSWER,
            "An answer that somebody must act on",
            "A measure raised a flag and nobody has recorded a follow-up. Due within an hour, the same day or five"
            " days, as the measure says. It ends only when somebody records what was done.",
            "Urgency: the measure’s own rule. The hour and the five days: Stepwell default",
            "D",
            (Role.COUNSELOR, Role.CLINICAL_SUPERVISOR),
            lets_go=False,
            done_at="measures:response",
            ends_with="Read the answers, talk with the person, and record there what was done. That ends this task.",
        ),
        Rule(
            RuleId.MISSED,
            "Contact after a missed session",
            "Somebody did not come, and it is not excused. Try to reach them within 24 hours of its start. It ends by"
            " itself when they come again.",
            "Stepwell target: contact tried within 24 h of a miss, 95 % or more",
            "D",
            (Role.COUNSELOR, Role.PEER),
            lets_go=True,
        ),
        Rule(
            RuleId.FIRST_WEEK,
            "Contact in the first days",
            "Somebody was admitted and nobody has seen them since. Reach them by day 3. It ends by itself when they"
            " are seen.",
            "Stepwell default, as Today’s rule “No contact in the first days”",
            "D",
            (Role.COUNSELOR, Role.PEER),
            lets_go=True,
        ),
        Rule(
            RuleId.BARRIER,
            "Something keeps them from coming",
            "An absence names transport, childcare or work as its reason. Two days to see what can be done. Coming"
            " once does not end it; it ends by itself only when the absence or its reason is corrected.",
            "Inflexible schedules, transport and childcare are reasons people leave (PMC2716417); two days: Stepwell"
            " default",
            "D",
            (Role.CASE_MANAGER, Role.COUNSELOR),
            lets_go=True,
        ),
        Rule(
            RuleId.PLAN_REVIEW,
            "Plan review",
            "The signed plan is to be reviewed within seven days. It ends by itself when a newer plan is signed.",
            "The review date in the signed plan; seven days: Stepwell default",
            "D",
            (Role.COUNSELOR,),
            lets_go=True,
            done_at="care_plans:plan",
            ends_with="Review the plan with the person. A new version that both have signed ends this task.",
        ),
        Rule(
            RuleId.LICENSE,
            "A license runs out",
            "A license of somebody who works here ends within sixty days. It ends by itself when it is renewed or"
            " taken off.",
            "The date on the license; sixty days: Stepwell default, as on the staff page",
            "D",
            (Role.ADMINISTRATOR,),
            lets_go=True,
            done_at="setup:member",
        ),
    )
}


@dataclass(frozen=True)
class Wanted:
    """The task that a rule asks for. ``occasion`` tells one time from another: a rule asks once for each."""

    rule: RuleId
    occasion: str
    what: str
    why: str
    due_on: date
    due_at: datetime | None = None
    about: UUID | None = None
    is_urgent: bool = False
    barrier: Barrier | None = None


# The rules


def after_a_miss(
    absence: UUID, *, starts_at: datetime, session: str, called: str, at: datetime, figures: Figures
) -> Wanted | None:
    """``starts_at`` and ``at`` by the clock of the place. Times of long ago make no task."""
    if not timedelta() <= at - starts_at <= figures.missed_counts_for:
        return None
    due = starts_at + figures.contact_within
    return Wanted(
        RuleId.MISSED,
        str(absence),
        f"Reach {called}",
        f"Did not come to {session} on {_day(starts_at.date())}.",
        due.date(),
        due,
        about=absence,
    )


def in_the_first_days(
    episode: UUID, *, admitted_on: date, called: str, on: date, figures: Figures
) -> Wanted | None:
    if not 0 <= (on - admitted_on).days <= figures.reach_within_days + 4:
        return None
    return Wanted(
        RuleId.FIRST_WEEK,
        str(episode),
        f"Reach {called} in the first days",
        f"Admitted {_day(admitted_on)}, and not seen since.",
        admitted_on + timedelta(days=figures.reach_within_days),
        about=episode,
    )


def critical_answer(
    response: UUID,
    *,
    followed_up_before: int = 0,
    says: str,
    measure: str,
    answered_at: datetime,
    urgency: Urgency,
    called: str,
    figures: Figures,
) -> Wanted:
    """``answered_at`` by the clock of the place. A worse answer after a follow-up asks for another."""
    day, due = answered_at.date(), None
    if urgency is Urgency.NOW:
        due = answered_at + figures.answer_now_within
        day = due.date()
    elif urgency is Urgency.THIS_WEEK:
        day += timedelta(days=figures.answer_this_week_within_days)
    return Wanted(
        RuleId.CRITICAL_ANSWER,
        f"{response} {followed_up_before}",
        f"Call {called} about an answer",
        f"{says} {'' if measure in says else f'{measure}, '}{_day(answered_at.date())}.",
        day,
        due,
        about=response,
        is_urgent=True,
    )


BARRIER_WORDS: Mapping[Barrier, str] = {
    Barrier.TRANSPORT: "Help {called} with a ride",
    Barrier.CHILDCARE: "Help {called} with childcare",
    Barrier.PHONE: "Help {called} with a phone",
    Barrier.WORK: "Fit the week to {called}’s work hours",
}


def barrier_in_the_way(
    absence: UUID | None, barrier: Barrier, *, why: str, called: str, on: date, figures: Figures
) -> Wanted:
    """Without an absence, somebody said so."""
    return Wanted(
        RuleId.BARRIER,
        f"{absence} {barrier}",
        BARRIER_WORDS[barrier].format(called=called),
        why,
        on + timedelta(days=figures.barrier_within_days),
        about=absence,
        barrier=barrier,
    )


def plan_review(
    plan: UUID, patient: UUID, *, due_on: date, called: str, on: date, figures: Figures
) -> Wanted | None:
    if (due_on - on).days > figures.review_near_days:
        return None
    return Wanted(
        RuleId.PLAN_REVIEW,
        f"{plan} {due_on}",
        f"Review the plan with {called}",
        f"The signed plan says by {_day(due_on)}.",
        due_on,
        about=patient,
    )


def license_runs_out(
    license_id: UUID, user: UUID, *, whose: str, kind: str, expires_on: date, on: date, figures: Figures
) -> Wanted | None:
    if (expires_on - on).days > figures.license_near_days:
        return None
    # Asked a month ahead, so that a renewal has its weeks; what is found later than that is for this week.
    due = max(expires_on - timedelta(days=30), on + timedelta(days=7))
    return Wanted(
        RuleId.LICENSE,
        f"{license_id} {expires_on}",
        f"Renew the license of {whose}",
        f"{kind} {'ended' if expires_on < on else 'ends'} on {_day(expires_on)}, {expires_on.year}.",
        min(due, expires_on) if expires_on >= on else on,
        about=user,
    )


def _day(day: date) -> str:
    return f"{day:%a %b} {day.day}"
