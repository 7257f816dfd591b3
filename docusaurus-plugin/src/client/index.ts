export {useDocsChat, type Chat} from './useDocsChat.js';
export {useFirstSelection} from './ask/useFirstSelection.js';
export type {ChatStrings, RegionStrings} from './strings.js';
