import { expect, it } from 'vitest';
import { sharedDays, weeksOf } from './weeks';

const period = (starts_on: string | null, ends_on: string | null) => ({ starts_on, ends_on });

it.each([
  ['2026-01-05', '2026-01-10', 0],
  ['2026-01-05', '2026-01-11', 1],
  ['2026-01-11', '2026-01-05', 0],
  ['0001-01-01', '2026-01-05', 0],
  ['2028-02-24', '2028-03-01', 1],
  ['2026-02-24', '2026-03-01', 0],
  ['2026-03-23', '2026-03-29', 1],
  ['2026-10-19', '2026-10-25', 1],
  ['2028-01-01', '2028-12-31', 52],
  [null, '2026-01-11', 0],
])('counts whole weeks from %s to %s as the server does', (from, to, weeks) => {
  expect(weeksOf(period(from, to))).toBe(weeks);
});

it('counts a day that several others have once', () => {
  const others = [period('2026-01-05', '2026-01-11'), period('2026-01-08', '2026-01-18'), period(null, null)];
  expect(sharedDays(period('2026-01-10', '2026-01-25'), others)).toBe(9);
  expect(sharedDays(period('2026-02-01', '2026-02-25'), others)).toBe(0);
});
