// What a person takes away reads without network and without script.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { enterAs, expect, expectAccessible, featured, test } from './fixtures.ts';

test('an archive is downloaded, unfolded and read without script', async ({ page, browser }, info) => {
  await enterAs(page, featured('apprentice'));
  const me = await (await page.request.get('/api/v1/me')).json();
  const list = await (await page.request.get('/api/v1/enrolments')).json();
  const enrolment = list.items.find((one: { student: { id: string } }) => one.student.id === me.user.id);
  await page.goto(`/parcours/${enrolment.id}/acquis`);
  await expectAccessible(page);
  const started = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Télécharger mon archive' }).click();
  const download = await started;
  expect(download.suggestedFilename()).toMatch(/^acquis-[a-z-]+-\d{4}-\d{2}-\d{2}\.zip$/);
  const folder = mkdtempSync(join(tmpdir(), 'acquis-archive-'));
  const zip = join(folder, 'archive.zip');
  await download.saveAs(zip);
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, folder]);

  const { viewport, colorScheme } = info.project.use;
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
  const offline = await context.newPage();
  const requests: string[] = [];
  offline.on('request', (request) => requests.push(request.url()));
  await offline.goto(pathToFileURL(join(folder, 'index.html')).href);
  await expect(offline.getByRole('heading', { level: 1 })).toContainText('Portfolio de');
  const menu = offline.getByRole('navigation', { name: 'Pages de l’archive' });
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
    await reader.goto(pathToFileURL(join(folder, name)).href);
    expect(await reader.locator('script').count()).toBe(0);
    await expectAccessible(reader);
  }
  await checked.close();
  rmSync(folder, { recursive: true, force: true });
});
