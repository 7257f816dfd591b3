"""What is suggested after an answer: the sections next to it, as questions that the docs answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from docs_chat.answer.site_map import write_site_map
from docs_chat.answer.suggestions import Suggestion, suggest
from docs_index.index import Index, PageInfo
from docs_index.result import Outcome, Result

from .conftest import Serve
from .reader import Event, Reader

QUESTION = "How do I install Kettle with pip?"
LONG = "What the section says, in a few words more than a signpost would have. " * 3


def section(page: str, heading: str, *, text: str = LONG) -> Result:
    anchor = heading.lower().replace(" ", "-")
    return Result(
        id=f"/{page}#{anchor}",
        permalink=f"/{page}",
        anchor=anchor,
        url=f"https://site.test/{page}#{anchor}",
        title=page.title(),
        headings=(page.title(), heading),
        text=f"## {heading}\n\n{text}",
        kind="doc",
        version="",
        version_label="",
        locale="en",
        source=f"{page}.md",
        part=0,
        content_hash="0",
    )


INSTALL = [section("install", name) for name in ("Pip", "Docker", "Upgrade", "Remove")]
OTHER = section("limits", "Who may ask?")


def ask(cited: list[Result], found: list[Result], locale: str = "en", refused: str = "") -> list[Suggestion]:
    return suggest(
        cited,
        found,
        lambda permalink: [part for part in INSTALL if part.permalink == permalink],
        lambda result, prompt: result.headings[-1] != refused,
        locale,
    )


def test_what_follows_the_cited_section_comes_first_then_what_was_found() -> None:
    labels = [found.label for found in ask([INSTALL[0]], [INSTALL[0], OTHER])]
    assert labels == ["Docker", "Upgrade", "Who may ask?"]


def test_a_heading_that_is_a_question_asks_itself() -> None:
    assert ask([INSTALL[3]], [OTHER]) == [Suggestion("Who may ask?", "Who may ask?")]


def test_other_headings_become_a_question_in_the_readers_language() -> None:
    assert ask([INSTALL[2]], [])[0].prompt == "What does “Install” say about “Remove”?"
    assert ask([INSTALL[2]], [], "fr-CA")[0].prompt == "Que dit « Install » à propos de « Remove » ?"


def test_what_the_search_would_not_find_is_not_suggested() -> None:
    assert [found.label for found in ask([INSTALL[0]], [], refused="Docker")] == ["Upgrade"]


def test_a_signpost_is_not_suggested() -> None:
    empty = replace(OTHER, text="## Who may ask?\n\nSee below.")
    assert ask([INSTALL[3]], [empty]) == []


def test_what_is_cited_is_not_suggested() -> None:
    assert [found.label for found in ask([INSTALL[0], INSTALL[1]], [INSTALL[2]])] == ["Upgrade", "Remove"]


def suggestions_of(events: list[Event]) -> list[dict[str, str]]:
    effects = [event for event in events if event["type"] == "client_effect"]
    assert [effect["name"] for effect in effects] in ([], ["docs_chat.suggestions"])
    return effects[0]["data"]["questions"] if effects else []


def test_the_server_suggests_questions_that_it_answers(reader: Reader) -> None:
    questions = suggestions_of(reader.ask(QUESTION))
    assert questions
    for question in questions:
        assert set(question) == {"label", "prompt"}
        again = reader.ask(question["prompt"])
        done = [event["item"] for event in again if event["type"] == "thread.item.done"]
        text = next(item for item in done if item["type"] == "assistant_message")["content"][0]["text"]
        assert question["label"] in text


def test_what_was_found_worth_asking_is_not_searched_for_again(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(serve())
    searched: list[str] = []
    search = Index.search

    def count(index: Index, question: str, **options: Any) -> Outcome:
        searched.append(question)
        return search(index, question, **options)

    monkeypatch.setattr(Index, "search", count)
    first, again = (suggestions_of(reader.ask(QUESTION)) for _ in range(2))
    assert first and again == first
    assert len(searched) > 2
    assert searched.count(QUESTION) == 2
    assert len(set(searched)) == len(searched) - 1
    reader.close()


def test_nothing_is_suggested_while_many_wait(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert suggestions_of(reader.ask(QUESTION))
    monkeypatch.setattr("docs_chat.search.CROWD", 0)
    assert not suggestions_of(reader.ask(QUESTION))


def test_what_the_docs_do_not_cover_leads_to_no_suggestions(reader: Reader) -> None:
    assert not suggestions_of(reader.ask("Who won the football world cup in 1998?"))


def page(permalink: str, title: str, kind: str = "doc") -> PageInfo:
    return PageInfo(permalink, title, kind, "", "", "en")


def test_the_map_lists_pages_by_folder_and_counts_posts() -> None:
    pages = [page("/docs/a", "A"), page("/docs/b/", "B"), page("/about", "About"), page("/blog/x", "X", "blog")]
    assert write_site_map(pages, 1000) == "- docs: A; B\n- top: About\nBlog posts: 1"


def test_a_large_map_names_the_first_pages_of_each_folder() -> None:
    pages = [page(f"/{folder}/{number}", f"Title of page {number}") for folder in "ab" for number in range(200)]
    text = write_site_map(pages, 600)
    assert len(text) <= 600
    assert text.count("and ") == 2
    assert write_site_map([page(f"/{n}/p", "Title") for n in range(500)], 300).count("\n") > 10
