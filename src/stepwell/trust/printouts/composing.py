"""What stands on the paper: who it is about, who asked for it and when, the notice of the law, the parts."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from stepwell.trust.access import may
from stepwell.trust.accounts.models import User
from stepwell.trust.consent.rules.notices import STATEMENT_1, STATEMENT_2
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.consent.segments import Looking, Part, gathered, supplied, supply_of
from stepwell.trust.people.models import Patient
from stepwell.trust.printouts.models import Printout
from stepwell.trust.printouts.rules import MAY_BE_PRINTED, MOST_LINES, For
from stepwell.trust.printouts.words import FOR

_STYLES = Path(__file__).parent / "static" / "printouts"


class TooLong(Exception):
    """More lines than anybody reads on paper."""


class NotAllowed(Exception):
    """Whoever asked for it may not see a part of it, or not any more."""


@dataclass(frozen=True)
class Paper:
    """All of it: nothing is added later."""

    patient: Patient
    printout: Printout
    by: User
    at: datetime
    parts: tuple[Part, ...]
    notice: str = STATEMENT_1.text
    on_each_page: str = STATEMENT_2.text

    @property
    def purpose(self) -> str:
        return str(FOR[For(self.printout.made_for)])

    @property
    def is_for_the_patient(self) -> bool:
        return self.printout.made_for == For.PATIENT

    def as_html(self, request: Any = None, **more: Any) -> str:
        """The whole document. It is in English, as the record is."""
        with translation.override("en"), timezone.override(self.patient.center.zone):
            return render_to_string("printouts/paper.html", {"paper": self, **more}, request)


def styles() -> str:
    """How the paper looks as a PDF."""
    return "\n".join((_STYLES / name).read_text() for name in ("paper.css", "pdf.css"))


def parts_for(user: User, patient: Patient) -> list[Segment]:
    """The parts of this record that a room keeps, that may go on paper, and that this reader may see."""
    return [each for each in supplied() if each in MAY_BE_PRINTED and _may_see(user, each, patient)]


def may_read(printout: Printout, user: User, patient: Any) -> bool:
    """Whether a reader who sees that there is such a paper may see every part that stands on it."""
    return all(_may_see(user, each, patient) for each in printout.parts)


def compose(printout: Printout, *, by: User, at: datetime) -> Paper:
    """The paper as the record is now, with what ``by`` may see. Raises NotAllowed and TooLong."""
    patient = printout.patient
    if not may_read(printout, by, patient):
        raise NotAllowed
    with translation.override("en"), timezone.override(patient.center.zone):
        parts = gathered(printout.parts, Looking(patient, by, printout.since))
    if sum(len(part.content.rows) for part in parts) > MOST_LINES:
        raise TooLong
    return Paper(patient, printout, by, at, parts)


def _may_see(user: User, segment: Segment, patient: Any) -> bool:
    supply = supply_of(segment)
    return supply is not None and may(user, supply.seen_with, patient)
