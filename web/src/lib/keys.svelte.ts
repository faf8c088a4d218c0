// Shortcuts of one key. They can be switched off (WCAG 2.1.4), and a text field keeps its own keys.

const mark = 'acquis.shortcuts-off';
const state = $state({ on: !localStorage.getItem(mark) });

export const shortcuts = {
  get on() {
    return state.on;
  },
  set on(value: boolean) {
    state.on = value;
    if (value) localStorage.removeItem(mark);
    else localStorage.setItem(mark, '1');
  },
};

const typing = 'textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])';

/** Whether a key is meant for the page: not for a field, a dialog, the browser, or somebody who heard it before. */
export function hears(event: KeyboardEvent): boolean {
  return (
    shortcuts.on &&
    !event.defaultPrevented &&
    !event.repeat &&
    !(event.ctrlKey || event.metaKey || event.altKey) &&
    !(event.target as Element).closest?.(typing) &&
    !document.querySelector('dialog[open]')
  );
}

/** The digit on the key, also where it needs Shift, as on French keyboards. */
export function digitOf(event: KeyboardEvent): number | undefined {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? /^\d$/.exec(event.key)?.[0];
  return digit === undefined ? undefined : Number(digit);
}

/** The focus on a criterion's chosen level, else on its first. */
export function enterCriterion(criterion: Element | null | undefined) {
  const radio = criterion?.querySelector<HTMLElement>('input:checked') ?? criterion?.querySelector<HTMLElement>('input');
  radio?.focus();
}

/** From a criterion to the one before or after; after the last, to the signature. */
export function step(from: Element, by: 1 | -1) {
  const all = [...document.querySelectorAll('fieldset.criterion')];
  const next = all[all.indexOf(from) + by];
  if (next) enterCriterion(next);
  else if (by > 0) document.getElementById('sign')?.focus();
}
