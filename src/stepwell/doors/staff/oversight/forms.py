"""Narrowing the event log, and saying what came of a finding."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.ground.web.widgets import DateInput
from stepwell.trust.audit.models import FindingReview
from stepwell.trust.audit.words import ACTS


class PeriodForm(forms.Form):
    """From which day to which. Asked by GET."""

    from_day = forms.DateField(label=_("From"), required=False, widget=DateInput)
    to_day = forms.DateField(label=_("To"), required=False, widget=DateInput)

    def add_prefix(self, field_name: str) -> str:
        """The address says `from` and `to`, which Python keeps for itself."""
        return field_name.removesuffix("_day")


class LogForm(PeriodForm):
    who = forms.CharField(label=_("Who did it"), required=False, max_length=100)
    whose = forms.CharField(
        label=_("Whose record"), required=False, max_length=100, help_text=_("A name or a record number")
    )
    did = forms.ChoiceField(label=_("What was done"), required=False)
    field_order = ("who", "whose", "did", "from_day", "to_day")

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        field = self.fields["did"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Anything")), *((did.value, words) for did, words in ACTS.items())]


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (FindingReview.Outcome.ASKED, _("I asked. The answer is still to come.")),
            (FindingReview.Outcome.EXPECTED, _("It was part of their work.")),
            (FindingReview.Outcome.MISTAKE, _("It was a mistake, and we talked it over.")),
            (FindingReview.Outcome.NOT_ALLOWED, _("It was not allowed. I say below what we do.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    words = forms.CharField(
        label=_("In a few sentences"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("Whom you asked, what they said, what you do. Nothing about anybody's health."),
        error_messages={"required": _("Say what was asked, or what came of it.")},
    )
