from pathlib import Path

from docs_index.config import UNKNOWN, read_config

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


def test_literals_are_read_and_nothing_is_run(tmp_path: Path) -> None:
    path = tmp_path / "docusaurus.config.ts"
    path.write_text(TYPESCRIPT, "utf-8")
    config = read_config(path)
    assert config["title"] == "It's"
    assert config["url"] == "https://example.com"
    assert config["baseUrl"] == "/docs-site/"
    assert config["trailingSlash"] is False
    assert config["i18n"]["locales"] == ["en", "fr"]
    assert config["presets"][0][1]["docs"]["path"] == "../docs"
    assert config["plugins"][0] == ["x", {"id": "a"}]
    assert config["onBrokenLinks"] is UNKNOWN


def test_a_config_made_by_a_function_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "docusaurus.config.js"
    path.write_text("module.exports = async () => { return {title: 'A', url: 'https://a.b', baseUrl: '/x/'}; };")
    assert read_config(path)["baseUrl"] == "/x/"


def test_a_broken_config_gives_nothing(tmp_path: Path) -> None:
    path = tmp_path / "docusaurus.config.js"
    path.write_text("module.exports = {{{")
    assert read_config(path) == {}
