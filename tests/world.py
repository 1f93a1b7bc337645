"""The world that the proofs walk through: Alder Creek, its twin Birch Hollow, and a reader for every role and relation.

Birch Hollow is another organization with the same rows as Alder Creek under other ids, so whatever Alder Creek has,
another organization has too. The words of every row carry a mark, so that a page tells by itself whose rows it shows.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import models, transaction
from django.test import Client
from psycopg import sql

from stepwell.care.care_plans.actions import begin_plan
from stepwell.care.tasks.actions import ask
from stepwell.config.postgres.server import Login
from stepwell.ground.files.testing import picture
from stepwell.ground.kit import clock
from stepwell.trust.access import VisibleTo
from stepwell.trust.access.rules import TABLE, Permission, Relation
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center, Organization
from stepwell.trust.organizations.separation import separated_models
from stepwell.trust.people.actions.documents import add_document
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import (
    CareTeamMember,
    EmergencyAccess,
    Patient,
    Practitioner,
    RecordMerge,
    RelatedPerson,
)
from stepwell.trust.people.testing import Clinic
from tests.addresses import MAYA, SAMPLES, the_session

BIRCH = "Birch Hollow"
MARK = re.compile(r"zq[0-9a-f]{10}")

SELF, TEAM, CENTER, EMERGENCY = Relation.SELF, Relation.CARE_TEAM, Relation.CENTER, Relation.EMERGENCY


class Stands(Enum):
    """How a reader stands to the sample patient: in words, and which relations of the table hold then.

    Written down here and not asked of the code, which is what the proofs are about.
    """

    ON_THE_TEAM = "on the care team", {TEAM, CENTER}
    WAS_ON_THE_TEAM = "was on the care team", {CENTER}
    SAME_CENTER = "works at the same center", {CENTER}
    LEADS_THE_GROUP = "leads the session, at the same center", {CENTER}
    PLACE_RAN_OUT = "was on the care team until an hour ago", {CENTER}
    IN_EMERGENCY = "opened the chart in an emergency, half an hour ago", {EMERGENCY, CENTER}
    EMERGENCY_OVER = "opened the chart in an emergency, two hours ago", {CENTER}
    OTHER_CENTER = "works at another center", set[Relation]()
    ON_THE_TEAM_FROM_OTHER_CENTER = "on the care team, and works at another center only", set[Relation]()
    EVERY_CENTER = "works at every center of the organization", {CENTER}
    OTHER_ORGANIZATION = "works in another organization", set[Relation]()
    LEFT = "on the care team, and works here no longer", set[Relation]()
    DEACTIVATED = "on the care team, and deactivated", None
    THEMSELF = "the patient themself", {SELF}
    OTHER_PATIENT = "another patient of the same center", set[Relation]()
    PATIENT_ELSEWHERE = "a patient of another organization", set[Relation]()
    DEACTIVATED_PATIENT = "the patient themself, deactivated", None

    @property
    def holds(self) -> frozenset[Relation] | None:
        """The relations that hold; None: this reader is not let in at all."""
        relations = self.value[1]
        return None if relations is None else frozenset(relations)

    @property
    def for_patients(self) -> bool:
        return self in OF_PATIENTS

    @property
    def elsewhere(self) -> bool:
        return self in (Stands.OTHER_ORGANIZATION, Stands.PATIENT_ELSEWHERE)

    def suits(self, role: Role) -> bool:
        return self.for_patients == (role is Role.PATIENT)


OF_PATIENTS = {Stands.THEMSELF, Stands.OTHER_PATIENT, Stands.PATIENT_ELSEWHERE, Stands.DEACTIVATED_PATIENT}
ON_THE_TEAM = {
    Stands.ON_THE_TEAM,
    Stands.ON_THE_TEAM_FROM_OTHER_CENTER,
    Stands.LEFT,
    Stands.DEACTIVATED,
}
CASES = [(role, stands) for role in Role for stands in Stands if stands.suits(role)]


@dataclass(frozen=True)
class Marked:
    """A row that a mark belongs to."""

    organization: UUID
    model: str
    pk: Any


@dataclass
class World:
    alder: Organization
    birch: Organization
    marks: dict[str, Marked] = field(default_factory=dict)
    rows: dict[tuple[UUID, str], Any] = field(default_factory=dict)

    @cached_property
    def patient(self) -> Patient:
        """Whom the relations are to."""
        with acting_in(self.alder.id):
            return SAMPLES.patients()[0]

    @cached_property
    def center(self) -> Center:
        return self.patient.center

    def twin(self, pk: UUID) -> UUID:
        """The id of a row of Alder Creek in Birch Hollow."""
        return UUID(hashlib.md5(f"birch {pk}".encode(), usedforsecurity=False).hexdigest())

    @contextmanager
    def reader(self, role: Role, stands: Stands) -> Iterator["Reader"]:
        """Somebody in one role, standing so. Gone again at the end, with everything done meanwhile."""
        with undone():
            with acting_in(self.alder.id):
                user = self._make(role, stands)
                client = Clinic(self.alder, self.center, None).client(user)  # type: ignore[arg-type]
                # They had signed in before.
                if stands.holds is None:
                    User.objects.filter(pk=user.pk).update(is_active=False)
                if stands is Stands.LEFT:
                    Membership.objects.filter(user=user).update(ended_at=clock.now())
            yield Reader(user, client, role, stands)

    def _make(self, role: Role, stands: Stands) -> User:
        user = User.objects.create(email=f"{uuid4().hex}@example.org", name=f"Reader {role.value}")
        if stands.elsewhere:
            with acting_in(self.birch.id):
                self._join_birch(user, role)
            return user
        center: Center | None = self.center
        if stands in (Stands.OTHER_CENTER, Stands.ON_THE_TEAM_FROM_OTHER_CENTER):
            center = Center.objects.create(name="Mill Street", slug="mill-street")
        elif stands is Stands.EVERY_CENTER:
            center = None
        Membership.objects.create(user=user, organization=self.alder, center=center, role=role)
        if role.is_staff:
            self._begin_work(Practitioner.objects.create(user=user, name=user.name), role, stands)
        else:
            other = Patient.objects.filter(user=None).exclude(pk=self.patient.pk)[0]
            itself = self.patient.pk if stands is not Stands.OTHER_PATIENT else other.pk
            Patient.objects.filter(pk=itself).update(user=user)
        return user

    def _begin_work(self, practitioner: Practitioner, role: Role, stands: Stands) -> None:
        today = clock.today(self.center.time_zone)
        if stands is Stands.WAS_ON_THE_TEAM:
            self._join_team(practitioner, role, ended_on=today)
        if stands in ON_THE_TEAM:
            self._join_team(practitioner, role)
        hour, now = timedelta(hours=1), clock.now()
        if stands is Stands.PLACE_RAN_OUT:
            self._join_team(practitioner, role, expires_at=now - hour)
        if stands in (Stands.IN_EMERGENCY, Stands.EMERGENCY_OVER):
            until = now + hour / 2 if stands is Stands.IN_EMERGENCY else now - hour
            self._join_team(
                practitioner, role, kind="emergency", because="Found at the door", expires_at=until
            )
        if stands is Stands.LEADS_THE_GROUP:
            session = the_session()
            session.leader = practitioner
            session.save(update_fields=["leader"])

    def _join_team(self, practitioner: Practitioner, role: Role, **more: Any) -> None:
        begun = clock.today(self.center.time_zone) - timedelta(days=30)
        CareTeamMember.objects.create(
            patient=self.patient, practitioner=practitioner, role=role, started_on=begun, **more
        )

    def _join_birch(self, user: User, role: Role) -> None:
        center = Center.objects.get(pk=self.twin(self.center.pk))
        Membership.objects.create(user=user, organization=self.birch, center=center, role=role)
        if role.is_staff:
            practitioner = Practitioner.objects.create(user=user, name=user.name)
            CareTeamMember.objects.create(
                patient_id=self.twin(self.patient.pk),
                practitioner=practitioner,
                role=role,
                started_on=clock.today(center.time_zone),
            )
        else:
            Patient.objects.filter(pk=self.twin(self.patient.pk)).update(user=user)


@dataclass
class Reader:
    """Somebody who has signed in, and has just proven who they are."""

    user: User
    client: Client
    role: Role
    stands: Stands

    def has(self, permission: Permission, *, but: Relation | None = None) -> bool:
        """What the table gives them for the sample patient."""
        return bool((TABLE[permission].get(self.role, frozenset()) - {but}) & (self.stands.holds or set()))

    @property
    def belongs(self) -> bool:
        """Whether they work here, or are cared for here, at all."""
        return self.stands.holds is not None and self.stands is not Stands.LEFT

    def has_anywhere(self, permission: Permission, *, but: Relation | None = None) -> bool:
        """Whether the table gives it to this role at all."""
        return self.belongs and bool(TABLE[permission].get(self.role, frozenset()) - {but})


@contextmanager
def undone() -> Iterator[None]:
    """Nothing that is done inside stays."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass


class _Undo(Exception):
    pass


def build_world(owner: Login) -> World:
    """Grow the world in a fresh copy of Alder Creek, to which Django is connected as the app."""
    alder = Organization.objects.get()
    with acting_in(alder.id):
        begin_drafts()
        move_two_away()
    birch = Organization.objects.create(name=BIRCH, slug="birch-hollow")
    with owner.connect() as connection:
        _clone(connection, alder.id, birch.id)
        marks = dict(_mark(connection, alder.id, birch.id))
    return World(alder, birch, marks)


def begin_drafts() -> None:
    """A plan being written, a task and the like for each sample patient, so that their pages have something to show."""
    for patient in SAMPLES.patients():
        counselor = patient.care_team.filter(role=Role.COUNSELOR, ended_on=None)[0].practitioner.user
        begin_plan(patient, by=counselor, at=clock.now())
        begin_emergency(patient, counselor)
        ask(
            patient,
            what="Call about Tuesday",
            why="They asked for a call.",
            role=Role.COUNSELOR,
            to=Practitioner.objects.get(user=counselor),
            due_on=clock.today(patient.center.time_zone),
            by=counselor,
            at=clock.now(),
        )
        add_document(
            patient,
            kind=Document.Kind.IDENTITY,
            data=picture(),
            name="card.jpg",
            by=counselor,
            at=clock.now(),
        )


def begin_emergency(patient: Patient, counselor: User) -> None:
    """Somebody close to a patient, and a look in an emergency that is over and waits to be looked over."""
    RelatedPerson.objects.create(patient=patient, name="A sister", relation="SIS", recorded_by=counselor)
    nurse = Practitioner.objects.filter(user__memberships__role=Role.NURSE)[0]
    then = clock.now() - timedelta(hours=7)
    place = CareTeamMember.objects.create(
        patient=patient,
        practitioner=nurse,
        role=Role.NURSE,
        kind="emergency",
        because="Overdose",
        started_on=then.date(),
        expires_at=then + timedelta(hours=1),
    )
    emptied = Patient.objects.create(
        center=patient.center,
        record_number=f"M{patient.record_number}",
        first_name="Twice",
        merged_into=patient,
    )
    RecordMerge.objects.create(
        survivor=patient, merged=emptied, because="One person.", done_by=counselor, done_at=then
    )
    EmergencyAccess.objects.create(
        patient=patient, place=place, opened_by=nurse.user, opened_at=then, reason="overdose", words="A call."
    )


def fill_empty_roles() -> None:
    """Somebody for every role that Alder Creek has nobody in."""
    center = Center.objects.get(slug="alder-creek")
    for role in Role:
        if not Membership.objects.filter(role=role).exists():
            user = User.objects.create(email=f"{role}@example.org", name=role.value)
            Membership.objects.create(user=user, organization=center.organization, center=center, role=role)
            Practitioner.objects.create(user=user, name=user.name)


def reader_in(role: Role) -> User:
    """Somebody at Alder Creek in that role, in as few others as there is; the patient is one of the samples."""
    if role is Role.PATIENT:
        return User.objects.get(email=MAYA)
    found = User.objects.filter(memberships__role=role).order_by("email")
    return min(found, key=lambda user: user.memberships.count())


def move_two_away() -> None:
    """Two people who have asked for care, at a second center."""
    elm = Center.objects.create(name="Elm Court", slug="elm-court")
    asked = Patient.objects.filter(episodeofcare_set=None).order_by("record_number").values("pk")[:2]
    assert Patient.objects.filter(pk__in=list(asked.values_list("pk", flat=True))).update(center=elm) == 2


def is_history(model: type[models.Model]) -> bool:
    return any(field.name == "pgh_id" for field in model._meta.local_fields)


def _living() -> list[type[models.Model]]:
    """The walled tables whose rows are not history and not the trail."""
    return [
        model
        for model in separated_models()
        if not is_history(model)
        and isinstance(model._meta.pk, models.UUIDField)
        and model._meta.app_label != "audit"
    ]


@contextmanager
def _without_triggers(connection: psycopg.Connection[Any], tables: list[str]) -> Iterator[None]:
    for table in tables:
        connection.execute(sql.SQL("alter table {} disable trigger user").format(sql.Identifier(table)))
    yield
    connection.execute("set constraints all immediate")
    for table in tables:
        connection.execute(sql.SQL("alter table {} enable trigger user").format(sql.Identifier(table)))


def _clone(connection: psycopg.Connection[Any], alder: UUID, birch: UUID) -> None:
    """Every row of one organization once more in the other, under ids made from theirs."""
    walled = set(separated_models())
    with connection.transaction():
        connection.execute("set constraints all deferred")
        with _without_triggers(connection, [model._meta.db_table for model in _living()]):
            for model in _living():
                columns: list[sql.Composable] = []
                values: list[sql.Composable] = []
                for one in model._meta.local_concrete_fields:
                    columns.append(sql.Identifier(one.column))
                    if one.name == "organization":
                        values.append(sql.Literal(birch))
                    elif one.primary_key or _points_behind_the_wall(one, walled):
                        values.append(
                            sql.SQL("md5('birch ' || {}::text)::uuid").format(sql.Identifier(one.column))
                        )
                    else:
                        values.append(sql.Identifier(one.column))
                connection.execute(
                    sql.SQL(
                        "insert into {table} ({columns}) select {values} from {table} where organization_id = {alder}"
                    ).format(
                        table=sql.Identifier(model._meta.db_table),
                        columns=sql.SQL(", ").join(columns),
                        values=sql.SQL(", ").join(values),
                        alder=sql.Literal(alder),
                    )
                )


def _points_behind_the_wall(one: Any, walled: set[type[models.Model]]) -> bool:
    if isinstance(one, models.ForeignKey):
        return one.related_model in walled
    return isinstance(one, models.UUIDField)


def _mark(connection: psycopg.Connection[Any], alder: UUID, birch: UUID) -> Iterator[tuple[str, Marked]]:
    """Put a mark of its own into the words of every row; answer whose each is."""
    tables = [model._meta.db_table for model in _living()]
    with connection.transaction(), _without_triggers(connection, tables):
        for model in _living():
            marked = [*((one, alder) for one in _words(model)), *((one, birch) for one in _all_words(model))]
            for one, organization in marked:
                connection.execute(_marking(model, one), [organization])
            table = model._meta.db_table
            for pk, organization in connection.execute(
                sql.SQL("select id, organization_id from {}").format(sql.Identifier(table))
            ):
                digest = hashlib.md5(f"{table}{pk}".encode(), usedforsecurity=False).hexdigest()[:10]
                yield f"zq{digest}", Marked(organization, model._meta.label, pk)


def _marking(model: type[models.Model], one: Any) -> sql.Composed:
    return sql.SQL(
        "update {table} set {column} = left({column}, {length}) || ' zq' || substr(md5({name} || id::text), 1, 10)"
        " where {column} <> '' and organization_id = %s"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        column=sql.Identifier(one.column),
        length=sql.Literal((one.max_length or 100_000) - 13),
        name=sql.Literal(model._meta.db_table),
    )


def _words(model: type[models.Model]) -> list[Any]:
    """Where somebody writes what they like, in the tables with a query set of their own; and the names of a patient."""
    if not isinstance(model._default_manager.all(), VisibleTo):
        return []
    names = ("first_name", "last_name", "chosen_name") if model is Patient else ()
    return [one for one in _all_words(model) if type(one) is models.TextField or one.name in names]


#: Words that mean something to the code.
NOT_FREE = {"time_zone", "record_number", "phone"}


def _all_words(model: type[models.Model]) -> list[Any]:
    """Every field of words, short or long."""
    return [
        one
        for one in model._meta.local_concrete_fields
        if type(one) in (models.TextField, models.CharField)
        and not one.choices
        and (one.max_length or 100_000) >= 40
        and one.name not in NOT_FREE
    ]
