"""Finding people by name: those who may be the one described, and those whose name was typed into a search.

Row-level security keeps the database from using a trigram index for whoever it guards against, so functions in the
database (migrations 0004 and 0007) look as the owner of the tables, past the wall, and ask the same setting that the
wall asks. They give keys only. What a reader may see of these is decided where everything is: by ``visible_to``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit import clock
from stepwell.trust.access import Permission
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import CareTeamMember, Patient, stands_for
from stepwell.trust.people.rules.likeness import Described, Likeness, Reason, births_near, likeness, plain
from stepwell.trust.people.rules.nicknames import forms_of
from stepwell.trust.people.rules.typed import LETTERS, Typed, nearness, read

MOST_LOOKED_AT = 60
MOST_SHOWN = 5
MOST_FOUND = 30
#: With fewer than this found as spelled, those spelled nearly so are shown as well.
FEW = 5
MOST_FORMS = 4


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


@dataclass(frozen=True)
class Found:
    """Somebody who was found, and by what when their name alone does not say it."""

    patient: Patient
    is_own: bool = False
    by_former_name: bool = False
    by_sound: bool = False


def people_found(typed: Typed, reader: User) -> list[Found]:
    """Who was meant, of those in sight: the reader's own people first, then the name that answers best.

    Where a name is typed and a birth date or number beside it, both must fit.
    """
    seen = Patient.objects.visible_to(reader, Permission.SEE_DIRECTORY).select_related("center")
    centers = _centers(reader)
    if not typed.says_enough or centers == []:
        return []
    if typed.born_on is not None:
        seen = seen.filter(born_on=typed.born_on)
    own = _own_people(reader)
    if not typed.words:
        return _found_by_number(typed, seen, centers, own)
    former = stands_for()
    keys = _called(typed.words, centers, [*own, *(old for old, new in former.items() if new in own)])
    found = _named(typed, keys, seen, own, former)
    if len(found) < FEW:
        near = _named(typed, _sounding(typed.words, centers, own), seen, own, former, by_sound=True)
        known = {one.patient.pk for one in found}
        found += [one for one in near if one.patient.pk not in known]
    by_number = seen.filter(record_number__in={typed.whole, typed.whole.upper(), typed.whole.lower()})
    named = [Found(patient, patient.pk in own) for patient in by_number]
    return [*named, *(one for one in found if one.patient not in by_number)][:MOST_FOUND]


def people_called(typed: str, reader: User) -> list[Patient]:
    """The same, for whoever needs no more than the people."""
    return [one.patient for one in people_found(read(typed, clock.now().date()), reader)]


def _named(
    typed: Typed,
    keys: Iterable[UUID],
    seen: QuerySet[Patient],
    own: set[UUID],
    former: dict[UUID, UUID],
    *,
    by_sound: bool = False,
) -> list[Found]:
    """Of these keys whoever is in sight and answers to the words; a merged record stands for the one that is left."""
    keys = list(keys)
    stands = {key: former.get(key, key) for key in keys}
    patients = {patient.pk: patient for patient in seen.filter(pk__in=set(stands.values()))}
    old_names = [key for key in keys if key in former and former[key] in patients]
    old = {one.pk: one for one in Patient.objects.filter(pk__in=old_names)} if old_names else {}
    ranked: dict[UUID, tuple[tuple[Any, ...], Found]] = {}
    for key, stand in stands.items():
        if (patient := patients.get(stand)) is None:
            continue
        named = old.get(key, patient)
        near = nearness(typed.words, named.first_name, named.last_name, named.chosen_name)
        if not near:
            continue
        found = Found(patient, stand in own, by_former_name=key in former, by_sound=by_sound)
        rank = (
            not found.is_own,
            -near,
            found.by_former_name,
            patient.last_name,
            patient.first_name,
            str(stand),
        )
        if stand not in ranked or rank < ranked[stand][0]:
            ranked[stand] = rank, found
    return [found for _rank, found in sorted(ranked.values(), key=lambda each: each[0])]


def _found_by_number(
    typed: Typed, seen: QuerySet[Patient], centers: list[UUID] | None, own: set[UUID]
) -> list[Found]:
    """By birth date alone, by the last digits of a telephone number, or by the number of a record."""
    if typed.digits:
        by_record = Q(record_number__in={typed.whole, typed.digits})
        seen = seen.filter(Q(pk__in=_reached(typed.digits, centers)) | by_record)
    patients = sorted(
        seen[:MOST_LOOKED_AT], key=lambda one: (one.pk not in own, one.last_name, one.first_name)
    )
    return [Found(patient, patient.pk in own) for patient in patients[:MOST_FOUND]]


def _centers(reader: User) -> list[UUID] | None:
    """At which centers this reader may see who is there; None for every one. The directory opens by center alone."""
    standings = standing(reader, Permission.SEE_DIRECTORY)
    if Relation.CENTER not in standings:
        return []
    centers = standings[Relation.CENTER]
    return None if centers is None else sorted(centers)


def _own_people(reader: User) -> set[UUID]:
    places = CareTeamMember.objects.current().filter(practitioner__user=reader)
    return set(places.values_list("patient", flat=True))


def _called(words: Sequence[str], centers: list[UUID] | None, own: list[UUID]) -> list[UUID]:
    """Of whose name each word is a part. A word of one or two letters must begin a part, for the index's sake."""
    longest, *others = sorted(words, key=len, reverse=True)
    return _keys(
        "stepwell_people_called(%s, %s, %s::text[], %s::uuid[], %s::uuid[], %s)",
        [
            _pattern(longest),
            f"{longest}%",
            [_pattern(word) for word in others],
            centers,
            own,
            MOST_LOOKED_AT * 5,
        ],
    )


def _pattern(word: str) -> str:
    return f"%{word}%" if len(word) > LETTERS else f"% {word}%"


def _sounding(words: Sequence[str], centers: list[UUID] | None, own: set[UUID]) -> list[UUID]:
    """Whose name is spelled nearly so, or is short for it."""
    longest = max(words, key=len)
    keys: list[UUID] = []
    for form in sorted(forms_of(longest), key=lambda form: form != longest)[:MOST_FORMS]:
        keys += _keys(
            "stepwell_people_sounding(%s, %s::uuid[], %s::uuid[], %s)",
            [form, centers, list(own), MOST_LOOKED_AT * 2],
        )
    return list(dict.fromkeys(keys))


def _reached(digits: str, centers: list[UUID] | None) -> list[UUID]:
    # A number of this country is typed with its 1 or without.
    ending = digits[-10:] if len(digits) == 11 and digits.startswith("1") else digits
    return _keys("stepwell_people_reached(%s, %s::uuid[], %s)", [ending, centers, MOST_LOOKED_AT])


def _keys(called: str, given: list[Any]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {called}", given)  # noqa: S608 - the name is one of those above
        return [key for (key,) in cursor.fetchall()]
