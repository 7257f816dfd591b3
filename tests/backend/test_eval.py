"""`docs-chat eval` and the pages that `docs-chat search` shows, as a person or a CI job meets them."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from ..program import run_program
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
CONTAINS = """
questions:
  - question: How do I install it with pip?
    expect: /docs/install#install-with-pip
    contains: ["PIP   install `kettle`", prints the version]
  - question: take it off my machine again
    expect: /docs/install#uninstall
    contains: a samovar
  - question: What is Kettle?
    expect: /docs/intro
"""
#: As above, with a section that does not answer the first question.
MOVED = QUESTIONS.replace("/docs/install#install-with-pip", "/docs/guides/temperature#temperature-sensor-errors")


class Asker:
    """Runs `docs-chat eval` with a file of these questions."""

    def __init__(self, site: Path, folder: Path) -> None:
        self.site = site
        self.folder = folder

    def __call__(self, questions: str, *flags: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        file = self.folder / "questions.yaml"
        file.write_text(questions, "utf-8")
        done = run_program(*before, "eval", file, "--site", self.site, *flags)
        assert "Traceback" not in done.stderr
        return done

    def json(self, questions: str, *flags: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self(questions, *flags, before=("--json",)).stdout)
        return document

    def keep(self, questions: str) -> str:
        """The path of a baseline: this run."""
        path = self.folder / "baseline.json"
        path.write_text(json.dumps(self.json(questions)), "utf-8")
        return str(path)


@pytest.fixture
def ask(site: Path, tmp_path: Path) -> Asker:
    return Asker(site, tmp_path)


def one(expect: str, question: str = "a", extra: str = "") -> str:
    return f"questions:\n  - question: {question}\n    expect: {expect}\n{extra}"


def test_questions_whose_sections_come_pass(ask: Asker) -> None:
    done = ask(QUESTIONS)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line]
    assert rows[0] == ["questions", "hit@1", "hit@5", "page@1", "page@5", "MRR", "refused"]
    assert rows[1][:2] == ["all", "4"]
    assert rows[1][-3:] == ["1", "of", "1"]
    assert [row[0] for row in rows[2:6]] == ["how-to", "paraphrase", "other", "refuse"]
    assert re.search(r"hit@5 +100\.0% +at least 90\.0% +passed", done.stdout)
    assert "\x1b" not in done.stdout


def test_under_a_threshold_it_exits_1_and_shows_what_came_instead(ask: Asker) -> None:
    done = ask(MOVED)
    assert done.returncode == 1
    assert "1 question is not answered as expected" in done.stdout
    assert "expected   /docs/guides/temperature#temperature-sensor-errors" in done.stdout
    assert "came     1 /docs/install#install-with-pip" in done.stdout
    assert re.search(r"hit@5 +66\.7% +at least 90\.0% +too low", done.stdout)


def test_a_question_that_is_answered_and_should_be_refused_fails(ask: Asker) -> None:
    done = ask("thresholds: {refuse: 1}\n" + one("refuse", "How do I install it with pip?"))
    assert done.returncode == 1
    assert "expected   no answer" in done.stdout
    assert re.search(r"refuse +0\.0% +at least 100\.0% +too low", done.stdout)


def test_any_of_several_sections_is_right_and_a_star_means_any_of_the_page(ask: Asker) -> None:
    found = ask.json(QUESTIONS)["questions"]
    assert [entry["expect"] for entry in found[1:]] == [
        ["/docs/install#uninstall", "/docs/intro"],
        ["/fr/docs/install#*"],
        [],
    ]
    assert found[2]["rank"] == 1


def test_without_an_anchor_the_top_of_the_page_is_expected(ask: Asker) -> None:
    entry = ask.json(one("/docs/intro", "What is Kettle?"))["questions"][0]
    places = [(result["permalink"], result["anchor"]) for result in entry["results"]]
    assert entry["rank"] == places.index(("/docs/intro", "")) + 1


@pytest.mark.parametrize("written", ["https://kettle.example/docs/install#uninstall", "/docs/install/#uninstall"])
def test_an_address_may_be_copied_from_the_browser(ask: Asker, written: str) -> None:
    assert ask.json(one(written))["questions"][0]["expect"] == ["/docs/install#uninstall"]


def test_a_version_is_asked_in_that_version_also_when_it_looks_like_a_number(ask: Asker) -> None:
    question = one("/docs/1.0/temperature#set-the-temperature", "what is the default heat", "    version: 1.0\n")
    entry = ask.json(question)["questions"][0]
    assert (entry["version"], entry["rank"]) == ("1.0", 1)


def test_a_follow_up_is_asked_with_what_came_before(ask: Asker) -> None:
    after = """
questions:
- question: and remove it?
  history: How do I install it with Docker?
  expect: /docs/install#*
- question: and remove it?
  history:
  - How hot does it get?
  - what do sensor errors mean
  expect: /docs/guides/temperature#*
thresholds: {page@1: 1}
"""
    document = ask.json(after)
    assert document["metrics"]["page@1"] == 1
    assert document["questions"][1]["history"] == ["How hot does it get?", "what do sensor errors mean"]
    assert "'history' is what the reader asked before" in ask(after.replace("- How hot", "- [x]\n  - How hot")).stderr


def test_text_that_the_answer_without_a_model_must_have_is_looked_for(ask: Asker) -> None:
    done = ask("thresholds: {shown: 1, contains: 0.5}\n" + CONTAINS)
    assert done.returncode == 1
    rows = [line.split() for line in done.stdout.splitlines() if line]
    assert rows[0] == ["questions", "hit@1", "hit@5", "page@1", "page@5", "MRR", "shown", "contains"]
    assert rows[1][-2:] == ["50%", "50%"], "of the questions that say what their answer contains"
    assert "1 question has its source, but not its text without a model" in done.stdout
    assert "lacks      a samovar" in done.stdout
    assert re.search(r"shown +50\.0% +at least 100\.0% +too low", done.stdout)
    assert re.search(r"contains +50\.0% +at least 50\.0% +passed", done.stdout)


def test_case_spaces_and_marks_make_no_difference_to_the_text(ask: Asker) -> None:
    entry = ask.json(CONTAINS)["questions"][0]
    assert entry["contains"] == ["PIP   install `kettle`", "prints the version"]
    assert (entry["shown"], entry["contained"], entry["missing"]) == (True, True, [])


def test_compared_with_a_baseline_it_says_which_answers_lost_their_text(ask: Asker) -> None:
    worse = CONTAINS.replace("prints the version]", "a samovar]")
    baseline = json.loads(Path(ask.keep(CONTAINS)).read_text())
    baseline["questions"][0]["contains"] = ["PIP   install `kettle`", "a samovar"]
    (ask.folder / "before.json").write_text(json.dumps(baseline))
    done = ask(worse, "--baseline", str(ask.folder / "before.json"), "--markdown", str(ask.folder / "comment.md"))
    assert "1 question lost the text of its answer" in done.stdout
    assert "without a model the answer lacks “a samovar”" in (ask.folder / "comment.md").read_text("utf-8")
    document = ask.json(worse, "--baseline", str(ask.folder / "before.json"))
    assert document["comparison"]["cut"] == ["How do I install it with pip?"]
    assert document["comparison"]["metrics"]["contains"] == -0.5
    other = ask.json(worse, "--baseline", ask.keep(CONTAINS))["comparison"]
    assert (other["cut"], other["metrics"]["contains"]) == ([], 0.0), "another text was expected then"


def test_json_is_one_document_with_everything(ask: Asker) -> None:
    document = ask.json(QUESTIONS)
    assert set(document) == {"snapshot", "k", "passed", "thresholds", "metrics", "kinds", "questions"}
    assert document["passed"] is True
    assert document["metrics"]["hit@5"] == 1.0
    assert document["metrics"]["refuse"] == 1.0
    assert document["kinds"]["paraphrase"]["questions"] == 1
    assert document["snapshot"] == (ask.site / ".docs-chat/index/CURRENT").read_text().strip()
    entry = document["questions"][0]
    assert {"question", "kind", "expect", "rank", "page_rank", "state", "confidence", "results"} <= set(entry)
    assert set(entry["results"][0]) == {"permalink", "anchor", "url", "score"}


def test_no_more_results_are_looked_at_than_asked_for(ask: Asker) -> None:
    document = ask.json(QUESTIONS, "-k", "5")
    assert document["k"] == 5
    assert "hit@10" not in document["metrics"]
    assert max(len(entry["results"]) for entry in document["questions"]) == 5
    done = ask(QUESTIONS.replace("hit@5", "hit@10"), "-k", "5")
    assert (done.returncode, "Add -k 10." in done.stderr) == (2, True)


def test_quiet_prints_nothing(ask: Asker) -> None:
    done = ask(MOVED, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_compared_with_a_baseline_it_says_which_questions_lost_their_source(ask: Asker) -> None:
    done = ask(MOVED, "--baseline", ask.keep(QUESTIONS))
    assert "1 question lost its source" in done.stdout
    assert re.search(r"^change +−33\.3 +−33\.3 ", done.stdout, re.MULTILINE)
    back = ask.json(QUESTIONS, "--baseline", ask.keep(MOVED))["comparison"]
    assert (back["lost"], back["gained"]) == ([], ["How do I install it with pip?"])
    assert back["metrics"]["hit@5"] == pytest.approx(1 / 3, abs=1e-4)


def test_questions_that_the_baseline_lacks_are_new_and_count_for_no_difference(ask: Asker) -> None:
    baseline = ask.keep(one("/docs/install#uninstall", "Uninstall") + "  - {question: old, expect: refuse}\n")
    more = one("/docs/install#uninstall", "Uninstall") + "  - {question: whistle, expect: /docs/intro#what-it-needs}\n"
    comparison = ask.json(more, "--baseline", baseline)["comparison"]
    assert (comparison["new"], comparison["gone"], comparison["lost"]) == (["whistle"], ["old"], [])
    assert comparison["metrics"]["hit@5"] == 0.0


@pytest.mark.parametrize(
    "content", ["", "{}", '{"a": 1}', "no json", "[]", '{"snapshot": "a", "k": 5, "questions": [3]}']
)
def test_a_baseline_that_is_none_is_refused(ask: Asker, content: str) -> None:
    other = ask.folder / "other.json"
    other.write_text(content, "utf-8")
    done = ask(QUESTIONS, "--baseline", str(other))
    assert done.returncode == 2
    assert f"{other} is no earlier run of docs-chat eval" in done.stderr
    assert "docs-chat --json eval" in done.stderr


def test_the_markdown_is_a_comment_with_what_was_lost_and_links(ask: Asker) -> None:
    baseline = ask.keep(QUESTIONS)
    file = ask.folder / "comment.md"
    done = ask(MOVED, "--baseline", baseline, "--markdown", str(file))
    assert "lost its source" in done.stdout
    comment = file.read_text("utf-8")
    assert "### This question lost its source" in comment
    assert "expected `/docs/guides/temperature#temperature-sensor-errors`" in comment
    assert "[Installation › Install with pip](https://kettle.example/docs/install#install-with-pip)" in comment
    assert ask(MOVED, "--baseline", baseline, "--markdown", "-").stdout == comment


def test_the_markdown_survives_questions_that_are_full_of_it(ask: Asker) -> None:
    hostile = "is `a|b` <b>@theme/Root</b> [x](http://y) #12 **now** <!-- or ~~never~~ ?"
    questions = one("/docs/intro", json.dumps(hostile), '    kind: "a|b`c"\n') + "  - {question: '|', expect: refuse}\n"
    comment = ask(questions, "--markdown", "-").stdout
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(comment)
    cells = [token for token in tokens if token.type in ("th_open", "td_open")]
    assert len(cells) == 8 * 4, "a head, all, and a row for each of two kinds"
    texts = ["".join(child.content for child in token.children or []) for token in tokens if token.type == "inline"]
    # a mention and a reference are broken by a space of no width
    assert hostile in [text.replace("\u200b", "") for text in texts]
    assert "@theme" not in "".join(texts)
    assert "#12" not in "".join(texts)


def test_json_and_markdown_do_not_share_standard_output(ask: Asker) -> None:
    done = ask(QUESTIONS, "--json", "--markdown", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert "give --markdown a file" in done.stderr


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ("", ":1: the key 'questions' is missing"),
        ("- question: a", ":1: the file is a table"),
        ("questions: []", ":1: 'questions' is a list of at least one question"),
        (one("/docs/intro", extra="    knid: y\n"), ":4: question 1: unknown key 'knid', did you mean kind?"),
        ("questions:\n  - question: 'a\n", ":3 is not valid YAML"),
        ("questions:\n  - question: a: b\n", ":2 is not valid YAML"),
        ("questions:\n  - question: a\n", ":2: question 1: the key 'expect' is missing"),
        (one("/docs/intro", "''"), ":2: question 1: 'question' is one text, and not empty"),
        (one("[]"), ":3: question 1: 'expect' is an address"),
        (one("[refuse, /docs/intro]"), "question 1: expects to be refused and to be answered"),
        (one("refuse", extra="    expect: /docs/intro\n"), ":4: the key 'expect' is there twice"),
        (one("refuse", extra="  - {question: a, expect: /docs/intro}\n"), ":4: question 2: is the same as question 1"),
        (
            one("/docs/install#uninstal"),
            ":3: question 1: /docs/install has no section #uninstal; the nearest: #uninstall",
        ),
        (one("/docs/install#zzz"), "it has: #install-with-pip, #install-with-docker, #uninstall"),
        (one("/docs/instal"), "has no page '/docs/instal'; the nearest: /docs/install"),
        (one("docs/install"), "'docs/install' does not begin with '/': write /docs/install"),
        (one("/fr/docs/install#*"), "is a page in 'fr': add 'locale: fr'"),
        (one("/docs/1.0/temperature#*"), "belongs to version '1.0': add 'version: \"1.0\"'"),
        (one("/docs/1.0/temperature", extra="    version: '1.0'\n"), "has no text above its first heading"),
        (one("refuse", extra="    locale: de\n"), "no locale 'de', it can be en, fr"),
        (one("refuse", extra="    version: '9'\n"), "no version '9', it can be current, 1.0"),
        (one("refuse", extra="    version: '2.0'\n"), "no version '2.0', did you mean current?"),
        (one("/docs/intro", extra="    contains: [a, {b: c}]\n"), "'contains' is what the answer must have"),
        (one("/docs/intro", extra="    contains: '{}'\n"), "only letters and digits are compared"),
        (one("refuse", extra="    contains: a\n"), "expects to be refused, and says what its answer contains"),
        ("thresholds: {contains: 1}\n" + one("/docs/intro"), "no question says what its answer contains"),
        ("thresholds: {hit@6: 1}\n" + one("/docs/intro"), ":1: there is no threshold 'hit@6'"),
        ("thresholds: {hit@5: 95%}\n" + one("/docs/intro"), "the threshold hit@5 is a number from 0 to 1"),
        ("thresholds: {refuse: 1}\n" + one("/docs/intro"), "measures nothing: no question expects to be refused"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(ask: Asker, questions: str, said: str) -> None:
    done = ask(questions)
    assert done.returncode == 2
    assert said in done.stderr
    assert "questions.yaml" in done.stderr


def test_all_wrong_expectations_are_listed_at_once(ask: Asker) -> None:
    wrong = "questions:\n" + "".join(f"  - question: q{n}\n    expect: /docs/install#no-{n}\n" for n in range(3))
    done = ask(wrong)
    assert done.returncode == 2
    assert [f":{2 * n + 1}: question {n}:" in done.stderr for n in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "There is no file"), (b"a: \xff", "is not valid UTF-8"), (b"a: \x01", "is not valid YAML")],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    site: Path, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "questions.yaml"
    if content is not None:
        file.write_bytes(content)
    done = run_program("eval", file, "--site", site)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_aliases_that_lead_to_themselves_end(ask: Asker) -> None:
    assert ask("questions: &a [*a]").returncode == 2
    assert ask("x: &x {y: *x}").returncode == 2


def in_terminal(*arguments: str | Path, columns: int) -> str:
    """What a terminal of that width gets."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    process = subprocess.Popen(
        [BIN / "docs-chat", *arguments], stdout=theirs, env={**environment, "TERM": "xterm-256color"}
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:
            # Linux's way to say that the other end was closed
            break
    os.close(ours)
    assert process.wait() == 0
    return shown.decode().replace("\r\n", "\n")


def test_search_in_a_pipe_has_one_layout_and_no_colours(site: Path) -> None:
    wide = run_cli("search", "docker port", "--site", str(site), env={**os.environ, "COLUMNS": "200"}).stdout
    narrow = run_cli("search", "docker port", "--site", str(site), env={**os.environ, "COLUMNS": "30"}).stdout
    assert wide == narrow
    assert "\x1b" not in wide
    assert wide.startswith(
        "1  Installation › Install with Docker  2.0\n"
        "   Run the container image and publish its port:\n"
        "   docker run -p 7000:7000 kettle/kettle\n"
        "   https://kettle.example/docs/install#install-with-docker\n"
    )


def test_search_in_a_terminal_marks_the_words_links_the_address_and_keeps_to_the_width(site: Path) -> None:
    shown = in_terminal("search", "which temperature is the default", "--site", site, "-k", "3", columns=50)
    assert re.search(r"\x1b\[[\d;]*35[\d;]*mtemperature\x1b\[0m", shown)
    assert re.search(r"\x1b\]8;[^;]*;https://kettle\.example/docs/guides/temperature#set-the-temperature\x1b\\", shown)
    plain = re.sub(r"\x1b\]8;.*?\x1b\\|\x1b\[[\d;]*m", "", shown)
    assert "https://kettle.example/docs/guides/temperature#set-the-temperature" in plain
    assert all(len(line) <= 50 or "https://" in line for line in plain.splitlines())
    assert "|" not in plain
    assert "`" not in plain


def test_search_that_finds_nothing_says_what_to_try(site: Path) -> None:
    found = run_cli("search", "???", "--site", str(site)).stdout
    assert found.startswith("Nothing found.")
    assert "--locale fr" in found


def test_search_names_another_version_that_has_the_answer(site: Path) -> None:
    found = run_cli("search", "how do I install the package with pip", "--version", "1.0", "--site", str(site)).stdout
    assert "--version current" in found
