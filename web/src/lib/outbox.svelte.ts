// What this person has written here and the server does not have yet. The list is the same in every
// tab; one of them sends at a time.
import { untrack } from 'svelte';
import type { FileInfo } from '../api/types';
import { itemsOf, filesOf, owner, type Item, type WaitingFile } from './device';
import { askAgain } from './link.svelte';
import { leave, session } from './session.svelte';

export interface Waiting extends Item {
  files: WaitingFile[];
}

export type Message =
  | { kind: 'changed'; item: string }
  | { kind: 'sending'; item: string | null }
  | { kind: 'progress'; file: string; share: number }
  | { kind: 'stored'; item: string; files: FileInfo[] }
  | { kind: 'sent'; item: string }
  | { kind: 'signed-out' };

// Whole rows of the device, read anew at each change.
let items = $state.raw<Waiting[]>([]);
const state = $state({
  sending: null as string | null,
  shares: {} as Record<string, number>,
  sent: 0,
});

export const outbox = {
  get items() {
    return items;
  },
  /** The item that is on its way now. */
  get sending() {
    return state.sending;
  },
  /** How much of a file has left, from 0 to 1; nothing while it waits. */
  share: (file: string): number | undefined => state.shares[file],
  find: (id: string): Waiting | undefined => items.find((item) => item.id === id),
};

/** It can leave: something of it is saved, and nothing of it was refused. */
export function canLeave({ refusal, saved, evidence, submit, files }: Waiting): boolean {
  if (refusal) return false;
  if (saved) return true;
  return !!evidence && (submit || files.length > 0) && (files.length === 0 || files.some((file) => !file.refusal));
}

export type Standing = 'writing' | 'waiting' | 'sending' | 'refused';

export function standingOf(item: Waiting): Standing {
  if (state.sending === item.id) return 'sending';
  if (item.refusal || item.files.some((file) => file.refusal)) return 'refused';
  return canLeave(item) ? 'waiting' : 'writing';
}

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('acquis.outbox') : undefined;
const listeners = new Set<(message: Message) => void>([hear]);

export function onMessage(listener: (message: Message) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells this tab and the others. */
export function tell(message: Message) {
  for (const listener of listeners) listener(message);
  channel?.postMessage(message);
}

channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
  for (const listener of listeners) listener(data);
});

function hear(message: Message) {
  if (message.kind === 'progress') state.shares[message.file] = message.share;
  else if (message.kind === 'sending') state.sending = message.item;
  else if (message.kind === 'signed-out') leave();
  else if (message.kind === 'sent') state.sent++;
  else void readOutbox().catch(() => {});
}

let turns = 0;
let shown = 0;

/** Afterwards `outbox` has at least what was there at the call, whoever else reads at the same time. */
export async function readOutbox(): Promise<void> {
  const turn = ++turns;
  const user = owner();
  const rows = user ? await itemsOf(user) : [];
  const read = await Promise.all(rows.map(async (item) => ({ ...item, files: await filesOf(item.id) })));
  if (turn < shown) return;
  shown = turn;
  items = read;
  const keys = new Set(items.flatMap(({ files }) => files.map(({ key }) => key)));
  for (const key of Object.keys(state.shares)) if (!keys.has(key)) delete state.shares[key];
}

// Seconds before another try, longer each time that the server is out of reach.
const pauses = [2, 5, 15, 30, 60, 120];
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Sends all that can leave, and again later what could not reach the server. Returns when this try is over. */
export async function sendWaiting(): Promise<void> {
  clearTimeout(timer);
  // The program that sends comes when there is something to send.
  const outcome = await import('./sender').then(
    ({ sendAll }) => sendAll(),
    () => ({ sent: 0, later: true }),
  );
  await readOutbox();
  if (outcome.sent > 0) askAgain();
  failures = outcome.later ? failures + 1 : 0;
  if (outcome.later) {
    clearTimeout(timer);
    timer = setTimeout(() => void sendWaiting(), 1000 * pauses[Math.min(failures, pauses.length) - 1]!);
  }
}

/** Sends at once if anything can leave. */
async function wake() {
  if (!session.me) return;
  await readOutbox();
  if (items.some(canLeave)) await sendWaiting();
}

/** Does something each time that an evidence has left: what the server says has changed. To be called while a component starts. */
export function whenSent(action: () => void) {
  let before = state.sent;
  $effect(() => {
    if (state.sent === before) return;
    before = state.sent;
    untrack(action);
  });
}

/** To be called while the application starts. */
export function watchOutbox() {
  $effect(() => {
    if (session.me) untrack(() => void wake().catch(() => {}));
    else items = [];
  });
  $effect(() => {
    const again = () => {
      failures = 0;
      void wake().catch(() => {});
    };
    const seen = () => document.visibilityState === 'visible' && again();
    addEventListener('online', again);
    document.addEventListener('visibilitychange', seen);
    return () => {
      removeEventListener('online', again);
      document.removeEventListener('visibilitychange', seen);
    };
  });
}
