"""What is decided on the way in."""

from collections.abc import Iterable


def next_record_number(used: Iterable[str]) -> str:
    """One more than the greatest number in use; 10001 to begin with. Numbers of another make are left alone."""
    return str(max((int(number) for number in used if number.isdecimal()), default=10_000) + 1)
