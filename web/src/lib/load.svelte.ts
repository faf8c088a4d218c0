import { untrack } from 'svelte';
import { ApiError, isDown } from '../api/client';
import { link } from './link.svelte';

/** Something that a page reads from the server: at most one of `data` and `error`, and a way to try again. */
export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly loading: boolean;
  reload(): Promise<void>;
  /** Takes what a write has answered, so that it need not be read again. */
  set(data: T): void;
}

/** Reads when the component starts, and again when what `read` looks at changes or the server can be reached anew. To be called while a component starts. */
export function load<T>(read: () => Promise<T>): Loaded<T> {
  let data = $state.raw<T>();
  let error = $state.raw<ApiError>();
  let loading = $state(true);
  let latest = 0;
  let second = false;

  async function run(reading: Promise<T>) {
    const turn = ++latest;
    loading = true;
    const before = link.fallbacks;
    try {
      const value = await reading;
      if (turn !== latest) return;
      data = value;
      error = undefined;
      second = link.fallbacks > before;
    } catch (reason) {
      if (turn !== latest) return;
      error = reason instanceof ApiError ? reason : new ApiError(500, { detail: String(reason) });
      second = isDown(error);
    } finally {
      if (turn === latest) loading = false;
    }
  }

  $effect(() => {
    void run(read());
  });
  $effect(() => {
    if (link.turns > 0 && second) untrack(() => void run(read()));
  });

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    reload: () => run(read()),
    set(value) {
      data = value;
    },
  };
}
