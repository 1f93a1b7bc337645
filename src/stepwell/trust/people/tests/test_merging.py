"""Two records of one person are made one, and taken apart again: exactly the rows that went over go back."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pgtrigger
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod, Referral
from stepwell.care.measures.models import CheckIn
from stepwell.care.scheduling.actions import book, cancel
from stepwell.care.scheduling.models import Appointment, Hold, Modality
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center
from stepwell.trust.organizations.separation import separated_models
from stepwell.trust.people import merging
from stepwell.trust.people.actions import emergencies
from stepwell.trust.people.actions import merging as acts
from stepwell.trust.people.finding import people_called
from stepwell.trust.people.models import (
    CareTeamMember,
    EmergencyAccess,
    Patient,
    RecordMerge,
    RelatedPerson,
    patient_of,
)
from stepwell.trust.people.testing import open_clinic

ONE_PERSON = "Asked her: she gave her married name the second time."
TWO_PEOPLE = "They are cousins."


@pytest.fixture
def marcus(clinic):
    return clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, dana):
    return clinic.patient("Maya Reyes", team=(dana,))


@pytest.fixture
def twice(clinic):
    return clinic.patient("Maya Okafor", team=(clinic.user(Role.NURSE, "Joel Price"),))


def merged(maya, twice, marcus):
    return acts.merge(maya, twice, because=ONE_PERSON, by=marcus, at=clock.now())


def apart(merge, marcus, **more):
    acts.take_apart(merge, because=TWO_PEOPLE, by=marcus, at=clock.now(), **more)


def episode_of(patient, by, *, began=30, ended=None):
    today = clock.today(patient.center.time_zone)
    episode = EpisodeOfCare.objects.create(
        patient=patient,
        center=patient.center,
        admitted_on=today - timedelta(days=began),
        ended_on=today - timedelta(days=ended) if ended is not None else None,
        ended_because="Moved away" if ended is not None else "",
        recorded_by=by,
    )
    LevelOfCarePeriod.objects.create(
        patient=patient,
        episode=episode,
        level="2.1",
        starts_on=episode.admitted_on,
        because="So it was screened.",
        recorded_by=by,
    )
    return episode


def check_in(patient, by, days_ago=0):
    day = clock.today(patient.center.time_zone) - timedelta(days=days_ago)
    return CheckIn.objects.create(patient=patient, on=day, recorded_by=by)


def snapshot():
    """Every row of every walled table, but for the trail, row history and the merges themselves."""
    found = {}
    for model in separated_models():
        is_history = any(field.name == "pgh_id" for field in model._meta.local_fields)
        if is_history or model is RecordMerge or model._meta.app_label == "audit":
            continue
        found[model._meta.label] = sorted(tuple(map(repr, row)) for row in model._base_manager.values_list())
    return found


def test_everything_goes_over_and_the_emptied_record_leads_to_the_one_that_stays(
    clinic, maya, twice, marcus, dana
):
    episode = episode_of(twice, dana)
    merge = merged(maya, twice, marcus)
    twice.refresh_from_db()
    episode.refresh_from_db()
    assert twice.merged_into == maya
    assert episode.patient == maya
    assert not any(merging.rows_of(twice).values())
    assert merge.moved["episodes.EpisodeOfCare.patient_id"] == [str(episode.pk)]
    said = AuditEvent.objects.get(did="merged")
    assert (said.by_name, said.patient_id) == ("Marcus Bell", maya.pk)
    assert people_called("okafor", marcus) == [maya]  # By the name that the other record had.
    assert set(maya.record_ids()) == {maya.pk, twice.pk}
    supervisor = clinic.client(marcus)
    for part in ("", "particulars/", "team/", "notes/"):
        answer = supervisor.get(f"/staff/people/{twice.pk}/{part}")
        assert answer["Location"] == f"/staff/people/{maya.pk}/{part}"


def test_who_may_not_see_the_survivor_is_not_led_there(clinic, maya, twice, marcus):
    merged(maya, twice, marcus)
    for role in (Role.ADMINISTRATOR,):
        answer = clinic.client(clinic.user(role)).get(f"/staff/people/{twice.pk}/")
        nobody = clinic.client(clinic.user(role)).get(f"/staff/people/{uuid4()}/")
        assert answer.status_code == nobody.status_code == 404


def test_taken_apart_both_are_as_they_were(clinic, maya, twice, marcus, dana):
    episode_of(maya, dana, began=90, ended=60)
    episode_of(twice, dana)
    check_in(twice, dana)
    clinic.patient_user(twice)
    before = snapshot()
    merge = merged(maya, twice, marcus)
    assert snapshot() != before
    apart(merge, marcus)
    assert snapshot() == before
    assert AuditEvent.objects.filter(did="took apart", patient_id=maya.pk).count() == 1


KINDS = {
    "episode": lambda patient, by, n: episode_of(patient, by, began=n, ended=n - 1),
    "check_in": lambda patient, by, n: check_in(patient, by, n),
    "referral": lambda patient, by, n: Referral.objects.create(
        patient=patient, source="self", status="closed", closed_because=f"Reason {n}", recorded_by=by
    ),
    "related": lambda patient, by, n: RelatedPerson.objects.create(
        patient=patient, name=f"Friend {n}", relation="FRND", recorded_by=by
    ),
    "signed_in": lambda patient, by, n: None,
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.booleans(), st.sampled_from(sorted(KINDS)), st.integers(1, 40)),
        max_size=12,
        unique_by=lambda row: (row[1], row[2]),
    ),
    sign_in=st.sampled_from(["nobody", "survivor", "merged"]),
)
def test_a_merge_taken_apart_changes_nothing_whatever_there_is(
    clinic, maya, twice, marcus, dana, rows, sign_in
):
    around = transaction.atomic()
    around.__enter__()
    try:
        for is_first, kind, n in rows:
            KINDS[kind](maya if is_first else twice, dana, n)
        if sign_in != "nobody":
            clinic.users.pop("Maya Reyes", None), clinic.users.pop("Maya Okafor", None)
            clinic.patient_user(Patient.objects.get(pk=maya.pk if sign_in == "survivor" else twice.pk))
        before = snapshot()
        merge = merged(maya, twice, marcus)
        assert not any(merging.rows_of(twice).values())
        apart(merge, marcus)
        assert snapshot() == before
    finally:
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


def test_what_was_written_since_stays_unless_it_hangs_from_what_goes_back_or_somebody_says_so(
    clinic, maya, twice, marcus, dana
):
    episode = episode_of(twice, dana)
    merge = merged(maya, twice, marcus)
    patient = Patient.objects.get(pk=maya.pk)
    period = episode.levels.get()
    LevelOfCarePeriod.objects.filter(pk=period.pk).update(ends_on=clinic.today)
    hanging = LevelOfCarePeriod.objects.create(
        patient=patient,
        episode=episode,
        level="1.5",
        starts_on=clinic.today,
        because="Doing well.",
        recorded_by=dana,
    )
    stays, goes = check_in(patient, dana, 1), check_in(patient, dana, 2)
    page = clinic.client(marcus).get(f"/staff/merges/{merge.pk}/").content.decode()
    assert "goes along with what it belongs to" in page
    assert page.count('name="goes_back"') == 2
    apart(merge, marcus, goes_back=[str(goes.pk), str(uuid4()), "nonsense"])
    for row, whose in ((hanging, twice), (episode, twice), (stays, maya), (goes, twice)):
        row.refresh_from_db()
        assert row.patient == whose, row


def test_the_same_colleague_on_both_teams_is_no_obstacle_and_comes_back(clinic, maya, twice, marcus, dana):
    clinic.join(twice, dana)
    before = snapshot()
    merge = merged(maya, twice, marcus)
    assert CareTeamMember.objects.current().filter(patient=maya).count() == 2
    apart(merge, marcus)
    assert snapshot() == before


@pytest.mark.parametrize(("ours", "theirs"), [(-1, None), (5, None), (-1, 3), (5, 9), (5, -1), (-2, -1)])
def test_a_colleague_stays_on_the_team_as_long_as_either_place_lasts(
    clinic, maya, twice, marcus, dana, ours, theirs
):
    clinic.join(twice, dana)
    for patient, hours in ((maya, ours), (twice, theirs)):
        until = None if hours is None else clock.now() + timedelta(hours=hours)
        CareTeamMember.objects.filter(patient=patient, practitioner__user=dana).update(expires_at=until)
    before = snapshot()
    merge = merged(maya, twice, marcus)
    now = CareTeamMember.objects.current().filter(patient=maya, practitioner__user=dana)
    lasts = [hours for hours in (ours, theirs) if hours is None or hours > 0]
    until = None if None in lasts or not lasts else clock.now() + timedelta(hours=max(lasts))
    assert [place.expires_at for place in now] == ([until] if lasts else [])
    apart(merge, marcus)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("both", "sentence"),
    [
        (lambda p, by: episode_of(p, by), "Both are in care now."),
        (lambda p, by: check_in(p, by), "Both have a check-in of the same day."),
        (
            lambda p, by: Referral.objects.create(patient=p, source="self", recorded_by=by),
            "Both have an open referral.",
        ),
    ],
)
def test_what_cannot_stand_twice_is_named_and_nothing_moves(
    clinic, maya, twice, marcus, dana, both, sentence
):
    both(maya, dana), both(twice, dana)
    before = snapshot()
    with pytest.raises(acts.CannotMerge, match=sentence), transaction.atomic():
        merged(maya, twice, marcus)
    assert snapshot() == before
    page = clinic.client(marcus).get(f"/staff/people/{maya.pk}/merging/{twice.pk}/").content.decode()
    assert sentence in page
    assert snapshot() == before
    assert not RecordMerge.objects.exists()


def test_everything_in_the_way_is_named_at_once(clinic, maya, twice, marcus, dana):
    episode_of(maya, dana), episode_of(twice, dana)
    check_in(maya, dana), check_in(twice, dana)
    clinic.patient_user(maya), clinic.patient_user(twice)
    found = acts.objections_to_merging(maya, twice, reader=marcus, at=clock.now())
    assert len(found) == 3
    assert any("sign-in of their own" in each for each in found)


def test_bookings_at_the_same_time_are_named(clinic, maya, twice, marcus, dana):
    at = clock.now() + timedelta(days=1)
    for patient, name in ((maya, "Dana Whitfield"), (twice, "Renee Castillo")):
        book(
            patient,
            kind=Appointment.Kind.INDIVIDUAL,
            practitioner=clinic.practitioner(Role.COUNSELOR, name),
            starts_at=at,
            minutes=50,
            room=None,
            modality=Modality.VIDEO,
            by=dana,
            at=clock.now(),
        )
    found = acts.objections_to_merging(maya, twice, reader=marcus, at=clock.now())
    assert found == ("They have bookings at the same time. Cancel one of each two first.",)
    cancel(Appointment.objects.get(patient=twice), because="Double", by=dana, at=clock.now())
    before = snapshot()
    merge = merged(maya, twice, marcus)
    assert not Hold.objects.filter(taken=twice.pk).exists()
    apart(merge, marcus)
    assert snapshot() == before


def test_a_sign_in_goes_over_and_comes_back(clinic, maya, twice, marcus):
    user = clinic.patient_user(twice)
    merge = merged(maya, twice, marcus)
    assert patient_of(user) == maya
    apart(merge, marcus)
    assert patient_of(user) == twice


def test_clicking_twice_merges_once_and_takes_apart_once(clinic, maya, twice, marcus):
    supervisor = clinic.client(marcus)
    address = f"/staff/people/{maya.pk}/merging/{twice.pk}/"
    said = {"survivor": str(maya.pk), "because": ONE_PERSON}
    places = {supervisor.post(address, said)["Location"] for _double_click in range(2)}
    merge = RecordMerge.objects.get()
    assert places == {f"/staff/merges/{merge.pk}/"}
    for _double_click in range(2):
        assert supervisor.post(f"/staff/merges/{merge.pk}/", {"because": TWO_PEOPLE}).status_code == 302
    assert AuditEvent.objects.filter(did__in=["merged", "took apart"]).count() == 2


def test_the_other_one_may_stay(clinic, maya, twice, marcus):
    supervisor = clinic.client(marcus)
    address = f"/staff/people/{maya.pk}/merging/{twice.pk}/"
    supervisor.post(address, {"survivor": str(twice.pk), "because": ONE_PERSON})
    assert RecordMerge.objects.get().survivor == twice


@pytest.mark.parametrize("said", [{"because": " "}, {"survivor": ""}, {"survivor": str(uuid4())}])
def test_without_a_reason_or_a_choice_nothing_is_merged(clinic, maya, twice, marcus, said):
    whole = {"survivor": str(maya.pk), "because": ONE_PERSON} | said
    assert (
        clinic.client(marcus).post(f"/staff/people/{maya.pk}/merging/{twice.pk}/", whole).status_code == 422
    )
    assert not RecordMerge.objects.exists()


def test_a_record_is_not_merged_with_itself_nor_with_one_that_was_merged(clinic, maya, twice, marcus):
    with pytest.raises(Refused, match="one record already"):
        merged(maya, maya, marcus)
    assert clinic.client(marcus).get(f"/staff/people/{maya.pk}/merging/{maya.pk}/").status_code == 404
    merged(maya, twice, marcus)
    with pytest.raises((ChangedMeanwhile, Forbidden)):
        merged(clinic.patient("Third"), twice, marcus)


def test_merges_upon_merges_are_taken_apart_from_the_last(clinic, maya, twice, marcus, dana):
    third = clinic.patient("Maya Montgomery")
    check_in(twice, dana)
    before = snapshot()
    first, second = merged(maya, twice, marcus), merged(third, maya, marcus)
    assert set(third.record_ids()) == {maya.pk, twice.pk, third.pk}
    assert clinic.client(marcus).get(f"/staff/people/{twice.pk}/")["Location"] == f"/staff/people/{third.pk}/"
    with pytest.raises((Refused, Forbidden)), transaction.atomic():
        apart(first, marcus)
    apart(second, marcus)
    apart(first, marcus)
    assert snapshot() == before


@pytest.mark.parametrize(
    "role", [Role.COUNSELOR, Role.FRONT_DESK, Role.NURSE, Role.BILLER, Role.ADMINISTRATOR]
)
def test_who_may_not_merge_does_not(clinic, maya, twice, marcus, role):
    user = clinic.user(role, "Somebody")
    clinic.join(maya, user), clinic.join(twice, user)
    with pytest.raises(Forbidden):
        merged(maya, twice, user)
    client = clinic.client(user)
    assert client.get(f"/staff/people/{maya.pk}/duplicates/").status_code in (403, 404)
    merge = merged(maya, twice, marcus)
    with pytest.raises(Forbidden):
        apart(merge, user)
    assert client.get(f"/staff/merges/{merge.pk}/").status_code in (403, 404)


def test_a_record_of_another_center_is_out_of_reach(clinic, maya, twice, marcus):
    Patient.objects.filter(pk=twice.pk).update(
        center=Center.objects.create(name="Birch Road", slug="birch-road")
    )
    with pytest.raises(Forbidden):
        merged(maya, twice, marcus)
    supervisor = clinic.client(marcus)
    assert supervisor.get(f"/staff/people/{maya.pk}/merging/{twice.pk}/").status_code == 404
    assert "Okafor" not in supervisor.get(f"/staff/people/{maya.pk}/duplicates/?q=maya").content.decode()


def test_what_is_signed_changes_hands_in_a_merge_and_nothing_else_about_it_changes(
    clinic, maya, twice, marcus, dana
):
    look = emergencies.open_in_emergency(
        twice,
        reason=EmergencyAccess.Reason.OVERDOSE,
        words="A call.",
        by=clinic.user(Role.NURSE, "Nora Quinn"),
        at=clock.now(),
    )
    mine = EmergencyAccess.objects.filter(pk=look.pk)
    with pytest.raises(IntegrityError, match="what is signed"), transaction.atomic():
        mine.update(patient=maya)
    merge = merged(maya, twice, marcus)
    assert mine.get().patient == maya
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('stepwell.merge', %s, true)", [str(merge.pk)])
    third = clinic.patient("Devon Tate")
    for change in ({"patient": third}, {"words": "Nothing."}, {"patient": twice, "words": "Nothing."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**change)


def test_no_row_can_come_to_point_at_a_record_that_was_merged_away(clinic, maya, twice, marcus, dana):
    merged(maya, twice, marcus)
    with pytest.raises(IntegrityError, match="merged into another"), transaction.atomic():
        check_in(twice, dana)
    mine = check_in(maya, dana)
    with pytest.raises(IntegrityError, match="merged into another"), transaction.atomic():
        CheckIn.objects.filter(pk=mine.pk).update(patient=twice)


def test_every_table_about_a_patient_is_known_to_a_merge_and_guarded():
    known = {(pointer.model._meta.label, pointer.column) for pointer in merging.pointers()}
    assert ("scheduling.Hold", "taken") in known
    assert len(known) > 20


@pytest.mark.django_db
def test_every_table_about_a_patient_may_be_moved_or_only_be_added_to():
    left = {p.label for p in merging.pointers()} - {p.label for p in merging.movable()}
    # What may only be added to is a trail of its own. It is read for every record of a person.
    assert left <= {"consent.Disclosure.patient_id"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'not_merged_%%'")
        guarded = {table.strip('"') for (table,) in cursor.fetchall()}
    assert {pointer.model._meta.db_table for pointer in merging.pointers()} <= guarded


@pytest.mark.django_db
def test_every_trigger_that_guards_whose_a_row_is_lets_it_change_hands():
    """A room with a trigger of its own puts ``LETS_CHANGE_HANDS`` first, or merges would stop at its rows."""
    stuck = []
    for pointer in merging.movable():
        for trigger in getattr(pointer.model._meta, "triggers", ()):
            if not isinstance(trigger, pgtrigger.Trigger) or trigger.when != pgtrigger.Before:
                continue
            if "UPDATE" not in str(trigger.operation):
                continue
            condition = str(getattr(trigger.condition, "sql", trigger.condition) or "")
            guards_it = not condition or pointer.column in condition
            if guards_it and "stepwell_only_changes_hands" not in str(trigger.func):
                stuck.append(f"{pointer.label}: {trigger.name}")
    assert stuck == []


def test_two_who_merge_at_once_the_other_way_round_make_one(fresh_database):
    with fresh_database():
        with open_clinic() as clinic:
            users = [
                clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell"),
                clinic.user(Role.DIRECTOR, "Ellen Park"),
            ]
            one, other = clinic.patient("Maya Reyes"), clinic.patient("Maya Okafor")
        ready, answers = Barrier(2), []

        def ask(user, survivor, gone):
            try:
                ready.wait()
                with acting_in(clinic.organization.pk):
                    acts.merge(survivor, gone, because=ONE_PERSON, by=user, at=clock.now())
                answers.append("merged")
            except (Refused, Forbidden) as refusal:
                answers.append(type(refusal).__name__)
            finally:
                connection.close()

        threads = [
            Thread(target=ask, args=[users[0], one, other]),
            Thread(target=ask, args=[users[1], other, one]),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with acting_in(clinic.organization.pk):
            assert Patient.objects.filter(merged_into=None).count() == 1
        assert answers.count("merged") == 1


def test_row_history_and_the_trail_keep_what_they_said(clinic, maya, twice, marcus, dana):
    mine = check_in(twice, dana)
    AuditEvent.objects.create(by_id=dana.pk, by_name=dana.name, did="opened", patient_id=twice.pk)
    merged(maya, twice, marcus)
    history: type[models.Model] = apps.get_model("measures", "CheckInEvent")
    whose = (
        history._base_manager.filter(pgh_obj_id=mine.pk)
        .order_by("pgh_id")
        .values_list("patient_id", flat=True)
    )
    assert list(whose) == [twice.pk, maya.pk]
    assert AuditEvent.objects.filter(did="opened", patient_id=twice.pk).exists()


def test_nobody_takes_records_apart_over_what_they_have_not_seen(clinic, maya, twice, marcus, dana):
    merge = merged(maya, twice, marcus)
    patient = Patient.objects.get(pk=maya.pk)
    rows = [check_in(patient, dana, day) for day in range(1, 120)]
    client, address = clinic.client(marcus), f"/staff/merges/{merge.pk}/"
    page = client.get(address).content.decode()
    assert page.count('name="goes_back"') == len(rows)
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    late = check_in(patient, dana, 200)
    said = {"because": TWO_PEOPLE, "goes_back": [str(rows[0].pk)], "shown": shown}
    answer = client.post(address, said)
    assert answer.status_code == 422
    assert "More was written meanwhile." in answer.content.decode()
    assert answer.content.decode().partition('<dialog id="keys"')[0].count(" checked>") == 1
    assert client.post(address, said | {"shown": f"{shown} {late.pk}"}).status_code == 302
    assert CheckIn.objects.filter(patient=twice).count() == 1
