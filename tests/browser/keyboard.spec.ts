// The main job with the keyboard alone.
import type { Page } from '@playwright/test';
import { expect, featured, named, signOut, test } from './fixtures.ts';

/** Presses Tab until the focus is on what has this name, as a person would. */
async function tabTo(page: Page, name: string | RegExp, most = 150) {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      // What scrolls takes the focus too, and holds the words of everything in it.
      if (!element?.matches('a[href], button, input, select, textarea, summary')) return '';
      const labels = (element as HTMLInputElement).labels;
      return [element.getAttribute('aria-label'), ...(labels ? [...labels].map((label) => label.textContent) : []), element.textContent]
        .filter(Boolean)
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim();
    });
    if (typeof name === 'string' ? focused.includes(name) : name.test(focused)) return;
  }
  throw new Error(`${name} is not reached by Tab`);
}

test('evidence is logged, read and assessed without a mouse', async ({ page }, info) => {
  test.skip(info.project.name !== 'desktop', 'a keyboard is on a desktop; one project is enough');
  test.setTimeout(120_000);
  const person = featured('apprentice', 'RNCP38822');
  await page.goto('/connexion');
  await tabTo(page, `Entrer comme ${named(person)}`);
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/connexion/);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();

  await tabTo(page, 'Déposer une preuve');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Déposer une preuve');
  await tabTo(page, 'Titre');
  await page.keyboard.type('Audit au clavier');
  await tabTo(page, 'Ce que vous avez fait');
  await page.keyboard.type('Tout au clavier.');
  await tabTo(page, 'Rechercher une compétence');
  await page.keyboard.type('veille');
  await tabTo(page, 'Concevoir un système de veille technologique');
  await page.keyboard.press('Space');
  await tabTo(page, 'En quoi cette preuve la montre');
  await page.keyboard.type('Une veille comparée.');
  await tabTo(page, 'Envoyer à mes tuteurs');
  await page.keyboard.press('Enter');
  await expect(page.getByText('La preuve est envoyée à vos tuteurs.')).toBeVisible();

  const id = page.url().match(/preuves\/([^/?#]+)/)![1]!;
  const evidence = await (await page.request.get(`/api/v1/evidence/${id}`)).json();
  const enrolment = await (await page.request.get(`/api/v1/enrolments/${evidence.enrolment_id}`)).json();
  const tutor = enrolment.tutors.find((one: { kind: string }) => one.kind === 'school').user;
  await signOut(page);

  await page.goto('/connexion');
  await tabTo(page, 'Adresse électronique');
  await page.keyboard.type(tutor.email);
  await tabTo(page, 'Mot de passe');
  await page.keyboard.type('demonstration');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('À traiter');
  await tabTo(page, 'Audit au clavier');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/preuves/);
  await tabTo(page, 'Accepter la preuve');
  await page.keyboard.press('Enter');
  await expect(page.getByText('La preuve est acceptée.')).toBeVisible();

  await page.goto(`/parcours/${evidence.enrolment_id}/blocs/RNCP38822BC01/evaluation?type=school`);
  await expect(page.locator('#competency-1')).toBeVisible();
  await tabTo(page, 'Non acquis');
  await page.keyboard.press('3');
  await expect(page.locator('#competency-0').getByRole('radio', { name: 'Acquis', exact: true })).toBeChecked();
  await tabTo(page, /^Signer$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await tabTo(page, /^Signer$/, 3);
  await page.keyboard.press('Enter');
  await expect(page.getByText('L’évaluation est signée.')).toBeVisible();
});
