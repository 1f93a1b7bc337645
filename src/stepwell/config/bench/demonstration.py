"""The demonstration, opened to be measured, and somebody who asks it for pages."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from stepwell.config.postgres import find
from stepwell.config.postgres.places import Unusable


@contextmanager
def opened(clone: Path) -> Iterator[tuple[int, int]]:
    """The demonstration of that clone, open: its port and its process."""
    port = _free_port()
    command = [sys.executable, str(clone / "stepwell"), "demo", "--no-browser", "--port", str(port)]
    # Its own settings, not the ones that this process has made for itself.
    environment = {
        name: value for name, value in os.environ.items() if name not in (find.APP_URL, find.OWNER_URL)
    }
    server = subprocess.Popen(
        command, cwd=clone, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    assert server.stdout
    try:
        for line in server.stdout:
            if "is open: http" in line:
                break
        else:
            raise Unusable("The demonstration did not open.")
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


def session_of(role: str) -> str:
    """The cookie of somebody with that role."""
    if not role:
        return ""
    from stepwell.demo.builder import sign_ins
    from stepwell.trust.accounts.models import User
    from stepwell.trust.accounts.sessions import session_for

    email = next(each.email for each in sign_ins() if role in each.role.lower())
    return f"sessionid={session_for(User.objects.get(email=email))}"


def ask(
    port: int,
    path: str,
    cookie: str,
    *,
    packed: bool = False,
    form: Sequence[tuple[str, str]] | None = None,
) -> tuple[int, bytes]:
    """A page; with a form, what comes of sending it there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Host": f"localhost:{port}", "Cookie": cookie}
        headers |= {"Accept-Encoding": "gzip"} if packed else {}
        if form is None:
            connection.request("GET", path, headers=headers)
        else:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, body=urlencode(form), headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
