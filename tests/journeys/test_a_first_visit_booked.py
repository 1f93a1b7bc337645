"""Somebody finds a center, books a first visit without an account, moves it and cancels it by the link in a message."""

import re
from collections.abc import Callable
from datetime import timedelta

from stepwell.config.testing.fixtures import NOW
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import PublishedCenter
from tests.journeys.people import PHONE, Person

Someone = Callable[..., Person]
#: Reading the page takes a while, and the clock of a journey stands still.
A_WHILE = timedelta(seconds=20)


def i_read_for_a_while(me: Person, presses: str) -> None:
    with clock.stand_still(NOW + A_WHILE):
        me.presses(presses)
        me.page.wait_for_load_state()


def my_link(phone: str) -> str:
    """What came in the message that stands."""
    from stepwell.trust.outbox.models import Message

    entry = PublishedCenter.objects.get(slug="alder-creek")
    with acting_in(entry.organization_id):
        messages = Message.objects.filter(kind="visit booked by themselves", patient__phone=phone)
        link = str(messages.exclude(state="cancelled").get().context["link"])
    return "/" + link.partition("//")[2].partition("/")[2]


def test_i_find_a_center_and_book_then_move_and_cancel_by_link(someone: Someone) -> None:
    me = someone(width=PHONE)
    me.goes_to("/centers/").types("ZIP code or town", "45402").presses("Show centers")
    me.sees("2 centers near 45402").finds_no_barrier().scrolls_only_down().leaves_pictures("centers")
    me.follows("Alder Creek").reads_as_heading("Alder Creek").finds_no_barrier().leaves_pictures("center")

    me.presses(re.compile("Book Alder Creek, Tomorrow")).reads_as_heading("Who is coming?")
    me.finds_no_barrier().scrolls_only_down().leaves_pictures("book-details")
    me.presses("Look it over").sees("Write a name for us to use.").finds_no_barrier()
    me.types("Your name", "Nadia O'Brien-Núñez").types("Phone", "937 555 0177")
    me.ticks("It is safe to text me at this number")
    me.presses("Look it over").reads_as_heading("Is this right?").sees("(937) 555-0177")
    me.finds_no_barrier().scrolls_only_down().leaves_pictures("book-check")
    i_read_for_a_while(me, "Book this visit")
    me.reads_as_heading("Done. See you then").sees("A text is on its way")
    me.finds_no_barrier().scrolls_only_down().leaves_pictures("book-done")
    assert me.context.cookies() == []

    me.goes_to(my_link("+19375550177")).reads_as_heading("Your visit").sees("Tomorrow")
    me.does_not_see("Nadia").finds_no_barrier().leaves_pictures("visit")
    me.presses(re.compile("Move to .*Wednesday")).reads_as_heading("Your visit is moved")
    me.goes_to(my_link("+19375550177")).sees("Wednesday")
    me.presses("Cancel this visit").reads_as_heading("Your visit is cancelled").finds_no_barrier()

    tess = someone("tess.nguyen@aldercreek.example")
    tess.goes_to("/staff/referrals/").sees("Nadia O.").follows("Nadia O.")
    tess.sees("Booked online").sees("They cancelled by link").finds_no_barrier().leaves_pictures(
        "booked-online"
    )


def test_reservo_en_espanol_sin_javascript(someone: Someone) -> None:
    me = someone(width=PHONE, script=False)
    me.goes_to("/es/centers/?near=45402").sees("2 centros cerca de 45402")
    me.presses(re.compile("Reservar Alder Creek")).reads_as_heading("¿Quién viene?")
    me.types("Su nombre", "José Ángel").types("Correo", "jose@example.org")
    me.ticks("Es seguro escribirme a este correo")
    # The other language and back, and nothing is lost.
    me.presses("English").reads_as_heading("Who is coming?")
    me.presses("Español").reads_as_heading("¿Quién viene?")
    me.presses("Revisar los datos").reads_as_heading("¿Está bien así?").sees("jose@example.org")
    i_read_for_a_while(me, "Reservar esta cita")
    me.reads_as_heading("Listo. Le esperamos").sees("Le llegará un correo")
