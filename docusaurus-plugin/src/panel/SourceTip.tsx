import {useEffect, useId, useLayoutEffect, useRef, type ReactNode, type RefObject} from 'react';
import type {Cited} from './sources.js';
import {VersionBadge} from './SourceList.js';

export type ShownSource = {source: Cited; anchor: HTMLElement};

const GAP_PX = 6;
const MARGIN_PX = 12;

/** The source of a citation, beside it: where it is, its version and the supporting words. */
export function SourceTip({
  shown: {source, anchor},
  panel,
  onPointerEnter,
  onPointerLeave,
  onClose,
}: {
  shown: ShownSource;
  panel: RefObject<HTMLElement | null>;
  onPointerEnter: () => void;
  onPointerLeave: () => void;
  onClose: () => void;
}): ReactNode {
  const tip = useRef<HTMLDivElement>(null);
  const id = useId();

  useLayoutEffect(() => {
    const frame = panel.current;
    if (frame === null) {
      return undefined;
    }
    const place = () => {
      if (tip.current !== null) {
        placeBeside(tip.current, anchor.getBoundingClientRect(), frame.getBoundingClientRect());
      }
    };
    place();
    anchor.setAttribute('aria-describedby', id);
    frame.addEventListener('scroll', place, {capture: true, passive: true});
    window.addEventListener('resize', place);
    return () => {
      anchor.removeAttribute('aria-describedby');
      frame.removeEventListener('scroll', place, {capture: true});
      window.removeEventListener('resize', place);
    };
  }, [anchor, id, panel, source]);

  useEffect(() => {
    // Before any other listener: this Escape closes the tip, not the panel.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        event.preventDefault();
        onClose();
      }
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [onClose]);

  return (
    <div
      ref={tip}
      id={id}
      role="tooltip"
      className="dc-tip"
      dir="auto"
      onPointerEnter={onPointerEnter}
      onPointerLeave={onPointerLeave}
    >
      <div className="dc-tip-head">
        <span className="dc-n">{source.n}</span>
        <b>{source.breadcrumb}</b>
        <VersionBadge label={source.version} />
      </div>
      {source.quote !== undefined && <q>{source.quote}</q>}
    </div>
  );
}

/** Under the anchor when there is room, above it otherwise, never outside the frame. */
function placeBeside(tip: HTMLElement, anchor: DOMRect, frame: DOMRect): void {
  const below = anchor.bottom + GAP_PX;
  const above = anchor.top - GAP_PX - tip.offsetHeight;
  const top = below + tip.offsetHeight <= frame.bottom - MARGIN_PX || above < frame.top ? below : above;
  const middle = anchor.left + anchor.width / 2 - tip.offsetWidth / 2;
  const left = Math.max(frame.left + MARGIN_PX, Math.min(middle, frame.right - MARGIN_PX - tip.offsetWidth));
  tip.style.top = `${top - frame.top}px`;
  tip.style.left = `${left - frame.left}px`;
}
