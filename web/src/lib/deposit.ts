// Where the dossiers of a student stand before the next deposit.
import type { DossierInfo } from '../api/types';

/** The dossier of this block that waits for the jury, or is before it. */
export const waitsForJury = (dossiers: DossierInfo[], block: string) =>
  dossiers.find(({ status, blocks }) => (status === 'deposited' || status === 'presented') && blocks.includes(block));

/** The one that a session will read: while it waits, nothing else is deposited. */
export const waiting = (dossiers: DossierInfo[]) => dossiers.find(({ status }) => status === 'deposited');

/** The newest one, where a manager took it back and nothing has taken its place. */
export const takenBack = (dossiers: DossierInfo[]) =>
  dossiers[0]?.status === 'reopened' && !waiting(dossiers) ? dossiers[0] : undefined;
