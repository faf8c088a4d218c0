// A school that opens for real: from the link of the first start to a progress that has moved.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, pdf, png, signIn, signOut, test as base } from './fixtures.ts';
import { start, type Server } from './server.ts';

const password = 'une phrase facile à retenir';

const test = base.extend<{ server: Server }>({
  server: async ({}, use) => {
    const data = mkdtempSync(join(tmpdir(), 'acquis-browser-'));
    const server = await start(['serve', '--data', data, '--max-file-mb', '1']);
    await use(server);
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  },
});

async function addPerson(page: Page, given: string, family: string, email: string, role: string): Promise<string> {
  await page.goto('/personnes/nouvelle');
  await page.getByLabel('Prénom').fill(given);
  await page.getByLabel('Nom', { exact: true }).fill(family);
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Apprenti·e').uncheck();
  await page.getByLabel(role, { exact: true }).check();
  await page.getByRole('button', { name: 'Ajouter la personne' }).click();
  await expect(page.getByText(`${given} ${family} est ajouté·e.`)).toBeVisible();
  return page.getByLabel(`Lien d’accès de ${given} ${family}`).inputValue();
}

async function accept(page: Page, link: string) {
  await page.goto(link);
  await page.getByLabel('Nouveau mot de passe', { exact: true }).fill(password);
  await page.getByLabel('Nouveau mot de passe, une seconde fois').fill(password);
  await page.getByRole('button', { name: 'Enregistrer et entrer' }).click();
  await expect(page).not.toHaveURL(/invitation/);
}

/** Gives every criterion of the first competencies this level, then signs. */
async function assess(page: Page, level: string, competencies: number, sign: 'Signer' | 'Signer et suivant') {
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
  for (let index = 0; index < competencies; index += 1) {
    const radios = page.locator(`#competency-${index}`).getByRole('radio', { name: level, exact: true });
    await expect(radios).not.toHaveCount(0);
    for (const radio of await radios.all()) await radio.check();
  }
  await page.getByRole('button', { name: sign, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Signer cette évaluation ?' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Signer', exact: true }).click();
  await expect(page.getByText('L’évaluation est signée.')).toBeVisible();
}

test('a manager, an apprentice and two tutors do the main job', async ({ page, server }) => {
  test.setTimeout(120_000);
  await page.goto(server.lines.find((line) => line.includes('/installation#'))!.trim());
  await expectAccessible(page);
  await page.getByLabel('Nom de l’établissement').fill('Institut des essais');
  await page.getByLabel('Prénom').fill('Ada');
  await page.getByLabel('Nom', { exact: true }).fill('Le Goff');
  await page.getByLabel('Adresse électronique').fill('ada@essais.example');
  await page.getByLabel('Nouveau mot de passe', { exact: true }).fill(password);
  await page.getByLabel('Nouveau mot de passe, une seconde fois').fill(password);
  await page.getByRole('button', { name: 'Créer l’établissement' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Promotions');

  await page.goto('/promotions/nouvelle');
  await page.getByLabel('Nom de la promotion').fill('Promotion 2028');
  await page.getByLabel('Certification').selectOption('RNCP38822');
  await page.getByLabel('Début').fill('2026-09-01');
  await page.getByLabel('Fin', { exact: true }).fill('2028-08-31');
  await page.getByRole('button', { name: 'Créer une promotion' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Promotion 2028');

  const links = {
    student: await addPerson(page, 'Léa', 'Nguyen', 'lea@essais.example', 'Apprenti·e'),
    company: await addPerson(page, 'Paul', 'Mercier', 'paul@entreprise.example', 'Tuteur entreprise'),
    school: await addPerson(page, 'Inès', 'Benali', 'ines@essais.example', 'Tuteur école'),
  };
  await page.goto('/parcours/nouveau');
  await page.getByLabel('Apprenti·e', { exact: true }).selectOption({ label: 'Léa Nguyen (lea@essais.example)' });
  await page.getByLabel('Promotion').selectOption({ label: 'Promotion 2028 – RNCP38822' });
  await page.getByLabel('Voie d’accès').selectOption('apprenticeship');
  await page.getByRole('button', { name: 'Ouvrir le parcours' }).click();
  await page.getByLabel(/Paul Mercier/).check();
  await page.getByLabel(/Inès Benali/).check();
  await page.getByRole('button', { name: 'Enregistrer les tuteurs' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Léa Nguyen');
  await signOut(page);

  // The apprentice logs an evidence with a PDF and a picture for two competencies.
  await accept(page, links.student);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon portfolio de compétences');
  await page.getByRole('link', { name: 'Déposer une preuve' }).first().click();
  await page.getByLabel('Titre').fill('Refonte du suivi des tournées');
  await page.getByLabel('Ce que vous avez fait').fill('J’ai conçu et livré le nouveau service.');
  await page.getByLabel('Ajouter des fichiers').setInputFiles([
    pdf('rapport.pdf', 'Rapport de stage'),
    png('ecran.png'),
    { name: 'trop-lourd.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(1_200_000) },
  ]);
  await expect(page.getByText(/trop-lourd\.pdf.+pèse/)).toBeVisible();
  await expect(page.getByText(/Reçu/)).toHaveCount(2);
  const group = page.locator('details.group').first();
  await group.locator('summary').click();
  await group.getByRole('checkbox').nth(0).check();
  await group.getByRole('checkbox').nth(1).check();
  for (const box of await page.getByLabel(/En quoi cette preuve la montre/).all()) {
    await box.fill('J’ai comparé trois solutions et chiffré la retenue.');
  }
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page.getByText('La preuve est envoyée à vos tuteurs.')).toBeVisible();
  const evidence = page.url();
  await signOut(page);

  // The company's tutor asks for more, the apprentice gives it, the tutor accepts and assesses.
  await accept(page, links.company);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('À traiter');
  await page.getByRole('link', { name: /Refonte du suivi des tournées/ }).click();
  await page.getByRole('button', { name: 'Renvoyer pour modification' }).click();
  await expect(page.getByRole('alert')).toContainText('Écrivez ce qui est attendu');
  await page.getByLabel('Commentaire pour l’apprenti·e').fill('Ajoutez les chiffres de charge.');
  await page.getByRole('button', { name: 'Renvoyer pour modification' }).click();
  await expect(page.getByText('La preuve est renvoyée avec votre commentaire.')).toBeVisible();
  await signOut(page);

  await signIn(page, 'lea@essais.example', password);
  await page.getByRole('link', { name: 'Refonte du suivi des tournées' }).first().click();
  await page.goto(`${evidence}/modifier`);
  await page.getByLabel('Ce que vous avez fait').fill('J’ai conçu et livré le service ; 40 requêtes par seconde.');
  await page.getByRole('button', { name: 'Envoyer à mes tuteurs' }).click();
  await expect(page.getByText('La preuve est envoyée à vos tuteurs.')).toBeVisible();
  await signOut(page);

  await signIn(page, 'paul@entreprise.example', password);
  await page.getByRole('link', { name: /Refonte du suivi des tournées/ }).click();
  await expect(page.getByText('Version 2')).toBeVisible();
  await page.getByRole('button', { name: 'Accepter la preuve' }).click();
  await expect(page.getByText('La preuve est acceptée.')).toBeVisible();
  await page.goto('/a-traiter');
  await page.getByRole('link', { name: /Évaluer/ }).first().click();
  await expectAccessible(page);
  await assess(page, 'Acquis', 2, 'Signer et suivant');
  await signOut(page);

  // Two of seven are acquired, said in words.
  await signIn(page, 'lea@essais.example', password);
  const title = 'Planifier et organiser un projet de développement logiciel';
  const block = page.getByRole('region', { name: 'Les blocs de compétences' }).getByRole('listitem').filter({ hasText: title });
  await expect(block.getByText('2 acquises, 5 non commencées')).toBeVisible();
  await block.getByRole('link', { name: title }).click();
  await page.getByRole('link', { name: 'M’auto-évaluer' }).click();
  await assess(page, 'Maîtrisé', 1, 'Signer');
  await signOut(page);

  // The school's tutor disagrees, and everyone sees it.
  await accept(page, links.school);
  await page.getByRole('link', { name: /Évaluer/ }).first().click();
  await expect(page.locator('#competency-0').getByText('Maîtrisé', { exact: true }).first()).toBeVisible();
  await assess(page, 'En cours d’acquisition', 1, 'Signer');
  await expect(page.getByText('Avis divergents')).toHaveCount(1);
  await expectAccessible(page);
  await signOut(page);

  await signIn(page, 'ada@essais.example', password);
  await page.getByRole('link', { name: /Promotion 2028/ }).click();
  await expect(page.getByRole('table').getByRole('row', { name: /Nguyen/ })).toContainText('2');
  await expectAccessible(page);
});
