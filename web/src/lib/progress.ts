import type { BlockProgress, CompetencyProgress, Gap, Progress, RequirementProgress } from '../api/types';
import { t } from '../i18n/index.svelte';
import { paths } from './paths';
import { blockNumber, short } from './wording';

export const statuses = ['acquired', 'assessed', 'evidenced', 'untouched'] as const;

/** Of a competency: that an evidence is still a draft is said of a deposit alone. */
type CompetencyGap = Exclude<Gap, 'evidence_draft'>;

/** What is asked of a person next: what they can do themselves stands before what they wait for. */
const gapOrder: CompetencyGap[] = [
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
export function firstGap(competency: CompetencyProgress): CompetencyGap | undefined {
  return gapOrder.find((gap) => competency.gaps.includes(gap));
}

/** The same list for the student, who acts, and for those who only read: their steps lead to where things stand. */
export function nextSteps(
  enrolment: string,
  progress: Progress,
  mine: boolean,
  drafts = `${paths.evidenceList(enrolment)}?etat=draft`,
): Step[] {
  const steps = progress.blocks.flatMap((block) => stepsOf(enrolment, block, mine, drafts));
  for (const requirement of progress.requirements) {
    if (requirement.state !== 'unmet') continue;
    steps.push({
      key: `requirement ${requirement.key}`,
      where: t.portfolio.requirements,
      what: requirement.label,
      action: mine ? t.steps.actions.requirement_unmet : t.portfolio.allEvidence,
      href: mine ? paths.newEvidence(enrolment, { requirement: requirement.key }) : paths.evidenceList(enrolment),
      rank: 2,
    });
  }
  return steps.sort((a, b) => a.rank - b.rank);
}

function stepsOf(enrolment: string, block: BlockProgress, mine: boolean, drafts: string): Step[] {
  const where = `${t.portfolio.block(blockNumber(block.code))} – ${short(block.title, 80)}`;
  const home = paths.block(enrolment, block.code);
  const lacking = new Map<CompetencyGap, string[]>();
  for (const competency of block.competencies) {
    const gap = firstGap(competency);
    if (gap) lacking.set(gap, [...(lacking.get(gap) ?? []), competency.competency]);
  }
  const steps = [...lacking].map(([gap, keys]) => ({
    key: `${block.code} ${gap}`,
    where,
    what: (t.steps as unknown as Record<CompetencyGap, (n: number) => string>)[gap](keys.length),
    action: mine ? t.steps.actions[gap] : t.steps.actions.only_self_assessed,
    href: mine ? whereToAct(gap, keys) : home,
    rank: gapOrder.indexOf(gap),
  }));

  function whereToAct(gap: CompetencyGap, keys: string[]): string {
    if (gap === 'evidence_not_submitted') return drafts;
    if (gap !== 'no_evidence') return home;
    return paths.newEvidence(enrolment, keys.length === 1 ? { competency: keys[0]! } : { block: block.code });
  }

  for (const { modality, label } of block.missing_deliverables) {
    steps.push({
      key: `${block.code} ${modality} ${label}`,
      where,
      what: t.steps.deliverable(label),
      action: mine ? t.steps.actions.deliverable_missing : t.steps.actions.only_self_assessed,
      href: mine ? paths.newEvidence(enrolment, { modality }) : home,
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
