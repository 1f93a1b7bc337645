"""What other pages show of a sign-in: the cover of a staff page that nobody uses, and a device in words."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.translation import gettext as _

from stepwell.trust.accounts.models import SignedInBrowser, User

register = template.Library()


@register.inclusion_tag("accounts/idle.html", takes_context=True)
def idle_guard(context: Context) -> dict[str, Any]:
    """For the end of every page of staff: warns before the page is covered, and covers it."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_staff_anywhere:
        return {"guarded": False}
    return {
        "guarded": True,
        "person": user,
        "seconds": settings.STEPWELL_IDLE.total_seconds(),
        "warning": settings.STEPWELL_IDLE_WARNING.total_seconds(),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def agent(browser: SignedInBrowser) -> str:
    """Such as "Chrome on Android", in the reader's language."""
    program, on, device = browser.agent.partition(" on ")
    if not on:
        return program or _("A device we do not know")
    return _("%(program)s on %(device)s") % {"program": program, "device": device}
