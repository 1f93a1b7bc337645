"""A patient's own sign-in: the pages of those who offer and end it, and the page behind the link."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts import codes
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.accounts.step_up import question_before_risk, step_up
from stepwell.trust.accounts.views.mailbox import once_read
from stepwell.trust.accounts.views.signing_in import after_first_step, as_always
from stepwell.trust.accounts.welcome import has_key
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.people.actions import sign_in as acts
from stepwell.trust.people.forms import EndingOfSignInForm, SignInOfPatientForm
from stepwell.trust.people.models import Patient, SignInOffer
from stepwell.trust.people.offering import named_by


def _opened(request: HttpRequest, patient_id: UUID) -> Patient:
    user = signed_in(request)
    patient = get_object_or_404(Patient.objects.visible_to(user, Permission.SEE_DIRECTORY), pk=patient_id)
    require(user, Permission.GIVE_SIGN_IN, patient)
    audit.record(by=user, did=audit.Did.OPENED, to=patient)
    return patient


@never_cache
@login_required
def sign_in(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Whether they have one, and offering it. The link is shown once, to whoever offered it, and recorded."""
    if request.method == "POST" and (question := question_before_risk(request)) is not None:
        return question
    patient = _opened(request, patient_id)
    waiting = patient.sign_in_offers.open().select_related("given_by").first()
    form = SignInOfPatientForm(request.POST or None, initial={"email": _likely(patient, waiting)})
    if request.method == "POST" and form.is_valid():
        user, now = signed_in(request), clock.now()
        try:
            offer = acts.offer_sign_in(patient, email=form.cleaned_data["email"], by=user, at=now)
            shown = acts.show_link(offer, by=user, at=now)
            return _page(request, patient, SignInOfPatientForm(), offer=offer, link=shown)
        except Refused as refusal:
            refuse(form, refusal)
    return _page(request, patient, form, offer=waiting)


def _likely(patient: Patient, waiting: SignInOffer | None) -> str:
    """What to write in the field: nothing while an offer waits, since a new one takes its place."""
    if waiting is None:
        return patient.email
    return waiting.email if waiting.until <= clock.now() else ""


def _page(
    request: HttpRequest,
    patient: Patient,
    form: SignInOfPatientForm,
    *,
    offer: SignInOffer | None,
    link: str = "",
) -> HttpResponse:
    address = request.build_absolute_uri(link) if link else ""
    context: dict[str, Any] = {
        "form": form,
        "patient": patient,
        "has_sign_in": acts.has_sign_in(patient),
        "offer": offer,
        "is_over": offer is not None and offer.until <= clock.now(),
        "link": address,
        "picture": codes.picture(address) if address else "",
    }
    return render(
        request, "people/sign_in.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _offer(request: HttpRequest, patient: Patient) -> SignInOffer | None:
    """The one that stood on the page. What is no id is none."""
    try:
        return (
            patient.sign_in_offers.select_related("patient")
            .filter(pk=UUID(request.POST.get("offer", "")))
            .first()
        )
    except ValueError:
        return None


@never_cache
@require_POST
@login_required
def link(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The link once more, to hand over."""
    patient = _opened(request, patient_id)
    offer = _offer(request, patient)
    try:
        if offer is not None:
            shown = acts.show_link(offer, by=signed_in(request), at=clock.now())
            return _page(request, patient, SignInOfPatientForm(), offer=offer, link=shown)
    except Refused as refusal:
        messages.error(request, refusal.because)
    return redirect("people:sign_in", patient.pk)


@require_POST
@login_required
def withdrawal(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = _opened(request, patient_id)
    offer = _offer(request, patient)
    try:
        if offer is not None:
            acts.withdraw_offer(offer, by=signed_in(request), at=clock.now())
            messages.success(request, _("The offer is withdrawn. Its link opens nothing."))
    except Refused as refusal:
        messages.error(request, refusal.because)
    return redirect("people:sign_in", patient.pk)


@step_up
@never_cache
@login_required
def ending(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """End it, with a reason: for somebody who lost every key, or must be kept out, or has two records."""
    patient = _opened(request, patient_id)
    if patient.user is None:
        return redirect("people:sign_in", patient.pk)
    form = EndingOfSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.end_sign_in(
                patient, because=form.cleaned_data["because"], by=signed_in(request), at=clock.now()
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The sign-in is ended. You can offer another one."))
            return redirect("people:sign_in", patient.pk)
    return render(
        request,
        "people/sign_in_ending.html",
        {"form": form, "patient": patient},
        status=422 if form.is_bound else 200,
    )


# --- behind the link ----------------------------------------------------------------------------


@never_cache
def offered(request: HttpRequest, key: str) -> HttpResponse:
    """Open to anybody who has the link. It names nobody until its reader has typed the code from the mailbox."""
    named = named_by(key)
    if named is None:
        return _over(request)
    with acting_in(named.organization):
        offer = (
            SignInOffer.objects.open_at(clock.now()).select_related("patient").filter(pk=named.offer).first()
        )
    if offer is None:
        return _over(request)
    return once_read(request, offer.email, lambda: _take(request, offer, named.organization))


def _take(request: HttpRequest, offer: SignInOffer, organization: UUID) -> HttpResponse:
    try:
        with acting_in(organization):
            user = acts.take_offer(offer, at=clock.now())
    except ChangedMeanwhile:
        return _over(request)
    except Refused as refusal:
        return render(request, "accounts/welcome_refused.html", {"because": refusal.because}, status=409)
    if user.is_staff_anywhere:
        return as_always()
    return after_first_step(request, user, "" if has_key(user) else reverse("accounts:account"))


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/welcome_over.html", status=410)
