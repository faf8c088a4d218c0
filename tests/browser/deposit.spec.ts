// A student deposits, a manager reopens, the student deposits again; what was frozen stays as it was.
import { expect, expectAccessible, featured, enterAs, people, signOut, test } from './fixtures.ts';

const student = featured('apprentice', 'RNCP38822');
const manager = () => people().find(({ role }) => role === 'manager')!;

test('a deposit freezes what the jury reads, until a manager reopens it', async ({ page }, { project }) => {
  await enterAs(page, student);
  const portfolio = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Dossier pour le jury' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Dossier pour le jury' })).toBeFocused();
  const gate = new URL(page.url()).pathname;

  // Some blocks may be deposited; another says what is missing, and leads there.
  const ready = page.getByRole('checkbox', { disabled: false });
  const kept = page.getByRole('checkbox', { disabled: true });
  await expect(ready.first()).toBeVisible();
  await expect(kept.first()).toBeVisible();
  await expect(page.getByText('Pas encore').first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: /^Déposer (une preuve|le livrable)/ }).first().click();
  await expect(page).toHaveURL(/\/preuves\/nouvelle\?/);
  await page.goBack();

  // Without a block nothing is deposited; what is typed outlasts a reload.
  await page.getByRole('button', { name: 'Déposer le dossier' }).click();
  await expect(page.getByRole('alert')).toContainText('Choisissez au moins un bloc');
  await ready.first().check();
  await page.getByLabel('Présentation de votre dossier').fill('Mon parcours, en trois projets.');
  await page.reload();
  await expect(ready.first()).toBeChecked();
  await expect(page.getByLabel('Présentation de votre dossier')).toHaveValue('Mon parcours, en trois projets.');

  await page.getByRole('button', { name: 'Déposer le dossier' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('dossier n°\u00a01');
  await dialog.getByRole('button', { name: 'Déposer le dossier' }).click();

  // The receipt, and the manifest that its sum stands for.
  await expect(page.getByRole('heading', { level: 1, name: 'Dossier n°\u00a01' })).toBeFocused();
  await expect(page.getByText('Le dossier n°\u00a01 est déposé')).toBeVisible();
  const first = new URL(page.url()).pathname;
  const receipt = page.getByRole('region', { name: 'Récépissé' });
  const sum = (await receipt.locator('code').first().textContent())!;
  expect(sum).toMatch(/^[0-9a-f]{64}$/);
  await expect(page.getByText('Mon parcours, en trois projets.')).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Télécharger le manifeste' }).click();
  expect((await download).suggestedFilename()).toBe('manifeste-dossier-1.txt');

  // A block waits for the jury: it is not deposited twice.
  await page.goto(gate);
  await expect(page.getByText('Déjà dans le dossier n°\u00a01')).toBeVisible();
  await expect(page.getByText('Votre dossier n°\u00a01 attend le jury, qui lit un seul dossier')).toBeVisible();
  await expect(page.getByRole('checkbox', { disabled: false })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Déposer le dossier' })).toHaveCount(0);
  await expectAccessible(page);
  await expect(page.getByRole('link', { name: 'Dossier n°\u00a01', exact: true })).toBeVisible();

  // The portfolio goes on; the dossier does not.
  const frozen = await page.request.get(`/api/v1${first}`).then((answer) => answer.json());
  const enrolment = gate.split('/')[2]!;
  const made = await page.request.post(`/api/v1/enrolments/${enrolment}/evidence`, {
    headers: { origin: new URL(page.url()).origin, 'idempotency-key': `later-${project.name}` },
    data: { kind: 'project', title: 'Un projet d’après', competencies: [] },
  });
  expect(made.status()).toBe(201);
  expect(await page.request.get(`/api/v1${first}`).then((answer) => answer.json())).toEqual(frozen);
  await page.goto(portfolio);
  await signOut(page);

  // The manager reads it, and reopens it with a reason.
  await enterAs(page, manager());
  await page.goto(first);
  await page.getByRole('button', { name: 'Rouvrir ce dossier' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Raison de la réouverture').fill('La présentation est trop courte.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Rouvrir ce dossier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rouvrir ce dossier' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Le dossier est rouvert' })).toBeVisible();
  await expect(page.getByText('La présentation est trop courte.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Rouvrir ce dossier' })).toHaveCount(0);
  await signOut(page);

  // The student learns why, from their first page on, and goes on from what they had deposited.
  await enterAs(page, student);
  await page.getByRole('link', { name: 'Votre dossier a été rouvert\u00a0: La présentation est trop courte.' }).click();
  await expect(page).toHaveURL(gate);
  await expect(page.getByText('Votre dossier a été rouvert\u00a0: La présentation est trop courte.')).toBeVisible();
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(1);
  await expect(page.getByLabel('Présentation de votre dossier')).toHaveValue('Mon parcours, en trois projets.');
  await expectAccessible(page);
  await page.getByLabel('Présentation de votre dossier').fill('Mon parcours, en trois projets et une année.');
  await page.getByRole('button', { name: 'Déposer le dossier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Déposer le dossier' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Dossier n°\u00a02' })).toBeVisible();
  await page.getByRole('link', { name: 'Dossiers déposés' }).click();
  for (const name of ['Dossier n°\u00a02', 'Dossier n°\u00a01']) {
    await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
  }
  await expectAccessible(page);
});

test('a draft certification says why nothing is deposited', async ({ page }) => {
  await enterAs(page, featured('apprentice', 'RNCP37579'));
  await page.getByRole('link', { name: 'Dossier pour le jury' }).first().click();
  await expect(page.getByText('La certification RNCP37579 est encore un brouillon')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Déposer le dossier' })).toHaveCount(0);
  await expectAccessible(page);
});

test('a deposit waits for the network', async ({ page, context }) => {
  await enterAs(page, student);
  await page.getByRole('link', { name: 'Dossier pour le jury' }).first().click();
  await expect(page.getByRole('button', { name: 'Déposer le dossier' })).toBeEnabled();
  await context.setOffline(true);
  await expect(page.getByText('Le dépôt demande le réseau')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Déposer le dossier' })).toBeDisabled();
  await context.setOffline(false);
  await expect(page.getByRole('button', { name: 'Déposer le dossier' })).toBeEnabled();
});
