"""Whether a person may be admitted at a level, and if not, why."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.rules.life_cycle import OPEN, Status

#: How long a signed assessment may carry an admission: our own design default, because needs change.
ASSESSMENT_LASTS = timedelta(days=30)

#: What an outpatient program can give. Care in a bed is somebody else's house.
OUTPATIENT_LEVELS = frozenset(
    {
        LevelOfCare.OUTPATIENT,
        LevelOfCare.MEDICAL_OUTPATIENT,
        LevelOfCare.INTENSIVE_OUTPATIENT,
        LevelOfCare.HIGH_INTENSITY_OUTPATIENT,
        LevelOfCare.MEDICAL_INTENSIVE_OUTPATIENT,
    }
)


@dataclass(frozen=True)
class Assessed:
    """A level-of-care assessment as an admission needs to know it: the level settled on, and when it was signed.

    Whether the level is the one recommended or an override with its reason is the assessment's own affair.
    """

    level: LevelOfCare
    signed_on: date


@dataclass(frozen=True)
class Applicant:
    """What is known of the person on the day of the admission."""

    referral: Status | None
    is_in_care: bool
    assessed: Assessed | None
    last_ended_on: date | None = None


class Objection(StrEnum):
    IN_CARE = "an episode of care is open"
    NO_REFERRAL = "there is no referral"
    REFERRAL_NOT_OPEN = "the referral is not open"
    NOT_ASSESSED = "no level-of-care assessment is signed"
    ASSESSMENT_BEFORE_LAST_END = "the assessment is from before the last episode ended"
    ASSESSMENT_TOO_OLD = "the assessment is too old"
    ANOTHER_LEVEL = "the assessment settled on another level"
    NOT_OUTPATIENT = "an outpatient program does not give that level"
    NO_REASON = "no reason is given"


def objection_to_admission(
    applicant: Applicant, *, level: LevelOfCare, because: str, on: date
) -> Objection | None:
    """The first reason to refuse, the most basic first; None when the person may be admitted."""
    assessed = applicant.assessed
    if applicant.is_in_care:
        return Objection.IN_CARE
    if applicant.referral is None:
        return Objection.NO_REFERRAL
    if applicant.referral not in OPEN:
        return Objection.REFERRAL_NOT_OPEN
    if assessed is None:
        return Objection.NOT_ASSESSED
    if applicant.last_ended_on is not None and assessed.signed_on < applicant.last_ended_on:
        return Objection.ASSESSMENT_BEFORE_LAST_END
    if on - assessed.signed_on > ASSESSMENT_LASTS:
        return Objection.ASSESSMENT_TOO_OLD
    if assessed.level is not level:
        return Objection.ANOTHER_LEVEL
    if level not in OUTPATIENT_LEVELS:
        return Objection.NOT_OUTPATIENT
    if not because.strip():
        return Objection.NO_REASON
    return None
