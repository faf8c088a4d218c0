import { ApiError, endSession, renewSession, root } from './client';
import { filesPath } from './endpoints';
import type { FileInfo, Problem } from './types';

/** Sends one file and tells how far it is. XMLHttpRequest, because fetch says nothing of what has been sent. */
export async function uploadFile(
  evidence: string,
  file: File,
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

function send(evidence: string, file: File, key: string, onProgress: (share: number) => void): Promise<FileInfo[]> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', root + filesPath(evidence));
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Idempotency-Key', key);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new ApiError(0, {}));
    request.onload = () => {
      if (request.status < 300) resolve((JSON.parse(request.responseText) as { items: FileInfo[] }).items);
      else reject(new ApiError(request.status, readProblem(request.responseText)));
    };
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}

function readProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return {};
  }
}
