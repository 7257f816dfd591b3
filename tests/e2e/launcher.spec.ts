/** What is on every page before the chat is opened. */
import {expect, test, type Page} from '@playwright/test';
import {Chat, CHATKIT, VARIANT, watchForeignRequests, expectHydrated} from './chat.ts';

test('it is there with a Root of the site, one of another plugin, a base URL, and in every language', async ({page}) => {
  for (const path of ['', 'cleaning/', 'blog/', 'no/such/page', 'ar/']) {
    await page.goto(VARIANT + path);
    await expect(new Chat(page).launcher, path).toBeVisible();
    await expect(page.locator('[data-test="site-root"]')).toHaveCount(1);
    await expect(page.locator('[data-test="plugin-root"]')).toHaveCount(1);
  }
  await expect(new Chat(page).launcher).toHaveAccessibleName('اسأل التوثيق');
});

test('it is a button with a name, a state and its keys, that Tab reaches and that shows its focus', async ({page}) => {
  const {launcher, region} = new Chat(page);
  await page.goto('/docs/');
  await expect(launcher).toHaveRole('button');
  await expect(launcher).toHaveAccessibleName('Ask the docs');
  await expect(launcher).toHaveAttribute('aria-expanded', 'false');
  await expect(launcher).toHaveAttribute('aria-keyshortcuts', 'Control+I Meta+I');
  const {width, height} = (await launcher.boundingBox())!;
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);

  await page.locator('footer a').last().focus();
  await page.keyboard.press('Tab');
  await expect(launcher).toBeFocused();
  await expect(launcher).toHaveCSS('outline-style', 'solid');
  await page.keyboard.press('Enter');
  await expect(region).toBeVisible();
  await expect(launcher).toHaveAttribute('aria-expanded', 'true');
  await expect(page.locator(`#${await launcher.getAttribute('aria-controls')}`)).toHaveAttribute('data-docs-chat', 'region');
});

test.describe('without JavaScript', () => {
  test.use({javaScriptEnabled: false});

  test('nothing that could not work is shown', async ({page}) => {
    await page.goto(VARIANT);
    await expect(page.locator('article')).toContainText('boils one litre');
    await expect(page.locator('[data-docs-chat]').filter({visible: true})).toHaveCount(0);
  });
});

test('nothing of the chat is printed', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await page.emulateMedia({media: 'print'});
  await expect(chat.launcher).toBeHidden();
  await expect(chat.region).toBeHidden();
  const padding = await page.locator('#__docusaurus').evaluate((root) => getComputedStyle(root).paddingInlineEnd);
  expect(padding).toBe('0px');
});

test('it stays clear of the back-to-top button, and moves with its variable', async ({page}) => {
  const {launcher} = new Chat(page);
  await page.goto('/docs/plugin/options');
  await page.mouse.wheel(0, 2000);
  await page.waitForFunction(() => scrollY > 1000);
  const top = page.locator('.theme-back-to-top-button');
  await expect(async () => {
    await page.mouse.wheel(0, -100);
    await expect(top).toBeVisible({timeout: 500});
  }).toPass();
  const button = (await top.boundingBox())!;
  const before = (await launcher.boundingBox())!;
  expect(before.y + before.height).toBeLessThanOrEqual(button.y);
  await page.evaluate(() => document.documentElement.style.setProperty('--docs-chat-launcher-offset', '10rem'));
  expect((await launcher.boundingBox())!.y).toBeLessThan(before.y - 80);
});

for (const width of [320, 390]) {
  test.describe(`${width} pixels wide`, () => {
    test.use({viewport: {width, height: 700}, hasTouch: true, isMobile: true});

    test('it is an icon, and nothing scrolls sideways', async ({page}) => {
      const chat = new Chat(page);
      await page.goto('/docs/');
      const box = (await chat.launcher.boundingBox())!;
      expect(box.width).toBeLessThan(50);
      await expect(chat.launcher).toHaveAccessibleName('Ask the docs');
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(await overflow()).toBeLessThanOrEqual(0);
      await chat.launcher.tap();
      await expect(chat.composer).toBeVisible();
      expect(await overflow()).toBeLessThanOrEqual(0);
      await chat.expectNoOverflow();
    });
  });
}

for (const [face, url] of Object.entries({panel: '/docs/', ChatKit: `${CHATKIT}/docs/`})) {
  test(`before it is opened, nothing moves and nothing is asked of another host (${face})`, async ({page}) => {
    const foreign = watchForeignRequests(page);
    const origins = new Set<string>();
    page.on('request', (request) => origins.add(new URL(request.url()).origin));
    await page.addInitScript(() => {
      Object.assign(window, {shift: 0});
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {value: number})[]) {
          (window as unknown as {shift: number}).shift += entry.value;
        }
      }).observe({type: 'layout-shift', buffered: true});
    });
    await page.goto(url);
    await page.waitForLoadState('networkidle');
    await new Chat(page).launcher.hover();
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate(() => (window as unknown as {shift: number}).shift)).toBeLessThan(0.01);
    expect(foreign).toEqual([]);
    expect([...origins]).toEqual([new URL(page.url()).origin]);
  });
}

test('the navbar has an item of its own type, also in a menu, beside those of the site', async ({page}) => {
  const {region} = new Chat(page);
  await page.goto(VARIANT);
  await expect(page.locator('.navbar')).toContainText('★');
  const item = page.locator('.navbar__items').getByRole('button', {name: 'Ask the docs'});
  await item.click();
  await expect(region).toBeVisible();
  await expect(region).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(item).toBeFocused();

  await page.getByRole('button', {name: 'Help'}).hover();
  await page.getByRole('button', {name: 'Ask from the menu'}).click();
  await expect(region).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true});

  test('the navbar item is in the sidebar, which is closed when the chat has been', async ({page}) => {
    const {region} = new Chat(page);
    await page.goto(VARIANT);
    await page.getByRole('button', {name: 'Toggle navigation bar'}).tap();
    const back = page.getByRole('button', {name: /Back to main menu/});
    await back.tap();
    await page.locator('.navbar-sidebar').getByRole('button', {name: 'Ask the docs'}).tap();
    await expect(region).toBeVisible();
    await region.getByRole('button', {name: 'Close'}).tap();
    await expect(region).toBeHidden();
    await expect(page.locator('.navbar-sidebar--show')).toHaveCount(0);
  });
});

test('any element with the attribute opens it, and so does an event, with a question that is not sent', async ({page}) => {
  const chat = new Chat(page);
  const sent = watchQuestions(page);
  await page.goto('/docs/');
  await expectHydrated(page); // React would put back what it rendered
  await page.locator('article p').first().evaluate((paragraph) => {
    paragraph.innerHTML = '<button data-docs-chat-open="Why?">Ask why</button>';
  });
  await page.getByRole('button', {name: 'Ask why'}).click();
  await expect(chat.composer).toHaveValue('Why?');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', {name: 'Ask why'})).toBeFocused();
  await chat.launcher.click();
  await chat.composer.fill('');
  await page.evaluate(() => dispatchEvent(new CustomEvent('docs-chat:open', {detail: {question: 'How?'}})));
  await expect(chat.composer).toHaveValue('How?');
  expect(sent).toEqual([]);
});

function watchQuestions(page: Page): unknown[] {
  const sent: unknown[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/chatkit')) {
      sent.push(request.postDataJSON());
    }
  });
  return sent;
}
