import type {LoadedVersion} from '@docusaurus/plugin-content-docs';

type SidebarItem = LoadedVersion['sidebars'][string][number];

/** Labels of the categories above a doc, outermost first; empty when the sidebar lacks it. */
export function findBreadcrumbs(sidebar: SidebarItem[] | undefined, docId: string): string[] {
  return findPath(sidebar ?? [], docId) ?? [];
}

function findPath(items: SidebarItem[], docId: string): string[] | undefined {
  for (const item of items) {
    if (item.type === 'doc' && item.id === docId) {
      return [];
    }
    if (item.type === 'category') {
      // The page of a category stands for the category itself.
      if (item.link?.type === 'doc' && item.link.id === docId) {
        return [];
      }
      const path = findPath(item.items, docId);
      if (path) {
        return [item.label, ...path];
      }
    }
  }
  return undefined;
}
