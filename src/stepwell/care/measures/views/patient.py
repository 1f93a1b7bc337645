"""On the phone: one question a page, saved as it is answered; and the daily check-in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stepwell.care.measures import actions, in_use, own
from stepwell.care.measures.actions import Unanswered
from stepwell.care.measures.forms import CHECK_IN_PAGES, QuestionForm, as_held
from stepwell.care.measures.models import CheckIn, Response, next_asked
from stepwell.care.measures.rules import asking, safety
from stepwell.care.measures.rules.own import is_shown
from stepwell.care.measures.rules.safety import Help
from stepwell.care.measures.scoring import Definition, Item
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.people.charts import open_own
from stepwell.trust.people.models import Patient


@never_cache
@login_required
def start(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """What it is, how long it takes, who sees it: told before the first question."""
    response = _own(request, response_id)
    if response.is_completed:
        return redirect("measures:done", response.pk)
    definition = in_use.worded(response.definition)
    return render(
        request,
        "measures/patient/start.html",
        {
            "response": response,
            "definition": definition,
            "how_many": len(asking.called_for(definition, response.answers)),
            "minutes": asking.minutes(definition, response.answers),
            "first": asking.first_open(definition, response.answers),
            "has_begun": bool(response.answers),
            "is_english_only": _is_in_english_only(definition),
        },
    )


@never_cache
@login_required
def question(request: HttpRequest, response_id: UUID, number: int) -> HttpResponse:
    response = _own(request, response_id)
    if response.is_completed:
        return redirect("measures:done", response.pk)
    item = asking.question_at(in_use.worded(response.definition), number)
    if item is None:
        raise Http404
    if item.id not in {each.id for each in asking.called_for(response.definition, response.answers)}:
        return redirect(_onward(response, number))
    held = response.answers.get(item.id, Unanswered.YET)
    form = QuestionForm(item, held, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request, response, number, item, form)

    then = request.POST.get("then", "continue")
    if then == "back" and not request.POST.get("answer"):
        return redirect(_back(response, number))
    if then != "skip" and not form.is_valid():
        return _show(request, response, number, item, form)
    value = None if then == "skip" else form.answer()
    try:
        answered = actions.answer(
            response,
            item.id,
            value,
            was=form.was_shown(),
            by=request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )
    except ChangedMeanwhile as changed:
        response.refresh_from_db()
        if response.is_completed:
            messages.info(request, changed.because)
            return redirect("measures:done", response.pk)
        return _ask_which(request, response, number, item, changed)
    except Refused as refusal:
        form.add_error("answer", refusal.because)
        return _show(request, response, number, item, form)
    if answered.help:
        return redirect("measures:help", response.pk, number)
    return redirect(
        _back(answered.response, number) if then == "back" else _onward(answered.response, number)
    )


@never_cache
@login_required
def help_now(request: HttpRequest, response_id: UUID, number: int) -> HttpResponse:
    """The help that an answer calls for, before anything else. The rest can wait."""
    response = _own(request, response_id)
    item = asking.question_at(response.definition, number)
    needed = safety.help_at_once(response.definition, response.answers, item.id) if item else None
    if needed is None:  # the answer was changed since
        return redirect("measures:start", response.pk)
    return render(
        request,
        "measures/patient/help.html",
        {
            "response": response,
            "is_about_death": needed is Help.THOUGHTS_OF_DEATH,
            "center": response.patient.center,
            "onward": reverse("measures:done", args=[response.pk])
            if response.is_completed
            else _onward(response, number),
        },
    )


@never_cache
@login_required
def review(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """Every answer, to be changed or sent."""
    response = _own(request, response_id)
    if response.is_completed:
        return redirect("measures:done", response.pk)
    error = ""
    if request.method == "POST":
        try:
            actions.send(
                response,
                version=_whole(request.POST.get("version")),
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except ChangedMeanwhile as changed:
            response.refresh_from_db()
            if response.is_completed:
                return redirect("measures:done", response.pk)
            error = changed.because
        except Refused as refusal:
            error = refusal.because
        else:
            return redirect("measures:done", response.pk)
    definition = in_use.worded(response.definition)
    rows = [
        Row(asking.number_of(definition, item.id), item, response.answers.get(item.id, Unanswered.YET))
        for item in asking.called_for(definition, response.answers)
    ]
    return render(
        request,
        "measures/patient/review.html",
        {
            "response": response,
            "definition": definition,
            "rows": rows,
            "error": error,
            "last": rows[-1].number,
        },
        status=422 if error else 200,
    )


@dataclass(frozen=True)
class Row:
    number: int
    item: Item
    value: Any

    @property
    def is_open(self) -> bool:
        return self.value is Unanswered.YET

    @property
    def is_skipped(self) -> bool:
        return self.value is None

    @property
    def label(self) -> str:
        return "" if self.is_open else self.item.label_of(self.value)


@never_cache
@login_required
def done(request: HttpRequest, response_id: UUID) -> HttpResponse:
    response = _own(request, response_id)
    if not response.is_completed:
        return redirect("measures:start", response.pk)
    return render(
        request,
        "measures/patient/done.html",
        {
            "response": response,
            "is_about_death": safety.tells_of_death(response.flags),
            "center": response.patient.center,
            "next": next(iter(next_asked(response.patient)), None),
        },
    )


def _own(request: HttpRequest, response_id: UUID) -> Response:
    mine = Response.objects.visible_to(request.user, Permission.ANSWER_OWN_MEASURE)  # type: ignore[arg-type]
    asked = mine.in_force().filter(mode=Response.Mode.SELF).select_related("patient__center")
    response = get_object_or_404(asked, pk=response_id)
    if request.method in ("GET", "HEAD"):
        audit.record(by=signed_in(request), did=audit.Did.OPENED, to=response, purpose=audit.Purpose.OWN)
    return response


def _show(
    request: HttpRequest, response: Response, number: int, item: Item, form: QuestionForm, changed: str = ""
) -> HttpResponse:
    definition = in_use.worded(response.definition)
    position, of = asking.place(definition, response.answers, number)
    return render(
        request,
        "measures/patient/question.html",
        {
            "response": response,
            "definition": definition,
            "item": item,
            "form": form,
            "number": number,
            "position": position,
            "of": of,
            "steps": [step <= position for step in range(1, of + 1)],
            "is_first": asking.before(definition, response.answers, number) is None,
            "is_english_only": _is_in_english_only(definition),
            "changed": changed,
        },
        status=422 if form.errors else 409 if changed else 200,
    )


def _ask_which(
    request: HttpRequest, response: Response, number: int, item: Item, changed: ChangedMeanwhile
) -> HttpResponse:
    """Both answers are shown: the one kept, and the one just chosen, still chosen."""
    held = response.answers.get(item.id, Unanswered.YET)
    form = QuestionForm(item, held)
    if chosen := request.POST.get("answer"):
        form.initial["answer"] = chosen
    kept = _("Kept so far: %(answer)s.") % {"answer": item.label_of(held) or _("skipped")}
    return _show(request, response, number, item, form, f"{changed.because} {kept}")


def _onward(response: Response, number: int) -> str:
    following = asking.next_after(response.definition, response.answers, number)
    if following is None:
        return reverse("measures:review", args=[response.pk])
    return reverse("measures:question", args=[response.pk, following])


def _back(response: Response, number: int) -> str:
    earlier = asking.before(response.definition, response.answers, number)
    if earlier is None:
        return reverse("measures:start", args=[response.pk])
    return reverse("measures:question", args=[response.pk, earlier])


def _is_in_english_only(definition: Definition) -> bool:
    """Whether the reader has chosen another language than the wording is held in: it is never machine-translated."""
    return (get_language() or "en").split("-")[0] != definition.language


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


# What was answered, over time


@never_cache
@require_safe
@login_required
def progress(request: HttpRequest) -> HttpResponse:
    """Each measure the person answered: which way it went, and what that means."""
    patient = open_own(request)
    return render(
        request,
        "measures/patient/progress.html",
        {"measures": own.measures_of(patient), "center": patient.center},
    )


@never_cache
@require_safe
@login_required
def my_answers(request: HttpRequest, answered_id: UUID) -> HttpResponse:
    """What the person answered one time, in any way, and what it adds up to."""
    mine = Response.objects.visible_to(signed_in(request), Permission.ANSWER_OWN_MEASURE).completed()
    response = get_object_or_404(mine.select_related("patient__center"), pk=answered_id)
    if not is_shown(response.definition):
        raise Http404
    audit.record(by=signed_in(request), did=audit.Did.OPENED, to=response, purpose=audit.Purpose.OWN)
    definition = in_use.worded(response.definition)
    return render(
        request,
        "measures/patient/my_answers.html",
        {
            "response": response,
            "definition": definition,
            "name": own.named(definition),
            "is_named_by_us": own.has_own_name(definition),
            "rows": [
                Row(n, item, response.answers.get(item.id, Unanswered.YET))
                for n, item in enumerate(asking.called_for(definition, response.answers), 1)
            ],
            "scores": own.scored(response, definition),
            "is_about_death": safety.tells_of_death(response.flags),
            "is_english_only": _is_in_english_only(definition),
            "center": response.patient.center,
        },
    )


# Daily check-in


@never_cache
@login_required
def check_in(request: HttpRequest, page: int = 1) -> HttpResponse:
    """Four short pages, each skippable; nothing is chosen before the person chooses."""
    patient = open_own(request)
    if not 1 <= page <= len(CHECK_IN_PAGES):
        raise Http404
    todays = _todays(patient)
    onward = _check_in_address(page + 1)
    kind = CHECK_IN_PAGES[page - 1]
    form = kind(request.POST if request.method == "POST" else None, initial=as_held(todays))
    if request.method == "POST":
        then = request.POST.get("then", "continue")
        if then == "back":
            return redirect(_check_in_address(page - 1))
        if then == "skip":
            form.is_valid()
            note = form.cleaned_data.get("note") if "note" in form.fields else ""
            if note:
                _keep(request, patient, note=note)
            return redirect(onward)
        if form.is_valid():
            _keep(request, patient, **form.cleaned_data)
            return redirect(onward)
    return render(
        request,
        "measures/patient/check_in.html",
        {
            "form": form,
            "question": next(iter(form)),
            "note": form["note"] if "note" in form.fields else None,
            "page": page,
            "of": len(CHECK_IN_PAGES),
            "steps": [step <= page for step in range(1, len(CHECK_IN_PAGES) + 1)],
            "is_last": page == len(CHECK_IN_PAGES),
        },
        status=422 if form.is_bound else 200,
    )


@never_cache
@login_required
def checked_in(request: HttpRequest) -> HttpResponse:
    patient = open_own(request)
    todays = _todays(patient)
    return render(
        request,
        "measures/patient/checked_in.html",
        {"check_in": todays, "has_used": bool(todays and todays.used), "center": patient.center},
    )


def _todays(patient: Patient) -> CheckIn | None:
    today = clock.today(patient.center.time_zone)
    return CheckIn.objects.in_force().filter(patient=patient, on=today).first()


def _keep(request: HttpRequest, patient: Patient, **answers: Any) -> None:
    actions.check_in(
        patient,
        on=clock.today(patient.center.time_zone),
        by=request.user,  # type: ignore[arg-type]
        at=clock.now(),
        **answers,
    )


def _check_in_address(page: int) -> str:
    if page > len(CHECK_IN_PAGES):
        return reverse("measures:checked_in")
    return reverse("measures:check_in") if page <= 1 else reverse("measures:check_in_page", args=[page])
