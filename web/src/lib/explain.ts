import { ApiError } from '../api/client';
import { t } from '../i18n/index.svelte';

/** An error in the person's words: the dictionary's for the codes it knows, else the server's own sentence. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return t.errors.unexpected;
  if (error.code === 'network') return t.errors.network;
  return sentence(error.code, error.message) || t.errors.unexpected;
}

/** The dictionary's sentence for a code, else the one that the server sent. */
export const sentence = (code: string, detail: string) => t.errors.codes[code] ?? detail;
