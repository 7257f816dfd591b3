import {expect, it} from 'vitest';
import {pickOpaque} from './siteColors.js';

it('writes a painted colour as hex', () => {
  expect(pickOpaque([[46, 133, 85, 255]])).toBe('#2e8555');
  expect(pickOpaque([[0, 10, 255, 255]])).toBe('#000aff');
});

it('passes over what is transparent or not set', () => {
  expect(pickOpaque([[0, 0, 0, 0], undefined, [27, 27, 29, 255]])).toBe('#1b1b1d');
  expect(pickOpaque([undefined, [0, 0, 0, 128]])).toBeUndefined();
});
