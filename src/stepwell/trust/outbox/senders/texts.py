"""Text messages, through a provider's HTTP API. What we ask of a provider is little, and in docs/how-to:

- ``POST`` of JSON ``{"to", "body", "reference"}`` with ``Authorization: Bearer`` and ``Idempotency-Key``;
- 2xx with JSON ``{"id": …}`` when it is taken; the same again for the same key, without a second text;
- 4xx when it never will be; 429 or 5xx, with ``Retry-After`` if it likes, when it should be tried again.

No redirect is followed: the token is for one host. No proxy is asked. An answer is read up to 64 KB.
"""

import http.client
import json
import logging
import ssl
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings

from stepwell.trust.outbox.senders import Accepted, InHand, Outcome, TurnedDown, Unclear

log = logging.getLogger(__name__)

SECONDS = 15
MOST_READ = 64 * 1024


def is_there() -> bool:
    """Whether a text can go out at all: to a provider, or in the demonstration to the screen."""
    return bool(settings.STEPWELL_TEXT_URL) or settings.STEPWELL_DEMO


def send(message: InHand) -> Outcome:
    if not settings.STEPWELL_TEXT_URL:
        if not settings.STEPWELL_DEMO:
            return TurnedDown("no provider of texts is set", try_again=False)
        log.info("Text to %s: %s", message.to, message.body)
        return Accepted(message.reference)
    return _post(settings.STEPWELL_TEXT_URL, settings.STEPWELL_TEXT_TOKEN, message)


def _post(url: str, token: str, message: InHand) -> Outcome:
    body = json.dumps({"to": message.to, "body": message.body, "reference": message.reference}).encode()
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Idempotency-Key": message.reference,
    }
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        try:
            connection.connect()
        except OSError as error:
            return TurnedDown(f"the provider was not reached ({type(error).__name__})", try_again=True)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, body=body, headers=headers)
            response = connection.getresponse()
            said = response.read(MOST_READ)
        except (OSError, http.client.HTTPException) as error:
            return Unclear(f"the line to the provider broke ({type(error).__name__})")
        return _read(response.status, said, response.getheader("Retry-After", ""))
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def _read(status: int, said: bytes, retry_after: str) -> Outcome:
    if 200 <= status < 300:
        try:
            answer = json.loads(said)
        except ValueError:
            answer = None
        return Accepted(str(answer.get("id", ""))[:200] if isinstance(answer, dict) else "")
    if 300 <= status < 400:
        return TurnedDown(f"the provider sent us elsewhere ({status})", try_again=False)
    if status in (408, 429) or status >= 500:
        wait = (
            timedelta(seconds=int(retry_after)) if retry_after.isdecimal() and len(retry_after) < 7 else None
        )
        # Whether a provider that broke down took the text before, its key settles at the next try.
        return TurnedDown(f"the provider could not take it now ({status})", try_again=True, wait=wait)
    return TurnedDown(f"the provider will not take it ({status})", try_again=False)
