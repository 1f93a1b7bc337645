"""How a consent is told in a line, on the patient's own pages."""

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stepwell.trust.consent import words
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.rules.vocabulary import Expiry

register = template.Library()


@register.filter
def my_parts(of: Consent | Disclosure) -> str:
    return ", ".join(str(words.SHORT[segment]) for segment in of.segments_in_order)


@register.filter
def my_until(consent: Consent) -> str:
    """`Until February 21`, or what it ends with."""
    if consent.expires_on is not None:
        return _("Until %(day)s") % {"day": date_format(consent.expires_on, "DATE_FORMAT")}
    if consent.expiry == Expiry.EVENT:
        return consent.expires_event
    return str(words.MY_EXPIRIES[Expiry(consent.expiry)])
