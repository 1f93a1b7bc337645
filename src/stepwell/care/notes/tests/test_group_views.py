"""The group room, through its addresses."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepwell.care.care_plans.testing import signed_by_both
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.testing import group
from stepwell.care.measures.models import CheckIn
from stepwell.care.notes.actions import group as actions
from stepwell.care.notes.models import GroupNote, Note
from stepwell.care.notes.testing import LINES, SHARED, posted, posted_row, save, seat
from stepwell.care.scheduling.models import GroupSession
from stepwell.ground.kit import clock
from stepwell.trust.access.rules import Permission, relations_for
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent

HTMX = {"HX-Request": "true"}


def address(room, name="session", *more):
    return reverse(f"notes:{name}", args=[room.session.pk, *more])


def read(client, room, **more):
    return client.get(address(room), **more).content.decode()


def act(client, room, do, **rows):
    return client.post(address(room), posted(room, **rows) | {"do": do})


# ---------- who ----------


@pytest.mark.parametrize("role", [role for role in Role if role.is_staff])
def test_who_may_open_the_room(room, clinic, role):
    reader = clinic.client(clinic.user(role, f"Reader {role.value}"))
    expected = 200 if relations_for(Permission.MARK_ATTENDANCE, [role]) else 404
    assert reader.get(address(room)).status_code == expected


def test_a_patient_does_not_find_the_room(room, clinic):
    client = clinic.client(clinic.patient_user(room.patient("Aisha")))
    for name in ("session", "here", "group_signature", "shared_note"):
        assert client.get(address(room, name)).status_code == 404
        assert client.post(address(room, name)).status_code == 404


def test_a_visitor_is_asked_to_sign_in(room, client):
    assert client.get(address(room))["Location"].startswith(reverse("accounts:sign_in"))


def test_another_counselor_looks_on_and_reads_no_line(written, clinic):
    renee = clinic.client(clinic.user(Role.COUNSELOR, "Renee Castillo"))
    told = read(renee, written)
    assert "You look on" in told
    assert "Aisha B." in told
    assert LINES["Aisha"] not in told
    assert SHARED.what_we_did not in told
    assert 'type="radio"' not in told


@pytest.mark.parametrize("name", ["session", "here", "group_signature"])
def test_another_counselor_changes_nothing(written, clinic, name):
    renee = clinic.client(clinic.user(Role.COUNSELOR, "Renee Castillo"))
    response = renee.post(address(written, name), posted(written, Aisha={"line": "Mine"}))
    assert response.status_code == 403
    assert seat(written, "Aisha").note.line == LINES["Aisha"]


def test_a_peer_who_leads_along_marks_and_reads_no_line(written, clinic):
    luis = clinic.client(written.luis)
    told = read(luis, written)
    assert 'type="radio"' in told
    assert LINES["Aisha"] not in told
    assert "Sign" not in told.split("actbar")[1].split("<dialog")[0]
    save_as_luis = posted_row(seat(written, "Aisha"))
    prefix = next(iter(save_as_luis)).split("-")[0]
    data = {
        f"{prefix}-seen": seat(written, "Aisha").text.seen_by(writes=False),
        f"{prefix}-mark": "video",
        f"{prefix}-minutes": "90",
        f"{prefix}-took_part": "2",
    }
    assert luis.post(address(written), data).status_code == 302
    now = seat(written, "Aisha").text
    assert (now.mark, now.took_part, now.line) == ("video", 2, LINES["Aisha"])


def test_opening_the_room_leaves_a_trace_for_each_person(room, as_dana):
    read(as_dana, room)
    events = AuditEvent.objects.filter(did="opened", to_type="scheduling.GroupSession")
    assert {event.patient_id for event in events} == {place.patient_id for place in room.places.values()}


# ---------- what it shows ----------


def test_the_room_says_what_is_left(room, as_dana):
    told = read(as_dana, room)
    assert "4 expected: 4 not marked" in told
    assert "4 to mark: Aisha, Brianna, Cole, Wendell" in told
    save(room, "Aisha", mark="here", line=LINES["Aisha"])
    save(room, "Brianna", mark="video", line=LINES["Aisha"])
    save(room, "Cole", mark="late", minutes=60)
    save(room, "Wendell", mark="absent")
    told = read(as_dana, room)
    assert "4 expected: 1 here, 1 by video, 1 late, 1 absent" in told
    assert "2 lines left: Aisha or Brianna, Cole" in told
    assert "Same words as Aisha. Each line must be their own." in told
    assert (
        "Then 3 notes are ready to sign. Wendell is absent: no note. Cole: 60 of 90 min will count." in told
    )


def test_before_they_leave_tells_what_is_true_today(room, clinic, as_dana):
    aisha = room.patient("Aisha")
    CheckIn.objects.create(patient=aisha, on=clinic.today, craving=4, recorded_by=room.dana)
    CheckIn.objects.create(patient=room.patient("Cole"), on=clinic.today, craving=1, recorded_by=room.dana)
    clinic.patient_user(room.patient("Brianna"))
    plan = signed_by_both(room.patient("Brianna"), by=room.dana)
    type(plan).objects.update(review_due_on=clinic.today)
    told = read(as_dana, room)
    assert "craving very strong in today&#x27;s check-in" in told
    assert "plan review due today" in told
    assert "craving a little" not in told


def test_facts_of_the_chart_are_for_the_care_team(room, clinic, as_dana):
    aisha = room.patient("Aisha")
    CheckIn.objects.create(patient=aisha, on=clinic.today, craving=4, recorded_by=room.dana)
    aisha.care_team.update(ended_on=clinic.today)
    assert "craving very strong" not in read(as_dana, room)


def test_a_session_that_is_not_open_yet_says_when_it_is(clinic):
    room = group(clinic, starts_at=clock.now() + timedelta(hours=3))
    client = clinic.client(room.dana)
    assert "Attendance opens 30 minutes before the start: Mon Nov 23, 11:30 AM." in read(client, room)
    response = act(client, room, "save", Aisha={"mark": "here"})
    assert response.status_code == 422
    assert "Attendance opens" in response.content.decode()


def test_a_cancelled_session_takes_nothing(room, as_dana):
    GroupSession.objects.update(status="cancelled", cancelled_because="Snow")
    told = read(as_dana, room)
    assert "This session was cancelled" in told
    assert 'type="radio"' not in told


def test_words_are_shown_as_words(room, as_dana):
    save(room, "Aisha", mark="here", line="<script>alert(1)</script> & more")
    assert "<script>alert" not in read(as_dana, room)


# ---------- one form, without JavaScript ----------


def test_one_form_saves_everything(room, as_dana):
    data = posted(
        room,
        Aisha={"mark": "here", "took_part": 3, "line": "Named Sunday night"},
        Brianna={"mark": "late", "minutes": 60},
        Wendell={"mark": "absent", "reason": "ill"},
    )
    data |= {"shared-topic": "Urge surfing", "shared-safety": "nobody", "do": "save"}
    assert as_dana.post(address(room), data)["Location"] == address(room)
    assert seat(room, "Aisha").text.line == "Named Sunday night"
    assert seat(room, "Aisha").text.took_part == 3
    assert seat(room, "Brianna").text.minutes == 60
    assert Absence.objects.get().reason == "ill"
    assert not seat(room, "Cole").text.mark
    assert GroupNote.objects.get().topic == "Urge surfing"


def test_a_reason_is_given_once_somebody_is_absent(room, as_dana):
    save(room, "Wendell", mark="absent")
    act(as_dana, room, "save", Wendell={"reason": "transport"})
    assert Absence.objects.in_force().get().reason == "transport"


def test_saving_the_same_page_twice_is_harmless(room, as_dana):
    data = posted(room, Aisha={"mark": "here", "line": "Named Sunday night"}) | {"do": "save"}
    for _twice in range(2):
        assert as_dana.post(address(room), data).status_code == 302
    assert Encounter.objects.count() == Note.objects.count() == 1


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        ("ten", "Give the minutes as a whole number."),
        ("0", "Give at least 1 minute"),
        ("95", "Give 90 or fewer."),
        ("9999", "Give 480 minutes or fewer."),
    ],
)
def test_minutes_that_do_not_fit_keep_what_was_typed_and_save_the_rest(room, as_dana, minutes, sentence):
    response = act(
        as_dana,
        room,
        "save",
        Aisha={"mark": "here", "minutes": minutes, "line": "Named Sunday night"},
        Cole={"mark": "here"},
    )
    told = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in told
    assert sentence in told
    assert f'value="{minutes}"' in told
    assert "Named Sunday night" in told
    assert seat(room, "Cole").text.mark == "here"
    assert not seat(room, "Aisha").text.mark


@pytest.mark.parametrize(
    "changes",
    [{"mark": "gone"}, {"took_part": "4", "mark": "here"}, {"goal": "not-a-goal", "mark": "here"}],
)
def test_values_that_no_page_offers_are_refused(room, as_dana, changes):
    assert act(as_dana, room, "save", Aisha=changes).status_code == 422
    assert not Encounter.objects.exists()


def test_a_line_that_is_too_long_says_so_and_is_kept(written, as_dana):
    response = act(as_dana, written, "save", Aisha={"line": "x" * 4001})
    assert response.status_code == 422
    assert "Write 4000 or fewer" in response.content.decode()
    assert "x" * 4001 in response.content.decode()


def test_the_second_is_told_sees_both_and_loses_nothing(written, as_dana):
    opened = posted(written, Aisha={"line": "What Dana typed"}, Cole={"line": "Another thing about Cole"})
    save(written, "Aisha", line="What was saved meanwhile", took_part=2)
    response = as_dana.post(address(written), opened | {"do": "save"})
    told = response.content.decode()
    assert response.status_code == 409
    assert "saved this row" in told
    assert "What was saved meanwhile" in told
    assert "What Dana typed" in told
    assert seat(written, "Aisha").note.line == "What was saved meanwhile"
    assert seat(written, "Cole").note.line == "Another thing about Cole"
    # From the page that shows both, saving once more keeps what was typed.
    seen = seat(written, "Aisha").text.seen
    assert f'value="{seen}"' in told
    again = opened | posted_row(seat(written, "Aisha"), {"line": "What Dana typed"}) | {"do": "save"}
    again |= posted_row(seat(written, "Cole"))
    assert as_dana.post(address(written), again).status_code == 302
    assert seat(written, "Aisha").note.line == "What Dana typed"


def test_the_second_who_saves_the_shared_note_sees_both(written, as_dana):
    opened = posted(written) | {"shared-topic": "What Dana typed", "do": "save"}
    actions.save_shared(
        written.session,
        type(SHARED)(topic="Saved meanwhile", what_we_did="Other", safety="nobody"),
        seen=opened["shared-seen"],
        by=written.dana,
        at=clock.now(),
    )
    response = as_dana.post(address(written), opened)
    told = response.content.decode()
    assert response.status_code == 409
    assert "Saved meanwhile" in told
    assert "What Dana typed" in told
    assert GroupNote.objects.get().topic == "Saved meanwhile"


def test_mark_all_here_keeps_what_was_typed_on_the_way(room, as_dana):
    save(room, "Wendell", mark="absent")
    data = posted(room, Aisha={"mark": "video", "line": "Named Sunday night"})
    assert as_dana.post(address(room, "here"), data).status_code == 302
    assert seat(room, "Aisha").text.line == "Named Sunday night"
    assert {seat(room, name).text.mark for name in ("Brianna", "Cole")} == {"here"}
    assert seat(room, "Wendell").is_absent


def test_unmark_takes_one_mark_back(written, as_dana):
    act(as_dana, written, f"unmark:{written.place('Aisha').pk}")
    assert not seat(written, "Aisha").text.mark


def test_save_and_finish_later_leaves_the_room(written, as_dana):
    response = act(as_dana, written, "finish", Aisha={"line": "Changed"})
    assert response["Location"] == reverse("notes:to_sign")
    assert seat(written, "Aisha").note.line == "Changed"


@pytest.mark.parametrize(
    "do", ["", "preview:nobody", "unmark:", "preview:00000000-0000-0000-0000-000000000000"]
)
def test_a_button_that_no_page_has_saves_and_does_no_more(written, as_dana, do):
    assert act(as_dana, written, do).status_code == 302


# ---------- a row at a time ----------


def post_row(client, room, name, **changes):
    data = posted_row(seat(room, name), changes)
    return client.post(address(room, "row", room.place(name).pk), data, headers=HTMX)


def test_a_row_saves_itself_and_sends_back_its_state(room, as_dana):
    response = post_row(as_dana, room, "Aisha", mark="here")
    told = response.content.decode()
    assert response.status_code == 200
    assert f'id="seen-{room.place("Aisha").pk.hex}"' in told
    assert 'hx-swap-oob="true"' in told
    assert "3 to mark" in told
    assert "<textarea" not in told
    assert seat(room, "Aisha").text.mark == "here"


def test_a_row_that_changes_its_fields_comes_back_whole(room, as_dana):
    told = post_row(as_dana, room, "Wendell", mark="absent").content.decode()
    assert f'<tr id="row-{room.place("Wendell").pk.hex}"' in told
    assert "No reason yet" in told
    told = post_row(as_dana, room, "Wendell", mark="here").content.decode()
    assert "<textarea" in told


def test_another_rows_token_is_never_sent_along(written, as_dana):
    told = post_row(as_dana, written, "Aisha", line="Changed").content.decode()
    assert told.count('id="seen-') == 1


def test_a_row_that_is_refused_says_why_beside_it(room, as_dana):
    response = post_row(as_dana, room, "Aisha", mark="late", minutes="")
    assert response.status_code == 422
    assert "Aisha came late. How many of the 90 minutes was that?" in response.content.decode()


def test_a_row_saved_by_somebody_else_meanwhile_shows_both(written, as_dana):
    data = posted_row(seat(written, "Aisha"), {"line": "What Dana typed"})
    save(written, "Aisha", line="Saved meanwhile")
    response = as_dana.post(address(written, "row", written.place("Aisha").pk), data, headers=HTMX)
    told = response.content.decode()
    assert response.status_code == 409
    assert "Saved meanwhile" in told
    assert "What Dana typed" in told
    take = as_dana.get(address(written, "row", written.place("Aisha").pk), headers=HTMX).content.decode()
    assert "Saved meanwhile" in take
    assert "What Dana typed" not in take


def test_the_other_of_two_same_lines_hears_of_it(written, as_dana):
    told = post_row(as_dana, written, "Aisha", line=LINES["Brianna"]).content.decode()
    assert f'id="says-{written.place("Brianna").pk.hex}"' in told
    assert "Same words as Aisha" in told


def test_the_shared_note_saves_itself(room, as_dana):
    data = {name: value for name, value in posted(room).items() if name.startswith("shared")}
    response = as_dana.post(
        address(room, "shared_note"), data | {"shared-topic": "Aisha's topic"}, headers=HTMX
    )
    told = response.content.decode()
    assert response.status_code == 200
    assert "Names Aisha. This text goes into every note, so name nobody." in told
    assert GroupNote.objects.get().topic == "Aisha's topic"


def test_a_row_of_another_session_is_not_found(room, clinic, as_dana):
    other = group(clinic, "Else Where", starts_at=clock.now() - timedelta(days=7))
    wrong = address(room, "row", other.place("Else").pk)
    assert as_dana.post(wrong, headers=HTMX).status_code == 404
    assert as_dana.get(address(room, "preview", other.place("Else").pk)).status_code == 404


@pytest.mark.parametrize("name", ["here", "group_signature", "shared_note"])
def test_an_address_of_a_step_leads_back_to_the_room(room, as_dana, name):
    assert as_dana.get(address(room, name))["Location"] == address(room)


# ---------- preview and signature ----------


def test_the_preview_is_the_note_as_it_would_be_signed(written, as_dana):
    told = as_dana.get(address(written, "preview", written.place("Aisha").pk)).content.decode()
    assert "Preview. Not signed." in told
    assert LINES["Aisha"] in told
    assert SHARED.what_we_did in told
    for other in ("Brianna", "Cole", "Wendell"):
        assert other not in told


def test_signing_saves_what_is_on_the_page_first(written, as_dana):
    data = posted(written, Aisha={"line": "Typed a moment ago"})
    response = as_dana.post(address(written, "group_signature"), data, follow=True)
    assert "4 notes signed." in response.content.decode()
    assert Note.objects.signed().count() == 4
    assert Note.objects.get(patient=written.patient("Aisha")).line == "Typed a moment ago"


def test_a_second_click_says_when_it_was_signed(written, as_dana):
    data = posted(written)
    as_dana.post(address(written, "group_signature"), data)
    told = as_dana.post(address(written, "group_signature"), data, follow=True).content.decode()
    assert "Already signed at 9:00 AM, Mon Nov 23 by Dana Whitfield, LCDC." in told
    assert Note.objects.count() == 4


def test_a_signature_that_is_refused_says_everything_beside_its_field(room, as_dana):
    response = as_dana.post(
        address(room, "group_signature"),
        posted(
            room,
            Aisha={"mark": "here", "line": "Told Brianna about it"},
            Brianna={"mark": "here"},
            Cole={"mark": "absent"},
        ),
    )
    told = response.content.decode()
    assert response.status_code == 422
    for sentence in (
        "Nothing is signed yet",
        "Names Brianna. Leave other people out of this note.",
        "Write what Brianna did or said.",
        "Mark Wendell here, by video, late or absent.",
        "Give the topic of the group.",
        "Write what the group did.",
        "Say whether anyone voiced intent to harm self or others.",
    ):
        assert sentence in told
    assert told.count("Give the topic of the group.") == 2  # In the summary, and beside the field.
    # What was typed is saved, and nothing is signed.
    assert seat(room, "Aisha").note.line == "Told Brianna about it"
    assert not Note.objects.signed().exists()


def test_every_link_of_the_summary_leads_to_a_field_on_the_page(room, as_dana):
    save(room, "Aisha", mark="here")
    save(room, "Brianna", mark="here", line="Told Aisha")
    told = as_dana.post(address(room, "group_signature"), posted(room)).content.decode()
    summary = told.split('class="error-summary"')[1].split("</ul>")[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) >= 6
    for target in targets:
        assert f'id="{target}"' in told


def test_a_signed_room_is_read_only_and_leads_to_the_notes(written, as_dana):
    as_dana.post(address(written, "group_signature"), posted(written))
    told = read(as_dana, written)
    assert "Everything is signed." in told
    assert 'type="radio"' not in told
    assert "<textarea" not in told
    for note in Note.objects.all():
        assert reverse("notes:note", args=[note.pk]) in told


def test_the_page_costs_the_same_for_two_as_for_twelve(clinic):
    def queries(size):
        room = group(
            clinic, *(f"Person{n} Q{size}" for n in range(size)), starts_at=clock.now() - timedelta(days=size)
        )
        client = clinic.client(room.dana)
        with CaptureQueriesContext(connection) as captured:
            client.get(address(room))
        return len([query for query in captured if "audit_auditevent" not in query["sql"]])

    assert queries(2) == queries(12)
