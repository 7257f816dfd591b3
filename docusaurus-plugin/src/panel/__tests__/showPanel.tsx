import {render, screen, waitFor} from '@testing-library/react';
import {expect} from 'vitest';
import Panel, {DEFAULT_STRINGS, type PanelProps} from '../index.js';

/** A panel with an empty start screen, and what it needs of the host. */
export function showPanel(props: Pick<PanelProps, 'serverUrl' | 'storage'> & Partial<PanelProps>): void {
  render(
    <Panel
      context={{page: '/docs/intro', locale: 'en'}}
      strings={DEFAULT_STRINGS}
      title="Ask the docs"
      greeting="Hello"
      prompts={[]}
      placeholder="Ask anything…"
      onNavigate={() => undefined}
      onClose={() => undefined}
      autoFocus
      {...props}
    />,
  );
}

export const hook = (name: string): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>(`[data-docs-chat="${name}"]`),
];
export const composer = (): HTMLTextAreaElement => hook('composer')[0] as HTMLTextAreaElement;
export const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', {name});

export async function reach(state: string): Promise<void> {
  await waitFor(() => expect(hook('state')[0]?.dataset.state).toBe(state));
}
