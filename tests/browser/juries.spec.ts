// A jury is planned against its rule, convened by mail, freed of a conflict, and opens.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { enterAs, expect, expectAccessible, featured, inDays, people, signIn, test } from './fixtures.ts';

const code = 'RNCP38822';
const password = 'demonstration';
const json = async (page: Page, path: string) => (await page.request.get(`/api/v1${path}`)).json();

interface Enrolled { id: string; student: { given_name: string; family_name: string; email: string }; route: string }

const nameOf = ({ student }: Enrolled) => `${student.given_name} ${student.family_name}`;

/** Students of one route whose dossiers wait for a jury; who has none hands in what the gate lets through. */
async function deposited(page: Page, browser: Browser, url: string, wanted: number): Promise<Enrolled[]> {
  // What the demonstration plans itself gives its candidates back.
  for (const { id, status, version } of (await json(page, '/jury-sessions')).items) {
    if (status !== 'planned') continue;
    const gone = await page.request.delete(`/api/v1/jury-sessions/${id}`, { headers: { origin: url, 'if-match': `"${version}"` } });
    expect(gone.ok(), await gone.text()).toBe(true);
  }
  const cohorts = (await json(page, '/cohorts')).items;
  const cohort = cohorts.find((one: { certification: { code: string } }) => one.certification.code === code);
  const enrolments: Enrolled[] = (await json(page, `/enrolments?cohort_id=${cohort.id}&limit=200`)).items;
  const found: Enrolled[] = [];
  for (const enrolment of enrolments.filter(({ route }) => route === enrolments[0]!.route)) {
    if (found.length === wanted) break;
    const dossiers = (await json(page, `/enrolments/${enrolment.id}/dossiers`)).items;
    if (dossiers.length > 0) {
      if (dossiers[0].status === 'deposited') found.push(enrolment);
      continue;
    }
    const context = await browser.newContext({ baseURL: url });
    const student = await context.newPage();
    await signIn(student, enrolment.student.email, password);
    const { blocks } = await json(student, `/enrolments/${enrolment.id}/gate`);
    const open = blocks.filter((gate: { items: { severity: string }[] }) => gate.items.every(({ severity }) => severity !== 'blocks'));
    if (open.length > 0) {
      const data = { blocks: [open[0].block], presentation: 'Mon parcours en quelques lignes.' };
      const answer = await student.request.post(`/api/v1/enrolments/${enrolment.id}/dossiers`, { data, headers: { origin: url } });
      if (answer.ok()) found.push(enrolment);
    }
    await context.close();
  }
  expect(found).toHaveLength(wanted);
  return found;
}

interface Member {
  given: string;
  family: string;
  email: string;
  company?: string;
  employment?: 'employer' | 'employee';
  years?: string;
  level?: string;
  flags: string[];
}

const professional = { level: '7', years: '10', flags: ['Extérieur au certificateur et à l’école', 'Exerce le métier visé'] };
const members: Member[] = [
  { ...professional, given: 'Anne', family: 'Roy', email: 'anne.roy@boite.example', company: 'Boîte à outils', employment: 'employer', flags: [...professional.flags, 'Préside le jury'] },
  // Their level is missing: it is asked for below.
  { ...professional, given: 'Marc', family: 'Petit', email: 'marc.petit@atelier.example', company: 'Atelier', employment: 'employee', level: '' },
  { ...professional, given: 'Lina', family: 'Costa', email: 'lina.costa@forge.example', company: 'Forge', employment: 'employee' },
  { given: 'Jules', family: 'Marin', email: 'jules.marin@certificateur.example', flags: ['Représente le certificateur'] },
  { given: 'Zoé', family: 'Haddad', email: 'zoe.haddad@certificateur.example', flags: ['Représente le certificateur'] },
];

const section = (page: Page, name: string | RegExp) => page.getByRole('region', { name });
const compliance = (page: Page) => section(page, 'Conformité');

async function addMember(page: Page, member: Member) {
  await section(page, /^Membres du jury/).getByRole('button', { name: 'Ajouter un membre' }).click();
  const person = page.getByLabel('Personne', { exact: true });
  await expect(person).toBeFocused();
  await person.selectOption({ label: 'Une nouvelle personne' });
  await page.getByLabel('Prénom').fill(member.given);
  await page.getByLabel('Nom', { exact: true }).fill(member.family);
  await page.getByLabel('Adresse électronique').fill(member.email);
  for (const flag of member.flags) await page.getByLabel(flag, { exact: true }).check();
  if (member.company) await page.getByLabel('Entreprise ou organisme').fill(member.company);
  if (member.employment) await page.getByLabel('Côté du contrat de travail').selectOption(member.employment);
  if (member.years) await page.getByLabel('Années d’expérience').fill(member.years);
  if (member.level) await page.getByLabel('Niveau de qualification').selectOption(member.level);
  await page.getByRole('button', { name: 'Enregistrer le membre' }).click();
  await expect(page.getByText(member.email)).toBeVisible();
}

async function plan(page: Page, title: string, route: string) {
  await page.goto('/jurys');
  await page.getByRole('link', { name: 'Planifier une session' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Planifier une session');
  await page.getByRole('button', { name: 'Créer la session' }).click();
  await expect(page.getByRole('alert')).toContainText('points sont à corriger');
  await expectAccessible(page);
  const certification = page.getByLabel('Certification', { exact: true });
  await certification.selectOption({ label: (await certification.getByRole('option', { name: new RegExp(code) }).textContent())!.trim() });
  await page.getByLabel('Voie d’accès').selectOption(route);
  await page.getByLabel('Intitulé').fill(title);
  await page.getByLabel('Date et heure de début').fill(`${inDays(10)}T09:00`);
  await page.getByLabel('Lieu', { exact: true }).fill('12 rue des Essais, salle 4');
  await page.getByLabel('Dossiers lisibles à partir du').fill(`${inDays(-1)}T08:00`);
  await expect(page.getByLabel('Dossiers lisibles jusqu’au')).toHaveValue(`${inDays(10)}T23:59`);
  await page.getByRole('button', { name: 'Créer la session' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page.getByText('La session est créée.', { exact: false })).toBeVisible();
}

test('a session is planned, mended, convened, freed of a conflict and opened', async ({ page, browser, server }) => {
  test.setTimeout(300_000);
  await enterAs(page, featured('manager'));
  const [first, second] = await deposited(page, browser, server.url, 2);

  // Planned, and told at once what is missing.
  await plan(page, 'Jury de printemps', first!.route);
  await expect(compliance(page)).toContainText('Aucun candidat n’est inscrit.');
  await expect(compliance(page)).toContainText('Aucun membre ne siège ; il en faut exactement 5');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Ouvrir la session' }).click();
  await expect(page.getByRole('heading', { name: 'Conformité' })).toBeFocused();

  // Candidates: who has deposited comes first; the order changes by keyboard alone.
  await compliance(page).getByRole('button', { name: 'Choisir les candidats' }).click();
  for (const one of [first!, second!]) await page.getByRole('button', { name: `Inscrire : ${nameOf(one)}` }).click();
  await expectAccessible(page);
  const down = page.getByRole('button', { name: `Descendre ${nameOf(first!)}` });
  await down.focus();
  await page.keyboard.press('Enter');
  const up = page.getByRole('button', { name: `Monter ${nameOf(first!)}` });
  await expect(up).toBeFocused();
  const order = page.getByRole('region', { name: 'Ordre de passage' }).getByRole('listitem');
  await expect(order.first()).toContainText(nameOf(second!));
  await page.getByLabel('Pause avant (min)').fill('15');
  await expect(order.nth(1)).toContainText('de 09:55 à 10:35');
  await page.getByRole('button', { name: 'Enregistrer les candidats' }).click();
  await expect(page.getByText('Les candidats sont enregistrés.')).toBeVisible();
  await expect(section(page, /^Candidats/).getByRole('listitem').nth(1)).toContainText('de 09:55 à 10:35');

  // Members: what is missing about one leads to its field.
  for (const member of members) await addMember(page, member);
  await expect(compliance(page)).toContainText('2 professionnels sur 3 sont qualifiés au niveau 7 au moins ; chacun doit l’être : à compléter : Marc Petit');
  await expectAccessible(page);
  await compliance(page).getByRole('button', { name: 'Compléter le profil de Marc Petit' }).click();
  const level = page.getByLabel('Niveau de qualification');
  await expect(level).toBeFocused();
  await level.selectOption('7');
  await page.getByRole('button', { name: 'Enregistrer le membre' }).click();
  await expect(compliance(page)).toContainText('Tout est conforme');
  await expect(compliance(page)).toContainText('3 membres extérieurs siègent ; il en faut au moins 3 : Anne Roy, Marc Petit et Lina Costa');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Convoquer les membres' }).click();
  const convening = page.getByRole('dialog', { name: 'Envoyer les convocations ?' });
  await expect(convening).toContainText('Anne Roy, Marc Petit, Lina Costa, Jules Marin et Zoé Haddad');
  await convening.getByRole('button', { name: 'Convoquer les membres' }).click();
  await expect(page.getByText('5 convocations sont parties.')).toBeVisible();
  const address = page.url();

  // A member gets in by the mail's link, and declares what links them to a candidate.
  await page.context().clearCookies();
  const mail = page.getByRole('listitem').filter({ hasText: 'lina.costa@forge.example' }).first();
  await expect(async () => {
    await page.goto('/demonstration/courriels');
    await expect(mail).toBeVisible({ timeout: 1000 });
  }).toPass();
  await mail.locator('summary').click();
  await mail.getByRole('link').and(page.locator('[href*="/entrer"]')).first().click();
  await page.getByRole('button', { name: 'Entrer', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Jury de printemps');
  await expect(page).toHaveURL(/convocation$/);
  await expect(page.getByText('12 rue des Essais, salle 4')).toBeVisible();
  await expectAccessible(page);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Ajouter à mon agenda (.ics)' }).click(),
  ]);
  expect(readFileSync(await file.path(), 'utf8')).toContain('BEGIN:VEVENT');
  await page.getByLabel(`J’ai un lien avec ${nameOf(first!)}`).check();
  await page.getByRole('radio', { name: 'J’accepte de siéger' }).check();
  await page.getByRole('button', { name: 'Envoyer ma réponse' }).click();
  await expect(page.getByRole('alert')).toContainText(`Dites en quelques mots votre lien avec ${nameOf(first!)}.`);
  await page.getByLabel(`Quel lien avez-vous avec ${nameOf(first!)} ?`).fill('Ancienne stagiaire de mon équipe');
  await page.getByRole('button', { name: 'Envoyer ma réponse' }).click();
  await expect(page.getByText('Votre réponse est enregistrée.', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/jury');
  await expect(section(page, 'À venir')).toContainText('Jury de printemps');
  await expectAccessible(page);
  // What they may not plan leads to their convocation.
  await page.goto(address);
  await expect(page).toHaveURL(/convocation$/);

  // The manager sees it; without her the jury would be four, so she is replaced.
  await page.context().clearCookies();
  await enterAs(page, featured('manager'));
  await page.goto('/jurys');
  const line = page.getByRole('listitem').filter({ hasText: 'Jury de printemps' });
  await expect(line).toContainText(/\d points à régler/);
  await expectAccessible(page);
  await line.getByRole('link').click();
  await expect(compliance(page)).toContainText('Ancienne stagiaire de mon équipe');
  await expect(compliance(page)).toContainText('4 membres siègent ; il en faut exactement 5');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Retirer du jury : Lina Costa' }).click();
  await page.getByRole('dialog', { name: 'Retirer Lina Costa du jury ?' }).getByRole('button', { name: 'Retirer du jury' }).click();
  await expect(page.getByText('Lina Costa ne fait plus partie du jury.')).toBeVisible();
  // Who takes her place is from a candidate's company: she would leave the room too, and does not work there any more.
  const { candidates } = await json(page, `/jury-sessions/${new URL(address).pathname.split('/')[2]}`);
  const company: string = candidates.flatMap(({ companies }: { companies: string[] }) => companies)[0];
  expect(company).toBeTruthy();
  await addMember(page, { ...members[2]!, given: 'Nora', family: 'Klein', email: 'nora.klein@usine.example', company });
  await compliance(page).getByRole('button', { name: /^Récuser pour ce candidat/ }).first().click();
  const recusing = page.getByRole('dialog', { name: /^Nora Klein se récuse/ });
  await expectAccessible(page);
  await recusing.getByRole('button', { name: 'Récuser pour ce candidat' }).click();
  await expect(compliance(page)).toContainText('Nora Klein se récuse pour');
  await expect(compliance(page)).toContainText('4 membres siègent ; il en faut exactement 5');
  // A form that is asked for while something is being saved opens on what was saved, and stays open.
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/members/*', async (route) => { await held; await route.continue(); }, { times: 1 });
  await compliance(page).getByRole('button', { name: /^Annuler la récusation/ }).click();
  await page.getByRole('button', { name: 'Modifier : Nora Klein' }).click();
  release();
  await page.getByLabel('Entreprise ou organisme').fill('Usine');
  await page.getByRole('button', { name: 'Enregistrer le membre' }).click();
  await expect(compliance(page)).toContainText('Tout est conforme');

  // Before it opens, its manager learns what it would open on.
  await page.getByRole('button', { name: 'Ouvrir la session' }).click();
  const opening = page.getByRole('dialog', { name: 'Ouvrir cette session ?' });
  await expect(opening).toContainText('La session se tient dans 10 jours');
  await expect(opening).toContainText('Personne n’a encore accepté de siéger.');
  await expect(opening).toContainText('2 dossiers seront lisibles par le jury');
  await expectAccessible(page);
  await opening.getByRole('button', { name: 'Ouvrir la session' }).click();
  await expect(page.getByText('La session est ouverte.')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Anne Roy', { exact: true }).check();
  await page.getByRole('button', { name: 'Enregistrer l’appel' }).click();
  await expect(page.getByText('L’appel est enregistré.')).toBeVisible();
  await expect(section(page, /^Membres du jury/).getByRole('listitem').filter({ hasText: 'Anne Roy' })).toContainText('Présent·e');
  await expect(page.getByRole('link', { name: 'Aller à la délibération' }), 'a deliberation is secret').toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Modifier la session' })).toHaveCount(0);

  // The jury does not meet after all: it is planned again, then opened.
  await page.getByRole('button', { name: 'Revenir à la préparation' }).click();
  const suspending = page.getByRole('dialog', { name: 'Revenir à la préparation ?' });
  await expectAccessible(page);
  await suspending.getByRole('button', { name: 'Revenir à la préparation' }).click();
  await expect(page.getByText('La session est de nouveau en préparation.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Modifier la session' })).toBeVisible();
  await page.getByRole('button', { name: 'Ouvrir la session' }).click();
  await opening.getByRole('button', { name: 'Ouvrir la session' }).click();
  await expect(page.getByText('La session est ouverte.')).toBeVisible();

  // Who is before one jury is not offered to another.
  await plan(page, 'Jury d’été', first!.route);
  await compliance(page).getByRole('button', { name: 'Choisir les candidats' }).click();
  const pool = section(page, 'Inscrire un candidat');
  await pool.getByLabel('Trouver un candidat').fill(first!.student.family_name);
  await expect(pool.getByRole('listitem').filter({ hasText: nameOf(first!) })).toContainText('déjà dans la session « Jury de printemps »');
  await expect(page.getByRole('button', { name: `Inscrire : ${nameOf(first!)}` })).toHaveCount(0);
  await expectAccessible(page);
});

test('two managers at once lose nothing, and a session is given up', async ({ page, context }) => {
  test.setTimeout(120_000);
  await enterAs(page, featured('manager'));
  await plan(page, 'Jury d’automne', 'apprenticeship');
  await page.getByRole('button', { name: 'Modifier la session' }).click();
  await expect(page.getByLabel('Intitulé')).toBeFocused();
  await page.getByLabel('Lieu', { exact: true }).fill('Ailleurs');

  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByRole('button', { name: 'Modifier la session' }).click();
  await other.getByLabel('Intitulé').fill('Jury d’hiver');
  await other.getByRole('button', { name: 'Enregistrer la session' }).click();
  await expect(other.getByText('La session est enregistrée.')).toBeVisible();

  await page.getByRole('button', { name: 'Enregistrer la session' }).click();
  await expect(page.getByRole('alert')).toContainText('Quelqu’un d’autre vient de modifier cette session.');
  await expect(page.getByLabel('Lieu', { exact: true })).toHaveValue('Ailleurs');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Enregistrer la mienne par-dessus' }).click();
  await expect(page.getByText('La session est enregistrée.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Jury d’automne');
  await expect(page.getByText('Ailleurs')).toBeVisible();

  await page.getByRole('button', { name: 'Supprimer la session' }).click();
  await page.getByRole('dialog', { name: 'Supprimer cette session ?' }).getByRole('button', { name: 'Supprimer la session' }).click();
  await expect(page.getByText('La session est supprimée.')).toBeVisible();
});

test('a deliberation is looked at again while it lasts, and no longer', async ({ page }) => {
  await enterAs(page, featured('jury'));
  const sessions: { id: string; status: string }[] = (await json(page, '/jury-sessions')).items;
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().endsWith('/deliberation') && request.resourceType() === 'fetch')));
  await page.clock.install();
  for (const [status, shown, again] of [
    ['open', page.getByRole('navigation', { name: 'Candidats' }), true],
    ['closed', page.getByRole('link', { name: 'Lire le procès-verbal' }), false],
  ] as const) {
    await page.goto(`/jurys/${sessions.find((one) => one.status === status)!.id}/deliberation`);
    await expect(shown).toBeVisible();
    const before = asked;
    await page.clock.runFor(60_000);
    if (again) await expect.poll(() => asked).toBeGreaterThan(before);
    else expect(asked).toBe(before);
  }
});

test('a member finds first what is asked of them', async ({ page }) => {
  await signIn(page, people().find(({ role, featured }) => role === 'jury' && !featured)!.email, password);
  await page.goto('/jury');
  await expect(page.getByRole('region').first()).toHaveAccessibleName('À répondre');
  await expect(page.getByRole('link', { name: /^Répondre à la convocation/ })).toBeVisible();
  await expectAccessible(page);
});
