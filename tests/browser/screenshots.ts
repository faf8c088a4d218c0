// The README's pictures, taken from the demonstration.
import { devices, type Page } from '@playwright/test';
import { enterAs, expect, featured, test } from './fixtures.ts';

const folder = new URL('../../docs/screenshots/', import.meta.url).pathname;

async function picture(page: Page, path: string, name: string) {
  if (path) await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', scale: 'css' });
}

const json = async (page: Page, path: string) => (await page.request.get(`/api/v1${path}`)).json();

test('on a desktop', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 860 });
  await picture(page, '/connexion', 'sign-in');
  await enterAs(page, featured('school_tutor'));
  await picture(page, '/', 'queue');
  const grid = (await json(page, '/queue')).items.find((item: { kind: string }) => item.kind === 'block_to_assess');
  await picture(page, `/parcours/${grid.enrolment_id}/blocs/${grid.block}/evaluation?type=${grid.assessor_kind}`, 'grid');
  await page.context().clearCookies();
  await enterAs(page, featured('manager'));
  const cohorts = (await json(page, '/cohorts')).items;
  await picture(page, `/promotions/${cohorts[0].id}`, 'cohort');
  await picture(page, '/personnes', 'people');
  await picture(page, '/certifications/RNCP38822', 'certification');
});

test('on a phone', async ({ browser, server }) => {
  const context = await browser.newContext({ ...devices['Pixel 7'], baseURL: server.url, locale: 'fr-FR' });
  const page = await context.newPage();
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  await picture(page, '/', 'apprentice-phone');
  const { enrolments } = await json(page, '/me');
  await picture(page, `/parcours/${enrolments[0].id}/preuves/nouvelle`, 'evidence-form-phone');
  await page.setViewportSize({ width: 1280, height: 860 });
  await picture(page, `/parcours/${enrolments[0].id}/blocs/RNCP38822BC01`, 'block');
  await picture(page, `/parcours/${enrolments[0].id}/carte`, 'map');
});
