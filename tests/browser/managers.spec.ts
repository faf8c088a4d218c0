// What a manager sets, sees, takes away and brings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, inDays, people, signIn, test } from './fixtures.ts';

interface Cohort { id: string; name: string; certification: { code: string } }

const cohortOf = async (page: Page, code: string): Promise<Cohort> => {
  const cohorts: { items: Cohort[] } = await (await page.request.get('/api/v1/cohorts?limit=200')).json();
  return cohorts.items.find((one) => one.certification.code === code)!;
};

const manager = () => people().find((person) => person.role === 'manager')!;

async function download(page: Page, link: Locator) {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync((await file.path())!) };
}

/** A part of an XLSX file, which is a ZIP archive: found by its local header. */
function part(zip: Buffer, name: string): string {
  for (let at = zip.indexOf('PK\u0003\u0004'); at >= 0; at = zip.indexOf('PK\u0003\u0004', at + 4)) {
    const [nameLength, extraLength] = [zip.readUInt16LE(at + 26), zip.readUInt16LE(at + 28)];
    if (zip.toString('utf8', at + 30, at + 30 + nameLength) === name) {
      const start = at + 30 + nameLength + extraLength;
      return inflateRawSync(zip.subarray(start)).toString('utf8');
    }
  }
  throw new Error(`no ${name}`);
}

test('dates are set, changed and taken away, and the student sees theirs', async ({ page, browser, server }) => {
  test.setTimeout(120_000);
  await enterAs(page, manager());
  const cohort = await cohortOf(page, 'RNCP38822');
  await page.goto(`/promotions/${cohort.id}`);
  await page.getByRole('link', { name: 'Échéances et dates' }).click();
  await expect(page.getByRole('heading', { name: 'Ajouter une échéance' })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Dernier jour');
  await page.getByLabel('Bloc', { exact: true }).selectOption({ index: 2 });
  await page.getByLabel('Intitulé').fill('Bilan du deuxième bloc');
  await page.getByLabel('Dernier jour').fill(inDays(1));
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(page.getByText('L’échéance est enregistrée.')).toBeVisible();
  const made = page.getByRole('listitem').filter({ hasText: 'Bilan du deuxième bloc, bloc 2' });
  await expect(made).toBeVisible();

  await made.getByRole('button', { name: /^Modifier/ }).click();
  await page.getByLabel('Dernier jour').fill(inDays(-3));
  await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Ajouter une échéance' })).toBeVisible();

  // The student of the cohort reads that they are late, and where to do it.
  const attention = await (await page.request.get(`/api/v1/cohorts/${cohort.id}/attention`)).json();
  const is = (reason: { block: string | null }) => reason.block?.endsWith('BC02');
  const { email } = attention.late.find((one: { reasons: { block: string | null }[] }) => one.reasons.some(is)).student;
  const other = await browser.newContext({ baseURL: server.url });
  const student = await other.newPage();
  const { password } = JSON.parse(readFileSync(join(process.env.ACQUIS_DEMO_TEMPLATE!, 'demo.json'), 'utf8'));
  await signIn(student, email, password);
  const mine = student.getByRole('region', { name: 'Mes échéances' });
  const late = mine.getByRole('listitem').filter({ hasText: 'Bilan du deuxième bloc, bloc 2' });
  await expect(late).toContainText('en retard de 3 jours');
  await expect(late).toContainText('Signez votre auto-évaluation du bloc 2.');
  await expectAccessible(student);
  await late.getByRole('link', { name: 'S’auto-évaluer' }).click();
  await expect(student).toHaveURL(/auto-evaluation/);
  await other.close();

  await made.getByRole('button', { name: /^Supprimer/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Supprimer cette échéance ?' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Supprimer' }).click();
  await expect(page.getByText('L’échéance est supprimée.')).toBeVisible();
  await expect(made).toHaveCount(0);

  await page.getByLabel('Nom de la promotion').fill('Promotion rebaptisée');
  await page.getByRole('button', { name: 'Enregistrer la promotion' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Promotion rebaptisée');
});

test('a tutor sees the dates of their apprentices', async ({ page }) => {
  await enterAs(page, featured('school_tutor'));
  await page.goto('/a-traiter');
  const dates = page.getByRole('region', { name: 'Échéances de mes apprentis' });
  await expect(dates.getByText(/sur \d+ l’ont fait/).first()).toBeVisible();
  await dates.getByText(/apprentis? à voir/).first().click();
  await expect(dates.getByRole('link').first()).toBeVisible();
  await expectAccessible(page);
});

test('from the heat map to the evidence in one step each', async ({ page }) => {
  await enterAs(page, manager());
  const cohort = await cohortOf(page, 'RNCP38822');
  await page.goto(`/promotions/${cohort.id}`);
  await expect(page.getByRole('region', { name: 'Échéances' })).toBeVisible();
  const rows = page.getByRole('row');
  await expect(rows).not.toHaveCount(1);
  const all = (await rows.count()) - 1;
  const shown = featured('apprentice', 'RNCP38822');
  await page.getByLabel('Trouver un apprenti').fill(shown.family_name.toUpperCase());
  await expect(page.getByText(`1 sur ${all} apprentis`)).toBeVisible();
  await expect(rows).toHaveCount(2);
  await expectAccessible(page);

  await rows.nth(1).getByRole('link', { name: /Bloc 1/ }).click();
  await expect(page).toHaveURL(/\/blocs\//);
  const progress = await (await page.request.get(`/api/v1/enrolments/${new URL(page.url()).pathname.split('/')[2]}/progress`)).json();
  const competency = progress.blocks[0].competencies.find((one: { evidence: { accepted: number } }) => one.evidence.accepted > 0);
  await page.locator(`a[href*="/competences/${competency.competency}"]`).first().click();
  await expect(page).toHaveURL(/\/competences\//);
  await page.locator('main a[href^="/preuves/"]').first().click();
  await expect(page).toHaveURL(/\/preuves\//);
});

test('who is late, stuck or at risk, with the reason and the way to it', async ({ page }) => {
  await enterAs(page, manager());
  const cohort = await cohortOf(page, 'RNCP42008');
  await page.goto(`/promotions/${cohort.id}/attention`);
  const late = page.getByRole('region', { name: /^En retard \([1-9]/ });
  await expect(late.getByText(/Première auto-évaluation, bloc\s1\s: à faire avant la fin du .+ jours? de retard/).first()).toBeVisible();
  const risk = page.getByRole('region', { name: /^À risque \([1-9]/ });
  await expect(risk.getByText(/semaines? sur 16, pour \d avant la fin/).first()).toBeVisible();
  await expect(page.getByRole('region', { name: /^Bloqués/ })).toBeVisible();
  await expect(page.getByRole('region', { name: /^Avis divergents/ })).toBeVisible();
  await expectAccessible(page);
  await late.getByRole('link', { name: /Voir le bloc/ }).first().click();
  await expect(page).toHaveURL(/\/blocs\//);
});

test('coverage and workload', async ({ page }) => {
  await enterAs(page, manager());
  const cohort = await cohortOf(page, 'RNCP38822');
  await page.goto(`/promotions/${cohort.id}/couverture`);
  const rows = page.getByRole('row');
  await expect(rows).toHaveCount(1 + 24 + 2 * 4);
  const shares = await rows.evaluateAll((all) =>
    all.slice(1).map((row) => Number(row.querySelector('td')!.textContent!.trim().split(' ')[0])));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  await page.getByRole('button', { name: /Sans preuve ou jamais évaluées/ }).click();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Charge des tuteurs' }).click();
  await expect(page.getByRole('columnheader', { name: 'Preuves en attente' })).toBeVisible();
  await expect(rows).not.toHaveCount(1);
  await expectAccessible(page);
});

test('tables leave as CSV and XLSX', async ({ page }) => {
  await enterAs(page, manager());
  const cohort = await cohortOf(page, 'RNCP38822');
  const shown = featured('apprentice', 'RNCP38822');
  await page.goto(`/promotions/${cohort.id}`);
  await page.getByText('Exporter', { exact: true }).click();
  const csv = await download(page, page.getByRole('link', { name: 'Ce tableau (CSV)' }));
  expect(csv.name).toMatch(/^avancement-.+-\d{4}-\d{2}-\d{2}\.csv$/);
  const text = csv.bytes.toString('utf8');
  expect(text.startsWith('\u{FEFF}Nom;Prénom;Courriel;')).toBe(true);
  expect(text).toContain(`${shown.family_name};${shown.given_name};${shown.email};`);
  const xlsx = await download(page, page.getByRole('link', { name: 'Toute la promotion (XLSX)' }));
  expect(xlsx.name).toMatch(/\.xlsx$/);
  expect(part(xlsx.bytes, 'xl/workbook.xml')).toContain('Couverture');
  expect(part(xlsx.bytes, 'xl/sharedStrings.xml')).toContain(shown.email);

  await page.goto('/personnes');
  await page.getByText('Exporter', { exact: true }).click();
  const list = await download(page, page.getByRole('link', { name: 'Ce tableau (CSV)' }));
  expect(list.bytes.toString('utf8')).toContain(shown.email);
});

test('a faulty file in Windows-1252 is explained, mended and imported', async ({ page }) => {
  test.setTimeout(120_000);
  await enterAs(page, manager());
  const cohort = await cohortOf(page, 'RNCP38822');
  await page.goto('/personnes');
  await page.getByRole('link', { name: 'Importer' }).click();
  await expectAccessible(page);
  const template = await download(page, page.getByRole('link', { name: 'Modèle à remplir (CSV)' }));
  const header = template.bytes.toString('utf8').replace('\u{FEFF}', '').trim();
  const line = (values: Record<string, string>) => header.split(';').map((name) => values[name] ?? '').join(';');
  const zoe = { prénom: 'Zoé', nom: 'Lefèvre', courriel: 'zoe@ecole.example', promotion: cohort.name, voie: 'apprentissage', 'tuteur entreprise': 'marc@firme.example' };
  const marc = { prénom: 'Marc', nom: 'Brûlé', courriel: 'marc@firme.example', rôle: 'tuteur entreprise' };
  const choose = (lines: string[]) =>
    page.getByLabel('Fichier', { exact: true }).setInputFiles({ name: 'rentree.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n'), 'latin1') });
  const check = page.getByRole('button', { name: 'Vérifier le fichier' });

  await check.click();
  await expect(page.getByRole('alert').first()).toContainText('Choisissez le fichier');
  await choose(['prénom;taille', 'Zoé;170']);
  await check.click();
  await expect(page.getByText('La colonne « taille » n’est pas connue.', { exact: false })).toBeVisible();

  const faulty = { ...zoe, courriel: 'leo', prénom: 'Léo', promotion: 'Promotion inconnue' };
  await choose([header, line(zoe), line(marc), line(faulty)]);
  await check.click();
  await expect(page.getByText('Une ligne est à corriger : rien ne sera importé.')).toBeVisible();
  const wrong = page.getByRole('row').filter({ hasText: 'Léo Lefèvre' });
  await expect(wrong).toContainText('4');
  await expect(wrong).toContainText('courriel : Cette adresse n’est pas une adresse électronique');
  const right = page.getByRole('row').filter({ hasText: 'Zoé Lefèvre' });
  await expect(right).toContainText('Ajout de la personne (Apprenti·e)');
  await expect(right).toContainText(`Ouverture d’un parcours : RNCP38822, ${cohort.name}`);
  await expect(right).toContainText('Désignation du tuteur marc@firme.example');
  await expectAccessible(page);

  // The right lines alone are imported only on the manager's word.
  await page.getByRole('button', { name: 'Importer les lignes justes seulement' }).click();
  const dialog = page.getByRole('dialog', { name: 'Importer les lignes justes seulement ?' });
  await expect(dialog).toContainText('2 lignes seront importées ; 1 ligne à corriger sera laissée de côté.');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Annuler' }).click();

  const leo = { ...faulty, courriel: 'leo@ecole.example', promotion: cohort.name };
  await choose([header, line(zoe), line(marc), line(leo)]);
  await check.click();
  await expect(page.getByText('Toutes les lignes sont justes.')).toBeVisible();
  await page.getByRole('button', { name: 'Importer 3 lignes' }).click();
  await expect(page.getByText('L’import est fait : 3 personnes ajoutées, 2 parcours ouverts.')).toBeVisible();
  await expectAccessible(page);

  await check.click();
  await expect(page.getByText('0 personne à ajouter, 0 parcours à ouvrir, 3 lignes sans changement.')).toBeVisible();
  await page.goto(`/promotions/${cohort.id}`);
  await expect(page.getByRole('link', { name: 'Zoé Lefèvre', exact: true })).toBeVisible();
});
