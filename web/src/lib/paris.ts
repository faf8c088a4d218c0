// A session is held in France: its hours are those of Paris, whatever the clock of the device says.
import { inWords } from './format';

const zone = 'Europe/Paris';

const shown = (instant: string, options: Intl.DateTimeFormatOptions) => inWords(new Date(instant), { ...options, timeZone: zone });

/** « 14:05 » */
export const hour = (instant: string) => shown(instant, { timeStyle: 'short' });

/** « lundi 14 juin 2027 » */
export const weekday = (instant: string) => shown(instant, { dateStyle: 'full' });

/** « lundi 14 juin 2027 à 14:05 » */
export const weekdayAndHour = (instant: string) => shown(instant, { dateStyle: 'full', timeStyle: 'short' });

/** « 14 juin 2027 à 14:05 » */
export const dayAndHour = (instant: string) => shown(instant, { dateStyle: 'long', timeStyle: 'short' });

/** An instant as `<input type="datetime-local">` shows it. */
export function toInput(instant: string): string {
  // Swedish dates are written as ISO's.
  const text = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: zone });
  return text.format(new Date(instant)).replace(' ', 'T');
}

/** Days of the calendar from now on; less than none where it has gone by. */
export function daysUntil(instant: string, now = new Date().toISOString()): number {
  const day = (moment: string) => Date.parse(toInput(moment).slice(0, 10));
  return Math.round((day(instant) - day(now)) / 86_400_000);
}

/** What was typed in `<input type="datetime-local">`, as an instant. */
export function fromInput(local: string): string {
  const wall = Date.parse(`${local}Z`);
  const offsetAt = (moment: number) => Date.parse(`${toInput(new Date(moment).toISOString())}Z`) - moment;
  // The offset is that of the moment itself, which the first guess misses by the clocks' change.
  const first = wall - offsetAt(wall);
  return new Date(wall - offsetAt(first)).toISOString();
}

export const addMinutes = (instant: string, minutes: number) =>
  new Date(new Date(instant).getTime() + minutes * 60_000).toISOString();

/** Minutes from one instant to the other. */
export const minutesBetween = (from: string, to: string) =>
  Math.round((new Date(to).getTime() - new Date(from).getTime()) / 60_000);
