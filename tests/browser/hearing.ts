// A school with a jury that reads: a certification of its own, a student with as much evidence as wanted, and an open session.
import { expect } from '@playwright/test';
import type { Server } from './server.ts';

export const password = 'une phrase facile à retenir';
export const email = (name: string) => `${name.normalize('NFD').replace(/\P{ASCII}/gu, '').toLowerCase()}@ecole.example`;

interface Size {
  blocks: number;
  /** In each block. */
  competencies: number;
  /** Of each candidate: the first shows two competencies of the first block, and has a file. */
  evidence: number;
  /** The last block is deposited too. */
  whole: boolean;
}

export const small: Size = { blocks: 2, competencies: 3, evidence: 4, whole: false };

const code = 'ESSAI-LECTURE';
const blockOf = (block: number) => `${code}-BC${block}`;
const keyOf = (block: number, competency: number) => `B${block}-C${competency}`;
const kinds = ['student', 'apprenticeship', 'continuing', 'professionalisation', 'individual', 'experience'];
const range = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

function certification({ blocks, competencies }: Size, rule: string): string {
  const all = range(blocks).flatMap((block) => range(competencies).map((one) => [block, one] as const));
  return [
    `code = "${code}"\nversion = "1"\nstatus = "published"\ntitle = "Conduire des projets"\n\n[source]\nname = "Essai"\n`,
    rule && `[[jury]]\nname = "jury"\ntext = "Un jury de l’école."\n${rule}\n`,
    ...kinds.map((kind) => rule && `[[route]]\nkind = "${kind}"\n${kind === 'apprenticeship' ? 'open = true\njury = "jury"' : 'open = false'}\n`),
    `[[requirement]]\nkey = "anglais"\nlabel = "Anglais B2"\ntext = "Niveau B2 en anglais"\nkind = "language"\nlanguage = "en"\nminimum = "B2"\n`,
    ...all.map(
      ([block, one]) =>
        `[[competency]]\nkey = "${keyOf(block, one)}"\ncode = "C${block}.${one}"\ntext = "Savoir conduire l’ouvrage ${block}.${one}, de la demande à la recette, avec celles et ceux qui s’en servent"\ncriteria = ["Le besoin est compris", "Le résultat est vérifié"]\n`,
    ),
    ...range(blocks).map(
      (block) =>
        `[[block]]\ncode = "${blockOf(block)}"\ntitle = "Ouvrage ${block}"\ncompetencies = [${range(competencies).map((one) => `"${keyOf(block, one)}"`).join(', ')}]\n`,
    ),
  ].join('\n');
}

interface Answer { id: string; version: number }

export class Hearing {
  session = '';
  /** Ids of the enrolments, in the order of the session. */
  candidates: string[] = [];
  readonly members: string[];
  private tokens = new Map<string, string>();

  private constructor(private readonly server: Server, private readonly jurors: string[]) {
    this.members = jurors.map(email);
  }

  /** `rule` says how the jury deliberates, as the certification's file writes it. */
  static async open(server: Server, size: Size = small, names = ['Ada', 'Blaise'], jurors = ['Vera', 'Walid'], rule = ''): Promise<Hearing> {
    const hearing = new Hearing(server, jurors);
    const token = server.lines.find((line) => line.includes('/installation#'))!.trim().split('#')[1]!;
    const head = email('Chef');
    await hearing.send('', 'POST', 'setup', { token, organisation: 'École', given_name: 'Anne', family_name: 'Chef', email: head, password });
    await hearing.send(head, 'POST', 'certifications', { source: certification(size, rule) });
    const tutors = [
      { user_id: await hearing.person('Marc', 'company_tutor'), kind: 'company' },
      { user_id: await hearing.person('Nadia', 'school_tutor'), kind: 'school' },
    ];
    for (const name of names) hearing.candidates.push(await hearing.candidate(name, tutors, size));
    await hearing.convene();
    return hearing;
  }

  /** Sends as somebody, in their own right. */
  async send<T = Answer>(by: string, method: string, path: string, body?: unknown, version?: number): Promise<T> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (by) headers.authorization = `Bearer ${await this.token(by)}`;
    if (version !== undefined) headers['if-match'] = `"${version}"`;
    const answer = await fetch(`${this.server.url}/api/v1/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    expect(answer.ok, `${method} ${path}: ${text}`).toBe(true);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  private async token(by: string): Promise<string> {
    if (!this.tokens.has(by)) {
      const { access_token } = await this.send<{ access_token: string }>('', 'POST', 'auth/login', { email: by, password });
      this.tokens.set(by, access_token);
    }
    return this.tokens.get(by)!;
  }

  private async person(name: string, role: string): Promise<string> {
    const added = await this.send<{ person: Answer; invitation_url: string }>(email('Chef'), 'POST', 'users', {
      email: email(name), given_name: name, family_name: 'Essai', roles: [role],
    });
    await this.send('', 'POST', 'auth/link', { token: added.invitation_url.split('#')[1], password });
    return added.person.id;
  }

  private async candidate(name: string, tutors: object[], { blocks, competencies, evidence, whole }: Size): Promise<string> {
    const student_id = await this.person(name, 'apprentice');
    const { id } = await this.send(email('Chef'), 'POST', 'enrolments', {
      student_id, certification: code, route: 'apprenticeship', status: 'apprentice', starts_on: '2026-01-05',
    });
    await this.send(email('Chef'), 'PUT', `enrolments/${id}/tutors`, { tutors }, 1);
    const keys = range(blocks).flatMap((block) => range(competencies).map((one) => keyOf(block, one)));
    const by = email(name);
    for (const number of range(evidence)) {
      // Each shows two of them, so that all are shown by something.
      const shown = [keys[(number - 1) % keys.length]!, keys[number % keys.length]!];
      await this.handIn(by, id, `Ouvrage n° ${number} de ${name}`, shown, number === 1 ? 'Le rapport du premier ouvrage.' : undefined);
    }
    for (let from = 0; from < keys.length; from += 20) await this.handIn(by, id, `Bilan de ${name}, de ${from + 1}`, keys.slice(from, from + 20));
    await this.assess(by, id, 'self', 1, 'maitrise', '');
    await this.assess(email('Marc'), id, 'company', 1, 'acquis', 'Autonome sur le chantier.');
    await this.assess(email('Nadia'), id, 'school', 1, 'en_cours', 'La recette reste à apprendre.');
    const deposited = range(whole ? blocks : 1).map(blockOf);
    await this.send(by, 'POST', `enrolments/${id}/dossiers`, { blocks: deposited, presentation: `Je suis ${name}, et voici mes ouvrages.` });
    return id;
  }

  private async handIn(by: string, enrolment: string, title: string, shown: string[], file?: string) {
    const draft = await this.send(by, 'POST', `enrolments/${enrolment}/evidence`, {
      kind: 'project', title, text: 'Ce que j’ai fait, et le résultat.', starts_on: '2026-02-02', ends_on: '2026-03-20',
      competencies: shown.map((competency) => ({ competency, justification: `J’y ai conduit ${competency}.` })),
    });
    let { version } = draft;
    if (file) {
      const form = new FormData();
      form.append('file', new Blob([file], { type: 'text/plain' }), 'rapport.txt');
      const headers = { authorization: `Bearer ${await this.token(by)}` };
      const sent = await fetch(`${this.server.url}/api/v1/evidence/${draft.id}/files`, { method: 'POST', headers, body: form });
      expect(sent.status).toBe(201);
      version = (await this.send(by, 'GET', `evidence/${draft.id}`)).version;
    }
    await this.send(by, 'POST', `evidence/${draft.id}/submit`, undefined, version);
  }

  /** Signs the same level for the first competency of a block. */
  private async assess(by: string, enrolment: string, kind: string, block: number, level: string, comment: string) {
    const { competencies } = await this.send<{ competencies: { key: string; criteria: { key: string }[] }[] }>(by, 'GET', `certifications/${code}`);
    const competency = keyOf(block, 1);
    const { criteria } = competencies.find(({ key }) => key === competency)!;
    const draft = await this.send(by, 'POST', `enrolments/${enrolment}/assessments`, {
      kind, block: blockOf(block), occasion: 'Point de mars', assessed_on: '2026-03-01',
      ratings: [{ competency, criteria: criteria.map(({ key }) => ({ criterion: key, level, comment })) }],
    });
    await this.send(by, 'POST', `assessments/${draft.id}/sign`, undefined, draft.version);
  }

  private async convene() {
    const by = email('Chef');
    const hour = 3_600_000;
    const at = (hours: number) => new Date(Date.now() + hours * hour).toISOString();
    const planned = await this.send(by, 'POST', 'jury-sessions', {
      certification: code, route: 'apprenticeship', title: 'Jury d’automne', starts_at: at(24), place: 'Salle 12',
      statement: 'Composition fixée par le règlement de l’école.', window: { opens_at: at(-1), closes_at: at(72) },
    });
    this.session = planned.id;
    for (const [index, name] of this.jurors.entries()) {
      const user_id = await this.person(name, 'jury');
      const profile = { chair: index === 0, voting: true, external: true, professional: true, experience_years: 10, qualification_level: 7 };
      await this.send(by, 'POST', `jury-sessions/${this.session}/members`, { user_id, ...profile });
    }
    const candidates = this.candidates.map((enrolment_id) => ({ enrolment_id, presentation_minutes: 20, interview_minutes: 20 }));
    for (const [step, method, body] of [['candidates', 'PUT', { candidates }], ['convene', 'POST'], ['open', 'POST']] as const) {
      const { version } = await this.send(by, 'GET', `jury-sessions/${this.session}`);
      await this.send(by, method, `jury-sessions/${this.session}/${step}`, body, version);
    }
  }

  /** Everybody is there, and deliberates. */
  async callRoll() {
    const by = email('Chef');
    const { version, members } = await this.send<Answer & { members: Answer[] }>(by, 'GET', `jury-sessions/${this.session}`);
    await this.send(by, 'POST', `jury-sessions/${this.session}/roll-call`, { present: members.map(({ id }) => id) }, version);
  }

  /** A manager has a member leave the room for a candidate. */
  async recuse(name: string, candidate: string) {
    const by = email('Chef');
    const { members } = await this.send<{ members: (Answer & { name: string })[] }>(by, 'GET', `jury-sessions/${this.session}`);
    const seat = members.find((one) => one.name.startsWith(name))!;
    await this.send(by, 'PUT', `jury-sessions/${this.session}/members/${seat.id}`, { ...seat, recused_from: [candidate] }, seat.version);
  }

  page = (candidate = 0) => `/jurys/${this.session}/candidats/${this.candidates[candidate]}`;
}
