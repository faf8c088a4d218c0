// What juries gave: blocks until when, what is missing, and the papers.
import type { Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, people, signIn, test } from './fixtures.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Enrolment { id: string; student: { email: string; given_name: string; family_name: string } }

const manager = () => people().find((person) => person.role === 'manager')!;
const password = () => JSON.parse(readFileSync(join(process.env.ACQUIS_DEMO_TEMPLATE!, 'demo.json'), 'utf8')).password as string;

/** The first enrolment whose record satisfies this, as the manager reads it. */
async function holding(page: Page, is: (record: { obtained_on: string | null; expiring: string[] }) => boolean): Promise<Enrolment> {
  let cursor = '';
  for (;;) {
    const list = await (await page.request.get(`/api/v1/enrolments?limit=200${cursor}`)).json();
    for (const enrolment of list.items) {
      const record = await (await page.request.get(`/api/v1/enrolments/${enrolment.id}/record`)).json();
      if (is(record)) return enrolment;
    }
    if (!list.next) throw new Error('nobody holds this');
    cursor = `&cursor=${list.next}`;
  }
}

async function pdfBehind(page: Page, href: string | null) {
  const answer = await page.request.get(href!);
  expect(answer.headers()['content-type']).toBe('application/pdf');
  return (await answer.body()).toString('latin1');
}

test('a student reads which block ends soon, what is missing, and takes the attestation away', async ({ page, browser, server }) => {
  await enterAs(page, manager());
  const { id, student } = await holding(page, ({ expiring }) => expiring.length > 0);
  const context = await browser.newContext({ baseURL: server.url });
  const own = await context.newPage();
  await signIn(own, student.email, password());
  await own.goto(`/parcours/${id}`);
  await own.getByRole('link', { name: 'Blocs validés' }).click();
  await expect(own.getByRole('heading', { name: 'Blocs validés', level: 1 })).toBeFocused();
  await expect(own.getByText('1 bloc en vigueur sur 4')).toBeVisible();
  const soon = own.getByRole('listitem').filter({ hasText: 'Expire bientôt' });
  await expect(soon).toContainText('Tous les blocs doivent être en vigueur le même jour');
  await expect(own.getByRole('listitem').filter({ hasText: 'Pas encore validé' })).toHaveCount(3);
  const missing = own.getByRole('region', { name: 'Ce qui manque pour la certification' });
  await expect(missing.getByRole('listitem').first()).toContainText('à valider devant un jury');
  await expect(own.getByText('Aucun jury n’a encore rendu de décision')).toBeVisible();
  await expectAccessible(own);
  const link = own.getByRole('link', { name: /^Attestation du bloc RNCP38822BC01/ });
  expect(await pdfBehind(own, await link.getAttribute('href'))).toContain('%PDF-1.7');
  await context.close();
});

test('a manager sees who obtained the certification, and writes the letterhead of its papers', async ({ page }) => {
  await enterAs(page, manager());
  const { id, student } = await holding(page, ({ obtained_on }) => obtained_on !== null);
  await page.goto(`/parcours/${id}`);
  await page.getByRole('link', { name: 'Blocs validés' }).click();
  const title = `Blocs validés de ${student.given_name} ${student.family_name}`;
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  await expect(page.getByText(/^Certification obtenue le/)).toBeVisible();
  // The source of this certification does not date its registration, and the page says so.
  await expect(page.getByText('Le parchemin ne peut pas être établi')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'En-tête et signature des documents' }).click();
  await expect(page.getByRole('heading', { name: 'En-tête et signature des documents' })).toBeFocused();
  await expectAccessible(page);
  await page.getByLabel('Fait à (ville)').fill('Rennes');
  await page.getByLabel('Nom de la personne qui signe').fill('Hélène Kerbrat');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('portent cet en-tête')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Fait à (ville)')).toHaveValue('Rennes');
  await expectAccessible(page);
});
