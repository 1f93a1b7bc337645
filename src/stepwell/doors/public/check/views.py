"""The pages of the check. Each is sent what was said so far, and sends it on in the page; none of them keeps it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from stepwell.care.intake.check.rules import (
    BY_ID,
    QUESTIONS,
    VERSION,
    Answers,
    Asked,
    Change,
    Holds,
    Kind,
    Reason,
    Result,
    accepted,
    cannot_wait,
    result_of,
)
from stepwell.care.intake.check.words import CARDS
from stepwell.care.intake.check.words import QUESTIONS as WORDS
from stepwell.care.level_of_care.rules import current
from stepwell.doors.public import directory, sent_answers
from stepwell.doors.public.check import state
from stepwell.doors.public.check.forms import QuestionForm
from stepwell.doors.public.directory import Wanted
from stepwell.doors.public.levels import BY_SLUG
from stepwell.ground.kit import clock
from stepwell.ground.web.language import twin

LAST = len(QUESTIONS)
MOST_TOGETHER = 3
MOST_CENTERS = 5
P = ParamSpec("P")


@dataclass(frozen=True)
class Arrived:
    """What came with the request: what was said so far, and what was done with the question it came from."""

    answers: Answers
    of: Asked | None = None
    then: str = ""
    #: The form of the question it came from, when "Continue" was pressed and nothing was chosen.
    unanswered: QuestionForm | None = None

    @property
    def went_on(self) -> bool:
        return self.of is not None and self.then == "continue" and self.unanswered is None


def of_the_check(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Neither stored nor logged nor remembered; and without a cookie, so without its token."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs)

    for decorate in (
        cache_control(private=True, no_store=True),
        require_http_methods(["GET", "HEAD", "POST"]),
        sensitive_post_parameters(),
        csrf_exempt,  # Nothing is changed by it. What another site sends is not read: see `arrived`.
    ):
        guarded = decorate(guarded)
    return guarded


def arrived(request: HttpRequest) -> Arrived | None:
    """None for what was changed, is too old, or does not come from our own pages."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return None
    answers = state.opened(request.POST.get("state", ""))
    if answers is None:
        return None
    of, then = request.POST.get("of", ""), request.POST.get("then", "")
    if of not in BY_ID:
        return Arrived(answers, then=then)
    asked = Asked(of)
    if then == "skip":
        return Arrived({name: said for name, said in answers.items() if name is not asked}, asked, then)
    form = QuestionForm(asked, request.POST)
    if form.is_valid() and (chosen := accepted(BY_ID[asked], form.chosen)):
        return Arrived({**answers, asked: chosen}, asked, then)
    return Arrived(answers, asked, then, unanswered=form if then == "continue" else None)


# --- the pages -----------------------------------------------------------------------------------


@of_the_check
def intro(request: HttpRequest) -> HttpResponse:
    """What it is, before it begins. Who comes back to it from the first question loses nothing."""
    came = arrived(request) if request.method == "POST" else None
    return _page(request, "intro", came.answers if came else {}, {"questions": LAST, "here": "check"})


@of_the_check
def question(request: HttpRequest, number: int) -> HttpResponse:
    if not 1 <= number <= LAST:
        return start_over(request)
    asked = QUESTIONS[number - 1].id
    if request.method != "POST":
        # The first question can be opened by its address; the others have nothing to go on.
        return _ask(request, Arrived({}), asked) if number == 1 else start_over(request)
    came = arrived(request)
    if came is None:
        return start_over(request)
    return _elsewhere(came, asked) or _ask(request, came, asked)


@of_the_check
def answers(request: HttpRequest) -> HttpResponse:
    came = arrived(request) if request.method == "POST" else None
    if came is None:
        return start_over(request)
    return _elsewhere(came) or _page(request, "answers", came.answers, {"lines": list(_lines(came.answers))})


@of_the_check
def result(request: HttpRequest) -> HttpResponse:
    came = arrived(request) if request.method == "POST" else None
    if came is None:
        return start_over(request)
    if came.unanswered:
        return _again(came)
    found = result_of(came.answers, current(clock.now().date()))
    if found.is_emergency:
        # Where to go to change it: the question that it came from.
        change = 1 if Asked.NOW in came.answers and found.dangers[0].value in came.answers[Asked.NOW] else 5
        cards = [CARDS[danger] for danger in found.dangers]
        calls_911 = any(danger.calls_911 for danger in found.dangers)
        return _page(
            request,
            "emergency",
            came.answers,
            {
                "cards": cards,
                "dangers": found.dangers,
                "calls_911": calls_911,
                "change": reverse("public:check_question", args=[change]),
            },
        )
    return _page(
        request,
        "result",
        came.answers,
        {
            "result": found,
            "kind": BY_SLUG[found.kind] if found.kind else None,
            "reasons": list(_reasons(found.reasons)),
            "fits": list(_fits(found.kind, found.changes, came.answers)) if found.kind else [],
            "untold": [{"words": WORDS[asked], "number": BY_ID[asked].number} for asked in found.untold],
            "lines": list(_lines(came.answers)),
            "health": came.answers.get(Asked.HEALTH, frozenset()),
            "signs": came.answers.get(Asked.STOPPING, frozenset()) - {"fine", "never_without"},
            "medicine": came.answers.get(Asked.USE, frozenset()) & {"alcohol", "opioid"},
        }
        | _open_times(request, came.answers, found),
    )


def _open_times(request: HttpRequest, answers: Answers, result: Result) -> dict[str, object]:
    """Centers with this kind of care near the place that was typed: the soonest day first, on it the nearest."""
    wanted = Wanted.read({"near": request.POST.get("near", ""), "level": result.kind or ""})
    if not wanted.near:
        return {}
    now = clock.now()
    search = directory.search(wanted, page=1, at=now)
    of_any_kind = False
    if search.place and result.kind and (search.is_far or not search.found):
        others = directory.search(replace(wanted, level=""), page=1, at=now)
        of_any_kind = bool(others.found) and not (others.is_far and search.found)
        search = others if of_any_kind else search
    # What was found stands by distance, and sorting keeps that where the day is the same.
    centers = sorted(search.found, key=lambda one: one.days[0].times[0].at.date() if one.days else date.max)
    first = centers[0] if centers and centers[0].days else None
    soonest = first and {
        "day": first.days[0].name,
        "time": first.days[0].times[0].clock,
        "away": first.distance,
    }
    return {
        "near": wanted.near,
        "search": search,
        "centers": centers[:MOST_CENTERS],
        "of_any_kind": of_any_kind,
        "soonest": soonest,
        "carried": _packed(answers, result),
    }


def _packed(answers: Answers, result: Result) -> str:
    """What goes along when a time is pressed. It is stored only where the person ticks, on the booking's own page."""
    said = [
        (
            str(WORDS[asked].asks),
            "; ".join(str(WORDS[asked].choices[one].label) for one in sorted(answers[asked])),
        )
        for asked in Asked
        if asked in answers
    ]
    kind = BY_SLUG[result.kind] if result.kind else None
    heading = (kind.at_least if result.untold else kind.starts) if kind else ""
    return sent_answers.pack(said, source=f"Private check {VERSION}", result=str(heading))


def start_over(request: HttpRequest) -> HttpResponse:
    """Kindly: nobody did anything wrong, and nothing was kept to go back to."""
    return _page(request, "start_over", {}, {})


# --- drawing them --------------------------------------------------------------------------------


def _ask(request: HttpRequest, came: Arrived, asked: Asked) -> HttpResponse:
    number = BY_ID[asked].number
    said = came.answers.get(asked, frozenset())
    form = came.unanswered or QuestionForm(
        asked, initial={"answer": sorted(said) if BY_ID[asked].many else next(iter(said), None)}
    )
    back_to = request.POST.get("back_to", "")
    back_to = back_to if back_to in {"answers", "result"} else ""
    onward = back_to or ("answers" if number == LAST else "")
    return _page(
        request,
        "question",
        came.answers,
        {
            "form": form,
            "asked": asked,
            "number": number,
            "last": LAST,
            "back_to": back_to,
            "onward": reverse(f"public:check_{onward}")
            if onward
            else reverse("public:check_question", args=[number + 1]),
            "back": _back(number, back_to),
        },
    )


def _back(number: int, back_to: str) -> str:
    if back_to:
        return reverse(f"public:check_{back_to}")
    return reverse("public:check_question", args=[number - 1]) if number > 1 else reverse("public:check")


def _elsewhere(came: Arrived, asked: Asked | None = None) -> HttpResponse | None:
    """Back to a question that was passed without an answer; or at once to the help that cannot wait."""
    if came.unanswered and came.of is not asked:
        return _again(came)
    if came.went_on and cannot_wait(came.answers, current(clock.now().date())):
        return _sent_on(reverse("public:check_result"))
    return None


def _again(came: Arrived) -> HttpResponse:
    assert came.of is not None
    return _sent_on(reverse("public:check_question", args=[BY_ID[came.of].number]))


def _sent_on(address: str) -> HttpResponse:
    """The browser sends the same form there. (303 would lose it, and an address must not hold it.)"""
    return HttpResponseRedirect(address, preserve_request=True)


def _page(request: HttpRequest, name: str, answers: Answers, more: dict[str, object]) -> HttpResponse:
    # Redrawn in the other language with what was said: only the check's own pages carry it.
    other = {"en": "es", "es": "en"}[request.LANGUAGE_CODE]  # type: ignore[attr-defined]
    given = {
        "state": state.sealed(answers),
        "has_answers": bool(answers),
        "carries": request.method == "POST" and name != "start_over",
        "other_language": other,
        "twin": twin(request.path, other),
    }
    return render(request, f"public/check/{name}.html", given | more)


# --- words of a result ---------------------------------------------------------------------------


def _lines(answers: Answers) -> Iterator[dict[str, object]]:
    for each in QUESTIONS:
        words, said = WORDS[each.id], answers.get(each.id, frozenset())
        yield {
            "name": words.short,
            "said": [words.choices[option.id].label for option in each.options if option.id in said],
            "number": each.number,
            "address": reverse("public:check_question", args=[each.number]),
        }


def _reasons(reasons: Iterable[Reason]) -> Iterator[dict[str, object]]:
    for reason in reasons:
        choice = WORDS[reason.question].choices[reason.option]
        yield {
            "said": choice.said,
            "why": choice.why[reason.holds],
            "asks": reason.holds is Holds.ASKS,
            "number": BY_ID[reason.question].number,
        }


def _fits(kind: Kind, changes: Iterable[Change], answers: Answers) -> Iterator[dict[str, object]]:
    """Every kind of care, how well it fits, and what would have to be so for it to fit better."""
    by_kind = {change.kind: change for change in changes}
    order = list(Kind)
    for each in order:
        change = by_kind.get(each)
        yield {
            "kind": BY_SLUG[each],
            "is_it": each is kind,
            "is_more": order.index(each) > order.index(kind),
            "ifs": [WORDS[asked].choices[option].if_so for asked, option in change.answers] if change else [],
            "together": bool(change and change.together),
            # All of them, or none: a part of what it takes would not be true.
            "too_many": bool(change and change.together and len(change.answers) > MOST_TOGETHER),
        }
        if each is Kind.IOP:
            yield {
                "kind": BY_SLUG["virtual"],
                "virtual": True,
                "is_it": False,
                "is_good": kind is Kind.IOP and "room" in answers.get(Asked.WEEK, ()),
                "same": kind is Kind.IOP,
                "is_more": order.index(kind) < order.index(Kind.IOP),
            }
