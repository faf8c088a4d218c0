// Whether the server can be reached, and how old what is shown may be.
import { router } from './router.svelte';

const state = $state({ online: navigator.onLine, at: null as string | null, path: '', turns: 0 });
let fallbacks = 0;

export const link = {
  get online() {
    return state.online;
  },
  /** The oldest answer on this page that came from the device, if any did. */
  get since() {
    return state.path === router.path ? state.at : null;
  },
  /** Grows when what the device has shown is worth asking for again. */
  get turns() {
    return state.turns;
  },
  /** Grows with every answer that came from the device. */
  get fallbacks() {
    return fallbacks;
  },
};

export function shownFromDevice(at: string) {
  fallbacks++;
  if (state.path !== router.path || !state.at || at < state.at) state.at = at;
  state.path = router.path;
}

export function askAgain() {
  state.at = null;
  state.turns++;
}

addEventListener('offline', () => (state.online = false));
addEventListener('online', () => {
  state.online = true;
  askAgain();
});
