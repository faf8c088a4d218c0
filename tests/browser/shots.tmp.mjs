import { chromium } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const base = 'http://localhost:5199';
const cert = { id: 'c1', code: 'RNCP38822', version: '2024', title: 'Expert en architecture et développement logiciel' };
const S = { id: 's1', organisation_id: 'o1', certification: cert, route: 'apprenticeship', title: 'Jury de juin 2027', starts_at: '2027-06-14T07:00:00Z', place: '12 rue des Essais, salle 4', link: 'https://visio.example/jury-juin-2027', statement: '', window: { opens_at: '2027-06-01T06:00:00Z', closes_at: '2027-06-14T21:59:00Z' }, status: 'planned', opened_at: null, closed_at: null, version: 3 };
const prof = (id, name, more) => ({ id, user_id: 'u' + id, name, email: name.toLowerCase().replace(/[^a-z]/g, '.') + '@entreprise.example', chair: false, voting: true, external: true, professional: true, employment: 'employee', represents_certifier: false, expert: false, teaches_speciality: false, seat: null, experience_years: 8, qualification_level: 7, company: 'Atelier du logiciel', attendance: 'convened', declared: [], recused_from: [], convened_at: '2027-05-20T08:00:00Z', answered_at: null, version: 1, ...more });
const members = [prof('m1', 'Anne Roy', { chair: true, employment: 'employer', attendance: 'accepted', answered_at: '2027-05-21T10:00:00Z' }), prof('m2', 'Marc Petit', { qualification_level: null, attendance: 'declined' }), prof('m3', 'Lina Costa', { declared: [{ candidate: 'e1', reason: 'Ancienne stagiaire' }], attendance: 'accepted' }), prof('m4', 'Jules Marin', { external: false, professional: false, employment: null, represents_certifier: true, experience_years: null, qualification_level: null, company: null, convened_at: null })];
const cand = (id, g, f, at, dossier) => ({ enrolment_id: id, student: { id: 'st' + id, given_name: g, family_name: f }, companies: ['Société des transports du Midi'], starts_at: at, presentation_minutes: 20, interview_minutes: 20, dossier: dossier ? { blocks: ['RNCP38822BC01', 'RNCP38822BC02'] } : null, trainers: [], links: [] });
const candidates = [cand('e1', 'Léa', 'Nguyen', '2027-06-14T07:00:00Z', true), cand('e2', 'Hugo', 'Lefebvre-Delacroix', '2027-06-14T07:55:00Z', false), cand('e3', 'Inès', 'Benali', '2027-06-14T08:35:00Z', true)];
const detail = { ...S, durations: { presentation_minutes: 20, interview_minutes: 20 }, members, candidates, seat: 'm3', actions: ['plan', 'open', 'answer'] };
const grounds = ['same_person', 'tutor', 'trainer', 'same_company', 'declared_link', 'own_declaration'];
const indep = (bad) => grounds.map((ground) => ({ ground, met: !bad.includes(ground), members: [] }));
const check = { complies: false, basis: 'rule', obstacles: [], rules: [
  { rule: { kind: 'size', need: 5, have: 3 }, met: false, members: ['m1', 'm3', 'm4'] },
  { rule: { kind: 'professionals', need: 3, have: 2 }, met: false, members: ['m1', 'm3'] },
  { rule: { kind: 'certifier_representatives', need: 2, have: 1 }, met: false, members: ['m4'] },
  { rule: { kind: 'external', need: 3, have: 2 }, met: false, members: ['m1', 'm3'] },
  { rule: { kind: 'external_share', percent: 60, have: 2, of: 3 }, met: true, members: ['m1', 'm3'] },
  { rule: { kind: 'employers', need: 1, have: 1 }, met: true, members: ['m1'] },
  { rule: { kind: 'employees', need: 1, have: 1 }, met: true, members: ['m3'] },
  { rule: { kind: 'experience', years: 3, have: 2, of: 2 }, met: true, members: [] },
  { rule: { kind: 'qualification', level: 7, have: 1, of: 2 }, met: false, members: ['m3'] },
  { rule: { kind: 'no_trainer', have: 0 }, met: true, members: [] },
  { rule: { kind: 'chair', have: 1 }, met: true, members: ['m1'] },
  { rule: { kind: 'defence_professionals', need: 2, have: 2 }, met: true, members: ['m1', 'm3'] }],
  candidates: [
    { candidate: 'e1', has_dossier: true, independence: indep(['own_declaration']), conflicts: [{ member: 'm3', candidate: 'e1', ground: 'own_declaration', detail: 'Ancienne stagiaire de mon équipe', severity: 'blocks', recused: false }, { member: 'm4', candidate: 'e1', ground: 'trainer', detail: null, severity: 'warns', recused: false }], rules: [] },
    { candidate: 'e2', has_dossier: false, independence: indep([]), conflicts: [{ member: 'm1', candidate: 'e2', ground: 'same_company', detail: 'Boîte à outils', severity: 'blocks', recused: true }], rules: [{ rule: { kind: 'size', need: 5, have: 2 }, met: false, members: ['m3', 'm4'] }] },
    { candidate: 'e3', has_dossier: true, independence: indep([]), conflicts: [], rules: [] }] };
const user = { id: 'me', email: 'ada@essais.example', given_name: 'Ada', family_name: 'Le Goff' };
const summary = (more) => ({ ...S, candidates: 3, members: 4, convened: 3, accepted: 2, declined: 1, attendance: null, manages: true, ...more });
const routes = (roles) => ({
  '/me': { user, memberships: [{ organisation: { id: 'o1', name: 'Institut' }, roles }], enrolments: [], deadlines: [] },
  '/instance': { demo: null, max_file_bytes: 1, max_files_per_evidence: 1, name: 'Institut', setup_needed: false, version: '1' },
  '/jury-sessions': { items: roles.includes('manager') ? [summary({}), summary({ id: 's2', title: 'Jury d’hiver', status: 'open', opened_at: S.starts_at }), summary({ id: 's3', title: 'Jury de 2026', status: 'closed', opened_at: S.starts_at, closed_at: S.starts_at })] : [summary({ attendance: 'convened', manages: false }), summary({ id: 's2', title: 'Jury d’hiver', status: 'open', attendance: 'accepted', manages: false }), summary({ id: 's4', title: 'Jury de rattrapage', attendance: 'accepted', manages: false }), summary({ id: 's3', title: 'Jury de 2026', status: 'closed', attendance: 'present', manages: false })], next: null },
  '/jury-sessions/s1': roles.includes('manager') ? detail : { ...detail, members: members.map((m) => ({ ...m, email: null, ...(m.id === 'm3' ? { attendance: 'convened', declared: [] } : {}) })), actions: ['answer'] },
  '/jury-sessions/s2': { ...detail, id: 's2', status: 'open', opened_at: '2027-06-02T08:00:00Z', actions: ['prolong', 'roll_call'], title: 'Jury d’hiver' },
  '/jury-sessions/s1/check': check, '/jury-sessions/s2/check': { ...check, complies: true, rules: check.rules.map((r) => ({ ...r, met: true })), candidates: check.candidates.map((c) => ({ ...c, has_dossier: true, conflicts: [], rules: [] })) },
  '/users': { items: [{ ...user, roles: [], has_password: true, organisation_id: 'o1' }], next: null },
  '/certifications': { items: [{ ...cert, status: 'published' }], next: null },
  '/certifications/RNCP38822': { ...cert, routes: [{ kind: 'apprenticeship', open: true, jury: { seats: [] }, jury_text: 'Cinq personnes.' }, { kind: 'student', open: true, jury: null, jury_text: 'Le jury est composé de cinq personnes.' }], blocks: [] },
});
const enrolments = (dep) => ({ items: (dep ? [['e4', 'Nora', 'Klein'], ['e5', 'Paul', 'Mercier']] : [['e6', 'Zoé', 'Haddad']]).map(([id, given_name, family_name]) => ({ id, student: { id: 'u' + id, given_name, family_name }, cohort: { id: 'k', name: 'Promotion 2027' } })), next: null });
const browser = await chromium.launch({ executablePath: ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync), args: ['--no-sandbox', '--disable-gpu'] });
const only = process.argv[2];
async function shot(name, path, roles, { width = 1280, height = 800, dark = false, act } = {}) {
  if (only && !name.includes(only)) return;
  const context = await browser.newContext({ viewport: { width, height }, locale: 'fr-FR', timezoneId: 'America/New_York', colorScheme: dark ? 'dark' : 'light' });
  const page = await context.newPage();
  page.on('pageerror', (e) => console.log(name, 'ERROR', e.message.slice(0, 300)));
  await page.addInitScript(() => localStorage.setItem('acquis.signed-in', 'x'));
  const table = routes(roles);
  await page.route('**/api/v1/**', (route) => {
    const url = new URL(route.request().url());
    const p = url.pathname.replace('/api/v1', '');
    const body = p === '/enrolments' ? enrolments(url.searchParams.get('deposited') === 'true') : table[p];
    if (body) route.fulfill({ json: body }); else { console.log(name, 'missing', p); route.fulfill({ status: 404, json: { code: 'not_found' } }); }
  });
  await page.goto(base + path);
  await page.waitForSelector('h1');
  await page.waitForTimeout(1200);
  if (act) await act(page);
  await page.waitForTimeout(300);
  await page.screenshot({ path: `/tmp/planning-shots/${name}.png`, fullPage: true });
  const w = await page.evaluate(() => document.documentElement.scrollWidth);
  if (w > width) console.log(name, 'OVERFLOW', w);
  await page.evaluate(axe);
  const v = await page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations.map((x) => x.id + ': ' + x.nodes.map((n) => n.target).join(' | ')));
  if (v.length) console.log(name, v);
  await context.close();
}
const phone = { width: 412, height: 915 };
const m = ['manager', 'jury'];
const click = (name) => async (page) => page.getByRole('button', { name }).first().click();
for (const [suffix, size] of [['d', {}], ['p', phone]]) {
  await shot(`list-${suffix}`, '/jurys', m, size);
  await shot(`new-${suffix}`, '/jurys/nouveau', m, size);
  await shot(`session-${suffix}`, '/jurys/s1', m, size);
  await shot(`candidates-${suffix}`, '/jurys/s1', m, { ...size, act: click('Choisir les candidats et l’ordre de passage') });
  await shot(`member-${suffix}`, '/jurys/s1', m, { ...size, act: async (page) => { await click('Compléter le profil')(page); } });
  await shot(`identity-${suffix}`, '/jurys/s1', m, { ...size, act: click('Modifier la session') });
  await shot(`open-${suffix}`, '/jurys/s2', m, size);
  await shot(`own-${suffix}`, '/jury', ['jury'], size);
  await shot(`call-${suffix}`, '/jurys/s1/convocation', ['jury'], { ...size, act: async (page) => page.getByLabel('J’ai un lien avec Léa Nguyen').check() });
}
await shot('session-dark', '/jurys/s1', m, { dark: true });
await browser.close();
