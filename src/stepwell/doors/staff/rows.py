"""A person as a row of the caseload: what each column says, how it is sorted, and which columns there are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.medication.rules.doses import Due
from stepwell.doors.staff import words
from stepwell.doors.staff.people_now import PersonNow
from stepwell.doors.staff.today import by_need, craving_sentence
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
        else _("no plan yet"),
        ahead=_ahead(person),
        in_brief=_in_brief(person),
        hours_tone="warn" if hours and hours.short else "",
        attendance=person.attendance,
        trend=craving_sentence(person.craving),
        use="–" if person.use is None else str(person.use),
        risk="–" if person.risk is None else str(person.risk),
        change="" if not change else f"{change:+d}".replace("-", "−"),
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
    ahead = person.hours.unsigned + person.hours.planned
    return _("%(hours)s to come") % {"hours": words.hours(ahead)} if ahead else ""


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
    how = _("video") if contact.by_video else words.visit_name(contact.kind)
    return f"{words.day_name(contact.at.date(), today)}, {how}"


# Sorting, by address


def _last_known(value: float | None) -> tuple[bool, float]:
    """Those without a value come last, whichever way."""
    return value is None, -(value or 0)


Order = Callable[[PersonNow], object]

ORDERS: Mapping[str, Order] = {
    "name": lambda person: person.patient.name,
    "level": lambda person: (person.level or "", person.day),
    "day": lambda person: person.day,
    "hours": lambda person: -(person.hours.short if person.hours else 0),
    "missed": lambda person: -person.missed,
    "craving": lambda person: _last_known(next((c for c in reversed(person.craving) if c is not None), None)),
    "use": lambda person: _last_known(person.use),
    "risk": lambda person: _last_known(person.risk),
    "dose": lambda person: person.dose.due_on if person.dose else date.max,
    "contact": lambda person: person.last_contact.at.timestamp() if person.last_contact else 0,
    "counselor": lambda person: person.counselor,
}
BY_NEED = "need"

COLUMNS: tuple[tuple[str, object], ...] = (
    ("name", gettext_lazy("Person")),
    ("level", gettext_lazy("Level, day")),
    ("hours", gettext_lazy("Signed hours this week")),
    ("missed", gettext_lazy("Attendance, 2 wks")),
    ("craving", gettext_lazy("Craving, 14 days")),
    ("use", gettext_lazy("BAM use")),
    ("risk", gettext_lazy("BAM risk")),
    ("dose", gettext_lazy("Next dose")),
    ("contact", gettext_lazy("Last seen")),
    ("counselor", gettext_lazy("Counselor")),
)


#: Where there is less room, use and risk share a column, and the counselor is left out.
IN_BRIEF = tuple(
    ("bam", gettext_lazy("BAM use, risk")) if key == "risk" else (key, label)
    for key, label in COLUMNS
    if key not in ("use", "counselor")
)


def in_order(people: Iterable[PersonNow], sort: str) -> list[PersonNow]:
    """In that order; people alike in it by name. An order that is not known is that of need."""
    order = ORDERS.get(sort)
    if order is None:
        return by_need(people)
    by_name = sorted(people, key=lambda person: (person.patient.name, str(person.patient.pk)))
    return sorted(by_name, key=order)  # type: ignore[arg-type]
