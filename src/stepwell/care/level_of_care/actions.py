"""What clinicians do: rate needs, see the level they support, and settle it with their signature."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care import rules
from stepwell.care.level_of_care.evidence import on_record
from stepwell.care.level_of_care.models import Edition, EditionInUse, LevelOfCareAssessment, edition_at
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient
from stepwell.trust.setup.sight import require_at

SHORTEST_DISPOSITION = rules.SHORTEST_REASON


@transaction.atomic
def assess(
    patient: Patient,
    *,
    ratings: Mapping[str, Mapping[str, Any]],
    facts: Mapping[str, Any],
    by: User,
    at: datetime,
    edition: str = Edition.FOURTH,
) -> LevelOfCareAssessment:
    """Rate the needs. Not signed yet: it may be corrected until it is."""
    require(by, Permission.SCREEN, patient)
    assessment = LevelOfCareAssessment(patient=patient, recorded_by=by, recorded_at=at)
    _decide(assessment, ratings, facts, edition, at)
    assessment.save()
    audit.record(by=by, did=audit.Did.CREATED, to=assessment)
    return assessment


@transaction.atomic
def correct(
    assessment: LevelOfCareAssessment,
    *,
    ratings: Mapping[str, Mapping[str, Any]],
    facts: Mapping[str, Any],
    version: int,
    by: User,
    at: datetime,
    edition: str = Edition.FOURTH,
) -> LevelOfCareAssessment:
    """Change the ratings before anyone has signed.

    Raises ChangedMeanwhile when somebody else changed or signed it first.
    """
    require(by, Permission.SCREEN, assessment.patient)
    assessment = _locked(assessment)
    _check_unsigned(assessment)
    _check_version(assessment, version)
    _decide(assessment, ratings, facts, edition, at)
    assessment.version += 1
    assessment.save()
    audit.record(by=by, did=audit.Did.CHANGED, to=assessment)
    return assessment


@transaction.atomic
def sign(
    assessment: LevelOfCareAssessment,
    *,
    chosen: LevelOfCare | None = None,
    because: str = "",
    kind: rules.Kind | None = None,
    disposition: str = "",
    version: int,
    by: User,
    at: datetime,
) -> LevelOfCareAssessment:
    """Settle the level: the recommended one, or another with a reason.

    An emergency has no level: it is closed by what the evaluation came to. A level below a safety rule
    waits for a second signature.
    """
    require(by, Permission.SCREEN, assessment.patient)
    assessment = _locked(assessment)
    _check_unsigned(assessment)
    _check_version(assessment, version)
    decision = decision_of(assessment)
    if decision.status is rules.Status.EMERGENCY:
        _close_emergency(assessment, disposition)
    else:
        _choose(assessment, decision, chosen, because, kind, by)
    assessment.signed_at, assessment.signed_by = at, by
    assessment.version += 1
    assessment.save()
    audit.record(by=by, did=audit.Did.SIGNED, to=assessment)
    return assessment


@transaction.atomic
def sign_second(assessment: LevelOfCareAssessment, *, by: User, at: datetime) -> LevelOfCareAssessment:
    """A second clinician agrees with a level below a safety rule. From now on care may follow it."""
    require(by, Permission.SCREEN, assessment.patient)
    assessment = _locked(assessment)
    if assessment.signed_at is None or not assessment.needs_second_signature:
        raise Refused(_("This does not wait for a second signature."))
    if assessment.second_sign_off_at is not None:
        raise ChangedMeanwhile(
            _("%(name)s has already signed second.") % {"name": assessment.second_sign_off_by}
        )
    permitted = rules.may_sign_second(roles=by.roles, is_first_signer=assessment.signed_by_id == by.pk)
    if isinstance(permitted, rules.OverrideRefused):
        raise Refused(permitted.because)
    assessment.second_sign_off_at, assessment.second_sign_off_by = at, by
    assessment.version += 1
    assessment.save(update_fields=["second_sign_off_at", "second_sign_off_by", "version"])
    audit.record(by=by, did=audit.Did.SIGNED, to=assessment, because="second signature")
    return assessment


@transaction.atomic
def set_edition(center: Center, edition: str, *, by: User, at: datetime) -> None:
    """The edition whose labels this center writes from now on. What was assessed before keeps its own."""
    require_at(by, [center.pk])
    center = Center.objects.select_for_update(of=("self",)).get(pk=center.pk)
    if edition not in Edition.values:
        raise Refused(_("Choose an edition."), field="edition")
    if edition_at(center) == edition:
        return
    EditionInUse.objects.update_or_create(
        center=center, defaults={"edition": edition, "decided_by": by, "decided_at": at}
    )
    audit.record(by=by, did=audit.Did.CHANGED, to=center, because=f"levels of care: edition {edition}")


def decision_of(assessment: LevelOfCareAssessment) -> rules.Decision:
    """The decision again, by the very ruleset it was made with."""
    case = rules.read_case(
        exchange_form(assessment.ratings, assessment.facts, assessment.edition, assessment.result.get("age"))
    )
    return rules.decide(case, rules.ruleset(assessment.ruleset))


def exchange_form(
    ratings: Mapping[str, Mapping[str, Any]], facts: Mapping[str, Any], edition: str, age: int | None
) -> dict[str, Any]:
    """What the rules read: without the rater's words, and without what a person wants."""
    return {
        "edition": edition,
        "age": age,
        "ratings": {
            domain: {"value": given["value"], "need": given.get("need") or None}
            for domain, given in ratings.items()
            if domain in list(rules.Domain) and given.get("value") is not None
        },
        "facts": dict(facts),
    }


def _decide(
    assessment: LevelOfCareAssessment,
    ratings: Mapping[str, Mapping[str, Any]],
    facts: Mapping[str, Any],
    edition: str,
    at: datetime,
) -> None:
    today = assessment.patient.center.day_of(at)
    age = assessment.patient.age_on(today)
    try:
        case = rules.read_case(exchange_form(ratings, facts, edition, age))
    except rules.CaseError as error:
        first = error.problems[0]
        raise Refused(str(first), field=first.field) from error
    table = rules.current(today)
    decision = rules.decide(case, table)
    assessment.edition = edition
    kept = on_record(assessment.patient, at).as_kept()
    assessment.ratings = {
        domain: dict(ratings.get(domain, {})) | ({"evidence": kept[domain]} if domain in kept else {})
        for domain in {**ratings, **kept}
    }
    assessment.facts = dict(facts)
    assessment.ruleset = table.name
    assessment.result = decision.to_dict() | {"age": age}
    decided = decision.status is rules.Status.DECIDED and decision.level is not None
    assessment.recommended = str(decision.level) if decided else ""


def _choose(
    assessment: LevelOfCareAssessment,
    decision: rules.Decision,
    chosen: LevelOfCare | None,
    because: str,
    kind: rules.Kind | None,
    by: User,
) -> None:
    if chosen is None:
        raise Refused(_("Choose a level of care."), field="chosen")
    permitted = rules.may_override(decision, chosen=chosen, roles=by.roles, reason=because, kind=kind)
    if isinstance(permitted, rules.OverrideRefused):
        raise Refused(permitted.because, field=permitted.field)
    assessment.chosen = chosen
    is_another = chosen != assessment.recommended
    assessment.override_because = because.strip() if is_another else ""
    assessment.override_kind = kind.value if is_another and kind else ""
    assessment.needs_second_signature = permitted.needs_second_signature


def _close_emergency(assessment: LevelOfCareAssessment, disposition: str) -> None:
    if len(" ".join(disposition.split())) < SHORTEST_DISPOSITION:
        raise Refused(
            _("Say who evaluated the person and what came of it, in at least %(n)s letters.")
            % {"n": SHORTEST_DISPOSITION},
            field="disposition",
        )
    assessment.disposition = disposition.strip()


def _locked(assessment: LevelOfCareAssessment) -> LevelOfCareAssessment:
    return (
        LevelOfCareAssessment.objects.select_for_update(of=("self",))
        .select_related("patient__center")
        .get(pk=assessment.pk)
    )


def _check_unsigned(assessment: LevelOfCareAssessment) -> None:
    if assessment.entered_in_error_at is not None:
        raise Refused(_("This was marked as entered in error."))
    if assessment.signed_at is not None:
        raise ChangedMeanwhile(
            _("%(name)s has signed this. A signed assessment does not change; make a new one.")
            % {"name": assessment.signed_by}
        )


def _check_version(assessment: LevelOfCareAssessment, version: int) -> None:
    if assessment.version != version:
        raise ChangedMeanwhile(
            _("Somebody else changed this first. Their ratings are shown; yours are below.")
        )
