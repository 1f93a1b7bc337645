"""Recording a drug test: one line for each substance, nothing marked until somebody marks it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.medication import words
from stepwell.care.medication.actions import Sample
from stepwell.care.medication.models import DrugTest
from stepwell.care.medication.vocabulary import Result, Substance
from stepwell.ground.web.widgets import DateInput, Segments, TimeInput

NOT_TESTED = ""


class DrugTestForm(forms.Form):
    specimen = forms.ChoiceField(
        label=_("Specimen"),
        choices=DrugTest.Specimen.choices,
        widget=Segments,
        error_messages={"required": _("Choose the specimen.")},
    )
    date = forms.DateField(
        label=_("Date taken"),
        widget=DateInput,
        error_messages={
            "required": _("Say on which date it was taken."),
            "invalid": _("Write the date as month/day/year."),
        },
    )
    time = forms.TimeField(
        label=_("Time taken"),
        widget=TimeInput,
        error_messages={
            "required": _("Say at what time it was taken."),
            "invalid": _("Write the time, such as 9:05 AM."),
        },
        input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p"],
    )
    why = forms.ChoiceField(
        label=_("Why"),
        choices=DrugTest.Why.choices,
        widget=Segments,
        error_messages={"required": _("Say why the test was taken.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the person said about it, in their words. They can read this."),
    )

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time_zone = ZoneInfo(time_zone)
        for substance, name in words.SUBSTANCES.items():
            self.fields[substance.value] = forms.ChoiceField(
                label=name,
                required=False,
                choices=[
                    (NOT_TESTED, _("Not tested")),
                    (Result.NEGATIVE.value, words.RESULTS[Result.NEGATIVE]),
                    (Result.POSITIVE.value, words.RESULTS[Result.POSITIVE]),
                    (Result.INVALID.value, _("No reading")),
                ],
                initial=NOT_TESTED,
                widget=Segments,
            )

    @property
    def substances(self) -> Iterator[forms.BoundField]:
        """One line for each substance."""
        for substance in Substance:
            yield self[substance.value]

    @property
    def about_the_sample(self) -> Iterator[forms.BoundField]:
        for name in ("specimen", "date", "time", "why"):
            yield self[name]

    def mark_the_rest_negative(self) -> "DrugTestForm":
        """The same form with every line that is not marked yet marked negative. Nothing is saved."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        for substance in Substance:
            typed[substance.value] = typed[substance.value] or Result.NEGATIVE.value
        return DrugTestForm(initial=typed, time_zone=self.time_zone.key)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(substance.value) for substance in Substance):
            raise forms.ValidationError(_("Mark at least one result."), code="no_result")
        return given

    @property
    def sample(self) -> Sample:
        """What was written. Ask ``is_valid`` first."""
        given = self.cleaned_data
        return Sample(
            collected_at=datetime.combine(given["date"], given["time"], self.time_zone),
            specimen=DrugTest.Specimen(given["specimen"]),
            why=DrugTest.Why(given["why"]),
            results={
                substance: Result(given[substance.value])
                for substance in Substance
                if given.get(substance.value)
            },
            note=given["note"],
        )
