"""Query sets begin at what the reader may see, for every role and every relation in the table."""

from datetime import timedelta

import pytest

from stepwell.ground.kit import clock
from stepwell.trust.access import Forbidden, Permission, may, require, sight
from stepwell.trust.access.middleware import organization_for
from stepwell.trust.access.rules import Relation, relations_for
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient


@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
def test_staff_see_exactly_the_patients_the_table_gives(clinic, role):
    reader = clinic.user(role)
    on_team = clinic.patient("Maya Reyes", team=(reader,))
    at_center = clinic.patient("Devon Tate")
    elsewhere = clinic.patient("Rosa Mendez")
    elsewhere.center = Center.objects.create(name="Birch Road", slug="birch-road")
    elsewhere.save()

    for permission in Permission:
        relations = relations_for(permission, [role])
        expected = set()
        if relations & {Relation.CARE_TEAM, Relation.CENTER}:
            expected.add(on_team)
        if Relation.CENTER in relations:
            expected.add(at_center)
        assert set(Patient.objects.visible_to(reader, permission)) == expected, permission
        for patient in (on_team, at_center, elsewhere):
            assert may(reader, permission, patient) == (patient in expected), (permission, patient)


def test_a_patient_sees_themself_and_nobody_else(clinic):
    maya, devon = clinic.patient("Maya Reyes"), clinic.patient("Devon Tate")
    reader = clinic.patient_user(maya)
    clinic.patient_user(devon)
    for permission in Permission:
        expected = {maya} if relations_for(permission, [Role.PATIENT]) else set()
        assert set(Patient.objects.visible_to(reader, permission)) == expected, permission


def test_leaving_the_care_team_closes_the_chart(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    maya = clinic.patient("Maya Reyes", team=(dana,))
    assert may(dana, Permission.SEE_CHART, maya)
    maya.care_team.update(ended_on=clinic.today)
    assert not may(dana, Permission.SEE_CHART, maya)


def test_a_membership_without_a_center_reaches_every_center(clinic):
    director = clinic.user(Role.DIRECTOR)
    Membership.objects.filter(user=director).update(center=None)
    elsewhere = clinic.patient("Rosa Mendez")
    elsewhere.center = Center.objects.create(name="Birch Road", slug="birch-road")
    elsewhere.save()
    assert list(Patient.objects.visible_to(director, Permission.SEE_CHART)) == [elsewhere]


def test_two_places_on_one_care_team_show_a_patient_once(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    maya = clinic.patient("Maya Reyes", team=(dana,))
    maya.care_team.create(
        practitioner=maya.care_team.get().practitioner, role=Role.FACILITATOR, started_on=clinic.today
    )
    assert list(Patient.objects.visible_to(dana, Permission.SEE_CHART)) == [maya]


def test_what_is_not_given_is_forbidden_with_the_permission_in_words(clinic):
    biller = clinic.user(Role.BILLER)
    with pytest.raises(Forbidden, match="may not read notes"):
        require(biller, Permission.SEE_NOTES, clinic.patient("Maya Reyes"))


def test_a_membership_that_has_ended_opens_nothing(clinic):
    director = clinic.user(Role.DIRECTOR, "Ellen Park")
    clinic.patient("Maya Reyes")
    Membership.objects.filter(user=director).update(ended_at=clock.now())
    director = User.objects.get(pk=director.pk)
    assert director.roles == frozenset()
    assert not Patient.objects.visible_to(director).exists()
    assert organization_for(director, str(clinic.organization.pk)) is None


def test_a_page_asks_once_how_its_reader_stands_to_a_patient(clinic, django_assert_num_queries):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    maya = clinic.patient("Maya Reyes", team=(dana,))
    given = {permission: may(dana, permission, maya) for permission in Permission}
    with django_assert_num_queries(1):
        stands = sight(dana, maya)
        assert {permission: may(dana, permission, stands) for permission in Permission} == given
    assert given[Permission.SEE_CHART] and not given[Permission.SEE_TRACE]


def test_what_a_page_knew_of_its_reader_lets_no_act_through(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    maya = clinic.patient("Maya Reyes", team=(dana,))
    stands = sight(dana, maya)
    require(dana, Permission.WRITE_NOTE, maya)
    maya.care_team.update(ended_on=clinic.today)
    assert may(dana, Permission.WRITE_NOTE, stands)
    with pytest.raises(Forbidden):
        require(dana, Permission.WRITE_NOTE, maya)


def test_how_one_reader_stands_says_nothing_about_another(clinic):
    dana, luis = clinic.user(Role.COUNSELOR, "Dana Whitfield"), clinic.user(Role.COUNSELOR, "Luis Ortega")
    maya = clinic.patient("Maya Reyes", team=(dana,))
    assert not may(luis, Permission.SEE_CHART, sight(dana, maya))


def test_nobody_stands_in_any_way_to_a_record_that_was_merged_into_another(clinic):
    director, maya = clinic.user(Role.DIRECTOR), clinic.patient("Maya Reyes")
    twice = clinic.patient("Maya Rayes", merged_into=maya)
    assert sight(director, twice).relations == frozenset()
    assert not may(director, Permission.SEE_CHART, twice)


def test_one_readers_rows_are_not_anothers_whoever_asks_first(clinic):
    dana, luis = clinic.user(Role.COUNSELOR, "Dana Whitfield"), clinic.user(Role.COUNSELOR, "Luis Ortega")
    maya, devon = clinic.patient("Maya Reyes", team=(dana,)), clinic.patient("Devon Tate", team=(luis,))
    for _again in range(2):
        assert list(Patient.objects.visible_to(dana, Permission.SEE_CHART)) == [maya]
        assert list(Patient.objects.visible_to(luis, Permission.SEE_CHART)) == [devon]


def test_a_place_that_runs_out_is_over_by_the_clock_of_this_asking(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    maya = clinic.patient("Maya Reyes", team=(dana,))
    maya.care_team.update(expires_at=clock.now() + timedelta(minutes=1))
    assert Patient.objects.visible_to(dana, Permission.SEE_CHART).exists()
    with clock.stand_still(clock.now() + timedelta(minutes=2)):
        assert not Patient.objects.visible_to(dana, Permission.SEE_CHART).exists()
        assert not may(dana, Permission.SEE_CHART, maya)


def test_each_role_reaches_the_centers_it_is_held_at(clinic):
    """A counselor here who directs two others: the whole of those, and the own people here."""
    reader = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    own, _not_own = clinic.patient("Maya Reyes", team=(reader,)), clinic.patient("Devon Tate")
    expected = {own}
    for name in ("Birch Road", "Elm Court", "Oak Hill"):
        center = Center.objects.create(name=name, slug=name.lower().replace(" ", "-"))
        patient = clinic.patient(f"Rosa {name}")
        Patient.objects.filter(pk=patient.pk).update(center=center)
        if name != "Oak Hill":
            Membership.objects.create(
                user=reader, organization=clinic.organization, center=center, role=Role.DIRECTOR
            )
            expected.add(patient)
    assert set(Patient.objects.visible_to(reader, Permission.SEE_CHART)) == expected
    assert {one for one in Patient.objects.all() if may(reader, Permission.SEE_CHART, one)} == expected
