"""Whether every citation of an answer opens a section that the built site has.

python -m tests.bench.citations SITE QUESTIONS.yaml

Answers each question without a model, in its version and language, and looks every cited address up in the HTML that
Docusaurus built: the page must be there and have the id. Exits with 1 when one does not.
"""

from __future__ import annotations

import asyncio
import sys
from html.parser import HTMLParser
from pathlib import Path

from docs_chat.answer.answerer import Answerer
from docs_chat.citations import Citation
from docs_chat.evaluation.questions import read_questions
from docs_chat.search import Scope, Searcher
from docs_chat.settings import Settings


class Ids(HTMLParser):
    """The ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == "id" and value}


async def main() -> int:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    site, file = map(Path, sys.argv[1:])
    settings = Settings(index=str(site / ".docs-chat" / "index"))
    searcher = Searcher(settings)
    answerer = Answerer(settings, searcher)
    base = searcher.index.info.base_url
    opened, broken, questions = 0, [], read_questions(file).questions
    for question in questions:
        scope = Scope(question.version, question.locale)
        prepared = await answerer.prepare(question.text, scope, locale=question.locale or "en")
        async for piece in answerer.answer(prepared):
            if isinstance(piece, Citation):
                result = piece.result
                if opens(site / "build", result.permalink.removeprefix(base.rstrip("/")), result.anchor):
                    opened += 1
                else:
                    broken.append(result.url)
    searcher.close()
    print(f"{opened} of {opened + len(broken)} citations of {len(questions)} answers open a section of the built site")
    for url in sorted(set(broken)):
        print(f"  not there: {url}")
    return 1 if broken or not opened else 0


def opens(build: Path, path: str, anchor: str) -> bool:
    page = build / path.strip("/")
    file = next((name for name in (page / "index.html", page.with_suffix(".html")) if name.is_file()), None)
    return file is not None and (not anchor or anchor in Ids(file.read_text("utf-8")).found)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
