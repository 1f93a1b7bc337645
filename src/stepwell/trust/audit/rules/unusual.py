"""Looking that is unusual: the facts of one person's look at one record on one day, and what of it to ask about.

A finding is a question, not a charge: most have a good answer, and somebody other than the one who looked hears it.
Each rule names the figures it stands on. The figures are ours [D]; HIPAA asks that looks are reviewed
(45 CFR 164.308(a)(1)(ii)(D), "information system activity review" [K]) and leaves to the center what to look for.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

#: When these figures came into force; a change of one is a change of this day.
IN_FORCE_SINCE = date(2026, 11, 23)

#: Different charts opened by one person within an hour, and within a day, that are many for anybody.
MANY_AN_HOUR = 25
MANY_A_DAY = 60
#: More than so many times what is usual for this person is many, from so many charts on.
TIMES_THE_USUAL = 3
FEW = 12
#: How long after the end of care a chart is opened in the ordinary course: letters, bills, last notes.
AFTER_CARE = timedelta(days=30)
#: Before and after its hours a center is still at work.
AROUND_HOURS = timedelta(minutes=60)
#: The hours of a center that has written none down.
USUAL_HOURS = (time(7), time(20))

#: The commonest surnames of the United States (Census 2010 [K]): two people share one of these by chance.
COMMON = frozenset(
    [
        *(
            "smith",
            "johnson",
            "williams",
            "brown",
            "jones",
            "garcia",
            "miller",
            "davis",
            "rodriguez",
            "martinez",
        ),
        *(
            "hernandez",
            "lopez",
            "gonzalez",
            "wilson",
            "anderson",
            "thomas",
            "taylor",
            "moore",
            "jackson",
            "martin",
        ),
        *("lee", "perez", "thompson", "white", "harris"),
    ]
)
_NOT_SURNAMES = frozenset(
    [
        *(
            "de",
            "del",
            "la",
            "las",
            "los",
            "da",
            "das",
            "do",
            "dos",
            "di",
            "van",
            "von",
            "der",
            "den",
            "y",
            "e",
        ),
        *("jr", "sr", "ii", "iii", "iv", "md", "phd", "rn", "lcsw", "lpc", "np", "pa"),
    ]
)


class Rule(StrEnum):
    OWN_RECORD = "own record"
    SAME_CONTACT = "same contact"
    SAME_HOME = "same home"
    SAME_SURNAME = "same surname"
    EMERGENCY = "emergency"
    MANY_CHARTS = "many charts"
    AFTER_CARE = "after care"
    AT_NIGHT = "outside hours"


class Weight(StrEnum):
    """How soon to look at it."""

    HIGH = "today"
    MIDDLE = "this week"
    LOW = "when there is time"


@dataclass(frozen=True)
class Person:
    """What is known of a reader, or of a patient, by which one may tell that they belong together."""

    surnames: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    homes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Look:
    """One reader's looks at one record on one day, by the clock of the patient's center."""

    reader: Person
    patient: Person
    first_at: datetime
    last_at: datetime
    is_own_record: bool = False
    is_on_the_team: bool = False
    is_for_care: bool = True
    in_emergency: bool = False
    care_ended_on: date | None = None
    #: When the center is open that day; nothing on a day when it is closed; None where it has written no hours down.
    hours: tuple[tuple[time, time], ...] | None = None


@dataclass(frozen=True)
class DayOfReader:
    """How many different charts one person opened in a day, in its fullest hour, and usually."""

    charts: int
    in_an_hour: int
    #: The median of their days with any, over the four weeks before; None with fewer than five such days.
    usual: float | None = None


@dataclass(frozen=True)
class Finding:
    rule: Rule
    weight: Weight
    because: str


def surnames(name: str, *, is_whole: bool = True) -> frozenset[str]:
    """Every surname in a name, without accents and small words: each half of a double surname is one.

    Of a whole name, the first word is left out. A middle name counts as a surname: that raises a question too many
    now and then, and never one too few.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"['\u2019\u2018`.]", "", plain)
    found = [word for word in re.split(r"[^\w]+|_", words) if word]
    if is_whole:
        # "O'Brien-Núñez, Dana" begins with the surname.
        found = found if "," in name else found[1:]
    return frozenset(word for word in found if len(word) > 1 and word not in _NOT_SURNAMES)


def phone(number: str) -> str:
    """The last ten digits; nothing for what is no telephone number."""
    digits = re.sub(r"\D", "", number)
    return digits[-10:] if len(digits) >= 7 else ""


def home(street: str, postal_code: str) -> str:
    """A street and a postal code in one form; nothing when either is missing."""
    plain = re.sub(r"[^a-z0-9]+", " ", street.casefold()).strip()
    code = re.sub(r"[^0-9a-z]", "", postal_code.casefold())[:5]
    return f"{plain} {code}" if plain and code else ""


def findings(look: Look) -> Iterator[Finding]:
    """What is unusual about this look, each with its reason."""
    if look.is_own_record:
        yield Finding(Rule.OWN_RECORD, Weight.HIGH, "They opened their own record from the staff side.")
        return
    yield from _belong_together(look)
    if look.in_emergency:
        yield Finding(Rule.EMERGENCY, Weight.HIGH, "Opened in an emergency; not on this person's care team.")
    ended = look.care_ended_on
    if ended is not None and look.is_for_care and look.first_at.date() > ended + AFTER_CARE:
        days = (look.first_at.date() - ended).days
        yield Finding(Rule.AFTER_CARE, Weight.MIDDLE, f"Opened for treatment {days} days after care ended.")
    if at := _outside_hours(look):
        yield Finding(Rule.AT_NIGHT, Weight.LOW, f"Opened at {at:%-I:%M %p}, outside the center's hours.")


def _belong_together(look: Look) -> Iterator[Finding]:
    """Signs that reader and patient are family, or live together. Given to each other by others, they may be known."""
    reader, patient = look.reader, look.patient
    if reader.phones & patient.phones:
        yield Finding(Rule.SAME_CONTACT, Weight.HIGH, "Both have the same telephone number.")
    elif reader.emails & patient.emails:
        yield Finding(Rule.SAME_CONTACT, Weight.HIGH, "Both have the same e-mail address.")
    if reader.homes & patient.homes:
        yield Finding(Rule.SAME_HOME, Weight.HIGH, "Both live at the same address.")
    shared = sorted(reader.surnames & patient.surnames)
    # On the care team: whoever put them there saw both names.
    if shared and not look.is_on_the_team:
        name = shared[0].title()
        if shared[0] in COMMON:
            yield Finding(Rule.SAME_SURNAME, Weight.LOW, f"Both are called {name}, which is a common name.")
        else:
            yield Finding(Rule.SAME_SURNAME, Weight.HIGH, f"Both are called {name}.")


def _outside_hours(look: Look) -> datetime | None:
    """The first of the two ends of these looks that falls outside the hours."""
    hours = (USUAL_HOURS,) if look.hours is None else look.hours
    for at in (look.first_at, look.last_at):
        around = (
            (_shifted(at, opens, -AROUND_HOURS), _shifted(at, closes, AROUND_HOURS))
            for opens, closes in hours
        )
        if not any(opens <= at <= closes for opens, closes in around):
            return at
    return None


def _shifted(day: datetime, clock: time, by: timedelta) -> datetime:
    return datetime.combine(day.date(), clock, day.tzinfo) + by


def findings_of_day(day: DayOfReader) -> Iterator[Finding]:
    """Whether one person opened many charts: for anybody, or for them."""
    if day.in_an_hour >= MANY_AN_HOUR:
        yield Finding(Rule.MANY_CHARTS, Weight.HIGH, f"{day.in_an_hour} different charts within an hour.")
    elif day.charts >= MANY_A_DAY:
        yield Finding(Rule.MANY_CHARTS, Weight.HIGH, f"{day.charts} different charts in one day.")
    elif day.usual is not None and day.charts >= FEW and day.charts > TIMES_THE_USUAL * day.usual:
        yield Finding(
            Rule.MANY_CHARTS,
            Weight.MIDDLE,
            f"{day.charts} different charts in one day; {day.usual:g} is usual for them.",
        )
