import { expect, it } from 'vitest';
import source from './fr.ts?raw';
import jury from './jury.fr.ts?raw';
import managers from './managers.fr.ts?raw';
import more from './more.fr.ts?raw';
import records from './records.fr.ts?raw';

// What is put into a text is code, with a punctuation of its own.
const texts = (source + jury + managers + more + records)
  .split('\n')
  .flatMap((line) => line.match(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g) ?? [])
  .map((text) => text.replace(/\$\{[^{}]*\}/g, '0'));

it('keeps French punctuation with the word before it', () => {
  const loose = texts.filter(
    (text) => / [;!?»%](?![^{]*\})/.test(text) || /« /.test(text) || /[^\s?}] :(?: |['`])/.test(text),
  );
  expect(loose).toEqual([]);
});

it('uses the curved apostrophe', () => {
  expect(texts.filter((text) => /\p{L}\\?'\p{L}/u.test(text.slice(1, -1)))).toEqual([]);
});
