// @vitest-environment happy-dom
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {loadScript} from './loadScript.js';

// The DOM of these tests loads no script: its events are dispatched by hand.
const scripts: HTMLScriptElement[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  const append = document.head.append.bind(document.head);
  vi.spyOn(document.head, 'append').mockImplementation((...nodes) => {
    scripts.push(...(nodes as HTMLScriptElement[]));
    const [script] = nodes as HTMLScriptElement[];
    script?.setAttribute('type', 'text/plain');
    append(...nodes);
  });
});

afterEach(() => {
  vi.useRealTimers();
  scripts.splice(0).forEach((script) => script.remove());
});

function settle(event: 'load' | 'error'): void {
  scripts.at(-1)?.dispatchEvent(new Event(event));
}

function inPage(url: string): Element[] {
  return [...document.head.querySelectorAll('script')].filter(({src}) => src === url);
}

describe('loadScript', () => {
  it('drops a failed attempt and its tag, and tries again when asked again', async () => {
    const url = 'https://cdn.example.com/blocked.js';
    const first = loadScript(url);
    expect(inPage(url)).toHaveLength(1);
    settle('error');
    await expect(first).rejects.toThrow(`${url} could not be loaded`);
    expect(inPage(url)).toHaveLength(0);

    const second = loadScript(url);
    expect(inPage(url)).toHaveLength(1);
    settle('error');
    await expect(second).rejects.toThrow('could not be loaded');
  });

  it('gives up on a script that defines no element', async () => {
    const url = 'https://cdn.example.com/empty.js';
    const attempt = loadScript(url);
    const failed = expect(attempt).rejects.toThrow(`${url} defined no <openai-chatkit>`);
    settle('load');
    await vi.advanceTimersByTimeAsync(2_000);
    await failed;
    expect(inPage(url)).toHaveLength(0);
  });

  it('loads a script once, whoever asks', async () => {
    const url = 'https://cdn.example.com/chatkit.js';
    const both = [loadScript(url), loadScript(url)];
    expect(inPage(url)).toHaveLength(1);
    customElements.define('openai-chatkit', class extends HTMLElement {});
    settle('load');
    await Promise.all(both);
    await loadScript(url);
    expect(inPage(url)).toHaveLength(1);
  });
});
