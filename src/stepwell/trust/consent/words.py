"""What people read of consents: what is missing, what cannot stand together, how a consent stands."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stepwell.trust.consent.rules.elements import Element, Mixture
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, Segment
from stepwell.trust.consent.rules.wording import LANGUAGES, purpose_in_words, segment_in_words

#: The element, the field it stands beside, and the sentence.
MISSING: dict[Element, tuple[str, Promise]] = {
    Element.PATIENT: ("recipients", _("The patient has no name in the record. Write it there first.")),
    Element.DISCLOSER: ("recipients", _("Say who may share: the center has no name yet.")),
    Element.INFORMATION: ("segments", _("Choose what may be shared.")),
    Element.RECIPIENT: (
        "recipients",
        _("Name who may be told. A class of people fits treatment, payment and operations only."),
    ),
    Element.PARTICIPANTS: (
        "participants",
        _("Name the members or programs, or tick the general words below."),
    ),
    Element.HIPAA_STATEMENT: ("purposes", _("The text lacks what HIPAA lets the recipient do.")),
    Element.PURPOSE: ("purposes", _("Choose what for.")),
    Element.FUNDRAISING_STATEMENT: (
        "purposes",
        _("The text lacks the right to get no messages that ask for money."),
    ),
    Element.RIGHT_TO_REVOKE: (
        "revocable_from",
        _("Say from which day, or after which event, the patient may end it."),
    ),
    Element.CONDITION: ("condition", _("Say what the patient must take part in, and by whose order.")),
    Element.EXPIRY: (
        "expires_on",
        _("Say until when. Only treatment, payment and operations may go without a date or an event."),
    ),
    Element.SIGNATURE: ("name", _("Write the name of whoever signs.")),
    Element.AUTHORITY: ("authority", _("Say why this person may sign for the patient.")),
    Element.DATE: ("on", _("Write the day on which it was signed.")),
    Element.REDISCLOSURE_STATEMENT: ("purposes", _("The text lacks what may happen after it is shared.")),
    Element.REFUSAL_STATEMENT: ("purposes", _("The text lacks what happens if the patient says no.")),
}
MIXED: dict[Mixture, tuple[str, Promise]] = {
    Mixture.COUNSELING_NOTES: (
        "segments",
        _("Counseling notes need a consent of their own. Take out the rest, or take out the notes."),
    ),
    Mixture.LEGAL_PROCEEDING: (
        "purposes",
        _("A legal case needs a consent of its own. Take out the other purposes, or take out the case."),
    ),
}


def what_is_wrong(missing: tuple[Element, ...], mixed: tuple[Mixture, ...] = ()) -> Iterator[tuple[str, str]]:
    """Field and sentence of each."""
    for element in missing:
        field, sentence = MISSING[element]
        yield field, str(sentence)
    for mixture in mixed:
        field, sentence = MIXED[mixture]
        yield field, str(sentence)


def language() -> str:
    """The language that is being spoken, of those that consents are written in."""
    spoken = (get_language() or "")[:2]
    return spoken if spoken in LANGUAGES else LANGUAGES[0]


def segment(one: Segment | str) -> str:
    """As the patient reads it, in the language that is being spoken."""
    return segment_in_words(Segment(one), language())


def purpose(one: Purpose | str) -> str:
    return purpose_in_words(Purpose(one), language())


#: A part of the record in a word or two.
SHORT: dict[Segment, Promise] = {
    Segment.ATTENDANCE: _("Attendance"),
    Segment.EPISODE: _("Dates and kind of care"),
    Segment.PLAN: _("Treatment plan"),
    Segment.MEDICATION: _("Medicine"),
    Segment.DRUG_TESTS: _("Drug tests"),
    Segment.MEASURES: _("Questions about how you are"),
    Segment.NOTES: _("Visit notes"),
    Segment.BILLING: _("Costs and payments"),
    Segment.COUNSELING_NOTES: _("Private counseling notes"),
}
#: Until when, to the patient, where there is no date.
MY_EXPIRIES: dict[Expiry, Promise] = {
    Expiry.END_OF_TREATMENT: _("Until your treatment ends"),
    Expiry.END_OF_STUDY: _("Until the study ends"),
    Expiry.NEVER: _("Until you stop it"),
}
