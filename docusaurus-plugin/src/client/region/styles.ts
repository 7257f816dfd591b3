/**
 * Styles of the frame. Docusaurus puts every stylesheet into the one file that each page loads, so
 * these come with the code that needs them.
 */
export const FRAME_CSS = `
.docs-chat-region {
  position: fixed;
  z-index: calc(var(--ifm-z-index-fixed) + 1);
  inset-block: 0;
  inset-inline-end: 0;
  inline-size: var(--docs-chat-width);
  display: flex;
  flex-direction: column;
  background: var(--ifm-background-surface-color);
  color: var(--ifm-font-color-base);
  border-inline-start: 1px solid var(--ifm-color-emphasis-200);
  animation: docs-chat-in 140ms ease-out;
}
.docs-chat-region[hidden] { display: none; }
.docs-chat-region:focus { outline: none; }
.docs-chat-region[data-mode='overlay'] { box-shadow: 0 0 24px rgb(0 0 0 / 18%); }
.docs-chat-region[data-mode='full'] {
  z-index: calc(var(--ifm-z-index-overlay) + 1);
  inline-size: 100%;
  block-size: 100dvh;
  inset-block-end: auto;
  border: 0;
  padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
}
.docs-chat-face { flex: 1; min-block-size: 0; display: flex; flex-direction: column; }
.docs-chat-chatkit { flex: 1; min-block-size: 0; inline-size: 100%; }
.docs-chat-chatkit > openai-chatkit { display: block; inline-size: 100%; block-size: 100%; }
.docs-chat-chatkit[data-ready='false'] { position: absolute; inset: 0; visibility: hidden; }
.docs-chat-suggestions {
  flex: none;
  display: flex;
  gap: 8px;
  margin: 0;
  padding: 8px 12px;
  overflow-x: auto;
  scrollbar-width: thin;
  list-style: none;
  border-block-start: 1px solid var(--ifm-color-emphasis-200);
}
.docs-chat-suggestions li { flex: none; max-inline-size: min(320px, 85%); }
.docs-chat-suggestions button {
  max-inline-size: 100%;
  padding: 5px 12px;
  overflow: hidden;
  border: 1px solid var(--ifm-color-emphasis-300);
  border-radius: 99px;
  background: none;
  color: inherit;
  font: inherit;
  font-size: 13.5px;
  line-height: 20px;
  text-overflow: ellipsis;
  white-space: nowrap;
  cursor: pointer;
}
.docs-chat-suggestions button:hover { border-color: var(--ifm-color-primary); }
.docs-chat-suggestions button:focus-visible { outline: 2px solid var(--ifm-color-primary); outline-offset: -1px; }
@media (pointer: coarse) {
  .docs-chat-suggestions button { min-block-size: 44px; }
}
.docs-chat-resize {
  position: absolute;
  z-index: 1;
  inset-block: 0;
  inset-inline-start: -4px;
  inline-size: 8px;
  cursor: col-resize;
  touch-action: none;
}
.docs-chat-resize::after {
  content: '';
  position: absolute;
  inset-block: 0;
  inset-inline-start: 3px;
  inline-size: 2px;
  background: var(--ifm-color-primary);
  opacity: 0;
  transition: opacity 120ms;
}
.docs-chat-resize:is(:hover, :active, :focus-visible)::after { opacity: 1; }
.docs-chat-resize:focus-visible { outline: none; }
.docs-chat-head {
  display: flex;
  align-items: center;
  gap: 8px;
  min-block-size: 56px;
  padding-block: 6px;
  padding-inline: 16px 10px;
  border-block-end: 1px solid var(--ifm-color-emphasis-200);
}
.docs-chat-head strong { flex: 1; font-size: 15px; font-weight: 650; }
.docs-chat-icon {
  display: grid;
  place-items: center;
  inline-size: 36px;
  block-size: 36px;
  border: 0;
  border-radius: 8px;
  background: none;
  color: var(--ifm-color-emphasis-700);
  cursor: pointer;
}
.docs-chat-icon:hover { background: var(--ifm-color-emphasis-100); }
.docs-chat-icon svg { inline-size: 18px; block-size: 18px; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; }
.docs-chat-note { margin: auto; padding: 24px; max-inline-size: 360px; font-size: 15px; }
.docs-chat-note h2 { font-size: 18px; }
.docs-chat-note p { color: var(--ifm-color-emphasis-700); }
.docs-chat-note[role='status'] { color: var(--ifm-color-emphasis-700); }
.docs-chat-actions { display: flex; flex-wrap: wrap; gap: 8px; }
.docs-chat-button {
  padding: 8px 14px;
  border: 1px solid var(--ifm-color-emphasis-300);
  border-radius: 10px;
  background: none;
  color: inherit;
  font: inherit;
  cursor: pointer;
}
.docs-chat-button:hover { border-color: var(--ifm-color-primary); }
.docs-chat-button[data-primary] {
  border-color: transparent;
  background: var(--ifm-color-primary-dark);
  color: var(--ifm-background-surface-color);
}
[data-theme='dark'] .docs-chat-button[data-primary] { background: var(--ifm-color-primary-lighter); }
@supports (color: oklch(from red l c h)) {
  .docs-chat-button[data-primary] { color: oklch(from var(--ifm-color-primary-dark) max(0, (0.58 - l) * 999) 0 0); }
  [data-theme='dark'] .docs-chat-button[data-primary] { color: oklch(from var(--ifm-color-primary-lighter) max(0, (0.58 - l) * 999) 0 0); }
}
.docs-chat-challenge {
  position: absolute;
  z-index: 2;
  inset-inline: 12px;
  inset-block-end: 110px;
  padding: 12px;
  border: 1px solid var(--ifm-color-emphasis-300);
  border-radius: 12px;
  background: var(--ifm-background-surface-color);
  box-shadow: 0 4px 20px rgb(0 0 0 / 18%);
}
.docs-chat-challenge[hidden] { display: none; }
.docs-chat-challenge p { margin: 0 0 8px; font-size: 14px; }
.docs-chat-skip { position: absolute; z-index: 1; inset-block-start: 8px; inset-inline-start: 8px; background: var(--ifm-background-surface-color); }
.docs-chat-skip:not(:focus) { clip-path: inset(50%); inline-size: 1px; block-size: 1px; padding: 0; }
.docs-chat-bar {
  position: fixed;
  z-index: calc(var(--ifm-z-index-fixed) + 1);
  inset-inline: 12px;
  inset-block-end: max(12px, env(safe-area-inset-bottom));
  display: flex;
  gap: 4px;
  padding: 4px;
  border: 1px solid var(--ifm-color-emphasis-300);
  border-radius: 14px;
  background: var(--ifm-background-surface-color);
  box-shadow: 0 4px 20px rgb(0 0 0 / 18%);
  animation: docs-chat-in 140ms ease-out;
}
.docs-chat-bar button { block-size: 44px; border: 0; border-radius: 10px; background: none; color: inherit; font: inherit; cursor: pointer; }
.docs-chat-bar button:first-child {
  flex: 1;
  display: flex;
  align-items: center;
  gap: 10px;
  padding-inline: 12px;
  color: var(--ifm-color-primary);
  font-size: 15px;
  font-weight: 600;
  text-align: start;
}
.docs-chat-bar svg { inline-size: 18px; block-size: 18px; flex: none; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.docs-chat-bar .docs-chat-icon { inline-size: 44px; }
:is(.docs-chat-icon, .docs-chat-button, .docs-chat-bar button):focus-visible { outline: 2px solid var(--ifm-color-primary); outline-offset: 2px; }
:root:has(.docs-chat-bar) [data-docs-chat='launcher'] { visibility: hidden; }

:root[data-docs-chat-push] #__docusaurus { padding-inline-end: var(--docs-chat-width); }
:root[data-docs-chat-push] .theme-back-to-top-button { inset-inline-end: calc(1.3rem + var(--docs-chat-width)); }
@media (max-width: 1699px) {
  :root[data-docs-chat-push] .col:has(> .theme-doc-toc-desktop, > * > .theme-doc-toc-desktop) { display: none; }
  /* The theme's maximum is important, and in a cascade layer: only a minimum beats it. */
  :root[data-docs-chat-push] .col:has(+ .col .theme-doc-toc-desktop) { min-inline-size: 100%; }
}

[data-docs-chat-cited] { position: relative; isolation: isolate; }
[data-docs-chat-cited]::after {
  content: '';
  position: absolute;
  z-index: -1;
  inset: -4px -10px;
  border-radius: 6px;
  background: color-mix(in srgb, var(--ifm-color-primary) 9%, transparent);
  box-shadow: inset 3px 0 0 var(--ifm-color-primary);
  pointer-events: none;
  animation: docs-chat-fade 6s ease-in forwards;
}
[dir='rtl'] [data-docs-chat-cited]::after { box-shadow: inset -3px 0 0 var(--ifm-color-primary); }

@keyframes docs-chat-in { from { opacity: 0; transform: translateY(6px); } }
@keyframes docs-chat-fade { 85% { opacity: 1; } to { opacity: 0; } }
@media (prefers-reduced-motion: reduce) {
  .docs-chat-region, .docs-chat-bar, [data-docs-chat-cited]::after { animation: none; }
  .docs-chat-resize::after { transition: none; }
}
@media print {
  .docs-chat-region, .docs-chat-bar { display: none; }
  :root[data-docs-chat-push] #__docusaurus { padding-inline-end: 0; }
}
`;
