"""Form widgets that say how they look. `{% field %}` draws each with our markup; they post what Django's post."""

from enum import StrEnum
from typing import Any

from django import forms


class Look(StrEnum):
    """How a choice is drawn."""

    TILES = "tiles"
    SEGMENTS = "seg"
    SCALE = "scale"
    LIST = "list"


class Tiles(forms.RadioSelect):
    """One of several, each a line of its own: question pages."""

    look = Look.TILES


class Segments(forms.RadioSelect):
    """One of two to five short words, side by side."""

    look = Look.SEGMENTS


class Scale(forms.RadioSelect):
    """One of five words from none to most: check-ins."""

    look = Look.SCALE


class TileChecks(forms.CheckboxSelectMultiple):
    """Any of several, each a line of its own."""

    look = Look.TILES


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
