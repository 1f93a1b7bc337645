"""One person walks through: from a first call to a counted hour of care, and a step down.

Everyone does what is theirs: Tess at the front desk, Dana the counselor, Nadia herself, on her phone.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core import mail

from stepwell.ground.kit import clock
from stepwell.trust.accounts import letters
from stepwell.trust.accounts.testing import code_in
from tests.journeys.people import PHONE, Person

if TYPE_CHECKING:
    from stepwell.care.scheduling.models import Appointment

DAYTON = ZoneInfo("America/New_York")
TESS, DANA = "tess.nguyen@aldercreek.example", "dana.whitfield@aldercreek.example"
NADIA = "nadia@example.org"
GOAL = "Walk Iman to school every morning, clear-headed."


def given_tess_takes_the_call(tess: Person) -> None:
    tess.goes_to("/staff/today/").follows("Referrals")
    tess.presses_or_follows("Take a referral").reads_as_heading("Take a referral")
    tess.presses("Take referral").sees("There is a problem").sees("Write a first name.")
    tess.types("First name", "Nadia").types("Last name", "O'Brien-Núñez").types("Phone", "937-555-0142")
    tess.ticks("It is safe to text this number").chooses("Who asks", "The person themself")
    tess.types("What they ask for, in their words", "I want to stop before my daughter sees.")
    tess.presses("Take referral").reads_as_heading("Book the first visit of Nadia")


def when_tess_books_the_first_visit(tess: Person) -> None:
    tess.chooses("With", "Dana Whitfield").presses("Show times")
    tess.page.locator("label.slot").first.click()
    tess.presses("Book this time").sees("Intake booked").sees("Dana Whitfield")


def and_tess_gives_her_a_sign_in(tess: Person, nadia: Person) -> None:
    tess.follows("Give a sign-in").types("Their email", NADIA).presses("Offer a sign-in")
    tess.leaves_pictures("sign-in-offered").finds_no_barrier()
    link = tess.page.get_by_role("link", name="http://localhost").get_attribute("href")
    assert link
    nadia.goes_to(link).sees("We send a code to n…@… to make sure").leaves_pictures(
        "mailbox"
    ).finds_no_barrier()
    nadia.presses("Send the code").sees("is on its way")
    nadia.leaves_pictures("mailbox-code").finds_no_barrier()
    letters.wait()
    assert mail.outbox[-1].to == [NADIA]
    nadia.types("Code", code_in(mail.outbox[-1])).presses("Go on")
    nadia.sees("Next time, a code by email lets you in").leaves_pictures("account-codes-only")
    nadia.finds_no_barrier().follows("Go to my day").reads_as_heading("Nadia")


def when_dana_screens_and_admits(dana: Person) -> None:
    dana.goes_to("/staff/referrals/").follows("Nadia O.").follows("Screen")
    needs = {"Withdrawal": "1", "Physical health": "0", "Mental health": "1", "Danger": "2", "Living": "1"}
    for area, need in needs.items():
        panel = dana.page.locator("section.panel").filter(
            has=dana.page.get_by_role("heading", name=re.compile(area))
        )
        panel.get_by_role("radio", name=need, exact=True).first.check(force=True)
        panel.get_by_label("What you saw and heard").fill("Said so at the first visit.")
    dana.presses("See the level and why").sees("Intensive outpatient (2.1)")
    dana.presses("Sign this level").sees("Signed by Dana Whitfield")
    dana.goes_to("/staff/referrals/").follows("Nadia O.").follows("Admit")
    dana.presses("Admit Nadia").sees("Say why this level, in a sentence.")
    dana.types("Why this level", "Several contacts a week, safe at home between them.")
    dana.presses("Admit Nadia").sees("Nadia is admitted.")


def and_they_write_and_sign_a_plan(dana: Person, nadia: Person) -> None:
    dana.presses("Write the first plan")
    dana.types("Clinical hours a week", "9").types("Goal, in their own words", GOAL).types(
        "Short name", "Mornings"
    )
    does = dana.page.locator(".plan-do")
    for line, (kind, what, minutes) in enumerate(
        [("Group", "Skills groups, two a week", "490"), ("Individual session", "Weekly with Dana", "50")]
    ):
        does.nth(line).get_by_label("Kind").select_option(label=kind)
        does.nth(line).get_by_label("What will be done").fill(what)
        does.nth(line).get_by_label("Minutes a week").fill(minutes)
    dana.presses("Send for signatures").sees("Awaiting signatures")
    dana.presses("Sign the plan").sees("Dana Whitfield,")
    nadia.goes_to("/me/plan/").sees(GOAL).presses("Sign").sees("You signed on")
    dana.goes_to(dana.page.url).sees("Signed by both")


def when_dana_fills_her_week(dana: Person) -> str:
    """Two weekly groups and an individual session; gives back the address of the chart."""
    dana.follows("Week", within=dana.page.get_by_role("navigation", name="Chart"))
    dana.sees("No place in a weekly group yet.")
    chart = dana.page.url.removesuffix("week/")
    for _two_groups in range(2):
        fits = dana.page.locator("section").filter(
            has=dana.page.get_by_role("heading", name="Place in a group")
        )
        fits.locator("tbody tr").filter(has_text="Dana Whitfield").first.get_by_role("button").click()
        dana.sees("Nadia has a place in")
    dana.does_not_see("No place in a weekly group yet.")
    dana.follows("Find a time")
    dana.page.locator("input[name=time]").first.check(force=True)
    dana.presses("Book").sees("Individual session")
    return chart


def and_nadia_sees_her_week(nadia: Person) -> None:
    nadia.goes_to("/me/").sees("My week").finds_no_barrier().scrolls_only_down()
    nadia.goes_to("/me/week/").sees("Dana").does_not_see("Maya")


def when_the_group_meets(dana: Person) -> None:
    """Everyone is here; Nadia came ten minutes late. Each has a line of their own, and all are signed together."""
    session = first_appointment_of_nadia(in_a_group=True).session
    with clock.stand_still(session.ends_at):
        dana.comes_back().goes_to(f"/staff/groups/{session.pk}/").presses("Mark all here").sees(
            re.compile(r"expected: \d+ here")
        )
        nadia = dana.page.locator("tr[data-row]").filter(has_text="Nadia O.")
        nadia.get_by_role("radio", name="Here").focus()
        dana.page.keyboard.press("l")
        nadia.get_by_label(re.compile("^Minutes")).fill(str(session.minutes - 10))
        dana.types("Topic", "Riding out a craving")
        dana.types("What we did", "A round, a short talk, practice in pairs.")
        dana.page.get_by_label("Safety").select_option(index=1)
        rows = dana.page.locator("tr[data-row]")
        for line, said in zip(range(rows.count()), LINES, strict=False):
            if "Nadia O." not in rows.nth(line).inner_text():
                rows.nth(line).get_by_label(re.compile("^Line")).fill(said)
        dana.presses(re.compile("^Sign ")).sees("Nothing is signed yet")
        nadia.get_by_label(re.compile("^Line")).fill("Named the walk to school as what she holds on to")
        dana.presses(re.compile("^Sign ")).sees("signed")


def and_they_meet_alone(dana: Person) -> None:
    visit = first_appointment_of_nadia(in_a_group=False)
    with clock.stand_still(visit.ends_at):
        dana.comes_back().goes_to(f"/staff/appointments/{visit.pk}/encounter/")
        dana.page.get_by_role("radio", name="Here").check(force=True)
        dana.types(re.compile("^What"), "Talked through the first week, and the evening hours.")
        dana.presses("Sign note").sees("Signed")


def then_the_hours_are_counted(dana: Person, chart: str) -> None:
    group, alone = (first_appointment_of_nadia(in_a_group=kind) for kind in (True, False))
    counted = (group.minutes - 10 + alone.minutes) / 60
    with clock.stand_still(max(group.ends_at, alone.ends_at)):
        dana.comes_back().goes_to(chart).sees(re.compile(rf"{counted:.1f}|{int(counted)}")).sees("of 9")
        dana.goes_to(f"{chart}hours/").sees("min")


def and_a_drug_test_is_recorded(dana: Person, chart: str) -> None:
    after = max(first_appointment_of_nadia(in_a_group=kind).ends_at for kind in (True, False)) + timedelta(
        hours=1
    )
    with clock.stand_still(after):
        dana.comes_back().goes_to(f"{chart}tests/new/").presses("Record the test").sees("There is a problem")
        day = after.astimezone(DAYTON)
        dana.ticks("Urine").ticks("Scheduled")
        dana.types("Date taken", f"{day:%Y-%m-%d}").types("Time taken", f"{day:%H:%M}")
        dana.page.get_by_role("group", name="Cocaine").get_by_role("radio", name="Positive").check(force=True)
        dana.presses("Mark the rest negative").presses("Record the test").sees("Cocaine")


def and_care_is_stepped_down(dana: Person, nadia: Person, chart: str) -> None:
    after = max(first_appointment_of_nadia(in_a_group=kind).ends_at for kind in (True, False)) + timedelta(
        hours=2
    )
    with clock.stand_still(after):
        dana.comes_back().goes_to(f"{chart}step/").presses("Look at it once more").sees("There is a problem")
        dana.ticks(re.compile("^Outpatient")).types(
            re.compile("^Why"), "Steady at home and at work; she asks for fewer days."
        )
        dana.presses("Look at it once more").sees("Nothing is changed yet.")
        dana.presses("Step care down").sees("Outpatient")
        dana.goes_to(chart).sees("Outpatient")
        nadia.goes_to("/me/").scrolls_only_down()


def first_appointment_of_nadia(*, in_a_group: bool) -> "Appointment":
    from stepwell.care.scheduling.models import Appointment
    from stepwell.trust.accounts.models import Membership
    from stepwell.trust.organizations.acting import acting_in

    with acting_in(Membership.objects.all()[0].organization_id):
        hers = Appointment.objects.booked().filter(patient__first_name="Nadia").exclude(kind="intake")
        found = hers.filter(session__isnull=not in_a_group).select_related("session__series", "patient")
        return found.order_by("starts_at")[0]


#: What different people do in a group: no two alike.
LINES = (
    "Named Sunday evening as the hardest hour",
    "Wrote down three people to call",
    "Practiced breathing through an urge, from seven to two",
    "Listened, and stayed after to ask about sleep",
    "Offered a ride to someone without a car",
    "Planned the walk to school for tomorrow",
    "Told how payday went, and what helped",
    "Asked what to say to a brother who drinks",
    "Drew the map of a week with its gaps",
    "Chose a card to carry in a wallet",
    "Compared two ways home, one past the store",
    "Set an alarm for the evening dose",
)


def test_one_person_walks_through(someone: Callable[..., Person]) -> None:
    tess, dana, nadia = someone(TESS), someone(DANA), someone(width=PHONE)
    given_tess_takes_the_call(tess)
    when_tess_books_the_first_visit(tess)
    and_tess_gives_her_a_sign_in(tess, nadia)
    when_dana_screens_and_admits(dana)
    and_they_write_and_sign_a_plan(dana, nadia)
    chart = when_dana_fills_her_week(dana)
    and_nadia_sees_her_week(nadia)
    when_the_group_meets(dana)
    and_they_meet_alone(dana)
    then_the_hours_are_counted(dana, chart)
    and_a_drug_test_is_recorded(dana, chart)
    and_care_is_stepped_down(dana, nadia, chart)
