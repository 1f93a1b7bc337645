"""What somebody held and has not signed, and what they have not marked."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.care.encounters.models import Absence, Encounter, EncounterQuerySet
from stepwell.care.notes import words
from stepwell.care.notes.models import Note
from stepwell.care.notes.rules.deadlines import deadline
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.trust.accounts.models import User

#: Attendance that was never marked is asked for this long.
ASKED_FOR = timedelta(days=14)


def unsigned(held: EncounterQuerySet) -> EncounterQuerySet:
    """Those of them whose note is not signed."""
    signed = Note.objects.in_force().signed().filter(encounter=OuterRef("pk"))
    return held.exclude(Exists(signed))


def notes_to_sign(user: User) -> EncounterQuerySet:
    """What was held, and waits for this person's signature."""
    return unsigned(Encounter.objects.owed_by(user))


@dataclass(frozen=True)
class Owed:
    """One thing to sign or to mark: a group with so many notes, or one visit."""

    title: str
    detail: str
    url: str
    held_at: datetime
    late: str
    tone: str
    count: int = 1
    patient_id: UUID | None = None


def owed_by(user: User, now: datetime) -> list[Owed]:
    """Sessions that were held and whose notes wait, the oldest first."""
    groups: dict[GroupSession, list[Encounter]] = defaultdict(list)
    found = []
    for encounter in (
        notes_to_sign(user)
        .select_related("patient")
        .prefetch_related(
            "session__series", "practitioner", Prefetch("notes", Note.objects.in_force(), to_attr="drafts")
        )
    ):
        if encounter.session is not None:
            groups[encounter.session].append(encounter)
            continue
        found.append(
            _owed(
                f"{encounter.get_kind_display()}, {encounter.patient.short_name}",
                _written([encounter]),
                reverse("notes:encounter", args=[encounter.appointment_id]),
                encounter,
                now,
                patient_id=encounter.patient_id,
            )
        )
    for session, encounters in groups.items():
        url = reverse("notes:session", args=[session.pk])
        found.append(
            _owed(session.series.name, _written(encounters), url, session, now, count=len(encounters))
        )
    return sorted(found, key=lambda owed: (owed.held_at, owed.title))


def _written(encounters: list[Encounter]) -> str:
    written = sum(any(note.line for note in encounter.drafts) for encounter in encounters)  # type: ignore[attr-defined]
    if len(encounters) == 1:
        return _("Written, not signed") if written else _("Not written yet")
    return _("%(written)s of %(all)s lines written") % {"written": written, "all": len(encounters)}


def unmarked_by(user: User, now: datetime) -> list[Owed]:
    """Sessions that are over and where nobody said who came."""
    came = Encounter.objects.in_force().filter(appointment=OuterRef("pk"))
    away = Absence.objects.in_force().filter(appointment=OuterRef("pk"))
    open_ones = (
        Appointment.objects.booked()
        .filter(ends_at__lte=now, ends_at__gt=now - ASKED_FOR)
        .exclude(session__status=GroupSession.Status.CANCELLED)
        .exclude(Exists(came))
        .exclude(Exists(away))
        .select_related("session__series", "patient")
    )
    groups: dict[GroupSession, int] = defaultdict(int)
    for appointment in open_ones.filter(session__leader__user=user):
        assert appointment.session is not None
        groups[appointment.session] += 1
    found = [
        _owed(
            session.series.name,
            ngettext("%(n)s person to mark", "%(n)s people to mark", count) % {"n": count},
            reverse("notes:session", args=[session.pk]),
            session,
            now,
        )
        for session, count in groups.items()
    ]
    found += [
        _owed(
            f"{appointment.get_kind_display()}, {appointment.patient.short_name}",
            _("Came or did not come?"),
            reverse("notes:encounter", args=[appointment.pk]),
            appointment,
            now,
            patient_id=appointment.patient_id,
        )
        for appointment in open_ones.filter(session=None, practitioner__user=user)
    ]
    return sorted(found, key=lambda owed: (owed.held_at, owed.title))


def _owed(
    title: str,
    detail: str,
    url: str,
    held: Encounter | Appointment | GroupSession,
    now: datetime,
    *,
    count: int = 1,
    patient_id: UUID | None = None,
) -> Owed:
    due = deadline(ended_at=held.ends_at, at=now)
    late, tone = words.how_late(due), words.tone(due)
    return Owed(title, detail, url, held.starts_at, late, tone, count, patient_id)
