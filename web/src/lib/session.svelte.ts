import * as api from '../api/endpoints';
import { ApiError } from '../api/client';
import type { Instance, Me, Role } from '../api/types';
import { forgetKept } from './kept';

// A mark, never a token: it only spares a person who has never signed in here a request that must fail.
const mark = 'acquis.signed-in';

const state = $state<{ me: Me | null; instance: Instance | null }>({ me: null, instance: null });

export const session = {
  get me() {
    return state.me;
  },
  get instance() {
    return state.instance;
  },
};

export function hasRole(...roles: Role[]): boolean {
  return state.me?.memberships.some((membership) => membership.roles.some((role) => roles.includes(role))) ?? false;
}

/** Reads who is signed in on this device; nobody is not an error. */
export async function resume() {
  if (!localStorage.getItem(mark)) return;
  try {
    state.me = await api.me();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    localStorage.removeItem(mark);
  }
}

/** After any of the ways in has succeeded. */
export async function enter() {
  localStorage.setItem(mark, '1');
  state.me = await api.me();
}

export async function refreshMe() {
  state.me = await api.me();
}

export function leave() {
  localStorage.removeItem(mark);
  state.me = null;
}

export async function signOut() {
  await api.signOut();
  // The next person on this device must not find what this one was writing.
  forgetKept();
  leave();
}

export async function readInstance(): Promise<Instance> {
  state.instance ??= await api.instance();
  return state.instance;
}
