/** Styles of what an answer is made of, its sources included: they come with what draws it. */
export const MARKDOWN_CSS = `
.dc-md { overflow-wrap: anywhere; }
.dc-md > * { margin-block: 0 12px; }
.dc-panel .dc-md > :last-child { margin-block-end: 0; }
.dc-panel .dc-md :is(p, ul, ol, blockquote) { margin-block: 0 10px; }
.dc-panel .dc-md > * :is(.dc-code, .dc-table) { margin-block-end: 10px; }
.dc-panel .dc-md > blockquote + p { margin-block-start: 18px; }
.dc-panel .dc-md :is(h3, h4, h5, h6) { margin-block: 18px 6px; font-size: 15px; line-height: 1.4; font-weight: 650; }
.dc-panel .dc-md h3 { font-size: 17px; }
.dc-panel .dc-md > :first-child { margin-block-start: 0; }
.dc-panel .dc-md :is(ul, ol) { padding: 0; padding-inline-start: 22px; }
.dc-panel .dc-md li { margin-block: 4px 0; }
.dc-panel .dc-md li::marker { color: var(--dc-faint); }
.dc-panel .dc-md li :is(ul, ol) { margin-block-end: 0; }
.dc-panel .dc-md li > p:last-child { margin-block-end: 4px; }
.dc-md .dc-task { list-style: none; }
.dc-check { display: inline-block; inline-size: 20px; margin-inline-start: -20px; color: var(--dc-faint); }
.dc-panel .dc-md blockquote {
  padding: 2px 0; padding-inline-start: 12px; border: 0; border-inline-start: 3px solid var(--dc-primary);
  color: var(--dc-soft); font-size: 14.5px;
}
.dc-panel .dc-md blockquote > :last-child { margin-block-end: 0; }
.dc-panel .dc-md hr { block-size: 1px; border: 0; background: var(--dc-line); margin-block: 16px; }
.dc-panel .dc-md a:not(.dc-cite) { color: var(--dc-strong); text-decoration: underline; text-decoration-color: color-mix(in srgb, currentColor 40%, transparent); text-underline-offset: 3px; }
.dc-panel .dc-md a:not(.dc-cite):hover { text-decoration-color: currentColor; }
.dc-panel .dc-md :not(pre) > code {
  padding: .08em .32em; border: 1px solid var(--dc-line); border-radius: 4px; background: var(--dc-code);
  font-family: var(--dc-mono); font-size: .87em; vertical-align: baseline;
}
.dc-md[data-open] > :is(p, h3, h4, h5, h6):last-child::after,
.dc-md[data-open] > :is(ul, ol):last-child > li:last-child::after {
  content: ''; display: inline-block; inline-size: 7px; block-size: 15px; margin-inline-start: 3px;
  border-radius: 2px; vertical-align: -2px; background: var(--dc-primary);
}
.dc-panel .dc-cite {
  padding: 1.5px 5px; margin-inline: 2px 1px; border-radius: 5px; white-space: nowrap; unicode-bidi: isolate; background: var(--dc-tint); color: var(--dc-strong);
  font-size: 11px; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1; vertical-align: 2px;
  text-decoration: none; position: relative; transition: background-color 120ms, color 120ms;
}
.dc-cite::after { content: ''; position: absolute; inset: -4px -2px; }
.dc-panel :is(.dc-cite:hover, .dc-cite.dc-on) { background: var(--dc-primary); color: var(--dc-surface); }
.dc-code { border: 1px solid var(--dc-line); border-radius: 8px; overflow: hidden; background: var(--dc-code); }
.dc-code-head {
  display: flex; align-items: center; gap: 2px; min-block-size: 36px; padding: 0; padding-inline: 12px 1px;
  border-block-end: 1px solid var(--dc-line); font-size: 12px; color: var(--dc-faint);
}
.dc-code-label { min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.dc-code-head .dc-ib { margin-inline-start: auto; }
.dc-code-head .dc-icon { inline-size: 16px; block-size: 16px; }
.dc-panel .dc-pre {
  margin: 0; padding: 10px 12px; overflow: auto; border: 0; border-radius: 0 0 7px 7px; background: none; color: inherit;
  font-family: var(--dc-mono); font-size: 13px; line-height: 1.55; white-space: pre; overflow-wrap: normal; scrollbar-width: thin; tab-size: 2;
}
.dc-panel .dc-pre code { padding: 0; border: 0; background: none; font: inherit; }
.dc-table { overflow: auto; border: 1px solid var(--dc-line); border-radius: 8px; scrollbar-width: thin; }
.dc-panel .dc-table table { display: table; inline-size: 100%; margin: 0; border-collapse: collapse; font-size: 13.5px; line-height: 1.45; overflow-wrap: normal; }
.dc-panel .dc-table tr { background: none; border: 0; }
.dc-panel .dc-table tr + tr :is(td, th), .dc-panel .dc-table tbody td { border-block-start: 1px solid var(--dc-line); }
.dc-panel .dc-table :is(th, td) { padding: 7px 12px; border: 0; text-align: start; vertical-align: top; min-inline-size: 64px; }
.dc-panel .dc-table tbody td { border-block-start: 1px solid var(--dc-line); }
.dc-panel .dc-table tbody:first-child > :first-child td { border-block-start: 0; }
.dc-panel .dc-table th { background: var(--dc-fill); font-weight: 650; color: inherit; white-space: nowrap; }
.dc-admonition { --tone: var(--dc-faint); padding: 9px 12px; border-inline-start: 3px solid var(--tone); border-radius: 6px; background: color-mix(in srgb, var(--tone) 9%, transparent); }
.dc-panel .dc-md .dc-admonition > p { margin-block: 0 4px; font-size: 13.5px; font-weight: 650; color: color-mix(in srgb, var(--tone) 55%, var(--dc-text)); }
.dc-panel .dc-admonition > div > :last-child { margin-block-end: 0; }
.dc-panel .dc-md .dc-admonition > div > .dc-code { background: var(--dc-surface); }
.dc-admonition[data-kind=tip] { --tone: var(--ifm-color-success, #00a400); }
.dc-admonition:is([data-kind=info], [data-kind=important]) { --tone: var(--ifm-color-info, #54c7ec); }
.dc-admonition:is([data-kind=warning], [data-kind=caution]) { --tone: var(--dc-warn); }
.dc-admonition[data-kind=danger] { --tone: var(--ifm-color-danger, #fa383e); }
.dc-panel .dc-sources {
  list-style: none; display: grid; gap: 2px; margin-block-start: 16px; padding: 10px 0 0; border-block-start: 1px solid var(--dc-line);
}
.dc-panel .dc-source {
  display: grid; grid-template-columns: 16px minmax(0, 1fr) auto; gap: 1px 8px; align-items: baseline;
  padding: 6px 8px; margin-inline: -8px; border-radius: 8px; color: inherit; text-decoration: none;
  transition: background-color 120ms;
}
.dc-panel :is(a.dc-source:hover, .dc-source.dc-on) { background: var(--dc-tint); color: inherit; }
.dc-n { font-size: 12px; color: var(--dc-faint); font-variant-numeric: tabular-nums; }
.dc-panel :is(.dc-source:hover, .dc-source.dc-on, .dc-tip) .dc-n { color: var(--dc-strong); font-weight: 650; }
.dc-source b, .dc-tip b { font-weight: 600; font-size: 14px; line-height: 1.4; overflow-wrap: anywhere; }
.dc-version {
  align-self: start; font-size: 11px; line-height: 16px; color: var(--dc-soft); white-space: nowrap;
  border: 1px solid var(--dc-border); border-radius: 99px; padding: 0 7px; margin-block-start: 1px;
}
.dc-source q, .dc-tip q { font-size: 12.5px; line-height: 1.45; color: var(--dc-faint); overflow-wrap: anywhere; }
.dc-source q {
  grid-column: 2 / 4; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
}
.dc-tight .dc-source q { -webkit-line-clamp: 1; }
.dc-tip {
  position: absolute; z-index: 3; inline-size: max-content; max-inline-size: min(360px, calc(100% - 24px));
  display: grid; gap: 4px; padding: 10px 12px; border: 1px solid var(--dc-border); border-radius: 10px;
  background: var(--dc-surface); box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 8px 24px rgb(0 0 0 / .14);
  animation: dc-appear 120ms ease-out;
}
.dc-tip-head { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 8px; align-items: baseline; }
.dc-tip q { max-block-size: 9em; overflow: auto; padding-inline-start: 10px; border-inline-start: 3px solid var(--dc-primary); color: var(--dc-soft); }
@media (pointer: coarse) {
  .dc-panel .dc-source { padding-block: 10px; }
  .dc-code-head { min-block-size: 46px; }
  .dc-cite::after { inset: -10px -6px; }
}
`;
