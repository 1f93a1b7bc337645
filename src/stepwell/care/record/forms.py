"""A substance use disorder: one line for each criterion, nothing marked until somebody marks it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.record import words
from stepwell.care.record.actions import UseDisorder
from stepwell.care.record.rules.use_disorder import Criterion, Substance
from stepwell.ground.web.widgets import DateInput, Segments

ANSWERS = (("", _("Not asked")), ("yes", _("Met")), ("no", _("Not met")))


class UseDisorderForm(forms.Form):
    substance = forms.ChoiceField(
        label=_("Which one"),
        choices=[("", _("Choose")), *((each.value, name) for each, name in words.DISORDERS.items())],
        error_messages={"required": _("Choose the substance.")},
    )
    only_as_prescribed = forms.BooleanField(
        label=_("Taken only as prescribed and supervised: tolerance and withdrawal do not count"),
        required=False,
    )
    free_since = forms.DateField(
        label=_("No criterion met since"),
        help_text=_(
            "Aside from craving, and from what a maintenance medicine itself brings. "
            "Leave it empty while one is met, or when nobody knows."
        ),
        required=False,
        widget=DateInput,
        error_messages={"invalid": _("Write the date as month/day/year.")},
    )
    in_controlled_environment = forms.BooleanField(
        label=_("In remission where it cannot be had, such as a locked unit or a jail"),
        required=False,
    )
    on_maintenance_therapy = forms.BooleanField(
        label=_("On maintenance therapy, such as buprenorphine, methadone, naltrexone or a nicotine patch"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion, name in words.CRITERIA.items():
            self.fields[criterion.value] = forms.ChoiceField(
                label=name, required=False, choices=ANSWERS, initial="", widget=Segments
            )

    @property
    def criteria(self) -> Iterator[forms.BoundField]:
        for criterion in Criterion:
            yield self[criterion.value]

    @property
    def since_then(self) -> Iterator[forms.BoundField]:
        for name in ("free_since", "in_controlled_environment", "on_maintenance_therapy"):
            yield self[name]

    @property
    def finding(self) -> UseDisorder:
        """What was written. Ask ``is_valid`` first."""
        given = self.cleaned_data
        return UseDisorder(
            Substance(given["substance"]),
            {each: given[each.value] == "yes" for each in Criterion if given.get(each.value)},
            only_as_prescribed=given["only_as_prescribed"],
            free_since=given["free_since"],
            in_controlled_environment=given["in_controlled_environment"],
            on_maintenance_therapy=given["on_maintenance_therapy"],
        )
