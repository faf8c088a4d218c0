// What the pages of a deliberation share.
import { ApiError } from '../api/client';
import type { BlockTable, CandidateTable, Deliberation, NamedCompetency, RequirementTable, Ruling, RulingInput, Verdict, WaiverInput } from '../api/types';
import type { Version } from './spoken.svelte';

export const verdicts: Verdict[] = ['validated', 'partial', 'refused', 'postponed'];

/** A ruling as it is typed. */
export interface Typed {
  verdict: Verdict | '';
  missing: string[];
  transversal: string[];
  motive: string;
}

export const nothingTyped: Typed = { verdict: '', missing: [], transversal: [], motive: '' };

const typed = ({ verdict, missing, transversal, motive }: Ruling): Typed => ({ verdict, missing, transversal, motive });

/** What this member has proposed on a block. */
export function proposalOf(member: string): (block: BlockTable) => Version<Typed> | undefined {
  return ({ proposals }) => {
    const own = proposals.find(({ said }) => said.member === member);
    return own && { said: typed(own.said.ruling), version: own.version };
  };
}

export const decisionOn = ({ decision }: BlockTable): Version<Typed> | undefined =>
  decision ? { said: typed(decision.said), version: decision.version } : undefined;

/** What is sent: each outcome with what goes with it alone. */
export const rulingToSend = ({ verdict, missing, transversal, motive }: Typed): RulingInput => ({
  verdict: verdict as Verdict,
  missing: verdict === 'partial' ? missing : [],
  transversal: verdict === 'validated' ? transversal : [],
  motive,
});

/** A ruling in the block's own words, as `RulingText` shows it. */
export const spelled = (block: BlockTable, { verdict, missing, transversal, motive }: Ruling) => ({
  verdict,
  missing: named(block.competencies, missing),
  transversal: named(block.transversal, transversal),
  choice: block.transversal.length > 0,
  motive,
});

/** Transversal competencies that the certification asks for and that no block carries, once all are decided. */
export function uncarried({ matter }: CandidateTable): NamedCompetency[] {
  if (!matter?.transversal_required || matter.blocks.some(({ decision }) => !decision)) return [];
  const carried = matter.blocks.flatMap(({ decision }) => decision?.said.transversal ?? []);
  const asked = new Map(matter.blocks.flatMap(({ transversal }) => transversal.map((one) => [one.key, one] as const)));
  return [...asked.values()].filter(({ key }) => !carried.includes(key));
}

/** In the block's order; the server refuses a key that the block does not know. */
export const named = (competencies: NamedCompetency[], keys: string[]): NamedCompetency[] =>
  competencies.filter(({ key }) => keys.includes(key));

export const decidedBlocks = ({ matter }: CandidateTable): number =>
  matter?.blocks.filter(({ decision }) => decision).length ?? 0;

/** Blocks that the closing waits for, with their candidate. */
export const undecided = (deliberation: Deliberation) =>
  deliberation.candidates.flatMap((candidate) =>
    (candidate.matter?.blocks ?? []).filter(({ decision }) => !decision).map((block) => ({ candidate, block })),
  );

/** Fields are named within their form, of which a page has several. */
export function within(form: string, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.fields.length === 0) return error;
  const fields = error.fields.map((fault) => ({ ...fault, field: `${form}-${fault.field.replace(/\[\d+\]$/, '')}` }));
  return new ApiError(error.status, { code: error.code, detail: error.message, fields });
}

export const waiverOf = ({ waiver }: RequirementTable): Version<WaiverInput> | undefined => {
  if (!waiver) return undefined;
  const { motive, granted_by, accommodation, restricted_reason } = waiver.said;
  return { said: { motive, granted_by, accommodation: accommodation ?? false, restricted_reason: restricted_reason ?? null }, version: waiver.version };
};
