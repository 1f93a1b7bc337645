"""What is asked when: the program's schedule, what one person has instead, and asking what is due."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.measures import in_use, library, schedules, told
from stepwell.care.measures.models import (
    Annotation,
    ProgramSchedule,
    Response,
    ScheduleChange,
    ToldAtOnce,
)
from stepwell.care.measures.rules.schedule import Every, Line, State
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient
from stepwell.trust.setup.sight import require_everywhere

ANSWER_WITHIN = timedelta(days=6)


@transaction.atomic
def set_program_schedule(
    lines: Iterable[Line],
    *,
    load: int,
    reminders: int,
    effective_on: date,
    because: str,
    by: User,
    at: datetime,
) -> ProgramSchedule:
    """The organization's schedule from a day on. The one before still says what was asked until then."""
    require_everywhere(by)
    if not because.strip():
        raise Refused(_("Say why it changes."), field="because")
    if not 15 <= load <= 600:
        raise Refused(_("Choose 15 to 600 seconds."), field="load")
    if not 0 <= reminders <= 3:
        raise Refused(_("Choose 0 to 3 messages."), field="reminders")
    stored = ProgramSchedule.objects.create(
        effective_on=effective_on,
        lines=[schedules.as_stored(line) for line in lines],
        load=load,
        reminders=reminders,
        because=because.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(by=by, did=audit.Did.CREATED, to=stored)
    return stored


@transaction.atomic
def change_schedule(
    patient: Patient,
    instrument_id: str,
    what: ScheduleChange.What,
    *,
    paused_until: date | None = None,
    because: str,
    by: User,
    at: datetime,
) -> ScheduleChange:
    """For one person: add a measure, ask it at another interval, stop it, or leave it until a day."""
    require(by, Permission.ASK_MEASURE, patient)
    if instrument_id not in in_use.askable():
        raise Refused(_("That measure is not kept here."), field="instrument")
    if not because.strip():
        raise Refused(_("Say why."), field="because")
    is_pause = what == ScheduleChange.What.PAUSED
    if is_pause and (paused_until is None or paused_until <= at.astimezone(patient.center.zone).date()):
        raise Refused(_("Choose a day that is still to come."), field="paused_until")
    changed = ScheduleChange.objects.create(
        patient=patient,
        instrument=instrument_id,
        what=what,
        paused_until=paused_until if is_pause else None,
        because=because.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(by=by, did=audit.Did.CHANGED, to=changed)
    return changed


@transaction.atomic
def ask_what_is_due(episode: EpisodeOfCare, *, at: datetime) -> list[Response]:
    """Put on the phone what this person's schedule asks for today, and remind them of it, each once.

    Whoever comes second, a moment or a day later, finds it asked. It is recorded under whoever admitted the person:
    that is what began their schedule.
    """
    EpisodeOfCare.objects.select_for_update(of=("self",)).get(pk=episode.pk)
    today = at.astimezone(episode.patient.center.zone).date()
    return _put_on_the_phone(episode, schedules.due_for(episode, today), on=today, at=at)


def ask_what_follows(screen: Response, *, at: datetime) -> list[Response]:
    """What a screen just finished calls for goes on the phone at once, where it fits in the week.

    What does not fit stands among what is due at the next visit. A step of finishing the screen.
    """
    if not schedules.what_follows(screen, in_use.askable()):
        return []
    episode = (
        EpisodeOfCare.objects.open()
        .with_levels()
        .select_related("patient__center", "recorded_by")
        .select_for_update(of=("self",))
        .filter(patient=screen.patient_id)
        .first()
    )
    if episode is None:
        return []
    today = at.astimezone(episode.patient.center.zone).date()
    wanted = [
        each.instrument
        for each in schedules.standings_for(episode, today)
        if each.every is Every.FOLLOWS and each.state is State.ASK
    ]
    return _put_on_the_phone(episode, wanted, on=today, at=at, is_there_now=True)


def _put_on_the_phone(
    episode: EpisodeOfCare,
    instruments: Iterable[str],
    *,
    on: date,
    at: datetime,
    is_there_now: bool = False,
) -> list[Response]:
    patient = episode.patient
    asked = []
    for instrument_id in instruments:
        definition = library.instrument(instrument_id)
        response = Response(
            patient=patient,
            instrument=definition.id,
            instrument_version=definition.version,
            mode=Response.Mode.SELF,
            answers=schedules.answers_that_flow_over(patient, definition.id, on),
            due_on=on + ANSWER_WITHIN,
            scheduled_on=on,
            recorded_by=episode.recorded_by,
            recorded_at=at,
        )
        try:
            with transaction.atomic():
                response.save(force_insert=True)
        except IntegrityError:  # somebody asked the same by hand in this moment
            continue
        audit.record(by=None, did=audit.Did.CREATED, to=response, because="due by the schedule")
        asked.append(response)
    if asked:
        reminders = schedules.program_on(on).reminders
        told.remind(patient, on=on, reminders=reminders, at=at, is_there_now=is_there_now)
    return asked


@transaction.atomic
def annotate(patient: Patient, *, on: date, words: str, by: User, at: datetime) -> Annotation:
    """A few words that stand on a day of every trend."""
    require(by, Permission.ASK_MEASURE, patient)
    if not words.strip():
        raise Refused(_("Write a few words."), field="words")
    if len(words.strip()) > 80:
        raise Refused(_("Write at most 80 characters."), field="words")
    if on > at.astimezone(patient.center.zone).date():
        raise Refused(_("This day has not come yet."), field="on")
    written = Annotation.objects.create(
        patient=patient, on=on, words=words.strip(), recorded_by=by, recorded_at=at
    )
    audit.record(by=by, did=audit.Did.CREATED, to=written)
    return written


@transaction.atomic
def choose_to_be_told(center: Center, *, is_told: bool, by: User, at: datetime) -> None:
    """A neutral e-mail when an answer at this center needs somebody now; or none any longer."""
    require(by, Permission.SEE_STAFF, center=center)
    chosen = ToldAtOnce.objects.select_for_update(of=("self",)).filter(user=by, center=center, until=None)
    stands = chosen.first()
    if is_told == (stands is not None):
        return
    if stands is None:
        stands, _new = ToldAtOnce.objects.get_or_create(
            user=by, center=center, until=None, defaults={"since": at}
        )
    else:
        stands.until = at
        stands.save(update_fields=["until"])
    audit.record(by=by, did=audit.Did.CHANGED, to=stands, because="told of answers at once")
