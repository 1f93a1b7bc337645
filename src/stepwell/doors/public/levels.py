"""The kinds of care, as the public reads of them. More care is not better care, so they stand as equals.

Where a fact comes from stands beside it, labelled as in the level-of-care table: V read in the source named, K
professional knowledge not read again. Where programs differ, the page says "often" and what to ask.
"""

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
MOST_OF_A_DAY: Day = (Stretch(9, 3), Stretch(13, 2))
ALL_DAY: Day = (Stretch(0, 24),)


@dataclass(frozen=True)
class KindOfCare:
    """One kind of care in plain words. `week` is a sample, drawn to scale."""

    slug: str
    name: Words
    short: Words
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
    # Its own page.
    lede: Words
    suits: tuple[Words, ...]
    not_enough: tuple[Words, ...]
    home: tuple[Words, ...]
    work: tuple[Words, ...]
    medicine: tuple[Words, ...]
    facts: tuple[tuple[Words, Words], ...]
    ask_cost: tuple[Words, ...]
    # The answer of the private check.
    starts: Words = ""
    at_least: Words = ""


MAY_NOT_BE_ENOUGH = _("May not be enough if")
IN_CARE, GROUP, ONE_TO_ONE, HOW_LONG = _("In care"), _("Group"), _("One to one"), _("How long")
WHAT_IS_MY_PART = _("What will I pay for one visit, and for one week?")
DO_YOU_TAKE = _("Do you take my health plan? Do you need its OK first?")
IF_I_CANNOT_PAY = _("What if I cannot pay? Is there a lower price?")
HOW_MANY_WEEKS = _("How many weeks does my plan pay for?")
MEDICINE_FITS = _(
    "Medicine for opioid or alcohol use fits with this care. You can ask for it at the first visit."
)
NEED_NOT_STOP_IT = _("If you take methadone or buprenorphine, you do not have to stop it to come here.")

# Hours a week, for adults: below 9 outpatient, 9 to 19 intensive outpatient (V: SAMHSA Advisory 2021, "Clinical Issues
# in Intensive Outpatient Treatment for Substance Use Disorders"); 20 or more a day program (V: Noridian, on 42 CFR
# 410.43). Three hours on three days is what most programs do; 8 to 16 weeks, and fewer days a week toward the end (K:
# TIP 47). Nobody is excluded for taking medicine for opioid use (K: ADA guidance of the Department of Justice, 2022).
KINDS = (
    KindOfCare(
        slug="outpatient",
        name=_("Outpatient"),
        short=_("Outpatient"),
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
        lede=_(
            "You live at home and come once or twice a week. You talk with a counselor, alone or in a group."
        ),
        suits=(
            _("You have days without drinking or drugs."),
            _("You feel well enough to get through the week."),
            _("You did more care before and want to keep going."),
            _("You mostly want medicine, with a visit now and then."),
        ),
        not_enough=(
            _("You use on most days and cannot stop for long."),
            _("You get sick when you stop."),
            _("You tried weekly visits and they did not help enough."),
        ),
        home=(
            _("You stay at home and keep your days as they are."),
            _("You need an hour or two a week, and a way to get there or a phone."),
        ),
        work=(
            _("Most people keep their work or school."),
            _("Ask for early, late or lunch hours."),
        ),
        medicine=(MEDICINE_FITS, NEED_NOT_STOP_IT),
        facts=(
            (IN_CARE, _("1 to 8 hours a week, often 1 or 2")),
            (ONE_TO_ONE, _("Up to an hour with your counselor")),
            (GROUP, _("If you want one")),
            (HOW_LONG, _("As long as it helps, often months")),
        ),
        ask_cost=(DO_YOU_TAKE, WHAT_IS_MY_PART, IF_I_CANNOT_PAY),
        starts=_("Outpatient care looks like a good place to start"),
        at_least=_("Outpatient care or more, from what you told us"),
    ),
    KindOfCare(
        slug="iop",
        name=_("Intensive outpatient (IOP)"),
        short=_("Intensive outpatient"),
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
        lede=_("You live at home and come 3 or more days a week, about 3 hours each time."),
        suits=(
            _("You use on most days, and weekly visits are too little."),
            _("You feel low or worried on most days."),
            _("You have a place to sleep that is safe enough."),
            _("You are leaving a hospital or a live-in program."),
        ),
        not_enough=(
            _("You get very sick, or had a seizure, when you stopped."),
            _("You are not safe where you sleep."),
            _("You cannot do your daily things at all."),
        ),
        home=(
            _("You sleep at home and are away for about 9 hours a week, plus the way there."),
            _("You may need child care on those days. Ask if the center has it."),
            _("It helps when the people at home know when you are in group."),
        ),
        work=(
            _("Many programs meet in the morning or in the evening, so you can keep your work."),
            _("A law (FMLA) lets many workers take time off for treatment and keep their job."),
        ),
        medicine=(MEDICINE_FITS, NEED_NOT_STOP_IT),
        facts=(
            (IN_CARE, _("9 to 19 hours a week, often 9")),
            (GROUP, _("Most of the time, often 8 to 12 people")),
            (ONE_TO_ONE, _("Often 1 hour a week with your counselor")),
            (HOW_LONG, _("Often 8 to 16 weeks, then fewer days")),
        ),
        ask_cost=(DO_YOU_TAKE, WHAT_IS_MY_PART, HOW_MANY_WEEKS, IF_I_CANNOT_PAY),
        starts=_("Intensive outpatient looks like a good place to start"),
        at_least=_("Intensive outpatient or more, from what you told us"),
    ),
    KindOfCare(
        slug="virtual",
        name=_("Virtual IOP"),
        short=_("Virtual IOP"),
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
        lede=_("The same hours and the same kind of group as IOP, by secure video from a private place."),
        suits=(
            _("It is far to a center, or hard to get there."),
            _("You care for someone and cannot leave for hours."),
            _("You have a room with a door, and steady internet."),
        ),
        not_enough=(
            _("Others can hear you where you live."),
            _("Your internet or your phone often fails."),
            _("You get very sick, or had a seizure, when you stopped."),
        ),
        home=(
            _("You need a private place 3 times a week. A parked car can be one."),
            _("What is said in group stays there. No one else may listen."),
            _("Use headphones. Turn off smart speakers."),
        ),
        work=(
            _("There is no way to travel, so it takes less of your day."),
            _("The program must be allowed to work in the state where you are."),
        ),
        medicine=(
            _("Many kinds of medicine can be ordered by video. Shots need a visit."),
            NEED_NOT_STOP_IT,
        ),
        facts=(
            (IN_CARE, _("9 to 19 hours a week, by video")),
            (GROUP, _("Most of the time, often 8 to 12 people")),
            (ONE_TO_ONE, _("Often 1 hour a week with your counselor")),
            (HOW_LONG, _("Often 8 to 16 weeks, then fewer days")),
        ),
        ask_cost=(
            _("Does my plan pay for care by video, and for this many hours?"),
            WHAT_IS_MY_PART,
            IF_I_CANNOT_PAY,
        ),
    ),
    KindOfCare(
        slug="day",
        name=_("Day program"),
        short=_("Day program"),
        hours=_("20 or more hours"),
        time=_("4 or 5 days a week, most of the day"),
        sleep=_("At home"),
        people=_("Counselors, nurses, and a doctor for your mood or your body"),
        fits=_("You need care most days, and can sleep at home safely"),
        too_little_name=MAY_NOT_BE_ENOUGH,
        too_little=_("You need a nurse at night, or home is not safe"),
        day=_("You come from 9 to 12 and from 1 to 3. You have groups, lunch and time with a nurse."),
        cost=_("Most health plans pay for it. They often ask for an OK first."),
        week=(MOST_OF_A_DAY,) * 5 + (OFF, OFF),
        week_sentence=_("Five hours a day, from Monday to Friday"),
        lede=_("You sleep at home and spend most of the day at the center, 4 or 5 days a week."),
        suits=(
            _("You feel so bad that you cannot do your daily things."),
            _("A nurse or a doctor should see you most days."),
            _("You are leaving a hospital and need more than IOP."),
        ),
        not_enough=(
            _("You need a nurse at night."),
            _("You are not safe where you sleep."),
            _("You had a seizure when you stopped before."),
        ),
        home=(
            _("You sleep at home, and need someone or some place that is safe at night."),
            _("You may need child care in the daytime."),
        ),
        work=(
            _("Most people take time off from work or school for some weeks."),
            _("A law (FMLA) lets many workers take time off for treatment and keep their job."),
        ),
        medicine=(
            _("A nurse is there in the daytime. Medicine can be started and changed with care."),
            NEED_NOT_STOP_IT,
        ),
        facts=(
            (IN_CARE, _("20 hours or more a week")),
            (GROUP, _("Several groups a day")),
            (ONE_TO_ONE, _("A counselor, a nurse and a doctor")),
            (HOW_LONG, _("Often 2 to 6 weeks, then IOP")),
        ),
        ask_cost=(DO_YOU_TAKE, WHAT_IS_MY_PART, HOW_MANY_WEEKS, IF_I_CANNOT_PAY),
        starts=_("A day program looks like a good place to start"),
        at_least=_("A day program or more, from what you told us"),
    ),
    KindOfCare(
        slug="inpatient",
        name=_("Inpatient"),
        short=_("Inpatient"),
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
        lede=_("You live at the center for some weeks. Somebody is there day and night."),
        suits=(
            _("Stopping needs medical care, day and night."),
            _("You are not safe where you sleep."),
            _("You tried care at home and could not stay safe."),
        ),
        not_enough=(
            _("It is only a start. Book the next step before you leave."),
            _("After it, the same amount as before can be too much. Carry naloxone."),
        ),
        home=(
            _("You are away from home. Someone may need to care for your children or pets."),
            _("Ask when family may call or visit, and if you keep your phone."),
        ),
        work=(
            _("You need time off. Ask for a note that does not say why."),
            _("A law (FMLA) lets many workers take time off for treatment and keep their job."),
        ),
        medicine=(
            _("Nurses can make stopping safer with medicine."),
            _("Ask if they start medicine for opioid or alcohol use, and how you get it when you leave."),
            NEED_NOT_STOP_IT,
        ),
        facts=(
            (IN_CARE, _("Day and night")),
            (GROUP, _("Several groups a day")),
            (ONE_TO_ONE, _("A counselor, nurses and a doctor")),
            (HOW_LONG, _("Often 2 to 4 weeks, then a step down")),
        ),
        ask_cost=(
            DO_YOU_TAKE,
            _("How many days does my plan pay for?"),
            _("What else costs money: medicine, tests, the way there?"),
            IF_I_CANNOT_PAY,
        ),
        starts=_("Inpatient care looks like the safest place to start"),
        at_least=_("Inpatient care, from what you told us"),
    ),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}
