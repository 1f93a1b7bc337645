"""The permission table says who may do what; what it does not say is refused."""

from stepwell.trust.access.rules import TABLE, Permission, Relation, relations_for
from stepwell.trust.accounts.roles import Role


def test_every_permission_has_its_row():
    assert set(TABLE) == set(Permission)


def test_a_patient_stands_to_records_only_as_themself():
    for row in TABLE.values():
        assert row.get(Role.PATIENT, frozenset()) <= {Relation.SELF}


def test_staff_never_stand_to_a_record_as_the_patient():
    for row in TABLE.values():
        for role, relations in row.items():
            assert role is Role.PATIENT or Relation.SELF not in relations


def test_the_front_desk_sees_schedule_and_contact_but_no_chart_note_or_medicine():
    may = {p for p in Permission if relations_for(p, [Role.FRONT_DESK])}
    assert {
        Permission.SEE_DIRECTORY,
        Permission.SEE_SCHEDULE,
        Permission.TAKE_REFERRAL,
        Permission.BOOK,
    } <= may
    assert not may & {Permission.SEE_CHART, Permission.SEE_NOTES, Permission.SEE_MEDICATION}


def test_a_biller_never_reads_a_note():
    assert relations_for(Permission.SEE_NOTES, [Role.BILLER]) == frozenset()


def test_an_administrator_sets_up_the_program_and_opens_no_chart():
    given = {p for p in Permission if relations_for(p, [Role.ADMINISTRATOR])}
    assert given == {
        Permission.SEE_STAFF,
        Permission.MANAGE_STAFF,
        Permission.MANAGE_ORGANIZATION,
        Permission.OFFICE_TASKS,
    }


def test_a_counselor_opens_the_charts_of_their_own_people_and_others_only_in_an_emergency():
    assert relations_for(Permission.SEE_CHART, [Role.COUNSELOR]) == {Relation.CARE_TEAM, Relation.EMERGENCY}


def test_an_emergency_gives_sight_to_those_who_may_open_one_and_nothing_else():
    for permission, row in TABLE.items():
        for role, relations in row.items():
            if Relation.EMERGENCY in relations:
                assert permission.name.startswith("SEE_")
                assert role in TABLE[Permission.OPEN_IN_EMERGENCY]
                assert Relation.CARE_TEAM in relations


def test_two_roles_give_what_either_gives():
    both = relations_for(Permission.SEE_CHART, [Role.COUNSELOR, Role.CLINICAL_SUPERVISOR])
    assert both == {Relation.CARE_TEAM, Relation.EMERGENCY, Relation.CENTER}


def test_only_the_patient_signs_as_the_patient():
    assert TABLE[Permission.SIGN_OWN_PLAN] == {Role.PATIENT: frozenset({Relation.SELF})}
