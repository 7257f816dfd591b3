"""`docs-chat index --watch`, as somebody who writes sees it: a line for every change that counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docs_index.index import Index

from .conftest import MakeSite

PAGES = {"docs/intro.md": "# Introduction\n\nThe zebra runs.\n", "docs/setup.md": "# Setup\n\nInstall the giraffe.\n"}


class Watcher:
    """A running ``index --watch`` with what it says, both streams together, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def wait_for(self, *words: str) -> str:
        """The next line that holds all of ``words``; the test's own timeout ends a wait for what never comes."""
        assert self.process.stdout
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if all(word in line for word in words):
                return line
        raise AssertionError(f"it ended without saying {words}: {''.join(seen)}")


@contextmanager
def watching(site: Path) -> Iterator[Watcher]:
    # tests that run in the background have it ignored, which a child would inherit
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [Path(sys.executable).with_name("docs-chat"), "index", site, "--embedder", "none", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    watcher = Watcher(process)
    try:
        watcher.wait_for("Watching for changes")
        yield watcher
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(PAGES)


@pytest.fixture
def find(site: Path) -> Callable[[str], list[str]]:
    """The permalinks that the live index answers a question with."""

    def search(question: str) -> list[str]:
        index = Index.open(str(site / ".docs-chat/index"))
        try:
            return [result.permalink for result in index.search(question).results]
        finally:
            index.close()

    return search


def test_an_edit_a_new_page_and_a_removed_one_are_searchable(site: Path, find: Callable[[str], list[str]]) -> None:
    with watching(site) as watcher:
        (site / "docs/intro.md").write_text("# Introduction\n\nThe okapi runs.\n", "utf-8")
        watcher.wait_for("1 changed, 1 unchanged")
        assert find("okapi") == ["/docs/intro"]
        assert find("zebra") == []
        (site / "docs/new.md").write_text("# New\n\nA lemur.\n", "utf-8")
        watcher.wait_for("1 new, 2 unchanged")
        assert find("lemur") == ["/docs/new"]
        (site / "docs/new.md").unlink()
        watcher.wait_for("1 removed, 2 unchanged")
        assert find("lemur") == []


def test_broken_sources_are_named_and_the_next_save_mends_them(site: Path, find: Callable[[str], list[str]]) -> None:
    page = site / "docs/intro.md"
    config = site / "docusaurus.config.js"
    whole = config.read_text("utf-8")
    with watching(site) as watcher:
        page.write_text("---\ntitle: [a\n---\nThe okapi runs.\n", "utf-8")
        watcher.wait_for("error: docs/intro.md:", "front matter is broken")
        config.write_text(whole[:30], "utf-8")
        watcher.wait_for("Not indexed:", "docusaurus.config.js")
        assert find("giraffe") == ["/docs/setup"]
        config.write_text(whole, "utf-8")
        page.write_text("---\ntitle: Whole\n---\nThe lemur runs.\n", "utf-8")
        watcher.wait_for("changed")
        while not find("lemur"):
            watcher.wait_for("changed")


def test_another_branch_with_hundreds_of_pages_comes_and_goes(site: Path, find: Callable[[str], list[str]]) -> None:
    def git(*arguments: str) -> None:
        name = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *name, *arguments], cwd=site, check=True, capture_output=True)

    (site / ".gitignore").write_text(".docs-chat\n", "utf-8")
    for step in (["init"], ["add", "."], ["commit", "-m", "few"], ["checkout", "-b", "many"]):
        git(*step)
    for number in range(300):
        (site / f"docs/page-{number}.md").write_text(f"# Page {number}\n\nThe okapi number {number}.\n", "utf-8")
    for step in (["add", "."], ["commit", "-m", "many"], ["checkout", "main"]):
        git(*step)
    with watching(site) as watcher:
        git("checkout", "many")
        while "/docs/page-299" not in find("okapi number 299"):
            watcher.wait_for("new")
        git("checkout", "main")
        while find("okapi"):
            watcher.wait_for("removed")
        assert find("zebra") == ["/docs/intro"]


def test_ctrl_c_ends_it_quietly(site: Path) -> None:
    with watching(site) as watcher:
        watcher.process.send_signal(signal.SIGINT)
        rest, _ = watcher.process.communicate(timeout=60)
        assert "Traceback" not in rest
        assert watcher.process.returncode == 130
