"""Who is at Alder Creek. Everyone here is invented; any likeness is chance."""

from dataclasses import dataclass, replace
from random import Random

from stepwell.demo.facts import Center, Language, StaffMember
from stepwell.trust.accounts.roles import Role
from stepwell.trust.setup.rules.hours import Open

EN, ES = Language.ENGLISH, Language.SPANISH

CENTER = Center(
    name="Alder Creek",
    slug="alder-creek",
    time_zone="America/New_York",
    street="100 Example Street",
    city="Dayton",
    state="OH",
    postal_code="45402",
    phone="+19375550100",
    hours=(*(Open.at(day, "08:30", "20:30") for day in range(5)), Open.at(5, "09:00", "14:00")),
)

#: Where the further centers of a larger program are, each for as many people as the first can take.
FURTHER = (
    ("Springfield", "45502"),
    ("Columbus", "43215"),
    ("Cincinnati", "45202"),
    ("Toledo", "43604"),
    ("Akron", "44308"),
    ("Mansfield", "44902"),
    ("Lima", "45801"),
    ("Canton", "44702"),
    ("Zanesville", "43701"),
)

OFFICE_STAFF = (
    StaffMember("tess", "Tess Nguyen", Role.FRONT_DESK, "", "Front desk", frozenset({EN})),
    StaffMember("ellen", "Ellen Park", Role.DIRECTOR, "", "Director", frozenset({EN})),
    StaffMember("sam", "Sam Ito", Role.BILLER, "", "Billing", frozenset({EN})),
    StaffMember("ruth", "Ruth Adler", Role.COMPLIANCE, "", "Compliance", frozenset({EN})),
    StaffMember("noor", "Noor Haddad", Role.ADMINISTRATOR, "", "Administrator", frozenset({EN})),
)
CLINICAL_STAFF = (
    StaffMember("dana", "Dana Whitfield", Role.COUNSELOR, "LCDC", "Counselor", frozenset({EN})),
    StaffMember("renee", "Renee Castillo", Role.COUNSELOR, "LICDC", "Counselor", frozenset({EN, ES})),
    StaffMember(
        "bell", "Marcus Bell", Role.CLINICAL_SUPERVISOR, "LPCC-S", "Clinical supervisor", frozenset({EN})
    ),
    StaffMember("luis", "Luis Ortega", Role.PEER, "CPRS", "Peer supporter", frozenset({EN, ES})),
    StaffMember("joel", "Joel Price", Role.NURSE, "RN", "Nurse", frozenset({EN})),
    StaffMember("osei", "Dr. Amara Osei", Role.PRESCRIBER, "MD", "Prescriber", frozenset({EN})),
)
# A larger program gets more of them, three counselors for each further forty people.
MORE_COUNSELORS = (
    "Abigail Stern",
    "Farid Karimi",
    "Yolanda Prieto",
    "Gavin Doyle",
    "Keiko Tanaka",
    "Beatriz Salas",
    "Omar Siddiqui",
    "Helen Kowalski",
    "Inés Zamora",
    "Trevor Banks",
    "Mei Huang",
    "Paloma Rincón",
)


def _words(row: str) -> tuple[str, ...]:
    return tuple(row.split())


def _called(pronouns: str, names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, pronouns) for name in _words(names))


# Family names are short of everyday words on purpose: a line that holds one can only mean the person.
FAMILY_NAMES = _words(
    """
    Abernathy Adeyemi Aguilar Alvarado Amato Baptiste Barajas Bhatt Blevins Bogdan Caldwell Calloway
    Chavez Cisneros Cooney Cordero Dabrowski Delacruz Desai Dombrowski Eastman Echols Escobedo Fairley
    Farrington Figueroa Gallardo Garber Goswami Guthrie Hadley Haugen Hollis Ibarra Ingram Iyer
    Jankowski Jarvis Jimerson Kapoor Kessler Kimball Kuznetsov Lafferty Landry Lockett Maddox Magnusson
    McCrary Mehta Nakamura Nance Nwosu Odom Ortiz Osborne Pacheco Paquette Petrov Quintana Quigley
    Radford Ramaswamy Renteria Saldana Schaefer Sorensen Tafoya Tillman Tran Ulrich Urbina Valdez
    Vickers Vosburgh Wakefield Weintraub Womack Xiong Yamada Yarborough Zapata Zielinski Zuniga
    """
)
FIRST_NAMES_EN = (
    *_called(
        "he/him",
        """
        Aaron Amir Anthony Brandon Caleb Cedric Chidi Connor Darius Dmitri Erik Felix Hassan Ian Isaac
        Jerome Justin Kareem Kenji Lorenzo Malik Micah Nathaniel Nikolai Oscar Patrick Raymond Roland Samir
        Silas Terrence Theo Victor Xavier Zachary
        """,
    ),
    *_called(
        "she/her",
        """
        Adaeze Alina Angela Ashlyn Bridget Camille Carla Danielle Deborah Elaine Fatima Gwen Heather Imani
        Jasmine Jocelyn Kaitlyn Keisha Latoya Leah Meera Melissa Nadia Olivia Rachel Rebecca Sabrina Shauna
        Tabitha Tiffany Uma Vanessa Whitney Yasmin Zoe
        """,
    ),
    *_called(
        "they/them",
        """
        Morgan Quinn
        """,
    ),
)
FIRST_NAMES_ES = (
    *_called(
        "he/him",
        """
        Alejandro Diego Esteban Héctor Ignacio Mateo Ramiro
        """,
    ),
    *_called(
        "she/her",
        """
        Belén Consuelo Graciela Julieta Noemí Soledad Ximena
        """,
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the people the pictures show, and what is known about them."""

    first_name: str
    last_name: str
    pronouns: str
    days_in: int
    track: str
    born_month_day: tuple[int, int]
    age: int
    language: Language = EN
    goal: tuple[str, str] | None = None
    second_goal: tuple[str, str] | None = None


# In the order in which a smaller program would have them. Track A holds the twelve of "Riding out cravings".
PARTS = (
    Part(
        "Maya",
        "Reyes",
        "she/her",
        34,
        "A",
        (3, 8),
        34,
        goal=("Be at every one of Leo’s games, and remember them.", "Be there"),
        second_goal=("Sleep without a drink.", "Sleep"),
    ),
    Part(
        "Devon",
        "Thackery",
        "he/him",
        12,
        "A",
        (6, 19),
        27,
        goal=("Not be the one everybody is waiting up for.", "Home on time"),
    ),
    Part(
        "Hannah",
        "Vogel",
        "she/her",
        3,
        "B",
        (11, 2),
        24,
        goal=("I want to feel like me again by spring.", "Feel like me"),
    ),
    Part(
        "Wendell",
        "Pruitt",
        "he/him",
        51,
        "A",
        (1, 30),
        58,
        goal=("Fish with my grandson and have both hands steady.", "Steady hands"),
    ),
    Part(
        "Marcus",
        "Wexler",
        "he/him",
        40,
        "A",
        (9, 14),
        41,
        goal=("Come home on payday with the pay.", "Payday"),
    ),
    Part(
        "Rosa",
        "Mendoza",
        "she/her",
        9,
        "S",
        (4, 23),
        38,
        ES,
        goal=("Trabajar por la mañana y recoger a mis hijos tranquila.", "Trabajo y casa"),
    ),
    Part(
        "Tomás", "Galindo", "he/him", 27, "S", (12, 5), 45, ES, goal=("Que mi hijo me vea entero.", "Familia")
    ),
    Part(
        "Aisha",
        "Bashir",
        "she/her",
        18,
        "A",
        (7, 7),
        31,
        goal=("Get through Sunday night on my own feet.", "Sundays"),
    ),
    Part(
        "James",
        "Okafor",
        "he/him",
        60,
        "A",
        (2, 11),
        49,
        goal=("Stand up at my brother's wedding and mean it.", "Wedding"),
    ),
    Part(
        "Priya",
        "Krishnan",
        "she/her",
        22,
        "A",
        (10, 27),
        29,
        goal=("Finish my degree without falling apart in finals.", "Degree"),
    ),
    Part(
        "Lucía",
        "Fuentes",
        "she/her",
        45,
        "A",
        (5, 16),
        36,
        ES,
        goal=("Ser la tía que los lleva al parque.", "Familia"),
    ),
    Part(
        "Eli",
        "Nussbaum",
        "he/him",
        6,
        "A",
        (8, 3),
        33,
        goal=("Have a body I am not fighting with.", "Health"),
    ),
    Part(
        "Cole",
        "Stroud",
        "he/him",
        38,
        "A",
        (3, 29),
        26,
        goal=("Keep the truck, keep the route, keep my word.", "Work"),
    ),
    Part(
        "Brianna",
        "Fleming",
        "she/her",
        31,
        "A",
        (6, 1),
        28,
        goal=("Get my girls back home for good.", "Family"),
    ),
    Part(
        "Ngoc",
        "Lam",
        "she/her",
        55,
        "A",
        (9, 9),
        52,
        goal=("Sit at my father's table and drink tea.", "Family"),
    ),
    Part(
        "Siobhán",
        "O'Brien-Núñez",
        "she/her",
        66,
        "C",
        (4, 4),
        44,
        goal=("Teach again. Third grade, my room, my kids.", "Teach again"),
    ),
)

WAITING = (
    ("Lena", "Horvath", "she/her", EN),
    ("Tyrell", "Jamison", "he/him", EN),
    ("Catalina", "Rojas", "she/her", ES),
)


@dataclass(frozen=True, slots=True)
class House:
    """One center and who is there: the people of the pictures are at the first, the others have their own."""

    number: int = 0
    center: Center = CENTER
    parts: tuple[Part, ...] = PARTS
    waiting: tuple[tuple[str, str, str, Language], ...] = WAITING
    clinical_staff: tuple[StaffMember, ...] = CLINICAL_STAFF
    more_counselors: tuple[str, ...] = MORE_COUNSELORS
    office_staff: tuple[StaffMember, ...] = OFFICE_STAFF


FIRST = House()


def further(number: int, chance: Random, taken: set[str]) -> House:
    """A further center: the same posts, other people in them; the office of the whole program is at the first."""
    city, postal_code = FURTHER[number - 1]
    center = replace(
        CENTER,
        name=f"{CENTER.name} {city}",
        slug=f"{CENTER.slug}-{city.lower()}",
        street=f"{100 + number} Example Street",
        city=city,
        postal_code=postal_code,
        phone=f"+1937555018{number}",
    )

    def someone(first_names: tuple[tuple[str, str], ...]) -> tuple[str, str, str]:
        while True:
            (first_name, pronouns), last_name = chance.choice(first_names), chance.choice(FAMILY_NAMES)
            if f"{first_name} {last_name}" not in taken:
                taken.add(f"{first_name} {last_name}")
                return first_name, last_name, pronouns

    def named(member: StaffMember) -> StaffMember:
        first_name, last_name, _ = someone(FIRST_NAMES_ES if ES in member.languages else FIRST_NAMES_EN)
        title = "Dr. " if member.name.startswith("Dr. ") else ""
        return replace(member, name=f"{title}{first_name} {last_name}")

    return House(
        number=number,
        center=center,
        parts=(),
        waiting=tuple(
            (*someone(FIRST_NAMES_ES if language is ES else FIRST_NAMES_EN), language)
            for *_, language in WAITING
        ),
        clinical_staff=tuple(named(member) for member in CLINICAL_STAFF),
        more_counselors=tuple(" ".join(someone(FIRST_NAMES_EN)[:2]) for _ in MORE_COUNSELORS),
        office_staff=tuple(named(member) for member in OFFICE_STAFF if member.role is Role.FRONT_DESK),
    )
