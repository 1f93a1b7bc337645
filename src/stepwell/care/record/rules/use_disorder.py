"""A substance use disorder: eleven criteria, how severe, in remission or not, and the code that says so.

After the DSM-5-TR (2022). The criteria are in our own short words; its text is not copied. The codes are ICD-10-CM's,
as its own inclusion terms name them ("Alcohol use disorder, mild, in early remission"): a test reads them there.
A clinical lead confirms this table before use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Substance(StrEnum):
    ALCOHOL = "alcohol"
    OPIOID = "opioid"
    CANNABIS = "cannabis"
    SEDATIVE = "sedative"
    COCAINE = "cocaine"
    STIMULANT = "stimulant"
    HALLUCINOGEN = "hallucinogen"
    TOBACCO = "tobacco"
    INHALANT = "inhalant"
    OTHER = "other"


class Criterion(StrEnum):
    MORE_THAN_MEANT = "more_than_meant"
    CANNOT_CUT_DOWN = "cannot_cut_down"
    TAKES_TIME = "takes_time"
    CRAVING = "craving"
    DUTIES = "duties"
    TROUBLE_WITH_PEOPLE = "trouble_with_people"
    GAVE_UP = "gave_up"
    RISKY_PLACES = "risky_places"
    HARMS_HEALTH = "harms_health"
    TOLERANCE = "tolerance"
    WITHDRAWAL = "withdrawal"


class Severity(StrEnum):
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Remission(StrEnum):
    NONE = ""
    EARLY = "early"
    SUSTAINED = "sustained"


#: No withdrawal is described for these: ten criteria are asked. DSM-5-TR; [K], for the clinical lead to confirm.
WITHOUT_WITHDRAWAL = frozenset({Substance.HALLUCINOGEN, Substance.INHALANT})
#: Where tolerance and withdrawal under a prescriber's eye alone are not counted. DSM-5-TR; [K].
PRESCRIBED = frozenset({Substance.OPIOID, Substance.SEDATIVE, Substance.STIMULANT})
#: Where "on maintenance therapy" can be said. DSM-5-TR; [K].
WITH_MAINTENANCE = frozenset({Substance.OPIOID, Substance.TOBACCO})
_OF_THE_BODY = frozenset({Criterion.TOLERANCE, Criterion.WITHDRAWAL})

#: The number of criteria from which each begins. DSM-5-TR.
FEWEST: Mapping[Severity, int] = {Severity.SEVERE: 6, Severity.MODERATE: 4, Severity.MILD: 2}
#: Whole months without any criterion but craving. DSM-5-TR.
EARLY_FROM, SUSTAINED_FROM = 3, 12


def asked_of(substance: Substance) -> tuple[Criterion, ...]:
    """The criteria that there are for this substance."""
    return tuple(
        each for each in Criterion if not (each is Criterion.WITHDRAWAL and substance in WITHOUT_WITHDRAWAL)
    )


def severity_of(count: int) -> Severity | None:
    return next((severity for severity, fewest in FEWEST.items() if count >= fewest), None)


@dataclass(frozen=True)
class Judged:
    """What the answers come to. A criterion that was not asked is not a "no": it leaves a range."""

    met: tuple[Criterion, ...]
    not_asked: tuple[Criterion, ...]
    #: Met, but under a prescriber's eye alone.
    not_counted: tuple[Criterion, ...]

    @property
    def count(self) -> int:
        return len(self.met)

    @property
    def at_least(self) -> Severity | None:
        return severity_of(self.count)

    @property
    def is_settled(self) -> bool:
        """Whether no answer that is still missing could change how severe it is."""
        return self.at_least is severity_of(self.count + len(self.not_asked))


def judge(
    substance: Substance, answers: Mapping[Criterion, bool], *, only_as_prescribed: bool = False
) -> Judged:
    """Weigh the answers for one substance; what is absent was not asked."""
    if only_as_prescribed and substance not in PRESCRIBED:
        raise ValueError(f"{substance} is not taken as prescribed")
    left_out = _OF_THE_BODY if only_as_prescribed else frozenset()
    criteria = asked_of(substance)
    return Judged(
        met=tuple(each for each in criteria if answers.get(each) and each not in left_out),
        not_asked=tuple(each for each in criteria if each not in answers and each not in left_out),
        not_counted=tuple(each for each in criteria if answers.get(each) and each in left_out),
    )


def remission(*, free_since: date | None, on: date) -> Remission:
    """Free of every criterion but craving since that day; a day that is not known is no remission."""
    if free_since is None:
        return Remission.NONE
    months = (on.year - free_since.year) * 12 + on.month - free_since.month - (on.day < free_since.day)
    if months >= SUSTAINED_FROM:
        return Remission.SUSTAINED
    return Remission.EARLY if months >= EARLY_FROM else Remission.NONE


#: The first three characters of the codes of each. ICD-10-CM.
_FAMILY: Mapping[Substance, str] = {
    Substance.ALCOHOL: "F10",
    Substance.OPIOID: "F11",
    Substance.CANNABIS: "F12",
    Substance.SEDATIVE: "F13",
    Substance.COCAINE: "F14",
    Substance.STIMULANT: "F15",
    Substance.HALLUCINOGEN: "F16",
    Substance.TOBACCO: "F17",
    Substance.INHALANT: "F18",
    Substance.OTHER: "F19",
}


def code_of(substance: Substance, severity: Severity, in_remission: Remission) -> str:
    """The billable ICD-10-CM code, for a disorder without further complication."""
    ended = "1" if in_remission else "0"
    if substance is Substance.TOBACCO:  # One code for every severity.
        return f"{_FAMILY[substance]}.20{ended}"
    return f"{_FAMILY[substance]}.{'1' if severity is Severity.MILD else '2'}{ended}"
