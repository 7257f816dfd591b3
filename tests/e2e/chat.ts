/** The chat as a reader uses it, for the tests: one way to open, ask and look. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, type Locator, type Page} from '@playwright/test';
import {ARTIFACTS, PORTS} from './places.mjs';

/** The small site with other settings: at its base URL, right-to-left, or with ChatKit. */
export const VARIANT = `http://127.0.0.1:${PORTS.variant}/manual/`;
export const HASH = `http://127.0.0.1:${PORTS.hash}/`;
export const CHATKIT = `http://127.0.0.1:${PORTS.chatkit}`;

export class Chat {
  readonly launcher: Locator;
  readonly region: Locator;
  readonly composer: Locator;
  readonly answers: Locator;
  readonly citations: Locator;
  readonly sources: Locator;
  readonly questions: Locator;
  readonly trace: Locator;
  readonly suggestions: Locator;
  readonly rest: Locator;
  readonly selectionButton: Locator;
  readonly files: Locator;

  constructor(readonly page: Page) {
    const part = (name: string) => page.locator(`[data-docs-chat="${name}"]`);
    this.launcher = part('launcher');
    this.region = part('region');
    this.composer = part('composer');
    this.answers = part('answer');
    this.citations = part('citation');
    this.sources = part('sources');
    this.questions = part('question');
    this.trace = part('trace');
    this.suggestions = part('suggestion');
    this.selectionButton = part('selection-button');
    this.files = part('files');
    this.rest = this.answers.locator('details');
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await expect(this.composer).toBeVisible();
  }

  /** On the site that asks for consent: without ChatKit. */
  async openPanel(): Promise<void> {
    await this.launcher.click();
    await this.region.getByRole('button').last().click();
    await expect(this.composer).toBeVisible();
  }

  async send(question: string): Promise<void> {
    await this.composer.fill(question);
    await this.composer.press('Enter');
  }

  /** Asks, and waits for the whole answer. */
  async ask(question: string): Promise<void> {
    const before = await this.answers.count();
    await this.send(question);
    await expect(this.answers).toHaveCount(before + 1);
    await this.expectState('done');
  }

  async stop(): Promise<void> {
    await this.region.getByRole('button', {name: /^Stop/}).click();
    await this.expectState('done');
  }

  async press(name: string): Promise<void> {
    await this.region.getByRole('button', {name, exact: true}).last().click();
  }

  /** Nothing but what scrolls on its own is wider than the chat. */
  async expectNoOverflow(): Promise<void> {
    const wider = await this.region.evaluate((region) =>
      [...region.querySelectorAll('.dc-panel, .dc-talk, .dc-md, .dc-foot')]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => element.className),
    );
    expect(wider).toEqual([]);
  }

  /** Where the citations of the answers lead; there is at least one. */
  async citedPlaces(): Promise<string[]> {
    await expect(this.citations.first()).toBeVisible();
    return this.citations.evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  }

  async expectState(state: string): Promise<void> {
    await expect(this.page.locator('[data-docs-chat="state"]')).toHaveAttribute('data-state', state);
  }

  async lookAt(name: string): Promise<void> {
    await this.page.waitForTimeout(250); // transitions take 160 ms
    await this.page.screenshot({path: path.join(ARTIFACTS, 'screenshots', `${name}.png`)});
  }
}

/** What everything is looked at in. */
export const LOOKS = {
  light: {},
  dark: {colorScheme: 'dark'},
  phone: {viewport: {width: 390, height: 844}, hasTouch: true, isMobile: true},
} as const;

/** Marks the loaded document, so that a full reload is noticed. */
export async function markDocument(page: Page): Promise<() => Promise<boolean>> {
  const mark = await page.evaluate(() => performance.timeOrigin);
  return async () => (await page.evaluate(() => performance.timeOrigin)) === mark;
}

/** Everything the page asks another host for. */
export function watchForeignRequests(page: Page): string[] {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1') {
      foreign.push(request.url());
    }
  });
  return foreign;
}

/** Loads axe into the page. */
export async function addAxe(page: Page): Promise<void> {
  await page.addScriptTag({path: fileURLToPath(import.meta.resolve('axe-core'))});
}

/** What axe finds wrong with our own elements; the page must have loaded axe. */
export async function findBarriers(page: Page, selector: string): Promise<string[]> {
  return page.evaluate(async (scope) => {
    const {axe} = window as unknown as {axe: typeof import('axe-core')};
    const {violations} = await axe.run(scope);
    return violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  }, selector);
}

/** Before that, nothing on the page listens. */
export async function expectHydrated(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-has-hydrated', 'true');
}

/** Selects all the text of an element at once, as a long press does. */
export async function selectAllText(page: Page, target: Locator): Promise<void> {
  await expectHydrated(page);
  await target.evaluate((element) => getSelection()!.selectAllChildren(element));
}

/** Selects the text of an element as a reader with a mouse does, by its first and last line. */
export async function selectText(page: Page, target: Locator): Promise<void> {
  await expectHydrated(page);
  await target.scrollIntoViewIfNeeded();
  const [from, to] = await target.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const rects = [...range.getClientRects()];
    const first = rects[0]!;
    const last = rects.at(-1)!;
    return [
      {x: first.left + 1, y: first.top + first.height / 2},
      {x: last.right - 1, y: last.top + last.height / 2},
    ] as const;
  });
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, {steps: 4});
  await page.mouse.up();
}

/** The id of the English pages of a built site. */
export function readBuild(site: string): string {
  const manifest = path.join(site, '.docusaurus/docs-chat/manifest.en.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as {build: string}).build;
}
