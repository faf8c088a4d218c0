// What is said of something that waits to be sent.
import { ApiError } from '../api/client';
import { t } from '../i18n/index.svelte';
import type { Refusal } from './device';
import { explain, sentence } from './explain';
import type { Standing, Waiting } from './outbox.svelte';

/** Why the server refused it, and what to do, in a few sentences. */
export function whyRefused({ status, code, detail, fields }: Refusal): string {
  if (status === 412) return t.offline.conflict;
  if (status === 403 || status === 404) return t.offline.gone;
  if (fields.length > 0) return fields.map((field) => sentence(field.code, field.detail)).join(' ');
  return explain(new ApiError(status, { code, detail }));
}

/** What becomes of it, in a sentence. */
export function standingText(item: Waiting, standing: Standing): string {
  if (standing === 'writing') return t.offline.writingHelp;
  if (standing === 'sending') return t.offline.sendingHelp;
  if (standing === 'waiting') return item.submit ? t.offline.waitingSubmit : t.offline.waitingDraft;
  if (item.refusal) return whyRefused(item.refusal);
  return item.files.flatMap(({ name, refusal }) => (refusal ? t.offline.ofFile(name, whyRefused(refusal)) : [])).join(' ');
}

export const titleOf = (item: Waiting): string => (item.typed ?? item.saved ?? item.base)?.title || t.offline.untitled;
