"""Places of the United States, and the clocks of the world."""

from zoneinfo import available_timezones

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
