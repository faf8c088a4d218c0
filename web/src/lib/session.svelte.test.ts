import { afterEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/client';
import * as api from '../api/endpoints';
import type { Evidence, Me } from '../api/types';
import { changeItem, closeItem, itemsOf, lastAnswer, owner, rememberAnswer, sentOf, writeItem } from './device';
import { blankItem } from './item';
import { forgetKept, keep, kept } from './kept';
import { enter, leave, lose, session, signOut } from './session.svelte';

vi.mock('../api/endpoints');

const enterAs = (id: string) => {
  vi.mocked(api.meNow).mockResolvedValueOnce({ user: { id }, enrolments: [{}] } as unknown as Me);
  return enter();
};

const writes = (id: string) => writeItem(blankItem(id, 'course', undefined), (item) => ({ ...item, submit: true }));

afterEach(() => {
  leave();
  sessionStorage.clear();
  vi.resetAllMocks();
});

it.each([
  { then: 'the server has ended it', answer: () => Promise.resolve(), ended: true },
  { then: 'it was already over', answer: () => Promise.reject(new ApiError(401, {})), ended: true },
  { then: 'nothing answers', answer: () => Promise.reject(new ApiError(0, {})), ended: false },
  { then: 'the server is down', answer: () => Promise.reject(new ApiError(503, {})), ended: false },
])('empties the device of who signs out, and $then', async ({ answer, ended }) => {
  await enterAs('lea');
  await writes('a');
  keep('text', 'de Léa');
  vi.mocked(api.signOut).mockImplementation(answer);
  expect(await signOut()).toBe(ended);
  expect([session.me, owner(), await itemsOf('lea'), kept('text')]).toEqual([null, null, [], undefined]);
});

it('shows the next person nothing of the last one, and loses nothing of theirs', async () => {
  await enterAs('lea');
  await writes('a');
  await writes('b');
  await changeItem('b', (item) => ({ ...item, submit: false }));
  await closeItem('b', { id: 'b' } as Evidence);
  await rememberAnswer('lea', '/mine', 1);
  keep('text', 'de Léa');
  leave();

  await enterAs('tom');
  expect([kept('text'), await itemsOf('tom'), await sentOf('b'), await lastAnswer('/mine')]).toEqual([
    undefined,
    [],
    undefined,
    undefined,
  ]);
  forgetKept();

  await enterAs('lea');
  expect([kept('text'), (await itemsOf('lea')).length, await lastAnswer('/mine')]).toEqual(['de Léa', 1, undefined]);
});

it('ends for whom it had begun, until somebody comes in', async () => {
  lose();
  expect(session.ended).toBe(false);

  await enterAs('lea');
  lose();
  // Another request that was under way finds the same.
  lose();
  expect([session.me, session.ended]).toEqual([null, true]);

  await enterAs('tom');
  expect(session.ended).toBe(false);
  vi.mocked(api.signOut).mockRejectedValueOnce(new ApiError(401, {}));
  await signOut();
  expect(session.ended).toBe(false);
});
