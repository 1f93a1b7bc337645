"""Monday at nine, by keyboard alone, to the last thing due; and a supervisor who looks over a counselor's caseload."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import LAPTOP, Person

DANA, BELL = (f"{name}@aldercreek.example" for name in ("dana.whitfield", "marcus.bell"))
WHY = "Her sister drives her on Friday"


def press(me: Person, *keys: str) -> None:
    """Keys act once the page is there."""
    me.page.wait_for_load_state()
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


def stands_on(me: Person) -> str:
    """The words of the line that has the focus, wherever a key led."""
    return me.page.evaluate("document.activeElement.closest('[data-item]')?.textContent ?? ''")


def when_she_says_what_came_of_calling(dana: Person, name: str) -> None:
    """On the line of somebody to reach: what happened, in words, and back on Today."""
    line = dana.page.locator(".need").filter(has_text=name)
    line.locator("a").first.focus()
    press(dana, "e")
    dana.reads_as_heading(f"Reach {name.split()[0]}")
    expect(dana.page.get_by_label("Reached them")).to_be_focused()
    press(dana, "Space", "Tab")
    dana.page.keyboard.type("Talked. A ride is arranged.")
    press(dana, "Control+Enter")
    dana.reads_as_heading("Monday, November 23").sees("Reached them.")


def when_she_follows_up_the_answer(dana: Person) -> None:
    press(dana, "o")
    dana.reads_as_heading(re.compile("PHQ-9|Wendell"))
    dana.page.get_by_role("group", name="What was done").get_by_role("checkbox").first.focus()
    press(dana, "Space")
    dana.page.get_by_label(re.compile("In a few words|What")).last.focus()
    dana.page.keyboard.type("Called him. Safe tonight, his wife is with him. Seen at noon.")
    press(dana, "Control+Enter")
    dana.reads_as_heading("Monday, November 23").sees("Followed up.")


def when_she_signs_the_note_that_is_late(dana: Person) -> None:
    press(dana, "g", "d")
    assert "Sign 1 note" in stands_on(dana)
    press(dana, "e")
    dana.reads_as_heading("Saturday family and skills")
    press(dana, "Control+Enter")
    dana.reads_as_heading("Monday, November 23").sees("1 note signed.")


def when_she_finishes_what_bell_asked(dana: Person) -> None:
    assert "Look at the safety plan" in stands_on(dana), (
        "the next line has the focus after the one that is gone"
    )
    press(dana, "e")
    dana.reads_as_heading("Look at the safety plan together")
    for _choice in range(3):
        press(dana, "ArrowRight")
    press(dana, "Tab")
    dana.page.keyboard.type("Her sister stands in it now.")
    press(dana, "Control+Enter")
    dana.reads_as_heading("Monday, November 23").sees("Look at the safety plan together: Done.")


def when_she_sends_and_signs_the_plan_that_is_to_be_reviewed(dana: Person) -> None:
    assert "Review the plan with Wendell" in stands_on(dana)
    press(dana, "e")
    dana.page.get_by_role("button", name="Revise plan").wait_for()
    press(dana, "p")
    dana.page.get_by_role("button", name="Send for signatures").wait_for()
    press(dana, "Control+Enter")
    dana.page.get_by_role("button", name="Sign the plan").wait_for()
    press(dana, "Control+Enter")
    dana.sees("Wendell reads and signs it on their own phone")
    press(dana, "g", "t")
    dana.reads_as_heading("Monday, November 23").does_not_see("Review the plan with Wendell")


def when_she_says_that_a_phone_is_arranged_and_takes_it_back_and_says_it_again(dana: Person) -> None:
    assert "Help Aisha with a phone" in stands_on(dana)
    press(dana, "e")
    dana.sees("Help Aisha with a phone: Arranged it.")
    press(dana, "z")
    expect(dana.page.locator("#due")).to_contain_text("Help Aisha with a phone")
    press(dana, "g", "d", "e")
    dana.sees("Help Aisha with a phone: Arranged it.")


def then_nothing_is_due_and_nobody_waits_to_be_reached(dana: Person) -> None:
    dana.sees("Nothing is waiting for you.")
    expect(dana.page.get_by_role("heading", name="Due from me")).to_be_focused()
    needs = dana.page.locator(".needs")
    for reason in ("Not followed up", "No contact since intake", "no reason yet"):
        expect(needs).not_to_contain_text(reason)


def test_a_counselor_closes_the_last_thing_due_without_touching_the_mouse(
    someone: Callable[..., Person],
) -> None:
    dana = someone(DANA, width=LAPTOP).goes_to("/staff/today/")
    when_she_follows_up_the_answer(dana)
    when_she_says_what_came_of_calling(dana, "Devon T.")
    when_she_says_what_came_of_calling(dana, "Hannah V.")
    when_she_signs_the_note_that_is_late(dana)
    when_she_finishes_what_bell_asked(dana)
    when_she_sends_and_signs_the_plan_that_is_to_be_reviewed(dana)
    when_she_says_that_a_phone_is_arranged_and_takes_it_back_and_says_it_again(dana)
    then_nothing_is_due_and_nobody_waits_to_be_reached(dana)


def test_a_supervisor_looks_over_a_counselors_caseload(someone: Callable[..., Person]) -> None:
    bell = someone(BELL, width=LAPTOP).goes_to("/staff/caseload/")
    bell.follows("Whole program")
    bell.chooses("Counselor", "Dana Whitfield").presses("Show these")
    bell.reads_as_heading("Caseload of Dana Whitfield").finds_no_barrier().scrolls_only_down()
    bell.follows("BAM risk")
    expect(bell.page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    assert re.search(r"counselor=[0-9a-f-]{36}", bell.page.url)
