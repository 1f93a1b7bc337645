"""Care steps up, down, or ends: chosen, looked at a second time, and taken, with what it does to the week."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from stepwell.care.care_plans.testing import in_care, sent, signed_by_both
from stepwell.care.encounters.actions import mark
from stepwell.care.encounters.rules import Mark
from stepwell.care.encounters.testing import visit
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod
from stepwell.care.measures.actions import ask
from stepwell.care.medication.testing import prescribe
from stepwell.care.medication.vocabulary import Medicine
from stepwell.care.notes.actions.visit import save_visit, sign_visit
from stepwell.care.notes.visit import visit_of
from stepwell.care.progress.actions import Step, take_step
from stepwell.care.progress.rules.levels import Wish
from stepwell.care.scheduling.actions import place_in_group
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden, Permission, may
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.models import Practitioner

NOV_23, NOV_30 = date(2026, 11, 23), date(2026, 11, 30)
WHY = "Cravings are low for four weeks, and the bakery wants her on mornings."


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, dana):
    patient = clinic.patient("Maya Reyes", team=(dana,))
    clinic.patient_user(patient)
    in_care(patient, by=dana)
    return patient


@pytest.fixture
def places(clinic, maya, dana):
    """Maya's standing places: skills on Monday, process on Wednesday."""
    found = {}
    for name, weekday in (("Skills", 0), ("Process", 2)):
        series = GroupSeries.objects.create(
            center=clinic.center,
            name=f"{name} group",
            kind=name.lower(),
            weekday=weekday,
            starts=time(13),
            minutes=180,
            leader=clinic.practitioner(Role.COUNSELOR, "Dana Whitfield"),
            starts_on=NOV_23 - timedelta(days=60),
        )
        found[name] = place_in_group(maya, series, starts_on=NOV_23, by=dana, at=clock.now())
    return found


@pytest.fixture
def page(clinic, maya, dana):
    client = clinic.client(dana)

    def ask(part="", **typed):
        address = f"/staff/people/{maya.id}/step/{part}"
        return client.post(address, typed) if typed else client.get(address)

    return ask


def typed(maya, **more):
    last = LevelOfCarePeriod.objects.filter(patient=maya, entered_in_error_at=None).latest("starts_on")
    return {"seen": last.id, "level": "1.5", "on": "2026-11-30", "because": WHY, "do": "take"} | more


def words(response):
    return " ".join(response.content.decode().split())


def level_on(maya, day):
    return EpisodeOfCare.objects.get(patient=maya).level_on(day)


# ---------- the walk ----------


def test_the_page_says_where_somebody_stands_before_anything_is_chosen(page, maya, dana):
    signed_by_both(maya, by=dana)
    told = words(page())
    assert "day 35, since Oct 20" in told
    assert "9 a week" in told
    assert "Week of Nov 16" in told
    assert "Outpatient (1.5), under 9 hours a week" in told
    assert "End care here" in told
    assert "Residential" not in told  # An outpatient program does not give it.


def test_care_is_stepped_down_after_a_second_look(page, maya, dana, places):
    signed_by_both(maya, by=dana)
    chosen = typed(maya, do="check", places=[str(places["Process"].id)])
    told = words(page(**chosen))
    assert "Nothing is changed yet." in told
    assert "Places that end</dt><dd>Process group, Wednesday 1:00 PM" in told
    assert "Places that stay</dt><dd>Skills group, Monday 1:00 PM" in told
    assert "The plan asks for hours that belong to another level." in told
    assert "From November 30 you come here for fewer hours: under 9 hours a week." in told
    assert level_on(maya, NOV_30) is LevelOfCare.INTENSIVE_OUTPATIENT

    response = page(**(chosen | {"do": "take"}))
    assert (response.status_code, response.url) == (302, f"/staff/people/{maya.id}/step/latest/")
    assert level_on(maya, NOV_30 - timedelta(days=1)) is LevelOfCare.INTENSIVE_OUTPATIENT
    assert level_on(maya, NOV_30) is LevelOfCare.OUTPATIENT
    places["Process"].refresh_from_db()
    places["Skills"].refresh_from_db()
    assert (places["Process"].ends_on, places["Skills"].ends_on) == (NOV_30, None)
    told = words(page("latest/"))
    assert "Maya from November 30: Outpatient (1.5), under 9 hours a week" in told
    assert "Revise plan" in told
    assert WHY in told


def test_sessions_of_an_ended_place_are_cancelled_from_that_day_on(page, maya, places):
    page(**typed(maya, places=[str(place.id) for place in places.values()]))
    booked = Appointment.objects.booked().filter(patient=maya)
    assert {appointment.starts_at.date() for appointment in booked} == {NOV_23, date(2026, 11, 25)}


def test_the_end_of_care_ends_every_place_and_appointment(page, maya, places):
    chosen = typed(maya, level="end", on="2026-11-23", do="check")
    told = words(page(**chosen))
    assert "Every booked appointment after the last day is cancelled." in told
    assert "You can come back at any time." in told
    page(**(chosen | {"do": "take"}))
    episode = EpisodeOfCare.objects.get(patient=maya)
    assert (episode.ended_on, episode.ended_because) == (NOV_23, WHY)
    assert not Enrollment.objects.from_day(NOV_23 + timedelta(days=1)).filter(patient=maya).exists()
    assert [a.starts_at.date() for a in Appointment.objects.booked().filter(patient=maya)] == [NOV_23]
    assert "Maya’s care here ended on November 23" in words(page("latest/"))
    assert "Maya is not in care now" in words(page())


def test_the_end_of_care_names_medication_and_measures_that_go_on(clinic, page, maya, dana):
    chosen = typed(maya, level="end", on="2026-11-23", do="check")
    told = words(page(**chosen))
    assert "Medication is still prescribed" not in told
    assert "Measures are still open" not in told
    assert "It stays open to the counselor" in told
    osei = clinic.user(Role.PRESCRIBER, "Dr. Amara Osei")
    prescribe(maya, Medicine.BUPRENORPHINE_ER, by=osei, starts_on=NOV_23)
    ask(maya, "phq9", by=dana, at=clock.now())
    told = words(page(**chosen))
    assert "Medication is still prescribed here" in told
    assert "Measures are still open" in told
    page(**(chosen | {"do": "take"}))
    told = words(page("latest/"))
    assert "Medication is still prescribed here" in told
    assert "It stays open to the counselor" not in told
    assert "Revise plan" not in told


def test_a_prescriber_who_ends_care_is_led_out_of_the_chart(clinic, maya):
    osei = clinic.user(Role.PRESCRIBER, "Dr. Amara Osei")
    clinic.join(maya, osei)
    client = clinic.client(osei)
    response = client.post(f"/staff/people/{maya.id}/step/", typed(maya, level="end", on="2026-11-23"))
    assert (response.status_code, response.url) == (302, "/staff/today/")
    assert client.get(f"/staff/people/{maya.id}/").status_code == 404


def test_what_was_held_is_signed_after_care_has_ended(clinic, maya, dana):
    vera = clinic.user(Role.NURSE, "Vera Lind")
    clinic.join(maya, vera)
    appointment = visit(maya, Practitioner.objects.get(user=vera), kind=Appointment.Kind.MEDICAL)
    take_step(maya, Step(Wish(None, NOV_23, WHY)), by=dana, at=clock.now())
    assert not may(vera, Permission.SEE_CHART, maya)
    mark(appointment, Mark.HERE, by=vera, at=clock.now())
    stored = visit_of(appointment).text
    told = replace(stored, row=replace(stored.row, line="Blood pressure taken; felt well."))
    save_visit(appointment, told, seen=stored.seen, by=vera, at=clock.now())
    note = sign_visit(appointment, by=vera, at=clock.now())
    assert note is not None
    assert note.signed_by == vera


def test_who_is_marked_already_keeps_that_place_when_care_ends(maya, dana, places):
    early = Appointment.objects.booked().filter(patient=maya).earliest("starts_at")
    at = early.starts_at - timedelta(minutes=20)
    mark(early, Mark.HERE, by=dana, at=at)
    take_step(maya, Step(Wish(None, NOV_23 - timedelta(days=1), WHY)), by=dana, at=at)
    assert list(Appointment.objects.booked().filter(patient=maya)) == [early]


def test_the_words_for_the_patient_are_in_their_language(page, maya):
    maya.language = "es"
    maya.save()
    told = words(page(**typed(maya, do="check")))
    assert 'lang="es"' in told
    assert "Su equipo sigue con usted. Aquí sigue habiendo un lugar para usted." in told


def test_something_can_be_changed_after_the_second_look(page, maya, places):
    response = page(**typed(maya, do="change", places=[str(places["Process"].id)]))
    form = response.context["form"]
    assert (form["because"].value(), form["level"].value()) == (WHY, "1.5")
    assert form["places"].value() == [str(places["Process"].id)]
    assert not form.errors


# ---------- what is refused ----------


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"because": " "}, "Say why, in a sentence."),
        ({"level": ""}, "Choose the next level."),
        ({"level": "2.1"}, "The level is IOP already. Choose another."),
        ({"level": "3.5"}, "Select a valid choice"),
        ({"on": ""}, "Say from which day."),
        ({"on": "2026-10-19"}, "Choose a day from the admission on, Oct 20."),
        ({"on": "2026-12-24"}, "Choose a day within the next 30 days."),
        ({"level": "end"}, "Choose today or an earlier day."),
    ],
)
@pytest.mark.parametrize("do", ["check", "take"])
def test_a_step_is_refused_with_its_reason_and_what_was_typed_is_kept(page, maya, wrong, told, do):
    response = page(**typed(maya, do=do, **wrong))
    assert response.status_code == 422
    assert told in words(response)
    assert response.context["form"]["because"].value() == wrong.get("because", WHY)
    assert level_on(maya, NOV_30) is LevelOfCare.INTENSIVE_OUTPATIENT


def test_another_persons_place_is_not_ended(page, maya, clinic, dana, places):
    wendell = clinic.patient("Wendell Price", team=(dana,))
    in_care(wendell, by=dana)
    other = place_in_group(wendell, places["Skills"].series, starts_on=NOV_23, by=dana, at=clock.now())
    assert page(**typed(maya, places=[str(other.id)])).status_code == 422
    step = Step(Wish(LevelOfCare.OUTPATIENT, NOV_30, WHY), frozenset({other.id}))
    take_step(maya, step, by=dana, at=clock.now())
    other.refresh_from_db()
    assert other.ends_on is None


def test_nothing_is_half_done(maya, dana, places, monkeypatch):
    def fail(*args, **more):
        raise Refused("The place cannot end.")

    monkeypatch.setattr("stepwell.care.progress.actions.steps.take_out_of_group", fail)
    step = Step(Wish(LevelOfCare.OUTPATIENT, NOV_30, WHY), frozenset({places["Skills"].id}))
    with pytest.raises(Refused):
        take_step(maya, step, by=dana, at=clock.now())
    assert level_on(maya, NOV_30) is LevelOfCare.INTENSIVE_OUTPATIENT


def test_somebody_not_in_care_does_not_step(clinic, dana):
    wendell = clinic.patient("Wendell Price", team=(dana,))
    step = Step(Wish(LevelOfCare.OUTPATIENT, NOV_30, WHY))
    with pytest.raises(Refused, match="Wendell is not in care now"):
        take_step(wendell, step, by=dana, at=clock.now())


# ---------- twice, and two at once ----------


@pytest.mark.parametrize("more", [{}, {"level": "end", "on": "2026-11-23"}])
def test_a_second_click_is_harmless(page, maya, more):
    chosen = typed(maya, **more)
    for _click in range(2):
        assert page(**chosen).status_code == 302
    done = AuditEvent.objects.filter(
        did__in=["changed", "ended"], to_type__in=["episodes.LevelOfCarePeriod", "episodes.EpisodeOfCare"]
    )
    assert done.count() == 1


def test_the_second_of_two_people_is_told_and_loses_nothing(clinic, page, maya):
    chosen = typed(maya)
    bell = clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    take_step(
        maya,
        Step(Wish(LevelOfCare.HIGH_INTENSITY_OUTPATIENT, NOV_23, "A hard weekend.")),
        by=bell,
        at=clock.now(),
    )
    response = page(**chosen)
    assert response.status_code == 409
    told = words(response)
    assert "Somebody else changed the level after you opened this page." in told
    assert "A hard weekend." in told
    assert response.context["form"]["because"].value() == WHY
    assert level_on(maya, NOV_30) is LevelOfCare.HIGH_INTENSITY_OUTPATIENT


def test_what_was_not_seen_is_not_changed(maya, dana):
    step = Step(Wish(LevelOfCare.OUTPATIENT, NOV_30, WHY), seen=maya.id)
    with pytest.raises(ChangedMeanwhile):
        take_step(maya, step, by=dana, at=clock.now())


# ---------- who may ----------


@pytest.mark.parametrize("role", [Role.NURSE, Role.PEER, Role.CASE_MANAGER])
def test_who_may_not_change_the_level_is_refused(clinic, maya, role):
    user = clinic.user(role)
    clinic.join(maya, user)
    assert clinic.client(user).get(f"/staff/people/{maya.id}/step/").status_code == 403
    with pytest.raises(Forbidden):
        take_step(maya, Step(Wish(LevelOfCare.OUTPATIENT, NOV_30, WHY)), by=user, at=clock.now())


def test_a_prescriber_steps_care_and_leaves_the_places_to_others(clinic, maya, places):
    osei = clinic.user(Role.PRESCRIBER, "Dr. Amara Osei")
    clinic.join(maya, osei)
    client = clinic.client(osei)
    address = f"/staff/people/{maya.id}/step/"
    assert "Places in groups that end" not in words(client.get(address))
    assert client.post(address, typed(maya)).status_code == 302
    assert level_on(maya, NOV_30) is LevelOfCare.OUTPATIENT


def test_a_plan_that_awaits_signatures_is_told(page, maya, dana):
    sent(maya, by=dana)
    told = words(page(**typed(maya, do="check")))
    assert "A plan still awaits signatures." in told
    assert "There is no plan in force." in told
