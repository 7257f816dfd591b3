"""Small Docusaurus sites, written to disk, for the indexer to read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Files = dict[str, str]
MakeSite = Callable[[Files], Path]

CONFIG = """
module.exports = {
  title: 'Example', url: 'https://example.com', baseUrl: '/',
  presets: [['classic', {docs: {}, blog: {}}]],
};
"""


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """Writes ``{path: text}`` below a new site folder, with a plain config unless one is given."""

    def make(files: Files) -> Path:
        folder = tmp_path / "site"
        for name, text in ({"docusaurus.config.js": CONFIG} | files).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder

    return make


@pytest.fixture
def manifest() -> Callable[..., str]:
    """The text of a manifest with these pages."""

    def make(*pages: dict[str, Any], **changes: Any) -> str:
        base = {
            "schema": 1,
            "mode": "production",
            "generator": "docusaurus-plugin-docs-chat@0.1.0",
            "siteUrl": "https://example.com",
            "baseUrl": "/",
            "trailingSlash": None,
            "router": "browser",
            "locale": "en",
            "defaultLocale": "en",
            "locales": ["en"],
            "outDir": "build",
            "generated": [],
        }
        default = {
            "kind": "doc",
            "plugin": "docs:default",
            "version": "current",
            "versionLabel": "Next",
            "isLatest": True,
            "title": "Page",
        }
        return json.dumps(base | {"pages": [default | page for page in pages]} | changes)

    return make
