"""The frame of every chart page: who this is, how to reach them, and the parts of the chart the reader may open."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.care.notes.models import Note
from stepwell.care.tasks.models import Task
from stepwell.ground.kit import clock, phones
from stepwell.ground.web.navigation import Tab
from stepwell.trust.access import Permission, Relation, Sight, may
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.consent.rules.notices import STATEMENT_2
from stepwell.trust.people.actions.emergencies import open_now
from stepwell.trust.people.charts import sight_of
from stepwell.trust.people.models import CareTeamMember, EmergencyAccess, Patient


@dataclass
class ChartFrame:
    """Read when a page draws it; each part only if the reader may see it."""

    patient: Patient
    reader: User
    sight: Sight

    @classmethod
    def of(cls, request: HttpRequest, patient: Patient) -> "ChartFrame":
        """The frame of the page that is being made: one, so that what the page has read of it is not read again."""
        known: ChartFrame | None = getattr(request, "chart_frame", None)
        if known is None or known.patient.pk != patient.pk:
            known = cls(patient, request.user, sight_of(request, patient))  # type: ignore[arg-type]
            request.chart_frame = known  # type: ignore[attr-defined]
        return known

    def _may(self, permission: Permission) -> bool:
        return may(self.reader, permission, self.sight)

    @cached_property
    def today(self) -> date:
        return clock.today(self.patient.center.time_zone)

    @property
    def now(self) -> datetime:
        return clock.now().astimezone(self.patient.center.zone)

    @cached_property
    def age(self) -> int | None:
        return self.patient.age_on(self.today)

    @property
    def phone(self) -> str:
        return phones.as_printed(self.patient.phone)

    @cached_property
    def language(self) -> str:
        if self.patient.needs_interpreter:
            return _("%(language)s, interpreter") % {"language": self.patient.get_language_display()}
        return str(self.patient.get_language_display())

    @cached_property
    def sees_chart(self) -> bool:
        return self._may(Permission.SEE_CHART)

    @cached_property
    def episode(self) -> EpisodeOfCare | None:
        """The open episode, or the last one."""
        if not self.sees_chart:
            return None
        episodes = EpisodeOfCare.objects.in_force().filter(patient=self.patient)
        return episodes.with_levels().order_by("-admitted_on").first()

    @cached_property
    def may_print(self) -> bool:
        return self._may(Permission.PRINT_CHART)

    @property
    def calls_outside_hours(self) -> str:
        """When they asked to be called, where that is not now; empty when a call is fine."""
        if self.patient.may_be_called_at(clock.now()):
            return ""
        assert self.patient.call_from is not None and self.patient.call_until is not None
        return _("%(first)s to %(last)s") % {
            "first": time_format(self.patient.call_from, "g:i A"),
            "last": time_format(self.patient.call_until, "g:i A"),
        }

    @property
    def on_paper(self) -> str:
        """What stands at the foot of each page, when somebody prints a chart page as it is."""
        return STATEMENT_2.text

    @cached_property
    def standing(self) -> str:
        """`IOP (2.1), day 34`; or that care has ended."""
        if self.episode is None:
            return ""
        if self.episode.ended_on is not None:
            return _("Not in care")
        level = self.episode.level_on(self.today)
        day = self.episode.day_in_care(self.today)
        if level is None:
            return _("Day %(day)s") % {"day": day}
        return _("%(level)s (%(code)s), day %(day)s") % {
            "level": level.short,
            "code": level.value,
            "day": day,
        }

    @cached_property
    def emergency(self) -> EmergencyAccess | None:
        """Through which emergency the reader sees this at all."""
        if Relation.EMERGENCY not in self.sight.relations:
            return None
        return open_now(self.patient, self.reader)

    @cached_property
    def counselor(self) -> str:
        return self._in_charge(Role.COUNSELOR)

    @cached_property
    def prescriber(self) -> str:
        return self._in_charge(Role.PRESCRIBER)

    def _in_charge(self, role: Role) -> str:
        return next((member.practitioner.name for member in self.team if member.role == role), "")

    @cached_property
    def team(self) -> list[CareTeamMember]:
        """Who looks after the person now, in the order they began."""
        members = CareTeamMember.objects.visible_to(self.reader).current().filter(patient=self.patient)
        return list(members.select_related("practitioner__user").order_by("started_on", "practitioner__name"))

    def tabs(self, current: str) -> list[Tab]:
        """The parts of the chart that this reader may open and that are there."""
        pk = self.patient.pk
        notes = medication = schedule = False
        if self.sees_chart:
            notes = self._may(Permission.SEE_NOTES)
            medication = self._may(Permission.SEE_MEDICATION)
        schedule = self._may(Permission.SEE_SCHEDULE)
        directory = self._may(Permission.SEE_DIRECTORY)
        documents = self._may(Permission.SEE_DOCUMENTS)
        chart = self.sees_chart
        trace = self._may(Permission.SEE_TRACE)
        tasks = self._may(Permission.SEE_TASKS)
        consents = self._may(Permission.SEE_CONSENTS)
        rows = [
            ("overview", _("Overview"), "staff:chart", chart, None),
            ("plan", _("Plan"), "care_plans:plan", chart, None),
            (
                "tasks",
                _("Tasks") if tasks else _("New task"),
                "tasks:of_person" if tasks else "tasks:ask",
                tasks or self._may(Permission.ASK_TASK),
                self._open_tasks if tasks else None,
            ),
            ("week", _("Week"), "scheduling:week", schedule, None),
            ("notes", _("Notes"), "notes:notes", notes, self._signed_notes if notes else None),
            ("conditions", _("Diagnoses"), "record:conditions", chart, None),
            ("medication", _("Medication"), "medication:medication", medication, None),
            ("tests", _("Drug tests"), "medication:tests", medication, None),
            ("measures", _("Measures"), "measures:measures", chart, None),
            ("assessments", _("Level of care"), "level_of_care:assessments", chart, None),
            ("particulars", _("Particulars"), "people:particulars", directory, None),
            ("team", _("Care team"), "people:team", chart, None),
            ("access", _("Who looked"), "staff:access", trace, None),
            ("consents", _("Consents"), "consent:consents", consents, None),
            ("documents", _("Documents"), "people:documents", documents, None),
        ]
        return [
            Tab(label, reverse(name, args=[pk]), current=key == current, count=count)
            for key, label, name, is_open, count in rows
            if is_open
        ]

    @cached_property
    def _signed_notes(self) -> int:
        return Note.objects.in_force().filter(patient=self.patient, signed_at__isnull=False).count()

    @cached_property
    def _open_tasks(self) -> int:
        return Task.objects.open().filter(patient=self.patient).count()
