import {appendScript} from './appendScript.js';
import type {ChatData} from '../clientOptions.js';

type Widget = {
  render(
    element: HTMLElement,
    options: {
      sitekey: string;
      theme: 'light' | 'dark';
      callback: (proof: string) => void;
      'error-callback': () => void;
    },
  ): unknown;
};

declare global {
  interface Window {
    turnstile?: Widget;
    hcaptcha?: Widget;
  }
}

const SCRIPTS = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit',
  hcaptcha: 'https://js.hcaptcha.com/1/api.js?render=explicit',
};
const READY_MS = 8_000;

/**
 * Shows the widget of Turnstile or hCaptcha in an element until the reader has passed, and resolves with the proof.
 * Nothing is loaded from the provider before that.
 *
 * @throws Error when the provider's script cannot be loaded, or gives up.
 */
export async function showChallenge(
  {provider, siteKey}: NonNullable<ChatData['challenge']>,
  place: HTMLElement,
): Promise<string> {
  const widget = await loadWidget(provider);
  const box = document.createElement('div');
  place.append(box);
  place.hidden = false;
  try {
    return await new Promise<string>((resolve, reject) => {
      widget.render(box, {
        sitekey: siteKey,
        theme: document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light',
        callback: resolve,
        'error-callback': () => reject(new Error(`${provider} gave up`)),
      });
    });
  } finally {
    place.hidden = true;
    box.remove();
  }
}

async function loadWidget(provider: keyof typeof SCRIPTS): Promise<Widget> {
  const url = SCRIPTS[provider];
  const find = () => {
    const widget = window[provider];
    if (!widget) {
      throw new Error(`${url} defined no ${provider}`);
    }
    return widget;
  };
  return window[provider] ?? appendScript(url, find, READY_MS);
}
