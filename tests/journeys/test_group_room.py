"""A group is marked and written with the keyboard, saved as it is written, and signed at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from stepwell.care.notes.models import Note
from stepwell.care.scheduling.models import GroupSession
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from tests.journeys.people import Person

SAYS = {
    "Aisha": "Named Sunday night as the hardest hour; rode out a craving using breath",
    "Brianna": "Wrote a plan for Thursday: arrive late, leave by seven",
    "Cole": "Compared cravings to waves; will keep the card in the truck",
}


def a_session(name: str, day: str) -> tuple[str, str]:
    """Its address, and who leads it."""
    organization = Organization.objects.get(slug="alder-creek")
    with acting_in(organization.pk):
        session = GroupSession.objects.select_related("leader__user").get(
            series__name=name, starts_at__date=day
        )
        return f"/staff/groups/{session.pk}/", session.leader.user.email


def signed_notes() -> int:
    with acting_in(Organization.objects.get(slug="alder-creek").pk):
        return Note.objects.in_force().signed().count()


def row(me: Person, name: str) -> Locator:
    return me.page.locator("tr[data-row]").filter(has=me.page.locator("th", has_text=name))


def chosen(within: Locator, letter: str) -> Locator:
    return within.locator(f"td.att input[data-letter={letter}]:checked")


def line(within: Locator) -> Locator:
    return within.get_by_label("Line,")


def i_press_a_letter_on(me: Person, name: str, letter: str) -> None:
    row(me, name).locator("td.att input").first.focus()
    me.page.keyboard.press(letter)


@pytest.fixture
def dana(someone: Callable[..., Person]) -> Person:
    return someone(a_session("Skills A", "2026-11-23")[1])


def test_i_mark_and_write_a_group_without_the_mouse(dana: Person) -> None:
    address, _ = a_session("Skills A", "2026-11-23")
    dana.goes_to(address)
    dana.sees("12 expected: 12 not marked").finds_no_barrier()

    # A marks everybody here; a letter on a row marks what differs.
    dana.page.keyboard.press("a")
    dana.sees("12 expected: 12 here")
    i_press_a_letter_on(dana, "Aisha", "v")
    dana.sees("11 here, 1 by video")
    i_press_a_letter_on(dana, "Wendell", "a")
    dana.sees("10 here, 1 by video, 1 absent")
    expect(row(dana, "Wendell").get_by_label("Reason,")).to_be_visible()
    expect(line(row(dana, "Wendell"))).to_have_count(0)

    # Late without minutes is refused beside the row, and taken with them.
    i_press_a_letter_on(dana, "Priya", "l")
    expect(row(dana, "Priya")).to_contain_text("How many of the 180 minutes was that?")
    row(dana, "Priya").get_by_label("Minutes,").fill("65")
    dana.page.keyboard.press("Tab")
    dana.sees("1 late")

    # A click below meets what it was aimed at, though the row above folds up as it loses the focus.
    line(row(dana, "Aisha")).click()
    expect(row(dana, "Aisha").get_by_role("button", name="Practiced")).to_be_visible()
    row(dana, "Brianna").locator("td.took input").nth(2).click()
    dana.sees("Took part: 1 active")
    expect(row(dana, "Aisha").get_by_role("button", name="Practiced")).to_be_hidden()

    # Tab goes from line to line, and each line is saved by itself.
    line(row(dana, "Aisha")).focus()
    for words in SAYS.values():
        dana.page.keyboard.type(words)
        dana.page.keyboard.press("Tab")
    dana.sees("3 Lines 3 of 11")
    dana.page.keyboard.type(SAYS["Brianna"].upper())
    dana.page.keyboard.press("Tab")
    expect(row(dana, "Devon")).to_contain_text("Same words as Brianna.")
    dana.finds_no_barrier()

    dana.goes_to(address)
    for name, words in SAYS.items():
        expect(line(row(dana, name))).to_have_value(words)
    expect(chosen(row(dana, "Aisha"), "v")).to_have_count(1)
    expect(row(dana, "Priya").get_by_label("Minutes,")).to_have_value("65")


def test_a_save_that_fails_says_so_keeps_my_words_and_tries_again(dana: Person) -> None:
    dana.goes_to(a_session("Skills A", "2026-11-23")[0])
    dana.page.keyboard.press("a")
    dana.sees("12 here")

    def fails(route: Route) -> None:
        route.abort()

    dana.page.route("**/rows/**", fails)
    line(row(dana, "Aisha")).fill(SAYS["Aisha"])
    line(row(dana, "Cole")).focus()
    expect(row(dana, "Aisha")).to_contain_text("Not saved. Your words are still here.")
    expect(line(row(dana, "Aisha"))).to_have_value(SAYS["Aisha"])
    dana.page.unroute("**/rows/**", fails)
    line(row(dana, "Aisha")).press("End")
    line(row(dana, "Aisha")).type(".")
    dana.sees("3 Lines 1 of 12")
    dana.trouble.clear()  # The failed request is what this is about.


def test_two_of_us_write_one_row_and_the_second_sees_both(
    someone: Callable[..., Person], dana: Person
) -> None:
    address, email = a_session("Skills A", "2026-11-23")
    dana.goes_to(address)
    dana.page.keyboard.press("a")
    dana.sees("12 here")
    other = someone(email)
    other.goes_to(address)
    line(row(dana, "Aisha")).fill("What was written first about Sunday")
    line(row(dana, "Cole")).focus()
    dana.sees("3 Lines 1 of 12")
    line(row(other, "Aisha")).fill("What was written second about Monday")
    line(row(other, "Cole")).focus()
    expect(row(other, "Aisha")).to_contain_text("What was written first about Sunday")
    expect(line(row(other, "Aisha"))).to_have_value("What was written second about Monday")
    other.finds_no_barrier()
    other.presses("Keep what I wrote", within=row(other, "Aisha"))
    expect(row(other, "Aisha")).not_to_contain_text("What was written first about Sunday")
    dana.goes_to(address)
    expect(line(row(dana, "Aisha"))).to_have_value("What was written second about Monday")


def test_i_sign_what_i_owe_and_a_second_time_does_nothing(dana: Person) -> None:
    before = signed_notes()
    dana.goes_to("/staff/notes/").follows("Write and sign")
    dana.page.wait_for_url("**/staff/groups/**")
    address = dana.page.url
    dana.sees("4 Sign")
    for place in dana.page.locator("tr[data-row]").all():
        line(place).fill(f"Asked a question of their own, number {place.get_attribute('id')}")
    dana.page.keyboard.press("Control+Enter")
    dana.sees("Everything is signed.")
    assert signed_notes() > before
    dana.page.goto(address)
    expect(dana.page.get_by_role("button", name="Sign")).to_have_count(0)
    dana.follows("Signed", within=dana.page.locator("table"))
    dana.sees("Dana Whitfield, LCDC").finds_no_barrier()


def test_i_am_told_everything_that_is_lacking_beside_its_field(dana: Person) -> None:
    before = signed_notes()
    dana.goes_to(a_session("Skills A", "2026-11-23")[0])
    dana.page.keyboard.press("a")
    dana.sees("12 here")
    dana.page.keyboard.press("Control+Enter")
    dana.sees("Nothing is signed yet").sees("Write what Aisha did or said.").finds_no_barrier()
    dana.follows("Give the topic of the group.")
    expect(dana.page.get_by_label("Topic")).to_be_focused()
    assert signed_notes() == before


def test_what_my_colleague_marks_reaches_my_page_and_leaves_what_i_am_writing(
    someone: Callable[..., Person],
) -> None:
    address, leader = a_session("Skills A", "2026-11-23")
    dana, marcus = someone(leader), someone("marcus.bell@aldercreek.example")
    dana.goes_to(address)
    marcus.goes_to(address)
    dana.presses("Mark all here")
    expect(chosen(row(marcus, "Cole"), "h")).to_have_count(1, timeout=4000)
    line(row(marcus, "Cole")).fill("Compared cravings to waves; will ")
    i_press_a_letter_on(dana, "Cole", "v")
    i_press_a_letter_on(dana, "Aisha", "v")
    expect(chosen(row(marcus, "Aisha"), "v")).to_have_count(1, timeout=4000)
    expect(line(row(marcus, "Cole"))).to_be_focused()
    expect(line(row(marcus, "Cole"))).to_have_value(re.compile("Compared cravings to waves; will"))
    # His own save finds hers, says so beside the line, and overwrites nothing.
    expect(row(marcus, "Cole").get_by_text("while you wrote")).to_be_visible()
    marcus.finds_no_barrier().leaves_pictures("group-room-live")
    dana.goes_to(address)
    expect(chosen(row(dana, "Cole"), "v")).to_have_count(1)
