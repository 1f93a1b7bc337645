"""A real center is served to those who come by its name, encrypted, and to nobody else."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from stepwell.config.postgres.server import Server
from stepwell.config.testing.fixtures import FreshDatabase
from stepwell.config.tests.test_safety import SAFE


@pytest.fixture
def port(database_server: Server, fresh_database: FreshDatabase) -> Iterator[int]:
    """Where a center with safe settings is served, until the test ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("STEPWELL_", "DATABASE_"))
    }
    with fresh_database() as name:
        server = subprocess.Popen(
            [sys.executable, "-m", "stepwell.config.cli", "serve", "--port", str(port), "--workers", "1"],
            env=kept | SAFE | {"DATABASE_URL": database_server.app.to(name).url},
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        assert server.stdout
        assert server.stdout.readline() == f"Serving on 127.0.0.1 port {port}.\n"
        yield port
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=15)
        assert server.returncode == 0


def ask(port: int, *, host: str = "care.example.org", encrypted: bool = True) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Host": host} | ({"X-Forwarded-Proto": "https"} if encrypted else {})
    connection.request("GET", "/sign-in/", headers=headers)
    return connection.getresponse()


def test_it_answers_by_its_name_encrypted_and_says_to_stay_so(port: int):
    answer = ask(port)
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in answer.headers["Set-Cookie"]
    plain = ask(port, encrypted=False)
    assert (plain.status, plain.headers["Location"]) == (301, "https://care.example.org/sign-in/")
    assert ask(port, host="elsewhere.example.org").status == 400
