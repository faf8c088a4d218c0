import { describe, expect, it } from 'vitest';
import type { DossierInfo } from '../api/types';
import { takenBack, waitsForJury } from './deposit';

const dossier = (number: number, status: string, ...blocks: string[]) => ({ number, status, blocks }) as DossierInfo;

describe('the dossiers of a student', () => {
  it('say which blocks a jury has to read', () => {
    const dossiers = [dossier(3, 'deposited', 'B3'), dossier(2, 'reopened', 'B2'), dossier(1, 'presented', 'B1')];
    const numbers = ['B1', 'B2', 'B3', 'B4'].map((block) => waitsForJury(dossiers, block)?.number);
    expect(numbers).toEqual([1, undefined, 3, undefined]);
  });

  it('let the next deposit start from the one that was taken back', () => {
    const back = dossier(2, 'reopened', 'B1');
    expect(takenBack([])).toBeUndefined();
    expect(takenBack([back, dossier(1, 'decided', 'B2')])).toBe(back);
    expect(takenBack([dossier(3, 'deposited', 'B1'), back])).toBeUndefined();
    expect(takenBack([back, dossier(1, 'deposited', 'B1')])).toBeUndefined();
  });
});
