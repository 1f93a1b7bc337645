"""Two records that may be of one person: looked at side by side, merged, and taken apart again."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stepwell.ground.kit import clock
from stepwell.ground.kit.phones import as_printed
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.accounts.step_up import step_up
from stepwell.trust.people.actions import merging as acts
from stepwell.trust.people.charts import listed, open_chart
from stepwell.trust.people.finding import described, people_alike, people_called
from stepwell.trust.people.forms import MergeForm, TakeApartForm
from stepwell.trust.people.merging import Keys, rows_of
from stepwell.trust.people.models import Patient, RecordMerge
from stepwell.trust.people.rules.typed import LONGEST


@never_cache
@require_safe
@login_required
def duplicates(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Records that may be of the same person, and those merged into this one."""
    patient = open_chart(request, patient_id, Permission.MERGE_RECORDS)
    user = signed_in(request)
    typed = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    alike = people_alike(described(patient), user, besides=patient)
    found = [one for one in people_called(typed, user) if one.pk != patient.pk] if typed else []
    merges = list(
        RecordMerge.objects.filter(survivor=patient)
        .select_related("merged", "done_by", "undone_by")
        .order_by("-done_at")
    )
    shown = [*(match.patient for match in alike), *found, *(one.merged for one in merges)]
    listed(request, shown, "records that may be of one person")
    return render(
        request,
        "people/duplicates.html",
        {
            "patient": patient,
            "alike": alike,
            "typed": typed,
            "found": found,
            "merges": merges,
        },
    )


@step_up
@never_cache
@login_required
def merging(request: HttpRequest, patient_id: UUID, other_id: UUID) -> HttpResponse:
    """Two records side by side: what is different, what stands in the way, and which one stays."""
    patient = open_chart(request, patient_id, Permission.MERGE_RECORDS)
    user = signed_in(request)
    others = Patient.objects.visible_to(user, Permission.MERGE_RECORDS).select_related("center", "user")
    done = _done_already(request, patient, other_id)
    if done is not None:
        return redirect("people:merge", done.pk)
    other = get_object_or_404(others.exclude(pk=patient.pk), pk=other_id)
    form = MergeForm(request.POST or None, records=[patient, other], initial={"survivor": str(patient.pk)})
    if request.method == "POST" and form.is_valid():
        survivor, merged = (
            (patient, other) if form.cleaned_data["survivor"] == str(patient.pk) else (other, patient)
        )
        try:
            made = acts.merge(survivor, merged, because=form.cleaned_data["because"], by=user, at=clock.now())
        except acts.CannotMerge:
            form.add_error(None, _("These two cannot be merged yet. What stands in the way is named below."))
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Merged. It can be taken apart again."))
            return redirect("people:merge", made.pk)
    listed(request, [other], "records side by side")
    return render(
        request,
        "people/merging.html",
        {
            "patient": patient,
            "other": other,
            "form": form,
            "lines": _side_by_side(patient, other),
            "births_differ": bool(patient.born_on and other.born_on and patient.born_on != other.born_on),
            "objections": acts.objections_to_merging(patient, other, reader=user, at=clock.now()),
            "sign_ins": _sign_ins_to_end(user, patient, other),
        },
        status=422 if form.errors else 200,
    )


def _sign_ins_to_end(user: User, *records: Patient) -> list[Patient]:
    """Of two records with a sign-in each, those whose this reader may end."""
    if any(one.user_id is None for one in records):
        return []
    return [one for one in records if may(user, Permission.GIVE_SIGN_IN, one)]


def _done_already(request: HttpRequest, patient: Patient, other_id: UUID) -> RecordMerge | None:
    """What a second click asks for again."""
    if request.method != "POST":
        return None
    return RecordMerge.objects.filter(survivor=patient, merged=other_id, undone_at=None).first()


@step_up
@never_cache
@login_required
def merge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """What was merged, by whom and why; and the way back."""
    user = signed_in(request)
    seen = Patient.objects.visible_to(user, Permission.MERGE_RECORDS)
    merges = RecordMerge.objects.filter(survivor__in=seen).select_related(
        "survivor__center", "merged", "done_by", "undone_by"
    )
    one = get_object_or_404(merges, pk=merge_id)
    patient = open_chart(request, one.survivor_id, Permission.MERGE_RECORDS)
    listed(request, [one.merged], "a merge of two records")
    since = acts.written_since(one) if one.undone_at is None else None
    form = TakeApartForm(request.POST or None)
    ticked = frozenset(request.POST.getlist("goes_back"))
    if request.method == "POST" and form.is_valid():
        require(user, Permission.MERGE_RECORDS, patient)
        try:
            acts.take_apart(
                one,
                because=form.cleaned_data["because"],
                goes_back=ticked,
                shown=frozenset(request.POST.get("shown", "").split()),
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Taken apart. Both records are as they were."))
            return redirect("people:merge", one.pk)
    to_decide = _rows(since.to_decide) if since else []
    return render(
        request,
        "people/merge.html",
        {
            "patient": patient,
            "merge": one,
            "form": form,
            "moved": [(_kind(label), len(keys)) for label, keys in sorted(one.moved.items())],
            "goes_along": _rows(since.goes_along) if since else [],
            "to_decide": to_decide,
            # In one field: there is no end to how many rows there may be, and there is to how many fields.
            "shown": " ".join(key for key, _kind, _row in to_decide),
            "ticked": ticked,
        },
        status=422 if form.errors else 200,
    )


def _kind(label: str) -> str:
    """What a row is, in words, from the label of its pointer."""
    if label == acts.SIGN_IN:
        return _("Sign-in")
    model = apps.get_model(".".join(label.split(".")[:2]))
    return str(model._meta.verbose_name).capitalize()


def _rows(keys: Keys) -> list[tuple[str, str, Any]]:
    """(key, kind, the row) of those that somebody must look at."""
    found = []
    for label, pks in sorted(keys.items()):
        model = apps.get_model(".".join(label.split(".")[:2]))
        rows = model._base_manager.filter(pk__in=pks)
        found += [(str(row.pk), _kind(label), row) for row in rows]
    return found


def _side_by_side(one: Patient, other: Patient) -> list[tuple[str, str, str, bool]]:
    """(label, of the one, of the other, whether they differ)."""
    parts = [
        (_("Called"), lambda p: p.name),
        (_("Legal name"), lambda p: p.legal_name),
        (_("Born"), lambda p: p.born_on.strftime("%b %-d, %Y") if p.born_on else ""),
        (_("Phone"), lambda p: as_printed(p.phone)),
        (_("E-mail"), lambda p: p.email),
        (_("Address"), lambda p: " ".join(filter(None, (p.street, p.city, p.state, p.postal_code)))),
        (_("Language"), lambda p: p.get_language_display()),
        (_("Record"), lambda p: p.record_number),
        (_("Center"), lambda p: p.center.name),
        (_("Sign-in"), lambda p: p.user.email if p.user else ""),
    ]
    lines = [(label, said(one), said(other)) for label, said in parts]
    ours, theirs = rows_of(one), rows_of(other)
    lines += [
        (_kind(label), str(len(ours[label])), str(len(theirs[label])))
        for label in sorted(ours)
        if ours[label] or theirs[label]
    ]
    return [(label, a, b, a != b) for label, a, b in lines]
