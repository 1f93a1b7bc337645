"""What is chosen from: states, time zones, languages."""

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

#: What people speak at home in the United States, the most spoken first: ISO 639-1, its name here, and its own name.
_SPOKEN = (
    ("en", "English", "English"),
    ("es", "Spanish", "Español"),
    ("zh", "Chinese", "中文"),
    ("tl", "Tagalog", "Tagalog"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("ar", "Arabic", "العربية"),
    ("fr", "French", "Français"),
    ("ko", "Korean", "한국어"),
    ("ru", "Russian", "Русский"),
    ("pt", "Portuguese", "Português"),
    ("ht", "Haitian Creole", "Kreyòl ayisyen"),
    ("hi", "Hindi", "हिन्दी"),
    ("de", "German", "Deutsch"),
    ("pl", "Polish", "Polski"),
    ("ur", "Urdu", "اردو"),
    ("fa", "Farsi", "فارسی"),
    ("so", "Somali", "Soomaali"),
    ("am", "Amharic", "አማርኛ"),
    ("ne", "Nepali", "नेपाली"),
    ("uk", "Ukrainian", "Українська"),
)
LANGUAGES = tuple((code, here if here == own else f"{here} ({own})") for code, here, own in _SPOKEN)
LANGUAGE_NAMES = {code: here for code, here, _own in _SPOKEN}
OWN_NAMES = {code: own for code, _here, own in _SPOKEN}


def is_time_zone(name: str) -> bool:
    return name in available_timezones()


def other_zones() -> list[str]:
    """Every other place of the world, with a name of a place."""
    known = {name for name, _words in US_ZONES}
    return sorted(
        zone for zone in available_timezones() - known if "/" in zone and not zone.startswith("Etc/")
    )
