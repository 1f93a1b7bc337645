"""The patient's own pages: read it, sign it or say no; see it, stop it; and what was told to whom."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.audit.events import whence
from stepwell.trust.consent import actions, words
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.my_forms import OwnConsentForm, OwnSignatureForm
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.people.charts import open_own
from stepwell.trust.people.models import Patient


@never_cache
@require_safe
@login_required
def my_consent(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """One OK: to read and to answer while it waits; afterwards what was signed, and how to stop it."""
    return _page(request, _mine(request, consent_id))


@never_cache
@require_POST
@login_required
def my_signature(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The patient signs the text that was on their screen; what they took out they read taken out first."""
    consent = _mine(request, consent_id)
    form = OwnSignatureForm(request.POST)
    # What was taken out stays taken out, whatever else is wrong.
    chosen = frozenset(Segment(one) for one in request.POST.getlist("segments") if one in consent.segments)
    try:
        if form.is_valid():
            given = actions.Given(
                name=form.cleaned_data["name"],
                read=form.cleaned_data["read"],
                language=form.cleaned_data["spoken"],
                segments=form.chosen,
                how=Consent.How.OWN_PHONE,
                on=_today(consent.patient),
                came_from=whence.get().came_from,
            )
            actions.sign_own(consent, given, by=signed_in(request), at=clock.now())
            messages.success(request, _("You signed. You can stop it at any time."))
            return redirect("consent:my_consent", consent.pk)
    except ChangedMeanwhile as change:
        messages.warning(request, change.because)
        return _page(request, _mine(request, consent_id), form=form, chosen=chosen)
    except Refused as refusal:
        refuse(form, refusal)
    return _page(request, consent, form=form, chosen=chosen)


@require_POST
@login_required
def my_refusal(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The patient says no."""
    consent = _mine(request, consent_id)
    try:
        actions.decline(consent, by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
    else:
        messages.success(request, _("You said no. We do not share it."))
    return redirect("patient:privacy")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_revocation(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """Stop it: one page that says what it means, and one button."""
    consent = _mine(request, consent_id)
    if request.method == "POST":
        try:
            actions.revoke(consent, how=Consent.Ending.ONLINE, by=signed_in(request), at=clock.now())
        except Refused as refusal:
            messages.error(request, refusal.because)
            return redirect("consent:my_consent", consent.pk)
        messages.success(request, _("Stopped. From now on we share nothing with them."))
        return redirect("patient:privacy")
    if not consent.holds_today:
        return redirect("consent:my_consent", consent.pk)
    return _render(request, consent.patient, "consent/mine/revocation.html", {"consent": consent})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_new(request: HttpRequest) -> HttpResponse:
    """Give somebody an OK: say who, what and for how long; then read it and sign."""
    patient = open_own(request)
    form = OwnConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            consent = actions.prepare_own(
                patient, form.terms(_today(patient)), by=signed_in(request), at=clock.now()
            )
            return redirect("consent:my_consent", consent.pk)
        except Refused as refusal:
            form.add_error(None, refusal.because)
    status = 422 if form.is_bound else 200
    return _render(request, patient, "consent/mine/new.html", {"form": form}, status=status)


@never_cache
@require_safe
@login_required
def my_disclosures(request: HttpRequest) -> HttpResponse:
    """Everything that was told about this person, to whom, and why."""
    patient = open_own(request)
    told = Disclosure.objects.visible_to(signed_in(request)).filter(patient=patient)
    return _render(request, patient, "consent/mine/disclosures.html", {"told": [Told(one) for one in told]})


class Told:
    """A line of the log, in the reader's language."""

    def __init__(self, disclosure: Disclosure) -> None:
        self.disclosure = disclosure
        self.what = [words.segment(segment) for segment in disclosure.segments_in_order]
        self.why = words.purpose(disclosure.purpose)


def _page(
    request: HttpRequest,
    consent: Consent,
    form: OwnSignatureForm | None = None,
    chosen: frozenset[Segment] | None = None,
) -> HttpResponse:
    language = words.language()
    kept = frozenset(map(Segment, consent.segments)) if chosen is None else chosen
    # Somebody who has taken everything out reads it whole again.
    wording = consent.wording_in(language, kept or None)
    context = {
        "consent": consent,
        "wording": wording,
        "choices": [
            (segment.value, words.segment(segment), segment in kept) for segment in consent.segments_in_order
        ],
        "form": form or OwnSignatureForm(),
    }
    status = 422 if form is not None and form.errors else 200
    return _render(request, consent.patient, "consent/mine/consent.html", context, status=status)


def _mine(request: HttpRequest, consent_id: UUID) -> Consent:
    """One of the reader's own, that was given to them to read. What was struck out or taken back is not there."""
    patient = open_own(request)
    own = Consent.objects.visible_to(signed_in(request), Permission.SIGN_OWN_CONSENT).in_force()
    own = own.filter(patient=patient, withdrawn_at=None).select_related("patient__center")
    return get_object_or_404(own, pk=consent_id)


def _today(patient: Patient) -> date:
    return clock.today(patient.center.time_zone)


def _render(
    request: HttpRequest, patient: Patient, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    with timezone.override(patient.center.zone):
        return render(
            request, template, {"patient": patient, "center": patient.center, **context}, status=status
        )
