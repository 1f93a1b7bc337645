"""The verbs of an installation, run as a person would run them, on a database named in the environment."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stepwell.config.postgres.server import Login, Server
from stepwell.config.testing.fixtures import FreshDatabase
from stepwell.ground.files.vault import Vault

A_FAILED_JOB = """
    insert into procrastinate_jobs (queue_name, task_name, priority, lock, args, status)
    values ('a', 'b', 0, 'c', '{}', 'failed')
"""
Stepwell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def owner(database_server: Server, fresh_database: FreshDatabase) -> Iterator[Login]:
    with fresh_database() as name:
        yield database_server.owner.to(name)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def stepwell(database_server: Server, owner: Login, scans: Path) -> Stepwell:
    environment = os.environ | {
        "DATABASE_URL": database_server.app.to(owner.database).url,
        "STEPWELL_OWNER_DATABASE_URL": owner.url,
        "STEPWELL_SECRET_KEY": "k7Qz-0wXv9_PpLm3nR8sT2uY6aB1cD4eF5gH7jK9lM0nO2pQ4rS6",  # not a secret
        "STEPWELL_HOSTS": "care.example.org",
        "STEPWELL_ORIGINS": "https://care.example.org",
        "STEPWELL_SMTP_HOST": "mail.example.org",
        "STEPWELL_MAIL_FROM": "Front desk <hello@example.org>",
        "STEPWELL_TEXT_URL": "https://texts.example.net/messages",
        "STEPWELL_TEXT_TOKEN": "of a test",
        "STEPWELL_MESSAGES_SECRET": "Yb3mZ8qW1xC5vN7tR2pL9kJ4hG6fD0sA",  # not a secret
        "STEPWELL_FILES_DIR": str(scans),
        "STEPWELL_FILES_KEY": "9dKq-2mXv7_RrWn4pT6uY8aB3cE5fG1hJ0kL2nM4oP6qS8tU0vW2x",  # not a secret
    }

    def run(*words: str, without: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "stepwell.config.cli", *words],
            env={
                name: value
                for name, value in environment.items()
                if name not in (without, "STEPWELL_SECOND_FACTOR")  # Off in the tests, and only there.
            },
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    return run


def test_migrate_says_what_it_would_do_and_does_it(stepwell: Stepwell, owner: Login):
    with owner.connect() as connection:
        connection.execute("delete from django_migrations where app = 'sessions'; drop table django_session")
    assert stepwell("migrate", "--plan").stdout.split() == ["sessions.0001_initial"]
    assert "has 1 more migrations" in stepwell("migrate").stdout
    assert "was up to date" in stepwell("migrate").stdout


def test_migrate_without_the_owner_says_what_it_needs(stepwell: Stepwell):
    said = stepwell("migrate", without="STEPWELL_OWNER_DATABASE_URL")
    assert said.returncode == 2
    assert "Name its address in STEPWELL_OWNER_DATABASE_URL" in said.stderr


def test_backup_and_restore(stepwell: Stepwell, owner: Login, tmp_path: Path):
    file = tmp_path / "center.backup"
    assert "Wrote" in stepwell("backup", str(file)).stdout
    refused = stepwell("restore", str(file))
    assert refused.returncode == 2
    assert "say --replace" in refused.stderr
    with owner.connect() as connection:
        connection.execute("drop table django_session")
    done = stepwell("restore", str(file), "--replace")
    assert done.returncode == 0, done.stderr
    assert "Restored and counted" in done.stdout
    assert "Nothing is wrong" in stepwell("doctor").stdout


def test_the_scans_are_in_the_backup_and_come_back(stepwell: Stepwell, scans: Path, tmp_path: Path):
    name = Vault(scans, ["the key of a test"]).put(b"the front of a card").name
    file = tmp_path / "center.backup"
    assert "1 scans" in stepwell("backup", str(file)).stdout
    place = scans / name[:2] / name
    kept = place.read_bytes()
    place.unlink()
    place.parent.rmdir()
    done = stepwell("restore", str(file), "--replace")
    assert done.returncode == 0, done.stderr
    assert "1 scans checked; 1 of them put back" in done.stdout
    assert place.read_bytes() == kept
    assert b"".join(Vault(scans, ["the key of a test"]).read(name)) == b"the front of a card"
    assert place.stat().st_mode & 0o777 == 0o600
    assert "0 of them put back" in stepwell("restore", str(file), "--replace").stdout


def test_doctor_says_when_the_scans_have_no_place_or_an_open_one(stepwell: Stepwell, scans: Path):
    scans.chmod(0o755)
    assert f"Others on this machine can look into {scans}" in stepwell("doctor").stdout
    scans.rmdir()
    assert f"The folder of the scans, {scans}, is missing" in stepwell("doctor").stdout


def test_a_restore_raises_the_walls_that_its_backup_lacks(stepwell: Stepwell, owner: Login, tmp_path: Path):
    with owner.connect() as connection:
        connection.execute("drop policy one_organization on people_patient")
    stepwell("backup", str(tmp_path / "center.backup"))
    done = stepwell("restore", str(tmp_path / "center.backup"), "--replace")
    assert done.returncode == 0, done.stderr
    assert "Nothing is wrong" in stepwell("doctor").stdout


@pytest.mark.parametrize("missing", ["STEPWELL_SMTP_HOST", "STEPWELL_TEXT_URL"])
def test_doctor_says_what_cannot_go_out(stepwell: Stepwell, missing: str):
    said = stepwell("doctor", without=missing)
    assert said.returncode == 1
    assert f"{missing} is missing" in said.stdout


def test_doctor_finds_nothing_wrong_here(stepwell: Stepwell):
    said = stepwell("doctor")
    assert (said.returncode, said.stdout.splitlines()[-1]) == (0, "Nothing is wrong."), said.stdout


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ("delete from django_migrations where app = 'sessions'", "lacks 1 migrations"),
        ("alter table people_patient no force row level security", "people_patient is not behind the wall"),
        (
            "grant delete on people_patient to stepwell_app",
            "may delete rows of 1 tables (people_patient is one)",
        ),
        (
            "grant update on audit_auditevent to stepwell_app",
            "may change rows of 1 tables (audit_auditevent is one)",
        ),
        (
            "grant update (pgh_label) on people_patientevent to stepwell_app",
            "may change rows of 1 tables (people_patientevent is one)",
        ),
        ("grant truncate on people_patient to stepwell_app", "may empty 1 tables (people_patient is one)"),
        (
            "revoke insert on audit_auditevent from stepwell_app",
            "may not add rows to 1 tables (audit_auditevent is one)",
        ),
        (
            "drop policy one_organization on people_patient",
            "people_patient lacks the policy one_organization",
        ),
        (
            "alter policy one_organization on people_patient using (true)",
            "people_patient lacks the policy one_organization",
        ),
        ("create policy all_of_it on people_patient using (true)", "The policy all_of_it on people_patient"),
        (
            "revoke select on people_patient from stepwell_app",
            "may not read 1 tables (people_patient is one)",
        ),
        ("drop extension pg_trgm cascade", "create extension pg_trgm"),
        (A_FAILED_JOB, "1 jobs have failed"),
    ],
)
def test_doctor_names_a_planted_fault(
    stepwell: Stepwell, database_server: Server, owner: Login, planted: str, named: str
):
    with database_server.administering(owner.database) as connection:
        connection.execute(planted)  # type: ignore[call-overload]
    said = stepwell("doctor")
    assert said.returncode == 1
    assert named in said.stdout


def test_doctor_says_when_the_database_is_away(stepwell: Stepwell, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(os.environ, "DATABASE_URL", "postgresql://stepwell_app@/center?host=/nowhere")
    said = subprocess.run(
        [sys.executable, "-m", "stepwell.config.cli", "doctor"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 1
    assert "The database center cannot be reached" in said.stdout
    assert "Traceback" not in said.stderr


def test_shell_runs_what_it_is_given(stepwell: Stepwell):
    assert stepwell("shell", "-c", "print(6 * 7)").stdout.strip().endswith("42")


AN_EVENT = """
    with one as (insert into organizations_organization (id, name, slug)
                 values (gen_random_uuid(), 'Alder Creek', 'alder-creek') returning id)
    insert into audit_auditevent (id, organization_id, at, by_name, by_roles, did, to_type, purpose, because, address,
                                  session)
    select gen_random_uuid(), id, now() - interval '10 minutes', 'Dana', '{}', 'opened', '', 'treatment', '', '', ''
    from one, generate_series(1, 3)
"""


def test_audit_seals_the_log_and_finds_what_was_changed_in_it(stepwell: Stepwell, owner: Login):
    with owner.connect() as connection:
        connection.execute(AN_EVENT)
        assert "Events older than five minutes are not sealed (alder-creek)" in stepwell("doctor").stdout
        assert stepwell("audit", "seal").stdout == "3 events sealed.\n"
        assert "not sealed" not in stepwell("doctor").stdout
        head = stepwell("audit", "head").stdout.split()[0]
        whole = stepwell("audit", "verify", "--head", head)
        assert whole.returncode == 0
        assert "All is as it was sealed." in whole.stdout
        connection.execute("update audit_auditevent set by_name = 'Renee' where number = 2")
        changed = stepwell("audit", "verify", "--organization", "alder-creek")
        assert changed.returncode == 1
        assert "alder-creek, batch 1: event 2" in changed.stdout
        assert "at place 2 was altered: by_name." in changed.stdout
        connection.execute("update audit_auditevent set by_name = 'Dana'")
        connection.execute("delete from audit_auditbatch; delete from audit_auditevent")
        assert stepwell("audit", "verify").returncode == 0
        cut = stepwell("audit", "verify", "--head", head)
        assert cut.returncode == 1
        assert f"No batch that was read ends with {head}" in cut.stdout
    for wrong in (
        ["--head", "x"],
        ["--from", "tomorrow"],
        ["--organization", "nobody"],
        ["--from", "2999-01-01"],
    ):
        assert stepwell("audit", "verify", *wrong).returncode == 2
    for ignored in (
        ["seal", "--organization", "nobody"],
        ["head", "--from", "2026-01-01"],
        ["head", "--head", head],
    ):
        refused = stepwell("audit", *ignored)
        assert refused.returncode == 2
        assert f"'{ignored[1]}' is not for './stepwell audit {ignored[0]}'." in refused.stderr
