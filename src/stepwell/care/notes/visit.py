"""One person alone with somebody: the appointment, what came of it, and the note."""

from dataclasses import dataclass

from stepwell.care.care_plans.models import Goal
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import Mark
from stepwell.care.notes.models import Note
from stepwell.care.notes.room import RowText, digest, goals_of, one_style
from stepwell.care.scheduling.models import Appointment

NOTHING = RowText()


@dataclass(frozen=True)
class VisitText:
    """What the page of one visit says."""

    row: RowText = NOTHING
    response: str = ""
    plan: str = ""

    def kept(self) -> "VisitText":
        """Only what goes with the mark."""
        row = self.row.kept()
        if not row.mark or row.mark == Mark.ABSENT:
            return VisitText(row)
        return VisitText(row, one_style(self.response), one_style(self.plan))

    def seen_from(self, seen: str, stored: "VisitText") -> "VisitText":
        """This page, with what its writer left open as it is stored (see ``RowText.seen_from``)."""
        row = self.row.seen_from(RowText().seen if seen == VisitText().seen else "", stored.row)
        return VisitText(row, self.response, self.plan)

    @property
    def seen(self) -> str:
        return digest(self.row.seen, self.response, self.plan)


@dataclass
class Visit:
    appointment: Appointment
    encounter: Encounter | None
    absence: Absence | None
    note: Note | None
    goals: list[Goal]

    @property
    def is_signed(self) -> bool:
        return self.note is not None and self.note.signed_at is not None

    @property
    def text(self) -> VisitText:
        """What is stored, as the page says it."""
        if self.encounter is None:
            if self.absence is None:
                return VisitText()
            return VisitText(RowText(mark=Mark.ABSENT.value, reason=self.absence.reason))
        return VisitText(
            RowText(
                mark=self.encounter.attendance,
                minutes=self.encounter.minutes,
                goal=self.encounter.goal_id,
                line=self.note.line if self.note else "",
            ),
            self.note.response if self.note else "",
            self.note.plan if self.note else "",
        )


def visit_of(appointment: Appointment) -> Visit:
    encounters = Encounter.objects.in_force().filter(appointment=appointment)
    encounter = encounters.select_related("goal", "practitioner", "session__series").first()
    notes = Note.objects.in_force().filter(encounter=encounter) if encounter else Note.objects.none()
    goals = goals_of([appointment.patient])[appointment.patient_id]
    chosen = encounter.goal if encounter else None
    return Visit(
        appointment,
        encounter,
        Absence.objects.in_force().filter(appointment=appointment).first(),
        notes.select_related("changed_by", "signed_by", "author").first(),
        goals if chosen is None or chosen in goals else [*goals, chosen],
    )
