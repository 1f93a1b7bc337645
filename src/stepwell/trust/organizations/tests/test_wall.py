"""The wall between organizations holds in the database, whatever the application forgets."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in, current_organization_id
from stepwell.trust.organizations.models import Center, Organization, Room
from stepwell.trust.organizations.separation import keys_between, models_of_an_organization, separated_models
from stepwell.trust.people.models import Patient

pytestmark = pytest.mark.django_db


def organization(name: str) -> Organization:
    return Organization.objects.create(name=name, slug=name.lower())


def center_of(there: Organization) -> Center:
    with acting_in(there.id):
        return Center.objects.create(name=there.name, slug="main")


def test_without_acting_in_an_organization_there_are_no_rows():
    center_of(organization("Alder"))
    assert Center.objects.count() == 0


def test_each_organization_sees_its_own_rows_and_no_others_even_without_a_filter():
    alder, birch = organization("Alder"), organization("Birch")
    center_of(alder), center_of(birch)
    with acting_in(alder.id):
        assert [center.name for center in Center.objects.all()] == ["Alder"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM organizations_center")
            assert cursor.fetchall() == [("Alder",)]


def test_a_row_cannot_be_written_into_another_organization():
    alder, birch = organization("Alder"), organization("Birch")
    with (
        acting_in(alder.id),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Center.objects.create(name="Stray", slug="stray", organization=birch)


def test_a_row_cannot_point_at_a_row_of_another_organization():
    alder, birch = organization("Alder"), organization("Birch")
    theirs = center_of(birch)
    with acting_in(alder.id):
        Room.objects.create(center_id=theirs.id, name="Room 1")
        with pytest.raises(IntegrityError, match="same_org"), transaction.atomic():
            connection.check_constraints()
        transaction.set_rollback(True)


def test_a_role_cannot_be_at_a_center_of_another_organization():
    """Memberships stand outside the wall, so nothing else would stop it."""
    alder, birch = organization("Alder"), organization("Birch")
    theirs = center_of(birch)
    user = User.objects.create_user("noor@example.org", "Noor Haddad")
    Membership.objects.create(user=user, organization=birch, center_id=theirs.id, role=Role.NURSE)
    connection.check_constraints()
    Membership.objects.create(user=user, organization=alder, center_id=theirs.id, role=Role.NURSE)
    with pytest.raises(IntegrityError, match="same_org"), transaction.atomic():
        connection.check_constraints()
    transaction.set_rollback(True)


def test_acting_in_one_organization_inside_another_comes_back_to_the_first():
    alder, birch = organization("Alder"), organization("Birch")
    center_of(alder), center_of(birch)
    with acting_in(alder.id):
        with acting_in(birch.id):
            assert Center.objects.get().name == "Birch"
        assert Center.objects.get().name == "Alder"
        assert current_organization_id() == alder.id
    assert Center.objects.count() == 0


def test_an_error_inside_leaves_nobody_acting():
    alder = organization("Alder")
    with pytest.raises(ZeroDivisionError), acting_in(alder.id):
        raise ZeroDivisionError
    assert current_organization_id() is None
    assert Center.objects.count() == 0


def test_every_table_with_an_organization_is_behind_the_wall():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        walled = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'one_organization'")
        with_policy = {name for (name,) in cursor.fetchall()}
    tables = {model._meta.db_table for model in separated_models()}
    assert len(tables) > 40
    assert tables - walled == set()
    assert tables - with_policy == set()


def test_every_key_to_a_walled_table_holds_both_to_one_organization():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname LIKE '%_same_org'"
        )
        held = {
            (table.strip('"'), definition.split("(organization_id, ")[1].split(")")[0].strip('"'))
            for table, definition in cursor.fetchall()
        }
    wanted = {
        (model._meta.db_table, column)
        for model in models_of_an_organization()
        for column, _target in keys_between(model)
    }
    outside = {("accounts_membership", "center_id"), ("organizations_publishedcenter", "center_id")}
    assert outside <= wanted
    assert len(wanted) > 40
    assert wanted - held == set()


def test_the_app_is_neither_owner_nor_superuser_and_cannot_step_over_the_wall():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchone() == (0,)


def test_nothing_clinical_can_be_deleted(clinic):
    clinic.patient("Maya Reyes")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Patient.objects.all()._raw_delete(using="default")
    assert Patient.objects.count() == 1


def test_row_history_is_kept_even_for_a_bulk_update(clinic):
    maya = clinic.patient("Maya Reyes")
    Patient.objects.filter(pk=maya.pk).update(phone="+19375550101")
    events = apps.get_model("people", "PatientEvent")
    history = events._default_manager.filter(pgh_obj_id=maya.pk).order_by("pgh_id")
    assert [row.phone for row in history] == ["", "+19375550101"]
