"""A center, its hours, closed days and rooms, and its public entry."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit.places import STATES, US_ZONES, other_zones
from stepwell.ground.web.widgets import DateInput, TileChecks, TimeInput
from stepwell.trust.organizations.models import Center, Weekday
from stepwell.trust.organizations.services import PLANS, SERVICES
from stepwell.trust.people.fields import PhoneField
from stepwell.trust.setup.rules.hours import Open, overlapping
from stepwell.trust.setup.rules.languages import LANGUAGES

FURTHEST = 3 * 366


class CenterForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As people know it. It may stand on the public page."),
        max_length=200,
        error_messages={"required": _("Give the center a name.")},
    )
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Choose")), *((code, code) for code in STATES)], required=False
    )
    postal_code = forms.CharField(
        label=_("ZIP code"),
        max_length=10,
        required=False,
        validators=[
            RegexValidator(
                r"^\d{5}(-\d{4})?$", _("Write a ZIP code of five digits, such as 45402, or of nine.")
            )
        ],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = PhoneField(
        label=_("Phone"),
        error_messages={"invalid": _("Write a phone number with its area code, such as 937-555-0100.")},
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The clock on the wall there."),
        error_messages={
            "required": _("Choose a time zone."),
            "invalid_choice": _("Choose a time zone from the list."),
        },
    )
    zone_understood = forms.BooleanField(
        label=_("I have read this. Change the time zone"), required=False, widget=forms.CheckboxInput
    )

    def __init__(self, *args: Any, center: Center | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.center = center
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            (_now("United States"), [(zone, f"{words} ({zone})") for zone, words in US_ZONES]),
            (_now("Elsewhere"), [(zone, zone) for zone in other_zones()]),
        ]

    @property
    def changes_zone(self) -> bool:
        given = self.data.get("time_zone") if self.is_bound else ""
        return bool(self.center and given and given != self.center.time_zone)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        understood = given.pop("zone_understood", False)
        if self.changes_zone and "time_zone" in given and not understood:
            self.add_error(
                "zone_understood", _("Say that the time zone is to change, or put the old one back.")
            )
        return given


class HoursForm(forms.Form):
    """A week: each day with its stretches, and room for one more."""

    STRETCHES = 2

    def __init__(self, *args: Any, week: Iterable[Open], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_day: dict[int, list[Open]] = {day: [] for day in range(7)}
        for one in sorted(week):
            by_day[one.weekday].append(one)
        self.stretches = max(self.STRETCHES, *(len(each) + (len(each) > 1) for each in by_day.values()))
        for day, open_then in by_day.items():
            for number in range(self.stretches):
                known = open_then[number] if number < len(open_then) else None
                for end in ("opens", "closes"):
                    self.fields[f"{end}_{day}_{number}"] = forms.TimeField(
                        label=self._label(day, number, end),
                        required=False,
                        initial=getattr(known, end, None),
                        widget=TimeInput,
                        input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"],
                        error_messages={"invalid": _("Write the time, such as 8:30 AM.")},
                    )

    @staticmethod
    def _label(day: int, number: int, end: str) -> str:
        words = _now("%(day)s opens") if end == "opens" else _now("%(day)s closes")
        if number:
            words = _now("%(day)s opens again") if end == "opens" else _now("%(day)s closes again")
        return words % {"day": Weekday(day).label}

    @property
    def days(self) -> list[tuple[str, list[tuple[Any, Any]]]]:
        return [
            (
                str(Weekday(day).label),
                [(self[f"opens_{day}_{n}"], self[f"closes_{day}_{n}"]) for n in range(self.stretches)],
            )
            for day in range(7)
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.week: list[Open] = []
        for day in range(7):
            for number in range(self.stretches):
                first, last = f"opens_{day}_{number}", f"closes_{day}_{number}"
                if first in self.errors or last in self.errors:
                    continue
                opens, closes = given.get(first), given.get(last)
                if opens is None and closes is None:
                    continue
                if opens is None or closes is None:
                    self.add_error(
                        first if opens is None else last, _("Write both times, or leave both empty.")
                    )
                elif closes <= opens:
                    self.add_error(last, _("Let it close after it opens."))
                else:
                    self.week.append(Open(day, opens, closes))
        if clash := overlapping(self.week):
            for number in range(self.stretches):
                if given.get(f"opens_{clash[1].weekday}_{number}") == clash[1].opens:
                    name = f"opens_{clash[1].weekday}_{number}"
            self.add_error(name, _("This overlaps the other stretch of that day."))
        return given

    def like_monday(self) -> dict[str, str]:
        """What was typed, with Monday's times on Tuesday to Friday as well."""
        typed = self.data.dict() if hasattr(self.data, "dict") else dict(self.data)
        for day in range(1, 5):
            for number in range(self.stretches):
                for end in ("opens", "closes"):
                    typed[f"{end}_{day}_{number}"] = typed.get(f"{end}_0_{number}", "")
        return typed


class ClosedDayForm(forms.Form):
    on = forms.DateField(
        label=_("Day"),
        widget=DateInput,
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("Write the day as month/day/year."),
        },
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("People read it beside the day, such as Staff training."),
        max_length=100,
        error_messages={"required": _("Say why the center is closed.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        if (on - self.today).days > FURTHEST:
            raise forms.ValidationError(_("Choose a day within three years."))
        return on


class RoomForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As it stands on the door, such as Room 2."),
        max_length=100,
        error_messages={"required": _("Give the room a name.")},
    )
    seats = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=500,
        error_messages={
            "required": _("Say how many seats it has."),
            "invalid": _("Write a number from 1 to 500."),
            "min_value": _("Write a number from 1 to 500."),
            "max_value": _("Write a number from 1 to 500."),
        },
    )
    is_virtual = forms.BooleanField(label=_("It is a room for video, not a place"), required=False)


class EntryForm(forms.Form):
    hours_text = forms.CharField(
        label=_("Hours, in English"),
        max_length=200,
        required=False,
        help_text=_(
            "Made from the hours of the center. Change it where the public should read something else."
        ),
    )
    hours_text_es = forms.CharField(label=_("Hours, in Spanish"), max_length=200, required=False)
    services = forms.MultipleChoiceField(
        label=_("What this center offers"),
        choices=list(SERVICES.items()),
        widget=TileChecks,
        error_messages={"required": _("Choose at least one service.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken there"),
        choices=LANGUAGES,
        widget=TileChecks,
        error_messages={"required": _("Choose at least one language.")},
    )
    plans = forms.MultipleChoiceField(
        label=_("Who pays"),
        help_text=_("Readers look for a center that takes their plan."),
        choices=list(PLANS.items()),
        widget=TileChecks,
        required=False,
    )
    books_online = forms.BooleanField(
        label=_("People may book a first visit here themselves"),
        help_text=_(
            "The page then shows the open times of your counselors. They are brought up to date every few minutes,"
            " and a time that is taken is gone at once."
        ),
        required=False,
    )


class LineForm(HoursForm):
    """One phone line: its number, and when it is answered."""

    phone = PhoneField(label=_("Phone"))
    is_always = forms.BooleanField(
        label=_("It is answered day and night, every day"),
        required=False,
    )
    week: list[Open]
