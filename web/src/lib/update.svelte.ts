// The site on the device: registered once the first page is there, replaced only when the person asks.

const state = $state({ ready: false });
let registration: ServiceWorkerRegistration | undefined;
let asked = false;

export const update = {
  /** Another version waits, or another tab has taken it. */
  get ready() {
    return state.ready;
  },
  take() {
    asked = true;
    if (registration?.waiting) registration.waiting.postMessage('take over');
    else location.reload();
  },
};

// Milliseconds between two looks for a newer version, on a page that stays open.
const between = 3_600_000;

async function register() {
  const container = navigator.serviceWorker;
  let controlled = container.controller !== null;
  const found = await container.register('/sw.js');
  registration = found;
  const look = () => {
    if (found.waiting && container.controller) state.ready = true;
  };
  look();
  found.addEventListener('updatefound', () => found.installing?.addEventListener('statechange', look));
  container.addEventListener('controllerchange', () => {
    if (asked) location.reload();
    else if (controlled) state.ready = true;
    controlled = true;
  });

  let last = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < between) return;
    last = Date.now();
    found.update().catch(() => {});
  });
}

/** Plain HTTP has no service worker: the pages then need the network to open. */
export function keepForOffline() {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const start = () => void register().catch(() => {});
  if (document.readyState === 'complete') start();
  else addEventListener('load', start, { once: true });
}

/** Resolves where and when the pages can open without network. */
export async function whenKept(): Promise<void> {
  if ('serviceWorker' in navigator) await navigator.serviceWorker.ready;
  else await new Promise(() => {});
}
