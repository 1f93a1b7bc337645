"""What a version of the text says in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, Segment


@dataclass(frozen=True)
class Words:
    """Values in braces are filled in by ``compose``."""

    title: str
    months: tuple[str, ...]
    day: str
    who: str
    who_line: str
    what: str
    whom: str
    class_of_recipients: str
    whom_members: str
    whom_members_who_treat: str
    whom_programs: str
    whom_programs_near: str
    why: str
    until: str
    stop: str
    stop_lines: tuple[str, ...]
    stop_call: str
    stop_bound: str
    stop_bound_lines: tuple[str, ...]
    stop_from: str
    stop_after: str
    refusal: str
    refusal_lines: tuple[str, ...]
    refusal_treatment: str
    refusal_payment: str
    refusal_court: str
    refusal_counseling: str
    redisclosure: str
    redisclosure_line: str
    hipaa: str
    hipaa_line: str
    fundraising: str
    fundraising_line: str
    segments: Mapping[Segment, str]
    purposes: Mapping[Purpose, str]
    expiries: Mapping[Expiry, str]
