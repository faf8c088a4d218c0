import { expect, it } from 'vitest';
import type { CompetencyProgress, Gap, Progress } from '../api/types';
import { firstGap, nextSteps } from './progress';

const tally = { total: 2, acquired: 0, assessed: 0, evidenced: 0, untouched: 2, divergent: 0, self_assessed: 0, older_grid: 0 };

const competency = (key: string, ...gaps: Gap[]): CompetencyProgress => ({
  competency: key,
  status: 'untouched',
  required_level: 'acquis',
  evidence: { draft: 0, submitted: 0, accepted: 0, returned: 0 },
  views: [],
  divergent: false,
  gaps,
});

const progress: Progress = {
  enrolment_id: 'e',
  total: tally,
  outside: [],
  requirements: [],
  blocks: [
    {
      code: 'BC01',
      title: 'Concevoir',
      tally,
      competencies: [
        competency('a', 'no_evidence', 'never_assessed_by_tutor'),
        competency('b', 'never_assessed_by_tutor'),
        competency('c', 'below_required_level'),
      ],
      transversal: [],
      deliverables: [],
      missing_deliverables: [],
      gaps: [],
    },
  ],
};

it('names one thing at a time for a competency', () => {
  expect(firstGap(competency('a', 'never_assessed_by_tutor', 'no_evidence'))).toBe('no_evidence');
  expect(firstGap(competency('a'))).toBeUndefined();
});

it('puts what the student can do before what they wait for', () => {
  const words = nextSteps('e', progress, true).map(({ what }) => what);
  expect(words).toEqual([
    '1 compétence sous le niveau requis',
    '1 compétence sans preuve',
    '1 compétence jamais évaluée par un tuteur',
  ]);
});

it('leads a student to the form and a reader to the block', () => {
  const href = (mine: boolean) => nextSteps('e', progress, mine)[1]!.href;
  expect(href(true)).toBe('/parcours/e/preuves/nouvelle?competency=a');
  expect(href(false)).toBe('/parcours/e/blocs/BC01');
});
