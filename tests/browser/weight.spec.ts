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
    // What the page before still had on its way is not this one's.
    const asked = new Set<string>();
    let bytes = 0;
    client.on('Network.requestWillBeSent', ({ requestId }) => asked.add(requestId));
    client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (asked.has(requestId)) bytes += encodedDataLength;
    });
    await page.goto('/', { waitUntil: 'networkidle' });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    console.log(`${first}: ${asked.size} requests, ${(bytes / 1000).toFixed(1)} KB`);
    expect(asked.size).toBeLessThanOrEqual(6);
    expect(bytes).toBeLessThanOrEqual(60_000);
  });
}
