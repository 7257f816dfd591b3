"""The manifest that the Docusaurus plugin writes: what was really built, one file a locale."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from docs_index.errors import UserError
from docs_index.metadata import markdown_format, read_resolved_config
from docs_index.site import Page, Problem, Site

SCHEMA = 1
FOLDER = Path(".docusaurus") / "docs-chat"


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)


class ManifestPage(_Model):
    """One sourced page, as design section 4 names its fields."""

    source: str
    permalink: str
    kind: str
    html: str | None = None
    plugin: str = ""
    title: str = ""
    description: str | None = None
    version: str | None = None
    version_label: str | None = None
    is_latest: bool | None = None
    breadcrumbs: tuple[str, ...] = ()
    unlisted: bool = False
    tags: tuple[str, ...] = ()


class Manifest(_Model):
    """``.docusaurus/docs-chat/manifest.<locale>.json``."""

    schema_version: int = Field(alias="schema")
    mode: str = "production"
    generator: str = ""
    site_url: str
    base_url: str
    router: str = "browser"
    locale: str
    default_locale: str
    locales: tuple[str, ...]
    out_dir: str = "build"
    pages: tuple[ManifestPage, ...]


def find_manifests(folder: Path) -> list[Path]:
    """The manifests of ``folder``, by name."""
    return sorted((folder / FOLDER).glob("manifest.*.json"))


def read(folder: Path) -> Site | None:
    """The site as its manifests tell it; None when there is none.

    :raises UserError: for a manifest that is no JSON, lacks fields, or was written by a newer plugin.
    """
    manifests = [_load(path, folder) for path in find_manifests(folder)]
    if not manifests:
        return None
    lead = next((found for found in manifests if found.locale == found.default_locale), manifests[0])
    # a manifest of a locale that the site no longer has stays in .docusaurus until it is cleared
    manifests = [found for found in manifests if found.locale in lead.locales]
    manifests.sort(key=lambda found: lead.locales.index(found.locale))
    known = tuple(found.locale for found in manifests)
    return Site(
        folder=folder,
        site_url=lead.site_url.rstrip("/"),
        base_url=lead.base_url,
        locales=known,
        default_locale=lead.default_locale if lead.default_locale in known else known[0],
        pages=tuple(page for found in manifests for page in _pages(found, folder)),
        origin="manifest",
        markdown_format=markdown_format(read_resolved_config(folder) or {}),
        problems=_missing_builds(manifests, folder),
    )


def _load(path: Path, folder: Path) -> Manifest:
    name = path.relative_to(folder)
    again = "Build the site again with docusaurus-plugin-docs-chat on."
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{name} cannot be read as JSON ({error}).", again) from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise UserError(
            f"{name} has schema {schema}; this docs-chat reads up to schema {SCHEMA}.",
            f"Upgrade docs-chat (the manifest was written by {data.get('generator', 'a newer plugin')}).",
        )
    try:
        return Manifest.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the file"
        raise UserError(f"{name} is not a manifest: {where}: {first['msg']}.", again) from error


def _pages(manifest: Manifest, folder: Path) -> list[Page]:
    out_dir = folder / manifest.out_dir
    return [
        Page(
            source=page.source,
            permalink=page.permalink,
            kind=page.kind,
            title=page.title,
            locale=manifest.locale,
            description=page.description or "",
            version=page.version or "",
            version_label=page.version_label or page.version or "",
            is_latest=page.is_latest is not False,
            unlisted=page.unlisted,
            plugin=page.plugin,
            breadcrumbs=page.breadcrumbs,
            tags=page.tags,
            html=out_dir / page.html if page.html and manifest.router != "hash" else None,
        )
        for page in manifest.pages
    ]


def _missing_builds(manifests: list[Manifest], folder: Path) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "build-missing",
            "warning",
            manifest.out_dir,
            f"the built site of locale {manifest.locale!r} is gone, so its pages cannot be checked",
            "Build the site, then index it.",
        )
        for manifest in manifests
        if manifest.mode == "production" and not (folder / manifest.out_dir).is_dir()
    )
