"""One question as a form, made from the question."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from stepwell.care.intake.check.rules import BY_ID, Asked
from stepwell.care.intake.check.words import QUESTIONS
from stepwell.ground.web.widgets import TileChecks, Tiles

CHOOSE = _("Choose an answer, or skip this question.")


class QuestionForm(forms.Form):
    def __init__(self, asked: Asked, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        question, words = BY_ID[asked], QUESTIONS[asked]
        kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
        self.fields["answer"] = kind(
            label=str(words.asks),
            help_text=format_html("{}<br>{} {}", words.hint, _("Why we ask:"), words.because),
            choices=[(option.id, words.choices[option.id].label) for option in question.options],
            widget=TileChecks if question.many else Tiles,
            error_messages={"required": CHOOSE, "invalid_choice": CHOOSE, "invalid_list": CHOOSE},
        )

    @property
    def chosen(self) -> list[str]:
        given = self.cleaned_data["answer"]
        return [given] if isinstance(given, str) else given
