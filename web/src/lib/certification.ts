import * as api from '../api/endpoints';
import type { Block, Certification, Competency, Criterion, EffectiveCertification, Enrolment } from '../api/types';

/** An enrolment with the certification version it is pinned to, as the school's grid makes it. */
export interface Course {
  enrolment: Enrolment;
  certification: EffectiveCertification;
}

export async function readCourse(enrolmentId: string): Promise<Course> {
  const enrolment = await api.enrolment(enrolmentId);
  return { enrolment, certification: await api.enrolmentCertification(enrolment, enrolment.grid) };
}

/** The same under the grid that something was assessed on. */
export async function onGrid(course: Course, number: number): Promise<Course> {
  return { ...course, certification: await api.enrolmentCertification(course.enrolment, number) };
}

export const competencyOf = (certification: Certification, key: string): Competency | undefined =>
  certification.competencies.find((competency) => competency.key === key);

export const textOf = (certification: Certification, key: string): string =>
  competencyOf(certification, key)?.text ?? key;

/** A competency without criteria of its own is judged as a whole. */
export const criteriaOf = (competency: Competency): Criterion[] =>
  competency.criteria.length > 0
    ? competency.criteria
    : [{ key: competency.key, text: competency.text, weight: null, descriptors: {} }];

export const levelLabel = (certification: Certification, key: string): string =>
  certification.levels.find((level) => level.key === key)?.label ?? key;

/** The level that a competency must reach in a block, for a person of this profile. */
export function requiredLevelIn(certification: Certification, block: Block, key: string, profile: string | null): string {
  const unit = block.competencies.find(({ competency }) => competency === key);
  const own = profile === null ? undefined : unit?.required_by_profile[profile];
  return own ?? unit?.required_level ?? certification.required_level;
}

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
