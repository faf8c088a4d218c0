// What this device keeps for the person who uses it without network: the answers that it last saw,
// and what waits to be sent. Signing out empties it.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Evidence, EvidenceInput } from '../api/types';

/** Why something that waits did not leave, as the server said it. */
export interface Refusal {
  status: number;
  code: string;
  detail: string;
  fields: { field: string; code: string; detail: string }[];
}

/** What a person has written about one evidence and the server does not have yet. */
export interface Item {
  /** Of the evidence that it changes; for a new one its own, which names its creation too. */
  id: string;
  user: string;
  enrolment: string;
  /** The evidence, once the server has it. */
  evidence: string | null;
  /** The version that the text was written on, and what that version said. */
  version: number | null;
  base: EvidenceInput | null;
  /** Being typed: it stays here until the person saves it. */
  typed: EvidenceInput | null;
  /** Saved: it leaves as soon as it can. */
  saved: EvidenceInput | null;
  /** The body of the creation, the same at every try: the key stands for it. */
  creation: EvidenceInput | null;
  /** To be handed in to the tutors once the server has its text and its files. */
  submit: boolean;
  /** When it was saved first: what waits leaves in this order. */
  at: string;
  refusal: Refusal | null;
}

export interface WaitingFile {
  /** Names its upload, at every try. */
  key: string;
  item: string;
  at: string;
  name: string;
  size: number;
  content: Blob;
  refusal: Refusal | null;
}

/** What has left, for who comes back to its address. */
export interface Sent {
  id: string;
  user: string;
  evidence: Evidence;
}

interface Answer {
  user: string;
  path: string;
  at: string;
  body: unknown;
}

interface Schema extends DBSchema {
  answers: { key: [string, string]; value: Answer };
  items: { key: string; value: Item; indexes: { user: string } };
  files: { key: string; value: WaitingFile; indexes: { item: string } };
  sent: { key: string; value: Sent };
}

let opening: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>('acquis', 1, {
    upgrade(db) {
      db.createObjectStore('answers', { keyPath: ['user', 'path'] });
      db.createObjectStore('items', { keyPath: 'id' }).createIndex('user', 'user');
      db.createObjectStore('files', { keyPath: 'key' }).createIndex('item', 'item');
      db.createObjectStore('sent', { keyPath: 'id' });
    },
    terminated: () => (opening = undefined),
  });
  opening.catch(() => (opening = undefined));
  return opening;
}

// A mark, never a token: it spares a person who has never signed in here a request that must fail,
// and names the person whose answers are kept. Only who learns here works without network.
const mark = 'acquis.signed-in';
const nobody = '1';

export const isMarked = () => localStorage.getItem(mark) !== null;

export function owner(): string | null {
  const name = localStorage.getItem(mark);
  return name === nobody ? null : name;
}

export function setMark(user: string | null) {
  localStorage.setItem(mark, user ?? nobody);
}

export function removeMark() {
  localStorage.removeItem(mark);
}

/** Keeps an answer for the person who asked, while they are still the one who is here. */
export async function rememberAnswer(user: string, path: string, body: unknown): Promise<void> {
  const db = await database();
  // Somebody may have signed out meanwhile, while the database was being opened too.
  if (owner() === user) await db.put('answers', { user, path, at: new Date().toISOString(), body });
}

export async function lastAnswer(path: string): Promise<Answer | undefined> {
  const user = owner();
  return user ? (await database()).get('answers', [user, path]) : undefined;
}

/** What others have read on this device goes when somebody comes in; what they have to send stays, unseen. */
export async function forgetAnswersOfOthers(user: string) {
  const db = await database();
  for (const key of await db.getAllKeys('answers')) if (key[0] !== user) await db.delete('answers', key);
  for (const sent of await db.getAll('sent')) if (sent.user !== user) await db.delete('sent', sent.id);
}

/** What the person has written here, in the order in which it leaves. */
export async function itemsOf(user: string): Promise<Item[]> {
  const items = await (await database()).getAllFromIndex('items', 'user', user);
  return items.sort((a, b) => a.at.localeCompare(b.at));
}

export const itemOf = async (id: string): Promise<Item | undefined> => (await database()).get('items', id);
export const sentOf = async (id: string): Promise<Sent | undefined> => (await database()).get('sent', id);

/** Writes what `change` makes of the item as it is at that moment; nothing if it is not there. */
export async function changeItem(id: string, change: (item: Item) => Item): Promise<Item | undefined> {
  const write = (await database()).transaction('items', 'readwrite');
  const item = await write.store.get(id);
  const changed = item && change(item);
  if (changed) await write.store.put(changed);
  await write.done;
  return changed;
}

const isEmpty = ({ typed, saved, submit, refusal }: Item) => !typed && !saved && !submit && !refusal;

/**
 * Makes the item if it is not there yet, then changes it; `change` sees what has left of it, too.
 * True if something is left to keep: an empty one goes in the same breath.
 */
export async function writeItem(blank: Item, change: (item: Item, sent: Sent | undefined) => Item): Promise<boolean> {
  const write = (await database()).transaction(['items', 'files', 'sent'], 'readwrite');
  const items = write.objectStore('items');
  const sent = await write.objectStore('sent').get(blank.id);
  const item = change((await items.get(blank.id)) ?? blank, sent);
  const kept = !isEmpty(item) || (await write.objectStore('files').index('item').count(item.id)) > 0;
  await (kept ? items.put(item) : items.delete(item.id));
  await write.done;
  return kept;
}

export async function filesOf(item: string): Promise<WaitingFile[]> {
  const files = await (await database()).getAllFromIndex('files', 'item', item);
  return files.sort((a, b) => a.at.localeCompare(b.at));
}

export const fileOf = async (key: string): Promise<WaitingFile | undefined> => (await database()).get('files', key);
export const putFile = async (file: WaitingFile): Promise<unknown> => (await database()).put('files', file);
export const dropFile = async (key: string): Promise<void> => (await database()).delete('files', key);

/** Forgets what waits of an evidence, its files too. */
export async function dropItem(id: string) {
  const write = (await database()).transaction(['items', 'files'], 'readwrite');
  await write.objectStore('items').delete(id);
  const keys = await write.objectStore('files').index('item').getAllKeys(id);
  await Promise.all(keys.map((key) => write.objectStore('files').delete(key)));
  await write.done;
}

/** Takes the item away once nothing of it is left to send; false if the person has added something meanwhile. */
export async function closeItem(id: string, evidence: Evidence): Promise<boolean> {
  const write = (await database()).transaction(['items', 'files', 'sent'], 'readwrite');
  const item = await write.objectStore('items').get(id);
  const files = await write.objectStore('files').index('item').count(id);
  const done = !!item && !item.saved && !item.submit && files === 0;
  if (done) {
    await write.objectStore('sent').put({ id, user: item.user, evidence });
    if (!item.typed) await write.objectStore('items').delete(id);
  }
  await write.done;
  return done;
}

/** Forgets everything but what others have still to send, which they alone can see. */
export async function clearDevice(user: string) {
  removeMark();
  const write = (await database()).transaction(['answers', 'items', 'files', 'sent'], 'readwrite');
  const items = write.objectStore('items');
  const files = write.objectStore('files');
  await Promise.all([write.objectStore('answers').clear(), write.objectStore('sent').clear()]);
  for (const id of await items.index('user').getAllKeys(user)) {
    for (const key of await files.index('item').getAllKeys(id)) await files.delete(key);
    await items.delete(id);
  }
  await write.done;
}
