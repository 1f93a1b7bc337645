"""The medicines of the program, and what a drug test looks for. Their names for people are in ``words``."""

from enum import StrEnum


class Medicine(StrEnum):
    BUPRENORPHINE_NALOXONE = "bup_nx"
    BUPRENORPHINE_ER = "bup_er"
    NALTREXONE_ER = "ntx_er"
    NALTREXONE = "ntx"
    METHADONE_ELSEWHERE = "methadone"
    ACAMPROSATE = "acamprosate"
    NALOXONE_SPRAY = "naloxone"


class Substance(StrEnum):
    ALCOHOL = "alcohol"
    AMPHETAMINES = "amphetamines"
    BENZODIAZEPINES = "benzodiazepines"
    BUPRENORPHINE = "buprenorphine"
    CANNABIS = "cannabis"
    COCAINE = "cocaine"
    FENTANYL = "fentanyl"
    METHADONE = "methadone"
    OPIATES = "opiates"
    OXYCODONE = "oxycodone"


class Result(StrEnum):
    NEGATIVE = "negative"
    POSITIVE = "positive"
    INVALID = "invalid"
