// What only managers read: kept apart, so that it is no part of the first page.
import { language } from './index.svelte';
import { en } from './managers.en';
import { fr } from './managers.fr';

/** As `t`, for the pages of managers. */
export const m = new Proxy(fr, {
  get: (_, section: keyof typeof fr) => (language() === 'en' ? en : fr)[section],
});
