import { afterEach, expect, it, vi } from 'vitest';
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

afterEach(() => vi.unstubAllGlobals());

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
