"""Somebody who lost everything gets in again, with a trace of who opened the door and how they knew them."""

import pytest
from django.core import mail
from django.test import Client

from stepwell.config.testing.fixtures import NOW
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.accounts import codes, totp
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.testing import posted
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import AuditEvent, SignInEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.testing import Clinic, open_clinic
from stepwell.trust.setup.actions.staff import (
    add_license,
    change_particulars,
    deactivate,
    take_second_step_away,
)


@pytest.fixture
def dana(clinic: Clinic) -> User:
    dana = clinic.user(Role.COUNSELOR, "Dana Whitfield")
    secret = totp.new_secret()
    assert codes.add_app(dana, secret, totp.code_of(secret, totp.step_at(NOW.timestamp())))
    return dana


def address(user: User) -> str:
    return f"/staff/setup/staff/{user.pk}/second-step/"


def test_an_administrator_who_knows_them_takes_it_away(clinic: Clinic, noor: User, dana: User):
    page, hers = clinic.client(noor), clinic.client(dana)
    assert address(dana) in page.get(f"/staff/setup/staff/{dana.pk}/").content.decode()
    assert page.post(address(dana), {"because": " "}).status_code == 422
    assert codes.has_second_step(dana)
    done = page.post(address(dana), {"because": "met her at the front desk"})
    assert done["Location"] == f"/staff/setup/staff/{dana.pk}/"
    assert not codes.has_second_step(dana)
    assert hers.get("/staff/today/").status_code == 302
    event = AuditEvent.objects.get(did=Did.CHANGED_SIGN_IN)
    assert (event.by_id, event.to_id) == (noor.pk, dana.pk)
    told = SignInEvent.objects.get(did=Did.CHANGED_SIGN_IN)
    assert "for Dana Whitfield" in told.because
    assert "met her at the front desk" in told.because
    posted()
    assert [letter.to for letter in mail.outbox] == [[dana.email]]


def test_nobody_does_it_for_themself(clinic: Clinic, noor: User):
    answer = clinic.client(noor).post(address(noor), {"because": "it is me"})
    assert answer.status_code == 422
    assert "Ask another administrator." in answer.content.decode()


def test_a_colleague_may_not(clinic: Clinic, dana: User):
    other: Client = clinic.client(clinic.user(Role.CLINICAL_SUPERVISOR))
    assert other.post(address(dana), {"because": "I know her"}).status_code == 403
    assert codes.has_second_step(dana)


@pytest.mark.parametrize("role", [Role.NURSE, Role.PATIENT])
def test_what_guards_another_organization_is_not_taken_away_here(
    clinic: Clinic, noor: User, dana: User, role: Role
):
    with open_clinic("Birch Road") as other:
        Membership.objects.create(user=dana, organization=other.organization, role=role)
    with acting_in(clinic.organization.pk):
        answer = clinic.client(noor).post(address(dana), {"because": "met her at the front desk"})
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "This person uses their sign-in somewhere else, too" in words
    assert "Birch" not in words
    assert codes.has_second_step(dana)


def test_of_somebody_who_left_nothing_is_changed(clinic: Clinic, noor: User, dana: User):
    """Their sign-in may be another organization's by now."""
    deactivate(dana, by=noor, at=NOW)
    for act in (
        lambda: take_second_step_away(dana, by=noor, at=NOW, because="met her"),
        lambda: change_particulars(dana, {"name": "Somebody Else"}, by=noor, at=NOW),
        lambda: add_license(dana, {"kind": "LICDC", "number": "1", "state": "OH"}, by=noor, at=NOW),
    ):
        with pytest.raises(Refused, match="does not work here"):
            act()
    assert codes.has_second_step(dana)
    page = clinic.client(noor)
    changed = page.post(f"/staff/setup/staff/{dana.pk}/", {"name": "Somebody Else", "languages": ["en"]})
    assert changed.status_code == 422
    assert "This person does not work here." in changed.content.decode()
