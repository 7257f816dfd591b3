/** Styles of what stands around an answer: how it was found, and what could be asked next. */
export const TURN_CSS = `
.dc-trace { display: flex; gap: 8px; align-items: flex-start; color: var(--dc-faint); font-size: 13px; line-height: 20px; }
.dc-trace .dc-icon { inline-size: 15px; block-size: 20px; }
.dc-trace[data-active] span { animation: dc-breathe 1.4s ease-in-out infinite alternate; }
summary:is(.dc-trace, .dc-fold) { inline-size: fit-content; max-inline-size: 100%; list-style: none; cursor: pointer; border-radius: 6px; transition: color 120ms; }
summary:is(.dc-trace, .dc-fold)::-webkit-details-marker { display: none; }
summary:is(.dc-trace, .dc-fold):hover, :is(.dc-found, .dc-rest)[open] > summary { color: var(--dc-text); }
:is(.dc-trace, .dc-fold) .dc-chevron { margin-inline-start: -4px; transition: transform 120ms; }
:is(.dc-found, .dc-rest)[open] > summary > .dc-chevron { transform: rotate(180deg); }
.dc-search { margin-block-start: 8px; padding-inline-start: 11px; margin-inline-start: 7px; border-inline-start: 1px solid var(--dc-border); font-size: 13px; line-height: 1.45; }
.dc-search > p { display: flex; flex-wrap: wrap; gap: 0 10px; padding-block: 1px 3px; color: var(--dc-faint); overflow-wrap: anywhere; }
.dc-panel .dc-search .dc-md { color: var(--dc-soft); }
.dc-panel .dc-search .dc-files { margin-block-start: 2px; gap: 0; }
.dc-panel .dc-search ul { list-style: none; padding: 0; }
.dc-search :is(a, li > span) { display: block; padding: 3px 8px; margin-inline: -8px; border-radius: 6px; overflow-wrap: anywhere; }
.dc-panel .dc-search a { color: var(--dc-soft); transition: background-color 120ms; }
.dc-panel .dc-search a:hover { background: var(--dc-tint); color: var(--dc-text); }

.dc-fold { display: flex; gap: 8px; align-items: flex-start; color: var(--dc-faint); font-size: 13px; line-height: 20px; }
.dc-fold .dc-icon { inline-size: 15px; block-size: 20px; }
.dc-rest[open] > summary { margin-block-end: 10px; }
.dc-panel .dc-md .dc-rest > :last-child { margin-block-end: 0; }
@keyframes dc-breathe { from { opacity: 1; } to { opacity: .55; } }

.dc-panel .dc-suggestions { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 8px; animation: dc-appear 120ms ease-out; }
.dc-panel .dc-suggestions button {
  padding: 5px 12px; border: 1px solid var(--dc-border); border-radius: 17px; background: none;
  font-size: 13.5px; line-height: 20px; text-align: start; overflow-wrap: anywhere;
  transition: background-color 120ms, border-color 120ms;
}
.dc-panel .dc-suggestions button:hover { border-color: var(--dc-primary); background: var(--dc-tint); }
@media (pointer: coarse) {
  /* Tall enough for a finger, without moving what is around it. */
  summary:is(.dc-trace, .dc-fold) { padding-block: 12px; margin-block: -12px; }
  .dc-found[open] > summary { margin-block-end: -6px; }
  .dc-rest[open] > summary { margin-block-end: 0; }
  .dc-search :is(a, li > span) { padding-block: 13px; }
  .dc-panel .dc-suggestions button { min-block-size: 44px; padding: 11px 15px; border-radius: 22px; }
}
`;
