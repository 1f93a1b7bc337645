"""A new counselor, invited on Monday and at work by ten past nine.

Noor, the administrator, invites; Inés opens the e-mail, comes in, and sees the people she looks after and no others.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core import mail

from stepwell.trust.accounts import letters
from tests.journeys.people import LAPTOP, Person

if TYPE_CHECKING:
    from stepwell.trust.people.models import Patient

NOOR, BELL = "noor.haddad@aldercreek.example", "marcus.bell@aldercreek.example"
INES = "ines.obrien@example.org"
PASSWORD = "porridge before the sun is up"


def given_noor_invites_ines(noor: Person) -> None:
    noor.goes_to("/staff/today/").follows("Setup").follows("Staff").follows("Invite somebody")
    noor.presses("Send the invitation").sees("There is a problem").sees("Choose at least one role.")
    noor.types("Name", "Inés O'Brien-Núñez").types("E-mail", INES).types("Title", "Counselor")
    noor.types("Credential", "LCDC").ticks("Counselor (Alder Creek)").ticks("Spanish (Español)")
    noor.finds_no_barrier()
    noor.presses("Send the invitation").sees(f"An e-mail is on its way to {INES}.").sees("Invited")
    noor.leaves_pictures("member-invited").presses("Show the link").sees("Hand this over to In\u00e9s")
    noor.leaves_pictures("invitation-link").finds_no_barrier()


def when_ines_opens_the_mail_and_chooses_a_password(ines: Person) -> None:
    letters.wait()
    [message] = mail.outbox
    assert message.to == [INES]
    found = re.search(r"http://\S+", str(message.body))
    assert found
    ines.goes_to(found[0]).reads_as_heading("Welcome, Inés")
    ines.page.get_by_label("Password", exact=True).fill(PASSWORD)
    ines.types("The same password again", PASSWORD).presses("Save and come in")


def then_she_sees_today(ines: Person) -> None:
    ines.reads_as_heading("Monday, November 23").finds_no_barrier()
    ines.goes_to("/staff/caseload/").does_not_see("Maya R.")


def when_she_is_put_on_the_care_team_of_maya() -> "tuple[Patient, Patient]":
    """As a page of the care team does it; hers is of another room."""
    from stepwell.ground.kit import clock
    from stepwell.trust.accounts.models import Membership, User
    from stepwell.trust.accounts.roles import Role
    from stepwell.trust.organizations.acting import acting_in
    from stepwell.trust.people.joining import join_care_team
    from stepwell.trust.people.models import Patient, Practitioner

    ines = User.objects.get(email=INES)
    with acting_in(Membership.objects.get(user=ines).organization_id):
        people = {patient.name: patient for patient in Patient.objects.all()}
        maya, devon = people["Maya Reyes"], people["Devon Thackery"]
        today = clock.today("America/New_York")
        tess = User.objects.get(email="tess.nguyen@aldercreek.example")
        join_care_team(maya, Practitioner.objects.get(user=ines), Role.COUNSELOR, on=today, by=tess)
    return maya, devon


def then_she_opens_mayas_chart_and_no_other(ines: Person, maya: "Patient", devon: "Patient") -> None:
    ines.goes_to("/staff/caseload/").follows("Maya R.").reads_as_heading("Maya R.")
    response = ines.page.goto(f"/staff/people/{devon.pk}/")
    assert response is not None and response.status == 404
    response = ines.page.goto("/staff/setup/")
    assert response is not None and response.status == 403


def and_noor_sees_that_she_came_in(noor: Person) -> None:
    noor.goes_to("/staff/setup/staff/").follows("Inés O'Brien-Núñez").sees("Active").sees("Nov 23, 2026")


def test_a_new_counselor_is_at_work_by_ten_past_nine(someone: Callable[..., Person]) -> None:
    noor, ines = someone(NOOR), someone(width=LAPTOP)
    given_noor_invites_ines(noor)
    when_ines_opens_the_mail_and_chooses_a_password(ines)
    then_she_sees_today(ines)
    maya, devon = when_she_is_put_on_the_care_team_of_maya()
    then_she_opens_mayas_chart_and_no_other(ines, maya, devon)
    and_noor_sees_that_she_came_in(noor)
