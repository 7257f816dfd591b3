// @vitest-environment happy-dom
import {act, render} from '@testing-library/react';
import type {ReactNode} from 'react';
import {describe, expect, it, vi} from 'vitest';
import {PanelContext, type PanelHost} from './context.js';
import Markdown from './Markdown.js';
import type {Marker} from './sources.js';
import {DEFAULT_STRINGS} from './strings.js';

const HOST: PanelHost = {
  strings: DEFAULT_STRINGS,
  siteUrl: undefined,
  toHref: (path: string) => path,
  imageDomains: null,
  onNavigate: () => undefined,
  renderCode: undefined,
  showSource: () => undefined,
};

function InPanel({children}: {children: ReactNode}): ReactNode {
  return <PanelContext.Provider value={HOST}>{children}</PanelContext.Provider>;
}

const cited = (n: string) => ({
  key: `part_${n}`,
  n,
  title: `Page › Heading ${n}`,
  breadcrumb: `Page › Heading ${n}`,
  href: `/docs/page#heading-${n}`,
  version: '1.0',
  quote: 'A quote.',
});

/** Text with `^1` where the marker of source 1 belongs, as text and markers. */
function withMarkers(marked: string): {text: string; markers: Marker[]} {
  const markers: Marker[] = [];
  let text = '';
  for (const [index, piece] of marked.split(/\^(\d)/).entries()) {
    if (index % 2 === 0) {
      text += piece;
    } else {
      markers.push({offset: text.length, source: cited(piece)});
    }
  }
  return {text, markers};
}

function draw(marked: string, streaming = false): HTMLElement {
  const {container} = render(<Markdown {...withMarkers(marked)} streaming={streaming} />, {wrapper: InPanel});
  return container.querySelector('.dc-md') as HTMLElement;
}

/** The drawing as text, with markers shown as they were written. */
function read(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const cite of copy.querySelectorAll('[data-docs-chat="citation"]')) {
    cite.textContent = `^${cite.textContent}`;
  }
  return copy.textContent ?? '';
}

describe('what it draws', () => {
  it('draws headings under the panel’s own', () => {
    expect([...draw('# a\n\n## b\n\n###### c').children].map(({tagName}) => tagName)).toEqual(['H3', 'H4', 'H6']);
  });

  it('does not skip a level where the answer does', () => {
    expect([...draw('### a\n\n#### b').children].map(({tagName}) => tagName)).toEqual(['H3', 'H4']);
  });

  it('draws emphasis, code, lists, quotes, rules and line breaks', () => {
    const html = draw('**b** *i* ~~d~~ `c`\n\n3. x\n   - y\n\n> q\n\n---\n\na  \nb').innerHTML;
    expect(html).toContain('<strong>b</strong> <em>i</em> <del>d</del> <code translate="no">c</code>');
    expect(html).toContain('<ol start="3"><li>x<ul><li>y</li></ul></li></ol>');
    expect(html).toContain('<blockquote><p>q</p></blockquote>');
    expect(html).toContain('<hr>');
    expect(html).toContain('<p>a<br>b</p>');
  });

  it('draws tables with their alignment, in a frame that the keyboard can scroll', () => {
    const element = draw('| a | b |\n|---|--:|\n| 1 \\| 2 | **3** |');
    expect(element.querySelector('.dc-table')?.getAttribute('tabindex')).toBe('0');
    expect([...element.querySelectorAll('td')].map((cell) => [cell.textContent, cell.style.textAlign])).toEqual([
      ['1 | 2', ''],
      ['3', 'end'],
    ]);
  });

  it('draws no head where a table has none', () => {
    const element = draw('|  |  |\n|---|---|\n| a | b |');
    expect(element.querySelector('th')).toBeNull();
    expect(element.querySelectorAll('td')).toHaveLength(2);
  });

  it('draws a code block with language, title and a way to copy it', async () => {
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined);
    const element = draw('```yaml title="a/b.yml"\nx: <b>1</b>\n```');
    expect(element.querySelector('.dc-code-label')?.textContent).toBe('yaml · a/b.yml');
    expect(element.querySelector('pre code')?.textContent).toBe('x: <b>1</b>');
    await act(async () => element.querySelector<HTMLButtonElement>('[aria-label="Copy code"]')?.click());
    expect(element.querySelector('[aria-label="Copied"]')).not.toBeNull();
    expect(writeText).toHaveBeenCalledWith('x: <b>1</b>');
  });

  it('leaves the inside of code to the host when it wants', () => {
    function Host(): React.ReactNode {
      const host = {...HOST, strings: DEFAULT_STRINGS, renderCode: (code: string, language?: string) => <em>{`${language}: ${code}`}</em>};
      return (
        <PanelContext.Provider value={host}>
          <Markdown text={'```js\nx\n```'} markers={[]} streaming={false} />
        </PanelContext.Provider>
      );
    }
    expect(render(<Host />).container.querySelector('pre')?.innerHTML).toBe('<em>js: x</em>');
  });

  it('resolves character references outside code only', () => {
    expect(draw('a &lt; b &amp; &#39;c&#x27; `&lt;`').textContent).toBe("a < b & 'c' &lt;");
  });
});

describe('links', () => {
  it('gives plain clicks on this site to the host, and only those', () => {
    const onNavigate = vi.fn();
    function Host(): React.ReactNode {
      return (
        <PanelContext.Provider value={{...HOST, onNavigate}}>
          <Markdown text={`[a](/docs/x?q=1#y) [b](${window.location.origin}/docs/z) [c](https://other.example/)`} markers={[]} streaming={false} />
        </PanelContext.Provider>
      );
    }
    const [a, b, c] = render(<Host />).container.querySelectorAll('a');
    const click = (link: Element | undefined, init = {}) => {
      const event = new MouseEvent('click', {bubbles: true, cancelable: true, ...init});
      link?.addEventListener('click', (seen) => queueMicrotask(() => seen.preventDefault()), {once: true});
      link?.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(click(a)).toBe(true);
    expect(click(b)).toBe(true);
    expect(onNavigate.mock.calls).toEqual([['/docs/x?q=1#y'], ['/docs/z']]);
    expect(click(a, {ctrlKey: true})).toBe(false);
    expect(click(a, {button: 1})).toBe(false);
    expect(onNavigate).toHaveBeenCalledTimes(2);
    expect(c?.getAttribute('rel')).toBe('noopener noreferrer');
    expect(c?.getAttribute('target')).toBe('_blank');
  });
});

const SECTION = `**Install › Kettle**^1

> What matters.^2
>
> \`\`\`bash
> ---
> pip install kettle
> \`\`\`
>
> ---
>
> The **rest** of it.^3
>
> | a | b |
> |---|---|
> | c | d |
>
> ---
>
> - one
> - two

After it.^4`;

describe('the rest of a quoted section', () => {
  const fold = (element: Element) => element.querySelector('details');

  it('is folded behind what matters, from the first thematic break on', () => {
    const element = draw(SECTION);
    const details = fold(element);
    expect(details?.open).toBe(false);
    expect(details?.querySelector('summary')?.textContent).toBe('The rest of this section');
    expect(details?.parentElement?.tagName).toBe('BLOCKQUOTE');
    expect([...(details?.parentElement?.children ?? [])].map(({tagName}) => tagName)).toEqual(['P', 'DIV', 'DETAILS']);
    expect([...(details?.children ?? [])].map(({tagName}) => tagName)).toEqual(['SUMMARY', 'P', 'DIV', 'HR', 'UL']);
    expect(element.querySelectorAll('hr')).toHaveLength(1);
    expect(element.lastElementChild?.textContent).toBe('After it.4');
  });

  it('says its name in the language of the panel', () => {
    function Host(): React.ReactNode {
      const host = {...HOST, strings: {...DEFAULT_STRINGS, rest: 'La suite'}};
      return (
        <PanelContext.Provider value={host}>
          <Markdown text={SECTION} markers={[]} streaming={false} />
        </PanelContext.Provider>
      );
    }
    expect(render(<Host />).container.querySelector('summary')?.textContent).toBe('La suite');
  });

  it('keeps its citations, as links', () => {
    const element = draw(SECTION);
    expect(read(element)).toBe('Install › Kettle^1What matters.^2bash---\npip install kettleThe rest of this sectionThe rest of it.^3abcdonetwoAfter it.^4');
    expect(fold(element)?.querySelector('a')?.getAttribute('href')).toBe('/docs/page#heading-3');
  });

  it.each([
    ['outside a quote', 'a\n\n---\n\n> b', 1],
    ['in a quote in a quote', '> a\n>\n> > b\n> >\n> > ---\n> >\n> > c', 1],
    ['in a quote in a list', '- > a\n  >\n  > ---\n  >\n  > b', 1],
    ['that begins the quote', '> ---\n>\n> a', 1],
    ['that ends the quote', '> a\n>\n> ---', 0],
    ['that is a heading’s underline', '> a\n> ---\n> b', 0],
  ])('is not what follows a break %s', (_, text, lines) => {
    const element = draw(text);
    expect(fold(element)).toBeNull();
    expect(element.querySelectorAll('hr')).toHaveLength(lines);
  });

  it.each([false, true])('stays as the reader has it while the answer streams: open is %s', (opened) => {
    const {text, markers} = withMarkers(SECTION);
    const shown = (end: number) => (
      <Markdown text={text.slice(0, end)} markers={markers.filter(({offset}) => offset <= end)} streaming={end < text.length} />
    );
    const {container, rerender} = render(shown(0), {wrapper: InPanel});
    let details: HTMLDetailsElement | null = null;
    for (let end = 1; end <= text.length; end += 1) {
      rerender(shown(end));
      const now = fold(container);
      if (details === null && now !== null) {
        details = now;
        expect(now.open).toBe(false);
        now.open = opened;
      }
      expect(now, text.slice(0, end)).toBe(details);
      expect(details?.open ?? opened).toBe(opened);
      for (const line of container.querySelectorAll('blockquote p')) {
        expect(line.textContent, JSON.stringify(text.slice(0, end))).toMatch(/^(?!-)[^*`|]+$/);
      }
    }
    expect(details).not.toBeNull();
  });
});

const ATTACKS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'a <b onmouseover="alert(1)">b</b>',
  '<svg/onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<!-- <script>alert(1)</script> -->',
  '<div>\n<script>alert(1)</script>\n</div>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](<java\nscript:alert(1)>)',
  '[x](\u0001javascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](&#x6A;avascript&#58;alert(1))',
  '[x](java&Tab;script:alert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](file:///etc/passwd)',
  '[x](blob:https://example.com/1)',
  '[x](/docs "onclick=alert(1)")',
  '[x](/docs" onclick="alert(1))',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '![x](https://evil.example/pixel.png)',
  '![x](javascript:alert(1))',
  '[![x](https://evil.example/pixel.png)](https://evil.example)',
  '| <img src=x onerror=alert(1)> |\n|---|\n| [x](javascript:alert(1)) |',
  '- <script>alert(1)</script>\n- [x](javascript:alert(1))',
  '```html onload=alert(1)\n<script>alert(1)</script>\n```',
  '`<script>alert(1)</script>`',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
];

describe('hostile text', () => {
  it.each(ATTACKS)('draws nothing that acts or loads: %j', (attack) => {
    for (const streaming of [false, true]) {
      const element = draw(attack, streaming);
      for (const node of element.querySelectorAll('*')) {
        expect(['SCRIPT', 'IMG', 'IFRAME', 'STYLE', 'OBJECT', 'EMBED', 'LINK', 'META', 'BASE', 'FORM']).not.toContain(node.tagName);
        if (node.closest('svg.dc-icon') === null) {
          expect(node.tagName.toLowerCase()).not.toBe('svg');
          expect(node.getAttributeNames().filter((name) => name.startsWith('on'))).toEqual([]);
        }
      }
      for (const link of element.querySelectorAll('a')) {
        expect(new URL(link.getAttribute('href') ?? '', 'https://site.example').protocol).toMatch(/^(https?|mailto):$/);
      }
    }
  });

  it('nested deeper than any stack is shown as it is', () => {
    const text = '> '.repeat(20_000);
    expect(draw(`${text}x^1`).textContent).toBe(`${text}x1`);
  });

  it('shows raw HTML as the text it is', () => {
    expect(draw('a <b>bold</b>\n\n<div>x</div>').textContent).toBe('a <b>bold</b><div>x</div>');
  });
});

describe('citations', () => {
  it('are links to the section, with the source for a name', () => {
    const link = draw('a.^1').querySelector('a[data-docs-chat="citation"]');
    expect(link?.getAttribute('href')).toBe('/docs/page#heading-1');
    expect(link?.getAttribute('aria-label')).toBe('Source 1: Page › Heading 1');
  });

  it.each([
    ['at the end', 'One.^1', 'One.^1'],
    ['at the start', '^1One.', '^1One.'],
    ['in a sentence', 'One^1 and two.^2', 'One^1 and two.^2'],
    ['several at one place', 'One.^1^2', 'One.^1^2'],
    ['after emoji', '🚀 **👩‍👩‍👧 go**^1 🎉.^2', '🚀 👩‍👩‍👧 go^1 🎉.^2'],
    ['before bold', 'a ^1**b** c', 'a ^1b c'],
    ['inside bold', 'a **b^1 c** d', 'a b^1 c d'],
    ['at the end inside bold', '**a.^1** b', 'a.^1 b'],
    ['right after bold', '**a.**^1 b', 'a.^1 b'],
    ['inside the closing marks', '**a*^1* b', 'a^1 b'],
    ['next to letters', '**a**^1b', 'a^1b'],
    ['after nested emphasis', '***a***^1 b', 'a^1 b'],
    ['inside code, after it', '`a^1b` c', 'ab^1 c'],
    ['after code', '`a`^1 c', 'a^1 c'],
    ['inside a link, after it', '[a^1b](/x) c', 'ab^1 c'],
    ['inside an address, after it', '[a](/x^1y) c', 'a^1 c'],
    ['after a link', '[a](/x)^1 c', 'a^1 c'],
    ['after an escape', 'a\\*^1 b', 'a*^1 b'],
    ['after a reference', 'a &amp;^1 b', 'a &^1 b'],
    ['at a heading', '## One^1\n\ntwo', 'One^1two'],
    ['at the start of a heading', '^1## One', '^1One'],
    ['between paragraphs', 'One.\n^1\nTwo.', 'One.^1Two.'],
    ['at the start of the next paragraph', 'One.\n\n^1Two.', 'One.^1Two.'],
    ['past the end', 'One.\n\n^1', 'One.^1'],
    ['in the second line', 'one\ntwo^1 three', 'one\ntwo^1 three'],
    ['after a line break', 'one  \n^1two', 'one^1two'],
    ['with CRLF', 'one\r\ntwo^1 three\r\n\r\nfour^2', 'one \ntwo^1 three four^2'],
    ['in list items', '- one^1\n- two^2\n', 'one^1two^2'],
    ['in loose and nested lists', '1. one^1\n\n   more^2\n   - deep\n     down^3\n2. two', 'one^1more^2deep\ndown^3two'],
    ['in a task list', '- [x] one^1\n- [ ] two^2', '☑one^1☐two^2'],
    ['in a quote', '> one\n> two^1\n\nthree^2', 'one\ntwo^1three^2'],
    ['in a list in a quote', '> - one^1\n> - two^2', 'one^1two^2'],
    ['in a table', '| a^1 | b |\n|---|---|\n| c^2 | `d`^3 |', 'a^1bc^2d^3'],
    ['at the borders of cells', '| a | b |\n|---|---|\n| c ^1| d |^2\n| e | f |', 'abc^1d^2ef'],
    ['among escaped pipes', '| a |\n|---|\n| b \\| c^1 |', 'ab | c^1'],
    ['where words repeat', 'the a the^1 a the a^2 the', 'the a the^1 a the a^2 the'],
    ['in raw HTML', 'a <b>b^1</b> c', 'a <b>b^1</b> c'],
    ['at an image', 'a ![x](y)^1 b', 'a ^1 b'],
  ])('%s', (_, marked, drawn) => {
    expect(read(draw(marked))).toBe(drawn);
  });

  it('stay in the right cell, item and element', () => {
    const where = (marked: string) => draw(marked).querySelector('[data-docs-chat="citation"]')?.closest('td, th, li, strong, em')?.textContent;
    expect(where('| a | b |\n|---|---|\n| c ^1| d |')).toBe('c1');
    expect(where('- a\n- b^1\n- c')).toBe('b1');
    expect(where('x **a^1 b** c')).toBe('a1 b');
  });

  it.each([
    ['right after', 'a\n\n```sh\nx\n```^1\n\nb'],
    ['inside', 'a\n\n```sh\nx^1\n```\n\nb'],
    ['under', 'a\n\n```sh\nx\n```\n^1\n\nb'],
    ['in a list,', '- a\n\n  ```sh\n  x\n  ```^1\n- b'],
  ])('%s a code block go to its header', (_, marked) => {
    const element = draw(marked);
    expect(element.querySelector('.dc-code-head [data-docs-chat="citation"]')?.textContent).toBe('1');
    expect(element.querySelectorAll('[data-docs-chat="citation"]')).toHaveLength(1);
    expect(element.querySelector('pre')?.textContent).toBe('x');
  });

  it('are never lost, wherever they fall', () => {
    const text = '# T *e*\n\nA **b** `c` [d](/e "f") ![g](h) <i>j</i>\\*\nk\n\n| l | m |\n|:-|-:|\n| **n** | o |\n\n1. p\n   > q\n   ```js\n   r\n   ```\n- [ ] s\n\n---\n\n<!-- t -->\n\n[u]: /v\n\n```\nw\n```\n\n> y\n>\n> ---\n>\n> z\n\n<div>\nx\n</div>\n';
    const plain = draw(text).textContent?.replace(/\s/g, '');
    for (let offset = 0; offset <= text.length + 2; offset += 1) {
      const {container} = render(<Markdown text={text} markers={[{offset, source: cited('9')}]} streaming={false} />, {wrapper: InPanel});
      expect(container.querySelectorAll('[data-docs-chat="citation"]'), `offset ${offset}`).toHaveLength(1);
      container.querySelector('[data-docs-chat="citation"]')?.remove();
      expect(container.textContent?.replace(/\s/g, '')).toBe(plain);
    }
  });
});

describe('while the answer streams', () => {
  it('does not draw finished blocks again', () => {
    const drawn = vi.fn((code: string) => <code>{code}</code>);
    function Host({text}: {text: string}): React.ReactNode {
      return (
        <PanelContext.Provider value={host}>
          <Markdown text={text} markers={[]} streaming />
        </PanelContext.Provider>
      );
    }
    const host = {...HOST, renderCode: drawn};
    const first = '```js\nx\n```\n\n';
    const {rerender, container} = render(<Host text={`${first}a`} />);
    const block = container.querySelector('.dc-code');
    const count = drawn.mock.calls.length;
    for (let end = 1; end < 40; end += 1) {
      rerender(<Host text={first + 'and so **on** and on with `code` and more'.slice(0, end)} />);
    }
    expect(drawn).toHaveBeenCalledTimes(count);
    expect(container.querySelector('.dc-code')).toBe(block);
  });

  it('never shows the marks of what is being written', () => {
    const text = 'Some **bold words**, `some code`, [a link](https://example.com/x) and *one more*.\n\n- item **b**\n- `c`\n\n| a | b |\n|---|---|\n| **c** | d |\n\n```js\nlet x;\n```\n\nEnd.';
    for (let end = 1; end <= text.length; end += 1) {
      const drawn = draw(text.slice(0, end), true);
      const prose = [...drawn.children].filter((child) => !child.matches('.dc-code')).map((child) => child.textContent ?? '');
      expect(prose.join('\n'), JSON.stringify(text.slice(0, end))).not.toMatch(/[*`|\]]|\(http/);
    }
    expect(draw(text, true).textContent).toBe(draw(text).textContent);
  });

  it('does not take the start of a list for an underlined heading', () => {
    expect(draw('Two things:\n-', true).querySelector('h3, h4')).toBeNull();
  });
});

describe('admonitions', () => {
  const notes = (element: Element) =>
    [...element.querySelectorAll<HTMLElement>('.dc-admonition')].map((note) => [
      note.dataset.kind,
      note.querySelector('p')?.textContent,
      note.querySelector('div')?.textContent,
    ]);

  it.each<[string, string, (string | undefined)[][]]>([
    ['of Docusaurus', ':::tip\n\nUse the **cache**.\n\n:::\n\nEnd.', [['tip', 'Tip', 'Use the cache.']]],
    ['with a title', ':::danger[Not `undone`]\nGone.\n:::', [['danger', 'Not undone', 'Gone.']]],
    ['with a title as before version 3', ':::note My title\n\nText.\n\n:::', [['note', 'My title', 'Text.']]],
    ['right after a paragraph', 'Before.\n:::info\nText.\n:::', [['info', 'Info', 'Text.']]],
    ['in one another', '::::info\nOuter.\n\n:::tip\nInner.\n:::\n\n::::', [['info', 'Info', 'Outer.TipInner.'], ['tip', 'Tip', 'Inner.']]],
    ['in a list', '- a\n\n  :::note\n  b\n  :::', [['note', 'Note', 'b']]],
    ['of GitHub', '> [!WARNING]\n> Mind the *gap*.', [['warning', 'Warning', 'Mind the gap.']]],
    ['of GitHub with paragraphs', '> [!IMPORTANT]\n>\n> One.\n>\n> Two.', [['important', 'Important', 'One.Two.']]],
    ['that are none', ':::unheard\nText.\n:::\n\n> [!HUH]\n> x\n\n`:::note`', []],
  ])('%s', (_, text, expected) => {
    expect(notes(draw(text))).toEqual(expected);
  });

  it('keep the text around them, and code in them', () => {
    const element = draw('A.\n\n:::note\n\n```sh\n:::\n```\n\n:::\n\nB.');
    expect(element.querySelector('.dc-admonition pre')?.textContent).toBe(':::');
    expect([...element.children].map((child) => child.tagName)).toEqual(['P', 'DIV', 'P']);
  });

  it('hold the citations that fall into them', () => {
    expect(read(draw(':::tip[A title]\n\nSaid here.^1 And there.^2\n\n:::'))).toBe('A titleSaid here.^1 And there.^2');
    expect(read(draw('> [!NOTE]\n> Said here.^1\n> And there.^2'))).toMatch(/Said here\.\^1\s+And there\.\^2/);
  });

  it('never show their marks while they are written', () => {
    const text = 'Intro.\n\n:::tip[Use it]\n\nSome text.\n\n:::\n\nMore.\n\n> [!NOTE]\n> Noted.';
    for (let end = 1; end <= text.length; end += 1) {
      expect(draw(text.slice(0, end), true).textContent, text.slice(0, end)).not.toMatch(/:::|::$|\[!|tip\[/);
    }
  });
});
