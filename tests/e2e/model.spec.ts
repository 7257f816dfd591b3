import {expect, test} from '@playwright/test';
import {Chat} from './chat.ts';
import {PORTS} from './places.mjs';

test.use({baseURL: `http://127.0.0.1:${PORTS.model}`});

test('the answer of a model streams, and only what the docs hold is linked', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/server/deployment');
  await chat.open();
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, {seen});
    new MutationObserver(() => {
      const length = document.querySelector('[data-docs-chat="answer"]')?.textContent?.length ?? 0;
      if (length !== seen.at(-1)) {
        seen.push(length);
      }
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
  });
  await chat.send('How do I stop proxies from holding back the stream?');
  await chat.expectState('streaming');
  await chat.lookAt('streaming');
  await chat.expectState('done');
  const steps = await page.evaluate(() => (window as unknown as {seen: number[]}).seen.length);
  expect(steps, 'the text grew bit by bit').toBeGreaterThan(5);

  await expect(chat.answers).toContainText('X-Accel-Buffering: no');
  await expect(chat.answers).not.toContainText('evil.example');
  await expect(chat.answers.locator('img')).toHaveCount(0);
  await expect(chat.answers).not.toContainText('[99]');
  for (const href of await chat.region.locator('a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href))) {
    expect(new URL(href).hostname).toBe('127.0.0.1');
  }
  await expect(chat.citations).not.toHaveCount(0);
  await chat.lookAt('answer-of-a-model');
});

test('an answer can be stopped, and what came stays', async ({page}) => {
  const chat = new Chat(page);
  await page.goto('/docs/server/deployment');
  await chat.open();
  await chat.send('How do I run the server with systemd behind nginx?');
  await expect(chat.answers).toContainText('One sentence');
  await page.getByRole('button', {name: /^Stop/}).click();
  await chat.expectState('done');
  const text = (await chat.answers.textContent()) ?? '';
  expect(text.match(/One sentence/g)?.length ?? 0).toBeLessThan(12);
  await chat.ask('How is the server deployed?');
  await expect(chat.answers).toHaveCount(2);
});
