import { describe, expect, it } from 'vitest';
import type { BlockTable, CandidateTable, NamedCompetency, Ruling } from '../api/types';
import { spelled, uncarried } from './deliberation';

const named = (key: string): NamedCompetency => ({ key, code: key, text: `Compétence ${key}` });
const ruling = (transversal: string[]): Ruling => ({ block: 'B', verdict: 'validated', missing: [], transversal, motive: '' });

function candidate(required: boolean, ...blocks: { asked: string[]; carried?: string[] }[]): CandidateTable {
  const tables = blocks.map(({ asked, carried }, index) => ({
    code: `B${index}`,
    transversal: asked.map(named),
    decision: carried && { said: ruling(carried), version: 1, updated_at: '' },
  }));
  return { matter: { transversal_required: required, blocks: tables } } as unknown as CandidateTable;
}

describe('transversal competencies that a session leaves open', () => {
  it.each([
    ['none is asked for', candidate(false, { asked: ['T1'] }), []],
    ['nothing is said before all is decided', candidate(true, { asked: ['T1'] }, { asked: ['T2'], carried: [] }), []],
    ['what no block carries is told', candidate(true, { asked: ['T1'], carried: [] }), ['T1']],
    ['one block is enough for each', candidate(true, { asked: ['T1', 'T2'], carried: ['T1'] }, { asked: ['T1'], carried: [] }), ['T2']],
    ['all are carried', candidate(true, { asked: ['T1'], carried: [] }, { asked: ['T1', 'T2'], carried: ['T1', 'T2'] }), []],
    ['who left the room sees nothing', { matter: null } as unknown as CandidateTable, []],
  ])('%s', (_, table, left) => {
    expect(uncarried(table).map(({ key }) => key)).toEqual(left);
  });

  it('are named in the block’s order, and their absence is known', () => {
    const block = { competencies: [named('C1')], transversal: [named('T1'), named('T2')] } as unknown as BlockTable;
    expect(spelled(block, ruling(['T2', 'T1']))).toMatchObject({ transversal: [named('T1'), named('T2')], choice: true });
    expect(spelled({ ...block, transversal: [] }, ruling([]))).toMatchObject({ transversal: [], choice: false });
  });
});
