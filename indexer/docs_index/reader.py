"""Pages read, cut into sections and checked against the build: on all cores when there are many."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import partial
from multiprocessing import get_context

from docs_index import __version__
from docs_index.html import article_hash, read_page
from docs_index.pages import file_hash, parse_page
from docs_index.rows import Row, make_rows
from docs_index.sections import title_section
from docs_index.site import Page, Problem, Site, is_markdown
from docs_index.snapshot import PageRecord
from docs_index.verify import Origin, read_built_sections, verify

#: From this many pages on, starting further processes is worth their start.
PARALLEL_FROM = 200
#: What is known of a page beside its files.
_PAGE_FACTS = tuple(field.name for field in fields(Page) if field.name != "html")


@dataclass(slots=True)
class ReadPage:
    """A page that was read: its record for the next run, and its rows; no rows when it shows nothing."""

    record: PageRecord
    rows: list[Row]


def read_pages_anew(site: Site, pages: list[tuple[Page, str]], workers: int) -> Iterator[ReadPage]:
    """Reads ``(page, input hash)`` pairs, in order, in ``workers`` processes when there are many."""
    bare = replace(site, pages=())
    if len(pages) < PARALLEL_FROM or workers == 1:
        yield from (index_page(bare, page, input_hash) for page, input_hash in pages)
        return
    # LanceDB and the tokenizer must not be forked
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(_index_pair, bare), pages, chunksize=16)


def _index_pair(site: Site, pair: tuple[Page, str]) -> ReadPage:
    return index_page(site, *pair)


def hash_inputs(site: Site, page: Page) -> str:
    """sha256 of all that a page's rows are made from, partials left out: they are known only once it was read."""
    facts = (
        __version__,
        *(getattr(page, name) for name in _PAGE_FACTS),
        article_hash(page.html) if page.html else "",
        file_hash(site.folder / page.source),
        site.site_url,
        site.markdown_format,
        site.magic_comments,
        sorted(site.components.items()) if site.components else (),
    )
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


def has_same_partials(site: Site, record: PageRecord) -> bool:
    """Whether the files that the page includes are what they were."""
    return all(file_hash(site.folder / path) == expected for path, expected in record.partials.items())


def index_page(site: Site, page: Page, input_hash: str) -> ReadPage:
    """One page from source and build to rows."""
    parsed = parse_page(site, page)
    sections = parsed.sections
    text = anchors = None
    if page.html:
        built = read_page(page.html, by_component=not is_markdown(page.source))
        if built is None:
            parsed.problems.append(
                Problem(
                    "html-missing",
                    "warning",
                    page.source,
                    f"there is no built page for {page.permalink}",
                    "Build the site again: the manifest and the build are not of one run.",
                    page=page.permalink,
                )
            )
        else:
            if not is_markdown(page.source):
                sections = read_built_sections(built, page.title)
            origin = Origin(parsed.files, parsed.components, parsed.changed_after(site, page.html))
            checked = verify(page, sections, built, origin)
            sections, text, anchors = checked.sections, checked.text, checked.anchors
            parsed.problems += checked.problems
    if not sections and not is_markdown(page.source):
        # its text is not to be had, its address is
        sections = [title_section(page.title)]
    record = PageRecord(
        permalink=page.permalink,
        input_hash=input_hash,
        partials=dict(sorted(parsed.partials.items())),
        problems=[problem.to_json() for problem in parsed.problems],
        text=text,
        anchors=anchors,
    )
    return ReadPage(record, make_rows(site.site_url, page, sections))
