// Every page, as the people who use it see it: accessible, without sideways scroll, in both languages.
import type { Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, test } from './fixtures.ts';

/** Opens a page, waits for its content and checks it. */
async function visit(page: Page, path: string) {
  await page.goto(path);
  await settled(page);
  await expectAccessible(page);
}

async function settled(page: Page) {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('Chargement en cours…')).toHaveCount(0);
  await expect(page).toHaveTitle(/.+ – Acquis/);
}

const own = async (page: Page): Promise<string> => {
  const me = await page.request.get('/api/v1/me');
  return (await me.json()).enrolments[0].id;
};

test('before anyone signs in', async ({ page }) => {
  await visit(page, '/connexion');
  await visit(page, '/invitation#jeton');
  await visit(page, '/installation#jeton');
  await page.goto('/connexion');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expectAccessible(page);
});

test('who comes for the first time is not told that a session ended', async ({ page }) => {
  const ended = page.getByText('Votre session est terminée.');
  await page.goto('/jurys');
  await expect(page.getByRole('heading', { level: 1, name: 'Se connecter' })).toBeVisible();
  await expect(ended).toHaveCount(0);
  await enterAs(page, featured('manager'));
  await page.context().clearCookies();
  await page.goto('/jurys');
  await expect(ended).toBeVisible();
});

test('an apprentice', async ({ page }) => {
  test.setTimeout(120_000);
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  const enrolment = await own(page);
  const at = `/parcours/${enrolment}`;
  await visit(page, '/');
  const progress = await (await page.request.get(`/api/v1/enrolments/${enrolment}/progress`)).json();
  const block = progress.blocks[0];
  await visit(page, `${at}/blocs/${block.code}`);
  await visit(page, `${at}/competences/${block.competencies[0].competency}`);
  await visit(page, `${at}/blocs/${block.code}/auto-evaluation`);
  await visit(page, `${at}/preuves`);
  await visit(page, `${at}/preuves?etat=accepted`);
  await visit(page, `${at}/preuves/nouvelle`);
  await visit(page, `${at}/carte`);
  await visit(page, '/compte');
  await visit(page, '/nulle-part');
  for (const kind of ['Stage', 'Séjour à l’étranger', 'Certificat de langue']) {
    await page.goto(`${at}/preuves/nouvelle`);
    await page.getByRole('radio', { name: kind, exact: true }).check();
    await expectAccessible(page);
  }
  const evidence = await (await page.request.get(`/api/v1/enrolments/${enrolment}/evidence?status=accepted`)).json();
  await visit(page, `/preuves/${evidence.items[0].id}`);
  await page.getByRole('button', { name: 'English' }).click();
  await visit(page, '/');
});

test('an apprentice of a draft certification logs evidence against its competencies', async ({ page }) => {
  await enterAs(page, featured('apprentice', 'RNCP37579'));
  const at = `/parcours/${await own(page)}`;
  await visit(page, '/');
  await expect(page.getByText('Cette certification n’a pas encore de bloc', { exact: false })).toBeVisible();
  await visit(page, `${at}/preuves/nouvelle`);
});

test('a tutor', async ({ page }) => {
  test.setTimeout(120_000);
  await enterAs(page, featured('school_tutor'));
  await visit(page, '/');
  const queue = (await (await page.request.get('/api/v1/queue')).json()).items;
  const review = queue.find((item: { kind: string }) => item.kind === 'evidence_to_review');
  const grid = queue.find((item: { kind: string }) => item.kind === 'block_to_assess');
  await visit(page, `/preuves/${review.evidence_id}`);
  await visit(page, `/parcours/${grid.enrolment_id}`);
  await visit(page, `/parcours/${grid.enrolment_id}/blocs/${grid.block}/evaluation?type=${grid.assessor_kind}`);
  await visit(page, `/parcours/${grid.enrolment_id}/preuves`);
  await visit(page, `/parcours/${grid.enrolment_id}/carte`);
  await visit(page, '/apprentis');
});

test('a manager', async ({ page }) => {
  test.setTimeout(180_000);
  await enterAs(page, featured('manager'));
  await visit(page, '/');
  const cohorts = (await (await page.request.get('/api/v1/cohorts')).json()).items;
  expect(cohorts).toHaveLength(5);
  for (const cohort of cohorts) await visit(page, `/promotions/${cohort.id}`);
  await visit(page, '/promotions/nouvelle');
  await visit(page, '/personnes');
  await visit(page, '/personnes/nouvelle');
  await visit(page, '/parcours');
  await visit(page, '/parcours/nouveau');
  const enrolments = (await (await page.request.get(`/api/v1/enrolments?cohort_id=${cohorts[0].id}`)).json()).items;
  await visit(page, `/parcours/${enrolments[0].id}`);
  await visit(page, `/parcours/${enrolments[0].id}/tuteurs`);
  await visit(page, '/certifications');
  await visit(page, '/certifications/nouvelle');
  for (const code of ['RNCP42008', 'RNCP21947', 'RNCP38822', 'RNCP37579', 'SYSNUM']) await visit(page, `/certifications/${code}`);
});

test('an administrator and a jury member', async ({ page }) => {
  await enterAs(page, featured('administrator'));
  await visit(page, '/personnes');
  await page.context().clearCookies();
  await enterAs(page, featured('jury'));
  await visit(page, '/jury');
  await visit(page, '/certifications');
});
