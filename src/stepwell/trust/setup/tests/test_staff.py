"""Inviting, roles, licenses: what an administrator does, and what the others see of it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.testing import code_for, posted
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Practitioner
from stepwell.trust.people.testing import Clinic, open_clinic
from stepwell.trust.setup.actions.staff import Part, change_parts, deactivate, parts_of
from stepwell.trust.setup.models import License

PASSWORD = "porridge before the sun is up"


@pytest.fixture
def page(clinic: Clinic, noor: User) -> Client:
    return clinic.client(noor)


def invitation(clinic: Clinic, **change: Any) -> dict[str, Any]:
    return {
        "name": "Inés O'Brien-Núñez",
        "email": "ines@example.org",
        "title": "Counselor",
        "credential": "LCDC",
        "languages": ["en", "es"],
        "roles": [f"counselor:{clinic.center.pk}"],
    } | change


def link_in(message: Any) -> str:
    found = re.search(r"http://testserver(/\S+)", message.body)
    assert found
    return found[1]


# Inviting


def test_an_invitation_goes_out_and_opens_once(page: Client, clinic: Clinic):
    response = page.post(reverse("setup:invitation"), invitation(clinic), follow=True)
    assert "An e-mail is on its way to ines@example.org." in response.content.decode()
    [message] = posted()
    assert message.to == ["ines@example.org"]
    link = link_in(message)
    assert link not in response.content.decode()
    ines = Client()
    assert "Welcome, Inés" in ines.get(link).content.decode()
    entered = ines.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD}, follow=True)
    assert entered.status_code == 200
    assert ines.get(link).status_code in (302, 410)
    user = User.objects.get(email="ines@example.org")
    assert [(one.role, one.center) for one in user.memberships.all()] == [("counselor", clinic.center)]
    assert Practitioner.objects.get(user=user).languages == ["en", "es"]
    assert AuditEvent.objects.get(to_id=user.pk, did="invited").by_name == "Noor Haddad"


def test_the_message_says_no_health_word_and_names_no_organization(page: Client, clinic: Clinic):
    page.post(reverse("setup:invitation"), invitation(clinic))
    text = f"{posted()[0].subject}\n{posted()[0].body}".lower()
    for word in ("alder", "treatment", "counselor", "clinic", "recovery", "health", "addict"):
        assert word not in text


def test_a_name_with_a_line_break_writes_no_header(page: Client, clinic: Clinic):
    page.post(reverse("setup:invitation"), invitation(clinic, name="Inés\nBcc: all@example.org"))
    assert posted()[0].recipients() == ["ines@example.org"]
    response = page.post(
        reverse("setup:invitation"), invitation(clinic, email="a@example.org\nBcc: b@example.org")
    )
    assert response.status_code == 422
    assert len(posted()) == 1


def shown_link(page: Client, user: User) -> str:
    words = page.post(reverse("setup:invitation_link", args=[user.pk])).content.decode()
    found = re.search(r'http://testserver(/welcome/[\w/-]+/)"', words)
    assert found and "<svg" in words
    return found[1]


def test_the_letter_goes_out_once_the_invitation_is_kept(page: Client, clinic: Clinic):
    page.post(reverse("setup:invitation"), invitation(clinic))
    assert not mail.outbox
    assert [message.to for message in posted()] == [["ines@example.org"]]


def test_a_link_that_is_handed_over_asks_for_a_code_from_the_mailbox(page: Client, clinic: Clinic):
    page.post(reverse("setup:invitation"), invitation(clinic))
    user = User.objects.get(email="ines@example.org")
    assert "Show the link" in page.get(reverse("setup:member", args=[user.pk])).content.decode()
    link = shown_link(page, user)
    assert AuditEvent.objects.get(to_id=user.pk, did="opened").because == "the link of an invitation"
    ines = Client()
    first = ines.get(link).content.decode()
    assert "i…@…" in first and "In\u00e9s" not in first and "ines@" not in first
    assert ines.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 422
    right = ines.post(link, {"code": code_for(ines, link)})
    entered = ines.post(right["Location"], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert entered["Location"] == "/home/"
    assert (
        "This person has come in already."
        in page.post(reverse("setup:invitation_link", args=[user.pk]), follow=True).content.decode()
    )


def test_a_link_that_is_handed_over_tells_nobody_who_signs_in_elsewhere(page: Client, clinic: Clinic):
    """The same page for both, also once the one who is known has signed in elsewhere; only the mailbox tells them."""
    with open_clinic("Birch Street") as other:
        known = User.objects.create_user("ines@example.org", "Inés", PASSWORD)
        Membership.objects.create(user=known, organization=other.organization, role=Role.PATIENT)
    told, links = [], []
    for email in ("ines@example.org", "ivor@example.org"):
        page.post(reverse("setup:invitation"), invitation(clinic, email=email))
        user = User.objects.get(email=email)
        links.append(link := shown_link(page, user))
        User.objects.filter(pk=known.pk).update(last_login=clock.now())
        asks = Client()
        with CaptureQueriesContext(connection) as asked:
            pages = [asks.get(link), asks.post(link, {"send-code": "1"}), asks.get(link)]
        said = [re.sub(r"\b[A-Za-z0-9]{64}\b", "", one.content.decode().replace(link, "")) for one in pages]
        told.append((len(asked), [one.status_code for one in pages], said))
    assert told[0] == told[1]
    ines = Client()
    assert ines.post(links[0], {"code": code_for(ines, links[0])})["Location"] == "/sign-in/?as-always"


def test_a_link_to_somebody_who_works_here_no_longer_opens_nothing(page: Client, clinic: Clinic, noor: User):
    page.post(reverse("setup:invitation"), invitation(clinic))
    user = User.objects.get(email="ines@example.org")
    link, ines = shown_link(page, user), Client()
    deactivate(user, by=noor, at=clock.now())
    assert ines.get(link).status_code == 200  # As for somebody who works elsewhere.
    assert ines.post(link, {"code": code_for(ines, link)}).status_code == 410


@pytest.mark.parametrize(
    ("change", "said_of_it"),
    [
        ({"name": " "}, "Write the name."),
        ({"email": "ines"}, "Write a whole e-mail address"),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["patient:all"]}, "Choose roles from the table."),
        ({"roles": ["counselor:00000000-0000-0000-0000-000000000000"]}, "Choose roles from the table."),
        ({"title": "x" * 300}, "at most 80"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_invited(
    page: Client, clinic: Clinic, change: dict[str, Any], said_of_it: str
):
    response = page.post(reverse("setup:invitation"), invitation(clinic, **change))
    assert response.status_code == 422
    assert said_of_it in response.content.decode()
    assert not posted()
    assert not User.objects.filter(email="ines@example.org").exists()


def test_somebody_who_works_here_is_not_invited_twice(page: Client, clinic: Clinic):
    page.post(reverse("setup:invitation"), invitation(clinic))
    response = page.post(reverse("setup:invitation"), invitation(clinic, email="INES@example.org"))
    assert "Somebody with this e-mail works here already." in response.content.decode()
    assert len(posted()) == 1


def test_who_works_elsewhere_joins_with_the_sign_in_they_have_and_nothing_is_told(
    page: Client, clinic: Clinic
):
    with open_clinic("Birch Road") as other:
        ines = User.objects.create_user("ines@example.org", "Dr. I. O'Brien", PASSWORD)
        Membership.objects.create(
            user=ines, organization=other.organization, role=Role.PRESCRIBER, last_here_at=clock.now()
        )
    response = page.post(reverse("setup:invitation"), invitation(clinic), follow=True)
    words = response.content.decode()
    assert "An e-mail is on its way to ines@example.org." in words
    assert "Birch Road" not in words
    assert "Prescriber</" not in words.split("Roles</h2>")[1].split("</ul>")[0]
    assert "Not yet" in words  # When they were in the other place is not told.
    assert "Dr. I. O" not in words
    assert reverse("accounts:sign_in") in posted()[0].body
    assert "Birch" not in posted()[0].body
    assert {one.organization.name for one in ines.memberships.all()} == {"Alder Creek", "Birch Road"}
    ines.refresh_from_db()
    assert ines.name == "Dr. I. O'Brien"


def test_who_came_in_elsewhere_with_codes_alone_chooses_a_password(page: Client, clinic: Clinic):
    """Codes by e-mail let nobody on the staff in: the door they know would not open."""
    with open_clinic("Birch Road") as other:
        ines = other.patient_user(other.patient("Inés O'Brien-Núñez"))
        User.objects.filter(pk=ines.pk).update(
            email="ines@example.org", last_login=clock.now(), password="!x"
        )
    page.post(reverse("setup:invitation"), invitation(clinic))
    [letter] = posted()
    assert "choose a password" in letter.body
    answer = Client().post(link_in(letter), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer["Location"] == "/home/"


def test_an_invitation_can_be_sent_again_until_they_come_in(page: Client, clinic: Clinic):
    page.post(reverse("setup:invitation"), invitation(clinic))
    user = User.objects.get(email="ines@example.org")
    again = reverse("setup:invitation_again", args=[user.pk])
    page.post(again)
    assert len(posted()) == 2
    Client().post(link_in(posted()[1]), {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert Membership.objects.get(user=user).last_here_at == clock.now()
    words = page.post(again, follow=True).content.decode()
    assert "This person has come in already." in words
    assert [message.subject for message in posted()[2:]] == ["Your sign-in was changed"]


# The list


def test_the_list_tells_who_is_invited_active_and_gone(page: Client, clinic: Clinic, noor: User, dana: User):
    page.post(reverse("setup:invitation"), invitation(clinic))
    clinic.client(dana)
    gone = clinic.user(Role.NURSE, "Joel Price")
    deactivate(gone, by=noor, at=clock.now())
    words = page.get(reverse("setup:staff")).content.decode()
    for name, state in (
        ("Inés O&#x27;Brien-Núñez", "Invited"),
        ("Dana Whitfield", "Active"),
        ("Joel Price", "Deactivated"),
    ):
        row = words.split(f">{name}<", 1)[1].split("</tr>", 1)[0]
        assert state in row


def test_colleagues_see_who_works_here_and_no_more(clinic: Clinic, dana: User, noor: User):
    License.objects.create(
        practitioner=Practitioner.objects.get(user=dana), kind="LCDC", number="123456", state="OH"
    )
    words = clinic.client(clinic.user(Role.BILLER, "Sam Ito")).get(reverse("setup:staff")).content.decode()
    assert "Dana Whitfield" in words
    assert dana.email not in words
    assert "123456" not in words


def test_the_list_as_a_file(page: Client, clinic: Clinic, dana: User):
    response = page.get(reverse("setup:staff"), {"as": "csv"})
    assert response["Content-Type"].startswith("text/csv")
    assert "Dana Whitfield" in response.content.decode()
    assert AuditEvent.objects.filter(did="took out as a file").exists()


def test_who_manages_one_center_does_not_find_the_staff_of_another(clinic: Clinic, dana: User):
    north = Center.objects.create(name="North", slug="north")
    far = clinic.user(Role.COUNSELOR, "Farid Karimi")
    Membership.objects.filter(user=far).update(center=north)
    page = clinic.client(clinic.user(Role.ADMINISTRATOR, "Local Administrator"))
    assert "Farid Karimi" not in page.get(reverse("setup:staff")).content.decode()
    assert page.get(reverse("setup:member", args=[far.pk])).status_code == 404
    assert page.get(reverse("setup:member", args=[dana.pk])).status_code == 200
    escalation = page.post(
        reverse("setup:invitation"), invitation(clinic, roles=["administrator:all", f"director:{north.pk}"])
    )
    assert escalation.status_code == 422


# Roles


def test_a_role_given_and_taken_holds_on_the_next_page(page: Client, clinic: Clinic, dana: User):
    her_page = clinic.client(dana)
    assert her_page.get(reverse("setup:front")).status_code == 403
    address = reverse("setup:roles", args=[dana.pk])
    page.post(address, {"roles": [f"counselor:{clinic.center.pk}", "director:all"]})
    assert her_page.get(reverse("setup:front")).status_code == 200
    page.post(address, {"roles": [f"counselor:{clinic.center.pk}"]})
    assert her_page.get(reverse("setup:front"))["Location"].startswith(reverse("accounts:sign_in"))
    assert clinic.client(User.objects.get(pk=dana.pk)).get(reverse("setup:front")).status_code == 403
    trail = AuditEvent.objects.filter(to_id=dana.pk, did="changed the permissions of").order_by("at")
    assert [one.because for one in trail] == [
        "Dana Whitfield: Counselor (Alder Creek) → Counselor (Alder Creek), Director (every center)",
        "Dana Whitfield: Counselor (Alder Creek), Director (every center) → Counselor (Alder Creek)",
    ]
    assert Membership.objects.filter(user=dana).exclude(ended_at=None).get().role == "director"


def test_nobody_takes_away_their_own_last_administrator_role(page: Client, clinic: Clinic, noor: User):
    marta = clinic.user(Role.ADMINISTRATOR, "Marta Ruiz")
    Membership.objects.filter(user=marta).update(center=None)
    response = page.post(
        reverse("setup:roles", args=[noor.pk]), {"roles": [f"front_desk:{clinic.center.pk}"]}
    )
    assert response.status_code == 422
    assert "You cannot take away your own administrator role." in response.content.decode()


def test_who_takes_a_role_off_themself_stays_signed_in_here_and_nowhere_else(
    page: Client, clinic: Clinic, noor: User
):
    Membership.objects.create(
        user=noor, organization=clinic.organization, center=clinic.center, role=Role.NURSE
    )
    elsewhere = clinic.client(noor)
    page.post(reverse("setup:roles", args=[noor.pk]), {"roles": ["administrator:all"]})
    assert page.get(reverse("setup:front")).status_code == 200
    assert elsewhere.get(reverse("setup:front")).status_code == 302


def test_nobody_gives_a_role_to_themself(page: Client, clinic: Clinic, noor: User):
    clinic.user(Role.DIRECTOR, "Ellen Park")
    Membership.objects.filter(role=Role.DIRECTOR).update(last_here_at=clock.now())
    response = page.post(
        reverse("setup:roles", args=[noor.pk]),
        {"roles": ["administrator:all", f"counselor:{clinic.center.pk}"]},
    )
    assert response.status_code == 422
    assert "Nobody gives a role to themself." in response.content.decode()
    assert [part.role for part in parts_of(noor)] == [Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", [Role.CLINICAL_SUPERVISOR, Role.DIRECTOR, Role.COMPLIANCE])
def test_who_manages_alone_gives_themself_no_sight_of_every_chart(
    page: Client, clinic: Clinic, noor: User, role: Role
):
    address = reverse("setup:roles", args=[noor.pk])
    response = page.post(address, {"roles": ["administrator:all", f"{role.value}:{clinic.center.pk}"]})
    assert response.status_code == 422
    assert "This role opens every chart of a center" in response.content.decode()
    page.post(address, {"roles": ["administrator:all", f"front_desk:{clinic.center.pk}"]})
    assert {part.role for part in parts_of(noor)} == {Role.ADMINISTRATOR, Role.FRONT_DESK}


def test_the_last_administrator_stays(clinic: Clinic, noor: User):
    ellen = clinic.user(Role.DIRECTOR, "Ellen Park")
    Membership.objects.filter(user=ellen).update(center=None)
    page = clinic.client(ellen)
    address = reverse("setup:roles", args=[noor.pk])
    response = page.post(address, {"roles": [f"front_desk:{clinic.center.pk}"]})
    assert "Nobody else administers here." in response.content.decode()
    gone = page.post(reverse("staff:leaving", args=[noor.pk]))
    assert "Nobody else administers here." in gone.content.decode()
    assert Membership.objects.current().filter(user=noor, role="administrator").exists()


def test_an_invitation_nobody_opened_does_not_count_as_an_administrator(
    page: Client, clinic: Clinic, noor: User
):
    page.post(reverse("setup:invitation"), invitation(clinic, roles=["administrator:all"]))
    ellen = clinic.user(Role.DIRECTOR, "Ellen Park")
    Membership.objects.filter(user=ellen).update(center=None)
    response = clinic.client(ellen).post(reverse("staff:leaving", args=[noor.pk]))
    assert "Nobody else administers here." in response.content.decode()


def test_roles_beyond_reach_stay_as_they_are(clinic: Clinic, dana: User):
    north = Center.objects.create(name="North", slug="north")
    Membership.objects.create(user=dana, organization=clinic.organization, center=north, role=Role.NURSE)
    page = clinic.client(clinic.user(Role.ADMINISTRATOR, "Local Administrator"))
    address = reverse("setup:roles", args=[dana.pk])
    assert "Also Nurse (North), which you do not manage. It stays." in page.get(address).content.decode()
    page.post(address, {"roles": [f"peer:{clinic.center.pk}"]})
    held = Membership.objects.current().filter(user=dana)
    assert {(one.role, one.center.name) for one in held} == {("peer", "Alder Creek"), ("nurse", "North")}


# Particulars and licenses


def test_particulars_are_changed_here_and_elsewhere_stay(page: Client, clinic: Clinic, dana: User):
    address = reverse("setup:member", args=[dana.pk])
    page.post(
        address,
        {"name": "Dana  Whitfield-Cole", "title": "Lead", "credential": "LICDC", "languages": ["es", "en"]},
    )
    practitioner = Practitioner.objects.get(user=dana)
    assert (practitioner.name, practitioner.signature) == (
        "Dana Whitfield-Cole",
        "Dana Whitfield-Cole, LICDC",
    )
    assert User.objects.get(pk=dana.pk).name == "Dana Whitfield-Cole"
    with open_clinic("Birch Road") as other:
        Membership.objects.create(user=dana, organization=other.organization, role=Role.NURSE)
    with acting_in(clinic.organization.pk):
        page.post(address, {"name": "Dana Cole", "languages": []})
    assert User.objects.get(pk=dana.pk).name == "Dana Whitfield-Cole"


LICENSE = {"kind": "LICDC", "number": "C.123", "state": "OH", "expires_on": "2026-12-31"}


def test_a_license_warns_sixty_days_before_it_runs_out(page: Client, clinic: Clinic, dana: User):
    page.post(reverse("setup:new_license", args=[dana.pk]), LICENSE)
    words = page.get(reverse("setup:staff")).content.decode()
    assert "The license of 1 person runs out" in words
    assert "LICDC, OH: until Dec 31, 2026" in words
    one = License.objects.get()
    page.post(reverse("setup:license", args=[one.pk]), LICENSE | {"expires_on": "2028-12-31"})
    assert "until Dec 31, 2026" not in page.get(reverse("setup:staff")).content.decode()
    page.post(reverse("setup:license_removal", args=[one.pk]))
    assert not License.objects.kept().exists()
    assert License.objects.exists()


def test_a_license_runs_out_soon():
    today = date(2026, 11, 23)
    one = License(kind="RN", number="1", state="OH", expires_on=today + timedelta(days=60))
    assert one.runs_out_soon(today)
    assert not one.is_over_on(today)
    one.expires_on = today + timedelta(days=61)
    assert not one.runs_out_soon(today)
    one.expires_on = today - timedelta(days=1)
    assert one.is_over_on(today)


def test_one_license_of_a_kind_and_state(page: Client, clinic: Clinic, dana: User):
    page.post(reverse("setup:new_license", args=[dana.pk]), LICENSE)
    response = page.post(reverse("setup:new_license", args=[dana.pk]), LICENSE | {"number": "other"})
    assert response.status_code == 422
    assert "This person has such a license of that state already." in response.content.decode()
    page.post(reverse("setup:new_license", args=[dana.pk]), LICENSE | {"state": "KY"})
    assert License.objects.count() == 2


# Working in several places


def test_who_works_in_two_organizations_switches_without_signing_in(clinic: Clinic, dana: User):
    with open_clinic("Birch Road") as other:
        Membership.objects.create(
            user=dana, organization=other.organization, center=other.center, role=Role.NURSE
        )
        there = other.organization
    page = clinic.client(dana)
    session = page.session
    session["organization"] = str(clinic.organization.pk)
    session.save()
    address = reverse("setup:organization")
    words = page.get(address).content.decode()
    assert "Birch Road" in words
    assert page.post(address, {"organization": str(there.pk)}).status_code == 302
    words = page.get(reverse("staff:today")).content.decode()
    assert '<div class="meta strong">Birch Road</div>' in words
    assert Membership.objects.get(user=dana, organization=there).last_here_at == clock.now()


def test_nobody_switches_into_an_organization_that_is_not_theirs(clinic: Clinic, dana: User):
    with open_clinic("Birch Road") as other:
        there = other.organization
    page = clinic.client(dana)
    response = page.post(reverse("setup:organization"), {"organization": str(there.pk)}, follow=True)
    assert "Choose one from the list." in response.content.decode()
    assert "Birch Road" not in response.content.decode()
    session = page.session
    session["organization"] = str(there.pk)
    session["center"] = "nonsense"
    session.save()
    assert page.get(reverse("staff:today")).status_code == 200


def test_a_membership_that_ended_falls_back_to_the_one_that_is_left(clinic: Clinic, dana: User):
    with open_clinic("Birch Road") as other:
        Membership.objects.create(user=dana, organization=other.organization, role=Role.NURSE)
        there = other.organization
    page = clinic.client(dana)
    session = page.session
    session["organization"] = str(there.pk)
    session.save()
    Membership.objects.filter(organization=there).update(ended_at=clock.now())
    words = page.get(reverse("setup:organization")).content.decode()
    assert "Alder Creek" in words
    assert "Birch Road" not in words


def test_who_works_at_two_centers_chooses_whose_clock_hangs_on_the_wall(clinic: Clinic, dana: User):
    west = Center.objects.create(name="Alder Creek West", slug="west", time_zone="America/Denver")
    Membership.objects.create(user=dana, organization=clinic.organization, center=west, role=Role.COUNSELOR)
    page = clinic.client(dana)
    page.post(reverse("setup:organization"), {"center": str(west.pk)})
    words = page.get(reverse("setup:organization")).content.decode()
    assert words.split("You are here")[1].rpartition("strong")[2].startswith('">Alder Creek West')
    assert "· Alder Creek West" in page.get(reverse("staff:today")).content.decode()
    Membership.objects.filter(user=dana, center=west).update(ended_at=clock.now())
    assert "· Alder Creek West" not in page.get(reverse("staff:today")).content.decode()


# Two at once and small print


def test_giving_the_same_roles_again_leaves_no_trace(clinic: Clinic, noor: User, dana: User):
    change_parts(dana, [Part(Role.COUNSELOR, clinic.center)], by=noor, at=clock.now())
    assert not AuditEvent.objects.filter(did="changed the permissions of").exists()


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_a_person_who_left_is_invited_back(page: Client, clinic: Clinic, noor: User, dana: User):
    deactivate(dana, by=noor, at=clock.now())
    address = reverse("setup:roles", args=[dana.pk])
    assert "Invite Dana Whitfield back" in page.get(address).content.decode()
    page.post(address, {"roles": [f"peer:{clinic.center.pk}"]})
    assert [one.role for one in Membership.objects.current().filter(user=dana)] == ["peer"]
    assert Membership.objects.filter(user=dana).count() == 2
    assert len(posted()) == 1
