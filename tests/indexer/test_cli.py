"""The command line as a person or a CI job meets it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from ..program import run_program
from .conftest import MakeSite

DOCS = {"docs/install.md": "# Install\n\nIntro.\n\n## On Linux\n\nUse the package manager.\n"}


def run(*arguments: str | Path, stdin: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("DOCS_CHAT_", "OPENAI_"))}
    done = run_program(*arguments, stdin=stdin, cwd=cwd, env=clean)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(DOCS)


def test_index_prints_one_json_document_and_nothing_else(site: Path) -> None:
    done = run("--json", "index", site, "--embedder", "none")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert set(report) == {
        *("pages", "sections", "parts", "added", "changed", "removed", "unchanged", "embedded", "reused"),
        *("tokens", "cost_usd", "seconds", "snapshot", "builds", "problems", "coverage"),
    }
    assert {"code", "severity", "source", "message", "hint"} <= set(report["problems"][0])
    assert (site / ".docs-chat/index/CURRENT").read_text().strip() == report["snapshot"]


def test_search_and_export_give_the_documented_fields(site: Path) -> None:
    run("index", site, "--embedder", "none")
    found = json.loads(run("search", "package manager", "--json", "--site", site).stdout)
    assert set(found) == {"results", "confidence", "state"}
    names = {"permalink", "anchor", "url", "title", "headings", "text", "kind", "version", "locale", "source"}
    assert set(found["results"][0]) == names | {"score"}
    assert found["results"][0]["anchor"] == "on-linux"
    lines = [json.loads(line) for line in run("export", "--site", site).stdout.splitlines()]
    assert all(set(line) == names | {"part", "content_hash"} for line in lines)


def test_many_questions_are_answered_in_their_order(site: Path) -> None:
    run("index", site, "--embedder", "none")
    asked = [{"id": str(number), "question": "linux", "history": ["package manager"]} for number in range(5)]
    done = run("search", "--batch", "--site", site, stdin="\n".join(json.dumps(line) for line in asked))
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["0", "1", "2", "3", "4"]


def test_check_fails_on_a_problem_that_a_plain_run_only_tells(site: Path) -> None:
    assert run("index", site, "--embedder", "none").returncode == 0
    checked = run("index", site, "--embedder", "none", "--check")
    assert checked.returncode == 1
    assert "no manifest" in checked.stderr


def test_a_broken_file_fails_the_run_and_keeps_the_other_pages(site: Path) -> None:
    (site / "docs/broken.md").write_text("---\ntitle: a: b\n---\n")
    done = run("index", site, "--embedder", "none")
    assert done.returncode == 1
    assert "docs/broken.md:2: the front matter is broken" in done.stderr
    assert "Pages     2" in done.stdout
    quiet = run("-q", "index", site, "--embedder", "none")
    assert (quiet.returncode, quiet.stdout) == (1, "")
    assert "docs/broken.md" in quiet.stderr


def test_a_log_gets_whole_lines(site: Path) -> None:
    done = run("index", site)
    assert "\r" not in done.stderr
    assert "\x1b" not in done.stderr
    assert "Embedding done" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("index", "--wrong"), "No such option"),
        (("idnex",), "No such command"),
        (("index", "nowhere"), "There is no folder nowhere"),
        (("index", "."), "is not a Docusaurus site"),
        (("search",), "Give either a QUERY or --batch"),
        (("search", "x"), "There is no index"),
        (("search", "x", "-k", "0"), "0 is not in the range"),
        (("export",), "There is no index"),
        (("--config", "none.toml", "search", "x"), "There is no configuration file"),
    ],
)
def test_a_mistake_gets_one_sentence_and_status_2(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_embedder_and_a_line_that_is_no_question_are_refused(site: Path) -> None:
    assert "There is no embedder 'lokal'" in run("index", site, "--embedder", "lokal").stderr
    run("index", site, "--embedder", "none")
    done = run("search", "--batch", "--site", site, stdin='{"id": 1}\n')
    assert (done.returncode, "Line 1 of the input is no question" in done.stderr) == (2, True)


def test_a_json_line_is_one_line_to_every_reader(site: Path) -> None:
    (site / "docs/odd.md").write_text("# Odd\n\nOne\u2028two\x85three\n", "utf-8")
    run("index", site, "--embedder", "none")
    lines = run("export", "--site", site).stdout.splitlines()
    assert "One\u2028two\x85three" in "".join(json.loads(line)["text"] for line in lines)
