"""Sections held against the page that was really built: anchors that exist, text that is complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from docs_index.coverage import Coverage, Missing, compare, drop_hidden, foreign_text, measure, page_words
from docs_index.html import BuiltPage
from docs_index.pieces import put_in_place
from docs_index.sections import PART_TOKENS, Section, count_tokens, plain_text, title_section
from docs_index.site import Page, Problem

#: Below this share of the page's words in the index, the page is reported.
TEXT_FLOOR = 0.9
#: Texts of the page are taken over, what they stand for is dropped, and what was only in that is taken over.
_ROUNDS = 2


@dataclass(slots=True)
class Checked:
    """Sections made true to the build, with what had to be mended or could not be."""

    sections: list[Section]
    problems: list[Problem]
    text: float
    anchors: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page's text comes from: its compiled files by their number, the places ``(file, line, name)`` of its
    components, and whether one of the files was changed after the page was built."""

    files: Sequence[str] = ()
    components: Sequence[tuple[int, int, str]] = ()
    newer: bool = False


def verify(page: Page, sections: list[Section], built: BuiltPage, origin: Origin | None = None) -> Checked:
    """Keeps only anchors that the page has, and adds text that the page shows but its source does not hold."""
    origin = origin or Origin()
    kept, problems, right = _verify_anchors(page, sections, built, origin)
    completed = kept
    for _ in range(_ROUNDS):
        if not origin.newer:
            completed = drop_hidden(completed, built)
        coverage = compare(completed, built)
        completed = _place_texts(completed, coverage.missing, built)
        if not coverage.missing:
            break
        coverage.share = measure(completed, built)
    if coverage.share < TEXT_FLOOR:
        problems.append(text_lost(page, sections, coverage, origin))
    if origin.newer and (problems or foreign_text(kept, built)):
        hint = "Build the site again; until then new text is cited by the headings of the old page."
        message = f"the source was changed after {page.permalink} was built"
        problems = [Problem("page-outdated", "warning", page.source, message, hint, page=page.permalink)]
    return Checked(completed, problems, coverage.share, right)


def read_built_sections(built: BuiltPage, title: str) -> list[Section]:
    """The sections of a page whose source is a component, from its HTML alone; its h1 stands in for no title."""
    first = next((heading.text for heading in built.headings if heading.level == 1), "")
    title = title or first or built.title
    sections: list[Section] = []
    texts: dict[str, list[str]] = {}
    for anchor, text in built.blocks:
        if text != title:
            texts.setdefault(anchor, []).append(text)
    names = {heading.anchor: heading for heading in built.headings if heading.anchor}
    for anchor, blocks in texts.items():
        heading = names.get(anchor)
        headings = (title, heading.text) if heading else (title,)
        body = blocks[1:] if heading else blocks
        head = f"{'#' * (heading.level if heading else 1)} {headings[-1]}"
        sections.append(Section(anchor, 1, headings, _append((head,), body), empty=not body))
    # a page that only leads on to another still has its address
    return sections or [title_section(title)]


def _verify_anchors(
    page: Page, sections: list[Section], built: BuiltPage, origin: Origin
) -> tuple[list[Section], list[Problem], float]:
    problems: list[Problem] = []
    taken = {section.anchor for section in sections if section.anchor in built.ids}
    by_text: dict[str, list[str]] = {}
    for heading in built.headings:
        if heading.anchor and heading.anchor not in taken:
            by_text.setdefault(heading.text, []).append(heading.anchor)
    kept: list[Section] = []
    wrong = 0
    for section in sections:
        if not section.anchor or section.anchor in built.ids:
            kept.append(section)
            continue
        text = plain_text(section.headings[-1])
        # a component in the heading may show words of its own
        candidates = by_text.get(text) or next((ids for shown, ids in by_text.items() if ids and text in shown), [])
        if candidates and text:
            kept.append(replace(section, anchor=candidates.pop(0)))
            continue
        wrong += 1
        problems.append(
            Problem(
                "anchor-missing",
                "warning",
                _file(section, origin) or page.source,
                f"the heading {section.headings[-1]!r} has no id #{section.anchor} on {page.permalink}",
                "It is cited by the last heading above it. Is it shown only under some condition, or by a script?",
                section.line,
                page.permalink,
                section.headings[-1],
            )
        )
        if kept:
            kept[-1] = replace(kept[-1], parts=kept[-1].parts + section.parts, empty=kept[-1].empty and section.empty)
        else:
            kept.append(replace(section, anchor=""))
    anchored = sum(1 for section in sections if section.anchor)
    return kept, problems, 1 - wrong / anchored if anchored else 1.0


def text_lost(page: Page, sections: list[Section], coverage: Coverage, origin: Origin) -> Problem:
    """Names the section that misses most, and the components that stand in it."""
    section = next((section for section in sections if section.anchor == coverage.worst), None)
    names: list[str] = []
    if section:
        following = [s.line for s in sections if s.unit == section.unit and s.line > section.line]
        end = min(following, default=0)
        names = [
            f"<{name}>"
            for unit, line, name in origin.components
            if unit == section.unit and line >= section.line and (not end or line < end)
        ]
    component = ", ".join(dict.fromkeys(names))
    shown_by = f"{component} renders" if component else "A component on the page renders"
    return Problem(
        "text-lost",
        "warning",
        (_file(section, origin) if section else "") or page.source,
        f"only {coverage.share:.0%} of the words that {page.permalink} shows are in the index",
        f"{shown_by} text that could not be read; describe it in the Markdown.",
        section.line if section else 0,
        page.permalink,
        section.headings[-1] if section else "",
        component,
    )


def _file(section: Section, origin: Origin) -> str:
    return origin.files[section.unit] if section.unit < len(origin.files) else ""


def _place_texts(sections: list[Section], extra: dict[str, list[Missing]], built: BuiltPage) -> list[Section]:
    """Adds each text to the section where the page shows it; headings that no source holds become sections."""
    page = page_words(built)
    by_anchor = {section.anchor: section for section in sections}
    title = sections[0].headings[:1] if sections else ()
    paths = _heading_paths(built, title)
    placed: list[Section] = []
    done: set[str] = set()
    for anchor in ["", *dict.fromkeys(heading.anchor for heading in built.headings if heading.anchor)]:
        section = by_anchor.get(anchor)
        if section is None and anchor in paths:
            level, headings = paths[anchor]
            texts = [missing.text for missing in extra.get(anchor, ()) if missing.text != headings[-1]]
            parts = _append((f"{'#' * level} {headings[-1]}",), texts)
            placed.append(Section(anchor, level, headings, parts, empty=not texts))
        elif section is not None:
            placed.append(_complete(section, extra.get(anchor, ()), page))
            done.add(anchor)
    # anchors that are no headings, such as those of a component, keep their place at the end
    return placed + [section for section in sections if section.anchor not in done]


def _complete(section: Section, missing: Sequence[Missing], page: str) -> Section:
    """The section with the texts that it lacks: each in the place of what the source has of it, or at the end."""
    parts = list(section.parts)
    rest = [text for found in missing if not put_in_place(parts, found.text, page) for text in found.words]
    return replace(section, parts=_append(tuple(parts), rest), empty=section.empty and not missing)


def _heading_paths(built: BuiltPage, title: tuple[str, ...]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """``anchor -> (level, headings from the title down)`` of the built headings that have an id."""
    paths: dict[str, tuple[int, tuple[str, ...]]] = {}
    path: list[tuple[int, str]] = []
    for heading in built.headings:
        path = [entry for entry in path if entry[0] < heading.level]
        if heading.level > 1:
            path.append((heading.level, heading.text))
        if heading.anchor:
            paths.setdefault(heading.anchor, (heading.level, (*title, *(text for _, text in path))))
    return paths


def _append(parts: tuple[str, ...], texts: list[str]) -> tuple[str, ...]:
    result = list(parts)
    for text in texts:
        if result and count_tokens(result[-1]) + count_tokens(text) <= PART_TOKENS:
            last = result[-1].rpartition("\n")[2]
            together = text[:2] == last[:2] and text[:2] in ("- ", "| ")
            result[-1] += f"\n{text}" if together else f"\n\n{text}"
        else:
            result.append(text)
    return tuple(result)
