"""The minutes of treatment that a week plans."""

from collections.abc import Iterable
from dataclasses import dataclass

#: Kinds of appointment that count toward the hours of a level of care. Groups say for themselves.
CLINICAL_KINDS = frozenset({"individual", "family"})


@dataclass(frozen=True)
class Planned:
    kind: str
    minutes: int
    is_clinical_group: bool = False

    @property
    def counts(self) -> bool:
        return self.is_clinical_group if self.kind == "group" else self.kind in CLINICAL_KINDS


def planned_minutes(appointments: Iterable[Planned]) -> int:
    return sum(appointment.minutes for appointment in appointments if appointment.counts)
