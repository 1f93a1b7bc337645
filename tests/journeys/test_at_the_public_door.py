"""Somebody looks for help, in either language, and leaves without a trace; somebody works with keys alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect
from pytest_django import Settings

from tests.journeys.people import PHONE, Person

Someone = Callable[..., Person]


def test_i_look_for_a_center_in_my_language_and_leave_fast(someone: Someone) -> None:
    me = someone(width=PHONE)
    me.goes_to("/").reads_as_heading("Find help with drinking or drugs that fits your life")
    me.finds_no_barrier().leaves_pictures("public-home")

    me.presses("Español").reads_as_heading("Encuentre ayuda")
    assert me.page.url.endswith("/es/")
    me.finds_no_barrier().leaves_pictures("public-home-es")

    me.follows("Buscar un centro").types("Código postal o ciudad", "Dayton, OH").presses("Mostrar centros")
    me.sees("Alder Creek")
    expect(
        me.page.get_by_role("link", name=re.compile(r"^\(937\) 555-.* Alder Creek")).first
    ).to_have_attribute("href", re.compile(r"^tel:\+1937555\d{4}$"))
    me.finds_no_barrier()

    when_i_leave(me, lambda: me.page.get_by_role("link", name="Salir").click())
    me.page.go_back()
    assert "near=Dayton" not in me.page.url


@pytest.mark.parametrize(
    "address",
    [
        "/help/overdose/",
        "/help/withdrawal/",
        "/levels/",
        "/levels/outpatient/",
        "/levels/iop/",
        "/levels/virtual/",
        "/levels/day/",
        "/levels/inpatient/",
        "/medicine/",
        "/families/",
        "/cost/",
        "/first-visit/",
        "/privacy/",
        "/check/",
        "/check/answers/",
    ],
)
def test_i_read_a_page_without_a_barrier(someone: Someone, address: str) -> None:
    me = someone(width=PHONE)
    me.goes_to(address).finds_no_barrier().scrolls_only_down()
    me.goes_to(f"/es{address}").finds_no_barrier().leaves_pictures(
        address.strip("/").replace("/", "-") + "-es"
    )


def test_i_press_shift_three_times_and_the_page_is_gone(someone: Someone) -> None:
    me = someone()
    me.goes_to("/help/overdose/")

    def three_times() -> None:
        for _ in range(3):
            me.page.keyboard.press("Shift")

    when_i_leave(me, three_times)


def when_i_leave(me: Person, leaves: Callable[[], None]) -> None:
    def weather(route: Route) -> None:
        route.fulfill(body="<title>Weather</title>", content_type="text/html")

    me.page.route("https://www.weather.gov/**", weather)
    leaves()
    me.page.wait_for_url("https://www.weather.gov/**")
    # Leaving is the one time that another site is asked for anything.
    assert {trouble.partition("weather.gov")[0] for trouble in me.trouble} == {
        "third-party request: https://www."
    }
    me.trouble.clear()


@pytest.fixture
def demonstration(settings: Settings) -> None:
    settings.STEPWELL_DEMO = True


def test_i_see_every_component_in_every_state(demonstration: None, someone: Someone) -> None:
    me = someone()
    me.goes_to("/styleguide/").finds_no_barrier().leaves_pictures("styleguide")
    me.goes_to("/styleguide/?theme=dark").finds_no_barrier()


def test_i_work_with_keys_and_see_them_listed(demonstration: None, someone: Someone) -> None:
    me = someone()
    me.goes_to("/styleguide/")
    keys = me.page.keyboard
    chosen = me.page.locator("[data-item].sel")

    me.page.get_by_role("heading", level=1).click()
    expect(chosen).to_contain_text("Devon T.")
    keys.press("j")
    expect(chosen).to_contain_text("Rosa M.")
    keys.press("k")
    expect(chosen).to_contain_text("Devon T.")

    # A letter in a field is a letter.
    me.page.get_by_label("Name").first.fill("")
    keys.type("j?")
    expect(me.page.get_by_label("Name").first).to_have_value("j?")
    expect(chosen).to_contain_text("Devon T.")

    me.page.get_by_role("heading", level=1).click()
    keys.press("?")
    dialog = me.page.get_by_role("dialog", name="Keys on this page")
    expect(dialog).to_contain_text("Say well done")
    dialog.get_by_role("button", name="Close list").click()
    expect(dialog).to_be_hidden()
