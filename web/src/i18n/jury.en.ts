import type { fr } from './jury.fr';

export const en: typeof fr = {
  sessions: {
  },

  reading: {
  },

  deliberation: {
  },
};
