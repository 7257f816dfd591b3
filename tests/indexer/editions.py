"""A site whose pages all say the same edition, so that an index that mixes two can be told; and its endless writer.

``python -m tests.indexer.editions SITE INDEX FIRST [EMBEDDER]`` publishes edition after edition until it is killed.
"""

from __future__ import annotations

import json
import re
import sys
from itertools import count
from pathlib import Path
from typing import Any

from docs_index.build import build_index
from docs_index.index import Index

from .conftest import CONFIG

PAGES = 6
ROOT = Path(__file__).parents[2]


def write_edition(site: Path, edition: int, build: str | None = None) -> None:
    """:param build: the id of the build that wrote a manifest; None where there is no manifest."""
    (site / "docs").mkdir(parents=True, exist_ok=True)
    (site / "docusaurus.config.js").write_text(CONFIG)
    for page in range(PAGES):
        text = f"# Page {page}\n\nThis is edition {edition}.\n\n## More\n\nStill edition {edition}.\n"
        (site / f"docs/page-{page}.md").write_text(text)
    if build:
        write_manifest(site, build)


def write_manifest(site: Path, build: str | None) -> None:
    """What the plugin leaves of a build of all pages that are there."""
    names = sorted(path.stem for path in (site / "docs").glob("*.md"))
    pages = [
        {"source": f"docs/{name}.md", "permalink": f"/docs/{name}", "kind": "doc", "plugin": "docs:default"}
        | {"title": name, "version": "current", "versionLabel": "Next", "isLatest": True}
        for name in names
    ]
    manifest: dict[str, object] = {"schema": 1, "mode": "production", "siteUrl": "https://example.com"}
    manifest |= {"baseUrl": "/", "locale": "en", "defaultLocale": "en", "locales": ["en"], "pages": pages}
    manifest |= {"build": build} if build else {}
    folder = site / ".docusaurus" / "docs-chat"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.en.json").write_text(json.dumps(manifest))


def publish_edition(
    site: Path, index: Path, edition: int, embedder: str = "none", build: str | None = None, **options: Any
) -> str:
    """Gives the snapshot's id."""
    write_edition(site, edition, build)
    return build_index(site, index, embedder=embedder, **options).snapshot


def read_edition(index: Index) -> int:
    """The one edition of an open index.

    :raises AssertionError: when it is not whole, or not of one edition.
    """
    results = index.search("edition", k=100).results
    found = {int(number) for result in results for number in re.findall(r"edition (\d+)", result.text)}
    assert len(results) == 2 * PAGES, f"{len(results)} sections"
    assert len(found) == 1, f"editions {found}"
    return found.pop()


def main() -> None:
    site, index, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    embedder = sys.argv[4] if len(sys.argv) > 4 else "none"
    for edition in count(first):
        publish_edition(site, index, edition, embedder)
        print(edition, flush=True)


if __name__ == "__main__":
    main()
