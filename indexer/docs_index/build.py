"""The whole way from a site to a published snapshot."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from docs_index import __version__
from docs_index.cache import VectorCache
from docs_index.embedders import make_embedder
from docs_index.embedders.base import Embedder, Vectors
from docs_index.errors import UserError
from docs_index.html import article_hash, read_page
from docs_index.pages import file_hash, parse_page
from docs_index.previous import Previous
from docs_index.rows import Row, make_rows, to_table
from docs_index.sections import count_tokens
from docs_index.site import Page, Problem, Site, read_site
from docs_index.snapshot import (
    PageRecord,
    SnapshotInfo,
    publish,
    snapshot_id,
    write_lock,
)
from docs_index.verify import read_built_sections, verify

#: A new index with fewer pages than this share of the old one is more likely a mistake than an edit.
SHRINK_FLOOR = 0.5


class Progress(Protocol):
    """Told how far a stage is; ``total`` 0 when it is not known."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


@dataclass(slots=True)
class Report:
    """What an indexing run did; ``docs-chat index --json`` prints it."""

    pages: int = 0
    sections: int = 0
    parts: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    embedded: int = 0
    reused: int = 0
    tokens: int = 0
    cost_usd: float = 0.0
    seconds: float = 0.0
    snapshot: str = ""
    problems: list[Problem] = field(default_factory=list)
    coverage: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        data = {name: getattr(self, name) for name in self.__slots__}
        return {**data, "problems": [problem.to_json() for problem in self.problems]}


@dataclass(slots=True)
class _Indexed:
    """A page of this run; ``rows`` is None when it did not change, so that the last run's rows hold."""

    record: PageRecord
    rows: list[Row] | None


def build_index(
    folder: Path,
    index: Path,
    *,
    embedder: str = "local",
    locales: tuple[str, ...] = (),
    full: bool = False,
    dry_run: bool = False,
    allow_shrink: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> Report:
    """Indexes the site in ``folder`` into ``index``; with ``dry_run`` only says what would change.

    :param embedder: see :func:`docs_index.embedders.make_embedder`.
    :param full: read every page again instead of reusing the unchanged ones.
    :raises UserError: when the site cannot be read, the index not be written, or it would shrink by half.
    """
    started = time.perf_counter()
    site = read_site(folder, locales)
    if dry_run:
        report = _run(site, index, embedder, full, True, allow_shrink, progress)
    else:
        with write_lock(index):
            report = _run(site, index, embedder, full, False, allow_shrink, progress)
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def _run(
    site: Site, index: Path, spec: str, full: bool, dry_run: bool, allow_shrink: bool, progress: Progress
) -> Report:
    before = Previous.load(index, full=full)
    report = Report(problems=list(site.problems))
    indexed = _read_pages(site, before, report, progress)
    if not report.pages:
        raise UserError(f"{site.folder} has no page to index.", "Are the docs where docusaurus.config says they are?")
    report.removed = len(before.records.keys() - {entry.record.permalink for entry in indexed})
    pages_before = before.info.pages if before.info else 0
    if report.pages < SHRINK_FLOOR * pages_before and not allow_shrink:
        raise UserError(
            f"The index would shrink from {pages_before} to {report.pages} pages.",
            "If that is meant, add --allow-shrink.",
            exit_code=1,
        )
    if before.info and report.unchanged == report.pages and not report.removed and _same_facts(site, spec, before.info):
        report.snapshot, report.sections, report.parts = before.info.id, before.info.sections, before.info.parts
        report.reused = report.parts if before.info.dim else 0
        return report
    rows = [row for entry in indexed for row in _rows_of(entry, before)]
    report.sections = len({(row["permalink"], row["anchor"]) for row in rows})
    report.parts = len(rows)
    model = make_embedder(spec)
    vectors = _embed(rows, model, index, report, dry_run, progress)
    info = _describe(site, rows, report, model)
    report.snapshot = info.id
    if not dry_run:
        progress("Writing", 0, 0)
        publish(index, info, to_table(rows, vectors), [entry.record for entry in indexed])
    return report


def _same_facts(site: Site, spec: str, info: SnapshotInfo) -> bool:
    """Whether a run with these pages unchanged would give the very snapshot that is there."""
    here = (site.site_url, site.base_url, site.locales, site.default_locale, site.versions, spec)
    return here == (info.site_url, info.base_url, info.locales, info.default_locale, info.versions, info.embedder)


def _rows_of(entry: _Indexed, before: Previous) -> list[Row]:
    return before.rows(entry.record.permalink) if entry.rows is None else entry.rows


def _read_pages(site: Site, before: Previous, report: Report, progress: Progress) -> list[_Indexed]:
    listed = [page for page in site.pages if not page.unlisted]
    indexed: list[_Indexed] = []
    text: list[float] = []
    anchors: list[float] = []
    for done, page in enumerate(listed):
        progress("Reading", done, len(listed))
        old = before.records.get(page.permalink)
        input_hash = _hash_inputs(site, page)
        same = old is not None and old.input_hash == input_hash and _same_partials(site, old)
        entry = _Indexed(old, None) if old is not None and same else _index_page(site, page, input_hash)
        report.problems += [Problem(**problem) for problem in entry.record.problems]
        if entry.rows == []:
            continue
        report.pages += 1
        report.unchanged += same
        report.added += old is None
        report.changed += old is not None and not same
        indexed.append(entry)
        if entry.record.text is not None and entry.record.anchors is not None:
            text.append(entry.record.text)
            anchors.append(entry.record.anchors)
    progress("Reading", len(listed), len(listed))
    if text:
        report.coverage = {
            "pages_checked": len(text),
            "text": round(sum(text) / len(text), 5),
            "anchors": round(sum(anchors) / len(anchors), 5),
        }
    return indexed


def _hash_inputs(site: Site, page: Page) -> str:
    facts = asdict(page)
    facts["html"] = article_hash(page.html) if page.html else ""
    facts |= {"content": file_hash(site.folder / page.source), "by": __version__, "site": site.site_url}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _same_partials(site: Site, record: PageRecord) -> bool:
    return all(file_hash(site.folder / path) == expected for path, expected in record.partials.items())


def _index_page(site: Site, page: Page, input_hash: str) -> _Indexed:
    parsed = parse_page(site, page)
    sections = parsed.sections
    text = anchors = None
    if page.html:
        built = read_page(page.html)
        if built is None:
            parsed.problems.append(
                Problem(
                    "html-missing",
                    "warning",
                    page.source,
                    f"there is no built page for {page.permalink}",
                    "Build the site again: the manifest and the build are not of one run.",
                )
            )
        else:
            if not parsed.is_markdown:
                sections = read_built_sections(built, page.title)
            checked = verify(page, sections, built)
            sections, text, anchors = checked.sections, checked.text, checked.anchors
            parsed.problems += checked.problems
    rows = [row for section in sections for row in make_rows(site.site_url, page, section)]
    record = PageRecord(
        permalink=page.permalink,
        title=page.title,
        kind=page.kind,
        version=page.version,
        version_label=page.version_label,
        locale=page.locale,
        source=page.source,
        input_hash=input_hash,
        partials=dict(sorted(parsed.partials.items())),
        problems=[problem.to_json() for problem in parsed.problems],
        text=text,
        anchors=anchors,
    )
    return _Indexed(record, rows)


def _embed(
    rows: list[Row],
    model: Embedder | None,
    index: Path,
    report: Report,
    dry_run: bool,
    progress: Progress,
) -> Vectors | None:
    if model is None:
        return None
    cache = VectorCache(index, model)
    texts = [row["search_text"] for row in rows]
    new = cache.missing(texts)
    report.embedded = len(new)
    report.reused = len(texts) - len(new)
    report.tokens = sum(count_tokens(text) for text in new)
    report.cost_usd = round(report.tokens * model.usd_per_million_tokens / 1_000_000, 6)
    if dry_run:
        return None
    progress("Embedding", 0, len(new))
    return cache.embed(texts, lambda done: progress("Embedding", done, len(new)))


def _describe(site: Site, rows: list[Row], report: Report, model: Embedder | None) -> SnapshotInfo:
    facts = {
        "schema": 1,
        "embedder": model.name if model else "none",
        "site": [site.site_url, site.base_url, site.default_locale, *site.locales],
        "versions": [asdict(version) for version in site.versions],
    }
    hashes = [json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows]
    return SnapshotInfo(
        id=snapshot_id(facts, hashes),
        site_url=site.site_url,
        base_url=site.base_url,
        locales=site.locales,
        default_locale=site.default_locale,
        versions=site.versions,
        embedder=model.name if model else "none",
        dim=model.dim if model else 0,
        pages=report.pages,
        sections=report.sections,
        parts=len(rows),
    )
