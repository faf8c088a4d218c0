export const fr = {
  sessions: {
  },

  reading: {
  },

  deliberation: {
  },
};
