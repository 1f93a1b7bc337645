"""What a person is shown of their own scores, and where one stands."""

import pytest

from stepwell.care.measures import library
from stepwell.care.measures.rules.own import Place, is_shown, place


@pytest.mark.parametrize(
    ("instrument", "score", "band", "stands"),
    [
        ("phq9", "total", "None-minimal", Place.EASIEST),
        ("phq9", "total", "Moderate", Place.BETWEEN),
        ("phq9", "total", "Severe", Place.HARDEST),
        ("bam_iop", "risk", "Below flag", Place.CALM),
        ("bam_iop", "protective", "Above flag", Place.CALM),
        ("bam_iop", "protective", "Low protection - clinically significant", Place.ASKS),
        ("barc10", "total", "At or above the sustained-remission cut-off", Place.CALM),
        ("audit_c", "total", "Positive", Place.ASKS),
        ("taps", "heroin", "No use in past 3 months", Place.EASIEST),
        ("taps", "heroin", "Higher risk", Place.HARDEST),
    ],
)
def test_a_score_stands_by_how_hard_it_is_whichever_way_the_measure_counts(instrument, score, band, stands):
    assert place(library.instrument(instrument), score, band) is stands


def test_where_nobody_says_which_end_is_harder_no_place_is_named():
    assert place(library.instrument("single_item_screeners"), "drug", "Positive") is None
    assert place(library.instrument("craving_nrs"), "now", "") is None
    assert place(library.instrument("phq9"), "total", "") is None


def test_what_staff_rate_and_safety_at_home_are_not_left_on_a_phone():
    for each in ("cows", "ciwa_ar", "cssrs_screener", "dsm5_sud_checklist", "ahc_hrsn_core"):
        assert not is_shown(library.instrument(each))
    for each in ("phq9", "bam_iop", "barc10", "taps", "session_feedback"):
        assert is_shown(library.instrument(each))


def test_every_band_of_a_measure_on_the_phone_has_a_place_or_no_direction():
    for definition in library.instruments().values():
        for score in definition.scores:
            for band in definition.bands:
                if band.score == score.id and score.higher:
                    assert place(definition, score.id, band.label), (definition.id, band.label)
