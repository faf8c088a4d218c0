// The README's pictures, taken from the demonstration.
import { devices, type Page } from '@playwright/test';
import { enterAs, expect, featured, test } from './fixtures.ts';

const folder = new URL('../../docs/screenshots/', import.meta.url).pathname;

/** `part` is what stands at the top. */
async function picture(page: Page, path: string, name: string, part?: string) {
  if (path) await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  if (part) await page.getByRole('heading', { name: part }).evaluate((heading) => heading.scrollIntoView({ behavior: 'instant' }));
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled', scale: 'css' });
}

const json = async (page: Page, path: string) => (await page.request.get(`/api/v1${path}`)).json();

test('on a desktop', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 860 });
  await enterAs(page, featured('school_tutor'));
  await picture(page, '/', 'queue');
  const grid = (await json(page, '/queue')).items.find((item: { kind: string }) => item.kind === 'block_to_assess');
  await picture(page, `/parcours/${grid.enrolment_id}/blocs/${grid.block}/evaluation?type=${grid.assessor_kind}`, 'grid');
  await page.context().clearCookies();
  await enterAs(page, featured('manager'));
  const cohorts = (await json(page, '/cohorts')).items;
  await picture(page, `/promotions/${cohorts[0].id}`, 'cohort');
  const sessions = (await json(page, '/jury-sessions')).items as { id: string; status: string }[];
  const planned = await Promise.all(sessions.filter(({ status }) => status === 'planned').map(({ id }) => json(page, `/jury-sessions/${id}`)));
  await picture(page, `/jurys/${planned.find(({ members }) => members.length >= 5).id}`, 'jury-session');
  await picture(page, '/certifications/RNCP38822', 'certification');
});

test('before the jury', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 860 });
  await enterAs(page, featured('jury'));
  const open = (await json(page, '/jury-sessions')).items.find(({ status }: { status: string }) => status === 'open');
  const { candidates } = await json(page, `/jury-sessions/${open.id}`);
  await picture(page, `/jurys/${open.id}/deliberation`, 'jury-deliberation');
  await picture(page, `/jurys/${open.id}/candidats/${candidates[0].enrolment_id}`, 'jury-reading', 'Avis divergents');
});

test('on a phone', async ({ browser, server }) => {
  const context = await browser.newContext({ ...devices['Pixel 7'], baseURL: server.url, locale: 'fr-FR' });
  const page = await context.newPage();
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  await picture(page, '/', 'apprentice-phone');
  const { enrolments } = await json(page, '/me');
  await picture(page, `/parcours/${enrolments[0].id}/preuves/nouvelle`, 'evidence-form-phone');
  await page.context().clearCookies();
  await enterAs(page, featured('apprentice', 'SYSNUM'));
  const sysnum = (await json(page, '/me')).enrolments[0].id;
  await picture(page, `/parcours/${sysnum}/acquis`, 'records-phone');
  await page.context().clearCookies();
  await enterAs(page, featured('apprentice', 'RNCP38822'));
  await page.setViewportSize({ width: 1280, height: 860 });
  await picture(page, `/parcours/${enrolments[0].id}/blocs/RNCP38822BC01`, 'block');
  await picture(page, `/parcours/${enrolments[0].id}/carte`, 'map');
});
