"""A provider of texts and a mail server for tests: real ones, on this machine, that remember what they took."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

#: What a provider answers: a status, and what it says.
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Provider:
    """Takes each key once, as a provider must, and keeps every asking."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Set to answer otherwise: given the number of the asking, from 1.
    answers: Callable[[int], Answer | None] | None = None
    #: Called once a text is taken, before the answer goes out.
    when_taken: Callable[[], None] | None = None
    lock: Lock = field(default_factory=Lock)

    @property
    def bodies(self) -> list[str]:
        return [text["body"] for text in self.taken.values()]

    def take(self, headers: Any, body: bytes) -> Answer:
        told = json.loads(body)
        with self.lock:
            self.asked.append(
                {**told, "authorization": headers["Authorization"], "key": headers["Idempotency-Key"]}
            )
            other = self.answers(len(self.asked)) if self.answers else None
            if other is not None:
                return other
            self.taken.setdefault(headers["Idempotency-Key"], told)
        if self.when_taken:
            self.when_taken()
        return 200, {}, json.dumps({"id": f"m-{len(self.taken)}"}).encode()


@contextmanager
def provider() -> Iterator[Provider]:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, said = made.take(self.headers, body)
            if status == 0:  # The line breaks before an answer.
                self.connection.close()
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}/messages"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
