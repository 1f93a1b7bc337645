"""`./stepwell check`: one line for each check, and everything that is wrong."""

import argparse
import time
from collections.abc import Callable, Iterator

from stepwell.config import dependencies
from stepwell.config.checks import floors, migrations, secrets, templates, tools
from stepwell.config.cli.environment import ROOT
from stepwell.config.cli.installation import be_the_demonstration, set_up_django

SOURCE = ROOT / "src" / "stepwell"

Check = Callable[[], Iterator[str]]


def run(_arguments: argparse.Namespace) -> int:
    be_the_demonstration()
    checks: dict[str, Check] = {
        "format": lambda: tools.format_faults(ROOT),
        "lint": lambda: tools.lint_faults(ROOT),
        "lock files fresh": lambda: iter(dependencies.stale_locks(ROOT)),
        "templates ask nobody else": lambda: templates.faults(SOURCE),
        "no secret in the repository": lambda: secrets.faults(ROOT),
        "imports point down": lambda: tools.import_faults(ROOT),
        "foreign keys point down": foreign_keys,
        "no missing migration": missing_migrations,
        "reference pages current": reference_pages,
        "patients can read it": languages,
        "types": lambda: tools.type_faults(ROOT),
    }
    wrong = sum(_say_how_it_went(name, check) for name, check in checks.items())
    print(f"{wrong} wrong." if wrong else f"All {len(checks)} checks pass.")
    return 1 if wrong else 0


def _say_how_it_went(name: str, check: Check) -> int:
    began = time.monotonic()
    try:
        faults = list(check())
    except Exception as error:  # One that breaks must not hide what the others find.
        faults = [f"the check itself broke: {type(error).__name__}: {error}"]
    took = time.monotonic() - began
    print(f"{'wrong' if faults else 'ok':<6}{name:<28}{took:5.1f} s", flush=True)
    for fault in faults:
        print(f"        {fault}")
    return len(faults)


def foreign_keys() -> Iterator[str]:
    set_up_django()
    yield from floors.faults(floors.keys_of_all_models(), floors.ranks(ROOT / "pyproject.toml"))


def missing_migrations() -> Iterator[str]:
    set_up_django()
    yield from migrations.faults(SOURCE)


def languages() -> Iterator[str]:
    set_up_django()
    from stepwell.config import words

    yield from words.faults(SOURCE)


def reference_pages() -> Iterator[str]:
    set_up_django()
    from stepwell.config import reference

    yield from reference.stale_pages(ROOT)
