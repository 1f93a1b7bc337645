"""Finding people by name: those who may be the one described, and those whose name was typed into a search.

Row-level security keeps the database from using a trigram index for whoever it guards against, so two functions in the
database (migration 0004) look as the owner of the tables, past the wall, and ask the same setting that the wall asks.
They give keys only. What a reader may see of these is decided where everything is: by ``visible_to``.
"""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient
from stepwell.trust.people.rules.likeness import Described, Likeness, Reason, births_near, likeness, plain
from stepwell.trust.people.rules.nicknames import forms_of

MOST_LOOKED_AT = 60
MOST_SHOWN = 5
MOST_FOUND = 30


@dataclass(frozen=True)
class Match:
    patient: Patient
    likeness: Likeness

    @property
    def because(self) -> str:
        """What speaks for it and against it, in words."""
        said = ", ".join(str(IN_WORDS[reason]) for reason in self.likeness.reasons)
        return said[:1].upper() + said[1:]


IN_WORDS = {
    Reason.SAME_NAME: _("same name"),
    Reason.SWAPPED: _("first and last name swapped"),
    Reason.SAME_FIRST: _("same first name"),
    Reason.FIRST_SHORT: _("one first name is short for the other"),
    Reason.FIRST_SPELLED: _("first name spelled differently"),
    Reason.FIRST_INITIAL: _("first name with the same initial"),
    Reason.SAME_LAST: _("same last name"),
    Reason.LAST_SHARED: _("one of two last names is the same"),
    Reason.LAST_SPELLED: _("last name spelled differently"),
    Reason.SAME_BIRTH: _("same date of birth"),
    Reason.BIRTH_NEAR: _("date of birth differs by one slip of the pen"),
    Reason.OTHER_BIRTH: _("another date of birth"),
    Reason.SAME_PHONE: _("same phone number"),
    Reason.SAME_EMAIL: _("same e-mail"),
}


def described(patient: Patient) -> Described:
    return Described(
        first=patient.first_name,
        last=patient.last_name,
        chosen=patient.chosen_name,
        middle=patient.middle_name,
        born_on=patient.born_on,
        phone=patient.phone,
        email=patient.email,
    )


def people_alike(person: Described, reader: User, *, besides: Patient | None = None) -> list[Match]:
    """People already known who may be this one, the likeliest first, of those whom this reader may see."""
    keys = _alike(person)
    seen = Patient.objects.visible_to(reader, Permission.SEE_DIRECTORY).filter(pk__in=keys)
    if besides is not None:
        seen = seen.exclude(pk=besides.pk)
    matches = [Match(known, likeness(person, described(known))) for known in seen]
    worth = [match for match in matches if match.likeness.is_worth_asking]
    worth.sort(key=lambda match: (-match.likeness.score, match.patient.name, str(match.patient.pk)))
    return worth[:MOST_SHOWN]


def _alike(person: Described) -> list[object]:
    births = [] if person.born_on is None else [person.born_on, *births_near(person.born_on)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM stepwell_people_alike(%s::text[], %s::date[], %s, %s, %s)",
            [_names(person), births, person.phone, person.email, MOST_LOOKED_AT],
        )
        return [key for (key,) in cursor.fetchall()]


def _names(person: Described) -> list[str]:
    """The whole name in every form to look under: the given one, the chosen one, and what these are short for."""
    last = " ".join(plain(person.last))
    given = {" ".join(plain(name)) for name in (person.first, person.chosen)} - {""}
    forms = {form for name in given for form in forms_of(name)}
    return sorted({f"{form} {last}".strip() for form in forms})


def people_called(typed: str, reader: User) -> list[Patient]:
    """People of whom each typed word is part of the name, or whose record number this is; of those in sight."""
    seen = Patient.objects.visible_to(reader, Permission.SEE_DIRECTORY).select_related("center")
    words = sorted(plain(typed)[:6], key=len, reverse=True)
    if not words:
        return []
    patterns = [f"%{word}%" for word in words]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM stepwell_people_called(%s, %s::text[], %s)",
            [patterns[0], patterns[1:], MOST_LOOKED_AT * 10],
        )
        keys = [key for (key,) in cursor.fetchall()]
    by_number = seen.filter(record_number__iexact=typed.strip()) if len(words) == 1 else seen.none()
    return list((seen.filter(pk__in=keys) | by_number).order_by("last_name", "first_name")[:MOST_FOUND])
