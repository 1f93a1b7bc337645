"""The words of the screens: gathered from templates and code, and kept in each translation's file.

A room that has a `locale` folder keeps its own words there; every other room's are in `stepwell/locale`.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1]
CONTEXT_FIRST = ((1, "c"), 2)
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": CONTEXT_FIRST,
    "pgettext_lazy": CONTEXT_FIRST,
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def folders(source: Path = SOURCE) -> list[Path]:
    """Every folder of translations; the deeper ones first, as they have the first claim on a file."""
    found = {path for path in source.glob("**/locale") if path.is_dir()} | {source / "locale"}
    return sorted(found, key=lambda path: (-len(path.parts), path))


def gather(source: Path = SOURCE) -> dict[Path, Catalog]:
    """The words that belong to each folder of translations."""
    catalogs = {folder: Catalog(charset="utf-8") for folder in folders(source)}
    for path in _files(source):
        catalog = next(catalogs[folder] for folder in catalogs if path.is_relative_to(folder.parent))
        for message, context in words_in(path):
            catalog.add(message, locations=[(str(path.relative_to(source)), 0)], context=context)
    return catalogs


def words_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Each message of a file, with its context."""
    text = path.read_text()
    if path.suffix != ".py":
        # What is left of a template after this is calls between blanks; indentation in it means nothing.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)  # type: ignore[arg-type]
    for _line, message, _comments, context in found:
        yield message, context


def _files(source: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source).parts
        if (path.suffix == ".py" and not {"tests", "migrations", "config"}.intersection(inside)) or (
            "templates" in inside and path.suffix in (".html", ".txt", ".svg")
        ):
            yield path


def update_all(source: Path = SOURCE) -> Iterator[str]:
    """Bring each translation up to date; what nobody says any more is dropped."""
    for folder, words in gather(source).items():
        if not len(words):
            continue
        for language, _name in settings.LANGUAGES:
            if language == settings.LANGUAGE_CODE:
                continue
            path = folder / language / "LC_MESSAGES" / "django.po"
            catalog = read(path, language)
            catalog.update(words, no_fuzzy_matching=True)
            catalog.obsolete.clear()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as out:
                write_po(out, catalog, width=100, sort_output=True, include_lineno=False, omit_header=False)
            missing = sum(1 for message in catalog if message.id and not translated(message.string))
            yield f"{path.relative_to(source)}: {len(catalog)} messages, {missing} to translate"


def read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as words:
        return read_po(words, locale=language)


def translated(words: object) -> bool:
    return all(words) if isinstance(words, (tuple, list)) else bool(words)


def untranslated(rooms: tuple[str, ...], language: str, source: Path = SOURCE) -> Iterator[str]:
    """Every message in those rooms that has no translation."""
    known: dict[tuple[object, str | None], object] = {}
    for folder in folders(source):
        for message in read(folder / language / "LC_MESSAGES" / "django.po", language):
            if translated(message.string) and not message.fuzzy:
                known[_key(message.id), message.context] = message.string
    for path in _files(source):
        if path.relative_to(source).as_posix().startswith(rooms):
            for words, context in words_in(path):
                if (_key(words), context) not in known:
                    yield f"{path.relative_to(source)}: no {language} for {_key(words)!r}"


def _key(message: object) -> object:
    """A message is known by its singular."""
    return message[0] if isinstance(message, (tuple, list)) else message


# What a person without an account reads, and what a patient does.
READ_BY_PATIENTS = (
    "doors/public",
    "doors/patient",
    "ground/web",
    "care/intake/check",
    "care/measures/templates/measures/patient",
    "trust/organizations/services.py",
    "trust/consent/actions.py",
    "trust/consent/mine.py",
    "trust/consent/my_forms.py",
    "trust/consent/words.py",
    "trust/consent/templatetags/my_consents.py",
    "trust/consent/templates/consent/mine",
)


def faults(source: Path = SOURCE) -> Iterator[str]:
    """What a patient could not read in each of our languages, and what a translation leaves out."""
    for language, _name in settings.LANGUAGES:
        if language != settings.LANGUAGE_CODE:
            yield from untranslated(READ_BY_PATIENTS, language, source)
            for folder in folders(source):
                for message in read(folder / language / "LC_MESSAGES" / "django.po", language):
                    if message.id and translated(message.string):
                        yield from _lost_values(folder.relative_to(source), message.id, message.string)


def _lost_values(folder: Path, said: object, translation: object) -> Iterator[str]:
    """Values that a translation leaves out, or that nobody gives it. "One hour" may leave out the number."""
    given = set(re.findall(r"%\(\w+\)", str(said)))
    for form in translation if isinstance(translation, tuple | list) else [translation]:
        wanted = set(re.findall(r"%\(\w+\)", str(form)))
        if not wanted <= given or (isinstance(said, str) and wanted != given):
            yield f"{folder}: {_key(said)!r} and {form!r} have other values in them"
