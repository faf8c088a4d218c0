import { expect, it } from 'vitest';
import type { OpeningCheck, RuleCheck } from '../api/types';
import { ruleWords, slots, unsettled } from './juries';

const rule = (rule: RuleCheck['rule'], met = false): RuleCheck => ({ rule, met, members: [] });

it('says a rule with its figures', () => {
  for (const [check, words] of [
    [rule({ kind: 'external', need: 3, have: 3 }, true), '3 membres extérieurs siègent ; il en faut au moins 3'],
    [rule({ kind: 'employers', need: 1, have: 0 }), 'Aucun employeur ne siège ; il en faut au moins 1'],
    [rule({ kind: 'size', need: 5, have: 1 }), '1 membre siège ; il en faut exactement 5'],
    // Not rounded up: 59.9 % is not 60 %.
    [
      rule({ kind: 'external_share', percent: 60, have: 599, of: 1000 }),
      '599 membres extérieurs siègent dans un jury de 1000, soit 59 % ; il en faut au moins 60 %',
    ],
    [
      rule({ kind: 'other_professionals', need: 3, have: 2 }),
      '2 professionnels siègent, présidence non comprise ; il en faut au moins 3',
    ],
    [
      rule({ kind: 'experience', years: 3, have: 2, of: 3 }),
      '2 professionnels sur 3 ont au moins 3 ans d’expérience ; chacun doit en avoir autant',
    ],
    [rule({ kind: 'seat', seat: 'Directeur', have: 0 }), 'Personne n’occupe la fonction « Directeur »'],
  ] as const) {
    expect(ruleWords(check)).toBe(words);
  }
});

it('counts everything that stands before the opening', () => {
  const conflict = { member: 'm', candidate: 'c', ground: 'tutor', detail: null, severity: 'blocks', recused: false } as const;
  const check: OpeningCheck = {
    basis: 'rule',
    obstacles: ['no_statement'],
    rules: [rule({ kind: 'chair', have: 0 }), rule({ kind: 'size', need: 1, have: 1 }, true)],
    candidates: [
      {
        candidate: 'c',
        has_dossier: false,
        independence: [],
        conflicts: [conflict, { ...conflict, recused: true }, { ...conflict, severity: 'warns' }],
        rules: [rule({ kind: 'size', need: 1, have: 0 })],
      },
    ],
  };
  expect(unsettled(check)).toBe(5);
  expect(unsettled({ ...check, obstacles: [], rules: [], candidates: [] })).toBe(0);
});

it('hears candidates one after another, breaks included', () => {
  const turn = { pause: 0, presentation: 20, interview: 20 };
  const times = slots('2027-06-14T07:00:00.000Z', [turn, { ...turn, pause: 15 }, { ...turn, presentation: null }]);
  expect(times.map(({ starts }) => starts.slice(11, 16))).toEqual(['07:00', '07:55', '08:35']);
  expect(times[2]!.ends.slice(11, 16)).toBe('08:55');
});
