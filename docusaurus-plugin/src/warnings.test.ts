import {describe, expect, it} from 'vitest';
import {DEFAULT_OPTIONS} from './options';
import {findWarnings} from './warnings';
import type {DocusaurusConfig} from '@docusaurus/types';

function site(router: 'browser' | 'hash', themeConfig = {}): DocusaurusConfig {
  return {themeConfig, future: {experimental_router: router}} as unknown as DocusaurusConfig;
}

describe('findWarnings', () => {
  it('finds nothing in a plain site', () => {
    expect(findWarnings(DEFAULT_OPTIONS, site('browser'))).toEqual([]);
  });

  it.each([
    [{...DEFAULT_OPTIONS, ui: 'chatkit' as const}, site('browser'), /domainKey/],
    [DEFAULT_OPTIONS, site('browser', {algolia: {askAi: 'id'}}), /DocSearch Ask AI/],
    [DEFAULT_OPTIONS, site('hash'), /hash router/],
  ])('finds what will surprise (%#)', (options, siteConfig, message) => {
    const warnings = findWarnings(options, siteConfig);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(message);
  });
});
