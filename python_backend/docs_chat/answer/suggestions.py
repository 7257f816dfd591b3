"""What a reader may want to ask next: the sections around those that were cited, and those that came close."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from docs_index.result import Result

from docs_chat.citations import breadcrumb
from docs_chat.strings import say

MAX_SUGGESTIONS = 3
# Each is searched for, which costs as much as the question itself.
MAX_TRIED = 4
MAX_LABEL_CHARS = 60
# A section with less text is a signpost, no answer.
MIN_TEXT_CHARS = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`label` is what the button says, `prompt` the question that it asks."""

    label: str
    prompt: str


def suggest(
    cited: Sequence[Result],
    found: Sequence[Result],
    outline: Callable[[str], list[Result]],
    answers: Callable[[Result, str], bool],
    locale: str,
) -> list[Suggestion]:
    """Up to three questions, none of which leads back to what was cited.

    :param cited: the sections that the answer cites, :param found: all that the search found, the best first.
    :param outline: the sections of a page in order.
    :param answers: whether asking a question finds the section that it is about.
    """
    chosen: dict[str, Suggestion] = {}
    tried = 0
    taken = {result.place for result in cited}
    for result in list_candidates(cited, found, outline):
        label = breadcrumb(result)[-1]
        if result.place in taken or label in chosen or len(label) > MAX_LABEL_CHARS:
            continue
        if len(result.body) < MIN_TEXT_CHARS:
            continue
        taken.add(result.place)
        prompt = write_prompt(result, locale)
        tried += 1
        if answers(result, prompt):
            chosen[label] = Suggestion(label, prompt)
        if len(chosen) == MAX_SUGGESTIONS or tried == MAX_TRIED:
            break
    return list(chosen.values())


def list_candidates(
    cited: Sequence[Result], found: Sequence[Result], outline: Callable[[str], list[Result]]
) -> Iterator[Result]:
    """What stands after the cited sections, then what was found and not cited."""
    for result in dict.fromkeys(cited):
        sections = outline(result.permalink)
        at = next((at for at, section in enumerate(sections) if section.place == result.place), None)
        if at is not None:
            yield from sections[at + 1 : at + 3]
    yield from found


def write_prompt(result: Result, locale: str) -> str:
    """A question about a section; a heading that is one already asks itself."""
    path = breadcrumb(result)
    if path[-1].rstrip().endswith(("?", "？", "؟")):
        return path[-1]
    if len(path) == 1:
        return say("ask_page", locale, title=path[0])
    return say("ask_section", locale, title=path[0], heading=path[-1])
