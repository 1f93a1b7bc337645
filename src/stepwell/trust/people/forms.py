"""What is typed about people: their particulars, those close to them, corrections, emergencies, merges."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit.places import US_ZONES
from stepwell.ground.web.widgets import DateInput, Segments, Tiles, TimeInput
from stepwell.trust.people.fields import BirthDateField, PhoneField
from stepwell.trust.people.models import EmergencyAccess, Patient, RelatedPerson


class SignInOfPatientForm(forms.Form):
    email = forms.EmailField(
        label=_("Their email"),
        help_text=_("One that only they read. A code goes there before anything opens."),
        error_messages={"required": _("Write the email they will sign in with.")},
    )


class EndingOfSignInForm(forms.Form):
    because = forms.CharField(
        label=_("Why does it end?"),
        help_text=_("And how you know that this is what they want, or need."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        error_messages={"required": _("Say why this sign-in ends.")},
    )


class CorrectionForm(forms.Form):
    because = forms.CharField(
        label=_("Why was this entered in error?"),
        help_text=_("The record stays, struck out, with your name and this reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Say why this was entered in error.")},
    )


class EmergencyForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is the emergency?"),
        choices=EmergencyAccess.Reason.choices,
        widget=Tiles,
        error_messages={"required": _("Choose what the emergency is.")},
    )
    words = forms.CharField(
        label=_("What is happening, in your own words"),
        help_text=_("Whoever looks this over reads it: who called, what you need to know, and why now."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Say in your own words what is happening.")},
    )


class FindingForm(forms.Form):
    finding = forms.ChoiceField(
        label=_("What did you find?"),
        choices=EmergencyAccess.Finding.choices,
        widget=Tiles,
        error_messages={"required": _("Choose what you found.")},
    )
    words = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Say what you found.")},
    )


class _Versioned(forms.Form):
    """A form that knows which version of a record it was filled from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, initial=0)

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ParticularsForm(_Versioned):
    first_name = forms.CharField(
        label=_("Legal first name"),
        help_text=_("Their only name, if they have one."),
        max_length=100,
        error_messages={"required": _("Write a first name.")},
    )
    middle_name = forms.CharField(label=_("Legal middle name"), max_length=100, required=False)
    last_name = forms.CharField(label=_("Legal last name"), max_length=100, required=False)
    chosen_name = forms.CharField(
        label=_("Name they like to be called"),
        help_text=_("Every screen uses it. The legal name stands only where the law or a payer needs it."),
        max_length=100,
        required=False,
    )
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    born_on = BirthDateField()
    language = forms.ChoiceField(
        label=_("Language of our screens and messages"), choices=Patient.Language.choices, widget=Segments
    )
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    interpreter_language = forms.CharField(
        label=_("Interpreter for"),
        help_text=_("Such as Somali, or American Sign Language."),
        max_length=60,
        required=False,
    )
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    state = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("State"),
        max_length=2,
        required=False,
        error_messages={"invalid": _("Write the state in two letters, such as OH.")},
    )
    postal_code = forms.RegexField(
        r"^\d{5}(-\d{4})?$",
        label=_("ZIP code"),
        max_length=10,
        required=False,
        error_messages={"invalid": _("Write five digits, such as 45402.")},
    )
    phone = PhoneField(label=_("Phone"))
    safe_to_text = forms.BooleanField(label=_("It is safe to text this number"), required=False)
    may_leave_message = forms.BooleanField(label=_("We may leave a message there"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    safe_to_email = forms.BooleanField(label=_("It is safe to write to this address"), required=False)
    preferred_channel = forms.ChoiceField(
        label=_("They like best"),
        choices=[("", _("Not said")), *Patient.Channel.choices],
        required=False,
        widget=Segments,
    )
    call_from = forms.TimeField(label=_("Call from"), required=False, widget=TimeInput)
    call_until = forms.TimeField(label=_("Call until"), required=False, widget=TimeInput)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[("", _("Same as the center")), *US_ZONES],
        required=False,
    )

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["born_on"].today = today  # type: ignore[attr-defined]

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("phone") and "phone" not in self.errors:
            if given.get("safe_to_text") or given.get("may_leave_message"):
                self.add_error("phone", _("Write the number that is safe, or untick the boxes below it."))
            elif given.get("preferred_channel") in (Patient.Channel.CALL, Patient.Channel.TEXT):
                self.add_error("preferred_channel", _("There is no phone number to use for that."))
        if not given.get("email") and "email" not in self.errors:
            if given.get("safe_to_email"):
                self.add_error("email", _("Write the address that is safe, or untick the box below it."))
            elif given.get("preferred_channel") == Patient.Channel.EMAIL:
                self.add_error("preferred_channel", _("There is no e-mail address to use for that."))
        if given.get("preferred_channel") == Patient.Channel.TEXT and not given.get("safe_to_text"):
            self.add_error("preferred_channel", _("Text only where it is safe to text."))
        if given.get("preferred_channel") == Patient.Channel.EMAIL and not given.get("safe_to_email"):
            self.add_error("preferred_channel", _("Write e-mails only where it is safe to."))
        if given.get("interpreter_language") and not given.get("needs_interpreter"):
            self.add_error("needs_interpreter", _("Tick this, or leave out the language beside it."))
        begins, ends = given.get("call_from"), given.get("call_until")
        if (begins is None) != (ends is None) and not {"call_from", "call_until"} & set(self.errors):
            self.add_error("call_until" if ends is None else "call_from", _("Write both hours, or neither."))
        elif begins and ends and ends <= begins:
            self.add_error("call_until", _("The later hour comes second."))
        return given


class RelatedPersonForm(_Versioned):
    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages={"required": _("Write their name.")}
    )
    relation = forms.ChoiceField(
        label=_("Who they are to the patient"),
        choices=[("", _("Choose")), *RelatedPerson.Relation.choices],
        error_messages={"required": _("Choose who they are.")},
    )
    phone = PhoneField(label=_("Phone"))
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_emergency_contact = forms.BooleanField(label=_("Emergency contact"), required=False)
    knows_of_care = forms.BooleanField(
        label=_("The patient says that this person knows they are in care"),
        help_text=_("This is not a permission. To tell them anything takes a written consent."),
        required=False,
    )
    authority = forms.CharField(
        label=_("May decide for the patient, because of"),
        help_text=_(
            "Such as a guardianship of the probate court, with its number. Leave empty if they may not."
        ),
        max_length=200,
        required=False,
    )
    authority_from = forms.DateField(label=_("From"), required=False, widget=DateInput)
    authority_until = forms.DateField(label=_("Until"), required=False, widget=DateInput)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        begins, ends = given.get("authority_from"), given.get("authority_until")
        if given.get("authority") and begins is None and "authority_from" not in self.errors:
            self.add_error("authority_from", _("Write the day from which they may decide."))
        if (begins or ends) and not given.get("authority"):
            self.add_error("authority", _("Write what it rests on, or leave out the days."))
        if begins and ends and ends < begins:
            self.add_error("authority_until", _("It cannot end before it begins."))
        if given.get("is_emergency_contact") and not given.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Write a number to call in an emergency."))
        return given


class MergeForm(forms.Form):
    survivor = forms.ChoiceField(
        label=_("Which record stays?"),
        widget=Tiles,
        error_messages={"required": _("Choose which record stays.")},
    )
    because = forms.CharField(
        label=_("How do you know that this is one person?"),
        help_text=_("For example: asked them, and both papers show the same date of birth."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        error_messages={"required": _("Say how you know that this is one person.")},
    )

    def __init__(self, *args: Any, records: list[Patient], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["survivor"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), _("%(name)s, record %(number)s") % {"name": one.name, "number": one.record_number})
            for one in records
        ]


class TakeApartForm(forms.Form):
    because = forms.CharField(
        label=_("How do you know that these are two people?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        error_messages={"required": _("Say how you know that these are two people.")},
    )


class TeamForm(forms.Form):
    practitioner = forms.ChoiceField(label=_("Who"), error_messages={"required": _("Choose who joins.")})
    role = forms.ChoiceField(label=_("In which part"), error_messages={"required": _("Choose the part.")})
    because = forms.CharField(
        label=_("Why"),
        help_text=_("For example: covers for Dana until Friday."),
        max_length=300,
        error_messages={"required": _("Say why they join.")},
    )

    def __init__(
        self, *args: Any, who: list[tuple[str, str]], roles: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["practitioner"].choices = [("", _("Choose")), *who]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("Choose")), *roles]  # type: ignore[attr-defined]


class LeavingForm(forms.Form):
    because = forms.CharField(
        label=_("Why do they leave the care team?"),
        max_length=300,
        error_messages={"required": _("Say why they leave.")},
    )
