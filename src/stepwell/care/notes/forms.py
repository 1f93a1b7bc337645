"""The forms of this room. Each says in its own sentence what does not fit, and keeps what was typed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.care_plans.models import Goal
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import LONGEST
from stepwell.care.encounters.words import MARKS
from stepwell.care.notes.models import Safety
from stepwell.care.notes.room import RowText, Seat, shared_seen
from stepwell.care.notes.rules.readiness import SharedText
from stepwell.care.notes.visit import VisitText

LINE = 4000
MINUTES = {
    "invalid": _("Give the minutes as a whole number."),
    "min_value": _("Give at least 1 minute, or mark the person absent."),
    "max_value": _("Give %(limit_value)s minutes or fewer."),
}
TOO_LONG = {"max_length": _("That is %(show_value)s letters. Write %(limit_value)s or fewer.")}


Posted = Mapping[str, Any] | None


class FormOfWhatWasSeen(forms.Form):
    """A form that says what its writer had before them, so that nobody overwrites anybody unawares."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def now_sees(self, seen: str) -> None:
        """The writer is shown what is there now: saving again is their decision."""
        self.data = {**dict(self.data.items()), self.add_prefix("seen"): seen}


class AttendanceForm(FormOfWhatWasSeen):
    """How somebody came, for how long, and with which goal; or why they did not."""

    mark = forms.ChoiceField(
        required=False, choices=[("", ""), *((mark.value, words) for mark, words in MARKS.items())]
    )
    minutes = forms.IntegerField(required=False, min_value=1, max_value=LONGEST, error_messages=MINUTES)
    goal = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": _("Choose one of this person's goals.")}
    )
    reason = forms.ChoiceField(required=False, choices=[("", ""), *Absence.Reason.choices])

    def choose_from(self, goals: list[Goal]) -> None:
        field = self.fields["goal"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *((str(goal.pk), goal.label) for goal in goals)]

    def row(self, **more: Any) -> RowText:
        told = self.cleaned_data
        return RowText(
            mark=told["mark"],
            minutes=told["minutes"],
            goal=next((goal.pk for goal in self.goals if str(goal.pk) == told["goal"]), None),
            reason=told["reason"],
            **more,
        )

    goals: list[Goal]


class RowForm(AttendanceForm):
    """One row of the group room."""

    took_part = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[("", ""), *Encounter.TookPart.choices]
    )
    line = forms.CharField(required=False, max_length=LINE, error_messages=TOO_LONG)

    def __init__(self, data: Posted = None, *, seat: Seat, writes: bool) -> None:
        self.seat, self.goals, self.writes = seat, seat.goals, writes
        text = seat.text
        initial = {
            "seen": text.seen_by(writes=writes),
            "mark": text.mark,
            "minutes": text.minutes,
            "took_part": text.took_part,
            "goal": str(text.goal or ""),
            "reason": text.reason,
            "line": text.line,
        }
        super().__init__(data, prefix=self.prefix_of(seat), initial=initial)
        self.choose_from(seat.goals)

    @staticmethod
    def prefix_of(seat: Seat) -> str:
        return f"p{seat.key.hex}"

    @classmethod
    def is_in(cls, data: Any, seat: Seat) -> bool:
        """Whether that page had this row: somebody may have been booked after it was opened."""
        return f"{cls.prefix_of(seat)}-seen" in data

    @property
    def text(self) -> RowText:
        """What the row says. What its writer had no field for stays as it is stored."""
        stored = self.seat.text
        row = self.row(took_part=self.cleaned_data["took_part"], line=self.cleaned_data["line"])
        return row if self.writes else replace(row, goal=stored.goal, line=stored.line)


class SharedForm(FormOfWhatWasSeen):
    """What the group did, with nobody named."""

    topic = forms.CharField(label=_("Topic"), required=False, max_length=200, error_messages=TOO_LONG)
    what_we_did = forms.CharField(
        label=_("What we did"),
        required=False,
        max_length=LINE,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    method = forms.CharField(label=_("Method"), required=False, max_length=100, error_messages=TOO_LONG)
    safety = forms.ChoiceField(
        label=_("Safety"), required=False, choices=[("", _("Choose")), *Safety.choices]
    )

    def __init__(self, data: Posted = None, *, stored: SharedText) -> None:
        initial = {
            "seen": shared_seen(stored),
            "topic": stored.topic,
            "what_we_did": stored.what_we_did,
            "method": stored.method,
            "safety": stored.safety,
        }
        super().__init__(data, prefix="shared", initial=initial)

    @property
    def text(self) -> SharedText:
        told = self.cleaned_data
        return SharedText(told["topic"], told["what_we_did"], told["method"], told["safety"])


class VisitForm(AttendanceForm):
    """What came of one appointment, and the note about it."""

    overran = forms.BooleanField(label=_("It went on longer than planned"), required=False)
    line = forms.CharField(
        label=_("What was said and done"),
        required=False,
        max_length=LINE,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    response = forms.CharField(
        label=_("How they took it"),
        required=False,
        max_length=2000,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    plan = forms.CharField(
        label=_("What comes next"),
        required=False,
        max_length=2000,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        goals: list[Goal],
        stored: VisitText,
        planned: int,
        writes: bool,
    ) -> None:
        self.goals, self.stored, self.writes = goals, stored, writes
        row = stored.row
        initial = {
            "seen": stored.seen,
            "mark": row.mark,
            "minutes": row.minutes,
            "overran": (row.minutes or 0) > planned,
            "goal": str(row.goal or ""),
            "reason": row.reason,
            "line": row.line,
            "response": stored.response,
            "plan": stored.plan,
        }
        super().__init__(data, initial=initial)
        self.choose_from(goals)

    @property
    def text(self) -> VisitText:
        told = self.cleaned_data
        if not self.writes:
            row = self.row(line=self.stored.row.line)
            return VisitText(row, self.stored.response, self.stored.plan)
        return VisitText(self.row(line=told["line"]), told["response"], told["plan"])


class AddendumForm(forms.Form):
    words = forms.CharField(
        label=_("What you add"),
        max_length=LINE,
        error_messages=TOO_LONG | {"required": _("Write what you add.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    because = forms.CharField(
        label=_("Why you add it"),
        max_length=200,
        error_messages=TOO_LONG | {"required": _("Say why you add it.")},
    )
