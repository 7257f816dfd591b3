export {default} from './Panel.js';
export type {PanelProps} from './Panel.js';
export type {ChatHost} from './host.js';
export type {Entity} from './tags.js';
export type {FileOptions} from './useFiles.js';
export type {PanelState} from './state.js';
export type {PanelStorage} from './identity.js';
export type {ReaderContext} from './transport.js';
export {DEFAULT_STRINGS, type PanelStrings} from './strings.js';
