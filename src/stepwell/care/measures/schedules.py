"""The schedule as stored, read for the rule: the program's lines of a day, and how each measure stands for a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.measures import in_use, library
from stepwell.care.measures.models import ProgramSchedule, Response, ScheduleChange
from stepwell.care.measures.rules import asking, following, schedule
from stepwell.care.measures.rules.following import Follow
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
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Closure
from stepwell.trust.people.models import Patient

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
    return standings_for_many([episode], today)[episode.patient_id]


def standings_for_many(episodes: Iterable[EpisodeOfCare], today: date) -> Mapping[UUID, tuple[Standing, ...]]:
    """How each measure of each of these stands today, by person, in as many questions as for one."""
    episodes = list(episodes)
    if not episodes:
        return {}
    used = in_use.askable()
    program = only(program_on(today), used)
    staff_rate = rated_by_staff(used)
    changes = changes_of(episode.patient_id for episode in episodes)
    asked = _asked_of(episodes, used)
    closed: dict[UUID, set[date]] = {}
    for center, on in Closure.objects.filter(
        center__in={episode.patient.center_id for episode in episodes},
        on__gte=today,
        on__lt=today + timedelta(days=7),
    ).values_list("center", "on"):
        closed.setdefault(center, set()).add(on)
    return {
        episode.patient_id: schedule.standings(
            program,
            [each for each in changes.get(episode.patient_id, ()) if each.instrument in used],
            asked.get(episode.patient_id, ()),
            stay,
            today=today,
            takes=lambda instrument: asking.seconds(used[instrument]),
            rated_by_staff=staff_rate,
            closed=closed.get(episode.patient.center_id, set()),
        )
        if (stay := _stay(episode, today))
        else ()
        for episode in episodes
    }


def _stay(episode: EpisodeOfCare, today: date) -> Stay | None:
    level = episode.level_on(today if episode.ended_on is None else episode.ended_on)
    if level is None and episode.ended_on is None:
        return None
    return Stay(
        episode.admitted_on,
        level.value if level else "",
        episode.ended_on,
        schedule.step_down_day([(each.starts_on, each.level) for each in episode.periods]),
    )


def _asked_of(
    episodes: Iterable[EpisodeOfCare], used: Mapping[str, Definition]
) -> Mapping[UUID, Sequence[Asked]]:
    """What was asked of each, and answered since a little before they were admitted, by the clock of their center."""
    begun = {
        episode.patient_id: (episode.patient.center.zone, episode.admitted_on - schedule.SET_COUNTS_FOR)
        for episode in episodes
    }
    found: dict[UUID, list[Asked]] = {}
    rows = Response.objects.in_force().filter(patient__in=list(begun))
    calls_for = {
        response.pk: what_follows(response, used)
        for response in rows.filter(instrument__in=following.SCREENS, status=Response.Status.COMPLETED)
    }
    for pk, patient, instrument, mode, scheduled_on, recorded_at, taken_at, completed_at in rows.values_list(
        "pk", "patient", "instrument", "mode", "scheduled_on", "recorded_at", "taken_at", "completed_at"
    ):
        zone, since = begun[patient]
        answered_on = (taken_at or completed_at).astimezone(zone).date() if completed_at else None
        if instrument not in used or (answered_on and answered_on < since):
            continue
        found.setdefault(patient, []).append(
            Asked(
                instrument,
                scheduled_on or (taken_at or recorded_at).astimezone(zone).date(),
                answered_on,
                by_schedule=mode == Response.Mode.SELF and scheduled_on is not None,
                calls_for=calls_for.get(pk, ()),
            )
        )
    return found


def what_follows(response: Response, used: Collection[str]) -> tuple[Follow, ...]:
    """What the answers of a screen call for, of what is in use here."""
    sex = response.context.get("sex", "")
    called_for = following.called_for(response.instrument, response.result, sex=sex)
    return tuple(each for each in called_for if each.then in used)


def answers_that_flow_over(patient: Patient, instrument_id: str, day: date) -> dict[str, Any]:
    """What the person answered on this day in the same words already."""
    screens = Response.objects.completed().filter(patient=patient, instrument__in=following.SCREENS)
    return following.carried(
        instrument_id,
        [
            (response.instrument, response.answers)
            for response in screens.order_by("taken_at")
            if response.taken_at and response.taken_at.astimezone(patient.center.zone).date() == day
        ],
    )


def together_at_visits(
    user: User, patients: Collection[UUID], today: date
) -> Mapping[UUID, tuple[Standing, ...]]:
    """What is to be gone through with each of these at a visit of today; of those whom the reader may ask."""
    if not patients:
        return {}
    episodes = (
        EpisodeOfCare.objects.visible_to(user, Permission.ASK_MEASURE)
        .open()
        .with_levels()
        .select_related("patient__center")
        .filter(patient__in=patients)
    )
    return {
        patient: tuple(each for each in found if each.state is State.TOGETHER)
        for patient, found in standings_for_many(episodes, today).items()
    }


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
