"""What stands on a day of every trend: changes of level, words of staff, and what the rooms above tell us.

They may not be asked: so each says, when it starts, what it knows, and to whom it may be shown.
"""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import LevelOfCarePeriod
from stepwell.care.measures.charts import Happened
from stepwell.care.measures.models import Annotation
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient

Tells = Callable[[Patient, User], Iterable[Happened]]

_tells: list[Tells] = []


def tell_what_happened(tells: Tells) -> None:
    _tells.append(tells)


def happened_to(patient: Patient, *, reader: User) -> tuple[Happened, ...]:
    """First to last, as far as this reader may see it."""
    found = [*_levels(patient), *_words(patient)]
    for tells in _tells:
        found += tells(patient, reader)
    return tuple(sorted(found, key=lambda each: (each.on, each.words)))


def _levels(patient: Patient) -> Iterable[Happened]:
    periods = LevelOfCarePeriod.objects.in_force().filter(patient=patient).order_by("starts_on")
    for level, starts_on in periods.values_list("level", "starts_on"):
        yield Happened(starts_on, _("%(level)s begins") % {"level": LevelOfCare(level).short})


def _words(patient: Patient) -> Iterable[Happened]:
    written = Annotation.objects.in_force().filter(patient=patient).select_related("recorded_by")
    for each in written:
        yield Happened(each.on, each.words, str(each.recorded_by))
