// What a person is typing, kept in this tab until the server has it: a reload or a lost network loses nothing.

const prefix = 'acquis.kept.';

export function keep(name: string, value: unknown) {
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs the safety net, not the work.
  }
}

export function kept<T>(name: string): T | undefined {
  try {
    const text = sessionStorage.getItem(prefix + name);
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

export function forget(name: string) {
  sessionStorage.removeItem(prefix + name);
}

export function forgetKept() {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name);
}
