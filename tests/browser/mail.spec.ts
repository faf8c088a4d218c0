// A mail server that refuses: whoever manages the person sees it, and can have the mail sent again.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, expectAccessible, signIn, test as base } from './fixtures.ts';
import { start, type Server } from './server.ts';

const password = 'une phrase facile à retenir';

/** The same peer as in the end-to-end tests, with an authority of its own. */
async function peer(folder: string) {
  const openssl = (command: string) => execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'ignore' });
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  openssl(`req -x509 ${key} -keyout ca.key -out ca.pem -days 2 -subj /CN=Essais`);
  openssl(`req ${key} -keyout key.pem -out csr.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost`);
  openssl('x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -days 2 -out cert.pem');
  const script = fileURLToPath(new URL('../e2e/smtp_peer.py', import.meta.url));
  const child = spawn('/usr/bin/python3', [script, 'starttls', 'cert.pem', 'key.pem'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line).port));
  });
  return { url: `smtp://acquis:p%40ss%20word@localhost:${port}`, stop: () => child.kill() };
}

const test = base.extend<{ server: Server }>({
  server: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'acquis-browser-'));
    const { url, stop } = await peer(folder);
    const server = await start(['serve', '--data', join(folder, 'data')], {
      settings: {
        ACQUIS_SMTP_URL: url,
        ACQUIS_MAIL_FROM: 'acquis@essais.example',
        ACQUIS_SMTP_CA: join(folder, 'ca.pem'),
      },
    });
    await use(server);
    await server.stop();
    stop();
    rmSync(folder, { recursive: true, force: true });
  },
});

test('a manager sees a mail that was refused, and sends it again', async ({ page, server }) => {
  const email = 'ada@essais.example';
  const token = server.lines.find((line) => line.includes('/installation#'))!.split('#')[1]!.trim();
  const person = { given_name: 'Ada', family_name: 'Le Goff', email };
  await page.request.post('/api/v1/setup', { data: { token, organisation: 'Institut des essais', ...person, password } });
  await signIn(page, email, password);
  await page.goto('/personnes/nouvelle');
  await page.getByLabel('Prénom').fill('Paul');
  await page.getByLabel('Nom', { exact: true }).fill('Mercier');
  await page.getByLabel('Adresse électronique').fill('refuse@entreprise.example');
  await page.getByRole('button', { name: 'Ajouter la personne' }).click();
  await expect(page.getByText('Paul Mercier est ajouté·e.')).toBeVisible();

  await expect(async () => {
    await page.goto('/personnes');
    await expect(page.getByText('Un courriel n’est pas arrivé.')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.getByText(/550.+no such mailbox here/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Renvoyer le courriel à Paul Mercier' }).click();
  await expect(page.getByText('Le courriel repart vers Paul Mercier.')).toBeVisible();
  await expectAccessible(page);
});
