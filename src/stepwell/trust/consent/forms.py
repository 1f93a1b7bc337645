"""What the staff type: a consent to prepare, a signature, an ending, and what is to be disclosed."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from stepwell.ground.web.widgets import DateInput, TileChecks, Tiles
from stepwell.trust.consent import words
from stepwell.trust.consent.actions import NotWhole, Terms
from stepwell.trust.consent.disclosing import Request
from stepwell.trust.consent.kinds import BASES, EXPIRIES, KINDS, SIGNERS
from stepwell.trust.consent.models import Consent
from stepwell.trust.consent.my_forms import OwnSignatureForm, one_on_a_line
from stepwell.trust.consent.rules.disclosing import FOR
from stepwell.trust.consent.rules.vocabulary import (
    Expiry,
    LegalBasis,
    Purpose,
    RecipientKind,
    Segment,
    Signer,
)
from stepwell.trust.consent.standing import Known
from stepwell.trust.people.documents import Document

MOST_NAMES = 10


class Names(forms.CharField):
    """Several names, one on a line."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), **more)

    def clean(self, value: Any) -> tuple[str, ...]:
        names = one_on_a_line(super().clean(value))
        if len(names) > MOST_NAMES or any(len(name) > 200 for name in names):
            raise forms.ValidationError(_("Write at most ten names, each on a line of its own."))
        return names


class ConsentForm(forms.Form):
    """A consent for one kind of recipient, with sensible beginnings. What it lacks is told by the rules, not here."""

    recipients = Names()
    names_a_class = forms.BooleanField(
        required=False,
        label=_("All who treat, pay for, or help to operate: one consent for all of it"),
    )
    is_intermediary = forms.BooleanField(
        required=False,
        label=_("It is no treatment program under Part 2, no covered entity and no business associate"),
    )
    recipient_address = forms.CharField(
        required=False, max_length=300, label=_("Their address, phone or fax, if you know it")
    )
    participants = Names()
    any_participant = forms.BooleanField(required=False)
    segments = forms.MultipleChoiceField(
        required=False, label=_("What they may share"), widget=TileChecks, choices=()
    )
    detail = forms.CharField(
        required=False,
        max_length=500,
        label=_("More about what may be shared"),
        help_text=_("In plain words, in the language the patient reads. It stands in the text."),
    )
    purposes = forms.MultipleChoiceField(required=False, label=_("Why"), widget=TileChecks, choices=())
    expiry = forms.ChoiceField(label=_("Until when"), widget=Tiles, choices=())
    expires_on = forms.DateField(
        required=False, label=_("The last day"), help_text=_("That day counts."), widget=DateInput
    )
    expires_event = forms.CharField(
        required=False,
        max_length=200,
        label=_("What it ends with"),
        help_text=_("Only when it ends with something that comes: the last day of the housing program."),
    )
    condition = forms.CharField(
        required=False,
        max_length=300,
        label=_("What the patient must take part in, and by whose order"),
        help_text=_("It stands in the text: probation in case 26-CR-104."),
    )
    revocable_from = forms.DateField(
        required=False,
        label=_("The patient may end it from this day on"),
        help_text=_("No later than the final disposition of the case, parole or release."),
        widget=DateInput,
    )
    revocable_event = forms.CharField(
        required=False,
        max_length=200,
        label=_("Or after this has come"),
        help_text=_("The end of probation."),
    )

    #: What no consent of that kind is without.
    RULED = ("recipients", "segments", "purposes", "condition", "is_intermediary")
    ALWAYS = (
        "recipients",
        "recipient_address",
        "segments",
        "detail",
        "purposes",
        "expiry",
        "expires_on",
        "expires_event",
    )

    def __init__(self, kind: RecipientKind, data: Any = None, *, today: date) -> None:
        about = KINDS[kind]
        beginning = {
            "segments": [segment.value for segment in about.segments],
            "purposes": [about.purposes[0].value],
            "expiry": about.expiries[0].value,
            "expires_on": today + timedelta(days=about.days),
        }
        super().__init__(data, initial=beginning)
        self.kind = kind
        self.fields["recipients"].label = str(about.recipients)
        self._choices("segments", [(s.value, words.segment(s)) for s in Segment])
        self._choices("purposes", [(p.value, words.purpose(p)) for p in about.purposes])
        self._choices("expiry", [(e.value, EXPIRIES[e]) for e in about.expiries])
        if kind is RecipientKind.INTERMEDIARY:
            self.fields["participants"].label = _("Its members by name. One on a line.")
            self.fields["any_participant"].label = _("Only those of its members who treat the patient")
        else:
            self.fields["participants"].label = _("The programs it asks, by name. One on a line.")
            self.fields["any_participant"].label = _("Any program within 200 miles")
        for name in set(self.fields) - {*self.ALWAYS, *about.extra}:
            del self.fields[name]
        for name in {*self.RULED} & {*self.fields} - (
            {"recipients"} if "names_a_class" in self.fields else set()
        ):
            self.fields[name].required = True
        self.order_fields(["recipients", *about.extra, *self.ALWAYS])

    def full_clean(self) -> None:
        # Asked for on the page; what is missing is said by the rules, everything at once.
        asked_for = [field for name, field in self.fields.items() if name in self.RULED and field.required]
        for field in asked_for:
            field.required = False
        super().full_clean()
        for field in asked_for:
            field.required = True

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "is_intermediary" in self.fields and not given.get("is_intermediary"):
            self.add_error(
                "is_intermediary",
                _("Check this first. If it is one of these, choose that kind of recipient in its place."),
            )
        return given

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(
            recipient_kind=self.kind,
            recipients=given["recipients"],
            recipient_address=given["recipient_address"],
            segments=frozenset(map(Segment, given["segments"])),
            purposes=frozenset(map(Purpose, given["purposes"])),
            expiry=Expiry(given["expiry"]),
            expires_on=given["expires_on"],
            expires_event=given["expires_event"],
            detail=given["detail"],
            names_a_class=given.get("names_a_class", False),
            participants=given.get("participants", ()),
            any_participant=given.get("any_participant", False),
            condition=given.get("condition", ""),
            revocable_from=given.get("revocable_from"),
            revocable_event=given.get("revocable_event", ""),
        )

    def tell(self, lacking: NotWhole) -> None:
        """Each sentence beside its field."""
        for field, sentence in lacking.sentences:
            self.add_error(field if field in self.fields else None, sentence)


class SignatureForm(OwnSignatureForm):
    """A signature that was given here: on our screen now, or on paper."""

    field_order = ("how", "name", "signer", "authority", "on")

    how = forms.ChoiceField(
        label=_("Where was it signed?"),
        widget=Tiles,
        choices=[(how.value, how.label) for how in (Consent.How.TABLET, Consent.How.PAPER)],
        error_messages={"required": _("Say where it was signed.")},
    )
    signer = forms.ChoiceField(
        label=_("Who signs?"),
        widget=Tiles,
        choices=[(signer.value, label) for signer, label in SIGNERS.items()],
        initial=Signer.PATIENT.value,
    )
    authority = forms.CharField(
        required=False,
        max_length=200,
        label=_("Why they may sign for the patient"),
        help_text=_("Mother of a minor; guardian by court order; executor."),
    )
    on = forms.DateField(
        required=False,
        label=_("Day on the paper"),
        help_text=_("Only for paper. On our screen it is today."),
        widget=DateInput,
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["name"].label = _("Name of whoever signs, as they write it")
        self.fields["name"].error_messages["required"] = _("Write the name of whoever signs.")  # type: ignore[assignment]
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("how") == Consent.How.PAPER and "on" not in self.errors and not given.get("on"):
            self.add_error("on", _("Write the day that stands on the paper."))
        if given.get("signer") != Signer.PATIENT and not given.get("authority", "").strip():
            self.add_error("authority", _("Say why this person may sign for the patient."))
        return given


class RevocationForm(forms.Form):
    how = forms.ChoiceField(
        label=_("How did the patient end it?"),
        widget=Tiles,
        choices=[(how.value, how.label) for how in (Consent.Ending.SPOKEN, Consent.Ending.WRITTEN)],
        error_messages={"required": _("Say how the patient ended it.")},
    )
    said = forms.CharField(
        required=False,
        max_length=500,
        label=_("What they said or wrote"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DayForm(forms.Form):
    """The day on which something came."""

    on = forms.DateField(
        label=_("The day it came"),
        widget=DateInput,
        error_messages={"required": _("Write the day."), "invalid": _("Write the day as a date.")},
    )


class ScanField(forms.ModelChoiceField):
    """A scan by its name and the day on which it was added."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {date_format(obj.recorded_at, 'M j, Y')}"


class ScanForm(forms.Form):
    """Which scan is the paper that was signed."""

    scan = ScanField(
        Document.objects.none(),
        label=_("Which scan is this paper?"),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose a scan."),
            "invalid_choice": _("Choose a signed paper of this person."),
        },
    )

    def __init__(self, *args: Any, scans: QuerySet[Document], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["scan"]
        assert isinstance(field, ScanField)
        field.queryset = scans


SOMEBODY_ELSE = "else"


class DisclosureForm(forms.Form):
    """Whom to tell what, and what for."""

    to = forms.ChoiceField(
        label=_("To whom"), widget=Tiles, choices=(), error_messages={"required": _("Choose whom to tell.")}
    )
    else_name = forms.CharField(required=False, max_length=200, label=_("Name of somebody else"))
    else_kind = forms.ChoiceField(
        required=False,
        label=_("Who they are"),
        choices=[("", "–"), *((kind.value, about.label) for kind, about in KINDS.items())],
    )
    address = forms.CharField(
        required=False,
        max_length=300,
        label=_("Their address, phone or fax, if you know it"),
        help_text=_("It goes into the log."),
    )
    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=[("", "–"), *((purpose.value, FOR[purpose].capitalize()) for purpose in Purpose)],
        error_messages={"required": _("Choose what it is for.")},
    )
    segments = forms.MultipleChoiceField(
        label=_("What to share"),
        widget=TileChecks,
        choices=[(s.value, label) for s, label in words.SHORT.items()],
        help_text=_("Only what they need for it."),
        error_messages={"required": _("Choose what to share.")},
    )
    since = forms.DateField(
        required=False,
        label=_("From which day on"),
        help_text=_("Empty: all there is."),
        widget=DateInput,
    )
    basis = forms.ChoiceField(
        label=_("On what ground"),
        choices=[(basis.value, label) for basis, label in BASES.items()],
        initial=LegalBasis.CONSENT.value,
    )
    because = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, known: Sequence[Known], today: date) -> None:
        super().__init__(data, initial={"since": today - timedelta(days=30)})
        self.known = list(known)
        # Whoever was named when the page was shown can be asked about still: the rules say what has changed.
        asked = data.get("to", "") if data is not None else ""
        with suppress(ValueError):
            if asked not in {one.key for one in self.known}:
                self.known.append(Known.named(asked))
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            *((one.key, f"{one.name} · {KINDS[one.kind].label}") for one in self.known),
            (SOMEBODY_ELSE, _("Somebody else")),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("to") == SOMEBODY_ELSE:
            if not given.get("else_name", "").strip():
                self.add_error("else_name", _("Write their name."))
            if not given.get("else_kind"):
                self.add_error("else_kind", _("Say who they are."))
        return given

    @property
    def request(self) -> Request:
        given = self.cleaned_data
        if given["to"] == SOMEBODY_ELSE:
            to = Known(" ".join(given["else_name"].split()), RecipientKind(given["else_kind"]))
        else:
            to = next(one for one in self.known if one.key == given["to"])
        return Request(
            to=to.name,
            kind=to.kind,
            address=given["address"].strip() or to.address,
            purpose=Purpose(given["purpose"]),
            segments=frozenset(map(Segment, given["segments"])),
            since=given["since"],
            because=given["because"],
            basis=LegalBasis(given["basis"]),
        )

    @property
    def log_key(self) -> UUID:
        """The line of the log that this will be; the same for a button pressed twice."""
        return self.cleaned_data.get("key") or uuid4()
