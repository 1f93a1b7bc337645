"""What people read of a step: the levels by name, what was refused, what follows, and words for the patient."""

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.episodes import words as of_episodes
from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.rules import levels as of_episode
from stepwell.care.episodes.rules.levels import Standing
from stepwell.care.progress.rules.levels import FURTHEST_AHEAD, Consequence, Direction, Objection, Refusal
from stepwell.trust.people.models import Patient

LEVELS = {
    LevelOfCare.OUTPATIENT: gettext_lazy("Outpatient"),
    LevelOfCare.MEDICAL_OUTPATIENT: gettext_lazy("Outpatient, medical"),
    LevelOfCare.INTENSIVE_OUTPATIENT: gettext_lazy("IOP"),
    LevelOfCare.HIGH_INTENSITY_OUTPATIENT: gettext_lazy("Day program"),
    LevelOfCare.MEDICAL_INTENSIVE_OUTPATIENT: gettext_lazy("Day program, medical"),
    LevelOfCare.LOW_INTENSITY_RESIDENTIAL: gettext_lazy("Residential, low"),
    LevelOfCare.HIGH_INTENSITY_RESIDENTIAL: gettext_lazy("Residential, high"),
    LevelOfCare.MEDICAL_RESIDENTIAL: gettext_lazy("Residential, medical"),
    LevelOfCare.INPATIENT: gettext_lazy("Inpatient"),
}

# The hours of a week, as in ``rules.levels.WEEKLY_HOURS``.
HOURS = {
    LevelOfCare.OUTPATIENT: gettext_lazy("under 9 hours a week"),
    LevelOfCare.INTENSIVE_OUTPATIENT: gettext_lazy("9 to 19 hours a week"),
    LevelOfCare.HIGH_INTENSITY_OUTPATIENT: gettext_lazy("20 hours a week or more"),
    LevelOfCare.MEDICAL_INTENSIVE_OUTPATIENT: gettext_lazy("20 hours a week or more"),
}


def level_with_hours(level: LevelOfCare) -> str:
    """IOP (2.1), 9 to 19 hours a week."""
    named = f"{LEVELS[level]} ({level.value})"
    return f"{named}, {HOURS[level]}" if level in HOURS else named


def refusal(found: Refusal, standing: Standing | None, patient: Patient) -> str:
    why, _field = found
    if isinstance(why, of_episode.Objection):
        assert standing is not None
        return of_episodes.refusal_to_change(why, standing)
    return {
        Objection.NOT_IN_CARE: _("%(name)s is not in care now."),
        Objection.TOO_FAR_AHEAD: _("Choose a day within the next %(days)s days."),
    }[why] % {"name": patient.called, "days": FURTHEST_AHEAD.days}


CONSEQUENCES = {
    Consequence.PLAN_ASKS_OTHER_HOURS: gettext_lazy(
        "The plan asks for hours that belong to another level. Revise it together; until then it stays as it is."
    ),
    Consequence.PLAN_AWAITS_SIGNATURES: gettext_lazy(
        "A plan still awaits signatures. Look whether it fits before anyone signs."
    ),
    Consequence.NO_PLAN: gettext_lazy("There is no plan in force. Write one for this level."),
    Consequence.PLACES_END: gettext_lazy(
        "The places in groups named here end, and their booked sessions are cancelled."
    ),
    Consequence.PLACES_STAY: gettext_lazy("The other places in groups stay as they are."),
    Consequence.APPOINTMENTS_END: gettext_lazy("Every booked appointment after the last day is cancelled."),
    Consequence.MEDICATION_GOES_ON: gettext_lazy(
        "Medication is still prescribed here, and does not end by itself. "
        "Settle with the prescriber who goes on with it."
    ),
    Consequence.MEASURES_OPEN: gettext_lazy(
        "Measures are still open, and do not close by themselves. Look whether they are still to be answered."
    ),
    Consequence.CARE_TEAM_ENDS: gettext_lazy(
        "The chart closes to the care team with the last day. It stays open to the counselor, to finish what is "
        "to be written; whoever held a visit or a group can still sign its notes."
    ),
}


def title(way: Direction) -> str:
    return {
        Direction.DOWN: _("Step down"),
        Direction.UP: _("Step up"),
        Direction.END: _("End care"),
    }[way]


def for_the_patient(way: Direction, to: LevelOfCare | None, on: date) -> list[str]:
    """What to tell the person, kindly and plainly, in the language that is active."""
    day = formats.date_format(on, "MONTH_DAY_FORMAT")
    if way is Direction.END or to is None:
        return [
            _("Your time in this program ends on %(day)s.") % {"day": day},
            _("You can come back at any time. You do not need a reason."),
            _("After a break your body is less used to opioids. Keep naloxone with you."),
            _("If things get hard, call us. Day or night, you can call or text 988."),
        ]
    hours = {"day": day, "hours": HOURS.get(to, LEVELS[to])}
    if way is Direction.DOWN:
        return [
            _("From %(day)s you come here for fewer hours: %(hours)s.") % hours,
            _("Your team stays with you. You still have a place here."),
            _("If it gets harder, tell us. You can have more hours again."),
        ]
    return [
        _("From %(day)s you come here for more hours: %(hours)s.") % hours,
        _("You did nothing wrong. This is more support for a while."),
        _("We look at it together again soon."),
    ]
