"""States, clocks, and where a ZIP code or a town lies."""

import pytest

from stepwell.ground.kit.places import (
    STATES,
    Point,
    is_time_zone,
    miles_between,
    other_zones,
    point_of_zip,
    towns_called,
)


def test_what_is_chosen_from():
    assert len(STATES) == len(set(STATES)) == 56
    assert is_time_zone("America/Chicago")
    assert not is_time_zone("Dayton")
    assert "Europe/Berlin" in other_zones()
    assert "America/New_York" not in other_zones()


def test_dayton_and_cincinnati_are_fifty_miles_apart():
    dayton, cincinnati = point_of_zip("45402"), point_of_zip("45202")
    assert dayton is not None
    assert cincinnati is not None
    assert miles_between(dayton, cincinnati) == pytest.approx(48, abs=4)
    assert miles_between(dayton, dayton) == 0


def test_the_other_side_of_the_earth_is_as_far_as_it_gets():
    assert miles_between(Point(0, 0), Point(0, 180)) == pytest.approx(12437, abs=5)


@pytest.mark.parametrize("typed", ["", "4540", "454021", "ABCDE", "00000", "٤٥٤٠٢", "45402\n"])
def test_what_is_no_zip_code_lies_nowhere(typed: str):
    assert point_of_zip(typed) is None


def test_nine_digits_lie_where_the_five_do():
    assert point_of_zip("45402-1234") == point_of_zip("45402")


@pytest.mark.parametrize("typed", ["St. Louis", "saint louis", "ST LOUIS", "  st  louis "])
def test_a_town_is_found_however_it_is_typed(typed: str):
    (town,) = towns_called(typed, "mo")
    assert (town.name, town.state) == ("Saint Louis", "MO")


def test_many_towns_are_called_springfield_one_in_a_state():
    states = [town.state for town in towns_called("Springfield")]
    assert {"IL", "MA", "MO", "OH"} <= set(states)
    assert states == sorted(set(states))


def test_a_suburb_that_shares_its_zip_codes_is_a_town():
    (kettering,) = towns_called("Kettering", "OH")
    (dayton,) = towns_called("Dayton", "OH")
    assert miles_between(kettering.point, dayton.point) < 10


@pytest.mark.parametrize("typed", ["", "Nowhere At All", "😀", "x" * 5000])
def test_what_is_no_town_is_none(typed: str):
    assert towns_called(typed) == ()
