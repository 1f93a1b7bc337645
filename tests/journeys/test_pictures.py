"""The page behind each door, looked at: pictures in var/pictures/, no barrier axe can find, no sideways scrolling.

The pictures are for a person to look at, beside the ones of the design. What a machine can see is asserted.
"""

from collections.abc import Callable

import pytest

from tests.journeys.people import LAPTOP, PHONE, Person

DANA, MAYA, ROSA = (f"{name}@aldercreek.example" for name in ("dana.whitfield", "maya.reyes", "rosa.mendoza"))
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


def test_a_person_on_a_phone_finds_help_at_once(someone: Callable[..., Person]) -> None:
    visitor = someone(width=PHONE).goes_to("/")
    visitor.page.get_by_role("link", name="Overdose help").first.click()
    visitor.sees("911").finds_no_barrier().scrolls_only_down()
