import { uuid } from '../api/client';
import type { Evidence } from '../api/types';
import { changeItem, dropItem, filesOf, itemOf, putFile, writeItem, type Item } from './device';
import { contentOf } from './evidence';
import { tell } from './outbox.svelte';
import { session } from './session.svelte';

/** Nothing written yet, on what the server has of an evidence, or on a new one. */
export const blankItem = (id: string, enrolment: string, evidence: Evidence | undefined): Item => ({
  id,
  user: session.me!.user.id,
  enrolment,
  evidence: evidence?.id ?? null,
  version: evidence?.version ?? null,
  base: evidence ? contentOf(evidence) : null,
  typed: null,
  saved: null,
  creation: null,
  submit: false,
  at: new Date().toISOString(),
  refusal: null,
});

/** Lets what was refused of it be tried anew, and makes `change` with that; false where nothing waits any more. */
export async function release(id: string, change: Partial<Item> = {}): Promise<boolean> {
  const item = await changeItem(id, (now) => ({ ...now, ...change, refusal: null }));
  if (!item) return false;
  for (const file of await filesOf(id)) if (file.refusal) await putFile({ ...file, refusal: null });
  tell({ kind: 'changed', item: id });
  return true;
}

/**
 * Begins a new evidence with what can no longer be sent to its own, its files too, under keys of their own: the old ones were
 * told to the server with the old address. The person finishes it in the form.
 */
export async function asNew(id: string): Promise<string | undefined> {
  const item = await itemOf(id);
  if (!item) return undefined;
  const { enrolment, typed, saved, base } = item;
  const begun = blankItem(uuid(), enrolment, undefined);
  await writeItem(begun, (blank) => ({ ...blank, typed: typed ?? saved ?? base }));
  for (const file of await filesOf(id)) await putFile({ ...file, key: uuid(), item: begun.id, refusal: null });
  await dropItem(id);
  tell({ kind: 'changed', item: id });
  return begun.id;
}
