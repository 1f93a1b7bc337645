"""The schedule as stored, read for the rule: the program's lines of a day, and how each measure stands for a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.measures import in_use, library
from stepwell.care.measures.models import ProgramSchedule, Response, ScheduleChange
from stepwell.care.measures.rules import asking, schedule
from stepwell.care.measures.rules.schedule import (
    DEFAULT,
    Asked,
    Change,
    Every,
    Line,
    Program,
    Standing,
    State,
    Stay,
)
from stepwell.care.measures.scoring import Definition
from stepwell.trust.organizations.models import Closure

What = ScheduleChange.What


def as_stored(line: Line) -> dict[str, Any]:
    stored: dict[str, Any] = {
        "instrument": line.instrument,
        "every": line.every.value,
        "levels": sorted(line.levels),
    }
    return stored | {"at_visit": True} if line.at_visit else stored


def program_on(day: date) -> Program:
    """The organization's own schedule of that day; before it had one, Stepwell's default."""
    stored = (
        ProgramSchedule.objects.filter(effective_on__lte=day).order_by("effective_on", "recorded_at").last()
    )
    return DEFAULT if stored is None else as_program(stored)


def as_program(stored: ProgramSchedule) -> Program:
    return Program(
        effective_on=stored.effective_on,
        source=stored.because,
        lines=tuple(
            Line(
                line["instrument"],
                Every(line["every"]),
                frozenset(line["levels"]),
                at_visit=line.get("at_visit", False),
            )
            for line in stored.lines
        ),
        load=stored.load,
        reminders=stored.reminders,
    )


def rated_by_staff(used: Mapping[str, Definition]) -> frozenset[str]:
    return frozenset(each.id for each in used.values() if each.rated_by_clinician)


def only(program: Program, used: Mapping[str, Definition]) -> Program:
    """Without the lines of what is not in use here."""
    return replace(program, lines=tuple(line for line in program.lines if line.instrument in used))


def changes_of(patients: Iterable[UUID]) -> Mapping[UUID, tuple[Change, ...]]:
    """What is settled for each of these, the last one last."""
    found: dict[UUID, list[Change]] = {}
    rows = ScheduleChange.objects.in_force().filter(patient__in=list(patients)).order_by("recorded_at")
    for row in rows:
        found.setdefault(row.patient_id, []).append(_change(row))
    return {patient: tuple(changes) for patient, changes in found.items()}


def _change(row: ScheduleChange) -> Change:
    match What(row.what):
        case What.STOPPED:
            return Change(row.instrument, stopped=True)
        case What.PAUSED:
            return Change(row.instrument, paused_until=row.paused_until)
        case What.AS_PROGRAM:
            return Change(row.instrument)
        case _:
            return Change(row.instrument, Every(row.what))


def standings_for(episode: EpisodeOfCare, today: date) -> tuple[Standing, ...]:
    """How each measure of this person's schedule stands today."""
    used = in_use.askable()
    level = episode.level_on(today if episode.ended_on is None else episode.ended_on)
    if level is None and episode.ended_on is None:
        return ()
    patient = episode.patient
    zone = patient.center.zone
    since = episode.admitted_on - schedule.SET_COUNTS_FOR
    responses = Response.objects.in_force().filter(patient=patient)
    asked = tuple(
        Asked(
            instrument,
            (scheduled_on or (taken_at or recorded_at).astimezone(zone).date()),
            (taken_at or completed_at).astimezone(zone).date() if completed_at else None,
            by_schedule=mode == Response.Mode.SELF and scheduled_on is not None,
        )
        for instrument, mode, scheduled_on, recorded_at, taken_at, completed_at in responses.values_list(
            "instrument", "mode", "scheduled_on", "recorded_at", "taken_at", "completed_at"
        )
        if instrument in used
        and (completed_at is None or (taken_at or completed_at).astimezone(zone).date() >= since)
    )
    closed = Closure.objects.filter(
        center=patient.center_id, on__gte=today, on__lt=today + timedelta(days=7)
    ).values_list("on", flat=True)
    changes = changes_of([patient.pk]).get(patient.pk, ())
    return schedule.standings(
        only(program_on(today), used),
        [change for change in changes if change.instrument in used],
        asked,
        Stay(
            episode.admitted_on,
            level.value if level else "",
            episode.ended_on,
            schedule.step_down_day([(each.starts_on, each.level) for each in episode.periods]),
        ),
        today=today,
        takes=lambda instrument: asking.seconds(used[instrument]),
        rated_by_staff=rated_by_staff(used),
        closed=frozenset(closed),
    )


def due_for(episode: EpisodeOfCare, today: date) -> list[str]:
    """What goes on the phone today."""
    return [each.instrument for each in standings_for(episode, today) if each.state is State.ASK]


@dataclass(frozen=True)
class ScheduleRow:
    """One measure of a person's schedule, as the measures tab shows it."""

    standing: Standing
    definition: Definition
    response: Response | None
    is_late: bool

    @property
    def state(self) -> str:
        return self.standing.state.value

    @property
    def is_due(self) -> bool:
        return self.standing.state in (State.ASK, State.ASKED, State.TOGETHER, State.WAITS)

    @property
    def seconds(self) -> int:
        return asking.seconds(self.definition)


def rows_for(episode: EpisodeOfCare, today: date, open_now: Iterable[Response]) -> list[ScheduleRow]:
    asked = {response.instrument: response for response in open_now}
    return [
        ScheduleRow(
            standing,
            library.instrument(standing.instrument),
            asked.get(standing.instrument),
            is_late=standing.state in (State.ASKED, State.TOGETHER, State.ASK)
            and today - standing.on >= schedule.LATE_AFTER,
        )
        for standing in standings_for(episode, today)
    ]
