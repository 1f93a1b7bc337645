"""What staff wrote: one line for each person in each group, notes of individual sessions, care plans."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

from stepwell.care.care_plans.rules.reviews import DEFAULT
from stepwell.care.notes.rules.likeness import are_alike
from stepwell.demo import phrases
from stepwell.demo.casting import Character
from stepwell.demo.facts import (
    Appointment,
    Attendance,
    CarePlan,
    CheckIn,
    Goal,
    GroupSession,
    Intervention,
    InterventionKind,
    Kept,
    Language,
    Present,
    Product,
    Step,
    TookPart,
    Visit,
    VisitNote,
    monday_of,
)
from stepwell.demo.placement import at
from stepwell.demo.timetable import GROUP_MINUTES, Timetable
from stepwell.demo.treatment import Treatment

ACTS_ANYWHERE = (
    "Spoke about {trigger} and what came after",
    "Offered a peer a piece of {their} own experience",
    "Asked a question that moved the talk along",
    "Tied today's topic to {trigger}",
    "Told how {coping} went since the last group",
    "Came with a written plan and changed one line of it",
    "Described a hard morning and why {they} came anyway",
    "Said what {support} had noticed this week",
)


def filled(template: str, person: Character, chance: Random, **more: object) -> str:
    voice = person.voice
    return template.format(
        they=voice.they,
        them=voice.them,
        their=voice.their,
        trigger=chance.choice(voice.triggers),
        support=chance.choice(voice.supports),
        coping=chance.choice(voice.coping),
        step=chance.choice(voice.steps),
        **more,
    )


def sentence(words: str) -> str:
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "?", ".”", '."')) else words + "."


def line(
    person: Character,
    session: GroupSession,
    seat: Attendance,
    act: str,
    check_in: CheckIn | None,
    chance: Random,
) -> str:
    opening = ""
    if seat.present is Present.LATE:
        opening = chance.choice(phrases.LATE_OPENINGS).format(late=session.minutes - seat.minutes)
    elif seat.took_part is TookPart.LISTENED:
        opening = chance.choice(phrases.LISTENED_OPENINGS)
    if check_in and check_in.at < session.starts_at and chance.random() < 0.25:
        closing = phrases.CRAVING_CLOSINGS[check_in.craving]
    else:
        closing = chance.choice(phrases.CLOSINGS)
    label = person.goals[seat.goal or 0][1]
    more = {"goal": f"“{label}”", "confidence": chance.randint(4, 9)}
    return (
        opening
        + sentence(filled(act, person, chance, **more))
        + " "
        + sentence(filled(closing, person, chance, **more))
    )


def write_lines(
    seed: int, session: GroupSession, treatments: Sequence[Treatment], day: date
) -> dict[str, str]:
    """A line for each person who came, no two alike; an unsigned note still waits for some."""
    chance = Random(f"{seed}:lines:{session.key}")
    # Each act is told of one person; what could be said of any group comes when the topic's own are used up.
    acts = chance.sample(session.topic.acts, len(session.topic.acts)) + chance.sample(
        ACTS_ANYWHERE, len(ACTS_ANYWHERE)
    )
    written: dict[str, str] = {}
    for treatment in chance.sample(treatments, len(treatments)):
        seat = next(a for a in treatment.told.attendance if a.session == session.key)
        check_in = next((c for c in treatment.told.check_ins if c.at.date() == day), None)
        if session.note_signed_at is None and written and chance.random() < 0.25:
            continue
        act = acts.pop(0)
        for _ in range(200):
            words = line(treatment.person, session, seat, act, check_in, chance)
            if not any(are_alike(words, other) for other in written.values()):
                break
        else:
            raise RuntimeError(f"no line of its own for {treatment.person.key} in {session.key}")
        written[treatment.person.key] = words
    return written


def write_all_lines(seed: int, timetable: Timetable, treatments: Sequence[Treatment]) -> None:
    seats: dict[str, list[Treatment]] = {}
    for treatment in treatments:
        for seat in treatment.told.attendance:
            if seat.present is not Present.ABSENT:
                seats.setdefault(seat.session, []).append(treatment)
    lines = {
        session.key: write_lines(seed, session, seats[session.key], session.on)
        for session in timetable.sessions
        if session.key in seats
    }
    signed = {session.key: session.note_signed_at for session in timetable.sessions}
    for treatment in treatments:
        treatment.told.attendance = [
            replace(seat, line=words, note_signed_at=signed[seat.session])
            if (words := lines.get(seat.session, {}).get(treatment.person.key))
            else seat
            for seat in treatment.told.attendance
        ]


def write_visit_notes(seed: int, treatment: Treatment, unsigned_from: date) -> None:
    person = treatment.person
    chance = Random(f"{seed}:visits:{person.key}")
    visits = [a for a in treatment.told.appointments if a.kept is Kept.KEPT]
    kept = [a for a in visits if a.visit is Visit.INDIVIDUAL]
    notes: dict[str, VisitNote] = {}
    for appointment in visits:
        if appointment.visit is not Visit.INDIVIDUAL:
            notes[appointment.key] = medical_note(treatment, appointment)
            continue
        on = appointment.starts_at.date()
        waits = on >= unsigned_from and chance.random() < 0.45 and not person.is_in_the_pictures
        is_tomas_last = person.short_name == "Tomás G." and appointment is kept[-1]
        waits = waits or (is_tomas_last and on >= unsigned_from - timedelta(days=2))
        signed_at = None if waits else appointment.ends_at + timedelta(minutes=chance.choice((12, 25, 40)))
        notes[appointment.key] = replace(visit_note(treatment, appointment, chance), signed_at=signed_at)
    treatment.told.appointments = [replace(a, note=notes.get(a.key)) for a in treatment.told.appointments]


def medical_note(treatment: Treatment, appointment: Appointment) -> VisitNote:
    """Intakes and visits to the prescriber and the nurse: told from what was done there."""
    person = treatment.person
    facts: dict[str, object] = {"medicine": MEDICINE_NAMES.get(person.product, "no medicine for now")}
    if appointment.visit is Visit.INTAKE:
        text, plan = phrases.INTAKE_NOTE
    elif appointment.visit is Visit.INJECTION:
        text, plan = phrases.INJECTION_NOTE
        shot = next(
            shot for shot in treatment.told.injections if shot.at.date() == appointment.starts_at.date()
        )
        due = f"{shot.next_due_on:%b} {shot.next_due_on.day}"
        facts |= {"milligrams": shot.milligrams, "site": shot.site, "due": due}
    else:
        before = [a for a in treatment.told.appointments if a.visit is Visit.PRESCRIBER]
        text, plan = phrases.FIRST_PRESCRIBER_NOTE if appointment is before[0] else phrases.PRESCRIBER_NOTE
    voice = person.voice
    words = {"they": voice.they, "them": voice.them, "their": voice.their, **facts}
    return VisitNote(text.format(**words), plan.format(**words), appointment.ends_at + timedelta(minutes=6))


def visit_note(treatment: Treatment, appointment: Appointment, chance: Random) -> VisitNote:
    person, on = treatment.person, appointment.starts_at.date()
    if any(timedelta(0) <= on - use.on <= timedelta(days=6) and "e" in use.letters for use in treatment.use):
        text, plan = phrases.AFTER_USE
    else:
        text, plan = chance.choice(phrases.COUNSELING)
    named = "Names" if person.pronouns != "they/them" else "They name"
    more = {"goal": f"“{chance.choice(person.goals)[1]}”", "Named": named}
    return VisitNote(
        text=" ".join(sentence(part) for part in re.split(r"(?<=\.) ", filled(text, person, chance, **more))),
        plan=sentence(filled(plan, person, chance, **more)),
        signed_at=None,
    )


# Care plans


def plans(seed: int, today: date, treatment: Treatment, timetable: Timetable) -> tuple[CarePlan, ...]:
    """The first plan and each review of it, a version each; the last one is in force, or waits to be signed."""
    person = treatment.person
    chance = Random(f"{seed}:plan:{person.key}")
    ends_on = person.discharged_on or today
    first_on = timetable.open_day_on_or_before(person.admitted_on + timedelta(days=chance.randint(3, 6)))
    if person.short_name == "Hannah V." or first_on >= ends_on:
        # Written, and waiting for the person to read and sign it.
        started_on = timetable.open_day_on_or_before(min(first_on, today - timedelta(days=1)))
        return (_plan(treatment, 1, max(started_on, person.admitted_on), None, today, is_signed=False),)
    signed_on = [first_on]
    while (next_on := _review_before(timetable, signed_on[-1], person, chance)) < ends_on:
        signed_on.append(next_on)
    signed_on = _as_the_pictures_have_it(signed_on, today, treatment, timetable)
    if changed_on := person.stepped_down_on or treatment.fewer_groups_from:
        changed_on = timetable.open_day_on_or_before(changed_on)
        signed_on = sorted({*(on for on in signed_on if abs((on - changed_on).days) > 3), changed_on})
    replaced_on = [*signed_on[1:], None]
    return tuple(
        _plan(treatment, number, on, until, today, is_signed=True)
        for number, (on, until) in enumerate(zip(signed_on, replaced_on, strict=True), 1)
    )


def _review_before(timetable: Timetable, signed_on: date, person: Character, chance: Random) -> date:
    due_on = DEFAULT.due_after(signed_on, admitted_on=person.admitted_on)
    early = timetable.open_day_on_or_before(due_on - timedelta(days=chance.randint(0, 2)))
    return max(early, signed_on + timedelta(days=4))


def _as_the_pictures_have_it(
    signed_on: list[date], today: date, treatment: Treatment, timetable: Timetable
) -> list[date]:
    """Maya's review is due in nine days, Wendell's today; Siobhán's was due two days ago."""
    person = treatment.person
    last_signed = {"Maya R.": 5, "Wendell P.": 14, "Siobhán O.": 32}.get(person.short_name)
    is_near = DEFAULT.due_after(signed_on[-1], admitted_on=person.admitted_on) <= today + timedelta(days=3)
    if last_signed is None and person.is_in_the_pictures and is_near:
        last_signed = 2  # Reviewed early, so that it is not one of today's needs.
    if last_signed is None:
        return signed_on
    last_on = timetable.open_day_on_or_before(today - timedelta(days=last_signed))
    return [*(on for on in signed_on if on < last_on - timedelta(days=4)), last_on]


REVIEW_DUE_IN_DAYS = {"Maya R.": 9, "Wendell P.": 0, "Siobhán O.": -2}


def _plan(
    treatment: Treatment,
    number: int,
    started_on: date,
    replaced_on: date | None,
    today: date,
    *,
    is_signed: bool,
) -> CarePlan:
    person = treatment.person
    minutes = 3 * GROUP_MINUTES
    if person.stepped_down_on and started_on >= treatment.timetable.open_day_on_or_before(
        person.stepped_down_on
    ):
        minutes = GROUP_MINUTES
    fewer_from = treatment.fewer_groups_from
    if fewer_from and started_on >= treatment.timetable.open_day_on_or_before(fewer_from):
        minutes = 2 * GROUP_MINUTES
    due_on = DEFAULT.due_after(started_on, admitted_on=person.admitted_on) if is_signed else None
    if replaced_on is None and is_signed and person.short_name in REVIEW_DUE_IN_DAYS:
        due_on = today + timedelta(days=REVIEW_DUE_IN_DAYS[person.short_name])
    return CarePlan(
        number=number,
        started_on=started_on,
        clinical_hours=minutes // 60,
        goals=tuple(
            Goal(
                quote,
                label,
                _steps(treatment, started_on, replaced_on, today) if n == 0 and is_signed else (),
            )
            for n, (quote, label) in enumerate(person.goals)
        ),
        interventions=_interventions(treatment, minutes),
        author=person.counselor,
        author_signed_at=at(started_on, time(15, 50)),
        patient_signed_at=at(started_on, time(16, 5)) if is_signed else None,
        review_due_on=due_on,
        replaced_on=replaced_on,
    )


def _steps(treatment: Treatment, first: date, replaced_on: date | None, today: date) -> tuple[Step, ...]:
    """One small step for each week in which this version was the one in force."""
    person, this_week = treatment.person, monday_of(today)
    week, steps = monday_of(first), []
    last = (monday_of(replaced_on) - timedelta(weeks=1)) if replaced_on else monday_of(treatment.ends_on)
    while week <= last:
        own = person.voice.plan_steps
        words = own[(week - monday_of(person.admitted_on)).days // 7 % len(own)]
        if person.short_name == "Maya R." and week == this_week:
            closed = [c for c in treatment.timetable.closures if monday_of(c.on) == week]
            day = "Thursday" if any("Thanksgiving" in c.reason for c in closed) else "Saturday"
            words = f"tell Ana the plan for {day} dinner"
        done = week < this_week and not treatment.is_lost(week + timedelta(days=4))
        steps.append(Step(sentence(words).rstrip("."), week, week + timedelta(days=4) if done else None))
        week += timedelta(weeks=1)
    return tuple(steps)


MEDICINE_WORDS_ES = {
    Product.BUPRENORPHINE_DAILY: "Buprenorfina/naloxona diaria, se entrega cada semana",
    Product.BUPRENORPHINE_MONTHLY: "Buprenorfina de liberación prolongada, inyección mensual con la enfermería",
    Product.NALTREXONE_MONTHLY: "Naltrexona de liberación prolongada, inyección mensual con la enfermería",
}
MEDICINE_WORDS = {
    Product.BUPRENORPHINE_DAILY: "Buprenorphine/naloxone daily, handed out weekly",
    Product.BUPRENORPHINE_MONTHLY: "Buprenorphine ER, monthly shot with the nurse",
    Product.NALTREXONE_MONTHLY: "Naltrexone ER, monthly shot with the nurse",
}


MEDICINE_NAMES: dict[Product | None, str] = {
    Product.BUPRENORPHINE_DAILY: "buprenorphine/naloxone",
    Product.BUPRENORPHINE_MONTHLY: "buprenorphine ER",
    Product.NALTREXONE_MONTHLY: "naltrexone ER",
}


def _interventions(treatment: Treatment, minutes: int) -> tuple[Intervention, ...]:
    person = treatment.person
    groups = minutes // GROUP_MINUTES
    if person.language is Language.SPANISH:
        return _interventions_in_spanish(person, groups, minutes)
    days = {1: "one day", 2: "two days", 3: "three days"}[groups]
    made = [
        Intervention(InterventionKind.GROUP, f"Groups on {days} a week, three hours each", minutes, 0),
        Intervention(
            InterventionKind.INDIVIDUAL,
            "Individual sessions with the counselor, weekly at first",
            50,
            len(person.goals) - 1,
        ),
    ]
    if person.product:
        made.append(Intervention(InterventionKind.MEDICATION, MEDICINE_WORDS[person.product], 0, 0))
    if person.track in "AS":
        made.append(Intervention(InterventionKind.PEER, "Peer support, by phone when needed", 0, 0))
    return tuple(made)


def _interventions_in_spanish(person: Character, groups: int, minutes: int) -> tuple[Intervention, ...]:
    days = {1: "un día", 2: "dos días", 3: "tres días"}[groups]
    last = len(person.goals) - 1
    made = [
        Intervention(InterventionKind.GROUP, f"Grupos {days} por semana, de tres horas", minutes, 0),
        Intervention(
            InterventionKind.INDIVIDUAL, "Sesiones individuales, al principio cada semana", 50, last
        ),
    ]
    if person.product:
        made.append(Intervention(InterventionKind.MEDICATION, MEDICINE_WORDS_ES[person.product], 0, 0))
    made.append(
        Intervention(InterventionKind.PEER, "Apoyo entre pares, por teléfono cuando haga falta", 0, 0)
    )
    return tuple(made)
