"""The one page before anything is opened to the owner of a mailbox: a code goes there, and opens it in this browser.

It names nobody and no place, and is the same whether or not anybody signs in with that address.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from stepwell.trust.accounts import emailed, tries
from stepwell.trust.accounts.forms import CodeForm

SEND = "send-code"


def once_read(request: HttpRequest, email: str, go_on: Callable[[], HttpResponse]) -> HttpResponse:
    """``go_on`` once this browser has shown that its person reads that mailbox."""
    asks_for_code = request.method == "POST" and SEND in request.POST
    form = CodeForm(request.POST if request.method == "POST" and not asks_for_code else None)
    if asks_for_code and tries.may_try(request, email):
        emailed.send_code_to_mailbox(request, email)
        return HttpResponseRedirect(request.path)
    if form.is_valid() and tries.may_try(request, email):
        if emailed.reads_mailbox(request, email, form.cleaned_data["code"]):
            tries.passed(request, email)
            return go_on()
        tries.failed(request, email)
        form.add_error("code", form.WRONG)
    return render(
        request,
        "accounts/mailbox.html",
        {"form": form, "mailbox": in_short(email), "is_sent": emailed.waits_for_mailbox(request, email)},
        status=422 if form.is_bound else 200,
    )


def in_short(email: str) -> str:
    """Enough for its owner to know which one, and too little for anybody else."""
    return f"{email[:1]}…@…"
