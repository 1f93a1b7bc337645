"""A group whose notes are written, for tests of this room and of those above it."""

from datetime import datetime

from stepwell.care.encounters.actions import mark_all_here
from stepwell.care.encounters.testing import Group
from stepwell.care.notes.actions import group as actions
from stepwell.care.notes.forms import RowForm
from stepwell.care.notes.room import RowText, Seat, room_of, shared_seen
from stepwell.care.notes.rules.readiness import SharedText
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User

SHARED = SharedText(
    topic="Urge surfing: a craving rises, peaks, passes",
    what_we_did="Check-in round. Taught urge surfing. Paired practice with a recent craving.",
    method="CBT skills",
    safety="nobody",
)
LINES = {
    "Aisha": "Named Sunday night as her hardest hour; rode out a craving using breath",
    "Brianna": "Wrote a plan for Thursday: arrive late, leave by 7",
    "Cole": "Compared cravings to waves; will keep the card in his truck",
    "Wendell": "Told the group what worked at a wedding and offered a ride",
}


def seat(group: Group, name: str) -> Seat:
    return actions.the_seat(group.session, group.place(name))


def save(
    group: Group,
    name: str,
    *,
    by: User | None = None,
    at: datetime | None = None,
    seen: str = "",
    **changes: object,
) -> Seat:
    """Change something in one row, as somebody who has the row of now before them."""
    from dataclasses import replace

    now = seat(group, name)
    row: RowText = replace(now.text, **changes)  # type: ignore[arg-type]
    return actions.save_row(
        group.session,
        now.appointment,
        row,
        seen=seen or now.text.seen,
        by=by or group.dana,
        at=at or clock.now(),
    )


def save_shared(group: Group, text: SharedText = SHARED, *, by: User | None = None) -> None:
    stored = room_of(group.session).shared_text
    actions.save_shared(group.session, text, seen=shared_seen(stored), by=by or group.dana, at=clock.now())


def written(group: Group) -> Group:
    """Everybody here, everybody's line written, and the shared note."""
    mark_all_here(group.session, by=group.dana, at=clock.now())
    for name, line in LINES.items():
        save(group, name, line=line)
    save_shared(group)
    return group


def posted(group: Group, **rows: dict[str, object]) -> dict[str, str]:
    """What the browser sends for the whole page, with some rows changed: ``Aisha={"line": "…"}``."""
    room = room_of(group.session)
    text = room.shared_text
    data = {
        "shared-seen": shared_seen(text),
        "shared-topic": text.topic,
        "shared-what_we_did": text.what_we_did,
        "shared-method": text.method,
        "shared-safety": text.safety,
    }
    for each in room.seats:
        if not each.is_signed:
            data |= posted_row(each, rows.get(each.patient.first_name, {}))
    return data


def posted_row(seat: Seat, changes: dict[str, object] | None = None) -> dict[str, str]:
    """What the browser sends for one row."""
    text = seat.text
    told = {
        "seen": text.seen,
        "mark": text.mark,
        "minutes": text.minutes,
        "took_part": text.took_part,
        "goal": text.goal,
        "reason": text.reason,
        "line": text.line,
    } | (changes or {})
    prefix = RowForm.prefix_of(seat)
    return {f"{prefix}-{name}": "" if value is None else str(value) for name, value in told.items()}
