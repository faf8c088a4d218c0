// What a candidate sees of the jury that they come before: their own slot.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterAs, expect, expectAccessible, people, signIn, test } from './fixtures.ts';

const manager = () => people().find((person) => person.role === 'manager')!;
const password = () => JSON.parse(readFileSync(join(process.env.ACQUIS_DEMO_TEMPLATE!, 'demo.json'), 'utf8')).password as string;

test('a candidate who is convened sees when and where, wherever they look', async ({ page, browser, server }) => {
  await enterAs(page, manager());
  const read = async (path: string) => (await page.request.get(`/api/v1${path}`)).json();
  const { items } = await read('/jury-sessions?status=planned');
  const convened = items.find((one: { convened: number }) => one.convened > 0);
  const { place, candidates } = await read(`/jury-sessions/${convened.id}`);
  const id = candidates[0].enrolment_id;
  const { student } = await read(`/enrolments/${id}`);

  const context = await browser.newContext({ baseURL: server.url, viewport: page.viewportSize() });
  const own = await context.newPage();
  await signIn(own, student.email, password());
  const line = own.getByRole('link', { name: /^Votre passage devant le jury/ });
  await expect(line).toBeVisible();
  await expectAccessible(own);
  await line.click();
  await expect(own).toHaveURL(`/parcours/${id}/depot`);
  const hearing = own.getByRole('region', { name: /^Votre passage devant le jury/ });
  await expect(hearing).toContainText(place);
  await expect(hearing).toContainText('20 minutes de présentation, puis 20 minutes d’entretien');
  await expectAccessible(own);
  await own.goto(`/parcours/${id}/acquis`);
  await expect(hearing).toContainText(place);
  await expectAccessible(own);
  await context.close();
});
