"""Alder Creek as it stands in the database: the laws of the story, read back."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import Count, Model
from django.test import RequestFactory

from stepwell.care.care_plans.models import CarePlan, Goal, Intervention
from stepwell.care.encounters.ledger import hours_of
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod, Referral
from stepwell.care.level_of_care.models import LevelOfCareAssessment
from stepwell.care.measures.models import CheckIn, Response
from stepwell.care.medication.models import DrugTest, DrugTestResult, MedicationAdministration
from stepwell.care.notes.models import GroupNote, Note
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession, Hold
from stepwell.care.scheduling.sessions import horizon, plan_sessions
from stepwell.config.testing.databases import PATIENTS_IN_TESTS
from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.demo import builder, courses
from stepwell.demo import story as storytelling
from stepwell.demo.building import north, schedule
from stepwell.demo.facts import Kept, Present, Story, Visit
from stepwell.demo.story import tell
from stepwell.ground.files import vault
from stepwell.ground.kit import clock
from stepwell.ground.kit.weeks import Week
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center, Closure, Organization, PublishedCenter, Room
from stepwell.trust.outbox.models import Message, State
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def standing(fresh_database: FreshDatabase, alder_creek_template: str) -> Iterator[Story]:
    """The very center that a demonstration shows, smaller; one copy for all who only look."""
    with fresh_database(alder_creek_template):
        yield tell(builder.SEED, TODAY, PATIENTS_IN_TESTS, courses.read())


@pytest.fixture
def alder_creek(standing: Story) -> Iterator[Story]:
    with acting_in(Organization.objects.get().id):
        yield standing


def test_everything_told_is_there(alder_creek: Story):
    story = alder_creek
    people = story.people
    expected: dict[type[Model], int] = {
        Room: len(story.rooms) + len(north.ROOMS),
        Closure: len(story.closures) * 2,
        Practitioner: sum(member.is_clinical for member in story.staff) + 1,
        Patient: len(people) + len(north.PEOPLE),
        Referral: len(people) + len(north.PEOPLE),
        EpisodeOfCare: sum(person.episode is not None for person in people) + len(north.PEOPLE),
        LevelOfCarePeriod: sum(len(person.episode.levels) for person in people if person.episode)
        + len(north.PEOPLE),
        LevelOfCareAssessment: sum(person.episode is not None for person in people),
        CareTeamMember: sum(len(person.team) for person in people) + len(north.PEOPLE),
        CarePlan: sum(len(person.plans) for person in people),
        Goal: sum(len(plan.goals) for person in people for plan in person.plans),
        Intervention: sum(len(plan.interventions) for person in people for plan in person.plans),
        GroupSeries: len(story.series),
        Enrollment: sum(len(person.enrollments) for person in people),
        DrugTest: sum(len(person.drug_tests) for person in people),
        DrugTestResult: sum(len(test.results) for person in people for test in person.drug_tests),
        CheckIn: sum(len(person.check_ins) for person in people),
        GroupNote: sum(session.on < TODAY for session in story.sessions),
    }
    assert {model.__name__: model._default_manager.count() for model in expected} == {
        model.__name__: number for model, number in expected.items()
    }
    assert GroupSession.objects.meeting().count() == len(story.sessions)
    came = sum(seat.present is not Present.ABSENT for person in people for seat in person.attendance)
    kept = sum(visit.kept is Kept.KEPT for person in people for visit in person.appointments)
    assert Encounter.objects.count() == came + kept
    stayed_away = sum(seat.present is Present.ABSENT for person in people for seat in person.attendance)
    missed = sum(visit.kept is Kept.MISSED for person in people for visit in person.appointments)
    assert Absence.objects.count() == stayed_away + missed
    completed = Response.objects.filter(status=Response.Status.COMPLETED).count()
    assert completed == sum(len(person.responses) for person in people)


def test_the_hours_of_every_week_are_the_ones_told(alder_creek: Story):
    for person in alder_creek.people:
        if person.episode is None:
            continue
        patient = Patient.objects.get(record_number=person.record_number)
        week = Week.of(person.episode.admitted_on)
        while week.monday <= TODAY:
            counted = hours_of(patient, week)
            assert counted.signed == alder_creek.minutes_signed(person, week.monday)
            assert counted.signed + counted.unsigned == alder_creek.minutes_attended(person, week.monday)
            if week.monday == Week.of(TODAY).monday and not person.episode.discharge:
                both = counted.signed + counted.unsigned + counted.planned
                missed = sum(
                    a.minutes
                    for a in person.appointments
                    if a.kept is Kept.MISSED
                    and a.visit is Visit.INDIVIDUAL
                    and a.starts_at.date() >= week.monday
                )
                assert both + missed == alder_creek.minutes_planned(person, week.monday)
            week = week.next


def test_nobody_and_no_room_is_in_two_places(alder_creek: Story):
    taken: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
    for session in GroupSession.objects.meeting():
        for one in filter(None, (session.leader_id, session.co_leader_id, session.room_id)):
            taken[one].append((session.starts_at, session.ends_at))
    for booked in Appointment.objects.booked():
        for one in filter(None, (booked.patient_id, booked.practitioner_id, booked.room_id)):
            taken[one].append((booked.starts_at, booked.ends_at))
    assert len(taken) > PATIENTS_IN_TESTS
    for times in taken.values():
        assert all(ends <= starts for (_, ends), (starts, _) in pairwise(sorted(times)))
    assert Hold.objects.filter(released_at=None).count() == sum(len(times) for times in taken.values())


def test_no_session_has_more_people_than_seats(alder_creek: Story):
    full = GroupSession.objects.annotate(there=Count("appointments")).select_related("series", "room")
    assert max(session.there for session in full) > 8
    for session in full:
        assert session.there <= session.series.seats <= 12
        assert session.room is None or session.there <= session.room.seats


def test_everyone_who_came_was_expected_and_in_care(alder_creek: Story):
    for encounter in Encounter.objects.select_related("appointment", "episode", "session"):
        assert encounter.appointment.patient_id == encounter.patient_id
        assert encounter.appointment.session_id == encounter.session_id
        on = encounter.starts_at.astimezone(NOW.tzinfo).date()
        assert encounter.episode is not None
        assert encounter.episode.admitted_on <= on <= (encounter.episode.ended_on or TODAY)
        assert encounter.ends_at <= NOW
        assert 0 < encounter.minutes <= (encounter.ends_at - encounter.starts_at).total_seconds() / 60


def test_nothing_that_happened_was_written_in_the_future(alder_creek: Story):
    for model in (Encounter, Absence, Note, DrugTest, MedicationAdministration, Response, CheckIn, CarePlan):
        assert not model._default_manager.filter(recorded_at__gt=NOW).exists(), model


def test_a_signed_note_holds_the_shared_words_and_names_nobody_else(alder_creek: Story):
    names = {name for patient in Patient.objects.all() for name in (patient.first_name, patient.last_name)}
    others = re.compile(r"\b(" + "|".join(map(re.escape, sorted(names))) + r")\b", re.IGNORECASE)
    notes = Note.objects.filter(signed_at__isnull=False).select_related("encounter__session")
    assert notes.count() > 150
    in_groups = [note for note in notes if note.encounter.session_id]
    for note in notes:
        assert note.line
        assert note.signature
        for words in (note.line, note.plan, note.what_we_did):
            assert not others.search(words), words
    for note in in_groups:
        assert note.topic
        assert note.what_we_did
        assert note.group_size is not None
        assert 1 <= note.group_size <= 12
    lines = Counter((note.encounter.session_id, note.line) for note in in_groups)
    assert max(lines.values()) == 1


def test_some_notes_of_the_last_days_wait_and_none_older(alder_creek: Story):
    waiting = Note.objects.filter(signed_at=None)
    assert waiting.exists()
    assert not waiting.filter(encounter__starts_at__lt=NOW - timedelta(days=15)).exists()
    assert not waiting.filter(encounter__session__starts_at__lt=NOW - timedelta(days=4)).exists()


def test_each_person_in_care_has_one_plan_in_force_or_one_that_waits(alder_creek: Story):
    for episode in EpisodeOfCare.objects.filter(ended_on=None, center__slug="alder-creek"):
        plans = CarePlan.objects.filter(episode=episode)
        assert plans.filter(status__in=("active", "awaiting_signatures")).count() == 1
        for plan in plans:
            assert plan.goals.filter(interventions__isnull=False).exists()
    waiting = CarePlan.objects.filter(status="awaiting_signatures").values_list(
        "patient__first_name", flat=True
    )
    assert list(waiting) == ["Hannah"]


def test_the_ninth_answer_is_flagged_and_not_yet_followed_up(alder_creek: Story):
    wendell = Patient.objects.get(first_name="Wendell")
    latest = Response.objects.completed().filter(patient=wendell, instrument="phq9").latest("taken_at")
    assert latest.total == 14
    assert "phq9_9" in latest.flags
    assert latest in Response.objects.needing_follow_up()


def test_old_flags_have_been_followed_up(alder_creek: Story):
    old = Response.objects.needing_follow_up().filter(taken_at__lt=NOW - timedelta(days=5))
    assert not old.exists()


def test_scores_are_those_of_the_engine(alder_creek: Story):
    for response in Response.objects.completed():
        assert response.result["definition"]["version"] == response.instrument_version
        assert (response.total is not None) == (len(response.definition.scores) == 1)


def test_drug_tests_are_judged_by_what_is_prescribed(alder_creek: Story):
    maya = Patient.objects.get(first_name="Maya")
    latest = DrugTest.objects.filter(patient=maya).latest("collected_at")
    found = {r.substance: (r.result, r.as_expected) for r in latest.results.all()}
    assert found["buprenorphine"] == ("positive", True)
    assert all(expected for _, expected in found.values())


def test_intakes_support_the_level_that_was_chosen(alder_creek: Story):
    for assessment in LevelOfCareAssessment.objects.all():
        assert assessment.recommended == assessment.chosen == LevelOfCare.INTENSIVE_OUTPATIENT
        assert assessment.signed_at is not None


def test_the_care_team_holds_everyone_who_writes_about_the_person(alder_creek: Story):
    team = defaultdict(set)
    for member in CareTeamMember.objects.all():
        team[member.patient_id].add(member.practitioner_id)
    for note in Note.objects.all():
        assert note.author_id in team[note.patient_id]


def test_a_session_on_a_closed_day_stands_cancelled_with_the_reason(alder_creek: Story):
    on_thanksgiving = GroupSession.objects.filter(starts_at__date=date(2026, 11, 26))
    assert on_thanksgiving.count() == 2
    for session in on_thanksgiving:
        assert (session.status, session.cancelled_because) == ("cancelled", "Thanksgiving")
        assert not session.appointments.exists()
        assert not session.holds.exists()


def test_laying_down_sessions_again_adds_nothing(alder_creek: Story):
    for series in GroupSeries.objects.all():
        assert not plan_sessions(series, horizon(TODAY), at=NOW).sessions


def test_the_twelve_are_expected_now(alder_creek: Story):
    now = GroupSession.objects.get(starts_at=NOW)
    assert now.appointments.count() == 12
    assert (now.leader.name, now.co_leader and now.co_leader.name) == ("Dana Whitfield", "Luis Ortega")
    assert now.room is not None
    assert now.room.name == "Room 2"


def test_three_people_wait_for_their_intake(alder_creek: Story):
    booked = Referral.objects.filter(status=Referral.Status.BOOKED)
    intakes = Appointment.objects.booked().filter(kind=Appointment.Kind.INTAKE, starts_at__gt=NOW)
    assert booked.count() == intakes.count() == 3
    assert {r.patient_id for r in booked} == {a.patient_id for a in intakes}


def test_the_trail_tells_who_signed_and_who_looked(alder_creek: Story):
    signed = AuditEvent.objects.filter(did=Did.SIGNED, to_type="notes.Note")
    assert signed.count() == Note.objects.filter(signed_at__isnull=False).count()
    maya = Patient.objects.get(first_name="Maya")
    looked = AuditEvent.objects.filter(did=Did.OPENED, patient_id=maya.id)
    assert "Dana Whitfield" in looked.values_list("by_name", flat=True)
    assert not AuditEvent.objects.filter(at__gt=NOW).exists()


def test_people_close_to_a_patient_are_written_down(alder_creek: Story):
    maya = Patient.objects.get(first_name="Maya")
    assert {one.name for one in maya.related_persons.current()} == {"Ana Reyes", "Jordan Ames"}


def test_reminders_went_out_to_whom_it_is_safe_and_to_nobody_else(alder_creek: Story):
    sent = Message.objects.exclude(state=State.NOT_SAFE).select_related("patient")
    assert sent
    assert all(one.patient.safe_to_text and one.sent_to == one.patient.phone for one in sent)
    assert not Message.objects.to_go().exists()
    assert not Message.objects.filter(delivered_at__gt=NOW).exists()


def test_scans_are_cards_that_say_they_are_examples(fresh_database: FreshDatabase):
    with fresh_database():
        builder.build(patients=3, scans=True)
        with acting_in(Organization.objects.get().id):
            scans = list(Document.objects.filter(patient__first_name="Maya"))
            assert {one.kind for one in scans} >= {"identity", "insurance_front", "referral"}
            assert all(b"".join(vault.ours().read(one.stored_as)) for one in scans)


def test_it_stands_in_the_public_directory(alder_creek: Story):
    published = PublishedCenter.objects.get(slug="alder-creek")
    assert published.confirmed_on == TODAY
    assert published.hours_text_es


def test_every_sign_in_that_is_printed_opens(alder_creek: Story):
    told = builder.sign_ins()
    assert {each.role.replace(" ", "_") for each in told} >= set(Role) - {Role.FACILITATOR, Role.CASE_MANAGER}
    for each in told:
        user = authenticate(RequestFactory().post("/"), username=each.email, password=each.password)
        assert isinstance(user, User)
        assert user.name == each.name
        roles = set(Membership.objects.filter(user=user).values_list("role", flat=True))
        assert each.role.replace(" ", "_") in roles


def test_without_acting_in_it_there_is_nothing_to_see(standing: Story):
    assert builder.is_built()
    assert not Patient.objects.exists()
    assert not Encounter.objects.exists()
    assert not Center.objects.exists()


def test_a_broken_build_leaves_nothing_behind(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch):
    def torn(site: object) -> None:
        raise KeyboardInterrupt

    stages = [(label, (torn,) if schedule.holds in parts else parts) for label, parts in builder.STAGES]
    monkeypatch.setattr(builder, "STAGES", stages)
    with fresh_database():
        with pytest.raises(KeyboardInterrupt):
            builder.build(patients=2)
        assert not builder.is_built()
        assert not Organization.objects.exists()
        assert not User.objects.exists()


def test_it_is_built_once(fresh_database: FreshDatabase):
    seen: list[tuple[int, int, str]] = []
    progress: Callable[[int, int, str], None] = lambda done, total, label: seen.append((done, total, label))  # noqa: E731
    with fresh_database():
        builder.build(patients=1, progress=progress)
        with pytest.raises(RuntimeError, match="stands already"):
            builder.build(patients=1)
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1]
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2028, 2, 29, 23, 50, tzinfo=NOW.tzinfo),
        datetime(2027, 1, 1, 0, 5, tzinfo=NOW.tzinfo),
        datetime(2026, 11, 29, 12, 0, tzinfo=NOW.tzinfo),
        datetime(2027, 3, 14, 3, 30, tzinfo=NOW.tzinfo),
    ],
    ids=["leap day at night", "New Year just after midnight", "a Sunday", "the hour the clocks go forward"],
)
def test_it_can_be_built_at_any_hour_of_any_day(fresh_database: FreshDatabase, now: datetime):
    with fresh_database(), clock.stand_still(now):
        story = builder.build(patients=4)
        assert story.today == now.date()
        with acting_in(Organization.objects.get().id):
            for model in (Encounter, Note, DrugTest, Response, CheckIn, CarePlan, AuditEvent):
                when = "at" if model is AuditEvent else "recorded_at"
                assert not model._default_manager.filter(**{f"{when}__gt": now}).exists(), model
            for series in GroupSeries.objects.all():
                assert not plan_sessions(series, horizon(story.today), at=now).sessions


def test_it_is_built_in_a_demonstration_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "STEPWELL_DEMO", False)
    monkeypatch.delenv("PYTEST_VERSION")
    with pytest.raises(RuntimeError, match="demonstration only"):
        builder.build(patients=1)


def test_two_builds_are_the_same_center(fresh_database: FreshDatabase):
    def built() -> set[Any]:
        with fresh_database():
            builder.build(patients=3)
            with acting_in(Organization.objects.get().id):
                return set(Encounter.objects.values_list("id", "minutes")) | set(
                    Note.objects.values_list("id", "line")
                )

    assert built() == built()


def test_visits_count_toward_hours_only_when_they_are_counseling(alder_creek: Story):
    for person in alder_creek.people:
        for visit in person.appointments:
            if visit.kept is Kept.KEPT:
                encounter = Encounter.objects.get(
                    patient__record_number=person.record_number, starts_at=visit.starts_at
                )
                assert encounter.is_clinical == (visit.visit is Visit.INDIVIDUAL)


def test_a_larger_program_has_further_centers_built_the_same_way(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
):
    for module in (builder, storytelling):
        monkeypatch.setattr(module, "MOST_PEOPLE", 4)
    told: list[tuple[int, int]] = []
    with fresh_database():
        builder.build(patients=10, progress=lambda done, total, _label: told.append((done, total)))
        with acting_in(Organization.objects.get().id):
            in_care = Counter(EpisodeOfCare.objects.values_list("center__city", flat=True))
            assert in_care == {"Dayton": 4, "Springfield": 4, "Columbus": 2, "Troy": 3}
            assert Patient.objects.filter(first_name="Maya").count() == 1
            for city in ("Dayton", "Springfield", "Columbus"):
                there = Membership.objects.filter(center__city=city)
                assert there.filter(role=Role.CLINICAL_SUPERVISOR).count() == 1
                assert there.filter(role=Role.NURSE).count() == 1
                assert PublishedCenter.objects.filter(city=city).exists()
                assert AuditEvent.objects.filter(
                    did=Did.SIGNED, patient_id__in=Patient.objects.filter(center__city=city).values("pk")
                ).exists()
            assert Membership.objects.filter(role=Role.DIRECTOR).count() == 1
    assert [done for done, _total in told] == list(range(told[-1][1] + 1))
