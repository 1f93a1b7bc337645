"""Which rows are about a patient, in every room, and carrying them from one record to another and back.

The walk is over the models there are, so a new room cannot be forgotten. What has been written to the trail and to row
history stays as it was said: whoever reads it for a person asks for all of their records (``Patient.record_ids``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from stepwell.trust.people.models import CareTeamMember, Patient, RecordMerge

#: By the label of a pointer, the keys of rows.
Keys = dict[str, list[str]]
#: Where a merge keeps what it changed of the survivor's own places, beside what stayed.
PLACES = "places"


@dataclass(frozen=True)
class Pointer:
    """A column that says whose a row is."""

    model: type[models.Model]
    column: str

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    def rows_of(self, patient: UUID) -> "models.QuerySet[models.Model]":
        return self.model._base_manager.filter(**{self.column: patient})


def pointers() -> Iterator[Pointer]:
    """Every column that names a patient: each foreign key, and what a model says of itself in ``names_patient_in``."""
    for model in apps.get_models(include_auto_created=True):
        if model is RecordMerge or model is Patient or model._meta.proxy:
            continue
        for field in model._meta.local_fields:
            if (
                isinstance(field, models.ForeignKey)
                and field.related_model is Patient
                and getattr(field, "db_constraint", True)  # history points without a key, and stays
            ):
                yield Pointer(model, field.attname)
        for column in getattr(model, "names_patient_in", ()):
            yield Pointer(model, column)


def movable() -> list[Pointer]:
    """Those in tables that the app may change. What may only be added to keeps what it said."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'UPDATE')"
        )
        may_change = {name for (name,) in cursor.fetchall()}
    return [pointer for pointer in pointers() if pointer.model._meta.db_table in may_change]


def rows_of(patient: Patient) -> Keys:
    """The keys of everything that is about this patient."""
    return {
        pointer.label: [
            str(key) for key in pointer.rows_of(patient.pk).order_by("pk").values_list("pk", flat=True)
        ]
        for pointer in movable()
    }


def carry(keys: Mapping[str, list[str]], *, merge: RecordMerge, to: Patient) -> list[str]:
    """Give these rows to that patient, and say what kept any of them back. Signed rows let exactly this pass."""
    by_label = {pointer.label: pointer for pointer in movable()}
    _say_which(merge)
    objections = []
    for label, rows in keys.items():
        if not rows:
            continue
        pointer = by_label[label]
        try:
            with transaction.atomic():
                pointer.model._base_manager.filter(pk__in=rows).update(**{pointer.column: to.pk})
        except IntegrityError as error:
            objections.append(in_words(pointer.model, error))
    _say_which(None)
    return objections


def _say_which(merge: RecordMerge | None) -> None:
    """Tell the triggers that guard signed rows which merge is being done, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('stepwell.merge', %s, true)", [str(merge.pk) if merge else ""])


def in_words(model: type[models.Model], error: IntegrityError) -> str:
    """What stands in the way. A model says it of its own constraints, in ``kept_apart_by``."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    said: Mapping[str, Any] = getattr(model, "kept_apart_by", {})
    if name in said:
        return str(said[name])
    return _("Both have a %(what)s that there can be only one of (%(name)s).") % {
        "what": model._meta.verbose_name,
        "name": name or str(error).partition("\n")[0],
    }


def make_way_for_places(survivor: Patient, merged: Patient, *, at: datetime) -> list[list[str]]:
    """Of the places that both have: end the survivor's that ran out, and let it last as long as the other's.

    Says which places these were, and until when each was to last, for ``put_places_back``.
    """
    regular = CareTeamMember.objects.filter(ended_on=None, kind=CareTeamMember.Kind.REGULAR)
    changed = []
    for place in regular.filter(patient=survivor, expires_at__isnull=False):
        theirs = regular.filter(patient=merged, practitioner=place.practitioner_id, role=place.role).first()
        until = place.expires_at
        if theirs is None or until is None:
            continue
        if until <= at:
            zone = survivor.center.zone
            place.ended_on = max(
                place.started_on, min(until.astimezone(zone).date(), at.astimezone(zone).date())
            )
        elif theirs.expires_at is None or theirs.expires_at > until:
            place.expires_at = theirs.expires_at
        else:
            continue
        place.save(update_fields=["ended_on", "expires_at"])
        changed.append([str(place.pk), until.isoformat()])
    return changed


def put_places_back(merge: RecordMerge) -> None:
    """Make these places what they were, unless somebody ended them or took the same one since."""
    regular = CareTeamMember.objects.filter(ended_on=None, kind=CareTeamMember.Kind.REGULAR)
    for key, was in merge.stayed.get(PLACES, ()):
        until = datetime.fromisoformat(was)
        place = CareTeamMember.objects.get(pk=key)
        if until > merge.done_at:
            regular.filter(pk=key).update(expires_at=until)
        elif not regular.filter(
            patient=place.patient_id, practitioner=place.practitioner_id, role=place.role
        ).exists():
            place.ended_on = None
            place.save(update_fields=["ended_on"])


def places_in_common(survivor: Patient, merged: Patient) -> list[str]:
    """Places on the care team that the survivor has as well: they stay behind, and open nothing there."""
    same = CareTeamMember.objects.filter(
        patient=survivor,
        practitioner=OuterRef("practitioner"),
        role=OuterRef("role"),
        ended_on=None,
        kind=CareTeamMember.Kind.REGULAR,
    )
    ours = CareTeamMember.objects.filter(
        Exists(same), patient=merged, ended_on=None, kind=CareTeamMember.Kind.REGULAR
    )
    return [str(key) for key in ours.values_list("pk", flat=True)]


def hanging_from(moved: Mapping[str, list[str]], since: Mapping[str, list[str]]) -> Keys:
    """Those of the rows written since that point at a row that goes back, or at one that does so itself."""
    going = {key for keys in moved.values() for key in keys}
    found: Keys = {}
    grew = True
    while grew:
        grew = False
        for pointer in movable():
            rows = [key for key in since.get(pointer.label, ()) if key not in going]
            if not rows:
                continue
            links = [
                field.attname
                for field in pointer.model._meta.local_fields
                if isinstance(field, models.ForeignKey) and field.attname != pointer.column
            ]
            for key, *targets in pointer.model._base_manager.filter(pk__in=rows).values_list("pk", *links):
                if going & {str(target) for target in targets if target is not None}:
                    going.add(str(key))
                    found.setdefault(pointer.label, []).append(str(key))
                    grew = True
    return found


#: No row may come to point at a record that was merged away, also not one that was being written while it was.
_GUARD = """
CREATE OR REPLACE FUNCTION stepwell_not_for_a_merged_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    went uuid;
BEGIN
    -- Waits for whoever is merging this very record, and then reads what became of it.
    EXECUTE format('SELECT p.merged_into_id FROM people_patient p WHERE p.id = ($1).%I FOR KEY SHARE', TG_ARGV[0])
        INTO went USING NEW;
    IF went IS NOT NULL THEN
        RAISE EXCEPTION 'this record was merged into another' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""


def guard(connection: BaseDatabaseWrapper) -> None:
    """Build that into every table with a pointer. Run as the owner of the tables, after every migration."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARD)
        for pointer in pointers():
            table, name = _guard_of(pointer)
            cursor.execute(
                f'CREATE OR REPLACE TRIGGER "{name}" AFTER INSERT OR UPDATE OF "{pointer.column}" ON "{table}"'
                f" FOR EACH ROW EXECUTE FUNCTION stepwell_not_for_a_merged_record('{pointer.column}')"
            )


def guards() -> Iterator[tuple[str, str]]:
    """Table and name of each of them."""
    return (_guard_of(pointer) for pointer in pointers())


def _guard_of(pointer: Pointer) -> tuple[str, str]:
    return pointer.model._meta.db_table, f"not_merged_{pointer.column}"


def somebody_is_merged() -> bool:
    """Whether any record was merged away. As the owner, of every organization."""
    return Patient._base_manager.filter(merged_into__isnull=False).exists()
