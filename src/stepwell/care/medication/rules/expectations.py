"""Whether a test result is what the prescriptions lead one to expect.

A test guides care. "Not expected" opens a conversation and is never a reason to punish or to end care, and a
screening result is not proof of anything (ASAM, Appropriate Use of Drug Testing, 2017; our own summary).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stepwell.care.medication.vocabulary import Medicine, Result, Substance


@dataclass(frozen=True)
class Prescription:
    medicine: Medicine
    starts_on: date
    ends_on: date | None = None


class Presence(StrEnum):
    """What the prescriptions say about finding a substance."""

    EXPECTED = "prescribed, so it should be found"
    POSSIBLE = "it may or may not be found"
    UNEXPLAINED = "nothing prescribed explains it"


class Reason(StrEnum):
    NOT_FOUND = "not found"
    PRESCRIBED = "prescribed"
    MAY_REMAIN = "may remain from a medicine that has ended, or has only begun"
    NOT_PRESCRIBED = "not prescribed"
    PRESCRIBED_NOT_FOUND = "prescribed, and not found"
    COULD_NOT_BE_READ = "could not be read"


class Caution(StrEnum):
    """What to bear in mind before anyone draws a conclusion."""

    MAY_PRECEDE_ADMISSION = "may be left from before admission"
    NALTREXONE_MAY_SHOW_AS_OXYCODONE = "naltrexone may show as oxycodone"


@dataclass(frozen=True)
class Judgement:
    """``as_expected`` is None for a result that says nothing."""

    as_expected: bool | None
    because: Reason


# How long a medicine may still be found in urine after it has ended. Buprenorphine tablets and film: 7 days
# is usual, 1 to 10 by kit. Methadone's metabolite: 6 days, longer after high doses (AAP and ASAM 2017
# tables). The monthly shot: months, from professional knowledge; half a year is our own cautious figure.
_SHOWS_AS: dict[Medicine, tuple[Substance, timedelta]] = {
    Medicine.BUPRENORPHINE_NALOXONE: (Substance.BUPRENORPHINE, timedelta(days=10)),
    Medicine.BUPRENORPHINE_ER: (Substance.BUPRENORPHINE, timedelta(days=180)),
    Medicine.METHADONE_ELSEWHERE: (Substance.METHADONE, timedelta(days=6)),
}

# Substances that a body used to them may give up for weeks: fentanyl up to about 4 weeks, long-acting
# benzodiazepines and cannabis up to 30 days. Within that time of admission a positive is no proof of new use.
_MAY_PRECEDE_ADMISSION: dict[Substance, timedelta] = {
    Substance.FENTANYL: timedelta(days=28),
    Substance.BENZODIAZEPINES: timedelta(days=30),
    Substance.CANNABIS: timedelta(days=30),
}

_NALTREXONE = frozenset({Medicine.NALTREXONE, Medicine.NALTREXONE_ER})


def presence_of(substance: Substance, prescriptions: Iterable[Prescription], *, on: date) -> Presence:
    """What the prescriptions say about finding this substance in a sample of that day."""
    found = Presence.UNEXPLAINED
    for prescription in prescriptions:
        shows_as = _SHOWS_AS.get(prescription.medicine)
        if shows_as is None or shows_as[0] is not substance:
            continue
        ends_on = prescription.ends_on or date.max
        # On its first day the sample may come before the dose.
        if prescription.starts_on < on <= ends_on:
            return Presence.EXPECTED
        if prescription.starts_on == on or ends_on < on <= ends_on + shows_as[1]:
            found = Presence.POSSIBLE
    return found


def judge(
    substance: Substance, result: Result, prescriptions: Iterable[Prescription], *, on: date
) -> Judgement:
    """Whether one result is as expected, and why."""
    presence = presence_of(substance, prescriptions, on=on)
    if result is Result.INVALID:
        return Judgement(None, Reason.COULD_NOT_BE_READ)
    if result is Result.NEGATIVE:
        if presence is Presence.EXPECTED:
            return Judgement(False, Reason.PRESCRIBED_NOT_FOUND)
        return Judgement(True, Reason.NOT_FOUND)
    if presence is Presence.EXPECTED:
        return Judgement(True, Reason.PRESCRIBED)
    if presence is Presence.POSSIBLE:
        return Judgement(True, Reason.MAY_REMAIN)
    return Judgement(False, Reason.NOT_PRESCRIBED)


def cautions(
    substance: Substance,
    result: Result,
    prescriptions: Iterable[Prescription],
    *,
    on: date,
    admitted_on: date,
) -> tuple[Caution, ...]:
    """What else could explain a positive that nothing prescribed explains."""
    prescriptions = tuple(prescriptions)
    if judge(substance, result, prescriptions, on=on).because is not Reason.NOT_PRESCRIBED:
        return ()
    found = []
    may_remain = _MAY_PRECEDE_ADMISSION.get(substance)
    if may_remain is not None and on <= admitted_on + may_remain:
        found.append(Caution.MAY_PRECEDE_ADMISSION)
    # A metabolite of naltrexone can turn an oxycodone screen positive.
    if substance is Substance.OXYCODONE and any(_is_naltrexone_taken(p, on) for p in prescriptions):
        found.append(Caution.NALTREXONE_MAY_SHOW_AS_OXYCODONE)
    return tuple(found)


def _is_naltrexone_taken(prescription: Prescription, on: date) -> bool:
    is_taken = prescription.starts_on <= on <= (prescription.ends_on or date.max)
    return is_taken and prescription.medicine in _NALTREXONE


@dataclass(frozen=True)
class Finding:
    """One result of a test, with the answer that was given when it was recorded."""

    substance: Substance
    result: Result
    as_expected: bool | None


class Verdict(StrEnum):
    """One word for a whole test. Never clean, never dirty."""

    AS_EXPECTED = "as expected"
    NOT_EXPECTED = "not expected"
    UNREAD = "could not be read"


@dataclass(frozen=True)
class Summary:
    """A whole test in the order in which it is told."""

    verdict: Verdict
    not_expected: tuple[Substance, ...]
    prescribed_not_found: tuple[Substance, ...]
    found_as_expected: tuple[Substance, ...]
    unread: tuple[Substance, ...]


def summarize(findings: Iterable[Finding]) -> Summary:
    """One test, told in one breath. With nothing readable in it, it says nothing."""
    findings = tuple(findings)

    def those(result: Result, as_expected: bool | None) -> tuple[Substance, ...]:
        return tuple(f.substance for f in findings if f.result is result and f.as_expected is as_expected)

    not_expected = those(Result.POSITIVE, False)
    missing = those(Result.NEGATIVE, False)
    unread = those(Result.INVALID, None)
    if not_expected or missing:
        verdict = Verdict.NOT_EXPECTED
    elif len(unread) == len(findings):
        verdict = Verdict.UNREAD
    else:
        verdict = Verdict.AS_EXPECTED
    return Summary(verdict, not_expected, missing, those(Result.POSITIVE, True), unread)
