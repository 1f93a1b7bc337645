"""The four kinds of care, as the public reads of them. More care is not better care, so they stand as equals."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepwell.ground.web.charts import Stretch

Words = str | Promise
Day = Sequence[Stretch]

OFF: Day = ()
EVENING: Day = (Stretch(18, 3),)
MORNING: Day = (Stretch(9, 3),)
ALL_DAY: Day = (Stretch(0, 24),)


@dataclass(frozen=True)
class KindOfCare:
    """One kind of care in plain words. `week` is a sample, drawn to scale."""

    slug: str
    name: Words
    hours: Words
    time: Words
    sleep: Words
    people: Words
    fits: Words
    too_little_name: Words
    too_little: Words
    day: Words
    cost: Words
    week: tuple[Day, ...]
    week_sentence: Words


MAY_NOT_BE_ENOUGH = _("May not be enough if")

# Hours a week: below 9 outpatient, 9 to 19 intensive outpatient, for adults (SAMHSA Advisory 2021, "Clinical Issues in
# Intensive Outpatient Treatment for Substance Use Disorders").
KINDS = (
    KindOfCare(
        slug="outpatient",
        name=_("Outpatient"),
        hours=_("1 to 8 hours"),
        time=_("1 or 2 visits a week"),
        sleep=_("At home"),
        people=_("A counselor, and a doctor or nurse if you take medicine"),
        fits=_("You are steady, or stepping down from more care"),
        too_little_name=MAY_NOT_BE_ENOUGH,
        too_little=_("You use most days and cannot stop for long"),
        day=_("You come for an hour after work. You talk with your counselor. You go home."),
        cost=_("Medicaid, Medicare and most health plans pay for it. Ask the center what your part is."),
        week=(OFF, (Stretch(17, 1),), OFF, (Stretch(12, 1),), OFF, OFF, OFF),
        week_sentence=_("Two short visits in one week"),
    ),
    KindOfCare(
        slug="iop",
        name=_("Intensive outpatient (IOP)"),
        hours=_("9 to 19 hours"),
        time=_("3 or more days a week, about 3 hours each"),
        sleep=_("At home. You can keep work, school and family"),
        people=_("A small group, your own counselor, and a doctor or nurse"),
        fits=_("You need real support, and home is safe enough"),
        too_little_name=MAY_NOT_BE_ENOUGH,
        too_little=_("You get very sick when you stop"),
        day=_(
            "You come from 6 to 9 in the evening. You meet with your group. You learn one skill and try it."
        ),
        cost=_("Medicaid, Medicare and most health plans pay for it. Some ask the center for an OK first."),
        week=(EVENING, OFF, EVENING, OFF, EVENING, OFF, OFF),
        week_sentence=_("Three evenings of three hours in one week"),
    ),
    KindOfCare(
        slug="virtual",
        name=_("Virtual IOP"),
        hours=_("9 to 19 hours, by video"),
        time=_("Same as IOP, by secure video"),
        sleep=_("At home"),
        people=_("The same as IOP, on a screen"),
        fits=_("Getting there is hard, and you have a private place"),
        too_little_name=MAY_NOT_BE_ENOUGH,
        too_little=_("You have no private space or steady internet"),
        day=_(
            "You sign in from 9 to 12 in the morning. You see your group by video. No one else is in the room."
        ),
        cost=_("Many health plans pay for it. Ask yours about care by video."),
        week=(OFF, MORNING, MORNING, MORNING, OFF, OFF, OFF),
        week_sentence=_("Three mornings of three hours in one week, by video"),
    ),
    KindOfCare(
        slug="inpatient",
        name=_("Inpatient"),
        hours=_("All day and night"),
        time=_("24 hours a day, often 2 to 4 weeks"),
        sleep=_("At the center"),
        people=_("Nurses day and night, doctors, counselors and a group"),
        fits=_("Home is not safe, or stopping needs medical care"),
        too_little_name=_("Keep in mind"),
        too_little=_("It works best with a plan for what comes next"),
        day=_("You live at the center. The day has groups, meals, rest and time with a nurse."),
        cost=_("Most health plans pay for some of it. They often ask for an OK first."),
        week=(ALL_DAY,) * 7,
        week_sentence=_("All day and night, seven days"),
    ),
)
