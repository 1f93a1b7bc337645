"""The pages: what a person reads, presses and is told."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape

from stepwell.config.testing.fixtures import NOW
from stepwell.doors.testing import read
from stepwell.ground.files.testing import picture
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web import words
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.consent import actions
from stepwell.trust.consent.kinds import KINDS
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.rules.notices import STATEMENT_1
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, RecipientKind, Segment
from stepwell.trust.consent.testing import disclosed, prepared, signed
from stepwell.trust.people.actions.documents import add_document, strike_document
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import Patient

PRIVACY = "/me/privacy/"
TYPED = {
    "recipients": "Elena Reyes",
    "recipient_address": "12 Elm Street",
    "segments": ["attendance"],
    "detail": "",
    "purposes": ["support"],
    "expiry": "on_date",
    "expires_on": "2027-02-21",
    "expires_event": "",
    "step": "give",
}


def staff_page(name, patient, *more):
    return reverse(f"consent:{name}", args=[patient.pk, *(one.pk for one in more)])


def mine(name, consent):
    return reverse(f"consent:{name}", args=[consent.pk])


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


# Staff: preparing


@pytest.mark.parametrize("kind", RecipientKind)
def test_each_kind_has_a_form_that_begins_well(desk, maya, kind):
    page = desk.get(staff_page("new", maya) + f"?to={kind}")
    assert page.status_code == 200
    assert str(escape(str(KINDS[kind].recipients))) in page.content.decode()
    assert 'name="segments"' in page.content.decode()


def test_the_kinds_are_offered_and_a_made_up_one_is_none(desk, maya):
    for query in ("", "?to=x", "?to=%00"):
        page = read(desk, staff_page("new", maya) + query)
        assert "Whom is the consent for?" in page
        assert "Family, a friend or another person" in page


def test_a_consent_is_read_in_the_patient_s_language_before_it_is_given(desk, maya):
    Patient.objects.filter(pk=maya.pk).update(language="es")
    address = staff_page("new", maya) + "?to=person"
    page = desk.post(address, TYPED | {"step": "preview"}).content.decode()
    assert "Hasta el 21 de febrero de 2027." in page and 'lang="es"' in page
    assert Consent.objects.count() == 0
    given = desk.post(address, TYPED, follow=True)
    assert "Maya can read it now." in given.content.decode()
    consent = Consent.objects.get()
    assert consent.is_waiting and consent.recipient_address == "12 Elm Street"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"recipients": " \n "}, "Name who may be told."),
        ({"segments": []}, "Choose what may be shared."),
        ({"purposes": []}, "Choose what for."),
        ({"expires_on": ""}, "Say until when."),
        ({"expires_on": "2026-11-22"}, "That day has passed."),
        ({"expiry": "event"}, "Say until when."),
        ({"segments": ["counseling_notes", "plan"]}, "Counseling notes need a consent of their own."),
        ({"purposes": ["legal_proceeding", "support"]}, "A legal case needs a consent of its own."),
        ({"recipients": "x" * 201}, "Write at most ten names"),
        ({"recipients": "\n".join(f"Name {n}" for n in range(11))}, "Write at most ten names"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(desk, maya, change, sentence):
    typed = TYPED | {"detail": "Only whether she came, no times. <b>"} | change
    response = desk.post(staff_page("new", maya) + "?to=person", typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count(sentence) == 2  # In the summary, and beside the field.
    assert escape("Only whether she came, no times. <b>") in page
    for segment in typed["segments"]:
        assert re.search(rf'value="{segment}"[^>]*checked', page)
    assert Consent.objects.count() == 0


def test_an_intermediary_is_asked_whether_it_is_one(desk, maya):
    typed = TYPED | {"purposes": ["treatment"], "any_participant": "on"}
    refused = desk.post(staff_page("new", maya) + "?to=intermediary", typed)
    assert refused.status_code == 422
    assert "If it is one of these, choose that kind" in refused.content.decode()
    assert (
        desk.post(staff_page("new", maya) + "?to=intermediary", typed | {"is_intermediary": "on"}).status_code
        == 302
    )


def test_a_court_s_form_asks_for_condition_and_end(desk, maya):
    typed = TYPED | {"purposes": ["monitoring"]}
    page = desk.post(staff_page("new", maya) + "?to=criminal_justice", typed).content.decode()
    assert "Say what the patient must take part in" in page
    assert "Say from which day, or after which event" in page


# Staff: the list, one consent, a signature here, an ending


def test_the_list_says_what_is_in_force_waiting_and_ended(desk, maya, dana, sister):
    prepared(maya, by=dana, recipients=("Dr. Okafor",))
    over = signed(maya, by=dana, recipients=("Old Friend",))
    actions.revoke(over, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())
    page = read(desk, staff_page("consents", maya))
    waiting, in_force, ended = (page.index(each) for each in ("Dr. Okafor", "Elena Reyes", "Old Friend"))
    assert page.index("Waiting for the patient") < waiting < page.index("In force") < in_force
    assert in_force < page.index("Ended by the patient") and ended > in_force


def test_nothing_in_force_says_so(desk, maya):
    assert "None. Nothing may be told to anybody outside." in read(desk, staff_page("consents", maya))


def test_one_consent_shows_the_text_and_the_signature(desk, maya, dana, sister):
    page = read(desk, staff_page("consent", maya, sister))
    assert "What was read and signed" in page
    assert "If you came: the days and times you were here, or were not" in page
    assert "Maya Reyes, Nov 23, 2026" in page
    assert sister.wording_fingerprint in page


def test_a_paper_is_recorded(desk, maya, dana):
    consent = prepared(maya, by=dana)
    address = staff_page("signature", maya, consent)
    page = desk.get(address).content.decode()
    typed = {"read": hidden(page, "read"), "spoken": "en", "segments": ["attendance"], "signer": "patient"}
    missing = desk.post(address, typed | {"how": "paper", "name": ""})
    assert missing.status_code == 422
    assert "Write the name of whoever signs." in missing.content.decode()
    assert "Write the day that stands on the paper." in missing.content.decode()
    signature = typed | {"how": "paper", "name": "Maya Reyes", "on": "2026-11-20"}
    assert desk.post(address, signature).status_code == 302
    consent.refresh_from_db()
    assert (consent.signed_how, str(consent.signed_on), consent.signed_by) == ("paper", "2026-11-20", dana)
    assert desk.get(address).status_code == 302
    assert (
        reverse("people:documents", args=[maya.pk])
        in desk.get(staff_page("consent", maya, consent)).content.decode()
    )


def test_a_guardian_on_the_screen_says_why_they_may(desk, maya, dana):
    consent = prepared(maya, by=dana)
    address = staff_page("signature", maya, consent)
    read_ = hidden(desk.get(address).content.decode(), "read")
    typed = {"read": read_, "spoken": "en", "segments": ["attendance"], "how": "tablet", "name": "Ana Reyes"}
    page = desk.post(address, typed | {"signer": "guardian"})
    assert (
        page.status_code == 422 and "Say why this person may sign for the patient." in page.content.decode()
    )
    assert (
        desk.post(address, typed | {"signer": "guardian", "authority": "mother of a minor"}).status_code
        == 302
    )
    consent.refresh_from_db()
    assert consent.signer_authority == "mother of a minor" and consent.signed_from == "127.0.0.1"


def test_an_ending_by_word_of_mouth_is_recorded_and_names_whom_to_tell(desk, maya, dana, sister):
    disclosed(maya, by=dana)
    address = staff_page("revocation", maya, sister)
    assert "12 Elm Street, Dayton" in read(desk, address)
    assert desk.post(address, {"said": "Not her any more."}).status_code == 422
    ended = desk.post(address, {"how": "spoken", "said": "Not her any more."}, follow=True)
    page = ended.content.decode()
    assert "Ended. From now on nothing is shared under it." in page
    assert "Tell them that it has ended" in page and "12 Elm Street, Dayton" in page
    assert "Not her any more." in page


def test_an_event_is_recorded(desk, maya, dana):
    consent = signed(maya, by=dana, expiry=Expiry.EVENT, expires_event="the housing program ends")
    address = staff_page("event", maya, consent)
    assert desk.post(address, {"on": "x"}).status_code == 422
    assert desk.post(address, {"on": "2030-01-01"}).status_code == 422
    assert (
        "What it was to end with came on Nov 23, 2026."
        in desk.post(address, {"on": "2026-11-23"}, follow=True).content.decode()
    )


def test_taken_back_it_is_gone_from_the_phone(desk, phone, maya, dana):
    consent = prepared(maya, by=dana)
    assert phone.get(mine("my_consent", consent)).status_code == 200
    assert desk.post(staff_page("withdrawal", maya, consent)).status_code == 302
    assert phone.get(mine("my_consent", consent)).status_code == 404


# Staff: sharing


def ask(**more):
    return {
        "to": "person:Elena Reyes",
        "address": "12 Elm Street",
        "purpose": "support",
        "segments": ["attendance"],
        "since": "2026-10-01",
        "basis": "consent",
        "step": "look",
    } | more


def test_what_may_go_and_what_may_not_is_seen_first(desk, maya, sister):
    address = staff_page("new_disclosure", maya)
    assert "Elena Reyes · Family, a friend or another person" in read(desk, address)
    page = desk.post(address, ask(segments=["attendance", "notes"])).content.decode()
    assert "May go" in page and "May not go" in page
    assert "No consent in force lets Elena Reyes know progress notes for supporting the patient." in page
    assert escape(STATEMENT_1.text) in page
    assert Disclosure.objects.count() == 0
    sharing = next(form for form in page.split("<form")[1:] if 'value="printed"' in form)
    share = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', sharing)) | {"step": "printed"}
    paper = desk.post(address, share).content.decode()
    assert "It is in the log." in paper and escape(STATEMENT_1.text) in paper
    twice = desk.post(address, share)
    assert twice.status_code == 422 and "This was shared already." in twice.content.decode()
    assert Disclosure.objects.count() == 1
    assert "12 Elm Street" in read(desk, staff_page("disclosures", maya))


def test_a_file_is_what_the_log_measured(desk, maya, sister):
    file = desk.post(staff_page("new_disclosure", maya), ask(step="downloaded"))
    assert file["Content-Disposition"] == 'attachment; filename="record-2026-11-23.html"'
    assert len(file.content) == Disclosure.objects.get().size
    assert b"<script" not in file.content and STATEMENT_1.text in file.content.decode()


def test_forced_past_the_look_the_door_is_shut(desk, maya, sister):
    response = desk.post(
        staff_page("new_disclosure", maya), ask(segments=["attendance", "notes"], step="printed")
    )
    assert response.status_code == 422
    assert "No consent in force lets Elena Reyes know progress notes" in response.content.decode()
    assert Disclosure.objects.count() == 0


def test_somebody_without_a_consent_is_refused_by_name(desk, maya, sister):
    address = staff_page("new_disclosure", maya)
    missing = desk.post(address, ask(to="else"))
    assert missing.status_code == 422 and "Write their name." in missing.content.decode()
    page = desk.post(
        address, ask(to="else", else_name="Tom O'Brien-Núñez", else_kind="person")
    ).content.decode()
    assert "Nothing may go" in page
    assert (
        escape("No consent in force lets Tom O'Brien-Núñez know attendance for supporting the patient.")
        in page
    )


def test_a_page_from_before_the_ending_does_not_reach_somebody_else(desk, maya, dana, sister):
    """The list of who may be told is shorter now; whom the page named stays whom it named."""
    signed(maya, by=dana, recipients=("Tom Ames",))
    address = staff_page("new_disclosure", maya)
    key = hidden(desk.post(address, ask()).content.decode(), "key")
    actions.revoke(sister, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())
    shut = desk.post(address, ask(step="printed", key=key))
    assert shut.status_code == 422
    assert "The patient ended theirs on 2026-11-23." in shut.content.decode()
    assert Disclosure.objects.count() == 0


def test_another_ground_is_refused_on_the_page(desk, maya, sister):
    page = read_post(desk, staff_page("new_disclosure", maya), ask(basis="court_order"))
    assert "Only a written consent opens this door today." in page


def read_post(client, address, data):
    return client.post(address, data).content.decode()


def test_more_than_usual_asks_why(desk, maya, dana):
    signed(maya, by=dana, segments=frozenset({Segment.PLAN}))
    address = staff_page("new_disclosure", maya)
    page = read_post(desk, address, ask(segments=["plan"]))
    assert "Why supporting the patient needs the treatment plan" in page
    refused = desk.post(address, ask(segments=["plan"], step="printed"))
    assert refused.status_code == 422 and "Only what is needed may go." in refused.content.decode()
    assert desk.post(address, ask(segments=["plan"], step="printed", because="He asked.")).status_code == 200
    assert Disclosure.objects.get().needed_because == "He asked."


@pytest.mark.parametrize(
    "hostile",
    [
        {"to": "99"},
        {"to": ""},
        {"to": "person:"},
        {"to": "nobody:Elena Reyes"},
        {"to": "person:" + "x" * 201},
        {"purpose": "x"},
        {"segments": ["x"]},
        {"segments": []},
        {"since": "0000-00-00"},
        {"basis": "x"},
        {"step": "printed", "key": "not-a-key"},
        {"address": "x" * 301},
    ],
    ids=str,
)
def test_hostile_input_is_refused_in_words(desk, maya, sister, hostile):
    response = desk.post(staff_page("new_disclosure", maya), ask(**hostile))
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert Disclosure.objects.count() == 0


def test_who_prepares_does_not_for_that_reason_share(clinic, maya, sister):
    front = clinic.client(clinic.user(Role.FRONT_DESK))
    assert front.get(staff_page("consents", maya)).status_code == 200
    assert "Share something" not in read(front, staff_page("consents", maya))
    assert front.get(staff_page("new_disclosure", maya)).status_code == 404
    assert front.post(staff_page("new_disclosure", maya), ask(step="printed")).status_code == 404


def test_a_consent_of_another_patient_is_not_there(clinic, desk, maya, dana, sister):
    devon = clinic.patient("Devon Thackery", team=(dana,))
    for name in ("consent", "signature", "revocation"):
        assert desk.get(staff_page(name, devon, sister)).status_code == 404
    phone = clinic.client(clinic.patient_user(devon))
    for name in ("my_consent", "my_revocation"):
        assert phone.get(mine(name, sister)).status_code == 404
    for name in ("my_signature", "my_refusal", "my_revocation"):
        assert phone.post(mine(name, sister)).status_code == 404


# The patient's phone


def test_a_patient_reads_it_and_signs(phone, maya, dana):
    consent = prepared(maya, by=dana)
    assert "Waits for your answer Elena Reyes" in read(phone, PRIVACY)
    page = phone.get(mine("my_consent", consent)).content.decode()
    for said in (
        "Elena Reyes",
        "To support you",
        "Until February 21, 2027. That day counts.",
        "You may say no.",
    ):
        assert said in page
    typed = {"read": hidden(page, "read"), "spoken": hidden(page, "spoken"), "segments": ["attendance"]}
    missing = phone.post(mine("my_signature", consent), typed | {"name": " "})
    assert missing.status_code == 422 and "Write your name to sign." in missing.content.decode()
    signed_ = phone.post(mine("my_signature", consent), typed | {"name": "Maya Reyes"}, follow=True)
    assert "You signed. You can stop it at any time." in signed_.content.decode()
    assert "Signed by Maya Reyes on" in signed_.content.decode()
    consent.refresh_from_db()
    assert consent.holds_today and consent.signed_from == "127.0.0.1"
    assert "Who I said yes to Elena Reyes Attendance" in read(phone, PRIVACY)


def test_a_patient_chooses_less_reads_it_and_signs_that(phone, maya, dana):
    consent = prepared(maya, by=dana, segments=frozenset({Segment.ATTENDANCE, Segment.PLAN}))
    page = phone.get(mine("my_consent", consent)).content.decode()
    typed = {"read": hidden(page, "read"), "spoken": "en", "segments": ["attendance"], "name": "Maya Reyes"}
    shorter = phone.post(mine("my_signature", consent), typed).content.decode()
    assert "This is what you chose now. Read it once more, then sign." in shorter
    assert 'value="Maya Reyes"' in shorter
    assert re.search(r'value="attendance" checked', shorter) and not re.search(
        r'value="plan" checked', shorter
    )
    consent.refresh_from_db()
    assert consent.is_waiting
    assert (
        phone.post(mine("my_signature", consent), typed | {"read": hidden(shorter, "read")}).status_code
        == 302
    )
    consent.refresh_from_db()
    assert consent.segments == ["attendance"] and consent.holds_today


def test_everything_taken_out_is_a_no_to_be_said(phone, maya, dana):
    consent = prepared(maya, by=dana, segments=frozenset({Segment.ATTENDANCE, Segment.PLAN}))
    page = phone.get(mine("my_consent", consent)).content.decode()
    typed = {"read": hidden(page, "read"), "spoken": "en", "name": "Maya Reyes"}
    nothing = phone.post(mine("my_signature", consent), typed)
    assert nothing.status_code == 422
    assert "Choose at least one, or say no." in nothing.content.decode()


def test_a_patient_says_no(phone, maya, dana):
    consent = prepared(maya, by=dana)
    page = phone.post(mine("my_refusal", consent), follow=True).content.decode()
    assert "You said no. We do not share it." in page
    assert "You said no" in read(phone, mine("my_consent", consent))


def test_it_is_stopped_in_three_taps_from_the_first_page(phone, sister):
    assert PRIVACY in phone.get("/me/").content.decode()  # One: My privacy.
    assert mine("my_revocation", sister) in phone.get(PRIVACY).content.decode()  # Two: Stop.
    assert "Stop sharing?" in read(phone, mine("my_revocation", sister))
    page = phone.post(mine("my_revocation", sister), follow=True).content.decode()  # Three: Stop sharing.
    assert "Stopped. From now on we share nothing with them." in page
    assert "Nobody outside." in page and "You stopped it" in page
    assert "You stopped this on" in read(phone, mine("my_consent", sister))
    assert phone.get(mine("my_revocation", sister)).status_code == 302


def test_what_was_told_to_whom_is_there_to_read(phone, maya, dana, sister):
    assert "We have told nobody outside about you." in read(phone, PRIVACY)
    disclosed(maya, by=dana)
    assert "What was told to whom Elena Reyes Attendance" in read(phone, PRIVACY)
    page = read(phone, reverse("consent:my_disclosures"))
    assert "Elena Reyes" in page and "12 Elm Street, Dayton" in page and "To support you" in page


def test_a_patient_gives_an_ok_without_being_asked(phone, maya):
    address = reverse("consent:my_new")
    missing = phone.post(address, {"name": "", "days": "90"})
    assert missing.status_code == 422
    assert "Write who may be told." in missing.content.decode()
    read_ = phone.post(
        address, {"name": "Elena Reyes", "segments": ["attendance"], "days": "90"}, follow=True
    )
    assert "Read it. Then say yes or no." in read_.content.decode()
    consent = Consent.objects.get()
    assert consent.is_waiting and consent.expires_on == NOW.date() + timedelta(days=90)
    assert set(consent.purposes) == {Purpose.AT_REQUEST, Purpose.SUPPORT}


def test_one_who_may_not_end_it_yet_is_not_offered_to(phone, maya, dana):
    court = signed(
        maya,
        by=dana,
        recipient_kind=RecipientKind.CRIMINAL_JUSTICE,
        recipients=("Judge Hart",),
        purposes=frozenset({Purpose.MONITORING}),
        condition="probation",
        revocable_event="the end of probation",
    )
    assert mine("my_revocation", court) not in phone.get(PRIVACY).content.decode()
    assert (
        phone.post(mine("my_revocation", court), follow=True).content.decode().count("cannot be ended yet")
        == 1
    )
    court.refresh_from_db()
    assert court.holds_today


MY_PAGES = ["privacy", "waiting", "signed", "stop", "new", "told"]


@pytest.fixture
def my_pages(maya, dana, sister):
    disclosed(maya, by=dana)
    waiting = prepared(maya, by=dana, segments=frozenset({Segment.ATTENDANCE, Segment.PLAN}))
    return {
        "privacy": PRIVACY,
        "waiting": mine("my_consent", waiting),
        "signed": mine("my_consent", sister),
        "stop": mine("my_revocation", sister),
        "new": reverse("consent:my_new"),
        "told": reverse("consent:my_disclosures"),
    }


@pytest.mark.parametrize("which", MY_PAGES)
def test_titles_are_neutral_and_words_are_easy_and_do_no_harm(phone, my_pages, which):
    page = phone.get(my_pages[which]).content.decode()
    assert page.split("<title>")[1].split("</title>")[0] == "My privacy"
    assert words.grade(words.blocks(page)) <= 6
    assert [str(found) for found in words.harmful(words.everything_said(page))] == []


ENGLISH = (" the ", " your ", " you ", " with ", "Nothing", "Stop", " and ", " we ", "Until", "Sign", "Read")


@pytest.mark.parametrize("which", MY_PAGES)
def test_no_english_is_left_on_a_spanish_page(clinic, maya, my_pages, which):
    type(maya.user).objects.filter(pk=maya.user.pk).update(language="es")
    page = read(clinic.client(maya.user), my_pages[which])
    # What was signed in English stays in English, and is marked so.
    if which == "signed":
        assert 'lang="en"' in clinic.client(maya.user).get(my_pages[which]).content.decode()
        return
    assert [word for word in ENGLISH if word in page] == []
    assert [str(found) for found in words.harmful(page, "es")] == []


def test_the_queries_of_a_list_do_not_grow_with_it(desk, maya, dana, django_assert_max_num_queries):
    for n in range(6):
        signed(maya, by=dana, recipients=(f"Person {n}",))
    desk.get(staff_page("consents", maya))
    with django_assert_max_num_queries(20):
        desk.get(staff_page("consents", maya))


# The scan of a paper


@pytest.fixture
def rosa_on_paper(clinic, dana):
    """Rosa has no sign-in: she signed on paper."""
    rosa = clinic.patient("Rosa Mendoza", team=(dana,))
    return signed(rosa, by=dana)


def paper_of(patient, by, data=None):
    return add_document(
        patient, kind=Document.Kind.SIGNED, data=data or picture(), name="yes.jpg", by=by, at=clock.now()
    )


def test_a_paper_leads_to_its_own_scan(desk, rosa_on_paper, dana):
    rosa = rosa_on_paper.patient
    paper, other = paper_of(rosa, dana), paper_of(rosa, dana, picture(size=(80, 50)))
    address = staff_page("consent", rosa, rosa_on_paper)
    assert "None is linked yet." in desk.get(address).content.decode()
    for _double_click in range(2):
        linked = desk.post(staff_page("scan", rosa, rosa_on_paper), {"scan": paper.pk})
        assert linked["Location"] == address
    page = desk.get(address).content.decode()
    assert f"/staff/documents/{paper.pk}/" in page and str(other.pk) not in page
    assert AuditEvent.objects.filter(because="its scan").count() == 1


def test_a_scan_that_was_struck_out_is_not_led_to_and_another_may_be_linked(desk, rosa_on_paper, dana):
    rosa = rosa_on_paper.patient
    paper = paper_of(rosa, dana)
    actions.link_scan(rosa_on_paper, paper, by=dana, at=clock.now())
    strike_document(paper, because="Another person's paper.", by=dana, at=clock.now())
    page = desk.get(staff_page("consent", rosa, rosa_on_paper)).content.decode()
    assert str(paper.pk) not in page and "Add a scan of a signed paper" in page


def test_nobody_elses_paper_and_no_other_scan_is_linked(desk, clinic, rosa_on_paper, maya, dana):
    rosa = rosa_on_paper.patient
    card = add_document(
        rosa, kind=Document.Kind.IDENTITY, data=picture(), name="card.jpg", by=dana, at=clock.now()
    )
    for scan in (paper_of(maya, dana).pk, card.pk, "", "x"):
        answer = desk.post(staff_page("scan", rosa, rosa_on_paper), {"scan": scan})
        assert answer.status_code == 422
    with pytest.raises(Refused, match="signed paper of this person"):
        actions.link_scan(rosa_on_paper, paper_of(maya, dana), by=dana, at=clock.now())
    rosa_on_paper.refresh_from_db()
    assert rosa_on_paper.scan is None


def test_what_was_signed_on_a_phone_has_no_paper(maya, dana):
    consent = signed(maya, by=dana)
    with pytest.raises(Refused, match="not signed on paper"):
        actions.link_scan(consent, paper_of(maya, dana), by=dana, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(scan=Document.objects.get())
