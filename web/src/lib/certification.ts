import * as api from '../api/endpoints';
import type { Block, Certification, CertificationDetail, Competency, Enrolment } from '../api/types';

/** An enrolment with the certification version it is pinned to. */
export interface Course {
  enrolment: Enrolment;
  certification: CertificationDetail;
}

export async function readCourse(enrolmentId: string): Promise<Course> {
  const enrolment = await api.enrolment(enrolmentId);
  const { code, version } = enrolment.certification;
  return { enrolment, certification: await api.certification(code, version) };
}

export const competencyOf = (certification: Certification, key: string): Competency | undefined =>
  certification.competencies.find((competency) => competency.key === key);

export const textOf = (certification: Certification, key: string): string =>
  competencyOf(certification, key)?.text ?? key;

/** A competency without criteria of its own is judged as a whole. */
export const criteriaOf = (competency: Competency) =>
  competency.criteria.length > 0 ? competency.criteria : [{ key: competency.key, text: competency.text }];

export const levelLabel = (certification: Certification, key: string): string =>
  certification.levels.find((level) => level.key === key)?.label ?? key;

export const blockOf = (certification: Certification, code: string): Block | undefined =>
  certification.blocks.find((block) => block.code === code);

/** The keys that are assessed in a block: its own, then the transversal ones. */
export const assessedIn = (block: Block): string[] => [
  ...block.competencies.map(({ competency }) => competency),
  ...block.transversal,
];

export const blocksWith = (certification: Certification, key: string): Block[] =>
  certification.blocks.filter((block) => assessedIn(block).includes(key));

export interface Group {
  /** null: competencies that belong to no block */
  block: Block | null;
  competencies: Competency[];
}

/** Every competency, block by block; one that serves several blocks stands in each. */
export function groupsOf(certification: Certification): Group[] {
  const groups: Group[] = certification.blocks.map((block) => ({
    block,
    competencies: assessedIn(block).flatMap((key) => competencyOf(certification, key) ?? []),
  }));
  const placed = new Set(certification.blocks.flatMap(assessedIn));
  const outside = certification.competencies.filter(({ key }) => !placed.has(key));
  return outside.length > 0 ? [...groups, { block: null, competencies: outside }] : groups;
}

export function modalitiesOf(certification: Certification) {
  return certification.blocks.flatMap((block) => block.modalities.map((modality) => ({ block, modality })));
}
