import type {useHistory} from '@docusaurus/router';

type History = ReturnType<typeof useHistory>;

const ARRIVAL_MS = 5_000;
const SETTLE_MS = 1_000;
const HIGHLIGHT_MS = 6_000;

/**
 * Goes to a cited section without a page load, opens what hides it, scrolls to it and marks it.
 * Links to other sites open in a tab of their own.
 *
 * @param options.replace - the section takes the place of the current entry in the browser's history
 */
export async function followCitation(
  href: string,
  history: History,
  {replace = false}: {replace?: boolean} = {},
): Promise<HTMLElement | undefined> {
  const url = new URL(href, window.location.href);
  if (url.origin !== window.location.origin) {
    window.open(url, '_blank', 'noopener');
    return undefined;
  }
  const id = decode(url.hash.slice(1));
  const {location} = history;
  // The page that is left may have a heading of the same id: wait for the other one.
  const left = trim(url.pathname) === trim(location.pathname) ? undefined : findTarget(id);
  const to = url.pathname + url.search + url.hash;
  if (to !== location.pathname + location.search + location.hash) {
    history[replace ? 'replace' : 'push'](to);
  }
  const target = await waitFor(() => {
    const found = findTarget(id);
    return found === left ? undefined : found;
  });
  if (target) {
    if (await reveal(target)) {
      await settle(target);
    }
    target.scrollIntoView();
    highlight(target);
  }
  return target;
}

function findTarget(id: string): HTMLElement | undefined {
  const found = id ? document.getElementById(id) : document.querySelector<HTMLElement>('main h1');
  return found ?? undefined;
}

async function waitFor<T>(look: () => T | undefined): Promise<T | undefined> {
  const end = performance.now() + ARRIVAL_MS;
  for (;;) {
    const found = look();
    if (found || performance.now() > end) {
      return found;
    }
    await nextFrame();
  }
}

/** Opens closed details and picks the tabs around an element; true when there were any. */
async function reveal(target: HTMLElement): Promise<boolean> {
  let revealed = false;
  const around: HTMLElement[] = [];
  for (let node = target.parentElement; node; node = node.parentElement) {
    around.unshift(node);
  }
  for (const node of around) {
    if (node instanceof HTMLDetailsElement && !isOpen(node)) {
      // A click, for the theme keeps the state of its details in React.
      node.querySelector<HTMLElement>(':scope > summary')?.click();
      revealed = true;
      await nextFrame();
    } else if (node.getAttribute('role') === 'tabpanel' && node.hidden) {
      findTab(node)?.click();
      revealed = true;
      await nextFrame();
    }
  }
  return revealed;
}

/** Waits until the element is laid out and what was opened has stopped growing. */
async function settle(target: HTMLElement): Promise<void> {
  const {documentElement: page} = document;
  let height = page.scrollHeight;
  let calm = 0;
  const end = performance.now() + SETTLE_MS;
  while (calm < 3 && performance.now() < end) {
    await nextFrame();
    calm = target.getClientRects().length > 0 && page.scrollHeight === height ? calm + 1 : 0;
    height = page.scrollHeight;
  }
}

function isOpen(details: HTMLDetailsElement): boolean {
  return details.open && details.dataset.collapsed !== 'true';
}

function findTab(panel: HTMLElement): HTMLElement | undefined {
  const panels = [...(panel.parentElement?.children ?? [])].filter(
    (sibling) => sibling.getAttribute('role') === 'tabpanel',
  );
  const tablist = panel.parentElement?.parentElement?.querySelector('[role="tablist"]');
  return tablist?.querySelectorAll<HTMLElement>(':scope > [role="tab"]')[panels.indexOf(panel)];
}

let clear = () => {};

function highlight(target: HTMLElement): void {
  clear();
  target.setAttribute('data-docs-chat-cited', '');
  const timer = setTimeout(() => clear(), HIGHLIGHT_MS);
  clear = () => {
    clearTimeout(timer);
    target.removeAttribute('data-docs-chat-cited');
  };
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function trim(path: string): string {
  return path.replace(/\/+$/, '');
}
