"""The pages of the way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, Referral
from stepwell.care.intake import actions
from stepwell.care.intake.contacts import InTouch, in_touch
from stepwell.care.intake.forms import AdmissionForm, AttemptForm, IntakeForm, ReasonForm, ReferralForm
from stepwell.care.intake.models import OnlineBooking, SentAnswers
from stepwell.care.scheduling import first_visits
from stepwell.care.scheduling.holding import AlreadyTaken
from stepwell.care.scheduling.models import Appointment, Modality
from stepwell.care.scheduling.openings import Opening, openings
from stepwell.care.scheduling.rules.times import Stretch
from stepwell.ground.kit import clock
from stepwell.ground.kit.phones import as_printed
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust import audit
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.charts import listed, open_chart, sight_of
from stepwell.trust.people.finding import MOST_SHOWN, Match, described, people_alike
from stepwell.trust.people.models import Patient

LATELY = timedelta(days=30)
DAYS_SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One referral in the list, with how long it waits and the first visit booked for it."""

    referral: Referral
    days: int
    touch: InTouch
    intake: Appointment | None = None

    @property
    def cells(self) -> list[object]:
        one, visit = self.referral, self.intake
        return [
            one.patient.short_name,
            one.get_status_display(),
            one.received_at,
            self.days,
            one.get_source_display(),
            one.asked_for,
            visit.starts_at if visit else None,
            visit.practitioner if visit else None,
            (visit.room.name if visit.room else visit.get_modality_display()) if visit else None,
            one.closed_because,
            len(self.touch.attempts),
            self.touch.first.due_on,
            self.touch.first.reached_on,
            self.touch.next_on,
        ]


#: The columns of the list as a file.
IN_A_FILE = (
    gettext_lazy("Person"),
    gettext_lazy("Stands at"),
    gettext_lazy("Received"),
    gettext_lazy("Waits, days"),
    gettext_lazy("Who asks"),
    gettext_lazy("In their words"),
    gettext_lazy("First visit"),
    gettext_lazy("With"),
    gettext_lazy("Where"),
    gettext_lazy("Why closed"),
    gettext_lazy("Tries to reach them"),
    gettext_lazy("First contact due"),
    gettext_lazy("First reached"),
    gettext_lazy("Next contact"),
)


@require_safe
@login_required
def referrals(request: HttpRequest) -> HttpResponse:
    require(signed_in(request), Permission.SEE_REFERRALS)
    now = clock.now()
    seen = Referral.objects.visible_to(request.user).in_force().select_related("patient__center")
    intakes = {
        one.patient_id: one
        for one in Appointment.objects.visible_to(request.user)
        .booked()
        .filter(kind=Appointment.Kind.INTAKE, patient__referral_set__status=Referral.Status.BOOKED)
        .select_related("practitioner", "room")
        .order_by("starts_at")
    }
    still_open = list(seen.open().order_by("received_at"))
    done = list(
        seen.exclude(pk__in=[one.pk for one in still_open])
        .filter(received_at__gte=now - LATELY)
        .order_by("-received_at")[:20]
    )
    touch = in_touch([*still_open, *done], now)
    open_ones = [
        Line(one, (now - one.received_at).days, touch[one.pk], intakes.get(one.patient_id))
        for one in still_open
    ]
    waiting = [line for line in open_ones if line.referral.status == Referral.Status.RECEIVED]
    booked = sorted(
        (line for line in open_ones if line.referral.status == Referral.Status.BOOKED),
        key=lambda line: line.intake.starts_at if line.intake else now,
    )
    listed(request, [one.patient_id for one in (*(line.referral for line in open_ones), *done)], "referrals")
    if lists.asked_for_csv(request):
        every = [*waiting, *booked, *(Line(one, (now - one.received_at).days, touch[one.pk]) for one in done)]
        return lists.as_csv(request, "referrals", IN_A_FILE, (line.cells for line in every))
    return render(
        request,
        "intake/referrals.html",
        {
            "here": "referrals",
            "waiting": waiting,
            "booked": booked,
            "done": done,
            "may_take": may(signed_in(request), Permission.TAKE_REFERRAL),
        },
    )


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Take a referral. People who may be the same are shown before a second record is made."""
    user = signed_in(request)
    require(user, Permission.TAKE_REFERRAL)
    center = _center(user)
    form = ReferralForm(request.POST or None, today=clock.today(center.time_zone))
    found: Sequence[Match] = []
    looked_at = _looked_at(request)
    if request.method == "POST" and form.is_valid():
        known = request.POST.get("known", "")
        try:
            taken = actions.take_referral(
                center,
                form.request,
                person=form.person if known in ("", "nobody") else _known(user, known),
                not_these=looked_at if known == "nobody" else (),
                by=user,
                at=clock.now(),
            )
        except actions.KnownAlready as refusal:
            found = refusal.matches
            looked_at |= {match.patient.pk for match in found}
            listed(request, [match.patient for match in found], "people alike, before a record is made")
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Referral taken. Now book the first visit."))
            return redirect("intake:intake", taken.pk)
    return render(
        request,
        "intake/new.html",
        {"form": form, "found": found, "looked_at": looked_at, "here": "referrals"},
        status=422 if form.errors else 200,
    )


def _looked_at(request: HttpRequest) -> set[UUID]:
    """Those whom the page showed, and who were said to be somebody else."""
    found = set()
    for key in request.POST.getlist("looked_at")[: 10 * MOST_SHOWN]:
        try:
            found.add(UUID(key))
        except ValueError:
            continue
    return found


def _known(user: User, key: str) -> Patient:
    try:
        return get_object_or_404(Patient.objects.visible_to(user), pk=UUID(key))
    except ValueError as nonsense:
        raise Refused(_("Choose the person again.")) from nonsense


def _center(user: User) -> Center:
    """Where this person works; the one they chose, where they work at several."""
    center = user.center_here
    if center is None:
        raise Http404("this organization has no center yet")
    return center


@require_safe
@login_required
def referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    one = _seen(request, referral_id)
    user = signed_in(request)
    booked = actions.intake_of(one)
    stands = sight_of(request, one.patient)
    return render(
        request,
        "intake/referral.html",
        {
            "touch": in_touch([one], clock.now())[one.pk],
            "here": "referrals",
            "referral": one,
            "patient": one.patient,
            "phone": as_printed(one.patient.phone),
            "intake": booked,
            "has_passed": booked is not None and booked.ends_at <= clock.now(),
            "assessment": actions.signed_assessment(one.patient)
            if may(user, Permission.SEE_CHART, stands)
            else None,
            "may_book": may(user, Permission.TAKE_REFERRAL),
            "may_give_sign_in": one.patient.user_id is None and may(user, Permission.GIVE_SIGN_IN, stands),
            "may_screen": may(user, Permission.SCREEN, stands),
            "may_admit": may(user, Permission.ADMIT, stands),
            "may_open_chart": may(user, Permission.SEE_CHART, stands),
            "is_open": one.status in (Referral.Status.RECEIVED, Referral.Status.BOOKED),
            "online": (
                online := OnlineBooking.objects.visible_to(user).in_force().filter(referral=one).first()
            ),
            "alike": _alike(request, one.patient) if online is not None else [],
            "may_merge": may(user, Permission.MERGE_RECORDS, stands),
            "sent": SentAnswers.objects.visible_to(user).in_force().filter(referral=one).first(),
        },
    )


def _alike(request: HttpRequest, patient: Patient) -> list[Match]:
    """Who may be the same person: nobody looked when the person booked by themself."""
    alike = people_alike(described(patient), signed_in(request), besides=patient)
    if alike:
        listed(request, [match.patient for match in alike], "people alike, of a referral made online")
    return alike


@login_required
def intake(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Book the first visit: one page of open times."""
    one = _seen(request, referral_id)
    user = signed_in(request)
    require(user, Permission.TAKE_REFERRAL)
    center = one.patient.center
    who = first_visits.screeners(center)
    chosen = next((each for each in who if str(each.pk) == request.GET.get("with", "")), None)
    days = openings(
        center,
        [chosen] if chosen else who,
        from_day=clock.today(center.time_zone),
        minutes=first_visits.MINUTES,
        at=clock.now(),
        patient=one.patient,
        days=DAYS_SHOWN,
    )
    form = IntakeForm(request.POST or None, days=days)
    if request.method == "POST" and (already := _same_again(request, one)):
        return already
    if request.method == "POST" and form.is_valid():
        opening = form.cleaned_data["time"]
        try:
            appointment = actions.book_intake(
                one,
                practitioner=opening.practitioner,
                starts_at=opening.starts_at,
                modality=Modality(form.cleaned_data["modality"]),
                by=user,
                at=clock.now(),
            )
        except AlreadyTaken as taken:
            form.add_error("time", taken.because + " " + _("Choose another time."))
        except Refused as refusal:
            form.add_error("time", refusal.because)
        else:
            messages.success(request, _booked(appointment))
            return redirect("intake:referral", one.pk)
    return render(
        request,
        "intake/intake.html",
        {
            "here": "referrals",
            "referral": one,
            "patient": one.patient,
            "form": form,
            "days": days,
            "clinicians": who,
            "chosen": chosen,
        },
        status=422 if form.errors else 200,
    )


def _same_again(request: HttpRequest, referral: Referral) -> HttpResponse | None:
    """A second click on a time that is booked by now is answered like the first."""
    booked = actions.intake_of(referral)
    if booked is None or booked.practitioner is None:
        return None
    opening = Opening(booked.practitioner, Stretch.of(booked.starts_at, booked.minutes))
    return redirect("intake:referral", referral.pk) if request.POST.get("time") == opening.value else None


def _booked(appointment: Appointment) -> str:
    return _("First visit booked with %(name)s.") % {"name": appointment.practitioner}


@login_required
def attempt(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Write down a try to reach somebody, and the day of the next contact."""
    one = _seen(request, referral_id)
    user = signed_in(request)
    require(user, Permission.TAKE_REFERRAL)
    now, center = clock.now(), one.patient.center
    form = AttemptForm(
        request.POST or None,
        zone=center.time_zone,
        now=now,
        tomorrow=center.day_of(now) + timedelta(days=1),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_attempt(one, form.tried, by=user, at=now)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The try is written down."))
            return redirect("intake:referral", one.pk)
    return render(
        request,
        "intake/attempt.html",
        {
            "form": form,
            "referral": one,
            "patient": one.patient,
            "phone": as_printed(one.patient.phone),
            "here": "referrals",
        },
        status=422 if form.errors else 200,
    )


@login_required
def closing(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    one = _seen(request, referral_id)
    require(signed_in(request), Permission.TAKE_REFERRAL)
    form = ReasonForm(
        request.POST or None,
        label=_("Why is this referral closed?"),
        hint=_("For example: went to another program, could not be reached after five tries."),
        missing=_("Say why this referral is closed."),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_referral(
                one, because=form.cleaned_data["because"], by=signed_in(request), at=clock.now()
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Referral closed. They can always ask again."))
            return redirect("intake:referrals")
    return render(
        request,
        "intake/closing.html",
        {"form": form, "referral": one, "patient": one.patient, "here": "referrals"},
        status=422 if form.errors else 200,
    )


@login_required
def admission(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Admit at the level the signed screening settled on."""
    patient = open_chart(request, patient_id)
    user = signed_in(request)
    require(user, Permission.ADMIT, patient)
    assessment = actions.signed_assessment(patient)
    form = AdmissionForm(
        request.POST or None,
        label=_("Why this level, in a sentence"),
        hint=_("It stands in the record beside the level."),
        missing=_("Say why this level, in a sentence."),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.admit(patient, **form.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("%(name)s is admitted. Next: write the plan together.") % {"name": patient.called}
            )
            return redirect("care_plans:plan", patient.pk)
    return render(
        request,
        "intake/admission.html",
        {
            "patient": patient,
            "form": form,
            "assessment": assessment,
            "level": LevelOfCare(assessment.chosen) if assessment else None,
            "episode": EpisodeOfCare.objects.open_for(patient),
            "referral": Referral.objects.open_for(patient),
        },
        status=422 if form.errors else 200,
    )


def _seen(request: HttpRequest, referral_id: UUID) -> Referral:
    one = get_object_or_404(
        Referral.objects.visible_to(request.user).in_force().select_related("patient__center", "recorded_by"),
        pk=referral_id,
    )
    audit.record(by=signed_in(request), did=audit.Did.OPENED, to=one)
    return one
