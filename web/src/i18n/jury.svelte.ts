import { words } from './index.svelte';
import { fr } from './jury.fr';

/** As `t`, for the pages of juries. */
export const j = words(fr, 'jury');
