"""Who may give whom a place on a care team. A place opens a chart, so nobody gives one to themselves."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from stepwell.trust.accounts.roles import GIVES_CARE, Role

#: Which parts somebody in a role may give and end. A counselor asks those in who walk beside the person.
GIVES: Mapping[Role, frozenset[Role]] = {
    Role.CLINICAL_SUPERVISOR: GIVES_CARE,
    Role.DIRECTOR: GIVES_CARE,
    Role.COUNSELOR: frozenset({Role.PEER, Role.CASE_MANAGER}),
}


class Objection(StrEnum):
    NOT_ONESELF = "nobody puts themselves on a care team"
    NOT_THAT_PART = "the one who gives may not give that part"
    NOT_THEIR_PART = "the one who joins does not work in that part"


def parts_given_by(roles: Iterable[Role]) -> frozenset[Role]:
    """Every part that somebody with these roles may give."""
    return frozenset().union(*(GIVES.get(role, frozenset()) for role in roles))


def objection_to_giving(
    part: Role, *, giver: Iterable[Role], joins: Iterable[Role], is_oneself: bool
) -> Objection | None:
    """Why this place may not be given; None when it may."""
    if part not in parts_given_by(giver):
        return Objection.NOT_THAT_PART
    if is_oneself:
        return Objection.NOT_ONESELF
    if part not in joins:
        return Objection.NOT_THEIR_PART
    return None
