"""Secrets and e-mail addresses: out of what is stored, where the owner wants it, and nothing else with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docs_chat.redaction import MASK, find_secrets, mask, redact

from .conftest import MockModel, Serve, index_mini_site, run_cli
from .reader import Reader, answer_of, thread_of

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----"
SECRETS = {
    "sk-proj-abcdefghijklmnop1234567890": "[key removed]",
    "sk-ant-api03-abcdefghijklmnop1234567890": "[key removed]",
    "sk_live_abcdefghijklmnop12345678": "[key removed]",
    "AKIAIOSFODNN7EXAMPLE": "[key removed]",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789": "[key removed]",
    "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz": "[key removed]",
    "glpat-abcdefghijklmnopqrst": "[key removed]",
    "xoxb-123456789012-abcdefghijkl": "[key removed]",
    "AIzaSyA-abcdefghijklmnopqrstuvwxyz01234": "[key removed]",
    "npm_abcdefghijklmnopqrstuvwxyz0123456789": "[key removed]",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.abc-DEF_123": "[token removed]",
    "Bearer abcdefghijklmnop.qrstuv~wx==": "[bearer token removed]",
    "anna.smith+docs@mail.example.co.uk": "[e-mail removed]",
    PEM: "[private key removed]",
    PEM[:50]: "[private key removed]",
}


@pytest.mark.parametrize("secret", SECRETS)
def test_what_is_secret_is_found(secret: str) -> None:
    assert redact(f"I use {secret}") == f"I use {SECRETS[secret]}"
    assert find_secrets(f"I use {secret}") == {secret}


@pytest.mark.parametrize(
    "text",
    [
        "npm install @docusaurus/core@3.10.2",
        "git clone git@github.com:docs/kettle.git",
        "Set the api_key in kettle.toml, and the bearer token too",
        "task-list-with-a-very-long-name-in-it",
        "the sk- prefix, AKIA, ghp_ and -----BEGIN CERTIFICATE-----",
        "user@localhost and a@b",
        "https://kettle.example/docs/install?x=1#pip",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    ],
)
def test_what_is_not_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_a_password_in_an_address_goes_and_the_address_stays() -> None:
    text = "postgresql://kettle:hunter2hunter2@db.example/chat"
    assert redact(text) == "postgresql://[password removed]@db.example/chat"


def test_masking_keeps_every_place() -> None:
    value = {"a": ["Mail anna@x.test now", 7], "title": "Why does anna@x…"}
    masked = mask(value, {"anna@x.test"})
    assert masked == {"a": [f"Mail {MASK * 11} now", 7], "title": f"Why does {MASK * 6}…"}


@pytest.mark.parametrize(
    "text", ["a" * 4000, "a@" * 2000, "://" * 1300, "-----BEGIN " * 350, "a.b" * 1300 + "@", "eyJ." * 1000]
)
def test_no_text_takes_long(text: str) -> None:
    """Where it did, the test would run into its timeout."""
    for _ in range(50):
        redact(text)


QUESTION = "How do I mail anna.smith@mail.example about the key sk-proj-abcdefghijklmnop1234567890?"
PAGE = f"# Who has the keys\n\n## The key\n\n{QUESTION} Just mail her.\n"


def test_the_model_reads_what_the_reader_wrote_and_the_database_does_not(
    serve: Serve, model: MockModel, tmp_path: Path
) -> None:
    index = index_mini_site(tmp_path / "site")
    (tmp_path / "site/docs/keys.md").write_text(PAGE)
    run_cli("index", str(tmp_path / "site"))
    settings = {"limits": {"enabled": False}, "store": {"redact": True}}
    url = serve(index=str(index), openai_base_url=f"{model.url}/v1", **settings)
    model.script({"type": "reply", "text": "Tell anna.smith@mail.example to run it [1]."})
    reader = Reader(url)
    events = reader.ask(QUESTION)
    assert "anna.smith@mail.example" in answer_of(events)["text"]
    asked = json.dumps(model.requests()[0]["body"])
    assert "anna.smith@mail.example" in asked
    assert "sk-proj-abcdef" in asked
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("chat.db*"))
    for piece in (b"anna.smith", b"sk-proj-abc", b"abcdefghijklmnop"):
        assert piece not in stored
    question, trace, answer, *_ = reader.items(thread_of(events))
    assert "sk-proj" not in json.dumps(trace)
    assert question["content"][0]["text"].endswith("mail [e-mail removed] about the key [key removed]?")
    content = answer["content"][0]
    assert MASK * 23 in content["text"]
    assert content["annotations"][0]["index"] == answer_of(events)["annotations"][0]["index"]
    # What was asked with a secret in it is not answered again to others.
    model.script({"type": "reply", "text": "Again [1]."})
    other = Reader(url)
    assert "Again" in answer_of(other.ask(QUESTION))["text"]
    assert len(model.requests()) == 1
    other.close()
    reader.close()


def test_a_reason_for_an_opinion_is_stored_without_secrets(serve: Serve) -> None:
    reader = Reader(serve(store={"redact": True}))
    thread_id = thread_of(reader.ask("How do I install Kettle?"))
    answer = reader.items(thread_id)[-1]["id"]
    body = {
        "type": "items.feedback",
        "params": {"thread_id": thread_id, "item_ids": [answer], "kind": "negative"},
        "metadata": {"docs_chat": {"reason": "Wrong, ask anna.smith@mail.example"}},
    }
    assert reader.client.post("/chatkit", json=body, headers=reader.headers).status_code == 200
    data = reader.client.get("/identity/data", headers=reader.headers).json()
    assert data["threads"][0]["feedback"][0]["reason"] == "Wrong, ask [e-mail removed]"
    reader.close()


def test_without_the_setting_everything_is_stored_as_it_is(serve: Serve) -> None:
    reader = Reader(serve())
    events = reader.ask(QUESTION)
    assert reader.items(thread_of(events))[0]["content"][0]["text"] == QUESTION
    reader.close()


def test_a_title_is_cut_in_the_middle_of_a_secret(serve: Serve, tmp_path: Path) -> None:
    reader = Reader(serve(store={"redact": True}, limits={"enabled": False}))
    for length in range(20, 70):
        text = "Kettle" + " x" * (length // 2) + " anna.smith@mail.example"
        reader.ask(text)
    reader.post(
        "threads.update", {"thread_id": reader.post("threads.list", {}).json()["data"][0]["id"], "title": "b@x.test"}
    )
    listed = reader.post("threads.list", {"limit": 100}).text
    assert "anna.s" not in listed
    assert "b@x.test" not in listed
    reader.close()
