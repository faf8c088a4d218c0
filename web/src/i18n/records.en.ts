import type { fr } from './records.fr';

export const en: typeof fr = {
  deposit: {
  },

  records: {
  },

  archive: {
  },

  badges: {
  },
};
