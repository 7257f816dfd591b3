/** A site with a strict Content Security Policy: no inline script but those that Docusaurus writes, no inline style. */
import {createHash} from 'node:crypto';
import {expect, test} from '@playwright/test';
import {Chat} from './chat.ts';

type Violation = {directive: string; blocked: string};

test('the panel needs nothing that a strict policy refuses', async ({page}) => {
  await page.route('**/docs/**', async (route) => {
    if (route.request().resourceType() !== 'document') {
      return route.continue();
    }
    const response = await route.fetch();
    const html = await response.text();
    const hashes = [...html.matchAll(/<script(?![^>]* src=)[^>]*>([^]*?)<\/script>/g)].map(
      ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    );
    const policy = [
      "default-src 'none'",
      `script-src 'self' ${hashes.join(' ')}`,
      "style-src 'self'",
      "img-src 'self' data:",
      "manifest-src 'self'",
      "connect-src 'self'",
    ];
    return route.fulfill({response, body: html, headers: {...response.headers(), 'content-security-policy': policy.join('; ')}});
  });
  await page.addInitScript(() => {
    const violations: Violation[] = [];
    Object.assign(window, {violations});
    addEventListener('securitypolicyviolation', ({effectiveDirective, blockedURI}) =>
      violations.push({directive: effectiveDirective, blocked: blockedURI}),
    );
  });
  const violations = () => page.evaluate(() => (window as unknown as {violations: Violation[]}).violations);

  const chat = new Chat(page);
  await page.goto('/docs/server/deployment');
  await expect(chat.launcher).toBeVisible();
  const before = await violations();
  expect(
    before.filter(({directive}) => directive !== 'style-src-attr'),
    'the styles that the theme writes into its code blocks are all that is refused',
  ).toEqual([]);
  expect(before.length, 'the policy is in force').toBeGreaterThan(0);

  await chat.open();
  await chat.ask('How do I keep nginx from buffering the stream?');
  await expect(chat.answers.locator('pre span[style]').first(), 'code is coloured').toBeVisible();
  await chat.citations.first().hover();
  await chat.press('Copy answer');
  await chat.press('Not helpful');
  await page.getByRole('button', {name: 'Past chats'}).click();
  await expect(chat.region.getByRole('listitem').first()).toBeVisible();
  await chat.lookAt('strict-policy');
  expect((await violations()).slice(before.length)).toEqual([]);
});
