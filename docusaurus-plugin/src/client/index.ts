export {useDocsChat, type Chat} from './useDocsChat.js';
export {toAriaKeyshortcuts} from './shortcut.js';
export type {ChatStrings, RegionStrings} from './strings.js';
