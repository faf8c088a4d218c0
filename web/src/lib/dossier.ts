// A frozen dossier, arranged as it is read: block by block, competency by competency.
import type {
  Assessment,
  AssessorKind,
  Block,
  BlockGate,
  BlockProgress,
  Certification,
  Competency,
  CompetencyProgress,
  Criterion,
  FrozenDossier,
  FrozenEvidence,
  Rating,
  View,
} from '../api/types';
import { assessedIn, competencyOf, criteriaOf } from './certification';

/** Who assesses, in the order in which they stand side by side. */
export const sides = ['self', 'company', 'school'] as const satisfies readonly AssessorKind[];
export type Side = (typeof sides)[number];

/** What one kind of assessor said last of a competency, in the words of the grid that it was said on. */
export interface SignedView {
  view: View;
  assessment: Assessment;
  rating: Rating;
  certification: Certification;
}

export interface ShownEvidence {
  evidence: FrozenEvidence;
  /** The student's own reasons, for this competency. */
  justification: string;
}

export interface ReadCompetency {
  /** Names its place in the page. */
  id: string;
  block: Block;
  competency: Competency;
  criteria: Criterion[];
  state: CompetencyProgress;
  views: Partial<Record<Side, SignedView>>;
  evidence: ShownEvidence[];
}

export interface ReadBlock {
  id: string;
  block: Block;
  state: BlockProgress;
  gate: BlockGate | undefined;
  presented: boolean;
  /** None where the block is not presented. */
  competencies: ReadCompetency[];
}

export interface ReadDossier {
  dossier: FrozenDossier;
  blocks: ReadBlock[];
  /** In the presented blocks, in their order. */
  divergences: ReadCompetency[];
  /** Number of each evidence, 1 for the first that was handed in. */
  numbers: Map<string, number>;
  byId: Map<string, FrozenEvidence>;
}

export function arrange(dossier: FrozenDossier): ReadDossier {
  const { certification, evidence } = dossier;
  const byId = new Map(evidence.map((one) => [one.id, one]));
  const numbers = new Map(evidence.map((one, index) => [one.id, index + 1]));
  const assessments = new Map(dossier.assessments.map((one) => [one.id, one]));
  const grids = new Map(dossier.older_grids.map((one) => [one.number, one.certification]));
  const shown = new Map<string, ShownEvidence[]>();
  for (const one of evidence) {
    for (const { competency, justification } of one.competencies) {
      const others = shown.get(competency);
      if (others) others.push({ evidence: one, justification });
      else shown.set(competency, [{ evidence: one, justification }]);
    }
  }

  function signed(view: View, key: string): SignedView | undefined {
    const assessment = assessments.get(view.assessment_id);
    const rating = assessment?.ratings.find(({ competency }) => competency === key);
    if (!assessment || !rating) return undefined;
    return { view, assessment, rating, certification: grids.get(assessment.grid) ?? certification };
  }

  const blocks = certification.blocks.flatMap((block, at) => {
    const state = dossier.progress.blocks.find(({ code }) => code === block.code);
    if (!state) return [];
    const id = `bloc-${at + 1}`;
    const presented = dossier.blocks.includes(block.code);
    const states = [...state.competencies, ...state.transversal];
    const competencies = (presented ? assessedIn(block) : []).flatMap((key, place) => {
      const competency = competencyOf(certification, key);
      const own = states.find((one) => one.competency === key);
      if (!competency || !own) return [];
      const views = own.views.flatMap((view) => {
        const found = signed(view, key);
        return found ? [[view.assessor, found] as const] : [];
      });
      return {
        id: `${id}-${place + 1}`,
        block,
        competency,
        criteria: criteriaOf(competency),
        state: own,
        views: Object.fromEntries(views) as ReadCompetency['views'],
        evidence: shown.get(key) ?? [],
      };
    });
    // What the company and the school do not agree on comes first; the rest keeps the certification's order.
    competencies.sort((one, other) => Number(other.state.divergent) - Number(one.state.divergent));
    const gate = dossier.gates.find((one) => one.block === block.code);
    return { id, block, state, gate, presented, competencies };
  });
  const divergences = blocks.flatMap(({ competencies }) => competencies.filter(({ state }) => state.divergent));
  return { dossier, blocks, divergences, numbers, byId };
}

/** What else an evidence shows, each competency at its first place: one may serve several blocks. */
export function alsoShown(read: ReadDossier, evidence: FrozenEvidence, competency: string | undefined): ReadCompetency[] {
  const first = new Map<string, ReadCompetency>();
  for (const one of read.blocks.flatMap(({ competencies }) => competencies)) {
    const { key } = one.competency;
    const shown = evidence.competencies.some((link) => link.competency === key);
    if (shown && key !== competency && !first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}
