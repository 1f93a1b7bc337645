"""Who looked at a record, the event log, and looking that is unusual."""

import csv
import io
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from stepwell.config.testing.fixtures import NOW
from stepwell.doors.staff.jobs import look_over_the_log
from stepwell.doors.staff.oversight.actions import look_over, review
from stepwell.doors.testing import links, read
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit import looks
from stepwell.trust.audit.models import AuditEvent, Finding, FindingReview, SignInEvent
from stepwell.trust.organizations.models import Center, Organization
from stepwell.trust.people.models import CareTeamMember, Practitioner


@pytest.fixture
def ruth(clinic):
    return clinic.user(Role.COMPLIANCE, "Ruth Okafor")


@pytest.fixture
def luis(clinic):
    """A colleague with the surname of a patient whom he does not look after."""
    return clinic.user(Role.CLINICAL_SUPERVISOR, "Luis Réyes-Ortiz")


def looks_at(clinic, user, patient, times=1):
    for _ in range(times):
        assert clinic.client(user).get(f"/staff/people/{patient.pk}/").status_code == 200


def access(patient):
    return f"/staff/people/{patient.pk}/access/"


# ---------- who looked at this record ----------


def test_who_looked_when_why_and_how_often(clinic, maya, dana, ruth):
    looks_at(clinic, dana, maya, times=3)
    words = read(clinic.client(ruth), access(maya))
    assert "Monday, November 23, 2026" in words
    assert "Dana Whitfield Counselor 9:00 AM Treatment Opened, created, signed" in words or (
        "Dana Whitfield Counselor 9:00 AM Treatment Opened" in words
    )
    assert "Ruth Okafor Compliance 9:00 AM Compliance review Opened once" in words


def test_what_somebody_did_in_an_emergency_stands_out(clinic, maya, dana, ruth):
    audit.record(by=dana, did=audit.Did.OPENED, to=maya, purpose=audit.Purpose.EMERGENCY)
    page = clinic.client(ruth).get(access(maya)).content.decode()
    assert '<span class="tag urgent">Emergency</span>' in page


def test_who_saw_this_name_in_a_list(clinic, maya, devon, dana, ruth):
    clinic.client(dana).get("/staff/caseload/")
    words = read(clinic.client(ruth), f"{access(maya)}?show=lists")
    assert "Dana Whitfield Counselor 9:00 AM Treatment Saw a list once" in words
    event = AuditEvent.objects.get(did="looked through a list of", because="caseload")
    assert (set(event.patients or ()), event.how_many) == ({maya.pk, devon.pk}, 2)


def test_who_was_refused(clinic, maya, dana, ruth):
    audit.record(by=dana, did=audit.Did.WAS_REFUSED, patient=maya, because="merge")
    client = clinic.client(ruth)
    assert "Was refused" in read(client, f"{access(maya)}?show=refused")
    assert "Was refused" not in read(client, access(maya))


def test_a_long_trail_is_read_page_by_page_without_a_gap(clinic, maya, ruth):
    for days in range(12):
        with clock.stand_still(NOW - timedelta(days=days)):
            for number in range(40):
                audit.record(by=None, did=audit.Did.OPENED, to=maya, because=str(number))
    client, address, seen = clinic.client(ruth), access(maya), []
    for _page in range(10):
        words = read(client, address)
        seen += [day for day in range(12) if f"November {23 - day}, 2026" in words]
        older = [link for link in links(client, access(maya)) if "before=" in link]
        page = client.get(address).content.decode()
        found = [part.split('"')[0] for part in page.split('href="')[1:] if "before=" in part.split('"')[0]]
        if not found:
            break
        address = found[0]
    assert sorted(seen) == list(range(12)), older


@pytest.mark.parametrize(
    "place", ["x", "20261123T000000.000000-", "20261123T000000.000000-99999999999999999999"]
)
def test_a_place_that_is_none_is_the_first_page(clinic, maya, ruth, place):
    assert "Ruth Okafor" in read(clinic.client(ruth), f"{access(maya)}?before={place}")


def test_looks_at_a_record_that_was_merged_are_looks_at_the_one_that_stays(clinic, maya, dana, ruth):
    other = clinic.patient("Maya Reyes-Ortega")
    audit.record(by=dana, did=audit.Did.PRINTED, to=other)
    between = clinic.patient("Maya Okafor", merged_into=maya)
    other.merged_into = between
    other.save()
    assert "Printed" in read(clinic.client(ruth), access(maya))


def test_it_is_not_for_those_whose_work_it_is_not(clinic, maya, dana):
    assert clinic.client(dana).get(access(maya)).status_code == 404
    assert clinic.client(dana).get("/staff/audit/").status_code == 403


def test_who_looked_as_a_file(clinic, maya, dana, ruth):
    looks_at(clinic, dana, maya)
    text = clinic.client(ruth).get(f"{access(maya)}?as=csv").content.decode("utf-8-sig")
    assert '"Dana Whitfield"' in text
    assert AuditEvent.objects.get(did="took out as a file").patient_id == maya.pk


def rows_of(client, address):
    text = client.get(address).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def test_the_file_of_a_long_trail_has_all_of_it_and_not_the_page_alone(clinic, maya, ruth):
    for days in range(12):
        with clock.stand_still(NOW - timedelta(days=days)):
            for number in range(40):
                audit.record(by=None, did=audit.Did.OPENED, to=maya, because=str(number))
    rows = rows_of(clinic.client(ruth), f"{access(maya)}?as=csv&before=20261120T000000.000000-1")
    assert [row[1] for row in rows if row[4] == ""] == [f"2026-11-{23 - day}" for day in range(12)]


@pytest.mark.parametrize("show", ["", "lists", "refused"])
def test_the_trail_is_asked_for_by_days_on_the_page_and_in_the_file(clinic, maya, dana, ruth, show):
    for days in (1, 2, 3):
        with clock.stand_still(NOW - timedelta(days=days)):
            audit.record(by=dana, did=audit.Did.OPENED, to=maya)
            audit.record(by=dana, did=audit.Did.LISTED, patients=[maya.pk])
            audit.record(by=dana, did=audit.Did.WAS_REFUSED, patient=maya)
    address = f"{access(maya)}?show={show}&from=2026-11-21&to=2026-11-21"
    words = read(clinic.client(ruth), address)
    assert "Saturday, November 21, 2026" in words
    assert "November 20" not in words and "November 22" not in words and "November 23" not in words
    assert [row[1] for row in rows_of(clinic.client(ruth), f"{address}&as=csv")] == ["2026-11-21"]


def test_days_without_a_look_say_so(clinic, maya, ruth):
    assert "Nothing in these days" in read(clinic.client(ruth), f"{access(maya)}?to=2020-01-01")


def test_a_trail_too_long_for_a_file_is_not_cut_without_a_word(clinic, maya, ruth, monkeypatch):
    monkeypatch.setattr(looks, "MOST", 3)
    for _ in range(5):
        audit.record(by=None, did=audit.Did.OPENED, to=maya)
    answer = clinic.client(ruth).get(f"{access(maya)}?as=csv")
    assert answer.status_code == 413
    assert "narrow the list" in answer.content.decode()


def test_sign_ins_as_a_file_have_every_row_of_the_days_asked_for(clinic, ruth, dana):
    for days in (0, 1, 40):
        with clock.stand_still(NOW - timedelta(days=days)):
            SignInEvent.objects.create(by_id=dana.pk, did=audit.Did.SIGNED_IN, came_from="10.0.0.7")
    client, address = clinic.client(ruth), "/staff/audit/sign-ins/?from=2026-10-01&to=2026-11-22&as=csv"
    rows = [row for row in rows_of(client, address) if row[0] == dana.name]
    assert [row[1] for row in rows] == ["2026-11-22 09:00", "2026-10-14 09:00"]
    assert rows[0][2:4] == ["Signed in", "10.0.0.7"]
    assert "No sign-in in these days" in read(client, "/staff/audit/sign-ins/?to=2020-01-01")


def test_an_address_of_the_log_is_short_on_the_page_and_whole_in_the_file(clinic, maya, dana, ruth):
    looks_at(clinic, dana, maya)
    client = clinic.client(ruth)
    assert f"/staff/people/{str(maya.pk)[:8]}…/" in client.get("/staff/audit/").content.decode()
    assert any(row[10] == f"/staff/people/{maya.pk}/" for row in rows_of(client, "/staff/audit/?as=csv"))


# ---------- the event log ----------


def test_the_log_says_who_did_what_to_whose_record_why_and_from_where(clinic, maya, dana, ruth):
    looks_at(clinic, dana, maya)
    words = read(clinic.client(ruth), "/staff/audit/?did=opened")
    assert (
        f"Dana Whitfield Counselor Opened Patient Maya R. {maya.record_number} Treatment "
        f"/staff/people/{str(maya.pk)[:8]}…/" in words
    )
    assert "127.0.0.1" in words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=dana", {"Dana Whitfield"}),
        ("who=whitf", {"Dana Whitfield"}),
        ("whose=maya", {"Dana Whitfield", "Renee Castillo"}),
        ("did=printed", {"Renee Castillo"}),
        ("from=2026-11-20&to=2026-11-20", {"Renee Castillo"}),
        ("from=2026-11-24", set()),
        ("who=nobody", set()),
        ("whose=nobody", set()),
    ],
)
def test_the_log_is_narrowed_by_person_patient_act_and_dates(
    clinic, maya, rosa, dana, renee, ruth, query, found
):
    AuditEvent.objects.all()
    looks_at(clinic, dana, maya)
    with clock.stand_still(NOW - timedelta(days=3)):
        audit.record(by=renee, did=audit.Did.PRINTED, to=maya)
    page = clinic.client(ruth).get(f"/staff/audit/?{query}").content.decode()
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert {name for name in ("Dana Whitfield", "Renee Castillo") if name in table} == found


@pytest.mark.parametrize("sort", ["at", "who", "did", "what", "whose", "why", "address", "from", "session"])
@pytest.mark.parametrize("way", ["", "-"])
def test_the_log_is_sorted_by_each_field_and_no_event_is_lost_between_pages(
    clinic, maya, ruth, monkeypatch, sort, way
):
    monkeypatch.setattr("stepwell.doors.staff.oversight.log.PAGE", 4)
    for number in range(5):
        who = clinic.user(Role.NURSE, f"Nurse {number}")
        audit.record(by=who, did=audit.Did.OPENED, to=maya if number % 2 else None)
        audit.record(by=None, did=audit.Did.SENT)
    there = set(AuditEvent.objects.filter(did__in=["opened", "sent"]).values_list("number", flat=True))
    client, query, seen = clinic.client(ruth), f"?sort={way}{sort}&who=", []
    for _page in range(40):
        page = client.get(f"/staff/audit/{query}").content.decode()
        seen += [int(part.split("<")[0]) for part in page.split("number ")[1:] if part[0].isdigit()]
        following = [
            part.split('"')[0] for part in page.split('href="')[1:] if "after=" in part.split('"')[0]
        ]
        if not following:
            break
        query = following[0].replace("&amp;", "&")
    assert there <= set(seen)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=99999999999999999",
        "sort=nothing",
        "from=x&to=2026-99-99",
        "did=x",
        "who=%00",
        "whose='%22--",
        "from=0001-01-01",
    ],
)
def test_an_address_that_makes_no_sense_is_answered(clinic, ruth, query):
    assert clinic.client(ruth).get(f"/staff/audit/?{query}").status_code == 200


def test_the_log_says_how_far_it_is_sealed_and_that_it_is_not(clinic, ruth):
    audit.record(by=ruth, did=audit.Did.SIGNED)
    client = clinic.client(ruth)
    assert "The log is not sealed" not in read(client, "/staff/audit/")
    with clock.stand_still(NOW + timedelta(minutes=6)):
        assert "The log is not sealed" in read(client, "/staff/audit/")


def test_to_look_at_the_log_is_an_event_itself(clinic, maya, dana, ruth):
    looks_at(clinic, dana, maya)
    clinic.client(ruth).get("/staff/audit/")
    event = AuditEvent.objects.get(because="event log")
    assert (event.by_name, event.purpose, event.patients) == ("Ruth Okafor", "compliance review", [maya.pk])


def test_the_log_as_a_file(clinic, maya, dana, ruth):
    looks_at(clinic, dana, maya)
    text = clinic.client(ruth).get("/staff/audit/?did=opened&as=csv").content.decode("utf-8-sig")
    assert text.count("Dana Whitfield") == 1


def test_sign_ins_of_those_who_belong_here(clinic, ruth, dana):
    clinic.client(dana)
    words = read(clinic.client(ruth), "/staff/audit/sign-ins/")
    assert "Dana Whitfield Signed in" in words


def test_no_sign_ins_of_those_who_left_are_far_away_or_belong_to_another_organization_too(clinic, ruth):
    far = Center.objects.create(name="Birch Road", slug="birch-road")
    names = ("Amy Left", "Ben Far", "Cora Both", "Eve Here")
    left, away, both, here = (clinic.user(Role.NURSE, name) for name in names)
    left.memberships.update(ended_at=NOW)
    away.memberships.update(center=far)
    other = Organization.objects.create(name="Cedar House", slug=f"cedar-{uuid4().hex[:8]}")
    both.memberships.create(organization=other, role=Role.PATIENT)
    for one in (left, away, both, here):
        clinic.client(one)
    words = read(clinic.client(ruth), "/staff/audit/sign-ins/")
    assert [name for name in names if name in words] == ["Eve Here"]


def test_sign_ins_of_patients_in_sight_only_and_the_page_is_a_look_at_them(clinic, maya, devon, ruth):
    near, away = clinic.patient_user(maya), clinic.patient_user(devon)
    devon.center = Center.objects.create(name="Birch Road", slug="birch-road")
    devon.save()
    clinic.client(near), clinic.client(away)
    words = read(clinic.client(ruth), "/staff/audit/sign-ins/")
    assert (maya.name in words, devon.name in words) == (True, False)
    assert AuditEvent.objects.get(because="sign-ins").patients == [maya.pk]


def test_the_log_does_not_name_a_patient_out_of_sight_who_did_something(clinic, maya, devon, ruth):
    near, away = clinic.patient_user(maya), clinic.patient_user(devon)
    devon.center = Center.objects.create(name="Birch Road", slug="birch-road")
    devon.save()
    for one in (near, away):
        audit.record(by=one, did=audit.Did.SIGNED)
    client = clinic.client(ruth)
    words = read(client, "/staff/audit/?did=signed")
    assert (maya.name in words, devon.name in words) == (True, False)
    taken_out = client.get("/staff/audit/?did=signed&as=csv").content.decode("utf-8-sig")
    assert (maya.name in taken_out, devon.name in taken_out) == (True, False)
    assert "No event fits" in read(
        client, f"/staff/audit/?did=signed&who={devon.last_name or devon.first_name}"
    )


# ---------- what is unusual ----------


def findings(**where):
    look_over(at=clock.now())
    return {(one.rule, one.reader_name, one.patient_id) for one in Finding.objects.filter(**where)}


def test_a_colleague_with_the_same_surname_is_found(clinic, maya, luis):
    looks_at(clinic, luis, maya)
    assert findings() == {("same surname", "Luis Réyes-Ortiz", maya.pk)}


def test_an_ordinary_day_has_no_findings(clinic, maya, devon, dana):
    looks_at(clinic, dana, maya)
    looks_at(clinic, dana, devon)
    assert findings() == set()


def test_somebody_with_the_surname_who_is_on_the_care_team_is_not_asked(clinic, maya, luis):
    clinic.join(maya, luis)
    looks_at(clinic, luis, maya)
    assert findings() == set()


def test_a_place_taken_in_an_emergency_is_no_place_on_the_care_team(clinic, maya):
    sofia = clinic.user(Role.NURSE, "Sofia Reyes")
    CareTeamMember.objects.create(
        patient=maya,
        practitioner=Practitioner.objects.get(user=sofia),
        role=Role.NURSE,
        kind="emergency",
        because="Found at the door",
        started_on=clinic.today,
        expires_at=clock.now() + timedelta(hours=1),
    )
    audit.record(by=sofia, did=audit.Did.OPENED_IN_EMERGENCY, to=maya, purpose=audit.Purpose.EMERGENCY)
    assert {rule for rule, _who, _whose in findings()} == {"same surname", "emergency"}


def test_staff_who_open_their_own_record_from_the_staff_side_are_always_found(clinic, maya, luis):
    maya.user = luis
    maya.save()
    looks_at(clinic, luis, maya)
    assert {rule for rule, _who, _whose in findings()} == {"own record"}


def test_a_shared_email_and_a_shared_home_are_found(clinic, maya, bell, dana):
    maya.email, maya.street, maya.postal_code = bell.email.upper(), "12 Elm St.", "45402"
    maya.save()
    clinic.patient("Marcus Bell", user=bell, street="12 elm st", postal_code="45402-1234")
    looks_at(clinic, bell, maya)
    assert {rule for rule, _who, _whose in findings()} == {"same contact", "same home"}


def test_many_charts_are_found(clinic, bell):
    for number in range(25):
        audit.record(by=bell, did=audit.Did.OPENED, to=clinic.patient(f"Person {number}"))
    assert findings() == {("many charts", "Marcus Bell", None)}


def test_a_chart_opened_at_night_is_found(clinic, maya, bell):
    with clock.stand_still(datetime(2026, 11, 22, 2, 0, tzinfo=NOW.tzinfo)):
        looks_at(clinic, bell, maya)
    assert findings() == {("outside hours", "Marcus Bell", maya.pk)}


def test_a_persons_own_look_is_nobodys_business(clinic, maya):
    with clock.stand_still(datetime(2026, 11, 22, 2, 0, tzinfo=NOW.tzinfo)):
        assert clinic.client(clinic.patient_user(maya)).get("/me/").status_code == 200
    assert findings() == set()


def test_a_finding_is_made_once_a_day_however_often_the_log_is_looked_over(clinic, maya, luis, ruth):
    looks_at(clinic, luis, maya, times=2)
    look_over(at=clock.now())
    looks_at(clinic, luis, maya)
    clinic.client(ruth).get("/staff/audit/findings/")
    look_over_the_log()
    assert Finding.objects.count() == 1


@pytest.fixture
def finding(clinic, maya, luis):
    looks_at(clinic, luis, maya)
    look_over(at=clock.now())
    return Finding.objects.get()


def test_a_finding_is_there_at_once_and_can_be_asked_about_and_settled(clinic, finding, ruth):
    client, address = clinic.client(ruth), f"/staff/audit/findings/{finding.pk}/"
    assert "Luis Réyes-Ortiz Maya R. Both are called Reyes." in read(client, "/staff/audit/findings/")
    answer = client.post(address, {"outcome": "asked", "words": "Asked Luis by telephone."})
    assert answer.status_code == 302
    assert "Luis Réyes-Ortiz" in read(client, "/staff/audit/findings/")
    client.post(address, {"outcome": "expected", "words": "He covered for Dana. No relation."})
    assert "Luis Réyes-Ortiz" not in read(client, "/staff/audit/findings/")
    settled = read(client, "/staff/audit/findings/?show=settled")
    assert "Luis Réyes-Ortiz" in settled
    assert "Part of their work" in settled
    words = read(client, address)
    assert "Asked Luis by telephone." in words
    assert "He covered for Dana. No relation." in words
    assert (
        AuditEvent.objects.filter(did="reviewed", by_id=ruth.pk, patient_id=finding.patient_id).count() == 2
    )


def test_findings_as_a_file_say_what_came_of_them_and_hold_no_formula(clinic, finding, ruth):
    Finding.objects.create(
        rule="many charts",
        weight="this week",
        because="=1+1",
        reader_id=uuid4(),
        on=NOW.date(),
        first_at=NOW,
    )
    client = clinic.client(ruth)
    first, second = rows_of(client, "/staff/audit/findings/?as=csv")
    assert first[0] == "Luis Réyes-Ortiz" and first[4] == "Not looked at"
    assert second[2] == "'=1+1"
    review(finding, outcome=FindingReview.Outcome.EXPECTED, words="Covers today.", by=ruth, at=clock.now())
    assert len(rows_of(client, "/staff/audit/findings/?as=csv")) == 1
    (settled,) = rows_of(client, "/staff/audit/findings/?show=settled&as=csv")
    assert settled[4] == "Part of their work"
    assert AuditEvent.objects.filter(did="took out as a file").count() == 3


def test_a_second_click_settles_once(clinic, finding, ruth):
    for _click in range(2):
        said = {"outcome": "expected", "words": "Part of the work."}
        assert clinic.client(ruth).post(f"/staff/audit/findings/{finding.pk}/", said).status_code == 302
    assert FindingReview.objects.count() == 1


def test_nothing_is_settled_without_words(clinic, finding, ruth):
    answer = clinic.client(ruth).post(
        f"/staff/audit/findings/{finding.pk}/", {"outcome": "expected", "words": " "}
    )
    assert answer.status_code == 422
    assert FindingReview.objects.count() == 0


def test_nobody_settles_what_is_about_their_own_looking(clinic, maya, ruth):
    rita = clinic.user(Role.COMPLIANCE, "Rita Reyes")
    looks_at(clinic, rita, maya)
    look_over(at=clock.now())
    one = Finding.objects.get()
    with pytest.raises(Refused):
        review(one, outcome=FindingReview.Outcome.EXPECTED, words="It is fine.", by=rita, at=clock.now())
    page = read(clinic.client(rita), f"/staff/audit/findings/{one.pk}/")
    assert "Somebody else reviews it." in page
    assert "Keep this answer" not in page
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingReview.objects.create(
            finding=one, outcome="expected", words="x", by_id=rita.pk, by_name="Rita", reader_id=rita.pk
        )


def test_only_those_who_see_the_log_settle_a_finding(clinic, finding, dana):
    with pytest.raises(Forbidden):
        review(finding, outcome=FindingReview.Outcome.EXPECTED, words="Fine.", by=dana, at=clock.now())


def test_a_merge_hides_no_finding_and_no_event(clinic, maya, luis, finding, ruth):
    third, stays = clinic.patient("Maya Okafor"), clinic.patient("Maya Montgomery")
    for one, into in ((maya, third), (third, stays)):
        one.merged_into = into
        one.save()
    client, address = clinic.client(ruth), f"/staff/audit/findings/{finding.pk}/"
    assert "Luis Réyes-Ortiz Maya M." in read(client, "/staff/audit/findings/")
    assert "Opened" in read(client, address)
    for whose in ("montgomery", stays.pk, maya.pk):
        words = read(client, f"/staff/audit/?did=opened&whose={whose}")
        assert "Luis Réyes-Ortiz" in words, whose
        assert "Somebody at another center" not in words
    said = {"outcome": "expected", "words": "He covered for Dana."}
    assert client.post(address, said).status_code == 302
    assert FindingReview.objects.get().finding == finding


def test_a_finding_of_another_center_stays_out_of_sight_after_a_merge(clinic, maya, finding, ruth):
    far = clinic.patient("Maya Okafor")
    far.center = Center.objects.create(name="Birch Road", slug="birch-road")
    far.save()
    maya.merged_into = far
    maya.save()
    assert clinic.client(ruth).get(f"/staff/audit/findings/{finding.pk}/").status_code == 404
    with pytest.raises(Forbidden):
        review(finding, outcome=FindingReview.Outcome.EXPECTED, words="Fine.", by=ruth, at=clock.now())


def test_hostile_words_stay_words(clinic, finding, ruth):
    client, address = clinic.client(ruth), f"/staff/audit/findings/{finding.pk}/"
    client.post(address, {"outcome": "asked", "words": "<script>alert(1)</script> O'Brien-Núñez"})
    assert "<script>alert(1)" not in client.get(address).content.decode()
    assert client.post(address, {"outcome": "asked", "words": "x" * 3000}).status_code == 422
    assert client.get(f"/staff/audit/findings/{uuid4()}/").status_code == 404
