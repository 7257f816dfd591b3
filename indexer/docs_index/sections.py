"""Markdown lines cut into sections: one heading with the text under it, up to the next heading."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from docs_index.lines import Heading, Line
from docs_index.slugs import Slugger

#: Parts aim at this many tokens: the bundled model reads 256 wordpieces, breadcrumb included.
PART_TOKENS = 200
_PIECE = re.compile(r"\w{1,6}|[^\w\s]")
_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")
_CELL_END = re.compile(r"(?<!\\)\|")
_BREAKING = frozenset({"list_item_open", "tr_open"})
#: Characters without which inline text is what it says.
_MARKUP = re.compile(r"[\\`*_\[\]<>!&~\n]")
_CODE_TITLE = re.compile(r"[ \t>]*`[^`]+`[ \t]*")

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "html_block", "html_inline"])
#: Only the blocks: sections are cut between lines, and of inline Markdown only that of headings matters.
_blocks_only = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "html_block", "inline"])


@dataclass(frozen=True, slots=True)
class Section:
    """``anchor`` is "" for the page's top; ``headings`` leads from the page's title to this heading.

    ``parts`` are Markdown, the heading's own line first; ``empty`` when nothing but the heading is there.
    ``unit`` and ``line`` are the compiled file and the line where the heading stands; 0 when that is not known.
    """

    anchor: str
    level: int
    headings: tuple[str, ...]
    parts: tuple[str, ...]
    empty: bool
    unit: int = 0
    line: int = 0


@dataclass(slots=True)
class _Cut:
    line: int
    last: int
    level: int
    anchor: str
    text: str
    markdown: str
    source: Line


def split_sections(lines: list[Line], title: str, *, blog: bool = False) -> list[Section]:
    """Sections in document order.

    :param title: the page's title; it heads every path of headings and shows as the h1 when the text has none.
    :param blog: a post's first h1 uses up no slug (Docusaurus removes it before it makes ids).
    """
    text = "\n".join(line.text for line in lines)
    tokens = _blocks_only.parse(text)
    cuts = _find_headings(tokens, lines, blog)
    breaks = _find_breaks(tokens, lines)
    sections: list[Section] = []
    path: list[tuple[int, str]] = [(1, title)]
    anchor = ""
    first = cuts[0].line if cuts else len(lines)
    own_h1 = bool(cuts) and cuts[0].level == 1
    body = [line.text for line in lines[:first]]
    if not own_h1 or any(line.strip() for line in body):
        sections.append(_section("", 1, (title,), f"# {title}", body, breaks, 0))
    for index, cut in enumerate(cuts):
        end = cuts[index + 1].line if index + 1 < len(cuts) else len(lines)
        body = [line.text for line in lines[cut.last : end]]
        if index == 0 and own_h1:
            headings: tuple[str, ...] = (title,)  # the page's own heading: text before it stands under it too
        else:
            path = [entry for entry in path if entry[0] < cut.level or entry == path[0]]
            path.append((cut.level, cut.text))
            headings = tuple(name for _, name in path)
        # an h1 has no id in the page, nor has a heading without a slug: the nearest place is the last anchor above
        anchor = anchor if cut.level == 1 else cut.anchor or anchor
        # a post shows its title in place of an h1 of its own
        shown = title if blog and index == 0 and own_h1 else cut.markdown
        head = f"{'#' * cut.level} {shown}"
        section = _section(anchor, cut.level, headings, head, body, breaks, cut.last)
        number = cut.source.heading.line if cut.source.heading else 0
        sections.append(replace(section, unit=cut.source.unit, line=number))
    return _join_repeats(sections)


def title_section(title: str) -> Section:
    """The one section of a page that has no text: never an answer, but a place."""
    return Section("", 1, (title,), (f"# {title}",), empty=True)


def plain_text(inline: str) -> str:
    """A heading's visible words: Markdown's marks gone, code and link texts kept."""
    return _string(inline).strip()


def count_tokens(text: str) -> int:
    """About the number of wordpieces: long words break into pieces, symbols count one each."""
    return len(_PIECE.findall(text))


def _string(inline: str) -> str:
    """As Docusaurus reads a heading for its id: a space beside a tag counts."""
    if not _MARKUP.search(inline):
        return inline
    pieces = []
    for token in _markdown.parseInline(inline)[0].children or []:
        if token.type in {"text", "code_inline", "image"}:
            pieces.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            pieces.append("\n")
    return "".join(pieces)


def _find_headings(tokens: list[Token], lines: list[Line], blog: bool) -> list[_Cut]:
    sluggers: dict[int, Slugger] = {}
    cuts: list[_Cut] = []
    for index, token in enumerate(tokens):
        if token.type != "heading_open" or token.map is None:
            continue
        first, last = token.map
        level = int(token.tag[1])
        markdown = tokens[index + 1].content
        text = plain_text(markdown)
        line = lines[first]
        slugger = sluggers.setdefault(line.unit, Slugger())
        if blog and level == 1 and not cuts:
            cuts.append(_Cut(first, last, level, "", text, markdown, line))
            continue
        cuts.append(_Cut(first, last, level, _anchor(line.heading, text, slugger), text, markdown, line))
    return cuts


def _anchor(heading: Heading | None, text: str, slugger: Slugger) -> str:
    if heading is None:
        return slugger.slug(text)
    if heading.explicit_id:
        return heading.explicit_id
    return slugger.slug(_string(heading.slug_text))


def _section(
    anchor: str,
    level: int,
    headings: tuple[str, ...],
    head: str,
    body: list[str],
    breaks: list[int],
    first: int,
) -> Section:
    blocks = _blocks(body, breaks, first)
    parts: list[str] = []
    current: list[str] = []
    size = 0
    for block in blocks:
        tokens_in = count_tokens(block)
        if current and size + tokens_in > PART_TOKENS:
            parts.append("\n\n".join(current))
            current, size = [], 0
        current.append(block)
        size += tokens_in
    if current:
        parts.append("\n\n".join(current))
    empty = not any(character.isalnum() for part in parts for character in part)
    first_part = f"{head}\n\n{parts[0]}" if parts else head
    return Section(anchor, level, headings, (first_part, *parts[1:]), empty)


def _find_breaks(tokens: list[Token], lines: list[Line]) -> list[int]:
    """The lines at which a part may begin: top-level blocks, list items, table rows; never between a code block and
    its title."""
    breaks: set[int] = set()
    for token in tokens:
        if token.map is not None and (token.level == 0 or token.type in _BREAKING):
            start = token.map[0]
            if not (token.type == "fence" and start and _CODE_TITLE.fullmatch(lines[start - 1].text)):
                breaks.add(start)
    return sorted(breaks)


def _blocks(body: list[str], breaks: list[int], offset: int) -> list[str]:
    """The section's text at its natural breaks; items and rows stand together as long as they fit one part."""
    inside = breaks[bisect_right(breaks, offset) : bisect_left(breaks, offset + len(body))]
    starts = [0, *(line - offset for line in inside)]
    pieces: list[str] = []
    table_head = ""
    for start, end in zip(starts, [*starts[1:], len(body)], strict=True):
        piece = "\n".join(body[start:end]).strip("\n")
        if not piece.strip():
            continue
        is_row = piece.lstrip().startswith("|")
        previous_row = bool(pieces) and pieces[-1].lstrip().startswith("|")
        item = _LIST_ITEM.match(piece)
        after_item = bool(pieces) and _LIST_ITEM.match(pieces[-1])
        if pieces and ((is_row and previous_row) or (item and after_item)):
            joined = f"{pieces[-1]}\n{piece}"
            if count_tokens(joined) <= PART_TOKENS:
                pieces[-1] = joined
                continue
            if is_row:
                # a table again, under an empty head: the words of its own stand in the first part
                piece = f"{table_head}\n{piece}"
        if is_row and not previous_row:
            columns = max(1, len(_CELL_END.findall(piece.split("\n", 1)[0])) - 1)
            table_head = f"|{'  |' * columns}\n|{' --- |' * columns}"
        pieces.append(piece)
    return pieces


def _join_repeats(sections: list[Section]) -> list[Section]:
    """Sections that share a place in the page, such as those under a mid-page h1, become one."""
    places: dict[str, int] = {}
    joined: list[Section] = []
    for section in sections:
        if section.anchor in places:
            at = places[section.anchor]
            before = joined[at]
            joined[at] = replace(before, parts=before.parts + section.parts, empty=before.empty and section.empty)
        else:
            places[section.anchor] = len(joined)
            joined.append(section)
    return joined
