"""An index that is damaged, of another model, shrunk or changed: refused in a sentence, mended by the next run."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from docs_index.build import build_index
from docs_index.cache import VectorCache
from docs_index.embedders import make_embedder
from docs_index.errors import UserError
from docs_index.index import Index
from docs_index.lance import connect
from docs_index.snapshot import TABLE, open_snapshot, read_current, read_pages
from docs_index.storage import seal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .editions import PAGES, publish_edition, read_edition, write_edition
from .test_cli import run


@pytest.fixture
def site(tmp_path: Path) -> Path:
    write_edition(tmp_path / "site", 1)
    return tmp_path / "site"


@pytest.fixture
def index(site: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    build_index(site, folder, embedder="none")
    return folder


@pytest.fixture
def live(index: Path) -> Path:
    """The folder of the live snapshot."""
    return index / "snapshots" / (read_current(index) or "")


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


# --- damaged --------------------------------------------------------------------------------------------------------


def test_one_flipped_byte_in_any_file_is_refused_and_mended_by_the_next_run(
    site: Path, index: Path, live: Path, tmp_path: Path
) -> None:
    chance = random.Random(2)
    files = [path.relative_to(index) for path in live.rglob("*") if path.is_file()]
    assert len(files) > 4
    for number, file in enumerate(files):
        copy = shutil.copytree(index, tmp_path / f"copy-{number}")
        flip(copy / file, chance.randrange((copy / file).stat().st_size))
        with pytest.raises(UserError, match="is damaged"):
            Index.open(str(copy))
        again = build_index(site, copy, embedder="none")
        assert (again.snapshot, read_current(copy)) == (live.name, live.name)
        assert read_edition(Index.open(str(copy))) == 1


def test_every_byte_of_the_description_counts(index: Path, live: Path) -> None:
    whole = (live / "snapshot.json").read_bytes()
    for place in range(0, len(whole), 7):
        flip(live / "snapshot.json", place)
        with pytest.raises(UserError):
            Index.open(str(index))
        (live / "snapshot.json").write_bytes(whole)
    assert read_edition(Index.open(str(index))) == 1


@pytest.mark.parametrize("name", ["snapshot.json", "sections.lance"])
def test_a_missing_file_is_refused_and_mended_by_the_next_run(site: Path, index: Path, live: Path, name: str) -> None:
    shutil.rmtree(live / name) if (live / name).is_dir() else (live / name).unlink()
    with pytest.raises(UserError, match="is damaged"):
        Index.open(str(index))
    build_index(site, index, embedder="none")
    assert read_edition(Index.open(str(index))) == 1


def test_a_damaged_snapshot_that_a_reader_has_open_is_mended_beside_it(site: Path, index: Path, live: Path) -> None:
    reader = Index.open(str(index))
    assert read_edition(reader) == 1
    flip(live / "snapshot.json", 100)
    build_index(site, index, embedder="none")
    assert read_edition(reader) == 1
    assert not reader.is_current()
    assert read_edition(Index.open(str(index))) == 1


def test_any_beginning_of_current_is_refused(site: Path, index: Path) -> None:
    whole = (index / "CURRENT").read_bytes()
    for length in range(len(whole) - 1):
        (index / "CURRENT").write_bytes(whole[:length])
        with pytest.raises(UserError, match="damaged"):
            Index.open(str(index))
    (index / "CURRENT").write_bytes(whole[:-1])
    assert read_edition(Index.open(str(index))) == 1
    (index / "CURRENT").write_bytes(b"")
    build_index(site, index, embedder="none")
    assert read_edition(Index.open(str(index))) == 1


def test_current_never_leads_out_of_the_snapshots(site: Path, index: Path, live: Path, tmp_path: Path) -> None:
    shutil.copytree(live, tmp_path / "elsewhere")
    shutil.copytree(live, index / "elsewhere")
    for name in (
        "../elsewhere",
        "../../elsewhere",
        str(tmp_path / "elsewhere"),
        ".",
        "..",
        f"./{live.name}",
        "\0",
        "é",
    ):
        (index / "CURRENT").write_text(f"{name}\n")
        with pytest.raises(UserError, match="CURRENT names no snapshot"):
            Index.open(str(index))
    assert run("search", "edition", "--index", index).returncode == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.binary(max_size=60))
def test_no_junk_in_current_is_more_than_one_sentence(index: Path, junk: bytes) -> None:
    (index / "CURRENT").write_bytes(junk)
    with pytest.raises(UserError):
        Index.open(str(index))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_junk_in_the_description_is_more_than_one_sentence(index: Path, live: Path, junk: bytes) -> None:
    (live / "snapshot.json").write_bytes(junk)
    with pytest.raises(UserError):
        Index.open(str(index))
    (index / "pages.json").write_bytes(junk)
    assert read_pages(index, live.name) == []


@pytest.mark.parametrize("missing", ["files", "info", "schema"])
@pytest.mark.parametrize("wrong", [None, 7, "x", [], {"a": 1}])
def test_a_description_with_other_fields_is_refused(index: Path, live: Path, missing: str, wrong: object) -> None:
    data = json.loads((live / "snapshot.json").read_bytes())
    del data["sha256"], data[missing]
    if wrong is not None:
        data[missing] = wrong
    (live / "snapshot.json").write_text(json.dumps(data))
    with pytest.raises(UserError, match=r"damaged|schema"):
        Index.open(str(index))
    if missing != "schema":
        (live / "snapshot.json").write_text(seal(data))
        with pytest.raises(UserError, match="damaged"):
            Index.open(str(index))


def test_a_newer_schema_says_to_upgrade(index: Path, live: Path) -> None:
    data = json.loads((live / "snapshot.json").read_bytes()) | {"schema": 99}
    (live / "snapshot.json").write_text(json.dumps(data))
    with pytest.raises(UserError, match="has schema 99") as error:
        Index.open(str(index))
    assert "Upgrade" in error.value.hint


def test_damaged_page_records_cost_one_reading_and_nothing_else(site: Path, index: Path) -> None:
    whole = (index / "pages.json").read_bytes()
    for damaged in (whole[:50], b"", b"[]", whole.replace(b"/docs/page-1", b"/docs/page-9", 1)):
        (index / "pages.json").write_bytes(damaged)
        report = build_index(site, index, embedder="none")
        assert (report.unchanged, report.snapshot) == (0, read_current(index))
        assert build_index(site, index, embedder="none").unchanged == PAGES


def test_a_damaged_cache_is_made_anew_where_it_is_damaged(
    site: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = tmp_path / "whole"
    build_index(site, whole, embedder="local")
    model = make_embedder("local")
    assert model is not None
    folder, _ = open_snapshot(whole)
    texts = connect(folder).open_table(TABLE).to_arrow()["search_text"].to_pylist()
    expected = VectorCache(whole, model).embed(texts)
    chance = random.Random(4)
    files = [path.relative_to(whole) for path in (whole / "embeddings.lance" / "data").iterdir()]
    for number in range(12):
        copy = shutil.copytree(whole, tmp_path / f"copy-{number}")
        path = copy / chance.choice(files)
        data = bytearray(path.read_bytes())
        if number == 0:
            path.unlink()
        elif number < 3:
            path.write_bytes(data[: chance.randrange(len(data))])
        else:
            # inside vectors and tokens, where LanceDB itself would not notice
            flip(path, chance.randrange(len(data) // 4, len(data) // 2))
        caplog.clear()
        made = VectorCache(copy, model).embed(texts)
        assert abs(made.vectors - expected.vectors).max() < 0.05
        assert list(map(len, made.tokens)) == list(map(len, expected.tokens))
        assert "embeddings cache" in caplog.text
        caplog.clear()
        assert VectorCache(copy, model).missing(texts) == []
        assert caplog.text == ""


# --- of another model -----------------------------------------------------------------------------------------------


def test_an_index_of_another_embedder_is_refused_before_any_question(index: Path) -> None:
    with pytest.raises(UserError, match="made by the embedder 'none', not by 'local'"):
        Index.open(str(index), embedder="local")


def edit_info(live: Path, **changes: object) -> None:
    data = json.loads((live / "snapshot.json").read_bytes())
    del data["sha256"]
    data["info"] |= changes
    (live / "snapshot.json").write_text(seal(data))


def test_an_index_of_other_dimensions_or_another_model_is_refused(site: Path, tmp_path: Path) -> None:
    index = tmp_path / "vectors"
    live = index / "snapshots" / build_index(site, index, embedder="local").snapshot
    edit_info(live, dim=512)
    with pytest.raises(UserError, match=r"vectors of 512 numbers; local now gives 384") as error:
        Index.open(str(index))
    assert "--full" in error.value.hint
    edit_info(live, dim=384, model="0123456789abcdef")
    with pytest.raises(UserError, match="another version of the model 'local'"):
        Index.open(str(index))
    build_index(site, index, embedder="local", full=True)
    assert read_edition(Index.open(str(index))) == 1


def test_the_short_name_of_an_embedder_is_the_one_that_the_index_bears(
    index: Path, live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    edit_info(live, embedder="openai:text-embedding-3-small@1536", dim=512)
    with pytest.raises(UserError, match="vectors of 512 numbers"):
        Index.open(str(index), embedder="openai")
    with pytest.raises(UserError, match="not by 'openai:text-embedding-3-large'"):
        Index.open(str(index), embedder="openai:text-embedding-3-large")


# --- shrunk and changed ---------------------------------------------------------------------------------------------


def test_an_emptied_docs_folder_leaves_the_old_index(site: Path, index: Path) -> None:
    for page in (site / "docs").iterdir():
        page.unlink()
    for more in ((), ("--allow-shrink",), ("--full",)):
        done = run("index", site, "--index", index, "--embedder", "none", *more)
        assert done.returncode == 2
        assert "has no page to index" in done.stderr
    assert read_edition(Index.open(str(index))) == 1


def test_half_of_the_pages_may_go_unasked_and_no_more(site: Path, index: Path) -> None:
    for page in range(PAGES // 2 + 1):
        (site / f"docs/page-{page}.md").unlink()
    refused = run("index", site, "--index", index, "--embedder", "none")
    assert refused.returncode == 1
    assert "would shrink from 6 to 2 pages" in refused.stderr
    assert "--allow-shrink" in refused.stderr
    assert read_edition(Index.open(str(index))) == 1
    write_edition(site, 2)
    for page in range(PAGES // 2):
        (site / f"docs/page-{page}.md").unlink()
    assert run("index", site, "--index", index, "--embedder", "none").returncode == 0


def test_a_deleted_page_is_not_found_not_cited_and_not_exported(site: Path, index: Path) -> None:
    (site / "docs/secret.md").write_text("# Plans\n\nThe zeppelin flies on Sunday.\n")
    build_index(site, index, embedder="none")
    assert Index.open(str(index)).search("zeppelin").results
    (site / "docs/secret.md").unlink()
    assert build_index(site, index, embedder="none").removed == 1
    fresh = Index.open(str(index))
    assert not any("zeppelin" in result.text for result in fresh.search("zeppelin flies on Sunday").results)
    assert fresh.page("/docs/secret") is None
    assert fresh.section("/docs/secret", "") == []
    exported = run("export", "--index", index)
    assert exported.returncode == 0
    assert "zeppelin" not in exported.stdout


def test_a_page_that_comes_back_is_found_again_without_new_vectors(site: Path, tmp_path: Path) -> None:
    index = tmp_path / "vectors"
    first = publish_edition(site, index, 1, "local")
    publish_edition(site, index, 2, "local")
    write_edition(site, 1)
    report = build_index(site, index, embedder="local")
    assert (report.snapshot, report.embedded) == (first, 0)
    assert read_edition(Index.open(str(index))) == 1
