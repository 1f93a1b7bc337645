"""Written consents with their signature and their end; and the log of everything that was disclosed."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepwell.ground.kit import clock, phones
from stepwell.trust.access import Permission, VisibleTo
from stepwell.trust.accounts.models import User
from stepwell.trust.consent.rules import record
from stepwell.trust.consent.rules.life_cycle import Status
from stepwell.trust.consent.rules.vocabulary import (
    Expiry,
    LegalBasis,
    Purpose,
    RecipientKind,
    Segment,
    Signer,
)
from stepwell.trust.consent.rules.wording import LANGUAGES, Place, Wording, compose
from stepwell.trust.organizations.models import OfOrganization
from stepwell.trust.people.documents import Document
from stepwell.trust.people.frozen import LETS_CHANGE_HANDS, frozen
from stepwell.trust.people.models import ClinicalQuerySet, ClinicalRecord, Patient


class ConsentQuerySet(ClinicalQuerySet):
    seen_with = Permission.SEE_CONSENTS

    def waiting(self) -> Self:
        """Prepared, and neither signed nor declined nor taken back."""
        return self.in_force().filter(signed_at=None, declined_at=None, withdrawn_at=None)

    def signed(self) -> Self:
        return self.filter(signed_at__isnull=False)


def _whole(*fields: str, empty: dict[str, Any] | None = None) -> Q:
    """All of these are there, or none."""
    nothing, everything = Q(), Q()
    for field in fields:
        nothing &= Q(**{field: None})
        everything &= Q(**{f"{field}__isnull": False})
    for field, value in (empty or {}).items():
        nothing &= Q(**{field: value})
        everything &= ~Q(**{field: value})
    return nothing | everything


@pghistory.track()
class Consent(ClinicalRecord):
    """One written consent: prepared, read, then signed or declined; and, once signed, perhaps ended.

    From the signature on nothing that was signed changes. ``wording`` is exactly what was read.
    """

    class How(models.TextChoices):
        """Where the signature was given."""

        OWN_PHONE = "own_phone", _("On their own phone")
        TABLET = "tablet", _("Here, on our screen")
        PAPER = "paper", _("On paper")

    class Ending(models.TextChoices):
        """How the patient ended it."""

        ONLINE = "online", _("On their phone")
        WRITTEN = "written", _("In writing")
        SPOKEN = "spoken", _("By saying so")

    # What it says.
    discloser = models.CharField(max_length=200)
    recipient_kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in RecipientKind])
    recipients = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    recipient_address = models.CharField(max_length=300, blank=True)
    names_a_class = models.BooleanField(default=False)
    participants = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    any_participant = models.BooleanField(default=False)
    segments = ArrayField(models.CharField(max_length=20, choices=[(s.value, s.value) for s in Segment]))
    detail = models.CharField(max_length=500, blank=True)
    purposes = ArrayField(models.CharField(max_length=24, choices=[(p.value, p.value) for p in Purpose]))
    expiry = models.CharField(max_length=20, choices=[(e.value, e.value) for e in Expiry], blank=True)
    expires_on = models.DateField(null=True, blank=True)
    expires_event = models.CharField(max_length=200, blank=True)
    condition = models.CharField(max_length=300, blank=True)
    revocable_from = models.DateField(null=True, blank=True)
    revocable_event = models.CharField(max_length=200, blank=True)

    # The signature, and what was read.
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    #: Who pressed the button: the patient, or whoever recorded the paper.
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_how = models.CharField(max_length=10, choices=How.choices, blank=True)
    signed_from = models.GenericIPAddressField(null=True, blank=True)
    signature_name = models.CharField(max_length=200, blank=True)
    signer = models.CharField(max_length=16, choices=[(s.value, s.value) for s in Signer], blank=True)
    signer_authority = models.CharField(max_length=200, blank=True)
    wording = models.JSONField(null=True, blank=True)
    wording_fingerprint = models.CharField(max_length=64, blank=True)
    #: The scan of the paper. It is added after the signature, and may be a better one later.
    scan = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="consents"
    )

    # What else may become of it.
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    event_on = models.DateField(null=True, blank=True)
    event_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_how = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    revoked_words = models.CharField(max_length=500, blank=True)

    objects = ConsentQuerySet.as_manager()

    #: Known to be untrue (2.31(c)(4) [V]): struck out, and nothing more may be told under it.
    struck_out_with = Permission.PREPARE_CONSENT

    class Meta(ClinicalRecord.Meta):
        ordering: ClassVar = ["recorded_at"]
        constraints: ClassVar = [
            *ClinicalRecord.Meta.constraints,
            # 42 CFR 2.31(b)(2): counseling notes with nothing else.
            models.CheckConstraint(
                name="consent_counseling_notes_alone",
                condition=~Q(segments__contains=[Segment.COUNSELING_NOTES.value]) | Q(segments__len=1),
            ),
            models.CheckConstraint(
                name="consent_scan_is_of_a_paper", condition=Q(scan=None) | Q(signed_how="paper")
            ),
            # 42 CFR 2.31(d): a legal proceeding with no other purpose.
            models.CheckConstraint(
                name="consent_legal_proceeding_alone",
                condition=~Q(purposes__contains=[Purpose.LEGAL_PROCEEDING.value]) | Q(purposes__len=1),
            ),
            models.CheckConstraint(
                name="consent_says_what_to_whom_and_why",
                condition=Q(segments__len__gt=0, purposes__len__gt=0)
                & (Q(recipients__len__gt=0) | Q(names_a_class=True))
                & ~Q(discloser=""),
            ),
            models.CheckConstraint(
                name="consent_says_until_when",
                condition=Q(expiry="on_date", expires_on__isnull=False)
                | (Q(expiry="event") & ~Q(expires_event=""))
                | Q(expiry__in=["end_of_treatment", "end_of_study", "none"]),
            ),
            models.CheckConstraint(
                name="consent_signature_whole",
                condition=_whole(
                    "signed_at",
                    "signed_on",
                    "signed_by",
                    "wording",
                    empty={"signed_how": "", "signature_name": "", "signer": "", "wording_fingerprint": ""},
                ),
            ),
            models.CheckConstraint(
                name="consent_signer_has_authority",
                condition=Q(signer__in=["", "patient"]) | ~Q(signer_authority=""),
            ),
            models.CheckConstraint(
                name="consent_revocation_whole",
                condition=_whole("revoked_at", "revoked_by", empty={"revoked_how": ""}),
            ),
            models.CheckConstraint(
                name="consent_declined_whole", condition=_whole("declined_at", "declined_by")
            ),
            models.CheckConstraint(
                name="consent_withdrawn_whole", condition=_whole("withdrawn_at", "withdrawn_by")
            ),
            models.CheckConstraint(name="consent_event_whole", condition=_whole("event_on", "event_by")),
            models.CheckConstraint(
                name="consent_ends_one_way",
                condition=Q(signed_at__isnull=False, declined_at=None, withdrawn_at=None)
                | Q(signed_at=None, revoked_at=None, declined_at=None)
                | Q(signed_at=None, revoked_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="consent_for_a_court_says_from_when",
                condition=~Q(recipient_kind="criminal_justice")
                | (~Q(condition="") & (Q(revocable_from__isnull=False) | ~Q(revocable_event=""))),
            ),
        ]
        triggers: ClassVar = [
            frozen(
                "signed_consent_stays",
                "patient_id",
                "discloser",
                "recipient_kind",
                "recipients",
                "recipient_address",
                "names_a_class",
                "participants",
                "any_participant",
                "segments",
                "detail",
                "purposes",
                "expiry",
                "expires_on",
                "expires_event",
                "condition",
                "revocable_event",
                "signed_at",
                "signed_on",
                "signed_by_id",
                "signed_how",
                "signed_from",
                "signature_name",
                "signer",
                "signer_authority",
                "wording",
                "wording_fingerprint",
                "declined_at",
                "withdrawn_at",
                once="OLD.signed_at IS NOT NULL",
            ),
            frozen(
                "ended_consent_stays",
                "revoked_at",
                "revoked_by_id",
                "revoked_how",
                "revoked_words",
                once="OLD.revoked_at IS NOT NULL",
            ),
            frozen(
                "unsigned_consent_stays_so",
                "signed_at",
                "declined_at",
                "withdrawn_at",
                once="OLD.declined_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL",
            ),
            frozen("event_of_consent_stays", "event_on", "event_by_id", once="OLD.event_on IS NOT NULL"),
            frozen(
                "end_of_binding_stays",
                "revocable_from",
                once="OLD.signed_at IS NOT NULL AND OLD.revocable_from IS NOT NULL",
            ),
        ]

    def __str__(self) -> str:
        return f"Consent of {self.patient}: {self.to}"

    @property
    def kind(self) -> RecipientKind:
        return RecipientKind(self.recipient_kind)

    @property
    def to(self) -> str:
        """The recipients on one line."""
        return ", ".join(self.recipients) or str(_("All who treat, pay for or help with care"))

    @property
    def segments_in_order(self) -> list[Segment]:
        return [segment for segment in Segment if segment in self.segments]

    @property
    def purposes_in_order(self) -> list[Purpose]:
        return [purpose for purpose in Purpose if purpose in self.purposes]

    @property
    def status(self) -> Status:
        if self.revoked_at is not None:
            return Status.REVOKED
        if self.signed_at is not None:
            return Status.SIGNED
        if self.declined_at is not None:
            return Status.DECLINED
        return Status.WITHDRAWN if self.withdrawn_at is not None else Status.WAITING

    @property
    def is_waiting(self) -> bool:
        return self.status is Status.WAITING and self.entered_in_error_at is None

    @property
    def zone(self) -> ZoneInfo:
        return self.patient.center.zone

    @property
    def today(self) -> date:
        return clock.today(self.patient.center.time_zone)

    @property
    def written(self) -> record.WrittenConsent:
        """This consent as its rules see it; its text as it was signed, or as it would be read today."""
        facts = self._facts()
        said = self.signed_wording or compose(facts, self.place, LANGUAGES[0])
        return self._facts(said.statements)

    def _facts(self, statements: frozenset[str] = frozenset()) -> record.WrittenConsent:
        signature = (
            record.Signature(self.signature_name, Signer(self.signer), self.signer_authority)
            if self.signed_at
            else None
        )
        return record.WrittenConsent(
            key=str(self.pk),
            patient=self.patient.name,
            discloser=self.discloser,
            segments=frozenset(map(Segment, self.segments)),
            recipient_kind=self.kind,
            recipients=tuple(self.recipients),
            purposes=frozenset(map(Purpose, self.purposes)),
            expiry=Expiry(self.expiry) if self.expiry else None,
            detail=self.detail,
            names_a_class=self.names_a_class,
            participants=tuple(self.participants),
            any_participant=self.any_participant,
            expires_on=self.expires_on,
            expires_event=self.expires_event,
            event_on=self.event_on,
            condition=self.condition,
            revocable_from=self.revocable_from,
            revocable_event=self.revocable_event,
            signature=signature,
            signed_on=self.signed_on,
            revoked_on=self.revoked_at.astimezone(self.zone).date() if self.revoked_at else None,
            known_false=self.entered_in_error_at is not None,
            statements=statements,
        )

    @property
    def place(self) -> Place:
        """Where to write or call to end it."""
        center = self.patient.center
        where = ", ".join(
            filter(None, (center.street, center.city, f"{center.state} {center.postal_code}".strip()))
        )
        return Place(center.name, where, phones.as_printed(center.phone))

    @property
    def signed_wording(self) -> Wording | None:
        return Wording.restored(self.wording) if self.wording else None

    def wording_in(self, language: str, segments: frozenset[Segment] | None = None) -> Wording:
        """What is read: as it was signed; before that, in that language, and only the parts that are chosen."""
        if self.signed_wording is not None:
            return self.signed_wording
        facts = self._facts()
        if segments is not None:
            facts = replace(facts, segments=segments)
        return compose(facts, self.place, language)

    def retold_in(self, language: str) -> Wording:
        """The same text in another language, in the words of the version that was signed."""
        if self.signed_wording is None:
            return self.wording_in(language)
        return compose(self._facts(), self.place, language, self.signed_wording.version)

    @property
    def holds_today(self) -> bool:
        return self.written.in_force_on(self.today)

    @property
    def has_run_out(self) -> bool:
        return self.signed_at is not None and self.written.has_expired_on(self.today)

    @property
    def may_be_ended_today(self) -> bool:
        return record.revocable_on(self.written, self.today)

    @property
    def awaits_event(self) -> bool:
        """Whether something that it names is to be recorded when it comes."""
        by_event = self.expiry in (Expiry.EVENT, Expiry.END_OF_TREATMENT, Expiry.END_OF_STUDY)
        return self.status is Status.SIGNED and by_event and self.event_on is None

    @property
    def awaits_end_of_binding(self) -> bool:
        return self.status is Status.SIGNED and bool(self.revocable_event) and self.revocable_from is None


class DisclosureQuerySet(VisibleTo):
    seen_with = Permission.SEE_CONSENTS


@pghistory.track()
class Disclosure(OfOrganization):
    """Something was told to somebody outside. Written once, never changed: the log that the patient may ask for.

    Holds what 42 CFR 2.25 and 45 CFR 164.528(b) ask of an accounting: date, recipient and address, brief description,
    purpose; and the consent, the statement that went with it, and the size and SHA-256 of what was sent.
    """

    class How(models.TextChoices):
        PRINTED = "printed", _("Printed")
        DOWNLOADED = "downloaded", _("Taken as a file")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="disclosures")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="disclosures")
    basis = models.CharField(
        max_length=24, choices=[(b.value, b.value) for b in LegalBasis], default=LegalBasis.CONSENT.value
    )
    disclosed_at = models.DateTimeField(default=clock.now)
    disclosed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to_name = models.CharField(max_length=200)
    to_kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in RecipientKind])
    to_address = models.CharField(max_length=300, blank=True)
    purpose = models.CharField(max_length=24, choices=[(p.value, p.value) for p in Purpose])
    segments = ArrayField(models.CharField(max_length=20, choices=[(s.value, s.value) for s in Segment]))
    since = models.DateField(null=True, blank=True)
    description = models.CharField(max_length=500)
    needed_because = models.CharField(max_length=300, blank=True)
    statement_version = models.CharField(max_length=60)
    how = models.CharField(max_length=12, choices=How.choices)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-disclosed_at"]
        indexes: ClassVar = [models.Index(fields=["patient", "-disclosed_at"], name="disclosure_patient_at")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="disclosure_says_what_to_whom",
                condition=Q(segments__len__gt=0, size__gt=0)
                & ~Q(to_name="")
                & ~Q(description="")
                & ~Q(statement_version="")
                & ~Q(sha256=""),
            ),
            models.CheckConstraint(name="disclosure_under_consent", condition=Q(basis="consent")),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="disclosure_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                # It goes over with its patient when two records turn out to be of one person, and in no other way.
                func=(
                    f"{LETS_CHANGE_HANDS} RAISE EXCEPTION 'what was disclosed stays as it was'"
                    " USING ERRCODE = 'check_violation';"
                ),
            ),
            # Whoever writes here, and by whatever way: under a signed consent of that patient that was not ended and
            # had not run out that day at the center, to somebody it names, for a purpose and for parts that it grants.
            # A name is compared by its plain letters; where one has others that plain ones stand for, the rules decide.
            pgtrigger.Trigger(
                name="disclosure_is_granted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM consent_consent c
                        JOIN people_patient p ON p.id = c.patient_id
                        JOIN organizations_center z ON z.id = p.center_id
                        CROSS JOIN LATERAL (SELECT (NEW.disclosed_at AT TIME ZONE z.time_zone)::date AS day) AS told
                        WHERE c.id = NEW.consent_id AND c.patient_id = NEW.patient_id
                          AND c.signed_at IS NOT NULL AND c.revoked_at IS NULL AND c.entered_in_error_at IS NULL
                          AND NEW.segments <@ c.segments AND NEW.purpose = ANY (c.purposes)
                          AND (c.expires_on IS NULL OR c.expires_on >= told.day)
                          AND (c.event_on IS NULL OR c.event_on > told.day)
                          AND (c.names_a_class OR NEW.to_kind = c.recipient_kind AND EXISTS (
                              SELECT FROM unnest(c.recipients) AS named
                              WHERE lower(regexp_replace(named, '[^!-~]', '', 'g') COLLATE "C")
                                  = lower(regexp_replace(NEW.to_name, '[^!-~]', '', 'g') COLLATE "C")
                                 OR named || NEW.to_name
                                  ~ '[\\u00df\\u0130\\u0149\\u017f\\u01f0\\u1e96-\\u1e9a\\u1e9e\\u212a\\ufb00-\\ufb06]'
                          ))
                    ) THEN
                        RAISE EXCEPTION 'no consent grants this disclosure' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disclosed_at:%Y-%m-%d} to {self.to_name}"

    @property
    def segments_in_order(self) -> list[Segment]:
        return [segment for segment in Segment if segment in self.segments]


def recipients_told_under(consent: Consent) -> list[tuple[str, str, datetime]]:
    """Who was told something under this consent, where they are, and when last: whom to tell that it has ended."""
    last: dict[tuple[str, str], datetime] = {}
    for told in consent.disclosures.order_by("disclosed_at"):  # type: ignore[attr-defined]
        last[told.to_name, told.to_address] = told.disclosed_at
    return [(name, address, at) for (name, address), at in last.items()]
