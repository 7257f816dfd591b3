import {useEffect, useState} from 'react';
import registry from '@generated/registry';
import routesChunkNames from '@generated/routesChunkNames';
import {useLocation} from '@docusaurus/router';

/** A page's module: MDX gives it its front matter, a React page may export one. */
type PageModule = {frontMatter?: {docs_chat_prompts?: string[]}};

/** The starter questions in the front matter of the page, which is part of what the page has loaded anyway. */
export function usePagePrompts(): string[] | undefined {
  const {pathname} = useLocation();
  const [found, setFound] = useState<{pathname: string; prompts: string[] | undefined}>();
  useEffect(() => {
    let wanted = true;
    readPrompts(pathname).then(
      (prompts) => wanted && setFound({pathname, prompts}),
      // A page that cannot be loaded shows that by itself.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [pathname]);
  return found?.pathname === pathname ? found.prompts : undefined;
}

async function readPrompts(pathname: string): Promise<string[] | undefined> {
  for (const name of findChunks(pathname)) {
    const page = (await registry[name]?.[0]()) as PageModule | undefined;
    const prompts = page?.frontMatter?.docs_chat_prompts;
    if (prompts) {
      return prompts;
    }
  }
  return undefined;
}

/** The chunks of a page's own text: Docusaurus names its routes `<path>-<hash>`. */
function findChunks(pathname: string): string[] {
  return Object.entries(routesChunkNames)
    .filter(([route]) => trim(route.replace(/-[^-]+$/, '')) === trim(pathname))
    .map(([, {content, __comp: component}]) => content ?? component)
    .filter((name) => typeof name === 'string');
}

function trim(path: string): string {
  return decodeURI(path).replace(/\/+$/, '');
}
