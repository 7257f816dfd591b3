"""New readers who must show first that they are no script."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import httpx2
import pytest
from docs_chat.challenge import URLS
from docs_chat.config import load_config
from docs_index.errors import UserError

from .conftest import Serve

SECRET = "challenge-secret"


class Provider:
    """Answers as the documentation of Turnstile and hCaptcha says: a form in, a JSON verdict out."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.status = 200
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                provider.asked.append(form)
                good = form == {"secret": [SECRET], "response": ["a-person"]}
                verdict = {"success": good, "error-codes": [] if good else ["invalid-input-response"]}
                self.send_response(provider.status)
                self.end_headers()
                self.wfile.write(json.dumps(verdict).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/siteverify"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(params=["turnstile", "hcaptcha"])
def provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Provider]]:
    provider = Provider()
    monkeypatch.setitem(URLS, request.param, provider.url)
    yield request.param, provider
    provider.server.shutdown()
    provider.server.server_close()


def mint(url: str, proof: object = None, token: str = "") -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if proof is None:
        return httpx2.post(f"{url}/identity", headers=headers)
    return httpx2.post(f"{url}/identity", headers=headers, json={"challenge": proof})


def test_a_reader_who_proves_to_be_a_person_gets_a_token(serve: Serve, provider: tuple[str, Provider]) -> None:
    name, verifier = provider
    url = serve(identity={"challenge": name}, challenge_secret=SECRET)
    for proof in (None, "", "a-script", 7, ["a-person"], "x" * 9000):
        refused = mint(url, proof)
        assert refused.status_code == 403, proof
        assert refused.json()["error"]["code"] == "challenge_required"
    assert len(verifier.asked) == 1, "nonsense is not passed on"
    accepted = mint(url, "a-person")
    assert accepted.status_code == 200
    token = accepted.json()["token"]
    assert mint(url, token=token).status_code == 200, "who has a token proves nothing again"
    assert len(verifier.asked) == 2


def test_a_provider_that_fails_lets_nobody_new_in(serve: Serve, provider: tuple[str, Provider]) -> None:
    name, verifier = provider
    url = serve(identity={"challenge": name}, challenge_secret=SECRET)
    token = mint(url, "a-person").json()["token"]
    verifier.status = 500
    refused = mint(url, "a-person")
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "challenge_unavailable"
    assert int(refused.headers["retry-after"]) > 0
    assert mint(url, token=token).status_code == 200


def test_without_its_secret_a_challenge_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs-chat.toml").write_text('[identity]\nchallenge = "turnstile"\n')
    with pytest.raises(UserError, match="no secret"):
        load_config(tmp_path)
    monkeypatch.setenv("DOCS_CHAT_CHALLENGE_SECRET", SECRET)
    assert load_config(tmp_path).settings.identity.challenge == "turnstile"
