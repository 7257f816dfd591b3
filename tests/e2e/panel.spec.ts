import {fileURLToPath} from 'node:url';
import {expect, test} from '@playwright/test';
import {Chat, findBarriers, markDocument, watchForeignRequests} from './chat.ts';
import {PORTS} from './places.mjs';

const DEEP = 'How do I keep nginx from buffering the stream?';

test('the launcher is on every kind of page, and nothing is sent to another host', async ({page}) => {
  const foreign = watchForeignRequests(page);
  for (const url of ['/', '/docs/', '/docs/0.0/', '/blog', '/licences', '/fr/', '/no/such/page']) {
    await page.goto(url);
    await expect(new Chat(page).launcher).toBeVisible();
  }
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(DEEP);
  expect(foreign).toEqual([]);
});

test('no console error or warning of ours, from load to answer', async ({page}) => {
  const said: string[] = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(DEEP);
  expect(said).toEqual([]);
});

test('a question is answered with citations, and following one keeps page and conversation', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.lookAt('start-light');
  await chat.ask(DEEP);
  await expect(chat.region).toHaveAttribute('data-face', 'panel');
  const citation = chat.citations.first();
  await expect(citation).toHaveAttribute('href', '/docs/server/deployment#buffering');
  await chat.lookAt('answer-light');

  const isSameDocument = await markDocument(page);
  await citation.click();
  await expect(page).toHaveURL(/\/docs\/server\/deployment#buffering$/);
  const heading = page.locator('#buffering');
  await expect(heading).toBeInViewport();
  expect(await isSameDocument()).toBe(true);
  await expect(chat.region).toBeVisible();
  await expect(chat.answers).toHaveCount(1);
  await chat.lookAt('citation-followed-light');
  const top = await heading.evaluate((element) => element.getBoundingClientRect().top);
  expect(top).toBeGreaterThan(0);
  expect(top).toBeLessThan(300);

  await page.goto('/blog');
  await page.reload();
  await expect(chat.answers, 'a reload brings the conversation back').toHaveCount(1);
});

test('the keyboard alone opens, asks, follows and closes', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await expect(chat.launcher).toBeVisible();
  await chat.launcher.focus();
  await page.keyboard.press('Enter');
  await expect(chat.composer).toBeFocused();
  await page.keyboard.type(DEEP);
  await page.keyboard.press('Enter');
  await chat.expectState('done');
  await chat.citations.first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#buffering$/);
  // the page is still loading when its address is there already, and takes the focus when it has come
  await expect(page.locator('#buffering')).toBeInViewport();
  await chat.composer.focus();
  await expect(chat.composer).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chat.region).toBeHidden();
  await expect(chat.launcher).toBeFocused();
  await page.keyboard.press('ControlOrMeta+i');
  await expect(chat.region).toBeVisible();
  await expect(chat.answers).toHaveCount(1);
});

test('on a wide screen the page makes room instead of being covered', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/server/deployment');
  await chat.open();
  await page.waitForTimeout(300);
  const region = await chat.region.boundingBox();
  const article = await page.locator('article').first().boundingBox();
  expect(article!.x + article!.width).toBeLessThanOrEqual(region!.x + 1);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('the dark site has a dark chat, and switching back is followed at once', async ({page}) => {
  await page.emulateMedia({colorScheme: 'dark'});
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(DEEP);
  await chat.lookAt('answer-dark');
  const lightness = () =>
    chat.region.evaluate((region) => {
      const [r = 0, g = 0, b = 0] = (getComputedStyle(region).backgroundColor.match(/\d+/g) ?? []).map(Number);
      return (r + g + b) / 3;
    });
  expect(await lightness()).toBeLessThan(80);
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
  await expect.poll(lightness).toBeGreaterThan(200);
});

test.describe('on a phone', () => {
  test.use({viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true});

  test('the chat fills the screen, and a followed citation shows the page', async ({page}) => {
    const chat = new Chat(page);
    await page.goto('/docs/');
    await chat.lookAt('phone-page');
    await chat.open();
    const box = async () => Object.values((await chat.region.boundingBox())!).map(Math.round);
    await expect.poll(box).toEqual([0, 0, 390, 844]);
    await chat.lookAt('phone-start');
    await chat.ask(DEEP);
    await chat.lookAt('phone-answer');
    await chat.citations.first().tap();
    await expect(page).toHaveURL(/#buffering$/);
    await expect(page.locator('#buffering')).toBeInViewport();
    await chat.lookAt('phone-citation-followed');
  });
});

test('a French page speaks French and is answered from French pages', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/fr/docs/getting-started/installation');
  await expect(chat.launcher).toHaveAccessibleName(/documentation|doc/i);
  await chat.open();
  await expect(chat.region).toContainText('Interroger la doc');
  await chat.lookAt('french-start');
  await chat.ask('Comment installer le plugin ?');
  const hrefs = await chat.citedPlaces();
  expect(hrefs.filter((href) => !href.startsWith('/fr/'))).toEqual([]);
  await chat.lookAt('french-answer');
});

test('a page of an older version is answered from that version', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/0.0/');
  await chat.open();
  await expect(chat.region).toContainText('0.0 (preview)');
  await chat.ask('On which port does the server listen by default?');
  await expect(chat.answers).toContainText('8765');
  const hrefs = await chat.citedPlaces();
  expect(hrefs.filter((href) => href.startsWith('/docs/') && !href.startsWith('/docs/0.0/'))).toEqual([]);
  await chat.lookAt('older-version');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing that a screen reader or weak eyes would stumble over, ${colorScheme}`, async ({page}) => {
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    const chat = new Chat(page);
    await page.goto('/docs/');
    await page.addScriptTag({path: fileURLToPath(import.meta.resolve('axe-core'))});
    expect(await findBarriers(page, '[data-docs-chat="launcher"]')).toEqual([]);
    await chat.open();
    expect(await findBarriers(page, '[data-docs-chat="region"]'), 'start').toEqual([]);
    await chat.ask(DEEP);
    expect(await findBarriers(page, '[data-docs-chat="region"]'), 'answer').toEqual([]);
    await page.getByRole('button', {name: 'Past chats'}).click();
    expect(await findBarriers(page, '[data-docs-chat="region"]'), 'history').toEqual([]);
  });
}

test('what the docs do not cover is said so', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask('How long does sourdough bread bake in a wood oven?');
  await expect(chat.answers).toContainText(/don.t cover/);
  await chat.lookAt('not-covered');
});

test('past conversations can be opened again and belong to one reader alone', async ({page, browser}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(DEEP);
  await page.getByRole('button', {name: 'New chat'}).click();
  await chat.expectState('empty');
  await page.getByRole('button', {name: 'Past chats'}).click();
  await chat.lookAt('history');
  await page.getByText(DEEP).click();
  await expect(chat.answers).toHaveCount(1);

  const stranger = new Chat(await (await browser.newContext()).newPage());
  await stranger.page.goto(`http://127.0.0.1:${PORTS.extractive}/docs/`);
  await stranger.open();
  await stranger.page.getByRole('button', {name: 'Past chats'}).click();
  await expect(stranger.page.getByText(DEEP)).toHaveCount(0);
  await stranger.page.context().close();
});

test('a server that cannot be reached is said so, and the question is kept', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await page.route('**/chatkit', (route) => route.abort());
  await chat.send(DEEP);
  await chat.expectState('error');
  await chat.lookAt('error');
  await page.unroute('**/chatkit');
  await page.getByRole('button', {name: 'Try again'}).first().click();
  await chat.expectState('done');
  await expect(chat.citations.first()).toHaveAttribute('href', '/docs/server/deployment#buffering');
});

test('an @ names a page, and the answer comes from that page first', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await page.addScriptTag({path: fileURLToPath(import.meta.resolve('axe-core'))});
  await chat.open();
  await chat.composer.pressSequentially('What does @troubl');
  const pages = page.getByRole('listbox');
  const troubleshooting = pages.getByRole('option', {name: /^Troubleshooting/});
  await expect(troubleshooting).toBeVisible();
  await chat.lookAt('tags-light');
  expect(await findBarriers(page, '[data-docs-chat="region"]'), 'menu').toEqual([]);
  while ((await troubleshooting.getAttribute('aria-selected')) !== 'true') {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(chat.composer).toHaveValue('What does @Troubleshooting ');
  await expect(chat.composer).toBeFocused();
  await page.keyboard.type('say about buffering?');
  await chat.lookAt('tagged-light');
  await page.keyboard.press('Enter');
  await chat.expectState('done');
  expect((await chat.citedPlaces())[0]).toMatch(/^\/docs\/help\/troubleshooting/);
  const tag = chat.questions.getByRole('link', {name: 'Troubleshooting'});
  await expect(tag).toHaveAttribute('href', '/docs/help/troubleshooting');
  const isSameDocument = await markDocument(page);
  await tag.click();
  await expect(page).toHaveURL(/\/docs\/help\/troubleshooting$/);
  expect(await isSameDocument()).toBe(true);
});

test('Escape leaves the pages, and then the chat', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.composer.pressSequentially('@dep');
  await expect(page.getByRole('listbox')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox')).toBeHidden();
  await expect(chat.region).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(chat.region).toBeHidden();
});

test('a thumb down asks why, and the server takes the answer', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await page.addScriptTag({path: fileURLToPath(import.meta.resolve('axe-core'))});
  await chat.open();
  await chat.ask(DEEP);
  await page.getByRole('button', {name: 'Not helpful'}).click();
  const form = page.getByRole('form', {name: 'What was not helpful?'});
  await expect(form).toBeInViewport({ratio: 1});
  await form.getByText('Something is missing').click();
  await form.getByRole('textbox').fill('Say it for Caddy too');
  expect(await findBarriers(page, '[data-docs-chat="region"]'), 'form').toEqual([]);
  await chat.lookAt('feedback-light');
  const sent = page.waitForResponse((response) => response.request().postData()?.includes('Caddy') === true);
  await form.getByRole('button', {name: 'Send'}).click();
  expect((await sent).status()).toBe(200);
  await expect(chat.region).toContainText('Thank you');
});
