// What a person is typing, kept in this tab until the server has it: a reload, a lost network or a
// session that ends loses nothing, and the next person of the tab does not see it.

const prefix = 'acquis.kept.';
let writer = '';

/** Whose texts are kept and found from now on. */
export function keepFor(user: string) {
  writer = `${user}.`;
}

const keyOf = (name: string) => prefix + writer + name;

export function keep(name: string, value: unknown) {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the safety net, not the work.
  }
}

export function kept<T>(name: string): T | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

export function forget(name: string) {
  sessionStorage.removeItem(keyOf(name));
}

/** Forgets all that this person was typing. */
export function forgetKept() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix + writer)) sessionStorage.removeItem(key);
}
