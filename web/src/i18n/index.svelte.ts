import { fr, type Dictionary } from './fr';

export type Language = 'fr' | 'en';

const chosen = $state<{ language: Language }>({ language: 'fr' });
const dictionaries: { fr: Dictionary; en?: Dictionary } = { fr };

/** The dictionary of the chosen language: `t.home.title` follows a change of language wherever it is shown. */
export const t = new Proxy(fr, {
  get: (_, section: keyof Dictionary) => (dictionaries[chosen.language] ?? fr)[section],
});

export function language(): Language {
  return chosen.language;
}

export async function setLanguage(wanted: Language) {
  // English is a chunk of its own: most people never need it.
  if (wanted === 'en') dictionaries.en ??= (await import('./en')).en;
  chosen.language = wanted;
  document.documentElement.lang = wanted;
  localStorage.setItem('acquis.language', wanted);
}

/** The language chosen on this device before, if any. */
export async function restoreLanguage() {
  if (localStorage.getItem('acquis.language') === 'en') await setLanguage('en').catch(() => {});
}
