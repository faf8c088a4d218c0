import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as api from '../api/endpoints';
import type { Evidence, Me } from '../api/types';
import { clearDevice, filesOf, itemOf, itemsOf, putFile, writeItem } from './device';
import { blank } from './evidence';
import { asNew, blankItem, release } from './item';
import { enter, leave } from './session.svelte';

vi.mock('../api/endpoints');

const evidence = { id: 'e', version: 4, status: 'draft', files: [], ...blank(), title: 'Chantier' } as unknown as Evidence;
const refusal = { status: 409, code: 'not_editable', detail: 'Non.', fields: [] };

beforeEach(async () => {
  vi.mocked(api.meNow).mockResolvedValue({ user: { id: 'lea' }, enrolments: [{}] } as unknown as Me);
  await enter();
  await writeItem(blankItem('e', 'course', evidence), (item) => ({ ...item, saved: { ...blank(), title: 'Relu' }, refusal }));
  await putFile({ key: 'photo', item: 'e', at: '1', name: 'photo.png', size: 1, content: new Blob(['x']), refusal });
});

afterEach(async () => {
  await clearDevice('lea');
  leave();
});

it('lets what was refused leave again, and be handed in', async () => {
  expect(await release('e', { submit: true })).toBe(true);
  expect(await itemOf('e')).toMatchObject({ saved: { title: 'Relu' }, submit: true, refusal: null });
  expect(await filesOf('e')).toMatchObject([{ key: 'photo', refusal: null }]);
  expect(await release('elsewhere', { submit: true })).toBe(false);
});

it('begins a new evidence with all that was meant for another', async () => {
  const begun = (await asNew('e'))!;
  expect(await itemsOf('lea')).toMatchObject([
    { id: begun, enrolment: 'course', evidence: null, version: null, typed: { title: 'Relu' }, saved: null, submit: false, refusal: null },
  ]);
  expect(await filesOf('e')).toEqual([]);
  expect(await filesOf(begun)).toMatchObject([{ name: 'photo.png', refusal: null }]);
  expect((await filesOf(begun))[0]!.key, 'the server knows the other for the old address').not.toBe('photo');
});
