"""Patients with their sign-ins, referrals, level-of-care assessments, episodes and care teams."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.episodes.models import EpisodeOfCare, LevelOfCarePeriod, PlannedEnd, Referral
from stepwell.care.level_of_care import actions as assessing
from stepwell.care.level_of_care import rules
from stepwell.care.level_of_care.models import Edition, LevelOfCareAssessment
from stepwell.demo.building.center import email_of
from stepwell.demo.building.site import Site, write
from stepwell.demo.facts import Person, Visit
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import CareTeamMember, Patient

TWELVE_WEEKS = timedelta(weeks=12)


def patients(site: Site) -> None:
    for person in site.story.people:
        if person.episode is not None:
            site.users[person.key] = User(
                id=site.id_of("user", person.key),
                email=email_of(person.name),
                name=person.name,
                language=person.language,
                password=site.made["password", "hash"],
            )
    signed_up = [site.users[person.key] for person in site.story.people if person.key in site.users]
    write(signed_up)
    write(
        Membership(user=user, organization=site.organization, center=site.center, role=Role.PATIENT)
        for user in signed_up
    )
    for person in site.story.people:
        site.patients[person.key] = Patient(
            id=site.id_of("patient", person.key),
            center=site.center,
            user=site.users.get(person.key),
            record_number=person.record_number,
            first_name=person.first_name,
            last_name=person.last_name,
            pronouns=person.pronouns,
            born_on=person.born_on,
            language=person.language,
            needs_interpreter=person.needs_interpreter,
            phone=person.phone,
            email=email_of(person.name) if person.episode else "",
            safe_to_text=person.safe_to_text,
            may_leave_message=person.may_leave_message,
        )
    write(site.patients.values())


def referrals_and_episodes(site: Site) -> None:
    referrals = {}
    for person in site.story.people:
        came = person.referral
        referrals[person.key] = Referral(
            id=site.id_of("referral", person.key),
            patient=site.patients[person.key],
            source=came.source,
            asked_for=came.in_their_words,
            received_at=came.received_at,
            status=Referral.Status.ADMITTED if person.episode else Referral.Status.BOOKED,
            recorded_by=site.users[came.by],
            recorded_at=site.written_at(came.received_at),
        )
    write(referrals.values())
    write(_assessments(site))
    for person in site.story.people:
        if person.episode is None:
            continue
        discharge = person.episode.discharge
        site.keep(
            "episode",
            person.key,
            EpisodeOfCare(
                id=site.id_of("episode", person.key),
                patient=site.patients[person.key],
                center=site.center,
                referral=referrals[person.key],
                admitted_on=person.episode.admitted_on,
                ended_on=discharge.on if discharge else None,
                ended_because=discharge.reason if discharge else "",
                recorded_by=site.users[counselor_of(person)],
                recorded_at=admitted_at(site, person),
            ),
        )
    write(episode for (kind, _), episode in site.made.items() if kind == "episode")
    write(period for person in site.story.people for period in _levels(site, person))
    write(planned for person in site.story.people for planned in _planned_ends(site, person))
    write(
        CareTeamMember(
            patient=site.patients[person.key],
            practitioner=site.practitioners[member.staff],
            role=member.role,
            started_on=member.from_on,
            ended_on=member.until_on,
        )
        for person in site.story.people
        for member in person.team
    )


def counselor_of(person: Person) -> str:
    """Who did the intake, or the counselor when there was none to tell of."""
    intake = next((a for a in person.appointments if a.visit is Visit.INTAKE), None)
    return intake.practitioner if intake else person.plans[0].author


def admitted_at(site: Site, person: Person) -> datetime:
    intake = next(a for a in person.appointments if a.visit is Visit.INTAKE)
    return site.written_at(intake.ends_at + timedelta(minutes=5))


def _levels(site: Site, person: Person) -> Iterator[LevelOfCarePeriod]:
    if person.episode is None:
        return
    changes = person.episode.levels
    # A level lasts until the day before the next one; the last day of care belongs to it.
    ends: list[date | None] = [change.on for change in changes[1:]]
    ends.append(person.episode.discharge.on + timedelta(days=1) if person.episode.discharge else None)
    for change, ends_on in zip(changes, ends, strict=True):
        yield LevelOfCarePeriod(
            patient=site.patients[person.key],
            episode=site.made["episode", person.key],
            level=change.level,
            starts_on=change.on,
            ends_on=ends_on,
            because=change.reason,
            recorded_by=site.users[person.plans[0].author],
            recorded_at=admitted_at(site, person),
        )


def _planned_ends(site: Site, person: Person) -> Iterator[PlannedEnd]:
    """Twelve weeks from admission; and, a week before that, four weeks more for whoever is not ready yet."""
    if person.episode is None:
        return
    until = person.episode.discharge.on if person.episode.discharge else site.story.today
    on, said_on, because = person.episode.admitted_on + TWELVE_WEEKS, person.episode.admitted_on, ""
    while said_on <= until:
        at = admitted_at(site, person)
        yield PlannedEnd(
            patient=site.patients[person.key],
            episode=site.made["episode", person.key],
            on=on,
            because=because,
            recorded_by=site.users[person.plans[0].author],
            recorded_at=at + (said_on - person.episode.admitted_on),
        )
        said_on, on, because = (
            on - timedelta(days=7),
            on + timedelta(days=28),
            "Four more weeks, agreed together.",
        )


# Level of care


RATINGS = {
    "withdrawal": (1, "Mild signs, none severe before. Medicine offered."),
    "physical": (1, "Seen by a doctor this year."),
    "mental": (2, "Low mood and poor sleep; no thoughts of death now."),
    "danger": (2, "Use is likely without several contacts a week."),
    "living": (1, "Home is safe, with one person who helps."),
}


def _assessments(site: Site) -> Iterator[LevelOfCareAssessment]:
    """At intake, by the rules in effect: needs that several contacts a week can meet."""
    ruleset = rules.current(site.story.today)
    for person in site.story.people:
        if person.episode is None:
            continue
        patient = site.patients[person.key]
        ratings = {domain: {"value": value, "because": words} for domain, (value, words) in RATINGS.items()}
        ratings["person"] = {"because": person.referral.in_their_words}
        facts = {"safe_person_at_home": True, "substances": ["opioid"], "in_withdrawal_from": []}
        age = patient.age_on(person.episode.admitted_on)
        edition = Edition.FOURTH
        decision = rules.decide(
            rules.read_case(assessing.exchange_form(ratings, facts, edition, age)), ruleset
        )
        recommended = decision.level if decision.status is rules.Status.DECIDED else None
        at = admitted_at(site, person)
        yield LevelOfCareAssessment(
            id=site.id_of("assessment", person.key),
            patient=patient,
            edition=edition,
            ratings=ratings,
            facts=facts,
            ruleset=ruleset.name,
            result=decision.to_dict() | {"age": age},
            recommended=recommended or "",
            chosen=LevelOfCare.INTENSIVE_OUTPATIENT,
            signed_at=at,
            signed_by=site.users[counselor_of(person)],
            version=2,
            recorded_by=site.users[counselor_of(person)],
            recorded_at=at,
        )
