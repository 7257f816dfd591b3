"""Readers who sign in elsewhere: which tokens count, and where the keys to tell come from."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from docs_chat.auth import MAX_TOKEN_CHARS, name_owner, read_groups
from docs_chat.config import load_config
from docs_chat.keys import COOLDOWN_SECONDS, Keys, KeysUnavailableError
from docs_chat.settings import Settings
from docs_index.errors import UserError

from .conftest import serving
from .issuer import AUDIENCE, ED_KEY, NAME, OTHER_RSA_KEY, RSA_KEY, Issuer, encode, publish, run_issuer
from .reader import Reader

Tokens = Callable[[Issuer], str]


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with run_issuer() as issuer:
        yield issuer


def make_settings(site: Path, state: Path, issuer: Issuer, mode: str, **auth: Any) -> Settings:
    given = {"mode": mode, "issuer": NAME, "audience": AUDIENCE, "jwks_url": issuer.url, **auth}
    return Settings.model_validate(
        {
            "index": str(site / ".docs-chat" / "index"),
            "database_url": f"sqlite:///{state / 'chat.db'}",
            "limits": {"enabled": False},
            "auth": given,
        }
    )


@pytest.fixture(scope="module")
def required(site: Path, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server for those who signed in only."""
    with serving(make_settings(site, tmp_path_factory.mktemp("required"), issuer, "required")) as url:
        yield url


@pytest.fixture(scope="module")
def both(site: Path, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(make_settings(site, tmp_path_factory.mktemp("both"), issuer, "both")) as url:
        yield url


def list_threads(url: str, token: str) -> httpx2.Response:
    body = {"type": "threads.list", "params": {}}
    return httpx2.post(f"{url}/chatkit", json=body, headers={"Authorization": f"Bearer {token}"})


def search(url: str, token: str | None) -> httpx2.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return httpx2.get(f"{url}/api/search", params={"q": "docker"}, headers=headers)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_good_token_is_taken(required: str, issuer: Issuer, algorithm: str) -> None:
    token = issuer.sign(algorithm)
    assert list_threads(required, token).status_code == 200
    assert search(required, token).status_code == 200


@pytest.mark.parametrize("audience", [AUDIENCE, ["other", AUDIENCE]])
def test_one_of_several_audiences_is_enough(required: str, issuer: Issuer, audience: Any) -> None:
    assert list_threads(required, issuer.sign(aud=audience)).status_code == 200


def test_clocks_may_differ_by_the_leeway(required: str, issuer: Issuer) -> None:
    now = int(time.time())
    assert list_threads(required, issuer.sign(exp=now - 10, nbf=now + 10, iat=now + 10)).status_code == 200


def public_pem() -> bytes:
    return RSA_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def sign_with_public_key(issuer: Issuer) -> str:
    """RS256's public key taken for a secret of HS256."""
    _, body, _ = issuer.sign().split(".")
    signed = f"{encode({'alg': 'HS256', 'typ': 'JWT', 'kid': 'RS256'})}.{body}"
    return f"{signed}.{encode(hmac.digest(public_pem(), signed.encode(), hashlib.sha256))}"


def without_signature(issuer: Issuer, algorithm: str) -> str:
    _, body, _ = issuer.sign().split(".")
    return f"{encode({'alg': algorithm, 'kid': 'RS256'})}.{body}."


def with_header(issuer: Issuer, header: Any) -> str:
    _, body, signature = issuer.sign().split(".")
    return f"{encode(header)}.{body}.{signature}"


def self_signed(issuer: Issuer, **headers: Any) -> str:
    return issuer.sign(key=OTHER_RSA_KEY, headers=headers)


BAD: dict[str, Tokens] = {
    "alg none": lambda issuer: without_signature(issuer, "none"),
    "alg None": lambda issuer: without_signature(issuer, "None"),
    "alg nOnE": lambda issuer: without_signature(issuer, "nOnE"),
    "alg empty": lambda issuer: without_signature(issuer, ""),
    "no signature": lambda issuer: without_signature(issuer, "RS256"),
    "alg none by the library": lambda issuer: jwt.encode({"sub": "anna"}, "", algorithm="none"),
    "public key as a secret": sign_with_public_key,
    "secret of our own": lambda issuer: issuer.sign("HS256", key="k" * 32, headers={"kid": "RS256"}),
    "alg not allowed": lambda issuer: issuer.sign("RS512", key=RSA_KEY, headers={"kid": "RS256"}),
    "alg of another key": lambda issuer: with_header(issuer, {"alg": "ES256", "kid": "RS256"}),
    "key of another alg": lambda issuer: with_header(issuer, {"alg": "RS256", "kid": "ES256"}),
    "alg is a list": lambda issuer: with_header(issuer, {"alg": ["RS256"], "kid": "RS256"}),
    "no alg": lambda issuer: with_header(issuer, {"kid": "RS256"}),
    "another's key under a known id": lambda issuer: self_signed(issuer),
    "unknown key id": lambda issuer: self_signed(issuer, kid="evil"),
    "no key id among several keys": lambda issuer: with_header(issuer, {"alg": "RS256"}),
    "key id is a number": lambda issuer: with_header(issuer, {"alg": "RS256", "kid": 1}),
    "key id is a path": lambda issuer: self_signed(issuer, kid="../../../../dev/null"),
    "embedded key": lambda issuer: self_signed(issuer, jwk=publish("evil", OTHER_RSA_KEY)),
    "jku": lambda issuer: self_signed(issuer, jku=issuer.url.replace("/keys", "/evil"), kid="evil"),
    "x5u": lambda issuer: self_signed(issuer, x5u=issuer.url.replace("/keys", "/evil")),
    "critical header": lambda issuer: issuer.sign(headers={"crit": ["exp"], "exp": 1}),
    "wrong audience": lambda issuer: issuer.sign(aud="another"),
    "audience is a part": lambda issuer: issuer.sign(aud=AUDIENCE + "2"),
    "no audience": lambda issuer: issuer.sign(aud=None),
    "audience is a number": lambda issuer: issuer.sign(aud=7),
    "wrong issuer": lambda issuer: issuer.sign(iss=f"{NAME}.evil.test"),
    "issuer with a slash more": lambda issuer: issuer.sign(iss=f"{NAME}/"),
    "no issuer": lambda issuer: issuer.sign(iss=None),
    "expired": lambda issuer: issuer.sign(exp=int(time.time()) - 120),
    "no expiry": lambda issuer: issuer.sign(exp=None),
    "expiry is a word": lambda issuer: issuer.sign(exp="never"),
    "expiry has no end": lambda issuer: issuer.sign(exp=float("inf")),
    "not yet": lambda issuer: issuer.sign(nbf=int(time.time()) + 120),
    "made in the future": lambda issuer: issuer.sign(iat=int(time.time()) + 3600),
    "no subject": lambda issuer: issuer.sign(sub=None),
    "empty subject": lambda issuer: issuer.sign(sub=""),
    "subject is a number": lambda issuer: issuer.sign(sub=5),
    "long subject": lambda issuer: issuer.sign(sub="x" * 300),
    "expiry beyond all years": lambda issuer: issuer.sign(exp=10**18),
    "oversized": lambda issuer: issuer.sign(padding="x" * MAX_TOKEN_CHARS),
    "two parts": lambda issuer: issuer.sign().rsplit(".", 1)[0],
    "four parts": lambda issuer: issuer.sign() + ".x",
    "five parts, encrypted": lambda issuer: ".".join([encode({"alg": "dir", "enc": "A256GCM"}), "", "a", "b", "c"]),
    "cut signature": lambda issuer: issuer.sign()[:-4],
    "changed body": lambda issuer: ".".join(
        [issuer.sign().split(".")[0], encode({"sub": "root", "exp": 9e9}), issuer.sign().split(".")[2]]
    ),
    "deep header": lambda issuer: f"{encode(b'[' * 8000)}.e30.x",
    "header is a list": lambda issuer: with_header(issuer, ["RS256"]),
    "header is no json": lambda issuer: f"{encode(b'nonsense')}.e30.x",
    "header is no base64": lambda issuer: "%%%.e30.x",
    "anonymous": lambda issuer: "v1." + "0" * 32 + ".aaaaaa.bbbbbb",
    "dots": lambda issuer: "..",
    "one letter": lambda issuer: "x",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_is_nobody(required: str, both: str, issuer: Issuer, name: str) -> None:
    issuer.reset()
    token = BAD[name](issuer)
    for url in (required, both):
        for response in (list_threads(url, token), search(url, token)):
            assert response.status_code == 401, name
            assert response.headers["www-authenticate"] == "Bearer"
            error = response.json()["error"]
            assert (error["code"], error["message"]) == ("unauthorized", "The token is not valid.")
    assert set(issuer.asked) <= {"/keys"}


def test_a_token_never_reaches_the_log(required: str, issuer: Issuer, caplog: pytest.LogCaptureFixture) -> None:
    token = issuer.sign(aud="another", email="anna@login.example")
    with caplog.at_level(logging.DEBUG):
        list_threads(required, token)
    assert "InvalidAudienceError" in caplog.text
    for part in token.split("."):
        assert part not in caplog.text


def test_without_a_token_only_sign_in_helps_where_it_is_required(required: str, issuer: Issuer) -> None:
    assert httpx2.post(f"{required}/identity").status_code == 401
    assert httpx2.post(f"{required}/chatkit", json={}).status_code == 401
    assert search(required, None).status_code == 401
    assert httpx2.get(f"{required}/healthz").status_code == 200
    token = issuer.sign()
    issued = httpx2.post(f"{required}/identity", headers={"Authorization": f"Bearer {token}"})
    assert issued.status_code == 200
    assert issued.json()["token"] == token


def test_an_anonymous_token_made_before_does_not_count_where_sign_in_is_required(
    site: Path, tmp_path: Path, issuer: Issuer
) -> None:
    with serving(make_settings(site, tmp_path, issuer, "anonymous")) as url:
        token = httpx2.post(f"{url}/identity").json()["token"]
        assert list_threads(url, token).status_code == 200
        # Tokens of others are nothing here, and what everybody may search needs none.
        assert list_threads(url, issuer.sign()).status_code == 401
        assert search(url, "nonsense").status_code == 200
    with serving(make_settings(site, tmp_path, issuer, "required")) as url:
        assert list_threads(url, token).status_code == 401


def test_both_kinds_of_readers_have_threads_of_their_own(both: str, issuer: Issuer) -> None:
    anonymous = Reader(both)
    anonymous.ask("How do I install Kettle?")
    anna = Reader(both)
    anna.headers["Authorization"] = f"Bearer {issuer.sign()}"
    assert anna.post("threads.list", {}).json()["data"] == []
    anna.ask("How do I install Kettle with docker?")
    # The thread is the person's, whichever token she comes with.
    anna.headers["Authorization"] = f"Bearer {issuer.sign('ES256')}"
    assert len(anna.post("threads.list", {}).json()["data"]) == 1
    anna.headers["Authorization"] = f"Bearer {issuer.sign(sub='bert')}"
    assert anna.post("threads.list", {}).json()["data"] == []
    assert len(anonymous.post("threads.list", {}).json()["data"]) == 1
    anna.close()
    anonymous.close()


def test_the_database_does_not_say_who_a_reader_is() -> None:
    owner = name_owner(NAME, "anna")
    assert "anna" not in owner
    assert owner != name_owner("https://other.example", "anna")
    assert owner != name_owner(NAME + "\0", "anna")


@pytest.mark.parametrize(
    ("claims", "name", "groups"),
    [
        ({"groups": ["staff", "beta"]}, "groups", {"staff", "beta"}),
        ({"groups": "staff beta,gamma"}, "groups", {"staff", "beta", "gamma"}),
        ({"realm_access": {"roles": ["staff"]}}, "realm_access.roles", {"staff"}),
        ({"https://x.test/groups": ["staff"]}, "https://x.test/groups", {"staff"}),
        ({"groups": ["staff", 7, "", None, ["x"]]}, "groups", {"staff"}),
        ({"groups": {"staff": True}}, "groups", set()),
        ({"realm_access": "x"}, "realm_access.roles", set()),
        ({}, "groups", set()),
    ],
)
def test_groups_are_read_from_the_claim(claims: dict[str, Any], name: str, groups: set[str]) -> None:
    assert read_groups(claims, name) == groups


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_keys_are_fetched_once_and_again_in_time(issuer: Issuer) -> None:
    issuer.reset()
    clock = Clock()

    async def main() -> None:
        keys = Keys(issuer.url, 60, 3600, clock)
        found = await asyncio.gather(*(keys.find("RS256") for _ in range(20)))
        assert all(found)
        assert len(issuer.asked) == 1
        clock.now += 61
        assert await keys.find("RS256")
        assert keys.refreshing
        await keys.refreshing
        assert len(issuer.asked) == 2
        await keys.close()

    asyncio.run(main())


def test_unknown_key_ids_do_not_make_it_ask_again_and_again(issuer: Issuer) -> None:
    issuer.reset()
    clock = Clock()

    async def main() -> None:
        keys = Keys(issuer.url, 600, 3600, clock)
        for number in range(50):
            assert await keys.find(f"evil{number}") is None
        assert len(issuer.asked) == 1
        # A key that the issuer has taken up since is found after the pause.
        issuer.served = json.dumps({"keys": [publish("fresh", ED_KEY)]}).encode()
        clock.now += COOLDOWN_SECONDS
        assert await keys.find("fresh")
        assert await keys.find("RS256") is None
        await keys.close()

    asyncio.run(main())


@pytest.mark.parametrize("fault", ["500", "302", "nonsense", "no keys", "deep", "too large", "refused"])
def test_the_last_keys_outlive_an_outage(issuer: Issuer, fault: str) -> None:
    issuer.reset()
    clock = Clock()

    async def main() -> None:
        keys = Keys(issuer.url, 60, 3600, clock)
        assert await keys.find("RS256")
        issuer.status = int(fault) if fault.isdigit() else 200
        bodies = {"nonsense": b"<html>", "no keys": b'{"keys": []}', "deep": b"[" * 90_000, "too large": b" " * 300_000}
        issuer.served = bodies.get(fault, issuer.served)
        if fault == "refused":
            keys.url = "http://127.0.0.1:9/keys"
        for _ in range(3):
            clock.now += 100
            assert await keys.find("RS256")
            assert keys.refreshing
            await keys.refreshing
        clock.now += 3600
        with pytest.raises(KeysUnavailableError):
            await keys.find("RS256")
        assert "/elsewhere" not in issuer.asked
        # They come back by themselves.
        issuer.reset()
        keys.url = issuer.url
        clock.now += COOLDOWN_SECONDS
        assert await keys.find("RS256")
        await keys.close()

    asyncio.run(main())


def test_without_any_key_the_server_says_so_and_serves_the_others(site: Path, tmp_path: Path, issuer: Issuer) -> None:
    issuer.reset()
    issuer.status = 503
    with serving(make_settings(site, tmp_path, issuer, "both")) as url:
        response = list_threads(url, issuer.sign())
        assert response.status_code == 503
        assert response.json()["error"]["code"] == "sign_in_unavailable"
        assert response.headers["retry-after"]
        reader = Reader(url)
        assert reader.post("threads.list", {}).status_code == 200
        assert search(url, None).status_code == 200
        reader.close()
    issuer.reset()


def test_a_key_for_encryption_signs_nothing(issuer: Issuer) -> None:
    issuer.reset()
    issuer.served = json.dumps({"keys": [{**publish("RS256", RSA_KEY), "use": "enc"}]}).encode()

    async def main() -> None:
        keys = Keys(issuer.url, 60, 3600)
        with pytest.raises(KeysUnavailableError):
            await keys.find("RS256")
        await keys.close()

    asyncio.run(main())
    issuer.reset()


def test_one_key_needs_no_id(issuer: Issuer) -> None:
    issuer.reset()
    issuer.served = json.dumps({"keys": [publish("only", RSA_KEY)]}).encode()

    async def main() -> None:
        keys = Keys(issuer.url, 60, 3600)
        assert await keys.find(None)
        await keys.close()

    asyncio.run(main())
    issuer.reset()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('mode = "both"', "needs issuer, audience, jwks_url"),
        ('mode = "required"\nissuer = "x"\naudience = "y"\njwks_url = "http://login.example/keys"', "https://"),
        ('mode = "required"\nissuer = "x"\naudience = "y"\njwks_url = "file:///etc/passwd"', "https://"),
        ('algorithms = ["HS256"]', "`auth.algorithms"),
        ('algorithms = ["none"]', "`auth.algorithms"),
        ("leeway_seconds = 61", "`auth.leeway_seconds`"),
    ],
)
def test_a_setting_that_would_open_the_door_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "docs-chat.toml").write_text(f"[auth]\n{text}\n")
    with pytest.raises(UserError) as caught:
        load_config(tmp_path)
    assert message in caught.value.message
