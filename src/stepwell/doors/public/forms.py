"""The one form of a booking: who comes, and how they can be reached safely."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.intake.visitors import Held, Person
from stepwell.care.scheduling.models import Modality
from stepwell.ground.web.widgets import Segments
from stepwell.trust.people.fields import PhoneField


class DetailsForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("The name you want us to use. A first name is enough."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write a name for us to use.")},
    )
    phone = PhoneField(
        label=_("Phone"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    safe_to_text = forms.BooleanField(label=_("It is safe to text me at this number"), required=False)
    may_leave_message = forms.BooleanField(label=_("You may leave a voice message there"), required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
        error_messages={"invalid": _("Write the whole address, such as name@example.org.")},
    )
    safe_to_email = forms.BooleanField(label=_("It is safe to e-mail me at this address"), required=False)
    modality = forms.ChoiceField(
        label=_("How do you want to meet?"),
        choices=[(Modality.IN_PERSON.value, _("At the center")), (Modality.VIDEO.value, _("By video"))],
        initial=Modality.IN_PERSON.value,
        required=False,
        widget=Segments,
    )
    reason = forms.CharField(
        label=_("What do you want help with?"),
        help_text=_("A few words, or nothing. Only the people who will see you read it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    needs_interpreter = forms.BooleanField(label=_("I need an interpreter. It is free"), required=False)
    send_answers = forms.BooleanField(label=_("Send my answers with my booking"), required=False)
    #: Nobody sees this field. Whoever fills it in is a program.
    more = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    def __init__(self, *args: Any, held: Held, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        for name in ("phone", "email", "modality"):
            # One of the first two is needed, and the third is chosen already: none of them is called optional.
            self.fields[name].wanted = True  # type: ignore[attr-defined]

    @property
    def asks_how(self) -> bool:
        return self.held.in_person and self.held.by_video

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("more"):
            raise forms.ValidationError(
                _("We could not tell that you are a person. Please call, or load the page again.")
            )
        if not self.errors and not given.get("phone") and not given.get("email"):
            self.add_error("phone", _("Write a phone number or an e-mail address, so that we can reach you."))
        if not given.get("phone") and "phone" not in self.errors:
            for name in ("safe_to_text", "may_leave_message"):
                if given.get(name):
                    self.add_error("phone", _("Write the number that is safe, or untick the boxes below it."))
                    break
        if given.get("safe_to_email") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("Write the address that is safe, or untick the box below it."))
        return given

    def person(self, language: str) -> Person:
        given = self.cleaned_data
        chosen = given["modality"] or Modality.IN_PERSON
        if not self.asks_how:
            chosen = Modality.IN_PERSON if self.held.in_person else Modality.VIDEO
        return Person(
            name=given["name"],
            phone=given["phone"],
            email=given["email"],
            safe_to_text=given["safe_to_text"],
            safe_to_email=given["safe_to_email"],
            may_leave_message=given["may_leave_message"],
            language=language,
            needs_interpreter=given["needs_interpreter"],
            reason=given["reason"].strip(),
            modality=Modality(chosen),
        )
