"""Query sets that begin at what the reader may see.

A room declares the path from its rows to the patient (or, for rows about no patient, to the center) and the
permission a reader needs. The rest is the table in ``access.rules``.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from stepwell.ground.kit import clock
from stepwell.trust.access.rules import TABLE, Permission, Relation

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
        patients = self._patients()
        allowed = patients.filter(_patient_condition(user, standings, patients)).values("pk")
        return self.filter(**{f"{self.to_patient}__in" if self.to_patient else "pk__in": allowed})

    def _at_centers(self, standings: dict[Relation, set[UUID] | None]) -> Self:
        if Relation.CENTER not in standings:
            return self.none()
        centers = standings[Relation.CENTER]
        return self if centers is None else self.filter(**{f"{self.to_center}__in": centers})

    def _patients(self) -> "models.QuerySet[models.Model]":
        model: type[models.Model] = self.model
        for step in filter(None, (self.to_patient or "").split("__")):
            model = model._meta.get_field(step).related_model  # type: ignore[assignment]
        return model._base_manager.all()


#: How a place on a care team that opens a chart for an hour is marked, beside the ones that last.
EMERGENCY = "emergency"


def on_the_team_now(path: str = "", *, in_emergency: bool = False) -> Q:
    """A place on a care team that has neither ended nor run out. Nothing else decides who is on a team now.

    ``path`` leads to the care team, with its underscores: ``care_team__``. Those let in by an emergency look after
    nobody, so they are a matter of their own.
    """
    kind = Q(**{f"{path}kind": EMERGENCY})
    has_not_run_out = Q(**{f"{path}expires_at": None}) | Q(**{f"{path}expires_at__gt": clock.now()})
    return (kind if in_emergency else ~kind) & Q(**{f"{path}ended_on": None}) & has_not_run_out


def _patient_condition(
    user: "User | AnonymousUser",
    standings: dict[Relation, set[UUID] | None],
    patients: "models.QuerySet[Any]",
) -> Q:
    """Which patients: those to whom the reader stands in a way that gives the permission, where it gives it."""
    condition = Q(pk__in=[])
    for relation, centers in standings.items():
        stands = relation_holds(relation, user, patients)
        condition |= stands if relation is Relation.SELF else stands & _at(centers)
    return condition & NOT_MERGED


#: Of a record that was merged into another, only the other is left to see.
NOT_MERGED = Q(merged_into=None)


def relation_holds(relation: Relation, user: "User | AnonymousUser", patients: "models.QuerySet[Any]") -> Q:
    """To which patients a reader stands so. Places are found first, by their own index: a center has many patients."""
    if relation is Relation.SELF:
        return Q(user=user)
    if relation is Relation.CENTER:
        return Q(center__isnull=False)
    team = patients.model._meta.get_field("care_team").related_model
    places = team._base_manager.filter(practitioner__user=user)
    now = places.filter(on_the_team_now(in_emergency=relation is Relation.EMERGENCY))
    return Q(pk__in=now.values("patient"))


def _at(centers: set[UUID] | None) -> Q:
    return Q() if centers is None else Q(center__in=centers)
