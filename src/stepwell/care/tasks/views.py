"""The pages of tasks: the list, one task, those about one person, and handing over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stepwell.care.tasks import actions
from stepwell.care.tasks.forms import AskForm, CallOffForm, DoneForm, HandOverForm, TryForm
from stepwell.care.tasks.lines import Line
from stepwell.care.tasks.models import Task, TaskQuerySet
from stepwell.care.tasks.rules.life_cycle import may_take_back
from stepwell.care.tasks.rules.making import Barrier
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web import live, undo
from stepwell.ground.web.back import came_from
from stepwell.ground.web.navigation import Tab
from stepwell.ground.web.parts import is_part
from stepwell.trust import audit
from stepwell.trust.access import Forbidden, Permission, lists, may, require
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.accounts.words import role_name
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.charts import listed, open_chart
from stepwell.trust.people.models import Patient

PAGE = 50
DONE_FOR = timedelta(days=30)
VIEWS = ("mine", "team", "queue", "done")
#: What somebody, or a rule, does with a task.
ACTS = (
    audit.Did.CREATED,
    audit.Did.CHANGED,
    audit.Did.HANDED_OVER,
    audit.Did.ENDED,
    audit.Did.CANCELLED,
)
#: What the clock alone changes is looked for as often as this.
TICK = timedelta(minutes=5)
#: Each key of the address, and the columns it sorts by.
SORTS = {
    "due": ("due_on", "-is_urgent", "due_at", "requested_at", "pk"),
    "person": ("patient__first_name", "patient__last_name", "due_on", "pk"),
    "who": ("assigned_to__name", "due_on", "pk"),
}
HEADER = (
    gettext_lazy("Task"),
    gettext_lazy("Person"),
    gettext_lazy("Due"),
    gettext_lazy("Whose"),
    gettext_lazy("State"),
    gettext_lazy("Why"),
    gettext_lazy("From"),
    gettext_lazy("What happened"),
    gettext_lazy("Words"),
)
READ_ALONG = (
    "patient",
    "center",
    "assigned_to",
    "requested_by",
    "ended_by",
    "handed_over_by",
    "handed_over_from",
)


@dataclass(frozen=True)
class Asked:
    """What the address asks of the list."""

    show: str = "mine"
    sort: str = "due"
    q: str = ""
    late: bool = False

    @classmethod
    def read(cls, given: QueryDict) -> "Asked":
        show, sort = given.get("show", ""), given.get("sort", "")
        return cls(
            show if show in VIEWS else "mine",
            sort if sort in SORTS else "due",
            given.get("q", "").replace("\x00", "").strip()[:100],
            given.get("late") == "1",
        )

    def address(self, path: str = "tasks:tasks", **other: Any) -> str:
        values = {"show": self.show, "sort": self.sort, "q": self.q, "late": "1" if self.late else ""} | other
        kept = {
            key: value
            for key, value in values.items()
            if value and (key, value) not in (("show", "mine"), ("sort", "due"))
        }
        return reverse(path) + (f"?{urlencode(kept)}" if kept else "")


def _found(asked: Asked, user: User) -> TaskQuerySet:
    tasks = _part(asked.show, user)
    if asked.q:
        tasks = tasks.filter(
            Q(what__icontains=asked.q)
            | Q(patient__first_name__icontains=asked.q)
            | Q(patient__last_name__icontains=asked.q)
            | Q(patient__chosen_name__icontains=asked.q)
        )
    if asked.late and asked.show != "done":
        now = clock.now()
        tasks = tasks.filter(Q(due_on__lt=_today(user)) | Q(due_at__lt=now))
    if asked.show == "done":
        return tasks.order_by("-ended_at", "pk")
    return tasks.in_order() if asked.sort == "due" else tasks.order_by(*SORTS[asked.sort])


def _part(show: str, user: User) -> TaskQuerySet:
    seen = Task.objects.visible_to(user)
    if show == "done":
        return seen.filter(ended_at__gte=clock.now() - DONE_FOR)
    if show == "queue":
        return seen.open().filter(assigned_to=None)
    if show == "team":
        return seen.open().filter(assigned_to__isnull=False).exclude(assigned_to__user=user)
    return seen.open().filter(assigned_to__user=user)


@never_cache
@require_safe
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """Tasks that the reader sees: their own, their colleagues', those nobody has taken, and those that are done."""
    user = signed_in(request)
    require(user, Permission.OFFICE_TASKS)
    asked, now = Asked.read(request.GET), clock.now()
    if lists.asked_for_csv(request):
        rows = [Line(task, now, user) for task in _found(asked, user).select_related(*READ_ALONG)]
        people = [line.task.patient_id for line in rows if line.task.patient_id]
        return lists.as_csv(request, "tasks", HEADER, (line.cells for line in rows), patients=people)
    return _list(request, asked, user, now)


@never_cache
@require_safe
@login_required
def changes(request: HttpRequest) -> HttpResponse:
    """The parts of the list that are new to the page that asks: somebody did something about a task."""
    user = signed_in(request)
    require(user, Permission.OFFICE_TASKS)
    asked, now = Asked.read(request.GET), clock.now()
    if not is_part(request):
        return redirect(asked.address())
    if live.is_same(request, _version(user, now)):
        return live.same()
    return _list(request, asked, user, now)


def _version(user: User, now: datetime) -> str:
    """Another one after any act on a task, and after something has become due by the clock.

    Every act leaves one event. What changes who sees a task is looked for every few minutes.
    """
    local = now.astimezone(user.zone_here)
    midnight = datetime.combine(local.date(), time(), tzinfo=local.tzinfo)
    told = AuditEvent.objects.filter(to_type=Task._meta.label, did__in=ACTS, at__gte=midnight)
    fell_due = Task.objects.open().filter(due_at__gte=midnight, due_at__lte=now).count()
    acts = told.aggregate(n=Count("*"), last=Max("number"))
    return live.digest(local.date(), (local - midnight) // TICK, fell_due, acts["n"], acts["last"])


def _list(request: HttpRequest, asked: Asked, user: User, now: datetime) -> HttpResponse:
    """The page; or, asked again, what is new in it."""
    version = _version(user, now)
    found = _found(asked, user).select_related(*READ_ALONG)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    here = {"page": str(page.number) if page.number > 1 else ""}
    names = {"mine": _("Mine"), "team": _("My team’s"), "queue": _("Queue"), "done": _("Done")}
    context: dict[str, Any] = {
        "asked": asked,
        "tabs": [
            Tab(
                name,
                asked.address(show=key),
                current=key == asked.show,
                count=None if key == "done" else _part(key, user).count(),
            )
            for key, name in names.items()
        ],
        "title": names[asked.show],
        "lines": [Line(task, now, user) for task in page],
        "page": page,
        "before_url": asked.address(page=str(page.number - 1)) if page.has_previous() else "",
        "after_url": asked.address(page=str(page.number + 1)) if page.has_next() else "",
        "sorts": [
            Tab(name, asked.address(sort=key), current=key == asked.sort)
            for key, name in (("due", _("By day")), ("person", _("By person")), ("who", _("By whose")))
        ],
        "late_url": asked.address(late="" if asked.late else "1"),
        "clear_url": asked.address(q="", late=""),
        "here_url": asked.address(**here),
        "changes_url": asked.address("tasks:changes", **here),
        "version": version,
    }
    parts = live.drawn(request, "tasks/tasks.html", ("which", "ticked", "list"), context)
    if not is_part(request) or live.new_of(request, parts):
        listed(request, [task.patient_id for task in page if task.patient_id], "tasks")
    if is_part(request):
        return live.changed(request, parts, version)
    return render(request, "tasks/tasks.html", context | {part.key: [part] for part in parts})


# One task


FORMS: dict[str, type[forms.Form]] = {
    "done": DoneForm,
    "try": TryForm,
    "off": CallOffForm,
    "over": HandOverForm,
}


@never_cache
@require_safe
@login_required
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    return _page(request, _visible(request, task_id))


def _page(request: HttpRequest, task: Task, bound: dict[str, forms.Form] | None = None) -> HttpResponse:
    """One task with what can be done with it, and a form that was not accepted with what was typed."""
    user, now = signed_in(request), clock.now()
    task.center.show_its_time()
    audit.record(by=user, did=audit.Did.OPENED, to=task)
    may_do = task.is_open and _may_do(task, user)
    given = {name: _form(name, task) for name in FORMS} if may_do else {}
    given |= bound or {}
    wrong = [name for name, form in given.items() if form.is_bound]
    patient = task.patient
    return render(
        request,
        "tasks/task.html",
        {
            "task": task,
            "line": Line(task, now, user),
            "forms": given,
            "wrong": wrong,
            "may_do": may_do,
            "back_url": came_from(request),
            "may_take": may_do and (task.assigned_to is None or task.assigned_to.user_id != user.pk),
            "may_undo": task.ended_by_id == user.pk and may_take_back(ended_at=task.ended_at, at=now),
            "role": role_name(task.role),
            "opens_chart": patient is not None and may(user, Permission.SEE_CHART, patient),
            "knows_person": patient is not None and may(user, Permission.SEE_DIRECTORY, patient),
        },
        status=422 if wrong else 200,
    )


def _may_do(task: Task, user: User) -> bool:
    try:
        actions.require_over(task, user)
    except Forbidden:
        return False
    return True


def _form(name: str, task: Task, data: QueryDict | None = None) -> forms.Form:
    more: dict[str, Any] = {}
    if name == "try":
        more["today"] = _day(task.center)
    elif name == "done":
        more["task"] = task
    elif name == "over":
        more["tasks"] = [task]
    return FORMS[name](data, prefix=name, **more)


def _act(
    request: HttpRequest,
    task_id: UUID,
    name: str,
    act: Callable[[Task, dict[str, Any]], object],
    said: str = "",
) -> HttpResponse:
    """Do what a form of the page asks. What stands in the way is said beside its field, with what was typed."""
    task = _visible(request, task_id)
    actions.require_over(task, signed_in(request))
    form = _form(name, task, request.POST)
    if form.is_valid():
        try:
            act(task, form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.because)
        else:
            return _onward(request, task, said)
    return _page(request, task, {name: form})


def _onward(request: HttpRequest, task: Task, said: str) -> HttpResponse:
    """To where the reader came from; else to the task, where they may see it still. What ended can be taken back."""
    ended = Task.objects.filter(pk=task.pk, ended_at__isnull=False).first()
    if ended:
        did = f"{ended.what}: {ended.get_outcome_display() or ended.get_status_display()}."
        undo.offer(request, did, reverse("tasks:reopening", args=[task.pk]), [task.pk])
    else:
        messages.success(request, said)
    if back := came_from(request):
        return redirect(back)
    if Task.objects.visible_to(signed_in(request)).filter(pk=task.pk).exists():
        return redirect("tasks:task", task.pk)
    return redirect("tasks:tasks")


@login_required
@require_POST
def completion(request: HttpRequest, task_id: UUID) -> HttpResponse:
    return _act(
        request,
        task_id,
        "done",
        lambda task, given: actions.complete(
            task,
            outcome=given["outcome"],
            words=given["words"],
            by=signed_in(request),
            at=clock.now(),
        ),
    )


@login_required
@require_POST
def attempt(request: HttpRequest, task_id: UUID) -> HttpResponse:
    return _act(
        request,
        task_id,
        "try",
        lambda task, given: actions.note_try(
            task, words=given["words"], due_on=given["due_on"], by=signed_in(request), at=clock.now()
        ),
        _("Noted. The task stays open."),
    )


@login_required
@require_POST
def cancellation(request: HttpRequest, task_id: UUID) -> HttpResponse:
    return _act(
        request,
        task_id,
        "off",
        lambda task, given: actions.call_off(
            task, because=given["because"], by=signed_in(request), at=clock.now()
        ),
    )


@login_required
@require_POST
def handing_over(request: HttpRequest, task_id: UUID) -> HttpResponse:
    return _act(
        request,
        task_id,
        "over",
        lambda task, given: actions.hand_over(
            task,
            to=given["to"][0],
            role=given["to"][1],
            note=given["note"],
            by=signed_in(request),
            at=clock.now(),
        ),
        _("Handed over."),
    )


@login_required
@require_POST
def holder(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take a task."""
    return _at_once(request, task_id, actions.take, _("It is yours now."))


@login_required
@require_POST
def reopening(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take back that it ended."""
    return _at_once(request, task_id, actions.take_back, _("Taken back. The task is open."))


def _at_once(request: HttpRequest, task_id: UUID, act: Callable[..., Task], said: str) -> HttpResponse:
    task = _visible(request, task_id)
    try:
        act(task, by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
        return redirect("tasks:task", task.pk)
    messages.success(request, said)
    return redirect(came_from(request) or reverse("tasks:task", args=[task.pk]))


def _visible(request: HttpRequest, task_id: UUID) -> Task:
    seen = Task.objects.visible_to(signed_in(request))
    return get_object_or_404(seen.select_related(*READ_ALONG, "patient__center"), pk=task_id)


# Several at once


@never_cache
@login_required
def handover(request: HttpRequest) -> HttpResponse:
    """Hand over the tasks that were ticked in the list: all of them, or none."""
    user = signed_in(request)
    require(user, Permission.OFFICE_TASKS)
    given = request.POST if request.method == "POST" else request.GET
    seen = Task.objects.visible_to(user).open().select_related(*READ_ALONG)
    chosen = [
        task for task in seen.filter(pk__in=_keys(given.getlist("task"))).in_order() if _may_do(task, user)
    ]
    form = HandOverForm(request.POST if request.method == "POST" else None, tasks=chosen)
    listed(request, [task.patient_id for task in chosen if task.patient_id], "tasks to hand over")
    if request.method == "POST" and chosen and form.is_valid():
        to, role = form.cleaned_data["to"]
        try:
            with transaction.atomic():
                for task in chosen:
                    if to is None or task.assigned_to_id != to.pk:
                        actions.hand_over(
                            task, to=to, role=role, note=form.cleaned_data["note"], by=user, at=clock.now()
                        )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.because)
        else:
            messages.success(
                request,
                ngettext("%(n)s task handed over.", "%(n)s tasks handed over.", len(chosen))
                % {"n": len(chosen)},
            )
            return redirect("tasks:tasks")
    now = clock.now()
    return render(
        request,
        "tasks/handover.html",
        {"form": form, "lines": [Line(task, now, user) for task in chosen]},
        status=422 if form.errors else 200,
    )


def _keys(given: list[str]) -> list[UUID]:
    found = []
    for text in given[:500]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


# Asking


@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A task of the office, about nobody."""
    user = signed_in(request)
    require(user, Permission.OFFICE_TASKS)
    center = user.center_here
    if center is None:
        raise Http404
    form = AskForm(request.POST or None, center=center, patient=None, today=_day(center))
    if request.method == "POST" and (
        task := _asked(
            form, lambda **given: actions.ask_of_the_office(center, **given, by=user, at=clock.now())
        )
    ):
        messages.success(request, _whose_it_is(task))
        return redirect("tasks:tasks")
    return render(request, "tasks/new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_required
def ask(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A task about a person, in words; or a barrier, by one press."""
    patient = open_chart(request, patient_id, Permission.ASK_TASK)
    user = signed_in(request)
    form = AskForm(request.POST or None, center=patient.center, patient=patient, today=_day(patient.center))
    if request.method == "POST" and (
        task := _asked(form, lambda **given: actions.ask(patient, **given, by=user, at=clock.now()))
    ):
        messages.success(request, _whose_it_is(task))
        return _after_asking(user, patient)
    return render(
        request,
        "tasks/ask.html",
        {"patient": patient, "form": form, "barriers": Task.Barrier.choices},
        status=422 if form.errors else 200,
    )


def _asked(form: AskForm, act: Callable[..., Task]) -> Task | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    to, role = given["to"]
    try:
        return act(what=given["what"], why=given["why"], to=to, role=role, due_on=given["due_on"])
    except Refused as refusal:
        form.add_error(refusal.field, refusal.because)
        return None


@login_required
@require_POST
def barrier(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Something keeps them from coming: one press, and somebody sees to it."""
    patient = open_chart(request, patient_id, Permission.ASK_TASK)
    user = signed_in(request)
    if request.POST.get("barrier") not in set(Barrier):
        messages.error(request, _("Choose what is in the way."))
        return redirect("tasks:ask", patient.pk)
    task = actions.ask_for_help(patient, barrier=Barrier(request.POST["barrier"]), by=user, at=clock.now())
    messages.success(request, f"{task.what}. {_whose_it_is(task)}")
    return _after_asking(user, patient)


def _after_asking(user: User, patient: Patient) -> HttpResponse:
    if may(user, Permission.SEE_TASKS, patient):
        return redirect("tasks:of_person", patient.pk)
    return redirect("tasks:ask", patient.pk)


def _whose_it_is(task: Task) -> str:
    if task.assigned_to is not None:
        return _("%(name)s has it now.") % {"name": task.assigned_to.name}
    return _("It lies in the queue: %(role)s.") % {"role": role_name(task.role).lower()}


@never_cache
@require_safe
@login_required
def of_person(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The tasks about one person, open ones first."""
    patient = open_chart(request, patient_id, Permission.SEE_TASKS)
    user, now = signed_in(request), clock.now()
    about = Task.objects.visible_to(user).filter(patient=patient).select_related(*READ_ALONG)
    open_now = [Line(task, now, user) for task in about.open().in_order()]
    ended = [
        Line(task, now, user) for task in about.filter(ended_at__isnull=False).order_by("-ended_at")[:50]
    ]
    for which, lines in (("", open_now), ("ended", ended)):
        if lists.asked_for_csv(request, which):
            return lists.as_csv(request, "tasks", HEADER, (line.cells for line in lines))
    return render(
        request,
        "tasks/of_person.html",
        {
            "patient": patient,
            "open": open_now,
            "ended": ended,
            "barriers": Task.Barrier.choices,
            "standing": {line.task.barrier for line in open_now},
            "may_ask": may(user, Permission.ASK_TASK, patient),
            "here_url": request.path,
        },
    )


def _day(center: Center) -> date:
    return clock.today(center.time_zone)


def _today(user: User) -> date:
    center = user.center_here
    return _day(center) if center else clock.now().date()
