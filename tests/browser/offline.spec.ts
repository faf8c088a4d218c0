// A day without network: what is logged on the device arrives once, whatever happens on the way.
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, named, people, png, signOut, test } from './fixtures.ts';
import { frontOf } from './front.ts';
import { start } from './server.ts';

const apprentice = () => featured('apprentice', 'RNCP38822');
const json = async (page: Page, path: string) => (await page.request.get(`/api/v1${path}`)).json();

interface Logged { id: string; title: string; status: string; files: number }

/** The evidence that the server has under a title. */
async function arrived(page: Page, enrolment: string, title: string): Promise<Logged[]> {
  const { items } = await json(page, `/enrolments/${enrolment}/evidence?limit=200`);
  return items.filter((item: Logged) => item.title === title);
}

/** Enters, and waits until this device can do without network; gives the person's course. */
async function ready(page: Page): Promise<string> {
  await enterAs(page, apprentice());
  return prepared(page);
}

/** The same for who is in already. */
async function prepared(page: Page): Promise<string> {
  const me = await json(page, '/me');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect
    .poll(() => page.evaluate((user) => new Promise((resolve) => {
      const opening = indexedDB.open('acquis');
      opening.onsuccess = () => {
        const asked = opening.result.transaction('answers').objectStore('answers').count([user, 'prepared']);
        asked.onsuccess = () => {
          opening.result.close();
          resolve(asked.result);
        };
      };
    }), me.user.id))
    .toBe(1);
  return me.enrolments[0].id;
}

/** Writes a new evidence; with a competency, it can be handed in. */
async function write(page: Page, enrolment: string, title: string, { competency = true } = {}) {
  await page.goto(`/parcours/${enrolment}/preuves/nouvelle`);
  await page.getByLabel('Titre').fill(title);
  await page.getByLabel('Ce que vous avez fait').fill('Relevé sur le chantier, sans réseau.');
  if (!competency) return;
  const group = page.locator('details.group').first();
  if (!(await group.evaluate((details: HTMLDetailsElement) => details.open))) await group.locator('summary').click();
  await group.getByRole('checkbox').first().check();
  await page.getByLabel(/En quoi cette preuve la montre/).first().fill('J’ai relevé et comparé.');
}

/** How much each store of this device holds, what the tab keeps, and who is marked as being in. */
const leftOn = (page: Page) => page.evaluate(() => new Promise((resolve) => {
  const opening = indexedDB.open('acquis');
  opening.onsuccess = () => {
    const stores = [...opening.result.objectStoreNames];
    const read = opening.result.transaction(stores);
    const counts: number[] = [];
    for (const store of stores) {
      const asked = read.objectStore(store).count();
      asked.onsuccess = () => counts.push(asked.result);
    }
    read.oncomplete = () => resolve([counts, Object.keys(sessionStorage), localStorage.getItem('acquis.signed-in')]);
  };
}));

/** The marks of what has not arrived yet. */
const onTheWay = /^\s*(En attente d’envoi|Envoi en cours)\s*$/;

const waitingLine = (page: Page, title: string) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name: title }) });

async function reopened(context: BrowserContext, page: Page, path: string): Promise<Page> {
  await page.close();
  const again = await context.newPage();
  await again.goto(path);
  return again;
}

test('an evidence with a photo is logged without network, and arrives once', async ({ page, context }, info) => {
  const enrolment = await ready(page);
  await context.setOffline(true);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon portfolio de compétences');
  await expect(page.getByText(/Hors ligne\s: données du \d+ .+/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Déposer une preuve' }).first().click();
  await write(page, enrolment, 'Relevé du chantier');
  const camera = info.project.name === 'phone';
  await page.getByLabel(camera ? 'Prendre une photo' : 'Ajouter des fichiers').setInputFiles([png('photo.png')]);
  await expect(page.getByText('Gardé sur cet appareil, en attente d’envoi.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page).toHaveURL(/en-attente\/[^/]+$/);
  await expect(page.getByText('En attente d’envoi', { exact: true })).toBeVisible();
  await expect(page.getByText('photo.png')).toBeVisible();
  await expectAccessible(page);
  await page.goto('/');
  await expect(waitingLine(page, 'Relevé du chantier')).toContainText('En attente d’envoi');
  await expectAccessible(page);

  const later = await reopened(context, page, `/parcours/${enrolment}/preuves`);
  await expect(waitingLine(later, 'Relevé du chantier')).toContainText('En attente d’envoi');
  await expectAccessible(later);
  expect(await arrived(later, enrolment, 'Relevé du chantier')).toEqual([]);

  await context.setOffline(false);
  await expect(later.getByText(onTheWay)).toHaveCount(0);
  await expect(later.getByRole('link', { name: 'Relevé du chantier' })).toHaveAttribute('href', /preuves/);
  expect(await arrived(later, enrolment, 'Relevé du chantier')).toMatchObject([{ status: 'submitted', files: 1 }]);
  await later.goto('/');
  await expect(later.getByText(/Hors ligne/)).toHaveCount(0);
});

test('the pages of a course open without network', async ({ page, context }) => {
  const enrolment = await ready(page);
  const { blocks } = await json(page, `/enrolments/${enrolment}/progress`);
  await context.setOffline(true);
  const at = `/parcours/${enrolment}`;
  for (const [path, title] of [
    ['/portfolio', 'Mon portfolio de compétences'],
    [at, 'Mon portfolio de compétences'],
    [`${at}/blocs/${blocks[0].code}`, blocks[0].title],
    [`${at}/competences/${blocks[0].competencies[0].competency}`, /.+/],
    [`${at}/preuves`, 'Mes preuves'],
    [`${at}/preuves/nouvelle`, 'Déposer une preuve'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(page.getByText(/Hors ligne\s: données du/)).toBeVisible();
    await expect(page.getByText('Chargement en cours…')).toHaveCount(0);
    await expect(page.getByText('Le serveur ne répond pas', { exact: false })).toHaveCount(0);
  }
  // Signing out empties the device all the same, and says what it could not do.
  await page.goto('/compte');
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page).toHaveURL(/connexion/);
  await expect(page.getByText('la session y dure jusqu’à son terme', { exact: false })).toBeVisible();
  await expectAccessible(page);
  expect(await leftOn(page)).toEqual([[0, 0, 0, 0], [], null]);
  await page.goto('/');
  await expect(page).toHaveURL(/connexion/);
});

test('a server that dies in the middle of a file gets it whole, once, when it is back', async ({ page }) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'acquis-browser-'));
  const data = join(folder, 'demo');
  cpSync(process.env.ACQUIS_DEMO_TEMPLATE!, data, { recursive: true });
  let server = await start(['demo', '--data', data]);
  const { url } = server;
  const at = (path: string) => `${url}${path}`;
  await page.goto(at('/connexion'));
  await page.getByRole('button', { name: `Entrer comme ${named(apprentice())}` }).click();
  await expect(page).not.toHaveURL(/connexion/);
  const api = async (path: string) => (await page.request.get(at(`/api/v1${path}`))).json();
  const enrolment = (await api('/me')).enrolments[0].id;

  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const speed = (uploadThroughput: number) =>
    network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  const content = Buffer.alloc(20_000_000, 'Acquis, sur un chantier sans réseau. ');
  await page.goto(at(`/parcours/${enrolment}/preuves/nouvelle`));
  await page.getByLabel('Titre').fill('Vidéo du chantier');
  await speed(2_000_000);
  await page.getByLabel('Ajouter des fichiers').setInputFiles([{ name: 'chantier.mp4', mimeType: 'video/mp4', buffer: content }]);
  await expect(page.getByText(/Envoi\s: ([2-9]|\d\d)\s%/)).toBeVisible();
  await server.kill();
  await expect(page.getByText('Gardé sur cet appareil, en attente d’envoi.')).toBeVisible();
  await speed(-1);
  server = await start(['demo', '--data', data], { port: new URL(url).port });
  try {
    await page.goto(at('/'));
    const found = async (): Promise<Logged[]> =>
      (await api(`/enrolments/${enrolment}/evidence?limit=200`)).items.filter((item: Logged) => item.title === 'Vidéo du chantier');
    await expect.poll(found, { timeout: 60_000 }).toMatchObject([{ status: 'draft', files: 1 }]);
    await expect(page.getByText('gardée sur cet appareil')).toHaveCount(0);
    expect(await found()).toHaveLength(1);
    const { files } = await api(`/evidence/${(await found())[0]!.id}`);
    expect(files).toMatchObject([{ name: 'chantier.mp4', size: content.length, sha256: createHash('sha256').update(content).digest('hex') }]);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what is refused says so, and holds nothing else back', async ({ page, context }) => {
  const enrolment = await ready(page);
  await context.setOffline(true);
  await write(page, enrolment, 'Sans compétence', { competency: false });
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page).toHaveURL(/en-attente\/[^/]+$/);
  await write(page, enrolment, 'Derrière elle');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText(/Gardé sur cet appareil à/)).toBeVisible();
  await page.goto(`/parcours/${enrolment}/preuves`);
  await expect(page.getByText('En attente d’envoi', { exact: true })).toHaveCount(2);

  await context.setOffline(false);
  const refused = waitingLine(page, 'Sans compétence').filter({ hasText: 'À corriger' });
  await expect(refused).toContainText('compétence');
  await expect(page.getByText(onTheWay)).toHaveCount(0);
  await expectAccessible(page);
  expect(await arrived(page, enrolment, 'Derrière elle')).toMatchObject([{ status: 'draft' }]);

  await refused.getByRole('link').click();
  await page.getByRole('link', { name: 'Modifier' }).click();
  const group = page.locator('details.group').first();
  await group.locator('summary').click();
  await group.getByRole('checkbox').first().check();
  await page.getByLabel(/En quoi cette preuve la montre/).first().fill('Ajoutée ensuite.');
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page.getByText('La preuve est envoyée à vos tuteurs.')).toBeVisible();
  expect(await arrived(page, enrolment, 'Sans compétence')).toMatchObject([{ status: 'submitted' }]);
});

test('two tabs send once', async ({ page, context }) => {
  const enrolment = await ready(page);
  const other = await context.newPage();
  await other.goto('/');
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  await context.setOffline(true);
  for (const title of ['Première', 'Deuxième', 'Troisième']) {
    await write(page, enrolment, title);
    await page.getByLabel('Ajouter des fichiers').setInputFiles([png('photo.png')]);
    await expect(page.getByText('Gardé sur cet appareil, en attente d’envoi.')).toBeVisible();
    await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
    await expect(page.getByText(/Gardé sur cet appareil à/)).toBeVisible();
  }
  await page.goto('/');
  for (const tab of [page, other]) await expect(tab.getByText('En attente d’envoi', { exact: true })).toHaveCount(3);
  await context.setOffline(false);
  for (const tab of [page, other]) await expect(tab.getByText(onTheWay)).toHaveCount(0);
  const ids: string[] = [];
  for (const title of ['Première', 'Deuxième', 'Troisième']) {
    const found = await arrived(page, enrolment, title);
    expect(found).toMatchObject([{ files: 1 }]);
    ids.push(found[0]!.id);
  }
  expect([...ids].sort(), 'in the order in which they were saved').toEqual(ids);
});

test('a draft that was changed without network, and elsewhere meanwhile, is a choice', async ({ page, context }) => {
  const enrolment = await ready(page);
  await write(page, enrolment, 'Carnet de bord');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/preuves\/[^/]+\/modifier/);
  const [{ id }] = (await arrived(page, enrolment, 'Carnet de bord')) as [Logged];
  await page.goto(`/preuves/${id}/modifier`);
  await context.setOffline(true);
  await page.getByLabel('Ce que vous avez fait').fill('Écrit hors ligne.');
  await page.getByLabel('Ajouter des fichiers').setInputFiles([png('plan.png')]);
  await expect(page.getByText('Gardé sur cet appareil, en attente d’envoi.')).toBeVisible();
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText(/Gardé sur cet appareil à/)).toBeVisible();
  const elsewhere = await page.request.patch(`/api/v1/evidence/${id}`, {
    headers: { 'If-Match': `"${(await json(page, `/evidence/${id}`)).version}"`, Origin: new URL(page.url()).origin },
    data: { text: 'Écrit ailleurs.' },
  });
  expect(elsewhere.status()).toBe(200);

  const later = await reopened(context, page, `/preuves/${id}/modifier`);
  await expect(later.getByLabel('Ce que vous avez fait')).toHaveValue('Écrit hors ligne.');
  await context.setOffline(false);
  await expect(later.getByRole('heading', { name: 'Cette preuve a changé ailleurs' })).toBeVisible();
  await expectAccessible(later);
  expect((await json(later, `/evidence/${id}`)).text).toBe('Écrit ailleurs.');
  await later.getByRole('button', { name: 'La remplacer par mon texte' }).click();
  await expect(later.getByText(/Brouillon enregistré à/)).toBeVisible();
  await expect.poll(async () => json(later, `/evidence/${id}`)).toMatchObject({ text: 'Écrit hors ligne.', files: [{ name: 'plan.png' }] });
});

test('what waits is sent by its writer alone, and goes when they sign out', async ({ page, context }) => {
  const enrolment = await ready(page);
  await context.setOffline(true);
  await write(page, enrolment, 'À moi seule');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText(/Gardé sur cet appareil à/)).toBeVisible();

  // The session ends meanwhile, and somebody else comes in.
  await context.clearCookies();
  await context.setOffline(false);
  await expect(page).toHaveURL(/connexion/);
  const neighbour = people().find(({ role, certification, email }) =>
    role === 'apprentice' && certification === 'RNCP37579' && email !== apprentice().email)!;
  await page.getByLabel('Adresse électronique').fill(neighbour.email);
  await page.getByLabel('Mot de passe', { exact: true }).fill('demonstration');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page).not.toHaveURL(/connexion/);
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Déposer une preuve' }).first()).toBeVisible();
  await expect(page.getByText('À moi seule')).toHaveCount(0);
  await signOut(page);

  await enterAs(page, apprentice());
  await expect.poll(async () => (await arrived(page, enrolment, 'À moi seule')).length).toBe(1);

  // Signing out asks before it erases what waits.
  await prepared(page);
  await context.setOffline(true);
  await write(page, enrolment, 'Abandonnée');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText(/Gardé sur cet appareil à/)).toBeVisible();
  await page.goto('/compte');
  await page.route('**/evidence', (route) => route.abort());
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  const dialog = page.getByRole('dialog', { name: 'Se déconnecter sans envoyer ?' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Annuler' }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await dialog.getByRole('button', { name: 'Se déconnecter et les perdre' }).click();
  await expect(page).toHaveURL(/connexion/);
  expect(await leftOn(page)).toEqual([[0, 0, 0, 0], [], null]);
  expect(await arrived(page, enrolment, 'Abandonnée').catch(() => [])).toEqual([]);
});

test('what waits can be changed, and given up', async ({ page, context }) => {
  const enrolment = await ready(page);
  await context.setOffline(true);
  await write(page, enrolment, 'Premier titre');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText(/Gardé sur cet appareil à/)).toBeVisible();
  await page.goto('/');
  await page.getByRole('link', { name: 'Premier titre' }).click();
  await page.getByRole('link', { name: 'Modifier' }).click();
  await page.getByLabel('Titre').fill('Second titre');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText(/Gardé sur cet appareil à/)).toBeVisible();
  await page.goto('/');
  await page.getByRole('link', { name: 'Second titre' }).click();
  await page.getByRole('button', { name: 'Abandonner' }).click();
  const dialog = page.getByRole('dialog', { name: 'Abandonner' });
  await expect(dialog).toContainText('elle sera perdue');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Abandonner' }).click();
  await expect(page).toHaveURL(/preuves$/);
  await expect(page.getByText(onTheWay)).toHaveCount(0);
  await context.setOffline(false);
  expect(await arrived(page, enrolment, 'Second titre')).toEqual([]);
});

test('a photo that is added to what waits to be handed in goes with it', async ({ page, context }) => {
  const enrolment = await ready(page);
  await context.setOffline(true);
  await write(page, enrolment, 'Remise du chantier');
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page).toHaveURL(/en-attente\/[^/]+$/);
  await page.getByRole('link', { name: 'Modifier' }).click();
  await page.getByLabel('Ajouter des fichiers').setInputFiles([png('oubli.png')]);
  await expect(page.getByText('Gardé sur cet appareil, en attente d’envoi.')).toBeVisible();
  await page.goto('/');
  await expect(waitingLine(page, 'Remise du chantier')).toContainText('puis sera remise à vos tuteurs');
  await context.setOffline(false);
  await expect(page.getByText(onTheWay)).toHaveCount(0);
  expect(await arrived(page, enrolment, 'Remise du chantier')).toMatchObject([{ status: 'submitted', files: 1 }]);
});

/** A draft that the server has, and a photo of it that it does not get: gives the evidence. */
async function withheld(page: Page, enrolment: string, title: string): Promise<string> {
  await write(page, enrolment, title);
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/preuves\/[^/]+\/modifier/);
  await page.route('**/api/v1/evidence/*/files', (route) => route.abort());
  await page.getByLabel('Ajouter des fichiers').setInputFiles([png('photo.png')]);
  await expect(page.getByText('Gardé sur cet appareil, en attente d’envoi.')).toBeVisible();
  return page.url().split('/').at(-2)!;
}

test('what is handed in from its own page takes with it what still waits here', async ({ page }) => {
  const enrolment = await ready(page);
  const id = await withheld(page, enrolment, 'Avec sa photo');
  await page.goto(`/preuves/${id}`);
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page).toHaveURL(/en-attente\/[^/]+$/);
  await expect(page.getByText('puis sera remise à vos tuteurs', { exact: false })).toBeVisible();
  expect(await json(page, `/evidence/${id}`)).toMatchObject({ status: 'draft' });
  await expectAccessible(page);
  await page.unroute('**/api/v1/evidence/*/files');
  await page.getByRole('button', { name: 'Envoyer maintenant' }).click();
  await expect(page).toHaveURL(new RegExp(`preuves/${id}$`));
  await expect(page.getByText('La preuve est envoyée à vos tuteurs.')).toBeVisible();
  expect(await json(page, `/evidence/${id}`)).toMatchObject({ status: 'submitted', files: [{ name: 'photo.png' }] });

  // What is typed and not saved is finished first.
  await page.getByRole('button', { name: /Reprendre/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /Reprendre/ }).click();
  await page.getByRole('link', { name: 'Modifier' }).click();
  await page.getByLabel('Ce que vous avez fait').fill('Pas fini.');
  await expect.poll(async () => ((await leftOn(page)) as [number[]])[0][2], 'the device has it').toBe(1);
  await page.goto(`/preuves/${id}`);
  await expect(page.getByText('ouvrez-la pour la terminer', { exact: false })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Envoyer à mes tuteurs' })).toHaveCount(0);
});

test('what the server refuses for good is read, taken away and begun again', async ({ page, context }) => {
  const enrolment = await ready(page);
  const id = await withheld(page, enrolment, 'Supprimée ailleurs');
  await page.getByLabel('Ce que vous avez fait').fill('Le récit que je veux garder.');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText('Gardé sur cet appareil à', { exact: false }).or(page.getByText(/Brouillon enregistré à/))).toBeVisible();
  const { version } = await json(page, `/evidence/${id}`);
  const gone = await page.request.delete(`/api/v1/evidence/${id}`, {
    headers: { 'If-Match': `"${version}"`, Origin: new URL(page.url()).origin },
  });
  expect(gone.status()).toBe(204);
  await page.unroute('**/api/v1/evidence/*/files');
  await page.goto(`/parcours/${enrolment}/preuves`);
  const line = waitingLine(page, 'Supprimée ailleurs').filter({ hasText: 'À corriger' });
  await line.getByRole('link').click();

  await expect(page.getByText('Le récit que je veux garder.')).toBeVisible();
  await expect(page.getByText('J’ai relevé et comparé.')).toBeVisible();
  await expectAccessible(page);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copier' }).click();
  await expect(page.getByText('Copié', { exact: true })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  for (const part of ['Supprimée ailleurs', 'Le récit que je veux garder.', 'J’ai relevé et comparé.']) expect(copied).toContain(part);
  const started = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Télécharger photo.png' }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe('photo.png');
  expect(readFileSync(await download.path())).toEqual(png('photo.png').buffer);

  await page.getByRole('button', { name: 'Reprendre comme nouvelle preuve' }).click();
  await expect(page.getByLabel('Ce que vous avez fait')).toHaveValue('Le récit que je veux garder.');
  await expect(page.getByText('photo.png')).toBeVisible();
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page.getByText('La preuve est envoyée à vos tuteurs.')).toBeVisible();
  expect(await arrived(page, enrolment, 'Supprimée ailleurs')).toMatchObject([{ status: 'submitted', files: 1 }]);
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Déposer une preuve' }).first()).toBeVisible();
  await expect(page.getByText(/gardées? sur cet appareil$/)).toHaveCount(0);
});

test('what was written for a course that is closed to its writer can still be read', async ({ page, context }) => {
  const enrolment = await ready(page);
  await context.setOffline(true);
  await write(page, enrolment, 'Parcours fermé');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText(/Gardé sur cet appareil à/)).toBeVisible();
  await page.goto(`/parcours/${enrolment}/preuves`);
  const address = (await page.getByRole('link', { name: 'Parcours fermé' }).getAttribute('href'))!;
  const gone = { status: 404, contentType: 'application/problem+json', body: '{"code":"not_found","detail":"Introuvable."}' };
  await page.route(`**/api/v1/enrolments/${enrolment}{,/evidence}`, (route) => route.fulfill(gone));
  await context.setOffline(false);
  await page.goto(address);
  await expect(page.getByText('ne vous est plus ouvert', { exact: false })).toBeVisible();
  await expect(page.getByText('Relevé sur le chantier, sans réseau.')).toBeVisible();
  await expect(page.getByText('J’ai relevé et comparé.')).toBeVisible();
  await expectAccessible(page);
});

test('a new version asks before it reloads', async ({ page, server }) => {
  const front = await frontOf(server.url);
  try {
    await page.goto(`${front.url}/connexion`);
    await page.getByRole('button', { name: `Entrer comme ${named(apprentice())}` }).click();
    await page.getByRole('link', { name: 'Déposer une preuve' }).first().click();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.getByLabel('Titre').fill('Tapé avant la nouvelle version');
    await page.evaluate(() => Object.assign(window, { same: true }));
    front.renew();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await expect(page.getByText('Une nouvelle version est prête', { exact: false })).toBeVisible();
    await expectAccessible(page);
    expect(await page.evaluate(() => 'same' in window)).toBe(true);
    await page.getByRole('button', { name: 'Recharger' }).click();
    await expect(page.getByText('Votre saisie non enregistrée a été retrouvée.')).toBeVisible();
    expect(await page.evaluate(() => 'same' in window)).toBe(false);
    await expect(page.getByLabel('Titre')).toHaveValue('Tapé avant la nouvelle version');
    await expect(page.getByText('Une nouvelle version est prête', { exact: false })).toHaveCount(0);
  } finally {
    await front.stop();
  }
});

test('the site can be installed', async ({ page }) => {
  await page.goto('/');
  const address = await page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await page.request.get(address!);
  expect(answer.headers()['content-type']).toBe('application/manifest+json');
  const manifest = await answer.json();
  expect(manifest).toMatchObject({ short_name: 'Acquis', display: 'standalone', start_url: '/', scope: '/', lang: 'fr' });
  for (const { src, type } of manifest.icons) {
    const icon = await page.request.get(src);
    expect([icon.status(), icon.headers()['content-type']], src).toEqual([200, type]);
  }
  const worker = await page.request.get('/sw.js');
  expect(worker.headers()).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' });
});
