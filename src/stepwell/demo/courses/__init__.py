"""Real courses of treatment, de-identified: 114 people in three trials (README.md)."""

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

SOURCE = "public.ctn0094data 1.0.6 (MIT), a small extract"
IN_SAMPLE = (
    "These courses belong to the people on whom the published risk models were fitted: "
    "any risk shown for them is in-sample and says nothing about how well a model foresees."
)


class Medicine(StrEnum):
    BUPRENORPHINE = "buprenorphine"
    NALTREXONE = "naltrexone"


class Sample(StrEnum):
    NEGATIVE = "-"
    POSITIVE = "+"
    MISSED = "o"


class Substance(StrEnum):
    OPIOID = "opioid"
    COCAINE = "cocaine"
    AMPHETAMINE = "amphetamine"
    BENZODIAZEPINE = "benzodiazepine"
    CANNABIS = "cannabis"


@dataclass(frozen=True, slots=True)
class Week:
    number: int
    sample: Sample
    positive_for: frozenset[Substance]
    visits: int
    dose_days: int
    dose_mg: int | None
    days_used_opioid: int
    days_drank: int

    @property
    def lost_contact(self) -> bool:
        """No sample and no medicine. With medicine, a missing sample is often a visit a day late."""
        return self.sample is Sample.MISSED and self.visits == 0 and self.dose_days < 5


@dataclass(frozen=True, slots=True)
class Course:
    person: int
    medicine: Medicine
    weeks: tuple[Week, ...]

    def week(self, number: int) -> Week:
        return self.weeks[min(number, len(self.weeks) - 1)]

    def states(self, first: int, last: int) -> str:
        return "".join(self.week(number).sample for number in range(first, last + 1))


@cache
def read() -> tuple[Course, ...]:
    weeks: dict[tuple[int, Medicine], list[Week]] = defaultdict(list)
    with gzip.open(Path(__file__).with_name("courses.csv.gz"), "rt", newline="") as lines:
        for row in csv.DictReader(lines):
            positive: set[Substance] = {s for s in Substance if s is not Substance.OPIOID and row[s] == "1"}
            if row["opioid"] == Sample.POSITIVE:
                positive.add(Substance.OPIOID)
            weeks[int(row["person"]), Medicine(row["medicine"])].append(
                Week(
                    number=int(row["week"]),
                    sample=Sample(row["opioid"]),
                    positive_for=frozenset(positive),
                    visits=int(row["visits"]),
                    dose_days=int(row["dose_days"]),
                    dose_mg=int(row["dose"]) if row["dose"] else None,
                    days_used_opioid=int(row["days_used_opioid"]),
                    days_drank=int(row["days_drank"]),
                )
            )
    return tuple(Course(person, medicine, tuple(told)) for (person, medicine), told in weeks.items())
