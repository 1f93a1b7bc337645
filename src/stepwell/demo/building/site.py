"""What every part of the building works with: the story, the organization, and who is who in the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Model

from stepwell.demo.facts import Story
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center, Organization, Room
from stepwell.trust.people.models import Patient, Practitioner

#: Rows a statement: enough to be quick, few enough to stay under the limit of parameters.
ROWS = 500


@dataclass
class Site:
    story: Story
    now: datetime
    organization: Organization
    center: Center
    #: The same, and the small one beside it.
    centers: list[Center] = field(default_factory=list)
    rooms: dict[str, Room] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    practitioners: dict[str, Practitioner] = field(default_factory=dict)
    patients: dict[str, Patient] = field(default_factory=dict)
    #: Rows of later use, by kind and key: ("session", "A1:2026-11-23").
    made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def id_of(self, kind: str, key: str) -> UUID:
        """The same story gets the same addresses."""
        return uuid5(NAMESPACE_URL, f"stepwell:alder-creek:{self.story.seed}:{kind}:{key}")

    def written_at(self, moment: datetime) -> datetime:
        """Nothing is written before it happens, nor later than now."""
        return min(moment.astimezone(UTC), self.now)

    def keep(self, kind: str, key: str, row: Any) -> Any:
        self.made[kind, key] = row
        return row


def write(rows: Iterable[Model]) -> int:
    """Store rows of one kind, many at a time."""
    made = list(rows)
    if made:
        type(made[0])._default_manager.bulk_create(made, batch_size=ROWS)
    return len(made)
