"""From the first call to an admission, through the pages, by the people whose job it is."""

import re
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from stepwell.care.episodes.models import EpisodeOfCare, Referral
from stepwell.care.intake import actions
from stepwell.care.level_of_care.models import LevelOfCareAssessment
from stepwell.care.scheduling.first_visits import screeners
from stepwell.care.scheduling.models import Appointment, Modality
from stepwell.care.scheduling.openings import openings
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.consent import testing as consents
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, RecipientKind
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient
from stepwell.trust.people.testing import open_clinic

CALL = {
    "first_name": "Nadia",
    "last_name": "O'Brien-Núñez",
    "phone": "(937) 555-0142",
    "safe_to_text": "on",
    "language": "en",
    "source": "self",
    "asked_for": "I want to stop before my son comes home.",
}


@pytest.fixture
def desk(clinic):
    clinic.user(Role.COUNSELOR, "Dana Whitfield")
    return clinic.client(clinic.user(Role.FRONT_DESK, "Tess Nguyen"))


def referral_of(clinic, name="Nadia Brook"):
    return actions.take_referral(
        clinic.center,
        actions.Request("self"),
        person=clinic.patient(name),
        by=clinic.user(Role.FRONT_DESK, "Tess Nguyen"),
        at=clock.now(),
    )


def open_slots(clinic):
    """The open times of the first day that has any."""
    days = openings(
        clinic.center, screeners(clinic.center), from_day=clinic.today, minutes=60, at=clock.now(), days=5
    )
    return next(day.openings for day in days if day.openings)


def book(referral, clinic, slot):
    return actions.book_intake(
        referral,
        practitioner=slot.practitioner,
        starts_at=slot.starts_at,
        modality=Modality.IN_PERSON,
        by=clinic.user(Role.FRONT_DESK, "Tess Nguyen"),
        at=clock.now(),
    )


def test_the_front_desk_takes_a_referral_and_goes_on_to_book(desk):
    answer = desk.post("/staff/referrals/new/", CALL)
    referral = Referral.objects.get()
    assert answer["Location"] == f"/staff/referrals/{referral.pk}/intake/"
    assert (referral.patient.name, referral.patient.phone) == ("Nadia O'Brien-Núñez", "+19375550142")
    assert AuditEvent.objects.filter(to_id=referral.pk, by_name="Tess Nguyen").count() == 1
    page = desk.get("/staff/referrals/").content.decode()
    assert "Nadia O." in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"first_name": ""}, "Write a first name."),
        ({"phone": "call me"}, "Write the phone number with its area code"),
        ({"phone": "", "may_leave_message": "on"}, "Write the number that is safe"),
        ({"source": ""}, "Say who asks."),
        ({"born_on": "2031-01-01"}, "that date of birth cannot be right"),
        ({"born_on": "0001-01-01"}, "that date of birth cannot be right"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(desk, change, sentence):
    answer = desk.post("/staff/referrals/new/", CALL | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "stop before my son comes home" in page
    assert Patient.objects.count() == 0


def test_somebody_alike_is_offered_before_a_second_record_is_made(desk, clinic):
    known = clinic.patient("Nadia OBrien Nunez", phone="+19375550142")
    answer = desk.post("/staff/referrals/new/", CALL)
    assert "Is this one of these people?" in answer.content.decode()
    assert Patient.objects.count() == 1
    desk.post("/staff/referrals/new/", CALL | {"known": str(known.pk)})
    assert Referral.objects.get().patient == known
    assert Patient.objects.count() == 1


def test_a_second_record_is_made_when_it_is_somebody_else(desk, clinic):
    ana = clinic.patient("Ana Brook", phone="+19375550142")
    asked = desk.post("/staff/referrals/new/", CALL).content.decode()
    assert f'name="looked_at" value="{ana.pk}"' in asked
    assert "Same phone number." in asked
    desk.post("/staff/referrals/new/", CALL | {"known": "nobody", "looked_at": [ana.pk, "nonsense"]})
    assert Patient.objects.count() == 2


def test_somebody_new_is_not_somebody_whom_a_colleague_wrote_down_meanwhile(desk, clinic):
    ana = clinic.patient("Ana Brook", phone="+19375550142")
    clinic.patient("Nadia OBrien Nunez")
    answer = desk.post("/staff/referrals/new/", CALL | {"known": "nobody", "looked_at": [ana.pk]})
    page = answer.content.decode()
    assert "Is this one of these people?" in page
    assert "Nadia OBrien Nunez" in page
    assert "Ana Brook" not in page
    assert f'name="looked_at" value="{ana.pk}"' in page
    assert Patient.objects.count() == 2


def test_a_person_at_a_center_out_of_sight_is_not_told_of(desk, clinic):
    clinic.patient("Nadia O'Brien-Núñez", phone="+19375550142")
    Patient.objects.update(center=Center.objects.create(name="Birch Road", slug="birch-road"))
    answer = desk.post("/staff/referrals/new/", CALL)
    assert answer.status_code == 302
    assert Referral.objects.get().patient.center == clinic.center


def test_two_at_the_front_desk_at_once_make_one_record(fresh_database):
    with fresh_database():
        with open_clinic() as clinic:
            desks = [clinic.user(Role.FRONT_DESK, name) for name in ("Tess Nguyen", "Omar Said")]
        ready, answers = Barrier(2), []
        person = {"first_name": "Nadia", "last_name": "Brook", "phone": "+19375550142"}

        def ask(user):
            try:
                ready.wait()
                with acting_in(clinic.organization.pk):
                    actions.take_referral(
                        clinic.center, actions.Request("self"), person=person, by=user, at=clock.now()
                    )
                answers.append("taken")
            except actions.KnownAlready as refusal:
                answers.append(refusal.matches[0].patient.name)
            finally:
                connection.close()

        threads = [Thread(target=ask, args=[user]) for user in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with acting_in(clinic.organization.pk):
            assert Patient.objects.count() == 1
        assert sorted(answers) == ["Nadia Brook", "taken"]


def test_clicking_twice_on_somebody_new_makes_one_record(desk, clinic):
    ana = clinic.patient("Ana Brook", phone="+19375550142")
    said = CALL | {"known": "nobody", "looked_at": [ana.pk]}
    for _double_click in range(2):
        assert desk.post("/staff/referrals/new/", said).status_code == 302
    assert (Patient.objects.count(), Referral.objects.count()) == (2, 1)


def test_whoever_missed_a_first_visit_is_booked_another(desk, clinic):
    referral = referral_of(clinic)
    missed = book(referral, clinic, open_slots(clinic)[1])
    with clock.stand_still(missed.ends_at):
        slot = open_slots(clinic)[0]
        desk = clinic.client(clinic.user(Role.FRONT_DESK, "Tess Nguyen"))
        answer = desk.post(
            f"/staff/referrals/{referral.pk}/intake/", {"time": slot.value, "modality": "in_person"}
        )
    assert answer.status_code == 302
    assert actions.intake_of(referral).starts_at == slot.starts_at
    referral.refresh_from_db()
    assert referral.status == Referral.Status.BOOKED


def test_nonsense_in_place_of_a_person_is_refused(desk):
    answer = desk.post("/staff/referrals/new/", CALL | {"known": "x'; drop"})
    assert answer.status_code == 422
    assert Referral.objects.count() == 0


def test_a_double_click_makes_one_record(desk):
    first = desk.post("/staff/referrals/new/", CALL)
    second = desk.post("/staff/referrals/new/", CALL)
    assert first["Location"] == second["Location"]
    assert Patient.objects.count() == Referral.objects.count() == 1


def test_the_first_visit_is_booked_from_the_open_times(desk, clinic):
    referral = referral_of(clinic)
    page = desk.get(f"/staff/referrals/{referral.pk}/intake/").content.decode()
    time = re.search(r'name="time" value="([^"]+)"', page)[1]
    for _double_click in range(2):
        answer = desk.post(f"/staff/referrals/{referral.pk}/intake/", {"time": time, "modality": "in_person"})
        assert answer.status_code == 302
    appointment = Appointment.objects.get()
    assert (appointment.kind, appointment.practitioner.name) == ("intake", "Dana Whitfield")
    assert appointment.room is not None
    referral.refresh_from_db()
    assert referral.status == Referral.Status.BOOKED
    assert referral.patient.care_team.get().practitioner.name == "Dana Whitfield"
    assert (
        time
        not in desk.get(f"/staff/referrals/{referral_of(clinic, 'Omar Said').pk}/intake/").content.decode()
    )


def test_a_time_that_somebody_else_took_is_told_with_the_next_ones(desk, clinic):
    first, second = referral_of(clinic), referral_of(clinic, "Omar Said")
    slot = open_slots(clinic)[0]
    book(first, clinic, slot)
    answer = desk.post(f"/staff/referrals/{second.pk}/intake/", {"time": slot.value, "modality": "in_person"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That time is not open any more." in page
    assert "Nadia" not in page
    assert 'name="time"' in page


@pytest.mark.parametrize(
    "time", ["", "nonsense", "|", "00000000-0000-0000-0000-000000000000|2026-11-24T10:00:00"]
)
def test_no_time_or_a_made_up_one_is_refused(desk, clinic, time):
    referral = referral_of(clinic)
    answer = desk.post(f"/staff/referrals/{referral.pk}/intake/", {"time": time, "modality": "in_person"})
    assert answer.status_code == 422
    assert "Choose a" in answer.content.decode()


def test_closing_says_why_and_frees_the_time(desk, clinic):
    referral = referral_of(clinic)
    slot = open_slots(clinic)[1]
    appointment = book(referral, clinic, slot)
    assert desk.post(f"/staff/referrals/{referral.pk}/closing/", {"because": " "}).status_code == 422
    desk.post(f"/staff/referrals/{referral.pk}/closing/", {"because": "Went to another program"})
    referral.refresh_from_db()
    appointment.refresh_from_db()
    assert (referral.status, referral.closed_because) == ("closed", "Went to another program")
    assert appointment.status == "cancelled"
    assert open_slots(clinic)[1].value == slot.value


def test_closing_ends_the_consents_until_treatment_ends(desk, clinic):
    referral = referral_of(clinic)
    counselor = clinic.user(Role.COUNSELOR)
    clinic.join(referral.patient, counselor)
    until_then = consents.signed(
        referral.patient,
        by=counselor,
        recipient_kind=RecipientKind.TREATING_PROVIDER,
        recipients=("Dr. Okafor",),
        purposes=frozenset({Purpose.TREATMENT}),
        expiry=Expiry.END_OF_TREATMENT,
        expires_on=None,
    )
    until_a_day = consents.signed(referral.patient, by=counselor)
    desk.post(f"/staff/referrals/{referral.pk}/closing/", {"because": "Went to another program"})
    until_then.refresh_from_db()
    until_a_day.refresh_from_db()
    assert not until_then.holds_today and until_a_day.holds_today


def signed(patient, by, level="2.1", **more):
    return LevelOfCareAssessment.objects.create(
        patient=patient,
        recommended=level,
        chosen=level,
        signed_by=by,
        signed_at=clock.now(),
        recorded_by=by,
        **more,
    )


def test_the_counselor_admits_at_the_level_that_was_signed(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    referral = referral_of(clinic)
    clinic.join(referral.patient, dana)
    page = f"/staff/people/{referral.patient_id}/admission/"
    counselor = clinic.client(dana)
    refused = counselor.post(page, {"because": "Needs several contacts a week."})
    assert refused.status_code == 422
    assert "is signed yet. Screen and sign it first." in refused.content.decode()
    signed(referral.patient, dana)
    assert counselor.post(page, {"because": ""}).status_code == 422
    gone_by = counselor.post(
        page, {"because": "Needs several contacts a week.", "planned_end_on": "2026-11-01"}
    )
    assert "Choose a day after the day of admission." in gone_by.content.decode()
    assert not EpisodeOfCare.objects.exists()
    counselor.post(page, {"because": "Needs several contacts a week.", "planned_end_on": "2027-02-15"})
    episode = EpisodeOfCare.objects.get()
    assert episode.levels.get().level == "2.1"
    assert episode.planned_ends.get().on == date(2027, 2, 15)
    referral.refresh_from_db()
    assert referral.status == Referral.Status.ADMITTED
    assert counselor.post(page, {"because": "Again"}).status_code == 422
    assert EpisodeOfCare.objects.count() == 1


def test_a_newer_emergency_speaks_louder_than_an_older_level(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    referral = referral_of(clinic)
    clinic.join(referral.patient, dana)
    signed(referral.patient, dana)
    with clock.stand_still(clock.now() + timedelta(hours=1)):
        signed(referral.patient, dana, level="", disposition="Taken by ambulance")
        with pytest.raises(Refused, match="is signed yet"):
            actions.admit(referral.patient, because="Needs it.", by=dana, at=clock.now())


def test_a_screening_that_waits_for_a_second_signature_carries_no_admission(clinic):
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    referral = referral_of(clinic)
    clinic.join(referral.patient, dana)
    signed(referral.patient, dana, needs_second_signature=True)
    with pytest.raises(Refused, match="is signed yet"):
        actions.admit(referral.patient, because="Needs it.", by=dana, at=clock.now())


def test_the_front_desk_does_not_admit_and_does_not_open_the_chart(desk, clinic):
    referral = referral_of(clinic)
    assert desk.get(f"/staff/people/{referral.patient_id}/admission/").status_code == 404


def test_two_people_asking_for_one_time_at_once_give_one_visit(fresh_database):
    with fresh_database():
        with open_clinic() as clinic:
            clinic.user(Role.COUNSELOR, "Dana Whitfield")
            referrals = [referral_of(clinic), referral_of(clinic, "Omar Said")]
            slot = open_slots(clinic)[0]
        ready, answers = Barrier(2), []

        def ask(referral):
            try:
                ready.wait()
                with acting_in(clinic.organization.pk):
                    book(referral, clinic, slot)
                answers.append("booked")
            except Refused as refusal:
                answers.append(refusal.because)
            finally:
                connection.close()

        threads = [Thread(target=ask, args=[referral]) for referral in referrals]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with acting_in(clinic.organization.pk):
            assert Appointment.objects.booked().count() == 1
        assert len(answers) == 2
        assert answers.count("booked") == 1
