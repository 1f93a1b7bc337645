"""Making one record of two of the same person, and taking them apart again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Forbidden, Permission, require
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User
from stepwell.trust.people import merging
from stepwell.trust.people.merging import Keys
from stepwell.trust.people.models import Patient, RecordMerge

SIGN_IN = "sign-in"


class CannotMerge(Refused):
    """What has to be put right first, each by name."""

    def __init__(self, objections: Collection[str]) -> None:
        super().__init__(_("These two cannot be merged yet.") + " " + " ".join(objections))
        self.objections = tuple(objections)


class _NotKept(Exception):
    pass


@transaction.atomic
def merge(survivor: Patient, merged: Patient, *, because: str, by: User, at: datetime) -> RecordMerge:
    """Give everything of one record to the other. The emptied one stays, and its address leads to the survivor.

    Which rows went over is written down, so that exactly these can go back. Raises CannotMerge with everything that
    stands in the way: two open episodes, two sign-ins, bookings at the same time.
    """
    require(by, Permission.MERGE_RECORDS, survivor)
    already = RecordMerge.objects.filter(survivor=survivor, merged=merged, undone_at=None).first()
    if already is not None:
        _require_at_center_of(merged, by)
        return already  # A second click.
    require(by, Permission.MERGE_RECORDS, merged)
    if not because.strip():
        raise Refused(_("Say how you know that this is one person."), field="because")
    survivor, merged = _locked(survivor, merged)
    done, objections = _carried_over(survivor, merged, because=because.strip(), by=by, at=at)
    if objections:
        raise CannotMerge(objections)
    audit.record(
        by=by, did=audit.Did.MERGED, to=done, patient=survivor, because=f"record {merged.record_number}"
    )
    return done


def objections_to_merging(
    survivor: Patient, merged: Patient, *, reader: User, at: datetime
) -> tuple[str, ...]:
    """What stands in the way now: it is tried, and not kept."""
    objections: list[str] = []
    try:
        with transaction.atomic():
            ours, theirs = _locked(survivor, merged)
            objections = _carried_over(ours, theirs, because="tried", by=reader, at=at)[1]
            raise _NotKept
    except _NotKept:
        return tuple(objections)


@dataclass(frozen=True)
class Since:
    """What was written to the survivor after the merge."""

    #: It hangs from something that goes back, and goes with it.
    goes_along: Keys
    #: A person says whose it is; unless they say otherwise it stays.
    to_decide: Keys


def written_since(merge: RecordMerge) -> Since:
    now = merging.rows_of(merge.survivor)
    known = {
        label: {*merge.moved.get(label, ()), *merge.stayed.get(label, ())} for label in {*merge.moved, *now}
    }
    since = {label: [key for key in keys if key not in known[label]] for label, keys in now.items()}
    along = merging.hanging_from({k: v for k, v in merge.moved.items() if k != SIGN_IN}, since)
    rest = {
        label: left
        for label, keys in since.items()
        if (left := [key for key in keys if key not in along.get(label, ())])
    }
    return Since(along, rest)


@transaction.atomic
def take_apart(
    merge: RecordMerge,
    *,
    because: str,
    goes_back: Collection[str] = (),
    shown: Collection[str] | None = None,
    by: User,
    at: datetime,
) -> None:
    """Give back exactly the rows that went over. What was written since stays with the survivor, but for what hangs
    from a row that goes back, and what somebody says belongs there (``goes_back``: keys of rows).

    ``shown`` are those that they had before them. Raises ChangedMeanwhile when there are others to decide on.
    """
    require(by, Permission.MERGE_RECORDS, merge.survivor)
    _require_at_center_of(merge.merged, by)
    if not because.strip():
        raise Refused(_("Say how you know that these are two people."), field="because")
    # In one order, as where they are merged: so that no two wait for each other.
    people = {
        one.pk: one
        for one in Patient.objects.select_for_update(of=("self",))
        .filter(pk__in=[merge.survivor_id, merge.merged_id])
        .order_by("pk")
    }
    survivor, merged = people[merge.survivor_id], people[merge.merged_id]
    merge = RecordMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        return
    if survivor.merged_into_id is not None:
        raise Refused(_("The survivor was merged into another record since. Take that apart first."))
    since = written_since(merge)
    if shown is not None and any(key not in shown for keys in since.to_decide.values() for key in keys):
        raise ChangedMeanwhile(_("More was written meanwhile. Say of that, too, whose it is."))
    going = {label: list(keys) for label, keys in merge.moved.items() if label != SIGN_IN}
    for label, keys in since.goes_along.items():
        going[label] = [*going.get(label, ()), *keys]
    for label, keys in since.to_decide.items():
        going[label] = [*going.get(label, ()), *(key for key in keys if key in goes_back)]
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    if objections := merging.carry(going, merge=merge, to=merged):
        raise CannotMerge(objections)
    merging.put_places_back(merge)
    if merge.sign_in_moved and str(survivor.user_id) in merge.moved.get(SIGN_IN, ()):
        _give_sign_in_over(survivor, merged)
    merge.undone_at, merge.undone_by, merge.undone_because = at, by, because.strip()
    merge.save(update_fields=["undone_at", "undone_by", "undone_because"])
    audit.record(
        by=by, did=audit.Did.UNMERGED, to=merge, patient=survivor, because=f"record {merged.record_number}"
    )


def _locked(survivor: Patient, merged: Patient) -> tuple[Patient, Patient]:
    """Both, with nobody else at either; in one order, so that two who merge the other way round do not wait forever."""
    if survivor.pk == merged.pk:
        raise Refused(_("This is one record already."))
    both = {
        one.pk: one
        for one in Patient.objects.select_for_update(of=("self",))
        .filter(pk__in=[survivor.pk, merged.pk])
        .order_by("pk")
    }
    if any(one.merged_into_id is not None for one in both.values()):
        raise ChangedMeanwhile(_("Somebody merged one of these meanwhile. Look at them again."))
    return both[survivor.pk], both[merged.pk]


def _carried_over(
    survivor: Patient, merged: Patient, *, because: str, by: User, at: datetime
) -> tuple[RecordMerge, list[str]]:
    made_way = merging.make_way_for_places(survivor, merged, at=at)
    left_behind = merging.places_in_common(survivor, merged)
    moved = {
        label: [key for key in keys if key not in left_behind]
        for label, keys in merging.rows_of(merged).items()
        if keys
    }
    stayed: dict[str, Any] = {label: keys for label, keys in merging.rows_of(survivor).items() if keys}
    if made_way:
        stayed[merging.PLACES] = made_way
    objections = []
    moves_sign_in = merged.user_id is not None and survivor.user_id is None
    if merged.user_id is not None and survivor.user_id is not None:
        objections.append(_("Both have a sign-in of their own. End one of the two first."))
    if moves_sign_in:
        moved[SIGN_IN] = [str(merged.user_id)]
    done = RecordMerge.objects.create(
        survivor=survivor,
        merged=merged,
        because=because[:300],
        done_by=by,
        done_at=at,
        moved=moved,
        stayed=stayed,
        sign_in_moved=moves_sign_in,
    )
    objections += merging.carry(
        {label: keys for label, keys in moved.items() if label != SIGN_IN}, merge=done, to=survivor
    )
    if objections:
        return done, objections
    if moves_sign_in:
        _give_sign_in_over(merged, survivor)
    merged.merged_into = survivor
    merged.save(update_fields=["merged_into"])
    return done, []


def _give_sign_in_over(one: Patient, other: Patient) -> None:
    user, one.user = one.user, None
    one.save(update_fields=["user"])
    other.user = user
    other.save(update_fields=["user"])


def _require_at_center_of(merged: Patient, by: User) -> None:
    """The merged record is out of everybody's sight; whoever handles it must be of its center all the same."""
    centers = standing(by, Permission.MERGE_RECORDS).get(Relation.CENTER, set())
    if centers is not None and merged.center_id not in centers:
        raise Forbidden(by, Permission.MERGE_RECORDS, merged)
