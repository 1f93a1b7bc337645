"""How a person's consents stand: waiting, in force, ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from stepwell.trust.consent.models import Consent
from stepwell.trust.consent.rules.life_cycle import Status
from stepwell.trust.consent.rules.vocabulary import RecipientKind

MOST_LETTERS = 200


@dataclass(frozen=True)
class Known:
    """Somebody that a consent names."""

    name: str
    kind: RecipientKind
    address: str = ""

    @property
    def key(self) -> str:
        """Names them in a form, whatever else has changed since the page was shown."""
        return f"{self.kind.value}:{self.name}"

    @classmethod
    def named(cls, key: str) -> "Known":
        """Raises ValueError for what is no such key."""
        kind, _colon, name = key.partition(":")
        if not name.strip() or len(name) > MOST_LETTERS:
            raise ValueError(key)
        return cls(name, RecipientKind(kind))


@dataclass
class Consents:
    waiting: list[Consent] = field(default_factory=list)
    in_force: list[Consent] = field(default_factory=list)
    ended: list[Consent] = field(default_factory=list)

    @classmethod
    def of(cls, consents: Iterable[Consent]) -> "Consents":
        """Newest first in each."""
        found = cls()
        for consent in sorted(consents, key=lambda one: one.recorded_at, reverse=True):
            if consent.is_waiting:
                found.waiting.append(consent)
            elif consent.holds_today:
                found.in_force.append(consent)
            else:
                found.ended.append(consent)
        return found

    @property
    def declined(self) -> list[Consent]:
        return [consent for consent in self.ended if consent.status is Status.DECLINED]

    @property
    def once_in_force(self) -> list[Consent]:
        """Signed, and over: ended by the patient, run out, or struck out."""
        return [consent for consent in self.ended if consent.signed_at is not None]

    @property
    def known(self) -> list[Known]:
        """Everybody that a consent in force names, each once."""
        named: dict[tuple[str, RecipientKind], Known] = {}
        for consent in self.in_force:
            for name in consent.recipients:
                named.setdefault(
                    (name.casefold(), consent.kind), Known(name, consent.kind, consent.recipient_address)
                )
        return list(named.values())
