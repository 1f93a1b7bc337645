"""The chains there are: one for each organization, and one of sign-ins, which stand outside the wall.

A chain knows how to read its events in the one form that is hashed, and where its batches are kept.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from stepwell.trust.audit.models import AuditBatch, AuditEvent, Batch, SignInBatch, SignInEvent
from stepwell.trust.audit.rules import chain as rules
from stepwell.trust.audit.rules.chain import Row
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization

#: Events in a batch, at most: what is held in memory at once.
BATCH = 5_000

_AT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"

#: What each form hashes: the columns of a row, in order, with how PostgreSQL writes each as text. When a table gets
#: another column, it gets another form; the old ones stay, so that what was sealed in them can be verified.
EVENT_COLUMNS: dict[int, tuple[tuple[str, str], ...]] = {
    1: (
        ("number", "number::text"),
        ("id", "id::text"),
        ("organization", "organization_id::text"),
        ("at", _AT.format("at")),
        ("by_id", "by_id::text"),
        ("by_name", "by_name"),
        ("by_roles", "by_roles::text"),
        ("did", "did"),
        ("to_type", "to_type"),
        ("to_id", "to_id::text"),
        ("patient_id", "patient_id::text"),
        ("patients", "patients::text"),
        ("how_many", "how_many::text"),
        ("purpose", "purpose"),
        ("because", "because"),
        ("address", "address"),
        ("came_from", "came_from::text"),
        ("session", "session"),
    )
}
EVENT_COLUMNS[2] = EVENT_COLUMNS[1]
SIGN_IN_COLUMNS: dict[int, tuple[tuple[str, str], ...]] = {
    1: (
        ("number", "number::text"),
        ("id", "id::text"),
        ("at", _AT.format("at")),
        ("by_id", "by_id::text"),
        ("did", "did"),
        ("address", "address"),
        ("came_from", "came_from::text"),
        ("session", "session"),
    )
}
SIGN_IN_COLUMNS[2] = (*SIGN_IN_COLUMNS[1], ("agent", "agent"), ("because", "because"))


@dataclass(frozen=True)
class Chain:
    name: str
    organization_id: UUID | None
    table: str
    columns: dict[int, tuple[tuple[str, str], ...]] = field(repr=False)

    @property
    def key(self) -> str:
        """What the chain is called in its hashes: a name can change, this does not."""
        return str(self.organization_id) if self.organization_id else "sign-ins"

    def opened(self) -> AbstractContextManager[object]:
        """A transaction in which the chain's rows can be seen."""
        return acting_in(self.organization_id) if self.organization_id else transaction.atomic()

    def names(self, form: int) -> tuple[str, ...]:
        return tuple(name for name, _text in self.columns[form])

    def batches(self) -> "Iterator[Batch]":
        """Its batches from the first on; their manifests are left out, since they are large."""
        yield from self._all().defer("manifest").order_by("position")

    def manifest(self, batch: Batch) -> bytes:
        return bytes(self._all().values_list("manifest", flat=True).get(pk=batch.pk))

    def last(self) -> Batch | None:
        return self._all().defer("manifest").order_by("-position").first()

    def _all(self):  # type: ignore[no-untyped-def]
        return AuditBatch.objects.all() if self.organization_id else SignInBatch.objects.all()

    def rows(self, *, after: int, upto: int, most: int, form: int = rules.FORM) -> list[Row]:
        """Its events with a number above the one and up to the other, in order."""
        texts = ", ".join(text for _name, text in self.columns[form])
        # The wall does this anyway; said here, it lets the index be used from its first column on.
        mine = "organization_id = %s AND " if self.organization_id else ""
        given = [self.organization_id] if self.organization_id else []
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {texts} FROM {self.table} "  # noqa: S608 our own names
                # By the column: "number" alone would be the text of that name.
                f"WHERE {mine}number > %s AND number <= %s ORDER BY {self.table}.number LIMIT %s",
                [*given, after, upto, most],
            )
            return [_row(texts) for texts in cursor.fetchall()]

    def unsealed_before(self, moment: datetime) -> int:
        """How many events of before then are in no batch yet; counted no further than a thousand and one."""
        last = self.last()
        events = AuditEvent.objects if self.organization_id else SignInEvent.objects
        late = events.filter(number__gt=last.upto if last else 0, at__lt=moment)
        return len(late.order_by("number").values_list("number", flat=True)[:1001])


def _row(texts: Sequence[str | None]) -> Row:
    return Row(int(texts[0] or 0), [None if text is None else text.encode() for text in texts])


def hash_of(batch: Batch, chain: Chain, manifest: bytes) -> bytes:
    return rules.batch_hash(
        chain=chain.key,
        position=batch.position,
        upto=batch.upto,
        count=batch.count,
        sealed_at=batch.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        previous=bytes(batch.previous_hash),
        manifest=manifest,
        form=batch.form,
    )


def of_organization(organization: Organization) -> Chain:
    return Chain(organization.slug, organization.pk, AuditEvent._meta.db_table, EVENT_COLUMNS)


SIGN_INS = Chain("sign-ins", None, SignInEvent._meta.db_table, SIGN_IN_COLUMNS)


def every_chain() -> list[Chain]:
    return [*(of_organization(each) for each in Organization.objects.order_by("slug")), SIGN_INS]
