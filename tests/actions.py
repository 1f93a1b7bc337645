"""Which permission each action asks for, and an example of everything that an action takes."""

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

from stepwell.care.care_plans.drafts import PlanText
from stepwell.care.care_plans.models import CarePlan, Goal
from stepwell.care.care_plans.models import Step as PlanStep
from stepwell.care.encounters.models import Encounter
from stepwell.care.encounters.rules import Mark
from stepwell.care.episodes.models import EpisodeOfCare, Referral
from stepwell.care.intake.actions import Request, Tried
from stepwell.care.level_of_care.models import LevelOfCareAssessment
from stepwell.care.measures.models import Response, TimedSeries
from stepwell.care.measures.rules.use import Wording
from stepwell.care.medication.actions import Sample
from stepwell.care.medication.models import DrugTest
from stepwell.care.notes.models import Note
from stepwell.care.notes.room import RowText
from stepwell.care.notes.rules.readiness import SharedText
from stepwell.care.notes.visit import VisitText
from stepwell.care.progress.actions import Step
from stepwell.care.progress.rules.levels import Wish
from stepwell.care.progress.rules.needs import Act, Level, Need
from stepwell.care.record.actions import UseDisorder
from stepwell.care.record.rules.use_disorder import Criterion
from stepwell.care.record.rules.use_disorder import Substance as UsedSubstance
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession
from stepwell.care.tasks.models import Task
from stepwell.ground.files.testing import picture
from stepwell.ground.kit import clock
from stepwell.ground.kit.weeks import Week
from stepwell.trust.access.rules import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import Finding
from stepwell.trust.consent.actions import Given, Terms
from stepwell.trust.consent.models import Consent
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.consent.testing import given, terms
from stepwell.trust.organizations.models import Center, Closure, Room
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import (
    CareTeamMember,
    ClinicalRecord,
    EmergencyAccess,
    Patient,
    Practitioner,
    RecordMerge,
    RelatedPerson,
    SignInOffer,
)
from stepwell.trust.setup.actions.staff import Part
from stepwell.trust.setup.models import License
from tests.addresses import Leading, finding_about, offer_to, series_about, the_session
from tests.world import World

P = Permission
SOURCE = Path(__file__).resolve().parents[1] / "src" / "stepwell"


@dataclass(frozen=True)
class PartOf:
    """A step of larger acts, which ask. ``why`` says what keeps it from being done alone."""

    why: str


@dataclass(frozen=True)
class At:
    """A permission that is asked at a center, of nobody in particular."""

    permission: P


@dataclass(frozen=True)
class Both:
    """Two permissions, each of which is asked."""

    first: P
    second: P


@dataclass(frozen=True)
class Everywhere:
    """A permission that is asked for every center of the organization."""

    permission: P


Asked = P | Leading | At | Both | Everywhere | PartOf

#: What each action asks of whoever does it, by its module below ``stepwell`` and its name.
ACTIONS: dict[str, Asked] = {
    "care.admission.actions.record_naloxone": P.OFFER_NALOXONE,
    "care.care_plans.actions.begin_plan": P.WRITE_PLAN,
    "care.care_plans.actions.save_draft": P.WRITE_PLAN,
    "care.care_plans.actions.send_for_signatures": P.WRITE_PLAN,
    "care.care_plans.actions.return_to_draft": P.WRITE_PLAN,
    "care.care_plans.actions.ask_to_change": P.SIGN_OWN_PLAN,
    "care.care_plans.actions.sign_as_clinician": P.SIGN_PLAN,
    "care.care_plans.actions.sign_as_patient": P.SIGN_OWN_PLAN,
    "care.care_plans.actions.add_step": P.WRITE_PLAN,
    "care.care_plans.actions.check_off": P.SIGN_OWN_PLAN,
    "care.encounters.actions.mark": P.MARK_ATTENDANCE,
    "care.encounters.actions.mark_all_here": Leading(P.MARK_ATTENDANCE),
    "care.encounters.actions.unmark": P.MARK_ATTENDANCE,
    "care.encounters.actions.sign_attendance": PartOf("signing a note, which asks SIGN_NOTE"),
    "care.episodes.actions.admit": P.ADMIT,
    "care.episodes.actions.change_level": P.CHANGE_LEVEL,
    "care.episodes.actions.end_episode": P.CHANGE_LEVEL,
    "care.episodes.actions.plan_end": P.CHANGE_LEVEL,
    "care.intake.actions.take_referral": At(P.TAKE_REFERRAL),
    "care.intake.actions.book_intake": P.TAKE_REFERRAL,
    "care.intake.actions.record_attempt": P.TAKE_REFERRAL,
    "care.intake.actions.close_referral": P.TAKE_REFERRAL,
    "care.intake.actions.admit": P.ADMIT,
    "care.level_of_care.actions.assess": P.SCREEN,
    "care.level_of_care.actions.correct": P.SCREEN,
    "care.level_of_care.actions.sign": P.SCREEN,
    "care.level_of_care.actions.sign_second": P.SCREEN,
    "care.level_of_care.actions.set_edition": At(P.MANAGE_ORGANIZATION),
    "care.measures.actions.ask": P.ASK_MEASURE,
    "care.measures.actions.answer": P.ANSWER_OWN_MEASURE,
    "care.measures.actions.send": P.ANSWER_OWN_MEASURE,
    "care.measures.actions.record": P.ASK_MEASURE,
    "care.measures.actions.fill_in": P.ASK_MEASURE,
    "care.measures.actions.follow_up": P.ASK_MEASURE,
    "care.measures.actions.check_in": P.ANSWER_OWN_MEASURE,
    "care.measures.actions.switch": Everywhere(P.MANAGE_ORGANIZATION),
    "care.measures.actions.write_wording": Everywhere(P.MANAGE_ORGANIZATION),
    "care.measures.actions.write_down_a_try": P.ASK_MEASURE,
    "care.measures.actions.series.begin_series": P.ASK_MEASURE,
    "care.measures.actions.series.change_interval": P.ASK_MEASURE,
    "care.measures.actions.series.end_series": P.ASK_MEASURE,
    "care.measures.actions.schedules.set_program_schedule": Everywhere(P.MANAGE_ORGANIZATION),
    "care.measures.actions.schedules.change_schedule": P.ASK_MEASURE,
    "care.measures.actions.schedules.annotate": P.ASK_MEASURE,
    "care.measures.actions.schedules.choose_to_be_told": At(P.SEE_STAFF),
    "care.medication.actions.record_drug_test": P.RECORD_DRUG_TEST,
    "care.record.actions.diagnose": P.DIAGNOSE,
    "care.notes.actions.addenda.add_addendum": P.SIGN_NOTE,
    "care.notes.actions.drafts.strike_drafts": PartOf(
        "marking attendance another way, which asks MARK_ATTENDANCE"
    ),
    "care.notes.actions.group.save_row": Leading(P.MARK_ATTENDANCE),
    "care.notes.actions.group.unmark": Leading(P.MARK_ATTENDANCE),
    "care.notes.actions.group.take_back_here": Leading(P.MARK_ATTENDANCE),
    "care.notes.actions.group.save_shared": Leading(P.WRITE_NOTE),
    "care.notes.actions.group.sign_group": Leading(P.SIGN_NOTE),
    "care.notes.actions.signing.signer_of": PartOf("signing; it changes nothing"),
    "care.notes.actions.signing.sign": PartOf("sign_group and sign_visit, which ask SIGN_NOTE"),
    "care.notes.actions.visit.save_visit": P.MARK_ATTENDANCE,
    "care.notes.actions.visit.sign_visit": P.SIGN_NOTE,
    "care.notes.actions.visit.unmark_visit": P.MARK_ATTENDANCE,
    "care.progress.actions.steps.take_step": P.CHANGE_LEVEL,
    "care.progress.actions.aside.set_aside": P.SET_ASIDE,
    "care.progress.actions.aside.bring_back": P.SET_ASIDE,
    "care.scheduling.actions.begin_series": At(P.BOOK),
    "care.scheduling.actions.cancel_session": At(P.BOOK),
    "care.scheduling.actions.place_in_group": P.PLACE_IN_GROUP,
    "care.scheduling.actions.take_out_of_group": P.PLACE_IN_GROUP,
    "care.scheduling.actions.book": P.BOOK,
    "care.scheduling.actions.cancel": P.BOOK,
    "care.tasks.actions.ask": P.ASK_TASK,
    "care.tasks.actions.ask_for_help": P.ASK_TASK,
    "care.tasks.actions.ask_of_the_office": At(P.OFFICE_TASKS),
    "care.tasks.actions.take": P.DO_TASKS,
    "care.tasks.actions.note_try": P.DO_TASKS,
    "care.tasks.actions.complete": P.DO_TASKS,
    "care.tasks.actions.call_off": P.DO_TASKS,
    "care.tasks.actions.take_back": P.DO_TASKS,
    "care.tasks.actions.hand_over": P.DO_TASKS,
    "care.tasks.actions.give": PartOf(
        "handing over, which asks DO_TASKS, or MANAGE_STAFF when somebody leaves"
    ),
    "care.tasks.actions.followed_up": PartOf("following up an answer, which asks ASK_MEASURE"),
    "care.tasks.actions.require_over": PartOf("each act on a task: it is what asks, and changes nothing"),
    "trust.consent.actions.drafted": PartOf("looking at a text before it is given; nothing is stored"),
    "trust.consent.actions.prepare": P.PREPARE_CONSENT,
    "trust.consent.actions.prepare_own": P.SIGN_OWN_CONSENT,
    "trust.consent.actions.sign_own": P.SIGN_OWN_CONSENT,
    "trust.consent.actions.record_signature": P.PREPARE_CONSENT,
    "trust.consent.actions.link_scan": P.PREPARE_CONSENT,
    "trust.consent.actions.decline": P.SIGN_OWN_CONSENT,
    "trust.consent.actions.withdraw": P.PREPARE_CONSENT,
    "trust.consent.actions.revoke": P.REVOKE_CONSENT,
    "trust.consent.actions.record_event": P.REVOKE_CONSENT,
    "trust.consent.actions.record_end_of_binding": P.REVOKE_CONSENT,
    "trust.consent.actions.treatment_ended": PartOf("ending an episode, which asks CHANGE_LEVEL"),
    "trust.printouts.actions.ask_for_printout": P.PRINT_CHART,
    "trust.outbox.actions.queue": PartOf("the act that it tells of, which asks"),
    "trust.outbox.actions.set_how_to_reach": P.SET_OWN_CONTACT,
    "doors.staff.oversight.actions.review": P.SEE_AUDIT,
    "trust.people.actions.mark_in_error": Both(P.MARK_IN_ERROR, P.SIGN_NOTE),
    "trust.people.actions.sign_in.offer_sign_in": P.GIVE_SIGN_IN,
    "trust.people.actions.sign_in.show_link": P.GIVE_SIGN_IN,
    "trust.people.actions.sign_in.withdraw_offer": P.GIVE_SIGN_IN,
    "trust.people.actions.sign_in.end_sign_in": P.GIVE_SIGN_IN,
    "trust.people.actions.emergencies.open_in_emergency": P.OPEN_IN_EMERGENCY,
    "trust.people.actions.emergencies.end_emergency": P.OPEN_IN_EMERGENCY,
    "trust.people.actions.emergencies.review": P.REVIEW_EMERGENCY,
    "trust.people.actions.particulars.change_particulars": P.CHANGE_PARTICULARS,
    "trust.people.actions.particulars.keep_related_person": P.CHANGE_PARTICULARS,
    "trust.people.actions.particulars.end_related_person": P.CHANGE_PARTICULARS,
    "trust.people.actions.documents.add_document": P.ADD_DOCUMENT,
    "trust.people.actions.documents.strike_document": P.ADD_DOCUMENT,
    "care.scheduling.actions.lay_down": PartOf("book, which asks, and what somebody books for themself"),
    "care.scheduling.actions.call_off": PartOf("cancel_session and handing over, which ask"),
    "care.scheduling.actions.call_off_visit": PartOf("cancel and handing over, which ask"),
    "trust.setup.actions.centers.open_center": Everywhere(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.change_center": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.close_center": Everywhere(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.open_again": Everywhere(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.set_hours": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.close_day": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.close_holidays": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.take_closure_off": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.add_room": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.change_room": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.retire_room": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.centers.use_room_again": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.directory.publish": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.directory.withdraw": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.phone_lines.keep_line": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.phone_lines.end_line": At(P.MANAGE_ORGANIZATION),
    "trust.setup.actions.staff.invite": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.send_again": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.show_link": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.change_parts": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.change_particulars": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.add_license": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.change_license": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.take_license_off": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.take_second_step_away": At(P.MANAGE_STAFF),
    "trust.setup.actions.staff.deactivate": At(P.MANAGE_STAFF),
    "trust.people.actions.team.put_on_team": P.CHANGE_CARE_TEAM,
    "trust.people.actions.team.take_off_team": P.CHANGE_CARE_TEAM,
    "trust.people.actions.merging.merge": P.MERGE_RECORDS,
    "trust.people.actions.merging.take_apart": P.MERGE_RECORDS,
}

Example = Callable[[World], Any]


def _of(model: Any, **where: Any) -> Example:
    return lambda world: model.objects.filter(patient=world.patient, **where).first()


#: An example of each type that an action takes.
EXAMPLES: dict[Any, Example] = {
    Patient: lambda world: world.patient,
    Center: lambda world: world.center,
    Room: lambda world: Room.objects.filter(center=world.center)[0],
    Closure: lambda world: Closure.objects.filter(center=world.center)[0],
    License: lambda _world: License.objects.get(practitioner__name="Dana Whitfield"),
    User: lambda _world: User.objects.get(name="Dana Whitfield"),
    Sequence: lambda world: [Part(Role.COUNSELOR, world.center)],
    Collection: lambda _world: [],
    Iterable: lambda _world: [],
    Practitioner: lambda world: world.patient.care_team.filter(role="counselor")[0].practitioner,
    EpisodeOfCare: _of(EpisodeOfCare),
    Referral: _of(Referral),
    CarePlan: _of(CarePlan, status="draft"),
    Goal: _of(Goal, plan__status="active"),
    PlanStep: _of(PlanStep),
    LevelOfCareAssessment: _of(LevelOfCareAssessment),
    Response: _of(Response),
    TimedSeries: lambda world: series_about(world.patient),
    Enrollment: _of(Enrollment),
    Encounter: _of(Encounter),
    Appointment: _of(Appointment, kind="individual"),
    Task: _of(Task, assigned_to__isnull=False),
    Role: lambda _world: Role.COUNSELOR,
    Note: _of(Note, signed_at__isnull=False),
    ClinicalRecord: _of(Note, signed_at__isnull=False),
    Consent: _of(Consent, signed_at=None),
    Terms: lambda world: terms(world.patient),
    Given: lambda world: given(_of(Consent, signed_at=None)(world)),
    EmergencyAccess: _of(EmergencyAccess),
    RelatedPerson: _of(RelatedPerson),
    SignInOffer: lambda world: offer_to(world.patient),
    CareTeamMember: lambda world: CareTeamMember.objects.current().filter(patient=world.patient)[0],
    RecordMerge: lambda world: RecordMerge.objects.filter(survivor=world.patient).first(),
    GroupSession: lambda _world: the_session(),
    Finding: lambda world: finding_about(world.patient),
    GroupSeries: lambda _world: GroupSeries.objects.first(),
    PlanText: lambda _world: PlanText(540),
    RowText: lambda _world: RowText("here", 90, line="Spoke of the week."),
    SharedText: lambda _world: SharedText("Cravings", "Talked about cravings.", "CBT", "nobody"),
    VisitText: lambda _world: VisitText(RowText("here", 50, line="Spoke of the week.")),
    Request: lambda _world: Request("self"),
    UseDisorder: lambda _world: UseDisorder(UsedSubstance.ALCOHOL, dict.fromkeys(Criterion, True)),
    Tried: lambda _world: Tried(clock.now(), "call", "reached", clock.now().date()),
    Sample: lambda _world: Sample(clock.now(), DrugTest.Specimen.values[0], DrugTest.Why.values[0], {}),  # type: ignore[arg-type]
    Need: lambda _world: Need("hours", Level.WATCH, "Placed for 3 of 9 hours.", "Held 3 h", Act.OPEN_WEEK),
    Step: lambda _world: Step(Wish(None, clock.now().date(), "They are ready.")),
    Mark: lambda _world: Mark.HERE,
    Document: _of(Document),
    Document.Kind: lambda _world: Document.Kind.SIGNED,
    bytes: lambda _world: picture(),
    Wording: lambda _world: Wording("en", "Title", "", {}, {}, ""),
    UUID: lambda _world: uuid4(),
    Week: lambda _world: Week(clock.now().date() - timedelta(days=clock.now().weekday())),
    str: lambda _world: "They asked for it.",
    int: lambda _world: 1,
    bool: lambda _world: True,
    date: lambda _world: clock.now().date(),
    datetime: lambda _world: clock.now(),
    Mapping: lambda _world: {},
    Any: lambda _world: None,
}

#: Where an action needs another example than the one of its type, by its name and that of the argument.
OTHERWISE: dict[tuple[str, str], Example] = {
    ("care.encounters.actions.unmark", "appointment"): _of(Appointment, kind="individual"),
    ("care.intake.actions.take_referral", "person"): lambda _world: {"first_name": "Robin"},
    ("care.level_of_care.actions.set_edition", "edition"): lambda _world: "3",
    ("care.measures.actions.ask", "instrument_id"): lambda _world: "phq9",
    ("care.measures.actions.record", "instrument_id"): lambda _world: "phq9",
    ("care.measures.actions.switch", "instrument_id"): lambda _world: "phq9",
    ("care.measures.actions.switch", "part"): lambda _world: "",
    ("care.measures.actions.write_wording", "instrument_id"): lambda _world: "sows_structure",
    ("care.measures.actions.write_wording", "version"): lambda _world: 0,
    ("care.measures.actions.series.begin_series", "instrument_id"): lambda _world: "ciwa_ar",
    ("care.measures.actions.series.begin_series", "every_minutes"): lambda _world: 60,
    ("care.measures.actions.series.change_interval", "every_minutes"): lambda _world: 30,
    ("care.measures.actions.schedules.change_schedule", "instrument_id"): lambda _world: "phq9",
    ("care.measures.actions.schedules.set_program_schedule", "load"): lambda _world: 90,
    ("care.notes.actions.group.save_row", "appointment"): lambda _world: the_session().appointments.booked()[
        0
    ],
    ("care.notes.actions.group.take_back_here", "marked"): lambda _world: [],
    ("care.notes.actions.group.unmark", "appointment"): lambda _world: the_session().appointments.booked()[0],
    ("trust.printouts.actions.ask_for_printout", "segments"): lambda _world: [Segment.PLAN],
    ("trust.outbox.actions.set_how_to_reach", "language"): lambda _world: "es",
    ("trust.setup.actions.centers.open_center", "given"): lambda _world: {"name": "Mill Street South"},
    ("trust.setup.actions.centers.change_center", "given"): lambda world: {
        "name": world.center.name,
        "time_zone": "America/Chicago",
    },
    ("trust.setup.actions.centers.close_holidays", "year"): lambda _world: 2027,
    ("trust.setup.actions.centers.add_room", "given"): lambda _world: {"name": "Room 9", "seats": 3},
    ("trust.setup.actions.directory.publish", "given"): lambda _world: {
        "services": ["iop"],
        "languages": ["en"],
        "hours_text": "",
        "hours_text_es": "",
    },
    ("trust.setup.actions.staff.invite", "email"): lambda _world: "ines@example.org",
    ("trust.setup.actions.staff.change_parts", "wanted"): lambda world: [
        Part(Role.COUNSELOR, world.center),
        Part(Role.PEER, world.center),
    ],
    ("trust.setup.actions.staff.change_particulars", "given"): lambda _world: {"name": "Dana Cole"},
    ("trust.setup.actions.staff.add_license", "given"): lambda _world: {
        "kind": "RN",
        "number": "1",
        "state": "KY",
    },
    ("trust.people.actions.team.put_on_team", "role"): lambda _world: Role.PEER,
    ("trust.people.actions.sign_in.offer_sign_in", "email"): lambda _world: "maya@example.org",
}


def every_action() -> dict[str, Callable[..., Any]]:
    """Every public function of every ``actions`` that says who does it."""
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted([*SOURCE.rglob("actions.py"), *SOURCE.rglob("actions/*.py")]):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        module = import_module(f"stepwell.{name}")
        for function in vars(module).values():
            if (
                inspect.isfunction(function)
                and inspect.unwrap(function).__module__ == module.__name__
                and not function.__name__.startswith("_")
                and "by" in inspect.signature(function).parameters
            ):
                found[f"{name}.{function.__name__}"] = function
    return found


def arguments(name: str, action: Callable[..., Any], world: World, by: User) -> dict[str, Any]:
    """An example of everything that this action must be given."""
    hints = get_type_hints(inspect.unwrap(action))
    given: dict[str, Any] = {"by": by}
    for parameter in inspect.signature(action).parameters.values():
        if parameter.name == "by" or parameter.kind is parameter.VAR_KEYWORD:
            continue
        otherwise = OTHERWISE.get((name, parameter.name))
        if otherwise is not None:
            given[parameter.name] = otherwise(world)
        elif parameter.default is parameter.empty:
            given[parameter.name] = _example(hints[parameter.name], f"{name}({parameter.name})")(world)
    return given


def _example(kind: Any, what: str) -> Example:
    if get_origin(kind) in (Union, UnionType):
        kinds = [one for one in get_args(kind) if one is not type(None)]
        return (lambda _world: None) if len(kinds) < len(get_args(kind)) else _example(kinds[0], what)
    kind = get_origin(kind) or kind
    if isinstance(kind, type) and issubclass(kind, Enum) and kind not in EXAMPLES:
        return lambda _world: next(iter(kind))
    assert kind in EXAMPLES, f"{what} takes a {kind}, of which tests/actions.py has no example"
    return EXAMPLES[kind]
