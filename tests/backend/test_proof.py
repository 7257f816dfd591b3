"""Sentences that nothing supports, marked where the owner asks for it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs_chat.answer.claims import Claim
from docs_chat.answer.proof import mark

from .conftest import MockModel, Serve, run_cli
from .reader import Reader, answer_of

QUESTION = "How do I install Kettle with pip?"
REPLY = (
    "Install the package from the registry with `pip install kettle` [1] 🎉. "
    "The command `kettle --brew` takes at most 45 seconds to print the version [1]. Then it prints the version [1]."
)
NOTE = "*(not found in the sources)*"


@pytest.fixture
def reader(serve: Serve, model: MockModel) -> Iterator[Reader]:
    reader = Reader(serve(openai_base_url=f"{model.url}/v1", answer={"mark_unsupported": True}))
    yield reader
    reader.close()


def test_a_sentence_that_nothing_supports_is_marked_and_the_citations_move_along(
    reader: Reader, model: MockModel
) -> None:
    model.script({"type": "reply", "text": REPLY})
    content = answer_of(reader.ask(QUESTION))
    text = content["text"]
    assert text.count(NOTE) == 1
    before, _, after = text.partition(NOTE)
    assert before.rstrip().endswith("print the version.")
    assert after == " Then it prints the version."
    units = text.encode("utf-16-le")
    places = [units[: 2 * found["index"]].decode("utf-16-le") for found in content["annotations"]]
    assert places[0].endswith("`pip install kettle`")
    assert places[1].endswith("print the version")
    assert places[2].endswith("Then it prints the version")


def test_it_is_off_unless_asked_for(serve: Serve, model: MockModel) -> None:
    reader = Reader(serve(openai_base_url=f"{model.url}/v1"))
    model.script({"type": "reply", "text": REPLY})
    assert NOTE not in answer_of(reader.ask(QUESTION))["text"]
    reader.close()


def test_quotations_are_never_marked(reader: Reader, model: MockModel) -> None:
    model.script({"type": "fail", "status": 500, "times": 5})
    assert NOTE not in answer_of(reader.ask(QUESTION))["text"]


def test_in_the_terminal_they_are_listed(site: Path, model: MockModel) -> None:
    model.script({"type": "reply", "text": REPLY}, {"type": "reply", "text": REPLY})
    environment = {**os.environ, "OPENAI_BASE_URL": f"{model.url}/v1", "DOCS_CHAT_ANSWER__MARK_UNSUPPORTED": "true"}
    document = json.loads(run_cli("--json", "ask", QUESTION, "--site", str(site), env=environment).stdout)
    assert len(document["unsupported"]) == 1
    assert "--brew" in document["unsupported"][0]
    shown = run_cli("ask", QUESTION, "--site", str(site), env=environment).stdout
    assert "Not found in the sources: The command" in shown


def test_a_note_stands_inside_a_row_and_behind_code() -> None:
    text = "| a | 🎉 b |\n\n```\ncode\n```\n"
    row, code = Claim(0, 11, "", (1,)), Claim(12, len(text), "", (1,), True)
    marked, move = mark(text, [row, code], "no")
    assert marked == "| a | 🎉 b  *no*|\n\n```\ncode\n```\n\n*no*\n"
    assert move(0) == 0
    units = len(text) + 1  # the emoji has two
    assert move(units) == units + len(" *no*") + len("\n\n*no*")
