"""Somebody who signs readers in: keys on a real HTTP server, and tokens of every kind, broken ones too."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

NAME = "https://login.example"
AUDIENCE = "docs-chat"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
PRIVATE: dict[str, Any] = {"RS256": RSA_KEY, "ES256": EC_KEY, "EdDSA": ED_KEY}


def publish(kid: str, private: Any) -> dict[str, Any]:
    """The public half as a JSON Web Key."""
    kinds: list[tuple[Any, Any]] = [
        (rsa.RSAPrivateKey, RSAAlgorithm),
        (ec.EllipticCurvePrivateKey, ECAlgorithm),
        (ed25519.Ed25519PrivateKey, OKPAlgorithm),
    ]
    algorithm = next(algorithm for kind, algorithm in kinds if isinstance(private, kind))
    found: dict[str, Any] = algorithm.to_jwk(private.public_key(), as_dict=True)
    return {**found, "kid": kid, "use": "sig"}


class Issuer:
    """``url`` is where the keys are; ``served`` what is answered there; ``asked`` counts requests by path."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.status = 200
        self.asked: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.status = 200
        self.asked.clear()
        self.served = json.dumps({"keys": [publish(name, key) for name, key in PRIVATE.items()]}).encode()

    def sign(
        self, algorithm: str = "RS256", key: Any = None, headers: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        """A good token unless told otherwise; a claim that is None is left out."""
        now = int(time.time())
        good = {"iss": NAME, "aud": AUDIENCE, "sub": "anna", "iat": now, "exp": now + 300}
        body = {name: value for name, value in {**good, **claims}.items() if value is not None}
        return jwt.encode(body, key or PRIVATE[algorithm], algorithm, headers={"kid": algorithm, **(headers or {})})


def encode(part: Any) -> str:
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@contextmanager
def run_issuer() -> Iterator[Issuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            self.send_response(issuer.status)
            self.send_header("Content-Length", str(len(issuer.served)))
            if issuer.status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(issuer.served)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}/keys")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
