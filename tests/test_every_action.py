"""Every action, done by every role in every relation, is refused exactly where the permission table does not give it.

``tests.actions`` says what each one asks. An action that is not there, or that takes something of which there is no
example, fails here by its name.
"""

import pytest

from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.access.rules import Relation
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import acting_in
from tests.actions import ACTIONS, Asked, At, Both, Everywhere, PartOf, arguments, every_action
from tests.addresses import Leading
from tests.world import Reader, Stands, World, undone


def test_every_action_has_its_place_in_the_list():
    assert set(every_action()) == set(ACTIONS)


def expected(asked: Asked, reader: Reader) -> bool:
    """Whether the table lets this reader do it."""
    holds = reader.stands.holds or frozenset()
    if isinstance(asked, Leading):
        leads = reader.stands is Stands.LEADS_THE_GROUP or reader.role is Role.CLINICAL_SUPERVISOR
        return leads and Relation.CENTER in holds and reader.has_anywhere(asked.permission)
    if isinstance(asked, At):
        return Relation.CENTER in holds and reader.has(asked.permission)
    if isinstance(asked, Everywhere):
        return reader.stands is Stands.EVERY_CENTER and reader.has(asked.permission)
    if isinstance(asked, Both):
        return reader.has(asked.first) and reader.has(asked.second)
    assert not isinstance(asked, PartOf)
    return reader.has(asked)


@pytest.mark.parametrize("role", list(Role))
def test_every_action_is_refused_exactly_where_the_table_does_not_give_it(world: World, role: Role) -> None:
    wrong, tried, done = [], 0, 0
    for stands in (one for one in Stands if one.suits(role)):
        with world.reader(role, stands) as reader, acting_in(world.alder.id):
            for name, action in every_action().items():
                asked = ACTIONS[name]
                if isinstance(asked, PartOf):
                    continue
                by, forbidden, tried = User.objects.get(pk=reader.user.pk), False, tried + 1
                with undone():
                    try:
                        action(**arguments(name, action, world, by))
                        done += 1
                    except Forbidden:
                        forbidden = True
                    except Refused:
                        pass  # They may; only not this, now.
                if forbidden == expected(asked, reader):
                    wrong.append(
                        f"{name}, {role} who {stands.value[0]}: {'refused' if forbidden else 'let through'}"
                    )
    print(f"\n{role}: {tried} tries of {len(ACTIONS)} actions, {done} done")
    assert wrong == [], "\n".join(wrong)
    assert tried > 100
