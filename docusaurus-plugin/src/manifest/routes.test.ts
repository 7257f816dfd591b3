import {describe, expect, it} from 'vitest';
import {toHtmlFile} from './routes';

describe('toHtmlFile', () => {
  it.each([
    ['/', '/', undefined, 'index.html'],
    ['/', '/', false, 'index.html'],
    ['/base/', '/base/', true, 'index.html'],
    ['/docs/a', '/', undefined, 'docs/a/index.html'],
    ['/docs/a/', '/', undefined, 'docs/a/index.html'],
    ['/docs/a/', '/', true, 'docs/a/index.html'],
    ['/docs/a', '/', false, 'docs/a.html'],
    ['/base/fr/docs/a', '/base/fr/', false, 'docs/a.html'],
    ['/docs/dummy.html', '/', undefined, 'docs/dummy.html'],
    ['/404.html', '/', true, '404.html'],
  ])('%s under %s with trailingSlash %s is %s', (permalink, baseUrl, trailingSlash, file) => {
    expect(toHtmlFile(permalink, {baseUrl, trailingSlash})).toBe(file);
  });
});
