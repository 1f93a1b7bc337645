"""What is asked about a task."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.tasks import placing
from stepwell.care.tasks.actions import outcomes_of
from stepwell.care.tasks.models import Task
from stepwell.ground.web.widgets import DateInput, Segments
from stepwell.trust.access.rules import TABLE, Permission, Relation
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.words import role_name
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner

QUEUE = "queue"
Choices = list[tuple[str, str | list[tuple[str, str]]]]


def whom(center: Center, patient: Patient | None) -> Choices:
    """Whom a task can be given: the care team, the queue of a part, and everybody else who may know of the person."""
    roles: Iterable[Role] = [role for role in Role if role.is_staff]
    if patient is not None:
        # Whoever is given a task about a person learns that they are in care.
        knows = TABLE[Permission.SEE_DIRECTORY]
        roles = [role for role in roles if Relation.CENTER in knows.get(role, ())]
    held = [(one.user_id, Role(one.role)) for one in placing.working_at(center, roles)]
    people = {
        one.user_id: one for one in Practitioner.objects.filter(user__in=[user for user, _role in held])
    }
    team: set[tuple[UUID, str]] = set()
    if patient is not None:
        places = CareTeamMember.objects.current().filter(patient=patient)
        team = set(places.values_list("practitioner__user", "role"))
    everybody = sorted(
        {
            (people[user].name, people[user].pk, role, (user, role.value) in team)
            for user, role in held
            if user in people
        }
    )
    at_hand = [_person(name, pk, role) for name, pk, role, on_team in everybody if on_team]
    others = [_person(name, pk, role) for name, pk, role, on_team in everybody if not on_team]
    queues = [
        (f"{QUEUE}:{role}", _("Any %(role)s") % {"role": role_name(role).lower()})
        for role in Role
        if role in {role for _user, role in held}
    ]
    groups = [(_("Care team"), at_hand), (_("Whoever is free"), queues), (_("Others here"), others)]
    return [("", _("Choose")), *((label, options) for label, options in groups if options)]


def _person(name: str, pk: UUID, role: Role) -> tuple[str, str]:
    return f"{pk}:{role}", f"{name}, {role_name(role).lower()}"


class ToField(forms.ChoiceField):
    """Somebody in a part, or the queue of a part."""

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        key, _colon, role = chosen.partition(":")
        holder = None if key == QUEUE else Practitioner.objects.get(pk=key)
        return holder, Role(role)


class AskForm(forms.Form):
    what = forms.CharField(
        label=gettext_lazy("What is to be done?"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what is to be done.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Whoever takes it reads this. Leave out what they need not know."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why, so that whoever takes it knows.")},
    )
    to = ToField(
        label=gettext_lazy("Who does it?"), error_messages={"required": gettext_lazy("Choose who does it.")}
    )
    due_on = forms.DateField(
        label=gettext_lazy("By when?"),
        widget=DateInput,
        error_messages={"required": gettext_lazy("Choose a day.")},
    )

    def __init__(self, *args: Any, center: Center, patient: Patient | None, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].choices = whom(center, patient)  # type: ignore[attr-defined]
        self.fields["due_on"].initial = today + timedelta(days=1)


class DoneForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        widget=Segments,
        error_messages={"required": gettext_lazy("Say what happened.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, task: Task, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["outcome"].choices = [(one.value, one.label) for one in outcomes_of(task)]  # type: ignore[attr-defined]


class TryForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What did you try?"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say what you tried.")},
    )
    due_on = forms.DateField(
        label=gettext_lazy("Try again by"),
        widget=DateInput,
        error_messages={"required": gettext_lazy("Choose a day.")},
    )

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["due_on"].initial = today + timedelta(days=1)


class CallOffForm(forms.Form):
    because = forms.CharField(
        label=gettext_lazy("Why is it not to be done?"),
        max_length=500,
        error_messages={"required": gettext_lazy("Say why it is called off.")},
    )


class HandOverForm(forms.Form):
    to = ToField(
        label=gettext_lazy("Who takes over?"),
        error_messages={"required": gettext_lazy("Choose who takes over.")},
    )
    note = forms.CharField(
        label=gettext_lazy("A note for them"),
        max_length=500,
        error_messages={"required": gettext_lazy("Leave a note for whoever takes it.")},
    )

    def __init__(self, *args: Any, tasks: list[Task], **more: Any) -> None:
        super().__init__(*args, **more)
        # Of several, those of one center who may know of everybody they are about.
        patient = next((task.patient for task in tasks if task.patient), None)
        self.fields["to"].choices = whom(tasks[0].center, patient) if tasks else [("", _("Choose"))]  # type: ignore[attr-defined]
