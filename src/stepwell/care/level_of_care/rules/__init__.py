"""What level of care a person's needs support, and why not less or more.

`needs` is what is given (ratings by domain and facts), `ruleset` the dated table, `decide` follows it,
`override` says who may choose another level. Emergencies come first; then each rule that fires sets a
minimum and the highest stands; nothing is averaged, and what is not known is never taken as no.
"""

from stepwell.care.level_of_care.rules.conditions import called
from stepwell.care.level_of_care.rules.decide import (
    Decision,
    Hours,
    Matched,
    Reached,
    Route,
    Status,
    decide,
    reach,
)
from stepwell.care.level_of_care.rules.needs import (
    ANCHORS,
    Case,
    CaseError,
    Domain,
    Facts,
    Need,
    Problem,
    Rating,
    Substance,
    Triage,
    Vitals,
    read_case,
    read_cases,
)
from stepwell.care.level_of_care.rules.override import (
    LICENSED,
    MAY_SIGN_SECOND,
    SHORTEST_REASON,
    Kind,
    OverrideRefused,
    Permitted,
    may_override,
    may_sign_second,
)
from stepwell.care.level_of_care.rules.ruleset import Ruleset, current, ruleset

__all__ = [
    "ANCHORS",
    "LICENSED",
    "MAY_SIGN_SECOND",
    "SHORTEST_REASON",
    "Case",
    "CaseError",
    "Decision",
    "Domain",
    "Facts",
    "Hours",
    "Kind",
    "Matched",
    "Need",
    "OverrideRefused",
    "Permitted",
    "Problem",
    "Rating",
    "Reached",
    "Route",
    "Ruleset",
    "Status",
    "Substance",
    "Triage",
    "Vitals",
    "called",
    "current",
    "decide",
    "may_override",
    "may_sign_second",
    "reach",
    "read_case",
    "read_cases",
    "ruleset",
]
