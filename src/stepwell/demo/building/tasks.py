"""What the staff have still to do, and what they did last week: by the rules, and by hand."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from stepwell.care.progress.asking import go_round
from stepwell.care.tasks import actions
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.rules.making import Barrier, RuleId
from stepwell.demo.building.site import Site
from stepwell.demo.facts import DAYTON
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Closure, OpeningHours
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class ByHand:
    """Who asked whom, how many days ago, due in how many days from now, and how it ended."""

    by: str
    to: str
    role: Role
    what: str
    why: str
    days_ago: int
    due_in: int
    #: Of which of the asker's people it is about, counted from the first; None: about nobody.
    about: int | None = None
    outcome: str = ""
    words: str = ""
    done_by: str = ""


BY_HAND = (
    ByHand(
        *("dana", "luis", Role.PEER),
        "Ask about the Saturday meeting",
        "Wants to go with somebody the first time.",
        *(1, 2, 4),
    ),
    ByHand(
        *("bell", "dana", Role.COUNSELOR),
        "Look at the safety plan together",
        "It names a brother who has moved away.",
        *(3, 0, 0),
    ),
    ByHand(
        *("dana", "joel", Role.NURSE),
        "Show how to use naloxone",
        "Has the kit at home and has not opened it.",
        *(2, 1, 3),
    ),
    ByHand(
        *("tess", "", Role.FRONT_DESK),
        "Print the calendar of next month",
        "The last copies are gone from the hallway.",
        *(2, 3),
    ),
    ByHand(
        *("ellen", "", Role.FRONT_DESK),
        "Order new coffee cups for the group rooms",
        "Two rooms have none.",
        *(9, -2),
        outcome="done",
        words="Ordered. They come next week.",
        done_by="tess",
    ),
    ByHand(
        *("renee", "luis", Role.PEER),
        "Call before the next group",
        "Was not sure about coming back.",
        *(5, -4, 1),
        outcome="reached",
        words="Talked for ten minutes. Comes on Monday.",
    ),
    ByHand(
        *("dana", "dana", Role.COUNSELOR),
        "Send the letter for work",
        "The employer asks for the hours, and nothing else.",
        *(7, -5, 4),
        outcome="arranged",
        words="Given on paper, signed for.",
    ),
)


def tasks(site: Site) -> None:
    """By hand first, each at its hour; then the round that a worker makes each hour."""
    for one in BY_HAND:
        _by_hand(site, one)
    dana = _people_of(site, "dana")
    if dana:
        with clock.stand_still(_moment(site, days_ago=1, at=time(15, 20))):
            actions.ask_for_help(
                dana[5 % len(dana)], barrier=Barrier.PHONE, by=site.users["dana"], at=clock.now()
            )
    _try_in_the_morning(site)
    go_round(site.now)


def _try_in_the_morning(site: Site) -> None:
    """What was asked for by eight, somebody has tried already: Dana’s first did not pick up. Not on a closed day."""
    if not _is_open_today(site):
        return
    with clock.stand_still(_moment(site, days_ago=0, at=time(8, 5))):
        go_round(clock.now())
    waiting = Task.objects.open().filter(
        rule=RuleId.FIRST_WEEK, assigned_to=site.practitioners.get("dana"), given_at__lt=site.now
    )
    task = waiting.select_related("assigned_to__user").in_order().first()
    if task is None or task.assigned_to is None:
        return
    with clock.stand_still(_moment(site, days_ago=0, at=time(8, 10))):
        actions.note_try(
            task,
            words="No answer, and the voicemail is full.",
            due_on=max(task.due_on, site.story.today),
            by=task.assigned_to.user,
            at=clock.now(),
        )


def _by_hand(site: Site, one: ByHand) -> None:
    people = _people_of(site, one.by if one.by in ("dana", "renee") else one.to)
    if one.about is not None and not people:
        return  # A center so small that this counselor looks after nobody.
    by, due_on = site.users[one.by], site.story.today + timedelta(days=one.due_in)
    to = site.practitioners.get(one.to)
    with clock.stand_still(_moment(site, days_ago=one.days_ago, at=time(11, 40))):
        if one.about is None:
            task = actions.ask_of_the_office(
                site.center,
                what=one.what,
                why=one.why,
                role=one.role,
                to=to,
                due_on=due_on,
                by=by,
                at=clock.now(),
            )
        else:
            task = actions.ask(
                people[one.about % len(people)],
                what=one.what,
                why=one.why,
                role=one.role,
                to=to,
                due_on=due_on,
                by=by,
                at=clock.now(),
            )
    if one.outcome:
        with clock.stand_still(_moment(site, days_ago=1 - one.due_in, at=time(16, 5))):
            actions.complete(
                task,
                outcome=one.outcome,
                words=one.words,
                by=site.users[one.done_by or one.to],
                at=clock.now(),
            )


def _moment(site: Site, *, days_ago: int, at: time) -> datetime:
    """An hour of that day, and never later than now."""
    moment = datetime.combine(site.story.today - timedelta(days=days_ago), at, DAYTON)
    return min(moment, site.now)


def _is_open_today(site: Site) -> bool:
    today = site.story.today
    is_closed = Closure.objects.filter(center=site.center, on=today).exists()
    hours = OpeningHours.objects.filter(center=site.center, weekday=today.weekday())
    return hours.exists() and not is_closed


def _people_of(site: Site, counselor: str) -> list[Patient]:
    """Those in care whom this counselor looks after, in the order of the story."""
    return [
        site.patients[person.key]
        for person in site.story.people
        if person.episode
        and not person.episode.discharge
        and any(member.staff == counselor and member.role is Role.COUNSELOR for member in person.team)
    ]
