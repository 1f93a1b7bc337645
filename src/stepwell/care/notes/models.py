"""The shared group note, each person's own note, and addenda."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.care.encounters import coming_again
from stepwell.care.encounters.models import Encounter
from stepwell.care.notes.rules.readiness import SharedText
from stepwell.care.scheduling.models import GroupSession
from stepwell.ground.kit import clock
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import OfOrganization
from stepwell.trust.people.frozen import frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Practitioner


class Safety(models.TextChoices):
    NOBODY = "nobody", _("Nobody voiced intent to harm self or others")
    FOLLOWED_UP = "followed_up", _("A safety concern came up, and was followed up in person")


class GroupNoteQuerySet(VisibleTo):
    seen_with = Permission.MARK_ATTENDANCE
    to_patient = None
    to_center = "session__series__center"


@pghistory.track()
class GroupNote(OfOrganization):
    """What the group did, written once, with no names. It goes into each member's own note at signing."""

    session = models.OneToOneField(GroupSession, on_delete=models.PROTECT, related_name="note")
    topic = models.CharField(max_length=200, blank=True)
    what_we_did = models.TextField(blank=True, max_length=4000)
    method = models.CharField(max_length=100, blank=True)
    safety = models.CharField(max_length=12, choices=Safety.choices, blank=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)

    objects = GroupNoteQuerySet.as_manager()

    def __str__(self) -> str:
        return self.topic or "Group note"

    @property
    def text(self) -> SharedText:
        return SharedText(self.topic, self.what_we_did, self.method, self.safety)


class NoteQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_NOTES

    def signed(self) -> Self:
        return self.filter(signed_at__isnull=False)


@pghistory.track()
class Note(ClinicalRecord):
    """One person's note of one encounter.

    ``line`` is what they did or said, ``response`` how they took it, ``plan`` what comes next. The shared text of
    a group, the words of the goal and the size of the group are copied in at signing, and stay.
    """

    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="notes")
    line = models.TextField(blank=True, max_length=4000)
    response = models.TextField(blank=True, max_length=2000)
    plan = models.TextField(blank=True, max_length=2000)
    topic = models.CharField(max_length=200, blank=True)
    what_we_did = models.TextField(blank=True, max_length=4000)
    method = models.CharField(max_length=100, blank=True)
    safety = models.CharField(max_length=12, choices=Safety.choices, blank=True)
    goal_words = models.TextField(blank=True)
    group_size = models.PositiveSmallIntegerField(null=True, blank=True)
    signature = models.CharField(max_length=250, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: Who changed the draft last.
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    struck_out_with = Permission.SIGN_NOTE

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["encounter"], condition=Q(entered_in_error_at=None), name="note_once_an_encounter"
            ),
            models.CheckConstraint(
                name="note_signed_at_and_by_together",
                condition=Q(signed_at=None, signed_by=None, signature="")
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(signature="")),
            ),
            models.CheckConstraint(name="note_signed_with_a_line", condition=Q(signed_at=None) | ~Q(line="")),
        ]
        triggers: ClassVar = [
            frozen(
                "signed_note_stays",
                "patient_id",
                "encounter_id",
                "author_id",
                "line",
                "response",
                "plan",
                "topic",
                "what_we_did",
                "method",
                "safety",
                "goal_words",
                "group_size",
                "signature",
                "signed_at",
                "signed_by_id",
                once="OLD.signed_at IS NOT NULL",
            )
        ]

    def __str__(self) -> str:
        return f"Note on {self.patient}"

    def strike_out(self, *, by: User, at: datetime, because: str) -> None:
        """With a signed note goes the attendance it signed: the minutes no longer count, and may be marked anew."""
        super().strike_out(by=by, at=at, because=because)
        if self.signed_at is not None and self.encounter.entered_in_error_at is None:
            self.encounter.strike_out(by=by, at=at, because=because)
            coming_again.goes_on(self.encounter, at=at)


@pghistory.track()
class Addendum(ClinicalRecord):
    """Words added to a signed note, under it, with who and when. Never changed."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="addenda")
    words = models.TextField(max_length=4000)
    because = models.CharField(max_length=200)
    signature = models.CharField(max_length=250)

    objects = NoteQuerySet.as_manager()

    struck_out_with = Permission.SIGN_NOTE

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["recorded_at"]
        triggers: ClassVar = [
            frozen(
                "addendum_stays",
                "note_id",
                "words",
                "because",
                "signature",
                "recorded_by_id",
                "recorded_at",
                once="TRUE",
            )
        ]

    def __str__(self) -> str:
        return self.words
