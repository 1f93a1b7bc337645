"""The chain, in a database that really commits: late events, two sealers, a sealer killed, and every tampering."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from stepwell.config.testing.fixtures import NOW
from stepwell.ground.kit import clock
from stepwell.trust import audit
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit import chains, sealing
from stepwell.trust.audit.chains import SIGN_INS, Chain, of_organization
from stepwell.trust.audit.events import Whence, whence
from stepwell.trust.audit.models import AuditBatch, AuditEvent, SignInBatch, SignInEvent
from stepwell.trust.audit.rules.chain import Damage
from stepwell.trust.audit.verifying import Fault, verify
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.people.testing import open_clinic


@dataclass
class Log:
    """A clinic with some events, its chain, and a way to the database past everything that guards it."""

    organization: Organization
    chain: Chain
    owner: psycopg.Connection[Any]
    database: str

    def write(self, count: int, **more: Any) -> list[AuditEvent]:
        with acting_in(self.organization.pk):
            for number in range(count):
                audit.record(by=None, did=audit.Did.OPENED, patient=uuid4(), because=f"page {number}", **more)
            return list(AuditEvent.objects.order_by("number"))

    def faults(self, **more: Any) -> list[Fault]:
        return [found for found in verify(self.chain, **more) if isinstance(found, Fault)]

    def batches(self) -> list[AuditBatch]:
        with acting_in(self.organization.pk):
            return list(AuditBatch.objects.order_by("position"))


@pytest.fixture
def log(fresh_database, database_server) -> Iterator[Log]:
    with fresh_database() as name:
        with open_clinic() as clinic:
            dana, maya = clinic.user(Role.COUNSELOR, "Dana Whitfield"), clinic.patient("Maya Reyes")
            token = whence.set(Whence("/staff/people/", "203.0.113.7", "0123456789abcdef"))
            audit.record(by=dana, did=audit.Did.OPENED, to=maya, because="O'Brien-Núñez \n\\ “words”")
            audit.record(by=dana, did=audit.Did.LISTED, patients=[maya.pk, uuid4()])
            whence.reset(token)
        with database_server.owner.to(name).connect() as owner:
            yield Log(clinic.organization, of_organization(clinic.organization), owner, name)


def test_what_was_written_is_sealed_and_is_whole(log):
    assert sealing.seal() == 2
    [batch] = log.batches()
    assert (batch.position, batch.count) == (1, 2)
    assert log.faults() == []


def test_each_batch_carries_on_from_the_one_before(log, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    log.write(5)
    assert sealing.seal() == 7
    batches = log.batches()
    assert [batch.count for batch in batches] == [2, 2, 2, 1]
    assert [bytes(b.previous_hash) for b in batches[1:]] == [bytes(b.hash) for b in batches[:-1]]
    assert sealing.seal() == 0
    assert log.faults() == []


def test_an_event_committed_late_with_an_earlier_number_is_waited_for(log):
    sealing.seal()
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with acting_in(log.organization.pk):
            audit.record(by=None, did=audit.Did.SIGNED, because="slow")
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    log.write(3)
    assert sealing.seal(timedelta(seconds=0.2)) == 0, "a batch closed before an earlier event was there"
    go_on.set()
    thread.join()
    assert sealing.seal() == 4
    assert log.faults() == []


def test_an_event_that_was_taken_back_is_waited_for_no_longer(log):
    with acting_in(log.organization.pk):
        audit.record(by=None, did=audit.Did.SIGNED)
        transaction.set_rollback(True)
    log.write(1)
    assert sealing.seal() == 3
    assert log.faults() == []


def test_many_write_while_it_is_sealed_and_nothing_is_skipped(log):
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            log.write(2)
        connection.close()

    writers = [threading.Thread(target=busy) for _ in range(2)]
    for writer in writers:
        writer.start()
    sealed = sum(sealing.seal() for _ in range(12))
    stop.set()
    for writer in writers:
        writer.join()
    sealed += sealing.seal()
    with acting_in(log.organization.pk):
        assert sealed == AuditEvent.objects.count() > 20
    assert log.faults() == []


def test_two_sealers_never_seal_one_chain_at_once(log):
    log.write(3)
    # The other sealer has begun: it holds the lock of this chain.
    log.owner.execute("begin")
    log.owner.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [sealing._LOCK, log.chain.key])
    assert sealing.seal_chain(log.chain, upto=10**9) == 0
    log.owner.execute("rollback")
    assert sealing.seal_chain(log.chain, upto=10**9) == 5


def test_a_sealer_that_is_killed_leaves_whole_batches(log, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    log.write(4)
    made = []

    def dies_in_the_third(batch, chain, manifest):
        made.append(batch)
        if len(made) == 3:
            raise KeyboardInterrupt
        return chains.hash_of(batch, chain, manifest)

    monkeypatch.setattr(sealing, "hash_of", dies_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        sealing.seal()
    assert [batch.count for batch in log.batches()] == [2, 2]
    monkeypatch.undo()
    assert sealing.seal() == 2
    assert log.faults() == []


def test_sealing_refuses_to_run_inside_a_transaction(log):
    with pytest.raises(RuntimeError), transaction.atomic():
        sealing.settled(timedelta(0))


def test_what_is_not_sealed_after_five_minutes_is_a_fault(log):
    assert sealing.late(log.chain) == 0
    with clock.stand_still(NOW + timedelta(minutes=6)):
        assert sealing.late(log.chain) == 2
        assert "not sealed" in str(log.faults()[0])
        sealing.seal()
        assert sealing.late(log.chain) == 0


# ---------- tampering, by somebody whom nothing in the database stops ----------

_ELSE = {
    "id": "gen_random_uuid()",
    "at": "at + interval '1 microsecond'",
    "by_id": "gen_random_uuid()",
    "by_name": "by_name || ' '",
    "by_roles": "array['director']::varchar[]",
    "did": "'signed'",
    "to_type": "'notes.Note'",
    "to_id": "gen_random_uuid()",
    "patient_id": "gen_random_uuid()",
    "patients": "array[gen_random_uuid()]",
    "how_many": "coalesce(how_many, 0) + 1",
    "purpose": "'emergency'",
    "because": "because || '.'",
    "address": "address || 'x'",
    "came_from": "'198.51.100.1'::inet",
    "session": "'fedcba9876543210'",
}


def test_every_column_there_is_can_be_told_of():
    columns = {field.name for field in AuditEvent._meta.local_fields}
    assert columns == set(_ELSE) | {"number", "organization"}
    assert {name for name, _text in chains.EVENT_COLUMNS[chains.rules.FORM]} == columns
    assert {name for name, _text in chains.SIGN_IN_COLUMNS[chains.rules.FORM]} == {
        field.name for field in SignInEvent._meta.local_fields
    }


def test_any_column_of_any_event_altered_is_found_and_named(log):
    sealing.seal()
    for event in log.write(0):
        for column, otherwise in _ELSE.items():
            log.owner.execute("begin")
            log.owner.execute(
                f"update audit_auditevent set {column} = {otherwise} where number = %s", [event.number]
            )
            log.owner.execute("commit")
            [fault] = log.faults()
            assert fault.difference is not None
            assert (fault.difference.damage, fault.difference.number, fault.difference.id, fault.batch) == (
                Damage.ALTERED,
                event.number,
                event.pk,
                1,
            ), column
            assert fault.difference.columns == (column,)
            field = AuditEvent._meta.get_field(column)
            was = field.get_db_prep_save(getattr(event, column), connection)
            cast = field.rel_db_type(connection) or field.db_type(connection)
            log.owner.execute(
                f"update audit_auditevent set {column} = %s::{cast} where number = %s", [was, event.number]
            )
        assert log.faults() == []


def test_a_removed_event_a_moved_one_and_one_put_in_are_found(log):
    log.write(4)
    sealing.seal()
    events = log.write(0)
    log.owner.execute("delete from audit_auditevent where number = %s", [events[2].number])
    log.owner.execute("update audit_auditevent set number = 0 where number = %s", [events[3].number])
    log.owner.execute(
        "insert into audit_auditevent select (jsonb_populate_record(e, jsonb_build_object("
        "'id', gen_random_uuid(), 'number', %s))).* from audit_auditevent e where number = %s",
        [events[2].number, events[1].number],
    )
    log.owner.execute("update audit_auditevent set number = %s where number = 0", [events[3].number])
    faults = log.faults()
    assert [fault.difference.damage for fault in faults if fault.difference] == [Damage.ALTERED]
    log.owner.execute("delete from audit_auditevent where number = %s", [events[2].number])
    [gone] = log.faults()
    assert f"event {events[2].number} ({events[2].pk}) at place 3 was removed" in str(gone)


def test_an_event_that_changed_organizations_is_missed_in_its_own(log):
    sealing.seal()
    other = Organization.objects.create(name="Other", slug="other")
    log.owner.execute("update audit_auditevent set organization_id = %s where did = 'opened'", [other.pk])
    [fault] = log.faults()
    assert fault.difference is not None
    assert fault.difference.damage is Damage.REMOVED


def test_a_batch_altered_removed_or_cut_off_is_found(log, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    log.write(6)
    sealing.seal()
    table = "audit_auditbatch"
    for change, says in (
        (f"update {table} set count = 7 where position = 2", "batch 2: the batch itself was altered"),
        (f"update {table} set sealed_at = sealed_at - interval '1 day' where position = 2", "altered"),
        (
            f"update {table} set manifest = substring(manifest from 2) where position = 3",
            "batch 3: the batch itself",
        ),
        (f"update {table} set previous_hash = hash where position = 3", "does not carry on"),
        (f"delete from {table} where position = 2", "batch 2 before it was removed"),
    ):
        log.owner.execute("begin")
        log.owner.execute(change)
        with_change = _read_by_owner(log)
        log.owner.execute("rollback")
        assert any(says in str(fault) for fault in with_change), (change, [str(f) for f in with_change])
    assert log.faults() == []


def _read_by_owner(log: Log) -> list[Fault]:
    """Commits the change for as long as it is looked at, and puts the batches back."""
    before = log.batches()
    log.owner.execute("commit")
    try:
        return log.faults()
    finally:
        log.owner.execute("begin")
        log.owner.execute("delete from audit_auditbatch")
        log.owner.execute("commit")
        with acting_in(log.organization.pk):
            AuditBatch.objects.bulk_create(before)
        log.owner.execute("begin")


def test_it_can_begin_at_a_day(log):
    sealing.seal()
    log.owner.execute("update audit_auditevent set because = 'x' where did = 'opened'")
    with clock.stand_still(NOW + timedelta(days=2)):
        log.write(1)
        sealing.seal()
        assert log.faults(since=NOW + timedelta(days=1)) == []
        assert len(log.faults()) == 1


def test_sign_ins_have_a_chain_of_their_own(log):
    for _ in range(3):
        SignInEvent.objects.create(did=audit.Did.SIGNED_IN, by_id=uuid4())
    sealing.seal()
    assert SignInBatch.objects.get().count == 3
    assert [found for found in verify(SIGN_INS) if isinstance(found, Fault)] == []
    log.owner.execute(
        "update audit_signinevent set did = 'signed out' where did = 'signed in' and ctid = '(0,1)'"
    )
    [fault] = [found for found in verify(SIGN_INS) if isinstance(found, Fault)]
    assert fault.difference is not None
    assert fault.difference.columns == ("did",)


@pytest.mark.parametrize("table", ["audit_auditbatch", "audit_signinbatch", "audit_signinevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET position = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_app_can_change_nothing_that_is_sealed(db, table, statement):
    statement = statement.replace("position = 1", "id = id")
    with (
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
