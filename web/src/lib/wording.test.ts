import { describe, expect, it } from 'vitest';
import { blockNumber, plain, short } from './wording';

describe('short', () => {
  it('keeps the first clause of an official wording', () => {
    const text =
      'Réaliser une étude de faisabilité du projet de développement logiciel, en analysant l’ensemble des éléments organisationnels, techniques et financiers , afin de déterminer les moyens';
    expect(short(text)).toBe('Réaliser une étude de faisabilité du projet de développement logiciel…');
  });

  it('leaves a short wording whole, without its final full stop', () => {
    expect(short('Constituer l’équipe du projet.')).toBe('Constituer l’équipe du projet');
  });

  it('cuts between words when the clause is too long', () => {
    const cut = short('mot '.repeat(60), 20);
    expect(cut).toBe('mot mot mot mot mot…');
  });
});

it('reads the number of a block in its code', () => {
  expect(blockNumber('RNCP38822BC02')).toBe('2');
  expect(blockNumber('BC10')).toBe('10');
  expect(blockNumber('bloc-3')).toBe('3');
  expect(blockNumber('Gestion')).toBe('Gestion');
});

it('searches without accents or case', () => {
  expect(plain('Évaluée À l’école')).toBe('evaluee a l’ecole');
});
