"""What is done with a consent, and what is refused."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from stepwell.config.testing.fixtures import NOW
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.consent import actions
from stepwell.trust.consent.actions import NotWhole
from stepwell.trust.consent.models import Consent
from stepwell.trust.consent.rules.elements import Element, Mixture
from stepwell.trust.consent.rules.life_cycle import Status
from stepwell.trust.consent.rules.vocabulary import TPO, Expiry, Purpose, RecipientKind, Segment, Signer
from stepwell.trust.consent.testing import given, prepared, signed, terms
from stepwell.trust.people.actions import mark_in_error

TODAY = NOW.date()


# Preparing


def test_a_prepared_consent_waits_and_leaves_a_trace(maya, dana):
    consent = prepared(maya, by=dana)
    assert consent.is_waiting
    assert consent.discloser == "Alder Creek"
    event = AuditEvent.objects.get(to_id=consent.pk)
    assert event.did == "created" and event.patient_id == maya.pk


@pytest.mark.parametrize(
    ("more", "element"),
    [
        ({"recipients": ()}, Element.RECIPIENT),
        ({"segments": frozenset()}, Element.INFORMATION),
        ({"purposes": frozenset()}, Element.PURPOSE),
        ({"expiry": None}, Element.EXPIRY),
        ({"expires_on": None}, Element.EXPIRY),
        ({"expiry": Expiry.NEVER}, Element.EXPIRY),
        ({"recipient_kind": RecipientKind.CENTRAL_REGISTRY}, Element.PARTICIPANTS),
        ({"recipient_kind": RecipientKind.CRIMINAL_JUSTICE}, Element.CONDITION),
    ],
)
def test_what_is_missing_is_refused_by_name(maya, dana, more, element):
    with pytest.raises(NotWhole) as refusal:
        prepared(maya, by=dana, **more)
    assert element in refusal.value.missing
    assert Consent.objects.count() == 0


def test_counseling_notes_and_legal_cases_stand_alone(maya, dana):
    with pytest.raises(NotWhole) as notes:
        prepared(maya, by=dana, segments=frozenset({Segment.COUNSELING_NOTES, Segment.PLAN}))
    assert notes.value.mixed == (Mixture.COUNSELING_NOTES,)
    with pytest.raises(NotWhole) as case:
        prepared(maya, by=dana, purposes=frozenset({Purpose.LEGAL_PROCEEDING, Purpose.SUPPORT}))
    assert case.value.mixed == (Mixture.LEGAL_PROCEEDING,)
    prepared(maya, by=dana, segments=frozenset({Segment.COUNSELING_NOTES}))
    prepared(maya, by=dana, purposes=frozenset({Purpose.LEGAL_PROCEEDING}))


def test_a_day_that_has_passed_is_refused(maya, dana):
    with pytest.raises(Refused) as refusal:
        prepared(maya, by=dana, expires_on=TODAY - timedelta(days=1))
    assert refusal.value.field == "expires_on"


def test_a_facilitator_does_not_prepare(clinic, maya):
    facilitator = clinic.user(Role.FACILITATOR)
    clinic.join(maya, facilitator)
    with pytest.raises(Forbidden):
        prepared(maya, by=facilitator)


def test_a_counselor_of_somebody_else_does_not_prepare(clinic, maya):
    with pytest.raises(Forbidden):
        prepared(maya, by=clinic.user(Role.COUNSELOR, "Renee Castillo"))


# Signing


def test_what_was_read_is_what_is_stored(maya, dana):
    consent = prepared(maya, by=dana)
    read = consent.wording_in("es")
    kept = actions.sign_own(
        consent, given(consent, language="es", came_from="10.0.0.7"), by=maya.user, at=clock.now()
    )
    kept.refresh_from_db()
    assert kept.signed_wording == read
    assert kept.wording_fingerprint == read.fingerprint
    assert kept.wording["version"] == "2026-11" and kept.wording["language"] == "es"
    assert (kept.signature_name, kept.signed_how, kept.signed_from) == ("Maya Reyes", "own_phone", "10.0.0.7")
    assert kept.holds_today


def test_a_text_that_is_not_the_one_read_is_not_signed(maya, dana):
    consent = prepared(maya, by=dana)
    for other in (
        given(consent, read="0" * 64),
        given(consent, language="es", read=consent.wording_in("en").fingerprint),
    ):
        with pytest.raises(ChangedMeanwhile):
            actions.sign_own(consent, other, by=maya.user, at=clock.now())


def test_less_may_be_chosen_and_more_may_not(maya, dana):
    consent = prepared(maya, by=dana, segments=frozenset({Segment.ATTENDANCE, Segment.PLAN}))
    more = given(consent, segments=frozenset({Segment.ATTENDANCE, Segment.NOTES}))
    with pytest.raises(ChangedMeanwhile):
        actions.sign_own(consent, more, by=maya.user, at=clock.now())
    nothing = replace(given(consent), segments=frozenset())
    with pytest.raises(Refused) as refusal:
        actions.sign_own(consent, nothing, by=maya.user, at=clock.now())
    assert refusal.value.field == "segments"
    unread = replace(given(consent), segments=frozenset({Segment.ATTENDANCE}))
    with pytest.raises(ChangedMeanwhile):
        actions.sign_own(consent, unread, by=maya.user, at=clock.now())
    less = given(consent, segments=frozenset({Segment.ATTENDANCE}))
    kept = actions.sign_own(consent, less, by=maya.user, at=clock.now())
    assert kept.segments == ["attendance"]
    assert "goals" not in str(kept.wording)


def test_nobody_signs_without_a_name(maya, dana):
    consent = prepared(maya, by=dana)
    with pytest.raises(NotWhole) as refusal:
        actions.sign_own(consent, given(consent, name="  "), by=maya.user, at=clock.now())
    assert refusal.value.missing == (Element.SIGNATURE,)


def test_nobody_signs_for_somebody_else_on_a_phone(clinic, maya, dana):
    consent = prepared(maya, by=dana)
    other = clinic.patient_user(clinic.patient("Devon Thackery"))
    for user in (other, dana):
        with pytest.raises(Forbidden):
            actions.sign_own(consent, given(consent), by=user, at=clock.now())


def test_pressed_twice_it_is_signed_once(maya, dana):
    consent = prepared(maya, by=dana)
    signature = given(consent)
    first = actions.sign_own(consent, signature, by=maya.user, at=clock.now())
    again = actions.sign_own(consent, signature, by=maya.user, at=clock.now() + timedelta(seconds=1))
    assert again.signed_at == first.signed_at
    assert AuditEvent.objects.filter(did="signed", to_id=consent.pk).count() == 1


def test_a_paper_is_recorded_with_signer_and_day(maya, dana):
    consent = prepared(maya, by=dana)
    on = TODAY - timedelta(days=3)
    mother = given(
        consent,
        how=Consent.How.PAPER,
        on=on,
        name="Ana Reyes",
        signer=Signer.GUARDIAN,
        authority="mother of a minor",
    )
    kept = actions.record_signature(consent, mother, by=dana, at=clock.now())
    assert (kept.signature_name, kept.signed_on, kept.signed_by) == ("Ana Reyes", on, dana)
    other = prepared(maya, by=dana)
    with pytest.raises(NotWhole) as refusal:
        actions.record_signature(other, given(other, signer=Signer.GUARDIAN), by=dana, at=clock.now())
    assert refusal.value.missing == (Element.AUTHORITY,)
    with pytest.raises(Refused) as early:
        actions.record_signature(other, given(other, on=TODAY + timedelta(days=1)), by=dana, at=clock.now())
    assert early.value.field == "on"


def test_one_that_ran_out_while_it_waited_is_not_signed(maya, dana):
    consent = prepared(maya, by=dana, expires_on=TODAY)
    with clock.stand_still(NOW + timedelta(days=1)), pytest.raises(Refused):
        actions.sign_own(consent, given(consent), by=maya.user, at=clock.now())


# Saying no, taking back


def test_no_is_an_answer_and_stays_one(maya, dana):
    consent = prepared(maya, by=dana)
    declined = actions.decline(consent, by=maya.user, at=clock.now())
    assert declined.status is Status.DECLINED
    with pytest.raises(Refused):
        actions.sign_own(consent, given(consent), by=maya.user, at=clock.now())
    with pytest.raises(Refused):
        actions.withdraw(consent, by=dana, at=clock.now())


def test_what_was_taken_back_is_not_signed(maya, dana):
    consent = prepared(maya, by=dana)
    actions.withdraw(consent, by=dana, at=clock.now())
    with pytest.raises(Refused):
        actions.sign_own(consent, given(consent), by=maya.user, at=clock.now())


# Ending


def test_the_patient_ends_it_and_the_history_stays(maya, dana, sister):
    ended = actions.revoke(sister, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())
    assert ended.status is Status.REVOKED and not ended.holds_today
    assert ended.signed_wording is not None and ended.signature_name == "Maya Reyes"
    assert AuditEvent.objects.filter(did="revoked", to_id=sister.pk).count() == 1
    actions.revoke(sister, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())
    assert AuditEvent.objects.filter(did="revoked", to_id=sister.pk).count() == 1


def test_the_team_records_what_the_patient_said(clinic, maya, sister):
    desk = clinic.user(Role.FRONT_DESK, "Tess Nguyen")
    ended = actions.revoke(
        sister, how=Consent.Ending.SPOKEN, said="Not my sister any more.", by=desk, at=clock.now()
    )
    assert (ended.revoked_how, ended.revoked_words) == ("spoken", "Not my sister any more.")


def test_what_is_not_signed_is_not_ended(maya, dana):
    with pytest.raises(Refused):
        actions.revoke(prepared(maya, by=dana), how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())


def test_a_court_s_consent_is_ended_when_its_event_has_come(maya, dana):
    consent = signed(
        maya,
        by=dana,
        recipient_kind=RecipientKind.CRIMINAL_JUSTICE,
        purposes=frozenset({Purpose.MONITORING}),
        condition="probation in case 26-CR-104",
        revocable_event="the end of probation",
    )
    with pytest.raises(Refused):
        actions.revoke(consent, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())
    actions.record_end_of_binding(consent, on=TODAY, by=dana, at=clock.now())
    assert actions.revoke(consent, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now()).revoked_at


def test_an_event_ends_a_consent(maya, dana):
    consent = signed(maya, by=dana, expiry=Expiry.EVENT, expires_event="the housing program ends")
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(Refused):
            actions.record_event(consent, on=day, by=dana, at=clock.now())
    actions.record_event(consent, on=TODAY, by=dana, at=clock.now())
    consent.refresh_from_db()
    assert not consent.holds_today and consent.has_run_out
    with pytest.raises(Refused):
        actions.record_event(consent, on=TODAY, by=dana, at=clock.now())


def test_the_end_of_the_treatment_ends_what_was_for_it(maya, dana, sister):
    doctor = signed(
        maya,
        by=dana,
        recipient_kind=RecipientKind.TREATING_PROVIDER,
        recipients=("Dr. Okafor",),
        purposes=frozenset({Purpose.TREATMENT}),
        expiry=Expiry.END_OF_TREATMENT,
    )
    actions.treatment_ended(maya, on=TODAY, by=dana)
    doctor.refresh_from_db()
    sister.refresh_from_db()
    assert not doctor.holds_today and sister.holds_today


def test_the_last_day_is_the_center_s(maya, dana):
    """In Dayton it is still Monday when it is Tuesday in Greenwich."""
    consent = signed(maya, by=dana, expires_on=TODAY)
    evening = datetime(2026, 11, 23, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    with clock.stand_still(evening):
        assert clock.now().date() == date(2026, 11, 24)
        assert consent.holds_today
    with clock.stand_still(evening + timedelta(hours=1)):
        assert not consent.holds_today


def test_what_is_known_to_be_untrue_holds_no_more(clinic, maya, dana, sister):
    mark_in_error(sister, by=dana, at=clock.now(), because="Signed by somebody else.")
    sister.refresh_from_db()
    assert not sister.holds_today
    with pytest.raises(Refused):
        actions.revoke(sister, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())


# The patient's own


def test_a_patient_gives_an_ok_of_their_own(maya):
    consent = actions.prepare_own(
        maya, terms(maya, purposes=frozenset({Purpose.AT_REQUEST})), by=maya.user, at=clock.now()
    )
    kept = actions.sign_own(consent, given(consent), by=maya.user, at=clock.now())
    assert kept.holds_today


def test_one_consent_for_all_treatment_payment_and_operations(maya, dana):
    consent = signed(
        maya,
        by=dana,
        recipient_kind=RecipientKind.TREATING_PROVIDER,
        recipients=(),
        names_a_class=True,
        purposes=TPO,
        expiry=Expiry.NEVER,
        expires_on=None,
    )
    assert "My treating providers, health plans, third-party payers" in str(consent.wording)
    assert consent.expires_on is None and consent.holds_today


# The database keeps the promise.

SIGNED_STAYS = {
    "recipients": ["Somebody Else"],
    "segments": ["attendance", "notes"],
    "purposes": ["support", "payment"],
    "expires_on": TODAY + timedelta(days=900),
    "signature_name": "Somebody Else",
    "signed_on": TODAY - timedelta(days=9),
    "wording": {"title": "Another text"},
    "wording_fingerprint": "0" * 64,
    "signed_from": "10.9.9.9",
    "detail": "Everything",
    "signed_at": None,
}


@pytest.mark.parametrize("field", SIGNED_STAYS)
def test_nothing_signed_changes(sister, field):
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=sister.pk).update(**{field: SIGNED_STAYS[field]})


def test_an_ended_consent_does_not_come_back(maya, sister):
    actions.revoke(sister, how=Consent.Ending.ONLINE, by=maya.user, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=sister.pk).update(revoked_at=None, revoked_by=None, revoked_how="")


def test_a_no_does_not_become_a_yes(maya, dana, sister):
    declined = actions.decline(prepared(maya, by=dana), by=maya.user, at=clock.now())
    for field in (
        "signed_at",
        "signed_on",
        "signed_how",
        "signature_name",
        "signer",
        "wording",
        "wording_fingerprint",
    ):
        setattr(declined, field, getattr(sister, field))
    declined.signed_by, declined.declined_at, declined.declined_by = maya.user, None, None
    with pytest.raises(IntegrityError), transaction.atomic():
        declined.save()


@pytest.mark.parametrize(
    "wrong",
    [
        {"segments": ["counseling_notes", "plan"]},
        {"purposes": ["legal_proceeding", "support"]},
        {"segments": []},
        {"purposes": []},
        {"recipients": []},
        {"expires_on": None},
        {"expiry": ""},
        {"expiry": "event"},
        {"signed_at": NOW},
        {"signed_on": TODAY},
        {"signature_name": "Maya Reyes"},
        {"signer": "guardian"},
        {"revoked_at": NOW},
        {"declined_at": NOW},
        {"event_on": TODAY},
        {"recipient_kind": "criminal_justice"},
    ],
    ids=str,
)
def test_the_database_refuses_what_no_rule_would_let_pass(maya, dana, wrong):
    consent = prepared(maya, by=dana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(**wrong)
