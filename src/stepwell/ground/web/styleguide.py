"""What the style guide shows: every component in every state, with the fictional people of Alder Creek."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from stepwell.ground.web.charts import (
    Block,
    Came,
    Hours,
    LineChart,
    Mark,
    Note,
    Reading,
    Row,
    Shape,
    Stretch,
    StripDay,
    Tone,
)
from stepwell.ground.web.icons import ICONS
from stepwell.ground.web.navigation import Tab
from stepwell.ground.web.widgets import DateInput, Scale, Segments, Tiles

SWATCHES = (
    "paper",
    "surface",
    "sunken",
    "ink",
    "ink-2",
    "ink-3",
    "line",
    "edge",
    "accent",
    "accent-tint",
    "ok",
    "ok-tint",
    "warn",
    "warn-tint",
    "urgent",
    "urgent-tint",
)
OFTEN = [
    ("never", "Never, or less than once a month"),
    ("monthly", "1 to 3 days a month"),
    ("weekly", "1 to 3 days a week"),
    ("most", "Most days"),
    ("daily", "Every day"),
    ("skip", "I would rather not say"),
]
TODAY = date(2026, 11, 23)
DAY_1 = date(2026, 10, 20)
CRAVING = "7 7 6 8 7 - 7 6 6 5 6 5 - 5 4 5 4 4 5 3 4 - 3 4 3 3 2 3 3 2 2 3 6 4 3".split()  # noqa: SIM905 a row of figures


class Question(forms.Form):
    often = forms.ChoiceField(
        label="How often do you drink alcohol?",
        help_text="Think about the last month. There is no wrong answer.",
        choices=OFTEN,
        widget=Tiles,
        error_messages={"required": "Choose how often you drink, or choose “I would rather not say”"},
    )


class EveryField(forms.Form):
    name = forms.CharField(label="Name", help_text="As the person wants to be called.")
    phone = forms.CharField(label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    born_on = forms.DateField(label="Born on", widget=DateInput)
    pay = forms.ChoiceField(
        label="How will you pay?", choices=[("", "I am not sure"), ("medicaid", "Medicaid")]
    )
    craving = forms.ChoiceField(
        label="How strong are cravings right now?",
        choices=list(enumerate(("None", "A little", "Some", "Strong", "Very strong"))),
        widget=Scale,
    )
    view = forms.ChoiceField(
        label="Show", choices=[("day", "Day"), ("week", "Week"), ("month", "Month")], widget=Segments
    )
    words = forms.CharField(label="What happened", widget=forms.Textarea(attrs={"rows": 3}))
    agreed = forms.BooleanField(label="I read this and agree", required=False)


@dataclass(frozen=True)
class Need:
    tone: str
    tone_words: str
    name: str
    meta: str
    why: str
    source: str
    act: str
    key: str
    values: tuple[float | None, ...] = ()
    trend: str = ""
    url: str = "#needs"
    act_url: str = "#needs"


@dataclass(frozen=True)
class Event:
    title: str = ""
    when: str = ""
    icon: str = "note"
    tone: str = ""
    detail: str = ""
    url: str = "#timeline"
    day: str = ""


@dataclass(frozen=True)
class Line:
    when: str
    title: str
    detail: str = ""
    state: str = ""
    button: str = ""
    url: str = "#agenda"
    tag: str = ""
    tone: str = ""
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    name: str
    value: str
    url: str = "#answers"


NEEDS = (
    Need(
        "urgent",
        "Urgent",
        "Devon T.",
        "IOP, day 12",
        "Craving 8 of 10 today, up from 3. Missed Friday.",
        "Check-in 7:52 AM, attendance Nov 20, overdose-risk rule 2",
        "Call now",
        "c",
        (3, 4, 3, 2, 3, 3, None, 4, 5, 8),
        "Craving rose from 3 to 8",
    ),
    Need(
        "warn",
        "Decide soon",
        "Rosa M.",
        "IOP, day 9",
        "Placed for 6 of 9 hours. Needs Spanish, works until noon.",
        "Week of Nov 23",
        "See options",
        "w",
    ),
    Need(
        "calm",
        "Good to know",
        "Maya R.",
        "IOP, day 34",
        "Craving 6 on Saturday, back to 3. She used her plan.",
        "Check-in note: “family dinner, called Luis, left early”",
        "Say well done",
        "m",
        (4, 3, 3, 2, 3, 2, 2, 3, 6, 4, 3),
        "Craving rose to 6 and is back to 3",
    ),
)
TIMELINE = (
    Event(day="Today, November 23"),
    Event("Here for skills group", "9:00", "users", "accent", "Riding out cravings, in person"),
    Event("Check-in: craving 3", "7:31", "check", "ok", "Mood OK, slept 7 h, no use"),
    Event(day="Last week"),
    Event("Check-in: craving 6", "Sat", "alert", "warn", "Family dinner. Called Luis. No use"),
    Event("Drug test: as expected", "Mon", "flask", "ok", "Positive for buprenorphine (prescribed) only"),
    Event("1:1 with Dana, 50 min", "Mon", "note", "", "Signed Nov 16"),
)
AGENDA = (
    Line("8:15", "Team huddle", "6 people discussed", "past", tag="Done", tone="ok"),
    Line("9:00", "Riding out cravings", "Skills group, 12 expected, Room 2", "now", button="Open"),
    Line("10:40", "Devon T., 1:1 held", "Suggested: free slot after group", tag="Hold", tone="warn"),
    Line("1:00", "New start: Lena H.", "Intake, in person", button="Prepare"),
    Line(
        "2:30", "Keisha M., 1:1", "Room 4. Ends 3:20", button="Open", asks=("Go through together: BAM-IOP",)
    ),
)
STRIP = tuple(
    StripDay(
        TODAY + timedelta(days=n),
        blocks,
        now=n == 0,
        off=n == 3,
    )
    for n, blocks in enumerate(
        ((Hours(3, Block.DONE),), (), (Hours(3),), (), (Hours(1.5), Hours(1)), (Hours(3, Block.MISSED),), ())
    )
)


def readings() -> tuple[Reading, ...]:
    return tuple(
        Reading(DAY_1 + timedelta(days=n), float(value)) for n, value in enumerate(CRAVING) if value != "-"
    )


def big_chart() -> LineChart:
    missed = {3, 6}
    groups = tuple(
        Mark(
            DAY_1 + timedelta(days=n),
            "did not come" if n in missed else "came",
            Shape.OPEN_SQUARE if n in missed else Shape.SQUARE,
        )
        for n in (1, 3, 6, 8, 10, 13, 15, 17, 20, 22, 24, 27, 29, 31, 34)
    )
    return LineChart(
        sentence="Craving by day from October 20 to November 23, falling from 7 to 3",
        measure="Craving, 0 to 10",
        first=DAY_1,
        last=TODAY,
        low=0,
        high=10,
        ticks=((0, "0"), (5, "5"), (10, "10")),
        readings=readings(),
        rows=(
            Row("Groups", groups),
            Row(
                "Shots",
                (
                    Mark(date(2026, 10, 27), "first shot", Shape.DIAMOND),
                    Mark(TODAY, "shot due", Shape.OPEN_DIAMOND),
                ),
            ),
            Row(
                "Tests",
                (
                    Mark(date(2026, 10, 20), "Alcohol, opioids", Shape.DOT, Tone.WARN, shown=True),
                    Mark(date(2026, 11, 3), "As expected", Shape.DOT, shown=True),
                    Mark(date(2026, 11, 17), "As expected", Shape.DOT, shown=True),
                ),
            ),
        ),
        notes=(Note(date(2026, 10, 27), "First shot", line=True), Note(date(2026, 11, 21), "Family dinner")),
        last_label="Today",
    )


def phone_chart() -> LineChart:
    return LineChart(
        sentence="From strong to a little. One hard Saturday, and you used your plan.",
        measure="Cravings",
        first=date(2026, 10, 27),
        last=TODAY,
        low=0,
        high=8,
        ticks=((8, "Strong"), (4, "Some"), (0, "None")),
        readings=readings(),
        last_label="Today",
    )


def empty_chart() -> LineChart:
    return LineChart(
        sentence="No answers yet",
        measure="Craving, 0 to 10",
        first=DAY_1,
        last=TODAY,
        low=0,
        high=10,
        ticks=((0, "0"), (10, "10")),
        readings=(),
    )


def everything() -> dict[str, Any]:
    unanswered = EveryField()
    return {
        "question": Question({}),
        "form": unanswered,
        "wrong": EveryField(
            {"name": "", "phone": "555", "born_on": "2026-02-31", "words": "What was typed is kept."}
        ),
        "swatches": SWATCHES,
        "icons": sorted(ICONS),
        "needs": NEEDS,
        "timeline": TIMELINE,
        "agenda": AGENDA,
        "strip": STRIP,
        "big_chart": big_chart(),
        "phone_chart": phone_chart(),
        "empty_chart": empty_chart(),
        "evenings": ((Stretch(18, 3),), (), (Stretch(18, 3),), (), (Stretch(18, 3),), (), ()),
        "attendance": (Came.PRESENT, Came.LATE, Came.ABSENT, Came.EXCUSED, Came.PRESENT),
        "falling": (6, 4, 2, 1, 0),
        "gaps": (3, None, 4, 5, None, 8),
        "tabs": (Tab("Overview", "#tabs", True), Tab("Plan", "#tabs"), Tab("Notes", "#tabs", count=41)),
        "days": (Tab("Mine", "#tabs", True), Tab("Team", "#tabs"), Tab("Whole program", "#tabs")),
        "facts": (("Led by", "Luis Ortega"), ("Room", "Room 2 and video"), ("Seats", "7 of 12")),
        "answers": (Answer("What you use", "Alcohol"), Answer("How often", "Most days")),
    }
