import { t } from '../i18n/index.svelte';

export const shortest = 12;

export const checkPassword = (password: string) => password.length < shortest && t.account.tooShort;
export const checkRepeat = (password: string, repeat: string) => password !== repeat && t.account.different;
