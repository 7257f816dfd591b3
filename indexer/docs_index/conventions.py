"""The pages of a site that was never built, by Docusaurus' conventions and the plain settings in its config."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docs_index import routes
from docs_index.code import read_magic_comments
from docs_index.config import Notes, Settings, Unknown, read_config
from docs_index.content import Content, find_contents
from docs_index.errors import UserError
from docs_index.front_matter import FrontMatter, read_front_matter
from docs_index.locales import Locale, find_locales
from docs_index.pages import broken
from docs_index.repository import Repository, warn_outside
from docs_index.site import Page, Problem, Site, find_config, is_markdown
from docs_index.source import SourceError, read_text
from docs_index.titles import find_any_title, find_content_title, find_layout_title

_BUILD = "Add docusaurus-plugin-docs-chat and build the site"


def read(folder: Path) -> Site:
    """The site as its sources and the plain values of its config tell it; what they cannot tell is left out.

    :raises UserError: when the config cannot be read, or settings that every address needs are no plain values.
    """
    path = find_config(folder)
    if path is None:
        raise UserError(f"{folder} holds no docusaurus.config.js or .ts.", "Give the folder of the site itself.")
    config = read_config(path)
    base_url = _need(config, path, "baseUrl", str, "/")
    slash = _need(config, path, "trailingSlash", bool, None)
    root = folder.resolve()
    locales, default = find_locales(root, config, routes.normalize_url("/", base_url, "/"))
    problems: list[Problem] = []
    contents = find_contents(root, config, problems)
    if not contents and not problems:
        what = ", ".join(config.notes.unread) or "there is no preset-classic and no content plugin in it"
        raise UserError(f"{path.name} does not say which pages the site has: {what}.", f"{_BUILD}, then index it.")
    reader = _Reader(root, contents, slash, problems)
    pages = [page for locale in locales for content in contents for page in reader.pages(content, locale)]
    url = config.get("url", "", str)
    return Site(
        folder=folder,
        site_url="" if isinstance(url, Unknown) else url.rstrip("/"),
        base_url=base_url,
        locales=tuple(locale.name for locale in locales),
        default_locale=default,
        pages=tuple(pages),
        origin="conventions",
        markdown_format=_markdown_format(config),
        magic_comments=_magic_comments(config),
        problems=(_warn_no_manifest(folder), *_warn_notes(path.name, config.notes), *dict.fromkeys(problems)),
    )


class _Reader:
    """Turns files into pages. Each file is read once, however many locales it is served in."""

    def __init__(self, root: Path, contents: list[Content], slash: bool | None, problems: list[Problem]) -> None:
        self._root = root
        self._repository = Repository(root, [content.folder for content in contents])
        self._slash = slash
        self._problems = problems
        self._read: dict[Path, FrontMatter | None] = {}

    def pages(self, content: Content, locale: Locale) -> Iterator[Page]:
        """The pages of one content folder in one locale."""
        translations = locale.folder / content.translated if locale.folder else None
        if translations and not translations.is_dir():
            translations = None
        for relative, original in content.files(self._may_read):
            translated = translations / relative if translations else None
            file = translated if translated and translated.exists() else original
            if file not in self._read:
                self._read[file] = self._read_file(file)
            found = self._read[file]
            page = self._page(content, locale, relative, file, found) if found else None
            if page:
                yield page

    def _source(self, file: Path) -> str:
        # links are kept, as Docusaurus keeps them
        return Path(os.path.relpath(file, self._root)).as_posix()

    def _read_file(self, file: Path) -> FrontMatter | None:
        source = self._source(file)
        readable = source.encode("utf-8", "replace").decode("utf-8")
        if readable != source:
            self._report(readable, "has a name that is not UTF-8", "Rename the file.")
            return None
        if file.is_symlink() and not file.exists():
            self._report(source, "is a link to a file that is not there", "Mend the link.")
            return None
        if not self._may_read(file):
            return None
        if not file.is_file():
            return None
        try:
            text = read_text(file)
        except SourceError as error:
            self._problems.append(broken(source, error))
            if not error.rest:
                return None
            text = error.rest
        found = read_front_matter(text) if is_markdown(source) else FrontMatter({}, text)
        if found.error:
            self._problems.append(broken(source, found.error))
        return found

    def _may_read(self, path: Path) -> bool:
        if self._repository.holds(path):
            return True
        self._problems.append(warn_outside(self._source(path)))
        return False

    def _report(self, source: str, message: str, hint: str) -> None:
        self._problems.append(Problem("source-broken", "error", source, message, hint))

    def _page(self, content: Content, locale: Locale, relative: str, file: Path, found: FrontMatter) -> Page | None:
        front = found.values
        if front.get("draft") is True:
            return None
        try:
            path = _path(content, relative, front)
        except ValueError as error:
            self._problems.append(_warn_no_address(self._source(file), str(error)))
            return None
        return Page(
            source=self._source(file),
            permalink=routes.apply_trailing_slash(
                routes.normalize_url(locale.base_url, content.base, path), self._slash, locale.base_url
            ),
            kind=content.kind,
            title=_title(content, relative, found),
            locale=locale.name,
            description=routes.text_of(front.get("description")) or "",
            version=content.version,
            version_label=content.label,
            is_latest=content.is_latest,
            unlisted=front.get("unlisted") is True,
            plugin=content.plugin,
            tags=tuple(_tags(front.get("tags"))),
        )


def is_draft(file: Path) -> bool:
    """Whether Docusaurus leaves the file out of a build, or could not read it."""
    try:
        return read_front_matter(read_text(file)).values.get("draft") is True
    except SourceError:
        return True


def _path(content: Content, relative: str, front: dict[str, Any]) -> str:
    if content.kind == "blog":
        return routes.blog_path(relative, front)
    if content.kind == "page":
        return routes.page_path(relative, front)
    absolute = str(front.get("slug") or "").startswith("/")
    if content.parser is None and not absolute and re.search(r"(?:^|/)\d", relative):
        raise ValueError("its numberPrefixParser is a function, and the file's path starts with a number")
    return routes.doc_path(relative, front, strip=content.parser is not False)


def _title(content: Content, relative: str, found: FrontMatter) -> str:
    name = relative.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if not is_markdown(relative):
        return find_layout_title(found.body) or name
    title = routes.text_of(found.values.get("title")) or find_content_title(found.body)
    if title:
        return title
    if content.kind == "doc":
        identifier = routes.text_of(found.values.get("id"))
        strip = content.parser is not False and found.values.get("parse_number_prefixes") is not False
        return identifier or (routes.strip_number(name) if strip else name)
    return routes.blog_name(relative) if content.kind == "blog" else find_any_title(found.body) or name


def _tags(value: Any) -> Iterator[str]:
    for tag in value if isinstance(value, list) else ():
        label = tag.get("label") if isinstance(tag, dict) else tag
        text = routes.text_of(label)
        if text:
            yield text


def _need(config: Settings, path: Path, key: str, kind: type, default: Any) -> Any:
    value = config.get(key, default, kind)
    if isinstance(value, Unknown):
        raise UserError(
            f"{path.name}: {key} is no plain value, so no page's address can be known without a build.",
            f"{_BUILD}, then index it; or write {key} as a plain value.",
        )
    return value


def _markdown_format(config: Settings) -> str:
    markdown = config.table("markdown")
    if not isinstance(markdown, Settings):
        return "mdx"
    if "parseFrontMatter" in markdown:
        config.notes.skip("what markdown.parseFrontMatter changes")
    value = markdown.get("format", "mdx", str)
    return "mdx" if isinstance(value, Unknown) else value


def _magic_comments(config: Settings) -> tuple[str, ...]:
    theme = config.table("themeConfig")
    prism = theme.table("prism") if isinstance(theme, Settings) else theme
    return read_magic_comments(prism.items("magicComments") if isinstance(prism, Settings) else None)


def _warn_no_address(source: str, why: str) -> Problem:
    return Problem(
        "address-unknown", "warning", source, f"{why}, so the page is left out", f"Give it a slug, or: {_BUILD}."
    )


def _warn_no_manifest(folder: Path) -> Problem:
    return Problem(
        "no-manifest",
        "warning",
        folder.resolve().name,
        "no manifest and no metadata of Docusaurus: addresses come from its naming conventions",
        f"{_BUILD}, so that every address and anchor is the built one.",
    )


def _warn_notes(name: str, notes: Notes) -> Iterator[Problem]:
    if notes.unread:
        yield Problem(
            "config-not-literal",
            "warning",
            name,
            f"not plain values, and not guessed: {'; '.join(notes.unread)}",
            f"{_BUILD}; then nothing has to be read from the config.",
        )
    if notes.assumed:
        what = "; ".join(f"{key} without {', '.join(names)}" for key, names in notes.assumed.items())
        yield Problem(
            "config-environment",
            "warning",
            name,
            f"read as if environment variables were not set: {what}",
            f"{_BUILD}; then nothing is assumed.",
        )
