/** Styles of what stands around an answer: how it was found, and what could be asked next. */
export const TURN_CSS = `
.dc-trace { display: flex; gap: 8px; align-items: flex-start; color: var(--dc-faint); font-size: 13px; line-height: 20px; }
.dc-trace .dc-icon { inline-size: 15px; block-size: 20px; }
.dc-trace[data-active] span { animation: dc-breathe 1.4s ease-in-out infinite alternate; }
@keyframes dc-breathe { from { opacity: 1; } to { opacity: .55; } }

.dc-panel .dc-suggestions { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 8px; animation: dc-appear 120ms ease-out; }
.dc-panel .dc-suggestions button {
  padding: 5px 12px; border: 1px solid var(--dc-border); border-radius: 17px; background: none;
  font-size: 13.5px; line-height: 20px; text-align: start; overflow-wrap: anywhere;
  transition: background-color 120ms, border-color 120ms;
}
.dc-panel .dc-suggestions button:hover { border-color: var(--dc-primary); background: var(--dc-tint); }
@media (pointer: coarse) {
  .dc-panel .dc-suggestions button { min-block-size: 44px; padding: 11px 15px; border-radius: 22px; }
}
`;
