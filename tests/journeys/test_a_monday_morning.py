"""Monday at nine, by keyboard alone; and a supervisor who looks over a counselor's caseload."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import LAPTOP, Person

DANA, BELL = (f"{name}@aldercreek.example" for name in ("dana.whitfield", "marcus.bell"))
WHY = "Her sister drives her on Friday"


def press(me: Person, *keys: str) -> None:
    for key in keys:
        me.page.keyboard.press(key)


def when_she_opens_the_answer_that_stands_first(dana: Person) -> None:
    press(dana, "o")
    dana.sees("PHQ-9").sees("Wendell")
    press(dana, "g", "t")
    dana.reads_as_heading("Monday, November 23")


def when_she_moves_down_to_rosa_and_sets_her_hours_aside(dana: Person) -> None:
    selected = dana.page.locator(".need.sel")
    for _row in range(12):
        if "Rosa M." in (selected.first.text_content() or ""):
            break
        press(dana, "j")
    expect(selected).to_contain_text("Rosa M.")
    press(dana, "s")
    dana.sees("Set aside on Today").finds_no_barrier()
    dana.page.get_by_label("Why").focus()
    dana.page.keyboard.type(WHY)
    press(dana, "Control+Enter")
    dana.reads_as_heading("Monday, November 23").sees("1 need set aside")


def then_rosa_no_longer_ranks_and_the_team_reads_why(dana: Person, bell: Person) -> None:
    expect(dana.page.locator(".need").filter(has_text="Rosa M.")).to_have_count(0)
    dana.finds_no_barrier()
    bell.goes_to("/staff/today/?show=whole").page.get_by_text("1 need set aside").click()
    bell.sees(f"because {WHY}, Dana Whitfield")


def test_a_counselor_begins_the_week_without_touching_the_mouse(someone: Callable[..., Person]) -> None:
    dana, bell = someone(DANA, width=LAPTOP).goes_to("/staff/today/"), someone(BELL)
    when_she_opens_the_answer_that_stands_first(dana)
    when_she_moves_down_to_rosa_and_sets_her_hours_aside(dana)
    then_rosa_no_longer_ranks_and_the_team_reads_why(dana, bell)


def test_a_supervisor_looks_over_a_counselors_caseload(someone: Callable[..., Person]) -> None:
    bell = someone(BELL, width=LAPTOP).goes_to("/staff/caseload/")
    bell.follows("Whole program")
    bell.chooses("Counselor", "Dana Whitfield").presses("Show these")
    bell.reads_as_heading("Caseload of Dana Whitfield").finds_no_barrier().scrolls_only_down()
    bell.follows("BAM risk")
    expect(bell.page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    assert re.search(r"counselor=[0-9a-f-]{36}", bell.page.url)
