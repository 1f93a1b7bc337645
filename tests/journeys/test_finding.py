"""Somebody is found from the keyboard alone, from any staff page."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Person

DANA = "dana.whitfield@aldercreek.example"


def test_i_find_a_person_by_keyboard_and_escape_gives_my_place_back(someone: Callable[..., Person]) -> None:
    dana = someone(DANA)
    dana.goes_to("/staff/today/")
    keys = dana.page.keyboard
    keys.press("j")
    began = dana.page.evaluate("document.activeElement.outerHTML")
    keys.press("/")
    keys.type("reys maya")
    first = dana.page.locator("#found-here [data-way]").first
    expect(first).to_contain_text("Maya Reyes")
    dana.leaves_pictures("found-here").finds_no_barrier()
    keys.press("ArrowDown")
    expect(first).to_be_focused()
    keys.press("ArrowUp")
    keys.press("Escape")
    expect(dana.page.locator("#found-here")).to_be_hidden()
    assert dana.page.evaluate("document.activeElement.outerHTML") == began
    keys.press("/")
    keys.type("reys maya")
    expect(first).to_contain_text("Maya Reyes")
    keys.press("ArrowDown")
    keys.press("Enter")
    dana.reads_as_heading("Maya R.")


def test_keys_tell_of_themselves_begin_what_i_may_and_stay_off_where_i_turned_them_off(
    someone: Callable[..., Person],
) -> None:
    dana = someone(DANA)
    dana.goes_to("/staff/today/")
    keys = dana.page.keyboard
    keys.press("n")
    expect(dana.page.get_by_role("link", name="New task")).to_be_visible()
    dana.leaves_pictures("new-menu").finds_no_barrier()
    keys.press("Escape")
    expect(dana.page.get_by_role("link", name="New task")).to_be_hidden()
    keys.press("?")
    for said in ("Keys on this page", "Begin something new", "Find a person, group or action"):
        expect(dana.page.get_by_role("dialog")).to_contain_text(said)
    dana.leaves_pictures("keys").finds_no_barrier()
    with dana.page.expect_response("**/account/keys/"):
        dana.page.get_by_label("Use single keys").uncheck()
    dana.presses("Close list")
    dana.goes_to("/staff/caseload/")
    keys.press("n")
    keys.press("/")
    expect(dana.page.get_by_role("link", name="New task")).to_be_hidden()
    expect(dana.page.locator("[data-finds]")).not_to_be_focused()
    dana.goes_to("/account/").presses("Turn on")
    dana.goes_to("/staff/caseload/")
    keys.press("g")
    keys.press("t")
    dana.reads_as_heading("Monday, November 23")
