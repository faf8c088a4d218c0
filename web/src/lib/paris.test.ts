import { expect, it } from 'vitest';
import { longDate } from './format';
import { addMinutes, dayAndHour, daysUntil, fromInput, minutesBetween, toInput, weekday } from './paris';

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

it('counts days by the calendar', () => {
  for (const [now, days] of [
    ['2027-06-02T07:00:00.000Z', 12],
    ['2027-06-13T21:59:00.000Z', 1],
    // Past midnight in Paris.
    ['2027-06-13T22:00:00.000Z', 0],
    ['2027-06-14T20:00:00.000Z', 0],
    ['2027-06-15T07:00:00.000Z', -1],
  ] as const) {
    expect(daysUntil('2027-06-14T07:00:00.000Z', now)).toBe(days);
  }
  // Across the night that is an hour longer.
  expect(daysUntil('2027-11-01T08:00:00.000Z', '2027-10-30T22:30:00.000Z')).toBe(1);
});

it('writes the first of a month as French does', () => {
  expect(longDate('2027-09-01')).toBe('1er septembre 2027');
  expect(longDate('2027-09-11')).toBe('11 septembre 2027');
  expect(weekday('2027-09-30T22:30:00Z')).toBe('vendredi 1er octobre 2027');
  expect(dayAndHour('2027-09-01T11:01:00Z')).toBe('1er septembre 2027 à 13:01');
});
