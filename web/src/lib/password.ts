import { more } from '../i18n/more.svelte';

export const shortest = 12;

export const checkPassword = (password: string) => password.length < shortest && more.account.tooShort;
export const checkRepeat = (password: string, repeat: string) => password !== repeat && more.account.different;
