"""Serve the pages with granian: a few processes, one thread each, gone when we are gone."""

import os
import socket
import threading
import time
from collections.abc import Callable

from django.conf import settings
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from stepwell.config.postgres.places import Unusable

LEAVE_WITH = "STEPWELL_SERVER_PROCESS"


def need_free_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise Unusable(
                f"Port {port} cannot be used on {host}: {(error.strerror or 'no reason given').lower()}. "
                f"Choose another with --port, such as --port {port + 1 if port < 65535 else port - 1}."
            ) from error


def serve_until_told_to_stop(host: str, port: int, *, workers: int, when_up: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM."""
    os.environ[LEAVE_WITH] = str(os.getpid())
    threading.Thread(target=_call_when_up, args=(host, port, when_up), daemon=True).start()
    Server(
        "stepwell.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def _call_when_up(host: str, port: int, when_up: Callable[[], None]) -> None:
    name = settings.ALLOWED_HOSTS[0].lstrip(".")
    for _attempt in range(300):
        try:
            # An answer to a whole request: a worker is up, not only the socket.
            with socket.create_connection((host, port), timeout=10) as caller:
                caller.sendall(f"GET / HTTP/1.0\r\nHost: {name}\r\nX-Forwarded-Proto: https\r\n\r\n".encode())
                if caller.recv(1):
                    when_up()
                    return
        except OSError:
            time.sleep(0.1)
