"""Places of the United States and how far apart they are, and the clocks of the world.

Where a ZIP code or a town lies is read from a table that comes with a library: nobody is asked over the network, who
would then know that somebody looks for care there. The table is read when it is first asked for.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from zoneinfo import available_timezones

import zipcodes

#: The clocks of the United States, by the name people know them under.
US_ZONES = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Mountain, Arizona (no daylight saving)"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico and the Virgin Islands"),
    ("Pacific/Guam", "Guam"),
)

#: States, the district and the territories, as the Postal Service writes them.
_STATES = """
AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA
RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI
"""
STATES = tuple(_STATES.split())


def is_time_zone(name: str) -> bool:
    return name in available_timezones()


def other_zones() -> list[str]:
    """Every other place of the world, with a name of a place."""
    known = {name for name, _words in US_ZONES}
    return sorted(
        zone for zone in available_timezones() - known if "/" in zone and not zone.startswith("Etc/")
    )


# ---------- where something lies ----------

MILES_AROUND_THE_EARTH_BY_RADIUS = 3958.8


@dataclass(frozen=True)
class Point:
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Town:
    """A town in one state, and the middle of its ZIP codes."""

    name: str
    state: str
    point: Point


def miles_between(one: Point, other: Point) -> float:
    """As the crow flies; a road is longer."""
    north, south = radians(one.latitude), radians(other.latitude)
    up = sin((south - north) / 2) ** 2
    across = cos(north) * cos(south) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * MILES_AROUND_THE_EARTH_BY_RADIUS * asin(min(1.0, sqrt(up + across)))


@lru_cache(maxsize=4096)
def point_of_zip(code: str) -> Point | None:
    """The middle of a ZIP code of five digits, or of nine; None for one that there is not."""
    if not re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", code):
        return None
    found = zipcodes.matching(code[:5])  # type: ignore[no-untyped-call]
    return _point(found[0]) if found else None


@lru_cache(maxsize=1024)
def point_of_zips(beginning: str) -> Point | None:
    """The middle of all the ZIP codes that begin so: three digits are one sorting area."""
    if not re.fullmatch(r"[0-9]{3,4}", beginning):
        return None
    found = zipcodes.similar_to(beginning)  # type: ignore[no-untyped-call]
    return _middle([_point(row) for row in found]) if found else None


def towns_called(name: str, state: str = "") -> tuple[Town, ...]:
    """Every town of that name, one in each state, as people type it: "st louis" is Saint Louis."""
    by_state = _towns().get(_plain(name), {})
    return tuple(by_state[code] for code in sorted(by_state) if not state or code == state.upper())


@lru_cache(maxsize=1)
def _towns() -> dict[str, dict[str, Town]]:
    """Plain name → state → town. A suburb with a name of its own is a town, also where it shares its ZIP codes."""
    lie: dict[tuple[str, str], tuple[str, bool, list[Point]]] = {}
    for state in STATES:
        for row in zipcodes.filter_by(state=state, active=True):  # type: ignore[no-untyped-call]
            for name in (row["city"], *row["acceptable_cities"]):
                is_own = name == row["city"]
                key = (_plain(name), state)
                _name, known_own, points = lie.setdefault(key, (name, is_own, []))
                if is_own and not known_own:
                    # Its own ZIP codes say better where it is than those it shares.
                    points = []
                    lie[key] = (name, True, points)
                if is_own == lie[key][1]:
                    points.append(_point(row))
    towns: dict[str, dict[str, Town]] = {}
    for (plain, state), (name, _is_own, points) in lie.items():
        towns.setdefault(plain, {})[state] = Town(name, state, _middle(points))
    return towns


def _middle(points: Iterable[Point]) -> Point:
    """The median both ways: one ZIP code that lies far out does not move a town."""
    north = sorted(one.latitude for one in points)
    east = sorted(one.longitude for one in points)
    return Point(north[len(north) // 2], east[len(east) // 2])


def _point(row: dict[str, str]) -> Point:
    return Point(float(row["lat"]), float(row["long"]))


_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(sign for sign in letters if not unicodedata.combining(sign)))
    return " ".join(_SHORT.get(word, word) for word in words)
