"""The names that people read, for medicines and for what a drug test looks for."""

from django.utils.translation import gettext_lazy as _

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
