"""Reads what has happened, for the rules that make tasks; and lets go those whose reason is gone.

The rules are in ``tasks.rules.making``. Run again, it adds nothing; in two workers at once, neither.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.encounters import coming_again
from stepwell.care.encounters.barriers import BARRIERS, barrier_of, missed
from stepwell.care.encounters.models import Absence
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.measures.models import Response
from stepwell.care.measures.reading import flags_in_words
from stepwell.care.tasks import by_rule, falling, placing
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.rules import making
from stepwell.care.tasks.rules.making import RuleId, Urgency, Wanted
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient
from stepwell.trust.setup.models import License


@dataclass(frozen=True)
class Round:
    """What one round did."""

    made: int
    let_go: int
    fallen: int


def go_round(at: datetime) -> Round:
    """Once through every rule, in the organization we act in. A second worker waits, and finds it done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [str(the_organization_id())])
    # First what is over: else a task would be let go in the round that made it.
    let_go = sum(by_rule.let_go(task, because=because, at=at) for task, because in _over(at))
    fallen = falling.lay_down(Task.objects.open(), at=at)
    made = sum(
        by_rule.make(wanted, patient=patient, center=center, at=at) is not None
        for wanted, patient, center in _wanted(at)
    )
    return Round(made, let_go, fallen)


Asked = tuple[Wanted, Patient | None, Center]


def _wanted(at: datetime) -> Iterator[Asked]:
    yield from _critical_answers()
    yield from _misses(at)
    yield from _first_days(at)
    yield from _barriers(at)
    yield from _reviews(at)
    yield from _licenses(at)


def _in_care() -> Exists:
    return Exists(EpisodeOfCare.objects.open().filter(patient=OuterRef("patient")))


def _critical_answers() -> Iterator[Asked]:
    asked = Task.objects.filter(rule=RuleId.CRITICAL_ANSWER, about=OuterRef("pk"))
    waiting = list(
        Response.objects.needing_follow_up().exclude(Exists(asked.open())).select_related("patient__center")
    )
    followed_up = Counter(
        Task.objects.filter(
            rule=RuleId.CRITICAL_ANSWER,
            outcome=Task.Outcome.FOLLOWED_UP,
            about__in=[response.pk for response in waiting],
        ).values_list("about", flat=True)
    )
    for response in waiting:
        patient = response.patient
        for flag in flags_in_words(response)[:1]:
            answered = flag.at or response.taken_at or response.completed_at or response.recorded_at
            local = answered.astimezone(patient.center.zone)
            yield (
                making.critical_answer(
                    response.pk,
                    says=flag.says,
                    measure=response.definition.short_title,
                    answered_at=local,
                    urgency=Urgency(flag.urgency),
                    followed_up_before=followed_up[response.pk],
                    called=patient.called,
                    figures=making.in_force(local.date()),
                ),
                patient,
                patient.center,
            )


def _absences(at: datetime) -> Iterator[Absence]:
    figures = making.in_force(at.date())
    yield from (
        Absence.objects.in_force()
        .filter(_in_care(), starts_at__gt=at - figures.missed_counts_for, starts_at__lte=at)
        .select_related("patient__center", "session__series", "appointment")
        .order_by("starts_at")
    )


def _misses(at: datetime) -> Iterator[Asked]:
    """One task a person, for the first session they missed since somebody last saw or reached them."""
    absences = list(_absences(at))
    came = coming_again.last_seen({absence.patient_id for absence in absences})
    open_now = set(Task.objects.open().filter(rule=RuleId.MISSED).values_list("patient_id", flat=True))
    reached = dict(
        Task.objects.filter(rule=RuleId.MISSED, ended_by__isnull=False)
        .order_by("ended_at")
        .values_list("patient_id", "ended_at")
    )
    for absence in absences:
        pk = absence.patient_id
        seen = max((when for when in (came.get(pk), reached.get(pk)) if when), default=None)
        if absence.excused or pk in open_now or (seen is not None and seen > absence.starts_at):
            continue
        zone = absence.patient.center.zone
        wanted = making.after_a_miss(
            absence.pk,
            starts_at=absence.starts_at.astimezone(zone),
            session=missed(absence),
            called=absence.patient.called,
            at=at.astimezone(zone),
            figures=making.in_force(absence.starts_at.astimezone(zone).date()),
        )
        if wanted is not None:
            open_now.add(pk)
            yield wanted, absence.patient, absence.patient.center


def _first_days(at: datetime) -> Iterator[Asked]:
    begun = list(
        EpisodeOfCare.objects.open()
        .filter(admitted_on__gt=at.date() - making.FIRST_DAYS)
        .select_related("patient__center")
    )
    seen = coming_again.last_seen(episode.patient_id for episode in begun)
    for episode in begun:
        patient = episode.patient
        last = seen.get(patient.pk)
        if last is not None and last.astimezone(patient.center.zone).date() > episode.admitted_on:
            continue
        wanted = making.in_the_first_days(
            episode.pk,
            admitted_on=episode.admitted_on,
            called=patient.called,
            on=patient.center.day_of(at),
            figures=making.in_force(episode.admitted_on),
        )
        if wanted is not None:
            yield wanted, patient, patient.center


def _barriers(at: datetime) -> Iterator[Asked]:
    for absence in _absences(at):
        if asked := barrier_of(absence, at=at):
            yield asked, absence.patient, absence.patient.center


def _reviews(at: datetime) -> Iterator[Asked]:
    plans = (
        CarePlan.objects.active()
        .filter(review_due_on__isnull=False, episode__ended_on=None)
        .select_related("patient__center")
    )
    for plan in plans.filter(review_due_on__lte=at.date() + making.REVIEWS_AHEAD):
        today = plan.patient.center.day_of(at)
        assert plan.review_due_on is not None
        wanted = making.plan_review(
            plan.pk,
            plan.patient_id,
            due_on=plan.review_due_on,
            called=plan.patient.called,
            on=today,
            figures=making.in_force(today),
        )
        if wanted is not None:
            yield wanted, plan.patient, plan.patient.center


def _licenses(at: datetime) -> Iterator[Asked]:
    """To the administrators of the center where the person works, or of any where they work at every one."""
    centers = list(Center.objects.in_use().order_by("pk"))
    for one in License.objects.kept().filter(expires_on__isnull=False).select_related("practitioner"):
        at_work = [
            center
            for center in centers
            if placing.working_at(center).filter(user=one.practitioner.user_id).exists()
        ]
        if not at_work or one.expires_on is None:
            continue
        today = clock.today(at_work[0].time_zone)
        wanted = making.license_runs_out(
            one.pk,
            one.practitioner.user_id,
            whose=one.practitioner.name,
            kind=str(one),
            expires_on=one.expires_on,
            on=today,
            figures=making.in_force(today),
        )
        if wanted is not None:
            yield wanted, None, at_work[0]


# What is over


def _over(at: datetime) -> Iterator[tuple[Task, str]]:
    """Open tasks of rules whose reason is gone, with a sentence that says how."""
    yield from coming_again.over(coming_again.open_contacts())
    yield from _not_in_the_way()
    yield from _reviewed()
    yield from _renewed()


def _not_in_the_way() -> Iterator[tuple[Task, str]]:
    """A barrier goes on after somebody came once. Only an absence that was corrected says nothing of one."""
    tasks = list(by_rule.open_by(RuleId.BARRIER))
    absences = Absence.objects.in_force().filter(pk__in=[task.about for task in tasks])
    standing = {
        (absence.pk, str(BARRIERS[Absence.Reason(absence.reason)]))
        for absence in absences
        if absence.reason in BARRIERS
    }
    for task in tasks:
        if (task.about, task.barrier) not in standing:
            yield task, _("the absence or its reason was corrected.")


def _reviewed() -> Iterator[tuple[Task, str]]:
    standing = {
        f"{pk} {due_on}"
        for pk, due_on in CarePlan.objects.active()
        .filter(review_due_on__isnull=False, episode__ended_on=None)
        .values_list("pk", "review_due_on")
    }
    for task in by_rule.open_by(RuleId.PLAN_REVIEW):
        if task.occasion not in standing:
            yield task, _("that plan was replaced, or care has ended.")


def _renewed() -> Iterator[tuple[Task, str]]:
    standing = {
        f"{pk} {expires_on}"
        for pk, expires_on in License.objects.kept()
        .filter(expires_on__isnull=False)
        .values_list("pk", "expires_on")
    }
    for task in by_rule.open_by(RuleId.LICENSE):
        if task.occasion not in standing:
            yield task, _("the license was renewed or taken off.")
