"""Renee leaves. What she holds goes to colleagues, and her open page is the last she sees."""

from collections.abc import Callable

from tests.journeys.people import Person

ELLEN, RENEE = "ellen.park@aldercreek.example", "renee.castillo@aldercreek.example"


def given_renee_is_at_work(renee: Person) -> None:
    renee.goes_to("/staff/caseload/").reads_as_heading("Caseload")


def when_ellen_hands_her_work_over(ellen: Person) -> None:
    ellen.goes_to("/staff/setup/staff/").follows("Renee Castillo").follows("Hand over and deactivate")
    ellen.reads_as_heading("Renee Castillo leaves").presses("Hand over and deactivate")
    ellen.sees("There is a problem").finds_no_barrier()


def and_chooses_who_takes_what(ellen: Person) -> None:
    for part, colleague in (
        ("caseload", "Dana"),
        ("tasks", "Dana"),
        ("appointments", "Dana"),
        ("notes", "Bell"),
    ):
        choice = ellen.page.locator(f"#id_all_{part}")
        if choice.count():
            option = choice.locator("option").filter(has_text=colleague).first
            choice.select_option(option.get_attribute("value"))
    groups = ellen.page.locator("#id_all_groups")
    if groups.count():
        groups.select_option("end")
        ellen.page.locator("#id_because_groups").fill("Nobody is free at those times.")


def and_is_told_of_a_colleague_who_is_busy(ellen: Person) -> None:
    """Dana leads a group or sees somebody at one of those times: those visits are called off instead."""
    for _visit in range(40):
        ellen.presses("Hand over and deactivate")
        if "nothing is left with nobody" in ellen.page.locator("main").inner_text():
            return
        busy = ellen.page.locator(".setup-hand .bad select")
        assert busy.count() == 1, ellen.page.locator("main").inner_text()
        busy.select_option("end")
        ellen.page.locator("#id_because_appointments").fill("We book it anew with somebody else.")
    raise AssertionError("the hand-over does not come to its end")


def then_renee_sees_nothing_any_more(renee: Person) -> None:
    renee.page.goto("/staff/caseload/")
    assert "/sign-in/" in renee.page.url


def test_someone_leaves(someone: Callable[..., Person]) -> None:
    renee, ellen = someone(RENEE), someone(ELLEN)
    given_renee_is_at_work(renee)
    when_ellen_hands_her_work_over(ellen)
    and_chooses_who_takes_what(ellen)
    and_is_told_of_a_colleague_who_is_busy(ellen)
    then_renee_sees_nothing_any_more(renee)
