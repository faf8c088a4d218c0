// Sends what waits: one tab at a time, in the order in which it was saved. Every step can be made
// again after a lost answer: a creation and a file have their key, a text is compared with what is there.
import { ApiError } from '../api/client';
import * as api from '../api/endpoints';
import type { Evidence, EvidenceInput } from '../api/types';
import { uploadFile } from '../api/upload';
import {
  changeItem,
  closeItem,
  dropFile,
  fileOf,
  filesOf,
  itemOf,
  itemsOf,
  putFile,
  type Item,
  type Refusal,
} from './device';
import { contentOf, toSend } from './evidence';
import { canLeave, tell } from './outbox.svelte';

export interface Outcome {
  sent: number;
  /** Something could not reach the server, and is worth another try. */
  later: boolean;
}

/** Not a word about what was sent: the network, the server or the session was not there. */
const passes = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.status >= 500 || [0, 401, 408, 429].includes(error.status));

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ApiError)) return { status: 0, code: 'unexpected', detail: String(error), fields: [] };
  const { status, code, message, fields } = error;
  return { status, code, detail: message, fields: [...fields] };
}

/** The same words: the server may have trimmed them. */
export const same = (a: EvidenceInput, b: EvidenceInput): boolean => canonical(a) === canonical(b);

function canonical(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.trim());
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, one]) => `${name}:${canonical(one)}`).join()}}`;
}

/** Without Web Locks, which plain HTTP lacks, the keys still keep two tabs from making anything twice. */
const alone = <T>(action: () => Promise<T>): Promise<T> =>
  navigator.locks ? navigator.locks.request('acquis.outbox', action) : action();

export function sendAll(): Promise<Outcome> {
  return alone(async () => {
    const outcome: Outcome = { sent: 0, later: false };
    try {
      // Somebody else may have signed in on this device: what waits leaves for its own writer alone.
      const { user } = await api.meNow();
      const tried = new Set<string>();
      for (let item = await next(user.id, tried); item; item = await next(user.id, tried)) {
        tried.add(item.id);
        tell({ kind: 'sending', item: item.id });
        await sendOne(item.id, outcome);
        tell({ kind: 'changed', item: item.id });
      }
    } catch (error) {
      if (!passes(error)) throw error;
      // Who must sign in again does so; the rest is a matter of time.
      outcome.later = error.status !== 401;
    } finally {
      tell({ kind: 'sending', item: null });
    }
    return outcome;
  });
}

async function next(user: string, tried: Set<string>): Promise<Item | undefined> {
  for (const item of await itemsOf(user)) {
    if (!tried.has(item.id) && canLeave({ ...item, files: await filesOf(item.id) })) return item;
  }
  return undefined;
}

/** What is refused is written on the item; what could not reach the server waits. */
async function sendOne(id: string, outcome: Outcome) {
  try {
    await sendText(id);
    const complete = await sendFiles(id, outcome);
    if (!complete) return;
    await submit(id);
    const item = await itemOf(id);
    if (!item?.evidence) return;
    if (await closeItem(id, await api.evidenceNow(item.evidence))) {
      outcome.sent++;
      tell({ kind: 'sent', item: id });
    }
  } catch (error) {
    if (passes(error)) outcome.later = true;
    else await changeItem(id, (item) => ({ ...item, refusal: refusalOf(error) }));
  }
}

/** The text as it was saved last, which may be changed again meanwhile. */
async function sendText(id: string) {
  for (let item = await itemOf(id); item?.saved; item = await itemOf(id)) {
    const { saved } = item;
    const written = item.evidence ? saved : (item.creation ?? saved);
    const evidence = item.evidence ? await change(item, saved) : await create(item, written);
    // A creation that was made at an earlier try may have been changed elsewhere since: the next
    // change must find that, so it starts from what was created.
    const later = !item.evidence && evidence.version > 1;
    await changeItem(id, (now) => ({
      ...now,
      evidence: evidence.id,
      version: later ? 1 : evidence.version,
      base: later ? written : contentOf(evidence),
      creation: null,
      saved: now.saved && same(now.saved, written) ? null : now.saved,
    }));
    tell({ kind: 'changed', item: id });
  }
}

async function create(item: Item, body: EvidenceInput): Promise<Evidence> {
  await changeItem(item.id, (now) => ({ ...now, creation: body }));
  try {
    return await api.createEvidence(item.enrolment, body, item.id);
  } catch (error) {
    // Nothing was made: the corrected text may be sent under the same key.
    if (!passes(error)) await changeItem(item.id, (now) => ({ ...now, creation: null }));
    throw error;
  }
}

const change = (item: Item, text: EvidenceInput): Promise<Evidence> =>
  onNewest(
    item,
    (version) => api.saveEvidence(item.evidence!, version, text),
    (now) => same(toSend(contentOf(now)), text),
  );

async function submit(id: string) {
  const item = await itemOf(id);
  if (!item?.submit || !item.evidence || item.saved) return;
  const evidence = await onNewest(
    item,
    (version) => api.submitEvidence(item.evidence!, version),
    (now) => now.status === 'submitted' || now.status === 'accepted',
  );
  // What was saved meanwhile comes after it, and is to be handed in as its writer has asked.
  await changeItem(id, (now) => ({ ...now, submit: now.saved !== null && now.submit, version: evidence.version }));
}

/** Other things than its text move a version on, a lost answer among them: only a text that somebody else has changed is a conflict. */
async function onNewest(
  { evidence, version, base }: Item,
  act: (version: number) => Promise<Evidence>,
  isDone: (now: Evidence) => boolean,
): Promise<Evidence> {
  try {
    return await act(version ?? 0);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 412) throw error;
    const now = await api.evidenceNow(evidence!);
    if (isDone(now)) return now;
    if (!base || !same(toSend(contentOf(now)), toSend(base))) throw error;
    return act(now.version);
  }
}

/** True once the server has every file. One that is refused, or cut off, does not hold the others back. */
async function sendFiles(id: string, outcome: Outcome): Promise<boolean> {
  const item = await itemOf(id);
  if (!item?.evidence) return false;
  for (const file of await filesOf(id)) {
    if (file.refusal) continue;
    try {
      const files = await uploadFile(item.evidence, file, file.key, (share) => tell({ kind: 'progress', file: file.key, share }));
      await dropFile(file.key);
      tell({ kind: 'stored', item: id, files });
    } catch (error) {
      if (passes(error)) outcome.later = true;
      else if (await fileOf(file.key)) await putFile({ ...file, refusal: refusalOf(error) });
    }
    tell({ kind: 'changed', item: id });
  }
  return (await filesOf(id)).length === 0;
}
