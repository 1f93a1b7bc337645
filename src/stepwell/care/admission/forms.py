"""What is asked about an offer of naloxone."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.admission.models import OUTCOMES
from stepwell.care.admission.rules.naloxone import Outcome
from stepwell.ground.web.widgets import DateInput, Tiles


class NaloxoneForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[(one.value, said) for one, said in OUTCOMES.items()],
        widget=Tiles,
        error_messages={"required": _("Choose what came of it.")},
    )
    on = forms.DateField(
        label=_("On which day"),
        widget=DateInput,
        error_messages={"required": _("Write the day."), "invalid": _("Write a day.")},
    )
    expires_on = forms.DateField(
        label=_("Expires on"),
        help_text=_("As printed on the box, for one in their hands."),
        required=False,
        widget=DateInput,
        error_messages={"invalid": _("Write a day.")},
    )
    because = forms.CharField(
        label=_("Why"),
        help_text=_("Needed when it was not offered. Nobody has to explain a no."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_outcome(self) -> Outcome:
        return Outcome(self.cleaned_data["outcome"])
