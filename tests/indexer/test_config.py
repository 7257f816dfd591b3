from pathlib import Path
from typing import Any

import pytest
from docs_index.config import UNKNOWN, Settings, read_config
from docs_index.errors import UserError

TYPESCRIPT = """
import {themes as prismThemes} from 'prism-react-renderer';
import type {Config} from '@docusaurus/types';
const base = '/docs-site/'; // named
const config: Config = {
  title: "It's", url: `https://example.com`, baseUrl: base, trailingSlash: false,
  i18n: {defaultLocale: 'en', locales: ['en', 'fr']},
  presets: [['classic', {docs: {path: '../docs', routeBasePath: '/', sidebarPath: require.resolve('./s.js')},
    blog: false} satisfies Preset.Options]],
  plugins: [[require.resolve('x'), {id: 'a'}], async function own() { return {name: 'own'}; }],
  onBrokenLinks: process.env.CI ? 'throw' : 'warn',
  ...shared,
};
export default config;
"""


def read(folder: Path, text: str, name: str = "docusaurus.config.ts", **files: str) -> Settings:
    for file, content in files.items():
        (folder / file.replace("_", ".")).write_text(content, "utf-8")
    (folder / name).write_text(text, "utf-8")
    return read_config(folder / name)


def test_literals_are_read_and_nothing_is_run(tmp_path: Path) -> None:
    config = read(tmp_path, TYPESCRIPT)
    assert config.get("title") == "It's"
    assert config.get("url") == "https://example.com"
    assert config.get("baseUrl") == "/docs-site/"
    assert config.get("trailingSlash") is False
    assert config.get("i18n")["locales"] == ["en", "fr"]
    assert config.get("presets")[0][1]["docs"]["path"] == "../docs"
    assert config.get("plugins")[0] == ["x", {"id": "a"}]
    assert config.get("onBrokenLinks") == "warn"
    assert config.notes.assumed == {"onBrokenLinks": ["CI"]}


@pytest.mark.parametrize(
    "text",
    [
        "module.exports = async () => { return {title: 'A', url: 'https://a.b', baseUrl: '/x/'}; };",
        "module.exports = async function createConfig() { const c = {baseUrl: '/x/'}; return c; }",
        "function make() { return {baseUrl: '/x/'}; }\nmodule.exports = make();",
        "export default {baseUrl: '/x/'} satisfies Config;",
        "/** @type {import('x').Config} */\nconst config = ({baseUrl: '/y/'});\nconfig.baseUrl = '/x/';\n"
        "export default config;",
        "const other = {title: 'A', url: 'b', presets: [], baseUrl: '/wrong/'};\nexport default {baseUrl: '/x/'};",
        "const root = 'x';\nexport default {baseUrl: `/${root}/`};",
        "export default {baseUrl: process.env.BASE || '/x/'};",
        "export default {baseUrl: process.env.NODE_ENV === 'production' ? '/x/' : '/'};",
        "const versions = ['x', 'y'];\nexport default {baseUrl: '/' + versions[0] + '/'};",
        "import base from './base';\nexport default {baseUrl: base.path};",
        "const {path} = require('./base.json');\nexport default {baseUrl: path};",
        "export default withExtras({baseUrl: '/x/'});",
    ],
)
def test_a_config_is_found_in_whatever_shape_it_is_exported(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text, base_json='{"path": "/x/"}').get("baseUrl") == "/x/"


@pytest.mark.parametrize(
    "value",
    [
        "process.env.BASE",
        "choose()",
        "imported",
        "condition ? '/a/' : '/b/'",
        "`/${process.env.BASE}/`",
        "again",
    ],
)
def test_what_only_running_the_config_could_tell_is_unknown(tmp_path: Path, value: str) -> None:
    config = read(
        tmp_path, f"import imported from 'package';\nconst again = again;\nexport default {{baseUrl: {value}}};"
    )
    assert config.get("baseUrl") is UNKNOWN or type(config.get("baseUrl")).__name__ == "Module"
    assert config.notes.unread == ["baseUrl"]


@pytest.mark.parametrize(
    ("text", "plugins"),
    [
        ("const c = {plugins: ['a']};\nc.plugins.push('b');\nexport default c;", ["a", UNKNOWN]),
        ("export default {plugins: ['a', ...more, false && 'b', on && 'c'].filter(Boolean)};", ["a", UNKNOWN, UNKNOWN]),
        ("const more = ['b'];\nexport default {plugins: ['a', ...more]};", ["a", "b"]),
    ],
)
def test_what_is_added_to_a_list_by_code_is_not_overlooked(tmp_path: Path, text: str, plugins: list[Any]) -> None:
    assert read(tmp_path, text).items("plugins") == plugins


@pytest.mark.parametrize("text", ["", "module.exports = {{{", "export const a = 1;", "export default [];", "\0\1"])
def test_a_config_without_an_object_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match=r"docusaurus\.config\.js") as error:
        read(tmp_path, text, "docusaurus.config.js")
    assert error.value.hint


def test_a_config_that_nests_without_end_is_no_crash(tmp_path: Path) -> None:
    config = read(
        tmp_path, "const a = {x: b}; const b = {x: a};\nexport default {c: a, d: " + "[" * 3000 + "]" * 3000 + "};"
    )
    assert config.keys() == ["c", "d"]


def test_of_two_objects_the_settings_that_agree_are_known(tmp_path: Path) -> None:
    text = (
        "const versions = ['next', 'stable'];\n"
        "export default {...(versions.includes('stable') ? {baseUrl: '/s/'} : {}),\n"
        "  docs: {path: 'docs', ...(isFast() ? {include: ['*.md'], exclude: []} : {exclude: []})}};"
    )
    config = read(tmp_path, text)
    assert config.get("baseUrl") == "/s/"
    docs = config.table("docs")
    assert isinstance(docs, Settings)
    assert docs.get("path") == "docs"
    assert docs.get("exclude") == []
    assert docs.get("include") is UNKNOWN
