"""Whether the notes of a group may be signed: every line present and its own, no member named in another's note."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from stepwell.care.notes.rules.likeness import are_alike, says_something
from stepwell.care.notes.rules.names import Member, Named, named_in


class Lacks(Enum):
    """What keeps a note from being signed."""

    UNMARKED = "nobody said whether this person came"
    NO_MINUTES = "nobody said for how long"
    NOT_OVER = "their minutes are not over yet"
    NO_LINE = "there is no line for this person"
    SAME_WORDS = "the line is another's line"
    NAMES_SOMEBODY = "the line names another member"
    NO_TOPIC = "the shared note has no topic"
    NO_ACCOUNT = "the shared note does not say what the group did"
    NO_SAFETY = "the shared note does not say whether anyone was in danger"
    SHARED_NAMES_SOMEBODY = "the shared note names a member"
    NOBODY_CAME = "nobody came, so there is nothing to sign"


class Came(Enum):
    YES = "came"
    NO = "did not come"
    UNMARKED = "nobody said"


@dataclass(frozen=True)
class Place:
    """One person's row, as far as signing goes."""

    member: Member
    came: Came
    line: str = ""
    minutes: int | None = None
    until: datetime | None = None
    is_signed: bool = False

    @property
    def needs_a_note(self) -> bool:
        return self.came is Came.YES and not self.is_signed


@dataclass(frozen=True)
class SharedText:
    """What the group did, written once, for everybody's note."""

    topic: str = ""
    what_we_did: str = ""
    method: str = ""
    safety: str = ""


@dataclass(frozen=True)
class Obstacle:
    """One thing that is lacking: in whose row (nobody's: the shared note), in which field, and because of what."""

    lacks: Lacks
    field: str
    row: Hashable | None = None
    #: The members whose words or names these are.
    others: tuple[Member, ...] = ()
    #: The words that name them, as they were written.
    words: tuple[str, ...] = ()


def obstacles(places: Sequence[Place], shared: SharedText, *, at: datetime) -> tuple[Obstacle, ...]:
    """Everything that keeps the notes of this group from being signed at that moment; nothing when they may be."""
    if not any(place.needs_a_note or place.came is Came.UNMARKED for place in places):
        return () if any(place.is_signed for place in places) else (Obstacle(Lacks.NOBODY_CAME, ""),)
    in_rows = (
        obstacle for place in places for obstacle in (*_in_attendance(place, at), *in_line(place, places))
    )
    return (*in_rows, *in_shared_note(shared, [place.member for place in places]))


def _in_attendance(place: Place, at: datetime) -> Iterable[Obstacle]:
    if place.came is Came.UNMARKED:
        yield Obstacle(Lacks.UNMARKED, "mark", place.member.key)
    elif place.needs_a_note and not place.minutes:
        yield Obstacle(Lacks.NO_MINUTES, "minutes", place.member.key)
    elif place.needs_a_note and place.until is not None and place.until > at:
        # Minutes that have not passed yet cannot be signed for.
        yield Obstacle(Lacks.NOT_OVER, "minutes", place.member.key)


def in_line(place: Place, places: Sequence[Place]) -> Iterable[Obstacle]:
    """What is wrong with one person's line, among those of the group."""
    if not place.needs_a_note:
        return
    if not says_something(place.line):
        yield Obstacle(Lacks.NO_LINE, "line", place.member.key)
        return
    if alike := _before_with_the_same_words(place, places):
        yield Obstacle(Lacks.SAME_WORDS, "line", place.member.key, others=(alike.member,))
    members = [other.member for other in places]
    if named := named_in(place.line, members, own=place.member):
        yield _naming(Lacks.NAMES_SOMEBODY, "line", named, row=place.member.key)


def in_shared_note(shared: SharedText, members: Sequence[Member]) -> Iterable[Obstacle]:
    """What is wrong with the text that goes into everybody's note."""
    if not says_something(shared.topic):
        yield Obstacle(Lacks.NO_TOPIC, "topic")
    if not says_something(shared.what_we_did):
        yield Obstacle(Lacks.NO_ACCOUNT, "what_we_did")
    if not shared.safety:
        yield Obstacle(Lacks.NO_SAFETY, "safety")
    for field in ("topic", "what_we_did", "method"):
        if named := named_in(getattr(shared, field), members):
            yield _naming(Lacks.SHARED_NAMES_SOMEBODY, field, named)


def _before_with_the_same_words(place: Place, places: Sequence[Place]) -> Place | None:
    """The first of a pair keeps its line; a signed one came first, wherever it stands."""
    here = places.index(place)
    for n, other in enumerate(places):
        is_first = other.is_signed or (n < here and other.needs_a_note)
        if n != here and is_first and says_something(other.line) and are_alike(place.line, other.line):
            return other
    return None


def _naming(lacks: Lacks, field: str, named: Sequence[Named], *, row: Hashable | None = None) -> Obstacle:
    return Obstacle(
        lacks,
        field,
        row,
        others=tuple(dict.fromkeys(each.member for each in named)),
        words=tuple(dict.fromkeys(each.word for each in named)),
    )
