from docs_index.discovery import read_site
from docs_index.imports import Import
from docs_index.lines import Line
from docs_index.mdx import convert
from docs_index.pages import parse_page

from tests.indexer.conftest import MakeSite


def text_of(body: str, files: dict[str, str] | None = None, mdx: bool = True) -> str:
    def read(imported: Import) -> list[Line] | None:
        text = (files or {}).get(imported.path)
        return None if text is None else [Line(line, 0) for line in text.split("\n")]

    lines = convert(body, unit=0, include=read, mdx=mdx)
    return "\n".join(line.text for line in lines if line.text.strip())


def test_an_imported_file_is_shown_as_the_code_that_it_is() -> None:
    source = (
        "import CodeBlock from '@theme/CodeBlock';\nimport Main from '!!raw-loader!./main.py';\n\n"
        '<CodeBlock language="python" title="main.py">{Main}</CodeBlock>\n\nAfter'
    )
    code = "import x\n# highlight-next-line\nprint(x)  # <B/>"
    assert text_of(source, {"./main.py": code}) == "`main.py`\n```python\nimport x\nprint(x)  # <B/>\n```\nAfter"


def test_code_that_a_components_children_trim_is_shown_too() -> None:
    source = "import Main from '!!raw-loader!./a.js';\n\n<Run>\n  {Main.replace(/^.*?\\n/, '')}\n</Run>"
    assert text_of(source, {"./a.js": "go();"}) == "```js\ngo();\n```"


def test_code_in_a_template_is_a_block_and_its_comments_are_no_headings() -> None:
    source = (
        '<CodeBlock language="sh">\n  {`# not a heading\nrun ${"x"}`}\n</CodeBlock>\n\n<pre>{`# nor this\nb`}</pre>'
    )
    assert text_of(source.replace('${"x"}', "it")) == "```sh\n# not a heading\nrun it\n```\n```\n# nor this\nb\n```"


def test_a_string_that_begins_with_a_number_sign_is_no_heading() -> None:
    assert text_of("{'# text'}\n\nAfter") == "\\# text\nAfter"


def test_a_diagram_is_drawn_by_the_browser_and_is_no_text() -> None:
    assert text_of("Before\n\n```mermaid\ngraph TD; A-->B\n```\n\nAfter") == "Before\nAfter"


def test_code_holding_a_fence_gets_a_longer_one() -> None:
    source = "import A from './a.md?raw';\n\n<CodeBlock>{A}</CodeBlock>"
    assert text_of(source, {"./a.md": "```js\nx\n```"}) == "````md\n```js\nx\n```\n````"


def test_code_ends_with_the_quote_or_list_item_that_it_stands_in() -> None:
    assert text_of("> ```js\n> a\n\nText") == "> ```js\n> a\n> ```\nText"
    assert text_of("- ```js\n  a\n\nText") == "- ```js\n  a\n  ```\nText"


def test_code_ends_with_the_admonition_that_it_stands_in() -> None:
    assert text_of(":::note\n\n```js\na\n\n:::\n\n## Next") == "**Note**\n```js\na\n```\n## Next"


def test_a_component_in_an_unwrapped_block_ends_with_the_block() -> None:
    component = "export default function A() {\n\n  return `x`;\n}"
    source = f"```mdx-code-block\n{component}\n```\n\nWords\n\n```mdx-code-block\n<B/>\n```"
    assert text_of(source) == "Words"


def test_inline_code_does_not_go_past_its_list_item() -> None:
    assert text_of("1. use `one if\n2. the <b>two</b> `three`") == "1. use `one if\n2. the two `three`"


def test_a_block_is_unwrapped_even_in_code_that_nothing_closes() -> None:
    assert text_of("```js\na\n\n```mdx-code-block\nb\n```\n\n```mdx-code-block\nc\n") == (
        "```js\na\nb\n```mdx-code-block\nc\n```"
    )


def test_a_site_names_the_comments_that_its_pages_do_not_show(make_site: MakeSite) -> None:
    code = "```js\n// error-next-line\nfail();\n// highlight-next-line\nrun();\n```\n"
    config = (
        "module.exports = {url: 'https://e.com', baseUrl: '/', presets: [['classic', {}]], themeConfig: {prism: "
        "{magicComments: [{className: 'e', line: 'error-next-line', block: {start: 'e-start', end: 'e-end'}}]}}};"
    )
    site = read_site(make_site({"docusaurus.config.js": config, "docs/a.md": code}))
    text = parse_page(site, site.pages[0]).sections[0].parts[0]
    assert "error-next-line" not in text
    assert "// highlight-next-line" in text
