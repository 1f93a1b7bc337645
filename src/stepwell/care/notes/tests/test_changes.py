"""What a colleague saves in the group room reaches the page of the other within two seconds, and costs little."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from stepwell.care.encounters.models import Encounter
from stepwell.care.notes.testing import save, save_shared
from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def stands_at(client, room):
    """What a page that was opened now sends with its first asking: its version, and its parts."""
    page = client.get(reverse("notes:session", args=[room.session.pk])).content.decode()
    version = re.search(r'data-version="(\w+)"', page)
    parts = re.findall(r'data-part="(\w+)" data-v="(\w+)"', page)
    assert version and len(parts) >= 4
    return version[1], ",".join(f"{key}~{v}" for key, v in parts)


def changes(client, room, version, had):
    return client.get(
        reverse("notes:changes", args=[room.session.pk]),
        {"had": had},
        headers={"HX-Request": "true", "If-None-Match": version},
    )


def test_while_nobody_writes_the_answer_is_empty_and_costs_a_handful_of_questions(
    room, as_dana, django_assert_max_num_queries
):
    at = stands_at(as_dana, room)
    changes(as_dana, room, *at)
    with django_assert_max_num_queries(10) as asked:
        answer = changes(as_dana, room, *at)
    assert (answer.status_code, answer.content) == (304, b"")
    # Of these the page's own are two: the session, and the version of what stands in it.
    assert sum("xmin" in one["sql"] for one in asked.captured_queries) == 1


def test_the_row_a_colleague_marked_comes_and_no_other_and_leaves_a_trace(room, as_dana, clinic):
    at = stands_at(as_dana, room)
    before = AuditEvent.objects.filter(did="opened").count()
    save(room, "Aisha", mark="here", by=clinic.user(Role.CLINICAL_SUPERVISOR))
    answer = changes(as_dana, room, *at)
    page = answer.content.decode()
    assert f'id="row-{room.place("Aisha").pk.hex}"' in page and answer["X-Version"] != at[0]
    assert f'id="row-{room.place("Cole").pk.hex}"' not in page
    assert f"row-{room.place('Cole').pk.hex} " in page  # It is still on the roster.
    seen = AuditEvent.objects.filter(did="opened").order_by("-at")
    assert seen.count() == before + 1
    assert seen.first().patient_id == room.patient("Aisha").pk


def test_the_shared_note_of_a_colleague_comes_with_what_was_seen_of_it(room, as_dana, clinic):
    at = stands_at(as_dana, room)
    save_shared(room, by=clinic.user(Role.CLINICAL_SUPERVISOR))
    page = changes(as_dana, room, *at).content.decode()
    assert "Urge surfing" in page and 'id="shared-seen"' in page
    assert "<tr" not in page


def test_after_my_own_save_my_row_is_not_sent_back_to_me(room, as_dana):
    version, _had = stands_at(as_dana, room)
    save(room, "Aisha", mark="here")
    _now, had = stands_at(as_dana, room)  # What the answer to a save puts in has the same version.
    page = changes(as_dana, room, version, had).content.decode()
    assert "<tr" not in page and 'id="left"' in page


def test_who_only_looks_on_is_not_sent_a_row_for_its_words(written, clinic):
    reader = clinic.client(clinic.user(Role.COUNSELOR, "Renee Castillo"))
    at = stands_at(reader, written)
    save(written, "Aisha", line="Spoke of her sister at length and asked for a ride home")
    page = changes(reader, written, *at).content.decode()
    assert "sister" not in page and "<tr" not in page


def test_asking_is_no_use_of_a_session_and_a_covered_page_is_told_nothing(room, as_dana):
    at = stands_at(as_dana, room)
    session = as_dana.session
    used = dict(session)
    changes(as_dana, room, *at)
    assert {key: as_dana.session.get(key) for key in used} == used
    with clock.stand_still(clock.now() + timedelta(days=1)):
        assert changes(as_dana, room, *at).status_code in (302, 401)


@pytest.mark.parametrize("had", ["", "~", ",,,", "x" * 30_000, "<script>~1", "\x00~\x00"])
def test_what_is_sent_for_parts_may_be_anything(room, as_dana, had):
    assert changes(as_dana, room, "none", had).status_code == 200


def test_somebody_elsewhere_and_somebody_without_the_part_of_a_page_find_nothing(room, clinic):
    biller = clinic.client(clinic.user(Role.BILLER))
    assert changes(biller, room, "", "").status_code == 404
    dana = clinic.client(room.dana)
    assert dana.get(reverse("notes:changes", args=[room.session.pk])).status_code == 302


# ---------- undo ----------


def undo_button(client, room):
    page = client.post(reverse("notes:here", args=[room.session.pk]), follow=True).content.decode()
    assert "Marked 4 people here." in page
    found = re.search(r'action="(/staff/groups/[^"]+/here/undoing/\?of=[^"]+)"', page)
    assert found
    return found[1]


def test_mark_all_here_is_undone_for_rows_that_nobody_touched_since_and_both_leave_a_trace(room, as_dana):
    button = undo_button(as_dana, room)
    save(room, "Cole", line="Compared cravings to waves and will keep the card")
    page = as_dana.post(button, follow=True).content.decode()
    said = re.findall(r"[^>]*taken back[^<]*", page)
    assert said == ["3 marks taken back. 1 row was changed since and stays."]
    assert [one.appointment for one in Encounter.objects.in_force()] == [room.place("Cole")]
    assert AuditEvent.objects.filter(did="created", because="marked here: 4").count() == 1
    assert AuditEvent.objects.filter(because="taken back").count() == 3
    assert "0 marks taken back" in as_dana.post(button, follow=True).content.decode()


def test_undo_is_for_whoever_did_it_for_five_minutes_and_only_what_was_offered(room, as_dana, clinic):
    button = undo_button(as_dana, room)
    supervisor = clinic.client(clinic.user(Role.CLINICAL_SUPERVISOR))
    for client, address in (
        (supervisor, button),
        (as_dana, button[:-3] + "abc"),
        (as_dana, button.split("?")[0]),
    ):
        assert "too late to undo" in client.post(address, follow=True).content.decode()
    with clock.stand_still(clock.now() + timedelta(minutes=6)):
        assert "too late to undo" in as_dana.post(button, follow=True).content.decode()
    assert Encounter.objects.in_force().count() == 4
