"""A real center is not served with an unsafe setting, and everything that is unsafe is said at once."""

import os
import subprocess
import sys

import pytest

from stepwell.config import safety
from stepwell.config.postgres.server import Server
from stepwell.config.safety import Role, unsafe_role, unsafe_settings
from stepwell.config.testing.fixtures import FreshDatabase

SAFE = {
    "STEPWELL_SECRET_KEY": "k7Qz-0wXv9_PpLm3nR8sT2uY6aB1cD4eF5gH7jK9lM0nO2pQ4rS6",  # not a secret
    "STEPWELL_HOSTS": "care.example.org",
    "STEPWELL_ORIGINS": "https://care.example.org",
    "DATABASE_URL": "postgresql://stepwell_app@/center?host=/run/postgresql",
    "STEPWELL_FILES_KEY": "9dKq-2mXv7_RrWn4pT6uY8aB3cE5fG1hJ0kL2nM4oP6qS8tU0vW2x",  # not a secret
}
WITH_MAIL = {"STEPWELL_SMTP_HOST": "mail.example.org", "STEPWELL_MAIL_FROM": "Front desk <hello@example.org>"}
WITH_TEXTS = {
    "STEPWELL_TEXT_URL": "https://texts.example.net/messages",
    "STEPWELL_TEXT_TOKEN": "of a test",
    "STEPWELL_MESSAGES_SECRET": "Yb3mZ8qW1xC5vN7tR2pL9kJ4hG6fD0sA",  # not a secret
}
SAFE_ROLE = Role(
    "stepwell_app", is_superuser=False, bypasses_row_security=False, owns_tables=False, may_create=False
)


def test_safe_settings_are_let_be():
    assert list(unsafe_settings(SAFE)) == []
    assert list(unsafe_settings(SAFE | WITH_MAIL | WITH_TEXTS)) == []
    assert (
        list(
            unsafe_settings(
                SAFE
                | {
                    "STEPWELL_SMTP_HOST": "localhost",
                    "STEPWELL_SMTP_TLS": "none",
                    "STEPWELL_MAIL_FROM": "a@b.example",
                }
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"STEPWELL_SECRET_KEY": ""}, "STEPWELL_SECRET_KEY is missing"),
        ({"STEPWELL_SECRET_KEY": "short"}, "STEPWELL_SECRET_KEY is too easily guessed"),
        ({"STEPWELL_SECRET_KEY": "a" * 60}, "STEPWELL_SECRET_KEY is too easily guessed"),
        ({"STEPWELL_DEBUG": "1"}, "STEPWELL_DEBUG is on"),
        ({"STEPWELL_DEMO": "1"}, "STEPWELL_DEMO is on"),
        ({"STEPWELL_SECOND_FACTOR": "0"}, "STEPWELL_SECOND_FACTOR is off"),
        ({"STEPWELL_IDLE_MINUTES": "4"}, "STEPWELL_IDLE_MINUTES is 4"),
        ({"STEPWELL_IDLE_MINUTES": "31"}, "STEPWELL_IDLE_MINUTES is 31"),
        ({"STEPWELL_IDLE_MINUTES": "soon"}, "STEPWELL_IDLE_MINUTES is soon"),
        ({"STEPWELL_SECRET_KEY_FALLBACKS": "short"}, "STEPWELL_SECRET_KEY_FALLBACKS"),
        ({"STEPWELL_HOSTS": ""}, "STEPWELL_HOSTS is missing"),
        ({"STEPWELL_HOSTS": "*"}, "STEPWELL_HOSTS lets in any host"),
        ({"STEPWELL_ORIGINS": ""}, "STEPWELL_ORIGINS is missing"),
        ({"STEPWELL_ORIGINS": "http://care.example.org"}, "is not encrypted"),
        ({"STEPWELL_ORIGINS": "https://other.example.org"}, "whose host is not in STEPWELL_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"STEPWELL_CONNECT_AS": "owner"}, "STEPWELL_CONNECT_AS is 'owner'"),
        (WITH_MAIL | {"STEPWELL_SMTP_TLS": "none"}, "in the open"),
        (WITH_MAIL | {"STEPWELL_SMTP_TLS": "yes"}, "STEPWELL_SMTP_TLS is 'yes'"),
        (WITH_MAIL | {"STEPWELL_SMTP_PORT": "mail"}, "STEPWELL_SMTP_PORT is 'mail'"),
        (WITH_MAIL | {"STEPWELL_SMTP_PORT": "70000"}, "STEPWELL_SMTP_PORT is '70000'"),
        (WITH_MAIL | {"STEPWELL_SMTP_PASSWORD": "x"}, "without STEPWELL_SMTP_USER"),
        (WITH_MAIL | {"STEPWELL_MAIL_FROM": ""}, "STEPWELL_MAIL_FROM is missing"),
        (WITH_MAIL | {"STEPWELL_MAIL_FROM": "the front desk"}, "is not one e-mail address"),
        (WITH_MAIL | {"STEPWELL_MAIL_FROM": "a@b.example\r\nBcc: c@d.example"}, "is not one e-mail address"),
        (WITH_MAIL | {"STEPWELL_MAIL_FROM": "Dayton Recovery <a@b.example>"}, "a word about health"),
        (
            WITH_TEXTS | {"STEPWELL_TEXT_URL": "http://texts.example.net/"},
            "STEPWELL_TEXT_URL is not encrypted",
        ),
        (WITH_TEXTS | {"STEPWELL_TEXT_TOKEN": ""}, "STEPWELL_TEXT_TOKEN is missing"),
        (WITH_TEXTS | {"STEPWELL_MESSAGES_SECRET": ""}, "STEPWELL_MESSAGES_SECRET is missing"),
        (
            WITH_TEXTS | {"STEPWELL_MESSAGES_SECRET": "short"},
            "STEPWELL_MESSAGES_SECRET is too easily guessed",
        ),
        ({"STEPWELL_FILES_KEY": ""}, "STEPWELL_FILES_KEY is missing"),
        ({"STEPWELL_FILES_KEY": "short"}, "STEPWELL_FILES_KEY is too easily guessed"),
        ({"STEPWELL_FILES_DIR": "files"}, "STEPWELL_FILES_DIR is not a whole path"),
        ({"STEPWELL_LARGEST_FILE_MB": "all"}, "STEPWELL_LARGEST_FILE_MB is 'all'"),
    ],
)
def test_an_unsafe_setting_is_named(changed: dict[str, str], named: str):
    [refusal] = unsafe_settings(SAFE | changed)
    assert named in refusal


@pytest.mark.parametrize(
    ("role", "named"),
    [
        (Role("postgres", True, True, True, True), "a superuser"),
        (Role("someone", False, True, False, False), "bypasses row-level security"),
        (Role("someone", False, False, True, True), "owns tables"),
        (Role("someone", False, False, False, True), "may create tables"),
    ],
)
def test_a_role_with_too_many_rights_is_named(role: Role, named: str):
    [refusal] = unsafe_role(role)
    assert named in refusal


def test_the_apps_own_role_is_safe_and_the_owners_is_not(
    database_server: Server, fresh_database: FreshDatabase
):
    with fresh_database() as name:
        assert list(unsafe_role(safety.role_behind(database_server.app.to(name)))) == []
        assert len(list(unsafe_role(safety.role_behind(database_server.owner.to(name))))) == 2


def serve(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STEPWELL_", "DATABASE_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "stepwell.config.cli", "serve"],
        env=kept | environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def test_serve_refuses_and_says_everything_at_once():
    said = serve(STEPWELL_DEBUG="1", STEPWELL_HOSTS="*")
    assert said.returncode == 2
    for name in (
        "STEPWELL_SECRET_KEY",
        "STEPWELL_DEBUG",
        "STEPWELL_HOSTS",
        "STEPWELL_ORIGINS",
        "DATABASE_URL",
    ):
        assert name in said.stderr
    assert "Traceback" not in said.stderr


def test_serve_refuses_the_owner_as_the_app(database_server: Server, fresh_database: FreshDatabase):
    with fresh_database() as name:
        said = serve(**SAFE | {"DATABASE_URL": database_server.owner.to(name).url})
    assert said.returncode == 2
    assert "bypasses row-level security" in said.stderr


def test_serve_refuses_a_database_without_its_migrations(
    database_server: Server, fresh_database: FreshDatabase
):
    with fresh_database() as name:
        with database_server.owner.to(name).connect() as connection:
            connection.execute("delete from django_migrations where app = 'sessions'")
        said = serve(**SAFE | {"DATABASE_URL": database_server.app.to(name).url})
    assert said.returncode == 2
    assert "lacks 1 migrations (sessions.0001_initial is the first). Run ./stepwell migrate." in said.stderr
