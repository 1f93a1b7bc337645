"""Patients, practitioners and care teams; and what every clinical record has in common."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit import clock, phones
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.access.visibility import EMERGENCY, on_the_team_now
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.models import Center, OfOrganization
from stepwell.trust.people.frozen import LETS_CHANGE_HANDS, frozen
from stepwell.trust.people.rules import contact
from stepwell.trust.people.rules.contact import ContactPoint

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


@pghistory.track()
class Practitioner(OfOrganization):
    """Someone who gives care: a user seen from the clinical side."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="practitioners")
    name = models.CharField(max_length=200)
    credential = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=80, blank=True)
    #: What they speak with people, as ISO 639-1 codes, in the order they would offer it.
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="practitioner_once_a_user")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def signature(self) -> str:
        """How the name stands under a note: with the credential, where there is one."""
        return f"{self.name}, {self.credential}" if self.credential else self.name


class PatientQuerySet(VisibleTo):
    seen_with = Permission.SEE_DIRECTORY
    to_patient = None


@pghistory.track()
class Patient(OfOrganization):
    """A person who asks for care or receives it."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SPANISH = "es", "Español"

    class Channel(models.TextChoices):
        CALL = "call", _("Call")
        TEXT = "text", _("Text")
        EMAIL = "email", _("E-mail")

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="patients")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="patients")
    record_number = models.CharField(max_length=20)
    first_name = models.CharField(max_length=100)
    middle_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    chosen_name = models.CharField(max_length=100, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    born_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    needs_interpreter = models.BooleanField(default=False)
    interpreter_language = models.CharField(max_length=60, blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    safe_to_text = models.BooleanField(default=False)
    safe_to_email = models.BooleanField(default=False)
    may_leave_message = models.BooleanField(default=False)
    preferred_channel = models.CharField(max_length=5, choices=Channel.choices, blank=True)
    call_from = models.TimeField(null=True, blank=True)
    call_until = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    #: One more with every change of the particulars, so that of two people at once the second is told.
    version = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_here"
    )

    objects = PatientQuerySet.as_manager()

    if TYPE_CHECKING:
        care_team: RelatedManager["CareTeamMember"]

    class Meta:
        ordering: ClassVar = ["first_name", "last_name"]
        indexes: ClassVar = [
            models.Index(fields=["organization", "born_on"], name="patient_born"),
            models.Index(fields=["organization", "phone"], name="patient_phone"),
            models.Index(F("organization"), Lower("email"), name="patient_email"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "record_number"], name="patient_record_number"),
            models.UniqueConstraint(fields=["organization", "user"], name="patient_once_a_user"),
            models.CheckConstraint(name="patient_has_a_name", condition=~Q(first_name="")),
            models.CheckConstraint(
                name="patient_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="patient_hours_to_call_whole",
                condition=Q(call_from=None, call_until=None)
                | Q(call_from__isnull=False, call_until__gt=F("call_from")),
            ),
            models.CheckConstraint(
                name="patient_safe_only_where_there_is_an_address",
                condition=(~Q(phone="") | Q(safe_to_text=False, may_leave_message=False))
                & (~Q(email="") | Q(safe_to_email=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """What this person likes to be called."""
        return self.chosen_name or self.first_name

    @property
    def name(self) -> str:
        """The whole name, with the chosen name in place of the first."""
        return f"{self.called} {self.last_name}".strip()

    @property
    def short_name(self) -> str:
        """The name as it stands in lists and on a screen others may glance at: Maya R."""
        return f"{self.called} {self.last_name[0]}." if self.last_name else self.called

    def record_ids(self) -> list[UUID]:
        """Of this record and every record merged into it, at any remove: under these the trail tells of this person."""
        found, new = [self.pk], [self.pk]
        while new:
            new = list(Patient.objects.filter(merged_into__in=new).values_list("pk", flat=True))
            found += new
        return found

    @property
    def legal_name(self) -> str:
        """The name on papers of the law and of payers, and nowhere else."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)

    @property
    def zone(self) -> ZoneInfo:
        """The clock this person lives by: their own, or their center's."""
        return ZoneInfo(self.time_zone or self.center.time_zone)

    def contact_points(self) -> tuple[ContactPoint, ...]:
        """How this person can be reached, the way they like best first; each says whether it is safe to use.

        What is not said to be safe is not: a text or e-mail goes out only to a point with ``is_safe``, and a
        voice message is left only where ``may_leave_message`` says so.
        """
        return contact.points(
            phone=self.phone,
            email=self.email,
            safe_to_text=self.safe_to_text,
            safe_to_email=self.safe_to_email,
            may_leave_message=self.may_leave_message,
            preferred=contact.Channel(self.preferred_channel) if self.preferred_channel else None,
        )

    def may_be_called_at(self, moment: datetime) -> bool:
        """Whether a call then falls in the hours they asked for."""
        if self.call_from is None or self.call_until is None:
            return True
        return self.call_from <= moment.astimezone(self.zone).time() < self.call_until

    def age_on(self, day: date) -> int | None:
        """Whole years. Someone born on February 29 turns a year older on March 1 of a common year."""
        if self.born_on is None:
            return None
        before_birthday = (day.month, day.day) < (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - before_birthday


def stands_for() -> dict[UUID, UUID]:
    """Of every record that was merged into another, at any remove, the one that is left to see."""
    into = dict(Patient.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    found = {}
    for merged in into:
        stands = merged
        while stands in into:
            stands = into[stands]
        found[merged] = stands
    return found


class CareTeamQuerySet(VisibleTo):
    seen_with = Permission.SEE_SCHEDULE

    def current(self) -> Self:
        """Who looks after somebody now."""
        return self.filter(on_the_team_now())

    def in_emergency(self) -> Self:
        """Who has a chart open now because of an emergency."""
        return self.filter(on_the_team_now(in_emergency=True))


@pghistory.track()
class CareTeamMember(OfOrganization):
    """Who looks after whom, in which part, from when to when. This is what opens a chart.

    A place with ``expires_at`` ends then by itself: nothing has to run for it.
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", "Regular"
        EMERGENCY = EMERGENCY, "Emergency"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_team")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="care_teams")
    role = models.CharField(
        max_length=20, choices=[(role.value, role.value) for role in Role if role.is_staff]
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REGULAR)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    because = models.CharField(max_length=300, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    objects = CareTeamQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "practitioner", "role"],
                condition=Q(ended_on=None, kind="regular"),
                name="care_team_once_at_a_time",
            ),
            models.CheckConstraint(
                name="care_team_ends_after_it_starts",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
            models.CheckConstraint(
                name="emergency_runs_out_and_has_a_reason",
                condition=~Q(kind=EMERGENCY) | Q(expires_at__isnull=False) & ~Q(because=""),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="emergency_is_not_prolonged",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "(OLD.kind = 'emergency' AND (NEW.kind <> OLD.kind OR NEW.expires_at > OLD.expires_at"
                    " OR NEW.practitioner_id <> OLD.practitioner_id OR NEW.patient_id <> OLD.patient_id"
                    " OR OLD.ended_on IS NOT NULL AND NEW.ended_on IS NULL)"
                    " OR OLD.kind <> 'emergency' AND NEW.kind = 'emergency')"
                ),
                func=(
                    f"{LETS_CHANGE_HANDS} RAISE EXCEPTION 'an emergency look is not prolonged'"
                    " USING ERRCODE = 'check_violation';"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner} for {self.patient}"

    @property
    def part(self) -> str:
        """The part they have, as a screen says it."""
        return self.role.replace("_", " ").capitalize()


@pghistory.track()
class RecordMerge(OfOrganization):
    """Two records of one person made one: which rows changed hands, so that exactly these can go back."""

    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=300)
    #: By model and column, the keys of the rows that went over, and of those that the survivor had before.
    moved = models.JSONField(default=dict)
    stayed = models.JSONField(default=dict)
    sign_in_moved = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="merged_into_one_at_a_time"
            ),
            models.CheckConstraint(name="merge_of_two_records", condition=~Q(survivor=F("merged"))),
            models.CheckConstraint(name="merge_has_a_reason", condition=~Q(because="")),
            models.CheckConstraint(
                name="merge_undone_whole",
                condition=Q(undone_at=None, undone_by=None, undone_because="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"


class SignInOfferQuerySet(VisibleTo):
    seen_with = Permission.GIVE_SIGN_IN

    def open(self) -> Self:
        """Neither taken nor withdrawn. One that ran out is among them, and opens nothing."""
        return self.filter(taken_at=None, withdrawn_at=None)

    def open_at(self, moment: datetime) -> Self:
        """Those that their mailbox's owner can take then."""
        return self.open().filter(given_at__gt=moment - SignInOffer.GOOD_FOR)


@pghistory.track()
class SignInOffer(OfOrganization):
    """A sign-in that a patient may take: whoever shows that they read this mailbox.

    Until then nobody is looked up by the address and nothing opens, so that neither a wrong address nor a link that
    somebody else saw does harm. The row stays: it tells how the sign-in came to be.
    """

    GOOD_FOR: ClassVar = timedelta(days=3)

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sign_in_offers")
    email = models.EmailField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SignInOfferQuerySet.as_manager()
    kept_apart_by: ClassVar = {
        "sign_in_offer_open_once": _("Both have a sign-in that waits to be taken. Withdraw one of the two."),
    }

    class Meta:
        ordering: ClassVar = ["-given_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(taken_at=None, withdrawn_at=None),
                name="sign_in_offer_open_once",
            ),
            models.CheckConstraint(
                name="sign_in_offer_taken_whole",
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False, withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="sign_in_offer_withdrawn_whole",
                condition=Q(withdrawn_by=None, withdrawn_at=None)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
            ),
            models.CheckConstraint(name="sign_in_offer_to_somebody", condition=~Q(email="")),
        ]
        triggers: ClassVar = [
            frozen("sign_in_offer_stays", "patient_id", "email", "given_by_id", "given_at", once="TRUE"),
            frozen(
                "answered_sign_in_offer_stays",
                "taken_by_id",
                "taken_at",
                "withdrawn_by_id",
                "withdrawn_at",
                once="OLD.taken_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL",
            ),
        ]

    def __str__(self) -> str:
        return f"a sign-in for {self.patient_id}"

    @property
    def until(self) -> datetime:
        return self.given_at + self.GOOD_FOR


class SignInEndingQuerySet(VisibleTo):
    seen_with = Permission.GIVE_SIGN_IN


@pghistory.track()
class SignInEnding(OfOrganization):
    """A patient's sign-in that was ended: whose it was, by whom, and why. What it signed and wrote stays."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sign_in_endings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()
    because = models.CharField(max_length=300)

    objects = SignInEndingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-ended_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="sign_in_ending_has_a_reason", condition=~Q(because="")),
        ]
        triggers: ClassVar = [
            frozen(
                "sign_in_ending_stays",
                "patient_id",
                "user_id",
                "ended_by_id",
                "ended_at",
                "because",
                once="TRUE",
            )
        ]

    def __str__(self) -> str:
        return f"the sign-in of {self.patient_id} ended"


class RelatedPersonQuerySet(VisibleTo):
    seen_with = Permission.SEE_DIRECTORY

    def current(self) -> Self:
        """Those who have not been taken off the list."""
        return self.filter(ended_on=None)


@pghistory.track()
class RelatedPerson(OfOrganization):
    """Somebody close to a patient. Being written down here lets nobody tell them anything: that takes a consent."""

    class Relation(models.TextChoices):
        """HL7's codes for roles between persons (v3-RoleCode), those that a program meets."""

        SPOUSE = "SPS", _("Husband or wife")
        PARTNER = "DOMPART", _("Partner")
        MOTHER = "MTH", _("Mother")
        FATHER = "FTH", _("Father")
        PARENT = "PRN", _("Parent")
        STEPPARENT = "STPPRN", _("Stepparent")
        GRANDPARENT = "GRPRN", _("Grandparent")
        SISTER = "SIS", _("Sister")
        BROTHER = "BRO", _("Brother")
        CHILD = "CHILD", _("Child")
        FAMILY = "FAMMEMB", _("Other family")
        FRIEND = "FRND", _("Friend")
        ROOMMATE = "ROOM", _("Roommate")
        NEIGHBOR = "NBOR", _("Neighbor")
        GUARDIAN = "GUARD", _("Guardian")
        POWER_OF_ATTORNEY = "HPOWATT", _("Holds a health care power of attorney")
        OTHER = "O", _("Somebody else")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="related_persons")
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=8, choices=Relation.choices)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    is_emergency_contact = models.BooleanField(default=False)
    knows_of_care = models.BooleanField(default=False)
    #: Authority to decide for the patient: what it rests on, and from when until when.
    authority = models.CharField(max_length=200, blank=True)
    authority_from = models.DateField(null=True, blank=True)
    authority_until = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = RelatedPersonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "recorded_at"]
        constraints: ClassVar = [
            models.CheckConstraint(name="related_person_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="related_authority_whole",
                condition=Q(authority="", authority_from=None, authority_until=None)
                | (~Q(authority="") & Q(authority_from__isnull=False)),
            ),
            models.CheckConstraint(
                name="related_authority_ends_after_it_begins",
                condition=Q(authority_until=None) | Q(authority_until__gte=F("authority_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_relation_display()}"

    @property
    def phone_as_printed(self) -> str:
        return phones.as_printed(self.phone)

    def has_authority_on(self, day: date) -> bool:
        """Whether this person may decide for the patient on that day."""
        return (
            self.ended_on is None
            and self.authority_from is not None
            and self.authority_from <= day
            and (self.authority_until is None or day <= self.authority_until)
        )


class EmergencyAccessQuerySet(VisibleTo):
    seen_with = Permission.REVIEW_EMERGENCY

    def waiting(self) -> Self:
        """Those that nobody has looked over yet."""
        return self.filter(reviewed_at=None)


@pghistory.track()
class EmergencyAccess(OfOrganization):
    """A chart opened without a place on the care team, because of an emergency: why, for how long, and what was found.

    Looking here stays inside the program. Telling somebody outside is a disclosure, and another matter
    (42 CFR 2.51) [V].
    """

    class Reason(models.TextChoices):
        DANGER = "danger", _("Danger to life or health now")
        OVERDOSE = "overdose", _("Overdose or poisoning")
        SUICIDE = "suicide", _("Thoughts of suicide, or an attempt")
        WITHDRAWAL = "withdrawal", _("Severe withdrawal")
        MEDICINE = "medicine", _("A medicine or allergy must be known now")
        COVERING = "covering", _("Nobody of the care team can be reached")

    class Finding(models.TextChoices):
        APPROPRIATE = "appropriate", _("Appropriate")
        NOT_APPROPRIATE = "not", _("Not appropriate")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="emergencies")
    place = models.OneToOneField(CareTeamMember, on_delete=models.PROTECT, related_name="emergency")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    words = models.TextField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    finding = models.CharField(max_length=12, choices=Finding.choices, blank=True)
    finding_words = models.TextField(blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opened_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="emergency_has_a_reason_in_words", condition=~Q(words="") & ~Q(reason="")
            ),
            models.CheckConstraint(
                name="emergency_reviewed_whole",
                condition=Q(reviewed_by=None, reviewed_at=None, finding="", finding_words="")
                | (
                    Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                    & ~Q(finding="")
                    & ~Q(finding_words="")
                ),
            ),
            models.CheckConstraint(
                name="emergency_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("opened_by")),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "opened_emergency_stays",
                "patient_id",
                "place_id",
                "opened_by_id",
                "opened_at",
                "reason",
                "words",
                once="TRUE",
            ),
            frozen(
                "reviewed_emergency_stays",
                "reviewed_by_id",
                "reviewed_at",
                "finding",
                "finding_words",
                once="OLD.reviewed_at IS NOT NULL",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opened_by}, {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def minutes_left(self) -> int:
        """How long the chart stays open, in minutes begun."""
        left = (self.place.expires_at or self.opened_at) - clock.now()
        return max(0, -int(-left.total_seconds() // 60))


class TransactionId(models.Field):  # type: ignore[type-arg]
    """The number of a transaction, as PostgreSQL counts them without end."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class Touched(OfOrganization):
    """Something about this person was changed by that transaction. The database writes it: see ``people.touching``."""

    patient = models.ForeignKey(Patient, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    written_by = TransactionId()
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "written_by"], name="touched_once_a_transaction")
        ]
        indexes: ClassVar = [models.Index(fields=["written_at"], name="touched_when")]

    def __str__(self) -> str:
        return f"touched at {self.written_at:%Y-%m-%d %H:%M}"


class ClinicalQuerySet(VisibleTo):
    """Records about a patient. ``in_force`` leaves out those entered in error."""

    seen_with = Permission.SEE_CHART

    def in_force(self) -> Self:
        return self.filter(entered_in_error_at=None)


class ClinicalRecord(OfOrganization):
    """Anything written about a patient. It is never deleted: it may be marked as entered in error, with a reason."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="%(class)s_set")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_in_error_reason = models.TextField(blank=True)

    objects = ClinicalQuerySet.as_manager()

    #: What it takes, beside the right to mark in error at all. None: this kind has no correction of its own;
    #: an appointment is cancelled, a level changed, a goal rewritten.
    struck_out_with: ClassVar[Permission | None] = None

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_error_has_a_reason",
                condition=Q(entered_in_error_at=None, entered_in_error_by=None, entered_in_error_reason="")
                | (
                    Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False)
                    & ~Q(entered_in_error_reason="")
                ),
            )
        ]

    def objection_to_striking_out(self) -> str:
        """Why this one may not be struck out now, as a sentence; empty when it may."""
        return ""

    def strike_out(self, *, by: User, at: datetime, because: str) -> None:
        """Strike this out as entered in error, as part of a larger act that asks and records by itself."""
        self.entered_in_error_at, self.entered_in_error_by = at, by
        self.entered_in_error_reason = because
        self.save(update_fields=["entered_in_error_at", "entered_in_error_by", "entered_in_error_reason"])


def practitioner_of(user: User) -> Practitioner | None:
    """The clinical side of a user, in the organization we act in."""
    return Practitioner.objects.filter(user=user).first()


def patient_of(user: User) -> Patient | None:
    """The patient a user is, in the organization we act in."""
    return Patient.objects.filter(user=user).select_related("center").first()


# The scans have a module of their own. It is read here, where Django looks for models.
import stepwell.trust.people.documents  # noqa: E402, F401
