"""A large Docusaurus site made from our own documentation: sources, built pages and manifest, page by page the same."""

from __future__ import annotations

import json
import random
from pathlib import Path

from docs_index.slugs import Slugger
from markdown_it import MarkdownIt

DOCS = Path(__file__).parents[2] / "example-site" / "docs"


def write_site(folder: Path, pages: int) -> None:
    """Writes ``pages`` pages of 3 to 12 sections each below ``folder``; the same ones every time."""
    chance = random.Random(7)
    paragraphs = _paragraphs()
    listed = []
    for number in range(pages):
        source, html = _page(number, paragraphs, chance)
        (folder / "docs").mkdir(parents=True, exist_ok=True)
        (folder / f"docs/page-{number}.md").write_text(source, "utf-8")
        built = folder / f"build/docs/page-{number}/index.html"
        built.parent.mkdir(parents=True, exist_ok=True)
        built.write_text(html, "utf-8")
        listed.append(
            {
                "source": f"docs/page-{number}.md",
                "permalink": f"/docs/page-{number}",
                "html": f"docs/page-{number}/index.html",
                "kind": "doc",
                "plugin": "docs:default",
                "title": f"Page {number}",
                "version": "current",
                "isLatest": True,
            }
        )
    (folder / "docusaurus.config.js").write_text(
        "module.exports = {title: 'Bench', url: 'https://e.com', baseUrl: '/'};"
    )
    manifest = folder / ".docusaurus/docs-chat/manifest.en.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    facts = {"schema": 1, "siteUrl": "https://e.com", "baseUrl": "/", "locale": "en", "defaultLocale": "en"}
    manifest.write_text(json.dumps({**facts, "locales": ["en"], "outDir": "build", "pages": listed}), "utf-8")


def _paragraphs() -> list[str]:
    texts = [path.read_text("utf-8").split("---", 2)[-1] for path in sorted(DOCS.rglob("*.md"))]
    blocks = [block.strip() for text in texts for block in text.split("\n\n")]
    return [block for block in blocks if block and block[0].isalpha() and len(block) > 40]


def _page(number: int, paragraphs: list[str], chance: random.Random) -> tuple[str, str]:
    words = sorted({word for text in paragraphs for word in text.split() if word.isalpha() and len(word) > 4})
    slugger = Slugger()
    slugger.slug(f"Page {number}")
    source = [f"# Page {number}", chance.choice(paragraphs)]
    html = [f"<h1>Page {number}</h1>", MarkdownIt().render(source[1])]
    for _ in range(chance.randint(3, 12)):
        heading = " ".join(chance.sample(words, 3))
        body = "\n\n".join(chance.sample(paragraphs, chance.randint(1, 4)))
        source += [f"## {heading}", body]
        html += [f'<h2 id="{slugger.slug(heading)}">{heading}</h2>', MarkdownIt().render(body)]
    article = "".join(html)
    page = f"<html lang='en'><title>Page {number}</title><main><article>{article}</article></main></html>"
    return "\n\n".join(source) + "\n", page
