// A school's own grid: edited, looked at as a tutor, published; what was signed before stays where it was.
import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, named, people, signIn, test } from './fixtures.ts';

const code = 'RNCP38822';
const password = 'demonstration';

const json = async (page: Page, path: string) => (await page.request.get(`/api/v1${path}`)).json();

/** An enrolment of the cohort that prepares a certification, whose first competency a tutor has signed. */
async function assessed(page: Page, certification: string) {
  const cohorts = (await json(page, '/cohorts')).items;
  const cohort = cohorts.find((one: { certification: { code: string } }) => one.certification.code === certification);
  const { items } = await json(page, `/enrolments?cohort_id=${cohort.id}`);
  for (const { id } of items) {
    const enrolment = await json(page, `/enrolments/${id}`);
    const progress = await json(page, `/enrolments/${id}/progress`);
    const [block] = progress.blocks;
    const unit = block.competencies[0];
    if (unit.views.some((view: { assessor: string }) => view.assessor === 'school')) return { enrolment, block, unit };
  }
  throw new Error(`nobody is assessed in ${certification}`);
}

const tutorOf = (enrolment: { tutors: { kind: string; user: { email: string } }[] }) =>
  people().find(({ email }) => email === enrolment.tutors.find(({ kind }) => kind === 'school')!.user.email)!;

async function switchTo(page: Page, email: string) {
  await page.context().clearCookies();
  await signIn(page, email, password);
}

async function newGrid(page: Page, certification: string) {
  await page.goto(`/certifications/${certification}`);
  await page.getByRole('link', { name: 'Grille de l’établissement' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grille de l’établissement');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Préparer une nouvelle grille' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grille en préparation');
}

const part = (page: Page, name: RegExp) => page.getByRole('navigation', { name: 'Parties de la grille' }).getByRole('link', { name });

const state = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });

async function publish(page: Page) {
  await page.getByRole('button', { name: 'Publier la grille' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publier cette grille ?' });
  await expect(dialog).toBeVisible();
  return dialog;
}

test('a manager changes the grid, the tutors see it, and what was signed stays', async ({ page }) => {
  test.setTimeout(120_000);
  await enterAs(page, featured('manager'));
  const { enrolment, block } = await assessed(page, code);
  await newGrid(page, code);
  await expectAccessible(page);

  // One more criterion with what is seen at each level, weights, and a higher level for the second competency.
  const first = page.locator('details.card').first();
  await first.locator('summary').first().click();
  await first.getByRole('button', { name: /Ajouter un critère/ }).click();
  const added = first.getByRole('listitem').last();
  await added.getByLabel('Énoncé').fill('Faire valider le besoin par les utilisateurs');
  await added.getByText('Ce que l’on voit à chaque niveau').click();
  await added.getByLabel('Acquis', { exact: true }).fill('Validé par écrit');
  await first.getByLabel('Pondérer les critères', { exact: false }).check();
  await added.getByLabel('Poids (1 à 100)').fill('3');
  await added.getByRole('button', { name: /Monter/ }).click();
  const second = page.locator('details.card').nth(1);
  await second.locator('summary').first().click();
  await second.getByLabel('Niveau requis').selectOption({ label: 'Maîtrisé' });
  await expect(state(page, 'Brouillon enregistré.')).toBeVisible();
  await expectAccessible(page);

  // It survives a reload, and is looked at as a tutor without keeping anything.
  await page.reload();
  await expect(page.locator('details.card').first()).toContainText('2 critères');
  await page.getByRole('link', { name: 'Aperçu pour les tuteurs' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Aperçu pour les tuteurs');
  const shown = page.getByRole('group', { name: /Faire valider le besoin/ });
  await expect(shown.getByRole('radio', { name: 'Acquis', exact: true })).toHaveAccessibleDescription('Validé par écrit');
  await shown.getByRole('radio', { name: 'Acquis', exact: true }).check();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Revenir à la grille' }).click();

  const dialog = await publish(page);
  for (const words of ['1 critère ajouté', 'niveau requis relevé pour 1 compétence', 'poids modifié pour 1 critère', 'critères d’origine']) {
    await expect(dialog).toContainText(words);
  }
  await expect(dialog).toContainText(/\d+ évaluations signées restent sur/);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Publier la grille' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grille n° 1');
  await expect(page.getByText('La grille n° 1 est publiée.')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Grille de l’établissement' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Grille n° 1' })).toContainText('en vigueur');

  // The tutor finds the old view told as such, the new criterion, and its descriptor.
  await switchTo(page, tutorOf(enrolment).email);
  await page.goto(`/parcours/${enrolment.id}/blocs/${block.code}`);
  await expect(page.getByText('sur les critères d’origine, avant la grille en vigueur').first()).toBeVisible();
  await expect(page.getByText(/évaluées? sur une grille antérieure/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Évaluer pour l’école' }).click();
  const older = page.getByRole('button', { name: 'Reprendre sur la grille n° 1' });
  const criterion = page.getByRole('group', { name: /Faire valider le besoin.*poids 3/ });
  await expect(older.or(criterion).first()).toBeVisible();
  if (await older.isVisible()) await older.click();
  await expect(page.getByText('Avis donné sur une autre grille').first()).toBeVisible();
  await criterion.getByRole('radio', { name: 'Acquis', exact: true }).check();
  await expect(criterion.getByText('Validé par écrit')).toBeVisible();
  for (const radio of await page.locator('#competency-0').getByRole('radio', { name: 'Maîtrisé', exact: true }).all()) await radio.check();
  await expect(page.getByText('position pondérée : 4')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Signer', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Signer', exact: true }).click();
  await expect(page.getByText('L’évaluation est signée.')).toBeVisible();
  const unit = page.locator('li').filter({ has: page.getByRole('heading', { level: 3 }) }).first();
  await expect(unit.getByRole('listitem').filter({ hasText: 'École' })).not.toContainText('avant la grille');

  // The student reads the descriptor too, and no weight.
  await switchTo(page, enrolment.student.email);
  await page.goto(`/parcours/${enrolment.id}/blocs/${block.code}/auto-evaluation`);
  const own = page.getByRole('group', { name: 'Faire valider le besoin par les utilisateurs' });
  const restart = page.getByRole('button', { name: 'Reprendre sur la grille n° 1' });
  await expect(restart.or(own).first()).toBeVisible();
  if (await restart.isVisible()) await restart.click();
  await expect(own.getByText('Validé par écrit')).toBeVisible();
  await expect(page.getByText(/position pondérée|poids 3/)).toHaveCount(0);
});

test('a draft that was started before is ended on its grid, or restarted on the new one', async ({ page }) => {
  test.setTimeout(120_000);
  await enterAs(page, featured('manager'));
  const { enrolment, block } = await assessed(page, code);
  const tutor = tutorOf(enrolment);
  const grid = `/parcours/${enrolment.id}/blocs/${block.code}/evaluation?type=school`;
  await switchTo(page, tutor.email);
  await page.goto(grid);
  await page.locator('#competency-1').getByRole('radio', { name: 'Acquis', exact: true }).first().check();
  await expect(page.getByText('Brouillon enregistré')).toBeVisible();

  await switchTo(page, featured('manager').email);
  await newGrid(page, code);
  const first = page.locator('details.card').first();
  await first.locator('summary').first().click();
  await first.getByRole('button', { name: /Ajouter un critère/ }).click();
  await first.getByLabel('Énoncé').last().fill('Un critère de plus');
  await (await publish(page)).getByRole('button', { name: 'Publier la grille' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grille n° 1');

  await switchTo(page, tutor.email);
  await page.goto(grid);
  await expect(page.getByRole('heading', { name: 'Une nouvelle grille est en vigueur' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: /Terminer avec l’ancienne/ }).click();
  await expect(page.locator('#competency-1').getByRole('radio', { name: 'Acquis', exact: true }).first()).toBeChecked();
  await expect(page.getByRole('group', { name: 'Un critère de plus' })).toHaveCount(0);
  await page.reload();
  await page.getByRole('button', { name: 'Reprendre sur la grille n° 1' }).click();
  await expect(page.getByRole('group', { name: 'Un critère de plus' })).toBeVisible();
  await expect(page.locator('#competency-1').getByRole('radio', { name: 'Acquis', exact: true }).first()).toBeChecked();
});

test('a competency in no block is given one, and assessed there', async ({ page }) => {
  test.setTimeout(120_000);
  await enterAs(page, featured('manager'));
  const { enrolment } = await assessed(page, 'RNCP42008');
  await newGrid(page, 'RNCP42008');
  await part(page, /Hors bloc/).click();
  const lone = page.getByRole('region', { name: /Optimiser la performance/ });
  await lone.getByRole('checkbox', { name: /Bloc 3/ }).check();
  await expect(state(page, 'Brouillon enregistré.')).toBeVisible();
  await expectAccessible(page);
  await part(page, /^Bloc 3/).click();
  await expect(page.getByText('rattachée par l’établissement')).toBeVisible();
  const dialog = await publish(page);
  await expect(dialog).toContainText('1 rattachement à un bloc ajouté');
  await dialog.getByRole('button', { name: 'Publier la grille' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grille n° 2');

  await switchTo(page, tutorOf(enrolment).email);
  await page.goto(`/parcours/${enrolment.id}/blocs/RNCP42008BC03/evaluation?type=school`);
  const competency = page.getByRole('region', { name: /Optimiser la performance/ });
  const restart = page.getByRole('button', { name: /Reprendre sur/ });
  await expect(restart.or(competency).first()).toBeVisible();
  if (await restart.isVisible()) await restart.click();
  await competency.getByRole('radio', { name: 'Acquis', exact: true }).check();
  await page.getByRole('button', { name: 'Signer', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Signer', exact: true }).click();
  await expect(page.getByText('L’évaluation est signée.')).toBeVisible();
  const line = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: /Optimiser la performance/ }) });
  await expect(line.getByText('Acquise', { exact: true })).toBeVisible();
});

test('what is wrong with a grid is said where it is, and two managers do not overwrite each other', async ({ page, context }) => {
  test.setTimeout(120_000);
  await enterAs(page, featured('manager'));
  await newGrid(page, code);
  const address = page.url();
  const first = page.locator('details.card').first();
  await first.locator('summary').first().click();
  await first.getByRole('button', { name: /Ajouter un critère/ }).click();
  await part(page, /Échelle et règles/).click();
  await page.getByLabel('Niveau 2 – Nom').fill('');
  await expect(state(page, 'Brouillon enregistré.')).toBeVisible();
  await (await publish(page)).getByRole('button', { name: 'Publier la grille' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('2 points sont à corriger');
  await expectAccessible(page);
  await expect(alert).toBeFocused();
  await alert.getByRole('link').last().click();
  const blank = page.locator('details.card').first().getByLabel('Énoncé').last();
  await expect(blank).toBeFocused();
  await blank.fill('Un critère de plus');
  await part(page, /Échelle et règles/).click();
  await page.getByLabel('Niveau 2 – Nom').fill('Acquis');
  await expect(page.getByRole('alert')).toContainText('Deux niveaux ont le même nom');
  await page.getByLabel('Niveau 2 – Nom').fill('En chemin');
  await expect(state(page, 'Brouillon enregistré.')).toBeVisible();

  // The same draft in another tab.
  const other = await context.newPage();
  await other.goto(`${address}?partie=echelle`);
  await other.getByLabel('Niveau 1 – Nom').fill('Pas encore');
  await expect(state(other, 'Brouillon enregistré.')).toBeVisible();
  await page.getByLabel('Niveau 1 – Nom').fill('Rien');
  await expect(page.getByRole('alert')).toContainText('modifiée ailleurs');
  await page.getByRole('button', { name: 'Prendre la version enregistrée' }).click();
  await expect(page.getByLabel('Niveau 1 – Nom')).toHaveValue('Pas encore');
  await page.getByRole('button', { name: 'Supprimer cette préparation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Supprimer cette préparation' }).click();
  await expect(page.getByRole('button', { name: 'Préparer une nouvelle grille' })).toBeVisible();
  await other.getByLabel('Niveau 1 – Nom').fill('Trop tard');
  await expect(other.getByRole('alert')).toContainText('publiée ou supprimée');
});

test('a scale loses a level without losing its footing', async ({ page }) => {
  await enterAs(page, featured('manager'));
  await newGrid(page, code);
  await part(page, /Échelle et règles/).click();
  await page.getByRole('button', { name: /Retirer ce niveau.*Acquis$/ }).click();
  await expect(page.getByLabel('Niveau requis, sauf mention contraire')).toHaveValue('en_cours');
  await page.getByRole('button', { name: 'Ajouter un niveau' }).click();
  await page.getByLabel('Niveau 4 – Nom').fill('Expert');
  await page.getByRole('radio', { name: /L’entreprise et l’école/ }).check();
  const dialog = await publish(page);
  await expect(dialog).toContainText('échelle des niveaux modifiée');
  await expect(dialog).toContainText('règle des évaluateurs modifiée');
  await dialog.getByRole('button', { name: 'Publier la grille' }).click();
  await expect(page.getByText('L’entreprise et l’école', { exact: false }).first()).toBeVisible();
});

test('blank and filled grids print on whole pages', async ({ page }, info) => {
  test.skip(info.project.name !== 'desktop', 'paper is the same for all');
  await enterAs(page, featured('manager'));
  const { enrolment, block, unit } = await assessed(page, 'RNCP21947');
  const text = async (name: string) => {
    const path = info.outputPath(`${name}.pdf`);
    await page.pdf({ path, preferCSSPageSize: true });
    return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
  };
  await page.goto(`/parcours/${enrolment.id}/blocs/${block.code}/grille-vierge`);
  await expect(page.getByRole('columnheader', { name: 'Critère' }).first()).toBeVisible();
  await expectAccessible(page);
  const blank = await text('blank');
  const [first] = blank.split('\f');
  for (const words of [named(enrolment.student), 'Grille n° 2', '☐ Le dossier', '☐']) expect(first).toContain(words);
  expect(blank).toContain('Signature de l’évaluateur');
  for (const words of ['Promotions', 'Imprimer', '☒']) expect(blank).not.toContain(words);

  const view = unit.views.find((one: { assessor: string }) => one.assessor === 'school');
  await page.goto(`/parcours/${enrolment.id}/evaluations/${view.assessment_id}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('École');
  await expect(page.getByText('Chargement en cours…')).toHaveCount(0);
  await expectAccessible(page);
  const filled = await text('filled');
  for (const words of [named(enrolment.student), '☒', 'Signée par']) expect(filled).toContain(words);
  for (const words of ['Promotions', 'Imprimer', 'Signature de l’évaluateur']) expect(filled).not.toContain(words);
});
