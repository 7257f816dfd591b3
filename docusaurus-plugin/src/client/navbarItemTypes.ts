import types from '@docs-chat/inner-navbar-item-types';
import {NavbarItem} from '@generated/docusaurus-plugin-docs-chat/default/features.js';

/** The site's own types of navbar items, and the one that opens the chat. */
export default NavbarItem ? {...types, 'custom-docsChat': NavbarItem} : types;
