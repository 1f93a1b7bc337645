"""How a consent is told in a line, on the staff's pages."""

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stepwell.ground.web.templatetags.web import tag_
from stepwell.trust.consent import words
from stepwell.trust.consent.kinds import EXPIRIES, KINDS
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.rules.disclosing import FOR
from stepwell.trust.consent.rules.life_cycle import Status
from stepwell.trust.consent.rules.vocabulary import Expiry, Purpose, Segment

register = template.Library()


@register.filter
def kind_label(consent: Consent) -> str:
    return str(KINDS[consent.kind].label)


@register.filter
def parts(of: Consent | Disclosure) -> str:
    return ", ".join(str(words.SHORT[segment]) for segment in of.segments_in_order)


@register.filter
def part(segment: str) -> str:
    return str(words.SHORT[Segment(segment)])


@register.filter
def reasons(consent: Consent) -> str:
    return ", ".join(FOR[purpose] for purpose in consent.purposes_in_order).capitalize()


@register.filter
def reason(purpose: str) -> str:
    return FOR[Purpose(purpose)]


@register.filter
def until(consent: Consent) -> str:
    """`Feb 21, 2027`, or what it ends with."""
    if consent.expires_on is not None:
        return date_format(consent.expires_on, "M j, Y")
    if consent.expiry == Expiry.EVENT:
        return consent.expires_event
    return str(EXPIRIES[Expiry(consent.expiry)])


@register.simple_tag
def standing(consent: Consent) -> SafeString:
    """A tag that says how it stands, and since when."""
    label, tone, icon, when = _standing(consent)
    day = date_format(when.astimezone(consent.zone), "M j, Y") if when is not None else ""
    return format_html('{} <span class="meta">{}</span>', tag_(label, tone, icon), day)


def stands(consent: Consent) -> str:
    """The same in words alone."""
    return str(_standing(consent)[0])


def _standing(consent: Consent):  # type: ignore[no-untyped-def]
    if consent.entered_in_error_at is not None:
        return _("Entered in error"), "urgent", "alert", consent.entered_in_error_at
    match consent.status:
        case Status.WAITING:
            return _("To be read and signed"), "warn", "clock", consent.recorded_at
        case Status.DECLINED:
            return _("Said no"), "", "x", consent.declined_at
        case Status.WITHDRAWN:
            return _("Taken back"), "", "undo", consent.withdrawn_at
        case Status.REVOKED:
            return _("Ended by the patient"), "", "x", consent.revoked_at
    if consent.has_run_out:
        return _("Run out"), "", "clock", None
    return _("In force"), "ok", "check", consent.signed_at
