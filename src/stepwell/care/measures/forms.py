"""Forms made from a definition: one question for a phone, a whole instrument for staff, the check-in."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.timezone import make_naive
from django.utils.translation import gettext_lazy as _

from stepwell.care.measures.actions import Unanswered
from stepwell.care.measures.models import CheckIn, LicensedText, Response, ScheduleChange
from stepwell.care.measures.rules import asking, use
from stepwell.care.measures.rules.safety import Deed
from stepwell.care.measures.rules.schedule import Every, Line, Program
from stepwell.care.measures.rules.use import Wording
from stepwell.care.measures.scoring import Definition, Item, ItemKind, Method

SKIPPED = "-"

#: The classes of DSM-5 by their plain names; the rules of counting are in `scoring.outcomes`.
SUBSTANCE_CLASSES = [
    ("", _("Choose")),
    ("alcohol", _("Alcohol")),
    ("cannabis", _("Cannabis")),
    ("opioid", _("Opioids")),
    ("stimulant", _("Stimulants")),
    ("sedative", _("Sedatives, hypnotics or anxiolytics")),
    ("tobacco", _("Tobacco")),
    ("inhalant", _("Inhalants")),
    ("phencyclidine", _("Phencyclidine")),
    ("hallucinogen", _("Other hallucinogens")),
    ("other", _("Another substance")),
]


def written(value: Any) -> str:
    """An answer as it stands in a form."""
    if value is Unanswered.YET:
        return ""
    if isinstance(value, list):
        return ",".join(str(each) for each in value)
    return SKIPPED if value is None else str(value)


def read(item: Item, text: str) -> Any:
    """An answer from a form. What is no answer of the item comes back as it was typed."""
    if text in ("", SKIPPED):
        return Unanswered.YET if text == "" else None
    if item.kind is ItemKind.MULTI:
        return several(item, text.split(","))
    if item.kind is ItemKind.INTEGER:
        return int(text) if text.lstrip("-").isdigit() else text
    return next((value for value in item.values if str(value) == text), text)


def several(item: Item, chosen: Iterable[str]) -> list[Any]:
    """What was ticked, in the order of the question."""
    ticked = set(chosen)
    return [value for value in item.values if str(value) in ticked]


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
        if isinstance(value, list):
            return several(self.item, value)
        return value if isinstance(value, int) else read(self.item, value)

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
        initial: dict[str, Any] = {
            item: value if isinstance(value, list) else written(value) for item, value in held.items()
        }
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
        if definition.method is Method.COUNT_WITH_EXCLUSIONS:
            self.fields["substance"] = forms.ChoiceField(
                label=_("Substance"),
                help_text=_("One checklist for each. It settles which criteria count."),
                choices=SUBSTANCE_CLASSES,
                error_messages={"required": _("Choose the substance.")},
            )
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
        kind, widget = (
            (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
            if item.kind is ItemKind.MULTI
            else (forms.ChoiceField, forms.RadioSelect)
        )
        return kind(
            label=item.text,
            choices=[*choices, (SKIPPED, _("Not answered"))],
            required=False,
            widget=widget,
            error_messages={"invalid_choice": _("Choose one of the answers.")},
        )

    def questions(self) -> list[tuple[int, Item, forms.BoundField]]:
        return [(number, self.definition.item(item), self[item]) for item, number in self.numbers.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answers = {
            item.id: self._given(item, cleaned.get(item.id))
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

    def _given(self, item: Item, given: Any) -> Any:
        if isinstance(given, list):
            return Unanswered.YET if not given else None if SKIPPED in given else several(item, given)
        return read(item, "" if given is None else str(given))

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
        given = self.cleaned_data
        context = {
            "pulse": given.get("pulse"),
            "class": given.get("substance"),
            "remark": given.get("remark"),
        }
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

    def __init__(self, in_use: Iterable[Definition], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["instrument"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a measure")),
            *_asked_on_phones(in_use),
        ]


class SwitchForm(forms.Form):
    """Begin or stop asking. The notice is accepted by writing one's name under it."""

    on = forms.TypedChoiceField(
        choices=[("on", "on"), ("off", "off")], coerce=lambda value: value == "on", widget=forms.HiddenInput
    )
    accepted_as = forms.CharField(label=_("Your name, to accept this notice"), required=False, max_length=200)


class WantedField(forms.CharField):
    """Needed before the end, and allowed to be empty for now."""

    wanted = True


class WordingForm(forms.Form):
    """A licensed copy of what its owner withholds. Gaps are allowed until it is switched on."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    licence = WantedField(
        label=_("Licence or permission you hold"),
        help_text=_("Who gave it, when, its number, and until when it runs."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
    title = WantedField(label=_("Title"), required=False, max_length=200)
    instructions = WantedField(
        label=_("Instructions"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4000
    )

    def __init__(
        self,
        definition: Definition,
        language: str,
        held: LicensedText | None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.definition, self.language = definition, language
        self.scales = use.labels_wanted(definition)
        items = held.items if held else {}
        answers = held.answers if held else {}
        initial: dict[str, Any] = {"version": held.version if held else 0}
        if held:
            initial |= {"licence": held.licence, "title": held.title, "instructions": held.instructions}
        super().__init__(data, initial=initial)
        for number, item in enumerate(definition.items, 1):
            about = f" ({item.concept})" if item.concept else ""
            self.fields[f"item_{item.id}"] = WantedField(
                label=f"{_('Question')} {number}{about}",
                initial=items.get(item.id, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
                required=False,
                max_length=1000,
            )
        for first, scale in self.scales.items():
            for answer in scale[0].answers:
                known = answer.label if language == "en" else ""
                self.fields[f"answer_{first}_{answer.value}"] = WantedField(
                    label=f"{_('Answer')} {answer.value}",
                    initial=answers.get(first, {}).get(str(answer.value), known),
                    required=False,
                    max_length=200,
                )

    def head(self) -> list[forms.BoundField]:
        return [self[name] for name in ("licence", "title", "instructions")]

    def question_fields(self) -> list[forms.BoundField]:
        return [self[f"item_{item.id}"] for item in self.definition.items]

    def answer_fields(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The answers by what they belong to: every question, or one of them."""
        numbers = {item.id: number for number, item in enumerate(self.definition.items, 1)}
        return [
            (
                _("Answers to every question")
                if len(scale) > 1
                else _("Answers to question %(n)s") % {"n": numbers[first]},
                [self[f"answer_{first}_{answer.value}"] for answer in scale[0].answers],
            )
            for first, scale in self.scales.items()
        ]

    def wording(self) -> Wording:
        given = self.cleaned_data
        return Wording(
            language=self.language,
            title=given["title"],
            instructions=given["instructions"],
            items={item.id: given[f"item_{item.id}"] for item in self.definition.items},
            answers={
                item.id: {
                    str(answer.value): given[f"answer_{first}_{answer.value}"] for answer in scale[0].answers
                }
                for first, scale in self.scales.items()
                for item in scale
            },
            licence=given["licence"],
        )


class FollowUpForm(forms.Form):
    """What was done; or, with the other button, what was tried."""

    deeds = forms.MultipleChoiceField(
        label=_("What was done"),
        choices=[(deed.value, deed.in_words) for deed in Deed],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=_("In a few words"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        error_messages={"required": _("Say what was done.")},
    )


# A series by the clock

_MINUTES = [
    ("15", _("15 minutes")),
    ("30", _("30 minutes")),
    ("60", _("1 hour")),
    ("120", _("2 hours")),
    ("240", _("4 hours")),
    ("480", _("8 hours")),
]


class SeriesForm(forms.Form):
    every_minutes = forms.TypedChoiceField(
        label=_("Repeat every"),
        choices=_MINUTES,
        coerce=int,
        error_messages={"required": _("Choose an interval."), "invalid_choice": _("Choose an interval.")},
    )
    because = forms.CharField(
        label=_("Why"),
        help_text=_("For example: before and after the first dose."),
        required=False,
        max_length=200,
    )


class IntervalForm(forms.Form):
    every_minutes = SeriesForm.base_fields["every_minutes"]


class EndSeriesForm(forms.Form):
    because = forms.CharField(
        label=_("Why the series ends"),
        max_length=200,
        error_messages={"required": _("Say why the series ends.")},
    )


# Schedules


class ScheduleChangeForm(forms.Form):
    instrument = forms.ChoiceField(
        label=_("Measure"),
        error_messages={"required": _("Choose a measure."), "invalid_choice": _("Choose a measure.")},
    )
    what = forms.ChoiceField(
        label=_("How often"),
        choices=[("", _("Choose how often")), *ScheduleChange.What.choices],
        error_messages={"required": _("Choose how often."), "invalid_choice": _("Choose how often.")},
    )
    paused_until = forms.DateField(
        label=_("Not until"),
        help_text=_("Only for a pause: asked again from this day on."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a date.")},
    )
    because = forms.CharField(label=_("Why"), max_length=200, error_messages={"required": _("Say why.")})

    def __init__(self, in_use: Iterable[Definition], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["instrument"].choices = [("", _("Choose a measure")), *_asked_on_phones(in_use)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_pause = cleaned.get("what") == ScheduleChange.What.PAUSED
        if is_pause and not cleaned.get("paused_until") and "paused_until" not in self.errors:
            self.add_error("paused_until", _("Choose a day that is still to come."))
        return cleaned


class AnnotationForm(forms.Form):
    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write a date.")},
    )
    words = forms.CharField(
        label=_("In a few words"),
        help_text=_("It stands on every trend of this person. For example: began a new job."),
        max_length=80,
        error_messages={"required": _("Write a few words.")},
    )


_HOW_OFTEN = [
    ("", _("Not by itself")),
    ("week", _("Every week")),
    ("two_weeks", _("Every 2 weeks")),
    ("month", _("Every 4 weeks")),
    ("week-visit", _("Every week, at a visit")),
    ("two_weeks-visit", _("Every 2 weeks, at a visit")),
    ("month-visit", _("Every 4 weeks, at a visit")),
]
LEVEL_GROUPS: tuple[tuple[str, Any, frozenset[str]], ...] = (
    ("iop", _("IOP and day program"), frozenset({"2.1", "2.5", "2.7"})),
    ("op", _("Outpatient"), frozenset({"1.5", "1.7"})),
)


class ProgramScheduleForm(forms.Form):
    """Every measure: in the intake set, in the discharge set, and how often at which group of levels."""

    effective_on = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Write a date.")},
    )
    load = forms.IntegerField(
        label=_("Seconds a week"),
        help_text=_("What does not fit in waits a week. Longer measures are gone through at a visit."),
        min_value=15,
        max_value=600,
        error_messages={"required": _("Write a number of seconds.")},
    )
    reminders = forms.IntegerField(
        label=_("Messages for one week's questions"),
        help_text=_("Neutral, to safe contacts, outside quiet hours. 0 sends none."),
        min_value=0,
        max_value=3,
        error_messages={"required": _("Write a number from 0 to 3.")},
    )
    because = forms.CharField(
        label=_("Why it changes"), max_length=200, error_messages={"required": _("Say why it changes.")}
    )

    def __init__(
        self,
        program: Program,
        in_use: Iterable[Definition],
        *,
        today: date,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.in_use = tuple(in_use)
        initial: dict[str, Any] = {
            "effective_on": today,
            "load": program.load,
            "reminders": program.reminders,
        }
        super().__init__(data, initial=initial)
        for each in self.in_use:
            mine = [line for line in program.lines if line.instrument == each.id]
            for every in (Every.INTAKE, Every.DISCHARGE):
                self.fields[f"{each.id}-{every}"] = forms.BooleanField(
                    label=f"{each.short_title}: {every}",
                    required=False,
                    initial=any(line.every is every for line in mine),
                )
            if each.rated_by_clinician:
                continue
            for key, name, levels in LEVEL_GROUPS:
                stands = next(
                    (
                        f"{line.every.value}{'-visit' if line.at_visit else ''}"
                        for line in mine
                        if line.every.weeks and (not line.levels or line.levels & levels)
                    ),
                    "",
                )
                self.fields[f"{each.id}-{key}"] = forms.ChoiceField(
                    label=f"{each.short_title}: {name}", choices=_HOW_OFTEN, required=False, initial=stands
                )

    def rows(self) -> list[tuple[Definition, int, list[tuple[str, forms.BoundField | None]]]]:
        """Each measure with its seconds and its fields, named: intake, every group of levels, discharge."""
        columns = [
            (Every.INTAKE.value, _("At intake")),
            *((key, name) for key, name, _levels in LEVEL_GROUPS),
            (Every.DISCHARGE.value, _("At the end of care")),
        ]
        return [
            (
                each,
                asking.seconds(each),
                [
                    (str(name), self[f"{each.id}-{key}"] if f"{each.id}-{key}" in self.fields else None)
                    for key, name in columns
                ],
            )
            for each in self.in_use
        ]

    def lines(self) -> list[Line]:
        found = []
        for each in self.in_use:
            found += [
                Line(each.id, every)
                for every in (Every.INTAKE, Every.DISCHARGE)
                if self.cleaned_data.get(f"{each.id}-{every}")
            ]
            for key, _name, levels in LEVEL_GROUPS:
                if how_often := self.cleaned_data.get(f"{each.id}-{key}"):
                    every, _dash, at_visit = how_often.partition("-")
                    found.append(Line(each.id, Every(every), levels, at_visit=bool(at_visit)))
        return found


def _asked_on_phones(in_use: Iterable[Definition]) -> list[tuple[str, str]]:
    return [(each.id, f"{each.short_title}: {each.title}") for each in in_use if not each.rated_by_clinician]


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
