import {expect, it} from 'vitest';
import {chooseFace} from './chooseFace.js';

it.each([
  ['auto', undefined, 'localhost', false, 'chatkit'],
  ['auto', undefined, '127.0.0.1', false, 'chatkit'],
  ['auto', undefined, 'docs.example.com', false, 'panel'],
  ['auto', 'domain_pk_1', 'docs.example.com', false, 'chatkit'],
  ['auto', 'domain_pk_1', 'docs.example.com', true, 'panel'],
  ['chatkit', 'domain_pk_1', 'docs.example.com', false, 'chatkit'],
  ['chatkit', undefined, 'docs.example.com', false, 'panel'],
  ['panel', 'domain_pk_1', 'localhost', false, 'panel'],
] as const)('%s with key %s on %s, failed before: %s, opens %s', (ui, domainKey, host, failed, face) => {
  expect(chooseFace({ui, domainKey}, host, failed)).toBe(face);
});
