from pathlib import Path

import pytest
from docs_index.source import SourceError, read_text, split_front_matter


def test_front_matter_is_yaml_whose_dates_stay_text() -> None:
    source = split_front_matter("---\ntitle: A\ndate: 2024-05-06\nid: 7\n---\nBody\n")
    assert source.front_matter == {"title": "A", "date": "2024-05-06", "id": 7}
    assert source.body == "Body\n"
    assert source.first_line == 6


def test_a_rule_in_the_text_is_no_front_matter() -> None:
    assert split_front_matter("Text\n\n---\n\nmore").front_matter == {}


@pytest.mark.parametrize("broken", ["---\ntitle: a: b\n---\n", "---\n- a\n- b\n---\n", "---\ntitle: 'open\n---\n"])
def test_broken_front_matter_says_what_to_do(broken: str) -> None:
    with pytest.raises(SourceError) as error:
        split_front_matter(broken)
    assert "front matter" in error.value.message
    assert error.value.hint


def test_invalid_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"fine\nbad \xff byte\n")
    with pytest.raises(SourceError, match="line 2 is not valid UTF-8"):
        read_text(path)


def test_line_ends_marks_and_nul_are_normalised(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\x00\n")
    assert read_text(path) == "one\ntwo\nthree\n"
