"""A patient's own sign-in: offered by staff, taken by whoever reads the mailbox, ended at the desk.

Offering asks nothing about the address, so that nobody here learns who has a sign-in elsewhere.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts import changes, sessions
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.welcome import has_key
from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.people.models import Patient, SignInEnding, SignInOffer
from stepwell.trust.people.offering import link_to


def has_sign_in(patient: Patient) -> bool:
    """Whether a sign-in of theirs opens this record. One that staff made before they were offered, and that nobody has
    come in with, is none: nobody has shown that it is theirs."""
    if patient.user is None:
        return False
    has_come_in = patient.user.last_login is not None or has_key(patient.user)
    return has_come_in or patient.sign_in_offers.filter(taken_by=patient.user).exists()


@transaction.atomic
def offer_sign_in(patient: Patient, *, email: str, by: User, at: datetime) -> SignInOffer:
    """Offer it to whoever reads that mailbox, in place of any that waits. The answer is the same for every address.

    Raises Refused for somebody who signs in already. Pressed twice, it is the same offer.
    """
    require(by, Permission.GIVE_SIGN_IN, patient)
    email = email.strip().lower()
    patient = _locked(patient)
    if has_sign_in(patient):
        raise Refused(_("%(name)s has a sign-in already.") % {"name": patient.called})
    if patient.user is not None:
        _close_here(patient, patient.user, at=at)
    waiting = patient.sign_in_offers.open_at(at).filter(email=email).first()
    if waiting is not None:
        return waiting
    patient.sign_in_offers.open().update(withdrawn_by=by, withdrawn_at=at)
    offer = SignInOffer.objects.create(patient=patient, email=email, given_by=by, given_at=at)
    audit.record(by=by, did=audit.Did.CREATED, to=offer, because="offered a sign-in")
    return offer


@transaction.atomic
def show_link(offer: SignInOffer, *, by: User, at: datetime) -> str:
    """The path of the page that sends the code, for whoever hands it over. Every showing is recorded."""
    require(by, Permission.GIVE_SIGN_IN, offer.patient)
    if not SignInOffer.objects.open_at(at).filter(pk=offer.pk).exists():
        raise _gone()
    audit.record(by=by, did=audit.Did.OPENED, to=offer, because="the link to a sign-in")
    return link_to(offer)


@transaction.atomic
def withdraw_offer(offer: SignInOffer, *, by: User, at: datetime) -> None:
    """From now on its link opens nothing. Raises ChangedMeanwhile for one that was taken or withdrawn."""
    require(by, Permission.GIVE_SIGN_IN, offer.patient)
    if not SignInOffer.objects.open().filter(pk=offer.pk).update(withdrawn_by=by, withdrawn_at=at):
        raise _gone()
    audit.record(by=by, did=audit.Did.ENDED, to=offer, because="withdrew the offer of a sign-in")


def _gone() -> ChangedMeanwhile:
    return ChangedMeanwhile(_("This offer was taken, withdrawn or replaced, or it ran out. Look again."))


@transaction.atomic
def take_offer(offer: SignInOffer, *, at: datetime) -> User:
    """Whoever reads the mailbox takes it, once they have typed the code that went there: the caller has seen to that.

    Raises ChangedMeanwhile for an offer that nobody can take now, and Refused for somebody who has a record here.
    """
    patient = _locked(offer.patient)
    offer = SignInOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    waits = SignInOffer.objects.open_at(at).filter(pk=offer.pk, patient=patient).exists()
    if not waits or patient.user is not None or patient.merged_into_id is not None:
        raise _gone()
    user = User.objects.of_mailbox(offer.email, patient.name, language=patient.language)
    if not user.is_active:
        raise Refused(_("This address cannot be used here. Ask your team to offer it to another address."))
    patient.user = user
    try:
        with transaction.atomic():
            patient.save(update_fields=["user"])
    except IntegrityError as error:
        raise Refused(
            _(
                "You have a sign-in here with this address already. Sign in as you always do, and tell your team:"
                " they may have written you down twice. Two people cannot share one address here."
            )
        ) from error
    Membership.objects.get_or_create(
        user=user,
        organization_id=the_organization_id(),
        center=patient.center,
        role=Role.PATIENT,
        ended_at=None,
    )
    user.forget_memberships()
    offer.taken_by, offer.taken_at = user, at
    offer.save(update_fields=["taken_by", "taken_at"])
    audit.record(by=user, did=audit.Did.ANSWERED, to=offer, because="took the sign-in")
    return user


@transaction.atomic
def end_sign_in(patient: Patient, *, because: str, by: User, at: datetime) -> None:
    """It opens this record no more, from the next request on. What they signed and wrote stays theirs.

    Somebody who belongs to nothing else is left with no key at all: no password, no second step. Whoever lost
    everything is ended so, and offered a sign-in anew.
    """
    require(by, Permission.GIVE_SIGN_IN, patient)
    if not because.strip():
        raise Refused(_("Say why this sign-in ends."), field="because")
    patient = _locked(patient)
    if patient.user is None:
        return  # A second click.
    user = User.objects.select_for_update(no_key=True).get(pk=patient.user.pk)
    ending = SignInEnding.objects.create(
        patient=patient, user=user, ended_by=by, ended_at=at, because=because.strip()[:300]
    )
    _close_here(patient, user, at=at)
    patient.sign_in_offers.open().update(withdrawn_by=by, withdrawn_at=at)  # One may have come with a merge.
    # Why it ended is said in the row. What is told of the sign-in itself stands outside the organization.
    if user.memberships.current().exists():  # type: ignore[attr-defined]
        sessions.sign_out_everywhere(user, by=by, because="a place ended")
    else:
        changes.close(user, by=by, at=at, because="their last place ended")
    audit.record(by=by, did=audit.Did.ENDED, to=ending, because="ended a sign-in")


def _close_here(patient: Patient, user: User, *, at: datetime) -> None:
    patient.user = None
    patient.save(update_fields=["user"])
    theirs = Membership.objects.current().filter(user=user, organization=the_organization_id())
    theirs.filter(role=Role.PATIENT).update(ended_at=at)


def _locked(patient: Patient) -> Patient:
    return Patient.objects.select_for_update(of=("self",)).select_related("user", "center").get(pk=patient.pk)
