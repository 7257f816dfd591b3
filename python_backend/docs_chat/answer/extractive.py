"""Answers with the docs' own words: the best passages, quoted and cited. Needs no model and no network."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence

from docs_index.result import State

from docs_chat.answer.engine import Question
from docs_chat.answer.passages import Passage
from docs_chat.citations import breadcrumb
from docs_chat.markdown.blocks import split_blocks, split_off
from docs_chat.markdown.words import split_words
from docs_chat.settings import HelpLink
from docs_chat.strings import say

MAX_SECTIONS = 3
# Where the search is not sure, more sections, and less of each.
MAX_CLOSEST = 4
CLOSEST_CHARS = 600
# A passage that scores less than this share of the best one is no answer any more.
SCORE_SHARE = 0.6
# What is shown of a section at once, and what of its rest is within reach.
SECTION_CHARS = 900
REST_CHARS = 2400
BREAK = "---"
BRACKETED_NUMBER = re.compile(r"(?<!\\)\[(?=[\d,; ]+\])")


class ExtractiveEngine:
    """Quotes the best two or three sections: what matches the question first, the rest after a line.

    Whole sections hold what a reader needs more often than their best part does; the panel folds the rest.
    """

    name = "extractive"

    def __init__(self, help_link: HelpLink | None = None) -> None:
        self.help_link = help_link

    def pick(self, passages: Sequence[Passage], state: State) -> tuple[Passage, ...]:
        if not passages:
            return ()
        enough = passages[0].result.score * SCORE_SHARE
        most = MAX_SECTIONS if state == "answer" else MAX_CLOSEST
        return tuple(passage for passage in passages[:most] if passage.result.score >= enough)

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
        limit = SECTION_CHARS if question.state == "answer" else CLOSEST_CHARS
        for at, passage in enumerate(question.passages):
            if at:
                yield "\n\n"
            yield f"**{escape_emphasis(' › '.join(breadcrumb(passage.result)))}** [{passage.n}]\n\n"
            shown, rest = split_off(split_blocks(passage.text), words, limit, REST_CHARS)
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


def quote(block: str) -> str:
    """A Markdown block quote. A number in brackets that the docs wrote is not one of our markers."""
    if not block.lstrip().startswith(("```", "~~~")):
        block = BRACKETED_NUMBER.sub(r"\\[", block)
    return "\n".join(f"> {line}".rstrip() for line in block.splitlines())


def escape_emphasis(text: str) -> str:
    return re.sub(r"([*_`\[\]\\<>])", r"\\\1", text)
