"""A person as a row of the caseload: what each column says, how it is sorted, and which columns there are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.medication.rules.doses import Due
from stepwell.doors.staff import words
from stepwell.doors.staff.people_now import PersonNow
from stepwell.doors.staff.today import craving_sentence
from stepwell.ground.web.charts import Came


@dataclass(frozen=True)
class PersonRow:
    """Every cell, in words. A tone is only ever beside a word."""

    person: PersonNow
    url: str
    level_and_day: str
    signed: int
    asked: int
    hours: str
    ahead: str
    in_brief: str
    hours_tone: str
    attendance: tuple[Came, ...]
    trend: str
    use: str
    risk: str
    change: str
    change_tone: str
    dose: str
    dose_tone: str
    contact: str

    def as_cells(self, columns: Sequence[str]) -> list[object]:
        """What the columns say, for a file: the pictures of the page as the numbers they are drawn from."""
        person = self.person
        last_craving = next((each for each in reversed(person.craving) if each is not None), None)
        cells: dict[str, object] = {
            "name": person.name,
            "level": self.level_and_day,
            "hours": ", ".join(filter(None, [self.hours, self.ahead])),
            "missed": _("%(missed)s of %(all)s missed")
            % {"missed": person.missed, "all": len(person.attendance)},
            "craving": "" if last_craving is None else last_craving,
            "use": "" if person.use is None else person.use,
            "risk": "" if person.risk is None else person.risk,
            "dose": self.dose,
            "contact": self.contact,
            "counselor": person.counselor,
        }
        return [cells[column] for column in columns]


def rows(people: Iterable[PersonNow], today: date) -> list[PersonRow]:
    return [_row(person, today) for person in people]


def _row(person: PersonNow, today: date) -> PersonRow:
    hours = person.hours
    change = person.risk_change
    dose, dose_tone = _dose(person, today)
    asked = hours.asked if hours else 0
    return PersonRow(
        person=person,
        url=reverse("staff:chart", args=[person.patient.pk]),
        level_and_day=f"{person.level_name}, {person.day}" if person.level else "–",
        signed=hours.signed if hours else 0,
        asked=asked,
        hours=_("%(signed)s of %(asked)s")
        % {"signed": words.hours(hours.signed if hours else 0), "asked": words.hours(asked)}
        if asked
        else _("no signed plan"),
        ahead=_ahead(person),
        in_brief=_in_brief(person),
        hours_tone="warn" if hours and hours.short else "",
        attendance=person.attendance,
        trend=craving_sentence(person.craving),
        use="–" if person.use is None else str(person.use),
        risk="–" if person.risk is None else str(person.risk),
        change=_change(person),
        change_tone=""
        if not change
        else "urgent-ink"
        if change >= 4
        else "warn-ink"
        if change > 0
        else "ok-ink",
        dose=dose,
        dose_tone=dose_tone,
        contact=_contact(person, today),
    )


def _change(person: PersonNow) -> str:
    if person.risk is None:
        return ""
    change = person.risk_change
    return _("first") if change is None else "" if change == 0 else f"{change:+d}".replace("-", "−")


def _ahead(person: PersonNow) -> str:
    """What stands beside the signed hours: what is still to come or to sign, and what is missing."""
    if person.hours is None:
        return ""
    parts = []
    if person.hours.unsigned:
        parts.append(_("%(hours)s unsigned") % {"hours": words.hours(person.hours.unsigned)})
    if person.hours.planned:
        parts.append(_("%(hours)s booked") % {"hours": words.hours(person.hours.planned)})
    if person.hours.short:
        parts.append(_("%(hours)s short") % {"hours": words.hours(person.hours.short)})
    return ", ".join(parts)


def _in_brief(person: PersonNow) -> str:
    """The same, for a narrow table: what is missing, else what is still to come."""
    if person.hours is None:
        return ""
    if person.hours.short:
        return _("%(hours)s short") % {"hours": words.hours(person.hours.short)}
    if person.hours.planned:
        return _("%(hours)s to come") % {"hours": words.hours(person.hours.planned)}
    if person.hours.unsigned:
        return _("%(hours)s unsigned") % {"hours": words.hours(person.hours.unsigned)}
    return ""


def _dose(person: PersonNow, today: date) -> tuple[str, str]:
    if person.dose is None:
        return _("None"), ""
    day = words.day_name(person.dose.due_on, today)
    booked = person.dose_booked_at
    at = f" {words.short_time(booked)}" if booked and booked.date() == person.dose.due_on else ""
    tones = {Due.TODAY: "accent", Due.LATE: "warn", Due.NEEDS_REVIEW: "urgent"}
    if person.dose.due in (Due.LATE, Due.NEEDS_REVIEW):
        return _("%(day)s, late") % {"day": date_format(person.dose.due_on, "M j")}, tones[person.dose.due]
    return f"{day}{at}", tones.get(person.dose.due, "")


def _contact(person: PersonNow, today: date) -> str:
    contact = person.last_contact
    if contact is None:
        return _("None yet")
    how = _("video") if contact.by_video else words.in_a_word(contact.kind)
    return f"{words.day_name(contact.at.date(), today)}, {how}"


# Sorting, by address


@dataclass(frozen=True)
class Column:
    """One column. It is sorted by values of these names (``summaries``); who has none stands last, whichever way."""

    key: str
    label: object
    sorted_by: tuple[str, ...] = ()
    #: Whether the first press shows the largest first: what is worst, or newest.
    falls: bool = False
    #: Left out where there is less room: on Today.
    in_brief: bool = True
    #: What a narrow screen leaves out.
    fold: str = ""
    #: Who has none has waited longest.
    waits_longest_without: bool = False

    @property
    def by(self) -> tuple[str, ...]:
        return self.sorted_by or (self.key,)


BY_NEED = "need"
LEVELS = list(LevelOfCare)

COLUMNS: tuple[Column, ...] = (
    Column("name", gettext_lazy("Person")),
    Column("level", gettext_lazy("Level, day"), ("level", "day")),
    Column("hours", gettext_lazy("Hours signed"), falls=True),
    Column("missed", gettext_lazy("Attendance, 2 wks"), falls=True),
    Column("craving", gettext_lazy("Craving, 14 days"), falls=True, fold="fold-phone"),
    Column("use", gettext_lazy("BAM use"), falls=True, in_brief=False, fold="fold-laptop"),
    Column("risk", gettext_lazy("BAM risk"), falls=True),
    Column("dose", gettext_lazy("Next dose")),
    Column("contact", gettext_lazy("Last contact"), waits_longest_without=True),
    Column("counselor", gettext_lazy("Counselor"), in_brief=False, fold="fold-laptop"),
)
_BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
#: What an address may say: a column, or with a minus before it the other way round.
SORTS = frozenset(f"{sign}{key}" for key in _BY_KEY for sign in ("", "-"))


@dataclass(frozen=True)
class Heading:
    """A column as the head of a table shows it: sorted or not, and where a press on it leads."""

    column: Column
    sort: str
    address: Callable[[str], str] | None = None

    @property
    def key(self) -> str:
        return self.column.key

    @cached_property
    def label(self) -> str:
        """In the reader's language. Looked up once: it stands in each cell of a narrow screen."""
        return str(self.column.label)

    @property
    def fold(self) -> str:
        return self.column.fold

    @property
    def url(self) -> str:
        if self.address is None:
            return ""
        return self.address(f"-{self.key}" if self.sort == self.key else self.key)

    @property
    def is_sorted(self) -> str:
        """`ascending`, `descending`, or nothing."""
        if self.sort.removeprefix("-") != self.key:
            return ""
        return "descending" if self.column.falls != self.sort.startswith("-") else "ascending"


def column_of(sort: str) -> Column | None:
    return _BY_KEY.get(sort.removeprefix("-"))
