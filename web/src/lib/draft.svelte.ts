// An evidence being written: every change is on the device at once, and what is saved leaves by the outbox.
import { ApiError, isDown, uuid } from '../api/client';
import * as api from '../api/endpoints';
import type { Evidence, EvidenceInput, FileInfo, Instance } from '../api/types';
import { uploadFile } from '../api/upload';
import { t } from '../i18n/index.svelte';
import { more } from '../i18n/more.svelte';
import type { Course } from './certification';
import { changeItem, dropFile, itemOf, putFile, sentOf, writeItem, type Item, type Sent, type WaitingFile } from './device';
import { addPurpose, blankFor, contentOf, toSend } from './evidence';
import { fileSize } from './format';
import { blankItem } from './item';
import { forget, keep, kept } from './kept';
import { onMessage, outbox, readOutbox, sendWaiting, tell } from './outbox.svelte';
import { session } from './session.svelte';

interface Opened {
  instance: Instance;
  course: Course;
  /** The evidence as the server has it. */
  evidence: Evidence | undefined;
  /** What was written here before and the server does not have yet. */
  item: Item | undefined;
  /** What a new evidence is made for. */
  about: URLSearchParams;
}

export type Outcome = 'sent' | 'waiting';

// Milliseconds after which the person no longer waits: it leaves by itself.
const patience = 5_000;

const text = (content: EvidenceInput) => JSON.stringify(toSend(content));

export class Draft {
  readonly id: string;
  content = $state<EvidenceInput>() as EvidenceInput;
  /** The evidence as the server has it, once it does. */
  evidence = $state.raw<Evidence>();
  stored = $state.raw<FileInfo[]>([]);
  /** What was typed before and not saved has been found again. */
  restored = $state(false);
  /** The server's text is another one than this was written on. */
  conflict = $state(false);
  /** Why what was saved before could not leave, when the server refused it. */
  readonly refusal: ApiError | undefined;
  /** When it was saved last, and whether the server has it. */
  savedAt = $state.raw<Date>();
  waiting = $state(false);
  refused = $state<string[]>([]);
  /** The files that the device could not take: here until they are sent. */
  held = $state.raw<WaitingFile[]>([]);
  /** Nothing can be kept here: why. */
  failure = $state('');
  #base = $state('');
  #kept: boolean;
  #turn: Promise<void> = Promise.resolve();
  readonly #opened: Opened;

  constructor(opened: Opened) {
    const { course, evidence, item, about } = opened;
    this.#opened = opened;
    this.#kept = item !== undefined;
    this.id = item?.id ?? evidence?.id ?? uuid();
    this.evidence = evidence;
    this.stored = evidence?.files ?? [];
    const start = item?.saved ?? (evidence ? contentOf(evidence) : blankFor(course.certification, about));
    this.#base = text(start);
    const typed = kept<EvidenceInput>(this.#name) ?? item?.typed;
    this.content = structuredClone(typed ? addPurpose(typed, course.certification, about) : start);
    this.restored = !!typed;
    this.#show(item);
    if (item?.refusal && !this.conflict) this.refusal = errorOf(item);
  }

  get #name(): string {
    return `evidence.${this.id}`;
  }

  get dirty(): boolean {
    return text(this.content) !== this.#base;
  }

  /** The files that wait. */
  get files(): WaitingFile[] {
    return [...(outbox.find(this.id)?.files ?? []), ...this.held];
  }

  /** To be called in an effect: keeps what is typed, and says whether anything is kept under the draft's own address. */
  async keep(): Promise<boolean> {
    const typed = this.dirty ? ($state.snapshot(this.content) as EvidenceInput) : null;
    const before = this.#kept;
    // The device writes a moment later: a page that is closed in between loses nothing.
    if (typed) keep(this.#name, typed);
    if (typed || before) await this.#try(() => this.#write((item) => ({ ...item, typed })));
    if (!this.failure && text(this.content) === text(typed ?? this.content)) forget(this.#name);
    if (before !== this.#kept) this.#tell();
    return this.#kept;
  }

  /** False where the device cannot keep anything, a full storage most of all; tells why. */
  async #try(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      if (this.held.length === 0) this.failure = '';
      return true;
    } catch (error) {
      const full = error instanceof DOMException && error.name === 'QuotaExceededError';
      this.failure = t.offline.notKept(full ? t.offline.full : t.offline.forbidden);
      return false;
    }
  }

  async #write(change: (item: Item) => Item) {
    const blank = () => blankItem(this.id, this.#opened.course.enrolment.id, this.evidence);
    const start = blank();
    this.#kept = await writeItem(start, (item, sent) => {
      // It may have left a moment ago: what is written now changes the evidence that it has become.
      if (this.#isNews(sent) && sent.evidence.version !== this.evidence?.version) this.#take(sent.evidence);
      return change(item === start ? blank() : item);
    });
  }

  /** It is this person's, and the page knows nothing later. */
  #isNews(sent: Sent | undefined): sent is Sent {
    return !!sent && sent.user === session.me?.user.id && sent.evidence.version >= (this.evidence?.version ?? 0);
  }

  #tell() {
    tell({ kind: 'changed', item: this.id });
  }

  /**
   * Saves it on the device, then on the server if that can be reached: to be handed in, or as a draft. What saves itself
   * asks for neither, and leaves what was asked before and not refused. Throws what the server refuses.
   */
  async save(submit?: boolean): Promise<Outcome> {
    const body = toSend($state.snapshot(this.content) as EvidenceInput);
    const changed = this.dirty || !this.evidence;
    // It is handed in after its files, and the device does not have them all.
    const direct = this.held.length > 0;
    let asked = submit ?? false;
    const kept = await this.#try(() =>
      this.#write((item) => {
        asked = submit ?? (item.submit && !item.refusal);
        const at = item.saved || item.submit ? item.at : new Date().toISOString();
        return { ...item, typed: null, saved: changed ? body : item.saved, submit: asked && !direct, refusal: null, at };
      }),
    );
    if (!kept && changed) await this.#inTurn(() => this.#saveDirectly(body));
    this.#base = JSON.stringify(body);
    if (!this.dirty) forget(this.#name);
    this.restored = false;
    this.conflict = false;
    this.savedAt = new Date();
    this.waiting = kept && this.#kept;
    this.#tell();
    const outcome = this.waiting ? await this.#sent(asked && !direct) : 'sent';
    if (this.conflict || (kept && !direct)) return outcome;
    // What nothing keeps stays on the page.
    if (outcome === 'waiting') throw new ApiError(0, {});
    await this.#inTurn(() => this.#sendHeld());
    if (!asked) return 'sent';
    if (kept) return this.save(true);
    this.#take(await api.submitEvidence(this.evidence!.id, this.evidence!.version));
    return 'sent';
  }

  /** A save that files have asked for and the person's own do not cross. */
  #inTurn(action: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.catch(() => {}).then(action);
    return this.#turn;
  }

  /** Where the device keeps nothing: under the key that the device would have used. */
  async #saveDirectly(body: EvidenceInput) {
    // What still waits here would leave over this text, or come after it was handed in.
    if (this.waiting || this.files.length > this.held.length) throw new ApiError(0, { detail: this.failure, code: 'not_kept' });
    const { evidence } = this;
    this.#take(
      evidence
        ? await api.saveEvidence(evidence.id, evidence.version, body)
        : await api.createEvidence(this.#opened.course.enrolment.id, body, this.id),
    );
  }

  async #sendHeld() {
    if (this.held.length === 0) return;
    for (const file of this.held) {
      this.#store(await uploadFile(this.evidence!.id, file, file.key, () => {}));
      this.held = this.held.filter(({ key }) => key !== file.key);
    }
    // Files move its version on.
    this.#take(await api.evidenceNow(this.evidence!.id));
  }

  /** Sends the files that wait. A new evidence is saved first, since they belong to it. */
  async sendFiles() {
    if (!this.evidence) await this.save();
    else if (this.held.length > 0) await this.#inTurn(() => this.#sendHeld());
    else await sendWaiting();
  }

  /** Waits for it to leave, as long as a person would. */
  #sent(submit: boolean): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const end = () => {
        stop();
        clearTimeout(timer);
      };
      const look = async (last: boolean) => {
        const item = await itemOf(this.id);
        this.#show(item);
        const there = !item || (!item.saved && !item.submit);
        if (item?.refusal) {
          end();
          if (this.conflict) resolve('waiting');
          else reject(errorOf(item));
        } else if (there && (await this.#adopt(item, submit))) {
          end();
          resolve('sent');
        } else if (last) {
          end();
          // What waits must outlast a device that runs short of room.
          void navigator.storage?.persist?.();
          resolve('waiting');
        }
      };
      const fail = (error: unknown) => {
        end();
        reject(error);
      };
      const stop = onMessage((message) => {
        if (message.kind === 'changed' && message.item === this.id) look(false).catch(fail);
      });
      const timer = setTimeout(() => look(true).catch(fail), patience);
      sendWaiting()
        .then(() => look(true))
        .catch(fail);
    });
  }

  /** Takes over what the server has made of it. */
  async #adopt(item: Item | undefined, whole: boolean): Promise<boolean> {
    const sent = await sentOf(this.id);
    if (!item && this.#isNews(sent)) this.#take(sent.evidence);
    else if (item?.evidence && !whole) {
      const evidence = await api.evidenceNow(item.evidence).catch((error: unknown) => {
        if (!isDown(error)) throw error;
      });
      if (!evidence) return false;
      this.#take(evidence);
    } else return false;
    return true;
  }

  #take(evidence: Evidence) {
    this.evidence = evidence;
    this.stored = evidence.files;
  }

  /** Follows what becomes of it while the page is open; to be called in an effect. */
  follow(): () => void {
    return onMessage((message) => {
      if (!('item' in message) || message.item !== this.id) return;
      if (message.kind === 'changed') void this.#look().catch(() => {});
      if (message.kind === 'stored') this.#store(message.files);
    });
  }

  #store(files: FileInfo[]) {
    const known = new Set(this.stored.map(({ id }) => id));
    this.stored = [...this.stored, ...files.filter(({ id }) => !known.has(id))];
  }

  async #look() {
    const item = await itemOf(this.id);
    this.#show(item);
    const sent = item ? undefined : await sentOf(this.id);
    if (this.#isNews(sent)) this.#take(sent.evidence);
  }

  #show(item: Item | undefined) {
    this.conflict = item?.refusal?.status === 412;
    this.waiting = !!item && (item.saved !== null || item.submit);
  }

  async add(files: Iterable<File>): Promise<void> {
    this.refused = [];
    const { max_file_bytes: largest, max_files_per_evidence: most } = this.#opened.instance;
    const taken: File[] = [];
    for (const file of files) {
      if (file.size > largest) {
        this.refused.push(more.form.tooLarge(file.name, fileSize(file.size), fileSize(largest)));
      } else if (this.stored.length + this.files.length + taken.length >= most) {
        this.refused.push(more.form.tooMany(most));
        break;
      } else taken.push(file);
    }
    if (taken.length === 0) return;
    const now = new Date().toISOString();
    const rows: WaitingFile[] = taken.map((file, index) => {
      const { name, size } = file;
      const at = `${now} ${String(index).padStart(3, '0')}`;
      return { key: uuid(), item: this.id, at, name, size, content: file, refusal: null };
    });
    const kept = await this.#try(async () => {
      for (const row of rows) await putFile(row);
      await this.#write((item) => item);
    });
    if (!kept) {
      this.held = [...this.held, ...rows];
      for (const { key } of rows) await dropFile(key).catch(() => {});
    }
    this.#tell();
    await readOutbox().catch(() => {});
  }

  /** A file that was refused may be sent again as it is: the limit may have been raised. */
  async retry(file: WaitingFile) {
    await putFile({ ...file, refusal: null });
    this.#tell();
    await sendWaiting();
  }

  async drop(file: WaitingFile) {
    if (this.held.includes(file)) {
      this.held = this.held.filter((one) => one !== file);
      return;
    }
    await dropFile(file.key);
    await this.#write((item) => item);
    this.#tell();
  }

  async remove(file: FileInfo) {
    await api.deleteFile(file.id);
    this.stored = this.stored.filter((one) => one.id !== file.id);
    if (this.evidence) this.evidence = { ...this.evidence, files: this.stored };
  }

  async takeTheirs() {
    const evidence = await api.evidenceNow(this.evidence!.id);
    const { version } = evidence;
    const base = contentOf(evidence);
    await this.#write((item) => ({ ...item, typed: null, saved: null, submit: false, refusal: null, version, base }));
    this.content = contentOf(evidence);
    this.#base = text(this.content);
    this.#take(evidence);
    this.waiting = false;
    this.conflict = false;
    this.restored = false;
    this.#tell();
  }

  async keepMine(): Promise<Outcome> {
    const evidence = await api.evidenceNow(this.evidence!.id);
    this.#take(evidence);
    const { version } = evidence;
    const base = contentOf(evidence);
    const saved = toSend($state.snapshot(this.content) as EvidenceInput);
    const item = await changeItem(this.id, (now) => ({ ...now, version, base, saved }));
    return this.save(item?.submit ?? false);
  }

  /** Back to what was saved. */
  discard() {
    this.content = JSON.parse(this.#base) as EvidenceInput;
    this.restored = false;
  }
}

const errorOf = ({ refusal }: Item): ApiError =>
  new ApiError(refusal!.status, { code: refusal!.code, detail: refusal!.detail, fields: refusal!.fields });
