/** How the chat takes the look of the site, in colours, directions and languages that are not ours. */
import type {ChatKitOptions} from '@openai/chatkit';
import {expect, test, type Page} from '@playwright/test';
import {addAxe, Chat, findBarriers, LOOKS, selectAllText, VARIANT} from './chat.ts';

type Theme = Exclude<NonNullable<ChatKitOptions['theme']>, string>;

/** Switches the colour mode, and says what the page shows two frames later. */
async function switchMode<Seen>(page: Page, mode: string, look: () => Seen): Promise<Seen> {
  return page.evaluate(
    async ([wanted, source]) => {
      document.documentElement.setAttribute('data-theme', wanted!);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return (0, eval)(`(${source})()`) as Seen;
    },
    [mode, look.toString()],
  );
}

test('ChatKit has the colour mode of the page at once, and its accent, whatever CSS that is written in', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  await chat.launcher.click();
  await chat.region.getByRole('button', {name: 'Use ChatKit'}).click();
  await expect(page.locator('openai-chatkit textarea')).toBeVisible();
  // The build has turned the site's own into plain colours.
  await page.addStyleTag({content: ':root[data-theme="light"] {--ifm-color-primary: oklch(0.45 0.19 300)}'});
  const last = () => window.chatKitRecord.options.at(-1)!.theme as Theme;
  const light = await switchMode(page, 'light', last);
  expect(light).toMatchObject({
    colorScheme: 'light',
    radius: 'pill',
    color: {accent: {primary: '#682dac'}, surface: {background: '#ffffff', foreground: '#1c1e21'}},
  });
  const dark = await switchMode(page, 'dark', last);
  expect(dark).toMatchObject({
    colorScheme: 'dark',
    color: {accent: {primary: '#f3a8f3'}, surface: {background: '#242526', foreground: '#e3e3e3'}},
  });
  const font = await page.evaluate(() => getComputedStyle(document.body).fontFamily);
  expect(light.typography?.fontFamily).toBe(font);
});

test('the panel has the colour mode, the accent and the font of the page at once', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(VARIANT);
  await chat.openPanel();
  const look = () => {
    const region = getComputedStyle(document.querySelector('[data-docs-chat="region"]')!);
    return [region.backgroundColor, region.fontFamily === getComputedStyle(document.body).fontFamily];
  };
  expect(await switchMode(page, 'dark', look)).toEqual(['rgb(36, 37, 38)', true]);
  expect(await switchMode(page, 'light', look)).toEqual(['rgb(255, 255, 255)', true]);
});

test('in forced colours every part has a border', async ({page}) => {
  await page.emulateMedia({forcedColors: 'active'});
  const chat = new Chat(page);
  await page.goto(VARIANT);
  const border = (selector: string, side = 'Top') =>
    page.locator(selector).first().evaluate((element, edge) => {
      const style = getComputedStyle(element) as unknown as Record<string, string>;
      return `${style[`border${edge}Style`]} ${style[`border${edge}Width`]}`;
    }, side);
  expect(await border('[data-docs-chat="launcher"]')).toBe('solid 1px');
  await selectAllText(page, page.locator('article p').first());
  expect(await border('[data-docs-chat="selection-button"]')).toBe('solid 1px');
  await chat.launcher.click();
  expect(await border('[data-docs-chat="region"]', 'InlineStart')).toBe('solid 1px');
  expect(await border('.docs-chat-button')).toBe('solid 1px');
  await chat.lookAt('forced-colours');
});

test('right to left, everything is mirrored: button, chat, handle and room', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`${VARIANT}ar/`);
  await expect(chat.launcher).toBeVisible();
  expect((await chat.launcher.boundingBox())!.x).toBeLessThan(100);
  await chat.lookAt('rtl-launcher');
  await chat.openPanel();
  await expect(chat.region).toContainText('عمّ تبحث؟');
  const box = async () => (await chat.region.boundingBox())!;
  expect((await box()).x).toBe(0);
  const article = (await page.locator('article').boundingBox())!;
  expect(article.x).toBeGreaterThanOrEqual((await box()).width);
  const handle = chat.region.getByRole('separator');
  expect((await handle.boundingBox())!.x).toBeGreaterThan((await box()).width - 10);
  const before = (await box()).width;
  await handle.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await box()).width).toBe(before + 24);
  await page.mouse.move(before + 24, 400);
  await page.mouse.down();
  await page.mouse.move(600, 400, {steps: 3});
  await page.mouse.up();
  await expect.poll(async () => (await box()).width).toBe(600);
  await chat.lookAt('rtl-start');
  await chat.ask('كم من الوقت تحتاج الغلاية؟');
  await expect(chat.region.getByRole('status')).toContainText(/مصدر واحد|مصدران|[3-9] مصادر/);
  await chat.expectNoOverflow();
  await chat.lookAt('rtl-answer');
  await page.keyboard.press('Escape');
  await selectAllText(page, page.locator('article p').first());
  await expect(chat.selectionButton).toBeInViewport({ratio: 1});
  await chat.lookAt('rtl-selection');
});

const SCHEMES = {violet: 'oklch(0.45 0.19 300)', green: '#2e8555', yellow: '#e8b100'};

for (const [look, options] of Object.entries(LOOKS)) {
  test.describe(`looked at, ${look}`, () => {
    test.use(options);

    test(`launcher, consent and start are easy to read in any accent, ${look}`, async ({page}) => {
      const chat = new Chat(page);
      /** Shows a part in each scheme, and has axe look at it. */
      const inEachScheme = async (part: string, selector: string) => {
        await page.waitForTimeout(200); // it fades in
        for (const [name, primary] of Object.entries(SCHEMES)) {
          await page.evaluate((color) => {
            const {style} = document.documentElement;
            style.setProperty('--ifm-color-primary', color);
            style.setProperty('--ifm-color-primary-dark', `color-mix(in oklch, ${color}, black 10%)`);
            style.setProperty('--ifm-color-primary-lighter', `color-mix(in oklch, ${color}, white 20%)`);
          }, primary);
          expect(await findBarriers(page, selector), `${part} in ${name}`).toEqual([]);
          await chat.lookAt(`scheme-${name}-${look}-${part}`);
        }
      };
      await page.goto(VARIANT);
      await addAxe(page);
      await inEachScheme('launcher', '[data-docs-chat="launcher"]');
      await chat.launcher.click();
      await expect(chat.region.getByRole('heading')).toBeVisible();
      await inEachScheme('consent', '[data-docs-chat="region"]');
      await chat.region.getByRole('button').last().click();
      await expect(chat.composer).toBeVisible();
      await chat.expectNoOverflow();
      await chat.lookAt(`scheme-yellow-${look}-start`);
    });
  });
}
