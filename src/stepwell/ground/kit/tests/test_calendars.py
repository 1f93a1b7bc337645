"""A visit in the calendar of a phone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from stepwell.ground.kit.calendars import calendar_file

ONE = datetime(2026, 11, 24, 13, tzinfo=ZoneInfo("America/New_York"))


def test_a_visit_is_a_title_and_a_time_and_nothing_else():
    file = calendar_file("Your visit, \r\nBEGIN:VALARM", ONE, ONE.replace(hour=14), uid="1@x", at=ONE)
    lines = file.split("\r\n")
    assert "DTSTART:20261124T180000Z" in lines
    assert "DTEND:20261124T190000Z" in lines
    assert "SUMMARY:Your visit\\, BEGIN:VALARM" in lines
    assert len(lines) == 14
    assert not any("LOCATION" in line or "DESCRIPTION" in line for line in lines)
