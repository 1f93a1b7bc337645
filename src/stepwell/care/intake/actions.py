"""What is done on the way in: a referral taken, closed, its first visit booked, the person admitted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from stepwell.care.episodes import actions as episodes
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, Referral
from stepwell.care.episodes.rules.admission import Assessed
from stepwell.care.episodes.rules.life_cycle import OPEN, Act, Status
from stepwell.care.intake.models import ContactAttempt
from stepwell.care.intake.rules import LONGEST_UNTIL_NEXT, next_record_number
from stepwell.care.level_of_care.models import LevelOfCareAssessment
from stepwell.care.scheduling import first_visits
from stepwell.care.scheduling.actions import book, cancel
from stepwell.care.scheduling.models import Appointment, Modality
from stepwell.care.scheduling.openings import free_room
from stepwell.care.scheduling.rules.times import Stretch
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.consent.actions import treatment_ended
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.finding import Match, described, people_alike
from stepwell.trust.people.models import Patient, Practitioner

DOUBLE_CLICK = timedelta(minutes=5)


@dataclass(frozen=True)
class Request:
    """What was asked for, by whom."""

    source: str
    asked_for: str = ""


@dataclass(frozen=True)
class Tried:
    """A try to reach somebody: when, how, what came of it, and the day of the next contact."""

    at: datetime
    how: str
    outcome: str
    next_on: date
    note: str = ""


class KnownAlready(Refused):
    """Somebody here may be the person described. Nothing was written: whoever asks looks at them first."""

    def __init__(self, matches: Sequence[Match]) -> None:
        super().__init__(_("Somebody here may be the same person. Look at them first."))
        self.matches = matches


@transaction.atomic
def take_referral(
    center: Center,
    request: Request,
    *,
    person: Mapping[str, Any] | Patient,
    by: User,
    at: datetime,
    not_these: Collection[UUID] = (),
) -> Referral:
    """Write down a request for care, for somebody new or for somebody known.

    Raises KnownAlready when somebody besides ``not_these`` may be the new person, also when a colleague wrote them
    down a moment ago; and Refused for somebody in care. A referral that is open already is given back as it is.
    """
    require(by, Permission.TAKE_REFERRAL, person if isinstance(person, Patient) else None, center=center)
    if not isinstance(person, Patient):
        person = _new_patient(center, person, not_these=not_these, by=by, at=at)
    patient = person
    Patient.objects.select_for_update(of=("self",)).get(pk=patient.pk)
    if EpisodeOfCare.objects.open_for(patient) is not None:
        raise Refused(_("%(name)s is in care here already. Open the chart instead.") % {"name": patient.name})
    if already := Referral.objects.open_for(patient):
        return already
    referral = Referral.objects.create(
        patient=patient,
        source=request.source,
        asked_for=request.asked_for.strip(),
        received_at=at,
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(by=by, did=audit.Did.CREATED, to=referral)
    return referral


def _new_patient(
    center: Center, person: Mapping[str, Any], *, not_these: Collection[UUID], by: User, at: datetime
) -> Patient:
    """A new record. The very same words from the same hand within minutes are a double click, not two people."""
    # Records are made one after another: so numbers are given once, and who asks second finds what the first wrote.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))",
            [f"record number {center.organization_id}"],
        )
    just_now = Referral.objects.in_force().filter(recorded_by=by, received_at__gte=at - DOUBLE_CLICK)
    again = Patient.objects.filter(**person, pk__in=just_now.values("patient")).first()
    if again is not None:
        return again
    known = [
        match for match in people_alike(described(Patient(**person)), by) if match.patient.pk not in not_these
    ]
    if known:
        raise KnownAlready(known)
    used = Patient.objects.values_list("record_number", flat=True)
    return Patient.objects.create(center=center, record_number=next_record_number(used), **person)


@transaction.atomic
def book_intake(
    referral: Referral,
    *,
    practitioner: Practitioner,
    starts_at: datetime,
    modality: Modality,
    by: User,
    at: datetime,
) -> Appointment:
    """Book the first visit, in the first room that is free. The clinician joins the care team.

    Raises AlreadyTaken when somebody else was faster, and Refused for a referral that is not waiting.
    """
    require(by, Permission.TAKE_REFERRAL, referral.patient)
    referral = _locked(referral)
    booked = intake_of(referral)
    if referral.status == Status.BOOKED and booked is not None:
        if (booked.practitioner_id, booked.starts_at) == (practitioner.pk, starts_at):
            return booked
        if booked.ends_at > at:
            raise ChangedMeanwhile(_("An intake is booked already. Cancel that one first."))
    during = Stretch.of(starts_at, first_visits.MINUTES)
    room = free_room(referral.patient.center, during) if modality is Modality.IN_PERSON else None
    if modality is Modality.IN_PERSON and room is None:
        raise Refused(_("No room is free then. Choose another time, or meet by video."), field="time")
    appointment = book(
        referral.patient,
        kind=Appointment.Kind.INTAKE,
        practitioner=practitioner,
        starts_at=starts_at,
        minutes=first_visits.MINUTES,
        room=room,
        modality=modality,
        by=by,
        at=at,
    )
    if referral.status != Status.BOOKED:  # Whoever missed a first visit may have another.
        episodes.move(referral, Act.BOOK_INTAKE)
    return appointment


def intake_of(referral: Referral) -> Appointment | None:
    """The first visit that stands booked for this request, if one does."""
    return (
        Appointment.objects.booked()
        .filter(
            patient_id=referral.patient_id,
            kind=Appointment.Kind.INTAKE,
            recorded_at__gte=referral.received_at,
        )
        .select_related("practitioner", "room")
        .order_by("-starts_at")
        .first()
    )


@transaction.atomic
def close_referral(referral: Referral, *, because: str, by: User, at: datetime) -> None:
    """End a request that leads to no care here, with the reason. A first visit still ahead is cancelled with it.

    No treatment began: consents that hold until it ends, end with it.
    """
    require(by, Permission.TAKE_REFERRAL, referral.patient)
    if not because.strip():
        raise Refused(_("Say why this referral is closed."), field="because")
    referral = _locked(referral)
    if referral.status == Status.CLOSED:
        return
    ahead = intake_of(referral)
    if ahead is not None and ahead.starts_at > at:
        cancel(ahead, because=because.strip(), by=by, at=at)
        referral.refresh_from_db()
    referral.closed_because = because.strip()[:200]
    episodes.move(referral, Act.CLOSE)
    if EpisodeOfCare.objects.open_for(referral.patient) is None:
        today = referral.patient.center.day_of(at)
        treatment_ended(referral.patient, on=today, by=by)
    audit.record(by=by, did=audit.Did.ENDED, to=referral)


@transaction.atomic
def record_attempt(referral: Referral, tried: Tried, *, by: User, at: datetime) -> ContactAttempt:
    """Write down a try to reach somebody whose referral is open. The same try twice is a double click.

    Raises Refused for a try that is not over yet or older than the referral, and for a next contact that has passed
    or is months away.
    """
    require(by, Permission.TAKE_REFERRAL, referral.patient)
    referral = _locked(referral)
    center = referral.patient.center
    today = center.day_of(at)
    again = ContactAttempt.objects.in_force().filter(
        referral=referral,
        tried_at=tried.at,
        how=tried.how,
        outcome=tried.outcome,
        next_on=tried.next_on,
        note=tried.note.strip(),
        recorded_by=by,
    )
    if found := again.first():
        return found
    if referral.status not in OPEN:
        raise ChangedMeanwhile(_("This referral is not open any more. Nothing was written down."))
    if tried.at > at:
        raise Refused(_("This time has not come yet. Write when it was."), field="tried_at")
    if center.day_of(tried.at) < center.day_of(referral.received_at):
        raise Refused(_("The referral came in later than that. Choose a later day."), field="tried_at")
    if tried.next_on < today:
        raise Refused(_("That day has passed. Choose today or a later day."), field="next_on")
    if tried.next_on > today + LONGEST_UNTIL_NEXT:
        raise Refused(
            _("Choose a day within %(days)s days, or close the referral.")
            % {"days": LONGEST_UNTIL_NEXT.days},
            field="next_on",
        )
    attempt = ContactAttempt.objects.create(
        patient=referral.patient,
        referral=referral,
        tried_at=tried.at,
        how=tried.how,
        outcome=tried.outcome,
        next_on=tried.next_on,
        note=tried.note.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    audit.record(by=by, did=audit.Did.CREATED, to=attempt)
    return attempt


def signed_assessment(patient: Patient) -> LevelOfCareAssessment | None:
    """The newest screening, when it is signed (twice where that is asked) and settles a level.

    A newer one that is not signed, or that ended in an emergency, speaks louder than an older one that was.
    """
    newest = LevelOfCareAssessment.objects.in_force().filter(patient=patient).order_by("-recorded_at").first()
    return newest if newest is not None and newest.is_settled and newest.chosen else None


@transaction.atomic
def admit(
    patient: Patient, *, because: str, planned_end_on: date | None = None, by: User, at: datetime
) -> EpisodeOfCare:
    """Admit at the level the signed screening settled on. Raises Refused with the reason when nothing carries it."""
    require(by, Permission.ADMIT, patient)
    assessment = signed_assessment(patient)
    zone = patient.center.zone
    assessed = (
        Assessed(LevelOfCare(assessment.chosen), assessment.signed_at.astimezone(zone).date())
        if assessment is not None and assessment.signed_at is not None
        else None
    )
    return episodes.admit(
        patient,
        referral=Referral.objects.open_for(patient),
        level=assessed.level if assessed else LevelOfCare.INTENSIVE_OUTPATIENT,
        because=because,
        assessed=assessed,
        planned_end_on=planned_end_on,
        by=by,
        at=at,
    )


def _locked(referral: Referral) -> Referral:
    return (
        Referral.objects.select_for_update(of=("self",)).select_related("patient__center").get(pk=referral.pk)
    )
