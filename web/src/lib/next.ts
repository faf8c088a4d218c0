import * as api from '../api/endpoints';
import type { QueueItem } from '../api/types';
import { say } from './notice.svelte';
import { paths, queuePath } from './paths';
import { go } from './router.svelte';

const forTutors = new Set([
  'evidence_to_review',
  'block_to_assess',
  'assessment_draft',
  'visit_to_sign',
  'visit_refused',
]);

/** What a tutor does without stopping: all the evidence of a student is read on one page. */
export const workPath = (item: QueueItem) =>
  item.kind === 'evidence_to_review' ? paths.review(item.enrolment_id) : queuePath(item);

/** What a tutor goes on with: the same student first, then who has waited longest. */
export function nextOf(items: QueueItem[], enrolment?: string): QueueItem | undefined {
  const others = items.filter((item) => forTutors.has(item.kind) && workPath(item).split('?')[0] !== location.pathname);
  return others.find((item) => item.enrolment_id === enrolment) ?? others[0];
}

/** Opens what waits next for a tutor, or the list when nothing does, and says there what has just been done. */
export async function openNext(done?: string, enrolment?: string) {
  const next = nextOf((await api.queue()).items, enrolment);
  const path = next ? workPath(next) : '/a-traiter';
  if (done) say(done, path);
  go(path);
}
