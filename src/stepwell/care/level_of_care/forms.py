"""The screening form: a rating with its evidence in each domain, and the facts the table asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepwell.care.episodes.levels import LevelOfCare
from stepwell.care.level_of_care.evidence import OnRecord
from stepwell.care.level_of_care.models import Edition, LevelOfCareAssessment, OverrideKind, edition_at
from stepwell.care.level_of_care.rules import ANCHORS, Domain, Hours, Need, Problem, Route, Substance, Triage
from stepwell.care.measures.reading import LatestScore

PERSON = "person"
UNKNOWN, YES, NO = "", "yes", "no"

DOMAIN_NAMES = {
    Domain.WITHDRAWAL: _("Withdrawal and medication"),
    Domain.PHYSICAL: _("Physical health"),
    Domain.MENTAL: _("Mental health"),
    Domain.DANGER: _("Danger in the coming days"),
    Domain.LIVING: _("Living situation and support"),
}
DOMAIN_HINTS = {
    Domain.WITHDRAWAL: _("Intoxication, withdrawal, need for medicine"),
    Domain.PHYSICAL: _("Illness, pain, pregnancy"),
    Domain.MENTAL: _("Mood, thinking, trauma, suicide"),
    Domain.DANGER: _("Likely use, and what could come of it, in days to weeks"),
    Domain.LIVING: _("Home, work, the people around"),
}
NEED_NAMES = {
    Need.MEDICAL: _("Medical monitoring"),
    Need.DAILY_PROGRAM: _("A program every day"),
    Need.AROUND_THE_CLOCK: _("Support around the clock"),
    Need.PSYCHIATRIC_ENHANCED: _("Psychiatric care within the program"),
}
HOURS_NAMES = {
    Hours.UNDER_6: _("fewer than 6 hours a week"),
    Hours.FROM_6_TO_19: _("6 to 19 hours a week"),
    Hours.UNDER_9: _("fewer than 9 hours a week"),
    Hours.FROM_9_TO_19: _("9 to 19 hours a week"),
    Hours.FROM_20: _("20 hours a week or more"),
}
ROUTE_NAMES = {
    Route.AMBULATORY: _("at home, with a prescriber"),
    Route.DAILY_MONITORING: _("seen every day"),
    Route.INPATIENT: _("inpatient"),
}
SUBSTANCE_NAMES = [
    (Substance.ALCOHOL, _("Alcohol")),
    (Substance.BENZODIAZEPINE, _("Benzodiazepine")),
    (Substance.SEDATIVE, _("Other sedative")),
    (Substance.OPIOID, _("Opioid")),
    (Substance.STIMULANT, _("Stimulant")),
    (Substance.CANNABIS, _("Cannabis")),
    (Substance.NICOTINE, _("Nicotine")),
    (Substance.GHB, _("GHB")),
    (Substance.OTHER, _("Other")),
]

SAFETY_NOW = {
    "unresponsive": _("Not responding, or sedated after a recent overdose"),
    "suicide_plan_or_intent_now": _("A plan or intent to die now"),
    "violence_now": _("Violence now, or a plan to hurt someone"),
    "seizure_today": _("A seizure today"),
    "delirium": _("Confused, or seeing or hearing what is not there"),
    "pregnant": _("Pregnant"),
    "bleeding": _("Bleeding"),
}
WITHDRAWAL_FACTS = {
    "past_withdrawal_seizure_or_delirium": _("A seizure or delirium in withdrawal before"),
    "safe_person_at_home": _("A safe person at home"),
    "can_attend_daily": _("Can come every day"),
    "starting_medication": _("Medicine is being started"),
}
CIRCUMSTANCES = {
    "home_unsafe": _("Home is not safe"),
    "failed_weekly_care": _("Weekly care was tried and was not enough"),
    "minor_at_risk": _("A child may be at risk"),
}
YES_OR_NO = SAFETY_NOW | WITHDRAWAL_FACTS | CIRCUMSTANCES
TRIAGE_NAMES = {
    Triage.NEGATIVE: _("Negative"),
    Triage.LOW: _("Low"),
    Triage.MODERATE: _("Moderate"),
    Triage.HIGH: _("High"),
}
NUMBERS = {
    "ciwa_ar": (_("CIWA-Ar"), 0, 67),
    "pawss": (_("PAWSS"), 0, 10),
    "days_since_last_drink": (_("Days since the last drink"), 0, 36_500),
}
OTHER_FACTS = {
    "cssrs_triage": _("C-SSRS result"),
    "in_withdrawal_from": _("In withdrawal from"),
    "substances": _("Uses"),
    "stepping_down_from": _("Stepping down from"),
}
VITALS = {
    "heart_rate": (_("Heart rate, a minute"), 0, 400),
    "respiratory_rate": (_("Breaths, a minute"), 0, 150),
    "spo2": (_("Oxygen saturation, %"), 0, 100),
    "temperature_c": (_("Temperature, °C"), 20, 46),
    "systolic": (_("Systolic pressure, mm Hg"), 0, 350),
}


class Segments(forms.RadioSelect):
    layout = "seg"
    look = "seg"


def _yes_no(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(UNKNOWN, _("Not known")), (NO, _("No")), (YES, _("Yes"))],
        required=False,
        widget=Segments,
    )


@dataclass(frozen=True)
class DomainFields:
    domain: Domain
    name: Any
    hint: Any
    rating: forms.BoundField
    need: forms.BoundField
    because: forms.BoundField
    evidence: Sequence[LatestScore] = ()
    last_time: Mapping[str, Any] | None = None


class ScreeningForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    edition = forms.ChoiceField(
        label=_("Levels as written in"),
        choices=Edition.choices,
        initial=Edition.FOURTH,
        widget=Segments,
    )

    def __init__(
        self,
        *args: Any,
        on_record: OnRecord,
        earlier: LevelOfCareAssessment | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.on_record, self.earlier = on_record, earlier
        for domain in Domain:
            self.fields[domain] = forms.ChoiceField(
                label=DOMAIN_NAMES[domain],
                help_text=DOMAIN_HINTS[domain],
                choices=[(str(value), str(value)) for value in ANCHORS],
                required=False,
                widget=Segments,
            )
            self.fields[f"{domain}_need"] = forms.ChoiceField(
                label=_("What is needed (for a 3)"),
                choices=[("", _("Not said")), *NEED_NAMES.items()],
                required=False,
            )
            self.fields[f"{domain}_because"] = forms.CharField(
                label=_("What you saw and heard"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.fields[f"{PERSON}_because"] = forms.CharField(
            label=_("What the person wants, and what stands in the way"),
            help_text=_("In their words where you can. It changes what is offered, never the level."),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        for name, label in YES_OR_NO.items():
            self.fields[name] = _yes_no(label)
        self.fields["cssrs_triage"] = forms.ChoiceField(
            label=OTHER_FACTS["cssrs_triage"],
            choices=[("", _("Not known")), *TRIAGE_NAMES.items()],
            required=False,
        )
        for name in ("in_withdrawal_from", "substances"):
            self.fields[name] = forms.MultipleChoiceField(
                label=OTHER_FACTS[name],
                choices=SUBSTANCE_NAMES,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["stepping_down_from"] = forms.ChoiceField(
            label=OTHER_FACTS["stepping_down_from"],
            choices=[
                ("", _("Not stepping down")),
                *((level, f"{level} {level.short}") for level in LevelOfCare),
            ],
            required=False,
        )
        for name, (label, low, high) in NUMBERS.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=low, max_value=high, required=False)
        for name, (label, low, high) in VITALS.items():
            self.fields[name] = forms.FloatField(label=label, min_value=low, max_value=high, required=False)
        if not self.initial:  # a new one: what a measure has settled already is not asked again
            self.initial["edition"] = edition_at(on_record.patient.center)
            for name, known in on_record.facts().items():
                self.initial[name] = known.value
                self.fields[name].help_text = known.source

    # What the page lays out

    def domains(self) -> Iterator[DomainFields]:
        for domain in Domain:
            yield DomainFields(
                domain,
                DOMAIN_NAMES[domain],
                DOMAIN_HINTS[domain],
                self[domain],
                self[f"{domain}_need"],
                self[f"{domain}_because"],
                self.on_record.of(domain),
                self.earlier.ratings.get(domain) if self.earlier else None,
            )

    def person(self) -> forms.BoundField:
        return self[f"{PERSON}_because"]

    def safety_now(self) -> list[forms.BoundField]:
        return [self[name] for name in SAFETY_NOW]

    def withdrawal_facts(self) -> list[forms.BoundField]:
        return [self[name] for name in WITHDRAWAL_FACTS]

    def circumstances(self) -> list[forms.BoundField]:
        return [self[name] for name in CIRCUMSTANCES]

    def scales(self) -> list[forms.BoundField]:
        return [self[name] for name in NUMBERS]

    def substances_asked(self) -> list[tuple[Any, Any, Any]]:
        """Each substance, with its two boxes: used, and in withdrawal from."""
        pairs = zip(self["substances"], self["in_withdrawal_from"], strict=True)
        return [(used.choice_label, used, withdrawn) for used, withdrawn in pairs]

    def vitals(self) -> list[forms.BoundField]:
        return [self[name] for name in VITALS]

    # What it says

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for domain in Domain:
            if cleaned.get(domain) == "3" and not cleaned.get(f"{domain}_need"):
                self.add_error(
                    f"{domain}_need",
                    _("%(domain)s: a rating of 3 says what is needed.") % {"domain": DOMAIN_NAMES[domain]},
                )
            if cleaned.get(domain) in ("2", "3", "4") and not cleaned.get(f"{domain}_because"):
                self.add_error(
                    f"{domain}_because",
                    _("%(domain)s: say what you saw and heard.") % {"domain": DOMAIN_NAMES[domain]},
                )
        return cleaned

    def ratings(self) -> dict[str, dict[str, Any]]:
        given: dict[str, dict[str, Any]] = {}
        for domain in Domain:
            value = self.cleaned_data[domain]
            because = self.cleaned_data[f"{domain}_because"]
            if value or because:
                given[domain.value] = {
                    "value": int(value) if value else None,
                    "need": (self.cleaned_data[f"{domain}_need"] or None) if value in ("2", "3") else None,
                    "because": because,
                }
        if wish := self.cleaned_data[f"{PERSON}_because"]:
            given[PERSON] = {"because": wish}
        return given

    def facts(self) -> dict[str, Any]:
        """Only what is known. Nothing ticked in a list is not known either, unless another list says more."""
        cleaned = self.cleaned_data
        facts: dict[str, Any] = {name: cleaned[name] == YES for name in YES_OR_NO if cleaned[name] != UNKNOWN}
        for name in ("cssrs_triage", "stepping_down_from"):
            if cleaned[name]:
                facts[name] = str(cleaned[name])
        for name in ("in_withdrawal_from", "substances"):
            if cleaned[name]:
                facts[name] = [str(each) for each in cleaned[name]]
        facts |= {name: cleaned[name] for name in NUMBERS if cleaned[name] is not None}
        if vitals := {name: cleaned[name] for name in VITALS if cleaned[name] is not None}:
            facts["vitals"] = vitals
        return facts

    def add_problem(self, problem: Problem) -> None:
        """A problem found by the rules, beside the field it is about."""
        name = problem.field.split(".", 1)[-1].removesuffix(".value").replace(".need", "_need")
        name = name.removeprefix("vitals.")
        self.add_error(name if name in self.fields else None, problem.because)


def as_given(assessment: LevelOfCareAssessment) -> dict[str, Any]:
    """An assessment as it stands in the form."""
    given: dict[str, Any] = {"edition": assessment.edition, "version": assessment.version}
    for domain, rating in assessment.ratings.items():
        given[f"{domain}_because"] = rating.get("because", "")
        if domain != PERSON:
            given[domain] = "" if rating.get("value") is None else str(rating["value"])
            given[f"{domain}_need"] = rating.get("need") or ""
    for name, value in assessment.facts.items():
        if isinstance(value, bool):
            given[name] = YES if value else NO
        elif isinstance(value, Mapping):
            given |= value
        else:
            given[name] = value
    return given


def fact_label(name: str) -> Any:
    """What the form calls a fact or a vital sign."""
    if name in YES_OR_NO:
        return YES_OR_NO[name]
    if name in NUMBERS or name in VITALS:
        return (NUMBERS | VITALS)[name][0]
    return OTHER_FACTS[name]


def facts_in_words(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each fact that is known, by name, as the form calls it and as it was answered."""
    said: dict[str, str] = {}
    substances = dict(SUBSTANCE_NAMES)
    for name, value in facts.items():
        if name in YES_OR_NO:
            said[str(YES_OR_NO[name])] = str(_("Yes") if value else _("No"))
        elif name in NUMBERS:
            said[str(NUMBERS[name][0])] = str(value)
        elif name == "vitals":
            said |= {str(VITALS[sign][0]): f"{number:g}" for sign, number in value.items()}
        elif name == "cssrs_triage":
            said[str(OTHER_FACTS[name])] = str(TRIAGE_NAMES[Triage(value)])
        elif name == "stepping_down_from":
            said[str(OTHER_FACTS[name])] = str(value)
        else:
            said[str(OTHER_FACTS[name])] = ", ".join(
                str(substances[Substance(each)]) for each in value
            ) or str(_("None"))
    order = [
        str(fact_label(name))
        for name in (
            *SAFETY_NOW,
            "cssrs_triage",
            "in_withdrawal_from",
            "substances",
            *NUMBERS,
            *WITHDRAWAL_FACTS,
            *VITALS,
            *CIRCUMSTANCES,
            "stepping_down_from",
        )
    ]
    return sorted(said.items(), key=lambda item: order.index(item[0]))


class EditionForm(forms.Form):
    edition = forms.ChoiceField(
        label=_("Levels of care as written in"),
        help_text=_("Ask your state and your payers: most states went on with the third for some years."),
        choices=Edition.choices,
        widget=forms.RadioSelect,
    )


class SignatureForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    chosen = forms.ChoiceField(
        label=_("Level of care"),
        choices=[
            ("", _("Choose a level")),
            *((level.value, f"{level} {level.in_words}") for level in LevelOfCare),
        ],
        error_messages={"required": _("Choose a level of care.")},
    )
    override_kind = forms.ChoiceField(
        label=_("If another level than recommended: the kind of reason"),
        choices=[("", _("Choose a reason")), *OverrideKind.choices],
        required=False,
    )
    override_because = forms.CharField(
        label=_("And why, in your words"),
        help_text=_(
            "At least 20 letters. Where a level cannot be had within 72 hours, choose the next safer one and write "
            "the plan for the time between. Below a safety rule it also takes a second signature."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DispositionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    disposition = forms.CharField(
        label=_("Who evaluated the person, and what came of it"),
        help_text=_("At least 20 letters. An emergency is closed this way, never by choosing a level."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say who evaluated the person and what came of it.")},
    )
