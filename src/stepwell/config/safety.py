"""What keeps a real center from being served: settings that would not protect the people in it."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from stepwell.config.environment import MAIL_ENCRYPTIONS, ON_THIS_MACHINE, number
from stepwell.config.postgres.server import Login

SHORTEST_SECRET = 50
SHORTEST_MESSAGES_SECRET = 32
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+", re.ASCII)
#: What a sender's name must not tell on the locked screen of a telephone.
TELLING = re.compile(
    r"addict|recover|substance|rehab|detox|opioid|alcohol|drug|treatment|sober|clinic", re.IGNORECASE
)
HOW_TO_MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


@dataclass(frozen=True)
class Role:
    """What the database says about the role that the app connects as."""

    name: str
    is_superuser: bool
    bypasses_row_security: bool
    owns_tables: bool
    may_create: bool


def unsafe_settings(environment: Mapping[str, str]) -> Iterator[str]:
    """Each setting in the environment that is missing or unsafe, and what to give it."""
    secret = environment.get("STEPWELL_SECRET_KEY", "")
    if not secret:
        yield f"STEPWELL_SECRET_KEY is missing. Make one with: {HOW_TO_MAKE_ONE}"
    elif len(secret) < SHORTEST_SECRET or len(set(secret)) < 10:
        yield (
            f"STEPWELL_SECRET_KEY is too easily guessed: it needs {SHORTEST_SECRET} characters or more, by chance. "
            f"Make one with: {HOW_TO_MAKE_ONE}"
        )
    if environment.get("STEPWELL_DEBUG", "") not in ("", "0"):
        yield "STEPWELL_DEBUG is on: error pages would show what is stored. Take it out."
    if environment.get("STEPWELL_DEMO", "") not in ("", "0"):
        yield "STEPWELL_DEMO is on: everyone may read the demonstration's passwords. Take it out."
    if environment.get("STEPWELL_SECOND_FACTOR", "1") != "1":
        yield "STEPWELL_SECOND_FACTOR is off: a password alone would open every chart. Take it out."
    minutes = environment.get("STEPWELL_IDLE_MINUTES", "15")
    if not (minutes.isdecimal() and 5 <= int(minutes) <= 30):
        yield f"STEPWELL_IDLE_MINUTES is {minutes}: a screen that nobody uses is covered after 5 to 30 minutes."
    yield from _unsafe_fallbacks(environment)
    yield from _unsafe_addresses(environment)
    if not environment.get("DATABASE_URL"):
        yield "DATABASE_URL is missing. Name the database as the app reaches it: postgresql://stepwell_app:...@host/stepwell"
    if environment.get("STEPWELL_CONNECT_AS") == "owner":
        yield "STEPWELL_CONNECT_AS is 'owner': the owner sees every organization's rows. Take it out."
    yield from _unsafe_mail(environment)
    yield from _unsafe_texts(environment)
    yield from _unsafe_files(environment)


def _unsafe_fallbacks(environment: Mapping[str, str]) -> Iterator[str]:
    for secret in environment.get("STEPWELL_SECRET_KEY_FALLBACKS", "").split(","):
        if secret.strip() and (len(secret.strip()) < SHORTEST_SECRET or len(set(secret)) < 10):
            yield "STEPWELL_SECRET_KEY_FALLBACKS names a key that is too easily guessed. Take it out."


def _unsafe_addresses(environment: Mapping[str, str]) -> Iterator[str]:
    hosts = [host.strip() for host in environment.get("STEPWELL_HOSTS", "").split(",") if host.strip()]
    origins = [
        origin.strip() for origin in environment.get("STEPWELL_ORIGINS", "").split(",") if origin.strip()
    ]
    if not hosts:
        yield "STEPWELL_HOSTS is missing. Name the hosts that people type, such as care.example.org"
    if any("*" in host for host in hosts):
        yield "STEPWELL_HOSTS lets in any host ('*'). Name the hosts that people type, such as care.example.org"
    if not origins:
        yield "STEPWELL_ORIGINS is missing. Name the address that people type, such as https://care.example.org"
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme != "https" or not parts.hostname:
            yield f"STEPWELL_ORIGINS names {origin}, which is not encrypted. It must begin with https://"
        elif hosts and parts.hostname not in hosts and not any("*" in host for host in hosts):
            yield f"STEPWELL_ORIGINS names {origin}, whose host is not in STEPWELL_HOSTS."


def _unsafe_mail(environment: Mapping[str, str]) -> Iterator[str]:
    """E-mail goes out encrypted, from an address that is one."""
    host = environment.get("STEPWELL_SMTP_HOST", "")
    if asked := environment.get("STEPWELL_SMTP_TLS", ""):
        if asked not in MAIL_ENCRYPTIONS:
            yield f"STEPWELL_SMTP_TLS is '{asked}'. Give it one of: {', '.join(MAIL_ENCRYPTIONS)}."
        elif asked == "none" and host and host not in ON_THIS_MACHINE:
            yield f"STEPWELL_SMTP_TLS is 'none': e-mail would reach {host} in the open. Take it out."
    yield from _not_a_number(environment, "STEPWELL_SMTP_PORT", 1, 65535)
    if environment.get("STEPWELL_SMTP_PASSWORD") and not environment.get("STEPWELL_SMTP_USER"):
        yield "STEPWELL_SMTP_PASSWORD is given without STEPWELL_SMTP_USER."
    sender = environment.get("STEPWELL_MAIL_FROM", "")
    if host and not sender:
        yield (
            "STEPWELL_MAIL_FROM is missing. "
            "Name the address that e-mail comes from, such as Front desk <hello@example.org>"
        )
    if sender and not _is_one_address(sender):
        yield "STEPWELL_MAIL_FROM is not one e-mail address, such as Front desk <hello@example.org>"
    elif TELLING.search(sender):
        yield "STEPWELL_MAIL_FROM has a word about health in it, which whoever sees an inbox could read. Take another."


def _is_one_address(text: str) -> bool:
    _name, address = parseaddr(text)
    return not any(sign in text for sign in "\r\n,") and bool(ADDRESS.fullmatch(address))


def _unsafe_texts(environment: Mapping[str, str]) -> Iterator[str]:
    """The word that a provider knows us by is told to that provider alone, encrypted."""
    url = environment.get("STEPWELL_TEXT_URL", "")
    parts = urlsplit(url)
    if url and (parts.scheme != "https" or not parts.hostname):
        yield "STEPWELL_TEXT_URL is not encrypted. It must begin with https://"
    if url and not environment.get("STEPWELL_TEXT_TOKEN"):
        yield "STEPWELL_TEXT_TOKEN is missing: the provider in STEPWELL_TEXT_URL would not know who asks."
    secret = environment.get("STEPWELL_MESSAGES_SECRET", "")
    if url and not secret:
        yield (
            "STEPWELL_MESSAGES_SECRET is missing: an answer such as STOP could not be believed. "
            f"Make one with: {HOW_TO_MAKE_ONE}"
        )
    if secret and len(secret) < SHORTEST_MESSAGES_SECRET:
        yield (
            f"STEPWELL_MESSAGES_SECRET is too easily guessed: it needs {SHORTEST_MESSAGES_SECRET} characters or more. "
            f"Make one with: {HOW_TO_MAKE_ONE}"
        )


def _unsafe_files(environment: Mapping[str, str]) -> Iterator[str]:
    """Scans are kept encrypted, with a key of their own: the secret key may change, the files may not be lost."""
    keys = [key.strip() for key in environment.get("STEPWELL_FILES_KEY", "").split(",") if key.strip()]
    if not keys:
        yield f"STEPWELL_FILES_KEY is missing: scans are kept encrypted. Make one with: {HOW_TO_MAKE_ONE}"
    elif any(len(key) < SHORTEST_SECRET or len(set(key)) < 10 for key in keys):
        yield (
            f"STEPWELL_FILES_KEY is too easily guessed: it needs {SHORTEST_SECRET} characters or more, by chance. "
            f"Make one with: {HOW_TO_MAKE_ONE}"
        )
    if (folder := environment.get("STEPWELL_FILES_DIR", "")) and not Path(folder).is_absolute():
        yield "STEPWELL_FILES_DIR is not a whole path. Name it from the root, such as /var/lib/stepwell/files"
    yield from _not_a_number(environment, "STEPWELL_LARGEST_FILE_MB", 1, 100)


def _not_a_number(environment: Mapping[str, str], name: str, lowest: int, highest: int) -> Iterator[str]:
    given = environment.get(name, "")
    if given and not (given.isdecimal() and lowest <= number(environment, name, 0) <= highest):
        yield f"{name} is '{given}'. Give it a number from {lowest} to {highest}."


def unsafe_role(role: Role) -> Iterator[str]:
    """Each right of the app's role that would let it past the wall between organizations."""
    advice = "Connect as a role made for the app alone; docs/how-to/run-in-production.md has the statements."
    if role.is_superuser:
        yield f"DATABASE_URL connects as {role.name}, a superuser, for whom no rule of the database counts. {advice}"
    elif role.bypasses_row_security:
        yield f"DATABASE_URL connects as {role.name}, which bypasses row-level security. {advice}"
    if role.owns_tables and not role.is_superuser:
        yield f"DATABASE_URL connects as {role.name}, which owns tables and could change their rules. {advice}"
    if role.may_create and not (role.is_superuser or role.owns_tables):
        yield f"DATABASE_URL connects as {role.name}, which may create tables. {advice}"


def role_behind(login: Login) -> Role:
    with login.connect() as connection:
        row = connection.execute(
            """
            select rolname, rolsuper, rolbypassrls,
                   exists (select from pg_tables
                           where schemaname = 'public' and pg_has_role(current_user, tableowner, 'member')),
                   has_schema_privilege('public', 'create')
            from pg_roles where rolname = current_user
            """
        ).fetchone()
    assert row is not None
    name, is_superuser, bypasses, owns, may_create = row
    return Role(str(name), bool(is_superuser), bool(bypasses), bool(owns), bool(may_create))


def unsafe_database(address: str) -> Iterator[str]:
    """What is wrong with the database itself; nothing more is asked once it cannot be reached."""
    try:
        login = Login.from_url(address)
        role = role_behind(login)
    except (ValueError, psycopg.Error) as error:
        yield f"DATABASE_URL cannot be reached: {str(error).strip()}"
        return
    yield from unsafe_role(role)
    with login.connect() as connection:
        version = connection.info.server_version // 10000
        if version < 15:
            yield f"DATABASE_URL names PostgreSQL {version}; Stepwell needs 15 or newer."
        if login.database.startswith("alder_creek"):
            yield "DATABASE_URL names the demonstration's database, whose passwords everyone may read."


def refusals(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Everything that is unsafe, so that it can be mended in one go."""
    found = list(unsafe_settings(environment))
    if address := environment.get("DATABASE_URL"):
        found += unsafe_database(address)
    return found
