/** What stands around an answer, and what it leads to: its trace, what is folded, and what could be asked next. */
import {expect, test} from '@playwright/test';
import {Chat, LOOKS, markDocument, readBuild} from './chat.ts';
import {PORTS, SITE} from './places.mjs';

const DEEP = 'How do I keep nginx from buffering the stream?';
const LONG = 'How are admonitions and tabs indexed?';
const AGAIN = 'can a cache delay the answers?';

test('the trace is one line that the keyboard opens to the sections that were found', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(DEEP);
  await expect(chat.trace).toHaveCount(1);
  const summary = chat.trace.locator('summary');
  await expect(summary).toHaveText('Searched the docs · 4 sections read');
  const {height} = (await summary.boundingBox())!;
  expect(height, 'one line').toBeLessThan(30);
  await expect(chat.trace.getByRole('link')).toHaveCount(0);

  await summary.focus();
  await page.keyboard.press('Enter');
  const found = chat.trace.getByRole('link');
  await expect(found).toHaveText([
    'Deployment › The web server › No buffering',
    'Troubleshooting › In the browser › The answer comes all at once',
    'Command line › docs-chat ask › Example',
    'Deployment › The web server',
  ]);
  await expect(chat.trace.locator('q'), 'what was asked is known').toHaveCount(0);
  await expect(summary).toBeInViewport();
  await chat.lookAt('trace-open');

  const isSameDocument = await markDocument(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(found.nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/docs\/help\/troubleshooting#buffered$/);
  await expect(page.locator('#buffered')).toBeInViewport();
  expect(await isSameDocument()).toBe(true);
  await expect(chat.trace, 'it stays as the reader has it').toHaveAttribute('open');
});

test('a question says of which build its page is', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  const asked = page.waitForRequest('**/chatkit');
  await chat.send(DEEP);
  const build = (await asked).headers()['x-docs-chat-build'];
  expect(build).toMatch(/^[0-9a-f]{16}$/);
  expect(build).toBe(readBuild(SITE));
});

test('a model that searched again shows each search with what it looked for', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`http://127.0.0.1:${PORTS.model}/docs/`);
  await chat.open();
  await chat.ask(AGAIN);
  await chat.trace.locator('summary').click();
  await expect(chat.trace.locator('q')).toHaveText([AGAIN, 'proxy buffering of a stream']);
  const lists = chat.trace.getByRole('list', {name: 'Sections found'});
  await expect(lists).toHaveCount(2);
  const second = lists.nth(1).getByRole('link', {name: 'Deployment › The web server › No buffering'});
  await chat.lookAt('trace-of-two-searches');
  const isSameDocument = await markDocument(page);
  await second.click();
  await expect(page).toHaveURL(/\/docs\/server\/deployment#buffering$/);
  await expect(page.locator('#buffering')).toBeInViewport();
  expect(await isSameDocument()).toBe(true);

  await page.reload();
  await chat.trace.locator('summary').click();
  await expect(chat.trace.locator('q'), 'stored with the conversation').toHaveCount(2);
});

test('suggested questions are asked with a click, and then there are others', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await expect(chat.suggestions).toHaveCount(0);
  await chat.ask(DEEP);
  await expect(chat.suggestions).not.toHaveCount(0);
  const before = await chat.suggestions.allTextContents();
  const prompt = (await chat.suggestions.first().getAttribute('title'))!;
  await chat.lookAt('suggestions');
  await chat.suggestions.first().click();
  await expect(chat.answers).toHaveCount(2);
  await chat.expectState('done');
  await expect(chat.questions.last()).toHaveText(prompt);
  await expect(chat.composer, 'what was clicked is gone, the focus is not').toBeFocused();
  await expect.poll(() => chat.suggestions.allTextContents()).not.toEqual(before);
  expect(await chat.suggestions.allTextContents()).not.toContain(before[0]);
  await chat.lookAt('suggestion-asked');
});

test('of a long section what matters is shown, and the rest opens', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(LONG);
  await expect(chat.rest).not.toHaveCount(0);
  const rest = chat.rest.first();
  const quote = chat.answers.locator('blockquote').filter({has: page.locator('details')});
  await expect(quote.locator(':scope > :not(details)').first()).toBeVisible();
  await expect(chat.answers.locator('hr')).toHaveCount(0);
  const hidden = rest.locator(':scope > :not(summary)').first();
  await expect(hidden).toBeHidden();
  await rest.locator('summary').scrollIntoViewIfNeeded();
  await chat.lookAt('fold-closed');
  const top = async () => (await rest.locator('summary').boundingBox())!.y;
  const before = await top();
  await rest.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(hidden).toBeVisible();
  expect(Math.abs((await top()) - before), 'it opens where it is').toBeLessThan(2);
  await chat.lookAt('fold-open');
  await rest.locator('summary').click();
  await expect(hidden).toBeHidden();
});

test('a follow-up that points back is answered from the right section', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask('Which personal data is stored on the server?');
  await expect(chat.citations.first()).toHaveAttribute('href', '/docs/trust/privacy#stored-server');
  await chat.ask('and in the browser?');
  const followUp = chat.answers.last().locator('[data-docs-chat="citation"]');
  await expect(followUp.first()).toHaveAttribute('href', '/docs/trust/privacy#stored-browser');
  await chat.lookAt('follow-up');
  await chat.trace.last().locator('summary').click();
  await expect(chat.trace.last(), 'what was searched for is told').toContainText('and in the browser?');
});

test('a verdict on an answer is sent and shown', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(DEEP);
  const helpful = chat.region.getByRole('button', {name: 'Helpful', exact: true});
  const notHelpful = chat.region.getByRole('button', {name: 'Not helpful', exact: true});
  await expect(helpful).toHaveAttribute('aria-pressed', 'false');
  const sent = page.waitForResponse('**/chatkit');
  await helpful.click();
  const response = await sent;
  expect(response.status()).toBe(200);
  expect(response.request().postDataJSON()).toMatchObject({type: 'items.feedback', params: {kind: 'positive'}});
  await expect(helpful).toHaveAttribute('aria-pressed', 'true');
  await chat.lookAt('rated');
  await notHelpful.click();
  await expect(notHelpful).toHaveAttribute('aria-pressed', 'true');
  await expect(helpful).toHaveAttribute('aria-pressed', 'false');

  await page.route('**/chatkit', (route) => route.abort());
  await helpful.click();
  await expect(notHelpful, 'what did not get through is taken back').toHaveAttribute('aria-pressed', 'true');
});

test('a long answer is read from its question, and its end is a click away', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(LONG);
  await expect(chat.questions).toBeInViewport({ratio: 1});
  await expect(chat.suggestions.last()).not.toBeInViewport();
  await page.getByRole('button', {name: 'Jump to latest'}).click();
  await expect(chat.suggestions.last()).toBeInViewport();
  await expect(page.getByRole('button', {name: 'Jump to latest'})).toHaveCount(0);

  await chat.ask('and in the browser?');
  await expect(chat.questions.last()).toBeInViewport({ratio: 1});
  await expect(chat.questions.first()).not.toBeInViewport();
  const top = async () => (await chat.questions.last().boundingBox())!.y - (await chat.region.boundingBox())!.y;
  expect(await top()).toBeLessThan(120);

  await page.reload();
  await chat.expectState('done');
  await expect(chat.questions.last(), 'also when it is opened again').toBeInViewport({ratio: 1});
});

for (const [look, options] of Object.entries(LOOKS)) {
  test.describe(`looked at, ${look}`, () => {
    test.use(options);

    test(`nothing around an answer is wider than the chat, ${look}`, async ({page}) => {
      const chat = new Chat(page);
      await page.goto('/docs/');
      await chat.open();
      await chat.ask(LONG);
      await chat.lookAt(`around-end-${look}`);
      await chat.expectNoOverflow();
      await chat.trace.locator('summary').click();
      await chat.trace.locator('summary').scrollIntoViewIfNeeded();
      await chat.lookAt(`around-trace-${look}`);
      await chat.rest.first().locator('summary').click();
      await chat.rest.first().locator('summary').scrollIntoViewIfNeeded();
      await chat.lookAt(`around-fold-${look}`);
      await chat.expectNoOverflow();
    });

    test(`two searches of a model fit into the chat, ${look}`, async ({page}) => {
      const chat = new Chat(page);
      await page.goto(`http://127.0.0.1:${PORTS.model}/docs/`);
      await chat.open();
      // a question of its own: the same one would get the answer that is kept
      await chat.ask(`On a ${look} screen, ${AGAIN}`);
      await chat.lookAt(`model-${look}`);
      await chat.trace.locator('summary').click();
      await chat.trace.locator('summary').scrollIntoViewIfNeeded();
      await chat.lookAt(`two-searches-${look}`);
      await chat.expectNoOverflow();
    });
  });
}
