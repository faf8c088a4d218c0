// Three members deliberate at once, each at their own screen, from a deposited dossier to sealed minutes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from '@playwright/test';
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

const jurors = ['Vera', 'Walid', 'Xavier'];
const rule = 'chair_casting_vote = true\nkeeps_votes = true';
const block = (page: Page, title = 'Bloc 1 – Ouvrage 1') => page.getByRole('region', { name: title });
const refresh = (page: Page) =>
  Promise.all([page.waitForResponse(/\/deliberation$/), page.getByRole('button', { name: 'Actualiser' }).click()]);

/** The form of a member's own proposal, or of the decision. */
const form = (page: Page, save: string) => block(page).locator('form').filter({ has: page.getByRole('button', { name: save }) });
const own = (page: Page) => form(page, 'Enregistrer ma proposition');
const decision = (page: Page) => form(page, 'Enregistrer la décision');

async function say(where: Locator, verdict: string, words = '') {
  await where.getByRole('radio', { name: verdict, exact: true }).check();
  if (words) await where.getByRole('textbox').fill(words);
  await where.getByRole('button', { name: /^Enregistrer/ }).click();
}

async function sit(browser: Browser, server: Server, hearing: Hearing, name: string): Promise<Page> {
  const context = await browser.newContext({ ...test.info().project.use, baseURL: server.url });
  const page = await context.newPage();
  await signIn(page, email(name), password);
  await page.goto(`/jurys/${hearing.session}/deliberation`);
  await expect(page.getByRole('heading', { level: 2, name: 'Ada Essai' })).toBeVisible();
  return page;
}

test('three members at once, from deposited dossiers to sealed minutes', async ({ page, server, browser }) => {
  test.slow();
  const hearing = await Hearing.open(server, { ...small, evidence: 1 }, ['Ada', 'Blaise'], jurors, rule);
  await signIn(page, email('Vera'), password);
  await page.goto(`/jurys/${hearing.session}/deliberation`);
  await expect(page.getByText('Vous n’êtes pas encore noté·e présent·e')).toBeVisible();
  await expectAccessible(page);
  await hearing.callRoll();
  await refresh(page);
  await expect(page.getByText('Le jury est en nombre pour décider.')).toBeVisible();
  await expect(page.getByText('Le procès-verbal gardera la proposition de chacun')).toBeVisible();
  const walid = await sit(browser, server, hearing, 'Walid');
  const xavier = await sit(browser, server, hearing, 'Xavier');

  await expect(decision(page).getByText('sans attendre la proposition de Walid Essai et Xavier Essai')).toBeVisible();

  // Each speaks on their own; the chair has them side by side.
  await Promise.all([
    say(own(page), 'Refusé', 'Le résultat n’est pas vérifié.'),
    say(own(walid), 'Validé', 'Tout y est.'),
    say(own(xavier), 'Reporté', 'Une pièce manque.'),
  ]);
  for (const one of [page, walid, xavier]) await expect(one.getByText('Votre proposition est enregistrée.')).toBeVisible();
  await refresh(walid);
  await expect(walid.getByText('Une pièce manque.')).toHaveCount(0);
  await expect(walid.getByText('Chacun se prononce d’abord de son côté')).toBeVisible();
  await refresh(page);
  for (const words of ['Tout y est.', 'Une pièce manque.']) await expect(block(page).getByText(words)).toBeVisible();
  await expect(block(page).getByText('la voix prépondérante de la présidence penche pour « Refusé ».')).toBeVisible();
  await expectAccessible(page);

  // What somebody is typing stays where it is while the others go on.
  await walid.getByText('Ma proposition : Validé').click();
  await own(walid).getByRole('textbox').fill('Tout y est, et plus encore.');
  await hearing.send(email('Walid'), 'PUT', `jury-sessions/${hearing.session}/candidates/${hearing.candidates[0]}/blocks/ESSAI-LECTURE-BC1/proposal`,
    { verdict: 'partial', missing: ['B1-C2'], motive: 'D’un autre écran.' }, 1);
  await own(walid).getByRole('button').last().click();
  const conflict = walid.getByRole('alert');
  await expect(conflict.getByText('D’un autre écran.')).toBeVisible();
  await expect(own(walid).getByRole('textbox')).toHaveValue('Tout y est, et plus encore.');
  await expectAccessible(walid);
  await walid.reload();
  await expect(conflict.getByText('D’un autre écran.')).toBeVisible();
  await expect(own(walid).getByRole('textbox')).toHaveValue('Tout y est, et plus encore.');
  await conflict.getByRole('button', { name: 'Enregistrer ma saisie à la place' }).click();
  await expect(conflict).toHaveCount(0);
  await refresh(page);
  await expect(block(page).getByText('Tout y est, et plus encore.')).toBeVisible();

  // A refusal says why; then everybody sees what was proposed.
  await say(decision(page), 'Refusé');
  await expect(block(page).getByText('Un refus ou une validation partielle se motive.').first()).toBeVisible();
  await say(decision(page), 'Refusé', 'Les résultats ne sont pas vérifiés.');
  await expect(block(page).getByText('La décision est enregistrée.')).toBeVisible();
  await refresh(xavier);
  await expect(block(xavier).getByText('Les résultats ne sont pas vérifiés.')).toBeVisible();
  await expect(block(xavier).getByText('Tout y est, et plus encore.')).toBeVisible();

  // English is missing, and the jury does not insist.
  // What somebody has unfolded stays so when the page looks again at what the others said.
  await page.getByText('Dispenser de ce prérequis').click();
  await refresh(page);
  await expect(page.getByLabel('Motif de la dispense')).toBeVisible();
  await page.getByRole('button', { name: 'Enregistrer la dispense' }).click();
  await expect(page.getByRole('alert').getByRole('link')).toHaveCount(1);
  await page.getByLabel('Motif de la dispense').fill('Année passée à Dublin.');
  await page.getByLabel('C’est un aménagement pour une situation de handicap').check();
  await page.getByLabel('Ce qui fonde l’aménagement').fill('Avis du médecin.');
  await page.getByRole('button', { name: 'Enregistrer la dispense' }).click();
  await expect(page.getByText('La dispense est enregistrée.')).toBeVisible();
  await refresh(xavier);
  await expect(xavier.getByText('Année passée à Dublin.')).toBeVisible();
  await expect(xavier.getByText('Avis du médecin.')).toHaveCount(0);

  // The next candidate, and the closing, which waits for them.
  await page.getByRole('link', { name: 'Clôture' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Clôture' })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Clore et sceller le procès-verbal' })).toBeDisabled();
  await page.getByRole('link', { name: 'Blaise Essai, Bloc 1' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'Blaise Essai' })).toBeFocused();
  await decision(page).getByRole('radio', { name: 'Validé en partie', exact: true }).check();
  await decision(page).getByRole('checkbox', { name: /1\.2/ }).check();
  await decision(page).getByRole('textbox').fill('Un ouvrage reste à montrer.');
  await decision(page).getByRole('button', { name: 'Enregistrer la décision' }).click();
  await expect(block(page).getByText('La décision est enregistrée.')).toBeVisible();
  await page.getByRole('link', { name: 'Clore la session' }).click();
  await expect(page.getByText('Tous les blocs ont une décision.')).toBeVisible();
  await expect(page.getByText('Les résultats ne sont pas vérifiés.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Clore et sceller le procès-verbal' }).click();
  const dialog = page.getByRole('dialog');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Clore et sceller le procès-verbal' }).click();

  await expect(page).toHaveURL(/\/pv$/);
  await expect(page.getByText('La session est close et son procès-verbal est scellé.')).toBeVisible();
  const ada = page.getByRole('region', { name: 'Ada Essai' });
  await expect(ada.getByText('Partage égal des propositions : voix prépondérante de la présidence.')).toBeVisible();
  await expect(ada.getByText('Vera Essai (Refusé), Walid Essai (Validé) et Xavier Essai (Reporté)')).toBeVisible();
  await expect(ada.getByText('Année passée à Dublin.')).toBeVisible();
  await expect(page.getByText('Avis du médecin.')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Blaise Essai' }).getByText('Un ouvrage reste à montrer.')).toBeVisible();
  await expect(page.getByText('Vérifiée à l’instant')).toBeVisible();
  await expectAccessible(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Imprimer' })).toBeHidden();
  await expect(ada).toBeVisible();
  await page.emulateMedia({ media: 'screen' });

  // Whoever is still at the table is led to the minutes; they are only added to.
  await refresh(xavier);
  await xavier.getByRole('link', { name: 'Lire le procès-verbal' }).click();
  await expect(xavier.getByRole('heading', { level: 1, name: 'Procès-verbal' })).toBeVisible();
  await expect(xavier.getByLabel('Texte de l’additif')).toHaveCount(0);
  await page.getByLabel('Texte de l’additif').fill('Lire « à Cork », non « à Dublin ».');
  await page.getByRole('button', { name: 'Ajouter cet additif' }).click();
  await expect(page.getByRole('alert')).toContainText('Sur qui porte l’additif');
  await page.getByLabel('Sur qui porte l’additif ?').selectOption('Blaise Essai');
  await page.getByRole('button', { name: 'Ajouter cet additif' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ajouter cet additif' }).click();
  await expect(page.getByText('Additif n° 1 sur Blaise Essai')).toBeVisible();
  await expect(page.getByText('Année passée à Dublin.')).toBeVisible();
  await xavier.reload();
  await expect(xavier.getByText('Lire « à Cork », non « à Dublin ».')).toBeVisible();
});

test('a chair who leaves is replaced, and nothing is sealed unread', async ({ page, server, browser }) => {
  test.slow();
  const hearing = await Hearing.open(server, { ...small, evidence: 1 }, ['Ada', 'Blaise'], jurors);
  await hearing.callRoll();
  const [ada, blaise] = hearing.candidates;
  const of = (candidate: string | undefined, part: string) => `jury-sessions/${hearing.session}/candidates/${candidate}/${part}`;
  const deciding = of(ada, 'blocks/ESSAI-LECTURE-BC1/decision');
  await hearing.send(email('Vera'), 'PUT', deciding, { verdict: 'validated' }, 0);
  const accommodation = { motive: 'Aménagement de l’école.', granted_by: 'Vera Essai', accommodation: true, restricted_reason: 'Avis du médecin.' };
  await hearing.send(email('Vera'), 'PUT', of(ada, 'waivers/anglais'), accommodation, 0);
  await hearing.recuse('Vera', blaise!);

  // Who left the room only postpones, and says why.
  await signIn(page, email('Vera'), password);
  await page.goto(`/jurys/${hearing.session}/deliberation?candidat=${blaise}`);
  await expect(page.getByText('Vous pouvez seulement le reporter, en disant pourquoi')).toBeVisible();
  await expect(decision(page).getByRole('radio')).toHaveCount(1);
  await expect(own(page)).toHaveCount(0);
  await expectAccessible(page);
  await say(decision(page), 'Reporté');
  await expect(block(page).getByText('dites pourquoi il est reporté').first()).toBeVisible();
  await say(decision(page), 'Reporté', 'La présidence s’est récusée.');
  await expect(block(page).getByText('La décision est enregistrée.')).toBeVisible();

  // What changes while the chair reads is read before anything is sealed.
  await page.getByRole('link', { name: 'Clore la session' }).click();
  const act = { name: 'Clore et sceller le procès-verbal' };
  await expect(page.getByText('La présidence s’est récusée.')).toBeVisible();
  await page.getByRole('button', act).click();
  await hearing.send(email('Vera'), 'PUT', deciding, { verdict: 'refused', motive: 'D’un autre écran.' }, 1);
  await page.getByRole('dialog').getByRole('button', act).click();
  await expect(page.getByRole('alert')).toContainText('Quelque chose a changé pendant que vous relisiez');
  await expect(page.getByText('D’un autre écran.')).toBeVisible();
  await expectAccessible(page);

  // She falls ill: the school hands the chair to another.
  const office = await (await browser.newContext({ ...test.info().project.use, baseURL: server.url })).newPage();
  await signIn(office, email('Chef'), password);
  await office.goto(`/jurys/${hearing.session}`);
  await office.getByLabel('Vera Essai', { exact: true }).uncheck();
  await office.getByRole('button', { name: 'Enregistrer l’appel' }).click();
  await expect(office.getByText('L’appel est enregistré.')).toBeVisible();
  await office.getByRole('button', { name: 'Confier la présidence' }).click();
  await expect(office.getByLabel('Nouvelle présidence')).toBeFocused();
  await office.getByLabel('Nouvelle présidence').selectOption({ label: 'Walid Essai' });
  await office.getByLabel('Pourquoi').fill('Souffrante depuis midi.');
  await expectAccessible(office);
  await office.getByRole('button', { name: 'Confier la présidence' }).click();
  await expect(office.getByText('Walid Essai préside désormais.')).toBeVisible();
  await expect(office.getByText('Souffrante depuis midi.')).toBeVisible();
  await expect(office.getByRole('region', { name: 'Aménagements accordés' })).toContainText('Avis du médecin.');
  await expectAccessible(office);

  const walid = await sit(browser, server, hearing, 'Walid');
  await walid.getByRole('link', { name: 'Clôture' }).click();
  await expect(walid.getByText('Avis du médecin.')).toHaveCount(0);
  await walid.getByRole('button', act).click();
  await walid.getByRole('dialog').getByRole('button', act).click();
  await expect(walid.getByText(/la présidence passe de Vera Essai à Walid Essai\./)).toBeVisible();
  await expect(walid.getByRole('heading', { name: 'À la clôture, parmi les membres présents' })).toBeVisible();
  await expect(walid.getByText('Souffrante depuis midi.')).toHaveCount(0);
  await expectAccessible(walid);

  // Minutes are for those who took part, but for whom they left; what is behind an accommodation is for the school alone.
  await page.goto(`/jurys/${hearing.session}/pv`);
  await expect(page.getByText('Vous avez quitté la salle pour un candidat')).toBeVisible();
  await expect(page.getByText('Blaise Essai')).toHaveCount(0);
  await expectAccessible(page);
  await office.goto(`/jurys/${hearing.session}/pv`);
  await expect(office.getByRole('region', { name: 'Aménagements accordés' })).toContainText('Avis du médecin.');
  await expectAccessible(office);
  await expect(walid.getByText('Avis du médecin.')).toHaveCount(0);
});

test('before a session is closed there are no minutes, and nobody but the jury follows it', async ({ page, server }) => {
  const hearing = await Hearing.open(server, { ...small, evidence: 1 }, ['Ada']);
  await signIn(page, email('Chef'), password);
  await page.goto(`/jurys/${hearing.session}/pv`);
  await expect(page.getByText('Le procès-verbal existe une fois la session close.')).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/jurys/${hearing.session}/deliberation`);
  await expect(page.getByRole('alert')).toContainText('Votre rôle ne vous permet pas');
});
