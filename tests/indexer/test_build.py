import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from docs_index.build import build_index
from docs_index.errors import UserError
from docs_index.generations import KEEP
from docs_index.index import Index
from docs_index.parts import read_parts
from docs_index.snapshot import open_snapshot, read_current
from filelock import FileLock

from .conftest import MakeSite

DOCS = {
    "docs/install.md": "# Install\n\nIntro.\n\n## On Linux\n\nUse the package manager.\n",
    "docs/use.mdx": "import Part from './_part.mdx';\n\n# Use\n\n<Part />\n",
    "docs/_part.mdx": "## Shared\n\nShared words.\n",
    "blog/2024-05-06-news.md": "# News\n\nIt is out.\n",
}


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(DOCS)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_every_section_is_exported_with_its_place(site: Path, index: Path) -> None:
    report = build_index(site, index, embedder="none")
    assert (report.pages, report.added, report.sections) == (3, 3, 5)
    lines = [part.to_export() for part in read_parts(index)]
    linux = next(line for line in lines if line["anchor"] == "on-linux")
    assert linux["permalink"] == "/docs/install"
    assert linux["url"] == "https://example.com/docs/install#on-linux"
    assert linux["headings"] == ["Install", "On Linux"]
    assert linux["text"] == "## On Linux\n\nUse the package manager."
    assert (linux["kind"], linux["version"], linux["locale"]) == ("doc", "current", "en")
    assert linux["source"] == "docs/install.md"


def test_nothing_is_read_again_when_nothing_changed(site: Path, index: Path) -> None:
    first = build_index(site, index, embedder="local")
    second = build_index(site, index, embedder="local")
    assert (second.unchanged, second.added, second.changed, second.embedded) == (3, 0, 0, 0)
    assert second.snapshot == first.snapshot


def test_everything_is_read_again_when_asked(site: Path, index: Path) -> None:
    first = build_index(site, index, embedder="none")
    again = build_index(site, index, embedder="none", full=True)
    assert (again.changed, again.added, again.unchanged) == (3, 0, 0)
    assert again.snapshot == first.snapshot


def test_only_new_text_is_embedded(site: Path, index: Path) -> None:
    first = build_index(site, index, embedder="local")
    (site / "docs/install.md").write_text(DOCS["docs/install.md"] + "\n## On macOS\n\nUse the installer.\n")
    report = build_index(site, index, embedder="local")
    assert (report.changed, report.unchanged, report.embedded) == (1, 2, 1)
    assert report.snapshot != first.snapshot


def test_a_changed_partial_changes_the_pages_that_include_it(site: Path, index: Path) -> None:
    build_index(site, index, embedder="none")
    (site / "docs/_part.mdx").write_text("## Shared\n\nOther words.\n")
    assert build_index(site, index, embedder="none").changed == 1
    assert any("Other words." in part.text for part in read_parts(index))


def test_deleted_and_renamed_pages_leave_no_trace(site: Path, index: Path) -> None:
    build_index(site, index, embedder="none")
    (site / "docs/install.md").rename(site / "docs/setup.md")
    report = build_index(site, index, embedder="none")
    assert (report.added, report.removed) == (1, 1)
    assert {part.permalink for part in read_parts(index)} == {"/docs/setup", "/docs/use", "/blog/2024/05/06/news"}


def test_the_same_docs_give_the_same_snapshot_anywhere(site: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(site, tmp_path / "copy")
    ids = {build_index(folder, tmp_path / f"i{n}", embedder="none").snapshot for n, folder in enumerate((site, copy))}
    assert len(ids) == 1


def test_many_pages_are_read_on_all_cores_with_the_same_outcome(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = build_index(site, tmp_path / "alone", embedder="none")
    monkeypatch.setattr("docs_index.reader.PARALLEL_FROM", 1)
    together = build_index(site, tmp_path / "together", embedder="none", workers=2)
    assert (together.snapshot, together.pages, together.sections) == (alone.snapshot, alone.pages, alone.sections)


def test_a_dry_run_writes_nothing(site: Path, index: Path) -> None:
    report = build_index(site, index, embedder="local", dry_run=True)
    assert report.embedded > 0
    assert report.tokens > 0
    assert not index.exists()


def test_an_index_does_not_lose_half_of_its_pages_unasked(site: Path, index: Path) -> None:
    build_index(site, index, embedder="none")
    before = read_current(index)
    for name in ("docs/install.md", "docs/use.mdx"):
        (site / name).unlink()
    with pytest.raises(UserError, match="would shrink from 3 to 1"):
        build_index(site, index, embedder="none")
    assert read_current(index) == before
    assert build_index(site, index, embedder="none", allow_shrink=True).pages == 1


def test_a_site_without_pages_is_refused(make_site: MakeSite, index: Path) -> None:
    with pytest.raises(UserError, match="no page to index"):
        build_index(make_site({}), index, embedder="none")
    assert not (index / "CURRENT").exists()


def test_broken_files_are_named_and_the_rest_is_indexed(site: Path, index: Path) -> None:
    (site / "docs/broken.md").write_text("---\ntitle: a: b\n---\nText\n")
    (site / "docs/latin.md").write_bytes(b"caf\xe9\n")
    report = build_index(site, index, embedder="none")
    assert report.pages == 5
    assert {p.source for p in report.problems if p.severity == "error"} == {"docs/broken.md", "docs/latin.md"}
    texts = {part.permalink: part.text for part in read_parts(index)}
    assert "Text" in texts["/docs/broken"]
    assert "caf\ufffd" in texts["/docs/latin"]


def test_missing_and_circular_partials_are_named_once(site: Path, index: Path) -> None:
    (site / "docs/a.mdx").write_text(
        "import X from './_none.mdx';\nimport Y from './_loop.mdx';\n\nText\n\n<X />\n\n<Y />\n"
    )
    (site / "docs/_loop.mdx").write_text("import Y from './_loop.mdx';\n\nLoop\n\n<Y />\n")
    problems = build_index(site, index, embedder="none").problems
    assert sorted((problem.code, problem.source, problem.line) for problem in problems if problem.line) == [
        ("partial-cycle", "docs/_loop.mdx", 1),
        ("partial-missing", "docs/a.mdx", 1),
    ]


def test_unlisted_pages_are_not_indexed(site: Path, index: Path) -> None:
    (site / "docs/secret.md").write_text("---\nunlisted: true\n---\n# Secret\n")
    build_index(site, index, embedder="none")
    assert "/docs/secret" not in {part.permalink for part in read_parts(index)}


def test_the_build_decides_anchors_and_adds_rendered_text(
    make_site: MakeSite, manifest: Callable[..., str], index: Path
) -> None:
    page = {"source": "docs/a.md", "permalink": "/docs/a", "html": "docs/a/index.html", "title": "A"}
    html = "<main><article class='markdown'><h1>A</h1><h2 id='real'>Keys</h2><p>Made by code.</p></article></main>"
    site = make_site(
        {
            "docs/a.md": "# A\n\n## Keys\n\n<Table />\n",
            "build/docs/a/index.html": html,
            ".docusaurus/docs-chat/manifest.en.json": manifest(page),
        }
    )
    report = build_index(site, index, embedder="none")
    assert report.problems == []
    assert report.coverage == {"pages_checked": 1, "text": 1.0, "anchors": 1.0}
    assert [(part.anchor, part.text) for part in read_parts(index)][1] == ("real", "## Keys\n\nMade by code.")


def test_a_page_made_by_a_component_is_read_from_the_build(
    make_site: MakeSite, manifest: Callable[..., str], index: Path
) -> None:
    page = {"source": "src/pages/index.tsx", "permalink": "/", "html": "index.html", "title": "", "kind": "page"}
    html = "<title>Home | E</title><main><h1>Hello</h1><p>Made by React.</p><h2 id='why'>Why</h2><p>Because.</p></main>"
    site = make_site(
        {
            "src/pages/index.tsx": "import x from 'y';\nexport default () => <h1>Hello</h1>;\n",
            "build/index.html": html,
            ".docusaurus/docs-chat/manifest.en.json": manifest(page),
        }
    )
    assert build_index(site, index, embedder="none").problems == []
    assert [(part.anchor, part.headings[-1], part.text) for part in read_parts(index)] == [
        ("", "Hello", "# Hello\n\nMade by React."),
        ("why", "Why", "## Why\n\nBecause."),
    ]


def test_two_writers_are_never_at_work_together(site: Path, index: Path) -> None:
    index.mkdir()
    with FileLock(index / ".lock"), pytest.raises(UserError, match="Another docs-chat is indexing"):
        build_index(site, index, embedder="none")


def test_a_damaged_file_is_found_before_it_is_used(site: Path, index: Path) -> None:
    build_index(site, index, embedder="none")
    folder, _ = open_snapshot(index)
    name = next(name for name in json.loads((folder / "snapshot.json").read_text())["files"] if name.endswith(".lance"))
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(UserError, match="is damaged"):
        Index.open(str(index))


def test_what_a_killed_writer_left_is_taken_away(site: Path, index: Path) -> None:
    build_index(site, index, embedder="none")
    draft = index / "snapshots" / ".0123456789abcdef.draft"
    draft.mkdir()
    (site / "docs/use.mdx").write_text("# Use\n\nNew.\n")
    build_index(site, index, embedder="none")
    assert not draft.exists()


def test_old_snapshots_go_and_the_last_few_stay(site: Path, index: Path) -> None:
    for number in range(KEEP + 2):
        (site / "docs/use.mdx").write_text(f"# Use\n\nEdition {number}.\n")
        build_index(site, index, embedder="none")
    kept = [path.name for path in (index / "snapshots").iterdir()]
    assert len(kept) == KEEP
    assert read_current(index) in kept


def test_an_open_index_knows_when_it_is_no_longer_the_live_one(site: Path, index: Path) -> None:
    build_index(site, index, embedder="none")
    opened = Index.open(str(index))
    assert opened.is_current()
    (site / "docs/use.mdx").write_text("# Use\n\nNew.\n")
    build_index(site, index, embedder="none")
    assert not opened.is_current()
    assert opened.search("package manager").results[0].anchor == "on-linux"


def test_an_index_of_another_embedder_is_refused(site: Path, index: Path) -> None:
    build_index(site, index, embedder="none")
    with pytest.raises(UserError, match="made by the embedder 'none', not by 'local'"):
        Index.open(str(index), embedder="local")


def test_no_index_says_how_to_make_one(index: Path) -> None:
    with pytest.raises(UserError, match="There is no index") as error:
        Index.open(str(index))
    assert "docs-chat index" in error.value.hint
