"""One appointment as a file that calendars read (RFC 5545)."""

from datetime import UTC, datetime


def calendar_file(title: str, starts_at: datetime, ends_at: datetime, *, uid: str, at: datetime) -> str:
    """A private entry with a title and a time, and nothing else: no place, no words, nobody's name."""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Stepwell//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_moment(at)}",
        f"DTSTART:{_moment(starts_at)}",
        f"DTEND:{_moment(ends_at)}",
        f"SUMMARY:{_text(title)}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "\r\n".join(lines) + "\r\n"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.split())
