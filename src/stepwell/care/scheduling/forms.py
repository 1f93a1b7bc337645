"""A new group, a place from a day on, a time with somebody, and a reason."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.scheduling.models import Appointment, GroupSeries, Modality
from stepwell.care.scheduling.openings import Opening, clinicians
from stepwell.care.scheduling.rules.times import Stretch
from stepwell.ground.web.widgets import DateInput, Segments, TimeInput
from stepwell.trust.accounts.roles import GIVES_CARE, Role
from stepwell.trust.organizations.models import Center, Room
from stepwell.trust.people.models import Patient, Practitioner

#: Who sees a person alone, and for what.
SEES_FOR = {
    Appointment.Kind.INDIVIDUAL: frozenset(
        {Role.COUNSELOR, Role.CLINICAL_SUPERVISOR, Role.PEER, Role.CASE_MANAGER}
    ),
    Appointment.Kind.FAMILY: frozenset({Role.COUNSELOR, Role.CLINICAL_SUPERVISOR}),
    Appointment.Kind.MEDICAL: frozenset({Role.PRESCRIBER, Role.NURSE}),
}

A_DAY = {"required": _("Choose a day."), "invalid": _("Write the day as month/day/year.")}


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a weekly group is. The next four weeks are laid down with it."""

    class Meta:
        model = GroupSeries
        fields = (
            "name",
            "kind",
            "weekday",
            "starts",
            "minutes",
            "modality",
            "room",
            "leader",
            "co_leader",
            "seats",
            "language",
            "is_clinical",
            "starts_on",
            "ends_on",
        )
        labels = {
            "name": _("Name"),
            "kind": _("Kind"),
            "weekday": _("Day"),
            "starts": _("Starts at"),
            "minutes": _("Minutes"),
            "modality": _("How people take part"),
            "room": _("Room"),
            "leader": _("Leader"),
            "co_leader": _("Co-leader"),
            "seats": _("Seats"),
            "language": _("Language"),
            "is_clinical": _("Its hours count toward the level of care"),
            "starts_on": _("First day"),
            "ends_on": _("First day without it"),
        }
        help_texts = {"name": _("As people call it, such as Skills A. No names of people.")}
        widgets = {
            "starts": TimeInput,
            "starts_on": DateInput,
            "ends_on": DateInput,
            "modality": Segments,
        }
        error_messages = {
            "name": {"required": _("Give the group a name.")},
            "kind": {"required": _("Choose a kind.")},
            "weekday": {"required": _("Choose a day.")},
            "starts": {
                "required": _("Say when it starts."),
                "invalid": _("Write the time, such as 5:30 PM."),
            },
            "minutes": {
                "required": _("Say how long it is."),
                "min_value": _("Write 15 to 480 minutes."),
                "max_value": _("Write 15 to 480 minutes."),
            },
            "leader": {"required": _("Choose who leads it.")},
            "seats": {"required": _("Say how many seats it has.")},
            "starts_on": A_DAY,
            "ends_on": A_DAY,
        }

    def __init__(self, *args: Any, center: Center, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaders = [one.pk for one in clinicians(center, GIVES_CARE)]
        for name in ("leader", "co_leader"):
            self._choose(name, Practitioner.objects.filter(pk__in=leaders), _("Nobody"))
        self._choose("room", Room.objects.in_use().filter(center=center).order_by("name"), _("None"))
        self.fields["starts"].input_formats = ["%H:%M", "%H:%M:%S", "%I:%M %p"]  # type: ignore[attr-defined]
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=Patient.Language.choices, widget=Segments, initial="en"
        )
        for name in ("kind", "weekday"):
            choices = [one for one in self.fields[name].choices if one[0] not in ("", None)]  # type: ignore[attr-defined]
            self.fields[name].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]
        self.fields["seats"].min_value = 1  # type: ignore[attr-defined]
        self.fields["minutes"].widget.attrs |= {"min": 15, "max": 480, "step": 5}
        self.fields["seats"].widget.attrs |= {"min": 1}

    def _choose(self, name: str, queryset: Any, nobody: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset
        field.empty_label = _("Choose") if field.required else nobody

    def clean_seats(self) -> int:
        seats: int = self.cleaned_data["seats"]
        if seats < 1:
            raise forms.ValidationError(_("A group needs one seat at least."))
        return seats

    def _get_validation_exclusions(self) -> set[str]:
        # The database's own rules on clashes are asked by the action, which says them in words.
        return super()._get_validation_exclusions() | {"center", "organization"}  # type: ignore[misc]


class PlaceForm(forms.Form):
    """A place in a group, from a day on."""

    starts_on = forms.DateField(label=_("From"), widget=DateInput, error_messages=A_DAY)
    series = forms.ModelChoiceField(
        GroupSeries.objects.none(),
        error_messages={
            "required": _("Choose a group."),
            "invalid_choice": _("Choose a group of this center."),
        },
    )

    def __init__(self, *args: Any, center: Center, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["series"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = GroupSeries.objects.filter(center=center).select_related("center")


class ReasonForm(forms.Form):
    """Why something planned does not happen. The person may read it."""

    because = forms.CharField(
        label=_("Why"),
        max_length=200,
        help_text=_("A few words. The person can read them."),
        error_messages={"required": _("Say why, in a few words.")},
    )


class EndPlaceForm(ReasonForm):
    ends_on = forms.DateField(label=_("First day without it"), widget=DateInput, error_messages=A_DAY)
    field_order = ("ends_on", "because")


class WhomForm(forms.Form):
    """With whom, what for, how long and from which day: what the open times follow. Asked by GET."""

    LENGTHS = ((30, _("30 minutes")), (50, _("50 minutes")), (60, _("60 minutes")))

    kind = forms.ChoiceField(label=_("What for"), choices=[(kind.value, kind.label) for kind in SEES_FOR])
    practitioner = forms.ModelChoiceField(
        Practitioner.objects.none(),
        label=_("With"),
        required=False,
        error_messages={"invalid_choice": _("Choose somebody who works here.")},
    )
    minutes = forms.TypedChoiceField(label=_("How long"), choices=LENGTHS, coerce=int)
    from_day = forms.DateField(label=_("From"), widget=DateInput, error_messages=A_DAY)

    def __init__(self, *args: Any, center: Center, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.center = center
        field = self.fields["practitioner"]
        assert isinstance(field, forms.ModelChoiceField)
        everyone = clinicians(center, frozenset().union(*SEES_FOR.values()))
        field.queryset = Practitioner.objects.filter(pk__in=[one.pk for one in everyone])
        field.empty_label = _("Anyone who is free")

    @property
    def clinicians(self) -> list[Practitioner]:
        """The one who was chosen, or everyone who sees people for this."""
        if one := self.cleaned_data["practitioner"]:
            return [one]
        return clinicians(self.center, SEES_FOR[Appointment.Kind(self.cleaned_data["kind"])])


class TimeForm(forms.Form):
    """One of the open times."""

    time = forms.CharField(error_messages={"required": _("Choose a time.")})
    modality = forms.ChoiceField(
        label=_("Where"),
        choices=[(Modality.IN_PERSON.value, _("In person")), (Modality.VIDEO.value, _("By video"))],
        widget=Segments,
        initial=Modality.IN_PERSON.value,
    )

    def __init__(self, *args: Any, minutes: int, clinicians: list[Practitioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.minutes, self.clinicians = minutes, clinicians

    def clean_time(self) -> Opening:
        """Somebody of this center. Whether the doors are open and they are free is seen when it is taken."""
        choose_again = forms.ValidationError(_("Choose one of the open times."))
        whom, _space, when = self.cleaned_data["time"].partition(" ")
        try:
            starts_at = datetime.strptime(when, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
            practitioner = next(one for one in self.clinicians if one.pk == UUID(whom))
            during = Stretch.of(starts_at, self.minutes)
        except (ValueError, StopIteration, OverflowError) as error:
            raise choose_again from error
        return Opening(practitioner, during)


def days_from(given: str | None, today: date) -> date:
    """The day in an address, or today for one that is none or over."""
    try:
        return max(date.fromisoformat(given or ""), today)
    except ValueError:
        return today
