import * as api from '../api/endpoints';
import { queuePath } from './paths';
import { go } from './router.svelte';

const forTutors = new Set(['evidence_to_review', 'block_to_assess', 'assessment_draft']);

/** Opens what waits next for a tutor, or the list when nothing does. */
export async function openNext() {
  const { items } = await api.queue();
  const next = items.find((item) => forTutors.has(item.kind) && queuePath(item).split('?')[0] !== location.pathname);
  go(next ? queuePath(next) : '/a-traiter');
}
