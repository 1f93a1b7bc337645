"""What of questionnaires may be told outside: the scores of those finished. Single answers and check-ins stay here."""

from django.utils.translation import gettext as _

from stepwell.care.measures.models import Response
from stepwell.care.measures.rules import trends
from stepwell.trust.consent.segments import Content, Looking


def measures(looking: Looking) -> Content:
    """Each finished questionnaire, newest first, with its scores and their range."""
    rows = []
    found = Response.objects.visible_to(looking.by).completed().filter(patient=looking.patient)
    for one in found.filter(completed_at__gte=looking.from_moment).order_by("-completed_at"):
        definition = one.definition
        scores = [
            f"{score.id.replace('_', ' ').capitalize()}: {value}, {trends.range_in_words(definition, score.id)}"
            for score in definition.scores
            if (value := one.score_of(score.id)) is not None
        ]
        if scores and one.completed_at:
            rows.append((looking.on(one.completed_at), definition.short_title, "\n".join(scores)))
    return Content((_("Day"), _("Questionnaire"), _("Scores")), tuple(rows))
