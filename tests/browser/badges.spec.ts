// Badges: issued by the school, shown as their holder likes, verified by anybody.
import type { Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, people, signIn, signOut, test } from './fixtures.ts';

interface Badge { token: string; page: string; state: string; award: { block: { code: string } | null } }
interface Badges { credentials: Badge[]; issuable: unknown[] }

const PASSWORD = 'demonstration';

/** The students who have a badge, as the manager finds them. */
async function holders(page: Page): Promise<{ enrolment: string; email: string; badges: Badges }[]> {
  const found = [];
  let cursor = '';
  do {
    const list = await (await page.request.get(`/api/v1/enrolments?limit=200${cursor}`)).json();
    for (const { id, student } of list.items) {
      const badges: Badges = await (await page.request.get(`/api/v1/enrolments/${id}/credentials`)).json();
      if (badges.credentials.length > 0) found.push({ enrolment: id, email: student.email, badges });
    }
    cursor = list.next ? `&cursor=${list.next}` : '';
  } while (cursor);
  return found;
}

test('a badge is issued, shown, verified by anybody, and revoked', async ({ page, browser, server }) => {
  test.setTimeout(120_000);
  await enterAs(page, featured('manager'));
  const all = await holders(page);
  const { enrolment, email } = all.find(({ badges }) => badges.issuable.length > 0)!;
  expect(people().some((person) => person.email === email)).toBe(true);

  // The school issues one more, and reads what is shown of the other.
  await page.goto(`/parcours/${enrolment}/acquis`);
  const issuing = page.getByRole('heading', { name: 'À émettre' });
  await expect(issuing).toBeVisible();
  await expectAccessible(page);
  const before = await page.getByRole('article').count();
  await page.getByRole('button', { name: /^Émettre le badge/ }).first().click();
  await expect(page.getByText('Le badge est émis.')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(before + 1);
  const issued = page.getByRole('article').first();
  await expect(issued.getByText('En vigueur', { exact: true })).toBeVisible();
  await expect(issued.getByText('Le titulaire ne montre pas son nom.')).toBeVisible();
  const address = (await issued.getByRole('link', { name: /\/verifier\// }).getAttribute('href'))!;

  // Anybody opens its page: nobody is signed in there.
  const visitor = await (await browser.newContext({ baseURL: server.url, viewport: page.viewportSize() })).newPage();
  await visitor.goto(address);
  await expect(visitor).toHaveTitle(/Vérification d’un badge/);
  await expect(visitor.getByText('Ce badge est authentique et en vigueur.')).toBeVisible();
  await expect(visitor.getByText('Le titulaire a choisi de ne pas montrer son nom.')).toBeVisible();
  await expect(visitor.locator('main')).not.toContainText('@');
  await expect(visitor.locator('meta[name=robots]')).toHaveAttribute('content', /noindex/);
  await expectAccessible(visitor);
  await visitor.getByRole('button', { name: 'English' }).click();
  await expect(visitor.getByText('This badge is authentic and in force.')).toBeVisible();
  await visitor.getByRole('button', { name: 'Français' }).click();

  // Its holder shows their name.
  await signOut(page);
  await signIn(page, email, PASSWORD);
  const me = (await (await page.request.get('/api/v1/me')).json()).user;
  await page.goto(`/parcours/${enrolment}/acquis`);
  const mine = page.getByRole('article').first();
  await mine.getByLabel('Mon nom').check();
  await expect(mine.getByText('C’est enregistré.')).toBeVisible();
  await mine.getByLabel('Les compétences').check();
  await expect(mine.getByLabel('Les compétences')).toBeChecked();
  await expect(mine.getByText('C’est enregistré.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Révoquer/ })).toHaveCount(0);
  await expectAccessible(page);
  const downloading = page.waitForEvent('download');
  await mine.getByRole('link', { name: /^Télécharger le badge/ }).click();
  expect((await downloading).suggestedFilename()).toMatch(/\.jwt$/);
  await visitor.reload();
  await expect(visitor.getByText(`${me.given_name} ${me.family_name}`)).toBeVisible();
  await expect(visitor.getByRole('heading', { name: 'Compétences attestées' })).toBeVisible();
  await expectAccessible(visitor);

  // The school takes it back, and says why: the page tells that it did, and nobody but the holder why.
  await signOut(page);
  await enterAs(page, featured('manager'));
  await page.goto(`/parcours/${enrolment}/acquis`);
  const again = page.getByRole('article').first();
  await again.locator('summary').filter({ hasText: 'Révoquer' }).click();
  await again.getByRole('button', { name: /^Révoquer/ }).click();
  await expect(again.getByRole('alert')).toContainText('Dites pourquoi ce badge est révoqué.');
  await again.getByLabel('Motif de la révocation').fill('Émis pour un autre bloc');
  await expectAccessible(page);
  await again.getByRole('button', { name: /^Révoquer/ }).click();
  // It cannot be undone: it is asked once more.
  const dialog = page.getByRole('dialog', { name: 'Révoquer ce badge' });
  await expect(dialog).toContainText('cela ne se défait pas');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Annuler' }).click();
  await expect(again.getByText('Révoqué', { exact: true })).toHaveCount(0);
  await again.getByRole('button', { name: /^Révoquer/ }).click();
  await dialog.getByRole('button', { name: 'Révoquer' }).click();
  await expect(again.getByText('Le badge est révoqué.')).toBeVisible();
  await expect(again.getByText('Révoqué', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await visitor.reload();
  await expect(visitor.getByText('L’établissement a révoqué ce badge')).toBeVisible();
  await expect(visitor.locator('main')).not.toContainText('autre bloc');
  await expectAccessible(visitor);
  await visitor.context().close();
});

test('an address that leads to no badge says so, and no more', async ({ page }) => {
  await page.goto('/verifier/0123456789abcdef0123456789abcdef');
  await expect(page.getByRole('heading', { level: 1, name: 'Aucun badge à cette adresse' })).toBeVisible();
  await expectAccessible(page);
});
