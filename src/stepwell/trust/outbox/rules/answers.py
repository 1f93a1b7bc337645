"""What an answer to one of our texts means. Nobody reads them: only these words do something."""

import re
import unicodedata
from enum import Enum, auto


class Answer(Enum):
    STOP = auto()
    START = auto()
    HELP = auto()
    OTHER = auto()


#: 47 CFR 64.1200(a)(10), in force since April 11, 2025 [K]: stop, quit, end, revoke, opt out, cancel and unsubscribe
#: each end consent. STOPALL, START, UNSTOP, HELP and INFO are what carriers know. The Spanish ones are our own.
STOP = frozenset(
    {"stop", "stopall", "unsubscribe", "revoke", "optout", "alto", "parar", "pare", "detener", "baja"}
)
#: These end it only alone: "cancel my visit" asks for something else, and is told whom to call.
STOP_ALONE = frozenset({"quit", "end", "cancel", "cancelar", "fin", "terminar"})
START = frozenset({"start", "unstop", "iniciar", "inicio", "empezar", "comenzar", "reanudar"})
HELP = frozenset({"help", "info", "ayuda", "socorro"})
SPANISH = frozenset(
    {
        "alto",
        "parar",
        "pare",
        "detener",
        "baja",
        "cancelar",
        "fin",
        "terminar",
        "iniciar",
        "inicio",
        "empezar",
    }
    | {"comenzar", "reanudar", "ayuda", "socorro"}
)
#: "Stop texting me please" is a stop; a longer text is somebody telling us something.
FEW_WORDS = 4


def words_of(text: str) -> list[str]:
    """The words, small and without accents; "opt out" and "opt-out" are one."""
    plain = unicodedata.normalize("NFKD", text[:1000].casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.findall(r"[a-z0-9]+", re.sub(r"\bopt[\s-]?out\b", "optout", plain))


def read(text: str) -> Answer:
    words = words_of(text)
    if not words:
        return Answer.OTHER
    first, is_alone, is_short = words[0], len(words) == 1, len(words) <= FEW_WORDS
    if (first in STOP and is_short) or (first in STOP_ALONE and is_alone):
        return Answer.STOP
    if first in START and is_alone:
        return Answer.START
    if first in HELP and is_short:
        return Answer.HELP
    return Answer.OTHER


def is_spanish(text: str) -> bool:
    return bool(SPANISH.intersection(words_of(text)))
