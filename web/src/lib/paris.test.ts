import { expect, it } from 'vitest';
import { addMinutes, fromInput, minutesBetween, toInput } from './paris';

it('reads and writes the hours of Paris', () => {
  for (const [typed, instant] of [
    ['2027-06-14T09:00', '2027-06-14T07:00:00.000Z'],
    ['2027-01-14T09:00', '2027-01-14T08:00:00.000Z'],
    ['2027-01-01T00:30', '2026-12-31T23:30:00.000Z'],
    // Around the hours at which the clocks change.
    ['2027-03-28T01:59', '2027-03-28T00:59:00.000Z'],
    ['2027-03-28T03:00', '2027-03-28T01:00:00.000Z'],
    ['2027-10-31T03:00', '2027-10-31T02:00:00.000Z'],
  ] as const) {
    expect(fromInput(typed)).toBe(instant);
    expect(toInput(instant)).toBe(typed);
  }
});

it('counts minutes', () => {
  const start = '2027-06-14T07:00:00.000Z';
  expect(addMinutes(start, 90)).toBe('2027-06-14T08:30:00.000Z');
  expect(minutesBetween(start, addMinutes(start, 40))).toBe(40);
});
