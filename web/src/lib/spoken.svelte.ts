import { forget, keep, kept } from './kept';

/** What the server keeps under a version. */
export interface Version<T> {
  said: T;
  version: number;
}

/**
 * What a person types over something that others may change too. It is kept on the device until it is saved; what somebody
 * else saves meanwhile never takes its place: it waits beside it in `theirs` until the person has chosen.
 */
export class Spoken<T extends object> {
  typed = $state() as T;
  /** What is saved now, and differs from what this was typed over. `null`: it was taken away. */
  theirs = $state.raw<Version<T> | null>();
  /** The version that this is typed over; 0 where there is nothing yet. */
  version = $state(0);
  readonly #blank: T;
  #base = $state('');
  readonly #name: string;

  constructor(name: string, blank: T, saved: Version<T> | undefined) {
    this.#name = name;
    this.#blank = blank;
    this.#take(saved);
    const before = kept<{ typed: T; version: number; base: string }>(name);
    if (!before) return;
    this.typed = before.typed;
    this.version = before.version;
    this.#base = before.base;
    this.follow(saved);
  }

  #take(saved: Version<T> | undefined) {
    this.typed = structuredClone(saved?.said ?? this.#blank);
    this.version = saved?.version ?? 0;
    this.theirs = undefined;
    this.#base = JSON.stringify(this.typed);
  }

  get dirty(): boolean {
    return JSON.stringify(this.typed) !== this.#base;
  }

  /** To be called in an effect: it looks at all that is typed. */
  watch() {
    const typed = $state.snapshot(this.typed) as T;
    if (this.dirty) keep(this.#name, { typed, version: this.version, base: this.#base });
    else forget(this.#name);
  }

  /** What the server says now. */
  follow(saved: Version<T> | undefined) {
    if ((saved?.version ?? 0) === this.version) {
      this.theirs = undefined;
      return;
    }
    const isTheSame = JSON.stringify(saved?.said ?? this.#blank) === JSON.stringify(this.typed);
    // An answer that was lost: it is what was sent.
    if (!this.dirty || isTheSame) this.#take(saved);
    else this.theirs = saved ?? null;
  }

  /** It was saved. */
  accept(saved: Version<T> | undefined) {
    this.#take(saved);
    forget(this.#name);
  }

  takeTheirs() {
    this.accept(this.theirs ?? undefined);
  }

  /** What is typed goes over what is saved now. */
  keepMine() {
    this.version = this.theirs?.version ?? 0;
    this.theirs = undefined;
  }
}
