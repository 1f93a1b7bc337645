"""Finding a center in the published directory, by ZIP code or city as people type them."""

import re

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, get_language_info

from stepwell.trust.organizations.models import PublishedCenter
from stepwell.trust.organizations.services import SERVICES


def centers_near(near: str) -> QuerySet[PublishedCenter]:
    """All centers, or those whose ZIP code starts as asked, or whose city (and state) is as asked."""
    centers = PublishedCenter.objects.order_by("name")
    near = " ".join(near.split())
    if not near:
        return centers
    if digits := re.fullmatch(r"(\d{1,5})(-\d{4})?", near):
        return _by_zip(centers, digits[1])
    city, _comma, state = (part.strip() for part in near.partition(","))
    # "Dayton OH" without the comma.
    if not state and (split := re.fullmatch(r"(.+) ([A-Za-z]{2})", city)):
        with_state = centers.filter(city__iexact=split[1], state__iexact=split[2])
        if with_state.exists():
            return with_state
    match = Q(city__icontains=city)
    return centers.filter(match & Q(state__iexact=state) if state else match)


def _by_zip(centers: QuerySet[PublishedCenter], digits: str) -> QuerySet[PublishedCenter]:
    exact = centers.filter(postal_code__startswith=digits)
    # The first three digits of a ZIP code are one sorting area: near enough to show when the code itself has none.
    return exact if len(digits) < 5 or exact.exists() else centers.filter(postal_code__startswith=digits[:3])


def service_name(code: str) -> str:
    return str(SERVICES.get(code, code))


def language_name(code: str) -> str:
    """The name of a language in that language, as its speakers look for it."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def hours_of(center: PublishedCenter) -> str:
    in_spanish = (get_language() or "").startswith("es")
    return (center.hours_text_es if in_spanish else "") or center.hours_text
