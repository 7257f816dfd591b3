// @vitest-environment happy-dom
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {showChallenge} from './challenge.js';

const SITE = {provider: 'turnstile', siteKey: 'key'} as const;
let place: HTMLDivElement;
let script: HTMLScriptElement | undefined;

beforeEach(() => {
  place = document.createElement('div');
  place.hidden = true;
  document.body.append(place);
  // The script is not fetched: what would come of it is said by each test.
  vi.spyOn(document.head, 'append').mockImplementation((node) => {
    script = node as HTMLScriptElement;
    vi.spyOn(script, 'remove').mockImplementation(() => {
      script = undefined;
    });
  });
});

afterEach(() => {
  delete window.turnstile;
  vi.restoreAllMocks();
  script = undefined;
  place.remove();
});

test('the widget is shown until the reader has passed', async () => {
  let pass: (proof: string) => void = () => undefined;
  const render = vi.fn((_element: HTMLElement, options: {sitekey: string; callback: (proof: string) => void}) => {
    pass = options.callback;
  });
  const proof = showChallenge(SITE, place);
  expect(script?.src).toBe('https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit');
  expect(place.hidden).toBe(true);
  window.turnstile = {render};
  script?.dispatchEvent(new Event('load'));
  await vi.waitFor(() => expect(render).toHaveBeenCalled());
  expect(render.mock.calls[0]?.[1].sitekey).toBe('key');
  expect(place.hidden).toBe(false);
  pass('proof');
  await expect(proof).resolves.toBe('proof');
  expect(place.hidden).toBe(true);
  expect(place.children).toHaveLength(0);
});

test('a script that does not come is an error, and the next attempt a new one', async () => {
  const failed = showChallenge(SITE, place);
  script?.dispatchEvent(new Event('error'));
  await expect(failed).rejects.toThrow('could not be loaded');
  expect(script).toBeUndefined();
  const empty = showChallenge(SITE, place);
  script?.dispatchEvent(new Event('load'));
  await expect(empty).rejects.toThrow('defined no turnstile');
});

test('a widget that gives up is an error, and gone', async () => {
  window.turnstile = {render: (_element, options) => options['error-callback']()};
  await expect(showChallenge(SITE, place)).rejects.toThrow('gave up');
  expect(place.hidden).toBe(true);
});
