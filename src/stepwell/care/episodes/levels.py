"""The levels of care an episode may stand at, from least to most intense.

Codes are the numbers states and payers write (fourth edition numbering); the words are ours.
"""

from enum import StrEnum


class LevelOfCare(StrEnum):
    OUTPATIENT = "1.5"
    MEDICAL_OUTPATIENT = "1.7"
    INTENSIVE_OUTPATIENT = "2.1"
    HIGH_INTENSITY_OUTPATIENT = "2.5"
    MEDICAL_INTENSIVE_OUTPATIENT = "2.7"
    LOW_INTENSITY_RESIDENTIAL = "3.1"
    HIGH_INTENSITY_RESIDENTIAL = "3.5"
    MEDICAL_RESIDENTIAL = "3.7"
    INPATIENT = "4"

    @property
    def short(self) -> str:
        return _SHORT[self]

    @property
    def in_words(self) -> str:
        return self.name.replace("_", " ").capitalize()


_SHORT = {
    LevelOfCare.OUTPATIENT: "Outpatient",
    LevelOfCare.MEDICAL_OUTPATIENT: "Outpatient, medical",
    LevelOfCare.INTENSIVE_OUTPATIENT: "IOP",
    LevelOfCare.HIGH_INTENSITY_OUTPATIENT: "Day program",
    LevelOfCare.MEDICAL_INTENSIVE_OUTPATIENT: "Day program, medical",
    LevelOfCare.LOW_INTENSITY_RESIDENTIAL: "Residential, low",
    LevelOfCare.HIGH_INTENSITY_RESIDENTIAL: "Residential, high",
    LevelOfCare.MEDICAL_RESIDENTIAL: "Residential, medical",
    LevelOfCare.INPATIENT: "Inpatient",
}
