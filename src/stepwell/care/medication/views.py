"""Medication and drug tests in the chart."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.medication import actions, words
from stepwell.care.medication.forms import DrugTestForm
from stepwell.care.medication.models import (
    DrugTest,
    DrugTestResult,
    MedicationAdministration,
    MedicationRequest,
)
from stepwell.care.medication.rules import doses, expectations
from stepwell.care.medication.rules.doses import Due, NextDose, Supply
from stepwell.care.medication.rules.expectations import Prescription
from stepwell.care.medication.vocabulary import Medicine, Result, Substance
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.actions import may_mark_in_error
from stepwell.trust.people.charts import open_chart, sight_of
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class Taken:
    """A medicine with what was last given of it, and what comes next."""

    request: MedicationRequest
    last: MedicationAdministration | None
    next: NextDose | None
    supply: Supply | None

    @property
    def when_due(self) -> str:
        return words.when_due(self.next) if self.next else ""

    @property
    def how_long_it_lasts(self) -> str:
        return words.how_long_it_lasts(self.supply) if self.supply else ""

    @property
    def tone(self) -> str:
        """The tone of the tag: it means what it means everywhere."""
        if self.next is not None:
            late = {Due.LATE: "warn", Due.NEEDS_REVIEW: "urgent", Due.SOON: "accent", Due.TODAY: "accent"}
            return late.get(self.next.due, "")
        return "warn" if self.supply is not None and self.supply.days_left < 1 else ""

    @property
    def is_at_hand(self) -> bool:
        """Kept for an emergency: nothing is taken from it day by day."""
        return self.request.medicine == Medicine.NALOXONE_SPRAY

    @property
    def needs_review(self) -> bool:
        return self.next is not None and self.next.due is Due.NEEDS_REVIEW


@require_safe
@login_required
def medication(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = open_chart(request, patient_id, Permission.SEE_MEDICATION)
    today = clock.today(patient.center.time_zone)
    requests = MedicationRequest.objects.visible_to(signed_in(request)).filter(patient=patient)
    current = requests.current(today).select_related("prescriber").order_by("starts_on")
    given = (
        MedicationAdministration.objects.visible_to(signed_in(request))
        .in_force()
        .filter(patient=patient)
        .select_related("request", "given_by")
    )
    if lists.asked_for_csv(request, "doses"):
        header = (_("When"), _("Medicine"), _("Dose"), _("Days"), _("Given by"))
        return lists.as_csv(request, "doses given", header, map(_cells_of_dose, given.reverse()))
    last = {each.request_id: each for each in given}
    taken = [_taken(each, last.get(each.pk), today, patient) for each in current]
    ended = requests.in_force().filter(ends_on__lt=today).order_by("-ends_on")
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            "medication",
            (_("Medicine"), _("Dose"), _("Since"), _("Until"), _("Prescribed by"), _("Next due")),
            (
                [
                    each.get_medicine_display(),
                    each.dose,
                    each.starts_on,
                    each.ends_on,
                    each.prescriber.signature,
                    due.due_on if due else None,
                ]
                for each, due in [
                    *((one.request, one.next) for one in taken),
                    *((one, None) for one in ended),
                ]
            ),
        )
    return render(
        request,
        "medication/medication.html",
        {
            "patient": patient,
            "may_correct": may_mark_in_error(
                MedicationRequest, sight_of(request, patient), signed_in(request)
            ),
            "taken": taken,
            "given": given.reverse(),
            "ended": ended,
            "today": today,
        },
    )


def _cells_of_dose(dose: MedicationAdministration) -> list[object]:
    return [
        dose.given_at,
        dose.request.get_medicine_display(),
        dose.dose,
        dose.days_supplied,
        dose.given_by.signature if dose.given_by else None,
    ]


def _taken(
    request: MedicationRequest, last: MedicationAdministration | None, today: date, patient: Patient
) -> Taken:
    if last is None:
        return Taken(request, None, None, None)
    given_on = patient.center.day_of(last.given_at)
    if request.every_days and request.every_days > 1:
        following = doses.next_dose(
            Medicine(request.medicine), last_given_on=given_on, every_days=request.every_days, on=today
        )
        return Taken(request, last, following, None)
    return Taken(
        request, last, None, doses.supply(given_on=given_on, days_supplied=last.days_supplied, on=today)
    )


@dataclass(frozen=True)
class Told:
    """A drug test as the list tells it."""

    test: DrugTest
    verdict: str
    is_expected: bool
    detail: str
    lines: list[tuple[DrugTestResult, str, list[str]]]


@require_safe
@login_required
def tests(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = open_chart(request, patient_id, Permission.SEE_MEDICATION)
    all_tests = (
        DrugTest.objects.visible_to(signed_in(request)).filter(patient=patient).select_related("episode")
    )
    prescriptions = MedicationRequest.objects.prescriptions_of(patient)
    zone = patient.center.zone
    told = [_told(test, prescriptions, zone) for test in all_tests.in_force().with_results().reverse()]
    if lists.asked_for_csv(request):
        return lists.as_csv(
            request,
            "drug tests",
            (
                _("When"),
                _("In short"),
                _("What it says"),
                _("Sample"),
                _("Why"),
                _("Taken by"),
                _("Note"),
                _("Each result"),
            ),
            map(_cells_of_test, told),
        )
    return render(
        request,
        "medication/tests.html",
        {
            "patient": patient,
            "tests": told,
            "struck": all_tests.exclude(entered_in_error_at=None).select_related("entered_in_error_by"),
            "may_correct": may_mark_in_error(DrugTest, sight_of(request, patient), signed_in(request)),
            "may_record": may(signed_in(request), Permission.RECORD_DRUG_TEST, sight_of(request, patient)),
        },
    )


def _cells_of_test(told: Told) -> list[object]:
    test = told.test
    return [
        test.collected_at,
        told.verdict,
        told.detail,
        test.get_specimen_display(),
        test.get_why_display(),
        test.collected_by.signature,
        test.note,
        "; ".join(
            f"{line.get_substance_display()}: {line.get_result_display()}"
            for line, _because, _cautions in told.lines
        ),
    ]


def _told(test: DrugTest, prescriptions: list[Prescription], zone: ZoneInfo) -> Told:
    summary = test.summary
    on = test.collected_at.astimezone(zone).date()
    lines = []
    for each in test.results.all():
        substance, result = Substance(each.substance), Result(each.result)
        judged = expectations.judge(substance, result, prescriptions, on=on)
        # What was prescribed may have been corrected since: the answer given then stands, its reason goes.
        because = str(words.REASONS[judged.because]) if judged.as_expected == each.as_expected else ""
        cautions = expectations.cautions(
            substance, result, prescriptions, on=on, admitted_on=test.episode.admitted_on
        )
        lines.append((each, because, [str(words.CAUTIONS[caution]) for caution in cautions]))
    return Told(
        test=test,
        verdict=str(words.VERDICTS[summary.verdict]),
        is_expected=summary.verdict is expectations.Verdict.AS_EXPECTED,
        detail=words.detail_of(summary),
        lines=lines,
    )


@login_required
def new_test(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Record a drug test."""
    patient = open_chart(request, patient_id, Permission.SEE_MEDICATION)
    require(signed_in(request), Permission.RECORD_DRUG_TEST, patient)
    zone = patient.center.time_zone
    if request.method != "POST":
        now = clock.now().astimezone(ZoneInfo(zone))
        likely = {"specimen": DrugTest.Specimen.URINE, "date": now.date(), "time": now.time()}
        return _form_page(request, patient, DrugTestForm(initial=likely, time_zone=zone))
    form = DrugTestForm(request.POST, time_zone=zone)
    if request.POST.get("do") == "rest-negative":
        return _form_page(request, patient, form.mark_the_rest_negative(), goes_on=True)
    if form.is_valid():
        try:
            actions.record_drug_test(patient, form.sample, by=signed_in(request), at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Test recorded."))
            return redirect("medication:tests", patient_id)
    return _form_page(request, patient, form, status=422)


def _form_page(
    request: HttpRequest, patient: Patient, form: DrugTestForm, *, goes_on: bool = False, status: int = 200
) -> HttpResponse:
    today = clock.today(patient.center.time_zone)
    current = MedicationRequest.objects.visible_to(signed_in(request)).filter(patient=patient).current(today)
    in_care = EpisodeOfCare.objects.open_for(patient) is not None
    return render(
        request,
        "medication/new_test.html",
        {"patient": patient, "form": form, "current": current, "goes_on": goes_on, "in_care": in_care},
        status=status,
    )
