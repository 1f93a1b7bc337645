"""At two in the morning the emergency room calls about somebody who is not mine. By nine it has been looked over."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from stepwell.ground.kit import clock
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.people.models import CareTeamMember, EmergencyAccess, Patient
from tests.journeys.people import PHONE, Person

JOEL, MARCUS = (f"{name}@aldercreek.example" for name in ("joel.price", "marcus.bell"))
DAYTON = ZoneInfo("America/New_York")
TWO = datetime(2026, 11, 24, 2, 7, tzinfo=DAYTON)
NINE = datetime(2026, 11, 24, 8, 55, tzinfo=DAYTON)


def somebody_whom_joel_does_not_look_after() -> tuple[Patient, str]:
    """With the counselor who does."""
    team = CareTeamMember.objects.current().select_related("patient", "practitioner__user")
    theirs = team.filter(role="counselor").order_by("patient__record_number")[0]
    team.filter(patient=theirs.patient, practitioner__user__email=JOEL).update(ended_on=TWO.date())
    return theirs.patient, theirs.practitioner.user.email


def test_i_open_a_chart_at_two_and_it_is_looked_over_by_nine(someone: Callable[..., Person]) -> None:
    organization = Organization.objects.get(slug="alder-creek").pk
    with acting_in(organization):
        patient, counselor = somebody_whom_joel_does_not_look_after()
    with clock.stand_still(TWO):
        joel = someone(JOEL, width=PHONE)
        i_find_the_person_and_say_why(joel, patient)
        the_chart_is_open_and_every_page_says_so(joel, patient)
        i_end_it(joel, patient)
    with clock.stand_still(NINE):
        the_counselor_reads_of_it_first_thing(someone(counselor), patient)
        the_supervisor_looks_it_over(someone(MARCUS), patient)
    with acting_in(organization):
        look = EmergencyAccess.objects.get()
        assert (look.finding, look.reviewed_by and look.reviewed_by.email) == ("appropriate", MARCUS)
        told = AuditEvent.objects.filter(patient_id=patient.pk, at__gte=TWO).values_list("did", flat=True)
        assert {"opened in an emergency", "opened", "ended", "reviewed"} <= set(told)


def i_find_the_person_and_say_why(joel: Person, patient: Patient) -> None:
    joel.goes_to("/staff/find/").types("Find a person, group or action", patient.last_name[:5]).presses(
        "Find"
    )
    joel.sees(patient.name).leaves_pictures("people-found").finds_no_barrier()
    row = joel.page.get_by_role("listitem").filter(has_text=patient.record_number)
    joel.follows(re.compile("Open in an emergency"), within=row)
    joel.sees("You are not on this care team").finds_no_barrier()
    joel.presses("Open chart for 60 minutes").sees("Choose what the emergency is.")
    joel.ticks("Overdose or poisoning")
    joel.types("What is happening", "The emergency room at Miami Valley called. Needs the medicines now.")
    joel.leaves_pictures("emergency")
    joel.presses("Open chart for 60 minutes")


def the_chart_is_open_and_every_page_says_so(joel: Person, patient: Patient) -> None:
    joel.sees("This chart is open to you in an emergency").sees("60 minutes left, until 3:07 AM")
    joel.leaves_pictures("emergency-chart").finds_no_barrier()
    joel.goes_to(f"/staff/people/{patient.pk}/medication/").sees("60 minutes left")


def i_end_it(joel: Person, patient: Patient) -> None:
    joel.presses("End it now").sees("The chart is shut again.")
    response = joel.page.goto(f"/staff/people/{patient.pk}/")
    assert response is not None
    assert response.status == 404


def the_counselor_reads_of_it_first_thing(counselor: Person, patient: Patient) -> None:
    counselor.goes_to("/staff/today/")
    counselor.sees(
        f"Joel Price opened the chart of {patient.short_name} in an emergency, Tue Nov 24, 2:07 AM"
    )
    counselor.sees("Not looked over yet.").leaves_pictures("emergency-told").finds_no_barrier()


def the_supervisor_looks_it_over(marcus: Person, patient: Patient) -> None:
    marcus.goes_to("/staff/emergency/").sees("Joel Price").sees(patient.short_name)
    marcus.leaves_pictures("emergency-queue").finds_no_barrier()
    marcus.follows(re.compile("Look it over")).sees("Needs the medicines now.")
    marcus.ticks("Appropriate").types("Why", "The hospital confirms the call.")
    marcus.leaves_pictures("emergency-look").finds_no_barrier()
    marcus.presses("Record finding").sees("Looked over. It stays in the record.").sees("Nothing waits.")
