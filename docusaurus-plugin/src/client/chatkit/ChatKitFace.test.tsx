// @vitest-environment happy-dom
import {act, fireEvent, render, screen} from '@testing-library/react';
import {beforeEach, describe, expect, it, vi} from 'vitest';
import ChatKitFace from './ChatKitFace.js';

// What only exists inside a Docusaurus site, and OpenAI's script.
vi.mock('../region/useFrame.js', () => ({hasFinePointer: () => true}));
vi.mock('../useColorMode.js', () => ({useColorMode: () => 'light'}));
vi.mock('./siteTheme.js', () => ({readSiteTheme: () => ({}), mergeTheme: () => ({})}));
vi.mock('./loadScript.js', () => ({loadScript: () => Promise.resolve()}));

const sendUserMessage = vi.fn<(message: {text: string}) => Promise<void>>();
const onReport = vi.fn();
const focusComposer = vi.fn(() => Promise.resolve());

class StandIn extends HTMLElement {
  setOptions = () => undefined;
  sendUserMessage = sendUserMessage;
  focusComposer = focusComposer;
}
customElements.define('openai-chatkit', StandIn);

function tell(type: string, detail?: unknown): void {
  const element = document.querySelector('openai-chatkit') as HTMLElement;
  act(() => void element.dispatchEvent(new CustomEvent(type, {detail})));
}

const suggest = (data: unknown): void => tell('chatkit.effect', {name: 'docs_chat.suggestions', data});
const suggestions = () => screen.queryAllByRole('button', {name: 'The check'});

beforeEach(async () => {
  sendUserMessage.mockReset().mockResolvedValue(undefined);
  focusComposer.mockClear();
  onReport.mockClear();
  render(
    <ChatKitFace
      data={{serverUrl: '', consent: false, texts: {}} as never}
      context={{page: '/', locale: 'en'}}
      storage={{get: () => null, set: () => undefined, del: () => undefined}}
      strings={{close: 'Close', loading: 'Loading'} as never}
      suggestionsLabel="Suggested questions"
      title="Ask"
      greeting=""
      prompts={[]}
      placeholder=""
      disclaimer=""
      open
      autoFocus={false}
      onTagSearch={() => Promise.resolve([])}
      onNavigate={() => undefined}
      onClose={() => undefined}
      onFail={() => undefined}
      onReport={onReport}
    />,
  );
  await act(async () => {
    await customElements.whenDefined('openai-chatkit');
  });
  tell('chatkit.ready');
  suggest({questions: [{label: 'The check', prompt: 'What does the check compare?'}]});
});

describe('suggested questions under ChatKit', () => {
  it('are asked by a click', async () => {
    expect(screen.getByRole('list', {name: 'Suggested questions'})).toBeTruthy();
    await act(async () => fireEvent.click(screen.getByRole('button', {name: 'The check'})));
    expect(sendUserMessage).toHaveBeenCalledExactlyOnceWith({text: 'What does the check compare?'});
    expect(focusComposer).toHaveBeenCalledOnce();
  });

  it.each(['chatkit.response.start', 'chatkit.thread.change'])('are gone at %s', (type) => {
    tell(type, {threadId: 'thr_2'});
    expect(suggestions()).toEqual([]);
  });

  it('stay while ChatKit is too busy for a question', async () => {
    sendUserMessage.mockRejectedValue(new Error('busy'));
    await act(async () => fireEvent.click(screen.getByRole('button', {name: 'The check'})));
    expect(suggestions()).toHaveLength(1);
  });

  it('stay at other effects, and go when there are none any more', () => {
    tell('chatkit.effect', {name: 'ping'});
    expect(suggestions()).toHaveLength(1);
    suggest('nonsense');
    expect(suggestions()).toEqual([]);
  });
});

it.each([
  [[], 'done'],
  [['chatkit.error'], 'error'],
])('tells that an answer came, and how it ended after %j', (troubles, state) => {
  tell('chatkit.response.start');
  troubles.forEach((trouble) => tell(trouble, {}));
  tell('chatkit.response.end');
  expect(onReport.mock.calls).toEqual([[{name: 'asked'}], [{name: 'answered', state}]]);
});
