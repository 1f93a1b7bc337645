"""Striking out what should not have been written."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInOfPatientForm(forms.Form):
    email = forms.EmailField(
        label=_("Their email"),
        help_text=_("One that only they read. They sign in with it."),
        error_messages={"required": _("Write the email they will sign in with.")},
    )


class CorrectionForm(forms.Form):
    because = forms.CharField(
        label=_("Why was this entered in error?"),
        help_text=_("The record stays, struck out, with your name and this reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Say why this was entered in error.")},
    )
