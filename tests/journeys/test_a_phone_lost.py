"""A phone is lost, with the passkey on it: I get in, end it, and go on. And a screen that nobody sits at."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from stepwell.config.testing.fixtures import NOW
from stepwell.ground.kit import clock
from stepwell.trust.accounts import sealed, totp
from tests.journeys.people import LAPTOP, PHONE, Person

DANA = "dana.whitfield@aldercreek.example"
PASSWORD = "words that only Dana knows"


@pytest.fixture
def dana_with_password(alder_creek: str, settings: Any) -> Any:
    from stepwell.trust.accounts.models import User

    settings.STEPWELL_SECOND_FACTOR = True
    dana = User.objects.get(email=DANA)
    dana.set_password(PASSWORD)
    dana.save()
    return dana


@pytest.fixture
def moves_on() -> Iterator[Callable[[datetime], Any]]:
    with ExitStack() as stack:
        yield lambda at: stack.enter_context(clock.stand_still(at))


def given_a_device_that_holds_passkeys(me: Person) -> CDPSession:
    """Chromium's own authenticator: it has a finger to check, and remembers."""
    devtools = me.context.new_cdp_session(me.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools


def i_give_my_password(me: Person) -> None:
    me.goes_to("/sign-in/").types("Email", DANA).types("Password", PASSWORD)
    me.page.get_by_role("button", name="Sign in", exact=True).click()


def test_i_lose_my_phone_and_nobody_comes_in_with_it(
    someone: Callable[..., Person], dana_with_password: Any, moves_on: Callable[[datetime], Any]
) -> None:
    # On Monday I set up a passkey on my phone, and keep the codes.
    phone = someone(width=PHONE)
    given_a_device_that_holds_passkeys(phone)
    i_give_my_password(phone)
    phone.reads_as_heading("Set up a second step").finds_no_barrier()
    phone.follows("A passkey").types("A name for it", "my phone").presses("Add a passkey on this device")
    phone.reads_as_heading("Recovery codes").finds_no_barrier().scrolls_only_down()
    papers = phone.page.locator("ol.recovery li").all_inner_texts()
    assert len(papers) == 10
    phone.follows("I have kept them")
    phone.page.wait_for_url("**/staff/today/")
    # From then on the passkey is enough.
    phone.page.get_by_role("button", name="Sign out").first.click()
    phone.goes_to("/sign-in/").presses("Sign in with a passkey")
    phone.page.wait_for_url("**/staff/today/")

    # On Tuesday the phone is gone. I sign in at the front desk with a code on paper.
    desk = someone(width=LAPTOP)
    given_a_device_that_holds_passkeys(desk)
    i_give_my_password(desk)
    desk.reads_as_heading("One more step").finds_no_barrier()
    desk.types("Code", "not this one").presses(re.compile("^Sign in$"))
    desk.sees("That code is not right")
    desk.types("Code", papers[0]).presses(re.compile("^Sign in$"))
    desk.page.wait_for_url("**/staff/today/")

    # I take the old key away: nothing else opens before I have a new one.
    desk.goes_to("/account/").finds_no_barrier().goes_to("/account/passkeys/").sees("my phone").presses(
        "Remove"
    )
    desk.page.wait_for_url("**/account/passkeys/")
    desk.goes_to("/staff/today/").reads_as_heading("Set up a second step")
    desk.follows("A passkey").types("A name for it", "the desk").presses("Add a passkey on this device")
    desk.reads_as_heading("Recovery codes").follows("I have kept them")
    desk.page.wait_for_url("**/staff/today/")

    # The phone is still signed in, until I end it.
    phone.goes_to("/staff/caseload/").sees("Caseload")
    desk.goes_to("/account/sessions/").sees("This device").finds_no_barrier()
    desk.presses("Sign out everywhere else").sees("Every other device is signed out.")
    phone.page.goto("/staff/caseload/")
    phone.page.wait_for_url("**/sign-in/**")
    phone.presses("Sign in with a passkey")
    phone.sees("That passkey was not accepted.")


def test_an_app_on_my_phone_is_set_up_from_its_picture(
    someone: Callable[..., Person], dana_with_password: Any, moves_on: Callable[[datetime], Any]
) -> None:
    me = someone()
    i_give_my_password(me)
    me.follows("An app on your phone").reads_as_heading("Authenticator app").finds_no_barrier()
    expect(me.page.locator("svg.qr")).to_be_visible()
    me.page.get_by_text("You cannot scan it?").click()
    secret = me.page.locator("p.strong.num").inner_text().replace(" ", "")
    me.page.get_by_label("Code", exact=True).fill(totp.code_of(secret, totp.step_at(NOW.timestamp())))
    me.presses("Set up the app")
    me.reads_as_heading("Recovery codes").follows("I have kept them")
    me.page.wait_for_url("**/staff/today/")
    me.page.get_by_role("button", name="Sign out").first.click()
    moves_on(NOW + timedelta(minutes=1))
    i_give_my_password(me)
    kept = sealed.unseal(type(dana_with_password).objects.get(email=DANA).authenticator_app.secret)
    assert kept == secret
    me.types("Code", totp.code_of(secret, totp.step_at(NOW.timestamp()) + 2)).presses(re.compile("^Sign in$"))
    me.page.wait_for_url("**/staff/today/")


def test_i_step_away_and_find_my_words_again(
    someone: Callable[..., Person],
    dana_with_password: Any,
    moves_on: Callable[[datetime], Any],
    settings: Any,
) -> None:
    settings.STEPWELL_SECOND_FACTOR = False
    me = someone(DANA)
    me.context.clock.install()

    def minutes_pass(minutes: int) -> None:
        """For the server and for the screen."""
        moves_on(clock.now() + timedelta(minutes=minutes))
        me.context.clock.fast_forward(minutes * 60_000)

    me.goes_to("/staff/caseload/")
    other_tab = me.context.new_page()
    other_tab.goto("/staff/today/")
    find = me.page.get_by_role("searchbox")
    find.fill("what I was about to look for")

    # First I am asked, and say that I am here.
    warning = me.page.get_by_role("alertdialog")
    minutes_pass(12)
    expect(warning).to_be_hidden()
    minutes_pass(1)
    expect(warning).to_be_visible()
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    expect(find).to_have_value("what I was about to look for")

    # Then I leave. After a quarter of an hour nothing can be read in either tab.
    cover = me.page.get_by_role("dialog", name="Still you?")
    minutes_pass(14)
    expect(warning).to_be_visible()
    expect(cover).to_be_hidden()
    minutes_pass(1)
    expect(cover).to_be_visible()
    expect(me.page.get_by_role("heading", name="Caseload")).to_be_hidden()
    me.finds_no_barrier()
    expect(other_tab.get_by_role("dialog", name="Still you?")).to_be_visible()
    assert "Covered" in me.page.title()
    me.page.keyboard.press("Escape")
    me.page.keyboard.press("Escape")
    expect(cover).to_be_visible()

    # I come back: a wrong password says so, the right one opens both, and my words are where they were.
    cover.get_by_label("Password").fill("not mine")
    me.page.keyboard.press("Enter")
    expect(cover).to_contain_text("That is not right.")
    cover.get_by_label("Password").fill(PASSWORD)
    me.page.keyboard.press("Enter")
    expect(cover).to_be_hidden()
    expect(find).to_have_value("what I was about to look for")
    expect(other_tab.get_by_role("dialog", name="Still you?")).to_be_hidden()
