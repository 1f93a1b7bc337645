"""What the pages of this room share."""

from dataclasses import dataclass
from typing import Self

from stepwell.care.notes.models import Note, Safety
from stepwell.care.notes.room import Room, Seat


@dataclass(frozen=True)
class NoteText:
    """The words of one note, signed or as they would be signed."""

    line: str = ""
    response: str = ""
    plan: str = ""
    topic: str = ""
    what_we_did: str = ""
    method: str = ""
    safety: str = ""
    goal_words: str = ""
    group_size: int | None = None

    @classmethod
    def of(cls, note: Note) -> Self:
        return cls(
            note.line,
            note.response,
            note.plan,
            note.topic,
            note.what_we_did,
            note.method,
            note.get_safety_display(),
            note.goal_words,
            note.group_size,
        )

    @classmethod
    def before_signing(cls, seat: Seat, room: Room) -> Self:
        """What one member's note would say if it were signed now."""
        shared, encounter = room.shared_text, seat.encounter
        return cls(
            line=seat.text.line,
            topic=shared.topic,
            what_we_did=shared.what_we_did,
            method=shared.method,
            safety=str(Safety(shared.safety).label) if shared.safety else "",
            goal_words=encounter.goal.words if encounter and encounter.goal else "",
            group_size=len(room.attending),
        )
