import { router } from './router.svelte';

let last = $state<{ text: string; path: string }>();

/** Says that something is done, on the page where the person is going to be. */
export function say(text: string, path: string) {
  last = { text, path: path.split('?')[0]! };
}

export function said(): string | undefined {
  return last?.path === router.path ? last.text : undefined;
}
