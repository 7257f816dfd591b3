import pytest
from docs_index.build import build_index
from docs_index.errors import UserError
from docs_index.index import Index

CONFIG = """
module.exports = {title: 'E', url: 'https://e.com', baseUrl: '/',
  i18n: {defaultLocale: 'en', locales: ['en', 'fr']},
  presets: [['classic', {docs: {}, blog: {}}]],
  plugins: [['@docusaurus/plugin-content-docs', {id: 'api', path: 'api', routeBasePath: 'api'}]],
};"""
FILES = {
    "docusaurus.config.js": CONFIG,
    "versions.json": '["2.0", "1.0"]',
    "api_versions.json": '["9.0"]',
    "docs/port.md": "# Ports\n\n## Default port\n\nThe server listens on port 9999 unless you set one.\n",
    "versioned_docs/version-2.0/port.md": "# Ports\n\n## Default port\n\nThe server listens on port 8000.\n",
    "versioned_docs/version-1.0/port.md": "# Ports\n\n## Default port\n\nThe server listens on port 7000.\n",
    "versioned_docs/version-2.0/backup.md": (
        "# Backups\n\n## Schedule\n\nA snapshot is taken every night at two.\n\n"
        "## Restore\n\nStop the service, copy the archive back, then start it again.\n"
    ),
    "versioned_docs/version-2.0/errors.md": "# Errors\n\n## ERR_LOCK_HELD\n\nAnother writer holds `acquireLock()`.\n",
    "api_versioned_docs/version-9.0/client.md": "# Client\n\n## Connect\n\nThe port of the client is a number.\n",
    "blog/2024-05-06-news.md": "# Port news\n\nWe changed the default port.\n",
    "i18n/fr/docusaurus-plugin-content-docs/version-2.0/port.md": (
        "# Ports\n\n## Port par défaut\n\nLe serveur écoute sur le port 8000.\n"
    ),
}


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Index]:
    folder = tmp_path_factory.mktemp("site")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    opened = {}
    for embedder in ("local", "none"):
        index = tmp_path_factory.mktemp(embedder)
        build_index(folder, index, embedder=embedder)
        opened[embedder] = Index.open(str(index))
    return opened


@pytest.fixture(params=["local", "none"])
def index(request: pytest.FixtureRequest, indexes: dict[str, Index]) -> Index:
    return indexes[request.param]


def places(index: Index, question: str, **scope: str) -> list[str]:
    return [f"{r.permalink}#{r.anchor}" for r in index.search(question, k=20, **scope).results]


def test_the_best_section_comes_first_with_a_state(index: Index) -> None:
    outcome = index.search("On which port does the server listen?")
    assert (outcome.results[0].permalink, outcome.results[0].anchor) == ("/docs/port", "default-port")
    assert outcome.state == "answer"


def test_words_of_ones_own_find_the_section_by_meaning(indexes: dict[str, Index]) -> None:
    assert places(indexes["local"], "bring my data back after a crash")[0] == "/docs/backup#restore"


def test_nothing_of_another_version_or_language_is_ever_found(index: Index) -> None:
    for version in ("1.0", "2.0", "current"):
        for locale in ("en", "fr"):
            for result in index.search("port of the server", k=50, version=version, locale=locale).results:
                assert result.locale == locale
                assert result.version in {version, "", "9.0"}
    assert places(index, "default port", version="1.0")[0] == "/docs/1.0/port#default-port"


def test_other_instances_contribute_their_latest_version(index: Index) -> None:
    assert "/api/client#connect" in places(index, "port of the client", version="1.0")
    assert not any(place.startswith("/docs/1.0") for place in places(index, "port of the client", version="9.0"))


def test_a_french_reader_gets_french_sections(index: Index) -> None:
    assert places(index, "Sur quel port écoute le serveur ?", locale="fr")[0] == "/fr/docs/port#port-par-défaut"


@pytest.mark.parametrize("question", ["acquireLock", "ERR_LOCK_HELD", "what does ERR_LOCK_HELD mean"])
def test_exact_identifiers_are_found(index: Index, question: str) -> None:
    assert places(index, question)[0] == "/docs/errors#err_lock_held"


def test_a_typo_is_read_as_the_word_that_was_meant(index: Index) -> None:
    assert places(index, "which prot does the servr lisen on")[0] == "/docs/port#default-port"


def test_what_the_docs_do_not_cover_is_not_called_an_answer(index: Index) -> None:
    assert index.search("How do I bake sourdough bread in a cast iron pot?").state != "answer"


@pytest.mark.parametrize(
    "question",
    ["", "   ", "?!*", "🎉", "the of and", "a" * 10_000, "a\0b", '"x" AND (y OR -z)^2 ~\'; DROP', "' OR 1=1 --"],
)
def test_odd_questions_give_a_defined_result(index: Index, question: str) -> None:
    outcome = index.search(question)
    assert outcome.state in {"answer", "closest", "nothing"}
    assert 0 <= outcome.confidence <= 1


@pytest.mark.parametrize("scope", [{"version": "8.0"}, {"locale": "de"}, {"version": "1.0' OR '1'='1"}])
def test_an_unknown_scope_is_refused_never_widened(index: Index, scope: dict[str, str]) -> None:
    with pytest.raises(UserError) as error:
        index.search("port", **scope)  # type: ignore[arg-type]
    assert "It has:" in error.value.hint


def test_a_page_tells_its_version_and_language(index: Index) -> None:
    page = index.page("/fr/docs/port/")
    assert page is not None
    assert (page.version, page.locale, page.title) == ("2.0", "fr", "Ports")
    assert index.page("/nowhere") is None


def test_a_section_is_given_whole(index: Index) -> None:
    parts = index.section("/docs/backup", "restore")
    assert "copy the archive back" in parts[0].body
    assert index.section("/docs/backup", "none") == []


def test_a_version_that_the_question_names_wins_over_the_readers(index: Index) -> None:
    outcome = index.search("Which is the default port in 1.0?", version="2.0")
    assert outcome.version == "1.0"
    assert outcome.results[0].permalink == "/docs/1.0/port"
    assert {result.version for result in outcome.results} <= {"1.0", "", "9.0"}


def test_another_version_that_has_the_answer_is_named(index: Index) -> None:
    outcome = index.search("When is a snapshot taken every night?", version="1.0")
    assert outcome.state != "answer"
    assert outcome.elsewhere == "2.0"
    assert all(result.version in {"1.0", "", "9.0"} for result in outcome.results)
    assert index.search("When is a snapshot taken every night?").elsewhere is None


def test_identifiers_are_found_whole_and_by_part(index: Index) -> None:
    for question in ("acquireLock", "ERR_LOCK_HELD", "lock held", "acquire lock"):
        assert places(index, question)[0] == "/docs/errors#err_lock_held"


@pytest.mark.parametrize(
    "question",
    ["", " ", "the of and", "?!…", "🙂", "' OR 1=1 --", '"port', "port AND (", "\0", "x" * 10_000, "port:*"],
)
def test_a_strange_question_is_no_error_and_no_wider_scope(index: Index, question: str) -> None:
    outcome = index.search(question, version="1.0", k=50)
    assert all(result.version in {"1.0", "", "9.0"} and result.locale == "en" for result in outcome.results)
    assert 0 <= outcome.confidence <= 1
