import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import type { Certification } from '../api/types';
import { shortcuts } from '../lib/keys.svelte';
import GridCriterion from './GridCriterion.svelte';

const certification = {
  levels: [
    { key: 'low', label: 'Non acquis', description: null },
    { key: 'high', label: 'Acquis', description: null },
  ],
} as unknown as Certification;

function show() {
  const rating = $state({ criterion: 'c', level: null, comment: '' });
  render(GridCriterion, {
    certification,
    rating,
    text: 'Le besoin est décrit',
    competency: 'Concevoir',
    id: 'one',
    others: [{ who: 'Auto-évaluation', level: 'Acquis', reached: true }],
    last: { level: 'high', when: '2026-03-12' },
  });
}

const level = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });

it('shows the other views without choosing any level', () => {
  show();
  expect(screen.getByText('Auto-évaluation', { exact: false })).toBeTruthy();
  expect(level('Non acquis').checked).toBe(false);
  expect(level('Acquis').checked).toBe(false);
});

it('chooses a level by its digit, and can be cleared', async () => {
  show();
  await fireEvent.keyDown(level('Non acquis'), { key: '2' });
  expect(level('Acquis').checked).toBe(true);
  await fireEvent.click(screen.getByRole('button', { name: /Effacer ce choix/ }));
  expect(level('Acquis').checked).toBe(false);
});

it('leaves digits to the comment that is being typed', async () => {
  show();
  await fireEvent.click(screen.getByRole('button', { name: /Ajouter un commentaire/ }));
  await fireEvent.keyDown(screen.getByRole('textbox'), { key: '2' });
  expect(level('Acquis').checked).toBe(false);
});

it('takes the last level over only when asked', async () => {
  show();
  expect(level('Acquis').checked).toBe(false);
  await fireEvent.click(screen.getByRole('button', { name: /Même niveau que la dernière fois.*Acquis, 12 mars 2026/ }));
  expect(level('Acquis').checked).toBe(true);
  await fireEvent.keyDown(level('Acquis'), { key: '0' });
  expect(level('Acquis').checked).toBe(false);
  await fireEvent.keyDown(level('Acquis'), { key: '=' });
  expect(level('Acquis').checked).toBe(true);
});

it('hears no key once the keys are switched off', async () => {
  show();
  shortcuts.on = false;
  await fireEvent.keyDown(level('Non acquis'), { key: '2' });
  expect(level('Acquis').checked).toBe(false);
  shortcuts.on = true;
});
