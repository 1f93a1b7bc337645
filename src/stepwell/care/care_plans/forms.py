"""The editor of a draft, and the small forms around a plan.

The editor works without JavaScript: every button posts the whole page, and whatever was typed comes back, also
when a row was added or taken out, something is missing, or somebody else saved first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.care_plans.drafts import GoalText, InterventionText, PlanText
from stepwell.care.care_plans.models import Goal, Intervention

MOST_GOALS = 12
MOST_INTERVENTIONS = 12

Typed = dict[str, str]


class PlanForm(forms.Form):
    """What belongs to the plan as a whole."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    hours = forms.DecimalField(
        label=_("Clinical hours a week"),
        help_text=_("The hours this person is asked to come. Nine is the least for an adult in IOP."),
        min_value=0,
        max_value=60,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"}),
        error_messages={
            "required": _("Say how many hours a week."),
            "invalid": _("Write the hours as a number, such as 9 or 7.5."),
            "min_value": _("Hours cannot be below 0."),
            "max_value": _("That is more than 60 hours a week. Check the number."),
        },
    )


class GoalForm(forms.Form):
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Goal, in their own words"),
        max_length=Goal._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what this person hopes for, in their own words.")},
    )
    label = forms.CharField(
        label=_("Short name, for lists"),
        max_length=Goal._meta.get_field("label").max_length,
        required=False,
    )


class InterventionForm(forms.Form):
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=Intervention.Kind.choices)
    description = forms.CharField(
        label=_("What will be done"),
        max_length=Intervention._meta.get_field("description").max_length,
        error_messages={"required": _("Say what will be done.")},
    )
    minutes = forms.IntegerField(
        label=_("Minutes a week"),
        min_value=0,
        max_value=3600,
        required=False,
        widget=forms.NumberInput(attrs={"step": "5", "inputmode": "numeric"}),
        error_messages={
            "invalid": _("Write the minutes as a whole number."),
            "min_value": _("Minutes cannot be below 0."),
            "max_value": _("That is more than 60 hours a week. Check the number."),
        },
    )


@dataclass
class GoalRow:
    """One goal on the page: what was typed for it, and for the interventions below it."""

    typed: Typed = field(default_factory=dict)
    interventions: list[Typed] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return not any(self.typed.get(name, "").strip() for name in ("words", "label")) and all(
            map(_is_blank, self.interventions)
        )


def _is_blank(intervention: Typed) -> bool:
    return (
        not intervention.get("description", "").strip()
        and intervention.get("minutes", "").strip().lstrip("0") == ""
    )


@dataclass(frozen=True)
class GoalPart:
    """A goal as the template draws it."""

    number: int
    form: GoalForm
    interventions: list[InterventionForm]

    @property
    def adds(self) -> str:
        """The name of the button that adds something to do."""
        return f"add-{self.number}"


class PlanEditor:
    """A whole draft on one page, with as many goals and interventions as were asked for."""

    def __init__(self, plan: Typed, goals: list[GoalRow], *, is_checked: bool) -> None:
        self.typed = plan
        self.rows = goals
        self._is_checked = is_checked
        #: Sentences that belong to no field.
        self.others: list[str] = []
        #: Where to go on after a row was added or taken out.
        self.focus = ""
        self.is_stale = False
        self._draw()

    @classmethod
    def showing(cls, text: PlanText, version: int) -> Self:
        """A draft as it is saved; an empty one begins with room for a goal and two things to do."""
        goals = [
            GoalRow(
                {"id": str(goal.id or ""), "words": goal.words, "label": goal.label},
                [
                    {
                        "id": str(each.id or ""),
                        "kind": each.kind.value,
                        "description": each.description,
                        "minutes": str(each.minutes_a_week),
                    }
                    for each in goal.interventions
                ],
            )
            for goal in text.goals
        ]
        plan = {"version": str(version), "hours": f"{text.minutes_a_week / 60:g}"}
        return cls(plan, goals or [GoalRow(interventions=[{}, {}])], is_checked=False)

    @classmethod
    def posted(cls, data: Mapping[str, str], *, is_checked: bool) -> Self:
        """What was typed. ``is_checked``: say what is wrong with it, as before it is saved."""
        goals = []
        for i in range(_count(data, "goals", MOST_GOALS)):
            prefix = f"goal-{i}"
            interventions = [
                _typed(data, f"{prefix}-do-{j}", InterventionForm)
                for j in range(_count(data, f"{prefix}-does", MOST_INTERVENTIONS))
            ]
            goals.append(GoalRow(_typed(data, prefix, GoalForm), interventions))
        return cls(_typed(data, "", PlanForm), goals, is_checked=is_checked)

    def _draw(self) -> None:
        self.form: PlanForm = self._form(PlanForm, self.typed, "")
        self.goals = [
            GoalPart(
                i + 1,
                self._form(GoalForm, row.typed, f"goal-{i}", is_optional=row.is_blank),
                [
                    self._form(InterventionForm, typed, f"goal-{i}-do-{j}", is_optional=_is_blank(typed))
                    for j, typed in enumerate(row.interventions)
                ],
            )
            for i, row in enumerate(self.rows)
        ]

    def _form(self, kind: type[Any], typed: Typed, prefix: str, *, is_optional: bool = False) -> Any:
        """A form that checks what was typed, or only shows it."""
        if not self._is_checked or is_optional:
            form = kind(initial=typed, prefix=prefix or None)
        else:
            data = {f"{prefix}-{name}" if prefix else name: value for name, value in typed.items()}
            form = kind(data, prefix=prefix or None)
        for bound in form:
            if bound.auto_id == self.focus:
                bound.field.widget.attrs |= {"data-focus": True, "autofocus": True}
        return form

    def add_goal(self) -> None:
        if self.may_add_goal:
            self.rows.append(GoalRow(interventions=[{}]))
            self._go_on_in(f"id_goal-{len(self.rows) - 1}-words")

    def take_out_goal(self, i: int) -> None:
        if 0 <= i < len(self.rows):
            del self.rows[i]
            self._go_on_in("add-goal")

    def add_intervention(self, i: int) -> None:
        if 0 <= i < len(self.rows) and len(self.rows[i].interventions) < MOST_INTERVENTIONS:
            self.rows[i].interventions.append({})
            self._go_on_in(f"id_goal-{i}-do-{len(self.rows[i].interventions) - 1}-description")

    def take_out_intervention(self, i: int, j: int) -> None:
        if 0 <= i < len(self.rows) and 0 <= j < len(self.rows[i].interventions):
            del self.rows[i].interventions[j]
            self._go_on_in(self.goals[i].adds)

    def _go_on_in(self, focus: str) -> None:
        self.focus = focus
        self._draw()

    def now_at(self, version: int) -> None:
        """Go on from the version that is saved now, keeping what was typed."""
        self.typed["version"] = str(version)
        self.is_stale = True
        self._draw()

    def _forms(self) -> Iterator[forms.Form]:
        yield self.form
        for goal in self.goals:
            yield goal.form
            yield from goal.interventions

    def is_valid(self) -> bool:
        return not any(form.errors for form in self._forms())

    @property
    def problems(self) -> list[dict[str, str]]:
        """Everything that is wrong, in the order of the page, each with the field to go to."""
        in_fields = [
            {"target": form[name].id_for_label, "message": str(message)}
            for form in self._forms()
            for name, messages in form.errors.items()
            for message in messages
        ]
        return [{"target": "", "message": message} for message in self.others] + in_fields

    @property
    def text(self) -> PlanText:
        """What was written. Ask ``is_valid`` first; rows left blank are not part of it."""
        goals = tuple(_goal_text(goal) for goal in self.goals if goal.form.is_bound)
        return PlanText(minutes_a_week=round(self.form.cleaned_data["hours"] * 60), goals=goals)

    @property
    def may_add_goal(self) -> bool:
        return len(self.rows) < MOST_GOALS


def _goal_text(goal: GoalPart) -> GoalText:
    given = goal.form.cleaned_data
    most = GoalForm.base_fields["label"].max_length  # type: ignore[attr-defined]
    return GoalText(
        words=given["words"],
        label=given["label"] or _begin_of(given["words"], most),
        interventions=tuple(_intervention_text(each) for each in goal.interventions if each.is_bound),
        id=given["id"],
    )


def _begin_of(words: str, most: int) -> str:
    """The first words of a goal, for a goal that was given no short name."""
    first = " ".join(words.split())
    return first if len(first) <= most else first[: most - 1].rsplit(" ", 1)[0] + "…"


def _intervention_text(form: InterventionForm) -> InterventionText:
    given = form.cleaned_data
    identity: UUID | None = given["id"]
    return InterventionText(
        Intervention.Kind(given["kind"]), given["description"], given["minutes"] or 0, identity
    )


def _typed(data: Mapping[str, str], prefix: str, form: type[forms.Form]) -> Typed:
    names = {name: f"{prefix}-{name}" if prefix else name for name in form.base_fields}
    return {name: data[posted] for name, posted in names.items() if posted in data}


def _count(data: Mapping[str, str], name: str, most: int) -> int:
    try:
        return max(0, min(int(data.get(name, "0")), most))
    except ValueError:
        return 0


class StepForm(forms.Form):
    words = forms.CharField(
        label=_("A small step for this week"),
        max_length=300,
        error_messages={"required": _("Write the step in a few words.")},
    )


class SignatureForm(forms.Form):
    """Signs the version that was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ChangeWishForm(forms.Form):
    words = forms.CharField(
        label=_("What do you want to change?"),
        help_text=_("A few words are enough. Your team reads them and changes the plan with you."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tell us what you want to change, in a few words.")},
    )
