"""Facts and words, made into the text a person reads."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from stepwell.trust.consent.rules.elements import Statement, needed_statements
from stepwell.trust.consent.rules.record import WrittenConsent
from stepwell.trust.consent.rules.vocabulary import Purpose, RecipientKind, Segment
from stepwell.trust.consent.rules.wording import version_2026_11
from stepwell.trust.consent.rules.wording.words import Words

CURRENT = "2026-11"
VERSIONS: Mapping[str, Mapping[str, Words]] = {
    "2026-11": {"en": version_2026_11.ENGLISH, "es": version_2026_11.SPANISH},
}
LANGUAGES = ("en", "es")
#: The section that a person may choose less of.
WHAT = "what"


@dataclass(frozen=True)
class Place:
    """Where to write or call to end a consent."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Section:
    """One heading and what stands under it. A key of ``Statement`` marks a statement that the law wants."""

    key: str
    heading: str
    lines: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Wording:
    version: str
    language: str
    title: str
    sections: tuple[Section, ...]

    @property
    def statements(self) -> frozenset[str]:
        return frozenset(section.key for section in self.sections) & frozenset(Statement)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything in it: what was read is what is stored."""
        return sha256(json.dumps(self.stored(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def texts(self) -> list[str]:
        return [
            self.title,
            *(line for section in self.sections for line in (section.heading, *section.lines)),
        ]

    def stored(self) -> dict[str, Any]:
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> "Wording":
        sections = tuple(
            Section(each["key"], each["heading"], tuple(each["lines"]), each["is_list"])
            for each in stored["sections"]
        )
        return cls(stored["version"], stored["language"], stored["title"], sections)


def compose(consent: WrittenConsent, place: Place, language: str, version: str = CURRENT) -> Wording:
    """The whole text, in that language, in the words of that version."""
    words = VERSIONS[version][language]
    return Wording(version, language, words.title, tuple(_sections(consent, place, words)))


def segment_in_words(segment: Segment, language: str) -> str:
    return VERSIONS[CURRENT][language].segments[segment]


def purpose_in_words(purpose: Purpose, language: str) -> str:
    return VERSIONS[CURRENT][language].purposes[purpose]


def _sections(consent: WrittenConsent, place: Place, words: Words) -> Iterator[Section]:
    needed = needed_statements(consent)
    yield Section(
        "who", words.who, (words.who_line.format(discloser=consent.discloser, patient=consent.patient),)
    )
    what = [words.segments[segment] for segment in Segment if segment in consent.segments]
    yield Section(WHAT, words.what, (*what, *([consent.detail] if consent.detail else [])), is_list=True)
    yield Section("whom", words.whom, tuple(_whom(consent, words)), is_list=True)
    purposes = tuple(words.purposes[purpose] for purpose in Purpose if purpose in consent.purposes)
    yield Section("why", words.why, purposes, is_list=True)
    yield Section("until", words.until, (_until(consent, words),))
    yield _how_to_stop(consent, place, words)
    if Statement.REDISCLOSURE in needed:
        yield Section(Statement.REDISCLOSURE, words.redisclosure, (words.redisclosure_line,))
    if Statement.HIPAA in needed:
        yield Section(Statement.HIPAA, words.hipaa, (words.hipaa_line,))
    if Statement.FUNDRAISING in needed:
        yield Section(Statement.FUNDRAISING, words.fundraising, (words.fundraising_line,))
    # Said to everybody [D]; the law wants it where the purpose is treatment, payment or operations.
    yield Section(Statement.REFUSAL, words.refusal, tuple(_if_no(consent, words)))


def _whom(consent: WrittenConsent, words: Words) -> Iterator[str]:
    if consent.names_a_class:
        yield words.class_of_recipients
    else:
        yield from consent.recipients
    names = ", ".join(consent.participants)
    if consent.recipient_kind is RecipientKind.INTERMEDIARY:
        yield (
            words.whom_members_who_treat
            if consent.any_participant
            else words.whom_members.format(names=names)
        )
    if consent.recipient_kind is RecipientKind.CENTRAL_REGISTRY:
        yield words.whom_programs_near if consent.any_participant else words.whom_programs.format(names=names)


def _until(consent: WrittenConsent, words: Words) -> str:
    if consent.expiry is None:
        return ""
    said = words.expiries[consent.expiry]
    day = in_words(consent.expires_on, words) if consent.expires_on else ""
    return said.format(day=day, event=consent.expires_event.strip().rstrip("."))


def _how_to_stop(consent: WrittenConsent, place: Place, words: Words) -> Section:
    address = ", ".join(part for part in (place.name, place.address) if part)
    call = [words.stop_call.format(phone=place.phone)] if place.phone else []
    if consent.recipient_kind is not RecipientKind.CRIMINAL_JUSTICE:
        how, *more = (line.format(address=address) for line in words.stop_lines)
        return Section(Statement.REVOKE, words.stop, (how, *call, *more))
    bound, *more = (
        line.format(address=address, condition=consent.condition.strip().rstrip("."))
        for line in words.stop_bound_lines
    )
    when = (
        words.stop_after.format(event=consent.revocable_event.strip().rstrip("."))
        if consent.revocable_event
        else words.stop_from.format(
            day=in_words(consent.revocable_from, words) if consent.revocable_from else ""
        )
    )
    return Section(Statement.REVOKE, words.stop_bound, (bound, when, *more))


def _if_no(consent: WrittenConsent, words: Words) -> Iterator[str]:
    if Segment.COUNSELING_NOTES in consent.segments:
        # Nothing may be made to depend on it (2.31(b)(2) [V]).
        yield words.refusal_counseling
        return
    yield from words.refusal_lines
    if Purpose.TREATMENT in consent.purposes:
        yield words.refusal_treatment
    if Purpose.PAYMENT in consent.purposes:
        yield words.refusal_payment
    if consent.recipient_kind is RecipientKind.CRIMINAL_JUSTICE:
        yield words.refusal_court


def in_words(day: date, words: Words) -> str:
    return words.day.format(month=words.months[day.month - 1], day=day.day, year=day.year)
