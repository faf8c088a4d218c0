import { ApiError, endSession, renewSession, root } from './client';
import { filesPath } from './endpoints';
import type { FileInfo, Problem } from './types';

// Milliseconds without a byte sent after which a network is taken for lost.
const patience = 60_000;

/** Sends one file and tells how far it is. XMLHttpRequest, because fetch says nothing of what has been sent. */
export async function uploadFile(
  evidence: string,
  file: { name: string; content: Blob },
  /** The same for every try: a file that did arrive is not stored twice. */
  key: string,
  onProgress: (share: number) => void,
): Promise<FileInfo[]> {
  try {
    return await send(evidence, file, key, onProgress);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    if (await renewSession()) return send(evidence, file, key, onProgress);
    endSession();
    throw error;
  }
}

function send(
  evidence: string,
  { name, content }: { name: string; content: Blob },
  key: string,
  onProgress: (share: number) => void,
): Promise<FileInfo[]> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), patience);
    };
    request.open('POST', root + filesPath(evidence));
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Idempotency-Key', key);
    request.upload.onprogress = (event) => {
      wait();
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onerror = request.onabort = () => reject(new ApiError(0, {}));
    request.onload = () => {
      if (request.status < 300) resolve((JSON.parse(request.responseText) as { items: FileInfo[] }).items);
      else reject(new ApiError(request.status, readProblem(request.responseText)));
    };
    request.onloadend = () => clearTimeout(timer);
    const form = new FormData();
    form.append('file', content, name);
    request.send(form);
    wait();
  });
}

function readProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}
