import { words } from './index.svelte';
import { fr } from './managers.fr';

/** As `t`, for the pages of managers. */
export const m = words(fr, 'managers');
