"""What the organization we act in asks: its own choice among the instruments kept here, with its licensed words."""

from collections.abc import Mapping

from django.utils.translation import get_language

from stepwell.care.measures import library
from stepwell.care.measures.models import InstrumentUse, LicensedText
from stepwell.care.measures.rules import use
from stepwell.care.measures.rules.use import Decision
from stepwell.care.measures.scoring import Definition

#: The language that every licensed copy must have; another is shown where it is whole.
FIRST_LANGUAGE = "en"


def askable() -> Mapping[str, Definition]:
    """The instruments in use here, by id, without the parts that are not."""
    decisions = said()
    asked_for = {each.instrument for each in decisions if each.is_on}
    withheld = [
        each.id for each in library.instruments().values() if each.is_withheld and each.id in asked_for
    ]
    whole = whole_copies() if withheld else set()
    return {
        each.id: use.without_parts(each, use.parts_off(each, decisions))
        for each in library.instruments().values()
        if use.is_on(each, decisions, whole=whole)
    }


def said() -> list[Decision]:
    return [
        Decision(each.instrument, each.part, each.is_on)
        for each in InstrumentUse.objects.only("instrument", "part", "is_on")
    ]


def whole_copies() -> set[str]:
    """The withheld instruments of which this organization has every word."""
    copies = LicensedText.objects.filter(language=FIRST_LANGUAGE)
    return {
        each.instrument
        for each in copies
        if not use.still_missing(library.instrument(each.instrument), each.wording)
    }


def worded(definition: Definition) -> Definition:
    """With the site's own words where the owner keeps them: in the reader's language where that copy is whole."""
    if not definition.is_withheld:
        return definition
    language = (get_language() or FIRST_LANGUAGE).split("-")[0]
    copies = {each.language: each.wording for each in LicensedText.objects.filter(instrument=definition.id)}
    wanted = copies.get(language)
    if wanted is None or use.still_missing(definition, wanted):
        wanted = copies.get(FIRST_LANGUAGE)
    return definition if wanted is None else use.worded(definition, wanted)
