"""A counselor rates the needs again, reads why, chooses less with a reason, and a second person signs."""

from collections.abc import Callable

from tests.journeys.people import LAPTOP, Person

DANA, NOOR = (f"{name}@aldercreek.example" for name in ("dana.whitfield", "noor.haddad"))


def test_a_level_explained(someone: Callable[..., Person]) -> None:
    dana = someone(DANA, width=LAPTOP)
    given_maya_is_screened_again(dana)
    dana.leaves_pictures("level-of-care-screening").finds_no_barrier()
    when_she_is_rated_worse(dana)
    then_the_level_is_explained(dana)
    dana.leaves_pictures("level-of-care-result").finds_no_barrier()
    when_i_choose_less_with_a_reason(dana)
    dana.sees("Waits for a second signature")
    dana.leaves_pictures("level-of-care-signed").finds_no_barrier()


def given_maya_is_screened_again(dana: Person) -> None:
    dana.goes_to("/staff/caseload/").follows("Maya R.")
    dana.page.get_by_role("link", name="Level of care").first.click()
    dana.follows("Screen again")
    dana.sees("Last time")


def when_she_is_rated_worse(dana: Person) -> None:
    page = dana.page
    for domain, value in (("withdrawal", 1), ("physical", 1), ("mental", 2), ("danger", 3), ("living", 0)):
        page.locator(f'input[name="{domain}"][value="{value}"]').check()
    page.locator('select[name="danger_need"]').select_option("daily_program")
    page.locator('textarea[name="mental_because"]').fill("Low mood, sleeps badly. No thoughts of death now.")
    page.locator('textarea[name="danger_because"]').fill("Used on four days this week, once alone.")
    page.locator('textarea[name="person_because"]').fill("“Evenings, because of work.”")
    page.locator('input[name="home_unsafe"][value="no"]').check()
    page.locator('input[name="heart_rate"]').fill("88")
    page.get_by_role("button", name="See the level and why").click()


def then_the_level_is_explained(dana: Person) -> None:
    for words in (
        "High intensity outpatient (2.5)",
        "Why not less",
        "Why not more",
        "Since last time",
        "Now worse",
    ):
        dana.sees(words)


def when_i_choose_less_with_a_reason(dana: Person) -> None:
    page = dana.page
    page.locator('select[name="chosen"]').select_option("2.1")
    page.locator('select[name="override_kind"]').select_option("preference")
    page.locator('textarea[name="override_because"]').fill(
        "She works days and asks for evenings; her sister stays with her."
    )
    page.get_by_role("button", name="Sign this level").click()


def test_an_emergency_and_what_cannot_be_decided_yet(someone: Callable[..., Person]) -> None:
    dana = someone(DANA, width=LAPTOP)
    given_maya_is_screened_again(dana)
    dana.page.locator('input[name="seizure_today"][value="yes"]').check()
    dana.presses("See the level and why").sees("Emergency: act now, before any level of care")
    dana.leaves_pictures("level-of-care-emergency").finds_no_barrier()
    given_maya_is_screened_again(dana)
    dana.page.locator('input[name="danger"][value="1"]').check()
    dana.page.locator('input[name="withdrawal"][value="1"]').check()
    dana.page.locator('input[name="in_withdrawal_from"][value="alcohol"]').check()
    dana.page.locator('input[name="can_attend_daily"][value="no"]').check()
    dana.presses("See the level and why").sees("The level cannot be determined yet")
    dana.leaves_pictures("level-of-care-open").finds_no_barrier()


def test_a_center_chooses_the_edition_it_writes(someone: Callable[..., Person]) -> None:
    noor = someone(NOOR, width=LAPTOP).goes_to("/staff/setup/")
    noor.follows("Alder Creek").page.get_by_role("link", name="Level of care").click()
    noor.sees("Levels of care as written in").leaves_pictures("level-of-care-edition").finds_no_barrier()
