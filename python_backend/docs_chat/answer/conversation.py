"""What was said before: the turns that go with a question, and the query for a question that leans on them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docs_chat.answer.engine import Turn
from docs_chat.attached_file import AttachedFile
from docs_chat.markdown.plain import cut

SHORT_QUESTION_WORDS = 4
OPENING = re.compile(
    r"(and|but|so|or|also|what about|how about|why not|et|mais|donc|ou|aussi|et si|pourquoi pas)\b", re.I
)
POINTING = re.compile(
    r"\b(it|its|that|this|these|those|they|them|(?<!is )(?<!are )there|one|same|"
    r"ça|cela|ceci|celui|celle|ceux|celles|elle|elles|il|ils|y|en|même)\b",
    re.I,
)
POINTING_WORDS = 8
# What points at the page under the reader's eyes.
HERE = re.compile(r"\b(it|this|these|here|ceci|cela|ça|ici|cette page)\b", re.I)
TITLE_CHARS = 60
EXCERPT_CHARS = 300


def write_query(question: str, history: Sequence[Turn], quoted: str = "", page: str = "") -> str:
    """What to search for. A follow-up is searched together with the question that the conversation is about.

    Its own words come first: of one page's sections they tell the right one apart. A first question that points at
    something ("how do I turn this off?") is about the page that its reader is on, `page` being its title.
    """
    topic = find_topic(history) if leans_back(question) else ""
    if not history and not quoted and points_here(question):
        topic = page
    parts = [question, topic, quoted]
    return " ".join(part for part in parts if part)


def find_excerpt(question: str, files: Sequence[AttachedFile]) -> str:
    """What to search for beside a question that points at a file: the file's end, where a log says what went wrong."""
    texts = [file.text for file in files if file.kind == "text"]
    return " ".join(texts[0].split())[-EXCERPT_CHARS:] if texts and leans_back(question) else ""


def find_topic(history: Sequence[Turn]) -> str:
    """The last question that can stand alone: "and on Windows?", "and on a Mac?" are about the one before both."""
    asked = [turn.text for turn in history if turn.role == "user"]
    return next((text for text in reversed(asked) if not leans_back(text)), asked[0] if asked else "")


def leans_back(question: str) -> bool:
    """Whether a question makes little sense alone: very short, or it opens or points to what was said."""
    words = question.split()
    return (
        len(words) <= SHORT_QUESTION_WORDS
        or OPENING.match(question.strip()) is not None
        or (len(words) <= POINTING_WORDS and POINTING.search(question) is not None)
    )


def points_here(question: str) -> bool:
    """Whether a short question, the first of a conversation, is about the page that its reader is on."""
    return len(question.split()) <= POINTING_WORDS and HERE.search(question) is not None


def write_title(question: str) -> str:
    """A thread's title: the question's first words."""
    return cut(" ".join(question.split()), TITLE_CHARS)
