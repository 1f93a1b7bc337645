"""Who may be the same person."""

from dataclasses import dataclass

from stepwell.care.intake.rules import Described, Likeness, likeness
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class Match:
    patient: Patient
    because: Likeness


def matches(person: Described, reader: User) -> list[Match]:
    """People already known who may be this one, the likeliest first."""
    found = [
        Match(known, because)
        for known in Patient.objects.visible_to(reader)
        if (because := likeness(person, described(known)))
    ]
    return sorted(found, key=lambda match: list(Likeness).index(match.because))[:5]


def described(patient: Patient) -> Described:
    names = {
        f"{first} {patient.last_name}".strip() for first in (patient.first_name, patient.chosen_name) if first
    }
    return Described(tuple(sorted(names)), patient.born_on, patient.phone)
