"""How one reader stands to one patient, asked of the database once, so that the table can be read many times.

A page has a dozen things to show or not to show about one person. It asks ``sight`` once and puts its questions to
``may`` with the answer. It lasts as long as the page: an act asks anew, with the patient, and so sees what was taken
away in the meantime.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, models
from django.db.models import BooleanField, ExpressionWrapper

from stepwell.ground.kit import clock
from stepwell.trust.access import statements
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.statements import Statement
from stepwell.trust.access.visibility import NOT_MERGED, relation_holds

if TYPE_CHECKING:
    from stepwell.trust.accounts.models import User


@dataclass(frozen=True)
class Sight:
    """The relations that hold, and the center at which the patient is; none to a record that is not there."""

    reader_id: UUID
    patient_id: UUID
    center_id: UUID | None
    relations: frozenset[Relation]

    def meets(self, standings: dict[Relation, set[UUID] | None]) -> bool:
        """Whether one of the relations that give a permission holds, at a center for which it gives it."""
        return any(
            relation in self.relations
            and (relation is Relation.SELF or centers is None or self.center_id in centers)
            for relation, centers in standings.items()
        )


def sight(user: "User", patient: models.Model) -> Sight:
    """How this person stands to that patient at this moment."""
    statement = _statement(type(patient))
    blanks = {statements.READER: user.pk, statements.PATIENT: patient.pk, statements.NOW: clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.filled(blanks))
        center_id, *held = cursor.fetchone() or (None,)
    return Sight(
        user.pk,
        patient.pk,
        center_id,
        frozenset(relation for relation, holds in zip(Relation, held, strict=False) if holds),
    )


@cache
def _statement(patients: type[models.Model]) -> Statement:
    holds = (
        ExpressionWrapper(relation_holds(relation, patients), output_field=BooleanField())
        for relation in Relation
    )
    here = patients._base_manager.filter(NOT_MERGED, pk=statements.PATIENT)
    return Statement.of(here.values_list("center_id", *holds))
