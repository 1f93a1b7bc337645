"""Gives people their places: groups, intakes, individual sessions, medication visits."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import combinations

from stepwell.demo.casting import Character
from stepwell.demo.diary import Diary
from stepwell.demo.facts import DAYTON, Enrollment, GroupSeries, GroupSession, Language, Product
from stepwell.demo.timetable import Timetable, office_of

INDIVIDUAL_MINUTES, INTAKE_MINUTES, PRESCRIBER_MINUTES, INJECTION_MINUTES = 50, 60, 30, 20
HOURS = tuple(time(hour) for hour in (13, 14, 15, 16, 9, 10, 11))
EVENING_HOURS = (time(16, 30), time(15, 30), *HOURS)
INTAKE_HOURS = (*HOURS, time(12), time(8), time(17))


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, DAYTON)


class Places:
    """Standing places in groups, within their seats on every day."""

    def __init__(self, series: Iterable[GroupSeries]) -> None:
        self.series = {group.key: group for group in series}
        self.taken: dict[str, list[Enrollment]] = defaultdict(list)

    def has_seat(self, group: str, from_on: date, until_on: date | None) -> bool:
        there = self.taken[group]
        days = [
            from_on,
            *(
                e.from_on
                for e in there
                if e.from_on > from_on and (until_on is None or e.from_on <= until_on)
            ),
        ]
        return all(sum(e.covers(day) for e in there) < self.series[group].seats for day in days)

    def take(self, groups: Iterable[str], from_on: date, until_on: date | None = None) -> list[Enrollment]:
        places = [Enrollment(group, from_on, until_on) for group in groups]
        for place in places:
            self.taken[place.series].append(place)
        return places

    def pattern(
        self, person: Character, wanted: int, from_on: date, until_on: date | None
    ) -> tuple[str, ...]:
        """The groups of the person's own track, or else the emptiest others in their language."""
        # One group a week, on the way out: on Saturday by video, unless daily medicine is picked up here.
        by_video = wanted == 1 and person.product is not Product.BUPRENORPHINE_DAILY
        track = "V" if by_video else person.track
        own = [g.key for g in self.series.values() if g.track == track and wing_of(g) == person.wing]
        if track == "S" and not person.needs_interpreter:
            own += [g.key for g in self.series.values() if g.track == "V" and wing_of(g) == person.wing]
        own = [key for key in own if self.has_seat(key, from_on, until_on)][:wanted]
        if len(own) == wanted or person.needs_interpreter:
            return tuple(own)
        free = [
            group
            for group in self.series.values()
            if self.has_seat(group.key, from_on, until_on)
            and (group.language is Language.ENGLISH or person.language is Language.SPANISH)
        ]
        for size in range(min(wanted, len(free)), 0, -1):
            fitting = [
                groups
                for groups in combinations(free, size)
                if len({group.weekday for group in groups}) == size
            ]
            if fitting:
                emptiest = min(fitting, key=lambda groups: sum(len(self.taken[g.key]) for g in groups))
                return tuple(group.key for group in emptiest)
        return ()


def wing_of(group: GroupSeries) -> int:
    return int(group.key[2:] or 0)


class Booking:
    def __init__(self, timetable: Timetable) -> None:
        self.timetable = timetable
        self.diary = Diary()
        for session in timetable.sessions:
            taken = [session.leader, *filter(None, [session.co_leader, session.room])]
            self.diary.take(taken, session.starts_at, session.minutes)

    def join(self, person: str, enrollments: Iterable[Enrollment]) -> list[GroupSession]:
        """The person's sessions, now in their diary."""
        enrolled = list(enrollments)
        sessions = [
            session
            for session in self.timetable.sessions
            if any(e.series == session.series and e.covers(session.on) for e in enrolled)
        ]
        for session in sessions:
            self.diary.take([person], session.starts_at, session.minutes)
        return sessions

    def first_free(
        self, person: str, staff: str, room: str, when: Iterable[datetime], minutes: int
    ) -> datetime | None:
        """Takes the first moment that suits all three; None when there is none."""
        whom = [person, staff, room]
        for moment in when:
            if self.timetable.is_open(moment.date()) and self.diary.is_free(whom, moment, minutes):
                self.diary.take(whom, moment, minutes)
                return moment
        return None

    def individual(self, person: Character, week: date, prefer: tuple[int, time]) -> datetime | None:
        """A session that week with the person's counselor: at the usual hour if it is free."""
        hours = EVENING_HOURS if person.track == "C" else HOURS
        usual = at(week + timedelta(days=prefer[0]), prefer[1])
        others = (
            at(week + timedelta(days=n % 5), hour) for n in range(prefer[0], prefer[0] + 5) for hour in hours
        )
        return self.first_free(
            person.key, person.counselor, office_of(person.counselor), (usual, *others), INDIVIDUAL_MINUTES
        )

    def intake(
        self, person: str, counselors: Iterable[str], days: Iterable[date]
    ) -> tuple[str, datetime] | None:
        for day in days:
            for counselor in counselors:
                moments = (at(day, hour) for hour in INTAKE_HOURS)
                if starts_at := self.first_free(
                    person, counselor, office_of(counselor), moments, INTAKE_MINUTES
                ):
                    return counselor, starts_at
        return None

    def with_nurse(self, person: str, day: date, first: time = time(12, 10)) -> datetime | None:
        return self.first_free(person, "joel", "treatment", quarter_hours(day, first), INJECTION_MINUTES)

    def with_prescriber(self, person: str, day: date) -> datetime | None:
        return self.first_free(person, "osei", "room1", quarter_hours(day, time(13)), PRESCRIBER_MINUTES)


def quarter_hours(day: date, first: time) -> Iterator[datetime]:
    yield at(day, first)
    start = at(day, time(8, 30))
    for n in range(38):
        yield start + timedelta(minutes=15 * n)


def days_from(day: date, count: int) -> Iterator[date]:
    return (day + timedelta(days=n) for n in range(count))
