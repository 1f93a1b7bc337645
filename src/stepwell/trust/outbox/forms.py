"""How we may reach this person: two switches and a language."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.ground.web.widgets import Segments
from stepwell.trust.people.models import Patient


class HowToReachForm(forms.Form):
    by_text = forms.BooleanField(
        label=_("Send me texts"), help_text=_("Only if nobody else looks at your phone."), required=False
    )
    by_email = forms.BooleanField(
        label=_("Send me e-mails"), help_text=_("Only if nobody else opens your e-mail."), required=False
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Patient.Language.choices,
        widget=Segments,
        error_messages={"required": _("Choose a language."), "invalid_choice": _("Choose a language.")},
    )

    def __init__(self, data: Any, *, patient: Patient) -> None:
        super().__init__(
            data,
            initial={
                "by_text": patient.safe_to_text,
                "by_email": patient.safe_to_email,
                "language": patient.language,
            },
        )
        if not patient.phone:
            del self.fields["by_text"]
        if not patient.email:
            del self.fields["by_email"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return {"by_text": False, "by_email": False, **given}
