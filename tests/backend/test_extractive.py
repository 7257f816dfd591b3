"""Answers in the docs' own words: what matters first, the rest within reach, no wall of text."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from docs_chat.answer.engine import Question
from docs_chat.answer.extractive import ExtractiveEngine
from docs_chat.answer.passages import Passage, join_parts
from docs_chat.evaluation.quotation import drop_rest
from docs_chat.markdown.words import split_words
from docs_index.result import Result, State

from .test_citations import make_result

PARAGRAPHS = [f"Paragraph {number} is about something else, and it is rather long. " * 4 for number in range(6)]
WANTED = "The whistle is turned off with `whistle = false` in the settings."


STATES: tuple[State, State] = ("answer", "closest")


def answer(text: str, question: str, state: State = "answer") -> str:
    return answer_from([Passage(1, make_result("whistle"), text)], question, state)


def answer_from(passages: list[Passage], question: str, state: State = "answer") -> str:
    engine = ExtractiveEngine()
    asked = Question(question, engine.pick(passages, state), state)

    async def run() -> str:
        return "".join([delta async for delta in engine.answer(asked)])

    return asyncio.run(run())


def ranked(*sections: tuple[float, str]) -> list[Passage]:
    return [Passage(n, replace(make_result(f"s{n}"), score=score), text) for n, (score, text) in enumerate(sections, 1)]


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


def test_sections_behind_the_best_one_are_folded_under_the_sentence_that_matches() -> None:
    text = f"{PARAGRAPHS[0]}\n\n{WANTED}"
    quotes = answer_from(ranked((1.0, text), (0.95, text), (0.7, text), (0.5, text)), "turn the whistle off").split(
        "**"
    )
    bodies = quotes[2::2]
    assert len(bodies) == 3, "what scores too little is no answer"
    lead, _, rest = bodies[2].partition("\n>\n> ---\n>\n")
    assert ["---" in body for body in bodies] == [False, False, True]
    assert "The whistle is turned off with whistle = false in the settings." in lead
    assert "Paragraph 0" not in lead
    assert WANTED in rest


def test_what_is_folded_is_told_from_what_is_shown() -> None:
    assert drop_rest("**A** [1]\n\n> one\n>\n> ---\n>\n> two\n\n**B** [2]\n\n> three") == (
        "**A** [1]\n\n> one\n>\n\n**B** [2]\n\n> three"
    )


def test_at_most_three_sections_are_shown_and_at_most_five_quoted() -> None:
    text = f"{PARAGRAPHS[0]}\n\n{WANTED}"
    bodies = answer_from(ranked(*[(1.0, text)] * 8), "turn the whistle off").split("**")[2::2]
    assert ["---" in body for body in bodies] == [False, False, False, True, True]


def test_a_short_section_is_shown_whatever_its_place() -> None:
    assert "---" not in answer_from(ranked((1.0, WANTED), (0.7, WANTED + " Yes.")), "turn the whistle off")


def test_the_sentence_before_a_fold_is_plain_text_even_where_it_looks_like_markdown() -> None:
    for line, said in (("\\# 1 *whistle* <b> [3]", "\\# 1 whistle \\<b\\> \\[3\\]"), ("1\\) whistle", "1\\) whistle")):
        body = answer_from(ranked((1.0, WANTED), (0.7, f"{line}\n\n{PARAGRAPHS[0]}")), "whistle").split("**")[4]
        assert body.split("\n>\n> ---")[0] == f" [2]\n\n> {said}"


def test_what_matches_is_shown_also_behind_something_long_with_a_sign_that_there_is_more() -> None:
    table = "\n".join(["| Key | Does |", "|---|---|", *[f"| `k{n}` | something long enough |" for n in range(40)]])
    text = f"All about the whistle:\n\n{table}\n\n{WANTED}"
    shown, _, rest = answer(text, "How do I turn the whistle off?").partition("\n>\n> ---\n>\n")
    assert shown.endswith(f"> All about the whistle:\n>\n> …\n>\n> {WANTED}")
    assert "`k39`" not in shown
    assert "`k0`" in rest


def test_the_spaces_that_line_up_a_table_take_no_room_and_code_keeps_them() -> None:
    table = "| Key        | Does        |\n| :--------- | ----------- |\n| `a     b`  | one         |"
    code = "```text\n| a      | b |\n```"
    assert join_parts([part(0, f"{table}\n\n{code}")]) == (f"| Key | Does |\n| :--- | --- |\n| `a b` | one |\n\n{code}")


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
