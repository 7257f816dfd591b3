import {useCallback, useEffect, useRef, useState} from 'react';
import {toFailure} from './failure.js';
import type {Attachment} from './protocol.js';
import type {Transport} from './transport.js';
import type {UploadStrategy} from './upload.js';

/** What the host allows of files, with the strategy that its server has. */
export type FileOptions = {
  strategy: UploadStrategy;
  /** As an input's `accept`. */
  accept?: string;
  /** In bytes. */
  maxSize?: number;
  maxCount?: number;
};

/** A file that the next question takes with it. */
export type PickedFile = {
  key: number;
  name: string;
  state: 'sending' | 'ready' | 'failed' | 'too_large' | 'too_many';
  attachment?: Attachment;
  /** Why it failed, in the server's words. */
  reason?: string | undefined;
};

export const MAX_BYTES = 100 * 1024 * 1024;
export const MAX_FILES = 10;

export type Files = {
  files: readonly PickedFile[];
  ready: readonly Attachment[];
  sending: boolean;
  add: (picked: readonly File[]) => void;
  remove: (key: number) => void;
  /** They went with a question. */
  clear: () => void;
};

let keys = 0;

/** The files of the question that is being typed: sent while it is typed. */
export function useFiles(transport: Transport, options: FileOptions | undefined): Files {
  const [files, setFiles] = useState<readonly PickedFile[]>([]);
  const uploads = useRef(new Map<number, AbortController>());

  useEffect(() => {
    const {current} = uploads;
    return () => current.forEach((upload) => upload.abort());
  }, []);

  const settle = useCallback((key: number, change: Partial<PickedFile>) => {
    uploads.current.delete(key);
    setFiles((old) => old.map((file) => (file.key === key ? {...file, ...change} : file)));
  }, []);

  const send = async (key: number, file: File, {strategy}: FileOptions) => {
    const upload = new AbortController();
    uploads.current.set(key, upload);
    try {
      const {uploadFile} = await import('./upload.js');
      settle(key, {state: 'ready', attachment: await uploadFile(file, strategy, transport, upload.signal)});
    } catch (error) {
      settle(key, {state: 'failed', reason: toFailure(error).detail});
    }
  };

  return {
    files,
    ready: files.flatMap(({attachment}) => (attachment === undefined ? [] : [attachment])),
    sending: files.some(({state}) => state === 'sending'),
    add(picked) {
      if (options === undefined) {
        return;
      }
      const {maxSize = MAX_BYTES, maxCount = MAX_FILES} = options;
      const taken = files.filter(({state}) => state === 'sending' || state === 'ready').length;
      const added = picked.map((file, at): PickedFile => {
        const state = file.size > maxSize ? 'too_large' : taken + at >= maxCount ? 'too_many' : 'sending';
        return {key: (keys += 1), name: file.name, state};
      });
      setFiles((old) => [...old, ...added]);
      added.forEach(({key, state}, at) => state === 'sending' && void send(key, picked[at] as File, options));
    },
    remove(key) {
      uploads.current.get(key)?.abort();
      const gone = files.find((file) => file.key === key)?.attachment;
      setFiles((old) => old.filter((file) => file.key !== key));
      if (gone !== undefined) {
        // The server forgets what is never asked about sooner or later.
        transport.call('attachments.delete', {attachment_id: gone.id}).catch(() => undefined);
      }
    },
    clear: () => setFiles([]),
  };
}
