"""Files in the docs that are too large, broken, endless or lead elsewhere: named, and the other pages are indexed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docs_index.build import Report, build_index
from docs_index.parts import read_parts

from ..program import run_program
from .conftest import CONFIG

GOOD = "# Good\n\nHonest words.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "docs").mkdir(parents=True)
    (folder / "docusaurus.config.js").write_text(CONFIG)
    (folder / "docs/good.md").write_text(GOOD)
    return folder


def index_site(site: Path) -> Report:
    return build_index(site, site / "index", embedder="none")


def export(site: Path) -> list[dict[str, Any]]:
    return [part.to_export() for part in read_parts(site / "index")]


def pages(site: Path) -> set[str]:
    return {line["permalink"] for line in export(site)}


def named(report: Report, source: str) -> list[str]:
    return [problem.message for problem in report.problems if problem.source == source]


HOSTILE: dict[str, Callable[[Path], object]] = {
    "too large": lambda path: path.write_bytes(b"# Big\n\n" + b"word " * 2_100_000),
    "not UTF-8": lambda path: path.write_bytes(b"# Latin\n\ncaf\xe9\n"),
    "UTF-16": lambda path: path.write_text("# Wide\n\nWords.\n", "utf-16"),
    "broken front matter": lambda path: path.write_text("---\ntitle: [\n---\n# T\n\nText.\n"),
    "a link to nothing": lambda path: path.symlink_to("nowhere.md"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link out of the site": lambda path: path.symlink_to("/etc/hostname"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_page_that_cannot_be_read_is_named(site: Path, kind: str) -> None:
    HOSTILE[kind](site / "docs/bad.md")
    report = index_site(site)
    assert len(named(report, "docs/bad.md")) == 1, report.problems
    assert "/docs/good" in pages(site)


QUIET: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": lambda path: os.mkfifo(path),
    "empty": lambda path: path.write_bytes(b""),
    "NUL and BOM": lambda path: path.write_bytes(b"\xef\xbb\xbf# Odd\0\n\nNul\0ls\0 inside.\n"),
    "deep quotes": lambda path: path.write_text("# Deep\n\n" + ">" * 5000 + " x\n"),
    "deep lists": lambda path: path.write_text("# Deep\n\n" + "".join("  " * n + "- x\n" for n in range(2000))),
    "deep brackets": lambda path: path.write_text("# Deep\n\n" + "[" * 3000 + "\n\n" + "<div>\n" * 1000),
    "deep braces": lambda path: path.write_text("# Deep\n\n" + "{" * 3000 + "\n"),
    "deep emphasis": lambda path: path.write_text("# Deep\n\n" + "*a **b " * 5000 + "\n"),
    "one long line": lambda path: path.write_text("# Long\n\n" + "x" * 2_000_000 + "\n"),
    "deep front matter": lambda path: path.write_text("---\na: " + "[" * 2000 + "\n---\n# T\n\nText.\n"),
    "an alias bomb": lambda path: path.write_text(
        "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
        + "title: *j\n---\n# T\n\nText.\n"
    ),
    "a half character": lambda path: path.write_text(
        '---\ntitle: "half \\ud800"\nslug: "/\\udce9"\n---\n# T\n\nText.\n'
    ),
    "strange line ends": lambda path: path.write_text("# T\r\r\n\x0b\x0c\u2028Text\u2029\x85.\n"),
}


@pytest.mark.parametrize("kind", QUIET)
def test_a_strange_page_stops_nothing(site: Path, kind: str) -> None:
    QUIET[kind](site / "docs/odd.md")
    index_site(site)
    assert "/docs/good" in pages(site)


def test_all_of_them_together_end_without_a_traceback(site: Path) -> None:
    for number, make in enumerate((*HOSTILE.values(), *QUIET.values())):
        make(site / f"docs/odd-{number}.md")
    done = run_program("index", site, "--embedder", "none")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "docs/odd-0.md" in done.stderr


def test_text_with_nul_and_mark_is_indexed_without_them(site: Path) -> None:
    QUIET["NUL and BOM"](site / "docs/odd.md")
    index_site(site)
    (odd,) = (line for line in export(site) if line["permalink"] == "/docs/odd")
    assert odd["text"] == "# Odd\n\nNulls inside."


def test_a_name_that_is_not_utf_8_stops_nothing(site: Path) -> None:
    (site / "docs" / os.fsdecode(b"caf\xe9.md")).write_text(GOOD)
    index_site(site)
    assert "/docs/good" in pages(site)


def test_no_file_outside_of_the_site_is_read_through_a_link(site: Path, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "plan.md").write_text("# Plan\n\nThe canary sings.\n")
    (site / "docs/link.md").symlink_to(secrets / "plan.md")
    (site / "docs/folder").symlink_to(secrets)
    (site / "docs/loop").symlink_to(site / "docs")
    index_site(site)
    assert not any("canary" in line["text"] for line in export(site))
    assert "/docs/good" in pages(site)


@pytest.mark.parametrize("name", ["../../secret.txt", "/etc/hostname"])
@pytest.mark.parametrize("field", ["source", "html"])
def test_a_manifest_reads_nothing_that_is_no_page(
    site: Path, tmp_path: Path, manifest: Callable[..., str], field: str, name: str
) -> None:
    (tmp_path / "secret.txt").write_text("canary")
    (site / "build").mkdir()
    page = {"source": "docs/good.md", "permalink": "/docs/good", "html": "good.html"}
    bad = {"source": "docs/good.md", "permalink": "/docs/bad", "html": "bad.html"} | {field: name}
    folder = site / ".docusaurus/docs-chat"
    folder.mkdir(parents=True)
    (folder / "manifest.en.json").write_text(manifest(page, bad))
    index_site(site)
    host = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "canary"
    assert "/docs/good" in pages(site)
    assert not any("canary" in line["text"] or host in line["text"].split() for line in export(site))


def test_a_pipe_where_a_build_or_a_partial_is_named_stops_nothing(site: Path, manifest: Callable[..., str]) -> None:
    os.mkfifo(site / "docs/_pipe.mdx")
    (site / "docs/part.mdx").write_text("import Pipe from './_pipe.mdx';\n\n# Part\n\nMine.\n\n<Pipe />\n")
    (site / "build").mkdir()
    os.mkfifo(site / "build/good.html")
    listed = [
        {"source": "docs/good.md", "permalink": "/docs/good", "html": "good.html"},
        {"source": "docs/part.mdx", "permalink": "/docs/part", "html": None},
    ]
    folder = site / ".docusaurus/docs-chat"
    folder.mkdir(parents=True)
    (folder / "manifest.en.json").write_text(manifest(*listed))
    index_site(site)
    assert pages(site) == {"/docs/good", "/docs/part"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_page_that_may_not_be_read_is_named(site: Path) -> None:
    (site / "docs/bad.md").write_text(GOOD)
    (site / "docs/bad.md").chmod(0)
    assert len(named(index_site(site), "docs/bad.md")) == 1
    assert pages(site) == {"/docs/good"}
