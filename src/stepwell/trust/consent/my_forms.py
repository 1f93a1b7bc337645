"""What the patient types: an OK of their own, and a signature."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.ground.web.widgets import TileChecks, Tiles
from stepwell.trust.consent import words
from stepwell.trust.consent.actions import Terms
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, RecipientKind, Segment


def one_on_a_line(typed: str) -> tuple[str, ...]:
    """Each line that says something, its blanks made single."""
    return tuple(line for raw in typed.splitlines() if (line := " ".join(raw.split())))


class OwnConsentForm(forms.Form):
    """The patient gives an OK of their own."""

    DAYS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("One year")))

    name = forms.CharField(
        label=_("Whom may we tell?"),
        help_text=_("Their first and last name."),
        max_length=200,
        error_messages={"required": _("Write who may be told.")},
    )
    segments = forms.MultipleChoiceField(
        label=_("What may we tell them?"),
        widget=TileChecks,
        choices=(),
        error_messages={"required": _("Choose what we may tell them.")},
    )
    days = forms.ChoiceField(
        label=_("For how long?"),
        widget=Tiles,
        choices=DAYS,
        initial="90",
        error_messages={"required": _("Choose for how long.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        offered = [s for s in Segment if s is not Segment.COUNSELING_NOTES]
        self.fields["segments"].choices = [(s.value, words.segment(s)) for s in offered]  # type: ignore[attr-defined]

    def terms(self, today: date) -> Terms:
        given = self.cleaned_data
        return Terms(
            recipient_kind=RecipientKind.PERSON,
            recipients=one_on_a_line(given["name"]),
            segments=frozenset(map(Segment, given["segments"])),
            # "At the request of the patient" is enough when the patient begins it (2.31(a)(5)(i) [V]).
            purposes=frozenset({Purpose.AT_REQUEST, Purpose.SUPPORT}),
            expiry=Expiry.ON_DATE,
            expires_on=today + timedelta(days=int(given["days"])),
        )


class OwnSignatureForm(forms.Form):
    """The patient's own signature. ``read`` is the fingerprint of the text on the screen, ``spoken`` its language."""

    read = forms.CharField(max_length=64, widget=forms.HiddenInput)
    spoken = forms.ChoiceField(choices=[("en", "en"), ("es", "es")], widget=forms.HiddenInput)
    segments = forms.MultipleChoiceField(
        required=False, choices=[(s.value, s.value) for s in Segment], widget=forms.MultipleHiddenInput
    )
    name = forms.CharField(
        label=_("Write your name to sign"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name to sign.")},
    )

    @property
    def chosen(self) -> frozenset[Segment]:
        return frozenset(map(Segment, self.cleaned_data.get("segments", ())))
