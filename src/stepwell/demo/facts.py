"""What the story of Alder Creek is made of: plain facts, as they would be told, before anything is stored.

Moments are aware datetimes in the center's own time zone. People and things are known by a short `key`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.trust.accounts.roles import Role
from stepwell.trust.setup.rules.hours import Open

DAYTON = ZoneInfo("America/New_York")
CLINICAL_ROLES = frozenset({Role.COUNSELOR, Role.NURSE, Role.PRESCRIBER, Role.PEER, Role.CLINICAL_SUPERVISOR})


class Language(StrEnum):
    ENGLISH = "en"
    SPANISH = "es"


class GroupKind(StrEnum):
    SKILLS = "skills"
    PROCESS = "process"
    PLANNING_AHEAD = "planning_ahead"
    EDUCATION = "education"
    FAMILY = "family"


class Present(StrEnum):
    HERE = "here"
    VIDEO = "video"
    LATE = "late"
    ABSENT = "absent"


class AbsenceReason(StrEnum):
    UNKNOWN = "unknown"
    ILL = "ill"
    WORK = "work"
    TRANSPORT = "transport"
    CHILDCARE = "childcare"
    APPOINTMENT = "appointment"


class Source(StrEnum):
    SELF = "self"
    FAMILY = "family"
    HOSPITAL = "hospital"
    PRIMARY_CARE = "primary_care"
    PROGRAM = "program"
    COURT = "court"
    EMPLOYER = "employer"


class TookPart(IntEnum):
    LISTENED = 1
    SOME = 2
    ACTIVE = 3


class Visit(StrEnum):
    INTAKE = "intake"
    INDIVIDUAL = "individual"
    PRESCRIBER = "prescriber"
    INJECTION = "injection"


class Kept(StrEnum):
    PLANNED = "planned"
    KEPT = "kept"
    MISSED = "missed"


class Analyte(StrEnum):
    OPIATES = "opiates"
    FENTANYL = "fentanyl"
    OXYCODONE = "oxycodone"
    BUPRENORPHINE = "buprenorphine"
    COCAINE = "cocaine"
    AMPHETAMINES = "amphetamines"
    BENZODIAZEPINES = "benzodiazepines"
    CANNABIS = "cannabis"


class Product(StrEnum):
    BUPRENORPHINE_DAILY = "bup_nx"
    BUPRENORPHINE_MONTHLY = "bup_er"
    NALTREXONE_MONTHLY = "ntx_er"


class Used(StrEnum):
    YES = "yes"
    NO = "no"
    SKIPPED = "skipped"


class InstrumentKey(StrEnum):
    PHQ9 = "phq9"
    BAM_IOP = "bam_iop"
    COWS = "cows"
    GAD7 = "gad7"
    BARC10 = "barc10"
    BAM = "bam"
    AUDIT_C = "audit_c"
    TAPS = "taps"
    PC_PTSD5 = "pc_ptsd5"
    CSSRS = "cssrs_screener"
    RULERS = "readiness_ruler"
    OVERDOSE = "overdose_risk_checklist"
    SUD_CRITERIA = "dsm5_sud_checklist"


class InterventionKind(StrEnum):
    GROUP = "group"
    INDIVIDUAL = "individual"
    MEDICATION = "medication"
    PEER = "peer"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Center:
    name: str
    slug: str
    time_zone: str
    street: str
    city: str
    state: str
    postal_code: str
    phone: str
    hours: tuple[Open, ...]


@dataclass(frozen=True, slots=True)
class StaffMember:
    key: str
    name: str
    role: Role
    credential: str
    title: str
    languages: frozenset[Language]

    @property
    def is_clinical(self) -> bool:
        return self.role in CLINICAL_ROLES


@dataclass(frozen=True, slots=True)
class Room:
    key: str
    name: str
    seats: int


@dataclass(frozen=True, slots=True)
class Closure:
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class GroupSeries:
    key: str
    name: str
    kind: GroupKind
    track: str
    weekday: int
    starts: time
    minutes: int
    leader: str
    co_leader: str | None
    room: str | None
    seats: int
    language: Language
    first_on: date

    @property
    def by_video(self) -> bool:
        return self.room is None

    def on_day(self, day: date) -> datetime:
        return datetime.combine(day, self.starts, DAYTON)


@dataclass(frozen=True, slots=True)
class Topic:
    kind: GroupKind
    title: str
    did: str
    method: str
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupSession:
    key: str
    series: str
    number: int
    starts_at: datetime
    minutes: int
    leader: str
    co_leader: str | None
    room: str | None
    topic: Topic
    note_safety: str
    # None while the session lies ahead, or while it waits for the leader. The minutes count from here on.
    note_signed_at: datetime | None

    @property
    def on(self) -> date:
        return self.starts_at.date()

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Attendance:
    session: str
    present: Present
    minutes: int
    reason: AbsenceReason | None = None
    took_part: TookPart | None = None
    goal: int | None = None
    line: str = ""
    note_signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enrollment:
    series: str
    from_on: date
    until_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class VisitNote:
    text: str
    plan: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Appointment:
    key: str
    visit: Visit
    practitioner: str
    room: str
    starts_at: datetime
    minutes: int
    kept: Kept
    reason: AbsenceReason | None = None
    about: str = ""
    note: VisitNote | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class DrugTest:
    at: datetime
    collected_by: str
    course_week: int
    results: Mapping[Analyte, bool]
    # What a prescription explains: a positive here is as expected.
    prescribed: frozenset[Analyte]

    @property
    def unexpected(self) -> frozenset[Analyte]:
        return frozenset(
            a for a, is_positive in self.results.items() if is_positive and a not in self.prescribed
        )


@dataclass(frozen=True, slots=True)
class MissedTest:
    on: date
    course_week: int


@dataclass(frozen=True, slots=True)
class Injection:
    at: datetime
    by: str
    product: Product
    milligrams: int
    site: str
    next_due_on: date


@dataclass(frozen=True, slots=True)
class DispensedWeek:
    """What was handed out for a week of daily medicine, and on how many days it was taken."""

    at: datetime
    by: str
    product: Product
    milligrams_a_day: int
    days_supplied: int
    days_taken: int


@dataclass(frozen=True, slots=True)
class CheckIn:
    at: datetime
    craving: int
    mood: int
    slept_hours: float
    used: Used
    note: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    instrument: InstrumentKey
    at: datetime
    by: str | None  # None: the person answered it themself
    answers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Step:
    """A small step for one week."""

    words: str
    week_of: date
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    quote: str
    label: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Intervention:
    kind: InterventionKind
    what: str
    minutes_a_week: int
    goal: int


@dataclass(frozen=True, slots=True)
class CarePlan:
    number: int
    started_on: date
    clinical_hours: int
    goals: tuple[Goal, ...]
    interventions: tuple[Intervention, ...]
    author: str
    author_signed_at: datetime | None
    patient_signed_at: datetime | None
    review_due_on: date | None
    replaced_on: date | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    source: Source
    received_at: datetime
    by: str
    in_their_words: str


@dataclass(frozen=True, slots=True)
class LevelChange:
    on: date
    level: LevelOfCare
    reason: str


@dataclass(frozen=True, slots=True)
class Discharge:
    on: date
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Episode:
    admitted_on: date
    diagnoses: tuple[Diagnosis, ...]
    levels: tuple[LevelChange, ...]
    discharge: Discharge | None = None

    def level_on(self, day: date) -> LevelOfCare | None:
        if day < self.admitted_on or (self.discharge and day > self.discharge.on):
            return None
        return [change.level for change in self.levels if change.on <= day][-1]


@dataclass(frozen=True, slots=True)
class TeamMember:
    staff: str
    role: Role
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
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
    may_leave_message: bool
    referral: Referral
    course: int | None = None
    episode: Episode | None = None
    team: tuple[TeamMember, ...] = ()
    plans: tuple[CarePlan, ...] = ()
    enrollments: tuple[Enrollment, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    drug_tests: tuple[DrugTest, ...] = ()
    missed_tests: tuple[MissedTest, ...] = ()
    medicine: Product | None = None
    injections: tuple[Injection, ...] = ()
    dispensed: tuple[DispensedWeek, ...] = ()
    next_dose_on: date | None = None
    check_ins: tuple[CheckIn, ...] = ()
    responses: tuple[Response, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def short_name(self) -> str:
        return f"{self.first_name} {self.last_name[0]}."

    @property
    def plan(self) -> CarePlan | None:
        return self.plans[-1] if self.plans else None

    def in_program_on(self, day: date) -> bool:
        return self.episode is not None and self.episode.level_on(day) is not None


@dataclass(frozen=True, slots=True)
class Story:
    seed: int
    today: date
    center: Center
    staff: tuple[StaffMember, ...]
    rooms: tuple[Room, ...]
    closures: tuple[Closure, ...]
    series: tuple[GroupSeries, ...]
    sessions: tuple[GroupSession, ...]
    people: tuple[Person, ...]
    sessions_by_key: Mapping[str, GroupSession] = field(repr=False, compare=False)

    def person(self, name: str) -> Person:
        """By the short name: `story.person("Maya R.")`."""
        return next(person for person in self.people if person.short_name == name)

    def minutes_attended(self, person: Person, monday: date) -> int:
        """Clinical minutes of one week, Monday to Sunday: groups and individual counseling that happened."""
        week = {monday + timedelta(days=n) for n in range(7)}
        groups = sum(a.minutes for a in person.attendance if self.sessions_by_key[a.session].on in week)
        counseling = sum(
            a.minutes
            for a in person.appointments
            if a.visit is Visit.INDIVIDUAL and a.kept is Kept.KEPT and a.starts_at.date() in week
        )
        return groups + counseling

    def minutes_signed(self, person: Person, monday: date) -> int:
        """Of these, the minutes that count: the note is signed, and the attendance with it."""
        week = {monday + timedelta(days=n) for n in range(7)}
        groups = sum(
            a.minutes
            for a in person.attendance
            if a.note_signed_at and self.sessions_by_key[a.session].on in week
        )
        counseling = sum(
            a.minutes
            for a in person.appointments
            if a.visit is Visit.INDIVIDUAL and a.note and a.note.signed_at and a.starts_at.date() in week
        )
        return groups + counseling

    def minutes_planned(self, person: Person, monday: date) -> int:
        """Clinical minutes for which the person has a place that week, kept or not."""
        week = {monday + timedelta(days=n) for n in range(7)}
        places = sum(
            session.minutes
            for session in self.sessions
            if session.on in week
            and any(e.series == session.series and e.covers(session.on) for e in person.enrollments)
        )
        counseling = sum(
            a.minutes
            for a in person.appointments
            if a.visit is Visit.INDIVIDUAL and a.starts_at.date() in week
        )
        return places + counseling


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def monday_morning(day: date) -> datetime:
    return datetime.combine(monday_of(day), time(7), DAYTON)
