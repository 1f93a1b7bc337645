"""What people do with tasks: ask for them, take them, do them, hand them over, call them off."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.care.tasks import placing
from stepwell.care.tasks.models import Task, given_to
from stepwell.care.tasks.rules import life_cycle, making
from stepwell.care.tasks.rules.life_cycle import NotNow, Step, after, may_take_back
from stepwell.care.tasks.rules.making import Barrier
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Forbidden, Permission, may, require
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.words import role_name
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient, Practitioner


def outcomes_of(task: Task) -> list[Task.Outcome]:
    """What can be chosen as what happened. The follow-up of an answer is recorded with the answer; and who is to be
    reached has not been by a message."""
    left_out = {Task.Outcome.FOLLOWED_UP} | (
        {Task.Outcome.MESSAGE} if task.rule in making.CONTACTS else set()
    )
    return [outcome for outcome in Task.Outcome if outcome not in left_out]


@transaction.atomic
def ask(
    patient: Patient,
    *,
    what: str,
    why: str,
    role: Role,
    to: Practitioner | None,
    due_on: date,
    by: User,
    at: datetime,
    is_urgent: bool = False,
) -> Task:
    """Ask for something about a person: of a colleague, or of everybody in a part at their center."""
    require(by, Permission.ASK_TASK, patient)
    task = _new(patient.center, what=what, why=why, role=role, to=to, due_on=due_on, by=by, at=at)
    task.patient, task.is_urgent = patient, is_urgent
    return _made(task, by=by)


@transaction.atomic
def ask_for_help(patient: Patient, *, barrier: Barrier, by: User, at: datetime) -> Task:
    """Something keeps this person from coming. It goes to their case manager; asked twice, it is the same task."""
    require(by, Permission.ASK_TASK, patient)
    if standing := _about_barrier(patient, barrier):
        return standing
    today = patient.center.day_of(at)
    rule = making.RULES[making.RuleId.BARRIER]
    wanted = making.barrier_in_the_way(
        None,
        barrier,
        why=_("%(name)s said so: %(barrier)s.")
        % {"name": by.name, "barrier": str(Task.Barrier(barrier).label).lower()},
        called=patient.called,
        on=today,
        figures=making.in_force(today),
    )
    role, practitioner_id = placing.holder_of(patient, rule.roles)
    task = Task(
        center=patient.center,
        patient=patient,
        what=wanted.what[:200],
        why=wanted.why[:500],
        barrier=barrier,
        role=role,
        assigned_to_id=practitioner_id,
        due_on=wanted.due_on,
        requested_by=by,
        requested_at=at,
        given_at=at,
    )
    try:
        with transaction.atomic():
            return _made(task, by=by)
    except IntegrityError:
        # Somebody else asked in the same moment.
        if standing := _about_barrier(patient, barrier):
            return standing
        raise


def _about_barrier(patient: Patient, barrier: Barrier) -> Task | None:
    return Task.objects.open().filter(patient=patient, barrier=barrier).first()


@transaction.atomic
def ask_of_the_office(
    center: Center,
    *,
    what: str,
    why: str,
    role: Role,
    to: Practitioner | None,
    due_on: date,
    by: User,
    at: datetime,
) -> Task:
    """Ask for something that is about nobody: an order, a repair, a letter to a payer."""
    require(by, Permission.OFFICE_TASKS, center=center)
    return _made(_new(center, what=what, why=why, role=role, to=to, due_on=due_on, by=by, at=at), by=by)


def _new(
    center: Center,
    *,
    what: str,
    why: str,
    role: Role,
    to: Practitioner | None,
    due_on: date,
    by: User,
    at: datetime,
) -> Task:
    if not what.strip():
        raise Refused(_("Say what is to be done."), field="what")
    if not why.strip():
        raise Refused(_("Say why, so that whoever takes it knows."), field="why")
    if due_on < center.day_of(at):
        raise Refused(_("Choose today or a day to come."), field="due_on")
    _check_place(to, role, center)
    return Task(
        center=center,
        what=what.strip()[:200],
        why=why.strip()[:500],
        role=role,
        assigned_to=to,
        due_on=due_on,
        requested_by=by,
        requested_at=at,
        given_at=at,
    )


def _check_place(to: Practitioner | None, role: Role, center: Center) -> None:
    if to is None:
        if not placing.working_at(center, [role]).exists():
            raise Refused(
                _("Nobody works as %(role)s at this center. Choose another part.")
                % {"role": role_name(role).lower()},
                field="to",
            )
    elif not placing.works_as(to, role, center):
        raise Refused(
            _("%(name)s does not work as %(role)s at this center.")
            % {"name": to.name, "role": role_name(role).lower()},
            field="to",
        )


def _made(task: Task, *, by: User) -> Task:
    task.save(force_insert=True)
    audit.record(by=by, did=audit.Did.CREATED, to=task)
    return task


# What is done with one


@transaction.atomic
def take(task: Task, *, by: User, at: datetime) -> Task:
    """Make it one's own: from the queue, or from a colleague who is away."""
    task = _held(task, by)
    me = _as_practitioner(by)
    role = placing.part_of(me, task.center, patient=task.patient, given=Role(task.role))
    if role is None:
        raise Refused(_("A task is taken by somebody who works at its center."))
    if task.assigned_to_id == me.pk and task.status != Task.Status.REQUESTED:
        return task
    _step(task, Step.TAKE)
    if task.assigned_to_id not in (None, me.pk):
        task.handed_over_from_id = task.assigned_to_id
        task.handed_over_at, task.handed_over_by = at, by
        task.handed_over_note = _("Taken over by %(name)s.") % {"name": me.name}
    if task.assigned_to_id != me.pk:
        task.assigned_to, task.given_at = me, at
        task.role = role
    task.save()
    audit.record(by=by, did=audit.Did.CHANGED, to=task, because="taken")
    return task


@transaction.atomic
def note_try(task: Task, *, words: str, due_on: date, by: User, at: datetime) -> Task:
    """Tried, and not done yet: what was tried, and until when it is tried again."""
    task = _held(task, by)
    if not words.strip():
        raise Refused(_("Say what you tried."), field="words")
    today = task.center.day_of(at)
    if due_on < today:
        raise Refused(_("Choose today or a day to come."), field="due_on")
    if task.assigned_to_id is None:
        task = take(task, by=by, at=at)
    _step(task, Step.TRY)
    task.tries += 1
    task.first_tried_at, task.last_tried_at = task.first_tried_at or at, at
    task.tried_words = words.strip()[:500]
    if due_on != task.due_on:
        task.due_on, task.due_at = due_on, None
    task.save()
    audit.record(by=by, did=audit.Did.CHANGED, to=task, because="tried")
    return task


@transaction.atomic
def complete(task: Task, *, outcome: str, words: str, by: User, at: datetime) -> Task:
    """Done, with what happened. To say it twice is harmless."""
    task = _held(task, by)
    if outcome == Task.Outcome.MESSAGE and task.rule in making.CONTACTS:
        raise Refused(_("A message is a try. Say until when it is tried again."), field="outcome")
    if outcome not in outcomes_of(task):
        raise Refused(_("Say what happened."), field="outcome")
    if task.status == Task.Status.COMPLETED and task.ended_by_id == by.pk and task.outcome == outcome:
        return task
    if task.made_by_rule is not None and task.made_by_rule.ends_with:
        raise Refused(task.made_by_rule.ends_with)
    if outcome == Task.Outcome.DONE and not words.strip():
        raise Refused(_("Say in a few words what was done."), field="words")
    _end(task, Step.COMPLETE, outcome=outcome, words=words, by=by, at=at)
    audit.record(by=by, did=audit.Did.ENDED, to=task, because=f"done: {outcome}")
    return task


@transaction.atomic
def call_off(task: Task, *, because: str, by: User, at: datetime) -> Task:
    """It is not to be done any more, and why."""
    task = _held(task, by)
    if not because.strip():
        raise Refused(_("Say why it is called off."), field="because")
    _end(task, Step.CANCEL, outcome="", words=because, by=by, at=at)
    audit.record(by=by, did=audit.Did.CANCELLED, to=task)
    return task


@transaction.atomic
def take_back(task: Task, *, by: User, at: datetime) -> Task:
    """Undo what oneself ended a few minutes ago. The task goes on as one's own."""
    task = _held(task, by)
    if task.is_open:
        return task
    if task.ended_by_id != by.pk or task.outcome == Task.Outcome.FOLLOWED_UP:
        raise Refused(_("Only whoever ended a task takes that back."))
    if not may_take_back(ended_at=task.ended_at, at=at):
        raise Refused(_("That was more than 10 minutes ago. Make a new task."))
    _step(task, Step.TAKE_BACK)
    task.ended_at, task.ended_by, task.outcome, task.ended_words = None, None, "", ""
    if task.assigned_to_id is None:
        task.assigned_to, task.given_at = _as_practitioner(by), at
    try:
        with transaction.atomic():
            task.save()
    except IntegrityError as error:
        raise ChangedMeanwhile(_("Somebody opened a new task about the same barrier.")) from error
    audit.record(by=by, did=audit.Did.CHANGED, to=task, because="taken back")
    return task


@transaction.atomic
def hand_over(task: Task, *, to: Practitioner | None, role: Role, note: str, by: User, at: datetime) -> Task:
    """Give it to a colleague, or lay it in the queue of a part, with a note for whoever takes it."""
    task = _held(task, by)
    if not note.strip():
        raise Refused(_("Leave a note for whoever takes it."), field="note")
    _check_place(to, role, task.center)
    if to is not None and to.pk == task.assigned_to_id:
        raise Refused(_("%(name)s has it already.") % {"name": to.name}, field="to")
    give(task, to=to, role=role, note=note, by=by, at=at)
    audit.record(by=by, did=audit.Did.HANDED_OVER, to=task, because=f"→ {to.name if to else role_name(role)}")
    return task


def give(task: Task, *, to: Practitioner | None, role: Role, note: str, by: User, at: datetime) -> None:
    """Change whose it is, as a part of a larger act that asks and records by itself."""
    _step(task, Step.HAND_OVER)
    task.handed_over_from_id, task.handed_over_by = task.assigned_to_id, by
    task.handed_over_at, task.handed_over_note = at, note.strip()[:500]
    task.assigned_to, task.role, task.given_at = to, role, at
    task.save()


def followed_up(patient: Patient, *, response_id: UUID, by: User, at: datetime) -> None:
    """Somebody recorded what they did about an answer: the task that asked for it is done with that."""
    tasks = Task.objects.open().filter(patient=patient, rule=making.RuleId.CRITICAL_ANSWER, about=response_id)
    for task in tasks.select_for_update(of=("self",)):
        _end(task, Step.COMPLETE, outcome=Task.Outcome.FOLLOWED_UP, words="", by=by, at=at)


def _end(task: Task, step: Step, *, outcome: str, words: str, by: User, at: datetime) -> None:
    _step(task, step)
    task.ended_at, task.ended_by = at, by
    task.outcome, task.ended_words = outcome, words.strip()[:500]
    task.save()


def _as_practitioner(user: User) -> Practitioner:
    """Whoever works at the office may have none yet."""
    made, _is_new = Practitioner.objects.get_or_create(user=user, defaults={"name": user.name})
    return made


def _step(task: Task, step: Step) -> None:
    try:
        task.status = after(life_cycle.Status(task.status), step)
    except NotNow as refusal:
        raise ChangedMeanwhile(_not_now(task)) from refusal


def _not_now(task: Task) -> str:
    if task.let_go_by_itself:
        return task.ended_words
    if task.ended_by is not None:
        return _("%(name)s ended this task: %(how)s.") % {
            "name": task.ended_by.name,
            "how": str(task.get_outcome_display() or task.get_status_display()).lower(),
        }
    return _("This task is open.")


def _held(task: Task, by: User) -> Task:
    """The task as it is now, held until the end, if it is theirs to act on."""
    require_over(task, by)
    rows = Task.objects.select_for_update(of=("self",))
    return rows.select_related("patient__center", "center", "assigned_to", "ended_by").get(pk=task.pk)


def require_over(task: Task, by: User) -> None:
    """Whoever has it or its queue; of one about a person, whoever does the tasks of that person."""
    if Task.objects.filter(given_to(by), pk=task.pk).exists():
        return
    if task.patient is not None and may(by, Permission.DO_TASKS, task.patient):
        return
    raise Forbidden(by, Permission.DO_TASKS if task.patient else Permission.OFFICE_TASKS, task.patient)
