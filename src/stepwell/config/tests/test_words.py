"""Words are gathered from templates and code, kept through an update, and compiled when they are stale."""

import gettext
import os
from pathlib import Path

import pytest

from stepwell.config import catalogs, words

PAGE = """
{% translate "My week" %} {% translate "Open" context "verb" %}
  {% blocktranslate trimmed count n=hours %}
    {{ n }} hour
  {% plural %}
    {{ n }} hours
  {% endblocktranslate %}
<p>Not for translation's sake</p>
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    room = tmp_path / "doors" / "patient"
    (room / "templates" / "patient").mkdir(parents=True)
    (room / "templates" / "patient" / "home.html").write_text(PAGE)
    (room / "views.py").write_text('from django.utils.translation import gettext as _\nTITLE = _("My day")\n')
    return tmp_path


def test_words_are_found_in_templates_and_code(source: Path):
    [(folder, found)] = words.gather(source).items()
    assert folder == source / "locale"
    assert {message.id for message in found if message.id} == {
        "My week",
        "Open",
        "My day",
        ("%(n)s hour", "%(n)s hours"),
    }
    assert found.get("Open", "verb") is not None


def test_a_room_with_a_folder_of_its_own_keeps_its_words_there(source: Path):
    (source / "doors" / "patient" / "locale").mkdir()
    gathered = words.gather(source)
    assert len(gathered[source / "doors" / "patient" / "locale"]) == 4
    assert len(gathered[source / "locale"]) == 0


def test_an_update_keeps_what_was_translated(source: Path):
    list(words.update_all(source))
    page = source / "locale" / "es" / "LC_MESSAGES" / "django.po"
    page.write_text(page.read_text().replace('msgid "My day"\nmsgstr ""', 'msgid "My day"\nmsgstr "Mi día"'))
    [summary] = words.update_all(source)
    assert summary.endswith("4 messages, 3 to translate")
    assert 'msgstr "Mi día"' in page.read_text()


def test_what_is_not_translated_is_named(source: Path):
    assert any("'My week'" in line for line in words.untranslated(("doors/patient",), "es", source))
    assert list(words.untranslated(("doors/staff",), "es", source)) == []


def test_a_translation_that_leaves_out_a_value_is_named(source: Path):
    page = source / "locale" / "es" / "LC_MESSAGES" / "django.po"
    page.parent.mkdir(parents=True)
    page.write_text('msgid ""\nmsgstr ""\n\n#, python-format\nmsgid "%(n)s hours"\nmsgstr "horas"\n')
    assert any("'%(n)s hours' and 'horas' have other values" in fault for fault in words.faults(source))


def test_a_stale_catalog_is_compiled_and_a_fresh_one_is_let_be(tmp_path: Path):
    page = tmp_path / "locale" / "es" / "LC_MESSAGES" / "django.po"
    page.parent.mkdir(parents=True)
    page.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "My day"\nmsgstr "Mi día"\n'
    )
    assert catalogs.compile_stale(tmp_path) == 1
    assert catalogs.compile_stale(tmp_path) == 0
    with page.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("My day") == "Mi día"
    os.utime(page, (2**31, 2**31))
    assert catalogs.compile_stale(tmp_path) == 1
