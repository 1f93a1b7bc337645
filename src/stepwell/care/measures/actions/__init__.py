"""What people do with measures: ask, answer a question at a time, record, follow up, check in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.care.measures import in_use, library
from stepwell.care.measures.actions.schedules import ask_what_follows
from stepwell.care.measures.models import (
    LEFT_OUT,
    TOLD,
    Attempt,
    CheckIn,
    InstrumentUse,
    LicensedText,
    Response,
    TimedSeries,
)
from stepwell.care.measures.rules import asking, safety, use
from stepwell.care.measures.rules.safety import Deed, Help
from stepwell.care.measures.rules.use import Wording
from stepwell.care.measures.scoring import Definition, Status, score
from stepwell.care.measures.told import call_off_reminders, tell_those_on_watch
from stepwell.care.tasks import actions as tasks
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient
from stepwell.trust.setup.sight import require_everywhere

# Asking and answering


@transaction.atomic
def ask(
    patient: Patient, instrument_id: str, *, by: User, at: datetime, due_on: date | None = None
) -> Response:
    """Put a measure before the person, to be answered on their phone.

    Raises Refused for one that a clinician rates, and while the same one is still open.
    """
    require(by, Permission.ASK_MEASURE, patient)
    definition = _definition(instrument_id)
    if definition.rated_by_clinician:
        raise Refused(
            _("%(name)s is rated by a clinician. Open it on the staff side.")
            % {"name": definition.short_title}
        )
    try:
        with transaction.atomic():
            response = Response.objects.create(
                patient=patient,
                instrument=definition.id,
                instrument_version=definition.version,
                mode=Response.Mode.SELF,
                context=_left_out(definition),
                due_on=due_on,
                recorded_by=by,
                recorded_at=at,
            )
    except IntegrityError as error:
        if "response_asked_once_at_a_time" not in str(error):
            raise
        raise Refused(
            _("%(name)s is already asked and not finished.") % {"name": definition.short_title}
        ) from error
    audit.record(by=by, did=audit.Did.CREATED, to=response)
    return response


@dataclass(frozen=True)
class Answered:
    response: Response
    help: Help | None  # what the answer calls for, before anything else


class Unanswered(Enum):
    """What a question held when it was shown: nothing yet. (None would be a skip.)"""

    YET = "unanswered"


@transaction.atomic
def answer(response: Response, item_id: str, value: Any, *, was: Any, by: User, at: datetime) -> Answered:
    """Keep one answer as soon as it is given; None is a question skipped.

    `was` is what the question held when it was shown, so that two screens that answer different questions
    do not disturb each other. Raises Refused for a value that is no answer, and ChangedMeanwhile when this
    very question was answered elsewhere first.
    """
    require(by, Permission.ANSWER_OWN_MEASURE, response.patient)
    response = _locked(response)
    _check_still_open(response)
    definition = response.definition
    held = response.answers.get(item_id, Unanswered.YET)
    if held not in (was, value):
        raise ChangedMeanwhile(
            _("This was answered on another screen in the meantime. Choose which is right.")
        )
    problems = score(definition, {item_id: value}).problems
    if problems:
        raise Refused(_("Choose one of the answers."), field=item_id)
    answers = asking.kept(definition, response.answers | {item_id: value})
    _raise(response, safety.raised_so_far(definition, answers), answers, at)
    response.answers = answers
    response.status = Response.Status.IN_PROGRESS
    response.version += 1
    response.save(update_fields=["answers", "flags", "context", "status", "version", *FOLLOWED_UP])
    tell_those_on_watch(response, by=by, at=at)
    needed = safety.help_at_once(definition, response.answers, item_id)
    audit.record(
        by=by, did=audit.Did.ANSWERED, to=response, because="help shown" if needed else "one question"
    )
    return Answered(response, needed)


@transaction.atomic
def send(response: Response, *, version: int, by: User, at: datetime) -> Response:
    """The person is done: score it. From here on it changes only by being marked as entered in error."""
    require(by, Permission.ANSWER_OWN_MEASURE, response.patient)
    response = _locked(response)
    _check_still_open(response)
    if response.version != version:
        raise ChangedMeanwhile(_("Your answers changed on another screen. Look at them again, then send."))
    _complete(response, response.answers, by=by, at=at, taken_at=at)
    audit.record(by=by, did=audit.Did.ANSWERED, to=response, because="sent")
    return response


@transaction.atomic
def record(
    patient: Patient,
    instrument_id: str,
    answers: Mapping[str, Any],
    *,
    mode: Response.Mode,
    taken_at: datetime,
    by: User,
    at: datetime,
    context: Mapping[str, Any] | None = None,
    series: TimedSeries | None = None,
) -> Response:
    """Staff rated it, read it aloud, or entered it from paper; of a timed series it is the next reading."""
    require(by, Permission.ASK_MEASURE, patient)
    definition = _definition(instrument_id)
    if series is not None:
        series = TimedSeries.objects.select_for_update(of=("self",)).get(pk=series.pk)
        if not series.is_open or series.patient_id != patient.pk or series.instrument != definition.id:
            raise Refused(_("This series has ended. Start another one, or rate it by itself."))
    response = Response(
        patient=patient,
        instrument=definition.id,
        instrument_version=definition.version,
        mode=mode,
        context=dict(context or {}) | _left_out(definition),
        series=series,
        recorded_by=by,
        recorded_at=at,
    )
    _check_taken(taken_at, at)
    _complete(response, answers, by=by, at=at, taken_at=taken_at)
    audit.record(by=by, did=audit.Did.CREATED, to=response)
    return response


@transaction.atomic
def fill_in(
    response: Response,
    answers: Mapping[str, Any],
    *,
    version: int,
    mode: Response.Mode,
    taken_at: datetime,
    by: User,
    at: datetime,
) -> Response:
    """Staff finish, with the person, what was asked of them on the phone.

    Raises ChangedMeanwhile when the person answered in the meantime: their answers are then shown.
    """
    require(by, Permission.ASK_MEASURE, response.patient)
    response = _locked(response)
    _check_still_open(response)
    if response.version != version:
        raise ChangedMeanwhile(
            _("%(name)s answered some of this on the phone in the meantime. Both are shown below.")
            % {"name": response.patient.called}
        )
    _check_taken(taken_at, at)
    response.mode = mode
    _complete(response, answers, by=by, at=at, taken_at=taken_at)
    audit.record(by=by, did=audit.Did.ANSWERED, to=response, because="sent by staff")
    return response


def _definition(instrument_id: str) -> Definition:
    """The instrument as it is in use here. Raises Refused for one that is not."""
    if (definition := in_use.askable().get(instrument_id)) is None:
        raise Refused(_("That measure is not in use here."))
    return definition


def _left_out(definition: Definition) -> dict[str, Any]:
    whole = library.instrument(definition.id)
    parts = [part.id for part in use.PARTS.get(whole.id, ()) if not definition.has_item(part.items[0])]
    return {LEFT_OUT: parts} if parts else {}


def _locked(response: Response) -> Response:
    return Response.objects.select_for_update(of=("self",)).select_related("patient").get(pk=response.pk)


def _check_still_open(response: Response) -> None:
    if response.entered_in_error_at is not None:
        raise Refused(_("This was marked as entered in error."))
    if response.is_completed:
        raise ChangedMeanwhile(_("This is finished already. Thank you."))


def _check_taken(taken_at: datetime, at: datetime) -> None:
    if taken_at > at:
        raise Refused(_("This time has not come yet."), field="taken_at")


def _complete(
    response: Response, answers: Mapping[str, Any], *, by: User, at: datetime, taken_at: datetime
) -> None:
    definition = response.definition
    given = dict(answers)
    if all(value is None for value in given.values()):
        raise Refused(_("Answer at least one question."))
    scored = score(definition, given, response.context)
    if scored.status is Status.INVALID:
        first = scored.problems[0]
        raise Refused(_("Choose one of the answers."), field=first.item)
    raised = [flag.code for flag in scored.flags]
    if definition.id in safety.DROPS:
        earlier = Response.objects.completed().filter(
            patient=response.patient, instrument=definition.id, taken_at__lt=taken_at
        )
        raised += safety.dropped(definition, given, list(earlier.values_list("answers", flat=True)))
    _raise(response, raised, given, taken_at)
    response.answers = given
    response.result = scored.to_dict() | {
        "definition": {"version": definition.version, "sha256": definition.sha256}
    }
    only = definition.scores[0].id if len(definition.scores) == 1 else "total"
    total = scored.scores.get(only)
    response.total = None if total is None else Decimal(total)
    response.status = Response.Status.COMPLETED
    response.completed_at, response.answered_by, response.taken_at = at, by, taken_at
    response.version += 1
    response.save()
    ask_what_follows(response, at=at)
    call_off_reminders(response, at=at)
    tell_those_on_watch(response, by=by, at=at)


# After the answers

FOLLOWED_UP = ("followed_up_at", "followed_up_by", "followed_up_note", "followed_up_with")


def _raise(response: Response, raised: Sequence[str], answers: Mapping[str, Any], at: datetime) -> None:
    """Set the flags that stand with these answers. What is new needs a follow-up of its own.

    The row's history keeps the note of the earlier one.
    """
    stands = safety.standing(
        held=response.flags,
        told=response.told,
        before=response.answers,
        raised=raised,
        answers=answers,
        at=at,
    )
    response.flags = list(stands.flags)
    if stands.told:
        response.context = response.context | {TOLD: stands.told}
    if stands.asks_anew:
        response.followed_up_at = response.followed_up_by = None
        response.followed_up_note, response.followed_up_with = "", []


@transaction.atomic
def follow_up(response: Response, *, note: str, deeds: Collection[Deed], by: User, at: datetime) -> Response:
    """Say what was done about an answer that somebody had to act on; it is then off the list.

    Raises Refused for what needs somebody now, while nobody has spoken with the person.
    """
    require(by, Permission.ASK_MEASURE, response.patient)
    response = _raised(response)
    if objection := safety.objection_to_closing(response.flags, deeds):
        raise Refused(_(objection), field="deeds")
    if not note.strip():
        raise Refused(_("Say what was done."), field="note")
    response.followed_up_at, response.followed_up_by = at, by
    response.followed_up_note = note.strip()
    response.followed_up_with = [deed.value for deed in Deed if deed in deeds]
    response.save(update_fields=FOLLOWED_UP)
    tasks.followed_up(response.patient, response_id=response.pk, by=by, at=at)
    audit.record(by=by, did=audit.Did.CHANGED, to=response, because="followed up")
    return response


@transaction.atomic
def write_down_a_try(response: Response, *, note: str, by: User, at: datetime) -> Attempt:
    """Somebody tried, and is not done. The answer stays on the list, with the try beside it."""
    require(by, Permission.ASK_MEASURE, response.patient)
    response = _raised(response)
    if not note.strip():
        raise Refused(_("Say what was tried."), field="note")
    tried = Attempt.objects.create(
        patient=response.patient, response=response, note=note.strip(), recorded_by=by, recorded_at=at
    )
    audit.record(by=by, did=audit.Did.CREATED, to=tried)
    return tried


def _raised(response: Response) -> Response:
    response = _locked(response)
    if not response.flags:
        raise Refused(_("Nothing here asks for follow-up."))
    if response.followed_up_at is not None:
        raise ChangedMeanwhile(
            _("%(name)s has already followed this up.") % {"name": response.followed_up_by}
        )
    return response


# Daily check-in

CHECK_IN_ANSWERS: Sequence[str] = ("craving", "mood", "slept_hours", "used", "note")


@transaction.atomic
def check_in(patient: Patient, *, on: date, by: User, at: datetime, **answers: Any) -> CheckIn:
    """Keep the person's own answers for one day; the same day they may change them.

    Only the answers given are changed: a page at a time, in any order, each one skippable.
    """
    require(by, Permission.ANSWER_OWN_MEASURE, patient)
    if unknown := set(answers) - set(CHECK_IN_ANSWERS):
        raise ValueError(f"a check-in has no {', '.join(sorted(unknown))}")
    todays, is_new = CheckIn.objects.select_for_update().get_or_create(
        patient=patient,
        on=on,
        entered_in_error_at=None,
        defaults={"recorded_by": by, "recorded_at": at, **answers},
    )
    if not is_new:
        for name, value in answers.items():
            setattr(todays, name, value)
        todays.recorded_at = at
        todays.save(update_fields=[*answers, "recorded_at"])
    audit.record(by=by, did=audit.Did.CREATED if is_new else audit.Did.CHANGED, to=todays)
    return todays


# What is in use here


@transaction.atomic
def switch(
    instrument_id: str, part: str, *, on: bool, accepted_as: str, by: User, at: datetime
) -> InstrumentUse:
    """Begin or stop asking an instrument, or one part of it, in the whole organization.

    Where its owner's terms ask for it, the notice is accepted by name. What was asked before stays, and may be
    finished. Raises Refused for a name that is missing and for wording that is not whole.
    """
    require_everywhere(by)
    definition = _kept(instrument_id)
    if definition.id in use.NEVER_ASKED:
        raise Refused(use.NEVER_ASKED[definition.id])
    parts = {each.id: each for each in use.PARTS.get(definition.id, ())}
    if part and part not in parts:
        raise Refused(_("That measure has no such part."))
    terms = parts[part].terms if part else use.terms_of(definition)
    name = " ".join(accepted_as.split())
    if on and definition.is_withheld and definition.id not in in_use.whole_copies():
        raise Refused(_("Enter the whole wording first."))
    if on and terms is not None and not name:
        raise Refused(_("Write your name to accept the notice."), field="accepted_as")
    row, _is_new = InstrumentUse.objects.update_or_create(
        instrument=definition.id,
        part=part,
        defaults={
            "is_on": on,
            "decided_by": by,
            "decided_at": at,
            "accepted_as": name if on and terms else "",
            "notice": terms.notice if on and terms else "",
        },
    )
    audit.record(
        by=by,
        did=audit.Did.CHANGED,
        to=row,
        because=f"{definition.id}{' ' if part else ''}{part}: {'switched on' if on else 'switched off'}",
    )
    return row


@transaction.atomic
def write_wording(
    instrument_id: str, wording: Wording, *, version: int, by: User, at: datetime
) -> LicensedText:
    """Keep an organization's own licensed copy of a questionnaire. It may be written bit by bit.

    Raises Refused where nothing is withheld, and for a gap in a copy that people are being asked from; raises
    ChangedMeanwhile when somebody else wrote in it first.
    """
    require_everywhere(by)
    definition = _kept(instrument_id)
    if not definition.is_withheld:
        raise Refused(_("Its wording is kept here already."))
    held = (
        LicensedText.objects.select_for_update()
        .filter(instrument=definition.id, language=wording.language)
        .first()
    )
    if (held.version if held else 0) != version:
        raise ChangedMeanwhile(_("Somebody else changed this wording in the meantime. Look at it again."))
    is_asked = definition.id in in_use.askable() and wording.language == in_use.FIRST_LANGUAGE
    if is_asked and use.still_missing(definition, wording):
        raise Refused(_("This is in use: every word is needed. Switch it off first to leave a gap."))
    text = held or LicensedText(instrument=definition.id, language=wording.language)
    for name in ("title", "instructions", "items", "answers", "licence"):
        setattr(text, name, getattr(wording, name))
    text.entered_by, text.entered_at, text.version = by, at, version + 1
    text.save()
    audit.record(
        by=by,
        did=audit.Did.CHANGED if held else audit.Did.CREATED,
        to=text,
        because=f"{definition.id}: wording in {text.get_language_display()}",
    )
    return text


def _kept(instrument_id: str) -> Definition:
    try:
        return library.instrument(instrument_id)
    except KeyError:
        raise Refused(_("That measure is not kept here.")) from None
