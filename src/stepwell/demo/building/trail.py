"""The trail that twelve weeks of work would have left: who opened which chart, who signed what, and when."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Model

from stepwell.care.care_plans.models import CarePlan
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.notes.models import Note
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import Kept, Visit
from stepwell.trust.accounts.models import User
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.audit.rules.purposes import purpose_of

BEFORE = timedelta(minutes=4)


def trail(site: Site) -> None:
    events = [*_opened(site), *_signed(site), *_admitted(site)]
    events.sort(key=lambda event: event.at)
    write(events)


def _event(site: Site, at: datetime, by: User, did: Did, to: Model, patient: Model) -> AuditEvent:
    roles = by.roles
    return AuditEvent(
        at=site.written_at(at),
        by_id=by.pk,
        by_name=by.name,
        by_roles=sorted(roles),
        did=did,
        to_type=to._meta.label,
        to_id=to.pk,
        patient_id=patient.pk,
        purpose=purpose_of(roles, about_a_patient=True, at_own_door=False),
    )


def _opened(site: Site) -> Iterator[AuditEvent]:
    """Whoever sees a person alone looks at the chart before."""
    for person in site.story.people:
        patient = site.patients[person.key]
        for visit in person.appointments:
            if visit.kept is Kept.KEPT and visit.visit is not Visit.INTAKE:
                by = site.users[visit.practitioner]
                yield _event(site, visit.starts_at - BEFORE, by, Did.OPENED, patient, patient)


def _signed(site: Site) -> Iterator[AuditEvent]:
    known = {
        user.pk: user for user in site.users.values()
    }  # Whoever asks one of them for their roles asks once.
    notes = Note.objects.filter(signed_at__isnull=False, patient__center__in=site.centers).select_related(
        "patient"
    )
    for note in notes:
        if note.signed_at and note.signed_by_id:
            yield _event(site, note.signed_at, known[note.signed_by_id], Did.SIGNED, note, note.patient)
    plans = CarePlan.objects.filter(patient__center__in=site.centers).select_related("patient")
    for plan in plans:
        for at, by in (
            (plan.signed_by_clinician_at, plan.signed_by_clinician_id),
            (plan.signed_by_patient_at, plan.signed_by_patient_id),
        ):
            if at and by:
                yield _event(site, at, known[by], Did.SIGNED, plan, plan.patient)


def _admitted(site: Site) -> Iterator[AuditEvent]:
    for episode in EpisodeOfCare.objects.filter(center__in=site.centers).select_related(
        "recorded_by", "patient"
    ):
        yield _event(site, episode.recorded_at, episode.recorded_by, Did.CREATED, episode, episode.patient)
