"""The text a person reads and signs: made of a consent's facts and of a version of our words, in English or Spanish.

A version never changes once somebody has signed under it: a new one is added, and the old one still runs. What was
read is stored whole beside the signature, with its fingerprint.
"""

from stepwell.trust.consent.rules.wording.compose import (
    CURRENT,
    LANGUAGES,
    VERSIONS,
    Place,
    Section,
    Wording,
    compose,
    purpose_in_words,
    segment_in_words,
)

__all__ = [
    "CURRENT",
    "LANGUAGES",
    "VERSIONS",
    "Place",
    "Section",
    "Wording",
    "compose",
    "purpose_in_words",
    "segment_in_words",
]
