"""A task as a list shows it, and those that are due from somebody now."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stepwell.care.tasks.models import Task, given_to
from stepwell.care.tasks.rules.making import RuleId
from stepwell.care.tasks.rules.standing import Due, how_due
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.words import role_name

#: What is due at an hour is so many hours late; from this many on, days are counted, as for notes.
LATE_IN_HOURS = 48
#: How far ahead "due from me" looks. A queue shows only what is late or due today.
LOOKS_AHEAD = timedelta(days=3)
TONES = {Due.LATE: "urgent", Due.NOW: "urgent", Due.TODAY: "warn", Due.LATER: ""}

#: What one press says happened, where there is one usual answer. The others ask for words.
QUICK: dict[str, Task.Outcome] = {
    RuleId.MISSED: Task.Outcome.REACHED,
    RuleId.FIRST_WEEK: Task.Outcome.REACHED,
    RuleId.BARRIER: Task.Outcome.ARRANGED,
}

OPENS: dict[str, Promise] = {
    RuleId.CRITICAL_ANSWER: gettext_lazy("Open answers"),
    RuleId.PLAN_REVIEW: gettext_lazy("Open plan"),
    RuleId.LICENSE: gettext_lazy("Open license"),
}


@dataclass(frozen=True)
class Line:
    task: Task
    now: datetime
    reader: User

    @property
    def _zone(self) -> ZoneInfo:
        return self.task.center.zone

    @property
    def due(self) -> Due:
        now = self.now.astimezone(self._zone)
        at = self.task.due_at.astimezone(self._zone) if self.task.due_at else None
        return how_due(due_on=self.task.due_on, due_at=at, now=now, is_urgent=self.task.is_urgent)

    @property
    def tone(self) -> str:
        if not self.task.is_open:
            return "ok" if self.task.status == Task.Status.COMPLETED else ""
        return TONES[self.due]

    @property
    def tag(self) -> str:
        """`10 h late`, `2 days late`, `Today 4:00 PM`, `Tomorrow`; of one that has ended, what came of it."""
        if not self.task.is_open:
            return str(self.task.get_outcome_display() or self.task.get_status_display())
        today = self.now.astimezone(self._zone).date()
        days = (self.task.due_on - today).days
        hours = LATE_IN_HOURS
        if (
            self.task.due_at
        ):  # Two times of one zone are subtracted by the wall, and a clock may have changed.
            hours = (self.now.astimezone(UTC) - self.task.due_at.astimezone(UTC)) // timedelta(hours=1)
        if days < 0 and hours < LATE_IN_HOURS:
            return ngettext("%(n)s h late", "%(n)s h late", hours) % {"n": hours}
        if days < 0:
            return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
        hour = date_format(self.task.due_at.astimezone(self._zone), "g:i A") if self.task.due_at else ""
        if self.due is Due.LATE:
            return _("Was due %(time)s") % {"time": hour}
        day = (
            _("Today")
            if days == 0
            else _("Tomorrow")
            if days == 1
            else date_format(self.task.due_on, "D" if days < 7 else "M j")
        )
        return f"{day} {hour}".strip()

    @property
    def whose(self) -> str:
        if self.task.assigned_to is None:
            return self.queue
        return _("You") if self.task.assigned_to.user_id == self.reader.pk else self.task.assigned_to.name

    @property
    def due_from(self) -> str:
        """`Due from you`, `Due from Luis Ortega`; of one that nobody has taken, its queue."""
        if self.task.assigned_to is None:
            return self.queue
        if self.task.assigned_to.user_id == self.reader.pk:
            return _("Due from you")
        return _("Due from %(name)s") % {"name": self.task.assigned_to.name}

    @property
    def queue(self) -> str:
        return _("Queue: %(role)s") % {"role": role_name(self.task.role)}

    @property
    def person(self) -> str:
        return self.task.patient.short_name if self.task.patient else ""

    @property
    def origin(self) -> str:
        rule = self.task.made_by_rule
        if rule is not None:
            return _("Rule: %(name)s") % {"name": rule.name}
        return _("Asked by %(name)s") % {"name": self.task.requested_by}

    @property
    def barrier(self) -> str:
        return str(self.task.get_barrier_display()) if self.task.barrier else ""

    @property
    def came_of_it(self) -> str:
        """Who ended it, when, and their words."""
        if self.task.ended_at is None:
            return ""
        day = date_format(self.task.ended_at.astimezone(self._zone), "D M j, g:i A")
        return f"{self.task.ended_by.name}, {day}" if self.task.ended_by else day

    @property
    def done_at(self) -> str:
        """The address where it is done, where that is not its own page."""
        rule = self.task.made_by_rule
        if rule is None or not rule.done_at or self.task.about is None:
            return ""
        return reverse(rule.done_at, args=[self.task.about])

    @property
    def opens(self) -> str:
        """What stands on the way there."""
        return str(OPENS[self.task.rule]) if self.done_at else ""

    @property
    def ends_with(self) -> str:
        """What ends it, where nothing on its own page does."""
        rule = self.task.made_by_rule
        return rule.ends_with if rule else ""

    @property
    def quick(self) -> Task.Outcome | None:
        if not self.task.is_open or self.ends_with:
            return None
        return QUICK.get(self.task.rule) or (Task.Outcome.ARRANGED if self.task.barrier else None)

    @property
    def is_in_queue(self) -> bool:
        return self.task.is_open and self.task.assigned_to_id is None

    @property
    def url(self) -> str:
        return reverse("tasks:task", args=[self.task.pk])

    @property
    def in_short(self) -> str:
        """Why, with whom it is about: two people may be called Maya. And the queue, where nobody has taken it."""
        queue = f"{self.queue}." if self.is_in_queue else ""
        return " ".join(part for part in (queue, self.person, self.task.why) if part)

    @property
    def tried(self) -> str:
        """`2 tries, last today 8:10 AM`."""
        if self.task.last_tried_at is None:
            return ""
        last = self.task.last_tried_at.astimezone(self._zone)
        days = (self.now.astimezone(self._zone).date() - last.date()).days
        day = _("today") if days == 0 else _("yesterday") if days == 1 else date_format(last, "D M j")
        return ngettext(
            "%(n)s try, %(day)s %(time)s", "%(n)s tries, last %(day)s %(time)s", self.task.tries
        ) % {"n": self.task.tries, "day": day, "time": date_format(last, "g:i A")}

    @property
    def cells(self) -> list[object]:
        return [
            self.task.what,
            self.person,
            self.task.due_on,
            self.whose,
            self.task.get_status_display(),
            self.task.why,
            self.origin,
            self.task.get_outcome_display(),
            self.task.ended_words,
        ]


def due_today(user: User) -> int:
    """How many tasks of theirs are late or due today."""
    today = clock.today(user.center_here.time_zone if user.center_here else "UTC")
    return Task.objects.open().filter(assigned_to__user=user, due_on__lte=today).count()


def due_from(user: User, now: datetime) -> list[Line]:
    """What this person owes in the next days, and what lies late or for today in a queue of theirs. Oldest first."""
    ahead = now.date() + LOOKS_AHEAD
    tasks = (
        Task.objects.visible_to(user)
        .open()
        .filter(given_to(user))
        .filter(Q(assigned_to__user=user, due_on__lte=ahead) | Q(assigned_to=None, due_on__lte=now.date()))
        .exclude(~Q(role__in=[str(role) for role in user.roles]), assigned_to=None)
        .select_related("patient", "center", "assigned_to", "requested_by")
        .in_order()
    )
    return [Line(task, now, user) for task in tasks]
