import { expect, it, vi } from 'vitest';
import * as api from '../api/endpoints';
import type { Me } from '../api/types';
import { clearDevice, writeItem } from './device';
import { blank } from './evidence';
import { blankItem } from './item';
import { outbox, readOutbox } from './outbox.svelte';
import { enter, leave } from './session.svelte';

vi.mock('../api/endpoints');

it('has what waits once it is read, whoever else reads at the same time', async () => {
  vi.mocked(api.meNow).mockResolvedValue({ user: { id: 'lea' }, enrolments: [{}] } as unknown as Me);
  await enter();
  await writeItem(blankItem('a', 'course', undefined), (item) => ({ ...item, saved: blank() }));
  const first = readOutbox();
  const second = readOutbox();
  await first;
  expect(outbox.items).toMatchObject([{ id: 'a' }]);
  await second;
  await clearDevice('lea');
  leave();
});
