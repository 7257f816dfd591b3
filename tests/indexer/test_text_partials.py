from pathlib import Path

from docs_index.discovery import read_site
from docs_index.pages import ParsedPage, parse_page
from docs_index.site import Page, Site

from .conftest import Files, MakeSite


def parse(make_site: MakeSite, files: Files, source: str = "docs/a.mdx") -> ParsedPage:
    page = Page(source=source, permalink="/a", kind="doc", title="T", locale="en")
    return parse_page(read_site(make_site(files)), page)


def anchors(parsed: ParsedPage) -> list[str]:
    return [section.anchor for section in parsed.sections]


def test_markdown_that_a_component_imports_is_text_of_the_page(make_site: MakeSite) -> None:
    parsed = parse(
        make_site,
        {
            "docs/a.mdx": "import {Second, First as One} from './\\_both';\n\n<One />\n\n<Second />\n",
            "docs/_both.jsx": "import A from './_a.md';\nimport B from './_b.md';\n\n"
            "export function Second() {\n  return <B />;\n}\n\nexport function First() {\n  return <A />;\n}\n",
            "docs/_a.md": "## From A\n",
            "docs/_b.md": "## From B\n",
        },
    )
    assert anchors(parsed) == ["", "from-a", "from-b"]
    assert sorted(parsed.partials) == ["docs/_a.md", "docs/_b.md", "docs/_both.jsx"]
    assert parsed.problems == []


def test_a_component_in_a_component_is_followed_in_the_order_of_its_use(make_site: MakeSite) -> None:
    parsed = parse(
        make_site,
        {
            "docs/a.mdx": "import Guide from '@site/src/Guide';\n\n<Guide>\n\n## Inside\n\n</Guide>\n",
            "src/Guide/index.tsx": "import Two from './Two';\nimport One from '@site/docs/_one.mdx';\n"
            "export default () => <><One/><Two/></>;\n",
            "src/Guide/Two.tsx": "import T from '../../docs/_two.mdx';\nexport default () => <T />;\n",
            "docs/_one.mdx": "## One\n",
            "docs/_two.mdx": "## Two\n",
        },
    )
    assert anchors(parsed) == ["", "one", "two", "inside"]


def test_what_the_site_gives_to_every_page_needs_no_import(make_site: MakeSite) -> None:
    parsed = parse(
        make_site,
        {
            "docs/a.mdx": "<Setup />\n\n<Alias />\n",
            "docs/_setup.mdx": "## Set up\n",
            "src/theme/MDXComponents.js": "import MDXComponents from '@theme-original/MDXComponents';\n"
            "import Setup from '../../docs/_setup.mdx';\nexport default {...MDXComponents, Setup, Alias: Setup};\n",
        },
    )
    assert [section.headings[-1] for section in parsed.sections] == ["T", "Set up"]
    assert sum(part.count("## Set up") for section in parsed.sections for part in section.parts) == 2


def test_a_missing_partial_is_named_with_the_line_of_its_import(make_site: MakeSite) -> None:
    files = {"docs/a.mdx": "---\nid: a\n---\n\nimport P from './_gone.mdx';\n\nText\n\n<P />\n"}
    problem = parse(make_site, files).problems[0]
    assert (problem.code, problem.source, problem.line) == ("partial-missing", "docs/a.mdx", 5)


def test_a_name_that_only_the_sites_bundler_knows_is_no_mistake(make_site: MakeSite) -> None:
    assert parse(make_site, {"docs/a.mdx": "import P from '@partials/p.mdx';\n\n<P />\n"}).problems == []


def test_a_circle_and_a_broken_partial_are_named_where_they_are(make_site: MakeSite) -> None:
    parsed = parse(
        make_site,
        {
            "docs/a.mdx": "import P from './_p.mdx';\n\nText\n\n<P />\n\n<P />\n",
            "docs/_p.mdx": "---\na: b: c\n---\nimport Q from './_q.mdx';\n\nPart\n\n<Q />\n",
            "docs/_q.mdx": "import P from './_p.mdx';\n\n<div>\n\n<P />\n",
        },
    )
    assert [(problem.code, problem.source, problem.line) for problem in parsed.problems] == [
        ("source-broken", "docs/_p.mdx", 2),
        ("partial-cycle", "docs/_q.mdx", 1),
        ("tag-unclosed", "docs/_q.mdx", 3),
    ]
    assert all(not problem.page for problem in parsed.problems)
    assert "Part" in parsed.sections[0].parts[0]


def test_a_shown_file_is_one_that_the_page_depends_on(make_site: MakeSite) -> None:
    files = {
        "docs/a.mdx": "import M from '!!raw-loader!./m.py';\n\n<CodeBlock>{M}</CodeBlock>\n",
        "docs/m.py": "print(1)\n",
    }
    parsed = parse(make_site, files)
    assert list(parsed.partials) == ["docs/m.py"]
    assert "```py\nprint(1)\n```" in parsed.sections[0].parts[0]


def test_a_link_out_of_the_site_brings_nothing_in(make_site: MakeSite, tmp_path: Path) -> None:
    folder = make_site({"docs/a.mdx": "import P from './_p.mdx';\n\nText\n\n<P />\n"})
    (tmp_path / "secret.mdx").write_text("canary")
    (folder / "docs/_p.mdx").symlink_to(tmp_path / "secret.mdx")
    site = Site(folder, "https://example.com", "/", ("en",), "en", (), "conventions")
    parsed = parse_page(site, Page(source="docs/a.mdx", permalink="/a", kind="doc", title="T", locale="en"))
    assert [problem.code for problem in parsed.problems] == ["partial-missing"]
    assert "canary" not in str(parsed.sections)
