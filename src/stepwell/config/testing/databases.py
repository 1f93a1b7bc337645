"""The two templates that the tests copy: one that is only migrated, and one with Alder Creek in it."""

from pathlib import Path

from stepwell.config.postgres import roles, templates
from stepwell.config.postgres.places import CLONE
from stepwell.config.postgres.server import Server

SOURCE = CLONE / "src" / "stepwell"

# Alder Creek as journeys and page tests see it: built in seconds, with every kind of person in it.
PATIENTS_IN_TESTS = 16

# What shows the data and does not make it: a change there needs no new Alder Creek.
ONLY_SHOWS = {
    "tests",
    "templates",
    "static",
    "locale",
    "doors",
    "web",
    "cli",
    "testing",
    "checks",
    "views",
    "views.py",
    "forms.py",
    "urls.py",
    "reference.py",
}


def migrated(server: Server) -> str:
    """The template with every migration applied and nothing in it."""

    def build(name: str) -> None:
        from stepwell.config import migrating

        migrating.migrate(server.owner.to(name))

    files = [
        SOURCE / "trust/organizations/separation.py",
        SOURCE / "trust/people/merging.py",
        SOURCE / "trust/people/touching.py",
        SOURCE / "config/migrating.py",
        SOURCE / "config/rendering.py",
        *SOURCE.glob("**/migrations/*.py"),
        *Path(roles.__file__).parent.glob("*.py"),
        CLONE / "requirements.lock",
    ]
    from django.conf import settings

    return templates.template(
        server, "migrated", templates.fingerprint(files, *settings.INSTALLED_APPS), build=build
    )


def alder_creek(server: Server, *, patients: int = PATIENTS_IN_TESTS) -> str:
    """The template with Alder Creek in it, built by the same code as the demonstration."""
    bare = migrated(server)

    def build(name: str) -> None:
        from stepwell.config.connection import using
        from stepwell.demo.builder import build as build_alder_creek

        with using(server.app.to(name)):
            build_alder_creek(patients=patients, progress=_silently)
        # What was filled a moment ago is planned for as if it were empty.
        with server.administering(name) as connection:
            connection.execute("analyze")

    made_from = templates.fingerprint(what_makes_alder_creek(), bare, str(patients))
    return templates.template(server, "alder", made_from, build=build, begin_with=bare)


def what_makes_alder_creek() -> list[Path]:
    kinds = {".py", ".json", ".csv", ".toml"}
    return [
        path
        for path in SOURCE.rglob("*")
        if path.suffix in kinds and not ONLY_SHOWS.intersection(path.relative_to(SOURCE).parts)
    ]


def _silently(_done: int, _total: int, _label: str) -> None:
    """Nobody watches a template being built."""
