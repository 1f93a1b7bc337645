"""A chart on paper: who may ask, what stands on it, how it is made once, taken, and forgotten."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from stepwell.config.testing.fixtures import NOW
from stepwell.ground.files import paper, vault
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.access import Forbidden, Permission
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.consent import segments
from stepwell.trust.consent.models import Disclosure
from stepwell.trust.consent.rules.notices import STATEMENT_1, STATEMENT_2
from stepwell.trust.consent.rules.vocabulary import Segment
from stepwell.trust.consent.segments import Content, Supply
from stepwell.trust.printouts import composing, jobs, making
from stepwell.trust.printouts.actions import ask_for_printout
from stepwell.trust.printouts.models import Printout
from stepwell.trust.printouts.rules import KEPT_FOR, MAY_BE_PRINTED, Failure, For, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("marked")]
PLAN_AND_MEDICINE = (Segment.PLAN, Segment.MEDICATION)


def asked(patient, by, *, parts=PLAN_AND_MEDICINE, since=None, made_for=For.TREATMENT, key=None, at=None):
    return ask_for_printout(
        patient,
        made_for=made_for,
        segments=parts,
        since=since,
        key=key or uuid4(),
        by=by,
        at=at or clock.now(),
    )


def made(patient, by, **more):
    printout = asked(patient, by, **more)
    jobs.make_printout(str(printout.organization_id), str(printout.pk))
    printout.refresh_from_db()
    return printout


def pages_of(printout):
    """What a person reads, page by page."""
    data = b"".join(vault.ours().read(printout.stored_as))
    return [
        " ".join(re.sub("[\x00\u200b]", "", page.extract_text()).split())
        for page in PdfReader(io.BytesIO(data)).pages
    ]


def holds(monkeypatch, segment, *rows, columns=("What",)):
    kept = dict(segments._supplies)
    kept[segment] = Supply(Permission.SEE_CHART, lambda _looking: Content(columns, tuple(rows)))
    monkeypatch.setattr(segments, "_supplies", kept)


def address(name, of):
    return reverse(f"printouts:{name}", args=[of.pk])


# The paper


def test_the_paper_holds_what_was_chosen_and_nothing_else(maya, dana):
    printout = made(maya, dana, since=NOW.date() - timedelta(days=30))
    assert printout.state is State.READY
    [page] = pages_of(printout)
    assert "mark-plan, since 2026-10-24" in page
    assert "mark-medication" in page
    for segment in set(Segment) - set(PLAN_AND_MEDICINE):
        assert f"mark-{segment.value}" not in page


def test_each_page_says_whose_it_is_who_printed_it_when_and_which_it_is(maya, dana, monkeypatch):
    holds(monkeypatch, Segment.PLAN, *((f"line {number}",) for number in range(120)))
    pages = pages_of(made(maya, dana, parts=[Segment.PLAN]))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "Maya O'Brien-Núñez, born March 8, 1992. Record " + maya.record_number in page
        assert "Printed by Dana Whitfield, November 23, 2026, 9:00 AM EST." in page
        assert f"Page {number} of {len(pages)}" in page
        assert STATEMENT_2.text in page
    assert STATEMENT_1.text in pages[0]


def test_the_pdf_is_tagged_and_names_nobody_outside_its_pages(maya, dana):
    printout = made(maya, dana)
    reader = PdfReader(io.BytesIO(b"".join(vault.ours().read(printout.stored_as))))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/StructTreeRoot"]
    assert catalog["/Lang"] == "en"
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
    assert reader.metadata.title == "Record"
    assert "Maya" not in str(reader.metadata)
    assert printout.file_name == "document-2026-11-23-1400.pdf"


def test_what_somebody_wrote_is_words_and_never_markup(maya, dana, monkeypatch):
    hostile = '<img src="file:///etc/passwd"><script>alert(1)</script><style>.law{display:none}</style>{{ 7|add:7 }}'
    holds(monkeypatch, Segment.PLAN, (hostile,), ("x" * 5000,), ("Núñez נונייז 🙂",))
    printout = made(maya, dana, parts=[Segment.PLAN])
    whole = "".join(pages_of(printout)).replace(" ", "")
    assert hostile.replace(" ", "") in whole
    assert "".join(STATEMENT_1.text.split()) in whole
    assert whole.count("x") >= 5000


def test_nothing_is_fetched_for_a_paper(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for paper")
    html = f'<html lang="en"><title>T</title><body><p>A</p><img alt="b" src="file://{secret}"><object data="file://{secret}"></object></body></html>'
    data = paper.pdf_of(html, f"@import url(file://{secret});").data
    assert b"not for paper" not in data
    assert "not for paper" not in PdfReader(io.BytesIO(data)).pages[0].extract_text()


def test_the_patients_own_copy_says_so_in_their_language(clinic, dana):
    rosa = clinic.patient("Rosa Mendoza", team=(dana,), language="es")
    page = pages_of(made(rosa, dana, made_for=For.PATIENT))[0]
    assert "Copy of the record of Rosa Mendoza" in page
    assert "This is your own copy. You decide who sees it." in page
    assert "Esta copia es suya. Usted decide quién la ve." in page
    assert "Nobody outside may have it" not in page


def test_a_paper_is_no_disclosure(maya, dana):
    made(maya, dana, made_for=For.PATIENT)
    assert not Disclosure.objects.exists()


# Private notes


def test_private_counseling_notes_are_refused_though_a_room_kept_them(maya, dana):
    assert Segment.COUNSELING_NOTES not in composing.parts_for(dana, maya)
    with pytest.raises(Refused, match="Choose what goes on paper"):
        asked(maya, dana, parts=[Segment.COUNSELING_NOTES])
    with pytest.raises(Refused, match="You may not see all of these parts"):
        asked(maya, dana, parts=[Segment.PLAN, Segment.COUNSELING_NOTES])
    page = pages_of(made(maya, dana, parts=MAY_BE_PRINTED))[0]
    assert "mark-counseling_notes" not in page


def test_the_database_keeps_private_counseling_notes_off_paper(maya, dana):
    with pytest.raises(IntegrityError, match="printout_never_of_counseling_notes"), transaction.atomic():
        Printout.objects.create(
            patient=maya,
            made_for=For.TREATMENT,
            segments=["plan", "counseling_notes"],
            asked_by=dana,
            asked_at=NOW,
        )


# Who


def test_somebody_without_the_permission_is_refused(clinic, maya):
    for role in (Role.FRONT_DESK, Role.BILLER, Role.PEER, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            asked(maya, clinic.user(role))
        assert clinic.client(clinic.user(role)).get(address("printouts", maya)).status_code in (403, 404)


def test_a_part_that_one_may_not_see_is_neither_offered_nor_printed(clinic, maya):
    robin = clinic.user(Role.CASE_MANAGER, "Robin Vance")
    clinic.join(maya, robin)
    assert Segment.MEDICATION not in composing.parts_for(robin, maya)
    with pytest.raises(Refused, match="You may not see all of these parts"):
        asked(maya, robin)


def test_a_colleague_opens_no_paper_with_a_part_that_they_may_not_see(clinic, maya, dana):
    robin = clinic.user(Role.CASE_MANAGER, "Robin Vance")
    clinic.join(maya, robin)
    with_medicine, without = made(maya, dana), made(maya, dana, parts=[Segment.PLAN])
    client = clinic.client(robin)
    for name in ("printout", "file", "page"):
        assert client.get(address(name, with_medicine)).status_code == 404
        assert client.get(address(name, without)).status_code == 200


def test_who_has_left_the_care_team_meanwhile_gets_nothing(clinic, maya, dana):
    printout = asked(maya, dana)
    maya.care_team.update(ended_on=clinic.today)
    making.make(printout.organization_id, printout.pk)
    printout.refresh_from_db()
    assert (printout.state, printout.failed) == (State.FAILED, Failure.NOT_ALLOWED)
    assert clinic.client(dana).get(address("printout", printout)).status_code == 404


# Asking


def test_a_button_pressed_twice_makes_one_paper(maya, dana):
    key = uuid4()
    assert asked(maya, dana, key=key) == asked(maya, dana, key=key)
    assert Printout.objects.count() == 1
    assert AuditEvent.objects.filter(did="created").count() == 1


def test_nobody_orders_a_pile(maya, dana):
    for _paper in range(3):
        asked(maya, dana)
    with pytest.raises(Refused, match="Three papers are being made for you"):
        asked(maya, dana)


def test_a_day_that_has_not_come_is_refused(maya, dana):
    with pytest.raises(Refused, match="This day has not come yet"):
        asked(maya, dana, since=NOW.date() + timedelta(days=1))


# Making


def test_it_is_made_once_by_two_workers(maya, dana):
    printout = made(maya, dana)
    before = printout.stored_as
    making.make(printout.organization_id, printout.pk)
    printout.refresh_from_db()
    assert printout.stored_as == before


def test_what_is_made_does_not_change(maya, dana):
    printout = made(maya, dana)
    with pytest.raises(IntegrityError, match="made_printout_stays"), transaction.atomic():
        Printout.objects.filter(pk=printout.pk).update(stored_as="a" * 48)


def test_a_paper_of_too_many_lines_is_not_made(maya, dana, monkeypatch, desk):
    holds(monkeypatch, Segment.PLAN, *((str(number),) for number in range(3001)))
    printout = made(maya, dana, parts=[Segment.PLAN])
    assert printout.failed == Failure.TOO_LONG
    assert "Choose a shorter time, or fewer parts" in desk.get(address("printout", printout)).content.decode()
    answer = desk.get(address("page", printout), follow=True)
    assert "Choose a shorter time, or fewer parts" in answer.content.decode()


def test_where_the_libraries_are_missing_a_sentence_says_so_and_the_page_prints(
    maya, dana, desk, monkeypatch
):
    def missing():
        raise paper.NoLibraries("libpango-1.0-0")

    monkeypatch.setattr(paper, "_weasyprint", missing)
    printout = made(maya, dana)
    assert printout.failed == Failure.NO_LIBRARIES
    said = desk.get(address("printout", printout)).content.decode()
    assert "This machine cannot make PDFs yet." in said
    assert address("page", printout) in said
    page = desk.get(address("page", printout)).content.decode()
    assert "mark-plan" in page
    assert STATEMENT_2.text in page


def test_what_breaks_is_said_and_nothing_is_left_behind(maya, dana, monkeypatch, desk):
    def breaks(*_args, **_more):
        raise RuntimeError("out of ink")

    monkeypatch.setattr(paper, "pdf_of", breaks)
    printout = made(maya, dana)
    assert (printout.failed, printout.stored_as) == (Failure.BROKE, "")
    assert (
        "Something went wrong while it was made" in desk.get(address("printout", printout)).content.decode()
    )


def test_what_a_lost_worker_left_is_made_and_what_nobody_made_for_an_hour_is_given_up(maya, dana):
    old, new = asked(maya, dana), asked(maya, dana, at=NOW + timedelta(minutes=50))
    with clock.stand_still(NOW + timedelta(minutes=61)):
        jobs.look_after_printouts(0)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.failed, bool(new.stored_as)) == (Failure.NEVER_MADE, True)


# Taking, and forgetting


def test_the_file_is_handed_over_and_each_taking_is_recorded(maya, dana, desk):
    printout = made(maya, dana, made_for=For.REVIEW)
    answer = desk.get(address("file", printout))
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="document-2026-11-23-1400.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    [event] = AuditEvent.objects.filter(did="took out as a file")
    assert (event.by_id, event.patient_id, event.purpose) == (dana.pk, maya.pk, "operations")
    assert event.because == "the treatment plan, medication"
    desk.get(address("file", printout))
    assert AuditEvent.objects.filter(did="took out as a file").count() == 2
    desk.get(address("page", printout))
    assert AuditEvent.objects.filter(did="printed", patient_id=maya.pk).count() == 1


def test_after_a_day_the_file_is_gone_and_the_line_stays(clinic, maya, dana):
    printout = made(maya, dana)
    with clock.stand_still(NOW + KEPT_FOR):
        desk = clinic.client(dana)
        # Nothing has forgotten it yet, and it is out of reach already.
        assert desk.get(address("file", printout)).status_code == 302
        assert desk.get(address("page", printout)).status_code == 302
        assert making.look_after() == 1
        assert making.look_after() == 0
        assert "This paper is gone" in desk.get(address("printout", printout)).content.decode()
    with pytest.raises(vault.Gone):
        vault.ours().read(printout.stored_as)
    printout.refresh_from_db()
    assert printout.forgotten_at == NOW + KEPT_FOR


def test_a_page_that_waits_asks_again_and_is_no_new_look(maya, dana, desk):
    printout = asked(maya, dana)
    page = desk.get(address("printout", printout))
    assert "Your paper is being made" in page.content.decode()
    looks = AuditEvent.objects.filter(did="opened").count()
    again = {"HTTP_HX_REQUEST": "true", "HTTP_IF_NONE_MATCH": page.context["version"]}
    assert desk.get(address("printout", printout), **again).status_code == 304
    making.make(printout.organization_id, printout.pk)
    answer = desk.get(address("printout", printout), **again)
    assert "Download PDF" in answer.content.decode()
    assert "data-puts" in answer.content.decode()
    assert AuditEvent.objects.filter(did="opened").count() == looks


# The page


def test_the_page_begins_with_what_is_usual_and_keeps_what_was_chosen(maya, desk):
    page = desk.get(address("printouts", maya))
    form = page.context["form"]
    assert form["segments"].value() == ["attendance", "episode", "plan", "medication", "measures"]
    assert "Private counseling notes are kept apart" in page.content.decode()
    sent = {"segments": ["notes"], "period": "since", "made_for": "treatment", "key": uuid4()}
    answer = desk.post(address("printouts", maya), sent)
    assert answer.status_code == 422
    assert "Write the day." in answer.content.decode()
    assert answer.context["form"]["segments"].value() == ["notes"]
    assert not Printout.objects.exists()


def test_from_the_page_to_the_wait(maya, desk):
    sent = {"segments": ["plan"], "period": "90", "made_for": "patient", "key": uuid4()}
    answer = desk.post(address("printouts", maya), sent)
    printout = Printout.objects.get()
    assert answer.url == address("printout", printout)
    assert (printout.since, printout.made_for) == (NOW.date() - timedelta(days=90), "patient")
    assert "The patient, who asked for it" in desk.get(address("printouts", maya)).content.decode()


def test_for_somebody_outside_the_page_leads_to_the_one_door(maya, desk):
    page = desk.get(address("printouts", maya)).content.decode()
    assert reverse("consent:new_disclosure", args=[maya.pk]) in page


@pytest.mark.parametrize(
    "sent", [{}, {"key": "x"}, {"segments": ["counseling_notes"]}, {"period": "1000"}, {"since": "31/31/1"}]
)
def test_what_was_played_with_is_refused_with_words(maya, desk, sent):
    whole = {
        "segments": ["plan"],
        "period": "since",
        "since": "2026-11-01",
        "made_for": "review",
        "key": uuid4(),
    }
    answer = desk.post(address("printouts", maya), whole | sent if sent else {})
    assert answer.status_code == 422
    assert not Printout.objects.exists()
