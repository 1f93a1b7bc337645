"""Notes that somebody who leaves has not signed: theirs to sign, until a colleague takes over the writing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.encounters.models import Encounter
from stepwell.care.notes.owed import notes_to_sign
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.access.rules import TABLE
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Practitioner
from stepwell.trust.setup.caseload import at_center, name_for, who_works
from stepwell.trust.setup.registry import Holding, NotHandedOver


def _by_key(of: Practitioner) -> dict[str, list[Encounter]]:
    """A group is written as one, so its notes go to one person."""
    found: dict[str, list[Encounter]] = defaultdict(list)
    for one in (
        notes_to_sign(of.user).select_related("patient__center", "session__series").order_by("starts_at")
    ):
        found[f"session:{one.session_id}" if one.session_id else str(one.pk)].append(one)
    return found


class Notes:
    """Notes not signed yet. They are signed by who was there, or passed on as to be written by a colleague."""

    key = "notes"
    title = gettext_lazy("Notes not signed")
    about = gettext_lazy(
        "Best signed by the person themself before they leave. A colleague may write them instead."
    )
    ending = ""

    def held(self, of: Practitioner, *, reader: User, at: datetime) -> list[Holding]:
        owed = _by_key(of)
        names = name_for(reader, {one.patient for each in owed.values() for one in each})
        writers = who_works(TABLE[Permission.SIGN_NOTE], beside=of)
        return [
            Holding(
                key,
                each[0].session.series.name if each[0].session else names[each[0].patient_id],
                formats.date_format(
                    each[0].starts_at.astimezone(each[0].patient.center.zone), "D, M j, g:i A"
                ),
                at_center(writers, each[0].patient.center_id),
                may_end=False,
                names=None if each[0].session else each[0].patient_id,
            )
            for key, each in owed.items()
        ]

    def prepare(self, of: Practitioner, to: Collection[Practitioner], *, at: datetime) -> None:
        list(notes_to_sign(of.user).order_by("pk").select_for_update(of=("self",)))

    def hand_over(
        self, shares: Mapping[str, Practitioner], *, of: Practitioner, by: User, at: datetime
    ) -> None:
        pass_on_notes(of, shares, by=by, at=at)

    def end(self, key: str, *, of: Practitioner, because: str, by: User, at: datetime) -> None:
        raise Refused(_("A note is written by somebody. Choose who."))


def pass_on_notes(of: Practitioner, shares: Mapping[str, Practitioner], *, by: User, at: datetime) -> None:
    """Let colleagues write what this person has not signed. A step of a larger transaction."""
    require(by, Permission.MANAGE_STAFF)
    owed = _by_key(of)
    writers = who_works(TABLE[Permission.SIGN_NOTE], beside=of)
    for key, to in shares.items():
        for one in owed.get(key, []):
            if to.pk not in at_center(writers, one.patient.center_id):
                raise NotHandedOver(
                    _("%(name)s does not sign notes at this center.") % {"name": to.name},
                    part=Notes.key,
                    key=key,
                )
            one.to_be_written_by = to
            one.save(update_fields=["to_be_written_by"])
            audit.record(
                by=by,
                did=audit.Did.HANDED_OVER,
                to=one,
                because=f"note: {of.name} → to be written by {to.name}",
            )
