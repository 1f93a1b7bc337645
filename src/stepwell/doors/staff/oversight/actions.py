"""Looking over what was looked at, and saying what came of a finding."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.doors.staff.oversight import facts
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.audit.models import AuditEvent, Finding, FindingReview, LookedOver
from stepwell.trust.audit.rules import unusual as rules
from stepwell.trust.organizations.models import Center
from stepwell.trust.people.models import Patient, stands_for

#: How far back the first look goes, in an organization that was never looked over.
FIRST = timedelta(days=30)
#: What was committed late is seen by the next look over.
OVERLAP = timedelta(minutes=15)


@transaction.atomic
def look_over(*, at: datetime) -> int:
    """Look over what was done since the last time, and keep what is unusual; how many findings are new.

    It may run any number of times, and twice at once: a finding is kept once a day.
    """
    center = Center.objects.order_by("slug").first()
    if center is None:
        return 0
    zone = center.zone
    last = LookedOver.objects.order_by("-at").first()
    since = max(last.at - OVERLAP, at - FIRST) if last else at - FIRST
    if last is not None and not AuditEvent.objects.filter(at__gte=last.at).exists():
        return 0
    # Days are weighed whole, from their first minute on.
    morning = datetime.combine(since.astimezone(zone).date(), time(), zone)
    found = _found(morning, at + OVERLAP, zone)
    before = set(
        Finding.objects.filter(on__gte=morning.date() - timedelta(days=1)).values_list(
            "rule", "reader_id", "patient_id", "on"
        )
    )
    new = [one for one in found if (one.rule, one.reader_id, one.patient_id, one.on) not in before]
    Finding.objects.bulk_create(new, ignore_conflicts=True)
    LookedOver.objects.create(at=at)
    return len(new)


def _found(since: datetime, until: datetime, zone: ZoneInfo) -> list[Finding]:
    found: list[Finding] = []
    first: dict[tuple[UUID, date], datetime] = {}
    for look in facts.looks_between(since, until, zone):
        first.setdefault((look.reader_id, look.on), look.facts.first_at)
        found += [
            _finding(one, look.reader_id, look.reader_name, look.patient_id, look.facts.first_at)
            for one in rules.findings(look.facts)
        ]
    for day in facts.days_between(since, until, zone, {reader for reader, _on in first}):
        for one in rules.findings_of_day(day.facts):
            began = first.get((day.reader_id, day.on)) or datetime.combine(day.on, time(), zone)
            found.append(_finding(one, day.reader_id, day.reader_name, None, began))
    return found


def _finding(
    one: rules.Finding, reader_id: UUID, reader_name: str, patient_id: UUID | None, first_at: datetime
) -> Finding:
    return Finding(
        rule=one.rule,
        weight=one.weight,
        because=one.because,
        reader_id=reader_id,
        reader_name=reader_name,
        patient_id=patient_id,
        on=first_at.date(),
        first_at=first_at,
    )


@transaction.atomic
def review(
    finding: Finding, *, outcome: FindingReview.Outcome, words: str, by: User, at: datetime
) -> FindingReview:
    """Say what was asked, or what came of it. Every step is kept; a settled finding can be taken up again.

    Raises Refused for the one who looked, and without words.
    """
    whose = finding.patient_id and stands_for().get(finding.patient_id, finding.patient_id)
    patient = Patient.objects.filter(pk=whose).first() if whose else None
    require(by, Permission.SEE_AUDIT, patient)
    if finding.reader_id == by.pk:
        raise Refused(_("This is about your own looking. Somebody else reviews it."))
    if not words.strip():
        raise Refused(_("Say what was asked, or what came of it."), field="words")
    last = finding.reviews.order_by("step").last()
    if last and (last.outcome, last.words, last.by_id) == (outcome, words.strip(), by.pk):
        return last  # A second click.
    try:
        with transaction.atomic():
            made = FindingReview.objects.create(
                finding=finding,
                step=last.step + 1 if last else 1,
                outcome=outcome,
                words=words.strip(),
                at=at,
                by_id=by.pk,
                by_name=by.name,
                reader_id=finding.reader_id,
            )
    except IntegrityError as taken:
        raise Refused(_("Somebody answered in the same moment. Look at what they said.")) from taken
    audit.record(
        by=by,
        did=audit.Did.REVIEWED,
        to=finding,
        patient=finding.patient_id,
        purpose=audit.Purpose.COMPLIANCE,
        because="unusual looking",
    )
    return made
