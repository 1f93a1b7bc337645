"""What of an episode may be told outside: from when to when, and what kind of care it was."""

from django.utils.translation import gettext as _

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.trust.consent.segments import Content, Looking, day_in_words


def episodes(looking: Looking) -> Content:
    """Each stretch at one level of care, newest first. Why it changed is not part of it."""
    rows = []
    found = EpisodeOfCare.objects.visible_to(looking.by).in_force().filter(patient=looking.patient)
    for episode in found.with_levels().order_by("-admitted_on"):
        for period in reversed(episode.periods):
            if looking.since and period.ends_on and period.ends_on <= looking.since:
                continue
            level = LevelOfCare(period.level)
            until = day_in_words(period.ends_on) if period.ends_on else _("now")
            rows.append((day_in_words(period.starts_on), until, f"{level.in_words} ({level.value})"))
    return Content((_("From"), _("Until"), _("Kind of care")), tuple(rows))
