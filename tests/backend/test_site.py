"""A built site beside the API, served the way its links expect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from docs_chat.settings import Settings
from docs_chat.site import build_folder
from docs_index.errors import UserError

from .conftest import Serve, index_mini_site, serving

FILES = {
    "index.html": "<h1>Home</h1>",
    "404.html": "<h1>Lost</h1>",
    "docs/install/index.html": "<h1>Install</h1>",
    "docs/plain.html": "<h1>Plain</h1>",
    "fr/404.html": "<h1>Perdu</h1>",
    "fr/index.html": "<h1>Accueil</h1>",
    "assets/js/main.0a1b2c.js": "let a" + " " * 2000,
    "assets/css/styles.0a1b2c.css": "a{}",
    "img/logo.svg": "<svg/>",
    "img/font.woff2": "x",
    "sitemap.xml": "<xml/>",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("built")
    for name, text in FILES.items():
        path = tmp_path / "www" / "build" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "www" / "secret.txt").write_text("secret")
    (tmp_path / "www" / "build" / "link.txt").symlink_to(tmp_path / "www" / "secret.txt")
    return tmp_path / "www"


@pytest.fixture(scope="module")
def client(site: Path, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    database = tmp_path_factory.mktemp("state") / "chat.db"
    index = site / ".docs-chat" / "index"
    settings = Settings(index=str(index), database_url=f"sqlite:///{database}", site=built)
    with serving(settings) as url, httpx2.Client(base_url=url) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "Home"),
        ("/index.html", "Home"),
        ("/docs/install", "Install"),
        ("/docs/install/", "Install"),
        ("/docs/plain", "Plain"),
        ("/docs/plain.html", "Plain"),
        ("/fr/", "Accueil"),
    ],
)
def test_pages_are_found_with_and_without_a_slash(client: httpx2.Client, path: str, title: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert title in response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(("path", "title"), [("/nothing/here", "Lost"), ("/fr/rien", "Perdu"), ("/fr/a/b/", "Perdu")])
def test_a_missing_page_is_the_sites_own(client: httpx2.Client, path: str, title: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert title in response.text
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "kind", "cache"),
    [
        ("/assets/js/main.0a1b2c.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/assets/css/styles.0a1b2c.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/img/logo.svg", "image/svg+xml", "no-cache"),
        ("/img/font.woff2", "font/woff2", "no-cache"),
        ("/sitemap.xml", "application/xml", "no-cache"),
    ],
)
def test_files_have_their_type_and_hashed_ones_are_kept(
    client: httpx2.Client, path: str, kind: str, cache: str
) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == kind
    assert response.headers["cache-control"] == cache


def test_an_unchanged_file_is_not_sent_again(client: httpx2.Client) -> None:
    tag = client.get("/img/logo.svg").headers["etag"]
    again = client.get("/img/logo.svg", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_text_is_compressed(client: httpx2.Client) -> None:
    response = client.get("/assets/js/main.0a1b2c.js")
    assert response.headers["content-encoding"] == "gzip"
    assert response.text.startswith("let a")


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/docs/../../secret.txt", "//etc/passwd", "/link.txt"],
)
def test_nothing_outside_the_build_is_served(client: httpx2.Client, path: str) -> None:
    response = client.get(httpx2.URL(str(client.base_url).rstrip("/") + path))
    assert "secret" not in response.text
    assert response.status_code == 404


@pytest.mark.parametrize("path", ["/%00", "/" + "a" * 5000, "/docs/install\\index.html"])
def test_odd_names_are_missing(client: httpx2.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_writing_to_the_site_is_refused(client: httpx2.Client) -> None:
    response = client.post("/docs/install")
    assert response.status_code == 405
    assert response.json()["error"]["code"] == "method_not_allowed"


def test_the_api_answers_beside_the_site(client: httpx2.Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.post("/identity").status_code == 200


def test_site_folder_and_build_folder_are_the_same(built: Path) -> None:
    assert build_folder(built) == build_folder(built / "build") == (built / "build").resolve()


def test_a_site_without_a_build_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        build_folder(tmp_path)
    assert "npm run build" in caught.value.hint


def test_a_site_below_a_path_is_served_there(built: Path, tmp_path: Path, serve: Serve) -> None:
    index = index_mini_site(tmp_path / "based", base_url="/kettle/")
    with httpx2.Client(base_url=serve(site=built, index=str(index))) as client:
        assert client.get("/").headers["location"] == "/kettle/"
        assert "Install" in client.get("/kettle/docs/install").text
        assert "Lost" in client.get("/kettle/nothing").text
        assert client.get("/docs/install").json()["error"]["code"] == "not_found"
