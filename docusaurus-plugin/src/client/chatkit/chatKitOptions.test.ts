import {describe, expect, it, vi} from 'vitest';
import {toChatKitOptions, type ChatKitInput} from './chatKitOptions.js';
import {mergeTheme} from './siteTheme.js';
import type {Entity} from '@openai/chatkit';

const input: ChatKitInput = {
  data: {serverUrl: 'https://chat.example.com', domainKey: 'domain_pk_1', dictation: false},
  fetch,
  locale: 'fr',
  theme: {colorScheme: 'dark'},
  title: 'Ask the docs',
  greeting: 'Hello\nSmall print',
  prompts: ['One?', 'Two?', 'Three?', 'Four?', 'Five?'],
  placeholder: 'Ask',
  disclaimer: 'Check the source.',
  initialThread: 'thr_1',
  onTagSearch: (query) => Promise.resolve([{id: '/a', title: query, description: 'A page', data: {permalink: '/a'}}]),
  onNavigate: () => {},
  onClose: () => {},
};

describe('toChatKitOptions', () => {
  it('speaks to our server in the words and the look of the site', () => {
    expect(toChatKitOptions(input)).toMatchObject({
      api: {url: 'https://chat.example.com/chatkit', domainKey: 'domain_pk_1', fetch},
      locale: 'fr',
      frameTitle: 'Ask the docs',
      theme: {colorScheme: 'dark'},
      initialThread: 'thr_1',
      header: {title: {text: 'Ask the docs'}, rightAction: {icon: 'close'}},
      history: {enabled: true},
      startScreen: {greeting: 'Hello'},
      threadItemActions: {feedback: true, retry: true},
      composer: {placeholder: 'Ask', dictation: {enabled: false}},
      disclaimer: {text: 'Check the source.'},
    });
    expect(toChatKitOptions(input).startScreen?.prompts?.map(({label, prompt}) => [label, prompt]))
      .toEqual(input.prompts.map((prompt) => [prompt, prompt]));
  });

  it('leaves out what ChatKit does not know or the site does not want', () => {
    const options = toChatKitOptions({...input, locale: 'tlh', disclaimer: ''});
    expect(options).not.toHaveProperty('locale');
    expect(options).not.toHaveProperty('disclaimer');
  });

  it('has a microphone where the site wants one', () => {
    const {composer} = toChatKitOptions({...input, data: {...input.data, dictation: true}});
    expect(composer?.dictation).toEqual({enabled: true});
  });

  it('has a placeholder for the key, that only localhost accepts', () => {
    const {api} = toChatKitOptions({...input, data: {serverUrl: '', dictation: false}});
    expect(api).toMatchObject({url: '/chatkit', domainKey: 'local-dev'});
  });

  it('follows a cited section, and the page when there is no heading', () => {
    const onNavigate = vi.fn();
    const {entities} = toChatKitOptions({...input, onNavigate});
    const cited = (data: Entity['data']): Entity => ({id: 'p1', title: 'Page', data});
    entities?.onClick?.(cited({permalink: '/docs/a', anchor: 'b'}));
    entities?.onClick?.(cited({permalink: '/docs/a', anchor: ''}));
    entities?.onClick?.(cited(undefined));
    expect(onNavigate.mock.calls).toEqual([['/docs/a#b'], ['/docs/a']]);
  });
});

it('lets an @ name a page', async () => {
  const found = await toChatKitOptions(input).entities?.onTagSearch?.('Start');
  expect(found).toEqual([{id: '/a', title: 'Start', interactive: true, data: {permalink: '/a'}}]);
});

it('shows where a citation leads and what it quotes', async () => {
  const preview = async (data: Record<string, string>) =>
    (await toChatKitOptions(input).entities?.onRequestPreview?.({id: 'a', title: 'A', data}))?.preview;
  expect(await preview({breadcrumb: 'A › B', version_label: '2.0', quote: 'So it is.'})).toMatchObject({
    type: 'Basic',
    children: [{value: 'A › B · 2.0'}, {value: 'So it is.'}],
  });
  expect(await preview({breadcrumb: 'A'})).toBeNull();
});

it("puts the site's own theme settings over those read from the page", () => {
  const site = {
    colorScheme: 'light',
    radius: 'soft',
    typography: {baseSize: 15, fontFamily: 'serif'},
    color: {accent: {primary: '#2e8555', level: 1}},
  } as const;
  const own = {radius: 'pill', typography: {baseSize: 16}, color: {grayscale: {hue: 1, tint: 2}}} as const;
  expect(mergeTheme(site, own)).toEqual({
    colorScheme: 'light',
    radius: 'pill',
    typography: {baseSize: 16, fontFamily: 'serif'},
    color: {accent: {primary: '#2e8555', level: 1}, grayscale: {hue: 1, tint: 2}},
  });
  expect(mergeTheme(site)).toEqual(site);
});
