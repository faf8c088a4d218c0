import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import * as api from '../api/endpoints';
import type { Certification, Grid, GridContent } from '../api/types';
import { GridDraft } from './gridDraft.svelte';
import { kept } from './kept';

vi.mock('../api/endpoints');

const level = (key: string) => ({ key, label: key, description: null });

const content = (): GridContent => ({
  levels: [level('low'), level('middle'), level('high')],
  required_level: 'middle',
  assessors: 'any_tutor',
  competencies: [
    {
      competency: 'a',
      criteria: [
        { key: '1', text: 'Un', weight: null, descriptors: { middle: 'Bien' } },
        { key: '2', text: 'Deux', weight: null, descriptors: {} },
      ],
    },
  ],
  required: [{ block: 'B', competency: 'a', level: null, by_profile: { expert: 'middle' } }],
  mappings: [],
});

const grid = (version: number) => ({ id: 'g', version, content: content() }) as unknown as Grid;
const draft = () => new GridDraft(grid(1), {} as Certification);

beforeEach(() => {
  vi.mocked(api.saveGrid).mockImplementation(async (_, version, body) => ({ ...grid(version + 1), content: body }));
});

afterEach(() => {
  sessionStorage.clear();
  vi.resetAllMocks();
});

it('gives what stood on a level to its neighbour, and drops its descriptors', () => {
  const one = draft();
  one.removeLevel(1);
  expect(one.content.required_level).toBe('low');
  expect(one.content.required[0]!.by_profile).toEqual({ expert: 'low' });
  expect(one.content.competencies[0]!.criteria[0]!.descriptors).toEqual({});
  one.removeLevel(0);
  expect(one.content.required_level).toBe('high');
});

it('keeps no requirement that says nothing', () => {
  const one = draft();
  one.require('B', 'a', 'high', null);
  expect(one.required('B', 'a')).toMatchObject({ level: 'high', by_profile: { expert: 'middle' } });
  one.require('B', 'a', '', 'expert');
  one.require('B', 'a', '', null);
  expect(one.content.required).toEqual([]);
});

it('takes the required level of a competency away with its block', () => {
  const one = draft();
  one.map('c', 'B', true);
  one.require('B', 'c', 'high', null);
  one.map('c', 'B', false);
  expect(one.content.mappings).toEqual([]);
  expect(one.required('B', 'c')).toBeUndefined();
});

it('moves a criterion, and gives a new one a key of its own', () => {
  const one = draft();
  one.setWeighted(0, true);
  one.addCriterion(0);
  one.move(0, 2, -1);
  const { criteria } = one.content.competencies[0]!;
  expect(criteria.map(({ text }) => text)).toEqual(['Un', '', 'Deux']);
  expect(new Set(criteria.map(({ key }) => key)).size).toBe(3);
  expect(criteria.map(({ weight }) => weight)).toEqual([1, 1, 1]);
});

it('keeps what is not saved yet on the device until the server has it', async () => {
  const one = draft();
  one.content.required_level = 'high';
  one.watch();
  one.stop();
  await one.save();
  expect(api.saveGrid).toHaveBeenCalledTimes(1);
  expect(one.state).toBe('saved');
  expect(kept('grid.g')).toBeUndefined();
});

it('names the fields that the server refuses, and stops at a conflict', async () => {
  const one = draft();
  one.content.levels[0]!.label = 'middle';
  const fields = [{ field: 'levels[1].label', code: 'repeated', detail: 'Deux niveaux ont le même nom.' }];
  vi.mocked(api.saveGrid).mockRejectedValueOnce(new ApiError(422, { code: 'invalid', fields }));
  await expect(one.save()).rejects.toThrow();
  expect(one.state).toBe('refused');
  expect(one.problems).toEqual({ 'levels[1].label': 'Deux niveaux ont le même nom.' });

  vi.mocked(api.saveGrid).mockRejectedValueOnce(new ApiError(412, { code: 'stale_version' }));
  await expect(one.save()).rejects.toThrow();
  expect(one.state).toBe('conflict');
  vi.mocked(api.grid).mockResolvedValue(grid(4));
  await one.keepMine();
  expect(vi.mocked(api.saveGrid).mock.lastCall![1]).toBe(4);
  expect(one.content.levels[0]!.label).toBe('middle');
});
