"""A place on a care team opens a chart: who may give it, to whom, in which part."""

import pytest

from stepwell.trust.accounts.roles import GIVES_CARE, Role
from stepwell.trust.people.rules.team import GIVES, Objection, objection_to_giving, parts_given_by


@pytest.mark.parametrize("giver", [Role.CLINICAL_SUPERVISOR, Role.DIRECTOR])
@pytest.mark.parametrize("part", sorted(GIVES_CARE))
def test_a_supervisor_and_the_director_give_every_part(giver, part):
    assert objection_to_giving(part, giver=[giver], joins=[part], is_oneself=False) is None


@pytest.mark.parametrize("part", sorted(GIVES_CARE))
def test_a_counselor_asks_in_who_walks_beside_the_person(part):
    found = objection_to_giving(part, giver=[Role.COUNSELOR], joins=[part], is_oneself=False)
    assert (found is None) == (part in (Role.PEER, Role.CASE_MANAGER))


def test_nobody_gives_a_place_to_themselves():
    said = objection_to_giving(
        Role.CLINICAL_SUPERVISOR,
        giver=[Role.CLINICAL_SUPERVISOR],
        joins=[Role.CLINICAL_SUPERVISOR],
        is_oneself=True,
    )
    assert said is Objection.NOT_ONESELF


def test_nobody_joins_in_a_part_they_do_not_work_in():
    said = objection_to_giving(Role.PRESCRIBER, giver=[Role.DIRECTOR], joins=[Role.PEER], is_oneself=False)
    assert said is Objection.NOT_THEIR_PART


def test_the_front_desk_billing_and_administration_have_no_place():
    assert GIVES_CARE.isdisjoint(
        {Role.FRONT_DESK, Role.BILLER, Role.ADMINISTRATOR, Role.COMPLIANCE, Role.PATIENT}
    )
    assert all(parts <= GIVES_CARE for parts in GIVES.values())


def test_who_gives_nothing_gives_nothing():
    assert parts_given_by([Role.NURSE, Role.FRONT_DESK]) == frozenset()
