"""Which step, from when, and why."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import PlannedEnd
from stepwell.care.episodes.rules.admission import OUTPATIENT_LEVELS
from stepwell.care.progress import words
from stepwell.care.progress.actions import Step
from stepwell.care.progress.rules.levels import Wish
from stepwell.care.scheduling.models import Enrollment
from stepwell.ground.web.widgets import DateInput, TileChecks, Tiles

END = "end"


class StepForm(forms.Form):
    """The choices are the other levels that this program gives, and the end of care."""

    seen = forms.UUIDField(widget=forms.HiddenInput)
    level = forms.ChoiceField(
        label=gettext_lazy("Next level"),
        widget=Tiles,
        error_messages={"required": gettext_lazy("Choose the next level.")},
    )
    on = forms.DateField(
        label=gettext_lazy("From which day"),
        help_text=gettext_lazy("For the end of care: its last day."),
        widget=DateInput,
        error_messages={
            "required": gettext_lazy("Say from which day."),
            "invalid": gettext_lazy("Write the date as month/day/year."),
        },
    )
    because = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("What has changed, in a sentence or two. It goes into the record."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why, in a sentence.")},
    )
    places = forms.MultipleChoiceField(
        label=gettext_lazy("Places in groups that end on that day"),
        help_text=gettext_lazy("What is not marked stays. When care ends, every place ends."),
        required=False,
        widget=TileChecks,
    )

    def __init__(
        self,
        *args: Any,
        level: LevelOfCare,
        places: Iterable[Enrollment],
        may_end_places: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        given_here = [each for each in LevelOfCare if each in OUTPATIENT_LEVELS]
        choices = [(each.value, words.level_with_hours(each)) for each in given_here]
        choices.append((END, _("End care here")))
        self.fields["level"].choices = choices  # type: ignore[attr-defined]
        # The present level is not offered; posted all the same, by a second click, it gets its own answer.
        self.fields["level"].widget.choices = [each for each in choices if each[0] != level]  # type: ignore[attr-defined]
        self.fields["places"].choices = [(str(each.pk), in_words(each)) for each in places]  # type: ignore[attr-defined]
        if not may_end_places or not self.fields["places"].choices:  # type: ignore[attr-defined]
            del self.fields["places"]

    @property
    def step(self) -> Step:
        """What was decided. Ask ``is_valid`` first."""
        given = self.cleaned_data
        to = None if given["level"] == END else LevelOfCare(given["level"])
        return Step(
            wish=Wish(to=to, on=given["on"], because=given["because"].strip()),
            places_to_end=frozenset(map(UUID, given.get("places") or ())) if to else frozenset(),
            seen=given["seen"],
        )


class PlannedEndForm(forms.Form):
    """The day; and, where one was planned before, why it changes."""

    on = forms.DateField(
        label=gettext_lazy("Planned end"),
        required=False,
        widget=DateInput,
        error_messages={"invalid": gettext_lazy("Write the date as month/day/year.")},
    )
    because = forms.CharField(
        label=gettext_lazy("Why it changes"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say why it changes, in a sentence.")},
    )

    def __init__(self, data: Any = None, *, planned: PlannedEnd | None) -> None:
        super().__init__(data, initial={"on": planned.on if planned else None})
        if planned is None:
            del self.fields["because"]
            self.fields["on"].required = True
            self.fields["on"].error_messages["required"] = _("Choose a day.")
        else:
            self.fields["on"].help_text = _("Leave it empty where no day is planned any more.")


def in_words(place: Enrollment) -> str:
    """Skills group, Monday 9:00 AM."""
    starts = f"{place.series.starts:%I:%M %p}".lstrip("0")
    return f"{place.series.name}, {place.series.get_weekday_display()} {starts}"
