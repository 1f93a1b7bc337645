"""Keeping a scan, and striking one out."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from stepwell.ground.files import uploads, vault
from stepwell.ground.files.checks import check
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import User
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import Patient


def add_document(
    patient: Patient, *, kind: Document.Kind, data: bytes, name: str, by: User, at: datetime
) -> Document:
    """Keep a scan. The very same one again is the one that is there.

    Raises Refused for what is no photo and no plain PDF, for what is too large, and for a full disk.
    """
    require(by, Permission.ADD_DOCUMENT, patient)
    checked = check(data, name, largest=uploads.largest())
    place = vault.ours()
    kept = place.put(checked.data)
    try:
        with transaction.atomic():
            document = Document.objects.create(
                patient=patient,
                kind=kind,
                name=checked.name,
                media=checked.type.media,
                size=kept.size,
                sha256=kept.sha256,
                stored_as=kept.name,
                recorded_by=by,
                recorded_at=at,
            )
            audit.record(by=by, did=audit.Did.CREATED, to=document)
    except IntegrityError:
        place.forget(kept.name)
        there = Document.objects.in_force().filter(patient=patient, kind=kind, sha256=kept.sha256).first()
        if there is None:
            raise
        return there
    except BaseException:
        place.forget(kept.name)
        raise
    return document


@transaction.atomic
def strike_document(document: Document, *, because: str, by: User, at: datetime) -> None:
    """Say that this scan should not be here. It stays, struck out, and opens only for those who look after records."""
    require(by, Permission.ADD_DOCUMENT, document.patient)
    if not because.strip():
        raise Refused(_("Say why this was entered in error."), field="because")
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.entered_in_error_at is not None:
        raise Refused(_("This is already marked as entered in error."))
    document.strike_out(by=by, at=at, because=because.strip())
    audit.record(by=by, did=audit.Did.ENTERED_IN_ERROR, to=document)


def may_open(document: Document, user: User) -> bool:
    """Whether somebody who sees it in the list may open it: struck out, only who may correct records or trace them."""
    if document.entered_in_error_at is None:
        return True
    return may(user, Permission.MARK_IN_ERROR, document.patient) or may(
        user, Permission.SEE_TRACE, document.patient
    )
