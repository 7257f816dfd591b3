/** What the chat knows of the page: a question in its address, what is selected, its code, its own starter questions. */
import {expect, test} from '@playwright/test';
import {addAxe, Chat, CHATKIT, findBarriers, LOOKS, selectAllText, selectText, VARIANT} from './chat.ts';

const QUOTE = '> The kettle boils one litre of water in three minutes.';

test('a question in the address is put into the field, not sent, and leaves the address', async ({page}) => {
  const chat = new Chat(page);
  const sent: string[] = [];
  page.on('request', (request) => request.url().endsWith('/chatkit') && sent.push(request.url()));
  await page.goto('/docs/?ask=How%20do%20I%20start%3F&tab=npm#what');
  await expect(chat.composer).toHaveValue('How do I start?');
  await expect(page).toHaveURL(/\/docs\/\?tab=npm#what$/);
  expect(sent).toEqual([]);
  await page.goto('/docs/?ask');
  await expect(chat.composer).toBeVisible();
  await expect(page).toHaveURL(/\/docs\/$/);

  await page.goto(`${CHATKIT}/docs/?ask=Why%3F`);
  await expect(page.locator('openai-chatkit textarea')).toHaveValue('Why?');
});

test('selected text can be asked about: quoted with its page, not sent', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await selectText(page, page.locator('article p').first());
  await expect(chat.selectionButton).toHaveText('Ask about this');
  await expect(chat.selectionButton).toBeInViewport({ratio: 1});
  const text = (await page.locator('article p').first().boundingBox())!;
  const button = (await chat.selectionButton.boundingBox())!;
  expect(button.y - (text.y + text.height)).toBeLessThan(20);
  expect(loaded.filter((url) => !url.startsWith(new URL(VARIANT).origin))).toEqual([]);
  await chat.selectionButton.click();
  await expect(chat.selectionButton).toHaveCount(0);
  await page.waitForTimeout(400); // longer than a selection takes to count as one
  await expect(chat.selectionButton, 'nor does it come back').toHaveCount(0);
  await chat.region.getByRole('button').last().click();
  await expect(chat.composer).toHaveValue(new RegExp(`^${QUOTE}.*\\n> \\(The kettle, /manual/\\)\\n\\n$`));
  await expect(chat.questions).toHaveCount(0);
});

test('in ChatKit the quote is in its composer', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`${CHATKIT}/docs/`);
  await selectText(page, page.locator('article p').first());
  await chat.selectionButton.click();
  await expect(page.locator('openai-chatkit textarea')).toHaveValue(/^> .+\n> \(.+, \/docs\/\)\n\n$/);
});

test('Tab goes from the selected text to the button, and on from the text', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  await selectText(page, page.locator('#boiling + p'));
  await expect(chat.selectionButton).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(chat.selectionButton).toBeFocused();
  await page.keyboard.press('Tab');
  const code = page.locator('.theme-code-block').first();
  await expect(code.locator(':focus')).toHaveCount(1);
  await selectText(page, page.locator('#boiling + p'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(chat.region).toBeVisible();

  await page.keyboard.press('Escape');
  await selectText(page, page.locator('#boiling + p'));
  await expect(chat.selectionButton).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(chat.selectionButton).toHaveCount(0);
});

test('no button for what is selected in a field, in an editor, outside the text, or is too short', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  const nothing = async () => {
    await page.waitForTimeout(400);
    await expect(chat.selectionButton).toHaveCount(0);
  };
  await page.getByRole('textbox', {name: 'Field'}).selectText();
  await nothing();
  await page.getByRole('textbox', {name: 'Editor'}).selectText();
  await nothing();
  await selectText(page, page.locator('.menu__link').first());
  await nothing();
  await page.locator('article h1').evaluate((heading) => {
    getSelection()!.setBaseAndExtent(heading.firstChild!, 0, heading.firstChild!, 2);
  });
  await nothing();
  await page.locator('article h1').evaluate((heading) => {
    getSelection()!.setBaseAndExtent(heading.firstChild!, 0, heading.firstChild!, 3);
  });
  await expect(chat.selectionButton).toBeVisible();
  await page.locator('article p').first().click();
  await expect(chat.selectionButton).toHaveCount(0);
});

test('a code block has a button beside the copy button, which asks with language, title and code', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  const block = page.locator('.theme-code-block').first();
  await block.hover();
  const ask = block.getByRole('button', {name: 'Ask about this code'});
  const copy = block.getByRole('button', {name: 'Copy code'});
  await expect(block.locator('[data-test="site-copy-button"]'), "the site's own swizzle stays").toHaveCount(1);
  const [left, right] = [(await ask.boundingBox())!, (await copy.boundingBox())!];
  expect([left.y, left.height]).toEqual([right.y, right.height]);
  expect(right.x - left.x - left.width).toBeLessThan(10);
  await ask.hover();
  await chat.lookAt('code-button');
  await ask.focus();
  await page.keyboard.press('Enter');
  await chat.region.getByRole('button').last().click();
  await expect(chat.composer).toHaveValue(
    '```js title="kettle.js"\nconst kettle = new Kettle({litres: 1});\nawait kettle.boil();\n```\n\n',
  );
  await page.keyboard.press('Escape');
  await expect(ask).toBeFocused();
});

test('it is not there unless the site wants it', async ({page}) => {
  await page.goto('/docs/plugin/options');
  await expect(page.getByRole('button', {name: 'Copy code'}).first()).toBeAttached();
  await expect(page.locator('[data-docs-chat="code-button"]')).toHaveCount(0);
});

test('the starter questions are those of the page, and follow the reader', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  await chat.openPanel();
  const start = (question: string) => chat.region.getByRole('button', {name: question});
  await expect(start('How long does the kettle take to boil?')).toBeVisible();
  await expect(start('Why does the kettle switch itself off?')).toBeVisible();
  await expect(start('What is a kettle?')).toHaveCount(0);
  await page.locator('.menu__link', {hasText: 'Cleaning'}).click();
  await expect(start('What is a kettle?')).toBeVisible();
  await expect(start('How long does the kettle take to boil?')).toHaveCount(0);
  await page.goto(`${VARIANT}blog/2026/01/02/spout/`);
  await expect(start('What is new about the spout?')).toBeVisible();
  await page.goto(`${VARIANT}no/such/page/`);
  await expect(start('What is a kettle?')).toBeVisible();
});

test('the questions of a page weigh nothing before the chat is opened', async ({page}) => {
  await page.goto(`${VARIANT}cleaning/`);
  await expect(new Chat(page).launcher).toBeVisible();
  const holds = async (text: string) =>
    page.evaluate(async (wanted) => {
      const scripts = [...document.scripts].filter(({src}) => src !== '');
      const sources = await Promise.all(scripts.map(async ({src}) => (await fetch(src)).text()));
      return sources.some((source) => source.includes(wanted));
    }, text);
  expect(await holds('docs-chat:open')).toBe(true);
  expect(await holds('Why does the kettle switch itself off?')).toBe(false);
});

for (const [look, options] of Object.entries(LOOKS)) {
  test.describe(`looked at, ${look}`, () => {
    test.use(options);

    test(`the button at selected text is easy to read and to hit, ${look}`, async ({page}) => {
      const chat = new Chat(page);
      await page.goto(VARIANT);
      await selectAllText(page, page.locator('article p').first());
      await expect(chat.selectionButton).toBeVisible();
      expect((await chat.selectionButton.boundingBox())!.height).toBeGreaterThanOrEqual(look === 'phone' ? 44 : 36);
      await addAxe(page);
      expect(await findBarriers(page, '[data-docs-chat="selection-button"]')).toEqual([]);
      await chat.lookAt(`selection-${look}`);
    });
  });
}
