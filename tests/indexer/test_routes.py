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
        ("01-guide/guide.md", {}, "/guide/guide"),
        ("01-guide/01-guide.md", {}, "/guide/"),
        ("Guide/GUIDE.md", {}, "/Guide/"),
        ("guide/01-index.md", {}, "/guide/index"),
        ("guide/02 - Spaced name.md", {}, "/guide/Spaced name"),
        ("uni/æøå 100%.md", {}, "/uni/æøå 100%"),
        ("a/page.md", {"id": 7.0}, "/a/7"),
        ("a/page.md", {"slug": "./"}, "/a/"),
        ("a/page.md", {"slug": ".."}, "/"),
        ("a/page.md", {"slug": "../../../far"}, "/far"),
        ("a/page.md", {"slug": "/page.html"}, "/page.html"),
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
        ("2024-5-6-short.md", {}, "/2024/5/6/short"),
        ("tv2024-06-08abc.md", {}, "/2024/06/08/tvabc"),
        ("2024-06-06.md", {}, "/2024/06/06/"),
        ("dir/index.md", {}, "/dir"),
    ],
)
def test_posts_are_addressed_by_date_or_slug(file: str, front: dict[str, object], path: str) -> None:
    assert routes.normalize_url("/", routes.blog_path(file, front)) == path


@pytest.mark.parametrize(
    ("file", "front", "path"),
    [
        ("index.md", {}, "/"),
        ("deep/index.mdx", {}, "/deep/"),
        ("README.md", {}, "/README"),
        ("sp ace é.md", {}, "/sp%20ace%20%C3%A9"),
        ("a(b)'c!d.md", {}, "/a(b)'c!d"),
        ("deep/x.md", {"slug": "from/root"}, "/from/root"),
    ],
)
def test_standalone_pages_are_addressed_by_file_and_encoded(file: str, front: dict[str, object], path: str) -> None:
    assert routes.normalize_url("/", routes.page_path(file, front)) == path


@pytest.mark.parametrize("front", [{"id": "a/b"}, {"slug": "/a#b"}, {"slug": "what?"}, {"slug": "//host"}])
def test_an_address_that_docusaurus_refuses_is_none(front: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"slash|no valid path"):
        routes.doc_path("page.md", front)


@pytest.mark.parametrize(
    ("parts", "url"),
    [(("x/y", "", "/a"), "x/y/a"), (("/", "//a/", "/b/"), "/a/b/"), (("/b/", "/", "/"), "/b/"), (("", "/a"), "/a")],
)
def test_parts_of_an_address_are_joined_with_single_slashes(parts: tuple[str, ...], url: str) -> None:
    assert routes.normalize_url(*parts) == url


@pytest.mark.parametrize(
    ("path", "setting", "final"),
    [("/a", True, "/a/"), ("/a/", False, "/a"), ("/a/", None, "/a/"), ("/", False, "/"), ("/base/", False, "/base/")],
)
def test_trailing_slash_decides_the_final_address(path: str, setting: bool | None, final: str) -> None:
    assert routes.apply_trailing_slash(path, setting, "/base/") == final
