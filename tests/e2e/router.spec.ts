/** The hash router: one HTML file, whose pages have their addresses behind a #. */
import {expect, test} from '@playwright/test';
import {Chat, HASH, markDocument} from './chat.ts';

const QUESTION = 'How do I clean the kettle without vinegar?';

test('a citation opens its section, here and in a tab of its own, and is copied with an address that works', async ({page, context}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const chat = new Chat(page);
  await page.goto(`${HASH}#/`);
  await chat.open();
  await chat.ask(QUESTION);
  const citation = chat.citations.first();
  const [href = ''] = await chat.citedPlaces();
  expect(href).toMatch(/^#\/cleaning#/);

  await chat.press('Copy answer');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(HASH + href);

  const tab = await context.newPage();
  await tab.goto(HASH + href);
  await expect(tab.locator('article')).toContainText('two spoons in a litre of cold water');
  await tab.close();

  const isSameDocument = await markDocument(page);
  await citation.click();
  await expect(page).toHaveURL(HASH + href);
  await expect(page.locator('[data-docs-chat-cited]')).toHaveAttribute('id', href.replace(/.*#/, ''));
  expect(await isSameDocument()).toBe(true);
});

test('?ask= of a page behind the # puts the question into the field, and leaves the address', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`${HASH}#/cleaning?ask=${encodeURIComponent(QUESTION)}`);
  await expect(chat.composer).toHaveValue(QUESTION);
  await expect(page).toHaveURL(`${HASH}#/cleaning`);
  await expect(chat.questions).toHaveCount(0);
});
