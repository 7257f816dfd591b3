import path from 'node:path';
import {defineConfig} from '@playwright/test';
import {ARTIFACTS, CHATKIT_SITE, HASH_SITE, PORTS, ROOT, SITE, VARIANT_SITE} from './places.mjs';

const docsChat = path.join(ROOT, '.venv/bin/docs-chat');

const MODEL = {
  DOCS_CHAT_ANSWER__ENGINE: 'openai',
  OPENAI_API_KEY: 'sk-test',
  OPENAI_BASE_URL: `http://127.0.0.1:${PORTS.openai}/v1`,
};

/** A real server, with a database of its own for this run. */
function serve(
  name: 'extractive' | 'model' | 'chatkit' | 'variant' | 'hash',
  site: string,
  env: Record<string, string> = {},
  indexed = SITE,
) {
  const index = path.join(indexed, '.docs-chat/index');
  const database = path.join(ARTIFACTS, `${name}-${process.pid}.db`);
  return {
    command: `${docsChat} serve --index ${index} --site ${site} --port ${PORTS[name]}`,
    url: `http://127.0.0.1:${PORTS[name]}/readyz`,
    reuseExistingServer: false,
    timeout: 60_000,
    stdout: 'ignore' as const,
    env: {
      DOCS_CHAT_DATABASE_URL: `sqlite:///${database}`,
      DOCS_CHAT_SECRET_KEY: 'browser-tests-only-0123456789abcdef',
      DOCS_CHAT_LIMITS__QUESTIONS_PER_MINUTE: '1000',
      DOCS_CHAT_LIMITS__IDENTITIES_PER_HOUR: '1000',
      DOCS_CHAT_ANSWER__ENGINE: 'extractive',
      ...env,
    },
  };
}

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: path.join(ARTIFACTS, 'browser'),
  timeout: 60_000,
  expect: {timeout: 15_000},
  // Two at a time wait for each other where a reader would not.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${PORTS.extractive}`,
    viewport: {width: 1440, height: 900},
    locale: 'en-US',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
    },
  },
  webServer: [
    serve('extractive', SITE),
    serve('chatkit', CHATKIT_SITE),
    serve('variant', VARIANT_SITE, {}, VARIANT_SITE),
    serve('model', SITE, MODEL),
    serve('hash', HASH_SITE, {...MODEL, DOCS_CHAT_ATTACHMENTS__ENABLED: 'true'}, HASH_SITE),
    {
      command: `npx llmock --port ${PORTS.openai} --fixtures openai-answers.json --latency 40 --log-level warn --validate-on-load`,
      url: `http://127.0.0.1:${PORTS.openai}/health`,
      reuseExistingServer: false,
    },
  ],
});
