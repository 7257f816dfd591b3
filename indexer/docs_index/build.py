"""The whole way from a site to a published snapshot."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from docs_index.cache import Embedded, VectorCache
from docs_index.confidence import choose_calibration
from docs_index.discovery import read_site
from docs_index.embedders import make_embedder
from docs_index.embedders.base import Embedder
from docs_index.errors import UserError
from docs_index.generations import KEEP
from docs_index.previous import Previous
from docs_index.reader import ReadPage, has_same_partials, hash_inputs, read_pages_anew
from docs_index.rows import add_public_terms, add_vectors, join_tables, to_table
from docs_index.sections import count_tokens
from docs_index.site import Page, Problem, Site
from docs_index.snapshot import (
    SCHEMA,
    PageRecord,
    SnapshotInfo,
    name_builds,
    publish,
    publish_preview,
    snapshot_id,
    write_lock,
)
from docs_index.visibility import Rule

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
    builds: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    coverage: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        data = {name: getattr(self, name) for name in self.__slots__}
        return {**data, "problems": [problem.to_json() for problem in self.problems]}


def build_index(
    folder: Path,
    index: Path,
    *,
    embedder: str = "local",
    locales: tuple[str, ...] = (),
    full: bool = False,
    dry_run: bool = False,
    allow_shrink: bool = False,
    preview: bool = False,
    keep: int = KEEP,
    rules: Sequence[Rule] = (),
    workers: int = 1,
    progress: Progress = lambda stage, done, total: None,
) -> Report:
    """Indexes the site in ``folder`` into ``index``; with ``dry_run`` only says what would change.

    :param embedder: see :func:`docs_index.embedders.make_embedder`.
    :param rules: which pages are for a group of readers only.
    :param workers: processes that read pages; more than one needs a program whose main module is guarded.
    :param full: read every page again instead of reusing the unchanged ones.
    :param preview: for those only who come from this build of the site; what is live stays live.
    :param keep: how many snapshots stay that are or were live, and how many of previews.
    :raises UserError: when the site cannot be read, the index not be written, it would shrink by half, or a preview
        has no build.
    """
    started = time.perf_counter()
    site = read_site(folder, locales, rules)
    if preview and not site.builds:
        raise UserError(
            "A preview needs a build of the site that has an id.",
            "Build the site with docusaurus-plugin-docs-chat on, then run it again.",
        )
    # a preview takes nothing away from the readers of the live index
    run = partial(_run, site, index, embedder, full, dry_run, allow_shrink or preview, preview, workers, progress)
    if dry_run:
        report = run()
    else:
        with write_lock(index, keep=keep):
            report = run()
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def _run(
    site: Site,
    index: Path,
    spec: str,
    full: bool,
    dry_run: bool,
    allow_shrink: bool,
    preview: bool,
    workers: int,
    progress: Progress,
) -> Report:
    before = Previous.load(index)
    report = Report(problems=list(site.problems), builds=dict(site.builds))
    same, anew = _part_pages(site, before, full)
    read = _read_changed(site, anew, len(same), workers, progress)
    records = [*same, *(page.record for page in read if page.rows)]
    _count(report, before, records, same, read)
    if not records:
        raise UserError(f"{site.folder} has no page to index.", "Are the docs where docusaurus.config says they are?")
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
        if not dry_run:
            name_builds(index, site.builds.values(), before.info.id)
        return report
    table = join_tables(
        [before.table([record.permalink for record in same]), to_table([row for page in read for row in page.rows])]
    )
    report.sections = len(set(zip(table["permalink"].to_pylist(), table["anchor"].to_pylist(), strict=True)))
    report.parts = table.num_rows
    model = make_embedder(spec)
    made = _embed(table["search_text"].to_pylist(), model, index, report, dry_run, progress)
    info = _describe(site, table["row_hash"].to_pylist(), report, model)
    report.snapshot = info.id
    if not dry_run:
        progress("Writing", 0, 0)
        whole, builds = add_public_terms(add_vectors(table, made)), site.builds.values()
        published = (
            publish_preview(index, info, whole, builds) if preview else publish(index, info, whole, records, builds)
        )
        report.snapshot = published.id
    return report


def _part_pages(site: Site, before: Previous, full: bool) -> tuple[list[PageRecord], list[tuple[Page, str]]]:
    """The records of pages that are what they were, and the others with the hash of what they are made from."""
    same: list[PageRecord] = []
    anew: list[tuple[Page, str]] = []
    for page in site.pages:
        if page.unlisted:
            continue
        old = before.records.get(page.permalink)
        input_hash = hash_inputs(site, page)
        if not full and old is not None and old.input_hash == input_hash and has_same_partials(site, old):
            same.append(old)
        else:
            anew.append((page, input_hash))
    return same, anew


def _read_changed(
    site: Site, anew: list[tuple[Page, str]], done: int, workers: int, progress: Progress
) -> list[ReadPage]:
    read: list[ReadPage] = []
    total = done + len(anew)
    progress("Reading", done, total)
    for page in read_pages_anew(site, anew, workers):
        read.append(page)
        progress("Reading", done + len(read), total)
    return read


def _count(
    report: Report, before: Previous, records: list[PageRecord], same: list[PageRecord], read: list[ReadPage]
) -> None:
    new = [page.record for page in read if page.rows]
    report.pages, report.unchanged = len(records), len(same)
    report.added = sum(record.permalink not in before.records for record in new)
    report.changed = len(new) - report.added
    report.removed = len(before.records.keys() - {record.permalink for record in records})
    for record in [*same, *(page.record for page in read)]:
        report.problems += [Problem(**problem) for problem in record.problems]
    # what is wrong with a partial is the same for every page that includes it
    report.problems = list(dict.fromkeys(report.problems))
    checked = [(record.text, record.anchors) for record in records if record.text is not None]
    if checked:
        report.coverage = {
            "pages_checked": len(checked),
            "text": round(sum(text or 0 for text, _ in checked) / len(checked), 5),
            "anchors": round(sum(anchors or 0 for _, anchors in checked) / len(checked), 5),
        }


def _same_facts(site: Site, spec: str, info: SnapshotInfo) -> bool:
    """Whether a run with these pages unchanged would give the very snapshot that is there."""
    here = (site.site_url, site.base_url, site.locales, site.default_locale, site.versions, spec)
    return here == (info.site_url, info.base_url, info.locales, info.default_locale, info.versions, info.embedder)


def _embed(
    texts: list[str], model: Embedder | None, index: Path, report: Report, dry_run: bool, progress: Progress
) -> Embedded | None:
    if model is None:
        return None
    cache = VectorCache(index, model)
    new = cache.missing(texts)
    report.embedded = len(new)
    report.reused = len(texts) - len(new)
    report.tokens = sum(count_tokens(text) for text in new)
    report.cost_usd = round(report.tokens * model.usd_per_million_tokens / 1_000_000, 6)
    if dry_run:
        return None
    if new:
        progress("Embedding", 0, len(new))
    return cache.embed(texts, lambda done: progress("Embedding", done, len(new)))


def _describe(site: Site, hashes: list[str], report: Report, model: Embedder | None) -> SnapshotInfo:
    has_tokens = model is not None and model.token_mean is not None
    facts = {
        "schema": SCHEMA,
        "embedder": model.name if model else "none",
        "site": [site.site_url, site.base_url, site.default_locale, *site.locales],
        "versions": [asdict(version) for version in site.versions],
    }
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
        parts=report.parts,
        calibration=choose_calibration(model.name if model else "none", has_tokens).to_json(),
    )
