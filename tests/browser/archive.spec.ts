// What a person takes away reads without network and without script.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, test } from './fixtures.ts';

/** Follows a link that downloads an archive, and unfolds it. */
async function unfolded(page: Page, link: string): Promise<{ folder: string; name: string }> {
  const started = page.waitForEvent('download');
  await page.getByRole('link', { name: link }).click();
  const download = await started;
  const folder = mkdtempSync(join(tmpdir(), 'acquis-archive-'));
  const zip = join(folder, 'archive.zip');
  await download.saveAs(zip);
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, folder]);
  return { folder, name: download.suggestedFilename() };
}

const address = (folder: string, path: string) => pathToFileURL(join(folder, path)).href;

test('an archive is downloaded, unfolded and read without script', async ({ page, browser }, info) => {
  await enterAs(page, featured('apprentice'));
  const me = await (await page.request.get('/api/v1/me')).json();
  const list = await (await page.request.get('/api/v1/enrolments')).json();
  const enrolment = list.items.find((one: { student: { id: string } }) => one.student.id === me.user.id);
  await page.goto(`/parcours/${enrolment.id}/acquis`);
  await expect(page.getByRole('link', { name: 'Télécharger mon archive' })).toBeVisible();
  await expectAccessible(page);
  const { folder, name } = await unfolded(page, 'Télécharger mon archive');
  expect(name).toMatch(/^acquis-[a-z-]+-\d{4}-\d{2}-\d{2}\.zip$/);

  const { viewport, colorScheme } = info.project.use;
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
  const offline = await context.newPage();
  const requests: string[] = [];
  offline.on('request', (request) => requests.push(request.url()));
  await offline.goto(address(folder, 'index.html'));
  await expect(offline.getByRole('heading', { level: 1 })).toContainText('Portfolio de');
  // A phone cuts nothing of a line.
  const last = offline.getByText(/^(Pas encore validé|Validé le )/).first();
  const { x, width } = (await last.boundingBox())!;
  expect(x + width).toBeLessThanOrEqual(offline.viewportSize()!.width);
  const menu = offline.getByRole('navigation', { name: 'Pages de l’archive', exact: true });
  const pages = await menu.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
  expect(pages).toContain('preuves.html');
  await menu.getByRole('link', { name: 'Preuves' }).click();
  await expect(offline.getByRole('heading', { level: 1 })).toHaveText('Preuves');
  const file = offline.locator('.files a').first();
  const path = fileURLToPath(new URL((await file.getAttribute('href'))!, offline.url()));
  expect(existsSync(path), path).toBe(true);
  expect(requests.every((url) => url.startsWith('file:'))).toBe(true);
  await context.close();

  // The checker itself is a script; the pages have none.
  const checked = await browser.newContext({ viewport, colorScheme });
  const reader = await checked.newPage();
  for (const name of pages) {
    await reader.goto(address(folder, name));
    expect(await reader.locator('script').count()).toBe(0);
    await expectAccessible(reader);
  }
  await checked.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a member of a jury reads its dossiers offline', async ({ page, browser }, info) => {
  await enterAs(page, featured('jury'));
  const { items } = await (await page.request.get('/api/v1/jury-sessions')).json();
  const open = items.find((one: { status: string; attendance: string | null }) => one.status === 'open' && one.attendance !== null);
  await page.goto(`/jurys/${open.id}/convocation`);
  await expect(page.getByRole('link', { name: 'Emporter les dossiers (ZIP)' })).toBeVisible();
  await expectAccessible(page);
  const { folder, name } = await unfolded(page, 'Emporter les dossiers (ZIP)');
  expect(name).toMatch(/^acquis-jury-[a-z-]+-\d{4}-\d{2}-\d{2}\.zip$/);
  expect(existsSync(join(folder, 'proces-verbal'))).toBe(false);

  const { viewport, colorScheme } = info.project.use;
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
  const offline = await context.newPage();
  const requests: string[] = [];
  offline.on('request', (request) => requests.push(request.url()));
  await offline.goto(address(folder, 'index.html'));
  await expect(offline.getByRole('heading', { level: 1, name: 'Candidats' })).toBeVisible();
  const candidates = offline.getByRole('heading', { level: 3 }).getByRole('link');
  const pages = await candidates.evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
  expect(pages.length).toBeGreaterThan(1);
  await candidates.first().click();
  await expect(offline.getByRole('heading', { level: 1 })).toContainText('Dossier');
  await expect(offline.getByRole('columnheader', { name: /^École/ }).first()).toBeAttached();
  // Evidence opens in its place, by the browser alone.
  const evidence = offline.locator('details.evidence').first();
  await expect(evidence.getByText('Envois et décisions')).toBeHidden();
  await evidence.locator('summary').click();
  await expect(evidence.getByText('Envois et décisions')).toBeVisible();
  for (const link of await offline.locator('details.evidence .files a[href^="fichiers/"]').all()) {
    const path = fileURLToPath(new URL((await link.getAttribute('href'))!, offline.url()));
    expect(existsSync(path), path).toBe(true);
  }
  const menu = offline.getByRole('navigation', { name: 'Pages de l’archive', exact: true });
  await menu.getByRole('link', { name: /^Suivant/ }).click();
  await expect(menu.getByRole('link', { name: /^Précédent/ })).toBeVisible();
  expect(requests.every((url) => url.startsWith('file:'))).toBe(true);
  await context.close();

  const checked = await browser.newContext({ viewport, colorScheme });
  const reader = await checked.newPage();
  for (const name of ['index.html', ...pages]) {
    await reader.goto(address(folder, name));
    expect(await reader.locator('script').count()).toBe(0);
    await expectAccessible(reader);
  }
  // On paper everything is open.
  await reader.emulateMedia({ media: 'print' });
  await expect(reader.locator('details.evidence').first().getByText('Envois et décisions')).toBeVisible();
  await checked.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a manager keeps the minutes with the dossiers', async ({ page, browser }) => {
  await enterAs(page, featured('manager'));
  const { items } = await (await page.request.get('/api/v1/jury-sessions')).json();
  const closed = items.find((one: { status: string }) => one.status === 'closed');
  await page.goto(`/jurys/${closed.id}`);
  await expect(page.getByRole('heading', { name: 'Archive de la session' })).toBeVisible();
  await expectAccessible(page);
  const { folder } = await unfolded(page, 'Emporter les dossiers (ZIP)');
  const context = await browser.newContext();
  const reader = await context.newPage();
  await reader.goto(address(folder, 'index.html'));
  await expectAccessible(reader);
  const minutes = reader.getByRole('link', { name: 'Texte scellé' });
  expect(existsSync(fileURLToPath(new URL((await minutes.getAttribute('href'))!, reader.url())))).toBe(true);
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});
