"""An embeddings server that fails: asked again where that helps, what was paid for is kept, and said in a sentence."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from docs_index.build import build_index
from docs_index.cache import VectorCache
from docs_index.embedders import make_embedder
from docs_index.embedders.base import Embedder
from docs_index.errors import UserError
from docs_index.index import Index

from ..program import run_program
from .editions import read_edition, write_edition
from .embeddings_server import (
    DIM,
    Body,
    EmbeddingsServer,
    Fault,
    changed,
    make_vector,
    raw,
    serve_embeddings,
    slow,
    status,
)

SPEC = f"openai:tiny@{DIM}"
KEY = "sk-canary-0123456789"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingsServer]:
    with serve_embeddings() as (server, url):
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
        monkeypatch.setattr("docs_index.embedders.openai._FIRST_WAIT", 0.01)
        yield server


@pytest.fixture
def model(server: EmbeddingsServer) -> Embedder:
    model = make_embedder(SPEC)
    assert model is not None
    return model


def expected(texts: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    vectors = np.array([make_vector(text) for text in texts])
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float64)


TEXTS = [f"text {number}" for number in range(300)]


def swap(good: Body) -> None:
    good["data"].reverse()


def drop_last(good: Body) -> None:
    good["data"].pop()


def same_index(good: Body) -> None:
    for row in good["data"]:
        row["index"] = 0


def no_index(good: Body) -> None:
    for row in good["data"]:
        del row["index"]


def put(value: object) -> Fault:
    """The first vector has this in it, or is this."""

    def change(good: Body) -> None:
        good["data"][0]["embedding"] = [value] * DIM if not isinstance(value, list | str) else value

    return changed(change)


@pytest.mark.parametrize(
    "fault",
    [
        status(429, "rate_limit_exceeded", Retry_After="0.01"),
        status(429, "rate_limit_exceeded"),
        status(500),
        status(503, Retry_After="0"),
        status(408),
        put(float("nan")),
        put(float("inf")),
        put(1e300),
        put(0),
        put(None),
        put("!"),
        put([1.0, "x"] + [1.0] * (DIM - 2)),
        put([1.0]),
        changed(drop_last),
        changed(same_index),
        changed(no_index),
        changed(lambda good: good.pop("data")),
        changed(lambda good: good["data"].clear()),
        raw(b'{"data": [{"index": 0, "embed'),
        raw(b"<html>Sign in</html>"),
        raw(b"[]"),
        raw(b"null"),
        raw(b""),
        raw(b"\xff\xfe"),
    ],
)
def test_what_may_pass_is_asked_again(server: EmbeddingsServer, model: Embedder, fault: Fault) -> None:
    server.fail(fault)
    assert np.allclose(model.embed(["a", "b"]), expected(["a", "b"]), atol=1e-6)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("fault", "said", "hint"),
    [
        (status(401, "invalid_api_key"), "refused the key", "OPENAI_API_KEY"),
        (status(403, "forbidden"), "refused the key", "OPENAI_API_KEY"),
        (status(404, "model_not_found"), "has no 'tiny'", "OPENAI_BASE_URL"),
        (status(400, "too long"), "refused the request (400: It is too long)", "tiny"),
        (status(429, "insufficient_quota"), "has no quota left", "what was embedded so far is kept"),
        (status(429, "rate_limit_exceeded", Retry_After="86400"), "allows no more requests", "run the command again"),
        (changed(lambda good: [row.update(embedding=[1.0] * 3) for row in good["data"]]), "vectors of 3 numbers", "@N"),
    ],
)
def test_what_will_not_pass_is_said_at_once(
    server: EmbeddingsServer, model: Embedder, fault: Fault, said: str, hint: str
) -> None:
    server.fail_always(fault)
    with pytest.raises(UserError) as error:
        model.embed(["a", "b"])
    assert said in error.value.message
    assert hint in error.value.hint
    assert error.value.exit_code == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize(("fault", "tries"), [(status(500), 6), (raw(b"{}"), 3)])
def test_what_does_not_pass_is_given_up(server: EmbeddingsServer, model: Embedder, fault: Fault, tries: int) -> None:
    server.fail_always(fault)
    with pytest.raises(UserError, match=r"http://127\.0\.0\.1:\d+/v1"):
        model.embed(["a"])
    assert len(server.requests) == tries


def test_a_server_that_does_not_answer_is_not_waited_for(server: EmbeddingsServer) -> None:
    hurried = make_embedder(SPEC, seconds=0.4)
    assert hurried is not None
    server.fail_always(slow(1.0))
    with pytest.raises(UserError, match="did not answer in time"):
        hurried.embed(["a"])
    assert len(server.requests) <= 2


def test_a_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs_index.embedders.openai._FIRST_WAIT", 0.001)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://user:secret@127.0.0.1:{port}/v1")
        model = make_embedder(SPEC)
        assert model is not None
        with pytest.raises(UserError, match=f"http://127.0.0.1:{port}/v1 cannot be reached") as error:
            model.embed(["a"])
    assert "secret" not in error.value.message


def test_the_key_is_sent_and_never_shown(server: EmbeddingsServer, model: Embedder) -> None:
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}.", "code": "invalid_api_key"}})
    server.fail_always(lambda good: (401, {}, body.encode()))
    with pytest.raises(UserError) as error:
        model.embed(["a"])
    assert server.key == f"Bearer {KEY}"
    assert KEY not in error.value.message + error.value.hint


@pytest.mark.parametrize(
    ("name", "value"), [("OPENAI_BASE_URL", "localhost:11434/v1"), ("OPENAI_API_KEY", "schlüssel")]
)
def test_settings_that_cannot_be_right_are_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=name):
        make_embedder(SPEC)


def test_vectors_are_in_the_order_of_the_texts(server: EmbeddingsServer, model: Embedder) -> None:
    server.fail_always(changed(swap))
    assert np.allclose(model.embed(TEXTS), expected(TEXTS), atol=1e-6)


def test_a_few_requests_are_on_their_way_at_a_time(server: EmbeddingsServer, model: Embedder) -> None:
    server.delay = 0.05
    texts = [f"text {number}" for number in range(1200)]
    assert np.allclose(model.embed(texts), expected(texts), atol=1e-6)
    assert server.most_at_once == 4
    assert set(server.answered.values()) == {1}


def test_requests_and_texts_stay_within_the_limits_of_the_api(server: EmbeddingsServer, model: Embedder) -> None:
    long = ["word " * 20_000 + str(number) for number in range(40)]
    thai = ["ก" * 20_000 + str(number) for number in range(40)]
    model.embed([*long, *TEXTS, *thai])
    sizes = [[len(text.encode()) for text in body["input"]] for body in server.requests]
    assert max(map(max, sizes)) <= 8_191  # a token is a byte or more
    assert max(map(sum, sizes)) <= 300_000
    assert max(map(len, sizes)) <= 2_048
    assert sum(map(len, sizes)) == 380


def test_what_was_paid_for_is_never_asked_for_again(server: EmbeddingsServer, model: Embedder, tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(1500)]
    for paid in (256, 512, 768, 1024, 1280):
        server.credit = 2
        with pytest.raises(UserError, match="no quota left"):
            VectorCache(tmp_path, model).embed(texts)
        assert 0 <= paid - len(server.answered) < 128  # the last request may be a short one
        assert len(VectorCache(tmp_path, model).missing(texts)) == 1500 - len(server.answered)
    server.credit = 2
    assert np.allclose(VectorCache(tmp_path, model).embed(texts).vectors, expected(texts), atol=1e-6)
    assert set(server.answered.values()) == {1}


def test_a_failed_run_leaves_the_old_index_and_the_next_one_goes_on(server: EmbeddingsServer, tmp_path: Path) -> None:
    site, index = tmp_path / "site", tmp_path / "index"
    write_edition(site, 1)
    build_index(site, index, embedder=SPEC)
    write_edition(site, 2)
    server.fail_always(status(401, "invalid_api_key"))
    with pytest.raises(UserError, match="refused the key"):
        build_index(site, index, embedder=SPEC)
    server.fail_always(None)
    opened = Index.open(str(index), embedder=SPEC)
    assert read_edition(opened) == 1
    build_index(site, index, embedder=SPEC)
    assert read_edition(Index.open(str(index))) == 2


def test_the_command_line_says_it_in_one_sentence(server: EmbeddingsServer, tmp_path: Path) -> None:
    write_edition(tmp_path, 1)
    server.fail_always(status(401, "invalid_api_key"))
    done = run_program("index", tmp_path, "--embedder", SPEC)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Error: ") == 1
    assert "refused the key (401: It is invalid_api_key)." in done.stderr
    assert KEY not in done.stderr + done.stdout
