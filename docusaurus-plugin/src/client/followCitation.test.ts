// @vitest-environment happy-dom
import {createMemoryHistory} from 'history';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {followCitation} from './followCitation.js';

const scrolled: string[] = [];

beforeEach(() => {
  vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(function (this: Element) {
    scrolled.push(this.textContent);
  });
});

afterEach(() => {
  document.body.innerHTML = '';
  scrolled.length = 0;
});

function cited(): (string | null)[] {
  return [...document.querySelectorAll('[data-docs-chat-cited]')].map((node) => node.textContent);
}

describe('followCitation', () => {
  it('goes to the section without a page load, scrolls to it and marks it alone', async () => {
    document.body.innerHTML = '<main><h1>A</h1><h2 id="one">One</h2><h2 id="two">Two</h2></main>';
    const history = createMemoryHistory({initialEntries: ['/docs/a']});
    await followCitation('/docs/a#one', history);
    expect(history.location).toMatchObject({pathname: '/docs/a', hash: '#one'});
    await followCitation('/docs/a#two', history);
    expect(history.location.hash).toBe('#two');
    expect(scrolled).toEqual(['One', 'Two']);
    expect(cited()).toEqual(['Two']);
  });

  it('scrolls again to where the reader already is, without a new entry in the history', async () => {
    document.body.innerHTML = '<main><h2 id="été">One</h2></main>';
    const history = createMemoryHistory({initialEntries: ['/docs/a#%C3%A9t%C3%A9']});
    await followCitation('/docs/a#%C3%A9t%C3%A9', history);
    expect(history.length).toBe(1);
    expect(scrolled).toEqual(['One']);
  });

  it('waits for the other page, even when this one has a heading of that id', async () => {
    document.body.innerHTML = '<main><h2 id="install">Old</h2></main>';
    const history = createMemoryHistory({initialEntries: ['/docs/a']});
    history.listen(() => {
      setTimeout(() => {
        document.body.innerHTML = '<main><h2 id="install">New</h2></main>';
      }, 60);
    });
    const section = await followCitation('/docs/b#install', history);
    expect(section?.textContent).toBe('New');
    expect(scrolled).toEqual(['New']);
  });

  it('cites a page by its title when there is no heading', async () => {
    document.body.innerHTML = '<main><h1>Title</h1></main>';
    await followCitation('/docs/a', createMemoryHistory({initialEntries: ['/docs/a/']}));
    expect(cited()).toEqual(['Title']);
  });

  it('opens the tab and the details around a section, from the outside in', async () => {
    document.body.innerHTML = `<main><div>
      <ul role="tablist"><li role="tab">npm</li><li role="tab">Yarn</li></ul>
      <div><div role="tabpanel">x</div><div role="tabpanel" hidden>
        <details data-collapsed="true"><summary>More</summary><h3 id="deep">Deep</h3></details>
      </div></div></div></main>`;
    const clicks: string[] = [];
    document.body.addEventListener('click', (event) => {
      const target = event.target as HTMLElement;
      clicks.push(target.textContent);
      if (target.textContent === 'Yarn') {
        document.querySelector('[role="tabpanel"][hidden]')?.removeAttribute('hidden');
      }
    });
    await followCitation('/docs/a#deep', createMemoryHistory({initialEntries: ['/docs/a']}));
    expect(clicks).toEqual(['Yarn', 'More']);
    expect(scrolled).toEqual(['Deep']);
  });

  it('opens another site in a tab that cannot reach this one', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const history = createMemoryHistory({initialEntries: ['/docs/a']});
    await followCitation('https://other.example/x#y', history);
    expect(open).toHaveBeenCalledWith(new URL('https://other.example/x#y'), '_blank', 'noopener');
    expect(history.length).toBe(1);
  });
});
