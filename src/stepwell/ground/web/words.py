"""Words that harm, and what to write in their place. And how hard a text is to read. Plain Python.

People leave care, and are treated worse, when a page calls them by what they use (NIDA, "Words Matter"). A person may
call themselves what they like: what stands inside `data-verbatim` is theirs and is not looked at.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Avoid:
    """A word not to write, as a pattern, and what to write."""

    pattern: str
    write: str
    exact_case: bool = False

    @property
    def regex(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{self.pattern})\b", 0 if self.exact_case else re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """Such a word in a text, with the words around it."""

    word: str
    around: str
    write: str

    def __str__(self) -> str:
        return f"“{self.word}” in “{self.around}”: write {self.write}"


ENGLISH = (
    Avoid(
        r"addicts?|addicted|junkies?|users?|abusers?|drunks?|druggies?",
        "person who uses drugs, person with …",
    ),
    Avoid(r"alcoholics?", "person with alcohol use disorder"),
    Avoid(r"abus(?:e|es|ed|ing)", "use, unhealthy use, taking it in a way not prescribed"),
    Avoid(r"habits?", "substance use disorder, use"),
    Avoid(r"clean|sober|sobriety", "not using, in remission, or the person's own word"),
    Avoid(r"dirty", "positive, not expected"),
    Avoid(r"relaps(?:e|es|ed|ing)|lapsed?|slip up", "used again, return to use"),
    Avoid(r"MATs?", "medicine for opioid or alcohol use disorder", exact_case=True),
    Avoid(r"medication[- ]assisted|(?:substitution|replacement) (?:therapy|treatment)", "medicine for …"),
    Avoid(r"non-?complian(?:t|ce)|non-?adherent", "did not, chose not to"),
    Avoid(r"refuses?|refused (?:treatment|medication|care|to)|denies", "declined, and the reason; says"),
    Avoid(r"no-?shows?", "did not come"),
    Avoid(
        r"failed (?:treatment|the program|a test|to)|dropped out|drop-?outs?", "stopped coming, not reached"
    ),
    Avoid(
        r"drug[- ]seeking|frequent flyers?|manipulative|attention[- ]seeking",
        "what was asked, in their words",
    ),
    Avoid(
        r"against medical advice|administrative discharge|AMA", "left early; can come back", exact_case=True
    ),
    Avoid(r"in recovery from addiction", "person in recovery, only if they say so"),
)
SPANISH = (
    Avoid(
        r"adict[oa]s?|drogadict[oa]s?|drogat[oa]s?|toxic[oó]man[oa]s?",
        "persona con un trastorno por consumo de …",
    ),
    Avoid(r"usuari[oa]s? de drogas|consumidor(?:a|es|as)?", "persona que consume"),
    Avoid(r"alcoh[oó]lic[oa]s?|borrach[oa]s?", "persona con trastorno por consumo de alcohol"),
    Avoid(r"abus(?:o|os|a|ar|ó|ador|adora|adores)", "consumo, uso no saludable"),
    Avoid(r"vicios?|vicios[oa]s?", "consumo"),
    Avoid(r"limpi[oa]s?|sobri[oa]s?|sobriedad", "no está consumiendo, en remisión"),
    Avoid(r"suci[oa]s?", "resultado positivo"),
    Avoid(r"reca[ií]das?|recaer|recay[oó]|recayeron", "volvió a consumir"),
    Avoid(r"tratamiento asistido|terapia de sustituci[oó]n|sustitutiv[oa]s?", "medicamento para …"),
    Avoid(r"incumplid(?:or|ora|ores)|se neg[oó]|niega", "no tomó, prefirió no, dice"),
    Avoid(r"no se present[oó]|desert[oó]|deserci[oó]n|abandon[oó] el tratamiento", "no vino, dejó de venir"),
)
BY_LANGUAGE = {"en": ENGLISH, "es": SPANISH}


def harmful(text: str, language: str = "en") -> Iterator[Found]:
    """Every word of the list in that text."""
    for avoid in BY_LANGUAGE[language]:
        for match in avoid.regex.finditer(text):
            around = text[max(match.start() - 30, 0) : match.end() + 30]
            yield Found(match[0], " ".join(around.split()), avoid.write)


# --- what a page says --------------------------------------------------------------------------

SILENT = {"script", "style", "svg", "template", "title"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "abbr", "b", "em", "i", "small", "span", "strong"}
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-key-label")


class _Reader(HTMLParser):
    """Collects what a person sees, block by block, and what they hear in place of a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.heard: list[str] = []
        self.hushed: list[str] = []  # The open elements, from the first silent one on.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if not self.hushed:
            self.heard += [value for name in SPOKEN if (value := given.get(name))]
            if tag not in INLINE:
                self.blocks.append("")
        if tag not in VOID and (self.hushed or tag in SILENT or "data-verbatim" in given):
            self.hushed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hushed:
            while self.hushed.pop() != tag:
                pass
        elif not self.hushed and tag not in INLINE:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self.hushed:
            self.blocks[-1] += data


def blocks(html: str) -> list[str]:
    """The texts of a page, each paragraph, item or heading on its own. A person's own words are left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [text for block in reader.blocks if (text := " ".join(block.split()))]


def everything_said(html: str) -> str:
    """All that a page says to eyes and ears."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return " | ".join(" ".join(text.split()) for text in [*reader.blocks, *reader.heard] if text.strip())


# --- how hard it is to read --------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """What the formulas of readability are made of."""

    sentences: int
    words: int
    syllables: int


def grade(texts: list[str]) -> float:
    """The school grade of an English text, by Flesch and Kincaid. A rule of thumb: test with people as well."""
    it = _count(texts, _english_syllables)
    return 0.39 * it.words / it.sentences + 11.8 * it.syllables / it.words - 15.59 if it.words else 0.0


def ease_in_spanish(texts: list[str]) -> float:
    """How easy a Spanish text is, 0 to 100, by Szigriszt: 65 and above is fairly easy, 55 to 65 is usual."""
    it = _count(texts, _spanish_syllables)
    return 206.835 - 62.3 * it.syllables / it.words - it.words / it.sentences if it.words else 100.0


def sentences_of(texts: list[str]) -> list[str]:
    """Whole sentences only: a short label would flatter the figure."""
    found = []
    for text in texts:
        found += [part for part in re.split(r"(?<=[.?!])\s+", text) if re.search(r"[.?!]\W*$", part)]
    return found


def _count(texts: list[str], syllables_of: Callable[[str], int]) -> Counted:
    sentences = sentences_of(texts)
    words = [word for sentence in sentences for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", sentence)]
    return Counted(max(len(sentences), 1), len(words), sum(syllables_of(word.lower()) for word in words))


def _english_syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyscxzgh]es$", word) and groups > 1:
        groups -= 1
    return max(groups, 1)


def _spanish_syllables(word: str) -> int:
    # Two strong vowels, or a stressed weak one, part into two syllables; all else that touches is one.
    parted = re.sub(r"([aeoáéó])(?=[aeoáéó])", r"\1-", word)
    parted = re.sub(r"([aeoáéó])(?=[íú])|([íú])(?=[aeoáéó])", r"\1\2-", parted)
    return max(len(re.findall(r"[aeiouáéíóúü]+", parted)), 1)
