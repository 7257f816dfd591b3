import {Head} from './Note.js';
import type {ReactNode} from 'react';
import type {RegionStrings} from '../strings.js';

type Props = {
  title: string;
  message: string;
  strings: RegionStrings;
  onAccept: () => void;
  onDecline: () => void;
  onClose: () => void;
};

/** Asked before anything is loaded from OpenAI; who declines gets the panel, which loads nothing. */
export default function Consent(props: Props): ReactNode {
  const {title, message, strings, onAccept, onDecline, onClose} = props;
  return (
    <>
      <Head title={title} close={strings.close} onClose={onClose} />
      <div className="docs-chat-note">
        <h2>{strings.consentTitle}</h2>
        <p>{message}</p>
        <div className="docs-chat-actions">
          <button type="button" className="docs-chat-button" data-primary onClick={onAccept}>
            {strings.consentAccept}
          </button>
          <button type="button" className="docs-chat-button" onClick={onDecline}>
            {strings.consentDecline}
          </button>
        </div>
      </div>
    </>
  );
}
