/** Files that a reader adds to a question, with a server and a model that take them. */
import {expect, test} from '@playwright/test';
import {Chat, HASH} from './chat.ts';
import {PORTS} from './places.mjs';

const LOG = {name: 'kettle.log', mimeType: 'text/plain', buffer: Buffer.from('12:01 heating\n12:02 error E-4711\n')};
const PHOTO = {
  name: 'inside.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};

test('a log and a picture go with the question, and the answer is made from them', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`${HASH}#/`);
  await chat.open();
  const tray = page.getByRole('list', {name: 'Files'});

  const picker = page.waitForEvent('filechooser');
  await chat.press('Add a file');
  await (await picker).setFiles(LOG);
  await expect(tray.getByRole('listitem')).toHaveText(LOG.name);
  await expect(tray.getByRole('listitem')).toHaveAttribute('aria-busy', 'false');
  await chat.lookAt('files-added');
  await chat.ask('What is wrong with my kettle?');
  await expect(chat.answers).toContainText('E-4711 in your log is the lid');
  await expect(chat.questions).toContainText(LOG.name);
  await expect(tray, 'sent, it is no longer in the field').toHaveCount(0);
  await chat.lookAt('files-answered');

  await chat.files.setInputFiles(PHOTO);
  await expect(tray.getByRole('listitem')).toHaveAttribute('aria-busy', 'false');
  await chat.ask('What is the white stuff on this photo?');
  await expect(chat.answers.last()).toContainText('The photo shows chalk');
  const asked = await (await fetch(`http://127.0.0.1:${PORTS.openai}/__aimock/journal`)).text();
  expect(asked).toContain(`${PHOTO.name}\\">(an image, shown to you)`);

  await page.reload();
  await expect(chat.questions.first()).toContainText(LOG.name);
});

test('a file can be taken back, and the server forgets it', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`${HASH}#/`);
  await chat.open();
  await chat.files.setInputFiles([LOG, PHOTO]);
  const tray = page.getByRole('list', {name: 'Files'});
  await expect(tray.getByRole('listitem')).toHaveText([LOG.name, PHOTO.name]);
  await expect(tray.locator('[aria-busy="true"]')).toHaveCount(0);
  const deleted = page.waitForResponse((response) => response.request().postData()?.includes('attachments.delete') ?? false);
  await chat.press(`Remove ${LOG.name}`);
  expect((await deleted).ok()).toBe(true);
  await expect(tray.getByRole('listitem')).toHaveText([PHOTO.name]);
});

test('what cannot be taken is said at the file, and the question can still be asked', async ({page}) => {
  const chat = new Chat(page);
  await page.goto(`${HASH}#/`);
  await chat.open();
  await chat.files.setInputFiles([
    {name: 'huge.log', mimeType: 'text/plain', buffer: Buffer.alloc(5 * 1024 * 1024 + 1, 'x')},
    {name: 'page.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n\u0000\u0001')},
  ]);
  const items = page.getByRole('list', {name: 'Files'}).getByRole('listitem');
  await expect(items.nth(0)).toContainText('Larger than');
  await expect(items.nth(1)).toContainText(/could not|not/i);
  await chat.lookAt('files-refused');
  await chat.ask('How long does the kettle take?');
  await expect(chat.answers).toHaveCount(1);
});
