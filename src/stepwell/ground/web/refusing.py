"""How a page passes a refusal on to its reader."""

from django import forms

from stepwell.ground.kit.refusals import Refused


def refuse(form: forms.BaseForm, refusal: Refused) -> None:
    """Beside the field it is about, where the form has it; else at the top."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.because)
