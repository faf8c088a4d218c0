// A member of a jury reads the evening before: the whole dossier on one page, with notes of their own beside it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, signIn, test as demo } from './fixtures.ts';
import { email, Hearing, password, small } from './hearing.ts';
import { start, type Server } from './server.ts';

const test = demo.extend<{ server: Server }>({
  server: async ({}, use) => {
    const data = mkdtempSync(join(tmpdir(), 'acquis-browser-'));
    const server = await start(['serve', '--data', data]);
    await use(server);
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  },
});

const vera = email('Vera');
const first = 'Savoir conduire l’ouvrage 1.1';

async function read(page: Page, hearing: Hearing, candidate = 0) {
  await signIn(page, vera, password);
  await page.goto(hearing.page(candidate));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(candidate === 0 ? 'Ada Essai' : 'Blaise Essai');
}

const competency = (page: Page, text: string) => page.getByRole('article', { name: text }).filter({ has: page.locator('table') });
const saved = (page: Page) => page.getByText('Vos notes sont enregistrées.');

test('a dossier is read from top to bottom on one page', async ({ page, server }) => {
  const hearing = await Hearing.open(server);
  await read(page, hearing);
  await expect(page).toHaveTitle(/Ada Essai – Jury d’automne/);
  await expect(page.getByText('Je suis Ada, et voici mes ouvrages.')).toBeVisible();
  await expect(page.getByText('Contrat d’apprentissage')).toBeVisible();
  await expect(page.getByText('Marc Essai (entreprise)')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Anglais B2' }).getByText('À compléter')).toBeVisible();
  const other = page.getByRole('article', { name: 'Bloc 2 – Ouvrage 2' });
  await expect(other.getByText('Non présenté', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: /^Bloc 2/ })).toHaveCount(0);

  // Divergences lead to where they are.
  await page.getByRole('region', { name: 'Avis divergents (1)' }).getByRole('link', { name: first }).click();
  const one = competency(page, first);
  await expect(one).toBeFocused();
  await expect(one).toBeInViewport();
  for (const words of ['Maîtrisé', 'Acquis', 'En cours d’acquisition', 'Autonome sur le chantier.', 'Marc Essai', 'Avis divergents', 'Niveau requis : Acquis'])
    await expect(one.getByText(words).first()).toBeVisible();

  // Evidence opens where it is read; where it shows another competency too, it is not there twice.
  const shared = 'Ouvrage n° 1 de Ada';
  const content = page.getByText('Ce que j’ai fait, et le résultat.');
  await expect(content).toHaveCount(0);
  await expect(one.getByText('J’y ai conduit B1-C1.').first()).toBeVisible();
  await one.getByText(shared).click();
  await expect(content).toHaveCount(1);
  await one.getByRole('button', { name: 'Lire rapport.txt' }).click();
  await expect(one.getByText('Le rapport du premier ouvrage.')).toBeVisible();
  await expectAccessible(page);
  const second = competency(page, 'Savoir conduire l’ouvrage 1.2');
  await second.getByText(shared).click();
  await expect(content).toHaveCount(1);
  await expect(second.getByText('Ce que j’ai fait, et le résultat.')).toBeVisible();
  await expect(one.getByText('Déjà ouverte')).toBeVisible();

  await page.getByRole('link', { name: 'Suivant : Blaise Essai' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Blaise Essai' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Précédent : Ada Essai' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Suivant/ })).toHaveCount(0);
});

test('notes, questions and own levels are saved by themselves, for their writer alone', async ({ page, server, browser }) => {
  const hearing = await Hearing.open(server, small, ['Ada']);
  await read(page, hearing);
  const one = competency(page, first);
  await one.getByRole('button', { name: 'Préparer une question' }).click();
  await page.keyboard.type('Qui a choisi l’outil ?');
  await one.getByLabel('Mon niveau : Le besoin est compris').selectOption('Maîtrisé');
  await expect(saved(page)).toBeVisible();
  const questions = page.getByRole('region', { name: 'Questions pour l’entretien (1)' });
  await expect(questions.getByText('Qui a choisi l’outil ?')).toBeVisible();
  await page.getByRole('button', { name: 'Noter : sur le candidat' }).click();
  await page.keyboard.type('Un parcours solide');
  await expect(page.getByLabel('Note 1 : sur le candidat')).toBeFocused();
  await expect(saved(page)).toBeVisible();
  await expectAccessible(page);

  await page.reload();
  await expect(one.getByRole('textbox', { name: /^Question 1/ })).toHaveValue('Qui a choisi l’outil ?');
  await expect(page.getByLabel('Note 1 : sur le candidat')).toHaveValue('Un parcours solide');
  await expect(one.getByLabel('Mon niveau : Le besoin est compris')).toHaveValue('maitrise');

  const colleague = await browser.newPage({ baseURL: server.url });
  await signIn(colleague, email('Walid'), password);
  await colleague.goto(hearing.page());
  await expect(competency(colleague, first)).toBeVisible();
  await expect(colleague.getByRole('textbox')).toHaveCount(0);
  await expect(competency(colleague, first).getByLabel('Mon niveau : Le besoin est compris')).toHaveValue('');
  await colleague.close();

  await page.getByRole('button', { name: 'Supprimer : Note 1, sur le candidat' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Supprimer' }).click();
  await expect(page.getByLabel('Note 1 : sur le candidat')).toHaveCount(0);
  await page.reload();
  await expect(one.getByRole('textbox', { name: /^Question 1/ })).toBeVisible();
  await expect(page.getByLabel('Note 1 : sur le candidat')).toHaveCount(0);
});

test('two tabs that write in the same note lose no word of either', async ({ page, server, context }) => {
  const hearing = await Hearing.open(server, small, ['Ada']);
  await read(page, hearing);
  const note = (at: Page, n = 1) => at.getByLabel(`Note ${n} : sur le candidat`);
  await page.getByRole('button', { name: 'Noter : sur le candidat' }).click();
  await page.keyboard.type('Au départ');
  await expect(saved(page)).toBeVisible();
  const other = await context.newPage();
  await other.goto(hearing.page());
  await note(other).fill('Au départ, dit l’autre onglet');
  await expect(saved(other)).toBeVisible();
  await note(page).fill('Au départ, dit le premier');
  await expect(page.getByText('les deux textes sont gardés')).toBeVisible();
  await expect(saved(page)).toBeVisible();
  for (const tab of [page, other]) {
    await tab.reload();
    await expect(note(tab)).toHaveValue('Au départ, dit l’autre onglet');
    await expect(note(tab, 2)).toHaveValue('Au départ, dit le premier');
  }
});

test('what is typed while the server does not answer is saved later, also after a reload', async ({ page, server }) => {
  const hearing = await Hearing.open(server, small, ['Ada']);
  await read(page, hearing);
  const notes = /candidates\/[^/]+\/notes/;
  await page.route(notes, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await page.getByRole('button', { name: 'Noter : sur le candidat' }).click();
  await page.keyboard.type('Dans le train');
  await expect(page.getByRole('alert').getByText('Le serveur ne répond pas')).toBeVisible();
  await page.unroute(notes);
  await page.reload();
  await expect(page.getByLabel('Note 1 : sur le candidat')).toHaveValue('Dans le train');
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Note 1 : sur le candidat')).toHaveCount(1);
});

test('the keyboard alone leads through a dossier', async ({ page, server, isMobile }) => {
  test.skip(isMobile, 'A phone has no keys.');
  const hearing = await Hearing.open(server, small, ['Ada']);
  await read(page, hearing);
  const one = competency(page, first);
  const second = competency(page, 'Savoir conduire l’ouvrage 1.2');
  await page.keyboard.press('d');
  await expect(one).toBeFocused();
  await page.keyboard.press('j');
  await expect(second).toBeFocused();
  await page.keyboard.press('k');
  await expect(one).toBeFocused();
  await page.keyboard.press('o');
  await expect(one.getByText('Ce que j’ai fait, et le résultat.')).toBeVisible();
  await page.keyboard.press('n');
  await expect(one.getByRole('textbox', { name: /^Note 1/ })).toBeFocused();
  await page.keyboard.type('jkdonq');
  await expect(one.getByRole('textbox', { name: /^Note 1/ })).toHaveValue('jkdonq');
  await page.keyboard.press('Tab');
  await page.keyboard.press('j');
  await expect(second).toBeFocused();
  await page.keyboard.press('q');
  await expect(second.getByRole('textbox', { name: /^Question 1/ })).toBeFocused();
  await page.keyboard.type('Et ensuite ?');
  await expect(saved(page)).toBeVisible();
});

test('a tablet shows the levels side by side, and paper has all the sums', async ({ page, server }) => {
  const hearing = await Hearing.open(server, small, ['Ada']);
  await page.setViewportSize({ width: 820, height: 1180 });
  await read(page, hearing);
  const sides = await competency(page, first).locator('thead th').evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().top));
  expect(sides).toHaveLength(4);
  expect(new Set(sides).size).toBe(1);
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Préparer une question : sur le candidat' }).click();
  await page.keyboard.type('Une question imprimée');
  await expect(saved(page)).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const sum = /^[0-9a-f]{64}$/;
  await expect(page.getByRole('heading', { name: /^Liste des preuves \(5\)/ })).toBeVisible();
  await expect(page.getByText(sum)).toHaveCount(2);
  await expect(page.getByText('Une question imprimée').first()).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Sommaire' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Noter' }).first()).toBeHidden();
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
});

test('two hundred evidences take as few requests as four, and are made when they are opened', async ({ page, server }) => {
  test.setTimeout(180_000);
  const hearing = await Hearing.open(server, { blocks: 6, competencies: 11, evidence: 200, whole: true }, ['Ada']);
  await signIn(page, vera, password);
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.includes('/jury-sessions/') || pathname.includes('/dossiers/')) asked.push(pathname);
  });
  await page.goto(hearing.page());
  await expect(page.getByRole('article', { name: /ouvrage 6\.11/ })).toBeAttached();
  await expect(page.locator('article.competency')).toHaveCount(66);
  await expect(page.getByText('Ce que j’ai fait, et le résultat.')).toHaveCount(0);
  expect(asked).toHaveLength(2);
  await competency(page, first).getByText('Ouvrage n° 200 de Ada').or(competency(page, first).getByText('Ouvrage n° 1 de Ada')).first().click();
  await expect(page.getByText('Ce que j’ai fait, et le résultat.')).toHaveCount(1);
  expect(asked).toHaveLength(2);
});

test('who may not read a dossier learns why', async ({ page, server }) => {
  const hearing = await Hearing.open(server);
  await signIn(page, email('Chef'), password);
  await page.goto(hearing.page());
  await expect(page.getByText('Seuls les membres du jury lisent les dossiers.')).toBeVisible();
  await expectAccessible(page);

  const session = await hearing.send<{ members: { id: string; version: number; chair: boolean }[] }>(email('Chef'), 'GET', `jury-sessions/${hearing.session}`);
  const seat = session.members.find(({ chair }) => chair)!;
  await hearing.send(email('Chef'), 'PUT', `jury-sessions/${hearing.session}/members/${seat.id}`, { ...seat, recused_from: [hearing.candidates[0]] }, seat.version);
  await page.context().clearCookies();
  await signIn(page, vera, password);
  await page.goto(hearing.page());
  await expect(page.getByText('vous avez déclaré un conflit ou que vous êtes récusé')).toBeVisible();
  await page.goto(hearing.page(1));
  await expect(page.getByRole('heading', { level: 1, name: 'Blaise Essai' })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Précédent/ })).toHaveCount(0);
});
