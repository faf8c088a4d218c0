// What the coverage gate names, in words, with the page on which something can be done about it.
import type { BlockGate, Certification, Gate } from '../api/types';
import { t } from '../i18n/index.svelte';
import { r } from '../i18n/records.svelte';
import { modalitiesOf, textOf } from './certification';
import { paths } from './paths';
import { short } from './wording';

export type GateItem = BlockGate['items'][number];

export interface GateLine {
  key: string;
  gap: string;
  /** What it is a gap of. */
  what: string;
  /** Official wording is French; a title is the student's own. */
  official: boolean;
  action: string;
  href: string;
}

/** Requirements stand beside the blocks: every block names the same ones. */
export const isRequirement = ({ subject }: GateItem) => subject.kind === 'requirement';

export const passes = (gate: BlockGate) => gate.items.every(({ severity }) => severity === 'warns');

export function gateLine(
  { gap, subject }: GateItem,
  enrolment: string,
  certification: Certification,
  { titles, drafts }: Pick<Gate, 'titles' | 'drafts'>,
): GateLine {
  const line = { gap: gap === 'evidence_draft' ? r.deposit.evidenceDraft : t.gaps[gap], action: r.deposit.actions[gap] };
  switch (subject.kind) {
    case 'competency': {
      const { competency } = subject;
      const draft = gap === 'evidence_not_submitted' ? drafts[competency] : undefined;
      const href = draft
        ? paths.evidence(draft)
        : gap === 'no_evidence'
          ? paths.newEvidence(enrolment, { competency })
          : paths.competency(enrolment, competency);
      return { ...line, key: `${gap} ${competency}`, what: short(textOf(certification, competency)), official: true, href };
    }
    case 'modality': {
      const { modality } = subject;
      const found = modalitiesOf(certification).find((one) => one.modality.key === modality);
      const what = found?.modality.deliverables.map(({ label }) => label).join(', ') ?? modality;
      return { ...line, key: `${gap} ${modality}`, what, official: true, href: paths.newEvidence(enrolment, { modality }) };
    }
    case 'evidence': {
      const id = subject.evidence_id;
      return { ...line, key: id, what: titles[id] ?? t.evidence.one, official: false, href: paths.evidence(id) };
    }
    case 'requirement': {
      const { requirement } = subject;
      const what = certification.requirements.find(({ key }) => key === requirement)?.label ?? requirement;
      return { ...line, key: requirement, what, official: true, href: paths.newEvidence(enrolment, { requirement }) };
    }
  }
}
