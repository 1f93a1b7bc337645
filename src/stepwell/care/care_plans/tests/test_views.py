"""The plan in the chart and on the patient's phone, through the addresses a person would use."""

from dataclasses import replace

import pytest

from stepwell.care.care_plans import actions
from stepwell.care.care_plans.models import CarePlan, Step
from stepwell.care.care_plans.rules.life_cycle import Status
from stepwell.care.care_plans.testing import (
    FIRST_PLAN,
    LEOS_GAMES,
    draft,
    in_care,
    reread,
    sent,
    signed_by_both,
)
from stepwell.care.episodes.models import EpisodeOfCare
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.accounts.roles import Role

TYPED = {
    "hours": "9",
    "goals": "1",
    "goal-0-words": LEOS_GAMES,
    "goal-0-label": "Leo's games",
    "goal-0-does": "2",
    "goal-0-do-0-kind": "group",
    "goal-0-do-0-description": "Skills group, Monday and Wednesday",
    "goal-0-do-0-minutes": "480",
    "goal-0-do-1-kind": "individual",
    "goal-0-do-1-description": "Session with Dana",
    "goal-0-do-1-minutes": "60",
}
LEO = "“Be at every one of Leo&#x27;s games, and remember them.”"


def words(response):
    return " ".join(response.content.decode().split())


class Staff:
    """A signed-in member of staff, at one person's plan."""

    def __init__(self, client, patient):
        self.client, self.at = client, f"/staff/people/{patient.id}/plan/"

    def get(self, part="", **more):
        return self.client.get(self.at + part, **more)

    def post(self, part, typed=(), **more):
        return self.client.post(self.at + part, dict(typed), **more)


@pytest.fixture
def staff(clinic, dana, maya):
    return Staff(clinic.client(dana), maya)


@pytest.fixture
def phone(clinic, maya):
    return clinic.client(maya.user)


# ---------- the editor ----------


def test_a_plan_is_begun_written_and_sent(staff, maya):
    assert "Write the first plan" in words(staff.get())
    assert staff.post("versions/").url == staff.at + "draft/"
    response = staff.post("draft/", {**TYPED, "version": "1", "do": "send"})
    assert (response.status_code, response.url) == (302, staff.at)
    told = words(staff.get())
    assert "Awaiting signatures" in told
    assert LEO in told
    assert "Maya reads and signs it on their own phone" in told


def test_a_draft_is_saved_and_shown_again_as_it_was_typed(staff, maya):
    staff.post("versions/")
    assert staff.post("draft/", {**TYPED, "version": "1", "do": "save"}).status_code == 302
    editor = staff.get("draft/").context["editor"]
    assert editor.form["hours"].value() == "9"
    assert editor.goals[0].form["words"].value() == LEOS_GAMES
    assert [each["minutes"].value() for each in editor.goals[0].interventions] == ["480", "60"]


def test_saving_twice_with_one_click_too_many_is_harmless(staff, maya):
    staff.post("versions/")
    for _click in range(2):
        assert staff.post("draft/", {**TYPED, "version": "1", "do": "save"}).status_code == 302
    assert CarePlan.objects.whole().get().goals.count() == 1


def test_a_goal_without_a_short_name_is_called_by_its_first_words(staff, maya):
    staff.post("versions/")
    staff.post("draft/", {**TYPED, "goal-0-label": "", "version": "1"})
    assert CarePlan.objects.get().goals.get().label == "Be at every one of Leo's games, and…"


@pytest.mark.parametrize(
    ("act", "goals", "interventions", "focus"),
    [
        ("add-goal", 2, 2, "id_goal-1-words"),
        ("add:0", 1, 3, "id_goal-0-do-2-description"),
        ("take-out:0:1", 1, 1, "add-1"),
        ("take-out-goal:0", 0, None, "add-goal"),
        ("add:7", 1, 2, ""),
        ("take-out:0:9", 1, 2, ""),
        ("nonsense", 1, 2, ""),
    ],
)
def test_rows_come_and_go_without_losing_a_word(staff, maya, act, goals, interventions, focus):
    staff.post("versions/")
    response = staff.post("draft/", {**TYPED, "version": "1", "hours": "seven", "do": act})
    editor = response.context["editor"]
    assert response.status_code == 200
    assert len(editor.goals) == goals
    assert editor.focus == focus
    assert editor.form["hours"].value() == "seven"
    if interventions is not None:
        assert len(editor.goals[0].interventions) == interventions
        assert editor.goals[0].form["words"].value() == LEOS_GAMES
    assert not CarePlan.objects.get().goals.exists()


def test_the_row_taken_out_is_the_one_that_was_meant(staff, maya):
    staff.post("versions/")
    response = staff.post("draft/", {**TYPED, "version": "1", "do": "take-out:0:0"})
    left = response.context["editor"].goals[0].interventions
    assert [each["description"].value() for each in left] == ["Session with Dana"]


def test_a_goal_taken_out_and_saved_is_gone_from_the_plan(staff, maya, dana):
    plan = draft(maya, by=dana)
    staff.post("draft/", {"version": plan.version, "hours": "9", "goals": "0"})
    assert not reread(plan).goals.all()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"hours": ""}, "Say how many hours a week."),
        ({"hours": "many"}, "Write the hours as a number, such as 9 or 7.5."),
        ({"hours": "-1"}, "Hours cannot be below 0."),
        ({"goal-0-words": " "}, "Write what this person hopes for, in their own words."),
        ({"goal-0-do-0-description": ""}, "Say what will be done."),
        ({"goal-0-do-1-minutes": "an hour"}, "Write the minutes as a whole number."),
        ({"goal-0-do-1-kind": "magic"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(staff, maya, typed, told):
    staff.post("versions/")
    response = staff.post("draft/", {**TYPED, **typed, "version": "1", "do": "save"})
    assert response.status_code == 422
    assert words(response).count(told) == 2  # In the summary, and beside the field.
    assert "Skills group, Monday and Wednesday" in words(response) or "Session with Dana" in words(response)
    assert not CarePlan.objects.get().goals.exists()


def test_what_a_plan_lacks_is_told_at_once_and_the_draft_is_kept(staff, maya):
    staff.post("versions/")
    bare = {"hours": "0", "goals": "1", "goal-0-words": LEOS_GAMES, "goal-0-does": "0", "version": "1"}
    response = staff.post("draft/", {**bare, "do": "send"})
    assert response.status_code == 422
    told = words(response)
    assert "Say how many hours a week this plan asks for. It must be more than 0." in told
    assert "Goal 1: say at least one thing that will be done for it." in told
    plan = CarePlan.objects.get()
    assert (plan.status, plan.goals.get().words) == (Status.DRAFT, LEOS_GAMES)


def test_minutes_that_do_not_add_up_are_told_and_the_plan_is_sent_all_the_same(staff, maya, dana):
    draft(maya, by=dana, text=replace(FIRST_PLAN, minutes_a_week=600))
    assert "adds up to 60 minutes less than these hours" in words(staff.get("draft/"))
    plan = CarePlan.objects.get()
    typed = {**TYPED, "hours": "10", "version": plan.version, "do": "send"}
    assert staff.post("draft/", typed).status_code == 302


def test_the_second_of_two_writers_is_told_and_loses_nothing(clinic, staff, maya, dana):
    plan = draft(maya, by=dana)
    bell = clinic.user(Role.CLINICAL_SUPERVISOR, "Marcus Bell")
    actions.save_draft(
        plan, replace(FIRST_PLAN, minutes_a_week=720), version=plan.version, by=bell, at=clock.now()
    )
    response = staff.post("draft/", {**TYPED, "hours": "10", "version": plan.version, "do": "save"})
    assert response.status_code == 409
    told = words(response)
    assert "Marcus Bell saved this plan at 9:00 AM, after you opened it." in told
    assert "12 clinical hours a week" in told  # What is saved now.
    editor = response.context["editor"]
    assert editor.form["hours"].value() == "10"
    again = staff.post(
        "draft/", {**TYPED, "hours": "10", "version": editor.form["version"].value(), "do": "save"}
    )
    assert again.status_code == 302
    assert reread(plan).minutes_a_week == 600


def test_a_plan_that_was_sent_meanwhile_is_not_written_in(staff, maya, dana):
    plan = sent(maya, by=dana)
    assert staff.get("draft/").url == staff.at
    response = staff.post("draft/", {**TYPED, "version": plan.version})
    assert response.status_code == 422
    assert "Take it back before you change it." in words(response)


def test_htmx_gets_the_form_alone(staff, maya):
    staff.post("versions/")
    response = staff.post(
        "draft/", {**TYPED, "version": "1", "do": "add-goal"}, headers={"HX-Request": "true"}
    )
    assert words(response).startswith("<form")


def test_without_a_draft_the_editor_leads_to_the_plan(staff, maya):
    assert staff.get("draft/").url == staff.at


def test_a_plan_is_not_signed_when_care_has_ended(staff, phone, maya, dana):
    plan = sent(maya, by=dana)
    EpisodeOfCare.objects.filter(patient=maya).update(
        ended_on="2026-11-23", ended_because="Moved to Columbus."
    )
    for client, address in ((staff.client, staff.at + "signature/"), (phone, "/me/plan/signature/")):
        told = words(client.post(address, {"version": plan.version}, follow=True))
        assert "There is no plan to sign now." in told
    with pytest.raises(Refused, match="Care has ended"):
        actions.sign_as_patient(plan, version=plan.version, by=maya.user, at=clock.now())


@pytest.mark.parametrize("part", ["versions/", "return/", "signature/", "goals/{}/steps/"])
def test_who_may_not_write_is_refused_before_anything_is_read(clinic, maya, dana, part):
    goal = signed_by_both(maya, by=dana).goals.get()
    luis = clinic.user(Role.PEER, "Luis Ortega")
    clinic.join(maya, luis)
    assert Staff(clinic.client(luis), maya).post(part.format(goal.id)).status_code == 403


def test_somebody_not_in_care_is_told_so(clinic, dana):
    wendell = clinic.patient("Wendell Price", team=(dana,))
    response = Staff(clinic.client(dana), wendell).post("versions/", follow=True)
    assert "Wendell is not in care now. Admit first, then plan." in words(response)


# ---------- signatures ----------


def test_both_sign_through_their_own_doors(staff, phone, maya, dana):
    plan = sent(maya, by=dana)
    assert "Sign my plan" in words(phone.get("/me/plan/"))
    told = phone.post("/me/plan/signature/", {"version": plan.version}, follow=True)
    assert "You signed on November 23. Your counselor signs next. Then it starts." in words(told)
    told = words(staff.post("signature/", {"version": plan.version}, follow=True))
    assert "Signed by both, Nov 23" in told
    assert "Review due Dec 23" in told
    assert "9 clinical hours a week" in told


def test_a_second_click_on_sign_is_harmless(staff, phone, maya, dana):
    plan = sent(maya, by=dana)
    for _click in range(2):
        staff.post("signature/", {"version": plan.version})
    for _click in range(2):
        response = phone.post("/me/plan/signature/", {"version": plan.version}, follow=True)
    assert "not waiting" not in words(response)
    assert CarePlan.objects.active_for(maya) == plan


def test_a_plan_changed_after_it_was_opened_is_read_again_before_it_is_signed(phone, maya, dana):
    plan = sent(maya, by=dana)
    response = phone.post("/me/plan/signature/", {"version": plan.version - 1}, follow=True)
    assert "The plan was changed after you opened it. Read it again, then sign." in words(response)
    assert reread(plan).signed_by_patient is None


def test_a_signature_without_a_version_is_refused(staff, maya, dana):
    sent(maya, by=dana)
    assert "Read the plan, then sign it." in words(staff.post("signature/", follow=True))


def test_who_has_no_sign_in_cannot_be_signed_for(clinic, dana):
    wendell = clinic.patient("Wendell Price", team=(dana,))
    in_care(wendell, by=dana)
    sent(wendell, by=dana)
    told = words(Staff(clinic.client(dana), wendell).get())
    assert "No sign-in yet" in told
    assert "Nobody can sign in their place." in told


def test_a_wish_for_change_comes_back_to_the_team_in_the_persons_words(staff, phone, maya, dana):
    sent(maya, by=dana)
    response = phone.post("/me/plan/wishes/", {"words": "Not Thursdays, I work."}, follow=True)
    assert "“Not Thursdays, I work.”" in words(response)
    for page in (staff.get(), staff.get("draft/")):
        assert "“Not Thursdays, I work.”" in words(page)
        assert "Maya asked for a change, Nov 23" in words(page)


def test_an_empty_wish_is_asked_for(phone, maya, dana):
    sent(maya, by=dana)
    response = phone.post("/me/plan/wishes/", {"words": " "})
    assert response.status_code == 422
    assert "Tell us what you want to change, in a few words." in words(response)


def test_a_plan_is_taken_back_to_be_changed(staff, maya, dana):
    plan = sent(maya, by=dana)
    assert staff.post("return/").url == staff.at + "draft/"
    assert reread(plan).is_draft


def test_a_plan_in_force_is_revised_by_writing_the_next_version(staff, maya, dana):
    signed_by_both(maya, by=dana)
    staff.post("versions/")
    told = words(staff.get())
    assert "Version 2" in told
    assert "Signed by both, Nov 23" in told
    second = signed_by_both(maya, by=dana)
    told = words(staff.get())
    assert "Earlier versions" in told
    first = CarePlan.objects.get(number=1)
    assert LEO in words(staff.get(f"versions/{first.id}/"))
    assert CarePlan.objects.active_for(maya) == second


# ---------- steps ----------


def test_staff_adds_a_step_and_the_person_checks_it_off(staff, phone, maya, dana):
    goal = signed_by_both(maya, by=dana).goals.get()
    assert staff.post(f"goals/{goal.id}/steps/", {"words": "Tell Ana the plan"}).status_code == 302
    step = Step.objects.get()
    assert "This week: Tell Ana the plan" in words(phone.get("/me/plan/"))
    assert phone.post(f"/me/plan/steps/{step.id}/", {"done": "1"}).url == "/me/plan/"
    assert 'aria-pressed="true"' in words(phone.get("/me/plan/"))
    assert "Done Monday" in words(staff.get())
    part = phone.post(f"/me/plan/steps/{step.id}/", {"done": "0"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="false"' in words(part)


def test_a_step_checked_off_at_home_leads_back_home_and_nowhere_else(phone, maya, dana):
    goal = signed_by_both(maya, by=dana).goals.get()
    step = Step.objects.create(
        patient=maya, goal=goal, week_of="2026-11-23", words="Tell Ana", recorded_by=dana
    )
    address = f"/me/plan/steps/{step.id}/"
    assert phone.post(address, {"done": "1", "next": "/me/"}).url == "/me/"
    assert phone.post(address, {"done": "1", "next": "https://example.com/"}).url == "/me/plan/"
    assert phone.post(address, {"done": "1", "next": "abc"}).url == "/me/plan/"


def test_an_empty_step_is_asked_for(staff, maya, dana):
    goal = signed_by_both(maya, by=dana).goals.get()
    response = staff.post(f"goals/{goal.id}/steps/", {"words": ""})
    assert response.status_code == 422
    assert "Write the step in a few words." in words(response)


def test_another_persons_step_is_not_found(clinic, maya, dana):
    goal = signed_by_both(maya, by=dana).goals.get()
    step = Step.objects.create(
        patient=maya, goal=goal, week_of="2026-11-23", words="Tell Ana", recorded_by=dana
    )
    wendell = clinic.patient("Wendell Price")
    client = clinic.client(clinic.patient_user(wendell))
    assert client.post(f"/me/plan/steps/{step.id}/", {"done": "1"}).status_code == 404


# ---------- who sees what ----------


def test_a_person_with_no_plan_yet_is_told_what_will_come(phone, maya):
    assert "You and your counselor write it together, in your words." in words(phone.get("/me/plan/"))


def test_staff_have_no_plan_of_their_own(staff, maya):
    assert staff.client.get("/me/plan/").status_code == 404


def test_who_is_not_on_the_team_finds_nothing(clinic, maya, dana):
    signed_by_both(maya, by=dana)
    renee = Staff(clinic.client(clinic.user(Role.COUNSELOR, "Renee Castillo")), maya)
    assert renee.get().status_code == 404
    assert renee.post("versions/").status_code == 404


def test_a_peer_reads_the_plan_and_does_not_write_in_it(clinic, maya, dana):
    signed_by_both(maya, by=dana)
    luis = clinic.user(Role.PEER, "Luis Ortega")
    clinic.join(maya, luis)
    peer = Staff(clinic.client(luis), maya)
    told = words(peer.get())
    assert LEO in told
    assert "Revise plan" not in told
    assert peer.post("versions/").status_code == 403


def test_the_patient_reads_the_plan_in_spanish(clinic, maya, dana):
    signed_by_both(maya, by=dana)
    maya.user.language = "es"
    maya.user.save()
    told = words(clinic.client(maya.user).get("/me/plan/"))
    assert "Mi meta, en mis palabras" in told
    assert "Su plan pide 9 horas por semana." in told
    assert "23 de noviembre" in told


def test_the_page_asks_the_same_number_of_questions_for_one_goal_as_for_many(
    staff, maya, dana, django_assert_max_num_queries
):
    goals = tuple(replace(FIRST_PLAN.goals[0], words=f"Goal {n}.", label=f"Goal {n}") for n in range(8))
    signed_by_both(maya, by=dana, text=replace(FIRST_PLAN, goals=goals))
    with django_assert_max_num_queries(26):
        staff.get()
