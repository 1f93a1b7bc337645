"""`./stepwell check` prints one line for each check and everything that is wrong; a model without its migration is."""

from collections.abc import Iterator

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from stepwell.config import reference
from stepwell.config.checks import migrations, tools
from stepwell.config.cli import check
from stepwell.config.cli.check import SOURCE
from stepwell.config.cli.environment import ROOT


def test_a_check_is_one_line_and_each_fault_another(capsys: pytest.CaptureFixture[str]):
    assert check._say_how_it_went("lint", lambda: iter(["a.py:1: wrong", "b.py:2: wrong"])) == 2
    assert check._say_how_it_went("types", lambda: iter([])) == 0
    first, *faults, last = capsys.readouterr().out.splitlines()
    assert first.split() == ["wrong", "lint", "0.0", "s"]
    assert faults == ["        a.py:1: wrong", "        b.py:2: wrong"]
    assert last.split() == ["ok", "types", "0.0", "s"]


def test_a_check_that_breaks_is_a_fault_and_hides_no_other(capsys: pytest.CaptureFixture[str]):
    def breaks() -> Iterator[str]:
        yield "found before"
        raise ImportError("no module named notes")

    assert check._say_how_it_went("imports", breaks) == 1
    assert "the check itself broke: ImportError: no module named notes" in capsys.readouterr().out


def test_a_field_without_a_migration_is_named(monkeypatch: pytest.MonkeyPatch):
    whole = MigrationLoader.project_state

    def without_the_name(loader: MigrationLoader) -> ProjectState:
        state = whole(loader)
        state.remove_field("organizations", "organization", "name")
        return state

    monkeypatch.setattr(MigrationLoader, "project_state", without_the_name)
    assert "organizations lacks a migration: Add field name to organization" in list(
        migrations.faults(SOURCE)
    )


def test_what_a_tool_finds_is_said_line_by_line(tmp_path):
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "fine.py").write_text('"""Fine."""\n')
    (tmp_path / "stepwell").write_text('"""Fine."""\n')
    assert list(tools.format_faults(tmp_path)) == []
    assert list(tools.lint_faults(tmp_path)) == []
    (tmp_path / "src" / "wrong.py").write_text("import os\nx = { 'a':1 }\n")
    assert any("wrong.py" in fault for fault in tools.format_faults(tmp_path))
    assert any("wrong.py:1:8: F401" in fault for fault in tools.lint_faults(tmp_path))


def test_a_page_that_says_something_else_than_the_code_is_named(tmp_path):
    reference.write(tmp_path)
    assert list(reference.stale_pages(tmp_path)) == []
    page = tmp_path / reference.FOLDER / "roles-and-permissions.md"
    page.write_text(page.read_text().replace("sign a note", "sign every note"))
    [fault] = reference.stale_pages(tmp_path)
    assert fault.startswith("docs/reference/roles-and-permissions.md does not say")


def test_the_reference_says_who_may_do_what():
    table = reference.roles_and_permissions()
    [row] = [line for line in table.splitlines() if line.startswith("| sign one's own treatment plan ")]
    assert row.count("self") == 1
    assert "`/`" in reference.addresses()
    assert "care plans" in reference.life_cycles()
    assert "`./stepwell demo`" in reference.command_line()
