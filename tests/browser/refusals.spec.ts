// What goes wrong is said, and nothing that was typed is lost.
import { readFileSync } from 'node:fs';
import { enterAs, expect, expectAccessible, featured, png, test } from './fixtures.ts';

test('a wrong password', async ({ page }) => {
  await page.goto('/connexion');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page.getByRole('alert')).toContainText('2 points sont à corriger');
  await expectAccessible(page);
  await page.getByLabel('Adresse électronique').fill('personne@nulle-part.example');
  await page.getByLabel('Mot de passe', { exact: true }).fill('pas le bon mot de passe');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page.getByRole('alert')).toContainText('mot de passe');
  await expectAccessible(page);
});

test('a page of somebody else', async ({ page }) => {
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  await page.goto('/parcours/01a20213-3974-7496-aa65-2224f1d02263');
  await expect(page.getByText('ou vous n’y avez pas accès', { exact: false })).toBeVisible();
  await expectAccessible(page);
});

test('text that was not saved is there after a reload, and after a change made elsewhere', async ({ page }) => {
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  await page.getByRole('link', { name: 'Déposer une preuve' }).first().click();
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Donnez un titre' })).toBeVisible();
  await page.getByLabel('Titre').fill('Outil de relève');
  await page.getByLabel('Ce que vous avez fait').fill('Une première version.');
  await page.reload();
  await expect(page.getByLabel('Ce que vous avez fait')).toHaveValue('Une première version.');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/preuves\/[^/]+\/modifier/);

  const id = page.url().match(/preuves\/([^/]+)/)![1]!;
  const saved = await (await page.request.get(`/api/v1/evidence/${id}`)).json();
  const elsewhere = await page.request.patch(`/api/v1/evidence/${id}`, {
    headers: { 'If-Match': `"${saved.version}"`, Origin: new URL(page.url()).origin },
    data: { text: 'Écrit ailleurs.' },
  });
  expect(elsewhere.status()).toBe(200);
  await page.getByLabel('Ce que vous avez fait').fill('Mon texte, à garder.');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByRole('heading', { name: 'Cette preuve a changé ailleurs' })).toBeVisible();
  await expect(page.getByLabel('Ce que vous avez fait')).toHaveValue('Mon texte, à garder.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'La remplacer par mon texte' }).click();
  await expect(page.getByText(/Brouillon enregistré à/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Cette preuve a changé ailleurs' })).toHaveCount(0);
  const after = await (await page.request.get(`/api/v1/evidence/${id}`)).json();
  expect(after.text).toBe('Mon texte, à garder.');
});

test('a server that does not answer', async ({ page, server }) => {
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  await page.getByRole('link', { name: 'Déposer une preuve' }).first().click();
  await page.getByLabel('Titre').fill('Écrit pendant la panne');
  await server.stop();
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText(/Gardé sur cet appareil à .+, en attente d’envoi/)).toBeVisible();
  await expect(page.getByLabel('Titre')).toHaveValue('Écrit pendant la panne');
});

test('a browser that keeps nothing still hands in', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('Forbidden', 'SecurityError');
    };
  });
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  await page.getByRole('link', { name: 'Déposer une preuve' }).first().click();
  await page.getByLabel('Ajouter des fichiers').setInputFiles([png('photo.png')]);
  await expect(page.getByText('Cet appareil ne peut pas garder ce que vous ajoutez', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Titre').fill('Sans rien garder');
  const group = page.locator('details.group').first();
  await group.locator('summary').click();
  await group.getByRole('checkbox').first().check();
  await page.getByLabel(/En quoi cette preuve la montre/).first().fill('Relevé et comparé.');
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page.getByText('La preuve est envoyée à vos tuteurs.')).toBeVisible();
  const id = page.url().match(/preuves\/([^/]+)/)![1]!;
  const saved = await (await page.request.get(`/api/v1/evidence/${id}`)).json();
  expect(saved).toMatchObject({ title: 'Sans rien garder', status: 'submitted', files: [{ name: 'photo.png' }] });
});

test('a picture opens in place, and a page that pretends to be one does not run', async ({ page }) => {
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  await page.getByRole('link', { name: 'Déposer une preuve' }).first().click();
  await page.getByLabel('Titre').fill('Photos du chantier');
  await page.getByLabel('Ajouter des fichiers').setInputFiles([
    png('photo.png'),
    { name: 'piege.png', mimeType: 'image/png', buffer: Buffer.from('<script>document.title = "volé"</script>') },
  ]);
  await expect(page.getByText(/Reçu/)).toHaveCount(2);
  const id = page.url().match(/preuves\/([^/]+)/)![1]!;
  const { files } = await (await page.request.get(`/api/v1/evidence/${id}`)).json();
  expect(files.map((file: { media_type: string }) => file.media_type)).toEqual(['image/png', 'text/plain; charset=utf-8']);
  await page.goto(`/preuves/${id}`);
  const picture = page.getByRole('img', { name: /photo\.png/ });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  await page.goto(`/api/v1/files/${files[1].id}`);
  await expect(page).not.toHaveTitle('volé');
});

test('a broken certification file is refused line by line, a whole one is published', async ({ page }) => {
  await enterAs(page, featured('manager'));
  await page.goto('/certifications');
  await page.getByRole('link', { name: 'Publier une version' }).click();
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Choisissez le fichier' })).toBeVisible();
  const file = (text: string) => ({ name: 'ecole.toml', mimeType: 'application/toml', buffer: Buffer.from(text) });
  await page.getByLabel('Fichier de la certification').setInputFiles(file('code = "ECOLE1"\ncouleur = 1\n'));
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Ligne 2' })).toBeVisible();
  await expectAccessible(page);
  const shipped = readFileSync(new URL('../../crates/catalog/certifications/RNCP38822.toml', import.meta.url), 'utf8');
  await page.getByLabel('Fichier de la certification').setInputFiles(file(shipped.replace('version = "1"', 'version = "2"')));
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await expect(page).toHaveURL(/certifications\/RNCP38822\?version=2/);
});
