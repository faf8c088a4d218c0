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

/** So many days from today, as the server counts them: in Paris. */
export const inDays = (days: number) => {
  const today = new Date(new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date()));
  return new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10);
};

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

export async function signIn(page: Page, email: string, password: string) {
  await page.goto('/connexion');
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page).not.toHaveURL(/connexion/);
}

export async function signOut(page: Page) {
  await page.goto('/compte');
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page).toHaveURL(/connexion/);
}

/** A PDF of one page that holds a line of text. */
export function pdf(name: string, text: string) {
  const content = `BT /F1 24 Tf 72 720 Td (${text}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) body += `${String(offset).padStart(10, '0')} 00000 n \n`;
  body += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(body, 'latin1') };
}

/** A picture of one pixel. */
export function png(name: string) {
  const base64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  return { name, mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') };
}
