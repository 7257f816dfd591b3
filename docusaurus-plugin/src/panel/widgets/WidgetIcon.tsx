import type {ReactNode} from 'react';

/** The protocol's icons that say something in the docs; others are a dot. */
const PATHS: Readonly<Record<string, string>> = {
  'book-open': 'M12 7c-2-1.7-4.5-2-8-2v13c3.5 0 6 .3 8 2 2-1.7 4.5-2 8-2V5c-3.5 0-6 .3-8 2zM12 7v13',
  bug: 'M8 9a4 4 0 0 1 8 0v6a4 4 0 0 1-8 0zM8 12H4M20 12h-4M5 6l3 3M19 6l-3 3M5 19l3-3M19 19l-3-3M12 9v10',
  calendar: 'M5 6h14v13.500H5zM5 10.500h14M8.5 3.500V8M15.5 3.500V8',
  chart: 'M5 5v14h14M9 15v-4M13 15V8M17 15v-6',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  'check-circle': 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM8 12.300l2.8 2.800L16 9.7',
  'chevron-left': 'M14.5 6l-6 6 6 6',
  'chevron-right': 'M9.5 6l6 6-6 6',
  'circle-question': 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM9.5 9.500a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.700M12 16.500h.01',
  clock: 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM12 7.500V12l3 2',
  cube: 'M12 3.500l7.5 4.200v8.600L12 20.500l-7.5-4.200V7.700zM4.5 7.7 12 12l7.5-4.300M12 12v8.5',
  document: 'M13.5 4H7a1.5 1.5 0 0 0-1.5 1.500v13A1.5 1.5 0 0 0 7 20h10a1.5 1.5 0 0 0 1.5-1.500V9zM13.5 4v5h5',
  'external-link': 'M10 5H5v14h14v-5M13.5 5H19v5.500M19 5l-8 8',
  globe: 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM3.5 12h17M12 3.500c3 2.5 3 14.5 0 17-3-2.5-3-14.5 0-17z',
  info: 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM12 11.500V16M12 8h.01',
  lightbulb: 'M9 16.500a6 6 0 1 1 6 0V19H9zM10 21.500h4',
  mail: 'M4 6h16v12.500H4zM4 7l8 6.500L20 7',
  plus: 'M12 5v14M5 12h14',
  reload: 'M20 12a8 8 0 1 1-2.5-5.800L20 8.500M20 4v4.500h-4.5',
  search: 'M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM20 20l-4.7-4.7',
  sparkle: 'M12 4l2 6 6 2-6 2-2 6-2-6-6-2 6-2z',
  star: 'M12 4l2.4 5.2 5.6.6-4.2 3.8 1.2 5.6-5-2.9-5 2.9 1.2-5.600L4 9.800l5.6-.6z',
  user: 'M15.5 8.500a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM5 20c.5-4 3.5-5.5 7-5.500s6.5 1.5 7 5.5',
};
const DOT = 'M13.5 12a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0z';
const SIZES: Readonly<Record<string, number>> = {xs: 12, sm: 16, md: 20, lg: 24, xl: 28, '2xl': 32, '3xl': 40};

export function WidgetIcon({name, size, color}: {name: string | undefined; size: string | undefined; color: string | undefined}): ReactNode {
  const plain = name?.replace(/^(lucide|vendor):/, '').replace(/-(filled|double)$/, '') ?? '';
  const side = SIZES[size ?? ''] ?? 20;
  return (
    <svg className="dc-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" style={{color, inlineSize: side, blockSize: side}}>
      <path d={Object.hasOwn(PATHS, plain) ? PATHS[plain] : DOT} />
    </svg>
  );
}
