/** Opening and closing: keys, focus, and what the chat does to the page beside or under it. */
import {expect, test, type Page} from '@playwright/test';
import {Chat, CHATKIT, VARIANT} from './chat.ts';

test('the shortcut opens and closes, but not with other keys, while composing, or in a field of the page', async ({page}) => {
  const {region, launcher} = new Chat(page);
  await page.goto(VARIANT);
  await expect(launcher).toBeVisible();
  for (const keys of ['Control+Shift+I', 'Control+Alt+I', 'i']) {
    await page.keyboard.press(keys);
  }
  await page.evaluate(() =>
    document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'i', ctrlKey: true, isComposing: true, bubbles: true})),
  );
  await page.getByRole('textbox', {name: 'Field'}).focus();
  await page.keyboard.press('Control+I');
  await page.getByRole('textbox', {name: 'Editor'}).focus();
  await page.keyboard.press('Control+I');
  await expect(region).toHaveCount(0);
  await page.locator('article h1').click();
  await page.keyboard.press('Control+I');
  await expect(region).toBeVisible();
  await page.keyboard.press('Control+I');
  await expect(region).toBeHidden();
});

test('in ChatKit, the close button of its header and one outside of its frame close it', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`${CHATKIT}/docs/`);
  const kit = page.locator('openai-chatkit');
  await chat.launcher.click();
  await expect(kit.locator('textarea')).toBeFocused();
  await kit.getByRole('button', {name: 'close'}).click();
  await expect(chat.region).toBeHidden();
  await expect(chat.launcher).toBeFocused();
  await chat.launcher.click();
  await expect(kit.locator('textarea'), 'opened again, it has the focus again').toBeFocused();
  const outside = chat.region.getByRole('button', {name: 'Close'}).first();
  await outside.focus();
  await expect(outside).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(chat.region).toBeHidden();
});

test.describe('beside the page', () => {
  test.use({viewport: {width: 1440, height: 900}});

  test('it is a named region, the page keeps its text, its scroll and its links', async ({page}) => {
    const chat = new Chat(page);
    await page.goto('/docs/plugin/options');
    await chat.open();
    await expect(page.getByRole('complementary', {name: 'Ask the docs'})).toBeVisible();
    await expect(chat.region).not.toHaveAttribute('aria-modal');
    const region = (await chat.region.boundingBox())!;
    const article = (await page.locator('article').boundingBox())!;
    expect(article.x + article.width).toBeLessThanOrEqual(region.x);
    expect(article.width).toBeGreaterThan(500);
    await page.locator('article h2').first().hover();
    await page.mouse.wheel(0, 600);
    await page.waitForFunction(() => scrollY > 300);
    await page.locator('.menu__link', {hasText: 'Theming'}).click();
    await expect(page).toHaveURL(/theming$/);
    await expect(chat.region).toBeVisible();
  });

  test('its width is changed with the keys, by dragging, and is remembered', async ({page}) => {
    const chat = new Chat(page);
    await page.goto('/docs/');
    await chat.open();
    const handle = chat.region.getByRole('separator', {name: 'Width of the chat'});
    const width = async () => Math.round((await chat.region.boundingBox())!.width);
    const start = await width();
    await handle.focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(width).toBe(start + 24);
    await expect(handle).toHaveAttribute('aria-valuenow', String(start + 24));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(width).toBe(start - 24);
    await page.keyboard.press('Home');
    await expect.poll(width).toBe(340);
    await page.keyboard.press('End');
    await expect.poll(width).toBe(760);
    const edge = (await handle.boundingBox())!;
    await page.mouse.move(edge.x + 4, 400);
    await page.mouse.down();
    await page.mouse.move(940, 400, {steps: 3});
    await page.mouse.up();
    await expect.poll(width).toBe(500);
    const room = await page.locator('#__docusaurus').evaluate((root) => getComputedStyle(root).paddingInlineEnd);
    expect(room).toBe('500px');
    await page.reload();
    await expect.poll(width).toBe(500);
    await handle.dblclick();
    await expect.poll(width).toBe(420);
  });
});

test.describe('where there is no room beside the page', () => {
  test.use({viewport: {width: 1024, height: 800}});

  test('it lies over the end of the page, which can still be used', async ({page}) => {
    const chat = new Chat(page);
    await page.goto('/docs/plugin/options');
    const before = await page.locator('article').boundingBox();
    await chat.open();
    expect(await page.locator('article').boundingBox()).toEqual(before);
    await expect(chat.region).toHaveRole('complementary');
    await page.locator('.menu__link', {hasText: 'Theming'}).click();
    await expect(page).toHaveURL(/theming$/);
    await expect(chat.region).toBeVisible();
    await chat.composer.press('Escape');
    await expect(chat.region).toBeHidden();
  });
});

test.describe('on a phone', () => {
  test.use({viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true});

  test('it is a dialog: nothing else can be reached or scrolled, and no keyboard pops up', async ({page}) => {
    const chat = new Chat(page);
    await page.goto('/docs/plugin/options');
    await chat.launcher.tap();
    await expect(chat.composer).toBeVisible();
    await expect(page.getByRole('dialog', {name: 'Ask the docs'})).toHaveAttribute('aria-modal', 'true');
    await expect(chat.region, 'the frame has the focus').toBeFocused();
    const style = await chat.region.evaluate((region) => getComputedStyle(region).height);
    expect(style).toBe('844px');
    const others = page.locator('body > *:not(script):not([data-docs-chat="region"])');
    for (const other of await others.all()) {
      await expect(other).toHaveAttribute('inert', '');
    }
    await expect(page.locator('html')).toHaveCSS('overflow', 'hidden');
    for (let stop = 0; stop < 12; stop += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement!.closest('#__docusaurus'))).toBeNull();
    }
    await chat.press('Close');
    await expect(page.locator('body > [inert]')).toHaveCount(0);
    await expect(page.locator('html')).not.toHaveCSS('overflow', 'hidden');
  });

  test('"back" closes it, also on the first page of a visit, and goes on as before', async ({page}) => {
    const chat = new Chat(page);
    await page.goto('/docs/getting-started/installation');
    await page.evaluate(() => scrollTo(0, 400));
    await chat.launcher.tap();
    await expect(chat.region).toBeVisible();
    await page.goBack();
    await expect(chat.region).toBeHidden();
    await expect(page).toHaveURL(/installation$/);
    expect(await page.evaluate(() => scrollY)).toBe(400);

    await chat.launcher.tap();
    await chat.press('Close');
    await expect(chat.region).toBeHidden();
    await page.locator('.pagination-nav__link--next').tap();
    await expect(page).toHaveURL(/quick-start$/);
    await page.goBack();
    await expect(page, 'closing left nothing behind in the history').toHaveURL(/installation$/);
  });

  test('a followed source takes the way back with it, and the bar brings the answer again', async ({page}) => {
    const chat = new Chat(page);
    await page.goto('/docs/getting-started/installation');
    await chat.launcher.tap();
    await chat.ask('How do I keep nginx from buffering the stream?');
    await chat.citations.first().tap();
    await expect(page).toHaveURL(/deployment#buffering$/);
    await expect(chat.region).toBeHidden();
    const bar = page.locator('[data-docs-chat="bar"]');
    await expect(bar).toBeVisible();
    await expect(page.locator('body > [inert]')).toHaveCount(0);
    await bar.getByRole('button', {name: 'Back to the answer'}).tap();
    await expect(chat.answers).toBeVisible();
    await page.goBack();
    await expect(chat.region).toBeHidden();
    await expect(page).toHaveURL(/deployment#buffering$/);
    await page.goBack();
    await expect(page).toHaveURL(/installation$/);
  });
});

test('with reduced motion nothing moves', async ({page}) => {
  await page.emulateMedia({reducedMotion: 'reduce'});
  const chat = new Chat(page);
  await page.goto('/docs/');
  await chat.open();
  await expect(chat.region).toHaveCSS('animation-name', 'none');
  expect(await movingParts(page)).toEqual([]);
});

function movingParts(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-docs-chat], [data-docs-chat] *')]
      .filter((element) => {
        const {animationName, animationDuration, transitionDuration} = getComputedStyle(element);
        return (
          (animationName !== 'none' && parseFloat(animationDuration) > 0.01) || parseFloat(transitionDuration) > 0.01
        );
      })
      .map((element) => element.outerHTML.slice(0, 80)),
  );
}
