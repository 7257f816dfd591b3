"""The manifest that the Docusaurus plugin writes: what was really built, one file a locale."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from docs_index.errors import UserError
from docs_index.metadata import magic_comments, markdown_format, read_resolved_config
from docs_index.repository import RealPaths, Repository, warn_outside
from docs_index.site import Page, Problem, Site
from docs_index.stale import warn_gone, warn_new

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
    build: str | None = Field(default=None, pattern="^[0-9a-f]{16}$")
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
    paths = find_manifests(folder)
    manifests = [_load(path, folder) for path in paths]
    if not manifests:
        return None
    lead = next((found for found in manifests if found.locale == found.default_locale), manifests[0])
    # a manifest of a locale that the site no longer has stays in .docusaurus until it is cleared
    manifests = [found for found in manifests if found.locale in lead.locales] or [lead]
    manifests.sort(key=lambda found: found.locale not in lead.locales or lead.locales.index(found.locale))
    known = tuple(found.locale for found in manifests)
    config = read_resolved_config(folder) or {}
    reader = _Reader(folder)
    pages = tuple(page for found in manifests for page in reader.pages(found))
    return Site(
        folder=folder,
        site_url=lead.site_url.rstrip("/"),
        base_url=lead.base_url,
        locales=known,
        default_locale=lead.default_locale if lead.default_locale in known else known[0],
        pages=pages,
        origin="manifest",
        markdown_format=markdown_format(config),
        magic_comments=magic_comments(config),
        builds={found.locale: found.build for found in manifests if found.build},
        problems=(
            *_missing_builds(manifests, folder),
            *dict.fromkeys(reader.problems),
            *_find_stale(manifests, paths, folder, reader.gone),
        ),
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


class _Reader:
    """Turns the pages of manifests into pages of the site; only files of the site and of its build count."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = []
        self.gone: set[str] = set()
        self._folder = folder
        self._repository = Repository(folder)
        self._paths = RealPaths()
        self._checked: dict[str, bool] = {}

    def pages(self, manifest: Manifest) -> list[Page]:
        """The pages of one manifest whose sources are there."""
        out_dir = (self._folder / manifest.out_dir).absolute()
        real = f"{out_dir.resolve()}{os.sep}"
        has_html = manifest.router != "hash"
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
                html=self._html(page.html, out_dir, real) if page.html and has_html else None,
            )
            for page in manifest.pages
            if self._is_there(page.source)
        ]

    def _is_there(self, source: str) -> bool:
        if source not in self._checked:
            self._checked[source] = self._check(source)
        return self._checked[source]

    def _check(self, source: str) -> bool:
        if not self._repository.admits(source):
            self.problems.append(warn_outside(source))
            return False
        if not (self._folder / source).is_file():
            self.gone.add(source)
            return False
        return True

    def _html(self, name: str, out_dir: Path, real: str) -> Path | None:
        """The built file; None when its path leads out of the build."""
        file = out_dir / name
        inside = self._paths.find(str(file)).startswith(real)
        if inside and (file.is_file() or not file.exists()):
            return file
        self.problems.append(
            Problem(
                "html-broken" if inside else "outside-site",
                "error",
                name,
                "is no file, so it is not read"
                if inside
                else f"leads out of the built site ({out_dir.name}), so it is not read",
                "Build the site again with docusaurus-plugin-docs-chat on.",
            )
        )
        return None


def _find_stale(manifests: list[Manifest], paths: list[Path], folder: Path, gone: set[str]) -> Iterator[Problem]:
    """What has come and gone since the build. While the site runs in development, Docusaurus itself keeps up."""
    record = (FOLDER / f"manifest.{manifests[0].locale}.json").as_posix()
    yield from warn_gone(gone, record)
    if all(found.mode == "production" for found in manifests):
        built = max(path.stat().st_mtime for path in paths)
        yield from warn_new(folder, {page.source for found in manifests for page in found.pages}, built, record)


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
