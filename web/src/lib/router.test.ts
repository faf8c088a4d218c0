import { expect, it } from 'vitest';
import { match, ownPath } from './router.svelte';

it('reads the parameters of an address', () => {
  expect(match('/parcours/:id/blocs/:code', '/parcours/12/blocs/BC%2001')).toEqual({ id: '12', code: 'BC 01' });
  expect(match('/promotions', '/promotions/')).toEqual({});
  expect(match('/', '/')).toEqual({});
});

it('refuses an address of another shape', () => {
  expect(match('/parcours/:id', '/parcours')).toBeUndefined();
  expect(match('/parcours/:id', '/parcours/')).toBeUndefined();
  expect(match('/parcours/:id', '/promotions/12')).toBeUndefined();
  expect(match('/parcours/:id', '/parcours/%E0%A4%A')).toBeUndefined();
});

it('follows no address out of this site', () => {
  expect(ownPath('/jurys/12/convocation')).toBe('/jurys/12/convocation');
  for (const named of [null, '', '//ailleurs.example', '/\\ailleurs.example', 'https://ailleurs.example']) {
    expect(ownPath(named)).toBe('/');
  }
});
