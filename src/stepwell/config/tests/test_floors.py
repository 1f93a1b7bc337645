"""Foreign keys point down, in the order in which imports do."""

from stepwell.config.checks import floors
from stepwell.config.checks.floors import Key
from stepwell.config.cli.environment import ROOT

HEIGHTS = floors.ranks(ROOT / "pyproject.toml")
NOTES, EPISODES, PEOPLE = (
    "stepwell.care.notes.models",
    "stepwell.care.episodes.models",
    "stepwell.trust.people.models",
)


def test_the_order_is_that_of_the_contracts():
    order = sorted(HEIGHTS, key=lambda room: HEIGHTS[room])
    assert order[0] == "stepwell.config"
    assert order[-1] == "stepwell.ground.kit"
    assert (
        order.index("stepwell.care.notes")
        < order.index("stepwell.care.episodes")
        < order.index("stepwell.trust.people")
    )


def test_a_key_that_points_down_is_fine():
    assert (
        list(floors.faults([Key(NOTES, "notes.Note.episode", EPISODES), Key(NOTES, "a", NOTES)], HEIGHTS))
        == []
    )


def test_a_key_that_points_up_in_its_floor_is_named():
    [fault] = floors.faults([Key(EPISODES, "episodes.Episode.note", NOTES)], HEIGHTS)
    assert (
        fault
        == "episodes.Episode.note points up: stepwell.care.episodes stands below stepwell.care.notes, or beside it"
    )


def test_a_key_that_points_to_a_floor_above_is_named():
    assert len(list(floors.faults([Key(PEOPLE, "people.Patient.note", NOTES)], HEIGHTS))) == 1


def test_doors_do_not_point_at_each_other():
    beside = Key("stepwell.doors.staff.models", "staff.View.page", "stepwell.doors.patient.models")
    assert len(list(floors.faults([beside], HEIGHTS))) == 1


def test_a_key_to_djangos_own_models_points_at_no_room():
    assert (
        list(floors.faults([Key(NOTES, "notes.Note.type", "django.contrib.contenttypes.models")], HEIGHTS))
        == []
    )


def test_our_own_keys_are_walked():
    assert sum(key.of.startswith("stepwell.care") for key in floors.keys_of_all_models()) > 20
