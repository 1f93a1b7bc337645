"""The page behind each door, looked at: pictures in var/pictures/, no barrier axe can find, no sideways scrolling.

The pictures are for a person to look at, beside the ones of the design. What a machine can see is asserted.
"""

import re
from collections.abc import Callable

import pytest

from tests.journeys.people import LAPTOP, PHONE, Person

DANA, MAYA, ROSA = (f"{name}@aldercreek.example" for name in ("dana.whitfield", "maya.reyes", "rosa.mendoza"))
NOOR, ELLEN = (f"{name}@aldercreek.example" for name in ("noor.haddad", "ellen.park"))
TESS, JOEL = (f"{name}@aldercreek.example" for name in ("tess.nguyen", "joel.price"))


@pytest.mark.parametrize(
    ("name", "email", "path"),
    [
        ("public-home", None, "/"),
        ("public-home-es", None, "/es/"),
        ("public-centers", None, "/centers/"),
        ("sign-in", None, "/sign-in/"),
        ("patient-home", MAYA, "/me/"),
        ("patient-home-es", ROSA, "/me/"),
        ("patient-week", MAYA, "/me/week/"),
        ("patient-plan", MAYA, "/me/plan/"),
        ("patient-check-in", ROSA, "/me/check-in/"),
        ("staff-today", DANA, "/staff/today/"),
        ("staff-caseload", DANA, "/staff/caseload/"),
        ("staff-groups", DANA, "/staff/groups/"),
        ("desk-today", TESS, "/staff/today/"),
        ("desk-referrals", TESS, "/staff/referrals/"),
        ("nurse-today", JOEL, "/staff/today/"),
        ("setup", NOOR, "/staff/setup/"),
        ("setup-staff", NOOR, "/staff/setup/staff/"),
        ("setup-invitation", NOOR, "/staff/setup/staff/invitation/"),
        ("setup-new-center", NOOR, "/staff/setup/centers/new/"),
        ("organization", NOOR, "/staff/organization/"),
    ],
)
def test_a_page_is_fit_to_be_seen(
    someone: Callable[..., Person], name: str, email: str | None, path: str
) -> None:
    person = someone(email).goes_to(path)
    person.leaves_pictures(name)
    person.finds_no_barrier()


def test_the_chart_and_the_group_room_are_fit_to_be_seen(someone: Callable[..., Person]) -> None:
    dana = someone(DANA, width=LAPTOP).goes_to("/staff/caseload/")
    dana.follows("Maya R.").reads_as_heading("Maya R.")
    dana.leaves_pictures("staff-chart").finds_no_barrier()
    dana.goes_to("/staff/today/").page.locator(".agenda a.btn").first.click()
    dana.sees("Roster and lines").leaves_pictures("group-session").finds_no_barrier()


def test_the_pages_of_a_center_and_of_somebody_who_leaves_are_fit_to_be_seen(
    someone: Callable[..., Person],
) -> None:
    ellen = someone(ELLEN, width=LAPTOP).goes_to("/staff/setup/")
    ellen.follows("Alder Creek").leaves_pictures("setup-center").finds_no_barrier()
    for page in ("Hours", "Closed days", "Rooms", "Public entry"):
        ellen.follows(page, within=ellen.page.locator(".tabs"))
        ellen.leaves_pictures(f"setup-{page.lower().replace(' ', '-')}").finds_no_barrier()
    ellen.goes_to("/staff/setup/staff/").follows("Renee Castillo")
    ellen.leaves_pictures("setup-member").finds_no_barrier()
    ellen.follows("Change roles").leaves_pictures("setup-roles").finds_no_barrier()
    ellen.goes_to("/staff/setup/staff/").follows("Renee Castillo").follows("Hand over and deactivate")
    ellen.leaves_pictures("setup-leaving").finds_no_barrier()


def test_a_person_on_a_phone_finds_help_at_once(someone: Callable[..., Person]) -> None:
    visitor = someone(width=PHONE).goes_to("/")
    visitor.page.get_by_role("link", name="Overdose help").first.click()
    visitor.sees("911").finds_no_barrier().scrolls_only_down()


def test_consents_are_fit_to_be_seen(someone: Callable[..., Person]) -> None:
    dana, maya = someone(DANA), someone(MAYA)
    dana.goes_to("/staff/caseload/").follows("Maya R.")
    dana.follows("Consents", within=dana.page.get_by_role("navigation", name="Chart"))
    consents = dana.page.url
    dana.sees("Valley Health Plan").leaves_pictures("staff-consents").finds_no_barrier()
    dana.follows("Dr. Lena Brandt").sees("What was read and signed").leaves_pictures("staff-consent")
    dana.finds_no_barrier().goes_to(f"{consents}new/").leaves_pictures(
        "staff-consent-kinds"
    ).finds_no_barrier()
    dana.goes_to(f"{consents}new/?to=criminal_justice").presses("Show the text")
    dana.leaves_pictures("staff-consent-new").finds_no_barrier()
    dana.goes_to(consents).follows("What was shared").leaves_pictures("staff-disclosures").finds_no_barrier()
    dana.follows("Share something")
    dana.page.get_by_role("radio", name=re.compile("Brandt")).check(force=True)
    dana.page.get_by_label("What for").select_option(label="Treatment")
    dana.ticks("Dates and kind of care").ticks("Visit notes").presses("See what may go").sees("May not go")
    dana.leaves_pictures("staff-disclosure").finds_no_barrier()
    maya.goes_to("/me/privacy/").leaves_pictures("patient-privacy").finds_no_barrier()
    maya.follows("Read it").leaves_pictures("patient-consent").finds_no_barrier()
    maya.goes_to("/me/privacy/told/").leaves_pictures("patient-told").finds_no_barrier()
    maya.goes_to("/me/privacy/consents/new/").leaves_pictures("patient-new-ok").finds_no_barrier()
    maya.goes_to("/me/privacy/").page.get_by_role("link", name=re.compile("^Stop")).first.click()
    maya.sees("Stop sharing?").leaves_pictures("patient-stop").finds_no_barrier()
