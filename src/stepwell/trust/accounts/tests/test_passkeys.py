"""Passkeys, with a key made of software: what it must sign, and every way in which an answer is not believed."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from stepwell.trust.accounts.models import Passkey
from stepwell.trust.accounts.testing import PASSWORD, browser
from stepwell.trust.audit import Did
from stepwell.trust.audit.models import SignInEvent

HOST = "localhost"
ORIGIN = f"http://{HOST}"


@pytest.fixture(autouse=True)
def at_localhost(settings) -> None:
    settings.ALLOWED_HOSTS = [HOST, "testserver"]


@dataclass
class Key:
    """An authenticator that does as it is told."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = b"a credential of thirty-two bytes"
    uses: int = 0
    user: bytes = b""
    #: 0x01 somebody was there, 0x04 it was its owner.
    flags: int = 0x05
    host: str = HOST
    origin: str = ORIGIN

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def made(self, asked: dict[str, Any]) -> str:
        self.user = websafe_decode(asked["user"]["id"])
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.id, ES256.from_cryptography_key(self.private.public_key())
        )
        data = AuthenticatorData.create(
            hashlib.sha256(self.host.encode()).digest(),
            AuthenticatorData.FLAG(self.flags | 0x40),
            self.uses,
            credential,
        )
        return self._answer(
            self._client("webauthn.create", asked["challenge"]),
            attestationObject=websafe_encode(AttestationObject.create("none", data, {})),
        )

    def signed(self, asked: dict[str, Any]) -> str:
        self.uses += 1
        client = self._client("webauthn.get", asked["challenge"])
        data = AuthenticatorData.create(
            hashlib.sha256(self.host.encode()).digest(), AuthenticatorData.FLAG(self.flags), self.uses
        )
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            client,
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signature),
            userHandle=websafe_encode(self.user),
        )

    def _answer(self, client: bytes, **response: str) -> str:
        raw = websafe_encode(self.id)
        return json.dumps(
            {
                "id": raw,
                "rawId": raw,
                "type": "public-key",
                "response": {"clientDataJSON": websafe_encode(client), **response},
                "clientExtensionResults": {},
            }
        )


def challenge(client: Client) -> dict[str, Any]:
    return client.post("/sign-in/challenge/", HTTP_HOST=HOST).json()["publicKey"]


def add(client: Client, key: Key, name: str = "my phone"):
    asked = client.post("/account/passkeys/challenge/", HTTP_HOST=HOST).json()["publicKey"]
    return client.post("/account/passkeys/", {"passkey": key.made(asked), "name": name}, HTTP_HOST=HOST)


def sign_in(client: Client, answer: str):
    return client.post("/sign-in/", {"proof-passkey": answer}, HTTP_HOST=HOST)


@pytest.fixture
def key(dana) -> Key:
    key = Key()
    assert add(browser(dana), key).status_code == 200
    return key


def test_a_passkey_is_added_with_recovery_codes_and_signs_in_by_itself(dana, key, settings):
    settings.STEPWELL_SECOND_FACTOR = True
    assert dana.passkeys.get().name == "my phone"
    client = Client()
    asked = challenge(client)
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")  # A page that nobody signed in to names nobody's keys.
    assert sign_in(client, key.signed(asked))["Location"] == "/home/"
    assert client.get("/staff/today/", HTTP_HOST=HOST).status_code == 200  # It stands for both steps.
    assert dana.passkeys.get().last_used_at is not None


def test_it_is_the_second_step_after_a_password(dana, key):
    client = Client()
    first = client.post("/sign-in/", {"email": dana.email, "password": PASSWORD}, HTTP_HOST=HOST)
    assert first["Location"] == "/sign-in/second-step/"
    asked = challenge(client)
    assert [one["id"] for one in asked["allowCredentials"]] == [websafe_encode(key.id)]
    done = client.post("/sign-in/second-step/", {"proof-passkey": key.signed(asked)}, HTTP_HOST=HOST)
    assert done["Location"] == "/home/"


def test_an_answer_opens_once(dana, key):
    client = Client()
    answer = key.signed(challenge(client))
    assert sign_in(client, answer).status_code == 302
    assert sign_in(client, answer).status_code == 422
    assert sign_in(Client(), answer).status_code == 422


def test_a_challenge_waits_five_minutes(dana, key, later):
    client = Client()
    asked = challenge(client)
    later(minutes=5)
    assert sign_in(client, key.signed(asked)).status_code == 422


@pytest.mark.parametrize(
    "false",
    [
        {"origin": "https://elsewhere.example"},
        {"host": "elsewhere.example"},
        {"flags": 0x01},  # Somebody was there, and nobody knows whether it was its owner.
        {"flags": 0x04},
        {"private": ec.generate_private_key(ec.SECP256R1())},
        {"id": b"a credential that nobody has set"},
        {"user": b"somebody else's!"},
        {"uses": -1},  # Counts back: it has a twin.
    ],
)
def test_what_is_false_is_refused_in_one_sentence(dana, key, false):
    client = Client()
    assert sign_in(client, key.signed(challenge(client))).status_code == 302
    for name, value in false.items():
        setattr(key, name, value)
    client = Client()
    answer = sign_in(client, key.signed(challenge(client)))
    assert answer.status_code == 422
    assert "That passkey was not accepted." in answer.content.decode()


@pytest.mark.parametrize(
    "answer", ["x", "{}", "[]", "null", '{"rawId": 3}', "[" * 100_000, '"\\ud800"', "1" * 5000]
)
def test_nonsense_is_refused_the_same(dana, key, answer):
    client = Client()
    challenge(client)
    assert sign_in(client, answer).status_code == 422


def test_somebody_deactivated_does_not_come_in(dana, key):
    dana.is_active = False
    dana.save()
    client = Client()
    assert sign_in(client, key.signed(challenge(client))).status_code == 422


def test_what_we_asked_of_one_adds_no_key_to_another(dana, maya):
    hers, his, key = browser(dana), browser(maya), Key()
    asked = hers.post("/account/passkeys/challenge/", HTTP_HOST=HOST).json()["publicKey"]
    his.post("/account/passkeys/challenge/", HTTP_HOST=HOST)
    answer = his.post("/account/passkeys/", {"passkey": key.made(asked)}, HTTP_HOST=HOST)
    assert answer.status_code == 422
    assert not Passkey.objects.exists()


def test_one_key_is_nobodys_twice(dana, maya, key):
    assert add(browser(dana), key).status_code == 422
    assert add(browser(maya), key).status_code == 422
    assert Passkey.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 200, "<b>O'Brien-Núñez</b>"])
def test_a_key_has_a_name_whatever_is_typed(dana, name):
    answer = add(browser(dana), Key(), name)
    if len(name) > 60:
        assert answer.status_code == 422
        return
    assert answer.status_code == 200
    page = browser(dana).get("/account/passkeys/").content.decode()
    assert "<b>O" not in page
    assert dana.passkeys.get().name.strip()


def test_a_key_that_is_removed_opens_nothing(dana, key):
    client = browser(dana)
    removal = f"/account/passkeys/{dana.passkeys.get().pk}/removal/"
    assert client.post(removal).status_code == client.post(removal).status_code == 302
    fresh = Client()
    assert sign_in(fresh, key.signed(challenge(fresh))).status_code == 422
    assert SignInEvent.objects.filter(did=Did.CHANGED_SIGN_IN, by_id=dana.pk).count() == 3


def test_nobody_removes_a_key_of_somebody_else(dana, maya, key):
    browser(maya).post(f"/account/passkeys/{dana.passkeys.get().pk}/removal/")
    assert dana.passkeys.count() == 1


def test_a_covered_page_opens_with_a_passkey(dana, key, later):
    client = browser(dana)
    later(minutes=16)
    asked = challenge(client)
    opened = client.post(
        "/sign-in/again/",
        {"proof-passkey": key.signed(asked)},
        HTTP_HOST=HOST,
        headers={"Accept": "application/json"},
    )
    assert opened.json()["seconds"] == 900


def test_another_persons_passkey_opens_no_covered_page(dana, maya, key, later):
    client = browser(maya)
    later(minutes=16)
    asked = challenge(client)
    assert asked.get("allowCredentials") in (None, [])
    refused = client.post("/me/privacy/", {"proof-passkey": key.signed(asked)}, HTTP_HOST=HOST)
    assert refused.status_code == 422


def test_adding_one_takes_a_fresh_proof(dana, later):
    client = browser(dana)
    later(minutes=11)
    assert client.get("/account/passkeys/").status_code == 401
