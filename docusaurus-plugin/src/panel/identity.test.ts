import {expect, test, vi} from 'vitest';
import {createIdentity} from './identity.js';

const storage = () => {
  const kept = new Map<string, string>();
  return {
    get: (key: string) => kept.get(key) ?? null,
    set: (key: string, value: string) => void kept.set(key, value),
    del: (key: string) => void kept.delete(key),
  };
};
const minted = () =>
  Response.json({token: 'token', expires_at: new Date(Date.now() + 3_600_000).toISOString()});
const refused = () =>
  Response.json({error: {code: 'challenge_required', message: 'Show first that you are a person.'}}, {status: 403});

test('a server that asks for a proof gets it with a second request', async () => {
  const mint = vi.fn((init: RequestInit) => Promise.resolve(init.body === null ? refused() : minted()));
  const identity = createIdentity({mint, storage: storage(), prove: () => Promise.resolve('proof')});
  await expect(identity.token()).resolves.toBe('token');
  expect(mint.mock.calls.map(([init]) => init.body)).toEqual([null, '{"challenge":"proof"}']);
});

test('a proof that is refused is not asked for again at once', async () => {
  const prove = vi.fn(() => Promise.resolve('proof'));
  const identity = createIdentity({mint: () => Promise.resolve(refused()), storage: storage(), prove});
  await expect(identity.token()).rejects.toMatchObject({kind: 'forbidden', code: 'challenge_required'});
  expect(prove).toHaveBeenCalledTimes(1);
});

test('where no proof can be had the refusal is said', async () => {
  const identity = createIdentity({mint: () => Promise.resolve(refused()), storage: storage()});
  await expect(identity.token()).rejects.toMatchObject({kind: 'forbidden'});
});
