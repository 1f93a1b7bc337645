"""What of a treatment plan may be told outside: the goals of the plan in force, and what is done for them."""

from django.utils.translation import gettext as _

from stepwell.care.care_plans.models import CarePlan
from stepwell.trust.consent.segments import Content, Looking


def plan(looking: Looking) -> Content:
    """The plan that both signed; a draft is nobody's word yet."""
    found = CarePlan.objects.visible_to(looking.by).whole().active_for(looking.patient)
    if found is None:
        return Content((_("Goal"), _("What is done for it")), ())
    rows = tuple(
        (goal.words, "; ".join(each.description for each in goal.interventions.all()))
        for goal in found.goals.all()
    )
    return Content((_("Goal, in their own words"), _("What is done for it")), rows)
