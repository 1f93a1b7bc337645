"""A patient's sign-in tells nobody who exists, only its person ever holds the key, and it can be ended."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stepwell.config.testing.fixtures import NOW, FreshDatabase
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts import emailed, totp
from stepwell.trust.accounts.codes import add_app
from stepwell.trust.accounts.models import AuthenticatorApp, Letter, Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.testing import PASSWORD, browser, code_for, code_in, give_password, posted
from stepwell.trust.accounts.views.mailbox import in_short
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import AuditEvent, SignInEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.actions import merging
from stepwell.trust.people.actions.sign_in import (
    end_sign_in,
    has_sign_in,
    offer_sign_in,
    show_link,
    take_offer,
    withdraw_offer,
)
from stepwell.trust.people.models import Patient, SignInEnding, SignInOffer
from stepwell.trust.people.offering import link_to
from stepwell.trust.people.testing import Clinic, open_clinic

EMAIL = "maya@example.org"
#: The token of a form and the picture of a link differ from page to page.
UNIQUE = r"\b[A-Za-z0-9]{64}\b|<svg[^>]*qr[^>]*>.*?</svg>"
WHY = "She lost her phone and the paper. She sits here with her card."


@pytest.fixture(autouse=True)
def quick_hashes(request) -> None:
    if "db" in request.fixturenames:
        settings = request.getfixturevalue("settings")
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def tess(clinic: Clinic) -> User:
    return clinic.user(Role.FRONT_DESK, "Tess Nguyen")


@pytest.fixture
def maya(clinic: Clinic) -> Patient:
    return clinic.patient("Maya Reyes")


def page_of(patient: Patient) -> str:
    return f"/staff/people/{patient.pk}/sign-in/"


def offered(patient: Patient, tess: User, email: str = EMAIL) -> str:
    """The link, in the hand of whoever it was given to."""
    return link_to(offer_sign_in(patient, email=email, by=tess, at=clock.now()))


def takes(link: str, person: Client | None = None) -> Any:
    person = person or Client()
    return person.post(link, {"code": code_for(person, link)})


def words(response: Any) -> str:
    return str(response.content.decode())


# ---------- offered, and taken ----------


def test_the_desk_offers_it_and_she_comes_in_with_a_code_and_no_password(clinic, tess, maya):
    desk = clinic.client(tess)
    assert desk.post(page_of(maya), {"email": ""}).status_code == 422
    shown = words(desk.post(page_of(maya), {"email": "Maya@Example.org"}))
    found = re.search(r'http://testserver(/welcome/[\w-]+/)"', shown)
    assert found and "<svg" in shown
    assert not User.objects.filter(email=EMAIL).exists()  # Offered, not made.
    phone = Client()
    first = words(phone.get(found[1]))
    assert "m…@…" in first and "Maya" not in first and EMAIL not in first and "Alder" not in first
    code = code_for(phone, found[1])
    assert mail.outbox[-1].to == [EMAIL]
    assert phone.post(found[1], {"code": "0000 0000"}).status_code == 422
    assert phone.post(found[1], {"code": code})["Location"] == "/account/"
    account = words(phone.get("/account/"))
    assert "Next time, a code by email lets you in" in account and "Add a passkey" in account
    assert phone.get("/home/")["Location"] == "/me/"
    assert phone.get("/me/").status_code == 200
    maya.refresh_from_db()
    assert (maya.user.email, maya.user.name, maya.user.has_usable_password()) == (EMAIL, "Maya Reyes", False)
    offer = SignInOffer.objects.get()
    assert (offer.taken_by, offer.taken_at) == (maya.user, NOW)
    assert [(one.role, one.center) for one in maya.user.memberships.all()] == [("patient", clinic.center)]
    assert [
        (event.by_name, event.because)
        for event in AuditEvent.objects.filter(to_id=offer.pk).order_by("at", "because")
    ] == [
        ("Tess Nguyen", "offered a sign-in"),
        ("Tess Nguyen", "the link to a sign-in"),
        ("Maya Reyes", "took the sign-in"),
    ]
    assert f"signs in with {EMAIL}" in words(desk.get(page_of(maya)))


def test_she_can_add_a_key_later_though_she_has_none(clinic, tess, maya):
    """A risky act asks for proof: with nothing else, a code by e-mail."""
    phone = Client()
    takes(offered(maya, tess), phone)
    with clock.stand_still(NOW + timedelta(minutes=11)):
        asked = phone.get("/account/password/")
        assert asked.status_code == 401
        phone.post("/account/password/", {"proof-then-go": "1", "proof-send-code": "1"})
        posted()
        code = code_in(mail.outbox[-1])
        right = phone.post("/account/password/", {"proof-then-go": "1", "proof-code": code})
        assert right.status_code == 302
        assert phone.get("/account/password/").status_code == 200


def test_the_answer_to_the_desk_is_the_same_for_every_address(clinic, tess):
    """Byte for byte, but for the names that differ; and the same questions to the database."""
    with open_clinic("Birch Road") as other:
        known = give_password(other.patient_user(other.patient("Maya Reyes")), EMAIL)
    told = []
    for email in (known.email, "ivor@example.org"):
        patient = clinic.patient("Maya Reyes")
        desk = clinic.client(tess)
        with CaptureQueriesContext(connection) as asked:
            answer = desk.post(page_of(patient), {"email": email})
        offer = SignInOffer.objects.get(email=email)
        said = words(answer).replace(email, "…").replace(str(patient.pk), "…").replace(link_to(offer), "…")
        said = re.sub(UNIQUE, "", said)
        told.append((answer.status_code, said, len(asked)))
    assert told[0] == told[1]


def test_behind_the_link_known_and_unknown_are_the_same_until_the_code(clinic, tess):
    with open_clinic("Birch Road") as other:
        known = give_password(other.patient_user(other.patient("Maya Reyes")), EMAIL)
    told = []
    for email in (known.email, "mike@example.org"):
        phone, link = Client(), offered(clinic.patient(), tess, email)
        with CaptureQueriesContext(connection) as asked:
            answers = [phone.get(link), phone.post(link, {"send-code": "1"}), phone.get(link)]
        told.append(
            [len(asked)]
            + [(one.status_code, re.sub(UNIQUE, "", words(one).replace(link, ""))) for one in answers]
        )
    posted()
    assert told[0] == told[1]
    assert [letter.to for letter in mail.outbox] == [[known.email], ["mike@example.org"]]


def test_somebody_with_an_account_elsewhere_takes_it_with_that_one(clinic, tess, maya):
    with open_clinic("Birch Road") as other:
        known = give_password(other.patient_user(other.patient("Maya R.")), EMAIL)
    phone = Client()
    assert takes(offered(maya, tess), phone)["Location"] == "/home/"
    maya.refresh_from_db()
    assert maya.user == known
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert known.name == "Maya R."


def test_an_authenticator_app_is_still_asked(clinic, tess, maya):
    with open_clinic("Birch Road") as other:
        known = give_password(other.patient_user(other.patient("Maya Reyes")), EMAIL)
    AuthenticatorApp.objects.create(user=known, secret="sealed")
    phone = Client()
    assert takes(offered(maya, tess), phone)["Location"] == "/sign-in/second-step/"
    assert phone.get("/me/").status_code == 302


def test_a_colleague_who_is_cared_for_here_signs_in_as_always(clinic, tess, maya):
    dana = give_password(clinic.user(Role.COUNSELOR, "Dana Whitfield"), EMAIL)
    phone = Client()
    answer = takes(offered(maya, tess), phone)
    assert answer["Location"] == "/sign-in/?as-always"
    assert "Sign in as you always do." in words(phone.get(answer["Location"]))
    assert phone.get("/home/").status_code == 302
    maya.refresh_from_db()
    assert maya.user == dana
    assert {one.role for one in dana.memberships.current()} == {"counselor", "patient"}
    assert f"signs in with {EMAIL}" in words(clinic.client(tess).get(page_of(maya)))


def test_a_link_seen_over_a_shoulder_opens_nothing(clinic, tess, maya):
    link = offered(maya, tess)
    stranger, phone = Client(), Client()
    stranger.post(link, {"send-code": "1"})
    code = code_for(phone, link)
    assert stranger.post(link, {"code": code}).status_code == 422  # Only in the browser that asked.
    assert Client().post(link, {"code": code}).status_code == 422
    assert phone.post(link, {"code": code})["Location"] == "/account/"


def test_a_code_for_one_mailbox_takes_no_offer_to_another(clinic, tess, maya):
    ivors, phone = offered(clinic.patient("Ivor Lund"), tess, "ivor@example.org"), Client()
    code = code_for(phone, offered(maya, tess))
    assert phone.post(ivors, {"code": code}).status_code == 422


def test_guessing_is_shut_out_and_a_mailbox_is_not_filled(clinic, tess, maya):
    link = offered(maya, tess)
    phone = Client()
    for _ in range(8):
        phone.post(link, {"send-code": "1"})
    posted()
    assert len(mail.outbox) == 5
    answers = [phone.post(link, {"code": f"0000000{n}"}).status_code for n in range(6)]
    assert (answers[0], answers[-1]) == (422, 429)


def test_a_code_that_was_not_sent_cannot_be_guessed(clinic, tess, maya):
    """Else whoever comes from many addresses could ask for as many codes to guess as they like."""
    link, phone = offered(maya, tess), Client()
    for _ in range(emailed.MOST):
        Client().post(link, {"send-code": "1"})
    assert phone.post(link, {"send-code": "1"}).status_code == 302
    unsent = Letter.objects.get(pk=phone.session[emailed.MAILBOX])
    assert phone.post(link, {"code": emailed._figures(emailed._print(unsent))}).status_code == 422


def test_the_code_is_good_for_ten_minutes(clinic, tess, maya):
    link, phone = offered(maya, tess), Client()
    code = code_for(phone, link)
    with clock.stand_still(NOW + timedelta(minutes=10)):
        assert phone.post(link, {"code": code}).status_code == 422


@pytest.mark.parametrize("key", ["x", "AAAA", "%C3%B1", "a" * 64, "-" * 5000])
def test_a_made_up_link_opens_nothing(db, key):
    assert Client().get(f"/welcome/{key}/").status_code == 410


# ---------- two at once, withdrawn, replaced, run out ----------


def test_pressed_twice_it_is_one_offer(clinic, tess, maya):
    assert offered(maya, tess) == offered(maya, tess, "MAYA@example.org ")
    assert SignInOffer.objects.count() == 1


def test_taken_in_one_tab_the_other_says_so(clinic, tess, maya):
    link = offered(maya, tess)
    one, other = Client(), Client()
    second = code_for(other, link)
    assert takes(link, one).status_code == 302
    late = other.post(link, {"code": second})
    assert late.status_code == 410
    assert "sign in as you always do" in words(late)
    assert Membership.objects.filter(user__email=EMAIL).count() == 1


def test_a_withdrawn_offer_opens_nothing_also_after_the_code_was_sent(clinic, tess, maya):
    link, phone, desk = offered(maya, tess), Client(), clinic.client(tess)
    code = code_for(phone, link)
    offer = SignInOffer.objects.get()
    assert "An offer waits" in words(desk.get(page_of(maya)))
    said = words(desk.post(page_of(maya) + "withdrawal/", {"offer": str(offer.pk)}, follow=True))
    assert "The offer is withdrawn." in said
    assert phone.post(link, {"code": code}).status_code == 410
    with pytest.raises(ChangedMeanwhile):
        take_offer(offer, at=clock.now())
    maya.refresh_from_db()
    assert maya.user is None
    assert not User.objects.filter(email=EMAIL).exists()
    again = words(desk.post(page_of(maya) + "withdrawal/", {"offer": str(offer.pk)}, follow=True))
    assert "Look again." in again
    assert "Look again." in words(desk.post(page_of(maya) + "link/", {"offer": str(offer.pk)}, follow=True))


@pytest.mark.parametrize("typed", ["", "x", "00000000-0000-0000-0000-000000000000", "' OR 1=1 --"])
def test_an_offer_that_is_none_is_neither_shown_nor_withdrawn(clinic, tess, maya, typed):
    desk = clinic.client(tess)
    offered(maya, tess)
    for step in ("link/", "withdrawal/"):
        assert desk.post(page_of(maya) + step, {"offer": typed})["Location"] == page_of(maya)
    assert SignInOffer.objects.open().count() == 1


def test_a_new_address_takes_the_place_of_a_mistyped_one(clinic, tess, maya):
    wrong = offered(maya, tess, "mia@example.org")
    right = offered(maya, tess)
    assert Client().get(wrong).status_code == 410
    assert takes(right).status_code == 302
    assert [one.email for one in SignInOffer.objects.filter(withdrawn_by=tess)] == ["mia@example.org"]


def test_an_offer_runs_out_after_three_days_and_can_be_made_again(clinic, tess, maya):
    link = offered(maya, tess)
    with clock.stand_still(NOW + timedelta(days=3)):
        assert Client().get(link).status_code == 410
        desk = clinic.client(tess)
        assert "An offer ran out" in words(desk.get(page_of(maya)))
        assert takes(offered(maya, tess)).status_code == 302


def test_each_showing_of_the_link_is_recorded(clinic, tess, maya):
    desk = clinic.client(tess)
    desk.post(page_of(maya), {"email": EMAIL})
    offer = SignInOffer.objects.get()
    assert link_to(offer) not in words(desk.get(page_of(maya)))
    assert link_to(offer) in words(desk.post(page_of(maya) + "link/", {"offer": str(offer.pk)}))
    assert AuditEvent.objects.filter(to_id=offer.pk, because="the link to a sign-in").count() == 2


def test_the_owner_of_one_mailbox_has_one_record_here(clinic, tess, maya):
    """A second record, or a couple that shares an address: told to whoever reads the mailbox, and to nobody else."""
    takes(offered(maya, tess))
    twin = clinic.patient("Maia Reyes")
    answer = takes(offered(twin, tess))
    assert answer.status_code == 409
    assert "Sign in as you always do" in words(answer)
    twin.refresh_from_db()
    assert twin.user is None
    assert SignInOffer.objects.open().get().patient == twin


def test_a_sign_in_that_is_switched_off_takes_nothing(clinic, tess, maya):
    User.objects.create(email=EMAIL, name="Off", is_active=False)
    assert takes(offered(maya, tess)).status_code == 409
    maya.refresh_from_db()
    assert maya.user is None


def test_somebody_who_signs_in_already_is_offered_nothing(clinic, tess, maya):
    takes(offered(maya, tess))
    with pytest.raises(Refused, match="has a sign-in already"):
        offered(maya, tess, "other@example.org")


def test_a_sign_in_made_before_they_were_offered_and_never_used_is_offered_anew(clinic, tess, maya):
    old = clinic.patient_user(maya)
    old.set_unusable_password()
    old.save()
    assert not has_sign_in(maya)
    assert "Offer a sign-in" in words(clinic.client(tess).get(page_of(maya)))
    link = offered(maya, tess)
    maya.refresh_from_db()
    assert maya.user is None
    assert not old.memberships.current().exists()
    assert takes(link).status_code == 302
    maya.refresh_from_db()
    assert maya.user is not None and maya.user.email == EMAIL


def test_an_offer_to_a_record_that_was_merged_goes_with_it(clinic, tess, maya):
    twin = clinic.patient("Maia Reyes")
    link = offered(twin, tess)
    merging.merge(maya, twin, because="Same card.", by=clinic.user(Role.CLINICAL_SUPERVISOR), at=clock.now())
    assert takes(link).status_code == 302
    maya.refresh_from_db()
    assert maya.user is not None and maya.user.email == EMAIL


def test_another_organization_sees_no_offer(clinic, tess, maya):
    offered(maya, tess)
    with open_clinic("Birch Road"):
        assert not SignInOffer.objects.exists()


def test_a_counselor_of_another_center_offers_nothing(clinic, maya):
    with pytest.raises(Forbidden):
        offered(maya, clinic.user(Role.BILLER))


def test_the_database_keeps_one_open_offer_and_what_was_answered(clinic, tess, maya):
    offered(maya, tess)
    offer = SignInOffer.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInOffer.objects.create(patient=maya, email="x@example.org", given_by=tess, given_at=NOW)
    withdraw_offer(offer, by=tess, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInOffer.objects.filter(pk=offer.pk).update(withdrawn_at=None, withdrawn_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignInOffer.objects.filter(pk=offer.pk).update(email="x@example.org")


def test_two_at_once_take_it_once(fresh_database: FreshDatabase) -> None:
    """Two connections that really commit, with the right code each: one user, one membership."""
    with fresh_database():
        with open_clinic() as clinic:
            offer = offer_sign_in(
                clinic.patient(), email=EMAIL, by=clinic.user(Role.FRONT_DESK), at=clock.now()
            )
        both, outcomes = threading.Barrier(2), []

        def take() -> None:
            try:
                with acting_in(clinic.organization.pk):
                    both.wait(10)
                    take_offer(offer, at=NOW)
                outcomes.append("taken")
            except Refused as refusal:
                outcomes.append(type(refusal).__name__)
            finally:
                connection.close()

        both_of_them = [threading.Thread(target=take) for _ in range(2)]
        for one in both_of_them:
            one.start()
        for one in both_of_them:
            one.join(30)
        assert sorted(outcomes) == ["ChangedMeanwhile", "taken"]
        assert Membership.objects.filter(user__email=EMAIL).count() == 1


# ---------- ended ----------


def ends(patient: Patient, tess: User) -> None:
    end_sign_in(patient, because=WHY, by=tess, at=clock.now())


def test_ended_at_the_desk_it_opens_nothing_in_the_next_request(clinic, tess, maya):
    phone = Client()
    takes(offered(maya, tess), phone)
    assert phone.get("/me/").status_code == 200
    desk = clinic.client(tess)
    assert desk.post(page_of(maya) + "ending/", {"because": " "}).status_code == 422
    said = words(desk.post(page_of(maya) + "ending/", {"because": WHY}, follow=True))
    assert "The sign-in is ended." in said and "Offer a sign-in" in said
    assert phone.get("/me/").status_code == 302
    maya.refresh_from_db()
    assert maya.user is None
    ending = SignInEnding.objects.get()
    assert (ending.user.email, ending.ended_by, ending.because) == (EMAIL, tess, WHY)
    event = AuditEvent.objects.get(to_id=ending.pk, because="ended a sign-in")
    assert (event.by_name, event.patient_id) == ("Tess Nguyen", maya.pk)
    assert desk.post(page_of(maya) + "ending/", {"because": WHY})["Location"] == page_of(maya)


def test_with_nothing_left_no_key_is_left_and_the_same_address_begins_anew(clinic, tess, maya):
    user = give_password(clinic.patient_user(maya), EMAIL)
    secret = totp.new_secret()
    assert add_app(user, secret, totp.code_of(secret, totp.step_at(NOW.timestamp())))
    ends(maya, tess)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not AuthenticatorApp.objects.exists()
    assert Client().post("/sign-in/", {"email": EMAIL, "password": PASSWORD}).status_code == 422
    posted()
    assert "Your sign-in was ended by those who gave it to you." in mail.outbox[-1].body
    phone = Client()
    maya.refresh_from_db()
    assert takes(offered(maya, tess), phone)["Location"] == "/account/"
    assert phone.get("/me/").status_code == 200
    maya.refresh_from_db()
    assert maya.user == user


def test_nobody_prepares_a_key_to_a_closed_sign_in(clinic, tess, maya):
    """Whoever else reads the mailbox: no code, no link, and what was asked for before it was closed opens nothing."""
    takes(offered(maya, tess))
    early = Client()
    early.post("/sign-in/code/", {"email": EMAIL})
    code = code_in(posted()[-1])
    maya.refresh_from_db()
    ends(maya, tess)
    assert early.post("/sign-in/code/entry/", {"code": code}).status_code == 422
    told = len(posted())
    early.post("/sign-in/code/", {"email": EMAIL})
    early.post("/password/forgotten/", {"email": EMAIL})
    assert len(posted()) == told
    maya.refresh_from_db()
    takes(offered(maya, tess))
    assert early.get("/me/").status_code == 302


def test_whoever_is_cared_for_elsewhere_too_keeps_that(clinic, tess, maya):
    with open_clinic("Birch Road") as other:
        known = give_password(other.patient_user(other.patient("Maya Reyes")), EMAIL)
    takes(offered(maya, tess))
    ends(maya, tess)
    known.refresh_from_db()
    assert known.check_password(PASSWORD)
    assert [one.organization.name for one in known.memberships.current()] == ["Birch Road"]
    phone = Client()
    assert phone.post("/sign-in/", {"email": EMAIL, "password": PASSWORD})["Location"] == "/home/"
    assert phone.get("/me/").status_code == 200


def test_a_colleague_who_was_cared_for_here_keeps_their_work(clinic, tess, maya):
    dana = give_password(clinic.user(Role.COUNSELOR, "Dana Whitfield"), EMAIL)
    takes(offered(maya, tess))
    ends(maya, tess)
    assert [one.role for one in dana.memberships.current()] == ["counselor"]
    dana.refresh_from_db()
    assert browser(dana).get("/staff/today/").status_code == 200


def test_two_records_with_a_sign_in_each_are_merged_once_one_is_ended(clinic, tess, maya):
    twin, lead = clinic.patient("Maia Reyes"), clinic.user(Role.CLINICAL_SUPERVISOR)
    takes(offered(maya, tess))
    takes(offered(twin, tess, "maia@example.org"))
    maya.refresh_from_db()
    twin.refresh_from_db()
    page = words(clinic.client(lead).get(f"/staff/people/{maya.pk}/merging/{twin.pk}/"))
    assert "Both have a sign-in of their own. End one of the two first." in page
    for one in (maya, twin):
        assert page_of(one) in page
    with pytest.raises(merging.CannotMerge):
        merging.merge(maya, twin, because="Same card.", by=lead, at=clock.now())
    ends(twin, tess)
    merging.merge(maya, twin, because="Same card.", by=lead, at=clock.now())


def test_no_offer_is_left_open_when_a_sign_in_ends(clinic, tess, maya):
    """One that waited at a record merged into this one would open it again, to the same mailbox."""
    twin, lead = clinic.patient("Maia Reyes"), clinic.user(Role.CLINICAL_SUPERVISOR)
    takes(offered(maya, tess))
    link = offered(twin, tess, "maia@example.org")
    maya.refresh_from_db()
    merging.merge(maya, twin, because="Same card.", by=lead, at=clock.now())
    ends(maya, tess)
    assert Client().get(link).status_code == 410
    assert SignInOffer.objects.get(email="maia@example.org").withdrawn_by == tess


def test_two_offers_that_wait_stand_in_the_way_of_a_merge(clinic, tess, maya):
    twin, lead = clinic.patient("Maia Reyes"), clinic.user(Role.CLINICAL_SUPERVISOR)
    offered(maya, tess)
    offered(twin, tess, "maia@example.org")
    with pytest.raises(merging.CannotMerge, match="Withdraw one of the two"):
        merging.merge(maya, twin, because="Same card.", by=lead, at=clock.now())


def test_ending_asks_for_a_proof_first(clinic, tess, maya):
    takes(offered(maya, tess))
    desk = clinic.client(tess)
    with clock.stand_still(NOW + timedelta(minutes=11)):
        assert desk.post(page_of(maya) + "ending/", {"because": WHY}).status_code == 401
    maya.refresh_from_db()
    assert maya.user is not None


def test_offering_asks_for_a_proof_first_and_keeps_what_was_typed(clinic, tess, maya):
    """A mailbox of somebody else's would open this record for as long as nobody notices."""
    desk = clinic.client(tess)
    with clock.stand_still(NOW + timedelta(minutes=11)):
        assert desk.get(page_of(maya)).status_code == 200
        asked = desk.post(page_of(maya), {"email": EMAIL})
        assert asked.status_code == 401
        assert EMAIL in words(asked)
    assert not SignInOffer.objects.exists()


def test_who_reads_the_sign_ins_does_not_learn_where_else_she_is_cared_for(clinic, tess, maya):
    """What is traced outside the organization is the same, whether or not anything else is left to her."""
    told: list[list[str]] = []
    for email in (EMAIL, "maia@example.org"):
        patient = clinic.patient("Maya Reyes")
        if told:
            with open_clinic("Birch Road") as other:
                give_password(other.patient_user(other.patient("Maya Reyes")), email)
        takes(offered(patient, tess, email))
        before = SignInEvent.objects.count()
        patient.refresh_from_db()
        ends(patient, tess)
        told.append([event.did for event in SignInEvent.objects.order_by("number")[before:]])
    assert told[0] == told[1] == [Did.ENDED_SESSIONS]


def test_a_mailbox_is_named_by_its_first_letter_only() -> None:
    assert in_short("o'brien-núñez@example.org") == "o…@…"


def test_the_link_is_not_shown_to_whoever_may_not_give_one(clinic, tess, maya):
    offer = offer_sign_in(maya, email=EMAIL, by=tess, at=clock.now())
    with pytest.raises(Forbidden):
        show_link(offer, by=clinic.user(Role.BILLER), at=clock.now())
