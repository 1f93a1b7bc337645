"""What is in use here: free instruments until somebody says no, the others once their terms are accepted."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from stepwell.care.measures import actions, in_use
from stepwell.care.measures.library import instrument, instruments
from stepwell.care.measures.models import InstrumentUse, LicensedText, Response
from stepwell.care.measures.rules import use
from stepwell.care.measures.rules.use import Wording
from stepwell.care.measures.scoring import Standing
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.models import Membership
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.testing import open_clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    with open_clinic() as clinic:
        yield clinic


@pytest.fixture
def admin(clinic):
    user = clinic.user(Role.ADMINISTRATOR, "Ruth O'Brien-Núñez")
    Membership.objects.filter(user=user).update(center=None)
    return user


@pytest.fixture
def dana(clinic):
    return clinic.user(Role.COUNSELOR, "Dana Whitfield")


@pytest.fixture
def maya(clinic, dana):
    return clinic.patient("Maya Reyes", team=(dana,))


@pytest.fixture
def setup(clinic, admin):
    """The administrator's browser, signed in."""
    return clinic.client(admin)


def switch(name, admin, *, on=True, part="", accepted_as="Ruth O'Brien-Núñez"):
    return actions.switch(name, part, on=on, accepted_as=accepted_as, by=admin, at=clock.now())


def copy_of(name, language="en", **changes):
    """Every word of a made-up copy; nothing of the owner's."""
    definition = instrument(name)
    wording = {
        "language": language,
        "title": f"Our copy ({language})",
        "instructions": "Read each line.",
        "items": {item.id: f"Line {item.id} {language}" for item in definition.items},
        "answers": {
            item.id: {str(value): f"Choice {value} {language}" for value in item.values}
            for item in definition.items
            if item.values
        },
        "licence": "Permission 12 of 3 May 2026",
    }
    return Wording(**(wording | changes))


def write(name, admin, wording=None, version=0):
    return actions.write_wording(name, wording or copy_of(name), version=version, by=admin, at=clock.now())


# Rules


def test_at_first_only_what_needs_no_terms_is_in_use(clinic):
    used = set(in_use.askable())
    assert used == {each.id for each in instruments().values() if each.standing is Standing.FREE} | {
        "dsm5_sud_checklist"
    }


def test_each_conditional_one_has_its_reason_and_notice():
    for each in instruments().values():
        if each.standing is Standing.CONDITIONAL or each.is_withheld:
            terms = use.terms_of(each)
            assert terms is not None
            assert terms.reason.endswith(".")
            assert terms.notice.startswith("We ")


@pytest.mark.parametrize(
    "name", ["sows_structure", "urica24_structure", "whodas12_structure", "bscs_structure"]
)
def test_a_copy_is_whole_only_with_every_word(name):
    whole = copy_of(name)
    assert use.still_missing(instrument(name), whole) == ()
    for gap in ("title", "instructions", "licence"):
        assert use.still_missing(instrument(name), copy_of(name, **{gap: " "})) == (gap,)
    first = instrument(name).items[0]
    no_item = {item: text for item, text in whole.items.items() if item != first.id}
    assert use.still_missing(instrument(name), copy_of(name, items=no_item)) == (first.id,)
    no_label = whole.answers | {first.id: whole.answers[first.id] | {"1": ""}}
    assert use.still_missing(instrument(name), copy_of(name, answers=no_label)) == (f"{first.id}=1",)


def test_a_worded_structure_counts_as_before():
    from stepwell.care.measures.scoring import score

    words = use.worded(instrument("sows_structure"), copy_of("sows_structure"))
    answers = {f"sows_{n}": 1 for n in range(1, 17)}
    assert score(words, answers) == score(instrument("sows_structure"), answers)
    assert words.items[0].text == "Line sows_1 en"


# Switching


def test_a_notice_is_accepted_by_name_and_day(admin):
    with pytest.raises(Refused) as refusal:
        switch("audit", admin, accepted_as="  ")
    assert refusal.value.field == "accepted_as"
    assert "audit" not in in_use.askable()
    switch("audit", admin)
    row = InstrumentUse.objects.get(instrument="audit")
    assert (row.is_on, row.accepted_as, row.decided_by, row.decided_at) == (
        True, "Ruth O'Brien-Núñez", admin, clock.now(),
    )  # fmt: skip
    assert "not in conjunction with commercial purposes" in row.notice
    assert "audit" in in_use.askable()
    assert AuditEvent.objects.filter(because="audit: switched on").exists()


def test_what_is_switched_off_cannot_be_asked_nor_rated(admin, dana, maya):
    switch("phq9", admin, on=False, accepted_as="")
    with pytest.raises(Refused, match="not in use here"):
        actions.ask(maya, "phq9", by=dana, at=clock.now())
    with pytest.raises(Refused, match="not in use here"):
        actions.record(
            maya,
            "phq9",
            {"phq9_1": 1},
            mode=Response.Mode.PAPER,
            taken_at=clock.now(),
            by=dana,
            at=clock.now(),
        )
    switch("phq9", admin, accepted_as="")
    assert actions.ask(maya, "phq9", by=dana, at=clock.now())


def test_what_was_asked_before_may_be_finished(clinic, admin, dana, maya):
    asked = actions.ask(maya, "phq2", by=dana, at=clock.now())
    switch("phq2", admin, on=False, accepted_as="")
    person = clinic.patient_user(maya)
    actions.answer(asked, "phq2_1", 1, was=actions.Unanswered.YET, by=person, at=clock.now())
    asked.refresh_from_db()
    assert actions.send(asked, version=asked.version, by=person, at=clock.now()).is_completed


def test_the_questions_on_safety_are_switched_apart_and_stay_as_they_were_asked(admin, dana, maya):
    switch("ahc_hrsn_core", admin)
    asked = actions.ask(maya, "ahc_hrsn_core", by=dana, at=clock.now())
    assert len(asked.definition.items) == 6
    switch("ahc_hrsn_core", admin, part="safety")
    assert len(in_use.askable()["ahc_hrsn_core"].items) == 10
    asked.refresh_from_db()
    assert [item.id for item in asked.definition.items] == [f"hrsn_{n}" for n in range(1, 7)]


def test_a_part_that_is_none_and_a_plan_that_is_not_asked_are_refused(admin):
    for name, part in (
        ("phq9", "safety"),
        ("ahc_hrsn_core", "x"),
        ("safety_plan_structure", ""),
        ("horoscope", ""),
    ):
        with pytest.raises(Refused):
            switch(name, admin, part=part)
    assert not InstrumentUse.objects.exists()


def test_only_who_administers_every_center_switches_and_writes(clinic, dana):
    here_only = clinic.user(Role.ADMINISTRATOR, "Only Here")
    for somebody in (dana, here_only):
        with pytest.raises(Forbidden):
            switch("audit", somebody)
        with pytest.raises(Forbidden):
            write("sows_structure", somebody)


def test_the_database_keeps_a_notice_with_the_name_under_it(admin):
    with pytest.raises(IntegrityError), transaction.atomic():
        InstrumentUse.objects.create(
            instrument="audit", is_on=True, decided_by=admin, decided_at=clock.now(), notice="We do."
        )


# The licensed wording


def test_a_withheld_one_is_asked_only_from_a_whole_copy(admin, dana, maya):
    with pytest.raises(Refused, match="whole wording first"):
        switch("sows_structure", admin)
    write("sows_structure", admin, copy_of("sows_structure", title=""))
    with pytest.raises(Refused, match="whole wording first"):
        switch("sows_structure", admin)
    write("sows_structure", admin, version=1)
    switch("sows_structure", admin)
    assert actions.ask(maya, "sows_structure", by=dana, at=clock.now())
    with pytest.raises(Refused, match="every word is needed"):
        write("sows_structure", admin, copy_of("sows_structure", title=""), version=2)
    text = LicensedText.objects.get()
    assert (text.title, text.entered_by, text.licence) == (
        "Our copy (en)",
        admin,
        "Permission 12 of 3 May 2026",
    )


def test_two_who_write_at_once_do_not_overwrite_each_other(admin):
    write("bscs_structure", admin)
    with pytest.raises(ChangedMeanwhile):
        write("bscs_structure", admin, copy_of("bscs_structure", title="Other"))
    assert LicensedText.objects.get().title == "Our copy (en)"


def test_nothing_is_written_over_wording_that_is_kept_here(admin):
    with pytest.raises(Refused, match="kept here already"):
        write("phq9", admin, copy_of("sows_structure"))


def test_another_organization_has_neither_the_copy_nor_the_switch(clinic, admin):
    write("sows_structure", admin)
    switch("sows_structure", admin)
    assert "sows_structure" in in_use.askable()
    with open_clinic("Birch Road"):
        assert "sows_structure" not in in_use.askable()
        assert not LicensedText.objects.exists()


# Pages


def test_the_licensed_words_are_asked_on_the_phone_in_the_language_held(clinic, admin, dana, maya):
    write("sows_structure", admin)
    write("sows_structure", admin, copy_of("sows_structure", "es", title=""))  # a gap: not shown
    switch("sows_structure", admin)
    asked = actions.ask(maya, "sows_structure", by=dana, at=clock.now())
    phone = clinic.client(clinic.patient_user(maya))
    page = reverse("measures:question", args=[asked.pk, 1])
    english = phone.get(page).content.decode()
    assert "Line sows_1 en" in english
    assert "Choice 4 en" in english
    assert "withheld" not in english
    person = clinic.patient_user(maya)
    person.language = "es"
    person.save()
    spanish = phone.get(page).content.decode()
    assert "Line sows_1 en" in spanish
    assert 'lang="en" data-verbatim' in spanish
    write("sows_structure", admin, copy_of("sows_structure", "es"), version=1)
    spanish = phone.get(page).content.decode()
    assert "Line sows_1 es" in spanish
    assert 'lang="es" data-verbatim' in spanish


def test_the_administrator_reads_why_one_waits_and_accepts_its_notice(setup):
    listed = setup.get(reverse("measures:in_use")).content.decode()
    assert "not together with commercial purposes" in listed
    page = reverse("measures:use", args=["dast10"])
    assert "credit Dr. Harvey A. Skinner" in setup.get(page).content.decode()
    unsigned = setup.post(page, {"part": "", "on": "on", "accepted_as": ""})
    assert unsigned.status_code == 422
    assert "Write your name to accept the notice." in unsigned.content.decode()
    assert setup.post(page, {"part": "", "on": "on", "accepted_as": "Ruth"}).status_code == 302
    after = setup.get(page).content.decode()
    assert "Notice accepted as “Ruth”." in after
    assert "Stop asking it" in after


def test_the_wording_is_entered_bit_by_bit_and_what_was_typed_stays(setup):
    page = reverse("measures:wording", args=["whodas12_structure", "en"])
    empty = setup.get(page).content.decode()
    assert "standing long" in empty
    assert "your licensed wording in English" in empty
    assert "(optional)" not in empty
    assert setup.post(page, {"version": "0", "title": "<b>O'Brien</b>"}).status_code == 302
    assert "&lt;b&gt;O&#x27;Brien&lt;/b&gt;" in setup.get(page).content.decode()
    stale = setup.post(page, {"version": "0", "title": "Second"})
    assert stale.status_code == 422
    assert "Somebody else changed this wording" in stale.content.decode()
    assert "Second" in stale.content.decode()
    assert setup.get(reverse("measures:wording", args=["phq9", "en"])).status_code == 404
    assert setup.get(reverse("measures:wording", args=["whodas12_structure", "fr"])).status_code == 404


def test_a_counselor_reads_the_library_and_changes_nothing(clinic, dana):
    desk = clinic.client(dana)
    listed = desk.get(reverse("measures:library")).content.decode()
    assert "PHQ-9" in listed
    for each in instruments().values():
        body = desk.get(reverse("measures:about", args=[each.id])).content.decode()
        assert each.licence.verdict
        assert "data-verbatim" in body
        assert "&lt;text withheld" not in body
    sows = desk.get(reverse("measures:about", args=["sows_structure"])).content.decode()
    assert "Wording withheld" in sows
    assert "from memory" in sows
    assert desk.get(reverse("measures:about", args=["horoscope"])).status_code == 404
    audit_c = " ".join(desk.get(reverse("measures:about", args=["audit_c"])).content.decode().split())
    assert "total 3 or more, of men 4" in audit_c
    assert "AUDIT if AUDIT-C is positive" in audit_c
    assert desk.get(reverse("measures:in_use")).status_code in (403, 404)
    assert desk.post(
        reverse("measures:use", args=["audit"]), {"on": "on", "accepted_as": "Dana"}
    ).status_code in (403, 404)


def test_the_form_of_a_counselor_offers_what_is_in_use(clinic, admin, dana, maya):
    desk = clinic.client(dana)
    page = reverse("measures:measures", args=[maya.pk])
    new = reverse("measures:new", args=[maya.pk, "audit"])
    assert 'value="audit"' not in desk.get(page).content.decode()
    assert desk.get(new).status_code == 404
    switch("audit", admin)
    assert 'value="audit"' in desk.get(page).content.decode()
    assert desk.get(new).status_code == 200


def test_several_answers_are_ticked_on_paper_and_on_the_phone(clinic, admin, dana, maya):
    switch("ahc_hrsn_core", admin)
    desk = clinic.client(dana)
    given = {"hrsn_1": "0", "hrsn_2": ["leaks", "mold"], "hrsn_3": "never", "hrsn_4": "never", "hrsn_5": "0",
             "hrsn_6": "no", "mode": "paper", "taken_at": "2026-11-23T08:30"}  # fmt: skip
    assert desk.post(reverse("measures:new", args=[maya.pk, "ahc_hrsn_core"]), given).status_code == 302
    kept = maya.response_set.get()
    assert kept.answers["hrsn_2"] == ["mold", "leaks"]
    assert (kept.result["status"], kept.result["domains"]) == ("scored", ["housing"])
    assert "Mold, Water leaks" in desk.get(reverse("measures:response", args=[kept.pk])).content.decode()

    asked = actions.ask(maya, "ahc_hrsn_core", by=dana, at=clock.now())
    phone = clinic.client(clinic.patient_user(maya))
    second = reverse("measures:question", args=[asked.pk, 2])
    assert phone.post(second, {"was": "", "answer": ["pests", "heat"]}).status_code == 302
    assert phone.post(second, {"was": "pests,heat", "answer": ["none"]}).status_code == 302
    asked.refresh_from_db()
    assert asked.answers["hrsn_2"] == ["none"]


def test_the_criteria_are_counted_for_the_substance_named(clinic, dana, maya):
    desk = clinic.client(dana)
    page = reverse("measures:new", args=[maya.pk, "dsm5_sud_checklist"])
    given = {f"sud_{n}": "1" if n in (1, 2, 11) else "0" for n in range(1, 12)}
    given |= {"sud_medical_supervision": "0", "taken_at": "2026-11-23T08:30"}
    unnamed = desk.post(page, given)
    assert unnamed.status_code == 422
    assert "Choose the substance." in unnamed.content.decode()
    assert desk.post(page, given | {"substance": "inhalant"}).status_code == 302
    kept = maya.response_set.get()
    assert (kept.context["class"], kept.result["count"], kept.result["count_band"]) == ("inhalant", 2, "Mild")
