"""A scan to be added: what it is, and one file, chosen or just photographed."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from stepwell.ground.files import checks, uploads
from stepwell.trust.people.documents import Document

PICTURES = "image/jpeg,image/png,image/webp"


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[("", _("Choose")), *Document.Kind.choices],
        error_messages={"required": _("Choose what it is."), "invalid_choice": _("Choose what it is.")},
    )
    file = forms.FileField(
        label=_("A file"),
        help_text=_("A photo (JPEG or PNG) or a PDF."),
        error_messages={"required": _("Choose a file, or take a photo.")},
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput(attrs={"accept": f"{PICTURES},application/pdf"}),
    )
    photo = forms.FileField(
        label=_("Or take a photo"),
        required=False,
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "environment"}),
    )

    def __init__(self, data: Any, files: Any, *, too_large: bool) -> None:
        super().__init__(data, files)
        self.was_too_large = too_large
        # One of the two is needed; the first says so.
        self.fields["file"].required = not (too_large or (files and files.get("photo") is not None))

    @property
    def given(self) -> UploadedFile:
        found: UploadedFile = self.cleaned_data.get("file") or self.cleaned_data["photo"]
        return found

    @property
    def data_given(self) -> bytes:
        return self.given.read()

    @property
    def name_given(self) -> str:
        return self.given.name or ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.was_too_large:
            self.add_error("file", checks.too_large(uploads.largest()))
        return given
