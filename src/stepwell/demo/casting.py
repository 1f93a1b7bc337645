"""Who comes to Alder Creek, when they came, and which real course of treatment each follows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stepwell.demo import cast, phrases
from stepwell.demo.courses import Course, Medicine, Substance
from stepwell.demo.facts import Diagnosis, Language, Product
from stepwell.demo.timetable import PEOPLE_A_WING, Timetable, counselors

#: At one center. A larger program has several.
MOST_PEOPLE = 200
NUMBERS_A_CENTER = 20_000


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of one person's life, used in notes and plans."""

    they: str
    them: str
    their: str
    triggers: tuple[str, ...]
    supports: tuple[str, ...]
    coping: tuple[str, ...]
    steps: tuple[str, ...]
    # As they stand in the plan, in the person's own language.
    plan_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Character:
    """One person as cast: everything known before the first day is told."""

    key: str
    record_number: str
    first_name: str
    last_name: str
    pronouns: str
    born_on: date
    language: Language
    needs_interpreter: bool
    phone: str
    safe_to_text: bool
    admitted_on: date
    track: str
    wing: int
    counselor: str
    course: Course
    product: Product | None
    main_opioid: str
    goals: tuple[tuple[str, str], ...]
    voice: Voice
    diagnoses: tuple[Diagnosis, ...]
    is_in_the_pictures: bool
    stepped_down_on: date | None = None
    discharged_on: date | None = None

    @property
    def short_name(self) -> str:
        return f"{self.first_name} {self.last_name[0]}."


PRONOUNS = {
    "she/her": ("she", "her", "her"),
    "he/him": ("he", "him", "his"),
    "they/them": ("they", "them", "their"),
}
OPIOID = Diagnosis("F11.20", "Opioid use disorder, moderate or severe")
OPIOID_REMISSION = Diagnosis("F11.21", "Opioid use disorder, in early remission on medication")
ALCOHOL = Diagnosis("F10.20", "Alcohol use disorder, moderate or severe")
ALSO = {
    Substance.COCAINE: Diagnosis("F14.20", "Cocaine use disorder, moderate or severe"),
    Substance.AMPHETAMINE: Diagnosis("F15.20", "Stimulant use disorder, moderate or severe"),
    Substance.BENZODIAZEPINE: Diagnosis("F13.20", "Sedative use disorder, moderate or severe"),
}


def voice(pronouns: str, language: Language, chance: Random) -> Voice:
    they, them, their = PRONOUNS[pronouns]
    steps = tuple(chance.sample(phrases.STEPS, 6))
    return Voice(
        they=they,
        them=them,
        their=their,
        triggers=tuple(chance.sample(phrases.TRIGGERS, 4)),
        supports=tuple(s.replace("{their}", their) for s in chance.sample(phrases.SUPPORTS, 3)),
        coping=tuple(chance.sample(phrases.COPING, 4)),
        steps=steps,
        plan_steps=tuple(chance.sample(phrases.STEPS_ES, 6)) if language is Language.SPANISH else steps,
    )


def born(today: date, age: int, month_day: tuple[int, int]) -> date:
    had_birthday = month_day <= (today.month, today.day)
    return date(today.year - age - (not had_birthday), *month_day)


def phone(number: int) -> str:
    """From the block kept free for fiction: 555-0100 to 555-0199."""
    areas = ("937", "326", "513", "614")
    return f"+1{areas[number // 99 % len(areas)]}5550{101 + number % 99}"


def slug(first_name: str, last_name: str) -> str:
    plain = f"{first_name} {last_name}".lower().translate(str.maketrans("áéíóúñ", "aeioun", "'"))
    return plain.replace(" ", "-")


class Names:
    """First name and initial stay unique, as the screens show them."""

    def __init__(self, chance: Random, house: cast.House, elsewhere: set[str]) -> None:
        self.chance = chance
        self.elsewhere = elsewhere
        self.taken = {f"{p.first_name} {p.last_name[0]}" for p in house.parts}
        self.taken |= {f"{first} {last[0]}" for first, last, _, _ in house.waiting}
        self.family = list(cast.FAMILY_NAMES)
        chance.shuffle(self.family)
        self.given = {
            Language.ENGLISH: list(cast.FIRST_NAMES_EN),
            Language.SPANISH: list(cast.FIRST_NAMES_ES),
        }
        for names in self.given.values():
            chance.shuffle(names)
        self.count = 0

    def next(self, language: Language) -> tuple[str, str, str]:
        given = self.given[language]
        while True:
            first_name, pronouns = given[self.count % len(given)]
            last_name = self.family[(self.count * 7 + self.count // len(given)) % len(self.family)]
            self.count += 1
            if f"{first_name} {last_name}" in self.elsewhere:
                continue
            if f"{first_name} {last_name[0]}" not in self.taken:
                self.elsewhere.add(f"{first_name} {last_name}")
                self.taken.add(f"{first_name} {last_name[0]}")
                return first_name, last_name, pronouns


def characters(
    seed: int,
    today: date,
    patients: int,
    courses: Sequence[Course],
    timetable: Timetable,
    house: cast.House,
    elsewhere: set[str],
) -> list[Character]:
    """The people in the program today, the pictures' people first; then one who left."""
    chance = Random(f"{seed}:casting")
    names = Names(chance, house, elsewhere)
    numbers = iter(chance.sample([n for n in range(20000, 30000) if n != 20418], patients + 8))
    offers = Courses(courses, chance)
    goals_en, goals_es, second = list(phrases.GOALS_EN), list(phrases.GOALS_ES), list(phrases.SECOND_GOALS_EN)
    for pool in (goals_en, goals_es, second):
        chance.shuffle(pool)
    steps_down = round(patients * 0.1) if patients >= 20 else 0
    made: list[Character] = []
    for n in range(patients + (1 if patients >= 8 else 0)):
        leaves = n == patients
        part = house.parts[n] if n < len(house.parts) and not leaves else None
        is_stepped_down = len(house.parts) <= n < len(house.parts) + steps_down and not leaves
        if part:
            language, first_name, last_name, pronouns = (
                part.language,
                part.first_name,
                part.last_name,
                part.pronouns,
            )
            days_in, track = part.days_in, part.track
            born_on = born(today, part.age, part.born_month_day)
            goals = [g for g in (part.goal, part.second_goal) if g]
        else:
            language = Language.SPANISH if chance.random() < 0.1 else Language.ENGLISH
            first_name, last_name, pronouns = names.next(language)
            days_in = chance.randint(64, 83) if is_stepped_down or leaves else chance.randint(5, 83)
            track = "S" if language is Language.SPANISH else "BC"[n % 2]
            born_on = born(today, chance.randint(19, 64), (chance.randint(1, 12), chance.randint(1, 28)))
            pool = goals_es if language is Language.SPANISH else goals_en
            goals = [pool[n % len(pool)]]
        admitted_on = timetable.open_day_on_or_before(today - timedelta(days=days_in))
        stepped_down_on = admitted_on + timedelta(days=46) if is_stepped_down else None
        course = offers.for_person(
            first_name if part else "", (today - admitted_on).days, is_stepped_down, leaves
        )
        own = Random(f"{seed}:person:{n}")
        product = product_of(first_name if part else "", course, (today - admitted_on).days // 7, own)
        if len(goals) < 2 and language is Language.ENGLISH:
            fitting = [goal for goal in second if product or goal[1] != "Medicine"]
            goals.append(fitting[n % len(fitting)])
        wing = 0 if leaves else n // PEOPLE_A_WING
        made.append(
            Character(
                key=slug(first_name, last_name),
                record_number="20418"
                if first_name == "Maya" and part
                else str(next(numbers) + NUMBERS_A_CENTER * house.number),
                first_name=first_name,
                last_name=last_name,
                pronouns=pronouns,
                born_on=born_on,
                language=language,
                needs_interpreter=first_name == "Rosa" and part is not None,
                phone=phone(n),
                safe_to_text=own.random() < 0.7 or part is not None,
                admitted_on=admitted_on,
                track=track,
                wing=wing,
                counselor="dana" if part and first_name == "Hannah" else counselor_of(track, wing, n),
                course=course,
                product=product,
                main_opioid=own.choices(("fentanyl", "heroin", "pills"), (70, 15, 15))[0],
                goals=tuple(goals),
                voice=voice(pronouns, language, own),
                diagnoses=diagnoses_of(first_name if part else "", course, own),
                is_in_the_pictures=part is not None,
                stepped_down_on=stepped_down_on,
                discharged_on=timetable.open_day_on_or_before(
                    min(admitted_on + timedelta(weeks=left_after(course) + 3), today - timedelta(days=2))
                )
                if leaves
                else None,
            )
        )
    return made


def counselor_of(track: str, wing: int, n: int) -> str:
    day, second, evening = counselors(wing)
    return {"A": day, "S": second, "B": second, "C": day if n % 4 == 0 else evening}[track]


def left_after(course: Course) -> int:
    """The last week with a sample."""
    return max((week.number for week in course.weeks[:13] if week.sample != "o"), default=0)


# Who takes what is known for the people of the pictures; for the rest the course says.
TAKES: dict[str, Product | None] = {
    "Maya": Product.BUPRENORPHINE_MONTHLY,
    "Devon": None,
    "Hannah": None,
    "Wendell": None,
    "Marcus": Product.NALTREXONE_MONTHLY,
    "Rosa": Product.BUPRENORPHINE_MONTHLY,
    "Tomás": Product.NALTREXONE_MONTHLY,
    "Aisha": Product.BUPRENORPHINE_DAILY,
    "James": Product.NALTREXONE_MONTHLY,
    "Priya": None,
}


def product_of(first_name: str, course: Course, weeks: int, chance: Random) -> Product | None:
    if first_name in TAKES:
        return TAKES[first_name]
    if course.medicine is Medicine.NALTREXONE:
        if not any(week.dose_days for week in course.weeks[: weeks + 1]):
            return None
        return Product.NALTREXONE_MONTHLY
    return Product.BUPRENORPHINE_MONTHLY if chance.random() < 0.4 else Product.BUPRENORPHINE_DAILY


def diagnoses_of(first_name: str, course: Course, chance: Random) -> tuple[Diagnosis, ...]:
    if first_name == "Maya":
        return (ALCOHOL, OPIOID_REMISSION)
    drank = sum(week.days_drank > 0 for week in course.weeks[:6]) >= 2
    also = [
        diagnosis
        for substance, diagnosis in ALSO.items()
        if sum(substance in w.positive_for for w in course.weeks[:6]) >= 2
    ]
    return (OPIOID, *([ALCOHOL] if drank else []), *also)


Wish = Callable[[Course], bool]


def quiet(course: Course, first: int, last: int) -> bool:
    """Every sample given and negative for everything, and no drinking."""
    weeks = course.weeks[first : last + 1]
    return all(w.sample == "-" and not w.positive_for and w.days_drank == 0 for w in weeks)


def steady(course: Course, first: int, last: int) -> bool:
    return course.states(first, last).count("-") == last - first + 1


def is_in_contact(course: Course, week: int) -> bool:
    lost = "".join("x" if w.lost_contact else "." for w in course.weeks[1 : week + 1])
    return "xxx" not in lost and not lost.endswith("xx")


class Courses:
    """Hands out real courses: each once, as long as there are enough."""

    def __init__(self, courses: Sequence[Course], chance: Random) -> None:
        self.all = list(courses)
        chance.shuffle(self.all)
        self.left = list(self.all)
        # The people of the pictures choose first.
        self.kept = {first_name: self.take(*wishes) for first_name, wishes in WISHES.items()}

    def take(self, *wishes: Wish) -> Course:
        for offered in (self.left, self.all):
            for asked in range(len(wishes), 0, -1):
                found = next((c for c in offered if all(wish(c) for wish in wishes[:asked])), None)
                if found:
                    if offered is self.left:
                        self.left.remove(found)
                    return found
        return self.all[0]

    def for_person(self, first_name: str, days_in: int, is_stepped_down: bool, leaves: bool) -> Course:
        week = -(-days_in // 7)
        if first_name in self.kept:
            return self.kept[first_name]
        if leaves:
            return self.take(lambda c: 4 <= left_after(c) <= 7)
        if first_name:
            # The others of the pictures are here, and doing no worse than they look.
            return self.take(
                lambda c: is_in_contact(c, week),
                lambda c: "o" not in c.states(max(1, week - 1), week),
                lambda c: quiet(c, max(1, week - 1), week),
            )
        if is_stepped_down:
            return self.take(
                lambda c: is_in_contact(c, week), lambda c: c.states(week - 4, week).count("-") >= 4
            )
        return self.take(lambda c: is_in_contact(c, week))


def has_shot_in(*weeks: int) -> Wish:
    return lambda c: c.medicine is Medicine.NALTREXONE and any(c.week(n).dose_days for n in weeks)


WISHES: dict[str, tuple[Wish, ...]] = {
    "Maya": (
        lambda c: c.medicine is Medicine.BUPRENORPHINE,
        lambda c: steady(c, 1, 5),
        lambda c: quiet(c, 1, 5),
    ),
    "Devon": (lambda c: steady(c, 1, 2), lambda c: quiet(c, 1, 2), lambda c: c.week(0).sample == "+"),
    "Wendell": (
        lambda c: is_in_contact(c, 8),
        lambda c: c.states(1, 8).count("-") >= 7,
        lambda c: "o" not in c.states(5, 8),
        lambda c: quiet(c, 7, 8),
    ),
    "Marcus": (has_shot_in(0, 1, 2), lambda c: c.states(1, 6).count("-") >= 5, lambda c: steady(c, 1, 6)),
    "Rosa": (lambda c: c.medicine is Medicine.BUPRENORPHINE, lambda c: "o" not in c.states(1, 2)),
    "Tomás": (
        has_shot_in(0, 1),
        lambda c: "o" not in c.states(3, 4),
        lambda c: c.states(1, 4).count("-") >= 3,
    ),
    "Aisha": (
        lambda c: c.medicine is Medicine.BUPRENORPHINE,
        lambda c: steady(c, 1, 3),
        lambda c: quiet(c, 1, 3),
    ),
    "James": (has_shot_in(0, 1), lambda c: c.states(3, 9).count("-") >= 6, lambda c: quiet(c, 5, 9)),
}
