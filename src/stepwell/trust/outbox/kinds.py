"""The messages that go out, as data: each kind in each language, reviewed to say nothing to whoever else reads it.

Whoever sees the screen of a telephone must not learn that somebody is in care, for what, where, or with whom. So there
is no name in them, neither the person's nor anybody else's; no program, no place, no medicine, no word about health.
A day, a time and a number to call are all. ``tests/test_kinds.py`` reads every one of them against a list of words, and
holds every text to one message of the GSM alphabet, which has no á, í, ó or ú.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import phonenumbers
from django.utils import formats, translation

from stepwell.ground.kit import phones
from stepwell.ground.kit.calendars import calendar_file


class Kind(StrEnum):
    APPOINTMENT_BOOKED = "appointment booked"
    APPOINTMENT_REMINDER = "appointment reminder"
    APPOINTMENT_CANCELLED = "appointment cancelled"
    SESSION_CANCELLED = "session cancelled"
    SOMETHING_WAITS = "something waits"
    WAITS_FOR_STAFF = "waits for staff"
    VISIT_BOOKED = "visit booked by themselves"


@dataclass(frozen=True)
class Words:
    """One sentence or two, and what the e-mail with them is called."""

    subject: str
    says: str


WORDS: Mapping[Kind, Mapping[str, Words]] = {
    Kind.APPOINTMENT_BOOKED: {
        "en": Words("Your visit", "You have a visit on {day} at {time}."),
        "es": Words("Su cita", "Tiene una cita el {day}, {time}."),
    },
    Kind.APPOINTMENT_REMINDER: {
        "en": Words("Your visit", "Reminder: your visit is on {day} at {time}."),
        "es": Words("Su cita", "Recordatorio: su cita es el {day}, {time}."),
    },
    Kind.APPOINTMENT_CANCELLED: {
        "en": Words("Your visit", "Your visit on {day} at {time} is cancelled."),
        "es": Words("Su cita", "Se ha cancelado su cita del {day}, {time}."),
    },
    Kind.SESSION_CANCELLED: {
        "en": Words("A change", "We do not meet on {day} at {time}. It is called off."),
        "es": Words("Un cambio", "No nos vemos el {day}, {time}. Se ha cancelado."),
    },
    Kind.SOMETHING_WAITS: {
        "en": Words("Something new", "There is something new for you. Sign in to see it."),
        "es": Words("Algo nuevo", "Hay algo nuevo para usted. Entre para verlo."),
    },
    Kind.WAITS_FOR_STAFF: {
        "en": Words("Stepwell", "Something waits for you in Stepwell."),
        "es": Words("Stepwell", "Algo le espera en Stepwell."),
    },
    Kind.VISIT_BOOKED: {
        "en": Words("Your visit", "You have a visit on {day} at {time}. Change or cancel: {link}"),
        "es": Words("Su cita", "Tiene una cita el {day}, {time}. Cambiar o cancelar: {link}"),
    },
}
#: Whom to call; left out where a center has no number.
CALL: Mapping[str, str] = {"en": "Questions? Call {phone}.", "es": "¿Preguntas? Llame al {phone}."}
HOW_TO_STOP: Mapping[str, str] = {
    "en": "Reply STOP to stop texts.",
    "es": "Responda ALTO para no recibir mensajes.",
}
MAIL: Mapping[str, str] = {
    "en": "Hello,\n\n{says}\n\n{call}To stop these e-mails, sign in and open “How we reach you”.\n",
    "es": "Hola:\n\n{says}\n\n{call}Para no recibir estos correos, entre y abra “Cómo le avisamos”.\n",
}
#: Staff say on another page whether they want these.
MAIL_TO_STAFF: Mapping[str, str] = {
    "en": "Hello,\n\n{says}\n\n{call}To stop these e-mails, sign in and open “Told at once”.\n",
    "es": "Hola:\n\n{says}\n\n{call}Para no recibir estos correos, entre y abra “Aviso inmediato”.\n",
}
#: Whoever booked without a sign-in has none to go to.
MAIL_WITH_A_LINK: Mapping[str, str] = {
    "en": "Hello,\n\n{says}\n\n{call}",
    "es": "Hola:\n\n{says}\n\n{call}",
}
MAILS: Mapping[Kind, Mapping[str, str]] = {
    Kind.WAITS_FOR_STAFF: MAIL_TO_STAFF,
    Kind.VISIT_BOOKED: MAIL_WITH_A_LINK,
}
DAY = {"en": "D, M j", "es": r"j \d\e F"}

#: What a kind is told; anything else is refused, so that no name slips in.
TOLD: Mapping[Kind, frozenset[str]] = {
    Kind.APPOINTMENT_BOOKED: frozenset({"starts_at", "zone", "phone"}),
    Kind.APPOINTMENT_REMINDER: frozenset({"starts_at", "zone", "phone"}),
    Kind.APPOINTMENT_CANCELLED: frozenset({"starts_at", "zone", "phone"}),
    Kind.SESSION_CANCELLED: frozenset({"starts_at", "zone", "phone"}),
    Kind.SOMETHING_WAITS: frozenset({"phone"}),
    Kind.WAITS_FOR_STAFF: frozenset({"phone"}),
    Kind.VISIT_BOOKED: frozenset({"starts_at", "ends_at", "zone", "phone", "link"}),
}


def check_told(kind: Kind, context: Mapping[str, str]) -> None:
    """Raise ValueError for what this kind does not take: a mistake in our own code, not in what somebody typed."""
    if set(context) != TOLD[kind]:
        raise ValueError(f"{kind} takes {sorted(TOLD[kind])}, and was given {sorted(context)}")
    if "starts_at" in context:
        datetime.fromisoformat(context["starts_at"]).astimezone(ZoneInfo(context["zone"]))
    if context["phone"] and not any(sign.isdigit() for sign in context["phone"]):
        raise ValueError("what is to be called is not a number")
    if "link" in context and not context["link"].startswith(("https://", "http://")):
        raise ValueError("what is to be opened is no address")


def subject(kind: Kind, language: str) -> str:
    return WORDS[kind][language].subject


def as_text(kind: Kind, language: str, context: Mapping[str, str]) -> str:
    # A link says more than a number, and both are longer than one text.
    is_called = context["phone"] and "link" not in context
    call = CALL[language].format(**_facts(language, context)) if is_called else ""
    return " ".join(filter(None, [_says(kind, language, context), call, HOW_TO_STOP[language]]))


def as_mail(kind: Kind, language: str, context: Mapping[str, str]) -> str:
    call = f"{CALL[language].format(**_facts(language, context))}\n\n" if context["phone"] else ""
    return MAILS.get(kind, MAIL)[language].format(says=_says(kind, language, context), call=call)


def as_calendar(kind: Kind, language: str, context: Mapping[str, str], *, uid: str, at: datetime) -> str:
    """The visit for the calendar of a phone, as neutral as the message; nothing for a kind that is no visit."""
    if "ends_at" not in context:
        return ""
    return calendar_file(
        subject(kind, language),
        datetime.fromisoformat(context["starts_at"]),
        datetime.fromisoformat(context["ends_at"]),
        uid=uid,
        at=at,
    )


def _says(kind: Kind, language: str, context: Mapping[str, str]) -> str:
    return WORDS[kind][language].says.format(**_facts(language, context))


def _facts(language: str, context: Mapping[str, str]) -> dict[str, str]:
    facts = {"phone": shown_phone(context["phone"]), "link": context.get("link", "")}
    if "starts_at" in context:
        at = datetime.fromisoformat(context["starts_at"]).astimezone(ZoneInfo(context["zone"]))
        with translation.override(language):
            day = formats.date_format(at, DAY[language])
        facts |= {"day": day, "time": f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"}
    return facts


def shown_phone(number: str) -> str:
    """As people here write it: 937-555-0134."""
    parsed = parse_phone(number)
    if parsed is None:
        return number
    if parsed.country_code == 1:
        digits = str(parsed.national_number)
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def parse_phone(number: str) -> phonenumbers.PhoneNumber | None:
    """A telephone number as somebody typed it; nothing, when it cannot be one. Without a country it is of this one."""
    known = phones.read(number)
    return known if known and phonenumbers.is_valid_number(known) else None


def e164(number: str) -> str:
    """+19375550134; empty for what cannot be a number."""
    parsed = parse_phone(number)
    return phones.e164(parsed) if parsed else ""
