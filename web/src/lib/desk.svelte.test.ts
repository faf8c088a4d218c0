import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import * as juries from '../api/juries';
import type { Note, NoteContent, OwnLevel, OwnPapers } from '../api/types';
import { Desk } from './desk.svelte';

vi.mock('../api/juries');

const place = { block: 'B1', competency: 'alone' };
const onCandidate = { block: null, competency: null };
const criterion = { block: 'B1', competency: 'alone', criterion: 'c1' };

/** What the server has, as its tests say that it answers. */
let papers: OwnPapers;
let keys: Map<string, string>;

const stale = () => new ApiError(412, { code: 'stale_version' });
const copy = <T>(value: T): T => structuredClone(value);

function noteAt(id: string, version: number): Note {
  const note = papers.notes.find((one) => one.id === id);
  if (!note) throw new ApiError(404, { code: 'not_found' });
  if (note.version !== version) throw stale();
  return note;
}

function write(content: NoteContent): Note {
  const id = String(papers.notes.length + 1);
  const note = { ...content, id, version: 1, created_at: '', updated_at: '' };
  papers.notes.push(note);
  return note;
}

beforeEach(() => {
  papers = { notes: [], grid: { levels: [], version: 0 } };
  keys = new Map();
  vi.mocked(juries.ownPapers).mockImplementation(async () => copy(papers));
  vi.mocked(juries.writeNote).mockImplementation(async (_, __, body, key) => {
    const made = papers.notes.find(({ id }) => id === keys.get(key));
    if (made) return copy(made);
    const note = write(copy(body));
    keys.set(key, note.id);
    return copy(note);
  });
  vi.mocked(juries.rewriteNote).mockImplementation(async (_, __, id, version, body) =>
    copy(Object.assign(noteAt(id, version), copy(body), { version: version + 1 })),
  );
  vi.mocked(juries.deleteNote).mockImplementation(async (_, __, id, version) => {
    noteAt(id, version);
    papers.notes = papers.notes.filter((one) => one.id !== id);
  });
  vi.mocked(juries.setOwnGrid).mockImplementation(async (_, __, version, levels) => {
    if (papers.grid.version !== version) throw stale();
    papers.grid = { levels: copy(levels), version: version + 1 };
    return copy(papers.grid);
  });
});

afterEach(() => {
  sessionStorage.clear();
  vi.resetAllMocks();
});

const desk = () => new Desk('s', 'c', copy(papers));
const texts = () => papers.notes.map(({ text }) => text);

it('writes a note once and then over it', async () => {
  const one = desk();
  const sheet = one.add('question', place);
  one.type(sheet, 'Pourquoi ?');
  await one.save();
  one.type(sheet, 'Pourquoi cet outil ?');
  await one.save();
  expect(papers.notes).toMatchObject([{ kind: 'question', ...place, text: 'Pourquoi cet outil ?', version: 2 }]);
  expect(one.state).toBe('saved');
  expect(sessionStorage).toHaveLength(0);
});

it('keeps nothing of what is empty', async () => {
  const one = desk();
  const sheet = one.add('note', onCandidate);
  expect(one.add('note', onCandidate)).toBe(sheet);
  one.type(sheet, '  ');
  await one.save();
  expect(papers.notes).toEqual([]);
  await one.discard(sheet);
  expect(one.sheets).toEqual([]);
});

it('creates nothing twice where the answer is lost, whatever is typed since', async () => {
  const whole = vi.mocked(juries.writeNote).getMockImplementation()!;
  vi.mocked(juries.writeNote).mockImplementationOnce(async (...asked) => {
    await whole(...asked);
    throw new ApiError(0, {});
  });
  const one = desk();
  const sheet = one.add('note', place);
  one.type(sheet, 'Un début');
  await one.save();
  expect(one.state).toBe('failed');
  one.type(sheet, 'Un début, et la suite');
  // A reload in between: what is kept goes on.
  const after = desk();
  await after.save();
  expect(texts().at(-1)).toBe('Un début, et la suite');
  expect(new Set(texts()).size).toBe(texts().length);
});

it('keeps both texts where two tabs write in one note', async () => {
  write({ kind: 'note', ...place, text: 'Au départ' });
  const [one, other] = [desk(), desk()];
  one.type(one.sheets[0]!, 'Le premier');
  await one.save();
  sessionStorage.clear();
  other.type(other.sheets[0]!, 'L’autre');
  await other.save();
  expect(texts()).toEqual(['Le premier', 'L’autre']);
  expect(other.at(place).map(({ text, twin }) => [text, twin])).toEqual([['Le premier', false], ['L’autre', true]]);
});

it('keeps a text whose note another tab removed', async () => {
  write({ kind: 'note', ...place, text: 'Au départ' });
  const one = desk();
  papers.notes = [];
  one.type(one.sheets[0]!, 'Encore là');
  await one.save();
  expect(texts()).toEqual(['Encore là']);
});

it('removes no text that another tab has written since', async () => {
  write({ kind: 'note', ...place, text: 'Au départ' });
  const [one, other] = [desk(), desk()];
  one.type(one.sheets[0]!, 'Complétée');
  await one.save();
  await other.discard(other.sheets[0]!);
  expect(texts()).toEqual(['Complétée']);
  expect(other.sheets[0]).toMatchObject({ text: 'Complétée', twin: true });
  await other.discard(other.sheets[0]!);
  expect(texts()).toEqual([]);
});

it('joins the levels that two tabs give', async () => {
  const [one, other] = [desk(), desk()];
  one.setLevel(criterion, 'good');
  await one.save();
  other.setLevel({ ...criterion, criterion: 'c2' }, 'basic');
  await other.save();
  const given = papers.grid.levels.map(({ criterion, level }: OwnLevel) => [criterion, level]);
  expect(given).toEqual([['c1', 'good'], ['c2', 'basic']]);
  expect(other.level(criterion)).toBe('good');
  other.setLevel(criterion, '');
  await other.save();
  expect(papers.grid.levels).toHaveLength(1);
});

it('goes on with what was typed before a reload, beside a text that has moved on', async () => {
  write({ kind: 'note', ...place, text: 'Au départ' });
  vi.mocked(juries.rewriteNote).mockRejectedValueOnce(new ApiError(0, {}));
  const before = desk();
  before.type(before.sheets[0]!, 'Tapé sans réseau');
  before.setLevel(criterion, 'good');
  await before.save();
  Object.assign(papers.notes[0]!, { text: 'Ailleurs', version: 2 });
  const after = desk();
  await after.save();
  expect(texts()).toEqual(['Ailleurs', 'Tapé sans réseau']);
  expect(papers.grid.levels).toHaveLength(1);
});
