import type { Evidence } from '../api/types';
import type { Item } from './device';
import { contentOf } from './evidence';
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
