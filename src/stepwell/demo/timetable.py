"""The week of Alder Creek: staff, rooms, twelve weekly groups of three hours, closed days.

A person in the program comes on three days a week for three hours: nine hours. Twelve groups of twelve seats
carry forty people. A larger program repeats the twelve with its own rooms and counselors.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from random import Random

import holidays

from stepwell.care.scheduling.rules.times import WEEKS_AHEAD
from stepwell.demo import curriculum
from stepwell.demo.cast import FIRST, MORE_COUNSELORS, House
from stepwell.demo.facts import (
    Closure,
    GroupKind,
    GroupSeries,
    GroupSession,
    Language,
    Room,
    StaffMember,
    Topic,
    monday_of,
)
from stepwell.trust.accounts.roles import Role

WEEKS_OF_HISTORY = 12
DAYS_AHEAD = 7 * WEEKS_AHEAD - 1
SEATS = 12
GROUP_MINUTES = 180
PEOPLE_A_WING = 40
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
MORNING, AFTERNOON, EVENING, SATURDAY = time(9), time(13), time(17, 30), time(10)

NOBODY_AT_RISK = "Nobody voiced intent to harm self or others"
# Federal holidays on which this center stays open.
OPEN_ON = {"Martin Luther King", "Washington", "Columbus", "Veterans", "Juneteenth"}


@dataclass(frozen=True, slots=True)
class Timetable:
    staff: tuple[StaffMember, ...]
    rooms: tuple[Room, ...]
    closures: tuple[Closure, ...]
    series: tuple[GroupSeries, ...]
    sessions: tuple[GroupSession, ...]
    first_monday: date
    last_day: date

    def is_open(self, day: date) -> bool:
        return day.weekday() != SUN and all(closure.on != day for closure in self.closures)

    def open_day_on_or_before(self, day: date) -> date:
        while not self.is_open(day):
            day -= timedelta(days=1)
        return day


def wings(patients: int) -> int:
    return max(1, -(-patients // PEOPLE_A_WING))


def closures(first: date, last: date) -> tuple[Closure, ...]:
    years = range(first.year, last.year + 1)
    kept = holidays.country_holidays("US", subdiv="OH", years=years, language="en_US")
    return tuple(
        Closure(on, name.split(";")[0].removesuffix(" Day") if "Thanksgiving" in name else name.split(";")[0])
        for on, name in sorted(kept.items())
        if first <= on <= last and not any(open_on in name for open_on in OPEN_ON)
    )


def staff(patients: int, house: House = FIRST) -> tuple[StaffMember, ...]:
    more = (
        StaffMember(f"counselor{n}", name, Role.COUNSELOR, "LICDC", "Counselor", frozenset(Language))
        for n, name in enumerate(house.more_counselors[: 3 * (wings(patients) - 1)], 1)
    )
    return house.clinical_staff + tuple(more) + house.office_staff


def counselors(wing: int) -> tuple[str, str, str]:
    """Who leads in a wing: the day groups, the second track with the Spanish groups, the evenings."""
    if wing == 0:
        return "dana", "renee", "bell"
    first = 3 * (wing - 1) + 1
    return f"counselor{first}", f"counselor{first + 1}", f"counselor{first + 2}"


def rooms(patients: int) -> tuple[Room, ...]:
    made = [Room("room1", "Room 1", 4), Room("treatment", "Treatment room", 3)]
    for wing in range(wings(patients)):
        made += [
            Room(f"group{wing}{side}", f"Room {2 * wing + 2 + n}", SEATS + 2) for n, side in enumerate("ab")
        ]
        made += [Room(f"office{wing}{n}", f"Office {3 * wing + n + 1}", 3) for n in range(3)]
    return tuple(made)


def office_of(counselor: str) -> str:
    for wing in range(len(MORE_COUNSELORS) // 3 + 1):
        if counselor in counselors(wing):
            return f"office{wing}{counselors(wing).index(counselor)}"
    raise ValueError(f"{counselor} has no office")


def series(patients: int, today: date, first_on: date) -> tuple[GroupSeries, ...]:
    return tuple(group for wing in range(wings(patients)) for group in _wing(wing, today, first_on))


def _wing(wing: int, today: date, first_on: date) -> list[GroupSeries]:
    # Track A meets today, whatever weekday today is, and its skills group is today's.
    days_a, days_b = (
        ((TUE, THU, FRI), (MON, WED, TUE))
        if today.weekday() in (TUE, THU)
        else ((MON, WED, FRI), (TUE, THU, MON))
    )
    turn = days_a.index(today.weekday()) if today.weekday() in days_a else 0
    kinds_a = [GroupKind.SKILLS, GroupKind.PROCESS, GroupKind.PLANNING_AHEAD]
    kinds_a = kinds_a[-turn:] + kinds_a[:-turn] if turn else kinds_a
    day_lead, second_lead, evening_lead = counselors(wing)
    peer, nurse = ("luis", "joel") if wing == 0 else (None, None)
    room_a, room_b = f"group{wing}a", f"group{wing}b"
    mark = "" if wing == 0 else f" {wing + 1}"
    names = {
        GroupKind.SKILLS: "Skills A",
        GroupKind.PROCESS: "Process A",
        GroupKind.PLANNING_AHEAD: "Planning ahead A",
    }
    spanish, english = Language.SPANISH, Language.ENGLISH
    skills, process, ahead = GroupKind.SKILLS, GroupKind.PROCESS, GroupKind.PLANNING_AHEAD
    rows: list[tuple[str, str, GroupKind, int, time, str, str | None, str | None, Language]] = [
        *(
            (f"A{n}", names[kind], kind, day, MORNING, day_lead, peer, room_a, english)
            for n, (day, kind) in enumerate(zip(days_a, kinds_a, strict=True), 1)
        ),
        ("B1", "Skills B", skills, days_b[0], MORNING, second_lead, None, room_b, english),
        (
            "B2",
            "Body and medicine",
            GroupKind.EDUCATION,
            days_b[1],
            MORNING,
            second_lead,
            nurse,
            room_b,
            english,
        ),
        ("B3", "Process B", process, days_b[2], AFTERNOON, evening_lead, None, room_b, english),
        ("C1", "Evening skills", skills, MON, EVENING, evening_lead, None, room_a, english),
        ("C2", "Evening process", process, WED, EVENING, evening_lead, None, room_a, english),
        ("C3", "Evening planning ahead", ahead, THU, EVENING, evening_lead, nurse, room_a, english),
        ("S1", "Grupo de habilidades", skills, TUE, EVENING, second_lead, peer, room_b, spanish),
        ("S2", "Grupo de conversación", process, FRI, AFTERNOON, second_lead, peer, room_b, spanish),
        ("V1", "Saturday family and skills", GroupKind.FAMILY, SAT, SATURDAY, day_lead, None, None, english),
    ]
    return [
        GroupSeries(
            key=f"{code}{wing}" if wing else code,
            name=name + mark,
            kind=kind,
            track=code[0],
            weekday=day,
            starts=starts,
            minutes=GROUP_MINUTES,
            leader=leader,
            co_leader=co_leader,
            room=room,
            seats=SEATS,
            language=language,
            first_on=first_on + timedelta(days=day),
        )
        for code, name, kind, day, starts, leader, co_leader, room, language in rows
    ]


def topic_of(group: GroupSeries, number: int, is_featured: bool, chance: Random) -> Topic:
    if is_featured:
        return curriculum.RIDING_OUT_CRAVINGS
    topics = [
        topic for topic in curriculum.topics_of(group.kind) if topic is not curriculum.RIDING_OUT_CRAVINGS
    ]
    offset = chance.randrange(len(topics))
    return topics[(number + offset) % len(topics)]


def build(seed: int, today: date, patients: int, house: House = FIRST) -> Timetable:
    first_monday = monday_of(today) - timedelta(weeks=WEEKS_OF_HISTORY)
    last_day = today + timedelta(days=DAYS_AHEAD)
    closed = closures(first_monday, date(last_day.year, 12, 31))
    closed_days = {closure.on for closure in closed}
    groups = series(patients, today, first_monday)
    sessions: list[GroupSession] = []
    for group in groups:
        day, number = group.first_on, 0
        while day <= last_day:
            if day not in closed_days:
                number += 1
                sessions.append(_session(seed, group, day, number, today))
            day += timedelta(weeks=1)
    sessions.sort(key=lambda session: (session.starts_at, session.series))
    waiting = set(_waiting_for_a_signature(seed, sessions, today, wings(patients)))
    sessions = [
        replace(session, note_signed_at=None) if session.key in waiting else session for session in sessions
    ]
    return Timetable(
        staff(patients, house), rooms(patients), closed, groups, tuple(sessions), first_monday, last_day
    )


def _session(seed: int, group: GroupSeries, day: date, number: int, today: date) -> GroupSession:
    starts_at = group.on_day(day)
    ended_at = starts_at + timedelta(minutes=group.minutes)
    is_past = day < today
    is_featured = day == today and group.track == "A"
    return GroupSession(
        key=f"{group.key}:{day}",
        series=group.key,
        number=number,
        starts_at=starts_at,
        minutes=group.minutes,
        leader=group.leader,
        co_leader=group.co_leader,
        room=group.room,
        topic=topic_of(group, number, is_featured, Random(f"{seed}:topics:{group.key}")),
        note_safety=NOBODY_AT_RISK,
        note_signed_at=ended_at + timedelta(minutes=25) if is_past else None,
    )


def _waiting_for_a_signature(
    seed: int, sessions: Iterable[GroupSession], today: date, wings: int
) -> Iterator[str]:
    """Notes are signed the same day, but for the last group of who leads the days, and a few of yesterday's."""
    past = [session for session in sessions if session.on < today <= session.on + timedelta(days=3)]
    day_leads = {counselors(wing)[0] for wing in range(wings)}
    for lead in day_leads:
        if own := [session for session in past if session.leader == lead]:
            yield own[-1].key
    for session in past:
        was_yesterday = session.on == today - timedelta(days=1) and session.leader not in day_leads
        if was_yesterday and Random(f"{seed}:signed:{session.key}").random() < 0.5:
            yield session.key
