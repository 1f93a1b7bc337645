"""Tells Alder Creek: a center that does not exist, with a history that could be.

`tell` is pure: the same seed, day, number of people and courses give the same story, to the last word.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.demo import cast, phrases, timetable, writing
from stepwell.demo.casting import MOST_PEOPLE, NUMBERS_A_CENTER, Character, characters, phone, slug
from stepwell.demo.courses import Course
from stepwell.demo.facts import (
    DAYTON,
    Appointment,
    Discharge,
    Episode,
    Kept,
    Language,
    LevelChange,
    Person,
    Referral,
    Source,
    Story,
    TeamMember,
    Visit,
)
from stepwell.demo.placement import INTAKE_MINUTES, Booking, Places, days_from, office_of
from stepwell.demo.timetable import Timetable
from stepwell.demo.treatment import Treatment, tell_all
from stepwell.trust.accounts.roles import Role

__all__ = ["tell", "tell_program"]

#: So that no two centers roll the same dice or share an address.
SEEDS_APART = 1_000


def tell_program(seed: int, today: date, patients: int, courses: Sequence[Course]) -> Iterator[Story]:
    """The first center, and as many further ones as it takes, told one at a time. No name is given twice."""
    most = MOST_PEOPLE * (1 + len(cast.FURTHER))
    if not 1 <= patients <= most:
        raise ValueError(f"Alder Creek has 1 to {most} people, not {patients}.")
    taken: set[str] = set()
    yield tell(seed, today, min(patients, MOST_PEOPLE), courses, taken=taken)
    for number in range(1, -(-patients // MOST_PEOPLE)):
        house = cast.further(number, Random(f"{seed}:house:{number}"), taken)
        here = min(MOST_PEOPLE, patients - number * MOST_PEOPLE)
        yield tell(seed + SEEDS_APART * number, today, here, courses, house, taken)


def tell(
    seed: int,
    today: date,
    patients: int,
    courses: Sequence[Course],
    house: cast.House = cast.FIRST,
    taken: set[str] | None = None,
) -> Story:
    if not 1 <= patients <= MOST_PEOPLE:
        raise ValueError(f"A center has 1 to {MOST_PEOPLE} people, not {patients}.")
    table = timetable.build(seed, today, patients, house)
    booking, places = Booking(table), Places(table.series)
    waiting = _waiting(seed, today, table, booking, house)
    treatments = [
        Treatment(seed, today, character, table, places, booking)
        for character in characters(
            seed, today, patients, courses, table, house, set() if taken is None else taken
        )
    ]
    tell_all(treatments)
    writing.write_all_lines(seed, table, treatments)
    for treatment in treatments:
        writing.write_visit_notes(seed, treatment, unsigned_from=today - timedelta(days=3))
    return Story(
        seed=seed,
        today=today,
        center=house.center,
        staff=table.staff,
        rooms=table.rooms,
        closures=table.closures,
        series=table.series,
        sessions=table.sessions,
        people=(*(_person(seed, today, treatment) for treatment in treatments), *waiting),
        sessions_by_key={session.key: session for session in table.sessions},
    )


def _person(seed: int, today: date, treatment: Treatment) -> Person:
    character, told = treatment.person, treatment.told
    return Person(
        key=character.key,
        record_number=character.record_number,
        first_name=character.first_name,
        last_name=character.last_name,
        pronouns=character.pronouns,
        born_on=character.born_on,
        language=character.language,
        needs_interpreter=character.needs_interpreter,
        phone=character.phone,
        safe_to_text=character.safe_to_text,
        may_leave_message=character.safe_to_text,
        referral=_referral(
            Random(f"{seed}:referral:{character.key}"), character.admitted_on, treatment.timetable
        ),
        course=character.course.person,
        episode=Episode(
            character.admitted_on, character.diagnoses, _levels(character), _discharge(character)
        ),
        team=_team(treatment),
        plans=writing.plans(seed, today, treatment, treatment.timetable),
        enrollments=tuple(told.enrollments),
        appointments=tuple(told.appointments),
        attendance=tuple(told.attendance),
        drug_tests=tuple(told.drug_tests),
        missed_tests=tuple(told.missed_tests),
        medicine=character.product,
        injections=tuple(told.injections),
        dispensed=tuple(told.dispensed),
        next_dose_on=told.next_dose_on,
        check_ins=tuple(told.check_ins),
        responses=tuple(told.responses),
    )


def _referral(chance: Random, before: date, table: Timetable) -> Referral:
    received_on = table.open_day_on_or_before(before - timedelta(days=chance.randint(1, 4)))
    return Referral(
        source=chance.choice(
            (
                Source.SELF,
                Source.SELF,
                Source.FAMILY,
                Source.HOSPITAL,
                Source.PRIMARY_CARE,
                Source.PROGRAM,
                Source.COURT,
            )
        ),
        received_at=datetime.combine(
            received_on, time(9 + chance.randrange(7), chance.randrange(60)), DAYTON
        ),
        by="tess",
        in_their_words=chance.choice(phrases.IN_THEIR_WORDS),
    )


def _levels(character: Character) -> tuple[LevelChange, ...]:
    levels = [
        LevelChange(
            character.admitted_on,
            LevelOfCare.INTENSIVE_OUTPATIENT,
            "Needs structure on several days a week; home is safe and withdrawal can be managed from home.",
        )
    ]
    if character.stepped_down_on:
        levels.append(
            LevelChange(
                character.stepped_down_on,
                LevelOfCare.OUTPATIENT,
                "Steady attendance, no use reported for three weeks. Asked for more free days.",
            )
        )
    return tuple(levels)


def _discharge(character: Character) -> Discharge | None:
    if character.discharged_on is None:
        return None
    return Discharge(
        character.discharged_on,
        "Stopped coming; not reached",
        "Three calls, two texts and a letter went unanswered. Can come back any day.",
    )


def _team(treatment: Treatment) -> tuple[TeamMember, ...]:
    """The counselor, whoever did the intake or leads the person's groups, and those who give the medicine."""
    character = treatment.person
    from_on, until_on = character.admitted_on, character.discharged_on
    groups = [treatment.places.series[e.series] for e in treatment.told.enrollments]
    # The supervisor sees patients of his own as well: as their counselor.
    team = [TeamMember(character.counselor, Role.COUNSELOR, from_on, until_on)]
    known = {group.leader for group in groups} - {character.counselor}
    intake = next((a.practitioner for a in treatment.told.appointments if a.visit is Visit.INTAKE), None)
    if intake and intake not in known | {character.counselor}:
        # Who only did the intake handed over on that day. Dana stayed with Rosa.
        stays = character.needs_interpreter
        team.append(TeamMember(intake, Role.FACILITATOR, from_on, until_on if stays else from_on))
    team += [TeamMember(key, Role.FACILITATOR, from_on, until_on) for key in sorted(known)]
    if character.product:
        team.append(TeamMember("osei", Role.PRESCRIBER, from_on, until_on))
    team.append(TeamMember("joel", Role.NURSE, from_on, until_on))
    if any(group.co_leader == "luis" for group in groups):
        team.append(TeamMember("luis", Role.PEER, from_on, until_on))
    return tuple(team)


def _waiting(seed: int, today: date, table: Timetable, booking: Booking, house: cast.House) -> list[Person]:
    """Three people who called: one comes tomorrow, two later this week or next."""
    chance = Random(f"{seed}:waiting")
    made = []
    day = today
    for n, (first_name, last_name, pronouns, language) in enumerate(house.waiting):
        key = slug(first_name, last_name)
        who = "renee" if language is Language.SPANISH else ("dana", "bell")[n % 2]
        found = booking.intake(key, [who, "dana", "renee", "bell"], days_from(day + timedelta(days=1), 12))
        if found is None:
            raise RuntimeError(f"no room for the intake of {key}")
        counselor, starts_at = found
        day = starts_at.date()
        intake = Appointment(
            key=f"{key}:intake",
            visit=Visit.INTAKE,
            practitioner=counselor,
            room=office_of(counselor),
            starts_at=starts_at,
            minutes=INTAKE_MINUTES,
            kept=Kept.PLANNED,
        )
        made.append(
            Person(
                key=key,
                record_number=str(30011 + n + NUMBERS_A_CENTER * house.number),
                first_name=first_name,
                last_name=last_name,
                pronouns=pronouns,
                born_on=date(
                    today.year - chance.randint(22, 50), chance.randint(1, 12), chance.randint(1, 28)
                ),
                language=language,
                needs_interpreter=False,
                phone=phone(MOST_PEOPLE + 10 + n),
                safe_to_text=n != 1,
                may_leave_message=n != 1,
                referral=_referral(chance, today, table),
                appointments=(intake,),
            )
        )
    return made
