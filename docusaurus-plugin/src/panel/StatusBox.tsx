import {useEffect, useState, type ReactNode} from 'react';
import {usePanel} from './context.js';
import {isBusy, type Failure} from './failure.js';
import {timeOf} from './dates.js';
import {HelpLink} from './HelpLink.js';
import {AlertIcon, ClockIcon, InfoIcon, LockIcon, OfflineIcon} from './icons.js';
import type {ErrorText, PanelStrings} from './strings.js';
import {Prose} from './Prose.js';
import type {ThreadStatus} from './protocol.js';
import type {Notice} from './thread.js';

type Tone = 'plain' | 'warn';

/** What went wrong, what is kept and what to do. */
export function FailureBox({
  failure,
  halfway,
  online,
  onRetry,
  helpLink,
}: {
  failure: Failure;
  /** Part of the answer has arrived and stays on the screen. */
  halfway: boolean;
  online: boolean;
  onRetry: () => void;
  helpLink: {label: string; url: string} | undefined;
}): ReactNode {
  const {strings} = usePanel();
  const waiting = useCountdown(failure.retryAt);
  const {title, body} = failureText(failure, halfway, online, strings);
  const limited = failure.kind === 'rate_limited';
  const busy = isBusy(failure);
  const calm = limited || busy || failure.kind === 'offline';
  const again = failure.allowRetry && failure.kind !== 'too_large' && waiting === 0 && online;
  return (
    <Box
      tone={calm ? 'plain' : 'warn'}
      icon={limited || busy ? <ClockIcon /> : calm ? <OfflineIcon /> : <AlertIcon />}
      title={title}
      role="alert"
    >
      <p>{body}</p>
      {/* Outside the alert's sentence: a clock that is read out every second helps nobody. */}
      {limited && <p aria-live="off">{sayWait(waiting, failure.retryAt, strings)}</p>}
      {(again || helpLink !== undefined) && (
        <div className="dc-box-acts">
          {again && (
            <button type="button" className="dc-btn" onClick={onRetry}>
              {strings.tryAgain}
            </button>
          )}
          <HelpLink link={helpLink} />
        </div>
      )}
    </Box>
  );
}

function failureText(failure: Failure, halfway: boolean, online: boolean, strings: PanelStrings): ErrorText {
  if (failure.kind === 'offline' && online) {
    return strings.backOnline;
  }
  if (isBusy(failure)) {
    return {title: failure.detail ?? strings.errors.stream.title, body: strings.errors.stream.body};
  }
  const broken = failure.kind === 'cut' || failure.kind === 'stream';
  const text = halfway && broken ? strings.cutHalfway : strings.errors[failure.kind];
  // Inside a stream the server speaks to the reader; elsewhere its words are for developers.
  return failure.kind === 'stream' && failure.detail !== undefined ? {...text, body: failure.detail} : text;
}

export function OfflineBox(): ReactNode {
  const {strings} = usePanel();
  return (
    <Box tone="plain" icon={<OfflineIcon />} title={strings.offline.title} role="status">
      <p>{strings.offline.body}</p>
    </Box>
  );
}

export function NoticeBox({notice}: {notice: Notice}): ReactNode {
  return (
    <Box
      tone={notice.level === 'info' ? 'plain' : 'warn'}
      icon={notice.level === 'info' ? <InfoIcon /> : <AlertIcon />}
      title={notice.title}
      role={notice.level === 'danger' ? 'alert' : 'status'}
    >
      <Prose text={notice.message} />
    </Box>
  );
}

/** A thread that takes no more questions, in the server's words if it has some. */
export function ClosedBox({status, onNew}: {status: ThreadStatus; onNew: () => void}): ReactNode {
  const {strings} = usePanel();
  const {title, body} = status.type === 'locked' ? strings.lockedChat : strings.closedChat;
  return (
    <Box tone="plain" icon={<LockIcon />} title={title} role="status">
      <p>{status.reason ?? body}</p>
      <div className="dc-box-acts">
        <button type="button" className="dc-btn" onClick={onNew}>
          {strings.newChat}
        </button>
      </div>
    </Box>
  );
}

function Box({
  tone,
  icon,
  title,
  role,
  children,
}: {
  tone: Tone;
  icon: ReactNode;
  title: string | undefined;
  role: 'alert' | 'status';
  children: ReactNode;
}): ReactNode {
  return (
    <div className={tone === 'warn' ? 'dc-box dc-warn' : 'dc-box'} role={role}>
      {icon}
      <div>
        {title !== undefined && <b>{title}</b>}
        {children}
      </div>
    </div>
  );
}

/** Nobody counts thousands of seconds. */
const COUNTED_SECONDS = 120;

function sayWait(seconds: number, until: number | undefined, strings: PanelStrings): string {
  if (seconds === 0 || until === undefined) {
    return strings.waitOver;
  }
  return seconds <= COUNTED_SECONDS ? strings.waitSeconds(seconds) : strings.waitUntil(timeOf(until, Date.now(), document.documentElement.lang));
}

/** Seconds left until the time, ticking; 0 without one. */
function useCountdown(until: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  const left = until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
  const over = left === 0;
  useEffect(() => {
    if (over) {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [over, until]);
  return left;
}
