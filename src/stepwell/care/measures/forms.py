"""Forms made from a definition: one question for a phone, a whole instrument for staff, the check-in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.timezone import make_naive
from django.utils.translation import gettext_lazy as _

from stepwell.care.measures import library
from stepwell.care.measures.actions import Unanswered
from stepwell.care.measures.models import CheckIn, Response
from stepwell.care.measures.rules import asking
from stepwell.care.measures.scoring import Definition, Item, ItemKind

SKIPPED = "-"


def written(value: Any) -> str:
    """An answer as it stands in a form."""
    if value is Unanswered.YET:
        return ""
    return SKIPPED if value is None else str(value)


def read(item: Item, text: str) -> Any:
    """An answer from a form. What is no answer of the item comes back as it was typed."""
    if text in ("", SKIPPED):
        return Unanswered.YET if text == "" else None
    if item.kind is ItemKind.INTEGER:
        return int(text) if text.lstrip("-").isdigit() else text
    return next((value for value in item.values if str(value) == text), text)


class QuestionForm(forms.Form):
    """One question on a phone. Skipping is a button of its own, beside Continue."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, item: Item, held: Any, data: Mapping[str, Any] | None = None) -> None:
        self.item = item
        initial = "" if held in (None, Unanswered.YET) else held
        super().__init__(data, initial={"answer": initial, "was": written(held)})
        self.fields["answer"] = self._field()

    def _field(self) -> forms.Field:
        say = _("Choose an answer, or choose “Skip this question”.")
        if self.item.kind is ItemKind.INTEGER:
            return forms.IntegerField(
                min_value=self.item.minimum,
                max_value=self.item.maximum,
                error_messages={"required": say},
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        choices = [
            (str(answer.value), answer.label) for answer in self.item.answers if answer.value is not None
        ]
        if self.item.kind is ItemKind.MULTI:
            return forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, error_messages={"required": say}
            )
        return forms.ChoiceField(
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": say, "invalid_choice": say},
        )

    def answer(self) -> Any:
        value = self.cleaned_data["answer"]
        return value if isinstance(value, list | int) else read(self.item, value)

    def was_shown(self) -> Any:
        return read(self.item, self.data.get("was", ""))


class LocalTimeField(forms.DateTimeField):
    """A time on the wall of the center."""

    def __init__(self, zone: str, **more: Any) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            **more,
        )

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        read_as = super().to_python(value)
        return None if read_as is None else make_naive(read_as).replace(tzinfo=self.zone)


class InstrumentForm(forms.Form):
    """A whole instrument on one page, as staff rate it, read it aloud, or copy it from paper."""

    def __init__(
        self,
        definition: Definition,
        *,
        zone: str,
        now: datetime,
        held: Mapping[str, Any] | None = None,
        version: int = 0,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.definition = definition
        held = held or {}
        initial: dict[str, Any] = {item: written(value) for item, value in held.items()}
        super().__init__(data, initial=initial | {"taken_at": now, "version": version})
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        if not definition.rated_by_clinician:
            self.fields["mode"] = forms.ChoiceField(
                label=_("How was it answered?"),
                choices=[
                    (Response.Mode.STAFF, _("Read aloud")),
                    (Response.Mode.PAPER, _("Copied from paper")),
                ],
                initial=Response.Mode.STAFF,
                widget=forms.RadioSelect,
            )
        self.fields["taken_at"] = LocalTimeField(
            zone,
            label=_("When"),
            error_messages={
                "required": _("Say when it was answered."),
                "invalid": _("Write a date and a time."),
            },
        )
        if definition.id == "cows":
            self.fields["pulse"] = forms.IntegerField(
                label=_("Pulse, beats a minute"),
                help_text=_("Counted after sitting or lying for one minute. It answers question 1."),
                min_value=20,
                max_value=300,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        self.numbers = {item.id: number for number, item in enumerate(asking.questions(definition), 1)}
        for item in asking.questions(definition):
            self.fields[item.id] = self._field(item)
        if definition.rated_by_clinician:
            self.fields["remark"] = forms.CharField(
                label=_("Why now"),
                help_text=_("For a series: before the first dose, one hour after, and so on."),
                required=False,
                max_length=200,
            )

    def _field(self, item: Item) -> forms.Field:
        if item.kind is ItemKind.INTEGER:
            return forms.IntegerField(
                label=item.text, min_value=item.minimum, max_value=item.maximum, required=False
            )
        choices = [(str(answer.value), answer.label) for answer in item.answers if answer.value is not None]
        return forms.ChoiceField(
            label=item.text,
            choices=[*choices, (SKIPPED, _("Not answered"))],
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Choose one of the answers.")},
        )

    def questions(self) -> list[tuple[int, Item, forms.BoundField]]:
        return [(number, self.definition.item(item), self[item]) for item, number in self.numbers.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answers = {
            item.id: read(item, "" if (given := cleaned.get(item.id)) is None else str(given))
            for item in asking.questions(self.definition)
            if item.id not in self.errors
        }
        if (beats := cleaned.get("pulse")) is not None:
            self._settle_pulse(beats, answers)
        self.answers = {item: value for item, value in answers.items() if value is not Unanswered.YET}
        for item in asking.called_for(self.definition, self.answers):
            if item.id not in self.answers and item.id not in self.errors:
                self.add_error(
                    item.id,
                    _("Question %(n)s: choose an answer, or “Not answered”.") % {"n": self.numbers[item.id]},
                )
        return cleaned

    def _settle_pulse(self, beats: int, answers: dict[str, Any]) -> None:
        counted = asking.pulse_answer(beats)
        first = self.definition.items[0]
        if answers.get(first.id) in (Unanswered.YET, None):
            answers[first.id] = counted
        elif answers[first.id] != counted:
            self.add_error(
                first.id,
                _("A pulse of %(beats)s belongs to “%(answer)s”.")
                % {"beats": beats, "answer": first.label_of(counted)},
            )

    def told(self) -> dict[str, Any]:
        context = {"pulse": self.cleaned_data.get("pulse"), "remark": self.cleaned_data.get("remark")}
        return {name: value for name, value in context.items() if value not in (None, "")}

    def how(self) -> Response.Mode:
        return Response.Mode(self.cleaned_data.get("mode") or Response.Mode.STAFF)


class AskForm(forms.Form):
    instrument = forms.ChoiceField(
        label=_("Measure"),
        error_messages={"required": _("Choose a measure."), "invalid_choice": _("Choose a measure.")},
    )
    due_on = forms.DateField(
        label=_("By"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a date.")},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["instrument"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a measure")),
            *(
                (each.id, f"{each.short_title}: {each.title}")
                for each in library.free()
                if not each.rated_by_clinician
            ),
        ]


class FollowUpForm(forms.Form):
    note = forms.CharField(
        label=_("What was done"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        error_messages={"required": _("Say what was done.")},
    )


# Daily check-in

_SAY = _("Choose one, or choose “Skip”.")


def _tap(choices: list[tuple[str, Any]], label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": _SAY, "invalid_choice": _SAY},
    )


class CravingForm(forms.Form):
    craving = _tap(
        [
            ("0", _("None")),
            ("1", _("A little")),
            ("2", _("Some")),
            ("3", _("Strong")),
            ("4", _("Very strong")),
        ],
        _("How strong are cravings right now?"),
    )


class MoodForm(forms.Form):
    mood = _tap(
        [("0", _("Very low")), ("1", _("Low")), ("2", _("So-so")), ("3", _("Good")), ("4", _("Very good"))],
        _("How is your mood?"),
    )


class SleepForm(forms.Form):
    slept_hours = _tap(
        [("4", _("4 or less")), ("5", "5"), ("6", "6"), ("7", "7"), ("8", _("8 or more"))],
        _("How many hours did you sleep?"),
    )


class UseForm(forms.Form):
    used = _tap([("no", _("No")), ("yes", _("Yes"))], _("Since yesterday, did you drink or use drugs?"))
    note = forms.CharField(
        label=_("Anything you want your team to know?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_used(self) -> bool:
        return bool(self.cleaned_data["used"] == "yes")


CHECK_IN_PAGES: tuple[type[forms.Form], ...] = (CravingForm, MoodForm, SleepForm, UseForm)


def as_held(check_in: CheckIn | None) -> dict[str, Any]:
    """Today's answers as they stand in the forms; nothing is chosen before the person chooses."""
    if check_in is None:
        return {}
    held: dict[str, Any] = {"note": check_in.note}
    for name in ("craving", "mood"):
        if (value := getattr(check_in, name)) is not None:
            held[name] = str(value)
    if check_in.slept_hours is not None:
        held["slept_hours"] = str(min(max(int(check_in.slept_hours), 4), 8))
    if check_in.used is not None:
        held["used"] = "yes" if check_in.used else "no"
    return held
