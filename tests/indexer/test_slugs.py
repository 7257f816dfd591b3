import json
from pathlib import Path

from docs_index.slugs import Slugger

VECTORS = Path(__file__).parents[1] / "fixtures" / "slugger-vectors.json"


def test_slugs_are_those_of_github_slugger() -> None:
    slugger = Slugger()
    vectors = json.loads(VECTORS.read_text("utf-8"))["vectors"]
    assert [slugger.slug(text) for text, _ in vectors] == [slug for _, slug in vectors]


def test_a_literal_slug_that_a_duplicate_took_is_numbered_again() -> None:
    slugger = Slugger()
    assert [slugger.slug(text) for text in ("A", "A", "A-1")] == ["a", "a-1", "a-1-1"]
