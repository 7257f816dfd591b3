import {createStorageSlot} from '@docusaurus/theme-common';
import type {PanelStorage} from '../panel/identity.js';

/** The site's storage, under the names that Docusaurus gives this site. */
export const storage: PanelStorage = {
  get: (key) => slot(key).get(),
  set: (key, value) => slot(key).set(value),
  del: (key) => slot(key).del(),
};

/** Forgotten with the tab. */
export const sessionStorage: PanelStorage = {
  get: (key) => slot(key, 'sessionStorage').get(),
  set: (key, value) => slot(key, 'sessionStorage').set(value),
  del: (key) => slot(key, 'sessionStorage').del(),
};

function slot(key: string, persistence?: 'sessionStorage') {
  return createStorageSlot(`docs-chat.${key}`, persistence && {persistence});
}
