"""What the front desk keeps: people close to a patient, reminders that went out, and scans of cards and papers."""

import io
from collections.abc import Iterator
from datetime import timedelta

from PIL import Image, ImageDraw, ImageFont

from stepwell.care.scheduling.models import Appointment
from stepwell.demo.building.site import Site, write
from stepwell.trust.outbox import kinds
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.outbox.models import Channel, Message, State
from stepwell.trust.people.actions.documents import add_document
from stepwell.trust.people.documents import Document
from stepwell.trust.people.models import RelatedPerson

Relation = RelatedPerson.Relation
#: Name, who they are, telephone, whether to call them in an emergency, whether they know of the care.
CLOSE = {
    "maya-reyes": (
        ("Ana Reyes", Relation.SISTER, "+19375550181", True, True),
        ("Jordan Ames", Relation.PARTNER, "+19375550182", False, True),
    ),
    "devon-thackery": (("Carol Thackery", Relation.MOTHER, "+19375550183", True, False),),
    "rosa-mendoza": (("Elena Mendoza", Relation.MOTHER, "+19375550184", True, True),),
    "wendell-pruitt": (("Beth Pruitt", Relation.CHILD, "+19375550185", True, True),),
}
#: A reminder goes out a day before the visit; this is how far back they are shown.
BEFORE, BACK = timedelta(days=1), timedelta(days=5)
PAPERS = (
    (Document.Kind.IDENTITY, "identity card.png", ("EXAMPLE", "State of Ohio", "{name}")),
    (Document.Kind.INSURANCE_FRONT, "card, front.png", ("EXAMPLE", "Valley Health Plan", "{name}")),
    (Document.Kind.INSURANCE_BACK, "card, back.png", ("EXAMPLE", "Members call 937-555-0190")),
    (Document.Kind.REFERRAL, "letter.png", ("EXAMPLE", "Riverbend Family Medicine", "Please see {name}.")),
)


def people_close(site: Site) -> None:
    write(
        RelatedPerson(
            id=site.id_of("related person", name),
            patient=site.patients[key],
            name=name,
            relation=relation,
            phone=phone,
            is_emergency_contact=is_emergency_contact,
            knows_of_care=knows_of_care,
            recorded_by=site.users["tess"],
            recorded_at=site.now - timedelta(days=20),
        )
        for key, people in CLOSE.items()
        if key in site.patients
        for name, relation, phone, is_emergency_contact, knows_of_care in people
    )


def reminders(site: Site) -> None:
    visits = [
        row
        for (kind, _key), row in site.made.items()
        if kind == "appointment"
        and row.kind != Appointment.Kind.GROUP
        and site.now - BACK < row.starts_at - BEFORE <= site.now
    ]
    write(_reminder(site, visit, number) for number, visit in enumerate(visits))


def _reminder(site: Site, visit: Appointment, number: int) -> Message:
    """By text to whom it is safe; one now and then that the network turned down."""
    told = {
        "starts_at": visit.starts_at.isoformat(),
        "zone": site.center.time_zone,
        "phone": site.center.phone,
    }
    went_at = visit.starts_at - BEFORE
    message = Message(
        id=site.id_of("message", str(visit.pk)),
        patient=visit.patient,
        kind=Kind.APPOINTMENT_REMINDER,
        context=told,
        next_at=went_at,
        useful_until=visit.starts_at - timedelta(hours=1),
        recorded_at=went_at,
    )
    if not (visit.patient.safe_to_text and visit.patient.phone):
        message.state = State.NOT_SAFE
        return message
    message.channel, message.sent_to, message.language = (
        Channel.TEXT,
        visit.patient.phone,
        visit.patient.language,
    )
    message.body = kinds.as_text(Kind.APPOINTMENT_REMINDER, message.language, told)
    message.tries = 1
    if number % 9 == 4:
        message.state, message.because = State.FAILED, "the number is not in service"
    else:
        message.state, message.sent_at = State.DELIVERED, went_at
        message.delivered_at = min(went_at + timedelta(seconds=6), site.now)
    return message


def scans(site: Site) -> None:
    """Made-up cards of the first people. Their bytes lie in the vault, outside of the database."""
    for key in CLOSE.keys() & site.patients.keys():
        patient = site.patients[key]
        for kind, name, lines in PAPERS if key == "maya-reyes" else PAPERS[:2]:
            add_document(
                patient,
                kind=kind,
                data=_drawn(line.format(name=patient.name) for line in lines),
                name=name,
                by=site.users["tess"],
                at=site.now - timedelta(days=20),
            )


def _drawn(lines: Iterator[str]) -> bytes:
    card = Image.new("RGB", (640, 400), (243, 246, 246))
    pen = ImageDraw.Draw(card)
    pen.rectangle((8, 8, 631, 391), outline=(14, 84, 104), width=4)
    pen.multiline_text(
        (48, 60), "\n".join(lines), fill=(20, 33, 42), font=ImageFont.load_default(size=36), spacing=24
    )
    out = io.BytesIO()
    card.save(out, "PNG")
    return out.getvalue()
