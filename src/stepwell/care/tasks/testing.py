"""Tasks for the tests of this room and of those above it."""

from datetime import date
from typing import Any

from stepwell.care.tasks import actions, by_rule
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.rules.making import RuleId, Wanted
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.models import Patient, Practitioner


def asked(
    patient: Patient,
    *,
    by: User,
    to: Practitioner | None = None,
    role: Role = Role.COUNSELOR,
    what: str = "Call about Tuesday",
    due_on: date | None = None,
) -> Task:
    """A task by hand, due today unless said otherwise."""
    return actions.ask(
        patient,
        what=what,
        why="She asked for it.",
        role=role,
        to=to,
        due_on=due_on or clock.today(patient.center.time_zone),
        by=by,
        at=clock.now(),
    )


def by_a_rule(patient: Patient, rule: RuleId = RuleId.MISSED, **more: Any) -> Task:
    given: dict[str, Any] = {
        "occasion": "one",
        "what": f"Reach {patient.called}",
        "why": "Did not come to Skills on Friday.",
        "due_on": clock.today(patient.center.time_zone),
    } | more
    made = by_rule.make(Wanted(rule, **given), patient=patient, center=patient.center, at=clock.now())
    assert made is not None
    return made
