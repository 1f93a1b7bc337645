"""Marking who came."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from stepwell.care.care_plans.testing import signed_by_both
from stepwell.care.encounters import actions
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import Mark, Reason
from stepwell.care.encounters.testing import group, visit
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.models import Practitioner


def mark(room, name, how, *, by=None, at=None, **more):
    return actions.mark(room.place(name), how, by=by or room.dana, at=at or clock.now(), **more)


def sign(encounter, by):
    actions.sign_attendance(encounter, by=by, at=clock.now())


def test_here_makes_an_unsigned_encounter_of_the_whole_session(room):
    encounter = mark(room, "Aisha", Mark.HERE)
    assert (encounter.minutes, encounter.attendance, encounter.signed_at) == (90, "here", None)
    assert (encounter.starts_at, encounter.ends_at) == (room.session.starts_at, room.session.ends_at)
    assert encounter.episode == room.place("Aisha").episode
    assert encounter.practitioner == room.session.leader
    assert encounter.is_clinical


def test_absent_makes_an_absence_with_its_reason(room):
    absence = mark(room, "Wendell", Mark.ABSENT, reason=Reason.TRANSPORT)
    assert (absence.reason, absence.excused) == ("transport", True)
    assert not mark(room, "Cole", Mark.ABSENT).excused


def test_marking_the_same_again_changes_nothing_but_the_details(room):
    first = mark(room, "Aisha", Mark.HERE)
    again = mark(room, "Aisha", Mark.VIDEO, minutes=80)
    assert again.pk == first.pk
    assert Encounter.objects.count() == 1
    assert Encounter.objects.get().minutes == 80


def test_absent_after_here_strikes_the_encounter_out_with_a_reason(room):
    encounter = mark(room, "Aisha", Mark.HERE)
    mark(room, "Aisha", Mark.ABSENT)
    encounter.refresh_from_db()
    assert encounter.entered_in_error_reason == "Marked absent instead."
    assert Encounter.objects.in_force().count() == 0
    assert Absence.objects.in_force().count() == 1


def test_here_after_absent_strikes_the_absence_out_with_a_reason(room):
    absence = mark(room, "Aisha", Mark.ABSENT)
    mark(room, "Aisha", Mark.HERE)
    absence.refresh_from_db()
    assert absence.entered_in_error_reason == "Came after all."
    assert Encounter.objects.in_force().count() == 1


def test_a_mark_is_taken_back_and_kept_struck_out(room):
    mark(room, "Aisha", Mark.HERE)
    actions.unmark(room.place("Aisha"), by=room.dana, at=clock.now())
    assert Encounter.objects.in_force().count() == 0
    assert Encounter.objects.get().entered_in_error_reason == "Taken back."


def test_a_signed_mark_stays(room):
    encounter = mark(room, "Aisha", Mark.HERE)
    sign(encounter, room.dana)
    for change in (
        lambda: mark(room, "Aisha", Mark.ABSENT),
        lambda: mark(room, "Aisha", Mark.HERE, minutes=45),
        lambda: actions.unmark(room.place("Aisha"), by=room.dana, at=clock.now()),
    ):
        with pytest.raises(Refused, match="signed"):
            change()
    assert mark(room, "Aisha", Mark.HERE).pk == encounter.pk


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": 30},
        {"is_clinical": False},
        {"kind": "medical"},
        {"attendance": "late"},
        {"signed_at": None},
    ],
)
def test_not_even_the_database_changes_what_is_signed(room, change):
    encounter = mark(room, "Aisha", Mark.HERE)
    sign(encounter, room.dana)
    with pytest.raises(DatabaseError, match="what is signed does not change"), transaction.atomic():
        Encounter.objects.filter(pk=encounter.pk).update(**change)


def test_mark_all_here_leaves_alone_who_is_marked(room):
    mark(room, "Wendell", Mark.ABSENT)
    mark(room, "Cole", Mark.VIDEO)
    marked = actions.mark_all_here(room.session, by=room.dana, at=clock.now())
    assert {encounter.patient.first_name for encounter in marked} == {"Aisha", "Brianna"}
    assert actions.mark_all_here(room.session, by=room.dana, at=clock.now()) == []
    assert AuditEvent.objects.filter(because="marked here: 2").count() == 1


def test_nobody_is_marked_before_the_doors_open(clinic):
    room = group(clinic, starts_at=clock.now() + timedelta(minutes=31))
    for act in (
        lambda at: mark(room, "Aisha", Mark.HERE, at=at),
        lambda at: actions.mark_all_here(room.session, by=room.dana, at=at),
    ):
        with pytest.raises(Refused, match="30 minutes before the start: Mon Nov 23, 9:01 AM"):
            act(clock.now())
    assert mark(room, "Aisha", Mark.HERE, at=clock.now() + timedelta(minutes=1))


def test_nobody_is_marked_in_a_cancelled_session_or_place(room):
    GroupSession.objects.update(status="cancelled", cancelled_because="Snow")
    with pytest.raises(Refused, match="cancelled: Snow"):
        mark(room, "Aisha", Mark.HERE)
    GroupSession.objects.update(status="planned")
    Appointment.objects.update(status="cancelled", cancelled_because="Moved to Tuesday")
    with pytest.raises(Refused, match="Moved to Tuesday"):
        mark(room, "Aisha", Mark.HERE)


def test_minutes_that_do_not_fit_are_refused_beside_their_field(room):
    with pytest.raises(Refused, match="90 or fewer") as refusal:
        mark(room, "Aisha", Mark.HERE, minutes=100)
    assert refusal.value.field == "minutes"
    with pytest.raises(Refused, match="Aisha came late"):
        mark(room, "Aisha", Mark.LATE)
    assert not Encounter.objects.exists()


def test_a_visit_may_say_that_it_went_on_longer(clinic):
    dana = clinic.practitioner(Role.COUNSELOR, "Dana Whitfield")
    appointment = visit(clinic.patient(team=(dana.user,)), dana)
    encounter = actions.mark(appointment, Mark.HERE, minutes=75, overran=True, by=dana.user, at=clock.now())
    assert encounter.minutes == 75


@pytest.mark.parametrize(
    ("kind", "counts"), [("individual", True), ("family", True), ("intake", False), ("medical", False)]
)
def test_what_counts_is_settled_when_it_is_marked(clinic, kind, counts):
    dana = clinic.practitioner(Role.COUNSELOR, "Dana Whitfield")
    appointment = visit(clinic.patient(team=(dana.user,)), dana, kind=kind)
    assert actions.mark(appointment, Mark.HERE, by=dana.user, at=clock.now()).is_clinical is counts


def test_a_group_that_does_not_count_says_so_in_its_encounters(clinic):
    room = group(clinic, is_clinical=False)
    assert not mark(room, "Aisha", Mark.HERE).is_clinical


def test_a_new_encounter_begins_with_the_goal_worked_on_last(clinic):
    room = group(clinic, "Maya Reyes")
    maya = room.patient("Maya")
    clinic.patient_user(maya)
    plan = signed_by_both(maya, by=room.dana)
    encounter = mark(room, "Maya", Mark.HERE)
    assert encounter.goal == plan.goals.get()


def test_the_goal_of_somebody_else_is_refused(clinic):
    room = group(clinic, "Maya Reyes", "Cole Sanders")
    clinic.patient_user(room.patient("Maya"))
    goal = signed_by_both(room.patient("Maya"), by=room.dana).goals.get()
    with pytest.raises(ValueError, match="somebody else"):
        mark(room, "Cole", Mark.HERE, goal=goal)


@pytest.mark.parametrize(
    ("role", "may"),
    [(role, role is Role.CLINICAL_SUPERVISOR) for role in Role if role.is_staff],
)
def test_who_does_not_lead_marks_nobody_but_a_supervisor(room, clinic, role, may):
    other = clinic.user(role, f"Another {role.value}")
    if may:
        assert mark(room, "Aisha", Mark.HERE, by=other)
        return
    with pytest.raises(Forbidden):
        mark(room, "Aisha", Mark.HERE, by=other)
    with pytest.raises(Forbidden):
        actions.mark_all_here(room.session, by=other, at=clock.now())


def test_the_one_who_leads_along_marks_too(room):
    assert mark(room, "Aisha", Mark.HERE, by=room.luis).recorded_by == room.luis


def test_a_supervisor_of_another_center_looks_on(room, clinic):
    from stepwell.trust.accounts.models import Membership
    from stepwell.trust.organizations.models import Center

    far = Center.objects.create(name="Far", slug="far")
    marcus = clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    Membership.objects.filter(user=marcus).update(center=far)
    with pytest.raises(Forbidden):
        mark(room, "Aisha", Mark.HERE, by=marcus)


def test_every_mark_leaves_a_trace(room):
    mark(room, "Aisha", Mark.HERE)
    event = AuditEvent.objects.get(to_type="encounters.Encounter")
    assert (event.by_name, event.did, event.because) == ("Dana Whitfield", "created", "")
    assert Practitioner.objects.filter(user=room.dana).exists()
