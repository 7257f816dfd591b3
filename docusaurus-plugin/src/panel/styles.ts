import {TURN_CSS} from './turnStyles.js';

/**
 * The panel's styles travel with its code: a site's own stylesheet stays as small as it was. Colours
 * are Infima's, so that the panel follows the site's theme and its light and dark modes.
 */
export const PANEL_CSS = `
.dc-panel {
  --dc-primary: var(--ifm-color-primary, #2e8555);
  --dc-surface: var(--ifm-background-surface-color, #fff);
  --dc-text: var(--ifm-font-color-base, #1c1e21);
  --dc-soft: color-mix(in srgb, var(--dc-text) 80%, var(--dc-surface));
  --dc-faint: color-mix(in srgb, var(--dc-text) 68%, var(--dc-surface));
  --dc-fill: color-mix(in srgb, var(--dc-text) 5%, var(--dc-surface));
  --dc-line: color-mix(in srgb, var(--dc-text) 9%, var(--dc-surface));
  --dc-border: color-mix(in srgb, var(--dc-text) 17%, var(--dc-surface));
  --dc-code: color-mix(in srgb, var(--dc-text) 4%, var(--dc-surface));
  --dc-tint: color-mix(in srgb, var(--dc-primary) 10%, transparent);
  --dc-strong: color-mix(in srgb, var(--dc-primary) 70%, var(--dc-text));
  --dc-warn: var(--ifm-color-warning, #ffba00);
  --dc-mono: var(--ifm-font-family-monospace, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace);
  position: relative;
  display: flex;
  flex-direction: column;
  block-size: 100%;
  min-block-size: 0;
  overflow: hidden;
  overflow: clip;
  background: var(--dc-surface);
  color: var(--dc-text);
  font-family: var(--ifm-font-family-base, system-ui, sans-serif);
  font-size: 15px;
  line-height: 1.55;
  text-align: start;
}
.dc-panel *, .dc-panel ::before, .dc-panel ::after { box-sizing: border-box; }
.dc-panel [hidden] { display: none; }
.dc-panel :is(button, input, select, textarea) { font: inherit; color: inherit; }
.dc-panel button { cursor: pointer; }
.dc-panel :is(h2, h3, h4, h5, h6, p, ul, ol, blockquote) { margin: 0; }
.dc-panel :focus-visible { outline: 2px solid var(--dc-primary); outline-offset: 2px; }
.dc-panel :is(.dc-talk, .dc-pre, .dc-table, .dc-history h3):focus-visible { outline-offset: -2px; }
.dc-panel a { text-decoration: none; }
.dc-icon {
  inline-size: 18px; block-size: 18px; flex: none; display: block;
  fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round;
}
[dir=rtl] .dc-flip { transform: scaleX(-1); }
.dc-sr {
  position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}

.dc-head {
  display: flex; align-items: center; gap: 8px; flex: none;
  min-block-size: 55px; padding: 10px 10px; padding-inline-start: 16px;
  border-block-end: 1px solid var(--dc-line);
}
.dc-panel .dc-head h2 {
  font-size: 15px; line-height: 1.4; font-weight: 650; min-inline-size: 0; flex: 0 1 auto;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.dc-scope {
  flex: 0 99 auto; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  font-size: 12px; line-height: 18px; color: var(--dc-soft);
  border: 1px solid var(--dc-border); border-radius: 99px; padding: 1px 9px;
}
.dc-head-acts { display: flex; gap: 4px; margin-inline-start: auto; }
.dc-ib {
  inline-size: 34px; block-size: 34px; flex: none; display: grid; place-items: center;
  padding: 0; border: 0; border-radius: 8px; background: none; color: var(--dc-faint);
  transition: background-color 120ms, color 120ms;
}
.dc-panel .dc-ib { color: var(--dc-faint); }
.dc-panel .dc-ib:hover { background: var(--dc-fill); color: var(--dc-text); }
.dc-panel .dc-ib[aria-pressed=true], .dc-panel .dc-ib[aria-expanded=true] { background: var(--dc-tint); color: var(--dc-strong); }
.dc-ib[aria-pressed=true] .dc-icon { fill: color-mix(in srgb, currentColor 22%, transparent); }

.dc-main { position: relative; flex: 1; min-block-size: 0; display: flex; flex-direction: column; }
.dc-talk { flex: 1; min-block-size: 0; overflow: auto; overscroll-behavior: contain; scrollbar-width: thin; display: flex; }
.dc-talk-in { flex: 1; min-inline-size: 0; max-inline-size: 760px; block-size: max-content; min-block-size: 100%; margin-inline: auto; padding: 18px 16px; display: flex; flex-direction: column; gap: 20px; }
.dc-turn { display: flex; flex-direction: column; gap: 12px; }
.dc-q {
  align-self: flex-end; max-inline-size: 85%; padding: 8px 13px;
  background: var(--dc-fill); border-radius: 14px; border-end-end-radius: 4px;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.dc-panel .dc-q blockquote {
  margin-block-end: 6px; padding: 0; padding-inline-start: 10px; border: 0;
  border-inline-start: 3px solid var(--dc-border); font-size: 13.5px; color: var(--dc-soft);
}
.dc-note { color: var(--dc-faint); font-size: 13px; }
.dc-a > .dc-note { margin-block-start: 8px; }
.dc-plain { white-space: pre-wrap; overflow-wrap: anywhere; }

@keyframes dc-appear { from { opacity: 0; transform: translateY(2px); } }

.dc-acts { display: flex; align-items: center; flex-wrap: wrap; gap: 2px; margin-block-start: -4px; margin-inline-start: -8px; }
.dc-panel .dc-pill {
  font-size: 13px; line-height: 20px; color: inherit; border: 1px solid var(--dc-border); border-radius: 99px; padding: 3px 12px;
  transition: background-color 120ms, border-color 120ms;
}
.dc-acts .dc-pill { margin-inline-start: auto; }
.dc-panel .dc-btn {
  font-size: 13.5px; line-height: 20px; color: inherit; background: none; border: 1px solid var(--dc-border); border-radius: 8px; padding: 5px 12px;
  transition: background-color 120ms, border-color 120ms;
}
.dc-panel :is(.dc-btn, .dc-pill):hover { border-color: var(--dc-primary); background: var(--dc-tint); color: inherit; }
.dc-panel .dc-primary { border-color: var(--dc-primary); background: var(--dc-primary); color: var(--dc-surface); }
.dc-panel .dc-primary:hover { background: var(--dc-strong); color: var(--dc-surface); }
.dc-panel .dc-danger { color: color-mix(in srgb, var(--ifm-color-danger, #fa383e) 72%, var(--dc-text)); border-color: currentColor; }

.dc-box { display: flex; gap: 10px; padding: 12px 14px; border: 1px solid var(--dc-border); border-radius: 10px; animation: dc-appear 120ms ease-out; }
.dc-box > .dc-icon { color: var(--dc-faint); margin-block-start: 2px; }
.dc-box > div { flex: 1; min-inline-size: 0; display: grid; gap: 2px; justify-items: start; }
.dc-box b { font-weight: 650; }
.dc-box p { font-size: 14px; line-height: 1.5; color: var(--dc-soft); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.dc-box-acts { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-block-start: 8px; }
.dc-warn { border-color: color-mix(in srgb, var(--dc-warn) 55%, transparent); background: color-mix(in srgb, var(--dc-warn) 10%, transparent); }
.dc-warn > .dc-icon { color: color-mix(in srgb, var(--dc-warn) 60%, var(--dc-text)); }

.dc-start { margin-block: auto; display: grid; gap: 16px; }
.dc-panel .dc-start h3 { font-size: 20px; line-height: 1.3; font-weight: 700; }
.dc-start p { margin-block-start: 4px; color: var(--dc-soft); }
.dc-panel .dc-start ul { list-style: none; padding: 0; display: grid; gap: 8px; }
.dc-panel .dc-start button {
  inline-size: 100%; min-block-size: 42px; padding: 10px 13px; text-align: start; font-size: 14px; line-height: 1.45;
  background: none; border: 1px solid var(--dc-border); border-radius: 10px; transition: background-color 120ms, border-color 120ms;
}
.dc-panel .dc-start button:hover { border-color: var(--dc-primary); background: var(--dc-tint); }

.dc-wait { flex: 1; padding: 18px 16px; }
.dc-panel .dc-jump {
  align-self: center; margin-block: -44px 10px; z-index: 1;
  display: grid; place-items: center; inline-size: 34px; block-size: 34px; padding: 0;
  border: 1px solid var(--dc-border); border-radius: 99px; background: var(--dc-surface);
  box-shadow: 0 1px 2px rgb(0 0 0 / .06), 0 4px 12px rgb(0 0 0 / .1); animation: dc-appear 120ms ease-out;
}
.dc-foot { flex: none; position: relative; padding: 10px 14px; padding-block-end: max(8px, env(safe-area-inset-bottom)); border-block-start: 1px solid var(--dc-line); max-inline-size: 100%; }
.dc-field {
  max-inline-size: 760px; margin-inline: auto; padding: 6px; padding-inline-start: 14px;
  border: 1px solid var(--dc-border); border-radius: 14px; cursor: text; transition: border-color 120ms, box-shadow 120ms;
}
.dc-write { display: flex; align-items: flex-end; gap: 6px; }
.dc-write > .dc-ib { margin-inline-start: -8px; }
.dc-field:has(textarea:focus) { border-color: var(--dc-primary); box-shadow: 0 0 0 3px var(--dc-tint); }
.dc-panel .dc-field textarea {
  flex: 1; min-inline-size: 0; padding: 6px 0; border: 0; background: none; resize: none; outline: 0;
  line-height: 22px; max-block-size: calc(8 * 22px + 12px); overflow: auto; scrollbar-width: thin;
}
.dc-field textarea::placeholder { color: var(--dc-faint); opacity: 1; }
.dc-panel .dc-send {
  inline-size: 34px; block-size: 34px; flex: none; display: grid; place-items: center; padding: 0; border: 0; border-radius: 10px;
  background: var(--dc-primary); color: var(--dc-surface); transition: background-color 120ms, color 120ms;
}
.dc-panel .dc-send:hover { background: var(--dc-strong); }
.dc-panel .dc-send[aria-disabled=true] { background: var(--dc-line); color: var(--dc-faint); cursor: default; }
.dc-panel .dc-picked { list-style: none; display: flex; flex-wrap: wrap; gap: 6px; margin-block: 2px 4px; margin-inline-start: -6px; padding: 0; }
.dc-pick { display: flex; align-items: center; gap: 4px; max-inline-size: 100%; padding-inline-start: 9px; border-radius: 8px; background: var(--dc-tint); color: var(--dc-strong); font-size: 13px; line-height: 28px; }
.dc-pick.dc-warn { background: color-mix(in srgb, var(--dc-warn) 16%, transparent); color: inherit; }
.dc-pick.dc-warn bdi { min-inline-size: 5em; }
.dc-pick bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.dc-pick small { padding-block: 5px; font-size: 12px; line-height: 18px; color: var(--dc-soft); }
.dc-pick .dc-icon { inline-size: 15px; block-size: 15px; }
.dc-panel .dc-pick button { display: grid; place-items: center; flex: none; inline-size: 28px; block-size: 28px; padding: 0; border: 0; border-radius: 8px; background: none; color: inherit; }
.dc-panel .dc-pick button:hover { background: var(--dc-tint); }
.dc-pick[aria-busy=true] bdi { opacity: .6; }
.dc-menu { position: absolute; inset-inline: 14px; inset-block-end: calc(100% - 4px); z-index: 2; max-inline-size: 760px; max-block-size: min(300px, 45vh); overflow: auto; scrollbar-width: thin; border: 1px solid var(--dc-border); border-radius: 12px; background: var(--dc-surface); box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 8px 24px rgb(0 0 0 / .14); animation: dc-appear 120ms ease-out; }
.dc-panel .dc-menu { list-style: none; margin-inline: auto; padding: 5px; }
.dc-panel p.dc-menu { padding: 10px 14px; }
.dc-menu li { display: grid; padding: 7px 10px; border-radius: 8px; cursor: pointer; line-height: 1.4; overflow-wrap: anywhere; }
.dc-menu li[aria-selected=true] { background: var(--dc-tint); }
.dc-menu b { font-size: 14px; font-weight: 600; }
.dc-menu span { font-size: 12.5px; color: var(--dc-soft); }
.dc-panel .dc-tag { padding: 1px 6px; margin-inline: -1px; border-radius: 6px; background: var(--dc-tint); color: var(--dc-strong); -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.dc-panel a.dc-tag:hover { text-decoration: underline; }
.dc-panel .dc-files { list-style: none; padding: 0; margin-block-start: 6px; display: grid; gap: 4px; font-size: 13.5px; }
.dc-files li { display: flex; align-items: center; gap: 6px; color: var(--dc-soft); overflow-wrap: anywhere; }
.dc-files .dc-icon { inline-size: 15px; block-size: 15px; }
.dc-fine { max-inline-size: 760px; font-size: 11.5px; line-height: 1.5; color: var(--dc-faint); text-align: center; }
.dc-panel .dc-fine { margin: 6px auto 0; text-wrap: balance; }

${TURN_CSS}
@media (max-width: 380px) {
  .dc-head { display: grid; grid-template-columns: minmax(0, 1fr) auto; row-gap: 0; align-content: center; }
  .dc-panel .dc-scope { grid-row: 2; justify-self: start; max-inline-size: 100%; padding: 0; border: 0; line-height: 16px; }
  .dc-head:has(.dc-scope) h2 { line-height: 18px; align-self: end; }
  .dc-head-acts { grid-row: 1 / 3; grid-column: 2; }
}
@media (pointer: coarse) {
  .dc-ib { inline-size: 44px; block-size: 44px; }
  .dc-head { min-block-size: 61px; padding-block: 8px; padding-inline-end: 8px; }
  .dc-head-acts { gap: 0; }
  .dc-acts { margin-inline-start: -13px; }
  .dc-panel .dc-send { inline-size: 44px; block-size: 44px; border-radius: 11px; }
  .dc-panel .dc-field textarea { padding-block: 11px; font-size: 16px; max-block-size: calc(8 * 22px + 22px); }
  .dc-panel :is(.dc-btn, .dc-pill) { min-block-size: 44px; padding-block: 11px; }
  .dc-panel .dc-jump { inline-size: 44px; block-size: 44px; margin-block-start: -54px; }
  .dc-write > .dc-ib { margin-inline-start: -13px; }
  .dc-pick { line-height: 40px; }
  .dc-panel .dc-pick button { inline-size: 40px; block-size: 40px; }
  .dc-menu li { min-block-size: 44px; align-content: center; }
  .dc-panel .dc-start button { min-block-size: 48px; }
}
@media (prefers-reduced-motion: reduce) {
  .dc-panel, .dc-panel *, .dc-panel ::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
@media (forced-colors: active) {
  .dc-panel :is(.dc-q, .dc-cite, .dc-send, .dc-source.dc-on, .dc-thread.dc-on) { border: 1px solid; }
  .dc-panel .dc-ib[aria-pressed=true], .dc-panel .dc-ib[aria-expanded=true] { border: 2px solid Highlight; }
  .dc-panel :is(.dc-cite:hover, .dc-cite.dc-on) { forced-color-adjust: none; background: Highlight; color: HighlightText; }
  .dc-panel .dc-send[aria-disabled=true] { color: GrayText; border-color: GrayText; }
  .dc-md[data-open] > :last-child::after { background: CanvasText !important; }
}
@media print { .dc-foot, .dc-acts, .dc-suggestions, .dc-head-acts, .dc-jump { display: none !important; } }
`;
