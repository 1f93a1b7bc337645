"""Group series and sessions, places in them, appointments; and the holds that keep anyone from being in two places."""

from datetime import date, datetime
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from psycopg.types.range import TimestamptzRange

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.scheduling.rules.groups import Place
from stepwell.care.scheduling.rules.times import Stretch
from stepwell.ground.kit import clock
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.organizations.models import Center, OfOrganization, Room
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Practitioner


class Modality(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("By video")
    HYBRID = "hybrid", _("In person or by video")


class SeriesQuerySet(VisibleTo):
    seen_with = Permission.SEE_SCHEDULE
    to_patient = None
    to_center = "center"

    def running_on(self, day: date) -> Self:
        """Those that have not ended by that day; one that begins later counts."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))


@pghistory.track()
class GroupSeries(OfOrganization):
    """A group that meets every week."""

    #: See ``people.touching``.
    touches_patients: ClassVar = (
        "SELECT place.organization_id, place.patient_id FROM scheduling_appointment place"
        " JOIN scheduling_groupsession session ON session.id = place.session_id"
        " JOIN changed ON changed.id = session.series_id"
    )

    class Kind(models.TextChoices):
        SKILLS = "skills", _("Skills group")
        PROCESS = "process", _("Process group")
        EDUCATION = "education", _("Education group")
        FAMILY = "family", _("Family group")
        CONTINUING = "continuing", _("Continuing care group")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="group_series")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(15), MaxValueValidator(480)])
    modality = models.CharField(max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    leader = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="series_led")
    co_leader = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="series_co_led"
    )
    seats = models.PositiveSmallIntegerField(default=12)
    language = models.CharField(max_length=2, default="en")
    is_clinical = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["weekday", "starts"]
        constraints: ClassVar = [
            models.CheckConstraint(name="series_weekday", condition=Q(weekday__range=(0, 6))),
            models.CheckConstraint(name="series_minutes", condition=Q(minutes__range=(15, 480))),
            models.CheckConstraint(name="series_has_a_seat", condition=Q(seats__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class SessionQuerySet(VisibleTo):
    seen_with = Permission.SEE_SCHEDULE
    to_patient = None
    to_center = "series__center"

    def meeting(self) -> Self:
        return self.exclude(status=GroupSession.Status.CANCELLED)

    def with_people(self) -> Self:
        return self.select_related("series__center", "room", "leader", "co_leader")


@pghistory.track()
class GroupSession(OfOrganization):
    """One meeting of a series, on one date, with the room and leaders of that day."""

    touches_patients: ClassVar = (
        "SELECT place.organization_id, place.patient_id FROM scheduling_appointment place"
        " JOIN changed ON changed.id = place.session_id"
    )

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CANCELLED = "cancelled", _("Cancelled")

    series = models.ForeignKey(GroupSeries, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    leader = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="sessions_led")
    co_leader = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions_co_led"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    cancelled_because = models.CharField(max_length=200, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "starts_at"], name="session_once"),
            models.CheckConstraint(
                name="session_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def during(self) -> Stretch:
        return Stretch(self.starts_at, self.ends_at)

    @property
    def minutes(self) -> int:
        return self.during.minutes


class ScheduleQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_SCHEDULE


class EnrollmentQuerySet(ScheduleQuerySet):
    def from_day(self, day: date) -> Self:
        """Places that hold on that day or on any day after it."""
        return self.in_force().filter(Q(ends_on=None) | Q(ends_on__gt=day) & Q(ends_on__gt=F("starts_on")))


@pghistory.track()
class Enrollment(ClinicalRecord):
    """A person's standing place in a weekly group, from a day until the day before ``ends_on``."""

    kept_apart_by: ClassVar = {
        "enrollment_once_at_a_time": _(
            "Both have a place in the same weekly group. End one of the two first."
        )
    }

    series = models.ForeignKey(GroupSeries, on_delete=models.PROTECT, related_name="enrollments")
    episode = models.ForeignKey(EpisodeOfCare, on_delete=models.PROTECT, related_name="enrollments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["series", "patient"],
                condition=Q(ends_on=None, entered_in_error_at=None),
                name="enrollment_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient} in {self.series}"

    @property
    def place(self) -> Place:
        return Place(self.starts_on, self.ends_on)


class AppointmentQuerySet(ScheduleQuerySet):
    def booked(self) -> Self:
        return self.in_force().filter(status=Appointment.Status.BOOKED)

    def between(self, first: datetime, until: datetime) -> Self:
        return self.filter(starts_at__gte=first, starts_at__lt=until)

    def with_people(self) -> Self:
        return self.select_related(
            "session__series", "session__leader", "session__room", "practitioner", "room", "patient__center"
        )


@pghistory.track()
class Appointment(ClinicalRecord):
    """One patient's booked place: alone with somebody, or in a session of a group. A plan, not a fact."""

    kept_apart_by: ClassVar = {
        "appointment_one_seat_a_session": _(
            "Both have a seat in the same session. Cancel one of the two first."
        )
    }

    class Kind(models.TextChoices):
        INTAKE = "intake", _("Intake")
        INDIVIDUAL = "individual", _("Individual session")
        GROUP = "group", _("Group")
        MEDICAL = "medical", _("Medical visit")
        FAMILY = "family", _("Family session")

    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Cancelled")

    episode = models.ForeignKey(
        EpisodeOfCare, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    session = models.ForeignKey(
        GroupSession, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    modality = models.CharField(max_length=10, choices=Modality.choices, default=Modality.IN_PERSON)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    cancelled_because = models.CharField(max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["starts_at"]
        indexes: ClassVar = [models.Index(fields=["patient", "starts_at"], name="appointment_patient_at")]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            models.CheckConstraint(
                name="appointment_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="appointment_in_a_group_or_with_somebody",
                condition=Q(kind="group", session__isnull=False)
                | (~Q(kind="group") & Q(session=None, practitioner__isnull=False)),
            ),
            models.CheckConstraint(
                name="appointment_cancelled_with_a_reason",
                condition=~Q(status="cancelled") | ~Q(cancelled_because=""),
            ),
            models.UniqueConstraint(
                fields=["session", "patient"],
                condition=Q(status="booked", entered_in_error_at=None),
                name="appointment_one_seat_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.patient}, {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def during(self) -> Stretch:
        return Stretch(self.starts_at, self.ends_at)

    @property
    def minutes(self) -> int:
        return self.during.minutes


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self) -> Self:
        """Those that take somebody now: neither let go nor run out."""
        return self.filter(released_at=None).exclude(expires_at__lte=clock.now())

    def of_visitor(self, visitor: str) -> Self:
        return self.standing().filter(visitor=visitor).exclude(visitor="")

    def overlapping(self, stretch: Stretch) -> Self:
        return self.filter(during__overlap=TimestamptzRange(stretch.starts_at, stretch.ends_at))


class Hold(OfOrganization):
    """Who or what is taken, and when. One exclusion constraint keeps every clinician, room and patient single.

    For a visitor of the public page, who is typing, a hold runs out by itself: what has run out is in nobody's way,
    to the constraint as well, and nothing has to run for it.
    """

    #: A patient is named here without a foreign key.
    names_patient_in: ClassVar = ("taken",)
    kept_apart_by: ClassVar = {
        "nobody_in_two_places": _("They have bookings at the same time. Cancel one of each two first.")
    }

    class Of(models.TextChoices):
        PRACTITIONER = "practitioner", _("Practitioner")
        PATIENT = "patient", _("Patient")
        ROOM = "room", _("Room")

    of = models.CharField(max_length=12, choices=Of.choices)
    taken = models.UUIDField()
    during = DateTimeRangeField()
    session = models.ForeignKey(
        GroupSession, on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    held_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    #: Which visitor's: a print that cannot be turned back, wiped once the hold is over.
    visitor = models.CharField(max_length=32, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="nobody_in_two_places",
                expressions=[
                    ("taken", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                    (
                        Func(
                            "held_at", "expires_at", function="tstzrange", output_field=DateTimeRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(released_at=None),
            ),
            models.CheckConstraint(
                name="hold_for_one_thing",
                condition=Q(session__isnull=False, appointment=None, expires_at=None)
                | Q(session=None, appointment__isnull=False, expires_at=None)
                | Q(session=None, appointment=None, expires_at__gt=F("held_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.taken}"
