"""Taking a step: another level of care from a day on, or the end of it, with what it does to the week."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.care.episodes import actions as episodes
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.episodes.rules.levels import Standing, day_after
from stepwell.care.progress import words
from stepwell.care.progress.rules.levels import Wish, objection
from stepwell.care.scheduling.actions import leave_the_week, take_out_of_group
from stepwell.care.scheduling.models import Enrollment
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class Step:
    """What was decided: the level, the day, the reason, and which places in groups end with it."""

    wish: Wish
    places_to_end: frozenset[UUID] = frozenset()
    #: The level that stood on the page when it was decided.
    seen: UUID | None = None


def standing_of(episode: EpisodeOfCare | None) -> Standing | None:
    """Where an episode stands at last; a level that is to begin later counts."""
    if episode is None or not episode.periods:
        return None
    last = episode.periods[-1]
    return Standing(LevelOfCare(last.level), last.starts_on, episode.admitted_on)


def refuse_unless_possible(patient: Patient, step: Step, *, at: datetime) -> None:
    """Raise Refused for a step that could not be taken as things stand now. Changes nothing."""
    episode = EpisodeOfCare.objects.open_for(patient)
    _refuse_unless_possible(patient, episode, step, at=at)


def _refuse_unless_possible(
    patient: Patient, episode: EpisodeOfCare | None, step: Step, *, at: datetime
) -> None:
    standing = standing_of(episode)
    today = patient.center.day_of(at)
    if episode is not None and step.seen is not None and step.seen != episode.periods[-1].pk:
        raise ChangedMeanwhile(
            _("Somebody else changed the level after you opened this page. Look at where it stands now.")
        )
    if found := objection(standing, step.wish, today=today):
        raise Refused(words.refusal(found, standing, patient), field=found[1])


@transaction.atomic
def take_step(patient: Patient, step: Step, *, by: User, at: datetime) -> None:
    """Step care up or down, or end it, and end the places in groups that go with it.

    Each part asks and records by itself, and all of it is done or none. The end of care ends every place and
    cancels every appointment after its last day. The same step twice is harmless.
    """
    require(by, Permission.CHANGE_LEVEL, patient)
    episode = (
        EpisodeOfCare.objects.select_for_update(of=("self",))
        .in_force()
        .filter(patient=patient)
        .order_by("-admitted_on", "-recorded_at")
        .first()
    )
    if episode is not None and _is_taken(episode, step):
        return
    is_open = episode is not None and episode.ended_on is None
    _refuse_unless_possible(patient, episode if is_open else None, step, at=at)
    assert episode is not None
    wish = step.wish
    if wish.to is None:
        episodes.end_episode(episode, because=wish.because, on=wish.on, by=by, at=at)
        leave_the_week(patient, from_day=day_after(wish.on), because=wish.because, at=at)
        return
    episodes.change_level(episode, level=wish.to, because=wish.because, on=wish.on, by=by, at=at)
    today = patient.center.day_of(at)
    # A place cannot end on a day gone by: sessions that were booked then are facts by now.
    ends_on = max(wish.on, today)
    places = Enrollment.objects.from_day(ends_on).filter(patient=patient, pk__in=step.places_to_end)
    for place in places:
        take_out_of_group(place, ends_on=ends_on, because=wish.because, by=by, at=at)


def _is_taken(episode: EpisodeOfCare, step: Step) -> bool:
    """Whether this very step was taken already: the second click of a double one."""
    wish = step.wish
    if wish.to is None:
        return episode.ended_on == wish.on and episode.ended_because == wish.because.strip()[:200]
    if episode.ended_on is not None or not episode.periods:
        return False
    last = episode.periods[-1]
    return (
        last.pk != step.seen
        and last.level == wish.to
        and last.starts_on == wish.on
        and last.because == wish.because.strip()
    )
