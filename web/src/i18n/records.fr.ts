export const fr = {
  deposit: {
  },

  records: {
  },

  archive: {
  },

  badges: {
  },
};
