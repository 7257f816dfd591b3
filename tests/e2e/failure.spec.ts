/** What a reader sees when something of the chat does not work: never a blank panel, and the docs as they were. */
import {expect, test, type Page} from '@playwright/test';
import {Chat, CHATKIT, VARIANT, watchForeignRequests} from './chat.ts';
import {SCRIPT_URL} from './places.mjs';

const DEEP = 'How do I keep nginx from buffering the stream?';

/** Errors that nobody has caught. */
function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

for (const fault of ['launcher', 'conversation']) {
  test(`a fault in the ${fault} leaves the docs as they are`, async ({page}) => {
    const {launcher, region} = new Chat(page);
    await page.addInitScript((part) => sessionStorage.setItem('fault', part), fault);
    await page.goto(VARIANT);
    await expect(page.locator('html')).toHaveAttribute('data-has-hydrated', 'true');
    if (fault === 'conversation') {
      await launcher.click();
      await expect(page.getByRole('alert')).toContainText('The chat could not be loaded.');
    } else {
      await expect(launcher).toHaveCount(0);
    }
    await expect(region).toHaveCount(0);
    await page.locator('.menu__link', {hasText: 'Cleaning'}).click();
    await expect(page.locator('article')).toContainText('Chalk makes the kettle slow');
    await page.locator('#vinegar').scrollIntoViewIfNeeded();
    await expect(page.locator('[data-test="site-root"]')).toHaveCount(1);
  });
}

test('code of the chat that is gone from the server is said so, and a reload brings the chat', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await page.waitForLoadState('networkidle');
  await page.route('**/assets/js/*.js', (route) => route.fulfill({status: 404}));
  await chat.launcher.click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The chat could not be loaded.');
  await chat.lookAt('code-gone');
  await page.unroute('**/assets/js/*.js');
  await alert.getByRole('button', {name: 'Reload the page'}).click();
  await expect(chat.launcher).toBeVisible();
  await chat.open();
});

test('without consent nothing is loaded from elsewhere, and the built-in chat answers', async ({page}) => {
  const chat = new Chat(page);
  const scripts: string[] = [];
  page.on('request', (request) => request.url() === SCRIPT_URL && scripts.push(request.url()));
  await page.goto(VARIANT);
  await chat.launcher.click();
  await expect(chat.region).toContainText('loaded from OpenAI');
  await expect(chat.region.getByRole('button', {name: 'Use ChatKit'})).toBeVisible();
  await chat.region.getByRole('button', {name: 'Use the built-in chat instead'}).click();
  await chat.ask('How much vinegar do I pour into the kettle?');
  await expect(chat.citations.first()).toHaveAttribute('href', '/manual/cleaning/#vinegar');
  await page.reload();
  await expect(chat.answers, 'and is not asked again in this tab').toHaveCount(1);
  expect(scripts).toEqual([]);
});

test('consent is asked for once', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  await chat.launcher.click();
  await chat.region.getByRole('button', {name: 'Use ChatKit'}).click();
  await expect(page.locator('openai-chatkit textarea')).toBeVisible();
  await page.reload();
  await expect(page.locator('openai-chatkit textarea')).toBeVisible();
});

test('a blocked script hands the question to the panel, within a second and without an error', async ({page}) => {
  const chat = new Chat(page);
  const errors = watchErrors(page);
  await page.route(SCRIPT_URL, (route) => route.abort());
  await page.addInitScript(() => {
    const faces: (string | null)[] = [];
    Object.assign(window, {faces});
    new MutationObserver(() => {
      const region = document.querySelector('[data-docs-chat="region"]');
      const face = region?.getAttribute('data-face') ?? null;
      if (face !== null && face !== faces.at(-1)) {
        faces.push(face);
      }
    }).observe(document, {subtree: true, childList: true, attributes: true});
  });
  await page.goto(`${CHATKIT}/docs/?ask=${encodeURIComponent(DEEP)}`);
  await expect(chat.region).toHaveAttribute('data-face', 'panel');
  await expect(chat.composer).toHaveValue(DEEP);
  await expect(chat.composer).toBeFocused();
  const faces = () => page.evaluate(() => (window as unknown as {faces: string[]}).faces);
  expect(await faces()).toEqual(['chatkit', 'panel']);
  await chat.composer.press('Enter');
  await chat.expectState('done');

  await page.reload();
  await expect(chat.answers).toHaveCount(1);
  expect(await faces(), 'in this tab it is not tried again').toEqual(['panel']);
  expect(errors).toEqual([]);
});

test('while the script hangs the chat says that it loads, can be closed, and then the panel opens', async ({page}) => {
  const chat = new Chat(page);
  await page.clock.install();
  await page.route(SCRIPT_URL, () => undefined);
  await page.goto(`${CHATKIT}/docs/`);
  await chat.launcher.click();
  await expect(chat.region.getByRole('status')).toHaveText('Loading the chat…');
  await chat.lookAt('loading');
  await chat.press('Close');
  await page.clock.pauseAt(Date.now() + 60_000);
  await chat.launcher.click();
  await expect(chat.region, 'time spent closed does not count').toHaveAttribute('data-face', 'chatkit');
  await page.clock.runFor(7_900);
  await expect(chat.region).toHaveAttribute('data-face', 'chatkit');
  await page.clock.runFor(200);
  await expect(chat.region).toHaveAttribute('data-face', 'panel');
  await page.clock.resume();
  await expect(chat.composer).toBeVisible();
  await page.unrouteAll({behavior: 'ignoreErrors'});
});

test('an error of ChatKit before it is ready opens the panel', async ({page}) => {
  const chat = new Chat(page);
  await page.route(SCRIPT_URL, async (route) => {
    const script = await (await route.fetch()).text();
    await route.fulfill({contentType: 'text/javascript', body: script.replaceAll('chatkit.ready', 'chatkit.error')});
  });
  await page.goto(`${CHATKIT}/docs/`);
  await chat.launcher.click();
  await expect(chat.composer).toBeVisible();
});

for (const [status, state] of [[500, 'error'], [429, 'limited'], [503, 'error']] as const) {
  test(`a server that answers ${status} is said so, keeps the question, and is asked again`, async ({page}) => {
    const chat = new Chat(page);
    const errors = watchErrors(page);
    await page.goto('/docs/');
    await chat.open();
    await page.route('**/chatkit', (route) =>
      route.fulfill({
        status,
        headers: status === 429 ? {'Retry-After': '1'} : {},
        json: {error: {code: status === 429 ? 'rate_limited' : 'internal', message: 'No.', request_id: 'r'}},
      }),
    );
    await chat.send(DEEP);
    await chat.expectState(state);
    await expect(chat.region.getByRole('alert')).toBeVisible();
    await expect(chat.questions).toHaveText([DEEP]);
    await page.unroute('**/chatkit');
    await chat.region.getByRole('button', {name: 'Try again'}).click();
    await chat.expectState('done');
    expect(errors).toEqual([]);
  });
}

test('without a network the chat says so and keeps what is typed', async ({page, context}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await chat.composer.fill(DEEP);
  await context.setOffline(true);
  await chat.expectState('offline');
  await chat.composer.press('Enter');
  await expect(chat.composer).toHaveValue(DEEP);
  await chat.lookAt('offline');
  await context.setOffline(false);
  await chat.composer.press('Enter');
  await chat.expectState('done');
});

test('the panel asks nothing of another host, whatever is done with it', async ({page}) => {
  const chat = new Chat(page);
  const foreign = watchForeignRequests(page);
  const origins = new Set<string>();
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  await page.goto('/docs/');
  await chat.open();
  await chat.ask(DEEP);
  await chat.press('Helpful');
  await chat.citations.first().click();
  await page.getByRole('button', {name: 'Past chats'}).click();
  await page.getByRole('button', {name: 'Past chats'}).click();
  await page.reload();
  await chat.expectState('done');
  expect(foreign).toEqual([]);
  expect([...origins]).toEqual([new URL(page.url()).origin]);
});
