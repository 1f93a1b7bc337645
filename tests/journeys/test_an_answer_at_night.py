"""At two in the morning I answer question 9 on my phone. Help is there at once, and by eight somebody sees it."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from stepwell.care.measures.actions import ask
from stepwell.care.measures.actions.schedules import choose_to_be_told
from stepwell.care.measures.models import Response
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.outbox.models import Message
from stepwell.trust.people.models import Patient
from tests.journeys.people import PHONE, Person

ROSA, DANA, MARCUS = (
    f"{name}@aldercreek.example" for name in ("rosa.mendoza", "dana.whitfield", "marcus.bell")
)
DAYTON = ZoneInfo("America/New_York")
TWO = datetime(2026, 11, 24, 2, 4, tzinfo=DAYTON)
EIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=DAYTON)


def test_what_i_answer_at_night_reaches_the_right_person(someone: Callable[..., Person]) -> None:
    organization = Organization.objects.get(slug="alder-creek").pk
    with acting_in(organization):
        response = what_i_was_asked()
    with clock.stand_still(TWO):
        rosa = someone(ROSA, width=PHONE)
        i_answer_until_question_nine(rosa, response)
        help_is_there_before_anything_else(rosa)
        i_stop_and_put_the_phone_away(rosa)
    with acting_in(organization):
        the_supervisor_who_chose_it_is_told_in_neutral_words()
    with clock.stand_still(EIGHT):
        counselor = someone(the_counselor_of(organization))
        it_stands_first_on_today_with_since_when(counselor)
        it_cannot_be_closed_by_reading_it(counselor)
        a_try_keeps_it_and_reaching_her_closes_it(counselor)
    with acting_in(organization):
        response.refresh_from_db()
        assert response.followed_up_with == ["reached", "plan"]
        assert response.attempts.count() == 1


def what_i_was_asked() -> Response:
    rosa = Patient.objects.get(user__email=ROSA)
    bell = User.objects.get(email=MARCUS)
    choose_to_be_told(rosa.center, is_told=True, by=bell, at=TWO)
    Response.objects.open().filter(patient=rosa).update(
        entered_in_error_at=TWO, entered_in_error_by=bell, entered_in_error_reason="Asked anew."
    )
    return ask(rosa, "phq9", by=bell, at=EIGHT.replace(day=23))


def the_counselor_of(organization: object) -> str:
    with acting_in(organization):  # type: ignore[arg-type]
        team = Patient.objects.get(user__email=ROSA).care_team.filter(role="counselor", ended_on=None)
        return team[0].practitioner.user.email  # type: ignore[union-attr]


def i_answer_until_question_nine(rosa: Person, response: Response) -> None:
    rosa.goes_to("/me/").leaves_pictures("home-with-questions")
    rosa.page.locator(f'main a[href="/me/questions/{response.pk}/"]').first.click()
    rosa.leaves_pictures("questions-start").finds_no_barrier()
    rosa.follows("Empezar")
    for _question in range(8):
        rosa.page.locator(".tile").first.click()
        rosa.page.locator('button[value="continue"]').click()
    rosa.page.locator(".tile").nth(1).click()
    rosa.leaves_pictures("question-nine").finds_no_barrier()
    rosa.page.locator('button[value="continue"]').dblclick()


def help_is_there_before_anything_else(rosa: Person) -> None:
    rosa.reads_as_heading("Gracias por decirnos")
    for address in ("tel:988", "sms:988", "tel:911"):
        assert rosa.page.locator(f'main a[href="{address}"]').count() == 1
    assert rosa.page.locator('main a[href^="tel:+1937"], main a[href^="tel:937"]').count() == 1
    rosa.leaves_pictures("help-at-once").finds_no_barrier()


def i_stop_and_put_the_phone_away(rosa: Person) -> None:
    rosa.follows("Parar por ahora")


def the_supervisor_who_chose_it_is_told_in_neutral_words() -> None:
    message = Message.objects.get(user__email=MARCUS)
    assert (message.kind, message.recorded_at, message.context) == ("waits for staff", TWO, {"phone": ""})


def it_stands_first_on_today_with_since_when(counselor: Person) -> None:
    counselor.goes_to("/staff/today/").leaves_pictures("today-after-the-night")
    first = counselor.page.locator(".need").first
    assert re.search(r"Rosa", first.inner_text())
    assert re.search(r"question 9: “Several days”", first.inner_text())
    assert "2:04 AM" in first.inner_text()
    counselor.follows("Open answers", within=first)
    counselor.leaves_pictures("answers-raised").finds_no_barrier()


def it_cannot_be_closed_by_reading_it(counselor: Person) -> None:
    counselor.ticks("Looked at the safety plan together").types("In a few words", "Read it.")
    counselor.presses("Record follow-up").sees("This stays until somebody spoke with the person")


def a_try_keeps_it_and_reaching_her_closes_it(counselor: Person) -> None:
    counselor.types("In a few words", "Rang, no answer. Again at nine.")
    counselor.presses("Not reached: keep it on the list").sees("It stays on the list")
    counselor.goes_to("/staff/today/")
    assert "Rosa" in counselor.page.locator(".need").first.inner_text()
    counselor.follows("Open answers", within=counselor.page.locator(".need").first)
    counselor.ticks("Spoke with the person").ticks("Looked at the safety plan together")
    counselor.types("In a few words", "Spoke for ten minutes. Safe; her sister is with her.")
    counselor.presses("Record follow-up").sees("Followed up. It is off the list.")
    counselor.leaves_pictures("answers-followed-up").finds_no_barrier()
