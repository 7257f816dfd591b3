import pytest
from docs_index import routes


@pytest.mark.parametrize(
    ("file", "front", "path"),
    [
        ("intro.md", {}, "/intro"),
        ("01-guide/02-start.mdx", {}, "/guide/start"),
        ("adrs/001-record-decisions.md", {}, "/adrs/record-decisions"),
        ("2024-05-06-notes.md", {}, "/2024-05-06-notes"),
        ("7.0-release.md", {}, "/7.0-release"),
        ("01-a.md", {"parse_number_prefixes": False}, "/01-a"),
        ("GlobalAPI.md", {"id": "api"}, "/api"),
        ("guide/index.md", {"id": "ignored"}, "/guide/"),
        ("guide/README.md", {}, "/guide/"),
        ("01-guide/guide.md", {}, "/guide/"),
        ("deep/page.md", {"slug": "/top"}, "/top"),
        ("deep/page.md", {"slug": "other"}, "/deep/other"),
        ("deep/page.md", {"slug": "../up"}, "/up"),
        ("page.md", {"slug": "/"}, "/"),
        ("page.md", {"slug": "/x/"}, "/x/"),
    ],
)
def test_docs_are_addressed_as_docusaurus_does(file: str, front: dict[str, object], path: str) -> None:
    assert routes.doc_path(file, front) == path


@pytest.mark.parametrize(
    ("file", "front", "path"),
    [
        ("2024-05-06-first-post.md", {}, "/2024/05/06/first-post"),
        ("2018/09-11-Towards.mdx", {}, "/2018/09/11/Towards"),
        ("sub/2024-07-08-dated.md", {}, "/2024/07/08/sub/dated"),
        ("2015-whats-new.md", {}, "/2015-whats-new"),
        ("2024-05-06-x/index.md", {}, "/2024/05/06/x"),
        ("2024-05-06-x.md", {"slug": "named"}, "/named"),
    ],
)
def test_posts_are_addressed_by_date_or_slug(file: str, front: dict[str, object], path: str) -> None:
    assert routes.blog_path(file, front) == path


@pytest.mark.parametrize(
    ("path", "setting", "final"),
    [("/a", True, "/a/"), ("/a/", False, "/a"), ("/a/", None, "/a/"), ("/", False, "/")],
)
def test_trailing_slash_decides_the_final_address(path: str, setting: bool | None, final: str) -> None:
    assert routes.apply_trailing_slash(path, setting) == final
