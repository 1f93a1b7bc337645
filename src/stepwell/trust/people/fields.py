"""Form fields for what is known of a person."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit import phones
from stepwell.ground.web.widgets import DateInput

OLDEST = 120


class PhoneField(forms.CharField):
    """A phone number, typed in any way; of the United States unless it begins with a +. Kept as E.164."""

    default_error_messages: ClassVar = {
        "invalid": _("Write the phone number with its area code, such as 937-555-0123.")
    }
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"max_length": 40, "required": False} | more)

    def prepare_value(self, value: Any) -> Any:
        """As people here write it; what was typed stays as it was typed."""
        return phones.as_printed(value) if str(value or "").startswith("+") else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(phones.as_printed(initial or ""), phones.as_printed(data or ""))

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        number = phones.read(typed)
        if number is None or number.extension:
            raise forms.ValidationError(self.error_messages["invalid"])
        return phones.e164(number)


class BirthDateField(forms.DateField):
    """A date of birth that a living person can have. ``today`` is given by the form."""

    today: date

    def __init__(self, **more: Any) -> None:
        given: dict[str, Any] = {
            "label": _("Date of birth"),
            "required": False,
            "widget": DateInput,
            "error_messages": {"invalid": _("Write the date as month/day/year.")},
        }
        super().__init__(**given | more)

    def clean(self, value: Any) -> date | None:
        born: date | None = super().clean(value)
        if born and (born > self.today or self.today.year - born.year > OLDEST):
            raise forms.ValidationError(_("Check the year: that date of birth cannot be right."))
        return born
