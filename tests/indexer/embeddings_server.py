"""A server that speaks ``/v1/embeddings``, counts what it is asked, and answers with whatever fault it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DIM = 8
Body = dict[str, Any]
#: Given the good answer, gives status, headers, and the body as it is sent.
Fault = Callable[[Body], tuple[int, dict[str, str], bytes]]


def make_vector(text: str) -> list[float]:
    """The same for the same text; not of unit length."""
    return [byte / 255 + 0.01 for byte in hashlib.sha256(text.encode()).digest()[:DIM]]


class EmbeddingsServer:
    """``answered`` counts the texts that got their vectors; ``requests`` are the bodies of all requests.

    ``credit`` is how many requests it answers before the account has no quota left.
    """

    def __init__(self) -> None:
        self.requests: list[Body] = []
        self.answered: Counter[str] = Counter()
        self.most_at_once = 0
        self.delay = 0.0
        self.credit = 1_000_000
        self.key = ""
        self._faults: list[Fault] = []
        self._always: Fault | None = None
        self._at_once = 0
        self._lock = threading.Lock()

    def fail(self, *faults: Fault) -> None:
        """The next requests meet these, one each."""
        self._faults = list(faults)

    def fail_always(self, fault: Fault | None) -> None:
        """Every request after those of :meth:`fail`; None ends it."""
        self._always = fault

    def answer(self, body: Body, key: str) -> tuple[int, dict[str, str], bytes]:
        with self._lock:
            self.requests.append(body)
            self.key = key
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            fault = self._faults.pop(0) if self._faults else self._always
            self.credit -= 1
            if self.credit < 0:
                fault = status(429, "insufficient_quota")
        try:
            time.sleep(self.delay)
            good = {
                "object": "list",
                "model": body["model"],
                "data": [
                    {"object": "embedding", "index": index, "embedding": encode(make_vector(text), body)}
                    for index, text in enumerate(body["input"])
                ],
                "usage": {"prompt_tokens": 1, "total_tokens": 1},
            }
            if fault:
                return fault(good)
            with self._lock:
                self.answered.update(body["input"])
            return 200, {}, json.dumps(good).encode()
        finally:
            with self._lock:
                self._at_once -= 1


def encode(vector: list[float], body: Body) -> Any:
    if body.get("encoding_format") == "base64":
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
    return vector


def status(code: int, error: str = "", **headers: str) -> Fault:
    """An error as OpenAI words it; ``error`` is its code."""
    body = {"error": {"message": f"It is {error or code}.", "type": error, "code": error, "param": None}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda good: (code, named, json.dumps(body).encode())


def changed(change: Callable[[Body], object]) -> Fault:
    """The good answer after ``change`` was at it."""

    def fault(good: Body) -> tuple[int, dict[str, str], bytes]:
        change(good)
        return 200, {}, json.dumps(good).encode()

    return fault


def raw(body: bytes) -> Fault:
    return lambda good: (200, {}, body)


def slow(seconds: float) -> Fault:
    def fault(good: Body) -> tuple[int, dict[str, str], bytes]:
        time.sleep(seconds)
        return 200, {}, json.dumps(good).encode()

    return fault


@contextmanager
def serve_embeddings() -> Iterator[tuple[EmbeddingsServer, str]]:
    """A running server and its ``OPENAI_BASE_URL``."""
    server = EmbeddingsServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            code, headers, content = server.answer(body, self.headers.get("Authorization", ""))
            self.send_response(code)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Listener(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that has hung up

    with Listener(("127.0.0.1", 0), Handler) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server, f"http://127.0.0.1:{listener.server_port}/v1"
        finally:
            listener.shutdown()
            thread.join()
