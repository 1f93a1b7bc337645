"""Tasks. One is about a person or about nobody; it is given to somebody, or lies in the queue of a part at a center."""

from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.care.tasks.rules.life_cycle import OPEN
from stepwell.care.tasks.rules.life_cycle import Status as IsAt
from stepwell.care.tasks.rules.making import RULES, Rule, RuleId
from stepwell.care.tasks.rules.making import Barrier as InTheWay
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center, OfOrganization
from stepwell.trust.people.models import Patient, Practitioner

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class TaskQuerySet(VisibleTo):
    seen_with = Permission.SEE_TASKS

    def visible_to(self, user: "User | AnonymousUser", permission: Permission | None = None) -> Self:
        """Those about people whose tasks the reader sees, and those that are given to them.

        To be given a task is a reason to see it, and only it: the chart stays shut. See ADR 10.
        """
        # Not joined with "or" over two subqueries of the same table: each half finds its rows by its own index.
        by_sight = super().visible_to(user, permission).filter(patient__isnull=False)
        return self.filter(Q(pk__in=by_sight.values("pk")) | given_to(user))

    def open(self) -> Self:
        return self.filter(status__in=[status.value for status in OPEN])

    def in_order(self) -> Self:
        """What is due first stands first; of one day, what could hurt somebody, then by the hour."""
        return self.order_by(
            "due_on", "-is_urgent", models.F("due_at").asc(nulls_last=True), "requested_at", "pk"
        )


def given_to(user: "User | AnonymousUser") -> Q:
    """Theirs, in a queue of theirs, or about nobody and asked by them: at a center where they work now.

    One about a person is given only to somebody who may know that this person is in care.
    """
    nothing = Q(pk__in=[])
    if not (user.is_authenticated and user.is_active):
        return nothing
    mine = nothing
    own = Q(assigned_to__user=user) | Q(patient=None, requested_by=user)
    for membership in user.memberships_here:
        if not Role(membership.role).is_staff:
            continue
        here = Q() if membership.center_id is None else Q(center=membership.center_id)
        mine |= (own | Q(assigned_to=None, role=membership.role)) & here
    knows = Patient.objects.visible_to(user, Permission.SEE_DIRECTORY)
    return mine & (Q(patient=None) | Q(patient__in=knows))


@pghistory.track()
class Task(OfOrganization):
    kept_apart_by: ClassVar = {
        "task_one_open_a_barrier": _(
            "Both have an open task about the same barrier. End one of the two first."
        )
    }

    class Status(models.TextChoices):
        REQUESTED = IsAt.REQUESTED.value, _("To do")
        ACCEPTED = IsAt.ACCEPTED.value, _("Taken")
        IN_PROGRESS = IsAt.IN_PROGRESS.value, _("Under way")
        COMPLETED = IsAt.COMPLETED.value, _("Done")
        CANCELLED = IsAt.CANCELLED.value, _("Called off")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached them")
        MESSAGE = "message", _("Left a message")
        ARRANGED = "arranged", _("Arranged it")
        DONE = "done", _("Done")
        FOLLOWED_UP = "followed-up", _("Followed up with the answers")

    class Barrier(models.TextChoices):
        TRANSPORT = InTheWay.TRANSPORT.value, _("No ride")
        CHILDCARE = InTheWay.CHILDCARE.value, _("No childcare")
        PHONE = InTheWay.PHONE.value, _("No phone")
        WORK = InTheWay.WORK.value, _("Work hours")

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="tasks")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=500)
    #: The rule that asked, and for which occasion. By hand: none.
    rule = models.CharField(max_length=30, blank=True)
    occasion = models.CharField(max_length=80, blank=True)
    #: The key of what it is about: an absence, an answer, an episode; or what the page where it is done takes.
    about = models.UUIDField(null=True, blank=True)
    barrier = models.CharField(max_length=10, choices=Barrier.choices, blank=True)
    is_urgent = models.BooleanField(default=False)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField()
    #: The part it is for. Without a holder it lies in the queue of everybody in that part at the center.
    role = models.CharField(
        max_length=20, choices=[(role.value, role.value) for role in Role if role.is_staff]
    )
    assigned_to = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    given_at = models.DateTimeField()
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.REQUESTED)
    #: The last time it changed hands. Nobody did it: it fell to the queue by itself.
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_over_from = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_over_note = models.CharField(max_length=500, blank=True)
    #: Tried, and not done yet.
    tries = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    last_tried_at = models.DateTimeField(null=True, blank=True)
    tried_words = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: Nobody: it was let go by itself.
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    ended_words = models.CharField(max_length=500, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["assigned_to", "due_on"], condition=Q(ended_at=None), name="task_open_of_holder"
            ),
            models.Index(
                fields=["center", "role", "due_on"],
                condition=Q(ended_at=None, assigned_to=None),
                name="task_open_in_queue",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="task_says_what_and_why", condition=~Q(what="") & ~Q(why="")),
            models.CheckConstraint(
                name="task_by_rule_or_by_hand",
                condition=Q(rule="", occasion="", requested_by__isnull=False)
                | (~Q(rule="") & ~Q(occasion="") & Q(requested_by=None)),
            ),
            # A rule that runs twice, or in two workers at once, asks once: also when it was done or called off.
            models.UniqueConstraint(
                fields=["organization", "rule", "occasion"],
                condition=~Q(rule=""),
                name="task_once_a_rule_and_occasion",
            ),
            models.UniqueConstraint(
                fields=["patient", "barrier"],
                condition=Q(ended_at=None) & ~Q(barrier=""),
                name="task_one_open_a_barrier",
            ),
            models.CheckConstraint(
                name="task_taken_by_somebody",
                condition=~Q(status__in=["accepted", "in-progress"]) | Q(assigned_to__isnull=False),
            ),
            models.CheckConstraint(
                name="task_ended_whole",
                condition=Q(
                    status__in=["requested", "accepted", "in-progress"],
                    ended_at=None,
                    ended_by=None,
                    outcome="",
                    ended_words="",
                )
                | Q(status="completed", ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome="")
                | Q(status="cancelled", ended_at__isnull=False, outcome="") & ~Q(ended_words=""),
            ),
            models.CheckConstraint(
                name="task_let_go_only_if_safe",
                condition=~Q(status="cancelled")
                | Q(ended_by__isnull=False)
                | (
                    Q(is_urgent=False)
                    & Q(rule__in=sorted(rule.id for rule in RULES.values() if rule.lets_go))
                ),
            ),
            models.CheckConstraint(
                name="task_handed_over_says_why",
                condition=Q(handed_over_at=None, handed_over_by=None, handed_over_note="")
                | (Q(handed_over_at__isnull=False) & ~Q(handed_over_note="")),
            ),
            models.CheckConstraint(
                name="task_tried_whole",
                condition=Q(tries=0, first_tried_at=None, last_tried_at=None, tried_words="")
                | (
                    Q(
                        tries__gte=1,
                        first_tried_at__isnull=False,
                        last_tried_at__gte=models.F("first_tried_at"),
                    )
                    & ~Q(tried_words="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def made_by_rule(self) -> Rule | None:
        """The rule that asked; none for a task by hand."""
        return RULES[RuleId(self.rule)] if self.rule in set(RuleId) else None

    @property
    def let_go_by_itself(self) -> bool:
        return self.ended_at is not None and self.ended_by_id is None
