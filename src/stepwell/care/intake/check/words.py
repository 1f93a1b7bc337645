"""How the check asks, and how it says what an answer means. Kept apart from the rules, which know no language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepwell.care.intake.check.rules import Asked, Danger, Holds

Words = str | Promise


@dataclass(frozen=True)
class Choice:
    """One answer: as it is offered, as it is said back, what it means for the result, and "It would fit if …"."""

    label: Words
    said: Words = ""
    why: Mapping[Holds, Words] = field(default_factory=dict)
    if_so: Words = ""


@dataclass(frozen=True)
class Questioned:
    asks: Words
    short: Words
    hint: Words
    because: Words
    choices: Mapping[str, Choice]


CHOOSE_ALL = _("Choose all that are true.")
LOW_ON_DAYS = _("Seeing people several days a week helps while you feel this way.")
SEVERAL_DAYS = _(
    "Weekly visits are often too little for this. Several days a week give you support between hard moments."
)
BUILD_ON = _("You have days without it. Weekly visits can build on them.")

QUESTIONS: Mapping[Asked, Questioned] = {
    Asked.NOW: Questioned(
        asks=_("Is any of this happening right now?"),
        short=_("Right now"),
        hint=_("Choose all that are true. If one is, we show you who to call."),
        because=_("Some things cannot wait for a visit."),
        choices={
            "overdose": Choice(_("Someone may be overdosing, or will not wake up")),
            "seizure": Choice(_("A seizure today")),
            "unreal": Choice(_("Seeing or hearing things that are not there, or being very confused")),
            "sick": Choice(_("Very sick from stopping: hard shaking, a fever or a racing heart")),
            "body": Choice(_("Chest pain or trouble breathing")),
            "bleeding": Choice(_("Pregnant and bleeding")),
            "life": Choice(_("Thoughts of ending my life")),
            "hurt": Choice(_("Someone may get hurt: me, or a person near me")),
            "none": Choice(_("None of these")),
        },
    ),
    Asked.USE: Questioned(
        asks=_("What do you use?"),
        short=_("What you use"),
        hint=_("Choose all that you used in the last 3 months."),
        because=_("Some things are dangerous to stop. Some have medicine that helps."),
        choices={
            "alcohol": Choice(_("Alcohol")),
            "opioid": Choice(_("Heroin, fentanyl or pain pills (opioids)")),
            "benzodiazepine": Choice(_("Benzos or sleep pills, such as Xanax or Valium")),
            "stimulant": Choice(_("Cocaine, meth or other stimulants")),
            "cannabis": Choice(_("Marijuana (cannabis)")),
            "ghb": Choice(_("GHB (“G”)")),
            "other": Choice(_("Something else, or I am not sure")),
            "none": Choice(_("Nothing now")),
        },
    ),
    Asked.OFTEN: Questioned(
        asks=_("How often do you use?"),
        short=_("How often"),
        hint=_("Think of the last month, and of what you use most."),
        because=_("It tells how much support may help."),
        choices={
            "never": Choice(
                _("Never, or less than once a month"),
                _("You use less than once a month"),
                {Holds.ALLOWS: _("A weekly visit can be enough to keep it that way.")},
                _("you used less than once a month"),
            ),
            "monthly": Choice(
                _("1 to 3 days a month"),
                _("You use on 1 to 3 days a month"),
                {Holds.ALLOWS: BUILD_ON, Holds.ASKS: SEVERAL_DAYS},
                _("you used on 1 to 3 days a month"),
            ),
            "weekly": Choice(
                _("1 to 3 days a week"),
                _("You use on 1 to 3 days a week"),
                {Holds.ALLOWS: BUILD_ON, Holds.ASKS: SEVERAL_DAYS},
                _("you used on 1 to 3 days a week"),
            ),
            "most": Choice(
                _("Most days"),
                _("You use on most days"),
                {Holds.ASKS: SEVERAL_DAYS},
                _("you used on most days"),
            ),
            "daily": Choice(
                _("Every day"),
                _("You use every day"),
                {Holds.ASKS: SEVERAL_DAYS},
                _("you used every day"),
            ),
        },
    ),
    Asked.STOPPING: Questioned(
        asks=_("What happens when you go a day without it?"),
        short=_("A day without it"),
        hint=CHOOSE_ALL,
        because=_("Stopping can be dangerous. A nurse can make it safe."),
        choices={
            "fine": Choice(
                _("Nothing much"),
                _("A day without it goes well enough"),
                {Holds.ALLOWS: _("Your body may not need a nurse to stop.")},
                _("a day without it went well enough"),
            ),
            "shaky": Choice(
                _("I shake, sweat or feel sick"),
                _("You shake, sweat or feel sick without it"),
                {Holds.ASKS: _("A nurse should look after you until your body is past it.")},
                _("you felt shaky or sick without it"),
            ),
            "very_sick": Choice(
                _("I get very sick: I throw up or cannot get out of bed"),
                _("You get very sick without it"),
                {Holds.ASKS: _("A nurse should look after you until your body is past it.")},
                _("you got very sick without it"),
            ),
            "seizure_before": Choice(
                _("When I stopped before, I had a seizure or saw things that were not there"),
                _("You had a seizure or saw things when you stopped before"),
                {
                    Holds.ASKS: _(
                        "It can happen again. Stopping is safest where nurses are there day and night."
                    )
                },
                _("you had a seizure when you stopped before"),
            ),
            "never_without": Choice(_("I do not go a day without it, so I do not know")),
        },
    ),
    Asked.HEALTH: Questioned(
        asks=_("Is any of this true for you?"),
        short=_("Your health"),
        hint=CHOOSE_ALL,
        because=_("It tells how soon you should be seen, and by whom."),
        choices={
            "pregnant": Choice(_("I am pregnant"), _("You are pregnant"), {}, _("you were pregnant")),
            "inject": Choice(_("I inject drugs"), _("You inject drugs"), {}, _("you injected drugs")),
            "overdose": Choice(
                _("I overdosed in the last year"),
                _("You overdosed in the last year"),
                {Holds.ASKS: _("It can happen again. Several days of care a week keep you safer.")},
                _("you had overdosed in the last year"),
            ),
            "leaving": Choice(
                _("I left a hospital, a live-in program or jail in the last month"),
                _("You left a hospital, a live-in program or jail in the last month"),
                {Holds.ASKS: _("The first weeks carry the most risk. A program is a safer next step.")},
                _("you had left a hospital or jail in the last month"),
            ),
            "illness": Choice(
                _("I have a health problem that needs a doctor often"),
                _("You have a health problem that needs a doctor often"),
                {Holds.ASKS: _("A nurse or a doctor should look after it while you get care.")},
                _("you had a health problem that needs a doctor often"),
            ),
            "none": Choice(_("None of these"), "", {}, _("none of the health answers were true")),
        },
    ),
    Asked.MOOD: Questioned(
        asks=_("How have you felt in the last 2 weeks?"),
        short=_("How you feel"),
        hint=_("There is no wrong answer."),
        because=_("Good care helps with both, your mood and your use."),
        choices={
            "fine": Choice(
                _("Fine on most days"),
                _("You feel fine on most days"),
                {Holds.ALLOWS: _("That is something to build on.")},
                _("you felt fine on most days"),
            ),
            "some_days": Choice(
                _("Low, worried or on edge on some days"),
                _("You feel low or worried on some days"),
                {Holds.ALLOWS: _("A counselor can help with that as you go."), Holds.ASKS: LOW_ON_DAYS},
                _("you felt low or worried on some days only"),
            ),
            "most_days": Choice(
                _("Low, worried or on edge on most days"),
                _("You feel low or worried on most days"),
                {Holds.ASKS: LOW_ON_DAYS},
                _("you felt low or worried on most days"),
            ),
            "cannot": Choice(
                _("So bad that I cannot do my daily things"),
                _("You feel so bad that you cannot do your daily things"),
                {Holds.ASKS: _("A program with a doctor for your mood can look after both, most days.")},
                _("you felt so bad that you could not do your daily things"),
            ),
        },
    ),
    Asked.HOME: Questioned(
        asks=_("How is it where you sleep?"),
        short=_("Where you sleep"),
        hint=_("Choose the one that is closest."),
        because=_("Most people can live at home in treatment, if home is safe."),
        choices={
            "safe_with_someone": Choice(
                _("Safe, and someone there cares about me"),
                _("You have a safe place to sleep and someone who cares"),
                {
                    Holds.ALLOWS: _(
                        "That makes it possible to get better at home. You do not need to leave it."
                    )
                },
                _("you had a safe place to sleep and someone there who cares"),
            ),
            "safe_alone": Choice(
                _("Safe, and I am on my own"),
                _("You sleep in a safe place, on your own"),
                {
                    Holds.ALLOWS: _("You can live at home. A group gives you people to lean on."),
                    Holds.ASKS: _("Nobody is there if you get sick. Being seen each day makes up for that."),
                },
                _("you slept in a safe place, on your own"),
            ),
            "use_around": Choice(
                _("People around me drink or use drugs"),
                _("People around you drink or use drugs"),
                {Holds.ASKS: _("That makes it harder. Several days a week give you time away from it.")},
                _("people around you drank or used drugs"),
            ),
            "no_place": Choice(
                _("I have no steady place to sleep"),
                _("You have no steady place to sleep"),
                {Holds.ASKS: _("You need more than a weekly visit, and help to find a place.")},
                _("you had no steady place to sleep"),
            ),
            "unsafe": Choice(
                _("Not safe"),
                _("You are not safe where you sleep"),
                {Holds.ASKS: _("You need a safe place, day and night, while you get care.")},
                _("you were not safe where you sleep"),
            ),
        },
    ),
    Asked.WEEK: Questioned(
        asks=_("What does your week look like?"),
        short=_("Your week"),
        hint=_("Choose all that are true. This does not change how much care you need."),
        because=_("It shows what kind of care can fit your life."),
        choices={
            "work": Choice(
                _("I work or go to school in the daytime"),
                _("You work or go to school in the daytime"),
                {Holds.FITS: _("Many programs also meet in the evening. Ask for those hours.")},
            ),
            "care": Choice(
                _("I care for a child or another person"),
                _("You care for a child or another person"),
                {Holds.FITS: _("Ask about evening groups, care by video and child care.")},
            ),
            "far": Choice(
                _("It is hard for me to get to a center"),
                _("It is hard for you to get to a center"),
                # K: Medicaid covers rides to care (42 CFR 431.53).
                {Holds.FITS: _("Ask about rides. Medicaid pays for many. Or ask about care by video.")},
            ),
            "room": Choice(
                _("I have a private place and steady internet"),
                _("You have a private place and steady internet"),
                {Holds.FITS: _("Care by video can work for you.")},
            ),
            "medicine": Choice(
                _("I would like to hear about medicine"),
                _("You would like to hear about medicine"),
                {Holds.FITS: _("Ask about it when you book. Some kinds can start at the first visit.")},
            ),
            "none": Choice(_("None of these")),
        },
    ),
}


@dataclass(frozen=True)
class Card:
    """What to do about something that cannot wait."""

    title: Words
    steps: tuple[Words, ...]


CALL_911_NOW = _("Call 911 now. Say where you are.")
SAY_WHAT = _("Say what was used, how much and when. It helps them help.")
NOT_ALONE = _("Ask someone to stay with you. Do not drive.")

# Overdose and withdrawal: as on the pages on both (CDC and SAMHSA, K). 1-800-799-7233 is the National Domestic
# Violence Hotline (K); check it before launch, as every number here.
CARDS: Mapping[Danger, Card] = {
    Danger.OVERDOSE: Card(
        _("If someone may be overdosing"),
        (
            _("Call 911. Say “they are not breathing well” and where you are."),
            _("Give naloxone (Narcan) if you have it. It will not hurt them if it is not opioids."),
            _("Help them breathe. Tilt the head back. Give one breath every 5 seconds."),
            _("Stay until help comes. If they do not wake in 3 minutes, give a second dose."),
        ),
    ),
    Danger.BODY: Card(
        _("Chest pain or trouble breathing"),
        (CALL_911_NOW, _("Sit down and rest. Do not drive."), SAY_WHAT),
    ),
    Danger.SEIZURE: Card(
        _("A seizure today"),
        (
            _("Call 911 now, even if it is over. Another one can come."),
            _("Lie on your side, away from stairs, water and stoves."),
            NOT_ALONE,
            SAY_WHAT,
        ),
    ),
    Danger.UNREAL: Card(
        _("Seeing or hearing things, or being very confused"),
        (
            _("Call 911 now. When it comes from stopping, it can kill without care."),
            NOT_ALONE,
            SAY_WHAT,
        ),
    ),
    Danger.SICK: Card(
        _("Very sick from stopping"),
        (
            _("Call 911 now. Do not wait for it to pass: it can turn into a seizure."),
            NOT_ALONE,
            SAY_WHAT,
        ),
    ),
    Danger.LIFE: Card(
        _("Thoughts of ending your life"),
        (
            _("Call or text 988. Someone answers, day and night. It is free."),
            _("Be with someone you trust, or go where people are."),
            _("Move away from guns, pills and anything you could use."),
            _("If you are about to act on it, call 911."),
        ),
    ),
    Danger.HURT: Card(
        _("If someone may get hurt"),
        (
            _("Call 911. Go where people are, if you can."),
            _("Does someone at home hurt you? Call 1-800-799-7233, day and night."),
            _("Are you afraid that you will hurt someone? Call or text 988."),
        ),
    ),
    Danger.BLEEDING: Card(
        _("Pregnant and bleeding"),
        (
            _("Call 911, or have someone take you to a hospital now."),
            _("Say that you are pregnant and what you use. It helps them keep you both safe."),
        ),
    ),
    Danger.PREGNANT_AND_SICK: Card(
        _("Pregnant, and sick when you go without it"),
        (
            _("Go to a hospital that delivers babies today. Or call your pregnancy doctor now."),
            _("Do not stop on your own. Stopping all at once can hurt you and the baby."),
            _("Say what you use. There is medicine that is safe for both of you."),
            _("If you bleed, have a seizure or have strong pain, call 911."),
        ),
    ),
}
