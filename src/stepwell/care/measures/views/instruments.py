"""The instruments themselves: a library that staff read, and what is in use here, for whoever sets it up."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepwell.care.measures import actions, in_use, library
from stepwell.care.measures.forms import SwitchForm, WordingForm
from stepwell.care.measures.models import InstrumentUse, LicensedText
from stepwell.care.measures.rules import trends, use
from stepwell.care.measures.rules.following import after
from stepwell.care.measures.rules.use import Part
from stepwell.care.measures.scoring import Definition, ItemKind
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.setup.sight import manages_everywhere


@dataclass(frozen=True)
class Line:
    """One instrument in a list."""

    definition: Definition
    is_on: bool
    standing: str
    why_off: str

    @property
    def questions(self) -> int:
        return sum(item.kind is not ItemKind.FREE for item in self.definition.items)


def _lines() -> list[Line]:
    used = in_use.askable()
    lines = []
    for each in sorted(library.instruments().values(), key=lambda each: each.short_title.lower()):
        terms = use.terms_of(each)
        because = use.NEVER_ASKED.get(each.id) or (terms.reason if terms else _("Switched off here."))
        is_on = each.id in used
        lines.append(
            Line(used.get(each.id, each), is_on, use.standing_in_words(each), "" if is_on else because)
        )
    return lines


def _kept(instrument: str) -> Definition:
    if instrument not in library.instruments():
        raise Http404
    return library.instrument(instrument)


@require_safe
@login_required
def library_of_all(request: HttpRequest) -> HttpResponse:
    """Every instrument kept here, what it asks about, and whether it is in use."""
    lines = _lines()
    return render(
        request,
        "measures/staff/library.html",
        {
            "on": [line for line in lines if line.is_on],
            "off": [line for line in lines if not line.is_on],
            "may_set_up": may(signed_in(request), Permission.MANAGE_ORGANIZATION),
        },
    )


@require_safe
@login_required
def about(request: HttpRequest, instrument: str) -> HttpResponse:
    """One instrument: questions, scoring, bands, whose it is, and how sure each of that is."""
    kept, used = _kept(instrument), in_use.askable()
    definition = in_use.worded(kept)
    return render(
        request,
        "measures/staff/about.html",
        {
            "definition": definition,
            "is_on": kept.id in used,
            "standing": use.standing_in_words(kept),
            "terms": use.terms_of(kept),
            "never": use.NEVER_ASKED.get(kept.id, ""),
            "scores": [
                (
                    score.id.replace("_", " ").capitalize(),
                    trends.range_in_words(definition, score.id),
                    len(score.items),
                )
                for score in definition.scores
            ],
            "bands": [
                (band.score.replace("_", " "), f"{band.minimum}–{band.maximum}", band.label, _for_whom(band))
                for band in definition.bands
            ],
            "levels": list(definition.levels.values()),
            "flags": [
                (", ".join(rule.targets), _condition(rule), rule.action) for rule in definition.critical
            ],
            "follows": [
                (follow, library.instrument(follow.then), follow.then in used) for follow in after(kept.id)
            ],
            "sureness": [
                (
                    what.capitalize(),
                    said,
                    "memory" in said.lower() or "unverified" in said.lower() or "partial" in said,
                )
                for what, said in definition.sureness.items()
            ],
            "missing": _missing_in_words(definition),
            "may_set_up": may(signed_in(request), Permission.MANAGE_ORGANIZATION),
        },
    )


def _for_whom(band: Any) -> str:
    return ", ".join(filter(None, (band.sex, band.scheme.replace("_", " "))))


def _condition(rule: Any) -> str:
    return str(rule.threshold) if rule.threshold is not None else rule.level


def _missing_in_words(definition: Definition) -> str:
    if definition.max_missing:
        return _("Up to %(n)s missing: the mean of the others stands in. Beyond that, no score.") % {
            "n": definition.max_missing
        }
    return _("A missing answer gives no score, only what it lies between.")


# What is in use here


@require_safe
@login_required
def all_in_use(request: HttpRequest) -> HttpResponse:
    """What this organization asks, what waits, and why."""
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    lines = _lines()
    return render(
        request,
        "measures/staff/in_use.html",
        {
            "on": [line for line in lines if line.is_on],
            "waiting": [line for line in lines if not line.is_on],
            "may_switch": manages_everywhere(user),
        },
    )


@login_required
def one_in_use(request: HttpRequest, instrument: str) -> HttpResponse:
    """Switch an instrument on or off, with the notice its owner's terms ask for; and its parts."""
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    definition = _kept(instrument)
    parts = use.PARTS.get(definition.id, ())
    form = SwitchForm(request.POST or None)
    acting_on = request.POST.get("part", "")
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        if not manages_everywhere(user):
            messages.error(request, _("Only who administers every center says what is in use. Ask them."))
            return redirect("measures:use", definition.id)
        try:
            actions.switch(
                definition.id,
                acting_on,
                on=on,
                accepted_as=form.cleaned_data["accepted_as"],
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.because)
        else:
            said = _("%(name)s is in use here.") if on else _("%(name)s is not asked any more.")
            messages.success(request, said % {"name": _called(definition, acting_on)})
            return redirect("measures:use", definition.id)
    decisions = {
        each.part: each
        for each in InstrumentUse.objects.filter(instrument=definition.id).select_related("decided_by")
    }
    used = in_use.askable()
    whole = definition.id in in_use.whole_copies() if definition.is_withheld else True
    switches = [
        Switch("", definition.short_title, use.terms_of(definition), definition.id in used, decisions.get(""))
    ]
    switches += [_switch_of(part, used.get(definition.id), decisions.get(part.id)) for part in parts]
    return render(
        request,
        "measures/staff/use.html",
        {
            "definition": definition,
            "standing": use.standing_in_words(definition),
            "never": use.NEVER_ASKED.get(definition.id, ""),
            "switches": switches,
            "form": form,
            "acting_on": acting_on,
            "is_whole": whole,
            "copies": _copies(definition),
            "may_switch": manages_everywhere(user),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@dataclass(frozen=True)
class Switch:
    part: str
    name: str
    terms: use.Terms | None
    is_on: bool
    decision: InstrumentUse | None


def _switch_of(part: Part, definition: Definition | None, decision: InstrumentUse | None) -> Switch:
    is_on = definition is not None and definition.has_item(part.items[0])
    return Switch(part.id, part.name, part.terms, is_on, decision)


def _called(definition: Definition, part: str) -> str:
    return next(
        (each.name for each in use.PARTS.get(definition.id, ()) if each.id == part), definition.short_title
    )


# The wording that a licensed site enters


@dataclass(frozen=True)
class Copy:
    """One language of a licensed wording, and how much of it is there."""

    language: str
    name: str
    text: LicensedText | None
    gaps: int


def _copies(definition: Definition) -> list[Copy]:
    if not definition.is_withheld:
        return []
    held = {
        each.language: each
        for each in LicensedText.objects.filter(instrument=definition.id).select_related("entered_by")
    }
    return [
        Copy(
            code,
            str(name),
            text := held.get(code),
            len(use.still_missing(definition, text.wording)) if text else 0,
        )
        for code, name in LicensedText.Language.choices
    ]


@login_required
def wording(request: HttpRequest, withheld: str, language: str) -> HttpResponse:
    """The organization's own licensed copy: title, instructions, questions and answers."""
    user = signed_in(request)
    require(user, Permission.MANAGE_ORGANIZATION)
    definition = _kept(withheld)
    if not definition.is_withheld or language not in LicensedText.Language.values:
        raise Http404
    held = LicensedText.objects.filter(instrument=definition.id, language=language).first()
    form = WordingForm(definition, language, held, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not manages_everywhere(user):
            messages.error(request, _("Only who administers every center says what is in use. Ask them."))
            return redirect("measures:use", definition.id)
        try:
            kept = actions.write_wording(
                definition.id,
                form.wording(),
                version=form.cleaned_data["version"] or 0,
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.because)
        else:
            gaps = len(use.still_missing(definition, kept.wording))
            if gaps:
                messages.info(request, _("Saved. %(n)s fields are still empty.") % {"n": gaps})
            else:
                messages.success(request, _("Saved. Every word is there."))
            return redirect("measures:use", definition.id)
    return render(
        request,
        "measures/staff/wording.html",
        {
            "definition": definition,
            "language_name": str(LicensedText.Language(language).label),
            "form": form,
            "held": held,
            "may_switch": manages_everywhere(user),
        },
        status=422 if form.is_bound and form.errors else 200,
    )
