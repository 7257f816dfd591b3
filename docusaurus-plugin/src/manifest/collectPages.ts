import {findBreadcrumbs} from './breadcrumbs';
import type {LoadedContent as DocsContent} from '@docusaurus/plugin-content-docs';
import type {BlogContent} from '@docusaurus/plugin-content-blog';
import type {LoadedContent as PagesContent} from '@docusaurus/plugin-content-pages';
import type {ManifestPage} from './types';

/** `{<plugin name>: {<plugin id>: content}}`, as `allContentLoaded` gives it. */
export type AllContent = {[pluginName: string]: {[pluginId: string]: unknown}};

/** A page as its content plugin knows it: the permalink is not final yet. */
export type SourcePage = Omit<ManifestPage, 'html' | 'noIndex'> & {
  pluginName: string;
  pluginId: string;
  /** What the content alone says; the built page has the last word. */
  noIndex: boolean;
};

type Owner = Pick<SourcePage, 'plugin' | 'pluginName' | 'pluginId'>;

/** Every page with a source, of every plugin whose content has the shape of docs, blog or pages. */
export function collectPages(allContent: AllContent): SourcePage[] {
  return Object.entries(allContent).flatMap(([pluginName, instances]) =>
    Object.entries(instances).flatMap(([pluginId, content]) => {
      const plugin = `${pluginName.replace(/^docusaurus-plugin-content-/, '')}:${pluginId}`;
      const owner = {plugin, pluginName, pluginId};
      if (isDocs(content)) {
        return collectDocs(content, owner);
      }
      if (isBlog(content)) {
        return collectPosts(content, owner);
      }
      return isPages(content) ? collectSitePages(content, owner) : [];
    }),
  );
}

function collectDocs(content: DocsContent, owner: Owner): SourcePage[] {
  return content.loadedVersions.flatMap((version) =>
    version.docs
      .filter((doc) => !doc.draft && !isDraft(doc))
      .map((doc) => ({
        ...owner,
        kind: 'doc' as const,
        source: toSitePath(doc.source),
        permalink: doc.permalink,
        id: doc.id,
        title: doc.title,
        ...describe(doc.description),
        version: version.versionName,
        versionLabel: version.label,
        isLatest: version.isLast,
        breadcrumbs: findBreadcrumbs(doc.sidebar ? version.sidebars[doc.sidebar] : [], doc.id),
        unlisted: isUnlisted(doc),
        noIndex: version.noIndex,
        tags: doc.tags.map((tag) => tag.label),
        ...linkEdit(doc.editUrl),
      })),
  );
}

function collectPosts(content: BlogContent, owner: Owner): SourcePage[] {
  return content.blogPosts
    .filter(({metadata}) => !isDraft(metadata))
    .map(({id, metadata}) => ({
      ...owner,
      kind: 'blog' as const,
      source: toSitePath(metadata.source),
      permalink: metadata.permalink,
      id,
      title: metadata.title,
      ...describe(metadata.description),
      breadcrumbs: [],
      unlisted: isUnlisted(metadata),
      noIndex: false,
      tags: metadata.tags.map((tag) => tag.label),
      ...linkEdit(metadata.editUrl),
    }));
}

function collectSitePages(content: PagesContent, owner: Owner): SourcePage[] {
  return content
    .filter((page) => page.type === 'jsx' || !isDraft(page))
    .map((page) => ({
      ...owner,
      kind: 'page' as const,
      source: toSitePath(page.source),
      permalink: page.permalink,
      title: (page.type === 'mdx' && page.title) || '',
      ...describe(page.type === 'mdx' ? page.description : undefined),
      breadcrumbs: [],
      unlisted: page.type === 'mdx' && isUnlisted(page),
      noIndex: false,
      tags: [],
      ...linkEdit(page.type === 'mdx' ? page.editUrl : undefined),
    }));
}

type Visibility = {
  unlisted?: boolean;
  frontMatter?: {draft?: unknown; unlisted?: unknown};
};

// In development Docusaurus clears both flags, and leaves the front matter.
function isDraft(page: Visibility): boolean {
  return page.frontMatter?.draft === true;
}

function isUnlisted(page: Visibility): boolean {
  return page.unlisted === true || page.frontMatter?.unlisted === true;
}

function toSitePath(source: string): string {
  return source.replace(/^@site\//, '');
}

function describe(description: string | undefined): {description?: string} {
  return description ? {description} : {};
}

function linkEdit(editUrl: string | null | undefined): {editUrl?: string} {
  return editUrl ? {editUrl} : {};
}

function isDocs(content: unknown): content is DocsContent {
  const versions = (content as Partial<DocsContent> | null | undefined)?.loadedVersions;
  return Array.isArray(versions) && versions.every((version) => Array.isArray(version.docs));
}

function isBlog(content: unknown): content is BlogContent {
  const posts = (content as Partial<BlogContent> | null | undefined)?.blogPosts;
  return Array.isArray(posts) && posts.every((post) => typeof post.metadata?.source === 'string');
}

function isPages(content: unknown): content is PagesContent {
  return (
    Array.isArray(content) &&
    content.every(
      (page: Partial<PagesContent[number]> | null) =>
        (page?.type === 'mdx' || page?.type === 'jsx') &&
        typeof page.source === 'string' &&
        typeof page.permalink === 'string',
    )
  );
}
