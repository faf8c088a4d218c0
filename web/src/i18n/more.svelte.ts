import { words } from './index.svelte';
import { fr } from './more.fr';

/** As `t`, for what is read after the first page of a person. */
export const more = words(fr, 'more');
