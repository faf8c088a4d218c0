import * as api from '../api/endpoints';
import { say } from './notice.svelte';
import { queuePath } from './paths';
import { go } from './router.svelte';

const forTutors = new Set(['evidence_to_review', 'block_to_assess', 'assessment_draft']);

/** Opens what waits next for a tutor, or the list when nothing does, and says there what has just been done. */
export async function openNext(done?: string) {
  const { items } = await api.queue();
  const next = items.find((item) => forTutors.has(item.kind) && queuePath(item).split('?')[0] !== location.pathname);
  const path = next ? queuePath(next) : '/a-traiter';
  if (done) say(done, path);
  go(path);
}
