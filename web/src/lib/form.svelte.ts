import { ApiError } from '../api/client';
import { sentence } from './explain';

/** Messages by the id of the field that they are about. */
export type Problems = Record<string, string>;

/** One form's life: checked, then sent, then its errors shown field by field. */
export class Form {
  problems = $state<Problems>({});
  failure = $state.raw<unknown>();
  /** The problems are the server's: it tells the field apart from what is wrong with it. */
  fromServer = $state(false);
  busy = $state(false);
  /** Grows with each failed try: the summary takes the focus anew. */
  attempt = $state(0);

  /** Empty messages of `checks` are no problem. True when `action` has succeeded. */
  async send(checks: Record<string, string | false | undefined>, action: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.failure = undefined;
    this.fromServer = false;
    this.problems = Object.fromEntries(Object.entries(checks).filter((entry): entry is [string, string] => !!entry[1]));
    if (Object.keys(this.problems).length > 0) {
      this.attempt++;
      return false;
    }
    this.busy = true;
    try {
      await action();
      return true;
    } catch (error) {
      this.refuse(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The fields' errors of a save that nobody asked for: shown at once, and the focus stays where it is. */
  show(error: unknown) {
    if (!(error instanceof ApiError) || error.fields.length === 0) return;
    this.fromServer = true;
    this.problems = Object.fromEntries(error.fields.map(({ field, code, detail }) => [field, sentence(code, detail)]));
  }

  refuse(error: unknown) {
    // The server names fields as the contract does, and so do the ids of the controls.
    if (error instanceof ApiError && error.fields.length > 0) {
      this.show(error);
    } else {
      this.failure = error;
    }
    this.attempt++;
  }
}

/** Somebody else has saved meanwhile: what is typed here waits for the person's choice. */
export const isStale = ({ failure }: Form): boolean => failure instanceof ApiError && failure.code === 'stale_version';
