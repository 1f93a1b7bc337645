"""Which permission each address asks for, and real examples of what each address takes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from uuid import uuid4

from django.urls import reverse

from stepwell.care.care_plans.models import CarePlan, Goal, Step
from stepwell.care.episodes.models import EpisodeOfCare, Referral
from stepwell.care.level_of_care.models import LevelOfCareAssessment
from stepwell.care.measures.models import Response, TimedSeries
from stepwell.care.notes.models import Note
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession
from stepwell.care.tasks.models import Task
from stepwell.config.testing.fixtures import NOW
from stepwell.trust.access.rules import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.audit.models import Finding
from stepwell.trust.consent.models import Consent
from stepwell.trust.organizations.models import Center, Closure, Room
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import (
    CareTeamMember,
    EmergencyAccess,
    Patient,
    RecordMerge,
    RelatedPerson,
    SignInOffer,
)
from stepwell.trust.printouts.models import Printout
from stepwell.trust.setup.models import License

P = Permission


class Anyone(Enum):
    """Addresses that ask for no permission over a patient."""

    AT_ALL = auto()
    SIGNED_IN = auto()
    WHO_IS_STAFF = auto()
    WHO_IS_A_PATIENT = auto()
    WHO_CAN_SIGN = auto()  # A machine that shares a secret with us; nobody who signs in.


@dataclass(frozen=True)
class Leading:
    """A permission that is asked of whoever leads the session, or supervises."""

    permission: P


@dataclass(frozen=True)
class Either:
    """One of two permissions is enough."""

    first: P
    second: P


Asks = P | Anyone | Leading | Either

#: What it takes to see the page.
ADDRESSES: dict[str, Asks] = {
    "web:language": Anyone.AT_ALL,
    "web:style_guide": Anyone.AT_ALL,
    "public:home": Anyone.AT_ALL,
    "public:levels": Anyone.AT_ALL,
    "public:level": Anyone.AT_ALL,
    "public:medicine": Anyone.AT_ALL,
    "public:families": Anyone.AT_ALL,
    "public:cost": Anyone.AT_ALL,
    "public:check": Anyone.AT_ALL,
    "public:check_question": Anyone.AT_ALL,
    "public:check_answers": Anyone.AT_ALL,
    "public:check_result": Anyone.AT_ALL,
    "public:centers": Anyone.AT_ALL,
    "public:center": Anyone.AT_ALL,
    "public:book": Anyone.AT_ALL,
    "public:book_details": Anyone.AT_ALL,
    "public:book_check": Anyone.AT_ALL,
    "public:booked": Anyone.AT_ALL,
    "public:visit": Anyone.AT_ALL,
    "public:visit_time": Anyone.AT_ALL,
    "public:first_visit": Anyone.AT_ALL,
    "public:privacy": Anyone.AT_ALL,
    "public:overdose": Anyone.AT_ALL,
    "public:withdrawal": Anyone.AT_ALL,
    "accounts:sign_in": Anyone.AT_ALL,
    "accounts:sign_in_code": Anyone.AT_ALL,
    "accounts:sign_in_code_entry": Anyone.AT_ALL,
    "accounts:second_step": Anyone.AT_ALL,
    "accounts:challenge": Anyone.AT_ALL,
    "accounts:password_forgotten": Anyone.AT_ALL,
    "accounts:new_password": Anyone.AT_ALL,
    "accounts:sign_out": Anyone.AT_ALL,
    "accounts:welcome": Anyone.AT_ALL,
    "accounts:home": Anyone.SIGNED_IN,
    "accounts:again": Anyone.SIGNED_IN,
    "accounts:time_left": Anyone.SIGNED_IN,
    "accounts:account": Anyone.SIGNED_IN,
    "accounts:particulars": Anyone.SIGNED_IN,
    "accounts:keys": Anyone.SIGNED_IN,
    "accounts:password": Anyone.SIGNED_IN,
    "accounts:second_step_choice": Anyone.SIGNED_IN,
    "accounts:passkeys": Anyone.SIGNED_IN,
    "accounts:passkey_challenge": Anyone.SIGNED_IN,
    "accounts:passkey_removal": Anyone.SIGNED_IN,
    "accounts:authenticator": Anyone.SIGNED_IN,
    "accounts:authenticator_removal": Anyone.SIGNED_IN,
    "accounts:recovery_codes": Anyone.SIGNED_IN,
    "accounts:sessions": Anyone.SIGNED_IN,
    "accounts:session_ending": Anyone.SIGNED_IN,
    "people:correction": P.MARK_IN_ERROR,
    "consent:consents": P.SEE_CONSENTS,
    "consent:new": P.PREPARE_CONSENT,
    "consent:consent": P.SEE_CONSENTS,
    "consent:signature": P.PREPARE_CONSENT,
    "consent:withdrawal": P.PREPARE_CONSENT,
    "consent:revocation": P.REVOKE_CONSENT,
    "consent:event": P.REVOKE_CONSENT,
    "consent:scan": P.PREPARE_CONSENT,
    "consent:disclosures": P.SEE_CONSENTS,
    "consent:new_disclosure": P.DISCLOSE,
    "consent:my_new": Anyone.WHO_IS_A_PATIENT,
    "consent:my_consent": P.SIGN_OWN_CONSENT,
    "consent:my_signature": P.SIGN_OWN_CONSENT,
    "consent:my_refusal": P.SIGN_OWN_CONSENT,
    "consent:my_revocation": P.SIGN_OWN_CONSENT,
    "consent:my_disclosures": Anyone.WHO_IS_A_PATIENT,
    "printouts:printouts": P.PRINT_CHART,
    "printouts:printout": P.PRINT_CHART,
    "printouts:file": P.PRINT_CHART,
    "printouts:page": P.PRINT_CHART,
    "people:sign_in": P.GIVE_SIGN_IN,
    "people:sign_in_link": P.GIVE_SIGN_IN,
    "people:sign_in_withdrawal": P.GIVE_SIGN_IN,
    "people:sign_in_ending": P.GIVE_SIGN_IN,
    "people:offered": Anyone.AT_ALL,
    "people:particulars": P.SEE_DIRECTORY,
    "people:new_related_person": P.CHANGE_PARTICULARS,
    "people:related_person": P.CHANGE_PARTICULARS,
    "people:related_person_ending": P.CHANGE_PARTICULARS,
    "people:documents": P.SEE_DOCUMENTS,
    "people:document": P.SEE_DOCUMENTS,
    "people:document_correction": P.ADD_DOCUMENT,
    "people:team": P.SEE_CHART,
    "people:leaving": P.CHANGE_CARE_TEAM,
    "people:duplicates": P.MERGE_RECORDS,
    "people:merging": P.MERGE_RECORDS,
    "people:merge": P.MERGE_RECORDS,
    "people:emergency": P.OPEN_IN_EMERGENCY,
    "people:emergency_ending": P.OPEN_IN_EMERGENCY,
    "people:emergency_looks": P.REVIEW_EMERGENCY,
    "people:emergency_look": P.REVIEW_EMERGENCY,
    "setup:organization": Anyone.WHO_IS_STAFF,
    "setup:front": P.MANAGE_ORGANIZATION,
    "setup:new_center": P.MANAGE_ORGANIZATION,
    "setup:center": P.MANAGE_ORGANIZATION,
    "setup:closing": P.MANAGE_ORGANIZATION,
    "setup:hours": P.MANAGE_ORGANIZATION,
    "setup:closed_days": P.MANAGE_ORGANIZATION,
    "setup:holidays": P.MANAGE_ORGANIZATION,
    "setup:closure_removal": P.MANAGE_ORGANIZATION,
    "setup:rooms": P.MANAGE_ORGANIZATION,
    "setup:room": P.MANAGE_ORGANIZATION,
    "setup:room_retirement": P.MANAGE_ORGANIZATION,
    "setup:phone_lines": P.MANAGE_ORGANIZATION,
    "setup:phone_line": P.MANAGE_ORGANIZATION,
    "setup:line_removal": P.MANAGE_ORGANIZATION,
    "setup:directory": P.MANAGE_ORGANIZATION,
    "setup:withdrawal": P.MANAGE_ORGANIZATION,
    "setup:staff": P.SEE_STAFF,
    "setup:invitation": P.MANAGE_STAFF,
    "setup:member": P.MANAGE_STAFF,
    "setup:invitation_again": P.MANAGE_STAFF,
    "setup:invitation_link": P.MANAGE_STAFF,
    "setup:roles": P.MANAGE_STAFF,
    "setup:second_step": P.MANAGE_STAFF,
    "setup:new_license": P.MANAGE_STAFF,
    "setup:license": P.MANAGE_STAFF,
    "setup:license_removal": P.MANAGE_STAFF,
    "staff:leaving": P.MANAGE_STAFF,
    "staff:today": Anyone.WHO_IS_STAFF,
    "staff:today_changes": Anyone.WHO_IS_STAFF,
    "staff:find": Anyone.WHO_IS_STAFF,
    "staff:ranking": Anyone.WHO_IS_STAFF,
    "staff:caseload": P.SEE_CHART,
    "staff:chart": P.SEE_CHART,
    "outbox:messages_out": P.SEE_MESSAGES_OUT,
    "outbox:settings": Anyone.WHO_IS_A_PATIENT,
    "outbox:inbound": Anyone.WHO_CAN_SIGN,
    "outbox:receipt": Anyone.WHO_CAN_SIGN,
    "staff:access": P.SEE_TRACE,
    "staff:permissions": Either(P.MANAGE_STAFF, P.SEE_AUDIT),
    "staff:audit": P.SEE_AUDIT,
    "staff:sign_ins": P.SEE_AUDIT,
    "staff:findings": P.SEE_AUDIT,
    "staff:finding": P.SEE_AUDIT,
    "patient:home": Anyone.WHO_IS_A_PATIENT,
    "patient:week": Anyone.WHO_IS_A_PATIENT,
    "patient:privacy": Anyone.WHO_IS_A_PATIENT,
    "patient:looks": Anyone.WHO_IS_A_PATIENT,
    "patient:rough": Anyone.WHO_IS_A_PATIENT,
    "admission:naloxone": P.SEE_CHART,
    "intake:referrals": P.SEE_REFERRALS,
    "intake:new": P.TAKE_REFERRAL,
    "intake:referral": P.SEE_REFERRALS,
    "intake:intake": P.TAKE_REFERRAL,
    "intake:attempt": P.TAKE_REFERRAL,
    "intake:closing": P.TAKE_REFERRAL,
    "intake:admission": P.ADMIT,
    "tasks:tasks": P.OFFICE_TASKS,
    "tasks:changes": P.OFFICE_TASKS,
    "tasks:new": P.OFFICE_TASKS,
    "tasks:handover": P.OFFICE_TASKS,
    "tasks:task": P.SEE_TASKS,
    "tasks:completion": P.DO_TASKS,
    "tasks:attempt": P.DO_TASKS,
    "tasks:cancellation": P.DO_TASKS,
    "tasks:handing_over": P.DO_TASKS,
    "tasks:holder": P.DO_TASKS,
    "tasks:reopening": P.DO_TASKS,
    "tasks:of_person": P.SEE_TASKS,
    "tasks:ask": P.ASK_TASK,
    "tasks:barrier": P.ASK_TASK,
    "scheduling:groups": P.SEE_SCHEDULE,
    "scheduling:new_series": P.BOOK,
    "scheduling:series": P.SEE_SCHEDULE,
    "scheduling:session_cancellation": P.BOOK,
    "scheduling:place_ending": P.PLACE_IN_GROUP,
    "scheduling:week": P.SEE_SCHEDULE,
    "scheduling:places": P.PLACE_IN_GROUP,
    "scheduling:session": P.BOOK,
    "scheduling:cancellation": P.BOOK,
    "encounters:hours": P.SEE_HOURS,
    "notes:session": P.MARK_ATTENDANCE,
    "notes:changes": P.MARK_ATTENDANCE,
    "notes:here": P.MARK_ATTENDANCE,
    "notes:here_undoing": P.MARK_ATTENDANCE,
    "notes:group_signature": P.MARK_ATTENDANCE,
    "notes:shared_note": P.MARK_ATTENDANCE,
    "notes:row": P.MARK_ATTENDANCE,
    "notes:preview": P.MARK_ATTENDANCE,
    "notes:encounter": P.MARK_ATTENDANCE,
    "notes:visit_signature": P.MARK_ATTENDANCE,
    "notes:to_sign": P.SIGN_NOTE,
    "notes:note": P.SEE_NOTES,
    "notes:notes": P.SEE_NOTES,
    "level_of_care:assessments": P.SEE_CHART,
    "level_of_care:new": P.SCREEN,
    "level_of_care:assessment": P.SEE_CHART,
    "level_of_care:ratings": P.SCREEN,
    "level_of_care:signature": P.SCREEN,
    "level_of_care:second_signature": P.SCREEN,
    "level_of_care:edition": P.MANAGE_ORGANIZATION,
    "measures:start": P.ANSWER_OWN_MEASURE,
    "measures:question": P.ANSWER_OWN_MEASURE,
    "measures:help": P.ANSWER_OWN_MEASURE,
    "measures:review": P.ANSWER_OWN_MEASURE,
    "measures:done": P.ANSWER_OWN_MEASURE,
    "measures:progress": Anyone.WHO_IS_A_PATIENT,
    "measures:my_answers": P.ANSWER_OWN_MEASURE,
    "measures:check_in": Anyone.WHO_IS_A_PATIENT,
    "measures:check_in_page": Anyone.WHO_IS_A_PATIENT,
    "measures:checked_in": Anyone.WHO_IS_A_PATIENT,
    "measures:measures": P.SEE_CHART,
    "measures:library": Anyone.WHO_IS_STAFF,
    "measures:about": Anyone.WHO_IS_STAFF,
    "measures:in_use": P.MANAGE_ORGANIZATION,
    "measures:use": P.MANAGE_ORGANIZATION,
    "measures:wording": P.MANAGE_ORGANIZATION,
    "measures:new": P.ASK_MEASURE,
    "measures:response": P.SEE_CHART,
    "measures:answers": P.ASK_MEASURE,
    "measures:follow_up": P.ASK_MEASURE,
    "measures:tries": P.ASK_MEASURE,
    "measures:series": P.SEE_CHART,
    "measures:interval": P.ASK_MEASURE,
    "measures:end_series": P.ASK_MEASURE,
    "measures:schedule": P.SEE_CHART,
    "measures:put_on_the_phone": P.ASK_MEASURE,
    "measures:annotations": P.SEE_CHART,
    "measures:program": P.MANAGE_ORGANIZATION,
    "measures:told_at_once": P.SEE_STAFF,
    "record:conditions": P.SEE_CHART,
    "record:new_condition": P.DIAGNOSE,
    "medication:medication": P.SEE_MEDICATION,
    "medication:tests": P.SEE_MEDICATION,
    "medication:new_test": P.RECORD_DRUG_TEST,
    "progress:planned_end": P.CHANGE_LEVEL,
    "progress:step": P.CHANGE_LEVEL,
    "progress:latest": P.SEE_CHART,
    "staff:set_aside": P.SET_ASIDE,
    "care_plans:plan": P.SEE_CHART,
    "care_plans:versions": P.WRITE_PLAN,
    "care_plans:version": P.SEE_CHART,
    "care_plans:draft": P.WRITE_PLAN,
    "care_plans:signature": P.SIGN_PLAN,
    "care_plans:return": P.WRITE_PLAN,
    "care_plans:steps": P.WRITE_PLAN,
    "care_plans:my_plan": Anyone.WHO_IS_A_PATIENT,
    "care_plans:my_signature": Anyone.WHO_IS_A_PATIENT,
    "care_plans:my_wishes": Anyone.WHO_IS_A_PATIENT,
    "care_plans:my_step": P.SIGN_OWN_PLAN,
}

#: What it takes to act there, where that is more.
ACTS: dict[str, Asks] = {
    "notes:session": Leading(P.MARK_ATTENDANCE),
    "notes:here": Leading(P.MARK_ATTENDANCE),
    "notes:here_undoing": Leading(P.MARK_ATTENDANCE),
    "notes:group_signature": Leading(P.SIGN_NOTE),
    "notes:shared_note": Leading(P.WRITE_NOTE),
    "notes:row": Leading(P.MARK_ATTENDANCE),
    "notes:note": P.SIGN_NOTE,
    "people:particulars": P.CHANGE_PARTICULARS,
    "people:documents": P.ADD_DOCUMENT,
    "people:team": P.CHANGE_CARE_TEAM,
    "admission:naloxone": P.OFFER_NALOXONE,
}

#: Pages that show a kind of record under their own permission, beside those whose own permission the reader has.
SHOWS_MORE: set[tuple[str, str]] = {
    # What a record that was merged was called: it is out of sight everywhere else.
    ("people:duplicates", "people.Patient"),
    ("people:merge", "people.Patient"),
}

#: What an address takes that names no patient, nor anything of one.
IN_WORDS = {
    "care",
    "kind",
    "instrument",
    "withheld",
    "timed",
    "language",
    "line",
    "slug",
    "word",
    "slot",
    "number",
    "page",
    "key",
    "token",
    "letter_id",
    "passkey_id",
    "browser_id",
}

Example = Callable[[Patient], Any]


def _first(model: Any, **where: Any) -> Example:
    return lambda patient: model.objects.filter(patient=patient, **where).values_list("pk", flat=True).first()


def finding_about(patient: Patient) -> Finding:
    """Somebody looked at this record in an unusual way."""
    found, _new = Finding.objects.get_or_create(
        patient_id=patient.pk,
        rule="same surname",
        defaults={
            "weight": "today",
            "because": "Both are called Reyes.",
            "reader_id": uuid4(),
            "reader_name": "Luis Reyes",
            "on": NOW.date(),
            "first_at": NOW,
        },
    )
    return found


def offer_to(patient: Patient) -> SignInOffer:
    """A sign-in that this person has not taken yet."""
    found, _new = SignInOffer.objects.get_or_create(
        patient=patient,
        taken_at=None,
        withdrawn_at=None,
        defaults={
            "email": "maya.new@example.org",
            "given_by": User.objects.get(name="Tess Nguyen"),
            "given_at": NOW,
        },
    )
    return found


def series_about(patient: Patient) -> TimedSeries:
    """This person is rated by the clock."""
    series, _new = TimedSeries.objects.get_or_create(
        patient=patient,
        instrument="cows",
        ended_at=None,
        defaults={"every_minutes": 60, "started_at": NOW, "recorded_by": User.objects.get(name="Joel Price")},
    )
    return series


def printout_about(patient: Patient) -> Printout:
    """Somebody asked for this person's attendance on paper, and it waits."""
    found, _new = Printout.objects.get_or_create(
        patient=patient,
        made_at=None,
        defaults={
            "made_for": "treatment",
            "segments": ["attendance"],
            "asked_by": User.objects.get(name="Dana Whitfield"),
            "asked_at": NOW,
        },
    )
    return found


#: What an address takes, by the name it takes it under; or by route and name where routes differ.
TAKES: dict[str, Example] = {
    "patient_id": lambda patient: patient.pk,
    "referral_id": _first(Referral),
    "finding_id": lambda patient: finding_about(patient).pk,
    "assessment_id": _first(LevelOfCareAssessment),
    "response_id": _first(Response, mode="self"),
    "answered_id": _first(Response, mode="self", status="completed"),
    "timed_id": lambda patient: series_about(patient).pk,
    "printout_id": lambda patient: printout_about(patient).pk,
    "plan_id": _first(CarePlan, status="active"),
    "goal_id": _first(Goal, plan__status="active"),
    "step_id": _first(Step),
    "enrollment_id": _first(Enrollment),
    "appointment_id": _first(Appointment, kind="individual"),
    "task_id": _first(Task, assigned_to__isnull=False),
    "note_id": _first(Note, signed_at__isnull=False),
    "person_id": _first(RelatedPerson),
    "access_id": _first(EmergencyAccess),
    "consent_id": _first(Consent),
    "document_id": _first(Document),
    "member_id": lambda patient: CareTeamMember.objects.current().filter(patient=patient)[0].pk,
    "other_id": lambda patient: Patient.objects.filter(center=patient.center_id).exclude(pk=patient.pk)[0].pk,
    "merge_id": lambda patient: (
        RecordMerge.objects.filter(survivor=patient).values_list("pk", flat=True).first()
    ),
    "record_id": _first(Note, signed_at__isnull=False),
    "kind": lambda _patient: "notes.note",
    "care": lambda _patient: "iop",
    "instrument": lambda _patient: "phq9",
    "withheld": lambda _patient: "sows_structure",
    "timed": lambda _patient: "cows",
    "language": lambda _patient: "en",
    "line": lambda _patient: "nurse",
    "slug": lambda _patient: "alder-creek",
    "slot": lambda _patient: uuid4(),
    "number": lambda _patient: 1,
    "page": lambda _patient: 1,
    "key": lambda _patient: "AAAA",
    "word": lambda _patient: "AAAAAAAAAAAAAAAA",
    "token": lambda _patient: "x",
    "letter_id": lambda _patient: uuid4(),
    "passkey_id": lambda _patient: uuid4(),
    "browser_id": lambda _patient: uuid4(),
}

#: Routes about the center and nobody in particular.
ABOUT_NOBODY: dict[str, Callable[[], Any]] = {
    "series_id": lambda: GroupSeries.objects.values_list("pk", flat=True)[0],
    "session_id": lambda: the_session().pk,
    "appointment_id": lambda: the_session().appointments.booked()[0].pk,
    "center_id": lambda: Center.objects.order_by("slug").values_list("pk", flat=True)[0],
    "closure_id": lambda: Closure.objects.filter(center__slug="alder-creek", on__gte=NOW.date()).values_list(
        "pk", flat=True
    )[0],
    "room_id": lambda: Room.objects.filter(center__slug="alder-creek").values_list("pk", flat=True)[0],
    "staff_id": lambda: User.objects.get(name="Dana Whitfield").pk,
    "license_id": lambda: License.objects.get(practitioner__name="Dana Whitfield").pk,
    "year": lambda: NOW.year,
}


def the_session() -> GroupSession:
    """A session that has begun, with people in it."""
    begun = GroupSession.objects.meeting().filter(starts_at__lte=NOW, appointments__status="booked")
    return begun.order_by("-starts_at", "pk")[0]


@dataclass(frozen=True)
class Asking:
    """An address with everything that it takes, and the patient it is about, if it is about one."""

    name: str
    path: str
    patient: Patient | None
    #: About something that belongs to a center and to nobody in particular.
    of_the_center: bool = False


class Samples:
    """Two patients of different counselors, and for each what an address takes."""

    def patients(self) -> list[Patient]:
        maya = Patient.objects.select_related("center").get(user__email=MAYA)
        counselors = maya.care_team.filter(role="counselor").values("practitioner")
        other = Patient.objects.filter(
            care_team__in=CareTeamMember.objects.current().filter(role="counselor"),
            episodeofcare_set__in=EpisodeOfCare.objects.open(),
            careplan_set__status="active",
        ).exclude(care_team__practitioner__in=counselors)
        return [maya, other.order_by("record_number").distinct()[0]]

    def for_address(self, name: str, takes: tuple[str, ...], patient: Patient) -> Asking | None:
        """None where this patient has nothing of that kind."""
        if not set(takes) <= set(TAKES):
            made = {
                take: ABOUT_NOBODY[take]() if take in ABOUT_NOBODY else TAKES[take](patient) for take in takes
            }
            return Asking(name, reverse(name, kwargs=made), None, of_the_center=True)
        made = {take: TAKES[take](patient) for take in takes}
        if None in made.values():
            return None
        return Asking(name, reverse(name, kwargs=made), patient if set(takes) - IN_WORDS else None)


MAYA = "maya.reyes@aldercreek.example"
SAMPLES = Samples()
