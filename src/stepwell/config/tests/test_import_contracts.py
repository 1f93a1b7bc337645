"""An import that points up, or a rule that knows Django, breaks a contract."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stepwell.config.cli.environment import ROOT

LINT = "from importlinter.cli import lint_imports_command as c; c()"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Our code alone, to plant faults in."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "src",
        tmp_path / "src",
        ignore=lambda folder, names: [
            name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()
        ],
    )
    return tmp_path


def lint(root: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == (" BROKEN" not in done.stdout), done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("where", "planted", "broken"),
    [
        ("trust/people/models.py", "import stepwell.care.episodes.models", "The floors"),
        ("care/episodes/models.py", "import stepwell.care.notes.models", "The rooms of care"),
        ("trust/audit/models.py", "import stepwell.trust.people.models", "The rooms of trust"),
        ("doors/staff/views.py", "import stepwell.doors.patient.views", "The doors do not know each other"),
        ("ground/kit/clock.py", "import stepwell.ground.web.views", "The rooms of the ground"),
        ("ground/kit/clock.py", "import django", "What decides knows no Django"),
        (
            "care/level_of_care/rules/decide.py",
            "from django.db import models",
            "What decides knows no Django",
        ),
        ("care/measures/scoring/scorer.py", "import psycopg", "What decides knows no Django"),
        ("care/records/__init__.py", "A_ROOM_WITHOUT_A_PLACE = True", "The rooms of care"),
    ],
)
def test_a_planted_import_breaks_its_contract(copy: Path, where: str, planted: str, broken: str):
    file = copy / "src" / "stepwell" / where
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as out:
        out.write(f"\n{planted}\n")
    assert any(line.startswith(broken) and "BROKEN" in line for line in lint(copy).splitlines())


def test_as_it_stands_every_contract_is_kept(copy: Path):
    assert "BROKEN" not in lint(copy)
