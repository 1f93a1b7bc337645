"""What people read of medicines and drug tests. Never clean or dirty: as expected, or not expected."""

from collections.abc import Iterable

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stepwell.care.medication.rules.doses import Due, NextDose, Supply
from stepwell.care.medication.rules.expectations import Caution, Reason, Summary, Verdict
from stepwell.care.medication.vocabulary import Medicine, Result, Substance

MEDICINES = {
    Medicine.BUPRENORPHINE_NALOXONE: _("Buprenorphine/naloxone"),
    Medicine.BUPRENORPHINE_ER: _("Buprenorphine ER, monthly shot"),
    Medicine.NALTREXONE_ER: _("Naltrexone ER, monthly shot"),
    Medicine.NALTREXONE: _("Naltrexone tablets"),
    Medicine.METHADONE_ELSEWHERE: _("Methadone, from another program"),
    Medicine.ACAMPROSATE: _("Acamprosate"),
    Medicine.NALOXONE_SPRAY: _("Naloxone spray"),
}

SUBSTANCES = {
    Substance.ALCOHOL: _("Alcohol (EtG)"),
    Substance.AMPHETAMINES: _("Amphetamines"),
    Substance.BENZODIAZEPINES: _("Benzodiazepines"),
    Substance.BUPRENORPHINE: _("Buprenorphine"),
    Substance.CANNABIS: _("Cannabis (THC)"),
    Substance.COCAINE: _("Cocaine"),
    Substance.FENTANYL: _("Fentanyl"),
    Substance.METHADONE: _("Methadone"),
    Substance.OPIATES: _("Opiates"),
    Substance.OXYCODONE: _("Oxycodone"),
}

RESULTS = {
    Result.NEGATIVE: _("Negative"),
    Result.POSITIVE: _("Positive"),
    Result.INVALID: _("Could not be read"),
}

# In the middle of a sentence a substance has a small letter.
IN_A_SENTENCE = {
    Substance.ALCOHOL: _("alcohol"),
    Substance.AMPHETAMINES: _("amphetamines"),
    Substance.BENZODIAZEPINES: _("benzodiazepines"),
    Substance.BUPRENORPHINE: _("buprenorphine"),
    Substance.CANNABIS: _("cannabis"),
    Substance.COCAINE: _("cocaine"),
    Substance.FENTANYL: _("fentanyl"),
    Substance.METHADONE: _("methadone"),
    Substance.OPIATES: _("opiates"),
    Substance.OXYCODONE: _("oxycodone"),
}

REASONS = {
    Reason.NOT_FOUND: _("Not found"),
    Reason.PRESCRIBED: _("Prescribed"),
    Reason.MAY_REMAIN: _("May be left from a medicine that has ended, or has only begun"),
    Reason.NOT_PRESCRIBED: _("Not prescribed"),
    Reason.PRESCRIBED_NOT_FOUND: _("Prescribed, and not found"),
    Reason.COULD_NOT_BE_READ: _("Could not be read"),
}

CAUTIONS = {
    Caution.MAY_PRECEDE_ADMISSION: _("May be left from before admission. It is not proof of new use."),
    Caution.NALTREXONE_MAY_SHOW_AS_OXYCODONE: _("Naltrexone can show as oxycodone on a screening test."),
}

VERDICTS = {
    Verdict.AS_EXPECTED: _("As expected"),
    Verdict.NOT_EXPECTED: _("Not expected"),
    Verdict.UNREAD: _("Could not be read"),
}


def list_of(substances: Iterable[Substance]) -> str:
    """Two or more with "and" before the last."""
    names = [str(IN_A_SENTENCE[substance]) for substance in substances]
    if len(names) < 2:
        return "".join(names)
    return gettext("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def detail_of(summary: Summary) -> str:
    """What a whole test found, in a sentence or two. Facts only: what it means is for the people to talk about."""
    said = []
    if summary.not_expected:
        said.append(
            gettext("Positive for %(what)s, not prescribed.") % {"what": list_of(summary.not_expected)}
        )
    if summary.prescribed_not_found:
        said.append(
            gettext("No %(what)s found, which is prescribed.")
            % {"what": list_of(summary.prescribed_not_found)}
        )
    if summary.found_as_expected:
        found = {"what": list_of(summary.found_as_expected)}
        only = not summary.not_expected
        said.append(
            gettext("Positive for %(what)s (prescribed) only.") % found
            if only
            else gettext("Positive for %(what)s (prescribed).") % found
        )
    if summary.unread:
        said.append(gettext("Could not be read: %(what)s.") % {"what": list_of(summary.unread)})
    return " ".join(said) or gettext("Negative for everything that was tested.")


def when_due(dose: NextDose) -> str:
    """When the next dose is due, as somebody would say it."""
    if dose.due is Due.TODAY:
        return gettext("Due today")
    if dose.days == 1:
        return gettext("Due tomorrow")
    if dose.days > 1:
        return ngettext("Due in %(days)s day", "Due in %(days)s days", dose.days) % {"days": dose.days}
    return ngettext("%(days)s day late", "%(days)s days late", -dose.days) % {"days": -dose.days}


def how_long_it_lasts(supply: Supply) -> str:
    """How long what was handed out lasts."""
    if supply.has_run_out:
        return ngettext("Ran out %(days)s day ago", "Ran out %(days)s days ago", -supply.days_left) % {
            "days": -supply.days_left
        }
    if supply.days_left == 0:
        return gettext("Lasts through today")
    return ngettext("Lasts %(days)s more day", "Lasts %(days)s more days", supply.days_left) % {
        "days": supply.days_left
    }
