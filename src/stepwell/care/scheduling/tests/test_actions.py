"""Groups, places and appointments: what is laid down, what is taken, and what stands in the way."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stepwell.care.care_plans.testing import in_care
from stepwell.care.episodes.models import Referral
from stepwell.care.scheduling import actions, holding, jobs
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession, Hold, Modality
from stepwell.care.scheduling.sessions import horizon, plan_sessions
from stepwell.care.scheduling.testing import weekly_group
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden, Permission, may
from stepwell.trust.accounts.models import Membership
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.models import Center, Closure, OpeningHours, Room
from stepwell.trust.people.models import CareTeamMember, Practitioner
from stepwell.trust.people.testing import Clinic

DAYTON = ZoneInfo("America/New_York")
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
NEXT_MONDAY = date(2026, 11, 30)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), DAYTON)


@pytest.fixture
def tess(clinic: Clinic):
    return clinic.user(Role.FRONT_DESK, "Tess Nguyen")


@pytest.fixture
def dana(clinic: Clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic: Clinic, dana):
    maya = clinic.patient("Maya Reyes", team=(dana,))
    in_care(maya, by=dana)
    return maya


@pytest.fixture
def skills(clinic: Clinic, dana, tess):
    return weekly_group(clinic, leader=dana, by=tess)


def place(patient, series, by, starts_on=MONDAY):
    return actions.place_in_group(patient, series, starts_on=starts_on, by=by, at=clock.now())


TEN_ON_TUESDAY = moment(TUESDAY, 10)


def book(patient, by, clinician, at=TEN_ON_TUESDAY, **more):
    given: dict[str, Any] = {"kind": Appointment.Kind.INDIVIDUAL, "minutes": 60} | more
    practitioner = Practitioner.objects.get(user=clinician)
    return actions.book(patient, practitioner=practitioner, starts_at=at, by=by, at=clock.now(), **given)


def days(sessions):
    return [session.starts_at.astimezone(DAYTON).date() for session in sessions]


# ---------- laying down sessions ----------


def test_a_new_group_has_its_next_four_weeks(skills):
    sessions = list(skills.sessions.all())
    assert days(sessions) == [MONDAY + timedelta(weeks=n) for n in range(4)]
    assert [session.number for session in sessions] == [1, 2, 3, 4]
    assert Hold.objects.standing().count() == 8


def test_laying_down_again_adds_nothing(skills):
    assert plan_sessions(skills, horizon(MONDAY), at=clock.now()).sessions == []
    assert skills.sessions.count() == 4


def test_a_group_keeps_its_time_on_the_wall_when_the_clocks_change(clinic: Clinic, dana, tess):
    in_spring = datetime(2027, 3, 1, 14, tzinfo=UTC)
    with clock.stand_still(in_spring):
        series = weekly_group(clinic, leader=dana, by=tess, weekday=6, starts_on=date(2027, 3, 1))
    walls = [session.starts_at.astimezone(DAYTON) for session in series.sessions.all()]
    assert {wall.time() for wall in walls} == {time(10)}
    assert {wall.utcoffset() for wall in walls} == {timedelta(hours=-5), timedelta(hours=-4)}


def test_on_a_closed_day_the_session_stands_cancelled_with_the_reason(clinic: Clinic, dana, tess):
    Closure.objects.create(center=clinic.center, on=date(2026, 11, 26), reason="Thanksgiving")
    series = weekly_group(clinic, leader=dana, by=tess, weekday=3)
    closed, *others = series.sessions.all()
    assert (closed.status, closed.cancelled_because) == ("cancelled", "Thanksgiving")
    assert not Hold.objects.filter(session=closed).exists()
    assert [session.number for session in others] == [1, 2, 3]


def test_todays_session_is_not_laid_down_after_it_is_over(clinic: Clinic, dana, tess):
    series = weekly_group(clinic, leader=dana, by=tess, starts=time(7))
    assert days(series.sessions.all())[0] == NEXT_MONDAY


def test_a_group_is_not_begun_when_its_leader_leads_another_then(clinic: Clinic, dana, tess, skills):
    with pytest.raises(
        Refused, match=r"Dana Whitfield leads Skills A on Mon, Nov 23, 10:00 AM to 11:30 AM\."
    ) as no:
        weekly_group(
            clinic, leader=dana, by=tess, name="Process A", starts=time(11), room=None, modality="video"
        )
    assert no.value.field == "leader"
    assert not GroupSeries.objects.filter(name="Process A").exists()


def test_a_group_is_not_begun_in_a_room_that_is_taken(clinic: Clinic, dana, tess, skills):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    with pytest.raises(Refused, match="Room 2 is taken by Skills A") as refusal:
        weekly_group(clinic, leader=renee, by=tess, name="Process A", starts=time(9), minutes=75)
    assert refusal.value.field == "room"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"room": None}, "room"),
        ({"seats": 13}, "seats"),
        ({"starts_on": date(2026, 11, 22)}, "starts_on"),
        ({"ends_on": MONDAY}, "ends_on"),
    ],
)
def test_a_group_that_cannot_be_is_refused_beside_its_field(clinic: Clinic, dana, tess, change, field):
    with pytest.raises(Refused) as refusal:
        weekly_group(clinic, leader=dana, by=tess, **change)
    assert refusal.value.field == field


def test_the_nightly_job_lays_down_the_weeks_that_came_into_sight(clinic: Clinic, skills, maya, tess):
    place(maya, skills, tess)
    with clock.stand_still(moment(MONDAY + timedelta(weeks=2), 4)):
        assert jobs.plan_ahead() == 2
        assert jobs.plan_ahead() == 0
    assert Appointment.objects.booked().filter(patient=maya).count() == 6


def test_a_person_who_is_elsewhere_is_left_out_of_one_new_session(clinic: Clinic, skills, maya, tess):
    place(maya, skills, tess)
    fifth = MONDAY + timedelta(weeks=4)
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    book(maya, tess, renee, at=moment(fifth, 11))
    laid = plan_sessions(skills, fifth, at=clock.now())
    assert days(laid.sessions) == [fifth]
    [(_, because)] = laid.left_out
    assert str(because) == "Maya sees Renee Castillo on Mon, Dec 21, 11:00 AM to 12:00 PM."


def test_the_nightly_job_cancels_a_session_whose_leader_is_elsewhere(
    clinic: Clinic, skills, maya, dana, tess
):
    fifth = MONDAY + timedelta(weeks=4)
    book(maya, tess, dana, at=moment(fifth, 11))
    [session] = plan_sessions(skills, fifth, at=clock.now()).sessions
    assert session.status == "cancelled"
    assert session.cancelled_because == (
        "Dana Whitfield has an appointment on Mon, Dec 21, 11:00 AM to 12:00 PM."
    )


# ---------- places ----------


def test_a_place_brings_an_appointment_in_every_session_of_four_weeks(maya, skills, tess, dana):
    enrollment = place(maya, skills, tess)
    booked = Appointment.objects.booked().filter(patient=maya)
    assert days(booked) == [MONDAY + timedelta(weeks=n) for n in range(4)]
    assert {appointment.episode for appointment in booked} == {enrollment.episode}
    assert Hold.objects.standing().filter(taken=maya.pk).count() == 4
    assert (
        CareTeamMember.objects.current()
        .filter(patient=maya, practitioner__user=dana, role="facilitator")
        .exists()
    )
    assert AuditEvent.objects.filter(to_id=enrollment.pk, did="created").count() == 1


def test_a_place_from_next_week_leaves_this_week_alone(maya, skills, tess):
    place(maya, skills, tess, starts_on=NEXT_MONDAY)
    assert days(Appointment.objects.booked().filter(patient=maya))[0] == NEXT_MONDAY


def test_placing_twice_is_harmless(maya, skills, tess):
    assert place(maya, skills, tess) == place(maya, skills, tess)
    assert Appointment.objects.booked().filter(patient=maya).count() == 4


def test_a_person_who_is_not_in_care_gets_no_place(clinic: Clinic, skills, tess):
    with pytest.raises(Refused, match="Devon is not in care now"):
        place(clinic.patient("Devon Tate"), skills, tess)


def test_a_full_group_says_so(clinic: Clinic, dana, tess, maya):
    small = weekly_group(clinic, leader=dana, by=tess, seats=1)
    devon = clinic.patient("Devon Tate")
    in_care(devon, by=dana)
    place(devon, small, tess)
    with pytest.raises(actions.NoSeatLeft, match="Skills A is full: all 1 seats are taken"):
        place(maya, small, tess)
    assert not Enrollment.objects.filter(patient=maya).exists()


def test_a_clash_names_what_stands_in_the_way_and_when(clinic: Clinic, maya, skills, tess):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    book(maya, tess, renee, at=moment(NEXT_MONDAY, 11))
    with pytest.raises(holding.AlreadyTaken) as refusal:
        place(maya, skills, tess)
    assert refusal.value.because == "Maya sees Renee Castillo on Mon, Nov 30, 11:00 AM to 12:00 PM."
    assert not Enrollment.objects.exists()
    assert Appointment.objects.filter(kind="group").count() == 0


def test_two_groups_at_one_time_are_refused(clinic: Clinic, maya, skills, tess):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    other = weekly_group(
        clinic, leader=renee, by=tess, name="Process A", room=None, modality="video", starts=time(11)
    )
    place(maya, skills, tess)
    with pytest.raises(Refused, match="Maya is in Skills A on Mon, Nov 23, 10:00 AM to 11:30 AM"):
        place(maya, other, tess)


def test_a_video_group_is_attended_by_video(clinic: Clinic, maya, dana, tess):
    place(maya, weekly_group(clinic, leader=dana, by=tess, room=None, modality="video"), tess)
    assert set(Appointment.objects.values_list("modality", flat=True)) == {Modality.VIDEO}


@pytest.mark.parametrize("day", [MONDAY - timedelta(days=1), MONDAY + timedelta(weeks=4)])
def test_a_place_begins_within_four_weeks(maya, skills, tess, day):
    with pytest.raises(Refused) as refusal:
        place(maya, skills, tess, starts_on=day)
    assert refusal.value.field == "starts_on"


def test_a_nurse_places_nobody(clinic: Clinic, maya, skills):
    with pytest.raises(Forbidden):
        place(maya, skills, clinic.user(Role.NURSE, "Joel Price"))


def test_taking_out_frees_the_seat_and_the_weeks_ahead(maya, skills, tess):
    enrollment = place(maya, skills, tess)
    actions.take_out_of_group(
        enrollment, ends_on=NEXT_MONDAY, because="Works Mondays now", by=tess, at=clock.now()
    )
    assert days(Appointment.objects.booked().filter(patient=maya)) == [MONDAY]
    assert set(Appointment.objects.exclude(status="booked").values_list("cancelled_because", flat=True)) == {
        "Works Mondays now"
    }
    assert Hold.objects.standing().filter(taken=maya.pk).count() == 1
    actions.take_out_of_group(enrollment, ends_on=NEXT_MONDAY, because="Again", by=tess, at=clock.now())
    assert AuditEvent.objects.filter(to_id=enrollment.pk, did="ended").count() == 1


def test_somebody_taken_out_may_come_back_when_the_place_has_ended(maya, skills, tess):
    enrollment = place(maya, skills, tess)
    actions.take_out_of_group(
        enrollment, ends_on=NEXT_MONDAY, because="Works Mondays", by=tess, at=clock.now()
    )
    with pytest.raises(Refused, match="Maya has a place until Nov 30"):
        place(maya, skills, tess)
    place(maya, skills, tess, starts_on=NEXT_MONDAY)
    assert Appointment.objects.booked().filter(patient=maya).count() == 4


def test_taking_out_needs_a_reason(maya, skills, tess):
    with pytest.raises(Refused) as refusal:
        actions.take_out_of_group(
            place(maya, skills, tess), ends_on=MONDAY, because=" ", by=tess, at=clock.now()
        )
    assert refusal.value.field == "because"


def test_a_session_called_off_frees_everyone_in_it(maya, skills, tess, dana):
    place(maya, skills, tess)
    session = skills.sessions.first()
    actions.cancel_session(session, because="Dana is ill", by=tess, at=clock.now())
    assert not Hold.objects.standing().filter(during__contains=session.starts_at).exists()
    assert book(maya, tess, dana, at=moment(MONDAY, 10)).status == "booked"


def test_leaving_the_week_ends_places_and_cancels_what_is_ahead(maya, skills, tess, dana):
    place(maya, skills, tess)
    book(maya, tess, dana)
    assert actions.leave_the_week(maya, from_day=TUESDAY, because="Care ended", at=clock.now()) == (1, 1)
    assert days(Appointment.objects.booked().filter(patient=maya)) == [MONDAY]


# ---------- appointments ----------


def test_booking_takes_both_and_puts_the_clinician_on_the_team(clinic: Clinic, maya, tess):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    appointment = book(maya, tess, renee, room=clinic.room)
    assert Hold.objects.standing().filter(appointment=appointment).count() == 3
    assert (
        CareTeamMember.objects.current()
        .filter(patient=maya, practitioner__user=renee, role="counselor")
        .exists()
    )
    assert appointment.episode is not None


def test_a_double_click_books_once(maya, tess, dana):
    assert book(maya, tess, dana) == book(maya, tess, dana)
    assert Appointment.objects.count() == 1


def test_a_clinician_who_is_taken_is_named_and_the_other_patient_is_not(clinic: Clinic, maya, tess, dana):
    devon = clinic.patient("Devon Tate")
    book(devon, tess, dana, at=moment(TUESDAY, 10, 30))
    with pytest.raises(holding.AlreadyTaken) as refusal:
        book(maya, tess, dana)
    assert refusal.value.because == "Dana Whitfield has an appointment on Tue, Nov 24, 10:30 AM to 11:30 AM."
    assert refusal.value.field == "practitioner"
    assert not Appointment.objects.filter(patient=maya).exists()


def test_a_room_that_is_taken_names_neither_patient(clinic: Clinic, maya, tess, dana):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    book(clinic.patient("Devon Tate"), tess, renee, room=clinic.room)
    with pytest.raises(Refused, match="Room 2 is taken by an appointment with Renee Castillo on Tue, Nov 24"):
        book(maya, tess, dana, room=clinic.room)


def test_a_room_of_another_name_is_free(clinic: Clinic, maya, tess, dana):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    book(clinic.patient("Devon Tate"), tess, renee, room=clinic.room)
    assert (
        book(maya, tess, dana, room=Room.objects.create(center=clinic.center, name="Room 3")).room is not None
    )


def test_nothing_is_booked_on_a_closed_day(clinic: Clinic, maya, tess, dana):
    Closure.objects.create(center=clinic.center, on=date(2026, 11, 26), reason="Thanksgiving")
    with pytest.raises(Refused, match="The center is closed on Thu, Nov 26: Thanksgiving"):
        book(maya, tess, dana, at=moment(date(2026, 11, 26), 10))


@pytest.fixture
def open_late_on_tuesdays(clinic: Clinic):
    for opens, closes in ((time(8, 30), time(12)), (time(15), time(20, 30))):
        OpeningHours.objects.create(center=clinic.center, weekday=1, opens=opens, closes=closes)


@pytest.mark.parametrize(("hour", "minute"), [(8, 0), (11, 30), (14, 0), (20, 0)])
def test_nothing_is_booked_outside_the_hours_of_the_center(
    open_late_on_tuesdays, maya, tess, dana, hour, minute
):
    said = "On Tuesday the center is open 8:30 AM to 12:00 PM and 3:00 PM to 8:30 PM. Choose a time in these"
    with pytest.raises(Refused, match=said) as refusal:
        book(maya, tess, dana, at=moment(TUESDAY, hour, minute))
    assert refusal.value.field == "starts_at"
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(("hour", "minute"), [(8, 30), (11, 0), (19, 30)])
def test_a_time_is_booked_up_to_the_very_minute_of_closing(
    open_late_on_tuesdays, maya, tess, dana, hour, minute
):
    assert book(maya, tess, dana, at=moment(TUESDAY, hour, minute)).status == "booked"


def test_nothing_is_booked_on_a_weekday_when_the_center_does_not_open(
    open_late_on_tuesdays, maya, tess, dana
):
    with pytest.raises(Refused, match="The center is not open on Wednesday"):
        book(maya, tess, dana, at=moment(date(2026, 11, 25), 10))


def test_a_center_that_has_written_no_hours_is_open_nine_to_five(maya, tess, dana):
    with pytest.raises(Refused, match="open 9:00 AM to 5:00 PM"):
        book(maya, tess, dana, at=moment(TUESDAY, 18))


def test_nothing_is_booked_in_the_past(maya, tess, dana):
    with pytest.raises(Refused, match="That time has passed"):
        book(maya, tess, dana, at=moment(MONDAY, 8))


def test_the_database_itself_refuses_two_places_at_once(maya, tess, dana):
    appointment = book(maya, tess, dana)
    held = Hold.objects.filter(appointment=appointment, of="practitioner").get()
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="nobody_in_two_places"), transaction.atomic():
        Hold.objects.create(of="practitioner", taken=held.taken, during=held.during, appointment=appointment)


def test_a_cancelled_appointment_frees_its_time(clinic: Clinic, maya, tess, dana):
    appointment = book(maya, tess, dana)
    actions.cancel(appointment, because="Car broke down", by=tess, at=clock.now())
    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancelled_because) == ("cancelled", "Car broke down")
    assert book(clinic.patient("Devon Tate"), tess, dana).status == "booked"
    actions.cancel(appointment, because="Again", by=tess, at=clock.now())
    assert AuditEvent.objects.filter(to_id=appointment.pk, did="cancelled").count() == 1


# ---------- who stays on the care team ----------


def cancelled(appointment, by):
    actions.cancel(appointment, because="Asked for another day", by=by, at=clock.now())


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.NURSE, Role.PRESCRIBER])
def test_a_booking_that_is_called_off_leaves_no_open_chart_behind(clinic: Clinic, maya, tess, role):
    user = clinic.user(role, "Robin Vale")
    appointment = book(maya, tess, user)
    assert may(user, Permission.SEE_CHART, maya)
    cancelled(appointment, user)
    assert not may(user, Permission.SEE_CHART, maya)
    member = CareTeamMember.objects.get(patient=maya, practitioner__user=user)
    assert member.ended_on == MONDAY


def test_one_booking_called_off_after_another_leaves_no_open_chart_behind(clinic: Clinic, maya, tess):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    first = book(maya, tess, renee)
    with clock.stand_still(moment(TUESDAY, 8)):
        second = book(maya, renee, renee, at=moment(TUESDAY, 14))
        cancelled(first, renee)
        assert may(renee, Permission.SEE_CHART, maya)
        cancelled(second, renee)
        assert not may(renee, Permission.SEE_CHART, maya)


def test_nobody_opens_a_chart_to_themselves_by_booking_a_time(clinic: Clinic, maya):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    with pytest.raises(Refused, match="not on the care team of Maya"):
        book(maya, renee, renee)
    assert not Appointment.objects.filter(practitioner__user=renee).exists()
    assert not may(renee, Permission.SEE_CHART, maya)


def test_who_saw_the_person_before_stays_on_the_care_team(clinic: Clinic, maya, tess):
    renee = clinic.user(Role.COUNSELOR, "Renee Castillo")
    book(maya, tess, renee, at=moment(MONDAY, 10))
    later = book(maya, tess, renee)
    with clock.stand_still(moment(MONDAY, 12)):
        cancelled(later, tess)
    assert may(renee, Permission.SEE_CHART, maya)


def test_who_leads_the_persons_group_stays_on_the_care_team(maya, skills, tess, dana):
    place(maya, skills, tess)
    cancelled(book(maya, tess, dana), tess)
    assert may(dana, Permission.SEE_CHART, maya)


def test_who_was_on_the_care_team_before_any_booking_stays(maya, tess, dana):
    CareTeamMember.objects.filter(patient=maya).update(started_on=MONDAY - timedelta(days=30))
    cancelled(book(maya, tess, dana), tess)
    assert may(dana, Permission.SEE_CHART, maya)


def test_what_has_begun_is_not_cancelled(maya, tess, dana):
    appointment = book(maya, tess, dana, at=moment(MONDAY, 9))
    with (
        clock.stand_still(moment(MONDAY, 9, 5)),
        pytest.raises(Refused, match="Record what happened instead"),
    ):
        actions.cancel(appointment, because="Late", by=tess, at=clock.now())


def test_a_cancelled_intake_leaves_its_referral_waiting(clinic: Clinic, tess, dana):
    lena = clinic.patient("Lena Holt")
    referral = Referral.objects.create(patient=lena, source="self", status="booked", recorded_by=tess)
    appointment = book(lena, tess, dana, kind=Appointment.Kind.INTAKE)
    actions.cancel(appointment, because="Asked for next week", by=tess, at=clock.now())
    referral.refresh_from_db()
    assert referral.status == "received"


def test_a_peer_books_nothing(clinic: Clinic, maya, dana):
    with pytest.raises(Forbidden):
        book(maya, clinic.user(Role.PEER, "Luis Ortega"), dana)


def test_a_cancelled_session_is_still_there_to_be_read(skills, tess):
    session = skills.sessions.first()
    actions.cancel_session(session, because="Snow", by=tess, at=clock.now())
    assert GroupSession.objects.get(pk=session.pk).cancelled_because == "Snow"
    assert session not in GroupSession.objects.meeting()


def test_nobody_is_booked_with_somebody_who_does_not_work_there(clinic: Clinic, maya, tess):
    north = Center.objects.create(name="North", slug="north")
    farid = clinic.user(Role.COUNSELOR, "Farid Karimi")
    roles = Membership.objects.filter(user=farid)
    roles.update(center=north)
    with pytest.raises(Refused, match="Farid Karimi does not work at Alder Creek"):
        book(maya, tess, farid)
    roles.update(center=None, ended_at=clock.now())
    with pytest.raises(Refused, match="Choose somebody else"):
        book(maya, tess, farid)
    assert not CareTeamMember.objects.filter(practitioner__user=farid).exists()
    roles.update(ended_at=None)
    assert book(maya, tess, farid).status == "booked"
