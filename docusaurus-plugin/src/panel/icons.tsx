import type {ReactNode, SVGProps} from 'react';

function Icon({children, ...props}: SVGProps<SVGSVGElement>): ReactNode {
  return (
    <svg className="dc-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" {...props}>
      {children}
    </svg>
  );
}

const drawn = (d: string, className = 'dc-icon') => () => (
  <Icon className={className}>
    <path d={d} />
  </Icon>
);

export const PlusIcon = drawn('M12 5v14M5 12h14');
export const CloseIcon = drawn('M6 6l12 12M18 6 6 18');
export const HistoryIcon = drawn('M3.5 12a8.5 8.5 0 1 0 2.7-6.2L4 8M4 4v4h4M12 8v4.5l3 1.8');
export const SearchIcon = drawn('M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM20 20l-4.7-4.7');
export const SendIcon = drawn('M12 19V6M6 11.5l6-6 6 6');
export const CheckIcon = drawn('M5 12.5l4.5 4.5L19 7.5');
export const RetryIcon = drawn('M20 12a8 8 0 1 1-2.5-5.8L20 8.5M20 4v4.5h-4.5');
export const BackIcon = drawn('M19 12H5M11 6l-6 6 6 6', 'dc-icon dc-flip');
export const DownIcon = drawn('M12 5v14M6 13l6 6 6-6');
export const ChevronIcon = drawn('M7 10l5 5 5-5', 'dc-icon dc-chevron');
export const ThumbUpIcon = drawn('M7 10.5V19.5H4.5v-9zM7 10.5 10.6 4c1.4 0 2.3 1.1 2 2.5L11.9 10h5.6a2 2 0 0 1 2 2.3l-.9 5.5a2 2 0 0 1-2 1.7H7');
export const ThumbDownIcon = drawn('M17 13.5v-9h2.5v9zM17 13.5 13.4 20c-1.4 0-2.3-1.1-2-2.5l.7-3.5H6.5a2 2 0 0 1-2-2.3l.9-5.5a2 2 0 0 1 2-1.7H17');
export const PencilIcon = drawn('M4.5 19.5l.8-3.8L16 5l3 3L8.3 18.7zM13.5 7.5l3 3');
export const TrashIcon = drawn('M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5');
export const OfflineIcon = drawn('M4 4l16 16M5 12.5a10 10 0 0 1 4-2.4M8.5 16a5 5 0 0 1 7 0M12 19.5h.01M14.5 9.9a10 10 0 0 1 4.5 2.6');
export const AlertIcon = drawn('M12 8.5v4.5M12 16.5h.01M10.4 4.6 3.2 17a1.9 1.9 0 0 0 1.6 2.8h14.4a1.9 1.9 0 0 0 1.6-2.8L13.6 4.6a1.9 1.9 0 0 0-3.2 0z');
export const ClockIcon = drawn('M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM12 7.5V12l3 2');
export const InfoIcon = drawn('M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM12 11.5V16M12 8h.01');

export const StepsIcon = drawn('M5 6.5h.01M5 12h.01M5 17.5h.01M9.5 6.5H19M9.5 12H19M9.5 17.5H19');
export const LockIcon = drawn('M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11zM8 11V8a4 4 0 0 1 8 0v3');
export const FileIcon = drawn('M13.5 4H7a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 7 20h10a1.5 1.5 0 0 0 1.5-1.5V9zM13.5 4v5h5');
export const ClipIcon = drawn('M18.5 11.5l-6.7 6.7a4 4 0 0 1-5.6-5.6l7-7a2.7 2.7 0 0 1 3.8 3.8l-6.9 6.9a1.3 1.3 0 0 1-1.9-1.9l6.3-6.3');

export const CopyIcon = () => (
  <Icon>
    <rect x="9" y="9" width="10.5" height="10.5" rx="2" />
    <path d="M5 15.2V6a1.5 1.5 0 0 1 1.5-1.5h8.7" />
  </Icon>
);

export const StopIcon = () => (
  <Icon>
    <rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" />
  </Icon>
);
