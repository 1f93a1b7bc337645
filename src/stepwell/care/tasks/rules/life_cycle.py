"""The life of a task, in the words of FHIR's Task. What is absent from the table is refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    TAKE = "take"
    TRY = "try"
    HAND_OVER = "hand over"
    COMPLETE = "complete"
    CANCEL = "cancel"
    TAKE_BACK = "take back"


OPEN = frozenset({Status.REQUESTED, Status.ACCEPTED, Status.IN_PROGRESS})

NEXT: Mapping[tuple[Status, Step], Status] = {
    (Status.REQUESTED, Step.TAKE): Status.ACCEPTED,
    (Status.REQUESTED, Step.TRY): Status.IN_PROGRESS,
    (Status.REQUESTED, Step.HAND_OVER): Status.REQUESTED,
    (Status.REQUESTED, Step.COMPLETE): Status.COMPLETED,
    (Status.REQUESTED, Step.CANCEL): Status.CANCELLED,
    (Status.ACCEPTED, Step.TAKE): Status.ACCEPTED,
    (Status.ACCEPTED, Step.TRY): Status.IN_PROGRESS,
    (Status.ACCEPTED, Step.HAND_OVER): Status.REQUESTED,
    (Status.ACCEPTED, Step.COMPLETE): Status.COMPLETED,
    (Status.ACCEPTED, Step.CANCEL): Status.CANCELLED,
    (Status.IN_PROGRESS, Step.TAKE): Status.IN_PROGRESS,
    (Status.IN_PROGRESS, Step.TRY): Status.IN_PROGRESS,
    (Status.IN_PROGRESS, Step.HAND_OVER): Status.REQUESTED,
    (Status.IN_PROGRESS, Step.COMPLETE): Status.COMPLETED,
    (Status.IN_PROGRESS, Step.CANCEL): Status.CANCELLED,
    (Status.COMPLETED, Step.TAKE_BACK): Status.ACCEPTED,
    (Status.CANCELLED, Step.TAKE_BACK): Status.ACCEPTED,
}

#: How long whoever ended a task may take that back. After that it stands, and a new task is made.
MAY_TAKE_BACK_FOR = timedelta(minutes=10)


class NotNow(Exception):
    """A task that stands so does not take that step."""


def after(status: Status, step: Step) -> Status:
    try:
        return NEXT[status, step]
    except KeyError:
        raise NotNow(f"{status} does not {step}") from None


def may_take_back(*, ended_at: datetime | None, at: datetime) -> bool:
    return ended_at is not None and ended_at <= at <= ended_at + MAY_TAKE_BACK_FOR
