"""What is on record already for whoever rates the needs: scores by domain, facts that a measure settles, last time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stepwell.care.level_of_care.rules import Domain
from stepwell.care.measures.reading import LatestScore, latest_scores
from stepwell.trust.people.models import Patient

#: Which questionnaires tell of which domain. Our own grouping.
BY_DOMAIN: Mapping[Domain, tuple[str, ...]] = {
    Domain.WITHDRAWAL: ("ciwa_ar", "cows"),
    Domain.MENTAL: (
        "cssrs_screener",
        "cssrs_since_last_contact",
        "phq9",
        "phq2",
        "gad7",
        "gad2",
        "pc_ptsd5",
        "pcl5",
        "pcl5_weekly",
        "k6",
        "core10",
    ),
    Domain.DANGER: (
        "craving_nrs",
        "audit_c",
        "audit",
        "dast10",
        "taps",
        "single_item_screeners",
        "overdose_risk_checklist",
        "bam",
        "bam_r",
        "bam_iop",
    ),
    Domain.LIVING: ("barc10", "ahc_hrsn_core"),
}
#: How long a score answers for a fact. Our own: withdrawal changes within hours, the suicide screen is weekly.
SUICIDE_SCREEN_HOLDS = timedelta(days=7)
WITHDRAWAL_SCORE_HOLDS = timedelta(hours=24)


@dataclass(frozen=True)
class Known:
    """A fact that somebody has answered already, and where."""

    value: Any
    source: str


@dataclass(frozen=True)
class OnRecord:
    scores: Sequence[LatestScore]
    patient: Patient
    at: datetime

    def of(self, domain: Domain) -> list[LatestScore]:
        wanted = BY_DOMAIN.get(domain, ())
        found = (each for each in self.scores if each.response.instrument in wanted)
        return sorted(found, key=lambda each: wanted.index(each.response.instrument))

    def others(self) -> list[LatestScore]:
        sorted_in = {name for names in BY_DOMAIN.values() for name in names}
        return [each for each in self.scores if each.response.instrument not in sorted_in]

    def as_kept(self) -> dict[str, list[dict[str, str]]]:
        """By domain, as an assessment keeps it: what the rater had before them."""
        return {
            domain.value: [
                {
                    "name": score.name,
                    "says": score.says,
                    "on": self.patient.center.day_of(_taken(score)).isoformat(),
                    "response": str(score.response.pk),
                }
                for score in self.of(domain)
            ]
            for domain in Domain
            if self.of(domain)
        }

    def facts(self) -> dict[str, Known]:
        return dict(self._facts())

    def _facts(self) -> Iterator[tuple[str, Known]]:
        screens = [
            each
            for each in self.scores
            if each.response.instrument.startswith("cssrs_")
            and each.response.result.get("triage")
            and self._holds(each, SUICIDE_SCREEN_HOLDS)
        ]
        if screens:
            newest = max(screens, key=_taken)
            yield "cssrs_triage", Known(newest.response.result["triage"], self._source(newest))
        for each in self.scores:
            total = each.response.total
            if (
                each.response.instrument == "ciwa_ar"
                and total is not None
                and self._holds(each, WITHDRAWAL_SCORE_HOLDS)
            ):
                yield "ciwa_ar", Known(int(total), self._source(each))

    def _holds(self, score: LatestScore, within: timedelta) -> bool:
        return timedelta(0) <= self.at - _taken(score) <= within

    def _source(self, score: LatestScore) -> str:
        taken = _taken(score).astimezone(self.patient.center.zone)
        return _("From %(measure)s, %(when)s") % {
            "measure": score.name,
            "when": date_format(taken, "M j, g:i A"),
        }


def on_record(patient: Patient, at: datetime) -> OnRecord:
    return OnRecord(latest_scores(patient), patient, at)


def _taken(score: LatestScore) -> datetime:
    return score.response.taken_at or score.response.recorded_at
