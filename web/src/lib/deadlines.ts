import type { DeadlineKind } from '../api/types';
import { t } from '../i18n/index.svelte';
import { blockNumber } from './wording';

/** « Visite de mi-parcours », or else what its kind is called, with the block that it names. */
export function deadlineName(of: { kind: DeadlineKind; label: string | null; block: string | null }): string {
  const block = of.block && t.portfolio.block(blockNumber(of.block)).toLowerCase();
  return [of.label ?? t.deadlines.kinds[of.kind], block].filter(Boolean).join(', ');
}

