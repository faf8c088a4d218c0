// The site itself on the device: it opens without network. What people read and write is not here
// but in IndexedDB, under the hand of the page.
/// <reference lib="webworker" />

// Written by the build: the files of this version, and a sum of them all.
declare const FILES: string[];
declare const VERSION: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const version = `acquis-${VERSION}`;
const page = '/';

async function keep() {
  const cache = await caches.open(version);
  await Promise.all(
    FILES.map(async (file) => {
      // What is named by its content need not come again for another version.
      const there = file === page ? undefined : await caches.match(file, { ignoreVary: true });
      const response = there ?? (await fetch(file, { cache: file === page ? 'reload' : 'default' }));
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      await cache.put(file, response);
    }),
  );
}

async function forgetOlder() {
  for (const other of await caches.keys()) if (other !== version) await caches.delete(other);
  await worker.clients.claim();
}

const kept = async (file: string, request: Request) =>
  (await (await caches.open(version)).match(file, { ignoreVary: true })) ?? fetch(request);

/** An address of the client: it has no extension and is not the server's own. */
const isPage = (path: string) => !/^\/(api\/|healthz|readyz)|\.[^/]*$/.test(path);

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(forgetOlder()));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (isPage(pathname)) event.respondWith(kept(page, request));
  } else if (pathname !== page && FILES.includes(pathname)) {
    event.respondWith(kept(pathname, request));
  }
});

// A new version waits until the person asks for it.
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting();
});
