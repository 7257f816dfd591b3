import {describe, expect, it} from 'vitest';
import {findDocsVersion, findLatestVersion} from './docsVersion.js';

const current = {name: 'current', label: '0.1', path: '/docs', isLast: true};
const old = {name: '0.0', label: '0.0 (preview)', path: '/docs/0.0', isLast: false};
const only = {name: 'current', label: 'Next', path: '/community', isLast: true};

const globalData = {
  'docusaurus-plugin-content-docs': {
    default: {path: '/docs', versions: [current, old]},
    community: {path: '/community', versions: [only]},
  },
  'docusaurus-plugin-docs-chat': {default: {launcher: false}},
  other: {default: null},
};

describe('findDocsVersion', () => {
  it.each([
    ['/docs/intro', 'current', '0.1', true],
    ['/docs', 'current', '0.1', true],
    ['/docs/0.0/intro', '0.0', '0.0 (preview)', true],
    ['/docs/0.0/', '0.0', '0.0 (preview)', true],
    ['/docs/0.0.1', 'current', '0.1', true],
    ['/community/join', 'current', 'Next', false],
  ])('%s belongs to %s', (pathname, name, label, isOneOfSeveral) => {
    expect(findDocsVersion(pathname, globalData, '/')).toEqual({name, label, isOneOfSeveral});
  });

  it.each(['/', '/blog', '/docs-old/intro', '/communities'])('%s has no version', (pathname) => {
    expect(findDocsVersion(pathname, globalData, '/')).toBeUndefined();
  });

  it('counts only pages of the docs when they live at the root of the site', () => {
    const docs = [{path: '/base/'}, {path: '/base/guides/a'}];
    const root = {...current, path: '/base/', docs};
    const data = {'wrapped-docs': {default: {versions: [root, {...old, path: '/base/0.0', docs}]}}};
    expect(findDocsVersion('/base/guides/a/', data, '/base/')).toMatchObject({name: 'current'});
    expect(findDocsVersion('/base/0.0/x', data, '/base/')).toMatchObject({name: '0.0'});
    expect(findDocsVersion('/base', data, '/base/')).toMatchObject({name: 'current'});
    expect(findDocsVersion('/base/blog/a', data, '/base/')).toBeUndefined();
  });
});

describe('findLatestVersion', () => {
  it('is the latest of the one set of docs', () => {
    const data = {docs: {default: {versions: [old, current]}}};
    expect(findLatestVersion(data)).toMatchObject({name: 'current', label: '0.1'});
  });

  it('is not guessed among several sets, nor without docs', () => {
    expect(findLatestVersion(globalData)).toBeUndefined();
    expect(findLatestVersion({})).toBeUndefined();
  });
});
