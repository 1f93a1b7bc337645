"""What somebody chooses: the parts, from when on, and what for."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.ground.web.widgets import DateInput, Segments, TileChecks, Tiles
from stepwell.trust.consent import words as parts
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.printouts import words
from stepwell.trust.printouts.rules import USUAL, For, Period, first_day


class PrintoutForm(forms.Form):
    made_for = forms.ChoiceField(
        label=_("What for"),
        widget=Tiles,
        choices=[(each.value, label) for each, label in words.FOR.items()],
        error_messages={"required": _("Choose what it is for.")},
    )
    segments = forms.MultipleChoiceField(
        label=_("What goes on paper"),
        widget=TileChecks,
        help_text=_("Only what is needed. Private counseling notes are kept apart and go on no paper."),
        error_messages={"required": _("Choose what goes on paper.")},
    )
    period = forms.ChoiceField(
        label=_("How far back"),
        widget=Segments,
        choices=[(each.value, label) for each, label in words.PERIODS.items()],
        initial=Period.QUARTER.value,
        error_messages={"required": _("Choose how far back.")},
    )
    since = forms.DateField(
        required=False,
        label=_("Since which day"),
        widget=DateInput,
        error_messages={"invalid": _("Write the day as a date.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, may_be_printed: Sequence[Segment], today: date) -> None:
        usual = [each.value for each in may_be_printed if each in USUAL]
        super().__init__(data, initial={"key": uuid4(), "segments": usual})
        self.today = today
        choices = [(each.value, parts.SHORT[each]) for each in may_be_printed]
        self.fields["segments"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("period") == Period.SINCE and "since" not in self.errors and not given.get("since"):
            self.add_error("since", _("Write the day."))
        return given

    @property
    def asked(self) -> dict[str, Any]:
        """What the act takes."""
        given = self.cleaned_data
        period = Period(given["period"])
        return {
            "made_for": For(given["made_for"]),
            "segments": [Segment(each) for each in given["segments"]],
            "since": first_day(period, since=given.get("since"), today=self.today),
            "key": given["key"],
        }
