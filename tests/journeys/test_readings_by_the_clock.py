"""I am a nurse. Somebody begins buprenorphine this morning, and I rate COWS by the clock until they are settled."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from stepwell.care.measures.models import TimedSeries
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.people.models import CareTeamMember
from tests.journeys.people import Person

JOEL = "joel.price@aldercreek.example"
DAYTON = ZoneInfo("America/New_York")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=DAYTON)
#: The second answer of most questions, then the first of all: from mild withdrawal to none.
FIRST, SECOND = 1, 0


def test_i_rate_twice_and_end_the_series(someone: Callable[..., Person]) -> None:
    organization = Organization.objects.get(slug="alder-creek").pk
    with acting_in(organization):
        mine = CareTeamMember.objects.current().filter(practitioner__user__email=JOEL)
        patient = mine.order_by("patient__record_number")[0].patient
    address = f"/staff/people/{patient.pk}/measures/"
    with clock.stand_still(NINE):
        joel = someone(JOEL).goes_to(address)
        joel.leaves_pictures("measures-tab").finds_no_barrier()
        joel.follows("COWS").sees("Begin a series").leaves_pictures("series-begin").finds_no_barrier()
        joel.chooses("Repeat every", "1 hour").types("Why", "First dose").presses(
            "Begin with the first reading"
        )
        i_rate(joel, FIRST, pulse="96")
        joel.sees("Next reading at 10:00 AM, in 60 minutes").sees("Medical evaluation today")
    with clock.stand_still(NINE + timedelta(minutes=80)):
        joel.comes_back().goes_to(f"{address}cows/series/").sees(
            "Reading late: it was due Mon 10:00 AM, 20 minutes ago"
        )
        joel.follows("Rate now")
        i_rate(joel, SECOND, pulse="72")
        joel.sees("in 1 h 20 min").sees("Joel Price").leaves_pictures("series-open").finds_no_barrier()
        joel.types("Why the series ends", "Settled after the first dose.").presses("End series")
        joel.sees("The series has ended. Its readings stay.").sees("Settled after the first dose.")
    with acting_in(organization):
        series = TimedSeries.objects.get(patient=patient, because="First dose", started_at=NINE)
        assert [each.answered_by.name for each in series.readings.all()] == ["Joel Price"] * 2  # type: ignore[union-attr]


def i_rate(joel: Person, place: int, *, pulse: str) -> None:
    joel.sees("A reading of the open series").types("Pulse, beats a minute", pulse)
    for group in joel.page.locator("fieldset").filter(has=joel.page.locator('input[name^="cows_"]')).all():
        group.locator('input[type="radio"]').nth(place).check(force=True)
    joel.presses("Save and score")
