"""A lock file says what it was made from, so that one that is out of date is known without resolving."""

from pathlib import Path

import pytest

from stepwell.config import dependencies

PROJECT = """
[project]
requires-python = ">=3.11"
dependencies = ["django~=5.2.0"]

[tool.ruff]
line-length = 110
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    for name in dependencies.LOCKS:
        (tmp_path / name).write_text("django==5.2.1\n")
        dependencies.mark(tmp_path / name)
    return tmp_path


def test_marked_locks_are_fresh(root: Path):
    assert dependencies.stale_locks(root) == []
    assert (root / "requirements.lock").read_text().endswith("\ndjango==5.2.1\n")


def test_another_dependency_makes_them_stale(root: Path):
    (root / "pyproject.toml").write_text(PROJECT.replace("django~=5.2.0", "django~=5.3.0"))
    assert len(dependencies.stale_locks(root)) == len(dependencies.LOCKS)


def test_another_tool_setting_does_not(root: Path):
    (root / "pyproject.toml").write_text(PROJECT.replace("110", "100"))
    assert dependencies.stale_locks(root) == []


def test_a_lock_that_is_missing_is_named(root: Path):
    (root / "requirements-dev.lock").unlink()
    [fault] = dependencies.stale_locks(root)
    assert fault.startswith("requirements-dev.lock")


def test_marking_again_replaces_the_mark(root: Path):
    dependencies.mark(root / "requirements.lock")
    assert (root / "requirements.lock").read_text().count(dependencies.MARK) == 1
