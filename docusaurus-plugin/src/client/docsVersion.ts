type GlobalVersion = {
  name: string;
  label: string;
  path: string;
  isLast: boolean;
  docs?: {path: string}[];
};

export type DocsVersion = {
  name: string;
  label: string;
  /** False when the docs have this version only. */
  isOneOfSeveral: boolean;
};

/**
 * The docs version that a path belongs to: of the version whose path is its longest prefix, in
 * any plugin whose global data has the shape of the docs plugin's.
 */
export function findDocsVersion(
  pathname: string,
  globalData: {[pluginName: string]: {[pluginId: string]: unknown}},
  baseUrl: string,
): DocsVersion | undefined {
  const page = trim(pathname);
  const [best] = readInstances(globalData)
    .flatMap((versions) => versions.map((version) => ({version, versions})))
    .filter(({version}) => owns(version, page, baseUrl))
    .sort((a, b) => trim(b.version.path).length - trim(a.version.path).length);
  return best && toDocsVersion(best.version, best.versions);
}

/** What a page outside the docs is answered from: the latest version, when there is one docs set. */
export function findLatestVersion(
  globalData: {[pluginName: string]: {[pluginId: string]: unknown}},
): DocsVersion | undefined {
  const instances = readInstances(globalData);
  const [versions] = instances;
  const latest = versions?.find((version) => version.isLast);
  return versions && latest && instances.length === 1
    ? toDocsVersion(latest, versions)
    : undefined;
}

function readInstances(globalData: {
  [pluginName: string]: {[pluginId: string]: unknown};
}): GlobalVersion[][] {
  return Object.values(globalData)
    .flatMap((instances) => Object.values(instances))
    .map((data) => (data as {versions?: GlobalVersion[]} | null)?.versions)
    .filter((versions) => Array.isArray(versions) && typeof versions[0]?.path === 'string')
    .map((versions) => versions as GlobalVersion[]);
}

function owns({path, docs}: GlobalVersion, page: string, baseUrl: string): boolean {
  const root = trim(path);
  if (root !== trim(baseUrl)) {
    return page === root || page.startsWith(`${root}/`);
  }
  // Docs at the root of the site share it with the blog and other pages.
  return docs?.some((doc) => trim(doc.path) === page) ?? false;
}

function toDocsVersion({name, label}: GlobalVersion, versions: GlobalVersion[]): DocsVersion {
  return {name, label, isOneOfSeveral: versions.length > 1};
}

function trim(path: string): string {
  return path.replace(/\/+$/, '');
}
