// What was written about a person or an enrolment is put right.
import type { Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, inDays, people, test } from './fixtures.ts';

interface Found { id: string; ends_on: string | null; version: number; student: { family_name: string } }

const manager = () => people().find((person) => person.role === 'manager')!;

async function openPath(page: Page): Promise<Found> {
  const { family_name } = featured('apprentice', 'RNCP38822');
  const found = await page.request.get(`/api/v1/enrolments?q=${encodeURIComponent(family_name)}`);
  const { items }: { items: (Found & { certification: { code: string } })[] } = await found.json();
  return items.find((one) => one.certification.code === 'RNCP38822')!;
}

test('a path is put right, and an early end is shown', async ({ page }) => {
  await enterAs(page, manager());
  const { id } = await openPath(page);
  await page.goto(`/parcours/${id}`);
  await page.getByRole('link', { name: 'Modifier le parcours' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Modifier le parcours' })).toBeFocused();
  await expect(page.getByLabel('Statut')).toHaveValue('apprentice');
  await expect(page.getByText('Contrat rompu, départ anticipé')).toBeVisible();
  await expectAccessible(page);

  await page.getByLabel(/^Fin/).fill('2001-01-01');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('alert')).toBeFocused();
  await expectAccessible(page);

  await page.getByLabel('Statut').selectOption('employee');
  await page.getByLabel(/^Fin/).fill(inDays(-1));
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Le parcours est modifié.')).toBeVisible();
  await expect(page.getByText('Salarié·e')).toBeVisible();
  const saved: Found = await (await page.request.get(`/api/v1/enrolments/${id}`)).json();
  expect(saved.ends_on).toBe(inDays(-1));
});

test('of two managers at once, the second chooses between the two', async ({ page, server }) => {
  await enterAs(page, manager());
  const { id } = await openPath(page);
  await page.goto(`/parcours/${id}/modifier`);
  await expect(page.getByLabel('Statut')).toHaveValue('apprentice');
  const now = await (await page.request.get(`/api/v1/enrolments/${id}`)).json();
  const { route, profile, starts_on, ends_on, version } = now;
  const other = { cohort_id: now.cohort?.id ?? null, route, status: 'employee', profile, starts_on, ends_on };
  const headers = { 'if-match': `"${version}"`, origin: server.url };
  expect((await page.request.put(`/api/v1/enrolments/${id}`, { data: other, headers })).status()).toBe(200);

  await page.getByLabel('Statut').selectOption('trainee');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('alert')).toContainText('Votre saisie est toujours là.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Reprendre la version enregistrée' }).click();
  await expect(page.getByLabel('Statut')).toHaveValue('employee');
  await page.getByLabel('Statut').selectOption('trainee');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Le parcours est modifié.')).toBeVisible();
});

test('a mistyped name and address are put right from the list of people', async ({ page }) => {
  await enterAs(page, manager());
  const { email, family_name } = featured('apprentice', 'RNCP38822');
  await page.goto('/personnes');
  await page.getByLabel('Rechercher par nom ou adresse').fill(email);
  const line = page.getByRole('listitem').filter({ hasText: email });
  await line.getByRole('link', { name: /^Modifier/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Modifier une personne' })).toBeFocused();
  await expect(page.getByLabel('Nom', { exact: true })).toHaveValue(family_name);
  await expectAccessible(page);

  await page.getByLabel('Adresse électronique').fill(manager().email);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('alert')).toContainText(/déjà/);
  await expectAccessible(page);

  await page.getByLabel('Nom', { exact: true }).fill('Têtu-Corrigé');
  await page.getByLabel('Adresse électronique').fill('corrige@exemple.fr');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('les changements sont enregistrés')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'corrige@exemple.fr' })).toContainText('Têtu-Corrigé');
  await expectAccessible(page);
});

test('whoever may do more is not a manager’s to change, and the page says so', async ({ page }) => {
  await enterAs(page, manager());
  const found = await (await page.request.get(`/api/v1/users?q=${encodeURIComponent(manager().email)}`)).json();
  const { id } = found.items[0];
  await page.goto(`/personnes/${id}`);
  await page.getByLabel('Nom', { exact: true }).fill('Autre');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('alert')).toContainText('Seul un administrateur');
});
