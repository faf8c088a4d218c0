import { lastAnswer, owner, rememberAnswer } from '../lib/device';
import { shownFromDevice } from '../lib/link.svelte';
import type { Page, Problem } from './types';

/** A refused or failed request. `code` is the server's stable code, or `network` when nothing answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: NonNullable<Problem['fields']>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? '');
    this.status = status;
    this.code = problem.code ?? (status === 0 ? 'network' : 'unexpected');
    this.fields = problem.fields ?? [];
  }
}

/** Nothing answered, or a proxy did for a server that is down: the same request may succeed later. */
export const isDown = (error: unknown): boolean =>
  error instanceof ApiError && [0, 502, 503, 504].includes(error.status);

interface Options {
  body?: unknown;
  /** The version of the row that was read: sent as If-Match. */
  version?: number;
  /** Names one intention: sent again after a lost answer, it creates nothing twice. */
  key?: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const root = '/api/v1';

let onSessionEnd = () => {};

/** What to do when the session cannot be renewed: the application goes back to the sign-in page. */
export function whenSessionEnds(action: () => void) {
  onSessionEnd = action;
}

/** `crypto.randomUUID` exists in secure contexts only, and a school may try the product over plain HTTP. */
export function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

let renewal: Promise<boolean> | undefined;

/** Renews the session once, however many requests find it expired at the same time. A server that does not answer ends no session. */
export function renewSession(): Promise<boolean> {
  renewal ??= fetch(`${root}/auth/refresh`, { method: 'POST', credentials: 'same-origin' })
    .then(
      (response) => {
        if (response.status >= 500) throw new ApiError(response.status, {});
        return response.ok;
      },
      () => {
        throw new ApiError(0, {});
      },
    )
    .finally(() => (renewal = undefined));
  return renewal;
}

export function endSession() {
  onSessionEnd();
}

async function send(method: Method, path: string, headers: Headers, body: string | FormData | undefined): Promise<Response> {
  try {
    return await fetch(root + path, { method, headers, body, credentials: 'same-origin' });
  } catch {
    throw new ApiError(0, {});
  }
}

export async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new ApiError(response.status, problem);
}

async function request<T>(method: Method, path: string, { body, version, key }: Options = {}): Promise<T> {
  const headers = new Headers({ Accept: 'application/json' });
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers.set('Content-Type', 'application/json');
  if (version !== undefined) headers.set('If-Match', `"${version}"`);
  if (method === 'POST') headers.set('Idempotency-Key', key ?? uuid());
  const text = body === undefined ? undefined : isForm ? body : JSON.stringify(body);

  let response = await send(method, path, headers, text);
  // Signing in needs no session: refused, it is the password.
  if (response.status === 401 && path !== '/auth/login') {
    if (await renewSession()) response = await send(method, path, headers, text);
    if (response.status === 401) endSession();
  }
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 || response.status === 202 ? undefined : await response.json()) as T;
}

/** The first bytes of a file, at most `limit` of them, and whether there are more. */
export async function firstBytes(path: string, limit: number): Promise<{ bytes: ArrayBuffer; more: boolean }> {
  const headers = new Headers({ Range: `bytes=0-${limit - 1}` });
  let response = await send('GET', path, headers, undefined);
  if (response.status === 401 && (await renewSession())) response = await send('GET', path, headers, undefined);
  // An empty file has no first byte.
  if (response.status === 416) return { bytes: new ArrayBuffer(0), more: false };
  if (!response.ok) throw await problemOf(response);
  const total = Number(response.headers.get('Content-Range')?.split('/')[1] ?? 0);
  return { bytes: await response.arrayBuffer(), more: total > limit };
}

/** What the server says now, kept for when it cannot be reached. */
export async function getNow<T>(path: string): Promise<T> {
  // Somebody else may be in when a slow answer comes: it is kept for who asked, or not at all.
  const user = owner();
  const body = await request<T>('GET', path);
  // A full or forbidden storage costs what is shown without network, not the page.
  if (user) void rememberAnswer(user, path, body).catch(() => {});
  return body;
}

// Milliseconds after which a network that neither answers nor fails is taken for none.
const patience = 8_000;

/** What the server says; where it cannot be reached, what this device last saw of it. */
export async function get<T>(path: string): Promise<T> {
  const reading = getNow<T>(path);
  if (!owner()) return reading;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new ApiError(0, {})), patience)));
  try {
    return await Promise.race([reading, late]);
  } catch (error) {
    const last = isDown(error) ? await lastAnswer(path).catch(() => undefined) : undefined;
    if (!last) return await reading;
    reading.catch(() => {});
    shownFromDevice(last.at);
    return last.body as T;
  } finally {
    clearTimeout(timer);
  }
}

export const post = <T>(path: string, options?: Options) => request<T>('POST', path, options);
export const put = <T>(path: string, options?: Options) => request<T>('PUT', path, options);
export const patch = <T>(path: string, options?: Options) => request<T>('PATCH', path, options);
export const remove = (path: string, options?: Options) => request<void>('DELETE', path, options);

/** `?a=1&b=2` of what is set, or nothing. */
export function query(values: Record<string, string | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) search.set(name, value);
  const text = search.toString();
  return text ? `?${text}` : '';
}

/** Follows the cursor to the end: for lists that a page needs whole. */
export async function all<T>(path: string, values: Record<string, string | null | undefined> = {}): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await get<Page<T>>(path + query({ ...values, limit: '200', cursor }));
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}
