"""The staff's pages: consents of a patient, and what is disclosed under them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.accounts.step_up import step_up
from stepwell.trust.audit.events import whence
from stepwell.trust.consent import actions, disclosing, words
from stepwell.trust.consent.forms import (
    ConsentForm,
    DayForm,
    DisclosureForm,
    RevocationForm,
    ScanForm,
    SignatureForm,
)
from stepwell.trust.consent.kinds import KINDS
from stepwell.trust.consent.models import Consent, Disclosure, recipients_told_under
from stepwell.trust.consent.rules.disclosing import SPOKEN
from stepwell.trust.consent.rules.vocabulary import RecipientKind, Segment, Signer
from stepwell.trust.consent.standing import Consents
from stepwell.trust.consent.templatetags import consents as in_line
from stepwell.trust.people.charts import open_chart, sight_of
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import Patient

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def consents(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Everything this patient was asked to say yes to: waiting, in force, ended."""
    patient = open_chart(request, patient_id, Permission.SEE_CONSENTS)
    found = Consents.of(_seen(request, patient))
    for name, rows in (("waiting", found.waiting), ("in-force", found.in_force), ("ended", found.ended)):
        if lists.asked_for_csv(request, name):
            header = (_("To whom"), _("Kind"), _("What"), _("What for"), _("Until when"), _("How it stands"))
            return lists.as_csv(request, f"consents, {name}", header, map(_cells_of_consent, rows))
    return render(
        request,
        "consent/staff/consents.html",
        {"patient": patient, "consents": found, **_what_may_be_done(request, patient)},
    )


@read_or_write
@login_required
def new(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Prepare a consent: choose whom it is for, then say what, why and until when."""
    patient = open_chart(request, patient_id, Permission.PREPARE_CONSENT)
    require(signed_in(request), Permission.PREPARE_CONSENT, patient)
    kind = _kind_asked_for(request)
    if kind is None:
        return render(request, "consent/staff/kinds.html", {"patient": patient, "kinds": list(KINDS.items())})
    form = ConsentForm(kind, request.POST or None, today=clock.today(patient.center.time_zone))
    wording = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("step") == "preview":
                draft = actions.drafted(patient, form.terms, by=signed_in(request), at=clock.now())
                actions.check(draft)
                wording = draft.wording_in(patient.language)
            else:
                consent = actions.prepare(patient, form.terms, by=signed_in(request), at=clock.now())
                messages.success(request, _("%(name)s can read it now.") % {"name": patient.called})
                return redirect("consent:consent", patient.pk, consent.pk)
        except actions.NotWhole as lacking:
            form.tell(lacking)
        except Refused as refusal:
            refuse(form, refusal)
    return render(
        request,
        "consent/staff/new.html",
        {"patient": patient, "form": form, "kind": kind, "about": KINDS[kind], "wording": wording},
        status=422 if form.is_bound and form.errors else 200,
    )


@require_safe
@login_required
def consent(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """One consent, as the patient reads it, and how it stands."""
    patient = open_chart(request, patient_id, Permission.SEE_CONSENTS)
    return _consent_page(request, patient, _one(request, patient, consent_id))


@never_cache
@read_or_write
@login_required
def signature(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """A signature given here: the patient reads and signs on our screen, or has signed on paper."""
    patient = open_chart(request, patient_id, Permission.PREPARE_CONSENT)
    one = _one(request, patient, consent_id)
    require(signed_in(request), Permission.PREPARE_CONSENT, patient)
    form = SignatureForm(request.POST or None)
    chosen = frozenset(map(Segment, one.segments))
    if request.method == "POST":
        chosen = frozenset(Segment(each) for each in request.POST.getlist("segments") if each in one.segments)
    try:
        if request.method == "POST" and form.is_valid():
            _sign_here(request, one, form)
            messages.success(request, _("Signed. It is in force."))
            return redirect("consent:consent", patient.pk, one.pk)
    except ChangedMeanwhile as change:
        messages.warning(request, change.because)
    except Refused as refusal:
        refuse(form, refusal)
    if not one.is_waiting:
        return redirect("consent:consent", patient.pk, one.pk)
    with translation.override(patient.language):
        choices = [(each.value, words.segment(each), each in chosen) for each in one.segments_in_order]
        take_out = _("Take out what you do not want to share.")
    return render(
        request,
        "consent/staff/signature.html",
        {
            "patient": patient,
            "consent": one,
            "form": form,
            "choices": choices,
            "take_out": take_out,
            "wording": one.wording_in(patient.language, chosen or None),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _sign_here(request: HttpRequest, one: Consent, form: SignatureForm) -> None:
    given = form.cleaned_data
    is_paper = given["how"] == Consent.How.PAPER
    actions.record_signature(
        one,
        actions.Given(
            name=given["name"],
            read=given["read"],
            language=given["spoken"],
            segments=form.chosen,
            how=Consent.How(given["how"]),
            on=given["on"] if is_paper else one.today,
            signer=Signer(given["signer"]),
            authority=given["authority"],
            came_from=None if is_paper else whence.get().came_from,
        ),
        by=signed_in(request),
        at=clock.now(),
    )


@require_POST
@login_required
def withdrawal(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """Take back a consent that waits."""
    patient = open_chart(request, patient_id, Permission.PREPARE_CONSENT)
    try:
        actions.withdraw(_one(request, patient, consent_id), by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
    else:
        messages.success(request, _("Taken back. Nobody can sign it any more."))
    return redirect("consent:consents", patient.pk)


@read_or_write
@login_required
def revocation(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """The patient said or wrote that it ends."""
    patient = open_chart(request, patient_id, Permission.REVOKE_CONSENT)
    require(signed_in(request), Permission.REVOKE_CONSENT, patient)
    one = _one(request, patient, consent_id)
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke(
                one,
                how=Consent.Ending(form.cleaned_data["how"]),
                said=form.cleaned_data["said"],
                by=signed_in(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.because)
        else:
            messages.success(request, _("Ended. From now on nothing is shared under it."))
            return redirect("consent:consent", patient.pk, one.pk)
    return render(
        request,
        "consent/staff/revocation.html",
        {"patient": patient, "consent": one, "form": form, "told": recipients_told_under(one)},
        status=422 if form.is_bound else 200,
    )


@require_POST
@login_required
def event(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """What the consent was to end with has come; or what bound the patient to it is over."""
    patient = open_chart(request, patient_id, Permission.REVOKE_CONSENT)
    require(signed_in(request), Permission.REVOKE_CONSENT, patient)
    one = _one(request, patient, consent_id)
    form = DayForm(request.POST)
    act = actions.record_end_of_binding if request.POST.get("what") == "binding" else actions.record_event
    if form.is_valid():
        try:
            act(one, on=form.cleaned_data["on"], by=signed_in(request), at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Written down."))
            return redirect("consent:consent", patient.pk, one.pk)
    return _consent_page(request, patient, one, day_form=form)


@require_POST
@login_required
def scan(request: HttpRequest, patient_id: UUID, consent_id: UUID) -> HttpResponse:
    """Say which scan is the paper that was signed."""
    patient = open_chart(request, patient_id, Permission.PREPARE_CONSENT)
    user = signed_in(request)
    require(user, Permission.PREPARE_CONSENT, patient)
    one = _one(request, patient, consent_id)
    form = ScanForm(request.POST, scans=_scans(request, patient))
    if form.is_valid():
        try:
            actions.link_scan(one, form.cleaned_data["scan"], by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The scan is linked."))
            return redirect("consent:consent", patient.pk, one.pk)
    return _consent_page(request, patient, one, scan_form=form)


def _scans(request: HttpRequest, patient: Patient) -> QuerySet[Document]:
    """The signed papers of a person that this reader may see."""
    seen = Document.objects.visible_to(signed_in(request)).in_force()
    return seen.filter(patient=patient, kind=Document.Kind.SIGNED)


@require_safe
@login_required
def disclosures(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The log: what was told about this patient, to whom, why, and under which consent."""
    patient = open_chart(request, patient_id, Permission.SEE_CONSENTS)
    told = Disclosure.objects.visible_to(signed_in(request)).filter(patient=patient)
    told = told.select_related("consent", "disclosed_by")
    if lists.asked_for_csv(request):
        header = (
            *(
                _("When"),
                _("To whom"),
                _("Address"),
                _("What"),
                _("What for"),
                _("Why so much"),
                _("Consent of"),
            ),
            *(_("Statement"), _("By"), _("How"), _("Bytes"), _("SHA-256")),
        )
        return lists.as_csv(request, "disclosures", header, map(_cells_of_disclosure, told))
    return render(
        request,
        "consent/staff/disclosures.html",
        {
            "patient": patient,
            "told": told,
            **_what_may_be_done(request, patient),
        },
    )


@step_up
@never_cache
@read_or_write
@login_required
def new_disclosure(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Tell somebody outside: first see what may go and what may not, then share exactly that."""
    patient = open_chart(request, patient_id, Permission.DISCLOSE)
    user, now = signed_in(request), clock.now()
    known = Consents.of(_seen(request, patient)).known
    form = DisclosureForm(request.POST or None, known=known, today=clock.today(patient.center.time_zone))
    context: dict[str, Any] = {"patient": patient, "form": form}
    step = request.POST.get("step", "")
    if request.method == "POST" and form.is_valid():
        asked = form.request
        try:
            if step in Disclosure.How:
                how = Disclosure.How(step)
                sent = disclosing.disclose(patient, asked, how=how, key=form.log_key, by=user, at=now)
                return _handed_over(request, patient, sent)
            found = disclosing.answer(patient, asked, by=user, at=now)
            context |= _what_may_go(patient, asked, found, request, form)
        except Refused as refusal:
            # Something has changed since it was looked at: say so, and show again what may go.
            found = disclosing.answer(patient, asked, by=user, at=now, kept=True)
            context |= _what_may_go(patient, asked, found, request, form)
            context |= {"refused": refusal.because, "refused_field": refusal.field}
    refused = "refused" in context or form.errors
    return render(
        request,
        "consent/staff/new_disclosure.html",
        context,
        status=422 if form.is_bound and refused else 200,
    )


#: What the button that shares sends on as it was asked; the parts are those that may go.
_AS_ASKED = ("to", "else_name", "else_kind", "address", "purpose", "since", "basis")


def _what_may_go(
    patient: Patient,
    asked: disclosing.Request,
    found: disclosing.Answer,
    request: HttpRequest,
    form: DisclosureForm,
) -> dict[str, Any]:
    as_asked = [(name, request.POST.get(name, "")) for name in _AS_ASKED]
    context: dict[str, Any] = {"asked": asked, "answer": found, "key": form.log_key, "as_asked": as_asked}
    if found.under is not None:
        going = disclosing.replace(asked, segments=found.segments)
        context |= {
            "document": disclosing.preview(patient, asked, found, by=signed_in(request), at=clock.now()),
            "going": [each for each in Segment if each in found.segments],
            "unusual": ", ".join(SPOKEN[each] for each in Segment if each in going.unusual),
            "under": Consent.objects.get(pk=found.under.key),
        }
    return context


def _handed_over(request: HttpRequest, patient: Patient, sent: disclosing.Sent) -> HttpResponse:
    if sent.disclosure.how == Disclosure.How.DOWNLOADED:
        response = HttpResponse(sent.file, content_type="text/html; charset=utf-8")
        name = f"record-{sent.document.on:%Y-%m-%d}.html"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return render(
        request,
        "consent/staff/handed_over.html",
        {"patient": patient, "document": sent.document, "disclosure": sent.disclosure},
    )


def _consent_page(
    request: HttpRequest,
    patient: Patient,
    one: Consent,
    *,
    day_form: DayForm | None = None,
    scan_form: ScanForm | None = None,
) -> HttpResponse:
    is_paper = one.signed_how == Consent.How.PAPER
    may_see_scans = is_paper and may(signed_in(request), Permission.SEE_DOCUMENTS, sight_of(request, patient))
    scans = _scans(request, patient) if may_see_scans else Document.objects.none()
    return render(
        request,
        "consent/staff/consent.html",
        {
            "patient": patient,
            "consent": one,
            "wording": one.wording_in(patient.language),
            "told": recipients_told_under(one) if one.signed_at else [],
            "day_form": day_form or DayForm(),
            "may_strike_out": may(signed_in(request), Permission.MARK_IN_ERROR, sight_of(request, patient)),
            "may_see_scans": may_see_scans,
            "scan": scans.filter(pk=one.scan_id).first() if one.scan_id else None,
            "scan_form": scan_form or ScanForm(scans=scans),
            "has_scans": scans.exists(),
            **_what_may_be_done(request, patient),
        },
        status=200 if day_form is None and scan_form is None else 422,
    )


def _cells_of_consent(one: Consent) -> list[object]:
    what = (in_line.kind_label(one), in_line.parts(one), in_line.reasons(one))
    return [one.to, *what, in_line.until(one), in_line.stands(one)]


def _cells_of_disclosure(one: Disclosure) -> list[object]:
    return [
        one.disclosed_at,
        one.to_name,
        one.to_address,
        one.description,
        in_line.reason(one.purpose),
        one.needed_because,
        one.consent.signed_on,
        one.statement_version,
        one.disclosed_by.name,
        one.get_how_display(),
        one.size,
        one.sha256,
    ]


def _what_may_be_done(request: HttpRequest, patient: Patient) -> dict[str, bool]:
    user, stands = signed_in(request), sight_of(request, patient)
    return {
        "may_prepare": may(user, Permission.PREPARE_CONSENT, stands),
        "may_revoke": may(user, Permission.REVOKE_CONSENT, stands),
        "may_disclose": may(user, Permission.DISCLOSE, stands),
    }


def _seen(request: HttpRequest, patient: Patient) -> Any:
    seen = Consent.objects.visible_to(signed_in(request)).filter(patient=patient)
    return seen.select_related("patient__center", "signed_by", "revoked_by", "recorded_by")


def _one(request: HttpRequest, patient: Patient, consent_id: UUID) -> Consent:
    found: Consent = get_object_or_404(_seen(request, patient), pk=consent_id)
    return found


def _kind_asked_for(request: HttpRequest) -> RecipientKind | None:
    try:
        return RecipientKind(request.GET.get("to", ""))
    except ValueError:
        return None
