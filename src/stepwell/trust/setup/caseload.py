"""The people somebody looks after, as a part of what they hand over: each goes to a colleague in the same part."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import GIVES_CARE, Role
from stepwell.trust.accounts.words import role_name
from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.people.joining import join_care_team
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from stepwell.trust.setup.registry import Holding, NotHandedOver


def name_for(reader: User, patients: Collection[Patient]) -> dict[UUID, str]:
    """What each is called to this reader: the record number, to one who may not see who is in care."""
    seen = set(
        Patient.objects.visible_to(reader)
        .filter(pk__in=[patient.pk for patient in patients])
        .values_list("pk", flat=True)
    )
    return {
        patient.pk: patient.name
        if patient.pk in seen
        else _("Record %(number)s") % {"number": patient.record_number}
        for patient in patients
    }


def who_works(roles: Collection[str], *, beside: Practitioner) -> dict[UUID | None, list[Practitioner]]:
    """Those in one of these roles by center, and under None those at every center; without the one who leaves."""
    found: dict[UUID | None, list[Practitioner]] = defaultdict(list)
    held = Membership.objects.current().filter(
        organization=the_organization_id(), role__in=list(roles), user__is_active=True
    )
    by_user = {one.user_id: one for one in Practitioner.objects.exclude(pk=beside.pk)}
    for one in held.exclude(user=beside.user_id):
        if practitioner := by_user.get(one.user_id):
            found[one.center_id].append(practitioner)
    return found


def at_center(by_center: Mapping[UUID | None, list[Practitioner]], center: UUID) -> tuple[UUID, ...]:
    there = {one.pk: one for one in [*by_center.get(center, []), *by_center.get(None, [])]}
    return tuple(sorted(there, key=lambda key: there[key].name))


def _may_play(role: str) -> Collection[str]:
    """Whoever gives care may be on a team as facilitator; any other part is for those who have that role."""
    return GIVES_CARE if role == Role.FACILITATOR else [role]


class Caseload:
    """Places on care teams. One as facilitator goes with the group, where others look after the person."""

    key = "caseload"
    title = gettext_lazy("People")
    about = gettext_lazy("The place on the care team ends today, and the colleague's begins today.")
    ending = gettext_lazy("They leave the care team, and nobody takes their part.")

    def held(self, of: Practitioner, *, reader: User, at: datetime) -> list[Holding]:
        places = list(_places(of).select_related("patient"))
        names = name_for(reader, [place.patient for place in places])
        by_role = {role: who_works(_may_play(role), beside=of) for role in {place.role for place in places}}
        return [
            Holding(
                str(place.pk),
                names[place.patient_id],
                role_name(place.role),
                at_center(by_role[place.role], place.patient.center_id),
                names=place.patient_id,
            )
            for place in places
        ]

    def prepare(self, of: Practitioner, to: Collection[Practitioner], *, at: datetime) -> None:
        list(_places(of).order_by("pk").select_for_update(of=("self",)))

    def hand_over(
        self, shares: Mapping[str, Practitioner], *, of: Practitioner, by: User, at: datetime
    ) -> None:
        hand_over_caseload(of, shares, by=by, at=at)

    def end(self, key: str, *, of: Practitioner, because: str, by: User, at: datetime) -> None:
        require(by, Permission.MANAGE_STAFF)
        place = _places(of).select_related("patient__center").filter(pk=key).first()
        if place is not None:
            _end(place, because=because, at=at)
            audit.record(
                by=by,
                did=audit.Did.ENDED,
                to=place,
                because=f"{of.name} leaves, and nobody takes this part",
            )


def _places(of: Practitioner) -> QuerySet[CareTeamMember]:
    """Those that would leave somebody without this part, or without anybody."""
    others = (
        CareTeamMember.objects.current()
        .filter(patient=OuterRef("patient"), kind=CareTeamMember.Kind.REGULAR)
        .exclude(pk=OuterRef("pk"))
    )
    return (
        CareTeamMember.objects.current()
        .filter(practitioner=of, kind=CareTeamMember.Kind.REGULAR, expires_at=None)
        .filter(~Q(role=Role.FACILITATOR) | ~Exists(others))
        .order_by("patient__first_name", "patient__last_name", "role")
    )


def hand_over_caseload(
    of: Practitioner, shares: Mapping[str, Practitioner], *, by: User, at: datetime
) -> None:
    """Put colleagues in this person's place on care teams, by the key of the place. A step of a larger transaction."""
    require(by, Permission.MANAGE_STAFF)
    places = {str(place.pk): place for place in _places(of).select_related("patient__center")}
    allowed = {one.key: one.may_go_to for one in Caseload().held(of, reader=by, at=at)}
    for key, to in shares.items():
        place = places.get(key)
        if place is None:
            continue  # Handed over by somebody else meanwhile.
        if to.pk not in allowed[key]:
            raise NotHandedOver(
                _("%(name)s does not work as %(role)s at this center.")
                % {"name": to.name, "role": role_name(place.role).lower()},
                part=Caseload.key,
                key=key,
            )
        _end(place, because=f"handed over to {to.name}", at=at)
        begun = join_care_team(place.patient, to, Role(place.role), on=place.patient.center.day_of(at), by=by)
        audit.record(
            by=by,
            did=audit.Did.HANDED_OVER,
            to=begun,
            because=f"{role_name(place.role)}: {of.name} → {to.name}",
        )


def _end(place: CareTeamMember, *, because: str, at: datetime) -> None:
    place.ended_on = max(place.patient.center.day_of(at), place.started_on)
    place.ended_because = because[:300]
    place.save(update_fields=["ended_on", "ended_because"])
