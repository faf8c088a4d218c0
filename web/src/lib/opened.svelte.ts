import { keep, kept } from './kept';

/** Which evidence lies open, and at which place of the page: each lies open once, however many competencies it shows. */
export class Opened {
  #places = $state<Record<string, string | undefined>>({});
  #read = $state<Record<string, true>>({});
  readonly #name: string;

  /** What was opened is remembered under this name. */
  constructor(name: string) {
    this.#name = `opened.${name}`;
    this.#read = kept<Record<string, true>>(this.#name) ?? {};
  }

  isAt(evidence: string, place: string): boolean {
    return this.#places[evidence] === place;
  }

  wasRead(evidence: string): boolean {
    return this.#read[evidence] === true;
  }

  open(evidence: string, place: string) {
    this.#places[evidence] = place;
    this.#read[evidence] = true;
    keep(this.#name, $state.snapshot(this.#read));
  }

  close(evidence: string, place: string) {
    if (this.isAt(evidence, place)) this.#places[evidence] = undefined;
  }
}
