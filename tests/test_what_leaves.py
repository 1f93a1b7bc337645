"""What each room lets go is about one patient and nobody else: everybody at Alder Creek, every part of the record."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from stepwell.care.notes.models import Note
from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.consent.segments import Content, Looking, supplied, supply_of
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.models import Patient

#: What has no room of its own yet, or is kept apart from the record.
KEPT_NOWHERE = {Segment.BILLING, Segment.COUNSELING_NOTES}


@pytest.fixture(scope="module")
def alder_creek(fresh_database: FreshDatabase, alder_creek_template: str) -> Iterator[None]:
    with fresh_database(alder_creek_template):
        with clock.stand_still(NOW), acting_in(Membership.objects.all()[0].organization_id):
            yield


def supervisor() -> User:
    return User.objects.filter(memberships__role=Role.CLINICAL_SUPERVISOR)[0]


def words_of(content: Content) -> str:
    return " ".join(cell for row in content.rows for cell in row)


def test_every_part_but_two_has_a_room() -> None:
    assert set(supplied()) == set(Segment) - KEPT_NOWHERE


@pytest.mark.parametrize("segment", sorted(set(Segment) - KEPT_NOWHERE))
def test_a_part_holds_one_person_s_facts_and_no_other_name(alder_creek: None, segment: Segment) -> None:
    supply = supply_of(segment)
    assert supply is not None
    by, everybody, told = supervisor(), list(Patient.objects.select_related("center")), 0
    for patient in everybody:
        content = supply.provide(Looking(patient, by))
        said = words_of(content)
        told += len(content.rows)
        assert all(len(row) == len(content.columns) for row in content.rows)
        others = [other for other in everybody if other.pk != patient.pk]
        named = [other.name for other in others if other.name in said or other.short_name in said]
        assert named == [], f"{segment} of {patient.name} names {named}"
    assert told > 10, f"nobody at Alder Creek has any {segment}"


@pytest.mark.parametrize("segment", [Segment.ATTENDANCE, Segment.NOTES, Segment.DRUG_TESTS, Segment.MEASURES])
def test_a_first_day_leaves_out_what_was_before(alder_creek: None, segment: Segment) -> None:
    supply = supply_of(segment)
    assert supply is not None
    by, fewer = supervisor(), 0
    for patient in Patient.objects.select_related("center"):
        everything = supply.provide(Looking(patient, by))
        lately = supply.provide(Looking(patient, by, NOW.date() - timedelta(days=14)))
        assert lately.rows == everything.rows[: len(lately.rows)]
        fewer += len(lately.rows) < len(everything.rows)
    assert fewer


@pytest.mark.parametrize("segment", sorted(set(Segment) - KEPT_NOWHERE))
def test_somebody_without_sight_is_given_nothing_to_tell(alder_creek: None, segment: Segment) -> None:
    supply = supply_of(segment)
    desk = User.objects.filter(memberships__role=Role.FRONT_DESK)[0]
    assert supply is not None
    for patient in Patient.objects.select_related("center"):
        assert supply.provide(Looking(patient, desk)).rows == ()


def test_what_a_group_did_together_stays_here(alder_creek: None) -> None:
    supply = supply_of(Segment.NOTES)
    assert supply is not None
    by, told = supervisor(), 0
    for patient in Patient.objects.select_related("center"):
        notes = (
            Note.objects.in_force()
            .signed()
            .filter(patient=patient)
            .select_related("encounter__session__series")
        )
        content = supply.provide(Looking(patient, by))
        said = words_of(content)
        assert len(content.rows) == notes.count()
        for note in notes:
            assert note.line in said
            assert not note.what_we_did or note.what_we_did not in said
            assert note.encounter.session is None or note.encounter.session.series.name not in said
            told += 1
    assert told > 100
