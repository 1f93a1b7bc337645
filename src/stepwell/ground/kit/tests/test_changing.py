"""What is typed again changes nothing."""

from types import SimpleNamespace

from stepwell.ground.kit.changing import change


def test_what_is_different_is_changed_and_named():
    room = SimpleNamespace(name="Room 2", seats=12, center="Alder Creek")
    assert change(room, {"name": "Room 2", "seats": 14}) == ["seats"]
    assert room == SimpleNamespace(name="Room 2", seats=14, center="Alder Creek")
    assert change(room, {"name": "Room 2", "seats": 14}) == []
