import { ApiError } from '../api/client';
import * as api from '../api/endpoints';
import type { Certification, Criterion, Grid, GridContent, GridRequirement } from '../api/types';
import { sentence } from './explain';
import { forget, keep, kept } from './kept';

const pause = 1000;

export type State = 'idle' | 'unsaved' | 'saving' | 'saved' | 'refused' | 'failed' | 'conflict';

/** A school's grid that is being prepared: every change is kept on the device at once and saved on the server after a short pause. */
export class GridDraft {
  content = $state<GridContent>() as GridContent;
  state = $state<State>('idle');
  /** As it was saved last. */
  saved = $state.raw<Grid>() as Grid;
  /** Messages by the path of the field that they are about. */
  problems = $state<Record<string, string>>({});
  /** It is published or deleted, and cannot be saved any more. */
  gone = $state(false);
  #base: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #name: string;

  constructor(
    grid: Grid,
    readonly certification: Certification,
  ) {
    this.#name = `grid.${grid.id}`;
    this.saved = grid;
    const before = kept<{ content: GridContent; version: number }>(this.#name);
    this.content = before?.content ?? structuredClone(grid.content);
    if (before) this.saved = { ...grid, version: before.version };
    this.#base = JSON.stringify(grid.content);
  }

  /** To be called in an effect: it looks at the whole content. */
  watch() {
    const text = this.#text();
    if (text === this.#base) return;
    keep(this.#name, { content: JSON.parse(text), version: this.saved.version });
    if (this.state === 'conflict') return;
    this.state = 'unsaved';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save().catch(() => {}), pause);
  }

  stop() {
    clearTimeout(this.#timer);
    if (this.state === 'unsaved') void this.save().catch(() => {});
  }

  #text = () => JSON.stringify($state.snapshot(this.content));

  /** Saves what is not saved yet, one request after the other. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    const next = this.#running.catch(() => {}).then(() => this.#saveNow());
    this.#running = next;
    return next;
  }

  async #saveNow() {
    const text = this.#text();
    if (text === this.#base) return;
    if (this.state === 'conflict') throw new ApiError(412, { code: 'stale_version' });
    this.state = 'saving';
    try {
      this.saved = await api.saveGrid(this.saved.id, this.saved.version, JSON.parse(text));
      this.#base = text;
      this.problems = {};
      if (this.#text() === text) {
        forget(this.#name);
        this.state = 'saved';
      } else this.state = 'unsaved';
    } catch (error) {
      this.refuse(error);
      throw error;
    }
  }

  /** What the server refuses, by field where it names one. */
  refuse(error: unknown) {
    if (!(error instanceof ApiError)) this.state = 'failed';
    else if (error.fields.length > 0) {
      this.problems = Object.fromEntries(error.fields.map(({ field, code, detail }) => [field, sentence(code, detail)]));
      this.state = 'refused';
    } else if (['stale_version', 'grid_published', 'not_found'].includes(error.code)) {
      this.gone = error.code !== 'stale_version';
      this.state = 'conflict';
    } else this.state = 'failed';
  }

  async publish() {
    await this.save();
    try {
      this.saved = await api.publishGrid(this.saved.id, this.saved.version);
      forget(this.#name);
    } catch (error) {
      this.refuse(error);
      throw error;
    }
  }

  async discard() {
    clearTimeout(this.#timer);
    await this.#running.catch(() => {});
    await api.deleteGrid(this.saved.id, this.saved.version);
    this.#base = this.#text();
    forget(this.#name);
  }

  async takeTheirs() {
    this.saved = await api.grid(this.saved.id);
    this.content = structuredClone(this.saved.content);
    this.#base = JSON.stringify(this.saved.content);
    this.problems = {};
    this.state = 'idle';
    forget(this.#name);
  }

  async keepMine() {
    this.saved = { ...this.saved, version: (await api.grid(this.saved.id)).version };
    this.state = 'unsaved';
    await this.save();
  }

  /** Forgets what is left on the device of a grid that cannot be saved any more. */
  abandon() {
    clearTimeout(this.#timer);
    this.#base = this.#text();
    forget(this.#name);
  }

  // What the pages change.

  /** Place of a competency, which also names its fields. */
  indexOf(key: string): number {
    return this.content.competencies.findIndex(({ competency }) => competency === key);
  }

  addCriterion(index: number): void {
    const { criteria } = this.content.competencies[index]!;
    const weighted = criteria.some(({ weight }) => weight !== null);
    criteria.push({ key: freshKey('c', criteria), text: '', weight: weighted ? 1 : null, descriptors: {} });
  }

  move(index: number, place: number, by: -1 | 1): void {
    const { criteria } = this.content.competencies[index]!;
    const [criterion] = criteria.splice(place, 1);
    criteria.splice(place + by, 0, criterion!);
  }

  setWeighted(index: number, weighted: boolean): void {
    for (const criterion of this.content.competencies[index]!.criteria) criterion.weight = weighted ? (criterion.weight ?? 1) : null;
  }

  describe(criterion: Criterion, level: string, text: string): void {
    if (text.trim()) criterion.descriptors[level] = text;
    else delete criterion.descriptors[level];
  }

  required(block: string, competency: string): GridRequirement | undefined {
    return this.content.required.find((one) => one.block === block && one.competency === competency);
  }

  /** Nothing: like the others. */
  require(block: string, competency: string, level: string, profile: string | null): void {
    let given = this.required(block, competency);
    if (!given) {
      this.content.required.push({ block, competency, level: null, by_profile: {} });
      given = this.content.required.at(-1)!;
    }
    if (profile === null) given.level = level || null;
    else if (level) given.by_profile[profile] = level;
    else delete given.by_profile[profile];
    if (given.level === null && Object.keys(given.by_profile).length === 0)
      this.content.required = this.content.required.filter((one) => one !== given);
  }

  addLevel(): void {
    const key = freshKey('n', this.content.levels);
    this.content.levels.push({ key, label: '', description: null });
  }

  /** What stands on the level goes to its neighbour below, or above for the lowest; its descriptors go with it. */
  removeLevel(place: number): void {
    const [gone] = this.content.levels.splice(place, 1);
    const neighbour = this.content.levels[Math.max(0, place - 1)]!.key;
    const moved = (key: string) => (key === gone!.key ? neighbour : key);
    this.content.required_level = moved(this.content.required_level);
    for (const given of this.content.required) {
      if (given.level !== null) given.level = moved(given.level);
      for (const [profile, level] of Object.entries(given.by_profile)) given.by_profile[profile] = moved(level);
    }
    for (const { criteria } of this.content.competencies)
      for (const { descriptors } of criteria) delete descriptors[gone!.key];
  }

  isMapped(competency: string, block: string): boolean {
    return this.content.mappings.some((one) => one.competency === competency && one.block === block);
  }

  map(competency: string, block: string, mapped: boolean): void {
    this.content.mappings = this.content.mappings.filter((one) => one.competency !== competency || one.block !== block);
    if (mapped) this.content.mappings.push({ competency, block });
    else this.content.required = this.content.required.filter((one) => one.competency !== competency || one.block !== block);
  }
}

/** A key that nothing here has, nor had: what was removed must not come back under another meaning. */
function freshKey(prefix: string, taken: { key: string }[]): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);
  const key = `${prefix}${random}`;
  return taken.some((one) => one.key === key) ? freshKey(prefix, taken) : key;
}
