"""States and clocks to choose from."""

from stepwell.ground.kit.places import STATES, is_time_zone, other_zones


def test_what_is_chosen_from():
    assert len(STATES) == len(set(STATES)) == 56
    assert is_time_zone("America/Chicago")
    assert not is_time_zone("Dayton")
    assert "Europe/Berlin" in other_zones()
    assert "America/New_York" not in other_zones()
