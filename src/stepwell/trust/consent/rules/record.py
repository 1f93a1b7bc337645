"""A written consent, as its rules see it."""

from dataclasses import dataclass, replace
from datetime import date

from stepwell.trust.consent.rules.vocabulary import (
    TPO,
    UNDER_HIPAA,
    Expiry,
    Purpose,
    RecipientKind,
    Segment,
    Signer,
)


@dataclass(frozen=True)
class Signature:
    """``authority`` says why somebody may sign in the patient's place: "mother", "guardian by court order"."""

    name: str
    signer: Signer = Signer.PATIENT
    authority: str = ""


@dataclass(frozen=True)
class WrittenConsent:
    """Everything a consent says, and what became of it."""

    key: str
    patient: str
    discloser: str
    segments: frozenset[Segment]
    recipient_kind: RecipientKind
    recipients: tuple[str, ...]
    purposes: frozenset[Purpose]
    expiry: Expiry | None
    #: More about what may be told, in words: "only whether I came, no times".
    detail: str = ""
    #: The one consent for all future treatment, payment and operations may name a class (2.31(a)(4)(i) [V]).
    names_a_class: bool = False
    #: Of an intermediary: its members by name. Of a central registry: the programs known to it.
    participants: tuple[str, ...] = ()
    #: Of an intermediary: whichever of its members treat the patient. Of a registry: any program within 200 miles.
    any_participant: bool = False
    expires_on: date | None = None
    expires_event: str = ""
    #: The day on which the event came.
    event_on: date | None = None
    #: Criminal justice (2.35 [V]): what the patient must take part in, and from when they may end the consent.
    condition: str = ""
    revocable_from: date | None = None
    revocable_event: str = ""
    signature: Signature | None = None
    signed_on: date | None = None
    revoked_on: date | None = None
    #: Known to be untrue (2.31(c)(4) [V]): struck out as entered in error.
    known_false: bool = False
    #: What the text shown to the patient says beyond these facts; see ``wording.Statement``.
    statements: frozenset[str] = frozenset()

    @property
    def is_for_tpo(self) -> bool:
        return bool(self.purposes & TPO)

    def names(self, to: str, kind: RecipientKind) -> bool:
        """Whether the recipient is one of those it names, by name or as one of a class."""
        if self.names_a_class:
            return kind in UNDER_HIPAA
        return kind is self.recipient_kind and same_name(to) in map(same_name, self.recipients)

    def covers(self, purpose: Purpose) -> bool:
        return purpose in self.purposes

    def has_expired_on(self, day: date) -> bool:
        """A date counts as written, to its end; an event ends the consent on the day it comes."""
        if self.event_on is not None and day >= self.event_on:
            return True
        return self.expires_on is not None and day > self.expires_on

    def in_force_on(self, day: date) -> bool:
        """Signed on or before that day, not ended, not run out, and not known to be untrue.

        A consent that was ended is not in force on the same day any more: the next asking is refused.
        """
        return (
            self.signature is not None
            and self.signed_on is not None
            and self.signed_on <= day
            and (self.revoked_on is None or day < self.revoked_on)
            and not self.has_expired_on(day)
            and not self.known_false
        )

    def signed(
        self, name: str, on: date, signer: Signer = Signer.PATIENT, authority: str = ""
    ) -> "WrittenConsent":
        return replace(self, signature=Signature(name, signer, authority), signed_on=on)


def same_name(name: str) -> str:
    """Names are the same whatever their capitals and blanks."""
    return " ".join(name.split()).casefold()


def revocable_on(consent: WrittenConsent, day: date) -> bool:
    """Whether the patient may end it that day.

    Any consent may be ended at any time (2.31(a)(6) [V]), but the one that a court, probation or parole relies on: only
    from the day, or after the event, that it names (2.35 [V]).
    """
    if consent.recipient_kind is not RecipientKind.CRIMINAL_JUSTICE or not consent.condition:
        return True
    return consent.revocable_from is not None and day >= consent.revocable_from
