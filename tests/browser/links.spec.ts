// Getting in by a link of a mail, and what mails people want.
import type { Locator, Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, named, signOut, test } from './fixtures.ts';

/** The newest mail to this address, opened; the server sends it a moment after it was asked to. */
async function mailTo(page: Page, address: string, subject: RegExp | string): Promise<Locator> {
  const mail = page.getByRole('listitem').filter({ hasText: address }).filter({ hasText: subject }).first();
  await expect(async () => {
    await page.goto('/demonstration/courriels');
    await expect(mail).toBeVisible({ timeout: 1000 });
  }).toPass();
  await mail.locator('summary').click();
  return mail;
}

async function openLink(page: Page, mail: Locator, path: string) {
  await mail.getByRole('link').and(page.locator(`[href^="${path}"]`)).click();
  await expect(page).toHaveURL(new RegExp(path));
}

test('a company tutor gets in by mail, without a password, to all their apprentices', async ({ page }) => {
  test.setTimeout(120_000);
  const address = 'paul.essai@entreprise.example';
  const apprentices = [featured('apprentice', 'RNCP42008'), featured('apprentice', 'RNCP38822')];
  await enterAs(page, featured('manager'));
  await page.goto('/personnes/nouvelle');
  await page.getByLabel('Prénom').fill('Paul');
  await page.getByLabel('Nom', { exact: true }).fill('Essai');
  await page.getByLabel('Adresse électronique').fill(address);
  await page.getByLabel('Apprenti·e').uncheck();
  await page.getByLabel('Tuteur entreprise', { exact: true }).check();
  await page.getByRole('button', { name: 'Ajouter la personne' }).click();
  await expect(page.getByText('Paul Essai est ajouté·e.')).toBeVisible();
  for (const apprentice of apprentices) {
    await page.goto('/parcours');
    await page.getByRole('searchbox').fill(apprentice.family_name);
    await page.getByRole('link', { name: new RegExp(named(apprentice)) }).first().click();
    await expect(page).toHaveURL(/parcours\/.{36}/);
    await page.goto(`${page.url()}/tuteurs`);
    await page.getByLabel(/Paul Essai/).check();
    await page.getByRole('button', { name: 'Enregistrer les tuteurs' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(named(apprentice));
  }
  await signOut(page);

  await openLink(page, await mailTo(page, address, 'vous invite'), '/entrer');
  const link = page.url();
  await expect(page.getByText(`Paul Essai – ${address}`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Entrer', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('À traiter');
  // Opened again where they are in, it leads on.
  await page.goto(link);
  await page.getByRole('link', { name: 'Continuer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('À traiter');
  await page.goto('/apprentis');
  for (const apprentice of apprentices) await expect(page.getByText(named(apprentice)).first()).toBeVisible();
  await signOut(page);

  // The same link again: refused, and a fresh one comes to the same address.
  await page.goto(link);
  await expect(page.getByText('Ce lien de Paul Essai a déjà servi ou n’est plus valable.')).toBeVisible();
  await expect(page.getByText('p…@entreprise.example')).toBeVisible();
  await expect(page.getByText(address)).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Recevoir un nouveau lien' }).click();
  await expect(page.getByText('Un nouveau lien est en route')).toBeVisible();
  const fresh = await mailTo(page, address, 'Votre lien pour entrer');
  await expectAccessible(page);

  // On a browser where somebody else is at work, it says so, and takes their place.
  const path = await fresh.getByRole('link').first().getAttribute('href');
  const other = featured('apprentice');
  await enterAs(page, other);
  await page.goto(path!);
  await expect(page.getByText(`${named(other)} a une session ouverte sur ce navigateur.`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Entrer', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('À traiter');
  await page.goto('/compte');
  await expect(page.getByText(address)).toBeVisible();
});

test('whoever forgot their password gets a link, and so does nobody else', async ({ page }) => {
  const person = featured('apprentice');
  await page.goto('/connexion');
  await page.getByRole('link', { name: 'Recevoir un lien par courriel, ou mot de passe oublié' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Recevoir un lien' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  for (const address of ['personne@nulle-part.example', person.email]) {
    await page.getByLabel('Adresse électronique').fill(address);
    await page.getByRole('button', { name: 'Recevoir un lien' }).click();
    await expect(page.getByText(`Si ${address} est l’adresse d’un compte, un lien est en route.`)).toBeVisible();
  }
  await openLink(page, await mailTo(page, person.email, 'Votre lien pour entrer'), '/entrer');
  await page.getByLabel('Nouveau mot de passe', { exact: true }).fill('court');
  await page.getByLabel('Nouveau mot de passe, une seconde fois').fill('court');
  await page.getByRole('button', { name: 'Enregistrer et entrer' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Nouveau mot de passe', { exact: true }).fill('une autre phrase à retenir');
  await page.getByLabel('Nouveau mot de passe, une seconde fois').fill('une autre phrase à retenir');
  await page.getByRole('button', { name: 'Enregistrer et entrer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon portfolio de compétences');
  await expect(page.getByText('personne@nulle-part.example')).toHaveCount(0);
});

test('a reminder is muted in one click and wanted again in another', async ({ page }) => {
  const tutor = featured('company_tutor');
  await openLink(page, await mailTo(page, tutor.email, /attend(ent)? votre avis|échéances|Visite/), '/courriels');
  await expect(page.getByText(/Vous ne recevrez plus/)).toBeVisible();
  await expect(page.getByText(named(tutor))).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Annuler/ }).click();
  await expect(page.getByText(/Vous recevrez/)).toBeVisible();
  await page.getByRole('button', { name: 'Ne plus recevoir' }).click();
  await expect(page.getByText(/Vous ne recevrez plus/)).toBeVisible();

  // The account shows what was decided; what cannot be done without says so.
  await enterAs(page, tutor);
  await page.goto('/compte');
  const mails = page.getByRole('region', { name: 'Courriels' });
  await expect(mails.getByRole('checkbox', { checked: false })).toHaveCount(1);
  await expect(mails.getByLabel(/Invitations et liens pour entrer/)).toBeDisabled();
  await mails.getByRole('checkbox', { checked: false }).check();
  await expect(mails.getByText(/Vous recevrez/)).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(mails.getByRole('checkbox')).toHaveCount(7);
  await expect(mails.getByRole('checkbox', { checked: false })).toHaveCount(0);
});

test('an unknown or cut link leads on', async ({ page }) => {
  await page.goto('/entrer');
  await expect(page.getByText('Ce lien est incomplet.')).toBeVisible();
  await expectAccessible(page);
  await page.goto('/connexion');
  await page.goto('/entrer#0000');
  await expect(page.getByText('Ce lien n’est pas, ou plus, connu.')).toBeVisible();
  await page.getByRole('link', { name: 'Recevoir un lien par courriel' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Recevoir un lien par courriel');
});
