import html
import re
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepwell.care.tasks import actions
from stepwell.care.tasks.lines import Line
from stepwell.care.tasks.models import Task
from stepwell.care.tasks.testing import asked, by_a_rule
from stepwell.ground.kit import clock
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.models import Patient, Practitioner
from stepwell.trust.people.testing import Clinic

LIST = "/staff/tasks/"
HOSTILE = "<script>alert(1)</script> =HYPERLINK(1)"


def of(user: User) -> Practitioner:
    return Practitioner.objects.get(user=user)


def text(response: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())  # type: ignore[attr-defined]


def test_from_the_chart_a_missing_ride_is_one_press(
    clinic: Clinic, maya: Patient, dana: User, luis: User
) -> None:
    page = clinic.client(dana)
    shown = page.get(reverse("tasks:of_person", args=[maya.pk]))
    assert 'value="transport"' in shown.content.decode()
    done = page.post(reverse("tasks:barrier", args=[maya.pk]), {"barrier": "transport"}, follow=True)
    assert "Help Maya with a ride. Luis O&#x27;Brien-Núñez has it now." in done.content.decode()
    assert Task.objects.get().assigned_to == of(luis)
    page.post(reverse("tasks:barrier", args=[maya.pk]), {"barrier": "transport"})
    assert Task.objects.count() == 1


def test_the_front_desk_may_ask_and_does_not_see_the_others(
    clinic: Clinic, maya: Patient, dana: User
) -> None:
    page = clinic.client(clinic.user(Role.FRONT_DESK, "Tess"))
    asked(maya, by=dana, what="Ask about the brother")
    assert page.get(reverse("tasks:of_person", args=[maya.pk])).status_code == 404
    assert page.get(reverse("tasks:ask", args=[maya.pk])).status_code == 200
    page.post(reverse("tasks:barrier", args=[maya.pk]), {"barrier": "phone"})
    assert Task.objects.filter(barrier="phone").exists()
    assert "brother" not in text(page.get(LIST + "?show=team"))


def test_a_task_in_words_is_asked_of_a_colleague_and_what_was_typed_is_kept(
    clinic: Clinic, maya: Patient, dana: User, luis: User
) -> None:
    page, address = clinic.client(dana), reverse("tasks:ask", args=[maya.pk])
    wrong = page.post(address, {"what": HOSTILE, "why": "", "to": "", "due_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "Choose who does it." in text(wrong)
    assert "&lt;script&gt;" in wrong.content.decode()
    given = {"what": HOSTILE, "why": "Because.", "to": f"{of(luis).pk}:case_manager", "due_on": "2020-01-01"}
    assert "Choose today or a day to come." in text(page.post(address, given))
    assert page.post(address, given | {"due_on": "2026-11-24"}).status_code == 302
    shown = clinic.client(luis).get(LIST).content.decode()
    assert "<script>alert" not in shown
    assert "Maya R." in shown


def test_done_by_one_press_in_the_list_and_taken_back(clinic: Clinic, maya: Patient, dana: User) -> None:
    task, page = by_a_rule(maya), clinic.client(dana)
    assert "Reached them" in text(page.get(LIST))
    done = page.post(
        reverse("tasks:completion", args=[task.pk]), {"done-outcome": "reached", "back": LIST}, follow=True
    )
    assert "Reach Maya: Reached them. Undo" in text(done)
    task.refresh_from_db()
    assert task.outcome == "reached"
    page.post(reverse("tasks:reopening", args=[task.pk]))
    task.refresh_from_db()
    assert task.is_open


def test_back_leads_only_to_our_own_pages(clinic: Clinic, maya: Patient, dana: User) -> None:
    task = by_a_rule(maya)
    done = clinic.client(dana).post(
        reverse("tasks:completion", args=[task.pk]),
        {"done-outcome": "reached", "back": "https://evil.example/"},
    )
    assert done["Location"] == reverse("tasks:task", args=[task.pk])


def test_what_happened_is_asked_for_beside_its_field(clinic: Clinic, maya: Patient, dana: User) -> None:
    task, page = asked(maya, by=dana, to=of(dana)), clinic.client(dana)
    for name, data, says in (
        ("completion", {"done-words": "Kept words"}, "Say what happened."),
        ("completion", {"done-outcome": "done"}, "Say in a few words what was done."),
        ("attempt", {"try-due_on": "2026-11-24"}, "Say what you tried."),
        ("cancellation", {}, "Say why it is called off."),
        ("handing_over", {"over-note": "x"}, "Choose who takes over."),
    ):
        answer = page.post(reverse(f"tasks:{name}", args=[task.pk]), data)
        assert answer.status_code == 422, name
        assert says in text(answer)
    assert (
        "Kept words"
        in page.post(
            reverse("tasks:completion", args=[task.pk]), {"done-words": "Kept words"}
        ).content.decode()
    )


def test_one_who_may_not_finds_nothing(clinic: Clinic, maya: Patient, dana: User) -> None:
    task, page = asked(maya, by=dana, to=of(dana)), clinic.client(clinic.user(Role.NURSE, "Joel"))
    assert page.get(reverse("tasks:task", args=[task.pk])).status_code == 404
    for name in ("completion", "attempt", "cancellation", "handing_over", "holder", "reopening"):
        assert page.post(reverse(f"tasks:{name}", args=[task.pk])).status_code == 404
    assert "Call about Tuesday" not in text(page.get(LIST + "?show=team"))
    patient = clinic.client(clinic.patient_user(maya))
    assert patient.get(LIST).status_code in (403, 404)


def test_several_are_handed_over_at_once(clinic: Clinic, maya: Patient, dana: User, luis: User) -> None:
    first, second = (asked(maya, by=dana, to=of(dana), what=what) for what in ("One", "Two"))
    page, address = clinic.client(dana), reverse("tasks:handover")
    shown = page.get(address, {"task": [str(first.pk), str(second.pk), "nonsense"]})
    assert "Hand over 2 tasks" in text(shown)
    given = {"task": [first.pk, second.pk], "to": f"{of(luis).pk}:case_manager"}
    assert "Leave a note" in text(page.post(address, given))
    assert "2 tasks handed over." in text(page.post(address, given | {"note": "Away."}, follow=True))
    assert Task.objects.filter(assigned_to=of(luis), handed_over_note="Away.").count() == 2
    assert "No task is chosen" in text(page.get(address))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Mine today"}),
        ("?show=team", {"His"}),
        ("?show=queue", {"Anybody’s"}),
        ("?q=mine", {"Mine today"}),
        ("?q=nobody", set()),
        ("?late=1", set()),
        ("?show=nonsense&sort=x&page=9", {"Mine today"}),
    ],
)
def test_each_view_is_an_address_and_its_file_has_the_same_rows(
    clinic: Clinic, maya: Patient, dana: User, luis: User, query: str, shown: set[str]
) -> None:
    asked(maya, by=dana, to=of(dana), what="Mine today")
    asked(maya, by=dana, to=of(luis), role=Role.CASE_MANAGER, what="His")
    asked(maya, by=dana, what="Anybody’s")
    page = clinic.client(dana)
    words = text(page.get(LIST + query))
    assert {what for what in ("Mine today", "His", "Anybody’s") if f"{what} She asked" in words} == shown
    rows = page.get(LIST + query + ("&" if query else "?") + "as=csv").content.decode().splitlines()[1:]
    assert {row.split('","')[0].strip('"') for row in rows} == shown


def test_the_count_of_questions_does_not_grow_with_the_tasks(
    clinic: Clinic, maya: Patient, dana: User
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked_for:
            clinic.client(dana).get(LIST)
        return len(asked_for)

    asked(maya, by=dana, to=of(dana))
    few = questions()
    for n in range(12):
        rosa = clinic.patient(f"Rosa {n}", team=(dana,))
        asked(rosa, by=dana, to=of(dana))
    assert questions() <= few


@pytest.mark.parametrize(
    ("due", "says"),
    [
        ("2026-11-22T22:14", "10 h late"),
        ("2026-11-23T08:00", "Was due 8:00 AM"),
        ("2026-11-20T13:00", "3 days late"),
    ],
)
def test_what_was_due_at_an_hour_is_hours_late_before_it_is_days(
    maya: Patient, dana: User, due: str, says: str
) -> None:
    at = datetime.fromisoformat(due).replace(tzinfo=maya.center.zone)
    task = by_a_rule(maya, due_on=at.date(), due_at=at)
    assert Line(task, clock.now(), dana).tag == says


def test_the_hours_of_a_night_when_the_clocks_change_are_those_that_went_by(
    maya: Patient, dana: User
) -> None:
    zone = maya.center.zone
    for day, hours in ((date(2026, 11, 1), "11 h late"), (date(2027, 3, 14), "9 h late")):
        evening = datetime.combine(day - timedelta(days=1), time(22), zone)
        morning = datetime.combine(day, time(8), zone)
        with clock.stand_still(evening):
            task = by_a_rule(maya, occasion=str(day), due_on=evening.date(), due_at=evening)
        assert Line(task, morning, dana).tag == hours


def test_looking_at_a_task_leaves_a_trace(clinic: Clinic, maya: Patient, dana: User) -> None:
    task = asked(maya, by=dana, to=of(dana))
    clinic.client(dana).get(reverse("tasks:task", args=[task.pk]))
    assert AuditEvent.objects.filter(did="opened", to_id=task.pk, patient_id=maya.pk, by_id=dana.pk).exists()


def test_somebody_of_the_office_takes_a_task_from_their_queue(clinic: Clinic, dana: User) -> None:
    tess = clinic.user(Role.FRONT_DESK, "Tess")
    page = clinic.client(dana)
    answer = page.post(
        reverse("tasks:new"),
        {"what": "Print calendars", "why": "Gone.", "to": "queue:front_desk", "due_on": "2026-11-25"},
        follow=True,
    )
    assert "It lies in the queue: front desk." in text(answer)
    task = Task.objects.get()
    hers = clinic.client(tess)
    assert "Print calendars" in text(hers.get(LIST + "?show=queue"))
    hers.post(reverse("tasks:holder", args=[task.pk]))
    task.refresh_from_db()
    assert (task.assigned_to, task.given_at) == (of(tess), clock.now())


# What colleagues do, in the open list


def opened(page: Client, address: str) -> dict[str, Any]:
    """What the page asks again with: where, the version it has, and its parts."""
    shown = page.get(address).content.decode()
    where = re.search(r'data-live="([^"]+)" data-version="(\w+)"', shown)
    assert where
    parts = re.findall(r'data-part="(\w+)" data-v="(\w+)"', shown)
    assert [key for key, _v in parts] == ["which", "ticked", "list"]
    return {
        "path": html.unescape(where[1]),
        "query_params": dict(parse_qsl(urlsplit(html.unescape(where[1])).query))
        | {"had": ",".join(f"{key}~{v}" for key, v in parts)},
        "headers": {"HX-Request": "true", "If-None-Match": where[2]},
    }


def test_while_nobody_does_anything_asking_again_answers_with_nothing(
    clinic: Clinic, maya: Patient, dana: User
) -> None:
    task, page = asked(maya, by=dana, to=of(dana)), clinic.client(dana)
    again = opened(page, LIST)
    page.get(reverse("tasks:task", args=[task.pk]))
    before = AuditEvent.objects.count()
    answer = page.get(**again)
    assert (answer.status_code, answer.content) == (304, b"")
    assert AuditEvent.objects.count() == before


def test_what_a_colleague_takes_and_what_is_asked_comes_to_the_open_list(
    clinic: Clinic, maya: Patient, dana: User, luis: User
) -> None:
    page = clinic.client(dana)
    asked(maya, by=luis, to=of(dana), what="Call the pharmacy")
    again = opened(page, f"{LIST}?q=call&sort=person")
    new = asked(maya, by=luis, to=of(dana), what="Call the brother")
    asked(maya, by=luis, to=of(dana), what="Print the plan")
    answer = page.get(**again)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Call the brother" in body
    assert "Print the plan" not in body, "the list stays narrowed"
    assert f"back={quote('/staff/tasks/?sort=person&q=call', safe='')}" in body, "and leads back to the page"
    again = opened(page, LIST)
    actions.hand_over(new, to=of(luis), role=Role.CASE_MANAGER, note="Yours.", by=dana, at=clock.now())
    body = page.get(**again).content.decode()
    assert 'id="part-list"' in body
    assert "Call the brother" not in body


def test_what_concerns_others_changes_nothing_in_my_list(clinic: Clinic, maya: Patient, dana: User) -> None:
    asked(maya, by=dana, to=of(dana))
    page = clinic.client(dana)
    again = opened(page, LIST)
    priya = clinic.user(Role.COUNSELOR, "Priya Raman")
    asked(clinic.patient("Rosa Marín", team=(priya,)), by=priya, to=of(priya), what="Ask about Rosa's ride")
    answer = page.get(**again)
    assert answer.status_code == 200
    assert answer.content.strip() == b""


def test_the_changes_asked_for_as_a_page_lead_to_the_list(clinic: Clinic, dana: User) -> None:
    answer = clinic.client(dana).get(reverse("tasks:changes") + "?show=queue&had=x")
    assert (answer.status_code, answer["Location"]) == (302, "/staff/tasks/?show=queue")
