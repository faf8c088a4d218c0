import { words } from './index.svelte';
import { fr } from './records.fr';

/** As `t`, for the pages of dossiers and of what a person holds. */
export const r = words(fr, 'records');
