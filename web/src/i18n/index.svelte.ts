import type * as English from './english';
import { fr } from './fr';

export type Language = 'fr' | 'en';

const chosen = $state<{ language: Language }>({ language: 'fr' });
let english: typeof English | undefined;

/** A part of the dictionary: each text follows a change of language wherever it is shown. */
export const words = <Part extends object>(french: Part, part: keyof typeof English): Part =>
  new Proxy(french, {
    get: (_, section) => Reflect.get(chosen.language === 'en' && english ? english[part] : french, section),
  });

/** What the first page of a person says. */
export const t = words(fr, 'first');

export function language(): Language {
  return chosen.language;
}

export async function setLanguage(wanted: Language) {
  if (wanted === 'en') english ??= await import('./english');
  chosen.language = wanted;
  document.documentElement.lang = wanted;
  localStorage.setItem('acquis.language', wanted);
}

/** The language chosen on this device before, if any. */
export async function restoreLanguage() {
  if (localStorage.getItem('acquis.language') === 'en') await setLanguage('en').catch(() => {});
}
