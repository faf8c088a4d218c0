import { enterAs, expect, featured, test } from './fixtures.ts';
test('shots', async ({ page }, info) => {
  const shot = (name: string) => page.screenshot({ path: `/tmp/mail-shots/${info.project.name}-${name}.png`, fullPage: true });
  await page.goto('/connexion'); await shot('signin');
  await page.goto('/connexion/lien'); await page.getByLabel('Adresse électronique').fill(featured('company_tutor').email);
  await page.getByRole('button', { name: 'Recevoir un lien' }).click(); await page.getByText('lien est en route').waitFor(); await shot('ask');
  const mail = page.getByRole('listitem').filter({ hasText: 'Votre lien pour entrer' }).first();
  await expect(async () => { await page.goto('/demonstration/courriels'); await expect(mail).toBeVisible({ timeout: 1000 }); }).toPass();
  await mail.locator('summary').click();
  await page.getByRole('listitem').filter({ hasText: /votre avis|échéance/ }).first().locator('summary').click();
  await shot('mails');
  const href = (await mail.getByRole('link').first().getAttribute('href'))!;
  await page.goto(href); await page.getByRole('button', { name: 'Entrer', exact: true }).waitFor(); await shot('enter');
  await page.getByRole('button', { name: 'Entrer', exact: true }).click(); await expect(page).not.toHaveURL(/entrer/);
  await page.goto(href); await page.getByText('déjà servi').waitFor(); await shot('dead');
  await page.goto('/compte'); await page.getByText('indispensable').first().waitFor(); await shot('account');
  await enterAs(page, featured('manager')); await page.goto('/personnes'); await page.getByRole('listitem').first().waitFor(); await shot('people');
});
