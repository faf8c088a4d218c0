import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import { start, type Server } from './server.ts';

export { expect } from '@playwright/test';
export { expectAccessible } from './accessible.ts';

interface DemoPerson { email: string; given_name: string; family_name: string; role: string; certification: string | null; featured: boolean }

/** The people of the demonstration. */
export const people = (): DemoPerson[] =>
  JSON.parse(readFileSync(join(process.env.ACQUIS_DEMO_TEMPLATE!, 'demo.json'), 'utf8')).people;

export const featured = (role: string, certification?: string): DemoPerson => {
  const found = people().find((person) => person.featured && person.role === role && (!certification || person.certification === certification));
  if (!found) throw new Error(`no featured ${role} ${certification ?? ''}`);
  return found;
};

export const named = (person: DemoPerson) => `${person.given_name} ${person.family_name}`;

/** A demonstration of the test's own, which it may change as it likes. */
export const test = base.extend<{ server: Server }>({
  server: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'acquis-browser-'));
    const data = join(folder, 'demo');
    cpSync(process.env.ACQUIS_DEMO_TEMPLATE!, data, { recursive: true });
    const server = await start(['demo', '--data', data]);
    await use(server);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  },
  baseURL: async ({ server }, use) => use(server.url),
  // Every test fails on an error of the page's own, and on anything that its policy refuses.
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text())) errors.push(message.text());
    });
    await use(page);
    expect(errors).toEqual([]);
  },
});

/** In by one click, as the demonstration's sign-in page offers it. */
export async function enterAs(page: Page, person: DemoPerson) {
  await page.goto('/connexion');
  await page.getByRole('button', { name: `Entrer comme ${named(person)}` }).click();
  await expect(page).not.toHaveURL(/connexion/);
}
