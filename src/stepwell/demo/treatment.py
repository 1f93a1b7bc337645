"""One person's weeks of treatment, told from a real course: who came, tests, doses, answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from stepwell.demo import measures, phrases
from stepwell.demo.casting import Character
from stepwell.demo.courses import Sample, Substance, Week
from stepwell.demo.facts import (
    DAYTON,
    AbsenceReason,
    Analyte,
    Appointment,
    Attendance,
    CheckIn,
    DispensedWeek,
    DrugTest,
    Enrollment,
    GroupSession,
    Injection,
    InstrumentKey,
    Kept,
    Language,
    MissedTest,
    Present,
    Product,
    Response,
    TookPart,
    Used,
    Visit,
    monday_of,
)
from stepwell.demo.placement import (
    INDIVIDUAL_MINUTES,
    INJECTION_MINUTES,
    INTAKE_MINUTES,
    PRESCRIBER_MINUTES,
    Booking,
    Places,
    at,
    days_from,
    office_of,
)
from stepwell.demo.timetable import Timetable

MONTHLY = {Product.BUPRENORPHINE_MONTHLY, Product.NALTREXONE_MONTHLY}
DAYS_BETWEEN_SHOTS, FEWEST_DAYS_BETWEEN_SHOTS = 28, 26
BAM_LETTER = {
    Substance.CANNABIS: "a",
    Substance.BENZODIAZEPINE: "b",
    Substance.COCAINE: "c",
    Substance.AMPHETAMINE: "d",
    Substance.OPIOID: "e",
}
ANALYTE = {
    Substance.COCAINE: Analyte.COCAINE,
    Substance.AMPHETAMINE: Analyte.AMPHETAMINES,
    Substance.BENZODIAZEPINE: Analyte.BENZODIAZEPINES,
    Substance.CANNABIS: Analyte.CANNABIS,
}
# The trials ran before fentanyl was tested for: that it was positive is fact, for which opioid is not.
OPIOID_ANALYTES = {
    "fentanyl": {Analyte.FENTANYL},
    "heroin": {Analyte.OPIATES, Analyte.FENTANYL},
    "pills": {Analyte.OXYCODONE},
}
COMES = {Sample.NEGATIVE: 0.96, Sample.POSITIVE: 0.87, Sample.MISSED: 0.6}
COMES_WHEN_LOST = 0.04
# From strong to a little in five weeks.
MAYAS_CRAVING = (3, 4, 3, 3, 4, 3, 3, 3, 3, 2, 3, 3, 2, 2, 2, 3, 2, 2, 2, 1, 2, 2, 1, 2, 1, 1, 2, 1)
REASONS = (
    AbsenceReason.ILL,
    AbsenceReason.WORK,
    AbsenceReason.TRANSPORT,
    AbsenceReason.CHILDCARE,
    AbsenceReason.APPOINTMENT,
)


@dataclass(frozen=True, slots=True)
class UseDay:
    on: date
    letters: frozenset[str]


@dataclass(slots=True)
class Told:
    """What has been told so far of one person."""

    enrollments: list[Enrollment] = field(default_factory=list)
    sessions: list[GroupSession] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    attendance: list[Attendance] = field(default_factory=list)
    drug_tests: list[DrugTest] = field(default_factory=list)
    missed_tests: list[MissedTest] = field(default_factory=list)
    injections: list[Injection] = field(default_factory=list)
    dispensed: list[DispensedWeek] = field(default_factory=list)
    next_dose_on: date | None = None
    check_ins: list[CheckIn] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)


class Treatment:
    def __init__(
        self,
        seed: int,
        today: date,
        person: Character,
        timetable: Timetable,
        places: Places,
        booking: Booking,
    ) -> None:
        self.today = today
        self.person = person
        self.timetable = timetable
        self.places = places
        self.booking = booking
        self.chance = Random(f"{seed}:treatment:{person.key}")
        self.life = measures.life(self.chance)
        self.start = self.chance.uniform(0.5, 0.9)
        self.is_new_and_unreached = person.short_name == "Hannah V."
        self.told = Told()
        self.use: list[UseDay] = []
        self.drank: set[date] = set()

    # The calendar

    @property
    def ends_on(self) -> date:
        """The last day of which anything can be told."""
        return self.person.discharged_on or self.today

    def week_number(self, day: date) -> int:
        return -(-(day - self.person.admitted_on).days // 7)

    def course_week(self, day: date) -> Week:
        return self.person.course.week(self.week_number(day))

    def days_of_week(self, number: int) -> list[date]:
        """Days of a week of treatment; week 0 is the day of admission."""
        first = self.person.admitted_on + timedelta(days=7 * (number - 1) + 1)
        return [first + timedelta(days=n) for n in range(7)]

    def is_lost(self, day: date) -> bool:
        return self.course_week(day).lost_contact or self.is_new_and_unreached

    # Places

    def take_places(self) -> None:
        person = self.person
        from_on = person.admitted_on + timedelta(days=1)
        wanted = 2 if person.needs_interpreter else 3
        until = person.stepped_down_on or person.discharged_on
        groups = self.places.pattern(person, wanted, from_on, until)
        if person.stepped_down_on:
            self.told.enrollments += self.places.take(
                groups, from_on, person.stepped_down_on - timedelta(days=1)
            )
            one = self.places.pattern(person, 1, person.stepped_down_on, None)
            self.told.enrollments += self.places.take(one, person.stepped_down_on)
        elif fewer_on := self.fewer_groups_from:
            gives_up = [g for g in groups if self.places.series[g].weekday != self.today.weekday()][-1:]
            stays = [g for g in groups if g not in gives_up]
            self.told.enrollments += self.places.take(stays, from_on)
            self.told.enrollments += self.places.take(gives_up, from_on, fewer_on - timedelta(days=1))
        else:
            self.told.enrollments += self.places.take(groups, from_on, person.discharged_on)
        self.told.sessions = self.booking.join(person.key, self.told.enrollments)

    @property
    def fewer_groups_from(self) -> date | None:
        """James is on his way to fewer hours: from nine to six, two weeks ago."""
        is_james = self.person.short_name == "James O."
        return monday_of(self.today) - timedelta(weeks=2) if is_james else None

    # What happened

    def tell_attendance(self) -> None:
        past = [session for session in self.told.sessions if session.on < self.today]
        last = past[-1].key if past else None
        missed_at_first = 0
        for session in past:
            comes = self.chance.random() < self.likelihood(session.on)
            if self.person.short_name == "Maya R.":
                comes = self.week_number(session.on) > 1 or missed_at_first >= 2
                missed_at_first += not comes
            if self.person.short_name == "Devon T." and session.key == last:
                comes = False
            self.told.attendance.append(self.attended(session) if comes else self.absent(session))
        self.come_at_least_once_to_give_each_sample(past)

    def likelihood(self, day: date) -> float:
        if self.is_new_and_unreached:
            return 0
        return COMES_WHEN_LOST if self.is_lost(day) else COMES[self.course_week(day).sample]

    def attended(self, session: GroupSession) -> Attendance:
        chance = self.chance
        by_video = session.room is None or chance.random() < (
            0.8 if self.person.short_name == "Aisha B." else 0.06
        )
        is_late = not by_video and chance.random() < (0.35 if self.person.short_name == "Priya K." else 0.06)
        present = Present.VIDEO if by_video else Present.LATE if is_late else Present.HERE
        return Attendance(
            session=session.key,
            present=present,
            minutes=session.minutes - 5 * chance.randint(2, 7) if is_late else session.minutes,
            took_part=TookPart(chance.choices((1, 2, 3), (2, 4, 5))[0]),
            goal=chance.randrange(len(self.person.goals)),
        )

    def absent(self, session: GroupSession) -> Attendance:
        # By now most of the reasons are known; of the last days, nearly all are.
        is_recent = (self.today - session.on).days <= 7
        unlikely = 0 if self.person.is_in_the_pictures else 0.1
        no_word = self.is_lost(session.on) or self.chance.random() < (unlikely if is_recent else 0.35)
        is_devons_last = self.person.short_name == "Devon T."
        reason = AbsenceReason.UNKNOWN if no_word or is_devons_last else self.chance.choice(REASONS)
        return Attendance(session=session.key, present=Present.ABSENT, minutes=0, reason=reason)

    def come_at_least_once_to_give_each_sample(self, past: list[GroupSession]) -> None:
        """A week with a sample is a week in which the person came."""
        weeks: dict[int, list[int]] = {}
        for n, session in enumerate(past):
            weeks.setdefault(self.week_number(session.on), []).append(n)
        for number, sessions in weeks.items():
            gave_sample = (
                self.person.course.week(number).sample is not Sample.MISSED and not self.is_new_and_unreached
            )
            came = any(self.told.attendance[n].present is not Present.ABSENT for n in sessions)
            if gave_sample and not came and (len(sessions) > 1 or self.person.short_name != "Devon T."):
                first = sessions[0]
                self.told.attendance[first] = replace(self.attended(past[first]))

    # Visits

    def tell_visits(self) -> None:
        self.tell_intake()
        if self.person.product:
            self.tell_prescriber_visits()
        self.tell_injections()
        self.tell_individual_sessions()
        self.told.appointments.sort(key=lambda a: a.starts_at)

    def tell_intake(self) -> None:
        others = [
            member.key
            for member in self.timetable.staff
            if member.credential.startswith(("LCDC", "LICDC", "LPCC"))
        ]
        # Rosa's first visit was with Dana and an interpreter.
        who = "dana" if self.person.needs_interpreter else self.person.counselor
        found = self.booking.intake(self.person.key, [who, *others], [self.person.admitted_on])
        if found:
            counselor, starts_at = found
            self.note_visit(
                Visit.INTAKE, counselor, office_of(counselor), starts_at, INTAKE_MINUTES, comes=True
            )

    def tell_prescriber_visits(self) -> None:
        last = self.person.discharged_on or self.timetable.last_day
        due = self.person.admitted_on + timedelta(days=1)
        while due <= last:
            starts_at = None
            for day in days_from(due, 4):
                if day <= last and (starts_at := self.booking.with_prescriber(self.person.key, day)):
                    break
            if starts_at:
                first = due == self.person.admitted_on + timedelta(days=1)
                comes = first or self.chance.random() < self.likelihood(min(starts_at.date(), self.today))
                self.note_visit(
                    Visit.PRESCRIBER,
                    "osei",
                    "room1",
                    starts_at,
                    PRESCRIBER_MINUTES,
                    comes=comes,
                    about="Medicine",
                )
            due += timedelta(days=28)

    def tell_individual_sessions(self) -> None:
        week = monday_of(self.person.admitted_on) + timedelta(weeks=1)
        last = self.person.discharged_on or self.timetable.last_day
        n = 0
        prefer: tuple[int, time] = (self.chance.randrange(5), time(13 + self.chance.randrange(4)))
        while week <= last:
            n += 1
            # Rosa has a place for six of her nine hours this week: none of them alone with her counselor.
            is_short = self.person.short_name == "Rosa M." and week == monday_of(self.today)
            if (n <= 4 or n % 2 == 0) and not is_short:
                starts_at = self.booking.individual(self.person, week, prefer)
                if starts_at and starts_at.date() <= last:
                    prefer = (starts_at.weekday(), starts_at.timetz().replace(tzinfo=None))
                    comes = self.chance.random() < self.likelihood(min(starts_at.date(), self.today))
                    counselor = self.person.counselor
                    self.note_visit(
                        Visit.INDIVIDUAL,
                        counselor,
                        office_of(counselor),
                        starts_at,
                        INDIVIDUAL_MINUTES,
                        comes=comes,
                    )
            week += timedelta(weeks=1)

    def note_visit(
        self,
        visit: Visit,
        by: str,
        room: str,
        starts_at: datetime,
        minutes: int,
        *,
        comes: bool,
        about: str = "",
    ) -> None:
        is_past = starts_at.date() < self.today
        kept = Kept.PLANNED if not is_past else Kept.KEPT if comes else Kept.MISSED
        reason = None
        if kept is Kept.MISSED:
            is_recent = (self.today - starts_at.date()).days <= 7
            no_word = self.chance.random() < (0.1 if is_recent else 0.5)
            reason = AbsenceReason.UNKNOWN if no_word else self.chance.choice(REASONS)
        self.told.appointments.append(
            Appointment(
                key=f"{self.person.key}:{visit}:{starts_at:%Y-%m-%dT%H%M}",
                visit=visit,
                practitioner=by,
                room=room,
                starts_at=starts_at,
                minutes=minutes,
                kept=kept,
                reason=reason,
                about=about,
            )
        )

    # Medicine

    def tell_injections(self) -> None:
        product = self.person.product
        if product not in MONTHLY:
            return
        last_on: date | None = None
        for due in self.shot_days():
            starts_at = self.shot_at(due if last_on is None else max(due, last_on + timedelta(days=26)))
            if starts_at is None or starts_at.date() >= self.today:
                continue
            self.note_visit(Visit.INJECTION, "joel", "treatment", starts_at, INJECTION_MINUTES, comes=True)
            last_on = starts_at.date()
            self.told.injections.append(self.injection(starts_at))
        if self.told.injections and not self.person.discharged_on:
            self.book_next_shot()

    def shot_days(self) -> list[date]:
        """The days on which a monthly injection was given, as the course has it."""
        person, past = self.person, self.ends_on - timedelta(days=1)
        scripted = {"Maya R.": self.today - timedelta(days=27), "Marcus W.": self.today - timedelta(days=28)}
        if person.short_name in scripted:
            return [scripted[person.short_name]]
        if person.product is Product.NALTREXONE_MONTHLY:
            weeks = [week.number for week in person.course.weeks if week.dose_days]
            days = [person.admitted_on + timedelta(days=1 if n == 0 else 7 * (n - 1) + 2) for n in weeks]
            return [day for day in days if day <= past]
        days, day = [], person.admitted_on + timedelta(days=3)
        while day <= past:
            if self.is_lost(day):
                day += timedelta(days=7)
            else:
                days.append(day)
                day += timedelta(days=DAYS_BETWEEN_SHOTS)
        return days

    def shot_at(self, day: date, first: time = time(12, 10)) -> datetime | None:
        """That day, or the open day before it when it is closed for a person whose next date is known."""
        scripted = self.person.short_name in {"Maya R.", "Marcus W."} and day < self.today
        days = [self.timetable.open_day_on_or_before(day)] if scripted else list(days_from(day, 7))
        for each in days:
            if starts_at := self.booking.with_nurse(self.person.key, each, first):
                return starts_at
        return None

    def injection(self, starts_at: datetime) -> Injection:
        n = len(self.told.injections)
        naltrexone = self.person.product is Product.NALTREXONE_MONTHLY
        due_on = starts_at.date() + timedelta(days=DAYS_BETWEEN_SHOTS)
        if self.person.short_name == "Maya R.":
            due_on = self.today + timedelta(days=1)
        if self.person.short_name == "Marcus W.":
            due_on = self.today
        return Injection(
            at=starts_at + timedelta(minutes=10),
            by="joel",
            product=self.person.product or Product.NALTREXONE_MONTHLY,
            milligrams=380 if naltrexone else 300 if n < 2 else 100,
            site=("gluteal, left", "gluteal, right")[n % 2]
            if naltrexone
            else ("abdomen, left", "abdomen, right")[n % 2],
            next_due_on=due_on,
        )

    def book_next_shot(self) -> None:
        due_on = self.told.injections[-1].next_due_on
        self.told.next_dose_on = due_on
        is_near = self.today - timedelta(days=7) <= due_on <= self.timetable.last_day
        if not is_near:
            return
        first = time(10, 40) if self.person.short_name == "Maya R." else time(12, 10)
        if starts_at := self.shot_at(max(due_on, self.today), first):
            self.note_visit(Visit.INJECTION, "joel", "treatment", starts_at, INJECTION_MINUTES, comes=True)

    def tell_dispensing(self) -> None:
        """Daily buprenorphine is handed out for a week at a time, when they come."""
        if self.person.product is not Product.BUPRENORPHINE_DAILY:
            return
        milligrams, runs_out_on = 8, self.person.admitted_on
        weeks = range(1, self.week_number(self.ends_on) + 1)
        for day in (day for number in weeks for day in self.days_they_came(number) if day < self.ends_on):
            week = self.course_week(day)
            if not week.dose_days or day < runs_out_on - timedelta(days=2):
                continue
            milligrams = week.dose_mg or milligrams
            runs_out_on = max(day, runs_out_on) + timedelta(days=7)
            self.told.dispensed.append(
                DispensedWeek(
                    at=at(day, time(12, 5)),
                    by="joel",
                    product=Product.BUPRENORPHINE_DAILY,
                    milligrams_a_day=milligrams,
                    days_supplied=7,
                    days_taken=min(week.dose_days, (self.ends_on - day).days),
                )
            )
        if self.told.dispensed and not self.person.discharged_on:
            self.told.next_dose_on = runs_out_on

    def days_they_came(self, number: int) -> list[date]:
        """Days of that week on which the person was in the house."""
        days = set(self.days_of_week(number))
        by_key = {session.key: session for session in self.told.sessions}
        in_groups = {
            by_key[a.session].on for a in self.told.attendance if a.present in {Present.HERE, Present.LATE}
        }
        in_visits = {a.starts_at.date() for a in self.told.appointments if a.kept is Kept.KEPT}
        return sorted(days & (in_groups | in_visits))

    # Drug tests

    def tell_drug_tests(self) -> None:
        intake = next((a for a in self.told.appointments if a.visit is Visit.INTAKE), None)
        if intake:
            self.test(0, intake.starts_at + timedelta(minutes=20))
        for number in range(1, self.week_number(self.ends_on) + 1):
            week = self.person.course.week(number)
            days = [
                day for day in self.days_of_week(number) if day < self.ends_on and self.timetable.is_open(day)
            ]
            came = [day for day in self.days_they_came(number) if day in days]
            is_whole = self.days_of_week(number)[-1] < self.ends_on
            usual_on = next(day for day in self.days_of_week(number) if day.weekday() == self.usual_test_day)
            if week.sample is Sample.MISSED or self.is_new_and_unreached:
                if is_whole:
                    self.told.missed_tests.append(MissedTest(self.days_of_week(number)[-1], number))
            elif came and (is_whole or usual_on < self.ends_on):
                # The same weekday as far as may be, so that each sample speaks of its own seven days.
                day = min(came, key=lambda d: abs(d.weekday() - self.usual_test_day))
                self.test(number, self.before_the_first_thing(day))
            elif is_whole and days:
                # Nothing kept in the house that week, but a sample was given: they came by for it.
                self.test(number, at(days[len(days) // 2], time(11, 30)))

    @property
    def usual_test_day(self) -> int:
        group = self.places.series[self.told.enrollments[0].series] if self.told.enrollments else None
        return group.weekday if group else 2

    def before_the_first_thing(self, day: date) -> datetime:
        starts = [s.starts_at for s in self.told.sessions if s.on == day]
        starts += [
            a.starts_at for a in self.told.appointments if a.starts_at.date() == day and a.kept is Kept.KEPT
        ]
        return min(starts) - timedelta(minutes=12)

    def test(self, number: int, when: datetime) -> None:
        week = self.person.course.week(number)
        positive: set[Analyte] = {ANALYTE[s] for s in week.positive_for if s is not Substance.OPIOID}
        if Substance.OPIOID in week.positive_for:
            positive |= OPIOID_ANALYTES[self.person.main_opioid]
        if self.is_on_buprenorphine(when.date()) and (week.dose_days or self.person.product in MONTHLY):
            positive.add(Analyte.BUPRENORPHINE)
        prescribed = {Analyte.BUPRENORPHINE} if self.is_on_buprenorphine(when.date()) else set()
        self.told.drug_tests.append(
            DrugTest(
                at=when,
                collected_by="joel",
                course_week=number,
                results={analyte: analyte in positive for analyte in Analyte},
                prescribed=frozenset(prescribed),
            )
        )
        if number:
            self.note_use(week, when.date())

    def is_on_buprenorphine(self, day: date) -> bool:
        given = [i.at.date() for i in self.told.injections if i.product is Product.BUPRENORPHINE_MONTHLY]
        handed_out = [d.at.date() for d in self.told.dispensed]
        return any(when < day <= when + timedelta(days=60) for when in given) or any(
            when < day <= when + timedelta(days=10) for when in handed_out
        )

    def note_use(self, week: Week, test_on: date) -> None:
        # What was before the last sample, that sample has already spoken of.
        before = max((test.at.date() for test in self.told.drug_tests[:-1]), default=self.person.admitted_on)
        earliest = max(before + timedelta(days=1), self.days_of_week(week.number)[0] - timedelta(days=1))
        if week.positive_for:
            count = max(1, min(3, week.days_used_opioid)) if Substance.OPIOID in week.positive_for else 2
            letters = frozenset(BAM_LETTER[substance] for substance in week.positive_for)
            self.use += [UseDay(day, letters) for day in measures.week_of_use(test_on, count, earliest)]
        if week.days_drank:
            self.drank |= set(measures.week_of_use(test_on, min(4, week.days_drank), earliest))

    # Measures

    def tell_measures(self) -> None:
        self.tell_bam()
        self.tell_phq9()
        self.tell_cows()
        self.tell_gad7_and_barc10()
        self.tell_the_intake_set()
        self.tell_the_closing_set()
        self.told.responses.sort(key=lambda response: response.at)

    def trouble_on(self, day: date) -> float:
        week = self.course_week(day)
        return measures.trouble(
            self.start,
            (day - self.person.admitted_on).days / 7,
            after_use=any(timedelta(0) <= day - use.on <= timedelta(days=7) for use in self.use),
            missed=week.sample is Sample.MISSED,
        )

    def use_before(self, day: date) -> Mapping[str, int]:
        window = [use for use in self.use if timedelta(0) <= day - use.on <= timedelta(days=7)]
        return {letter: sum(letter in use.letters for use in window) for letter in "abcde"}

    def drank_before(self, day: date) -> int:
        return sum(timedelta(0) <= day - on <= timedelta(days=7) for on in self.drank)

    def tell_bam(self) -> None:
        for test in self.told.drug_tests:
            on = test.at.date()
            used, drank = self.use_before(on), self.drank_before(on)
            if test.course_week == 0:
                week = self.person.course.week(0)
                used = {BAM_LETTER[s]: max(1, min(4, week.days_used_opioid)) for s in week.positive_for}
                drank = week.days_drank
                if self.person.short_name == "Maya R.":
                    drank = 4
            answers = measures.bam_iop(self.trouble_on(on), drank, used, self.life, self.chance)
            self.told.responses.append(
                Response(InstrumentKey.BAM_IOP, test.at + timedelta(minutes=6), None, answers)
            )

    def tell_phq9(self) -> None:
        person, chance = self.person, self.chance
        if person.short_name == "Wendell P.":
            return self.tell_wendells_phq9()
        for day in days_from(person.admitted_on, (self.ends_on - person.admitted_on).days):
            weeks_in, rest = divmod((day - person.admitted_on).days, 14)
            if rest or (weeks_in and self.is_lost(day)):
                continue
            total = measures.within(chance.gauss(2 + 19 * self.trouble_on(day), 1.4), 0, 24)
            thoughts = 1 if weeks_in == 0 and total >= 15 and chance.random() < 0.2 else 0
            self.answer_phq9(day, total, thoughts, time(19, 40))
        return None

    def tell_wendells_phq9(self) -> None:
        """His ninth answer went from 0 to 1 last night."""
        yesterday = self.today - timedelta(days=1)
        for n, total in enumerate((14, 12, 11, 13)):
            day = yesterday - timedelta(days=14 * n)
            if day >= self.person.admitted_on:
                self.answer_phq9(day, total, 1 if n == 0 else 0, time(21, 14))

    def answer_phq9(self, day: date, total: int, thoughts_of_death: int, when: time) -> None:
        answers = measures.phq9(total, thoughts_of_death, self.chance)
        intake = next((a for a in self.told.appointments if a.visit is Visit.INTAKE), None)
        moment = at(day, when)
        if intake and intake.starts_at.date() == day:
            moment = intake.starts_at + timedelta(minutes=12)
        self.told.responses.append(Response(InstrumentKey.PHQ9, moment, None, answers))

    def tell_cows(self) -> None:
        """Two readings around the first dose of buprenorphine: before it, and an hour after."""
        first = self.told.injections[:1] or self.told.dispensed[:1]
        if self.person.product is Product.NALTREXONE_MONTHLY or not first:
            return
        start = first[0].at - timedelta(minutes=30)
        for minutes, (least, most) in ((0, (11, 18)), (75, (2, 7))):
            answers = measures.cows(least, most, self.chance)
            self.told.responses.append(
                Response(InstrumentKey.COWS, start + timedelta(minutes=minutes), "joel", answers)
            )

    def tell_gad7_and_barc10(self) -> None:
        """Beside each PHQ-9, as the schedule asks: GAD-7 every time, BARC-10 every other time."""
        chance = Random(
            f"{self.person.key}:beside the PHQ-9"
        )  # its own: the story stays as it was without them
        answered = [each for each in self.told.responses if each.instrument is InstrumentKey.PHQ9]
        for n, beside in enumerate(sorted(answered, key=lambda each: each.at)):
            trouble = self.trouble_on(beside.at.date())
            total = measures.within(chance.gauss(2 + 14 * trouble, 1.3), 0, 14)
            self.told.responses.append(
                Response(
                    InstrumentKey.GAD7, beside.at + timedelta(minutes=2), None, measures.gad7(total, chance)
                )
            )
            if n % 2 == 0:
                answers = measures.barc10(trouble, chance)
                self.told.responses.append(
                    Response(InstrumentKey.BARC10, beside.at + timedelta(minutes=4), None, answers)
                )

    def tell_the_intake_set(self) -> None:
        """What is asked once, in the first visit: alone beside the PHQ-9, then with the counselor."""
        visit = next((a for a in self.told.appointments if a.visit is Visit.INTAKE), None)
        if visit is None:
            return
        chance = Random(f"{self.person.key}:at intake")  # its own, as above
        told = {
            each.instrument: each.answers
            for each in self.told.responses
            if each.at.date() == visit.starts_at.date()
        }
        week_of_use = told.get(InstrumentKey.BAM_IOP, {})
        used = {letter: week_of_use.get(f"bam_iop_7{letter}", 0) for letter in "abcdefg"}
        drank = week_of_use.get("bam_iop_4", 0)
        wish = bool(told.get(InstrumentKey.PHQ9, {}).get("phq9_9"))
        trouble = self.trouble_on(visit.starts_at.date())
        alone: dict[InstrumentKey, Mapping[str, int]] = {
            InstrumentKey.AUDIT_C: measures.audit_c(drank, chance),
            InstrumentKey.TAPS: measures.taps(used, drank, self.person.main_opioid, chance),
            InstrumentKey.PC_PTSD5: measures.pc_ptsd5(trouble, chance),
            InstrumentKey.RULERS: measures.rulers(trouble, chance),
        }
        if week_of_use:
            alone[InstrumentKey.BAM] = measures.bam(week_of_use)
        together = {
            InstrumentKey.CSSRS: measures.cssrs(wish),
            InstrumentKey.OVERDOSE: measures.overdose(used, drank, wish, chance),
            InstrumentKey.SUD_CRITERIA: measures.sud_criteria(trouble, chance),
        }
        for n, (key, answers) in enumerate((alone | together).items()):
            moment = visit.starts_at + timedelta(minutes=20 + 3 * n)
            self.told.responses.append(
                Response(key, moment, visit.practitioner if key in together else None, answers)
            )

    def tell_the_closing_set(self) -> None:
        """Whoever finished was asked once more on their last day, where the two weeks before did not."""
        last = self.person.discharged_on
        if last is None or last > self.today or self.is_lost(last):
            return
        chance = Random(f"{self.person.key}:at the end")
        trouble = self.trouble_on(last)
        week = measures.bam_iop(trouble, self.drank_before(last), self.use_before(last), self.life, chance)
        closing = {
            InstrumentKey.BAM: measures.bam(week),
            InstrumentKey.BARC10: measures.barc10(trouble, chance),
        }
        for n, (key, answers) in enumerate(closing.items()):
            self.told.responses.append(Response(key, at(last, time(18, 5 + 4 * n)), None, answers))

    # Daily check-ins

    def tell_check_ins(self) -> None:
        if self.is_new_and_unreached:
            return
        for day in days_from(self.person.admitted_on, (self.ends_on - self.person.admitted_on).days + 1):
            check_in = self.scripted_check_in(day)
            if check_in is None and day > self.person.admitted_on:
                check_in = self.check_in(day)
            if check_in:
                self.told.check_ins.append(check_in)

    def check_in(self, day: date) -> CheckIn | None:
        chance, week = self.chance, self.course_week(day)
        use = [use for use in self.use if use.on == day]
        likely = 0.08 if self.is_lost(day) else 0.45 if week.sample is Sample.MISSED or use else 0.8
        if chance.random() > (likely * 0.7 if day == self.today else likely):
            return None
        trouble = self.trouble_on(day)
        # Since yesterday only Devon's has jumped: that is today's story.
        most = 2 if (self.today - day).days <= 1 and not use else 4
        craving = measures.within(chance.gauss(3.4 * trouble - 0.1, 0.7) + (1 if use else 0), 0, most)
        if self.person.short_name == "Maya R.":
            craving = MAYAS_CRAVING[min((day - self.person.admitted_on).days, len(MAYAS_CRAVING)) - 1]
        used = Used.NO
        if use:
            used = Used.YES if chance.random() < 0.7 else Used.SKIPPED
        elif chance.random() < 0.04:
            used = Used.SKIPPED
        return CheckIn(
            at=self.check_in_time(day),
            craving=craving,
            mood=measures.within(chance.gauss(3.6 - 3 * trouble, 0.6), 0, 4),
            slept_hours=max(2.0, min(10.0, round(2 * chance.gauss(7.4 - 2.4 * trouble, 0.8)) / 2)),
            used=used,
            note=self.check_in_note(craving, used),
        )

    def check_in_time(self, day: date) -> datetime:
        hour = (
            self.chance.choice((6, 7, 7))
            if day == self.today
            else self.chance.choice((6, 7, 7, 8, 12, 18, 20, 21))
        )
        return datetime.combine(day, time(hour, self.chance.randrange(60)), DAYTON)

    def check_in_note(self, craving: int, used: Used) -> str:
        if self.chance.random() > 0.16:
            return ""
        spanish = self.person.language is Language.SPANISH
        if used is Used.YES:
            return self.chance.choice(phrases.HARD_NOTES_ES if spanish else phrases.HARD_NOTES_EN)
        if craving >= 3:
            return self.chance.choice(phrases.CRAVING_NOTES_ES if spanish else phrases.CRAVING_NOTES_EN)
        return self.chance.choice(phrases.GENTLE_NOTES_ES if spanish else phrases.GENTLE_NOTES_EN)

    def scripted_check_in(self, day: date) -> CheckIn | None:
        days_ago = (self.today - day).days
        if self.person.short_name == "Devon T." and day == self.person.admitted_on:
            return CheckIn(at(day, time(20, 30)), 3, 1, 4.0, Used.YES, "This morning, before I came in.")
        if self.person.short_name == "Devon T." and days_ago <= 9:
            craving = (4, 2, 1, 1, 1, 0, 1, 1, 2, 1)[days_ago]
            if days_ago == 0:
                return CheckIn(at(day, time(7, 52)), craving, 1, 4.5, Used.NO, "Cannot shake it today.")
            return CheckIn(at(day, time(7, 40 - days_ago)), craving, 3, 7.0, Used.NO)
        if self.person.short_name == "Maya R." and days_ago <= 9:
            since_saturday = (day.weekday() - 5) % 7
            last_saturday = self.today - timedelta(days=(self.today.weekday() - 5) % 7 or 7)
            if day == last_saturday:
                return CheckIn(
                    at(day, time(21, 5)),
                    3,
                    3,
                    6.5,
                    Used.NO,
                    "Family dinner. Called Luis, left early. It passed.",
                )
            if day == last_saturday + timedelta(days=1):
                return CheckIn(at(day, time(9, 20)), 2, 3, 6.0, Used.NO, "Told Ana. She was kind.")
            return CheckIn(at(day, time(7, 31)), 1, 3, 6.5 + 0.5 * (since_saturday % 2), Used.NO)
        return None


def tell_all(treatments: Iterable[Treatment]) -> None:
    """Standing places first, for everyone; then what happened to each."""
    told = list(treatments)
    for treatment in told:
        treatment.take_places()
    for treatment in told:
        treatment.tell_attendance()
        treatment.tell_visits()
        treatment.tell_dispensing()
        treatment.tell_drug_tests()
        treatment.tell_measures()
        treatment.tell_check_ins()
