import pytest
from docs_index.imports import Import
from docs_index.lines import Line
from docs_index.mdx import convert


def text_of(body: str, mdx: bool = True, include: dict[str, str] | None = None) -> str:
    def read(imported: Import) -> list[Line] | None:
        body = (include or {}).get(imported.path)
        return None if body is None else convert(body, unit=1, include=lambda _: None)

    lines = convert(body, unit=0, include=read, mdx=mdx)
    return "\n".join(line.text for line in lines if line.text.strip())


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("import Tabs from '@theme/Tabs';\nimport {\n  a,\n} from 'b';\n\nText.", "Text."),
        ("export const x = {\n\n  y: 1,\n};\n\nText.", "Text."),
        ("<!-- note -->\nimport A from './a.jsx';\n\nText.", "Text."),
        ("A {/* hidden */}word.", "A word."),
        ("{/*\nhidden\n\nall of it\n*/}\n\nWord.", "Word."),
        ("<!-- hidden -->Word.", "Word."),
        ("One {'two'} {three} {`four`}.", "One two  four."),
        ('<div className="x" style={{a: "}"}}>Inside</div>', "Inside"),
        ("A <b>bold</b> <Badge color={c}>new</Badge> word", "A bold new word"),
        ("if a < b and c > d", "if a < b and c > d"),
        ("Use `<div>` and `{x}`.", "Use `<div>` and `{x}`."),
        ("Escaped \\{x\\} and \\<T>.", "Escaped {x} and <T>."),
        ("&lt;T&gt;&nbsp;&amp; more", "<T> & more"),
        ("See [the **guide**](./guide.md#x 'title').", "See the **guide**."),
        ("![A diagram](./a_(1).png) below", " below"),
        ("[text][ref]\n\n[ref]: https://example.com", "text"),
        ("Footnote[^1].\n\n[^1]: The note.", "Footnote[^1].\n## Footnotes\n1. The note."),
        (":::tip[Read this]\n\nBody.\n\n:::", "**Read this**\nBody."),
        (":::warning Old style\n\nBody.\n\n:::", "**Old style**\nBody."),
        (":::note\n\nBody.\n\n:::", "**Note**\nBody."),
        ('<Admonition type="info" title="Mind">Body.</Admonition>', "**Mind**\nBody."),
        ('<TabItem value="npm" label="NPM">\n\nRun it.\n\n</TabItem>', "**NPM**\nRun it."),
        ("<details><summary>More</summary>Hidden</details>", "More\nHidden"),
        ("| a | b |\n|---|---|\n| x<br/>y | <p>z</p> |", "| a | b |\n|---|---|\n| x y |  z  |"),
        ("<style>{`.a{color:red}`}</style>Word", "Word"),
        ("An unclosed { brace stays", "An unclosed { brace stays"),
        ("5 <6 and <unclosed", "5 <6 and <unclosed"),
    ],
)
def test_only_what_the_page_shows_is_left(source: str, shown: str) -> None:
    assert text_of(source) == shown


def test_code_is_kept_whole_with_language_and_title() -> None:
    source = (
        '```jsx title="src/a.jsx" {1,3} showLineNumbers\n<A b={c}/> // {/* x */}\n// highlight-next-line\nimport x\n```'
    )
    assert text_of(source) == "`src/a.jsx`\n```jsx\n<A b={c}/> // {/* x */}\nimport x\n```"


def test_a_fence_inside_a_longer_fence_is_code() -> None:
    source = "````md\n```js\nimport x\n```\n````"
    assert text_of(source) == source


def test_mdx_code_blocks_are_unwrapped() -> None:
    assert text_of("```mdx-code-block\nimport A from 'a';\n\n<A>text</A>\n```") == "text"


def test_partials_are_inlined_where_they_stand() -> None:
    source = "import Part from './\\_part.mdx';\n\nBefore\n\n<Part name={x} />\n\nAfter"
    assert text_of(source, include={"./_part.mdx": "Inside"}) == "Before\nInside\nAfter"


def test_a_missing_partial_leaves_the_rest() -> None:
    assert text_of("import P from './p.mdx';\n\nBefore\n\n<P />\n\nAfter") == "Before\nAfter"


def test_braces_are_text_in_commonmark() -> None:
    assert text_of("A {word} stays", mdx=False) == "A {word} stays"


def test_an_unclosed_fence_and_import_lose_no_other_text() -> None:
    assert "Last" in text_of("import { from 'x'\n\nText\n\n```js\ncode\n\nLast")


def test_an_untitled_admonition_is_titled_in_the_pages_language() -> None:
    lines = convert(":::warning\n\nCorps.\n\n:::", unit=0, include=lambda _: None, locale="fr")
    assert [line.text for line in lines if line.text] == ["**Attention**", "Corps."]
