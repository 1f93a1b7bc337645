"""The one door out. Whatever leaves for somebody outside leaves through ``disclose``.

It asks who may, locks the patient's consents, asks the rules on that day, gathers only what is granted, adds the notice
of 42 CFR 2.32(a) and the scope of the consent (2.32(b)), and writes the log: all in one transaction.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import User
from stepwell.trust.consent import segments as supplies
from stepwell.trust.consent.models import Consent, Disclosure
from stepwell.trust.consent.rules import disclosing as rules
from stepwell.trust.consent.rules.disclosing import (
    FOR,
    SPOKEN,
    Asked,
    Permitted,
    Withheld,
    beyond_usual,
    may_disclose,
)
from stepwell.trust.consent.rules.notices import STATEMENT_1
from stepwell.trust.consent.rules.record import WrittenConsent
from stepwell.trust.consent.rules.vocabulary import LegalBasis, Purpose, RecipientKind, Segment
from stepwell.trust.consent.rules.wording import Section
from stepwell.trust.people.models import Patient


@dataclass(frozen=True)
class Request:
    """What somebody wants to tell, to whom and what for. ``because``: why it takes more than is usual for it."""

    to: str
    kind: RecipientKind
    purpose: Purpose
    segments: frozenset[Segment]
    address: str = ""
    since: date | None = None
    because: str = ""
    basis: LegalBasis = LegalBasis.CONSENT

    @property
    def asked(self) -> Asked:
        return Asked(self.to, self.kind, self.purpose, self.segments, self.basis)

    @property
    def unusual(self) -> frozenset[Segment]:
        return beyond_usual(self.purpose, self.segments)


@dataclass(frozen=True)
class Answer:
    """What may go and under which consent, and what may not and why."""

    segments: frozenset[Segment]
    withheld: tuple[Withheld, ...]
    under: WrittenConsent | None = None
    #: Why nothing may go, where nothing may.
    because: str = ""


@dataclass(frozen=True)
class Document:
    """What goes, whole: nothing is added to it later."""

    patient: Patient
    request: Request
    on: date
    by: str
    discloser: str
    parts: tuple[supplies.Part, ...]
    scope: tuple[Section, ...]
    signed_on: date | None
    notice: str = STATEMENT_1.text

    @property
    def purpose(self) -> str:
        return FOR[self.request.purpose]

    def as_file(self) -> bytes:
        with translation.override("en"), timezone.override(self.patient.center.zone):
            return render_to_string("consent/staff/file.html", {"document": self}).encode()


@dataclass(frozen=True)
class Sent:
    document: Document
    file: bytes
    disclosure: Disclosure


class SharedAlready(Refused):
    """The button was pressed twice. It went once."""


def answer(patient: Patient, request: Request, *, by: User, at: datetime, kept: bool = False) -> Answer:
    """What may go now. Asking changes nothing; what is not granted leaves a trace, unless it is ``kept`` already."""
    require(by, Permission.DISCLOSE, patient)
    found = _answer(list(_consents(patient)), patient, request, by=by, at=at)
    if (found.withheld or found.because) and not kept:
        _record_refusal(patient, request, by=by)
    return found


def preview(patient: Patient, request: Request, found: Answer, *, by: User, at: datetime) -> Document:
    """How it would look, with only what may go in it."""
    require(by, Permission.DISCLOSE, patient)
    assert found.under is not None
    return _document(patient, replace(request, segments=found.segments), found.under, by=by, at=at)


def disclose(
    patient: Patient, request: Request, *, how: Disclosure.How, key: UUID, by: User, at: datetime
) -> Sent:
    """Tell somebody outside exactly this. ``key`` is that of the log line: the same one is never used twice.

    Raises Refused, with a sentence for each part, when any of it may not go; that it was asked is kept.
    """
    require(by, Permission.DISCLOSE, patient)
    _not_twice(key)
    try:
        return _disclose(patient, request, how=how, key=key, by=by, at=at)
    except SharedAlready:
        raise
    except Refused:
        _record_refusal(patient, request, by=by)
        raise


def _not_twice(key: UUID) -> None:
    if Disclosure.objects.filter(pk=key).exists():
        raise SharedAlready("This was shared already. It is in the log.")


@transaction.atomic
def _disclose(
    patient: Patient, request: Request, *, how: Disclosure.How, key: UUID, by: User, at: datetime
) -> Sent:
    # Held until this commits: an ending of one of them comes before, and is seen, or after, and finds this in the log.
    consents = list(_consents(patient).select_for_update(of=("self",)))
    _not_twice(key)
    found = _answer(consents, patient, request, by=by, at=at)
    if found.under is None:
        raise Refused(found.because)
    if found.withheld:
        raise Refused(" ".join(each.because for each in found.withheld), field="segments")
    if request.unusual and not request.because.strip():
        raise Refused(_why_more(request), field="because")
    document = _document(patient, request, found.under, by=by, at=at)
    file = document.as_file()
    disclosure = Disclosure.objects.create(
        id=key,
        patient=patient,
        consent_id=UUID(found.under.key),
        basis=request.basis,
        disclosed_at=at,
        disclosed_by=by,
        to_name=request.to,
        to_kind=request.kind,
        to_address=request.address,
        purpose=request.purpose,
        segments=[segment.value for segment in Segment if segment in request.segments],
        since=request.since,
        description=described(request),
        needed_because=request.because.strip(),
        statement_version=STATEMENT_1.version,
        how=how,
        size=len(file),
        sha256=sha256(file).hexdigest(),
    )
    asked = in_our_words(request)
    audit.record(by=by, did=audit.Did.DISCLOSED, to=disclosure, because=f"{asked}")
    return Sent(document, file, disclosure)


def described(request: Request) -> str:
    """The brief description of the log (45 CFR 164.528(b)(2)(iii) [K])."""
    told = ", ".join(SPOKEN[segment] for segment in Segment if segment in request.segments)
    return f"{told}, since {request.since:%Y-%m-%d}" if request.since else told


def _why_more(request: Request) -> str:
    parts = ", ".join(SPOKEN[segment] for segment in Segment if segment in request.unusual)
    return f"Say why {FOR[request.purpose]} needs {parts}. Only what is needed may go."


def _consents(patient: Patient):  # type: ignore[no-untyped-def]
    return Consent.objects.filter(patient=patient).select_related("patient__center").order_by("pk")


def _answer(consents: list[Consent], patient: Patient, request: Request, *, by: User, at: datetime) -> Answer:
    day = patient.center.day_of(at)
    ruling = may_disclose([_as_of(consent, day) for consent in consents], request.asked, on=day)
    if isinstance(ruling, rules.Refused):
        return Answer(frozenset(), (), because=ruling.because)
    return _only_what_is_there_and_seen(ruling, patient, by)


def _as_of(consent: Consent, day: date) -> WrittenConsent:
    """What has been ended is ended, even when midnight came between the asking and the lock."""
    written = consent.written
    if written.revoked_on is not None and written.revoked_on > day:
        return replace(written, revoked_on=day)
    return written


def _only_what_is_there_and_seen(ruling: Permitted, patient: Patient, by: User) -> Answer:
    """Of what is granted: the parts that a room here keeps, and that whoever discloses may see."""
    withheld = list(ruling.withheld)
    going = set(ruling.segments)
    for segment in sorted(ruling.segments, key=list(Segment).index):
        supply = supplies.supply_of(segment)
        if supply is None:
            because = (
                f"Stepwell keeps no {SPOKEN[segment].removeprefix('the ')} yet, so none can go from here."
            )
        elif not may(by, supply.seen_with, patient):
            because = f"You may not see {SPOKEN[segment]} yourself. Ask somebody who may."
        else:
            continue
        going.discard(segment)
        withheld.append(Withheld(segment, because))
    if not going:
        return Answer(frozenset(), (), because=" ".join(each.because for each in withheld))
    return Answer(frozenset(going), tuple(withheld), under=ruling.under)


def _document(
    patient: Patient, request: Request, under: WrittenConsent, *, by: User, at: datetime
) -> Document:
    consent = Consent.objects.select_related("patient__center").get(pk=under.key)
    looking = supplies.Looking(patient, by, request.since)
    with translation.override("en"), timezone.override(patient.center.zone):
        parts = supplies.gathered(request.segments, looking)
    scope = [each for each in consent.retold_in("en").sections if each.key in _SCOPE]
    return Document(
        patient=patient,
        request=request,
        on=patient.center.day_of(at),
        by=by.name,
        discloser=consent.discloser,
        parts=parts,
        scope=tuple(scope),
        signed_on=consent.signed_on,
    )


#: What of a consent explains its scope (2.32(b) [V]): what, with whom, why, until when.
_SCOPE = ("what", "whom", "why", "until")


def _record_refusal(patient: Patient, request: Request, *, by: User) -> None:
    asked = in_our_words(request)
    audit.record(by=by, did=audit.Did.WAS_REFUSED, to=patient, because=f"disclosure of {asked}")


def in_our_words(request: Request) -> str:
    """For the event log, which holds no name that somebody typed: what, what for, and to what kind of recipient."""
    to = request.kind.value.replace("_", " ")
    return f"{described(request)}, for {FOR[request.purpose]}, to: {to}"
