"""Every message, in each language: neutral, whole, and one text long."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from stepwell.ground.web.words import harmful
from stepwell.trust.outbox import inbound, kinds
from stepwell.trust.outbox.kinds import CALL, Kind
from stepwell.trust.outbox.rules.segments import segments
from stepwell.trust.outbox.words import KINDS

LANGUAGES = ("en", "es")
EVERY = list(product(Kind, LANGUAGES))
#: What would tell whoever reads it that somebody is in care, for what, or with whom.
TELLING = re.compile(
    r"\b(program|treat|therap|counsel|clinic|health|recover|rehab|detox|addict|substance|alcohol|drug|opioid|medic|dose"
    r"|inject|pill|prescri|test|urine|tox|group|session|intake|admission|assess|screen|diagnos|mental|doctor|nurse"
    r"|patient|care|support|peer|relapse|crisis|plan|consent|hospital"
    r"|tratamiento|terap|consejer|clínic|clinic|salud|recuper|rehabilit|desintoxic|adicc|sustancia|droga|opioide"
    r"|medicament|medicina|dosis|inyecci|pastilla|receta|prueba|orina|grupo|sesi|ingreso|evaluaci|diagn|doctor|enferm"
    r"|paciente|apoyo|recaída|crisis)",
    re.IGNORECASE,
)
# The longest that a day, a time and a number come to.
LONGEST = {
    "starts_at": datetime(2026, 9, 30, 12, 45, tzinfo=UTC).isoformat(),
    "zone": "America/Los_Angeles",
    "phone": "+1 (937) 555-0134",
    "ends_at": datetime(2026, 9, 30, 13, 45, tzinfo=UTC).isoformat(),
    "link": "https://stepwell.example.org/v/0123456789abcdef/",
}


def told(kind: Kind) -> dict[str, str]:
    return {name: LONGEST[name] for name in kinds.TOLD[kind]}


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_no_message_says_anything_about_care(kind: Kind, language: str):
    for said in (
        kinds.as_text(kind, language, told(kind)),
        kinds.as_mail(kind, language, told(kind)),
        kinds.subject(kind, language),
    ):
        assert TELLING.findall(said) == []
        assert list(harmful(said, language)) == []
        assert "!" not in said and "{" not in said


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_text_is_one_text_whatever_the_day(kind: Kind, language: str):
    at = datetime(2026, 1, 1, 4, 5, tzinfo=UTC)
    for day in range(0, 366, 5):
        context = told(kind)
        if "starts_at" in context:
            context["starts_at"] = (at + timedelta(days=day, hours=day % 24)).isoformat()
        text = kinds.as_text(kind, language, context)
        assert segments(text) == 1, text
        assert ("STOP" in text) == (language == "en")
        assert ("ALTO" in text) == (language == "es")


def test_the_replies_are_neutral_too():
    for replies in inbound.REPLIES.values():
        for language, reply in replies.items():
            said = reply.format(call=CALL[language].format(phone="937-555-0134"))
            assert TELLING.findall(said) == []
            assert segments(said) <= 2


def test_a_message_says_the_day_and_the_time_of_the_center():
    context = {
        "starts_at": "2026-11-25T15:30:00+00:00",
        "zone": "America/New_York",
        "phone": "(937) 555-0134",
    }
    assert kinds.as_text(Kind.APPOINTMENT_BOOKED, "en", context) == (
        "You have a visit on Wed, Nov 25 at 10:30 AM. Questions? Call 937-555-0134. Reply STOP to stop texts."
    )
    assert kinds.as_text(Kind.APPOINTMENT_BOOKED, "es", context | {"phone": ""}) == (
        "Tiene una cita el 25 de noviembre, 10:30 AM. Responda ALTO para no recibir mensajes."
    )


@pytest.mark.parametrize(
    "context",
    [
        {"phone": ""},
        {**LONGEST, "name": "Maya Reyes"},
        {**LONGEST, "starts_at": "tomorrow"},
        {**LONGEST, "zone": "Nowhere/Nothing"},
        {**LONGEST, "phone": "ask for Maya"},
    ],
)
def test_a_message_is_told_what_it_takes_and_nothing_else(context: dict[str, str]):
    with pytest.raises((ValueError, KeyError)):
        kinds.check_told(Kind.APPOINTMENT_BOOKED, context)


def test_every_kind_has_its_words_and_its_name():
    assert set(kinds.WORDS) == set(kinds.TOLD) == set(KINDS) == set(Kind)
    assert all(set(words) == set(LANGUAGES) for words in kinds.WORDS.values())


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("(937) 555-0134", "+19375550134"),
        ("937.555.0134", "+19375550134"),
        ("+1 937 555 0134", "+19375550134"),
        ("+44 20 7946 0958", "+442079460958"),
        ("555-0134", ""),
        ("call my sister", ""),
        ("", ""),
    ],
)
def test_a_number_is_known_however_it_was_typed(typed: str, known: str):
    assert kinds.e164(typed) == known


def test_spanish_accents_make_a_text_short():
    assert segments("a" * 160) == 1
    assert segments("a" * 161) == 2
    assert segments("á" + "a" * 69) == 1
    assert segments("á" + "a" * 70) == 2
    assert segments("€" * 81) == 2
