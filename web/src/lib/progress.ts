import type { BlockProgress, CompetencyProgress, Gap, Progress, RequirementProgress } from '../api/types';
import { t } from '../i18n/index.svelte';
import { paths } from './paths';
import { blockNumber } from './wording';

export const statuses = ['acquired', 'assessed', 'evidenced', 'untouched'] as const;

/** What is asked of a person next: what they can do themselves stands before what they wait for. */
const gapOrder: Gap[] = [
  'below_required_level',
  'no_evidence',
  'evidence_not_submitted',
  'only_self_assessed',
  'never_assessed_by_tutor',
];

export interface Step {
  key: string;
  where: string;
  what: string;
  action: string;
  href: string;
  /** Lower comes first. */
  rank: number;
}

/** A competency lacks one thing at a time: without evidence, it is no use saying that nobody has assessed it. */
export function firstGap(competency: CompetencyProgress): Gap | undefined {
  return gapOrder.find((gap) => competency.gaps.includes(gap));
}

export function nextSteps(enrolment: string, progress: Progress): Step[] {
  const steps = progress.blocks.flatMap((block) => stepsOf(enrolment, block));
  for (const requirement of progress.requirements) {
    if (requirement.state !== 'unmet') continue;
    steps.push({
      key: `requirement ${requirement.key}`,
      where: t.portfolio.requirements,
      what: requirement.label,
      action: t.steps.actions.requirement_unmet,
      href: paths.newEvidence(enrolment, { requirement: requirement.key }),
      rank: 2,
    });
  }
  return steps.sort((a, b) => a.rank - b.rank);
}

function stepsOf(enrolment: string, block: BlockProgress): Step[] {
  const where = `${t.portfolio.block(blockNumber(block.code))} – ${block.title}`;
  const counts = new Map<Gap, number>();
  for (const competency of block.competencies) {
    const gap = firstGap(competency);
    if (gap) counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  const steps = [...counts].map(([gap, count]) => ({
    key: `${block.code} ${gap}`,
    where,
    what: (t.steps as unknown as Record<Gap, (n: number) => string>)[gap](count),
    action: t.steps.actions[gap],
    href: gap === 'evidence_not_submitted' ? `${paths.evidenceList(enrolment)}?etat=draft` : paths.block(enrolment, block.code),
    rank: gapOrder.indexOf(gap),
  }));
  for (const { modality, label } of block.missing_deliverables) {
    steps.push({
      key: `${block.code} ${modality} ${label}`,
      where,
      what: t.steps.deliverable(label),
      action: t.steps.actions.deliverable_missing,
      href: paths.newEvidence(enrolment, { modality }),
      rank: 2,
    });
  }
  return steps;
}

/** « 12 semaines sur 32 demandées » */
export function requirementWords(requirement: RequirementProgress): string {
  const { unit, have, need, have_level, need_level } = requirement;
  if (unit === 'level' && need_level) {
    return have_level ? t.requirements.level(have_level, need_level) : t.requirements.noLevel(need_level);
  }
  if (unit === 'weeks' && have !== null) {
    return need === null ? t.requirements.weeksHave(have) : t.requirements.weeks(have, need);
  }
  if (unit === 'document' && have !== null && need !== null) return t.requirements.documents(have, need);
  return '';
}
