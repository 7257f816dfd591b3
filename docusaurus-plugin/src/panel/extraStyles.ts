import {useInsertionEffect} from 'react';
import {adoptStyles} from './adoptStyles.js';
import {MARKDOWN_CSS} from './markdownStyles.js';

/** Styles of what is seldom needed: they come with its code. */
const EXTRA_CSS = `
.dc-form { display: grid; gap: 12px; padding: 14px; border: 1px solid var(--dc-border); border-radius: 10px; animation: dc-appear 120ms ease-out; }
.dc-panel :is(.dc-form, .dc-widget) fieldset { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
.dc-panel .dc-form :is(legend, div.dc-inquiry > label) { padding: 0; margin-block-end: 8px; font-weight: 600; font-size: 14.5px; line-height: 1.4; overflow-wrap: anywhere; }
.dc-inquiry { display: grid; gap: 6px; }
.dc-inquiry > p { color: var(--dc-soft); font-size: 14px; }
.dc-panel div.dc-inquiry > label { margin-block-end: 0; }
.dc-panel fieldset.dc-inquiry > legend { margin-block-end: 6px; }
.dc-panel :is(.dc-form textarea, .dc-form input[type=text], .dc-w-field) {
  inline-size: 100%; min-inline-size: 0; padding: 6px 10px; border: 1px solid var(--dc-border); border-radius: 8px;
  background: var(--dc-surface); font-size: 14px; line-height: 20px; resize: vertical;
}
.dc-panel :is(.dc-form textarea, .dc-form input[type=text], .dc-w-field)::placeholder { color: var(--dc-faint); opacity: 1; }
.dc-panel select.dc-w-field { appearance: auto; }
.dc-form .dc-box-acts { margin-block-start: 0; }
.dc-chips { display: flex; flex-wrap: wrap; gap: 6px; }
.dc-chip {
  display: inline-flex; align-items: center; min-block-size: 32px; padding: 5px 12px; border: 1px solid var(--dc-border); border-radius: 99px;
  font-size: 13.5px; line-height: 20px; cursor: pointer; transition: background-color 120ms, border-color 120ms;
}
.dc-chip:hover, .dc-chip:has(:checked) { border-color: var(--dc-primary); background: var(--dc-tint); }
.dc-chip:has(:focus-visible) { outline: 2px solid var(--dc-primary); outline-offset: 2px; }
.dc-chip input { position: absolute; opacity: 0; inline-size: 1px; block-size: 1px; }
.dc-option { display: flex; align-items: baseline; gap: 10px; padding: 7px 10px; border: 1px solid var(--dc-line); border-radius: 8px; cursor: pointer; font-size: 14px; line-height: 1.45; overflow-wrap: anywhere; }
.dc-option:hover, .dc-option:has(:checked) { border-color: var(--dc-primary); background: var(--dc-tint); }
.dc-option input { flex: none; accent-color: var(--dc-primary); margin: 0; inline-size: 15px; block-size: 15px; translate: 0 2px; }
.dc-panel .dc-answered { margin: 0; padding: 12px 14px; display: grid; gap: 8px; border: 1px solid var(--dc-line); border-radius: 10px; font-size: 14px; line-height: 1.45; overflow-wrap: anywhere; }
.dc-panel .dc-answered dt { font-weight: 400; color: var(--dc-soft); }
.dc-panel .dc-answered dd { margin: 0; font-weight: 600; }
.dc-panel .dc-image { margin: 0; display: grid; gap: 6px; justify-items: start; }
.dc-image img { max-inline-size: 100%; block-size: auto; border-radius: 10px; }
.dc-image figcaption { display: flex; align-items: center; gap: 10px; font-size: 13px; color: var(--dc-faint); }
.dc-image progress { accent-color: var(--dc-primary); inline-size: 120px; }

.dc-widget { --dc-danger: color-mix(in srgb, var(--ifm-color-danger, #fa383e) 72%, var(--dc-text)); --dc-success: color-mix(in srgb, var(--ifm-color-success, #00a400) 65%, var(--dc-text)); --dc-caution: color-mix(in srgb, var(--dc-warn) 55%, var(--dc-text)); overflow: auto; scrollbar-width: thin; transition: opacity 120ms; overflow-wrap: anywhere; }
.dc-widget[inert] { opacity: .6; }
.dc-w-card { display: grid; gap: 10px; padding: 14px; border: 1px solid var(--dc-border); border-radius: 12px; background: var(--dc-surface); color: var(--dc-text); max-inline-size: 100%; }
.dc-w-card[data-size=sm] { max-inline-size: 320px; }
.dc-w-card .dc-box-acts { margin-block-start: 4px; }
.dc-w-row, .dc-w-col { display: flex; gap: 8px; min-inline-size: 0; max-inline-size: 100%; }
.dc-w-row { align-items: center; }
.dc-w-col { flex-direction: column; align-items: stretch; }
.dc-w-row > * { min-inline-size: 0; }
.dc-w-row > :is(.dc-btn, .dc-w-badge, .dc-icon) { flex: none; }
.dc-panel .dc-w-title { font-size: 17px; line-height: 1.35; font-weight: 650; }
.dc-panel .dc-w-title[data-size=sm] { font-size: 15px; }
.dc-panel .dc-w-title:is([data-size=lg], [data-size=xl], [data-size="2xl"]) { font-size: 20px; }
.dc-panel .dc-w-title:is([data-size="3xl"], [data-size="4xl"], [data-size="5xl"]) { font-size: 24px; }
.dc-panel .dc-w-text { white-space: pre-wrap; }
.dc-panel .dc-w-text:is([data-size=xs], [data-size=sm]) { font-size: 13.5px; }
.dc-panel .dc-w-text:is([data-size=lg], [data-size=xl]) { font-size: 17px; }
.dc-panel .dc-w-caption { font-size: 13px; line-height: 1.45; color: var(--dc-faint); }
.dc-w-label { font-size: 14px; font-weight: 550; }
.dc-w-badge { --tone: var(--dc-text); display: inline-block; padding: 0 8px; border: 1px solid transparent; border-radius: 99px; font-size: 12px; line-height: 20px; white-space: nowrap; color: color-mix(in srgb, var(--tone) 55%, var(--dc-text)); background: color-mix(in srgb, var(--tone) 12%, transparent); }
.dc-w-success { --tone: var(--ifm-color-success, #00a400); }
.dc-w-danger { --tone: var(--ifm-color-danger, #fa383e); }
.dc-w-warning { --tone: var(--dc-warn); }
.dc-w-info { --tone: var(--ifm-color-info, #54c7ec); }
.dc-w-discovery { --tone: #8250df; }
.dc-w-badge[data-variant=outline] { background: none; border-color: color-mix(in srgb, var(--tone) 45%, transparent); }
.dc-w-badge[data-variant=solid] { background: var(--dc-strong); background: color-mix(in srgb, var(--tone) 60%, var(--dc-text)); color: var(--dc-surface); }
.dc-panel .dc-w-divider { inline-size: 100%; block-size: 0; border: 0; border-block-start: 1px solid var(--dc-line); background: none; margin: 0; }
.dc-w-spacer { flex: 1; }
.dc-w-image { max-inline-size: 100%; border-radius: 8px; }
.dc-w-frame { border: 1px solid var(--dc-line); }
.dc-widget .dc-btn { display: inline-flex; align-items: center; justify-content: center; gap: 6px; }
.dc-widget .dc-btn:is([aria-disabled=true], :disabled) { opacity: .55; cursor: default; }
.dc-widget .dc-btn[aria-busy=true] { opacity: .6; }
.dc-w-block { inline-size: 100%; }
.dc-panel .dc-w-pill { border-radius: 99px; }
.dc-panel .dc-w-list { padding: 6px; gap: 4px; }
.dc-panel .dc-w-list ul { list-style: none; padding: 0; display: grid; gap: 2px; }
.dc-panel .dc-w-list li > .dc-w-row { inline-size: 100%; padding: 8px; text-align: start; border-radius: 8px; }
.dc-panel .dc-w-list button.dc-w-row { border: 0; background: none; }
.dc-panel .dc-w-list button.dc-w-row:hover { background: var(--dc-tint); }
.dc-panel .dc-w-status { display: flex; align-items: center; gap: 8px; font-size: 13px; color: var(--dc-faint); }
.dc-panel button.dc-w-status { padding: 2px 0; border: 0; background: none; text-align: start; }
.dc-w-status .dc-chevron { inline-size: 16px; block-size: 16px; margin-inline-start: auto; transition: transform 120ms; }
.dc-w-status[aria-expanded=true] .dc-chevron { transform: rotate(180deg); }
.dc-w-list > .dc-w-status { padding: 6px 8px 2px; }
@media (pointer: coarse) {
  .dc-chip { min-block-size: 44px; padding-inline: 15px; }
  .dc-option { padding-block: 11px; }
  .dc-panel :is(.dc-form textarea, .dc-form input[type=text], .dc-w-field) { padding-block: 11px; font-size: 16px; }
  .dc-panel .dc-w-list li > .dc-w-row { min-block-size: 44px; }
}
@media (forced-colors: active) {
  .dc-chip:has(:checked), .dc-option:has(:checked) { border: 2px solid Highlight; }
}
`;

export function useExtraStyles(): void {
  useInsertionEffect(() => {
    // Widgets have tables too.
    adoptStyles(document, MARKDOWN_CSS, 'docs-chat-markdown');
    adoptStyles(document, EXTRA_CSS, 'docs-chat-extra');
  }, []);
}
