"""What keyword search compares: words by the rules of their language, identifiers whole and in parts."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import docs_index.terms as module
import pytest
from docs_index.build import build_index
from docs_index.index import Index
from docs_index.terms import index_terms, terms

from .conftest import MakeSite

ENDINGS = ("ations", "izing", "fulness", "ically", "ements")


@pytest.mark.parametrize(
    ("locale", "one", "other"),
    [
        ("en", "indexing deployments", "the index of a deployment"),
        ("fr", "déployer les versions", "deployer une version"),
        ("de", "die Häuser der Entwickler", "Haus des Entwicklers"),
        ("es", "configuraciones", "la configuración"),
        ("pt-BR", "as configurações", "configuração"),
        ("ru", "настройки серверов", "настройка сервера"),
    ],
)
def test_forms_of_a_word_meet_by_the_rules_of_the_language(locale: str, one: str, other: str) -> None:
    found = set(terms(other, locale))
    asked = [set(terms(word, locale)) for word in one.split()]
    assert all(word & found for word in asked if word)


def test_accents_do_not_count_and_stop_words_are_left_out() -> None:
    assert set(terms("resume", "fr")) <= set(terms("Où est le résumé ?", "fr"))
    assert set(terms("configuracion", "es")) <= set(terms("la configuración", "es"))
    assert terms("how do I use the", "en") == []


@pytest.mark.parametrize(
    ("locale", "text", "inside"),
    [
        ("zh-Hans", "如何配置数据库连接", "数据库"),
        ("ja", "データベースに接続できません", "接続"),
        ("ko", "데이터베이스연결 오류", "연결"),
        ("th", "การติดตั้งฐานข้อมูล", "ฐานข้อมูล"),
    ],
)
def test_scripts_without_spaces_are_found_by_words_inside(locale: str, text: str, inside: str) -> None:
    assert set(terms(inside, locale)) <= set(terms(text, locale))


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("useEffectEvent", ["effect", "event"]),
        ("OPENAI_BASE_URL", ["openai", "base", "url"]),
        ("--max-old-space-size", ["max", "old", "space", "size"]),
        ("docs.versions.current", ["doc", "version", "current"]),
        ("ERR_PNPM_OUTDATED_LOCKFILE", ["err", "pnpm", "outdat", "lockfil"]),
        ("/etc/nginx/conf.d", ["etc", "nginx", "conf", "d"]),
        ("HTTPServer", ["http", "server"]),
    ],
)
def test_an_identifier_is_found_whole_and_by_part(identifier: str, parts: list[str]) -> None:
    found = index_terms(f"Set {identifier}, then go on.")
    assert identifier.strip("-/").lower() in found
    assert set(parts) <= set(found)
    assert set(parts) <= set(terms(identifier))


def test_every_script_and_symbol_is_harmless() -> None:
    for text in ("", "🙂", "' OR 1=1 --", "a" * 10_000, "\0", '(("', "-" * 500, "１２３ ﬁle", "é" * 50):
        assert isinstance(index_terms(text, "xx"), list)


PAGES = {
    "zh-Hans": ("# 指南\n\n如何配置数据库连接。\n", "# 主题\n\n切换深色模式的颜色。\n", "数据库"),
    "ja": ("# ガイド\n\nデータベースに接続します。\n", "# 外観\n\n色を変更できます。\n", "接続"),
    "ko": ("# 안내\n\n데이터베이스에 연결합니다.\n", "# 모양\n\n색상을 바꿉니다.\n", "연결"),
    "fr": ("# Guide\n\nDéployez les applications.\n", "# Apparence\n\nChangez les couleurs.\n", "deploiement"),
}


@pytest.mark.parametrize("locale", sorted(PAGES))
def test_keyword_search_finds_words_of_each_language(make_site: MakeSite, tmp_path: Path, locale: str) -> None:
    right, other, question = PAGES[locale]
    config = (
        "module.exports = {title: 'E', url: 'https://e.com', baseUrl: '/', "
        f"i18n: {{defaultLocale: '{locale}', locales: ['{locale}']}}, presets: [['classic', {{docs: {{}}}}]]}};"
    )
    site = make_site({"docusaurus.config.js": config, "docs/right.md": right, "docs/other.md": other})
    build_index(site, tmp_path / "index", embedder="none")
    index = Index.open(str(tmp_path / "index"))
    assert [result.permalink for result in index.search(question).results] == ["/docs/right"]


def test_many_threads_get_the_stems_that_one_gets() -> None:
    words = ["".join(letters) for letters in product("bcdfg", "aeiou", "lmnrst", ENDINGS)]
    alone = [terms(word) for word in words]
    clear_caches()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(terms, words, chunksize=1))
    finally:
        sys.setswitchinterval(interval)
    assert together == alone


def clear_caches() -> None:
    """So that the words are read again."""
    for cached in (module._split, module._stem):
        cached.cache_clear()
