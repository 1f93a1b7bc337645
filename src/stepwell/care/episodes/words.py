"""What the screen says when an admission, a change of level or a step of a referral is refused."""

from django.utils import formats
from django.utils.translation import gettext as _

from stepwell.care.episodes.rules import admission, levels, planned_end
from stepwell.care.episodes.rules.life_cycle import NotNow, Status
from stepwell.trust.people.models import Patient


def refusal_to_admit(
    objection: admission.Objection, patient: Patient, assessed: admission.Assessed | None
) -> str:
    said = {
        admission.Objection.IN_CARE: _("%(name)s is in care already. Change the level there."),
        admission.Objection.NO_REFERRAL: _("There is no open referral for %(name)s. Take one first."),
        admission.Objection.REFERRAL_NOT_OPEN: _(
            "The referral of %(name)s is not open any more. Take a new one first."
        ),
        admission.Objection.NOT_ASSESSED: _(
            "No level-of-care assessment of %(name)s is signed yet. Screen and sign it first."
        ),
        admission.Objection.ASSESSMENT_BEFORE_LAST_END: _(
            "The assessment was signed before the last episode ended. Needs may have changed: screen again."
        ),
        admission.Objection.ASSESSMENT_TOO_OLD: _(
            "The assessment is more than %(days)s days old. Needs may have changed: screen again."
        ),
        admission.Objection.ANOTHER_LEVEL: _(
            "The signed assessment settled on %(level)s. Admit at that level."
        ),
        admission.Objection.NOT_OUTPATIENT: _(
            "%(level)s care is not given here. Close the referral, and say where %(name)s goes."
        ),
        admission.Objection.NO_REASON: _("Say why this level, in a sentence."),
    }
    return said[objection] % {
        "name": patient.called,
        "level": assessed.level.short if assessed else "",
        "days": admission.ASSESSMENT_LASTS.days,
    }


def refusal_to_change(objection: levels.Objection, standing: levels.Standing) -> str:
    said = {
        levels.Objection.NO_REASON: _("Say why, in a sentence."),
        levels.Objection.SAME_LEVEL: _("The level is %(level)s already. Choose another."),
        levels.Objection.BEFORE_ADMISSION: _("Choose a day from the admission on, %(admitted)s."),
        levels.Objection.BEFORE_THIS_LEVEL_BEGAN: _(
            "%(level)s began on %(since)s. Choose that day or a later one."
        ),
        levels.Objection.IN_THE_FUTURE: _("Choose today or an earlier day."),
    }
    return said[objection] % {
        "level": standing.level.short,
        "since": formats.date_format(standing.since, "M j"),
        "admitted": formats.date_format(standing.admitted_on, "M j"),
    }


def refusal_to_plan_the_end(objection: planned_end.Objection) -> str:
    return {
        planned_end.Objection.NOT_AFTER_ADMISSION: _("Choose a day after the day of admission."),
        planned_end.Objection.GONE_BY: _("Choose today or a later day."),
        planned_end.Objection.TOO_FAR: _("Choose a day within two years."),
        planned_end.Objection.NO_REASON: _("Say why it changes, in a sentence."),
        planned_end.Objection.SAME_DAY: _("That stands already. Choose another day."),
    }[objection]


def refusal_to_move(refusal: NotNow) -> str:
    return {
        Status.RECEIVED: _("No intake is booked for this referral."),
        Status.BOOKED: _("An intake is booked already."),
        Status.ADMITTED: _("This referral has led to an admission already."),
        Status.CLOSED: _("This referral is closed. Take a new one."),
    }[refusal.status]
