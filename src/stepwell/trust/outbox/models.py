"""Each message that went out or is to go out, with what became of it; and who answered that they want no more texts."""

import uuid
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit import clock
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.access.rules import Relation
from stepwell.trust.access.visibility import standing
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import OfOrganization, Organization
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.people.models import Patient


class Channel(models.TextChoices):
    TEXT = "text", _("Text")
    EMAIL = "email", _("E-mail")


class State(models.TextChoices):
    QUEUED = "queued", _("Waits to go out")
    HELD = "held", _("Held until morning")
    SENDING = "sending", _("Going out now")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Could not be sent")
    UNKNOWN = "unknown", _("Not known whether it went out")
    CANCELLED = "cancelled", _("Called off")
    NOT_SAFE = "not safe", _("No safe way to reach them")
    OPTED_OUT = "opted out", _("They answered STOP")


#: What has not gone out yet, and still may.
TO_GO = (State.QUEUED, State.HELD)


class MessageQuerySet(VisibleTo):
    seen_with = Permission.SEE_MESSAGES_OUT

    def visible_to(self, user: User, permission: Permission | None = None) -> Self:  # type: ignore[override]
        """Those to patients in sight; and those to staff, for whoever may see messages at all."""
        permission = permission or self.seen_with
        to_patients = super().visible_to(user, permission)
        if Relation.CENTER not in standing(user, permission):
            return to_patients
        return to_patients | self.filter(patient=None)

    def to_go(self) -> Self:
        return self.filter(state__in=TO_GO)


@pghistory.track(exclude=["claim"])
class Message(OfOrganization):
    """One neutral message to one person. Where it goes and what it says is settled when it is sent, not before."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="messages_out")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="messages_out")
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.value) for kind in Kind])
    context = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    because = models.CharField(max_length=200, blank=True)
    #: The same thing is said once: asked for again with the same key, it is the same message.
    unique_key = models.CharField(max_length=120, null=True)
    next_at = models.DateTimeField()
    useful_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    #: A try whose answer never came: from then on nobody can say that it certainly did not go out.
    may_have_gone = models.BooleanField(default=False)
    #: Who holds it while it is handed over: whoever comes late finds another one, and records nothing.
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=5, choices=Channel.choices, blank=True)
    language = models.CharField(max_length=2, blank=True)
    sent_to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    #: When we last told this person that nobody reads answers.
    answered_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-recorded_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_at"], name="message_due"),
            models.Index(fields=["organization", "sent_to"], name="message_sent_to"),
            models.Index(fields=["patient", "-recorded_at"], name="message_of_patient"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "unique_key"], name="message_once"),
            models.CheckConstraint(
                name="message_to_one_person",
                condition=Q(patient__isnull=False, user=None) | Q(patient=None, user__isnull=False),
            ),
            models.CheckConstraint(
                name="message_in_hand_is_claimed",
                condition=~Q(state="sending")
                | (Q(claim__isnull=False, claimed_at__isnull=False) & ~Q(sent_to="") & ~Q(body="")),
            ),
            models.CheckConstraint(
                name="message_sent_says_when",
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.state}"

    @property
    def reference(self) -> str:
        """What a provider knows it by: the same at every try, so that it takes one message once."""
        assert self.organization_id is not None
        return f"{self.organization_id.hex}{self.pk.hex}"

    @property
    def to_in_brief(self) -> str:
        """Enough to know which number or address it was, and not enough to use it."""
        if self.channel == Channel.TEXT:
            return f"••• {self.sent_to[-4:]}"
        name, _at, domain = self.sent_to.partition("@")
        return f"{name[:1]}•••@{domain}" if domain else ""


def ids_of(reference: str) -> tuple[uuid.UUID, uuid.UUID]:
    """The organization and the message of a reference. Raises ValueError for anything else."""
    if len(reference) != 64:
        raise ValueError("a reference has 64 signs")
    return uuid.UUID(reference[:32]), uuid.UUID(reference[32:])


@pghistory.track()
class OptOut(OfOrganization):
    """A number that answered STOP, until it answers START."""

    number = models.CharField(max_length=20)
    stopped_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "number"], condition=Q(started_at=None), name="opt_out_once"
            ),
            models.CheckConstraint(
                name="opt_out_ends_after_it_began",
                condition=Q(started_at=None) | Q(started_at__gte=models.F("stopped_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number[-4:]} since {self.stopped_at:%Y-%m-%d}"

    @classmethod
    def stands_for(cls, number: str) -> bool:
        return cls.objects.filter(number=number, started_at=None).exists()


class Link(models.Model):
    """A word in a message that opens one page about one thing, until then or until it is ended.

    Outside the wall, because whoever follows it says nothing else: the row says in which organization to look. Only a
    print of the word is kept here.
    """

    outside_the_wall = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    print = models.CharField(max_length=64, unique=True)
    about = models.UUIDField()
    made_at = models.DateTimeField()
    good_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about"], name="link_about")]

    def __str__(self) -> str:
        return f"a link about {self.about}"
