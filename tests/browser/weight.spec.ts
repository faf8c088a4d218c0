// The first page is small, and asks for little.
import { expect, featured, named, test } from './fixtures.ts';

// What is kept for a day without network comes after the first page, in the background: it is not waited for.
test.use({ serviceWorkers: 'block' });

for (const first of ['the sign-in page', 'an apprentice’s home'] as const) {
  test(`${first}: at most 60 KB compressed and 6 requests`, async ({ page: door, context }) => {
    if (first !== 'the sign-in page') {
      await door.goto('/connexion');
      await door.getByRole('button', { name: `Entrer comme ${named(featured('apprentice'))}` }).click();
      await expect(door).not.toHaveURL(/connexion/);
    }
    // A page of its own, so that nothing of the one before is counted.
    await door.close();
    const page = await context.newPage();
    const client = await context.newCDPSession(page);
    await client.send('Network.enable');
    await client.send('Network.setCacheDisabled', { cacheDisabled: true });
    const asked: string[] = [];
    let bytes = 0;
    client.on('Network.requestWillBeSent', ({ request }) => asked.push(request.url));
    client.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto('/', { waitUntil: 'networkidle' });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    console.log(`${first}: ${asked.length} requests, ${(bytes / 1000).toFixed(1)} KB`);
    expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(6);
    expect(bytes).toBeLessThanOrEqual(60_000);
  });
}
