import {useState, type KeyboardEvent, type PointerEvent, type ReactNode} from 'react';
import {storage} from '../storage.js';

const DEFAULT_WIDTH = 420;
const MIN_WIDTH = 340;
const MAX_WIDTH = 760;
const STEP = 24;

export function useWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => clamp(Number(storage.get('width')) || DEFAULT_WIDTH));
  return [
    width,
    (next) => {
      setWidth(clamp(next));
      storage.set('width', String(clamp(next)));
    },
  ];
}

type Props = {width: number; onResize: (width: number) => void; label: string};

/** The border between page and chat: drag it, move it with the arrow keys, double-click to reset. */
export default function ResizeHandle({width, onResize, label}: Props): ReactNode {
  const onKeyDown = (event: KeyboardEvent) => {
    const next = {
      ArrowLeft: width + STEP * direction(),
      ArrowRight: width - STEP * direction(),
      Home: MIN_WIDTH,
      End: MAX_WIDTH,
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      onResize(next);
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      onResize(direction() === 1 ? window.innerWidth - event.clientX : event.clientX);
    }
  };
  return (
    <div
      className="docs-chat-resize"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      tabIndex={0}
      onKeyDown={onKeyDown}
      // The capture keeps the pointer's events from the frame of ChatKit.
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onDoubleClick={() => onResize(DEFAULT_WIDTH)}
    />
  );
}

function clamp(width: number): number {
  return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
}

/** 1 when the chat stands on the right, -1 on the left. */
function direction(): 1 | -1 {
  return getComputedStyle(document.documentElement).direction === 'rtl' ? -1 : 1;
}
