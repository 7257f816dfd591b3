import type {ChatKitOptions, CustomApiConfig} from '@openai/chatkit';
import {expect, test, type Page} from '@playwright/test';
import {Chat, LOOKS, markDocument, readBuild} from './chat.ts';
import type {ChatKitRecord} from './chatkit-stand-in.ts';
import {CHATKIT_SITE, PORTS, SCRIPT_URL} from './places.mjs';

test.use({baseURL: `http://127.0.0.1:${PORTS.chatkit}`});

type Recorded = {options: ChatKitOptions[]; requests: ChatKitRecord['requests']};

/** What the stand-in was given; functions do not travel, so they are told by name. */
function readRecord(page: Page): Promise<Recorded> {
  return page.evaluate(
    () =>
      JSON.parse(
        JSON.stringify(window.chatKitRecord, (_, value: unknown) => (typeof value === 'function' ? 'function' : value)),
      ) as Recorded,
  );
}

test('the script is asked for on first open, not before', async ({page}) => {
  const scripts: string[] = [];
  page.on('request', (request) => request.url() === SCRIPT_URL && scripts.push(request.url()));
  const chat = new Chat(page);
  await page.goto('/docs/');
  await page.waitForLoadState('networkidle');
  expect(scripts).toEqual([]);
  await chat.launcher.click();
  await expect(page.locator('openai-chatkit textarea')).toBeVisible();
  expect(scripts).toEqual([SCRIPT_URL]);
  await expect(chat.region).toHaveAttribute('data-face', 'chatkit');
  await chat.lookAt('chatkit-stand-in');
});

test('ChatKit gets our server, the site’s colours and words', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.launcher.click();
  await expect(page.locator('openai-chatkit textarea')).toBeVisible();
  const options = (await readRecord(page)).options.at(-1)!;
  const api = options.api as CustomApiConfig;
  expect(api.url).toMatch(/\/chatkit$/);
  expect(api.fetch).toBe('function');
  expect(api.domainKey).toBeTruthy();
  const theme = options.theme as Exclude<ChatKitOptions['theme'], string | undefined>;
  expect(theme.colorScheme).toBe('light');
  expect(theme.color?.accent?.primary).toMatch(/^#[0-9a-f]{6}$/);
  expect(theme.color?.surface?.background).toMatch(/^#[0-9a-f]{6}$/);
  expect(options.startScreen?.prompts?.length).toBeGreaterThan(0);
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  await expect
    .poll(async () => ((await readRecord(page)).options.at(-1)!.theme as typeof theme).colorScheme)
    .toBe('dark');
});

test('its requests carry our token, and a citation opens inside the site', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.launcher.click();
  const composer = page.locator('openai-chatkit textarea');
  await composer.fill('How do I keep nginx from buffering the stream?');
  const answered = page.waitForResponse('**/chatkit');
  await page.locator('openai-chatkit').getByRole('button', {name: 'Send'}).click();
  const response = await answered;
  expect(response.status()).toBe(200);
  const headers = response.request().headers();
  expect(headers.authorization).toMatch(/^Bearer /);
  expect(headers['x-docs-chat-page']).toBe('/docs/');
  expect(headers['x-docs-chat-locale']).toBe('en');
  expect(headers['x-docs-chat-version']).toBe('current');
  expect(headers['x-docs-chat-build']).toBe(readBuild(CHATKIT_SITE));
  const isSameDocument = await markDocument(page);
  await page.locator('openai-chatkit article button').first().click();
  await expect(page).toHaveURL(/\/docs\/server\/deployment#buffering$/);
  await expect(page.locator('#buffering')).toBeInViewport();
  expect(await isSameDocument()).toBe(true);
  await expect(page.locator('openai-chatkit article')).toHaveCount(1);
});

for (const [look, options] of Object.entries(LOOKS)) {
  test.describe(`looked at, ${look}`, () => {
    test.use(options);

    test(`suggested questions stand under ChatKit, are asked with a click and replaced, ${look}`, async ({page}) => {
      const chat = new Chat(page);
      await page.goto('/docs/');
      await chat.launcher.click();
      const answers = page.locator('openai-chatkit article');
      await page.locator('openai-chatkit textarea').fill('How do I keep nginx from buffering the stream?');
      await page.locator('openai-chatkit').getByRole('button', {name: 'Send'}).click();
      await expect(answers).toHaveCount(1);
      await expect(chat.suggestions).not.toHaveCount(0);
      const before = await chat.suggestions.allTextContents();
      const prompt = (await chat.suggestions.first().getAttribute('title'))!;
      await chat.lookAt(`chatkit-suggestions-${look}`);
      await chat.suggestions.first().click();
      await expect(answers).toHaveCount(2);
      expect(JSON.stringify((await readRecord(page)).requests.at(-1)?.body)).toContain(JSON.stringify(prompt));
      await expect.poll(() => chat.suggestions.allTextContents()).not.toEqual(before);
      await expect(chat.region).toHaveAttribute('data-face', 'chatkit');
    });
  });
}

for (const [failure, act] of Object.entries({
  'is blocked': (page: Page) => page.route(SCRIPT_URL, (route) => route.abort()),
  'defines nothing': (page: Page) =>
    page.route(SCRIPT_URL, (route) => route.fulfill({contentType: 'text/javascript', body: ''})),
  'never gets ready': (page: Page) =>
    page.route(SCRIPT_URL, async (route) => {
      const script = await (await route.fetch()).text();
      const silent = script.replaceAll('chatkit.ready', 'chatkit.never');
      await route.fulfill({contentType: 'text/javascript', body: silent});
    }),
})) {
  test(`the panel takes over when the script ${failure}`, async ({page}) => {
    await act(page);
    const chat = new Chat(page);
    await page.goto('/docs/');
    await chat.launcher.click();
    await expect(chat.region).toHaveAttribute('data-face', 'panel');
    await chat.ask('How do I keep nginx from buffering the stream?');
    await expect(chat.citations.first()).toHaveAttribute('href', '/docs/server/deployment#buffering');
  });
}
