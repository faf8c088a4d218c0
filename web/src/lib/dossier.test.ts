import { describe, expect, it } from 'vitest';
import type { FrozenDossier } from '../api/types';
import { alsoShown, arrange } from './dossier';

const competency = (key: string) => ({ key, code: null, kind: 'specific', text: key, criteria: [] });
const block = (code: string, keys: string[], transversal: string[] = []) => ({
  code,
  title: code,
  competencies: keys.map((key) => ({ competency: key, required_level: null, required_by_profile: {} })),
  transversal,
  modalities: [],
  activities: [],
});
const certification = (label: string) => ({
  levels: [{ key: 'good', label, description: null }],
  required_level: 'good',
  competencies: ['alone', 'shared', 'team'].map(competency),
  blocks: [block('B1', ['alone', 'shared'], ['team']), block('B2', ['shared'])],
});
const view = (assessor: string, assessment_id: string) => ({ assessor, assessment_id, level: 'good', reached: true });
const state = (key: string, views: object[] = [], divergent = false) => ({ competency: key, views, divergent, gaps: [] });
const evidence = (id: string, ...keys: string[]) => ({
  id,
  title: id,
  competencies: keys.map((key) => ({ competency: key, justification: `${id} shows ${key}` })),
});
const assessment = (id: string, grid: number) => ({
  id,
  grid,
  ratings: [{ competency: 'alone', criteria: [{ criterion: 'alone', level: 'good', comment: '' }] }],
});

const dossier = (blocks: string[]) =>
  ({
    blocks,
    certification: certification('Bon'),
    grid: 2,
    older_grids: [{ number: 1, certification: certification('Bien') }],
    gates: [{ block: 'B1', items: [] }],
    progress: {
      blocks: [
        {
          code: 'B1',
          competencies: [state('alone', [view('company', 'a1'), view('school', 'a2'), view('self', 'lost')], true), state('shared')],
          transversal: [state('team')],
        },
        { code: 'B2', competencies: [state('shared', [], true)], transversal: [] },
      ],
    },
    evidence: [evidence('first', 'alone', 'shared'), evidence('second', 'shared')],
    assessments: [assessment('a1', 1), assessment('a2', 2)],
  }) as unknown as FrozenDossier;

describe('a dossier', () => {
  it('names what else an evidence shows once, though several blocks assess it', () => {
    const read = arrange(dossier(['B1', 'B2']));
    const shown = evidence('e', 'alone', 'shared') as unknown as FrozenDossier['evidence'][number];
    const ids = (competency?: string) => alsoShown(read, shown, competency).map(({ id }) => id);
    expect(ids('alone')).toEqual(['bloc-1-2']);
    expect(ids('shared')).toEqual(['bloc-1-1']);
    expect(ids()).toEqual(['bloc-1-1', 'bloc-1-2']);
  });

  it('is read block by block, with the transversal competencies last and everything that shows each', () => {
    const { blocks, numbers } = arrange(dossier(['B1', 'B2']));
    expect(blocks.map(({ block }) => block.code)).toEqual(['B1', 'B2']);
    expect(blocks[0]!.competencies.map(({ competency }) => competency.key)).toEqual(['alone', 'shared', 'team']);
    const shared = blocks.map(({ competencies }) => competencies.find((one) => one.competency.key === 'shared')!);
    for (const { evidence } of shared) expect(evidence.map((one) => one.evidence.id)).toEqual(['first', 'second']);
    expect(shared[0]!.evidence[0]!.justification).toBe('first shows shared');
    expect([...numbers]).toEqual([['first', 1], ['second', 2]]);
  });

  it('gives every place a name of its own', () => {
    const { blocks } = arrange(dossier(['B1', 'B2']));
    const ids = blocks.flatMap(({ id, competencies }) => [id, ...competencies.map((one) => one.id)]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads each view in the words of its own grid, and leaves out what it does not hold', () => {
    const { views } = arrange(dossier(['B1'])).blocks[0]!.competencies[0]!;
    expect(views.company!.certification.levels[0]!.label).toBe('Bien');
    expect(views.school!.certification.levels[0]!.label).toBe('Bon');
    expect(views.self).toBeUndefined();
  });

  it('has no competency of a block that is not presented, nor its divergences', () => {
    const read = arrange(dossier(['B1']));
    expect(read.blocks.map(({ presented, competencies }) => [presented, competencies.length])).toEqual([[true, 3], [false, 0]]);
    expect(read.divergences.map(({ competency }) => competency.key)).toEqual(['alone']);
    expect(arrange(dossier(['B1', 'B2'])).divergences).toHaveLength(2);
  });
});
