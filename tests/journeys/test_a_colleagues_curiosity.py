"""A colleague with the surname of a patient opens her record. It is found the next morning, asked about and settled.

The patient sees the look on her own page, and so does anybody who is asked later.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from stepwell.config.testing.fixtures import NOW
from stepwell.ground.kit import clock
from tests.journeys.people import PHONE, Person

MAYA, RUTH = "maya.reyes@aldercreek.example", "ruth.adler@aldercreek.example"
CARLA = "carla.reyes@aldercreek.example"
EVENING, MORNING = NOW.replace(hour=19, minute=40), NOW + timedelta(days=1, minutes=-25)


@pytest.fixture
def carla(alder_creek: str) -> None:
    """Carla Reyes works here as a supervisor, and is on nobody's care team."""
    from stepwell.trust.accounts.models import Membership, User
    from stepwell.trust.accounts.roles import Role
    from stepwell.trust.organizations.acting import acting_in
    from stepwell.trust.people.models import Practitioner

    maya = User.objects.get(email=MAYA)
    here = maya.memberships.all()[0]
    with acting_in(here.organization_id):
        user = User.objects.create(email=CARLA, name="Carla Reyes")
        Membership.objects.create(
            user=user, organization_id=here.organization_id, center=here.center, role=Role.CLINICAL_SUPERVISOR
        )
        Practitioner.objects.create(user=user, name=user.name)


@pytest.mark.usefixtures("carla")
def test_a_colleagues_curiosity_is_found(someone: Callable[..., Person]) -> None:
    with clock.stand_still(EVENING):
        on_monday_evening_a_colleague_opens_her_record(someone)
    with clock.stand_still(MORNING):
        on_tuesday_morning_compliance_finds_it_and_asks(someone)
        i_see_who_looked_at_my_record(someone)


def on_monday_evening_a_colleague_opens_her_record(someone: Callable[..., Person]) -> None:
    carla = someone(CARLA)
    carla.goes_to("/staff/caseload/?show=whole&q=maya").follows("Maya R.").reads_as_heading("Maya R.")


def on_tuesday_morning_compliance_finds_it_and_asks(someone: Callable[..., Person]) -> None:
    ruth = someone(RUTH).goes_to("/staff/today/").follows("Event log")
    ruth.sees("finding").leaves_pictures("staff-event-log").finds_no_barrier()
    ruth.follows("Look at the findings").sees("Both are called Reyes.")
    ruth.leaves_pictures("staff-findings").finds_no_barrier()
    ruth.follows("Carla Reyes").sees("Carla Reyes looked at the record of Maya R.").finds_no_barrier()
    ruth.page.get_by_role("radio", name="I asked.").check()
    ruth.types("In a few sentences", "Asked Carla by telephone why she opened it.").presses(
        "Keep this answer"
    )
    ruth.sees("Asked Carla by telephone why she opened it.")
    ruth.page.get_by_role("radio", name="It was a mistake").check()
    ruth.types("In a few sentences", "She looked for a cousin. No part in her care. Talked over, in writing.")
    ruth.presses("Keep this answer").sees("She looked for a cousin.").leaves_pictures("staff-finding")
    ruth.follows("Unusual looking").follows("Settled").sees("Carla Reyes").sees("A mistake, talked over")
    ruth.follows("Carla Reyes").follows("Who else looked").sees("Who looked at this record").sees(
        "Carla Reyes"
    )
    ruth.leaves_pictures("staff-who-looked").finds_no_barrier()


def i_see_who_looked_at_my_record(someone: Callable[..., Person]) -> None:
    maya = someone(MAYA, width=PHONE).goes_to("/me/privacy/").follows("See who looked at my record")
    maya.sees("Who looked at my record").sees("Carla Reyes").sees("Read your record.")
    maya.leaves_pictures("patient-who-looked").finds_no_barrier().scrolls_only_down()
