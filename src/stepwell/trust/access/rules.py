"""The permission table: permission × role × relation. What is absent is refused.

A relation says how the reader stands to the patient. A permission without a patient (to look at the week's
groups, say) is asked with the relation ``CENTER``: the reader works at that center.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from stepwell.trust.accounts.roles import Role


class Relation(StrEnum):
    """How the reader stands to the patient."""

    SELF = "the patient themself"
    CARE_TEAM = "on the care team"
    EMERGENCY = "let in for an hour by an emergency"
    CENTER = "works at the same center"


class Permission(StrEnum):
    SEE_DIRECTORY = "see that a person is in care, and how to reach them"
    SEE_SCHEDULE = "see groups, sessions and appointments"
    SEE_REFERRALS = "see referrals"
    SEE_CHART = "see the chart: episode, plan, attendance, measures"
    SEE_NOTES = "read notes"
    SEE_MEDICATION = "see medication and drug tests"
    SEE_HOURS = "see the hours of a week"
    TAKE_REFERRAL = "take a referral"
    BOOK = "book and cancel appointments"
    SCREEN = "rate needs and settle the level of care"
    DIAGNOSE = "write down a diagnosis with its criteria"
    ADMIT = "admit to the program"
    CHANGE_LEVEL = "step care up or down, and end an episode"
    WRITE_PLAN = "write a treatment plan"
    SIGN_PLAN = "sign a treatment plan as clinician"
    SET_ASIDE = "set aside until a day what Today says a person needs, with a reason"
    SIGN_OWN_PLAN = "sign one's own treatment plan"
    PLACE_IN_GROUP = "place a person in a group"
    MARK_ATTENDANCE = "mark attendance"
    WRITE_NOTE = "write a note"
    SIGN_NOTE = "sign a note"
    RECORD_DRUG_TEST = "record a drug test"
    OFFER_NALOXONE = "offer naloxone, and write down what came of it"
    ASK_MEASURE = "ask a person to fill in a measure, or fill it in with them"
    ANSWER_OWN_MEASURE = "answer one's own measures and check-ins"
    GIVE_SIGN_IN = "give a person a sign-in of their own"
    CORRECT_MEDICATION = "mark a medicine or a dose as entered in error"
    MARK_IN_ERROR = "mark a record as entered in error"
    CHANGE_PARTICULARS = "write down who a person is and how to reach them"
    CHANGE_CARE_TEAM = "put somebody on a care team, or take them off"
    MERGE_RECORDS = "make one record of two of the same person, and take them apart again"
    OPEN_IN_EMERGENCY = "open a chart in an emergency, with a reason and for an hour"
    REVIEW_EMERGENCY = "look over what was opened in an emergency"
    SEE_DOCUMENTS = "see scans of referrals, identity and insurance cards"
    ADD_DOCUMENT = "add such a scan"
    SEE_CONSENTS = "see written consents and what was disclosed under them"
    PREPARE_CONSENT = "prepare a written consent for a patient to sign"
    SIGN_OWN_CONSENT = "sign one's own written consent"
    REVOKE_CONSENT = "end a written consent, or record that the patient did"
    DISCLOSE = "disclose records to somebody outside"
    PRINT_CHART = "print a chart, for work here or for the patient"
    SEE_TASKS = "see what is to be done about a person"
    ASK_TASK = "make a task about a person"
    DO_TASKS = "do, take and hand over tasks about a person"
    OFFICE_TASKS = "make and do tasks that are about nobody"
    SEE_TRACE = "see who looked at a record, and why"
    SEE_AUDIT = "see the event log of the organization, and what in it is unusual"
    SEE_MESSAGES_OUT = "see which messages went out, and what became of them"
    SET_OWN_CONTACT = "say how oneself may be reached"
    SEE_STAFF = "see who works here, in which part"
    MANAGE_STAFF = "invite, change and deactivate staff, and hand over their work"
    MANAGE_ORGANIZATION = "set up centers, rooms, hours and closed days"


P, R = Permission, Role
_SELF = frozenset({Relation.SELF})
_TEAM = frozenset({Relation.CARE_TEAM})
_CENTER = frozenset({Relation.CENTER})
# What an emergency opens is sight, for those who may open one. Who treats the person joins the care team.
_TEAM_OR_EMERGENCY = frozenset({Relation.CARE_TEAM, Relation.EMERGENCY})

_CLINICIANS = (R.COUNSELOR, R.FACILITATOR, R.NURSE, R.PRESCRIBER)
_OVERSEERS = (R.CLINICAL_SUPERVISOR, R.DIRECTOR)


def _rows(relations: frozenset[Relation], *roles: Role) -> dict[Role, frozenset[Relation]]:
    return dict.fromkeys(roles, relations)


TABLE: Mapping[Permission, Mapping[Role, frozenset[Relation]]] = {
    P.SEE_DIRECTORY: _rows(
        _CENTER, *_CLINICIANS, *_OVERSEERS, R.FRONT_DESK, R.PEER, R.CASE_MANAGER, R.BILLER, R.COMPLIANCE
    )
    | _rows(_SELF, R.PATIENT),
    P.SEE_SCHEDULE: _rows(_CENTER, *_CLINICIANS, *_OVERSEERS, R.FRONT_DESK, R.PEER, R.CASE_MANAGER)
    | _rows(_SELF, R.PATIENT),
    P.SEE_REFERRALS: _rows(_CENTER, R.FRONT_DESK, R.COUNSELOR, R.CASE_MANAGER, *_OVERSEERS),
    P.SEE_CHART: _rows(_TEAM_OR_EMERGENCY, *_CLINICIANS)
    | _rows(_TEAM, R.PEER, R.CASE_MANAGER)
    | _rows(_CENTER, *_OVERSEERS, R.COMPLIANCE)
    | _rows(_SELF, R.PATIENT),
    P.SEE_NOTES: _rows(_TEAM_OR_EMERGENCY, *_CLINICIANS)
    | _rows(_TEAM, R.CASE_MANAGER)
    | _rows(_CENTER, *_OVERSEERS, R.COMPLIANCE)
    | _rows(_SELF, R.PATIENT),
    P.SEE_MEDICATION: _rows(_TEAM_OR_EMERGENCY, *_CLINICIANS)
    | _rows(_CENTER, *_OVERSEERS, R.COMPLIANCE)
    | _rows(_SELF, R.PATIENT),
    P.SEE_HOURS: _rows(_TEAM_OR_EMERGENCY, *_CLINICIANS)
    | _rows(_TEAM, R.PEER, R.CASE_MANAGER)
    | _rows(_CENTER, *_OVERSEERS, R.BILLER, R.COMPLIANCE)
    | _rows(_SELF, R.PATIENT),
    P.TAKE_REFERRAL: _rows(_CENTER, R.FRONT_DESK, R.COUNSELOR, R.CASE_MANAGER, *_OVERSEERS),
    P.BOOK: _rows(_CENTER, R.FRONT_DESK, R.COUNSELOR, R.NURSE, R.PRESCRIBER, R.CASE_MANAGER, *_OVERSEERS),
    P.GIVE_SIGN_IN: _rows(_CENTER, R.FRONT_DESK, R.COUNSELOR, R.CASE_MANAGER, *_OVERSEERS),
    P.SCREEN: _rows(_TEAM, R.COUNSELOR, R.NURSE, R.PRESCRIBER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.DIAGNOSE: _rows(_TEAM, R.COUNSELOR, R.PRESCRIBER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.ADMIT: _rows(_TEAM, R.COUNSELOR, R.PRESCRIBER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.CHANGE_LEVEL: _rows(_TEAM, R.COUNSELOR, R.PRESCRIBER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.WRITE_PLAN: _rows(_TEAM, R.COUNSELOR, R.PRESCRIBER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.SIGN_PLAN: _rows(_TEAM, R.COUNSELOR, R.PRESCRIBER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.SET_ASIDE: _rows(_TEAM, *_CLINICIANS, R.PEER, R.CASE_MANAGER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.SIGN_OWN_PLAN: _rows(_SELF, R.PATIENT),
    P.PLACE_IN_GROUP: _rows(_CENTER, R.FRONT_DESK, R.COUNSELOR, R.CASE_MANAGER, *_OVERSEERS),
    P.MARK_ATTENDANCE: _rows(_CENTER, *_CLINICIANS, R.PEER, R.CASE_MANAGER, R.CLINICAL_SUPERVISOR),
    P.WRITE_NOTE: _rows(_TEAM, *_CLINICIANS, R.CASE_MANAGER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.SIGN_NOTE: _rows(_TEAM, *_CLINICIANS, R.CASE_MANAGER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.RECORD_DRUG_TEST: _rows(_TEAM, R.COUNSELOR, R.NURSE, R.PRESCRIBER)
    | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.OFFER_NALOXONE: _rows(_TEAM, *_CLINICIANS, R.PEER, R.CASE_MANAGER)
    | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.ASK_MEASURE: _rows(_TEAM, *_CLINICIANS, R.CASE_MANAGER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.ANSWER_OWN_MEASURE: _rows(_SELF, R.PATIENT),
    P.CORRECT_MEDICATION: _rows(_TEAM, R.NURSE, R.PRESCRIBER) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.MARK_IN_ERROR: _rows(_TEAM, *_CLINICIANS) | _rows(_CENTER, R.CLINICAL_SUPERVISOR),
    P.CHANGE_PARTICULARS: _rows(_CENTER, R.FRONT_DESK, R.COUNSELOR, R.NURSE, R.CASE_MANAGER, *_OVERSEERS),
    P.CHANGE_CARE_TEAM: _rows(_TEAM, R.COUNSELOR) | _rows(_CENTER, *_OVERSEERS),
    P.MERGE_RECORDS: _rows(_CENTER, *_OVERSEERS, R.COMPLIANCE),
    P.OPEN_IN_EMERGENCY: _rows(_CENTER, *_CLINICIANS),
    P.REVIEW_EMERGENCY: _rows(_CENTER, *_OVERSEERS, R.COMPLIANCE),
    P.SEE_DOCUMENTS: _rows(_TEAM_OR_EMERGENCY, *_CLINICIANS)
    | _rows(_TEAM, R.CASE_MANAGER)
    | _rows(_CENTER, R.FRONT_DESK, R.BILLER, R.COMPLIANCE, *_OVERSEERS),
    P.ADD_DOCUMENT: _rows(_TEAM, *_CLINICIANS, R.CASE_MANAGER)
    | _rows(_CENTER, R.FRONT_DESK, R.BILLER, *_OVERSEERS),
    P.SEE_CONSENTS: _rows(_TEAM_OR_EMERGENCY, *_CLINICIANS)
    | _rows(_TEAM, R.PEER, R.CASE_MANAGER)
    | _rows(_CENTER, R.FRONT_DESK, R.BILLER, R.COMPLIANCE, *_OVERSEERS)
    | _rows(_SELF, R.PATIENT),
    P.PREPARE_CONSENT: _rows(_TEAM, R.COUNSELOR, R.NURSE, R.PRESCRIBER, R.CASE_MANAGER)
    | _rows(_CENTER, R.FRONT_DESK, R.COMPLIANCE, *_OVERSEERS),
    P.SIGN_OWN_CONSENT: _rows(_SELF, R.PATIENT),
    P.REVOKE_CONSENT: _rows(_TEAM, *_CLINICIANS, R.PEER, R.CASE_MANAGER)
    | _rows(_CENTER, R.FRONT_DESK, R.COMPLIANCE, *_OVERSEERS)
    | _rows(_SELF, R.PATIENT),
    P.DISCLOSE: _rows(_TEAM, R.COUNSELOR, R.NURSE, R.PRESCRIBER, R.CASE_MANAGER)
    | _rows(_CENTER, R.COMPLIANCE, *_OVERSEERS),
    P.PRINT_CHART: _rows(_TEAM, R.COUNSELOR, R.NURSE, R.PRESCRIBER, R.CASE_MANAGER)
    | _rows(_CENTER, R.COMPLIANCE, *_OVERSEERS),
    # Who was given a task sees that task without any of these: see care.tasks and ADR 10.
    P.SEE_TASKS: _rows(_TEAM, *_CLINICIANS, R.PEER, R.CASE_MANAGER)
    | _rows(_CENTER, R.COMPLIANCE, *_OVERSEERS),
    P.ASK_TASK: _rows(_TEAM, *_CLINICIANS, R.PEER, R.CASE_MANAGER)
    | _rows(_CENTER, R.FRONT_DESK, *_OVERSEERS),
    P.DO_TASKS: _rows(_TEAM, *_CLINICIANS, R.PEER, R.CASE_MANAGER) | _rows(_CENTER, *_OVERSEERS),
    P.OFFICE_TASKS: _rows(_CENTER, *(role for role in R if role.is_staff)),
    P.SEE_TRACE: _rows(_CENTER, R.COMPLIANCE, *_OVERSEERS) | _rows(_SELF, R.PATIENT),
    P.SEE_AUDIT: _rows(_CENTER, R.COMPLIANCE, R.DIRECTOR),
    P.SEE_MESSAGES_OUT: _rows(_CENTER, R.FRONT_DESK, R.COMPLIANCE, *_OVERSEERS),
    P.SET_OWN_CONTACT: _rows(_SELF, R.PATIENT),
    P.SEE_STAFF: _rows(_CENTER, *(role for role in R if role.is_staff)),
    P.MANAGE_STAFF: _rows(_CENTER, R.ADMINISTRATOR, R.DIRECTOR),
    P.MANAGE_ORGANIZATION: _rows(_CENTER, R.ADMINISTRATOR, R.DIRECTOR),
}


def relations_for(permission: Permission, roles: Iterable[Role]) -> frozenset[Relation]:
    """Every relation through which someone with these roles has the permission."""
    row = TABLE[permission]
    return frozenset().union(*(row.get(role, frozenset()) for role in roles))
