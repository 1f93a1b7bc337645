"""Ways through a door: the staff rail, the patient dock, tabs. A door fills them; the base pages draw them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RailItem:
    """One line of the staff rail. `hot` when someone could be hurt by waiting; `keys` such as "g t"."""

    key: str
    label: str
    icon: str
    url: str
    count: int | None = None
    hot: bool = False
    keys: str = ""
    group: str = ""


@dataclass(frozen=True)
class DockItem:
    """One of the five places at the bottom of a patient's screen."""

    key: str
    label: str
    icon: str
    url: str


@dataclass(frozen=True)
class Tab:
    """One address among several of the same thing."""

    label: str
    url: str
    current: bool = False
    count: int | None = None
