import type { EvidenceStatus, EvidenceSummary } from '../api/types';
import { t } from '../i18n/index.svelte';
import type { Group } from './certification';
import { blockNumber } from './wording';

/** One symbol per state of an evidence, always beside its word. */
export const symbols: Record<EvidenceStatus, string> = { draft: '✎', submitted: '→', accepted: '✓', returned: '↩' };

export const groupTitle = ({ block }: Group) =>
  block ? `${t.portfolio.block(blockNumber(block.code))} – ${block.title}` : t.portfolio.outside;

export const covered = ({ competencies }: Group, evidence: EvidenceSummary[]) =>
  competencies.filter(({ key }) => evidence.some((one) => one.competencies.includes(key))).length;
