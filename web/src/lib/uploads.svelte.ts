import { ApiError, uuid } from '../api/client';
import * as api from '../api/endpoints';
import type { FileInfo, Instance } from '../api/types';
import { uploadFile } from '../api/upload';
import { t } from '../i18n/index.svelte';
import { explain } from './explain';
import { fileSize } from './format';

export interface Upload {
  key: string;
  file: File;
  state: 'waiting' | 'sending' | 'failed';
  /** Sent so far, from 0 to 1. */
  share: number;
  error: string;
  /** It failed for want of a network, and leaves again when there is one. */
  offline?: boolean;
}

/** The files of one evidence: those that the server has, and those on their way, one after the other. */
export class Uploads {
  stored = $state<FileInfo[]>([]);
  pending = $state<Upload[]>([]);
  refused = $state<string[]>([]);
  #sending = false;

  constructor(
    private readonly limits: Pick<Instance, 'max_file_bytes' | 'max_files_per_evidence'>,
    private readonly afterChange: () => Promise<void>,
  ) {}

  add(files: Iterable<File>) {
    this.refused = [];
    for (const file of files) {
      if (file.size > this.limits.max_file_bytes) {
        this.refused.push(t.form.tooLarge(file.name, fileSize(file.size), fileSize(this.limits.max_file_bytes)));
      } else if (this.stored.length + this.pending.length >= this.limits.max_files_per_evidence) {
        this.refused.push(t.form.tooMany(this.limits.max_files_per_evidence));
        break;
      } else {
        this.pending.push({ key: uuid(), file, state: 'waiting', share: 0, error: '' });
      }
    }
  }

  /** Sends what waits; a file that fails does not hold the others back. */
  async send(evidence: string) {
    if (this.#sending) return;
    this.#sending = true;
    let upload: Upload | undefined;
    while ((upload = this.pending.find((one) => one.state === 'waiting'))) await this.#sendOne(evidence, upload);
    this.#sending = false;
    await this.afterChange();
  }

  async #sendOne(evidence: string, upload: Upload) {
    upload.state = 'sending';
    upload.share = 0;
    try {
      const files = await uploadFile(evidence, upload.file, upload.key, (share) => (upload.share = share));
      this.stored.push(...files);
      this.pending = this.pending.filter((one) => one.key !== upload.key);
    } catch (error) {
      upload.state = 'failed';
      upload.error = explain(error);
      upload.offline = error instanceof ApiError && error.code === 'network';
    }
  }

  async retry(evidence: string, upload: Upload) {
    upload.state = 'waiting';
    await this.send(evidence);
  }

  /** A file that the server has refused is lost already: only the others are worth a question. */
  get onTheWay(): boolean {
    return this.pending.some(({ state, offline }) => state !== 'failed' || offline);
  }

  waitAgain() {
    for (const upload of this.pending) if (upload.state === 'failed') upload.state = 'waiting';
  }

  drop(upload: Upload) {
    this.pending = this.pending.filter((one) => one.key !== upload.key);
  }

  async remove(file: FileInfo) {
    await api.deleteFile(file.id);
    this.stored = this.stored.filter((one) => one.id !== file.id);
    await this.afterChange();
  }
}
