"""Who works here: their roles, how they sign, and their licenses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit.places import STATES
from stepwell.ground.web.widgets import DateInput, TileChecks
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.words import role_name
from stepwell.trust.organizations.models import Center
from stepwell.trust.setup.actions.staff import Part
from stepwell.trust.setup.rules.languages import LANGUAGES


class PartsField(forms.MultipleChoiceField):
    """Roles at centers, as a table of check boxes."""

    def __init__(self, centers: Iterable[Center], *, everywhere: bool, **kwargs: Any) -> None:
        self.places: list[tuple[str, Center | None]] = [(str(one.pk), one) for one in centers]
        if everywhere:
            self.places.append(("all", None))
        self.parts = {
            f"{role.value}:{key}": Part(role, center)
            for role in Role
            if role.is_staff
            for key, center in self.places
        }
        super().__init__(
            choices=[(key, str(part)) for key, part in self.parts.items()],
            error_messages={
                "required": _("Choose at least one role."),
                "invalid_choice": _("Choose roles from the table."),
            },
            **kwargs,
        )


class RolesForm(forms.Form):
    """Which roles somebody has at which centers. Those beyond the reach of the one who asks stay as they are."""

    def __init__(
        self,
        *args: Any,
        centers: Iterable[Center],
        everywhere: bool,
        held: Iterable[Part] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.held = set(held)
        self.fields["roles"] = PartsField(
            list(centers), everywhere=everywhere, label=_("Roles"), widget=forms.CheckboxSelectMultiple
        )

    @property
    def parts_field(self) -> PartsField:
        field = self.fields["roles"]
        assert isinstance(field, PartsField)
        return field

    @property
    def beyond_reach(self) -> set[Part]:
        return self.held - set(self.parts_field.parts.values())

    @property
    def chosen(self) -> list[Part]:
        return [self.parts_field.parts[key] for key in self.cleaned_data["roles"]] + list(self.beyond_reach)

    @property
    def place_names(self) -> list[str]:
        return [center.name if center else _now("Every center") for _key, center in self.parts_field.places]

    @property
    def table(self) -> list["RoleRow"]:
        if self.is_bound:
            ticked = set(self.data.getlist("roles") if hasattr(self.data, "getlist") else [])
        else:
            ticked = {key for key, part in self.parts_field.parts.items() if part in self.held}
        return [
            RoleRow(
                role_name(role),
                [
                    RoleCell(
                        f"{role.value}:{key}",
                        str(Part(role, center)),
                        f"{role.value}:{key}" in ticked,
                        f"id_roles_{number}_{role.value}"
                        if number or role is not Role.FRONT_DESK
                        else "id_roles",
                    )
                    for number, (key, center) in enumerate(self.parts_field.places)
                ],
            )
            for role in Role
            if role.is_staff
        ]


@dataclass(frozen=True)
class RoleCell:
    value: str
    label: str
    checked: bool
    id: str


@dataclass(frozen=True)
class RoleRow:
    name: str
    cells: list[RoleCell]


class ParticularsForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As it stands under a note."),
        max_length=200,
        error_messages={"required": _("Write the name.")},
    )
    title = forms.CharField(
        label=_("Title"), max_length=80, required=False, help_text=_("Such as Counselor.")
    )
    credential = forms.CharField(
        label=_("Credential"), max_length=40, required=False, help_text=_("Such as LICDC or RN.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages they speak with people"), choices=LANGUAGES, required=False, widget=TileChecks
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class InvitationForm(ParticularsForm, RolesForm):
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("One that only they read. They sign in with it."),
        error_messages={
            "required": _("Write their e-mail."),
            "invalid": _("Write a whole e-mail address, such as name@example.org."),
        },
    )

    field_order = ("name", "email", "title", "credential", "languages", "roles")

    @property
    def particulars(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "credential", "languages")}


class LicenseForm(forms.Form):
    kind = forms.CharField(
        label=_("Kind"),
        help_text=_("Such as LICDC, LPCC-S, RN."),
        max_length=40,
        error_messages={"required": _("Say which license it is.")},
    )
    number = forms.CharField(
        label=_("Number"), max_length=40, error_messages={"required": _("Write its number.")}
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("Choose")), *((code, code) for code in STATES)],
        error_messages={"required": _("Choose the state.")},
    )
    expires_on = forms.DateField(
        label=_("Good until"),
        required=False,
        widget=DateInput,
        error_messages={"invalid": _("Write the day as month/day/year.")},
    )


class SecondStepForm(forms.Form):
    because = forms.CharField(
        label=_("How did you make sure who it is?"),
        max_length=200,
        help_text=_("Such as: lost their phone; met them at the front desk."),
    )
