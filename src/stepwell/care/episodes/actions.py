"""What is done with an episode of care: admitted, stepped to another level, ended."""

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from stepwell.care.episodes import words
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod, PlannedEnd, Referral
from stepwell.care.episodes.rules import levels
from stepwell.care.episodes.rules.admission import Applicant, Assessed, Objection, objection_to_admission
from stepwell.care.episodes.rules.after_care import last_day_of_access
from stepwell.care.episodes.rules.life_cycle import Act, NotNow, Status, after
from stepwell.care.episodes.rules.planned_end import objection_to_plan
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.consent.actions import treatment_ended
from stepwell.trust.people.models import CareTeamMember, Patient


@transaction.atomic
def admit(
    patient: Patient,
    *,
    referral: Referral | None,
    level: LevelOfCare,
    because: str,
    assessed: Assessed | None,
    planned_end_on: date | None = None,
    by: User,
    at: datetime,
) -> EpisodeOfCare:
    """Open an episode of care at the level a signed assessment settled on. The referral is then done.

    Raises Refused for a person in care, a referral that is not open, and an assessment that does not carry it.
    """
    require(by, Permission.ADMIT, patient)
    today = patient.center.day_of(at)
    referral = _locked(referral)
    applicant = Applicant(
        referral=Status(referral.status) if referral else None,
        is_in_care=EpisodeOfCare.objects.open_for(patient) is not None,
        assessed=assessed,
        last_ended_on=EpisodeOfCare.objects.in_force()
        .filter(patient=patient, ended_on__isnull=False)
        .order_by("-ended_on")
        .values_list("ended_on", flat=True)
        .first(),
    )
    if objection := objection_to_admission(applicant, level=level, because=because, on=today):
        raise Refused(
            words.refusal_to_admit(objection, patient, assessed),
            field="because" if objection is Objection.NO_REASON else None,
        )
    try:
        with transaction.atomic():
            episode = EpisodeOfCare.objects.create(
                patient=patient,
                center=patient.center,
                referral=referral,
                admitted_on=today,
                recorded_by=by,
                recorded_at=at,
            )
    except IntegrityError as error:
        # Somebody else admitted in the same moment.
        raise Refused(words.refusal_to_admit(Objection.IN_CARE, patient, assessed)) from error
    _open_period(episode, level, on=today, because=because, by=by, at=at)
    if planned_end_on is not None:
        _plan_end(episode, planned_end_on, because="", field="planned_end_on", by=by, at=at)
    # A counselor whose place was to run out after an earlier episode looks after this person again.
    ran_out = CareTeamMember.objects.current().filter(patient=patient, kind=CareTeamMember.Kind.REGULAR)
    ran_out.exclude(expires_at=None).update(expires_at=None)
    if referral is not None:
        move(referral, Act.ADMIT)
    audit.record(by=by, did=audit.Did.CREATED, to=episode)
    return episode


@transaction.atomic
def change_level(
    episode: EpisodeOfCare, *, level: LevelOfCare, because: str, on: date, by: User, at: datetime
) -> LevelOfCarePeriod:
    """Step care up or down from a day on. The level before it ends the day before.

    On the very day the present level began, the new one takes its place, and the old one is struck out.
    Raises Refused for the same level, a day too early, or no reason.
    """
    require(by, Permission.CHANGE_LEVEL, episode.patient)
    episode = _open_and_locked(episode)
    *before, last = episode.periods
    standing = levels.Standing(LevelOfCare(last.level), last.starts_on, episode.admitted_on)
    if objection := levels.objection_to_change(standing, to=level, on=on, because=because):
        raise Refused(words.refusal_to_change(objection[0], standing), field=objection[1])
    if on == last.starts_on:
        last.strike_out(by=by, at=at, because=_("Changed again on the day it began: %s") % because.strip())
    else:
        _close_period(last, until=on)
    if on == last.starts_on and before and before[-1].level == level and before[-1].ends_on == on:
        # Back to the level of the day before: that one goes on as if nothing had been.
        period = before[-1]
        _close_period(period, until=None)
    else:
        period = _open_period(episode, level, on=on, because=because, by=by, at=at)
    audit.record(by=by, did=audit.Did.CHANGED, to=period)
    return period


@transaction.atomic
def plan_end(episode: EpisodeOfCare, *, on: date | None, because: str, by: User, at: datetime) -> PlannedEnd:
    """Say when care is thought to end, another day than before, or that no day is planned. Nothing ends by it.

    Raises Refused for a day that cannot be, and for another day without a reason.
    """
    require(by, Permission.CHANGE_LEVEL, episode.patient)
    planned = _plan_end(_open_and_locked(episode), on, because=because, by=by, at=at)
    audit.record(by=by, did=audit.Did.CREATED, to=planned)
    return planned


def _plan_end(
    episode: EpisodeOfCare, on: date | None, *, because: str, field: str = "on", by: User, at: datetime
) -> PlannedEnd:
    last = PlannedEnd.objects.of(episode).first()
    objection = objection_to_plan(
        on,
        admitted_on=episode.admitted_on,
        planned=last.on if last else None,
        because=because,
        today=episode.patient.center.day_of(at),
    )
    if objection:
        why, about = objection
        raise Refused(words.refusal_to_plan_the_end(why), field=field if about == "on" else about)
    return PlannedEnd.objects.create(
        patient=episode.patient,
        episode=episode,
        on=on,
        because=because.strip(),
        recorded_by=by,
        recorded_at=at,
    )


@transaction.atomic
def end_episode(episode: EpisodeOfCare, *, because: str, on: date, by: User, at: datetime) -> None:
    """End care with a day, its last, and with it the care team; the counselor stays thirty days, to finish writing.

    Raises Refused for a day too early or in the future, or no reason.
    """
    require(by, Permission.CHANGE_LEVEL, episode.patient)
    episode = _open_and_locked(episode)
    periods = episode.periods
    today = episode.patient.center.day_of(at)
    now = [period for period in periods if period.starts_on <= today][-1]
    standing = levels.Standing(LevelOfCare(now.level), now.starts_on, episode.admitted_on)
    if objection := levels.objection_to_end(standing, on=on, because=because, today=today):
        raise Refused(words.refusal_to_change(objection[0], standing), field=objection[1])
    for period in periods:
        if period.starts_on > on:
            period.strike_out(by=by, at=at, because=_("Care ended before this level began."))
        elif period.ends_on is None or period.ends_on > on:
            _close_period(period, until=levels.day_after(on))
    episode.ended_on, episode.ended_because = on, because.strip()[:200]
    episode.save(update_fields=["ended_on", "ended_because"])
    _end_care_team(episode.patient, on=on, today=today)
    treatment_ended(episode.patient, on=on, by=by)
    audit.record(by=by, did=audit.Did.ENDED, to=episode)


def _end_care_team(patient: Patient, *, on: date, today: date) -> None:
    """Close the chart to everyone but the counselor, and to them after a while, by itself.

    Notes of what somebody held themselves stay theirs to sign.
    """
    team = CareTeamMember.objects.current().filter(patient=patient)
    team.exclude(role=Role.COUNSELOR).update(ended_on=Greatest("started_on", on))
    zone = patient.center.zone
    end_of_access = datetime.combine(last_day_of_access(today) + timedelta(days=1), time(), zone)
    team.filter(role=Role.COUNSELOR).update(expires_at=end_of_access)


def move(referral: Referral, act: Act) -> None:
    """Take a referral one step on, as part of a larger act that holds it locked, asks and records by itself."""
    try:
        referral.status = after(Status(referral.status), act)
    except NotNow as refusal:
        raise ChangedMeanwhile(words.refusal_to_move(refusal)) from refusal
    referral.save(update_fields=["status", "closed_because"])


def _locked(referral: Referral | None) -> Referral | None:
    if referral is None:
        return None
    return Referral.objects.select_for_update(of=("self",)).in_force().filter(pk=referral.pk).first()


def _open_and_locked(episode: EpisodeOfCare) -> EpisodeOfCare:
    found = (
        EpisodeOfCare.objects.select_for_update(of=("self",))
        .select_related("patient__center")
        .get(pk=episode.pk)
    )
    if found.ended_on is not None or found.entered_in_error_at is not None:
        raise ChangedMeanwhile(_("%(name)s is not in care now.") % {"name": found.patient.called})
    return found


def _open_period(
    episode: EpisodeOfCare, level: LevelOfCare, *, on: date, because: str, by: User, at: datetime
) -> LevelOfCarePeriod:
    return LevelOfCarePeriod.objects.create(
        patient=episode.patient,
        episode=episode,
        level=level,
        starts_on=on,
        because=because.strip(),
        recorded_by=by,
        recorded_at=at,
    )


def _close_period(period: LevelOfCarePeriod, *, until: date | None) -> None:
    period.ends_on = until
    period.save(update_fields=["ends_on"])
