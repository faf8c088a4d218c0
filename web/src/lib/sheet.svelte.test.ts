import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import * as api from '../api/endpoints';
import type { Assessment, AssessmentInput, Block, Certification } from '../api/types';
import { kept } from './kept';
import { Sheet } from './sheet.svelte';

vi.mock('../api/endpoints');

const certification = {
  levels: ['low', 'high', 'acquis', 'basic', 'good'].map((key) => ({ key, label: key, description: null })),
  competencies: [
    {
      key: 'a',
      code: null,
      kind: 'specific',
      text: 'Concevoir',
      criteria: [
        { key: 'a1', text: '' },
        { key: 'a2', text: '' },
      ],
    },
    { key: 'b', code: null, kind: 'specific', text: 'Réaliser', criteria: [] },
  ],
} as unknown as Certification;
const block = {
  code: 'BC01',
  competencies: [{ competency: 'a' }, { competency: 'b' }],
  transversal: [],
} as unknown as Block;

const answer = (body: AssessmentInput, version: number) => ({ ...body, id: 'id', version }) as unknown as Assessment;

const sheet = (draft?: Assessment) => new Sheet('e', certification, block, 'school', draft);

beforeEach(() => {
  vi.mocked(api.createAssessment).mockImplementation(async (_, body) => answer(body, 1));
});

afterEach(() => {
  sessionStorage.clear();
  vi.resetAllMocks();
});

it('has a line for every criterion and chooses no level', () => {
  const lines = sheet().content.ratings.map(({ competency, criteria }) => [
    competency,
    criteria.map((one) => one.level),
  ]);
  expect(lines).toEqual([
    ['a', [null, null]],
    ['b', [null]],
  ]);
});

it('sends only what has been begun, first as a new draft, then under its version', async () => {
  vi.mocked(api.saveAssessment).mockImplementation(async (_, version, body) =>
    answer(body as AssessmentInput, version + 1),
  );
  const filled = sheet();
  filled.content.ratings[0]!.criteria[0]!.level = 'acquis';
  await filled.save();
  expect(vi.mocked(api.createAssessment).mock.calls[0]![1].ratings.map(({ competency }) => competency)).toEqual(['a']);
  filled.content.comment = 'Bien';
  await filled.save();
  expect(vi.mocked(api.saveAssessment).mock.calls[0]!.slice(0, 2)).toEqual(['id', 1]);
});

it('keeps on the device what the server does not have yet', async () => {
  vi.mocked(api.createAssessment).mockRejectedValue(new Error('offline'));
  const filled = sheet();
  filled.content.ratings[1]!.criteria[0]!.level = 'acquis';
  filled.watch();
  await filled.save().catch(() => {});
  expect(filled.state).toBe('failed');
  expect(kept('assessment.e.BC01.school')).toBeDefined();
  expect(sheet().content.ratings[1]!.criteria[0]!.level).toBe('acquis');
});

it('goes on with the draft of the server after a reload in the middle of its first save', async () => {
  vi.mocked(api.createAssessment).mockRejectedValue(new Error('lost answer'));
  const filled = sheet();
  filled.content.comment = 'Bien';
  filled.watch();
  await filled.save().catch(() => {});
  const again = sheet();
  again.watch();
  await again.save().catch(() => {});
  const keys = vi.mocked(api.createAssessment).mock.calls.map(([, , key]) => key);
  expect(keys[1]).toBe(keys[0]);

  const draft = answer({ ...filled.toSend(), comment: '' }, 3);
  vi.mocked(api.saveAssessment).mockResolvedValue(draft);
  await sheet(draft).save();
  expect(vi.mocked(api.saveAssessment).mock.calls[0]!.slice(0, 2)).toEqual(['id', 3]);
});

it('says why a draft cannot be saved, and makes a new one of what another tab has signed', async () => {
  const filled = sheet();
  filled.content.comment = 'Bien';
  await filled.save();
  vi.mocked(api.saveAssessment).mockRejectedValue(new ApiError(409, { code: 'assessment_signed' }));
  filled.content.comment = 'Très bien';
  await filled.save().catch(() => {});
  expect([filled.state, filled.conflict]).toEqual(['conflict', 'assessment_signed']);

  const signed = { ...answer(filled.toSend(), 2), status: 'signed' } as Assessment;
  vi.mocked(api.assessments).mockResolvedValue([signed]);
  await filled.keepMine();
  expect(vi.mocked(api.createAssessment).mock.calls.at(-1)![1].comment).toBe('Très bien');
});
