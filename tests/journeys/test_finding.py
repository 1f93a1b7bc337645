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
