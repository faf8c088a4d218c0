import * as api from '../api/endpoints';
import { ApiError } from '../api/client';
import type { Instance, Me, Role } from '../api/types';
import { clearDevice, forgetAnswersOfOthers, isMarked, rememberAnswer, removeMark, setMark } from './device';
import { forgetKept, keepFor } from './kept';

const state = $state<{ me: Me | null; instance: Instance | null; ended: boolean }>({ me: null, instance: null, ended: false });

export const session = {
  get me() {
    return state.me;
  },
  get instance() {
    return state.instance;
  },
  /** It ended while somebody was at work; nobody was on a first visit. */
  get ended() {
    return state.ended;
  },
};

export function hasRole(...roles: Role[]): boolean {
  return state.me?.memberships.some((membership) => membership.roles.some((role) => roles.includes(role))) ?? false;
}

/** Reads who is signed in on this device; nobody is not an error. Without network it is who last was. */
export async function resume() {
  if (!isMarked()) return;
  try {
    take(await api.me());
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    removeMark();
  }
}

/** Only who learns here works without network: of others this device remembers nothing. */
function take(me: Me) {
  state.me = me;
  keepFor(me.user.id);
  const keeps = me.enrolments.length > 0;
  setMark(keeps ? me.user.id : null);
  if (keeps) void rememberAnswer(me.user.id, '/me', me).catch(() => {});
}

/** After any of the ways in has succeeded. */
export async function enter() {
  // Whoever was here before, their answers are not for this person; what they have to send waits for them.
  leave();
  const me = await api.meNow();
  await forgetAnswersOfOthers(me.user.id).catch(() => {});
  take(me);
}

/** The session is over; what waits to be sent stays here for when the same person comes back. */
export function leave(ended = false) {
  removeMark();
  state.me = null;
  state.ended = ended;
}

/** The server no longer takes this browser for whom it did. */
export function lose() {
  leave(state.ended || state.me !== null || isMarked());
}

/** Empties the device, whatever the server says; false if it could not be told, so that the session lasts there. */
export async function signOut(): Promise<boolean> {
  const user = state.me?.user.id;
  // The next person on this device must not find what this one was reading or writing.
  forgetKept();
  if (user) await clearDevice(user).catch(() => {});
  const ended = await api.signOut().then(
    () => true,
    // A session that is already over needs no end.
    (error: unknown) => error instanceof ApiError && error.status === 401,
  );
  leave();
  return ended;
}

export async function readInstance(): Promise<Instance> {
  state.instance ??= await api.instance();
  return state.instance;
}
