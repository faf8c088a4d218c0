import { language } from '../i18n/index.svelte';
import type { User } from '../api/types';

export const locale = () => (language() === 'fr' ? 'fr-FR' : 'en-GB');

/** A day or an hour in words, on the device's clock unless a zone is named. */
export function inWords(when: Date, options: Intl.DateTimeFormatOptions): string {
  const text = new Intl.DateTimeFormat(locale(), options).format(when);
  // French says « premier », which the browsers' own dates do not.
  return language() === 'fr' ? text.replace(/\b1 (?=\p{L})/u, '1er ') : text;
}

/** `2026-03-12` or an instant as « 12 mars 2026 ». */
export const longDate = (value: string) =>
  inWords(new Date(value.length === 10 ? `${value}T12:00:00` : value), { dateStyle: 'long' });

/** « 12 mars 2026 à 14:05 » */
export const dayAndTime = (instant: string) => inWords(new Date(instant), { dateStyle: 'long', timeStyle: 'short' });

export function period(from: string | null, to: string | null): string {
  if (from && to && from !== to) return `${longDate(from)} – ${longDate(to)}`;
  const day = from ?? to;
  return day ? longDate(day) : '';
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 24],
  ['day', 7],
  ['week', 4.35],
  ['month', 12],
  ['year', Infinity],
];

/** « il y a 3 jours » */
export function ago(instant: string, now = Date.now()): string {
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  let value = (new Date(instant).getTime() - now) / 60_000;
  for (const [unit, next] of steps) {
    if (Math.abs(value) < next) return format.format(Math.round(value), unit);
    value /= next;
  }
  return '';
}

export function fileSize(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: units[unit],
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}

export function percent(share: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent' }).format(share);
}

export function list(words: string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(words);
}

export const fullName = (user: Pick<User, 'given_name' | 'family_name'>) => `${user.given_name} ${user.family_name}`;

/** As a school's lists go: by family name, then by given name. */
export const byName = (a: Pick<User, 'given_name' | 'family_name'>, b: Pick<User, 'given_name' | 'family_name'>) =>
  a.family_name.localeCompare(b.family_name, 'fr') || a.given_name.localeCompare(b.given_name, 'fr');

export function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

let regions: Intl.DisplayNames | undefined;
let tongues: Intl.DisplayNames | undefined;

export function countryName(code: string): string {
  if (regions?.resolvedOptions().locale !== locale()) regions = new Intl.DisplayNames(locale(), { type: 'region' });
  return regions!.of(code) ?? code;
}

export function languageName(code: string): string {
  if (tongues?.resolvedOptions().locale !== locale()) tongues = new Intl.DisplayNames(locale(), { type: 'language' });
  return tongues!.of(code) ?? code;
}
