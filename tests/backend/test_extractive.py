"""Answers in the docs' own words: what matters first, the rest within reach, no wall of text."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from docs_chat.answer.engine import Question
from docs_chat.answer.extractive import ExtractiveEngine
from docs_chat.answer.passages import Passage, join_parts
from docs_chat.markdown.words import split_words
from docs_index.result import Result, State

from .test_citations import make_result

PARAGRAPHS = [f"Paragraph {number} is about something else, and it is rather long. " * 4 for number in range(6)]
WANTED = "The whistle is turned off with `whistle = false` in the settings."


STATES: tuple[State, State] = ("answer", "closest")


def answer(text: str, question: str, state: State = "answer") -> str:
    passage = Passage(1, make_result("whistle"), text)

    async def run() -> str:
        return "".join([delta async for delta in ExtractiveEngine().answer(Question(question, (passage,), state))])

    return asyncio.run(run())


def test_a_short_section_is_quoted_whole() -> None:
    assert "---" not in answer(f"{PARAGRAPHS[0]}\n\n{WANTED}", "turn the whistle off")


def test_of_a_long_section_what_matters_comes_first_and_the_rest_after_a_line() -> None:
    text = "\n\n".join([*PARAGRAPHS, WANTED])
    shown, _, rest = answer(text, "How do I turn the whistle off?").partition("\n>\n> ---\n>\n")
    assert WANTED in shown
    assert "Paragraph 0" in rest
    assert all(line.startswith(">") for line in rest.splitlines())
    assert sum(shown.count(f"Paragraph {number}") + rest.count(f"Paragraph {number}") for number in range(6)) == 24


def test_a_line_that_the_docs_draw_folds_nothing() -> None:
    assert "---" not in answer(f"One.\n\n---\n\n{WANTED}\n\n***\n\nTwo.", "whistle")


def test_where_the_search_is_not_sure_less_of_each_section_is_shown() -> None:
    text = "\n\n".join([*PARAGRAPHS[:3], WANTED])
    sure, unsure = (answer(text, "turn the whistle off", state).partition("> ---")[0] for state in STATES)
    assert len(unsure) < len(sure)


def test_of_a_long_table_the_rows_that_match_are_shown_under_its_head() -> None:
    rows = [f"| `key{number}` | does something that nobody asked for here | {number} |" for number in range(40)]
    rows[31] = "| `whistle` | whether it whistles when the water boils | true |"
    table = "\n".join(["| Key | Does | Default |", "|---|---|---|", *rows])
    shown, _, rest = answer(table, "What is the default of whistle?").partition("> ---")
    assert shown.index("| Key | Does | Default |") < shown.index("`whistle`")
    assert "`key39`" not in shown
    assert "`whistle`" not in rest
    assert rest.count("| Key |") == 1


def test_a_table_that_the_index_split_is_one_again() -> None:
    first = part(0, "| Key | Does |\n|---|---|\n| `a` | one |")
    second = part(1, "|  |  |\n| --- | --- |\n| `b` | two |\n\nThe end.")
    assert join_parts([first, second]) == "| Key | Does |\n|---|---|\n| `a` | one |\n| `b` | two |\n\nThe end."


def part(number: int, text: str) -> Result:
    return replace(make_result("table", text=text), part=number)


def test_code_with_dashes_is_no_table() -> None:
    code = "```text\n" + "\n".join(f"--- {number} ---" for number in range(20)) + "\n```"
    assert split_words(code) <= split_words(answer(code, "dashes"))
