"""Scans about a person: added by whoever may, opened with a trace, struck out and never lost."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client, override_settings
from django.urls import reverse

from stepwell.ground.files import vault
from stepwell.ground.files.testing import pdf, photograph, picture
from stepwell.ground.kit import clock
from stepwell.trust import audit
from stepwell.trust.access import Forbidden
from stepwell.trust.accounts.roles import Role
from stepwell.trust.audit.models import AuditEvent
from stepwell.trust.people.actions.documents import add_document, strike_document
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import Patient
from stepwell.trust.people.testing import Clinic, open_clinic


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path) -> Iterator[None]:
    with override_settings(STEPWELL_FILES_DIR=tmp_path / "files"):
        yield


def add(
    clinic: Clinic, patient: Patient, data: bytes = b"", role: Role = Role.FRONT_DESK, **more: Any
) -> Document:
    given: dict[str, Any] = {"kind": Document.Kind.IDENTITY, "name": "card.jpg", **more}
    return add_document(patient, data=data or picture(), by=clinic.user(role), at=clock.now(), **given)


def send(client: Client, patient: Patient, data: bytes, name: str = "card.jpg", **more: Any) -> Any:
    given = {"kind": "identity", "file": SimpleUploadedFile(name, data), **more}
    return client.post(reverse("people:documents", args=[patient.pk]), given)


def files() -> int:
    folder = vault.ours().folder
    return sum(path.is_file() for path in folder.rglob("*")) if folder.exists() else 0


def test_the_front_desk_adds_a_card_and_opens_it(clinic: Clinic):
    maya, client = clinic.patient("Maya O'Brien-Núñez"), clinic.client(clinic.user(Role.FRONT_DESK))
    done = send(client, maya, photograph(), "Núñez <b>tarjeta.JPG")
    assert done.status_code == 302
    page = client.get(done["Location"]).content.decode()
    assert "Identity card" in page and "Núñez b tarjeta" in page and "<b>tarjeta" not in page
    one = Document.objects.get()
    opened = client.get(reverse("people:document", args=[one.pk]))
    assert opened.content.startswith(b"\xff\xd8\xff") and b"Exif" not in opened.content
    assert opened["Content-Type"] == "image/jpeg"
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in opened["Cache-Control"]
    assert opened["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert opened["Content-Disposition"] == 'inline; filename="document-2026-11-23-1400.jpg"'
    event = AuditEvent.objects.filter(did=audit.Did.OPENED, to_id=one.pk).get()
    assert event.patient_id == maya.pk


def test_a_photo_comes_from_a_telephone(clinic: Clinic):
    maya, client = clinic.patient(), clinic.client(clinic.user(Role.FRONT_DESK))
    page = client.get(reverse("people:documents", args=[maya.pk])).content.decode()
    assert 'capture="environment"' in page
    taken = SimpleUploadedFile("image.jpg", picture())
    address = reverse("people:documents", args=[maya.pk])
    assert client.post(address, {"kind": "insurance_front", "photo": taken}).status_code == 302
    assert Document.objects.get().kind == Document.Kind.INSURANCE_FRONT


def test_the_frame_of_the_front_desk_says_nothing_of_care(clinic: Clinic):
    maya = clinic.patient(team=(clinic.user(Role.PRESCRIBER), clinic.user(Role.COUNSELOR)))
    page = clinic.client(clinic.user(Role.FRONT_DESK)).get(reverse("people:documents", args=[maya.pk]))
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    for word in ("Prescriber", "Counselor", "Plan", "Medication", "Drug", "Level of care", "Notes", "Chart"):
        assert word not in main


def test_a_chart_reader_has_them_in_the_chart(clinic: Clinic):
    counselor = clinic.user(Role.COUNSELOR)
    maya = clinic.patient(team=(counselor,))
    page = clinic.client(counselor).get(reverse("people:documents", args=[maya.pk])).content.decode()
    assert "Level of care" in page and "Add document" in page


def test_a_pdf_is_handed_over_and_not_shown(clinic: Clinic):
    maya, client = clinic.patient(), clinic.client(clinic.user(Role.FRONT_DESK))
    send(client, maya, pdf(), "letter.pdf", kind="referral")
    opened = client.get(reverse("people:document", args=[Document.objects.get().pk]))
    assert opened["Content-Disposition"].startswith("attachment")
    assert opened.content == pdf()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"MZ\x90\x00", "card.jpg", "Choose a photo"),
        (b"<svg onload=alert(1)>", "card.png", "Choose a photo"),
        (pdf(b"/OpenAction << /S /JavaScript >>"), "letter.pdf", "more in it than pages"),
        (b"", "card.jpg", "This file is empty"),
        (picture()[:200], "card.jpg", "cannot be read"),
    ],
)
def test_what_may_not_come_in_is_told_beside_the_field(clinic: Clinic, data: bytes, name: str, says: str):
    maya, client, before = clinic.patient(), clinic.client(clinic.user(Role.FRONT_DESK)), files()
    response = send(client, maya, data, name)
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert 'value="identity" selected' in page
    assert not Document.objects.exists() and files() == before


def test_nothing_chosen_is_told(clinic: Clinic):
    maya, client = clinic.patient(), clinic.client(clinic.user(Role.FRONT_DESK))
    page = client.post(reverse("people:documents", args=[maya.pk]), {}).content.decode()
    assert "Choose what it is." in page and "Choose a file, or take a photo." in page


def test_a_file_that_is_too_large_is_not_taken_in(clinic: Clinic):
    maya, client = clinic.patient(), clinic.client(clinic.user(Role.FRONT_DESK))
    with override_settings(STEPWELL_LARGEST_FILE_MB=1):
        for size in (1_050_000, 3_000_000):
            response = send(client, maya, b"\xff\xd8\xff" + b"x" * size)
            assert response.status_code == 422
            assert "up to 1 MB" in response.content.decode()
    assert not Document.objects.exists()


def test_the_same_scan_twice_is_kept_once(clinic: Clinic):
    maya, before = clinic.patient(), files()
    assert add(clinic, maya).pk == add(clinic, maya).pk
    assert files() == before + 1
    add(clinic, maya, kind=Document.Kind.OTHER)
    assert Document.objects.count() == 2


def test_a_full_disk_is_told_and_leaves_nothing(clinic: Clinic, monkeypatch: pytest.MonkeyPatch):
    def full(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    maya, client, before = clinic.patient(), clinic.client(clinic.user(Role.FRONT_DESK)), files()
    monkeypatch.setattr(vault.os, "fsync", full)
    response = send(client, maya, picture())
    assert response.status_code == 422
    assert "There is no room left" in response.content.decode()
    assert not Document.objects.exists() and files() == before


def test_what_fails_in_the_database_leaves_no_file(clinic: Clinic, monkeypatch: pytest.MonkeyPatch):
    maya, before = clinic.patient(), files()

    def fail(**_more: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        add(clinic, maya)
    assert files() == before and not Document.objects.exists()


@pytest.mark.parametrize("role", [Role.PEER, Role.ADMINISTRATOR])
def test_who_has_no_part_in_it_finds_nothing(clinic: Clinic, role: Role):
    maya, client = clinic.patient(), clinic.client(clinic.user(role))
    one = add(clinic, maya)
    assert client.get(reverse("people:documents", args=[maya.pk])).status_code == 404
    assert client.get(reverse("people:document", args=[one.pk])).status_code == 404
    with pytest.raises(Forbidden):
        add(clinic, maya, role=role)


def test_compliance_looks_and_does_not_add(clinic: Clinic):
    maya, client = clinic.patient(), clinic.client(clinic.user(Role.COMPLIANCE))
    assert client.get(reverse("people:documents", args=[maya.pk])).status_code == 200
    assert send(client, maya, picture()).status_code == 403


def test_a_patient_does_not_reach_them_through_the_staff_door(clinic: Clinic):
    maya = clinic.patient()
    one = add(clinic, maya)
    client = clinic.client(clinic.patient_user(maya))
    assert client.get(reverse("people:document", args=[one.pk])).status_code == 404


def test_another_organization_does_not_find_it(clinic: Clinic):
    one = add(clinic, clinic.patient())
    with open_clinic("Elsewhere") as other:
        client = other.client(other.user(Role.DIRECTOR))
        assert client.get(reverse("people:document", args=[one.pk])).status_code == 404


def test_one_entered_in_error_stays_and_opens_for_few(clinic: Clinic):
    supervisor = clinic.user(Role.CLINICAL_SUPERVISOR)
    maya, desk = clinic.patient(), clinic.client(clinic.user(Role.FRONT_DESK))
    one = add(clinic, maya)
    address = reverse("people:document_correction", args=[one.pk])
    assert desk.post(address, {"because": " "}).status_code == 422
    assert desk.post(address, {"because": "of somebody else"}).status_code == 302
    page = desk.get(reverse("people:documents", args=[maya.pk])).content.decode()
    assert "of somebody else" in page
    assert reverse("people:document", args=[one.pk]) + '"' not in page
    assert desk.get(reverse("people:document", args=[one.pk])).status_code == 404
    assert clinic.client(supervisor).get(reverse("people:document", args=[one.pk])).status_code == 200
    assert desk.post(address, {"because": "again"}).status_code == 404
    assert add(clinic, maya).pk != one.pk  # The right one may be the same picture.


def test_what_it_says_of_a_scan_does_not_change(clinic: Clinic):
    one = add(clinic, clinic.patient())
    for change in ({"sha256": "0" * 64}, {"stored_as": "0" * 48}, {"kind": "other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Document.objects.filter(pk=one.pk).update(**change)


def test_nobody_strikes_out_what_they_may_not_add(clinic: Clinic):
    one = add(clinic, clinic.patient())
    with pytest.raises(Forbidden):
        strike_document(one, because="no", by=clinic.user(Role.COMPLIANCE), at=clock.now())


def test_a_file_that_is_gone_is_not_found(clinic: Clinic):
    one = add(clinic, clinic.patient())
    vault.ours().forget(one.stored_as)
    client = clinic.client(clinic.user(Role.FRONT_DESK))
    assert client.get(reverse("people:document", args=[one.pk])).status_code == 404
