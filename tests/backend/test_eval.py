"""`docs-chat eval`: an owner's questions against the index of their docs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .conftest import BIN, run_cli

QUESTIONS = """
thresholds:
  hit@5: 0.9
questions:
  - question: How do I install it with pip?
    expect: /docs/install#install-with-pip
    kind: how-to
  - question: take it off my machine again
    expect: [/docs/install#uninstall, /docs/intro]
    kind: paraphrase
  - question: Installer avec pip ?
    expect: /fr/docs/install#*
    locale: fr
  - question: Who painted the ceiling of the Sistine Chapel?
    expect: refuse
"""


@pytest.fixture
def ask(site: Path, tmp_path: Path) -> Asker:
    return Asker(site, tmp_path)


class Asker:
    def __init__(self, site: Path, folder: Path) -> None:
        self.site = site
        self.folder = folder

    def __call__(self, questions: str, *flags: str, json_output: bool = False) -> subprocess.CompletedProcess[str]:
        file = self.folder / "questions.yaml"
        file.write_text(questions, "utf-8")
        before = ["--json"] if json_output else []
        command: list[str | Path] = [BIN / "docs-chat", *before, "eval", file, "--site", self.site, *flags]
        return subprocess.run(command, capture_output=True, text=True)


def test_questions_whose_sections_come_pass(ask: Asker) -> None:
    done = ask(QUESTIONS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ hit@5 is 100.0%" in done.stdout
    assert "how-to" in done.stdout


def test_under_the_threshold_it_exits_1_and_says_what_came_instead(ask: Asker) -> None:
    done = ask(QUESTIONS.replace("/docs/install#install-with-pip", "/docs/guides/temperature#keep-warm"))
    assert done.returncode == 1
    assert "1 question failed" in done.stdout
    assert "expected  /docs/guides/temperature#keep-warm" in done.stdout
    assert "came      /docs/install#install-with-pip" in done.stdout
    assert "✗ hit@5 is 66.7%, under 90.0%" in done.stdout


def test_json_has_everything_and_serves_as_a_baseline(ask: Asker) -> None:
    wrong = QUESTIONS.replace("/docs/install#install-with-pip", "/docs/guides/temperature#keep-warm")
    first = ask(QUESTIONS, json_output=True)
    document = json.loads(first.stdout)
    assert document["passed"] is True
    assert document["metrics"]["hit@5"] == 1.0
    assert [entry["rank"] is None for entry in document["questions"]] == [False, False, False, True]
    baseline = ask.folder / "before.json"
    baseline.write_text(first.stdout, "utf-8")
    # the same question, its answer moved
    second = ask(wrong, "--baseline", str(baseline), json_output=True)
    assert json.loads(second.stdout)["comparison"]["lost"] == ["How do I install it with pip?"]
    assert second.returncode == 1


def test_the_markdown_is_a_comment_for_a_pull_request(ask: Asker) -> None:
    baseline = ask.folder / "before.json"
    baseline.write_text(ask(QUESTIONS, json_output=True).stdout, "utf-8")
    hard = QUESTIONS.replace("/docs/install#install-with-pip", "/docs/guides/temperature#keep-warm")
    hard += '  - question: "is `a|b` <b>right</b>?"\n    expect: refuse\n'
    done = ask(hard, "--baseline", str(baseline), "--markdown", "-")
    assert "### This question lost its source" in done.stdout
    assert "expected: `/docs/guides/temperature#keep-warm`" in done.stdout
    assert "[/docs/install\\#install-with-pip](<https://" in done.stdout
    assert "<b>" not in done.stdout


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ("questions: []", "at least one question"),
        ("questions:\n  - question: a\n    expect: x\n    knid: y", "did you mean kind?"),
        ("questions:\n  - question: 'a\n", "is not valid YAML"),
        ("questions:\n  - question: a\n    expect: /docs/install#uninstal", "the nearest: #uninstall"),
        ("questions:\n  - question: a\n    expect: /docs/instal", "the nearest: /docs/install"),
        ("questions:\n  - question: a\n    expect: docs/install", "write /docs/install"),
        ("questions:\n  - question: a\n    expect: refuse\n    locale: de", "has no locale 'de'"),
        ("questions:\n  - question: a\n    expect: refuse\n    version: '9'", "has no version '9'"),
        ("thresholds: {hit@6: 1}\nquestions:\n  - question: a\n    expect: /docs/install", "no threshold 'hit@6'"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(ask: Asker, questions: str, said: str) -> None:
    done = ask(questions)
    assert done.returncode == 2
    assert said in done.stderr
    assert "questions.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_all_wrong_expectations_are_listed_at_once(ask: Asker) -> None:
    wrong = "questions:\n" + "".join(f"  - question: q{n}\n    expect: /docs/install#no-{n}\n" for n in range(3))
    done = ask(wrong)
    assert [f"question {n}:" in done.stderr for n in (1, 2, 3)] == [True] * 3


def test_a_baseline_that_is_none_is_refused(ask: Asker) -> None:
    other = ask.folder / "other.json"
    other.write_text('{"a": 1}', "utf-8")
    done = ask(QUESTIONS, "--baseline", str(other))
    assert done.returncode == 2
    assert "is no earlier run of docs-chat eval" in done.stderr


def test_search_shows_where_the_words_are(site: Path) -> None:
    found = run_cli("search", "docker port", "--site", str(site))
    assert "1. Installation › Install with Docker" in found.stdout
    assert "docker run -p 7000:7000" in found.stdout
    assert "/docs/install#install-with-docker" in found.stdout
    assert "\x1b" not in found.stdout
