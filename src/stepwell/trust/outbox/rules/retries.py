"""When a message that could not be handed over is tried again."""

from datetime import datetime, timedelta

#: After how many minutes, time after time. Our own default: a mail server that is away is mostly back within the hour.
WAITS = (1, 5, 20, 60, 180)
MOST_TRIES = len(WAITS) + 1


def next_try(
    tries: int, *, at: datetime, chance: float, asked_to_wait: timedelta | None = None
) -> datetime | None:
    """When to try again after so many tries; nothing after the last one.

    ``chance``, from 0 to 1, spreads the tries from half to one and a half times the wait, so that what failed together
    does not come back together. A provider that says how long to wait is heard, up to three hours.
    """
    if not 1 <= tries < MOST_TRIES:
        return None
    wait = timedelta(minutes=WAITS[tries - 1]) * (0.5 + chance)
    if asked_to_wait is not None:
        wait = max(wait, min(asked_to_wait, timedelta(hours=3)))
    return at + wait
