import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import * as api from '../api/endpoints';
import type { Evidence, FileInfo, Instance, Me } from '../api/types';
import { uploadFile } from '../api/upload';
import type { Course } from './certification';
import { changeItem, clearDevice, closeItem, itemOf, itemsOf, writeItem, type Item } from './device';
import { Draft } from './draft.svelte';
import { blank } from './evidence';
import { blankItem } from './item';
import { sendWaiting, tell } from './outbox.svelte';
import { enter, leave } from './session.svelte';

vi.mock('../api/endpoints');
vi.mock('../api/upload');

const lea = { user: { id: 'lea' }, enrolments: [{}] } as unknown as Me;
const calls: string[] = [];
const made = (version: number, rest: object = {}) =>
  ({ id: 'e', version, status: 'draft', files: [], ...blank(), title: 'Chantier', ...rest }) as unknown as Evidence;

const open = (evidence?: Evidence, item?: Item) =>
  new Draft({
    instance: { max_file_bytes: 1000, max_files_per_evidence: 3 } as Instance,
    course: { enrolment: { id: 'course' }, certification: { requirements: [] } } as unknown as Course,
    evidence,
    item,
    about: new URLSearchParams(),
  });

beforeEach(async () => {
  vi.mocked(api.meNow).mockResolvedValue(lea);
  vi.mocked(api.createEvidence).mockImplementation(async (_, body, key) => {
    calls.push(`create ${body.title} as ${key}`);
    return made(1);
  });
  vi.mocked(api.saveEvidence).mockImplementation(async (id, version) => {
    calls.push(`save ${id} ${version}`);
    return made(version + 1);
  });
  vi.mocked(api.evidenceNow).mockImplementation(async () => made(2));
  vi.mocked(api.submitEvidence).mockImplementation(async (id, version) => {
    calls.push(`submit ${id} ${version}`);
    return made(version + 1, { status: 'submitted' });
  });
  vi.mocked(uploadFile).mockImplementation(async (id, { name }) => {
    calls.push(`upload ${name} to ${id}`);
    return [{ id: name, name }] as FileInfo[];
  });
  await enter();
});

afterEach(() => {
  leave();
  calls.length = 0;
  sessionStorage.clear();
  vi.restoreAllMocks();
});

function fullDevice() {
  const refuse = () => {
    throw new DOMException('', 'QuotaExceededError');
  };
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(refuse);
}

it('goes straight to the server where the device keeps nothing', async () => {
  fullDevice();
  const draft = open();
  draft.content.title = 'Chantier';
  await draft.keep();
  expect(draft.failure).not.toBe('');
  await draft.add([new File(['x'], 'photo.png')]);
  expect(draft.files.map(({ name }) => name)).toEqual(['photo.png']);

  expect(await draft.save(true)).toBe('sent');
  expect(calls).toEqual([`create Chantier as ${draft.id}`, 'upload photo.png to e', 'submit e 2']);
  expect([draft.files, draft.dirty, draft.evidence?.status]).toEqual([[], false, 'submitted']);
  expect(draft.failure, 'it still says so').not.toBe('');
});

it('changes directly what the server has, and keeps on the page what it does not get', async () => {
  fullDevice();
  const draft = open(made(4));
  draft.content.title = 'Autre';
  vi.mocked(api.saveEvidence).mockRejectedValueOnce(new ApiError(0, {}));
  await expect(draft.save(false)).rejects.toMatchObject({ code: 'network' });
  expect([draft.content.title, draft.dirty]).toEqual(['Autre', true]);
  expect(await draft.save(false)).toBe('sent');
  expect(calls).toEqual(['save e 4']);
  expect(draft.dirty).toBe(false);
});

/** It was written on this device and has just left it. */
async function leaves(user: string, evidence: Evidence) {
  await writeItem({ ...blankItem('e', 'course', evidence), user }, (now) => ({ ...now, submit: true }));
  await changeItem('e', (now) => ({ ...now, submit: false }));
  await closeItem('e', evidence);
}

it('writes on what has left meanwhile', async () => {
  await leaves('lea', made(5));
  const draft = open(made(4));
  draft.content.title = 'Encore';
  await draft.keep();
  expect(await itemOf('e')).toMatchObject({ version: 5, typed: { title: 'Encore' } });
  draft.discard();
  await draft.keep();
  expect(await itemsOf('lea')).toEqual([]);
});

it('believes nothing that left before, or of somebody else', async () => {
  const draft = open(made(7));
  const stop = draft.follow();
  for (const [user, version] of [['lea', 6], ['tom', 9], ['lea', 8]] as const) {
    await leaves(user, made(version));
    tell({ kind: 'changed', item: 'e' });
    await vi.waitFor(() => expect(draft.evidence?.version).toBe(version === 8 ? 8 : 7));
  }
  stop();
});

/** Written and handed in without network, then opened again. */
async function handedInWithoutNetwork(): Promise<Draft> {
  vi.mocked(api.meNow).mockRejectedValue(new ApiError(0, {}));
  const first = open();
  first.content.title = 'Chantier';
  expect(await first.save(true)).toBe('waiting');
  return open(undefined, await itemOf(first.id));
}

it('hands in what was asked to be, whatever saves itself afterwards', async () => {
  const draft = await handedInWithoutNetwork();
  await draft.add([new File(['x'], 'photo.png'), new File(['x'], 'flou.png')]);
  await draft.sendFiles();
  await draft.drop(draft.files.find(({ name }) => name === 'flou.png')!);
  draft.content.text = 'Relu.';
  await draft.keep();
  await draft.save();
  expect(await itemOf(draft.id)).toMatchObject({ submit: true, saved: { text: 'Relu.' } });

  vi.mocked(api.meNow).mockResolvedValue(lea);
  await sendWaiting();
  expect(calls).toEqual([`create Chantier as ${draft.id}`, 'upload photo.png to e', 'submit e 1']);
});

it('is not handed in by what saves itself once that was refused', async () => {
  const draft = await handedInWithoutNetwork();
  await changeItem(draft.id, (now) => ({ ...now, refusal: { status: 422, code: 'invalid', detail: 'Non.', fields: [] } }));
  await draft.add([new File(['x'], 'photo.png')]);
  await draft.sendFiles();
  expect(await itemOf(draft.id)).toMatchObject({ submit: false, refusal: null });
  await clearDevice('lea');
});

it('waits for the files that the device could not keep before it is handed in', async () => {
  const draft = await handedInWithoutNetwork();
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('', 'QuotaExceededError');
  });
  await draft.add([new File(['x'], 'photo.png')]);
  put.mockRestore();
  vi.mocked(api.meNow).mockResolvedValue(lea);
  await draft.sendFiles();
  await sendWaiting();
  expect(calls.map((call) => call.split(' ')[0])).toEqual(['create', 'upload', 'submit']);
});

it('becomes a draft again when its writer says so', async () => {
  const draft = await handedInWithoutNetwork();
  await draft.save(false);
  expect(await itemOf(draft.id)).toMatchObject({ submit: false });
  await clearDevice('lea');
});
