"""Query sets that begin at what the reader may see.

A room declares the path from its rows to the patient (or, for rows about no patient, to the center) and the
permission a reader needs. The rest is the table in ``access.rules``.
"""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from stepwell.ground.kit import clock
from stepwell.trust.access import statements
from stepwell.trust.access.rules import TABLE, Permission, Relation
from stepwell.trust.access.statements import Statement

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from stepwell.trust.accounts.models import User


def standing(user: "User | AnonymousUser", permission: Permission) -> dict[Relation, set[UUID] | None]:
    """How this reader may stand to a patient under a permission, and at which centers (None: at every one)."""
    found: dict[Relation, set[UUID] | None] = {}
    if not (user.is_authenticated and user.is_active):
        return found
    row = TABLE[permission]
    for membership in user.memberships_here:
        for relation in row.get(membership.role, frozenset()):  # type: ignore[call-overload]
            if membership.center_id is None or found.get(relation, set()) is None:
                found[relation] = None
            else:
                found.setdefault(relation, set()).add(membership.center_id)  # type: ignore[union-attr]
    return found


def works_at(user: "User", permission: Permission, center_id: UUID) -> bool:
    """Whether this reader has the permission over everybody at that center, through no care team."""
    standings = standing(user, permission)
    if Relation.CENTER not in standings:
        return False
    centers = standings[Relation.CENTER]
    return centers is None or center_id in centers


class VisibleTo(models.QuerySet):  # type: ignore[type-arg]
    """Add to a room's query set; set ``seen_with``, and ``to_patient`` or ``to_center``."""

    seen_with: ClassVar[Permission]
    to_patient: ClassVar[str | None] = "patient"
    to_center: ClassVar[str | None] = None

    def visible_to(self, user: "User | AnonymousUser", permission: Permission | None = None) -> Self:
        """The rows this reader may see; none at all without a permission that says so."""
        standings = standing(user, permission or self.seen_with)
        if self.to_center is not None:
            return self._at_centers(standings)
        if not standings:
            return self.none()
        # Together: "patient_id" IN (SELECT ...)
        return self.filter(
            models.Func(
                models.F(self.to_patient or "pk"),
                _those_seen(self._patients(), standings, user),
                template="%(expressions)s",
                arg_joiner=" IN ",
                output_field=models.BooleanField(),
            )
        )

    def _at_centers(self, standings: dict[Relation, set[UUID] | None]) -> Self:
        if Relation.CENTER not in standings:
            return self.none()
        centers = standings[Relation.CENTER]
        return self if centers is None else self.filter(**{f"{self.to_center}__in": centers})

    def _patients(self) -> "type[models.Model]":
        model: type[models.Model] = self.model
        for step in filter(None, (self.to_patient or "").split("__")):
            model = model._meta.get_field(step).related_model  # type: ignore[assignment]
        return model


#: How a place on a care team that opens a chart for an hour is marked, beside the ones that last.
EMERGENCY = "emergency"


def on_the_team_now(path: str = "", *, in_emergency: bool = False, at: datetime | None = None) -> Q:
    """A place on a care team that has neither ended nor run out. Nothing else decides who is on a team now.

    ``path`` leads to the care team, with its underscores: ``care_team__``. Those let in by an emergency look after
    nobody, so they are a matter of their own.
    """
    kind = Q(**{f"{path}kind": EMERGENCY})
    has_not_run_out = Q(**{f"{path}expires_at": None}) | Q(**{f"{path}expires_at__gt": at or clock.now()})
    return (kind if in_emergency else ~kind) & Q(**{f"{path}ended_on": None}) & has_not_run_out


def _those_seen(
    patients: type[models.Model], standings: dict[Relation, set[UUID] | None], user: "User | AnonymousUser"
) -> RawSQL:
    """Which patients: those to whom the reader stands in a way that gives the permission, where it gives it."""
    shape = tuple(
        (relation, None if centers is None else len(centers)) for relation, centers in standings.items()
    )
    blanks: dict[Any, Any] = {statements.READER: user.pk, statements.NOW: clock.now()}
    for number, centers in enumerate(standings.values()):
        blanks |= zip(statements.centers(number, len(centers or ())), centers or (), strict=True)
    statement = _statement(patients, shape)
    return RawSQL(statement.sql, statement.filled(blanks))  # noqa: S611 our own query set, and its values apart


@cache
def _statement(patients: type[models.Model], shape: tuple[tuple[Relation, int | None], ...]) -> Statement:
    condition = Q(pk__in=[])
    for number, (relation, count) in enumerate(shape):
        stands = relation_holds(relation, patients)
        if count is not None and relation is not Relation.SELF:
            stands &= Q(center__in=statements.centers(number, count))
        condition |= stands
    return Statement.of(patients._base_manager.filter(condition & NOT_MERGED).values("pk"))


#: Of a record that was merged into another, only the other is left to see.
NOT_MERGED = Q(merged_into=None)


def relation_holds(relation: Relation, patients: type[models.Model]) -> Q:
    """To which patients a reader stands so, with a blank for the reader and for the moment.

    Places are found first, by their own index: a center has many patients.
    """
    if relation is Relation.SELF:
        return Q(user=statements.READER)
    if relation is Relation.CENTER:
        return Q(center__isnull=False)
    places: Any = patients._meta.get_field("care_team").related_model
    now = on_the_team_now(in_emergency=relation is Relation.EMERGENCY, at=statements.NOW)
    of_reader = places._base_manager.filter(now, practitioner__user=statements.READER)
    return Q(pk__in=of_reader.values("patient"))
