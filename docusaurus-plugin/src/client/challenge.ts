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
  const known = window[provider];
  if (known) {
    return known;
  }
  const script = document.createElement('script');
  script.src = SCRIPTS[provider];
  script.async = true;
  try {
    await new Promise<void>((resolve, reject) => {
      script.addEventListener('load', () => resolve());
      script.addEventListener('error', () => reject(new Error(`${script.src} could not be loaded`)));
      setTimeout(() => reject(new Error(`${script.src} did not come`)), READY_MS);
      document.head.append(script);
    });
  } catch (error) {
    // The next attempt is a new one.
    script.remove();
    throw error;
  }
  const widget = window[provider];
  if (!widget) {
    script.remove();
    throw new Error(`${script.src} defined no ${provider}`);
  }
  return widget;
}
