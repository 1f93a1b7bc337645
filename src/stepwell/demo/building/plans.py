"""Care plans, version by version, as the people signed them."""

from collections.abc import Iterator
from datetime import datetime, time

from stepwell.care.care_plans.models import CarePlan, Goal, Intervention, Step
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.demo import facts
from stepwell.demo.building.site import ROWS, Site, write
from stepwell.demo.facts import DAYTON, Person


def care_plans(site: Site) -> None:
    """A goal may only be written into a draft, and one version is written at a time: so, number by number."""
    most = max((len(person.plans) for person in site.story.people), default=0)
    for number in range(1, most + 1):
        told = [
            (person, plan) for person in site.story.people for plan in person.plans if plan.number == number
        ]
        _write_version(site, told)
    write(
        step for person in site.story.people for plan in person.plans for step in _steps(site, person, plan)
    )


def _write_version(site: Site, told: list[tuple[Person, facts.CarePlan]]) -> None:
    rows = {person.key: _draft(site, person, plan) for person, plan in told}
    write(rows.values())
    write(goal for person, plan in told for goal in _goals(site, person, plan))
    write(each for person, plan in told for each in _interventions(site, person, plan))
    # The version before goes out of force as this one comes into it.
    replaced = [
        before
        for person, plan in told
        if plan.patient_signed_at and (before := site.made.get(("plan", f"{person.key}:{plan.number - 1}")))
    ]
    for before in replaced:
        before.status = Status.REPLACED
    CarePlan.objects.bulk_update(replaced, ["status"], batch_size=ROWS)
    for person, plan in told:
        row = rows[person.key]
        row.status = Status.ACTIVE if plan.patient_signed_at else Status.AWAITING_SIGNATURES
        row.review_due_on = plan.review_due_on
        row.signed_by_clinician, row.signed_by_clinician_at = site.users[plan.author], plan.author_signed_at
        if plan.patient_signed_at:
            row.signed_by_patient, row.signed_by_patient_at = site.users[person.key], plan.patient_signed_at
    CarePlan.objects.bulk_update(
        rows.values(),
        [
            "status",
            "review_due_on",
            "signed_by_clinician",
            "signed_by_clinician_at",
            "signed_by_patient",
            "signed_by_patient_at",
        ],
        batch_size=ROWS,
    )


def _draft(site: Site, person: Person, plan: facts.CarePlan) -> CarePlan:
    written_at = datetime.combine(plan.started_on, time(15, 40), DAYTON)
    author = site.users[plan.author]
    return site.keep(
        "plan",
        f"{person.key}:{plan.number}",
        CarePlan(
            id=site.id_of("plan", f"{person.key}:{plan.number}"),
            patient=site.patients[person.key],
            episode=site.made["episode", person.key],
            number=plan.number,
            minutes_a_week=plan.clinical_hours * 60,
            changed_by=author,
            changed_at=written_at,
            version=2,
            recorded_by=author,
            recorded_at=written_at,
        ),
    )


def _goals(site: Site, person: Person, plan: facts.CarePlan) -> Iterator[Goal]:
    row = site.made["plan", f"{person.key}:{plan.number}"]
    for position, goal in enumerate(plan.goals, 1):
        yield site.keep(
            "goal",
            f"{person.key}:{plan.number}:{position}",
            Goal(
                id=site.id_of("goal", f"{person.key}:{plan.number}:{position}"),
                patient=row.patient,
                plan=row,
                continues=site.made.get(("goal", f"{person.key}:{plan.number - 1}:{position}")),
                position=position,
                words=goal.quote,
                label=goal.label,
                recorded_by=row.recorded_by,
                recorded_at=row.recorded_at,
            ),
        )


def _interventions(site: Site, person: Person, plan: facts.CarePlan) -> Iterator[Intervention]:
    row = site.made["plan", f"{person.key}:{plan.number}"]
    for position, intervention in enumerate(plan.interventions, 1):
        yield Intervention(
            patient=row.patient,
            goal=site.made["goal", f"{person.key}:{plan.number}:{intervention.goal + 1}"],
            position=position,
            kind=intervention.kind,
            description=intervention.what,
            minutes_a_week=intervention.minutes_a_week,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
        )


def _steps(site: Site, person: Person, plan: facts.CarePlan) -> Iterator[Step]:
    for position, goal in enumerate(plan.goals, 1):
        for step in goal.steps:
            yield Step(
                patient=site.patients[person.key],
                goal=site.made["goal", f"{person.key}:{plan.number}:{position}"],
                week_of=step.week_of,
                words=step.words,
                done_on=step.done_on,
                recorded_by=site.users[plan.author],
                recorded_at=site.written_at(datetime.combine(step.week_of, time(9), DAYTON)),
            )


def goal_on(site: Site, person: Person, moment: datetime, position: int | None) -> Goal | None:
    """The goal of the version in force at that moment."""
    if position is None:
        return None
    in_force = [p for p in person.plans if p.patient_signed_at and p.patient_signed_at <= moment]
    return site.made.get(("goal", f"{person.key}:{in_force[-1].number}:{position + 1}")) if in_force else None
