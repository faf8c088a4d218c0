import { expect, it } from 'vitest';
import type { Certification, Competency, GridChanges, Rating } from '../api/types';
import { changesWords, gridName, positionWords, weightedPosition } from './grids';

const certification = { levels: ['low', 'middle', 'high'].map((key) => ({ key })) } as unknown as Certification;

const competency = (...weights: (number | null)[]) =>
  ({
    key: 'c',
    criteria: weights.map((weight, index) => ({ key: `${index}`, text: '', weight, descriptors: {} })),
  }) as unknown as Competency;

const rating = (...levels: (string | null)[]): Rating => ({
  competency: 'c',
  criteria: levels.map((level, index) => ({ criterion: `${index}`, level, comment: '' })),
});

it.each([
  [[1, 1], ['low', 'high'], 200],
  [[3, 1], ['low', 'high'], 150],
  [[1, 2], ['low', 'middle'], 167],
  [[1, null], ['low', 'high'], null],
  [[1, 1], ['low', null], null],
  [[null, null], ['low', 'high'], null],
])('weights %j at %j give %s', (weights, levels, expected) => {
  expect(weightedPosition(certification, competency(...weights), rating(...levels))).toBe(expected);
});

it('says a position as a place in the scale', () => {
  expect(positionWords(167)).toBe('position pondérée\u00a0: 1,67');
});

const nothing: GridChanges = {
  criteria_added: 0,
  criteria_removed: 0,
  criteria_reworded: 0,
  descriptors: 0,
  weights: 0,
  reordered: 0,
  levels: false,
  required_raised: 0,
  required_lowered: 0,
  required_changed: 0,
  assessors: false,
  mappings_added: 0,
  mappings_removed: 0,
};

it('says each change in words, and nothing of what stays', () => {
  expect(changesWords(nothing)).toEqual([]);
  expect(changesWords({ ...nothing, criteria_added: 3, required_raised: 2, assessors: true })).toEqual([
    '3 critères ajoutés',
    'niveau requis relevé pour 2 compétences',
    'règle des évaluateurs modifiée',
  ]);
});

it('names a grid by its number', () => {
  expect(gridName(0)).toBe('critères d’origine');
  expect(gridName(2)).toBe('grille n°\u00a02');
});
