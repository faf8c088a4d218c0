// English is a chunk of its own: most people never need it.
export { en as first } from './en';
export { en as jury } from './jury.en';
export { en as managers } from './managers.en';
export { en as more } from './more.en';
export { en as records } from './records.en';
