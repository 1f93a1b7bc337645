"""The federal holidays of a year, as days on which a center may be closed.

5 U.S.C. 6103 names them; one that falls on a weekend is also kept on the Friday or Monday beside it, by federal
offices (Executive Order 11582). A center is free to keep them or not: each can be taken off. The days come from the
``holidays`` library. [V]
"""

from dataclasses import dataclass
from datetime import date

import holidays


@dataclass(frozen=True)
class ClosedDay:
    on: date
    reason: str


def federal_holidays(year: int) -> list[ClosedDay]:
    """Those that fall in that year, the earliest first."""
    found = holidays.country_holidays("US", years=year)
    return [ClosedDay(on, name) for on, name in sorted(found.items()) if on.year == year]
