"""Who may see one record, each with the reason: the care team, an emergency, a part at the center, a consent.

Read from the same rows and the same table that decide it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.doors.staff import words
from stepwell.trust.access import Permission, Sight, may
from stepwell.trust.access.rules import TABLE, Relation
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.consent.models import Consent
from stepwell.trust.consent.standing import Consents
from stepwell.trust.people.models import CareTeamMember, Patient

#: More than these are counted and not named.
NAMED = 8
ENDS_SOON = timedelta(days=14)
#: Parts of a chart that have a permission of their own.
OWN = {
    Permission.SEE_NOTES: gettext_lazy("notes"),
    Permission.SEE_MEDICATION: gettext_lazy("medicine"),
}


@dataclass(frozen=True)
class Reader:
    """Somebody inside."""

    name: str
    part: str
    because: str


@dataclass(frozen=True)
class Told:
    """Somebody outside whom a consent in force lets know something."""

    consent: Consent
    ends_soon: bool


@dataclass
class WhoSees:
    """Each part is read when the page draws it."""

    patient: Patient
    reader: User
    sight: Sight
    team: Sequence[CareTeamMember]
    now: datetime

    @property
    def on_the_team(self) -> list[Reader]:
        return [
            Reader(
                member.practitioner.name,
                words.role_name(member.role),
                _("on the care team since %(day)s%(but)s")
                % {
                    "day": date_format(member.started_on, "M j"),
                    "but": _not_seen(Role(member.role), Relation.CARE_TEAM),
                },
            )
            for member in self.team
            if member.practitioner.user.is_active
        ]

    @cached_property
    def in_emergency(self) -> list[Reader]:
        let_in = CareTeamMember.objects.visible_to(self.reader).in_emergency().filter(patient=self.patient)
        return [
            Reader(
                member.practitioner.name,
                words.role_name(member.role),
                _("let in by an emergency until %(time)s")
                % {"time": words.clock_time(member.expires_at.astimezone(self.now.tzinfo))},
            )
            for member in let_in.select_related("practitioner").order_by("expires_at")
            if member.expires_at is not None
        ]

    @cached_property
    def by_their_part(self) -> list[Reader]:
        """Those who see every chart of the center, through no care team."""
        held = Membership.objects.current().filter(
            Q(center=None) | Q(center=self.patient.center_id),
            organization=self.patient.organization_id,
            role__in=_through(Relation.CENTER, Permission.SEE_CHART),
            user__is_active=True,
        )
        return [
            Reader(
                one.user.name,
                words.role_name(one.role),
                _("sees every chart of the center")
                if one.center_id
                else _("sees every chart, at every center"),
            )
            for one in held.select_related("user").order_by("role", "user__name")
        ]

    @property
    def named_by_their_part(self) -> list[Reader]:
        return self.by_their_part[:NAMED]

    @property
    def more_by_their_part(self) -> int:
        return max(len(self.by_their_part) - NAMED, 0)

    @property
    def who_see_the_name(self) -> str:
        """The parts at the center that see that a person is in care and how to reach them, and no chart by that."""
        roles = _through(Relation.CENTER, Permission.SEE_DIRECTORY)
        charts = _through(Relation.CENTER, Permission.SEE_CHART)
        return ", ".join(words.role_name(role).lower() for role in roles if role not in charts)

    @cached_property
    def sees_consents(self) -> bool:
        return may(self.reader, Permission.SEE_CONSENTS, self.sight)

    @cached_property
    def sees_trace(self) -> bool:
        return may(self.reader, Permission.SEE_TRACE, self.sight)

    @cached_property
    def outside(self) -> list[Told]:
        if not self.sees_consents:
            return []
        consents = Consent.objects.visible_to(self.reader).signed().in_force().filter(patient=self.patient)
        soon = self.now.date() + ENDS_SOON
        return [
            Told(each, each.expires_on is not None and each.expires_on <= soon)
            for each in Consents.of(consents.select_related("patient__center")).in_force
        ]


def _through(relation: Relation, permission: Permission) -> list[Role]:
    return [role for role, relations in TABLE[permission].items() if relation in relations]


def _not_seen(role: Role, relation: Relation) -> str:
    """`, not notes or medicine`; nothing for those who see it all."""
    lacking = [
        str(name)
        for permission, name in OWN.items()
        if relation not in TABLE[permission].get(role, frozenset())
    ]
    return _(", not %(parts)s") % {"parts": _(" or ").join(lacking)} if lacking else ""
