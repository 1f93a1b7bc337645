"""Somebody asks at night what could help, and nobody learns that they asked."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import PHONE, Person

Someone = Callable[..., Person]


def when_i_answer(me: Person, *answers: str) -> None:
    for words in answers:
        me.page.get_by_label(words, exact=True).check(force=True)
    me.page.get_by_role("button", name=re.compile("Continue|Continuar")).click()


def then_nothing_is_left(me: Person) -> None:
    assert me.context.cookies() == []
    assert me.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert re.fullmatch(r"(/es)?/check/((\d|answers|result)/)?", me.page.evaluate("location.pathname"))
    assert me.page.evaluate("location.search") == ""


def test_i_am_afraid_at_night_and_am_shown_who_to_call_at_once(someone: Someone) -> None:
    me = someone(width=PHONE)
    me.goes_to("/").follows("Start the private check").reads_as_heading("See what kind of care may fit you")
    me.finds_no_barrier().leaves_pictures("check-intro")
    me.follows("Start the private check").reads_as_heading("Is any of this happening right now?")
    me.finds_no_barrier().leaves_pictures("check-question")

    # In a hurry, nothing is chosen: the page says so and takes nobody anywhere.
    me.presses("Continue").sees("Choose an answer, or skip this question.").finds_no_barrier()
    expect(me.page).to_have_title(re.compile("^Error: Question 1 of 8"))

    when_i_answer(me, "Thoughts of ending my life")
    me.reads_as_heading("Call or text 988 now").does_not_see("good place to start")
    expect(me.page.get_by_role("link", name="Call 988", exact=True)).to_have_attribute("href", "tel:988")
    expect(me.page.get_by_role("link", name="Text 988", exact=True)).to_have_attribute("href", "sms:988")
    me.finds_no_barrier().scrolls_only_down().leaves_pictures("check-card")
    then_nothing_is_left(me)

    # It was the wrong line: I change it, and a seizure is 911.
    me.presses("Change my answer").reads_as_heading("Is any of this happening right now?")
    me.page.get_by_label("Thoughts of ending my life").uncheck(force=True)
    when_i_answer(me, "A seizure today")
    me.reads_as_heading("Call 911 now")
    then_nothing_is_left(me)


def test_i_see_what_may_fit_why_and_the_soonest_open_times(someone: Someone) -> None:
    me = someone()
    me.goes_to("/check/1/")
    when_i_answer(me, "None of these")
    when_i_answer(me, "Alcohol")
    when_i_answer(me, "Most days")
    # One step back, with the button on the page, and on again: nothing is lost.
    me.presses("Back").reads_as_heading("How often do you use?")
    expect(me.page.get_by_label("Most days")).to_be_checked()
    me.presses("Continue")
    when_i_answer(me, "I shake, sweat or feel sick")
    me.presses("Skip this question")
    when_i_answer(me, "Low, worried or on edge on some days")
    when_i_answer(me, "Safe, and someone there cares about me")
    when_i_answer(me, "I work or go to school in the daytime", "I have a private place and steady internet")

    me.reads_as_heading("Your answers").sees("Skipped").finds_no_barrier().leaves_pictures("check-answers")
    me.presses("Answer Your health").reads_as_heading("Is any of this true for you?")
    when_i_answer(me, "None of these")
    me.reads_as_heading("Your answers").presses("See what may fit")

    me.reads_as_heading("Intensive outpatient looks like a good place to start")
    me.sees("Do this first: talk to a nurse or doctor before you stop").sees("You use on most days")
    me.finds_no_barrier()
    me.types("ZIP code or town", "45410").presses("See open times").sees("Near you: Today").sees(
        "Alder Creek"
    )
    me.page.evaluate("scrollTo(0, 0)")  # Nothing half under the bar of help.
    me.finds_no_barrier().leaves_pictures("check-result")
    then_nothing_is_left(me)

    # A time is one press away, and what I said stays with me unless I tick that it should go along.
    me.presses(re.compile("^Book Alder Creek, Today"))
    me.sees("Only then does the center get what you told the private check")
    expect(me.page.locator("[name=send_answers]")).not_to_be_checked()


def test_i_answer_in_spanish_on_a_cheap_phone_without_javascript(someone: Someone) -> None:
    me = someone(width=PHONE, script=False)
    me.goes_to("/check/1/")
    when_i_answer(me, "None of these")
    # The other language keeps the page and what I said.
    me.presses("Español").reads_as_heading("¿Qué consume?").scrolls_only_down()
    me.presses("Atrás")
    expect(me.page.get_by_label("Nada de esto")).to_be_checked()
    me.presses("Continuar")
    when_i_answer(me, "Heroína, fentanilo o pastillas para el dolor (opioides)")
    when_i_answer(me, "Todos los días")
    when_i_answer(me, "Me enfermo mucho: vomito o no puedo levantarme")
    when_i_answer(me, "Me inyecto drogas")
    me.presses("Omitir esta pregunta").presses("Omitir esta pregunta").presses("Omitir esta pregunta")
    me.reads_as_heading("Sus respuestas").presses("Ver qué puede servirle")

    me.reads_as_heading("Ambulatorio intensivo o más, por lo que nos dijo")
    me.sees("Eso no quiere decir que no").sees("A usted le ven primero").sees("Tenga naloxona (Narcan) cerca")
    expect(me.page.get_by_role("button", name="Imprimir")).to_be_hidden()
    me.scrolls_only_down()
    assert me.context.cookies() == []
    assert me.page.url.endswith("/es/check/result/")

    # What is loaded again has nothing to go on, and says so kindly.
    me.page.goto("/es/check/result/")
    me.reads_as_heading("Empiece otra vez la consulta, por favor")
