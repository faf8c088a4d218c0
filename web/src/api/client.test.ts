import { afterEach, expect, it, vi } from 'vitest';
import { lastAnswer, removeMark, setMark } from '../lib/device';
import { all, ApiError, get, patch, post, whenSessionEnds } from './client';

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

function serve(answer: (path: string, init: RequestInit) => Response | Promise<Response>) {
  const calls: { path: string; headers: Headers }[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    calls.push({ path, headers: new Headers(init.headers) });
    return answer(path, init);
  });
  return calls;
}

afterEach(() => {
  vi.unstubAllGlobals();
  removeMark();
});

it('renews an expired session once for all the requests that find it expired', async () => {
  let expired = true;
  const calls = serve((path) => {
    if (path.endsWith('/auth/refresh')) {
      expired = false;
      return json(200, {});
    }
    return expired ? json(401, { code: 'session_expired' }) : json(200, { path });
  });
  await Promise.all([get('/me'), get('/queue')]);
  expect(calls.filter(({ path }) => path.endsWith('/auth/refresh'))).toHaveLength(1);
});

it('ends the session when it cannot be renewed', async () => {
  const ended = vi.fn();
  whenSessionEnds(ended);
  serve(() => json(401, { code: 'session_expired' }));
  await expect(get('/me')).rejects.toMatchObject({ status: 401, code: 'session_expired' });
  expect(ended).toHaveBeenCalledOnce();
});

it('does not take a wrong password for an expired session', async () => {
  const calls = serve(() => json(401, { code: 'wrong_credentials' }));
  await expect(post('/auth/login', { body: {} })).rejects.toMatchObject({ code: 'wrong_credentials' });
  expect(calls).toHaveLength(1);
});

it('renews an expired session to end it', async () => {
  let expired = true;
  serve((path) => {
    if (path.endsWith('/auth/refresh')) expired = false;
    return expired ? json(401, { code: 'session_expired' }) : new Response(null, { status: path.endsWith('/auth/logout') ? 204 : 200 });
  });
  await expect(post('/auth/logout')).resolves.toBeUndefined();
});

it('sends the version that was read and names each creation', async () => {
  const calls = serve(() => json(200, {}));
  await patch('/evidence/1', { version: 7, body: {} });
  await post('/enrolments/1/evidence', { key: 'one-intention', body: {} });
  expect(calls[0]!.headers.get('If-Match')).toBe('"7"');
  expect(calls[1]!.headers.get('Idempotency-Key')).toBe('one-intention');
});

it('says that nothing answered', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
  const error = await get('/me').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).code).toBe('network');
});

it('follows the cursor to the end of a list', async () => {
  serve((path) => json(200, path.includes('cursor=b') ? { items: [2], next: null } : { items: [1], next: 'b' }));
  expect(await all('/certifications')).toEqual([1, 2]);
});

it('shows who learns here, and nobody else, what the device last saw', async () => {
  setMark('lea');
  serve(() => json(200, { acquired: 3 }));
  await get('/enrolments/1/progress');
  await vi.waitFor(async () => expect(await lastAnswer('/enrolments/1/progress')).toBeDefined());

  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
  expect(await get('/enrolments/1/progress')).toEqual({ acquired: 3 });
  await expect(get('/enrolments/1')).rejects.toMatchObject({ code: 'network' });
  setMark('tom');
  await expect(get('/enrolments/1/progress')).rejects.toMatchObject({ code: 'network' });
  // A server that answers is believed, even when it refuses.
  setMark('lea');
  serve(() => json(404, { code: 'not_found' }));
  await expect(get('/enrolments/1/progress')).rejects.toMatchObject({ code: 'not_found' });
});

it('keeps a slow answer for nobody else than who asked', async () => {
  setMark('lea');
  let answer = (_: Response) => {};
  serve(() => new Promise((resolve) => (answer = resolve)));
  const reading = get('/slow');
  setMark('tom');
  answer(json(200, { of: 'lea' }));
  await reading;
  serve(() => json(200, { of: 'tom' }));
  await get('/other');
  await vi.waitFor(async () => expect(await lastAnswer('/other')).toBeDefined());
  expect(await lastAnswer('/slow')).toBeUndefined();
});

it('ends no session because the server is down', async () => {
  const ended = vi.fn();
  whenSessionEnds(ended);
  serve((path) => (path.endsWith('/auth/refresh') ? new Response('', { status: 503 }) : json(401, { code: 'session_expired' })));
  await expect(get('/me')).rejects.toMatchObject({ status: 503 });
  expect(ended).not.toHaveBeenCalled();
});
