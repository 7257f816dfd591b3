"""Answers with the docs' own words: the best passages, quoted and cited. Needs no model and no network."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence

from docs_index.result import State

from docs_chat.answer.engine import Question
from docs_chat.answer.passages import Passage
from docs_chat.citations import breadcrumb
from docs_chat.markdown.blocks import split_blocks, split_off
from docs_chat.markdown.plain import cut, split_sentences
from docs_chat.markdown.words import overlap, split_words
from docs_chat.settings import HelpLink
from docs_chat.strings import say

# So many sections are quoted, and so many of them are shown.
MAX_SECTIONS = 5
MAX_SHOWN = 3
# A section that scores less than this share of the best one is not shown, and with less than that no answer any more.
SHOWN_SHARE = 0.85
SCORE_SHARE = 0.6
# What is shown of the best section; of another, and of any where the search is not sure. What of the rest is in reach.
BEST_CHARS = 800
SECTION_CHARS = 500
REST_CHARS = 2400
# A section that is not shown has a sentence of so much before the fold. One as short as this needs no fold.
LEAD_CHARS = 140
SHORT_CHARS = 240
BREAK = "---"
# What would make a list, a heading or a table of a line.
OPENING_MARK = re.compile(r"^(\d*)([#+|~=.)-])")
BRACKETED_NUMBER = re.compile(r"(?<!\\)\[(?=[\d,; ]+\])")


class ExtractiveEngine:
    """Quotes the best sections: what matches the question first, the rest after a line, which the panel folds.

    Whole sections hold what a reader needs more often than their best part does. Sections that are clearly behind the
    best one have a sentence before the line and all else after it.
    """

    name = "extractive"

    def __init__(self, help_link: HelpLink | None = None) -> None:
        self.help_link = help_link

    def pick(self, passages: Sequence[Passage], state: State) -> tuple[Passage, ...]:
        if not passages:
            return ()
        enough = passages[0].result.score * SCORE_SHARE
        return tuple(passage for passage in passages[:MAX_SECTIONS] if passage.result.score >= enough)

    async def answer(self, question: Question) -> AsyncGenerator[str]:
        if question.state == "nothing":
            for line in self.decline(question):
                yield line
            return
        if question.state == "closest":
            if question.elsewhere:
                yield say("elsewhere", question.locale, version=question.elsewhere) + "\n\n"
            yield say("closest", question.locale) + "\n\n"
        words = split_words(f"{question.text} {question.quoted}")
        for at, passage in enumerate(question.passages):
            if at:
                yield "\n\n"
            yield f"**{escape_emphasis(' › '.join(breadcrumb(passage.result)))}** [{passage.n}]\n\n"
            blocks = split_blocks(passage.text)
            limit = BEST_CHARS if at == 0 and question.state == "answer" else SECTION_CHARS
            near = passage.result.score >= question.passages[0].result.score * SHOWN_SHARE
            if (at < MAX_SHOWN and near) or len(passage.text) <= SHORT_CHARS:
                shown, rest = split_off(blocks, words, limit, REST_CHARS)
            else:
                rest, _ = split_off(blocks, words, limit, 0)
                lead = write_lead(passage.text, words)
                shown, rest = ([lead], rest) if lead else (rest, [])
            for number, block in enumerate([*shown, *([BREAK, *rest] if rest else [])]):
                yield ("\n>\n" if number else "") + quote(block)

    def decline(self, question: Question) -> list[str]:
        """Say that the docs have no answer, and point to the closest pages and to a person."""
        lines = [say("nothing", question.locale)]
        if question.elsewhere:
            lines.append(" " + say("elsewhere", question.locale, version=question.elsewhere))
        pages: dict[str, Passage] = {}
        for passage in question.passages:
            pages.setdefault(passage.result.permalink, passage)
        if pages:
            lines.append("\n\n" + say("closest_pages", question.locale) + "\n")
            lines += [f"\n- {escape_emphasis(page.result.title)} [{page.n}]" for page in pages.values()]
        if self.help_link:
            link = f"[{self.help_link.label}]({self.help_link.url})"
            lines.append("\n\n" + say("help", question.locale, link=link))
        return lines


def write_lead(markdown: str, words: set[str]) -> str:
    """The sentence or line of code that matches best, as one short line of Markdown."""
    sentences = [(is_code, sentence) for is_code, block in split_sentences(markdown) for sentence in block]
    if not sentences:
        return ""
    is_code, best = max(sentences, key=lambda entry: (overlap(words, entry[1]), not entry[0]))
    line = cut(best, LEAD_CHARS)
    if is_code and "`" not in line:
        return f"`{line}`"
    return OPENING_MARK.sub(r"\1\\\2", escape_emphasis(line))


def quote(block: str) -> str:
    """A Markdown block quote. A number in brackets that the docs wrote is not one of our markers."""
    if not block.lstrip().startswith(("```", "~~~")):
        block = BRACKETED_NUMBER.sub(r"\\[", block)
    return "\n".join(f"> {line}".rstrip() for line in block.splitlines())


def escape_emphasis(text: str) -> str:
    return re.sub(r"([*_`\[\]\\<>])", r"\\\1", text)
