import {Failure} from './failure.js';
import type {Attachment} from './protocol.js';
import type {Transport} from './transport.js';

/** How files reach the server: announced first and sent where it says, or sent at once. */
export type UploadStrategy = {type: 'two_phase'} | {type: 'direct'; uploadUrl: string};

/** Sends one file. Throws `Failure`. */
export async function uploadFile(
  file: File,
  strategy: UploadStrategy,
  transport: Transport,
  signal: AbortSignal,
): Promise<Attachment> {
  const body = new FormData();
  body.append('file', file);
  if (strategy.type === 'direct') {
    const response = await transport.upload(strategy.uploadUrl, {method: 'POST', body, signal});
    return readAttachment(await response.json().catch(() => undefined));
  }
  const params = {name: file.name, size: file.size, mime_type: file.type || 'application/octet-stream'};
  const {upload_descriptor: descriptor, ...attachment} = readAttachment(
    await transport.call('attachments.create', params, signal),
  );
  if (descriptor !== undefined) {
    const {url, method, headers = {}} = descriptor;
    await transport.upload(url, {method, headers, body, signal});
  }
  return attachment;
}

function readAttachment(value: unknown): Attachment {
  const attachment = value as Attachment | null | undefined;
  if (typeof attachment?.id !== 'string' || typeof attachment.name !== 'string') {
    throw new Failure('bad_response');
  }
  return attachment;
}
