import { beforeEach, expect, it } from 'vitest';
import { Spoken } from './spoken.svelte';

const blank = { text: '' };
const at = (text: string, version: number) => ({ said: { text }, version });

beforeEach(() => sessionStorage.clear());

it('follows what others save as long as nothing is typed', () => {
  const spoken = new Spoken('a', blank, undefined);
  spoken.follow(at('un', 1));
  expect([spoken.typed.text, spoken.version, spoken.theirs]).toEqual(['un', 1, undefined]);
});

it('keeps what is typed beside what somebody else has saved', () => {
  const spoken = new Spoken('a', blank, at('un', 1));
  spoken.typed.text = 'le mien';
  spoken.follow(at('le sien', 2));
  expect([spoken.typed.text, spoken.theirs?.said.text, spoken.version]).toEqual(['le mien', 'le sien', 1]);
  spoken.keepMine();
  expect([spoken.typed.text, spoken.version, spoken.theirs]).toEqual(['le mien', 2, undefined]);
  expect(spoken.dirty).toBe(true);
});

it('takes what is saved when the person says so', () => {
  const spoken = new Spoken('a', blank, at('un', 1));
  spoken.typed.text = 'le mien';
  spoken.follow(at('le sien', 2));
  spoken.takeTheirs();
  expect([spoken.typed.text, spoken.version, spoken.dirty]).toEqual(['le sien', 2, false]);
});

it('says that what it is typed over was taken away', () => {
  const spoken = new Spoken('a', blank, at('un', 3));
  spoken.typed.text = 'le mien';
  spoken.follow(undefined);
  expect(spoken.theirs).toBeNull();
  spoken.keepMine();
  expect(spoken.version).toBe(0);
});

it('knows its own words again after a lost answer', () => {
  const spoken = new Spoken('a', blank, undefined);
  spoken.typed.text = 'le mien';
  spoken.follow(at('le mien', 1));
  expect([spoken.theirs, spoken.version, spoken.dirty]).toEqual([undefined, 1, false]);
});

it('finds what was typed before a reload, and what was saved meanwhile', () => {
  const spoken = new Spoken('a', blank, at('un', 1));
  spoken.typed.text = 'le mien';
  spoken.watch();
  const again = new Spoken('a', blank, at('le sien', 2));
  expect([again.typed.text, again.theirs?.said.text]).toEqual(['le mien', 'le sien']);
  again.accept(at('le mien', 3));
  expect(new Spoken('a', blank, at('le mien', 3)).dirty).toBe(false);
});
