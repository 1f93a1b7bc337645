"""Taking a referral on one page, booking the first visit, closing, admitting."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.episodes.models import Referral
from stepwell.care.intake.actions import Request, Tried
from stepwell.care.intake.models import ContactAttempt
from stepwell.care.measures.forms import LocalTimeField
from stepwell.care.scheduling.models import Modality
from stepwell.care.scheduling.openings import Day, Opening
from stepwell.ground.web.widgets import DateInput, Segments
from stepwell.trust.people.fields import BirthDateField, PhoneField
from stepwell.trust.people.finding import described
from stepwell.trust.people.models import Patient
from stepwell.trust.people.rules.likeness import Described


class ReferralForm(forms.Form):
    first_name = forms.CharField(
        label=_("First name"), max_length=100, error_messages={"required": _("Write a first name.")}
    )
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    chosen_name = forms.CharField(label=_("Name they like to be called"), max_length=100, required=False)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    born_on = BirthDateField()
    phone = PhoneField(label=_("Phone"))
    safe_to_text = forms.BooleanField(label=_("It is safe to text this number"), required=False)
    may_leave_message = forms.BooleanField(label=_("We may leave a message there"), required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Patient.Language.choices,
        initial=Patient.Language.ENGLISH,
        widget=Segments,
    )
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    source = forms.ChoiceField(
        label=_("Who asks"),
        choices=[("", _("Choose")), *Referral.Source.choices],
        error_messages={"required": _("Say who asks.")},
    )
    asked_for = forms.CharField(
        label=_("What they ask for, in their words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    PERSON = (
        "first_name",
        "last_name",
        "chosen_name",
        "pronouns",
        "born_on",
        "phone",
        "safe_to_text",
        "may_leave_message",
        "language",
        "needs_interpreter",
    )

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["born_on"].today = today  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (
            not self.errors
            and not given.get("phone")
            and (given.get("safe_to_text") or given.get("may_leave_message"))
        ):
            self.add_error("phone", _("Write the number that is safe, or untick the boxes below it."))
        return given

    @property
    def person(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.PERSON}

    @property
    def request(self) -> Request:
        return Request(self.cleaned_data["source"], self.cleaned_data["asked_for"])

    @property
    def described(self) -> Described:
        return described(Patient(**self.person))


class IntakeForm(forms.Form):
    modality = forms.ChoiceField(
        label=_("How"),
        choices=[(Modality.IN_PERSON.value, _("In person")), (Modality.VIDEO.value, _("By video"))],
        initial=Modality.IN_PERSON.value,
        widget=Segments,
    )
    time = forms.CharField(widget=forms.HiddenInput, error_messages={"required": _("Choose a time.")})

    def __init__(self, *args: Any, days: list[Day], **more: Any) -> None:
        super().__init__(*args, **more)
        self._offered = {one.value: one for day in days for one in day.openings}

    def clean_time(self) -> Opening:
        """Only a time that was offered, with the clinician it was offered with."""
        chosen = self._offered.get(self.cleaned_data["time"])
        if chosen is None:
            raise forms.ValidationError(_("That time is not open any more. Choose another time."))
        return chosen


class AttemptForm(forms.Form):
    how = forms.ChoiceField(
        label=_("How"),
        choices=ContactAttempt.How.choices,
        initial=ContactAttempt.How.CALL,
        widget=Segments,
    )
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=ContactAttempt.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what came of it.")},
    )
    next_on = forms.DateField(
        label=_("Next contact on"),
        widget=DateInput,
        error_messages={
            "required": _("Choose the day of the next contact."),
            "invalid": _("Choose the day of the next contact."),
        },
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For example with whom a message was left."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, zone: str, now: datetime, tomorrow: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["next_on"].initial = tomorrow
        self.fields["tried_at"] = LocalTimeField(
            zone,
            label=_("When"),
            initial=now,
            error_messages={"required": _("Write when it was."), "invalid": _("Write when it was.")},
        )
        self.order_fields(["how", "outcome", "tried_at", "next_on", "note"])

    @property
    def tried(self) -> Tried:
        given = self.cleaned_data
        return Tried(given["tried_at"], given["how"], given["outcome"], given["next_on"], given["note"])


class ReasonForm(forms.Form):
    because = forms.CharField(label=_("Why"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, label: str, missing: str, hint: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["because"].label = label
        self.fields["because"].help_text = hint
        self.fields["because"].error_messages["required"] = missing


class AdmissionForm(ReasonForm):
    planned_end_on = forms.DateField(
        label=_("Planned end"),
        help_text=_(
            "A guess that both share, often 12 weeks away. It can be changed, and nothing ends by itself that day."
        ),
        required=False,
        widget=DateInput,
        error_messages={"invalid": _("Write the date as month/day/year.")},
    )
