// Tutors finish: what waits is read, accepted, assessed and signed in few clicks or keys.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, signIn, signOut, test as demo } from './fixtures.ts';
import { binary, start, type Server } from './server.ts';

const password = 'une phrase facile à retenir';
const code = 'RNCP21947';
const block = 'RNCP21947BC02';
const competencies = ['BC02-CE1-1', 'BC02-CE1-2'];
const names = ['Ada', 'Blaise', 'Chloé'];

const test = demo.extend<{ server: Server }>({
  server: async ({}, use) => {
    const data = mkdtempSync(join(tmpdir(), 'acquis-browser-'));
    const server = await start(['serve', '--data', data]);
    await use(server);
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  },
});

/** A school where two evidences and one block of each of three apprentices wait for both tutors. */
class School {
  enrolments: string[] = [];
  private constructor(private readonly page: Page) {}

  static async open(page: Page, server: Server): Promise<School> {
    const school = new School(page);
    await page.goto('/connexion');
    const token = server.lines.find((line) => line.includes('/installation#'))!.trim().split('#')[1]!;
    const head = { token, organisation: 'École', given_name: 'Anne', family_name: 'Chef', email: 'chef@ecole.example', password };
    await school.send('setup', head);
    const tutors = [
      { user_id: await school.person('Marc', 'company_tutor'), kind: 'company' },
      { user_id: await school.person('Nadia', 'school_tutor'), kind: 'school' },
    ];
    for (const name of names) {
      await school.as('chef@ecole.example');
      const student_id = await school.person(name, 'apprentice');
      await school.as('chef@ecole.example');
      const enrolment = await school.send('enrolments', { student_id, certification: code, route: 'apprenticeship', status: 'apprentice', starts_on: '2026-01-05' });
      await school.send(`enrolments/${enrolment.id}/tutors`, { tutors }, 1, 'put');
      school.enrolments.push(enrolment.id);
      await school.as(email(name));
      for (const title of ['Maquette du service', 'Recette avec le client']) {
        const draft = await school.send(`enrolments/${enrolment.id}/evidence`, {
          kind: 'project',
          title: `${title} de ${name}`,
          text: 'Ce que j’ai fait, et le résultat.',
          competencies: competencies.map((competency) => ({ competency, justification: 'J’y ai pris part.' })),
        });
        await school.send(`evidence/${draft.id}/submit`, undefined, draft.version);
      }
    }
    await page.context().clearCookies();
    return school;
  }

  async send(path: string, data?: unknown, version?: number, method: 'post' | 'put' = 'post') {
    const headers: Record<string, string> = { Origin: new URL(this.page.url()).origin };
    if (version !== undefined) headers['If-Match'] = `"${version}"`;
    const answer = await this.page.request[method](`/api/v1/${path}`, { data, headers });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  }

  as = (email: string) => this.send('auth/login', { email, password });

  async person(name: string, role: string): Promise<string> {
    await this.as('chef@ecole.example');
    const added = await this.send('users', { email: email(name), given_name: name, family_name: 'Essai', roles: [role] });
    await this.send('auth/link', { token: added.invitation_url.split('#')[1], password });
    await this.as('chef@ecole.example');
    return added.person.id;
  }

  async read(path: string) {
    return (await this.page.request.get(`/api/v1/${path}`)).json();
  }

  /** Signs a grid that gives this level to all. */
  async sign(by: string, kind: string, enrolment: string, level: string) {
    await this.as(by);
    const certification = await this.read(`certifications/${code}`);
    const ratings = competencies.map((key) => ({
      competency: key,
      criteria: certification.competencies
        .find((one: { key: string }) => one.key === key)
        .criteria.map((one: { key: string }) => ({ criterion: one.key, level, comment: '' })),
    }));
    const draft = await this.send(`enrolments/${enrolment}/assessments`, { kind, block, occasion: 'Point', assessed_on: '2026-02-02', ratings });
    await this.send(`assessments/${draft.id}/sign`, undefined, draft.version);
    await this.page.context().clearCookies();
  }
}

const email = (name: string) => `${name.normalize('NFD').replace(/\P{ASCII}/gu, '').toLowerCase()}@ecole.example`;

/** Every click and every key that a person needs, modifiers and Tab included. */
class Counted {
  count = 0;
  constructor(private readonly page: Page) {}

  async key(...keys: string[]) {
    this.count += keys.length;
    await this.page.keyboard.press(keys.join('+'));
  }

  async tap(on: Locator) {
    this.count += 1;
    await on.tap();
  }
}

/** The level of every criterion that has been given one, on the server. */
async function signedLevels(page: Page, enrolment: string): Promise<string[]> {
  const list = await (await page.request.get(`/api/v1/enrolments/${enrolment}/assessments?kind=school`)).json();
  return list.items
    .filter((one: { status: string }) => one.status === 'signed')
    .flatMap((one: { ratings: { criteria: { level: string }[] }[] }) => one.ratings.flatMap((rating) => rating.criteria.map(({ level }) => level)));
}

async function allIsDone(page: Page, school: School, level: string) {
  await expect(page).toHaveURL(/a-traiter$/);
  await expect(page.getByRole('heading', { name: 'Rien n’attend' })).toBeVisible();
  for (const enrolment of school.enrolments) {
    expect(await signedLevels(page, enrolment)).toEqual(Array(10).fill(level));
    const evidence = await (await page.request.get(`/api/v1/enrolments/${enrolment}/evidence`)).json();
    expect(evidence.items.map((one: { status: string }) => one.status)).toEqual(['accepted', 'accepted']);
  }
}

test('three apprentices are finished in at most sixty keys', async ({ page, server }, info) => {
  test.skip(info.project.name !== 'desktop', 'a keyboard is on a desktop; one project is enough');
  test.setTimeout(120_000);
  const school = await School.open(page, server);
  await signIn(page, 'nadia@ecole.example', password);
  const { levels } = await school.read(`certifications/${code}`);
  await expect(page.getByRole('status').filter({ hasText: '3 apprentis, 9 choses, environ' })).toBeVisible();
  await expectAccessible(page);

  const keys = new Counted(page);
  await keys.key('s');
  for (const name of names) {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Preuves à lire');
    await expect(page.getByText(`De ${name} Essai`, { exact: true })).toBeVisible();
    await expect(page.getByRole('heading', { name: `Recette avec le client de ${name}` })).toBeVisible();
    await keys.key('a');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Évaluation de l’école');
    await expect(page.locator('#competency-1 fieldset')).toHaveCount(5);
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
    // The first digit leads to the first criterion and gives nothing.
    await keys.key('3');
    await expect(page.locator('#competency-0-0 input').first()).toBeFocused();
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
    for (let criterion = 0; criterion < 10; criterion += 1) await keys.key('3');
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(10);
    await expect(page.getByRole('button', { name: 'Signer et suivant' })).toBeFocused();
    await keys.key('s');
    await expect(page.getByRole('dialog', { name: 'Signer cette évaluation ?' })).toBeVisible();
    await keys.key('Enter');
    if (name !== names.at(-1)) await expect(page.getByText('L’évaluation est signée.')).toBeVisible();
  }
  await allIsDone(page, school, levels[2].key);
  console.log(`three apprentices: ${keys.count} keys`);
  expect(keys.count).toBeLessThanOrEqual(60);
});

test('three apprentices are finished in at most sixty taps', async ({ page, server }, info) => {
  test.skip(info.project.name !== 'phone', 'fingers are on a phone; one project is enough');
  test.setTimeout(120_000);
  const school = await School.open(page, server);
  await signIn(page, 'nadia@ecole.example', password);
  const { levels } = await school.read(`certifications/${code}`);
  await expect(page.getByText('3 apprentis, 9 choses, environ', { exact: false })).toBeVisible();
  await expectAccessible(page);

  const taps = new Counted(page);
  await taps.tap(page.getByRole('link', { name: 'Commencer' }));
  for (const name of names) {
    await expect(page.getByRole('heading', { name: `Recette avec le client de ${name}` })).toBeVisible();
    if (name === names[0]) await expectAccessible(page);
    await taps.tap(page.getByRole('button', { name: 'Accepter 2 preuves et continuer' }));
    await expect(page.locator('#competency-1 fieldset')).toHaveCount(5);
    if (name === names[0]) {
      await expectAccessible(page);
      await page.getByRole('button', { name: /^Preuves du bloc/ }).click();
      await expect(page.getByRole('checkbox', { name: /Maquette du service/ })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Grille' }).click();
    }
    for (const index of [0, 1]) {
      const whole = page.locator(`#competency-${index}`).getByRole('group', { name: /Toute la compétence/ });
      await taps.tap(whole.getByRole('button').nth(2));
    }
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(10);
    await taps.tap(page.getByRole('button', { name: 'Signer et suivant' }));
    await taps.tap(page.getByRole('dialog').getByRole('button', { name: 'Signer', exact: true }));
    if (name !== names.at(-1)) await expect(page.getByText('L’évaluation est signée.')).toBeVisible();
  }
  await allIsDone(page, school, levels[2].key);
  console.log(`three apprentices: ${taps.count} taps`);
  expect(taps.count).toBeLessThanOrEqual(60);
});

test('what others say is beside, what was said last is taken over only on demand, and a divergence is marked for both', async ({ page, server }) => {
  test.setTimeout(120_000);
  const school = await School.open(page, server);
  const enrolment = school.enrolments[0]!;
  const { levels, required_level } = await (async () => {
    await school.as('chef@ecole.example');
    return school.read(`certifications/${code}`);
  })();
  const required = levels.findIndex((level: { key: string }) => level.key === required_level);
  await school.sign(email(names[0]!), 'self', enrolment, levels.at(-1).key);
  await school.sign('nadia@ecole.example', 'school', enrolment, levels[required].key);
  await school.sign('marc@ecole.example', 'company', enrolment, levels[0].key);

  // The school's tutor finds it in the queue, on the portfolio and on the grid.
  await signIn(page, 'nadia@ecole.example', password);
  const divergences = page.getByRole('region', { name: /Avis divergents/ });
  await expect(divergences).toContainText('L’entreprise n’est pas du même avis sur 2 compétences');
  await page.goto(`/parcours/${enrolment}`);
  await expect(page.getByRole('region', { name: 'Là où les tuteurs divergent (2)' })).toContainText(levels[0].label);
  await page.goto(`/parcours/${enrolment}/blocs/${block}/evaluation?type=school`);
  const first = page.locator('#competency-0');
  await expect(first.getByText('L’entreprise n’est pas du même avis')).toBeVisible();
  const criterion = page.locator('#competency-0-0');
  await expect(criterion).toContainText(`Auto-évaluation : ${levels.at(-1).label}`);
  await expect(criterion).toContainText(`Entreprise : ${levels[0].label}`);
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(0);
  await criterion.getByRole('button', { name: new RegExp(`Même niveau que la dernière fois : ${levels[required].label}, 2 février 2026`) }).click();
  await expect(page.getByRole('radio', { checked: true })).toHaveCount(1);
  await expect(criterion.getByRole('radio', { name: levels[required].label, exact: true })).toBeChecked();
  await first.getByRole('group', { name: /Toute la compétence/ }).getByRole('button').nth(required).click();
  await expect(first.getByText('Vous divergez de l’entreprise')).toBeVisible();
  await expectAccessible(page);
  await signOut(page);

  await signIn(page, 'marc@ecole.example', password);
  await expect(divergences).toContainText('L’école n’est pas du même avis sur 2 compétences');
  await signOut(page);
  await signIn(page, 'chef@ecole.example', password);
  await page.goto(`/parcours/${enrolment}`);
  await expect(page.getByRole('region', { name: 'Là où les tuteurs divergent (2)' })).toBeVisible();
  await expectAccessible(page);
});

test('keys are shown on demand, keep out of texts and can be switched off', async ({ page, server }, info) => {
  test.skip(info.project.name !== 'desktop', 'a keyboard is on a desktop');
  const school = await School.open(page, server);
  await signIn(page, 'nadia@ecole.example', password);
  await page.goto(`/parcours/${school.enrolments[0]}/blocs/${block}/evaluation?type=school`);
  const checked = page.getByRole('radio', { checked: true });
  await expect(page.locator('#competency-0-0')).toBeVisible();
  await page.keyboard.press('1');
  await expect(page.locator('#competency-0-0 input').first()).toBeFocused();
  // On a French keyboard the key of 2 gives « é ».
  await page.locator('#competency-0-0 input').first().dispatchEvent('keydown', { key: 'é', code: 'Digit2', bubbles: true, cancelable: true });
  await expect(page.locator('#competency-0-0 input').nth(1)).toBeChecked();
  await expect(page.locator('#competency-0-1 input').first()).toBeFocused();
  await page.keyboard.press('Shift+Enter');
  await expect(page.locator('#competency-0-0 input').nth(1)).toBeFocused();
  await page.keyboard.press('m');
  await expect(page.locator('#competency-0-0-comment')).toBeFocused();
  await page.keyboard.type('c3 = s');
  await expect(page.locator('#competency-0-0-comment')).toHaveValue('c3 = s');
  await expect(checked).toHaveCount(1);
  await page.locator('#competency-0-1 input').first().focus();
  await page.keyboard.press('c');
  await page.keyboard.press('4');
  await expect(page.locator('#competency-0').getByRole('radio', { checked: true })).toHaveCount(5);
  await expect(page.locator('#competency-1-0 input').first()).toBeFocused();
  await page.keyboard.press('2');
  await page.locator('#competency-1-0 input').nth(1).focus();
  await page.keyboard.press('0');
  await expect(page.locator('#competency-1').getByRole('radio', { checked: true })).toHaveCount(0);

  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Raccourcis clavier' });
  await expect(help).toContainText('même niveau que la dernière fois');
  await expectAccessible(page);
  await help.getByRole('checkbox').uncheck();
  await help.getByRole('button', { name: 'Fermer' }).click();
  await page.locator('#competency-1-0 input').first().focus();
  await page.keyboard.press('3');
  await page.keyboard.press('s');
  await expect(page.locator('#competency-1').getByRole('radio', { checked: true })).toHaveCount(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: /Raccourcis clavier/ }).click();
  await expect(help.getByRole('checkbox')).not.toBeChecked();
});

test('one evidence that changed meanwhile holds up no other', async ({ page, server }) => {
  const school = await School.open(page, server);
  const enrolment = school.enrolments[0]!;
  await signIn(page, 'marc@ecole.example', password);
  await page.goto(`/a-traiter/${enrolment}`);
  await expect(page.getByRole('button', { name: 'Accepter 2 preuves et continuer' })).toBeVisible();
  const { items } = await school.read(`enrolments/${enrolment}/evidence`);
  await school.send(`evidence/${items[0].id}/return`, { comment: 'Ajoutez le plan de recette.' }, items[0].version);
  await page.getByRole('button', { name: 'Accepter 2 preuves et continuer' }).click();
  await expect(page.getByText('La preuve est acceptée.')).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('Cette preuve n’est pas acceptée');
  await expectAccessible(page);

  // One is left for later, one goes back with its comment.
  await page.goto(`/a-traiter/${school.enrolments[1]}`);
  await page.getByRole('checkbox', { name: /Accepter : Maquette/ }).uncheck();
  await expect(page.getByRole('button', { name: 'Accepter la preuve et continuer' })).toBeVisible();
  const second = page.getByRole('region', { name: /Recette avec le client/ });
  await second.getByText('Renvoyer pour modification').first().click();
  await second.getByRole('button', { name: /Renvoyer pour modification/ }).click();
  await expect(second.getByRole('alert')).toContainText('Écrivez ce qui est attendu');
  await second.getByLabel('Commentaire pour l’apprenti·e').fill('Précisez votre part.');
  await second.getByRole('button', { name: /Renvoyer pour modification/ }).click();
  await expect(page.getByText('La preuve est renvoyée avec votre commentaire.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Continuer sans accepter' })).toBeVisible();
});

test('a visit report is written, signed by both tutors, refused, mended and countersigned', async ({ page, server }) => {
  test.setTimeout(120_000);
  const school = await School.open(page, server);
  const enrolment = school.enrolments[0]!;
  const waiting = (email: string) => signIn(page, email, password);
  await waiting('nadia@ecole.example');
  await page.goto(`/parcours/${enrolment}`);
  await page.getByRole('link', { name: 'Comptes rendus de visite' }).click();
  await page.getByRole('link', { name: 'Nouveau compte rendu' }).click();
  await expect(page.getByLabel('Marc Essai')).toBeChecked();
  await page.getByLabel('Date de la visite').fill('2026-02-03');
  await page.getByLabel('Autres personnes présentes').fill('Mme Roy');
  await page.getByLabel('Points abordés').fill('Le projet avance.');
  await page.getByLabel(/^Objectif 1/).fill('Livrer la version 2');
  await page.getByLabel('Échéance de l’objectif 1').fill('2026-04-30');
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByLabel('Points abordés')).toHaveValue('Le projet avance.');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText('Le compte rendu est enregistré.')).toBeVisible();
  await expect(page.getByText('Mme Roy', { exact: false })).toBeVisible();
  const report = page.url();

  async function sign() {
    await page.getByRole('button', { name: 'Signer le compte rendu' }).click();
    const dialog = page.getByRole('dialog');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Signer le compte rendu' }).click();
    await expect(page.getByText('Votre signature est enregistrée.')).toBeVisible();
  }
  await sign();
  await expect(page.getByText('Attend la signature : tuteur entreprise')).toBeVisible();
  await signOut(page);

  // The other tutor finds it in the queue; what somebody else saved meanwhile is not lost unseen.
  await waiting('marc@ecole.example');
  await page.getByRole('link', { name: /Visite du 3 février 2026/ }).click();
  await page.getByRole('link', { name: 'Modifier' }).click();
  await expect(page.getByText('chacun devra le signer à nouveau', { exact: false })).toBeVisible();
  const id = report.split('/').at(-1)!;
  const { version } = await school.read(`visits/${id}`);
  const elsewhere = await page.request.patch(`/api/v1/visits/${id}`, {
    headers: { 'If-Match': `"${version}"`, Origin: new URL(page.url()).origin },
    data: { location: 'Atelier' },
  });
  expect(elsewhere.status()).toBe(200);
  await page.getByLabel('Points abordés').fill('Le projet avance bien.');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByRole('alert')).toContainText('modifié ailleurs');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Le remplacer par mon texte' }).click();
  await expect(page.getByText('Le compte rendu est enregistré.')).toBeVisible();
  await expect(page.getByText('sur une version précédente du texte')).toBeVisible();
  await sign();
  await signOut(page);
  await waiting('nadia@ecole.example');
  await page.goto(report);
  await sign();
  await signOut(page);

  await waiting(email(names[0]!));
  await page.getByRole('link', { name: /Visite à contresigner : Visite du 3 février 2026/ }).click();
  await page.getByRole('button', { name: 'Refuser de contresigner' }).click();
  await expect(page.getByRole('alert')).toContainText('Écrivez ce qui est à corriger');
  await page.getByLabel('Votre remarque').fill('L’échéance est en mai.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Refuser de contresigner' }).click();
  await expect(page.getByText('Contreseing refusé')).toBeVisible();
  await signOut(page);

  await waiting('nadia@ecole.example');
  await expect(page.getByText('Visite à reprendre', { exact: true })).toBeVisible();
  await page.goto(`${report}/modifier`);
  await page.getByLabel('Échéance de l’objectif 1').fill('2026-05-31');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await sign();
  await signOut(page);
  await waiting('marc@ecole.example');
  await page.goto(report);
  await sign();
  await signOut(page);
  await waiting(email(names[0]!));
  await page.goto(report);
  await page.getByRole('button', { name: 'Contresigner', exact: true }).click();
  await expect(page.getByText('Le compte rendu est signé par tous.')).toBeVisible();
  await expect(page.getByText('L’échéance est en mai.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Modifier' })).toHaveCount(0);
  await expectAccessible(page);
  await page.goto(`/parcours/${enrolment}/visites`);
  await expect(page.getByText('Signé par tous')).toBeVisible();
  await expectAccessible(page);
  await signOut(page);

  await waiting('marc@ecole.example');
  await page.goto(report);
  await page.getByRole('link', { name: 'Écrire un correctif' }).click();
  await expect(page.getByLabel('Points abordés')).toHaveValue('Le projet avance bien.');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText('Ce compte rendu en corrige un autre', { exact: false })).toBeVisible();
});

demo('the demonstration has a queue, divergences and visits worth showing', async ({ page }) => {
  await enterAs(page, featured('school_tutor'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('À traiter');
  await expect(page.getByRole('status').filter({ hasText: /apprentis, \d+ choses, environ \d+/ })).toBeVisible();
  await expect(page.getByRole('region', { name: /Avis divergents/ })).toBeVisible();
  await expectAccessible(page);
  const { items } = await (await page.request.get('/api/v1/queue')).json();
  const visit = items.find((item: { visit_id: string | null }) => item.visit_id);
  await page.goto(`/visites/${visit.visit_id}`);
  await expect(page.getByRole('heading', { name: 'Points abordés' })).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/parcours/${visit.enrolment_id}/visites`);
  await expectAccessible(page);
});

test('a report that is corrected loses nobody who was there', async ({ page, server }) => {
  const school = await School.open(page, server);
  const enrolment = school.enrolments[0]!;
  await signIn(page, 'nadia@ecole.example', password);
  await page.goto(`/parcours/${enrolment}/visites/nouvelle`);
  await expect(page.getByLabel('Marc Essai')).toBeChecked();
  await page.getByLabel('Autres personnes présentes').fill('Mme Roy');
  await page.getByLabel('Points abordés').fill('Le projet avance.');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText('Le compte rendu est enregistré.')).toBeVisible();
  const report = page.url().split('/').at(-1)!;

  // Another tutor takes over from one who was there.
  const zoe = await school.person('Zoé', 'company_tutor');
  const { version, tutors } = await school.read(`enrolments/${enrolment}`);
  const nadia = tutors.find((tutor: { kind: string }) => tutor.kind === 'school').user.id;
  const now = [{ user_id: zoe, kind: 'company' }, { user_id: nadia, kind: 'school' }];
  await school.send(`enrolments/${enrolment}/tutors`, { tutors: now }, version, 'put');
  await page.context().clearCookies();
  await signIn(page, 'nadia@ecole.example', password);
  await page.goto(`/visites/${report}/modifier`);
  await expect(page.getByLabel('Zoé Essai')).not.toBeChecked();
  await expect(page.getByLabel('Autres personnes présentes')).toHaveValue('Marc Essai\nMme Roy');
  await expectAccessible(page);
  await page.getByLabel('Points abordés').fill('Le projet avance bien.');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText('Le compte rendu est enregistré.')).toBeVisible();
  const { participants } = await school.read(`visits/${report}`);
  expect(participants.map(({ name }: { name: string }) => name).sort()).toEqual(['Ada Essai', 'Marc Essai', 'Mme Roy', 'Nadia Essai']);
});

test('the tutors of a portfolio that comes from another school are replaced', async ({ page, server }) => {
  const school = await School.open(page, server);
  await signIn(page, email(names[0]!), password);
  const folder = mkdtempSync(join(tmpdir(), 'acquis-browser-'));
  const zip = join(folder, 'portfolio.zip');
  writeFileSync(zip, await (await page.request.get(`/api/v1/enrolments/${school.enrolments[0]}/archive`)).body());

  const data = join(folder, 'data');
  const first = await start(['serve', '--data', data]);
  const token = first.lines.find((line) => line.includes('/installation#'))!.trim().split('#')[1]!;
  const head = { token, organisation: 'Accueil', given_name: 'Rose', family_name: 'Chef', email: 'rose@accueil.example', password };
  const api = page.context().request;
  const sent = async (path: string, data: unknown) => {
    const answer = await api.post(`${first.url}/api/v1/${path}`, { data, headers: { Origin: first.url } });
    expect(answer.ok(), await answer.text()).toBe(true);
  };
  await sent('setup', head);
  await sent('auth/login', { email: head.email, password });
  await sent('users', { email: 'ines@accueil.example', given_name: 'Inès', family_name: 'Benali', roles: ['school_tutor'] });
  await first.stop();
  execFileSync(binary, ['archive', 'import', zip, '--organisation', 'Accueil', '--data', data]);
  const second = await start(['serve', '--data', data]);
  const at = (path: string) => `${second.url}${path}`;
  try {
    await page.goto(at('/connexion'));
    await page.getByLabel('Adresse électronique').fill(head.email);
    await page.getByLabel('Mot de passe', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await expect(page).not.toHaveURL(/connexion/);
    const { items } = await (await page.request.get(at('/api/v1/enrolments'))).json();
    await page.goto(at(`/parcours/${items[0].id}/tuteurs`));
    await expect(page.getByText('Marc Essai et Nadia Essai n’ont pas ce rôle de tuteur', { exact: false })).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel(/Inès Benali/).check();
    await page.getByRole('button', { name: 'Enregistrer les tuteurs' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Essai');
    const { tutors } = await (await page.request.get(at(`/api/v1/enrolments/${items[0].id}`))).json();
    expect(tutors.map(({ user }: { user: { given_name: string } }) => user.given_name)).toEqual(['Inès']);
  } finally {
    await second.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
