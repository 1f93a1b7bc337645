"""Somebody leaves: everything they hold goes to colleagues, then their roles end. All of it at once, or nothing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Practitioner
from stepwell.trust.setup.actions.staff import deactivate, wait_in_turn
from stepwell.trust.setup.registry import Held, Holding

END = "end"


@dataclass(frozen=True)
class Choices:
    """Who takes what over, by kind and key; and what ends, with the reason."""

    given: Mapping[str, Mapping[str, Practitioner]] = field(default_factory=dict)
    ended: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@transaction.atomic
def leave(
    user: User, of: Practitioner | None, held: list[Held], choices: Choices, *, by: User, at: datetime
) -> None:
    """Hand over, then deactivate. Raises NotHandedOver or Refused, with nothing changed."""
    require(by, Permission.MANAGE_STAFF)
    # First, as ``deactivate`` alone does: else each of two who leave could hold what the other waits for.
    wait_in_turn()
    if of is not None:
        everyone = {to for shares in choices.given.values() for to in shares.values()}
        # The week takes its locks in an order of its own, so it comes first, and everything together.
        for each in held:
            each.part.prepare(of, everyone, at=at)
        for each in held:
            each.part.hand_over(choices.given.get(each.part.key, {}), of=of, by=by, at=at)
            for key, because in choices.ended.get(each.part.key, {}).items():
                each.part.end(key, of=of, because=because, by=by, at=at)
    deactivate(user, by=by, at=at)


@dataclass(frozen=True)
class Line:
    """One thing to hand over, with where it may go."""

    holding: Holding
    to: forms.BoundField


@dataclass(frozen=True)
class Section:
    """One kind of thing: a colleague for all, a line for each, and a reason for what ends."""

    held: Held
    everyone: forms.BoundField
    because: forms.BoundField
    lines: list[Line]
    ends: bool


class LeavingForm(forms.Form):
    """A colleague for everything that somebody holds. What was chosen is kept when something stands in the way."""

    def __init__(self, *args: Any, held: list[Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = [each for each in held if each.holdings]
        wanted = {pk for each in self.held for one in each.holdings for pk in one.may_go_to}
        self.colleagues = {one.pk: one for one in Practitioner.objects.filter(pk__in=wanted)}
        for each in self.held:
            self._add(each)

    def _add(self, each: Held) -> None:
        part = each.part.key
        of_all = {pk for one in each.holdings for pk in one.may_go_to}
        may_end = any(one.may_end for one in each.holdings)
        ends_as = next((one.end_words for one in each.holdings), "")
        self.fields[f"all_{part}"] = forms.ChoiceField(
            label=_("Those not chosen below"),
            required=False,
            choices=[
                ("", _("Choose for each")),
                *sorted(
                    ((str(pk), self.colleagues[pk].signature) for pk in of_all), key=lambda pair: pair[1]
                ),
                *([(END, ends_as or _("End without a colleague"))] if may_end else []),
            ],
        )
        for one in each.holdings:
            self.fields[name_of(part, one.key)] = forms.ChoiceField(
                label=_("%(what)s goes to") % {"what": one.what},
                required=False,
                choices=[
                    ("", _("Choose")),
                    *((str(pk), self.colleagues[pk].signature) for pk in one.may_go_to),
                    *([(END, one.end_words or _("End it"))] if one.may_end else []),
                ],
                error_messages={"invalid_choice": _("Choose somebody from the list.")},
            )
        self.fields[f"because_{part}"] = forms.CharField(
            label=_("Why anything here ends without a colleague"), required=False, max_length=200
        )

    @property
    def sections(self) -> list[Section]:
        return [
            Section(
                each,
                self[f"all_{each.part.key}"],
                self[f"because_{each.part.key}"],
                [Line(one, self[name_of(each.part.key, one.key)]) for one in each.holdings],
                any(one.may_end for one in each.holdings),
            )
            for each in self.held
        ]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        given: dict[str, dict[str, Practitioner]] = defaultdict(dict)
        ended: dict[str, dict[str, str]] = defaultdict(dict)
        for each in self.held:
            part = each.part.key
            because = (chosen.get(f"because_{part}") or "").strip()
            for one in each.holdings:
                name = name_of(part, one.key)
                if name in self.errors:
                    continue
                to = chosen.get(name) or chosen.get(f"all_{part}") or ""
                if to == END and one.may_end:
                    ended[part][one.key] = because
                    if not because:
                        self._add_once(f"because_{part}", _("Say why it ends without a colleague."))
                elif to in {str(pk) for pk in one.may_go_to}:
                    given[part][one.key] = next(p for pk, p in self.colleagues.items() if str(pk) == to)
                elif to:
                    self.add_error(
                        name, _("Whom you chose for the rest cannot take this. Choose for it alone.")
                    )
                else:
                    self.add_error(
                        name, _("Choose who takes over %(what)s.") % {"what": f"{one.what}, {one.detail}"}
                    )
        self.choices = Choices(given, ended)
        return chosen

    def _add_once(self, name: str, because: str) -> None:
        if name not in self.errors:
            self.add_error(name, because)


def name_of(part: str, key: str) -> str:
    """The form's name for one thing; a colon would not do in an address on the page."""
    return f"to_{part}_{key.replace(':', '-')}"
