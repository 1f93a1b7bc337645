"""Quiet hours: nobody's telephone lights up at night."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class QuietHours:
    """From one time on the wall to another; over midnight where the first is the later one. Alike: never quiet."""

    begins: time = time(21)
    ends: time = time(8)

    def are_at(self, moment: datetime, zone: ZoneInfo) -> bool:
        shown = moment.astimezone(zone).time()
        if self.begins <= self.ends:
            return self.begins <= shown < self.ends
        return shown >= self.begins or shown < self.ends


#: 47 CFR 64.1200(c)(1) keeps telephone solicitation to 8 AM to 9 PM by the called party's clock [K]. Ours are no
#: solicitation; the hours are our own default, and a kind habit.
USUAL = QuietHours()


def first_allowed(asked: datetime, zone: ZoneInfo, quiet: QuietHours = USUAL) -> datetime:
    """The first moment from then on that is not in quiet hours, by the clock of that zone.

    Where the clock is put forward over the end of the quiet hours, the first minute after; where it is put back
    into them, the second time that they end.
    """
    asked = asked.astimezone(UTC)
    if not quiet.are_at(asked, zone):
        return asked
    day = asked.astimezone(zone).date()
    ends = [
        datetime.combine(each, quiet.ends, zone).replace(fold=fold).astimezone(UTC)
        for each in (day, day + ONE_DAY)
        for fold in (0, 1)
    ]
    for end in sorted(ends):
        if end >= asked and not quiet.are_at(end, zone):
            return end
    moment = asked.replace(second=0, microsecond=0) + ONE_MINUTE
    while quiet.are_at(moment, zone):
        moment += ONE_MINUTE
    return moment
