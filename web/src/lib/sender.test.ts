import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import * as api from '../api/endpoints';
import type { Evidence, EvidenceInput, FileInfo, Me } from '../api/types';
import { uploadFile } from '../api/upload';
import { clearDevice, filesOf, itemOf, itemsOf, putFile, sentOf, writeItem, type Item } from './device';
import { blank, toSend } from './evidence';
import { sendAll } from './sender';

vi.mock('../api/endpoints');
vi.mock('../api/upload');

const lost = () => new ApiError(0, {});
const refused = (status: number, code: string) => new ApiError(status, { code, detail: 'Non.' });

/** A server that keeps what it is given, once for each key. */
const kept = new Map<string, Evidence>();
const made = new Map<string, string>();
const files: string[] = [];
const calls: string[] = [];

const text = (title: string): EvidenceInput => toSend({ ...blank(), title });

function evidence(id: string, content: EvidenceInput, rest: Partial<Evidence> = {}): Evidence {
  const row = { id, version: 1, status: 'draft', files: [], ...content, ...rest } as unknown as Evidence;
  kept.set(id, row);
  return row;
}

function waits(id: string, change: Partial<Item>, at = id): Promise<boolean> {
  const item: Item = {
    id,
    user: 'lea',
    enrolment: 'course',
    evidence: null,
    version: null,
    base: null,
    typed: null,
    saved: null,
    creation: null,
    submit: false,
    at,
    refusal: null,
  };
  return writeItem(item, (now) => ({ ...now, ...change }));
}

const withFile = (item: string, key: string) =>
  putFile({ key, item, at: key, name: `${key}.png`, size: 1, content: new Blob(['x']), refusal: null });

const at = (id: string, version: number): Evidence => {
  const row = kept.get(id)!;
  if (row.version !== version) throw refused(412, 'stale_version');
  return row;
};

beforeEach(() => {
  vi.mocked(api.meNow).mockResolvedValue({ user: { id: 'lea' } } as Me);
  vi.mocked(api.createEvidence).mockImplementation(async (_, body, key) => {
    calls.push(`create ${key}`);
    const id = made.get(key) ?? `e-${key}`;
    made.set(key, id);
    return kept.get(id) ?? evidence(id, body);
  });
  vi.mocked(api.saveEvidence).mockImplementation(async (id, version, body) => {
    calls.push(`save ${id}`);
    return evidence(id, body, { version: at(id, version).version + 1 });
  });
  vi.mocked(api.submitEvidence).mockImplementation(async (id, version) => {
    calls.push(`submit ${id}`);
    const row = at(id, version);
    return evidence(id, row, { version: version + 1, status: 'submitted' });
  });
  vi.mocked(api.evidenceNow).mockImplementation(async (id) => kept.get(id)!);
  vi.mocked(uploadFile).mockImplementation(async (id, _, key) => {
    calls.push(`upload ${key} to ${id}`);
    files.push(key);
    return [{ id: key }] as FileInfo[];
  });
});

afterEach(async () => {
  await clearDevice('lea');
  await clearDevice('tom');
  kept.clear();
  made.clear();
  files.length = calls.length = 0;
  vi.resetAllMocks();
});

it('sends in the order in which things were saved: the text, the files, then the submission', async () => {
  await waits('b', { saved: text('Second') }, '2');
  await waits('a', { saved: text('First'), submit: true }, '1');
  await withFile('a', 'photo-1');
  await withFile('a', 'photo-2');
  expect(await sendAll()).toEqual({ sent: 2, later: false });
  expect(calls).toEqual(['create a', 'upload photo-1 to e-a', 'upload photo-2 to e-a', 'submit e-a', 'create b']);
  expect(await itemsOf('lea')).toEqual([]);
  expect((await sentOf('a'))!.evidence.status).toBe('submitted');
});

it('leaves what is still being typed, and what others have written', async () => {
  await waits('typed', { typed: text('Not yet') });
  await waits('theirs', { user: 'tom', saved: text('Tom’s') });
  expect(await sendAll()).toEqual({ sent: 0, later: false });
  expect(calls).toEqual([]);
  expect(await itemOf('theirs')).toBeDefined();
});

it('sends nothing for somebody else than the server knows', async () => {
  await waits('a', { saved: text('Léa’s') });
  vi.mocked(api.meNow).mockResolvedValue({ user: { id: 'tom' } } as Me);
  await sendAll();
  expect(calls).toEqual([]);
});

it('tries again what the network has cut off, with the same key and the same body', async () => {
  await waits('a', { saved: text('First') });
  vi.mocked(api.createEvidence).mockImplementationOnce(async (_, body, key) => {
    made.set(key, `e-${key}`);
    evidence(`e-${key}`, body);
    throw lost();
  });
  expect(await sendAll()).toEqual({ sent: 0, later: true });
  // It is changed before the answer is known: the creation stays what it was, the change follows.
  await waits('a', { saved: text('Changed') });
  expect(await sendAll()).toEqual({ sent: 1, later: false });
  const bodies = vi.mocked(api.createEvidence).mock.calls.map(([, body]) => body.title);
  expect(bodies).toEqual(['First', 'First']);
  expect([...kept.values()].map(({ title }) => title)).toEqual(['Changed']);
});

it('does not overwrite what was changed elsewhere after a creation whose answer was lost', async () => {
  await waits('a', { saved: text('First'), creation: text('First') });
  made.set('a', 'e-a');
  evidence('e-a', text('Elsewhere'), { version: 2 });
  await waits('a', { saved: text('Changed') });
  await sendAll();
  expect((await itemOf('a'))!.refusal).toMatchObject({ status: 412 });
  expect(kept.get('e-a')!.title).toBe('Elsewhere');
});

it('says what is refused on the item, and goes on with the others', async () => {
  await waits('a', { saved: text('Bad') }, '1');
  await waits('b', { saved: text('Good') }, '2');
  vi.mocked(api.createEvidence).mockRejectedValueOnce(refused(422, 'invalid'));
  expect(await sendAll()).toEqual({ sent: 1, later: false });
  expect(await itemOf('a')).toMatchObject({ refusal: { status: 422, code: 'invalid', detail: 'Non.' }, creation: null });
  // It is not asked for again by itself.
  calls.length = 0;
  await sendAll();
  expect(calls).toEqual([]);
});

it('goes on with the others when one is cut off', async () => {
  await waits('a', { saved: text('Heavy') }, '1');
  await withFile('a', 'video');
  await waits('b', { saved: text('Light') }, '2');
  vi.mocked(uploadFile).mockRejectedValueOnce(lost());
  expect(await sendAll()).toEqual({ sent: 1, later: true });
  expect(await sentOf('b')).toBeDefined();
  expect(await sendAll()).toEqual({ sent: 1, later: false });
  expect(files).toEqual(['video']);
});

it('keeps a refused file back with the submission, and sends the other files', async () => {
  await waits('a', { saved: text('Files'), submit: true });
  await withFile('a', 'heavy');
  await withFile('a', 'light');
  vi.mocked(uploadFile).mockRejectedValueOnce(refused(413, 'file_too_large'));
  await sendAll();
  expect((await filesOf('a')).map(({ key, refusal }) => [key, refusal?.code])).toEqual([['heavy', 'file_too_large']]);
  expect(calls).toEqual(['create a', 'upload light to e-a']);
});

it('takes a change whose answer was lost for done, and a version that moved without the text for the same', async () => {
  evidence('e', text('After'), { version: 5 });
  await waits('e', { evidence: 'e', version: 4, base: text('Before'), saved: text('After') });
  expect(await sendAll()).toMatchObject({ sent: 1 });
  await waits('e', { evidence: 'e', version: 3, base: text('After'), saved: text('Newest') });
  expect(await sendAll()).toMatchObject({ sent: 1 });
  expect(kept.get('e')).toMatchObject({ title: 'Newest', version: 6 });
});

it('overwrites nothing that somebody else has changed', async () => {
  evidence('e', text('Theirs'), { version: 2 });
  await waits('e', { evidence: 'e', version: 1, base: text('Before'), saved: text('Mine') });
  await sendAll();
  expect(kept.get('e')!.title).toBe('Theirs');
  expect(await itemOf('e')).toMatchObject({ saved: { title: 'Mine' }, refusal: { code: 'stale_version' } });
});

it('submits once, even when the answer was lost', async () => {
  evidence('e', text('Done'), { version: 2, status: 'submitted' });
  await waits('e', { evidence: 'e', version: 1, base: text('Done'), submit: true });
  expect(await sendAll()).toEqual({ sent: 1, later: false });
  expect(kept.get('e')!.version).toBe(2);
});

it('hands in again what was asked to be while it was being handed in', async () => {
  evidence('e', text('First'));
  await waits('e', { evidence: 'e', version: 1, base: text('First'), submit: true });
  vi.mocked(api.submitEvidence).mockImplementationOnce(async (id, version) => {
    await waits('e', { saved: text('Newest'), submit: true });
    return evidence(id, at(id, version), { version: version + 1, status: 'submitted' });
  });
  await sendAll();
  expect(await itemOf('e')).toMatchObject({ saved: { title: 'Newest' }, submit: true });
});

it('keeps what is typed while it is being sent', async () => {
  await waits('a', { saved: text('Saved'), typed: text('Typed since') });
  expect(await sendAll()).toMatchObject({ sent: 1 });
  expect(await itemOf('a')).toMatchObject({ evidence: 'e-a', saved: null, typed: { title: 'Typed since' } });
});

it('stops at an ended session and loses nothing', async () => {
  await waits('a', { saved: text('Waits') });
  vi.mocked(api.meNow).mockRejectedValue(refused(401, 'session_expired'));
  expect(await sendAll()).toEqual({ sent: 0, later: false });
  expect(await itemOf('a')).toMatchObject({ saved: { title: 'Waits' }, refusal: null });
});

it('leaves to others what is theirs when somebody signs out', async () => {
  await waits('a', { saved: text('Léa’s') });
  await waits('t', { user: 'tom', saved: text('Tom’s') });
  await withFile('a', 'a-photo');
  await withFile('t', 't-photo');
  await clearDevice('lea');
  expect([await itemOf('a'), (await filesOf('a')).length]).toEqual([undefined, 0]);
  expect([(await itemOf('t'))!.id, (await filesOf('t')).length]).toEqual(['t', 1]);
});
