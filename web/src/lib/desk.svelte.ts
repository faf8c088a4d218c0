// What a member of the jury writes for themself on a candidate: kept on the device at each letter, saved on the server
// after a short pause. Two tabs may write at once: what both wrote is kept.
import { ApiError, isDown, uuid } from '../api/client';
import * as juries from '../api/juries';
import type { NoteContent, OwnLevel, OwnPapers } from '../api/types';
import { forget, keep, kept } from './kept';

const pause = 1000;
/** Until what could not be saved is tried again. */
const patience = 5000;

export type NoteKind = NoteContent['kind'];
export type Place = Pick<NoteContent, 'block' | 'competency'>;

/** Where in the dossier notes are written. */
export interface NotePlace {
  /** Names it in the page. */
  id: string;
  place: Place;
  /** What the notes are on, in words. */
  on: string;
  /** Of the heading. */
  level: 2 | 3 | 4;
}

export interface Sheet extends NoteContent {
  /** Names it in the page for as long as that is open. */
  name: string;
  /** Names the creation, so that it happens once. */
  key: string;
  /** The server's, once it has it. */
  id: string | null;
  version: number;
  /** What the creation asked for first: asked again after a lost answer, it must be the same. */
  first: string | null;
  /** The server's text. */
  saved: string;
  /** Another tab wrote in it meanwhile: both texts are here. */
  twin: boolean;
}

const key = ({ block, competency, criterion }: Omit<OwnLevel, 'level'>) => JSON.stringify([block, competency, criterion]);

interface Kept {
  sheets: Sheet[];
  /** By place; an empty text takes a level away. */
  changes: [string, string][];
}

export class Desk {
  sheets = $state<Sheet[]>([]);
  state = $state<'idle' | 'unsaved' | 'saving' | 'saved' | 'failed'>('idle');
  /** Why it could not be saved. */
  failure = $state.raw<unknown>();
  /** Of the own grid, by criterion: the server's with what was changed here. */
  #levels = $state<Record<string, string>>({});
  #changes = new Map<string, string>();
  #gridVersion: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #name: string;

  constructor(
    private readonly session: string,
    private readonly candidate: string,
    papers: OwnPapers,
  ) {
    this.#name = `desk.${session}.${candidate}`;
    this.sheets = papers.notes.map(sheetOf);
    this.#gridVersion = papers.grid.version;
    const before = kept<Kept>(this.#name);
    if (before) this.#changes = new Map(before.changes);
    this.#showGrid(papers.grid.levels);
    for (const sheet of before?.sheets ?? []) this.#restore(sheet);
    if (before) this.#later(0);
  }

  /** What was typed and not saved goes on where it was; beside the server's text where that has moved on. */
  #restore(typed: Sheet) {
    const index = this.sheets.findIndex(({ id }) => id !== null && id === typed.id);
    if (index >= 0 && this.sheets[index]!.version === typed.version) this.sheets[index] = typed;
    else if (index >= 0 && this.sheets[index]!.text === typed.text) return;
    else this.sheets.push(typed.id === null ? typed : anew(typed));
  }

  at(place: Place): Sheet[] {
    return this.sheets.filter(({ block, competency }) => block === place.block && competency === place.competency);
  }

  get questions(): Sheet[] {
    return this.sheets.filter(({ kind, text }) => kind === 'question' && text.trim());
  }

  /** Another sheet at this place. Empty, it is kept nowhere. */
  add(kind: NoteKind, place: Place): Sheet {
    const empty = this.at(place).find((sheet) => sheet.kind === kind && sheet.id === null && !sheet.text.trim());
    if (empty) return empty;
    const { block, competency } = place;
    this.sheets.push({ name: uuid(), kind, block, competency, text: '', key: uuid(), id: null, version: 0, first: null, saved: '', twin: false });
    return this.sheets.at(-1)!;
  }

  type(sheet: Sheet, text: string) {
    sheet.text = text;
    this.#later();
  }

  level(of: Omit<OwnLevel, 'level'>): string {
    return this.#levels[key(of)] ?? '';
  }

  setLevel(of: Omit<OwnLevel, 'level'>, level: string) {
    this.#levels[key(of)] = level;
    this.#changes.set(key(of), level);
    this.#later();
  }

  #showGrid(levels: OwnLevel[]) {
    this.#levels = { ...Object.fromEntries(levels.map((one) => [key(one), one.level])), ...Object.fromEntries(this.#changes) };
  }

  #waiting = () => this.sheets.filter((sheet) => sheet.text !== sheet.saved && sheet.text.trim());

  get #isWhole(): boolean {
    return this.#waiting().length === 0 && this.#changes.size === 0;
  }

  #keep() {
    if (this.#isWhole) forget(this.#name);
    else keep(this.#name, { sheets: $state.snapshot(this.#waiting()), changes: [...this.#changes] } satisfies Kept);
  }

  #later(wait = pause) {
    this.#keep();
    this.state = 'unsaved';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), wait);
  }

  /** Saves what is not saved yet, one request after the other. Never throws: `failure` says why not all is saved. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    const next = this.#running.then(() => this.#saveNow());
    this.#running = next;
    return next;
  }

  async #saveNow() {
    if (this.#isWhole) {
      if (this.state === 'unsaved') this.state = 'saved';
      return;
    }
    this.state = 'saving';
    this.failure = undefined;
    try {
      // What is typed meanwhile is saved by the next one.
      for (const sheet of this.#waiting()) await this.#saveSheet(sheet);
      if (this.#changes.size > 0) await this.#saveGrid();
      this.state = this.#isWhole ? 'saved' : 'unsaved';
    } catch (error) {
      this.failure = error;
      this.state = 'failed';
      if (isDown(error)) this.#timer = setTimeout(() => void this.save(), patience);
    }
    this.#keep();
  }

  async #saveSheet(sheet: Sheet) {
    if (sheet.id === null) {
      // The same key always stands for the same text: what came after it is written over it next.
      sheet.first ??= sheet.text;
      this.#keep();
      const made = await juries.writeNote(this.session, this.candidate, { ...contentOf(sheet), text: sheet.first }, sheet.key);
      Object.assign(sheet, { id: made.id, version: made.version, saved: made.text });
      if (sheet.text === sheet.saved) return;
    }
    const text = sheet.text;
    try {
      const { version } = await juries.rewriteNote(this.session, this.candidate, sheet.id!, sheet.version, { ...contentOf(sheet), text });
      Object.assign(sheet, { version, saved: text });
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      await this.#part(sheet);
    }
  }

  /** Another tab changed or removed it: this text becomes a note of its own, and the server's stands before it. */
  async #part(sheet: Sheet) {
    const { notes } = await juries.ownPapers(this.session, this.candidate);
    const theirs = notes.find(({ id }) => id === sheet.id);
    if (theirs && theirs.text === sheet.text) {
      Object.assign(sheet, { version: theirs.version, saved: theirs.text });
      return;
    }
    const index = this.sheets.indexOf(sheet);
    Object.assign(sheet, anew(sheet));
    if (theirs) this.sheets.splice(index, 0, sheetOf(theirs));
    await this.#saveSheet(sheet);
  }

  async #saveGrid(tries = 3): Promise<void> {
    const sent = new Map(this.#changes);
    const levels = Object.entries(this.#levels).flatMap(([at, level]) => {
      const [block, competency, criterion] = JSON.parse(at) as [string, string, string];
      return level ? [{ block, competency, criterion, level }] : [];
    });
    try {
      this.#gridVersion = (await juries.setOwnGrid(this.session, this.candidate, this.#gridVersion, levels)).version;
    } catch (error) {
      if (!isOvertaken(error) || tries === 0) throw error;
      const { grid } = await juries.ownPapers(this.session, this.candidate);
      this.#gridVersion = grid.version;
      this.#showGrid(grid.levels);
      return this.#saveGrid(tries - 1);
    }
    for (const [at, level] of sent) if (this.#changes.get(at) === level) this.#changes.delete(at);
  }

  /** Throws a note away, unless another tab has written in it since: then its text is shown. */
  async discard(sheet: Sheet) {
    await this.save();
    if (sheet.id !== null) {
      try {
        await juries.deleteNote(this.session, this.candidate, sheet.id, sheet.version);
      } catch (error) {
        if (!isOvertaken(error)) throw error;
        const { notes } = await juries.ownPapers(this.session, this.candidate);
        const theirs = notes.find(({ id }) => id === sheet.id);
        if (theirs) {
          Object.assign(sheet, sheetOf(theirs), { name: sheet.name, twin: true });
          return;
        }
      }
    }
    this.sheets = this.sheets.filter((one) => one !== sheet);
    this.#keep();
  }

  /** Leaves the page: what is not saved yet is saved on the way. */
  leave() {
    void this.save();
  }
}

const isOvertaken = (error: unknown) => error instanceof ApiError && (error.status === 412 || error.status === 404);

const contentOf = ({ kind, block, competency, text }: Sheet): NoteContent => ({ kind, block, competency, text });

function sheetOf(note: OwnPapers['notes'][number]): Sheet {
  const { id, version, kind, block = null, competency = null, text } = note;
  return { name: uuid(), kind, block, competency, text, key: '', id, version, first: null, saved: text, twin: false };
}

const anew = (sheet: Sheet): Sheet => ({ ...sheet, key: uuid(), id: null, version: 0, first: null, saved: '', twin: true });
