import { ApiError } from '../api/client';

/** Something that a page reads from the server: at most one of `data` and `error`, and a way to try again. */
export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly loading: boolean;
  reload(): Promise<void>;
  /** Takes what a write has answered, so that it need not be read again. */
  set(data: T): void;
}

/** Reads when the component starts, and again when what `read` looks at changes. To be called while a component starts. */
export function load<T>(read: () => Promise<T>): Loaded<T> {
  let data = $state.raw<T>();
  let error = $state.raw<ApiError>();
  let loading = $state(true);
  let latest = 0;

  async function run(reading: Promise<T>) {
    const turn = ++latest;
    loading = true;
    try {
      const value = await reading;
      if (turn !== latest) return;
      data = value;
      error = undefined;
    } catch (reason) {
      if (turn !== latest) return;
      error = reason instanceof ApiError ? reason : new ApiError(500, { detail: String(reason) });
    } finally {
      if (turn === latest) loading = false;
    }
  }

  $effect(() => {
    void run(read());
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
