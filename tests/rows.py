"""Which rows each reader may see: worked out in plain Python from the facts and the table, not by the code."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from stepwell.care.tasks.models import Task
from stepwell.ground.kit import clock
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.access.rules import TABLE, Relation
from stepwell.trust.accounts.models import Membership
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import CareTeamMember, Patient
from tests.world import Reader, World


def seen_models() -> list[type[models.Model]]:
    """Every model whose rows a person sees through the table."""
    return [model for model in apps.get_models() if isinstance(model._default_manager.all(), VisibleTo)]


@dataclass(frozen=True)
class Row:
    pk: Any
    patient: UUID | None
    center: UUID | None


def rows_of(world: World, organization: UUID, model: type[models.Model]) -> list[Row]:
    """Every row of one organization, with the patient it is about, or else the center. Read once where it stays."""
    key = (organization, model._meta.label)
    if key not in world.rows or model is CareTeamMember:
        everything: Any = model._default_manager.all()
        to_patient = (
            "pk" if model is Patient else f"{everything.to_patient}__pk" if everything.to_patient else None
        )
        with acting_in(organization):
            if everything.to_center is not None:
                found = [
                    Row(pk, None, center) for pk, center in everything.values_list("pk", everything.to_center)
                ]
            else:
                found = [Row(pk, patient, None) for pk, patient in everything.values_list("pk", to_patient)]
        world.rows[key] = found
    return world.rows[key]


@dataclass
class Facts:
    """What is known of one reader, read once."""

    reader: Reader
    organization: UUID
    roles: list[tuple[str, UUID | None]]
    team_of: set[UUID]
    let_in_to: set[UUID]
    patients: dict[UUID, tuple[UUID, UUID | None]]

    @classmethod
    def of(cls, world: World, reader: Reader) -> "Facts":
        organization = world.birch.id if reader.stands.elsewhere else world.alder.id
        with acting_in(organization):
            members = CareTeamMember.objects.filter(practitioner__user=reader.user)
            return cls(
                reader,
                organization,
                [
                    (one.role, one.center_id)
                    for one in Membership.objects.filter(user=reader.user, organization=organization)
                    if one.ended_at is None
                ],
                {one.patient_id for one in members if _lasts(one) and one.kind == "regular"},
                {one.patient_id for one in members if _lasts(one) and one.kind == "emergency"},
                {
                    one.pk: (one.center_id, one.user_id)
                    for one in Patient.objects.all()
                    if one.merged_into_id is None
                },
            )

    def may_see(self, row: Row, permission: Permission) -> bool:
        return any(
            self._holds(relation, center, row)
            for role, center in self.roles
            for relation in TABLE[permission].get(role, ())  # type: ignore[call-overload]
        )

    def _holds(self, relation: Relation, works_at: UUID | None, row: Row) -> bool:
        if row.patient is not None and row.patient not in self.patients:
            return False  # Merged into another record, which has taken its place.
        if row.patient is None:
            return relation is Relation.CENTER and works_at in (None, row.center)
        center, user = self.patients[row.patient]
        if relation is Relation.SELF:
            return user == self.reader.user.pk
        here = works_at in (None, center)
        of_relation = {
            Relation.CENTER: set(self.patients),
            Relation.CARE_TEAM: self.team_of,
            Relation.EMERGENCY: self.let_in_to,
        }
        return here and row.patient in of_relation[relation]


def _lasts(place: CareTeamMember) -> bool:
    return place.ended_on is None and (place.expires_at is None or place.expires_at > clock.now())


def visible(
    world: World, facts: Facts, model: type[models.Model], permission: Permission | None = None
) -> set[Any]:
    """The keys of the rows that the table gives this reader."""
    if facts.reader.stands.holds is None:
        return set()
    permission = permission or model._default_manager.all().seen_with  # type: ignore[attr-defined]
    found = {
        row.pk
        for row in rows_of(world, facts.organization, model)
        if (model is not Task or row.patient is not None) and facts.may_see(row, permission)
    }
    return found | given_tasks(facts) if model is Task else found


def given_tasks(facts: Facts) -> set[Any]:
    """Tasks that somebody has, finds in a queue of theirs, or asked for of the office: where they work."""
    with acting_in(facts.organization):
        tasks = list(
            Task.objects.values_list(
                "pk", "patient", "center", "assigned_to", "assigned_to__user", "requested_by", "role"
            )
        )
    me = facts.reader.user.pk
    found = set()
    for pk, patient, center, holder, user, requested_by, role in tasks:
        for own, works_at in facts.roles:
            theirs = (
                user == me or (patient is None and requested_by == me) or (holder is None and role == own)
            )
            knows = patient is None or facts.may_see(Row(pk, patient, None), Permission.SEE_DIRECTORY)
            if own != Role.PATIENT and theirs and knows and works_at in (None, center):
                found.add(pk)
    return found


def visible_marks(world: World, reader: Reader) -> set[str]:
    """The marks that may stand on a page before this reader."""
    facts = Facts.of(world, reader)
    may_see = {model._meta.label: visible(world, facts, model) for model in seen_models()}
    return {mark for mark, of in world.marks.items() if of.pk in may_see.get(of.model, ())}
