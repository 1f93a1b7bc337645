"""Striking out what should not have been written."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CorrectionForm(forms.Form):
    because = forms.CharField(
        label=_("Why was this entered in error?"),
        help_text=_("The record stays, struck out, with your name and this reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Say why this was entered in error.")},
    )
