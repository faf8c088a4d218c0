import { describe, expect, it } from 'vitest';
import type { Certification } from '../api/types';
import { gateLine, type GateItem } from './gate';

const certification = {
  competencies: [{ key: 'c1', code: 'C1', kind: 'specific', text: 'Concevoir', criteria: [] }],
  blocks: [],
  requirements: [{ key: 'abroad', label: 'Mobilité à l’étranger' }],
} as unknown as Certification;

describe('what a gate names', () => {
  const line = (item: object) =>
    gateLine({ severity: 'blocks', ...item } as GateItem, 'e1', certification, { titles: {}, drafts: { c1: 'p1' } });

  it('leads to the draft itself where evidence was not handed in', () => {
    const subject = { kind: 'competency', competency: 'c1' };
    expect(line({ gap: 'evidence_not_submitted', subject })).toMatchObject({ what: 'Concevoir', href: '/preuves/p1' });
    expect(line({ gap: 'only_self_assessed', subject }).href).toBe('/parcours/e1/competences/c1');
  });

  it('names the requirement that is not met', () => {
    const subject = { kind: 'requirement', requirement: 'abroad' };
    expect(line({ gap: 'requirement_unmet', subject }).what).toBe('Mobilité à l’étranger');
  });
});
