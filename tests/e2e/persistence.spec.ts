/** What stays while the reader goes from page to page, and after a reload. */
import {expect, test} from '@playwright/test';
import {Chat, CHATKIT, markDocument, VARIANT} from './chat.ts';
import {PORTS} from './places.mjs';

test('from docs to blog the panel, its draft and a running answer stay as they are', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`http://127.0.0.1:${PORTS.model}/docs/`);
  const isSameDocument = await markDocument(page);
  await chat.open();
  const panel = (await page.locator('[data-docs-chat="state"]').elementHandle());
  await chat.send('How do I update the server without any hurry?');
  await expect(chat.answers).toContainText('Step 2');
  await chat.composer.fill('and then');
  await page.locator('.navbar__link', {hasText: 'Blog'}).click();
  await expect(page).toHaveURL(/\/blog$/);
  await page.locator('.navbar__link', {hasText: 'Docs'}).click();
  await expect(page).toHaveURL(/\/docs\/$/);
  await expect(chat.answers).toContainText('Step 18', {timeout: 20_000});
  await chat.expectState('done');
  await expect(chat.composer).toHaveValue('and then');
  expect(await panel.evaluate((element) => element.isConnected)).toBe(true);
  expect(await isSameDocument()).toBe(true);
});

test('ChatKit is the same element from page to page and in every colour mode, and has its thread after a reload', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`${CHATKIT}/docs/`);
  await chat.launcher.click();
  const kit = page.locator('openai-chatkit');
  await kit.locator('textarea').fill('How do I keep nginx from buffering the stream?');
  await kit.getByRole('button', {name: 'Send'}).click();
  await expect(kit.locator('article')).toHaveCount(1);
  const element = (await kit.elementHandle());
  await page.locator('.navbar__link', {hasText: 'Blog'}).click();
  await expect(page).toHaveURL(/\/blog$/);
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  await page.setViewportSize({width: 800, height: 800});
  await page.setViewportSize({width: 1440, height: 900});
  await page.keyboard.press('Control+I');
  await page.keyboard.press('Control+I');
  await expect(kit.locator('article')).toHaveCount(1);
  expect(await element.evaluate((node) => node.isConnected)).toBe(true);

  await page.reload();
  await expect(kit.locator('textarea'), 'it was open: it is open').toBeVisible();
  const thread = await page.evaluate(() => window.chatKitRecord.options[0]!.initialThread);
  expect(thread).toMatch(/\w{8}/);
});

test('a reload brings the open chat back beside the page, without taking the focus, and not on a phone', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.composer.fill('half a quest');
  await page.reload();
  await expect(chat.composer).toHaveValue('half a quest');
  await expect(chat.composer).not.toBeFocused();
  await page.setViewportSize({width: 390, height: 844});
  await page.reload();
  await expect(chat.launcher).toBeVisible();
  await expect(chat.region).toHaveCount(0);
  await page.setViewportSize({width: 1440, height: 900});
  await chat.launcher.click();
  await chat.press('Close');
  await page.reload();
  await expect(chat.launcher).toBeVisible();
  await expect(chat.region, 'closed stays closed').toHaveCount(0);
});

test('a citation stays on the site at its base URL; with Ctrl it opens a tab; elsewhere is another tab', async ({page, context}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  await chat.openPanel();
  await chat.ask('How much vinegar do I pour into the kettle?');
  await expect(chat.citations.first()).toHaveAttribute('href', '/manual/cleaning/#vinegar');
  const [tab] = await Promise.all([
    context.waitForEvent('page'),
    chat.citations.first().click({modifiers: ['ControlOrMeta']}),
  ]);
  await expect(tab).toHaveURL(/\/manual\/cleaning\/#vinegar$/);
  await tab.close();
  await expect(page).toHaveURL(VARIANT);
  const isSameDocument = await markDocument(page);
  await chat.citations.first().click();
  await expect(page).toHaveURL(`${VARIANT}cleaning/#vinegar`);
  const heading = page.locator('#vinegar');
  await expect(heading).toBeInViewport();
  await expect(heading).toHaveAttribute('data-docs-chat-cited');
  expect(await isSameDocument()).toBe(true);
});

test('the page is told what happens in the chat, and never what was asked', async ({page}) => {
  const chat = new Chat(page);
  await page.addInitScript(() => {
    const told: unknown[] = [];
    Object.assign(window, {told});
    for (const name of ['opened', 'closed', 'asked', 'answered', 'citation', 'feedback']) {
      addEventListener(`docs-chat:${name}`, (event) => told.push([name, (event as CustomEvent).detail]));
    }
  });
  const told = () => page.evaluate(() => (window as unknown as {told: unknown[]}).told);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask('How do I keep nginx from buffering the stream?');
  await chat.press('Helpful');
  await chat.citations.first().click();
  await chat.press('Close');
  await expect.poll(told).toEqual([
    ['opened', {face: 'panel'}],
    ['asked', {face: 'panel'}],
    ['answered', {face: 'panel', state: 'done'}],
    ['feedback', {face: 'panel', kind: 'positive'}],
    ['citation', {href: '/docs/server/deployment#buffering'}],
    ['closed', {face: 'panel'}],
  ]);

  await page.goto(`${CHATKIT}/docs/`);
  await chat.launcher.click();
  const kit = page.locator('openai-chatkit');
  await kit.locator('textarea').fill('How do I keep nginx from buffering the stream?');
  await kit.getByRole('button', {name: 'Send'}).click();
  await kit.locator('article button').first().click();
  await expect.poll(told).toEqual([
    ['opened', {face: 'chatkit'}],
    ['asked', {face: 'chatkit'}],
    ['answered', {face: 'chatkit', state: 'done'}],
    ['citation', {href: '/docs/server/deployment#buffering'}],
  ]);
});
