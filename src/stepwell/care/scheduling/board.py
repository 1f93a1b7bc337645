"""The week as a board: days across, times down, and in each place the groups that meet then."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from stepwell.care.scheduling.models import GroupSeries, GroupSession
from stepwell.care.scheduling.rules.groups import meeting_days
from stepwell.ground.kit.weeks import Week
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Closure

SUNDAY = 6


@dataclass(frozen=True)
class Card:
    """One group on one day: its session, or, where none is laid down yet, the series alone."""

    series: GroupSeries
    session: GroupSession | None
    on: date
    taken: int

    @property
    def is_off(self) -> bool:
        return self.session is not None and self.session.status == GroupSession.Status.CANCELLED

    @property
    def is_full(self) -> bool:
        return self.taken >= self.series.seats

    @property
    def is_over_full(self) -> bool:
        return self.taken > self.series.seats

    @property
    def leader(self) -> str:
        """Their first name: the board is read by those who know them."""
        who = self.session.leader if self.session else self.series.leader
        return who.name.split()[0]

    @property
    def room(self) -> object:
        return self.session.room if self.session else self.series.room


@dataclass(frozen=True)
class BoardDay:
    on: date
    is_today: bool
    closed: str


@dataclass(frozen=True)
class BoardRow:
    """All groups that start at one time, a cell for each day."""

    starts: time
    cells: tuple[tuple[BoardDay, tuple[Card, ...]], ...]


@dataclass(frozen=True)
class Board:
    week: Week
    days: tuple[BoardDay, ...]
    rows: tuple[BoardRow, ...]
    cards: tuple[Card, ...]

    @property
    def series(self) -> list[GroupSeries]:
        """Every group of the week once, by name."""
        return sorted({card.series.pk: card.series for card in self.cards}.values(), key=lambda one: one.name)

    @property
    def shown(self) -> list[Card]:
        """The cards that are on the board: on a closed day there are none. In the order that they are read."""
        return [card for row in self.rows for day, cards in row.cells if not day.closed for card in cards]

    @property
    def has_sunday(self) -> bool:
        return len(self.days) == 7


def board(user: User, week: Week, *, today: date, zone: ZoneInfo) -> Board:
    """Everything this reader may see of a week, in a constant number of queries."""
    cards = sorted(_cards(user, week, zone), key=lambda card: (card.on, card.series.starts, card.series.name))
    closures = _closures(user, week)
    shown = [day for day in week.days if day.weekday() != SUNDAY or any(card.on == day for card in cards)]
    days = tuple(BoardDay(day, day == today, closures.get(day, "")) for day in shown)
    by_place: dict[tuple[time, date], list[Card]] = defaultdict(list)
    for card in cards:
        by_place[card.series.starts, card.on].append(card)
    rows = tuple(
        BoardRow(starts, tuple((day, tuple(by_place[starts, day.on])) for day in days))
        for starts in sorted({card.series.starts for card in cards})
    )
    return Board(week, days, rows, tuple(cards))


def _cards(user: User, week: Week, zone: ZoneInfo) -> list[Card]:
    first, until = week.bounds(str(zone))
    sessions = with_taken(GroupSession.objects.visible_to(user)).with_people()  # type: ignore[attr-defined]
    cards = [
        Card(session.series, session, session.starts_at.astimezone(zone).date(), session.taken)
        for session in sessions.filter(starts_at__gte=first, starts_at__lt=until)
    ]
    there = {(card.series.pk, card.on) for card in cards}
    series = (
        GroupSeries.objects.visible_to(user)
        .running_on(week.monday)
        .select_related("leader", "room", "center")
        .annotate(taken=_standing_places(week.monday))
    )
    for one in series:
        days = meeting_days(
            one.weekday, first=week.monday, until=week.sunday, starts_on=one.starts_on, ends_on=one.ends_on
        )
        cards += [Card(one, None, day, one.taken) for day in days if (one.pk, day) not in there]
    return cards


def with_taken(sessions: QuerySet[GroupSession]) -> QuerySet[GroupSession]:
    """Each with the number of people who have a place in it."""
    is_booked = Q(appointments__status="booked", appointments__entered_in_error_at=None)
    return sessions.annotate(taken=Count("appointments", filter=is_booked))


def _standing_places(day: date) -> Count:
    from_day = Q(enrollments__ends_on=None) | Q(enrollments__ends_on__gt=day)
    return Count("enrollments", filter=from_day & Q(enrollments__entered_in_error_at=None))


def _closures(user: User, week: Week) -> dict[date, str]:
    centers = [membership.center_id for membership in user.memberships_here]
    closures = Closure.objects.filter(on__range=(week.monday, week.sunday))
    if None not in centers:
        closures = closures.filter(center__in=centers)
    return dict(closures.values_list("on", "reason"))


def todays_sessions(user: User, *, today: date, zone: ZoneInfo, at: datetime) -> list[GroupSession]:
    """What meets today, the one that is on now or comes next marked ``is_next``."""
    first = datetime.combine(today, time(), zone)
    until = datetime.combine(today, time.max, zone)
    sessions = list(
        with_taken(GroupSession.objects.visible_to(user))
        .with_people()  # type: ignore[attr-defined]
        .filter(starts_at__range=(first, until))
        .order_by("starts_at", "series__name")
    )
    for session in sessions:
        session.is_over = session.ends_at <= at
        session.is_now = session.starts_at <= at < session.ends_at
    return sessions
