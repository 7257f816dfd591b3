/** What happens to a conversation that is stopped, left, reloaded or open twice. */
import {expect, test, type Page} from '@playwright/test';
import {Chat} from './chat.ts';
import {PORTS} from './places.mjs';

test.use({baseURL: `http://127.0.0.1:${PORTS.model}`});

const SLOW = 'How do I update the server without any hurry?';
const STOPPED = 'This answer stopped before its end.';

async function openChat(page: Page): Promise<Chat> {
  const chat = new Chat(page);
  await page.goto('/docs/server/deployment');
  await chat.open();
  return chat;
}

/** Asks what is answered slowly, and waits for some of it. */
async function askSlowly(chat: Chat): Promise<void> {
  await chat.send(SLOW);
  await expect(chat.answers.last()).toContainText('Step 2');
}

test('a stopped answer is there after a reload, marked, and can be asked again', async ({page}) => {
  const chat = await openChat(page);
  await askSlowly(chat);
  await chat.stop();
  const text = await chat.answers.locator('.dc-md').innerText();
  await expect(chat.answers).toContainText('Stopped.');
  await chat.lookAt('stopped');

  await page.reload();
  await chat.expectState('done');
  await expect(chat.questions).toHaveText([SLOW]);
  await expect(chat.answers).toContainText(text.slice(0, 60));
  await expect(chat.answers).toContainText(STOPPED);
  await expect(chat.answers).not.toContainText('Step 18');
  await chat.lookAt('stopped-reloaded');

  await chat.press('Try again');
  await expect(chat.answers).not.toContainText(STOPPED);
  await expect(chat.answers).toContainText('Step 18', {timeout: 20_000});
  await chat.expectState('done');
  await expect(chat.answers).toHaveCount(1);
  await expect(chat.questions).toHaveCount(1);
});

test('a reload in the middle of an answer keeps what had come, and a question can be asked at once', async ({page}) => {
  const chat = await openChat(page);
  await askSlowly(chat);
  await page.reload();
  await chat.expectState('done');
  await expect(chat.questions).toHaveText([SLOW]);
  await expect(chat.answers).toContainText('Step 1 follows');
  await expect(chat.answers).toContainText(STOPPED);
  await chat.lookAt('reloaded-midway');
  await chat.ask('How is the server deployed?');
  await expect(chat.answers).toHaveCount(2);
  await expect(chat.answers.last()).toContainText('The passages say so.');
});

test('a reload before the answer begins keeps the question, to be asked again', async ({page}) => {
  const chat = await openChat(page);
  const created = page.waitForResponse('**/chatkit');
  await chat.send(SLOW);
  await created;
  await page.reload();
  await chat.expectState('done');
  await expect(chat.questions).toHaveText([SLOW]);
  await chat.lookAt('reloaded-before-the-answer');
  await chat.press('Try again');
  await expect(chat.answers).toContainText('Step 1 follows');
  await expect(chat.questions).toHaveCount(1);
});

test('a question that the server never heard is kept over a reload', async ({page}) => {
  const chat = await openChat(page);
  await page.route('**/chatkit', () => undefined);
  await chat.send('How is the server deployed?');
  await expect(chat.questions).toHaveCount(1);
  await page.unrouteAll({behavior: 'ignoreErrors'});
  await page.reload();
  await chat.expectState('done');
  await expect(chat.questions).toHaveText(['How is the server deployed?']);
  await chat.press('Try again');
  await expect(chat.answers).toContainText('The passages say so.');
  await page.reload();
  await chat.expectState('done');
  await expect(chat.questions, 'and asked once').toHaveCount(1);
});

test('a thread that is being answered in another tab is said to be busy, and the question is kept', async ({context}) => {
  const first = await openChat(await context.newPage());
  await first.ask('How is the server deployed?');
  const second = new Chat(await context.newPage());
  await second.page.goto('/docs/server/deployment');
  // a chat that was open is open again
  if (!(await second.region.isVisible())) {
    await second.launcher.click();
  }
  await expect(second.answers).toHaveCount(1);

  const asked = ['How is the server deployed?', SLOW];
  await askSlowly(first);
  const refused: number[] = [];
  second.page.on('response', (response) => response.url().endsWith('/chatkit') && refused.push(response.status()));
  const other = 'Which ports does the server need?';
  await second.send(other);
  await second.expectState('error');
  expect(refused.every((status) => status === 409)).toBe(true);
  await expect(second.region.getByRole('alert')).toContainText(/being answered/);
  await expect(second.questions.last()).toHaveText(other);
  await second.lookAt('busy-in-another-tab');

  await first.expectState('done');
  await expect(first.answers.last()).toContainText('Step 18');
  await second.press('Try again');
  await second.expectState('done');
  await expect(second.questions, 'what the other tab asked has its place').toHaveText([...asked, other]);
  await expect(second.answers).toHaveCount(3);

  const conversation = async (chat: Chat) => ({
    questions: await chat.questions.allTextContents(),
    answers: (await chat.answers.locator('.dc-md').allTextContents()).map((text) => text.slice(0, 40)),
  });
  for (const chat of [first, second]) {
    await chat.page.reload();
    await chat.expectState('done');
    // plain text stands there until the Markdown has loaded
    await expect(chat.answers.locator('.dc-md')).toHaveCount(3);
  }
  const seen = await conversation(first);
  expect(seen.questions).toEqual([...asked, other]);
  expect(seen.answers[1]).toContain('Take your time');
  expect(await conversation(second)).toEqual(seen);
});
