"""Private pages on a running server: nothing of them in any answer, nor in what the model is asked, unless the reader
is in their group."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from .conftest import MockModel, run_cli, serving
from .issuer import Issuer, run_issuer
from .reader import Reader, answer_of, question, read_events, thread_of
from .test_auth import make_settings

CONFIG = "export default {url: 'https://kettle.example', baseUrl: '/', presets: [['classic', {docs: {}, blog: {}}]]};"
PUBLIC = {
    "docs/start.md": "# Start the kettle\n\nTurn the knob to start the kettle. The lamp is green then.\n\n"
    "## Choose a temperature\n\nTea needs 80 degrees. The [service menu](./service.md) has more.\n",
    "docs/clean.md": "# Clean the kettle\n\nDescale the kettle with vinegar once a month, then rinse it.\n",
}
PRIVATE = {
    "docs/service.md": "---\ndocs_chat_visibility: staff\n---\n# Open the service menu\n\n"
    "Hold zebrafish and quokka together to open the service menu of the kettle.\n\n"
    "## Service password\n\nThe service password of the kettle is wombat1234.\n",
    "docs/internal/prices.md": "# Wholesale prices\n\nThe kettle costs us narwhal dollars wholesale in Ouagadougou.\n",
}
SECRETS = ("zebrafish", "quokka", "wombat", "narwhal", "ouagadougou", "service password", "wholesale prices")
QUESTIONS = (
    "How do I open the service menu?",
    "What is the service password of the kettle?",
    "How much does the kettle cost wholesale?",
    "zebrafsh and quoka",
    "wombt pasword",
    "How do I start the kettle?",
)
PLAIN = {"type": "reply", "text": "So it is [1] [2] [3]."}
REPLY = {"type": "reply", "text": "So it is [1]. See [the menu](https://kettle.example/docs/service) or [2] [3]."}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with run_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def private_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("private") / "site"
    rule = '[[visibility]]\npath = "**/internal/**"\ngroup = "staff"\n'
    files = {"docusaurus.config.js": CONFIG, "docs-chat.toml": rule, **PUBLIC, **PRIVATE}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    run_cli("index", str(folder))
    return folder


@pytest.fixture
def url(private_site: Path, tmp_path: Path, issuer: Issuer, model: MockModel) -> Iterator[str]:
    settings = make_settings(private_site, tmp_path, issuer, "both")
    model.script()
    with serving(settings.model_copy(update={"openai_base_url": f"{model.url}/v1"})) as url:
        yield url


@pytest.fixture
def extractive(private_site: Path, tmp_path: Path, issuer: Issuer) -> Iterator[str]:
    with serving(make_settings(private_site, tmp_path, issuer, "both")) as url:
        yield url


def sign_in(url: str, issuer: Issuer, *groups: str, subject: str = "anna") -> Reader:
    reader = Reader(url)
    reader.headers["Authorization"] = f"Bearer {issuer.sign(sub=subject, groups=list(groups))}"
    return reader


def leaks(text: str, *asked: str) -> list[str]:
    """The secrets in a text, but for what the reader wrote."""
    found = text.lower()
    for words in asked:
        found = found.replace(json.dumps(words)[1:-1].lower(), "")
    return [secret for secret in SECRETS if secret in found]


def ask_all(reader: Reader, page: str = "/docs/service") -> str:
    """Everything that a reader is sent: answers on a private page, the stored threads, searches."""
    seen = ""
    for asked in QUESTIONS:
        headers = {"X-Docs-Chat-Page": page}
        events = reader.ask(asked, None, **headers)
        thread_id = thread_of(events)
        events += reader.ask("And what does it say on this page?", thread_id, **headers)
        stored = reader.post("threads.get_by_id", {"thread_id": thread_id}).text
        found = reader.client.get("/api/search", params={"q": asked, "k": 20}, headers=reader.headers).text
        found += reader.client.get("/api/pages", params={"k": 20}, headers=reader.headers).text
        seen += json.dumps(events, ensure_ascii=False) + stored + found
    return seen


def test_without_a_model_only_the_group_is_quoted_its_pages(extractive: str, issuer: Issuer) -> None:
    anonymous, other, staff = (
        Reader(extractive),
        sign_in(extractive, issuer, "board"),
        sign_in(extractive, issuer, "staff"),
    )
    for reader in (anonymous, other):
        seen = ask_all(reader)
        assert leaks(seen, *QUESTIONS) == []
        assert "/docs/service" not in seen
        assert "/docs/start" in seen
    seen = ask_all(staff)
    assert leaks(seen, *QUESTIONS) == list(SECRETS)
    for reader in (anonymous, other, staff):
        reader.close()


def test_the_model_is_never_asked_with_what_its_reader_may_not_see(url: str, issuer: Issuer, model: MockModel) -> None:
    search = {"type": "reply", "tool_calls": [{"name": "search_docs", "arguments": {"query": "service password"}}]}

    def run(reader: Reader) -> tuple[str, str]:
        script: list[dict[str, Any]] = [search, PLAIN, PLAIN]
        model.script(*(script * (len(QUESTIONS) * 2)))
        seen = ask_all(reader)
        reader.close()
        return seen, json.dumps([request["body"] for request in model.requests()], ensure_ascii=False)

    # Staff first: what was answered them is kept, and must not be given to others.
    staff = run(sign_in(url, issuer, "staff"))
    assert all(leaks(text, *QUESTIONS) == list(SECRETS) for text in staff)
    for reader in (Reader(url), sign_in(url, issuer, "board", subject="bert")):
        seen, asked = run(reader)
        assert "start the kettle" in asked.lower()
        assert leaks(seen, *QUESTIONS, "service password") == []
        assert leaks(asked, *QUESTIONS, "service password") == []
        assert "docs/service" not in seen + asked
        assert "prices" not in asked.lower()


def test_an_answer_is_given_again_only_to_those_who_see_the_same(url: str, issuer: Issuer, model: MockModel) -> None:
    question = "What is the service password of the kettle?"

    def engine_asked(reader: Reader) -> int:
        model.script(REPLY)
        reader.ask(question)
        reader.close()
        return len(model.requests())

    assert engine_asked(sign_in(url, issuer, "staff")) == 1
    # Groups without pages of their own make no difference.
    assert engine_asked(sign_in(url, issuer, "staff", "choir", subject="bert")) == 0
    anonymous = Reader(url)
    model.script(REPLY)
    assert "wombat" not in json.dumps(anonymous.ask(question))
    anonymous.close()


def test_a_link_to_a_private_page_leads_only_its_readers_there(url: str, issuer: Issuer, model: MockModel) -> None:
    def answer(reader: Reader) -> str:
        model.script(REPLY)
        text: str = answer_of(reader.ask("How do I start the kettle?"))["text"]
        reader.close()
        return text

    assert "docs/service" in answer(sign_in(url, issuer, "staff"))
    assert "docs/service" not in answer(Reader(url))


def test_a_private_page_that_is_named_in_the_question_is_none(
    url: str, extractive: str, issuer: Issuer, model: MockModel
) -> None:
    def ask(server: str, reader: Reader) -> str:
        model.script(PLAIN, PLAIN)
        kind, params = question("What does it say?")
        tag = {"type": "input_tag", "id": "1", "text": "@Service", "data": {"permalink": "/docs/service"}}
        params["input"]["content"].append(tag)
        response = reader.post(kind, params)
        assert response.status_code == 200
        reader.close()
        return response.text + json.dumps([request["body"] for request in model.requests()])

    for server in (url, extractive):
        assert "zebrafish" in ask(server, sign_in(server, issuer, "staff"))
        assert leaks(ask(server, Reader(server))) == []


def test_who_leaves_a_group_is_shown_nothing_more(url: str, issuer: Issuer, model: MockModel) -> None:
    reader = sign_in(url, issuer, "staff")
    model.script(REPLY)
    reader.ask("What is the service password of the kettle?")
    reader.headers["Authorization"] = f"Bearer {issuer.sign(groups=[])}"
    model.script(REPLY)
    assert leaks(json.dumps(reader.ask("How do I open the service menu?")), *QUESTIONS) == []
    reader.close()


def test_a_bad_token_is_not_the_public(extractive: str, issuer: Issuer) -> None:
    headers = {"Authorization": f"Bearer {issuer.sign(exp=1, groups=['staff'])}"}
    assert httpx2.get(f"{extractive}/api/search", params={"q": "kettle"}, headers=headers).status_code == 401


def test_the_command_line_shows_a_groups_pages_when_it_is_asked_to(private_site: Path) -> None:
    question = "What is the service password of the kettle?"
    site = ("--site", str(private_site))
    for command in ("search", "ask"):
        assert "wombat" not in run_cli(command, question, *site).stdout
        assert "wombat" in run_cli(command, question, *site, "--group", "staff").stdout
    lines: list[dict[str, Any]] = [json.loads(line) for line in run_cli("export", *site).stdout.splitlines()]
    assert {line["permalink"]: line.get("visibility", "") for line in lines} == {
        "/docs/start": "",
        "/docs/clean": "",
        "/docs/service": "staff",
        "/docs/internal/prices": "staff",
    }


def test_events_are_read() -> None:
    """The helper that finds leaks finds them."""
    assert leaks("the Wombat1234") == ["wombat"]
    assert read_events('data: {"type":"x"}\n\n') == [{"type": "x"}]


def test_naming_a_private_page_with_a_tag_opens_it_for_its_group_alone(extractive: str, issuer: Issuer) -> None:
    named = {"type": "input_tag", "id": "t", "text": "that page", "data": {"permalink": "/docs/service"}}
    content = [{"type": "input_text", "text": "What stands on "}, named]
    params = {"input": {"content": content, "attachments": [], "inference_options": {}}}
    anonymous, staff = Reader(extractive), sign_in(extractive, issuer, "staff")
    assert leaks(anonymous.post("threads.create", params).text) == []
    assert "wombat" in staff.post("threads.create", params).text
    anonymous.close()
    staff.close()
