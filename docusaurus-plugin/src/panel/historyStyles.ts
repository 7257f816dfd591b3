/** Styles of the list of past chats: they come with it. */
export const HISTORY_CSS = `
.dc-history { flex: 1; min-block-size: 0; overflow: auto; overscroll-behavior: contain; scrollbar-width: thin; padding: 10px 16px 18px; display: flex; flex-direction: column; gap: 10px; align-items: stretch; }
.dc-history > * { inline-size: 100%; max-inline-size: 760px; margin-inline: auto; }
.dc-history > .dc-btn { inline-size: auto; }
.dc-history-head { display: flex; align-items: center; gap: 6px; margin-inline-start: -8px; }
.dc-panel .dc-history h3 { font-size: 15px; line-height: 34px; font-weight: 650; border-radius: 6px; padding-inline: 4px; }
.dc-panel .dc-none { margin: auto; color: var(--dc-soft); text-align: center; max-inline-size: 30ch; }
.dc-panel .dc-history ul { list-style: none; padding: 0; display: grid; gap: 2px; }
.dc-thread { display: flex; align-items: center; gap: 2px; margin-inline: -8px; padding: 0; padding-inline-end: 4px; border-radius: 8px; transition: background-color 120ms; }
.dc-thread:hover, .dc-thread:focus-within { background: var(--dc-fill); }
.dc-thread.dc-on { background: var(--dc-tint); }
.dc-panel .dc-thread-open { flex: 1; min-inline-size: 0; padding: 8px; display: grid; text-align: start; background: none; border: 0; border-radius: 8px; }
.dc-thread-open b { font-weight: 550; font-size: 14px; line-height: 1.4; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.dc-thread-open time { font-size: 12.5px; line-height: 1.4; color: var(--dc-faint); }
.dc-edit { flex: 1; min-inline-size: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px; padding-inline-end: 4px; }
.dc-edit p { flex: 1 0 100%; font-size: 14px; overflow-wrap: anywhere; }
.dc-panel .dc-edit input { flex: 1; min-inline-size: 0; padding: 5px 10px; line-height: 20px; font-size: 14px; border: 1px solid var(--dc-border); border-radius: 8px; background: var(--dc-surface); }
@media (pointer: coarse) {
  .dc-history-head { margin-inline-start: -13px; }
}
`;
