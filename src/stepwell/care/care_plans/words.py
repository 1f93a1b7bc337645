"""Sentences for what the rules of a plan decide."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from stepwell.care.care_plans.rules.completeness import LEAST_IN_A_FIRST_PLAN, Lack, Lacking


def what_to_do_about(lacking: Lacking) -> str:
    """One thing a draft lacks, as what to do about it."""
    match lacking.lack:
        case Lack.NO_HOURS:
            return _("Say how many hours a week this plan asks for. It must be more than 0.")
        case Lack.NO_GOAL:
            return _("Add at least one goal, in their own words.")
        case Lack.GOAL_WITHOUT_WORDS:
            return _("Goal %(number)s: write it in their own words.") % {"number": lacking.goal}
        case Lack.GOAL_WITHOUT_INTERVENTION:
            return _("Goal %(number)s: say at least one thing that will be done for it.") % {
                "number": lacking.goal
            }
        case Lack.TOO_FEW_INTERVENTIONS:
            return _("A first plan needs at least %(least)s things that will be done.") % {
                "least": LEAST_IN_A_FIRST_PLAN
            }


def all_of(lacking: Iterable[Lacking]) -> list[str]:
    return [what_to_do_about(each) for each in lacking]
