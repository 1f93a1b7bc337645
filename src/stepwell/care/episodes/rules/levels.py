"""The level of care an episode stands at, day by day, and when it may change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from stepwell.care.episodes.levels import LevelOfCare


class Period(Protocol):
    """A stretch of days at one level: from a day until the day before ``ends_on``."""

    @property
    def level(self) -> str: ...

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date | None: ...


def level_on(periods: Iterable[Period], day: date) -> LevelOfCare | None:
    """The level of that day. None before admission, and after the end."""
    for period in periods:
        if period.starts_on <= day and (period.ends_on is None or day < period.ends_on):
            return LevelOfCare(period.level)
    return None


@dataclass(frozen=True)
class Standing:
    """The last level of an open episode, and since when; ``admitted_on`` is when the episode began."""

    level: LevelOfCare
    since: date
    admitted_on: date


class Objection(StrEnum):
    NO_REASON = "no reason is given"
    SAME_LEVEL = "the episode stands at that level already"
    BEFORE_ADMISSION = "the day is before admission"
    BEFORE_THIS_LEVEL_BEGAN = "the day is before the present level began"
    IN_THE_FUTURE = "an end cannot lie in the future"


def objection_to_change(
    standing: Standing, *, to: LevelOfCare, on: date, because: str
) -> tuple[Objection, str] | None:
    """The first reason to refuse another level from a day on, and the field it is about."""
    if to is standing.level:
        return Objection.SAME_LEVEL, "level"
    return _objection_to_day(standing, on) or _objection_to_reason(because)


def objection_to_end(
    standing: Standing, *, on: date, because: str, today: date
) -> tuple[Objection, str] | None:
    """The first reason to refuse the end of care on a day. ``standing`` is today's: a later level never begins."""
    if on < standing.admitted_on:
        return Objection.BEFORE_ADMISSION, "on"
    if on > today:
        return Objection.IN_THE_FUTURE, "on"
    if on < standing.since:
        return Objection.BEFORE_THIS_LEVEL_BEGAN, "on"
    return _objection_to_reason(because)


def _objection_to_day(standing: Standing, on: date) -> tuple[Objection, str] | None:
    if on < standing.admitted_on:
        return Objection.BEFORE_ADMISSION, "on"
    if on < standing.since:
        return Objection.BEFORE_THIS_LEVEL_BEGAN, "on"
    return None


def _objection_to_reason(because: str) -> tuple[Objection, str] | None:
    return None if because.strip() else (Objection.NO_REASON, "because")


def day_after(day: date) -> date:
    """Where a period that holds this day as its last ends: until the day before."""
    return day + timedelta(days=1)
