// The first page is small, and asks for little.
import { expect, featured, named, test } from './fixtures.ts';

// What is kept for a day without network comes after the first page, in the background: it is not waited for.
test.use({ serviceWorkers: 'block' });

for (const first of ['the sign-in page', 'an apprentice’s home'] as const) {
  test(`${first}: at most 60 KB compressed and 6 requests`, async ({ page }) => {
    if (first !== 'the sign-in page') {
      await page.goto('/connexion');
      await page.getByRole('button', { name: `Entrer comme ${named(featured('apprentice'))}` }).click();
      await expect(page).not.toHaveURL(/connexion/);
    }
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    await client.send('Network.setCacheDisabled', { cacheDisabled: true });
    let requests = 0;
    let bytes = 0;
    client.on('Network.requestWillBeSent', () => (requests += 1));
    client.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
    await page.goto('/', { waitUntil: 'networkidle' });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    console.log(`${first}: ${requests} requests, ${(bytes / 1000).toFixed(1)} KB`);
    expect(requests).toBeLessThanOrEqual(6);
    expect(bytes).toBeLessThanOrEqual(60_000);
  });
}
