// A session while its manager plans it: what is saved, which form is open, and what was done last.
import { tick } from 'svelte';
import { ApiError, uuid } from '../api/client';
import * as juries from '../api/juries';
import type { CandidateTerms, JuryCheck, JuryMemberView, JurySessionDetail, MemberProfile, NewJuryMember, SessionTerms } from '../api/types';
import { j } from '../i18n/jury.svelte';
import { fullName } from './format';
import { Form, isStale } from './form.svelte';
import { profileOf, unsettled, type Target } from './juries';

/** The parts of the page, by the id of their title. */
type Part = 'identity' | 'compliance' | 'candidates' | 'members' | 'steps' | 'held';

type Editing = { part: 'identity' } | { part: 'candidates' } | { part: 'member'; member: string };

export class Planning {
  session = $state.raw() as JurySessionDetail;
  check = $state.raw() as JuryCheck;
  /** One form at a time: what is saved in one moves the version that the others would be saved on. */
  editing = $state.raw<Editing>();
  /** What was done last, told in the part where it was. */
  done = $state.raw<{ part: Part; words: string }>();
  /** Acts of one press. */
  readonly form = new Form();
  // Those that the open form was read at.
  #version = 0;
  #memberVersion = 0;
  #creation = uuid();
  #acting: Promise<unknown> = Promise.resolve();

  constructor(session: JurySessionDetail, check: JuryCheck) {
    this.session = session;
    this.check = check;
  }

  get id(): string {
    return this.session.id;
  }

  get plans(): boolean {
    return this.session.actions.includes('plan');
  }

  /** A member may still be recused once the session is open. */
  get recuses(): boolean {
    return this.plans || this.session.actions.includes('prolong');
  }

  get left(): number {
    return unsettled(this.check);
  }

  /** Who sits and was not written to yet. */
  get waiting(): JuryMemberView[] {
    return this.session.members.filter(({ convened_at }) => !convened_at);
  }

  member(id: string): JuryMemberView | undefined {
    return this.session.members.find((one) => one.id === id);
  }

  async #take(session: JurySessionDetail) {
    this.#version = session.version;
    this.check = await juries.juryCheck(session.id);
    this.session = session;
  }

  /** Reads what is saved now, so that the next save is on it. */
  async refresh(): Promise<JurySessionDetail> {
    await this.#take(await juries.jurySession(this.id));
    return this.session;
  }

  async refreshMember(id: string): Promise<JuryMemberView> {
    await this.refresh();
    const member = this.member(id);
    if (!member) throw new ApiError(404, { detail: j.sessions.member.gone });
    this.#memberVersion = member.version;
    return member;
  }

  /** Opens the form that mends it, at its field. */
  async reach(target: Target) {
    // What is being done ends first: it moves the versions, and closes what is open.
    await this.#acting;
    if (target.part === 'members') return focus('members');
    this.#version = this.session.version;
    this.#memberVersion = target.part === 'member' ? (this.member(target.member)?.version ?? 0) : 0;
    this.#creation = uuid();
    this.done = undefined;
    this.editing = target.part === 'member' ? { part: 'member', member: target.member } : { part: target.part };
    await tick();
    focus(target.part === 'candidates' ? 'order' : target.field);
  }

  /** Closes the form; the title of its part takes the focus. */
  async close(part: Part, words?: string) {
    this.editing = undefined;
    this.done = words ? { part, words } : undefined;
    await tick();
    focus(part);
  }

  async saveIdentity(terms: SessionTerms) {
    await this.#take(await juries.saveJurySession(this.id, this.#version, terms));
    await this.close('identity', j.sessions.form.saved);
  }

  async saveCandidates(candidates: CandidateTerms[]) {
    await this.#take(await juries.setJuryCandidates(this.id, this.#version, candidates));
    await this.close('candidates', j.sessions.people.saved);
  }

  async addMember(body: NewJuryMember) {
    try {
      await this.#take(await juries.addJuryMember(this.id, body, this.#creation));
    } catch (error) {
      // Refused, what is sent next is another intention; a lost answer is asked for again.
      if (error instanceof ApiError && error.fields.length > 0) this.#creation = uuid();
      throw error;
    }
    await this.close('members', j.sessions.member.saved);
  }

  async saveMember(id: string, profile: MemberProfile) {
    const { recused_from } = this.member(id)!;
    await this.#take(await juries.saveJuryMember(this.id, id, this.#memberVersion, { ...profile, recused_from }));
    await this.close('members', j.sessions.member.saved);
  }

  /** An act of one press: what comes of it is told in its part, what refuses it at the top. */
  #act(part: Part, words: string, action: () => Promise<unknown>): Promise<boolean> {
    const acting = this.#carryOut(part, words, action);
    this.#acting = acting;
    return acting;
  }

  async #carryOut(part: Part, words: string, action: () => Promise<unknown>) {
    this.done = undefined;
    const succeeded = await this.form.send({}, async () => {
      const session = await action();
      if (session) await this.#take(session as JurySessionDetail);
      else await this.refresh();
    });
    if (succeeded) await this.close(part, words);
    // The next press is on what is there now.
    else if (isStale(this.form)) await this.refresh().catch(() => {});
    return succeeded;
  }

  recuse(id: string, candidate: string, leaves: boolean) {
    const member = this.member(id)!;
    const student = this.session.candidates.find(({ enrolment_id }) => enrolment_id === candidate)!.student;
    const others = member.recused_from.filter((other) => other !== candidate);
    const recused_from = leaves ? [...others, candidate] : others;
    const words = leaves ? j.sessions.check.recused : j.sessions.check.unrecused;
    return this.#act('compliance', words(member.name, fullName(student)), () =>
      juries.saveJuryMember(this.id, id, member.version, { ...profileOf(member), recused_from }),
    );
  }

  removeMember(id: string) {
    const { name, version } = this.member(id)!;
    return this.#act('members', j.sessions.member.removed(name), () => juries.removeJuryMember(this.id, id, version));
  }

  convene() {
    const { length } = this.waiting;
    return this.#act('steps', j.sessions.steps.convened(length), () => juries.conveneJury(this.id, this.session.version));
  }

  async open() {
    const opened = await this.#act('held', j.sessions.steps.opened, () => juries.openJury(this.id, this.session.version));
    const { failure, problems } = this.form;
    // What somebody else changed meanwhile keeps it from opening: every reason is in the panel.
    if (!opened && !failure && Object.keys(problems).length > 0) {
      this.form.problems = {};
      await this.refresh();
      await this.showReasons();
    }
  }

  suspend() {
    return this.#act('steps', j.sessions.steps.suspended, () => juries.suspendJury(this.id, this.session.version));
  }

  async showReasons() {
    await tick();
    focus('compliance');
  }

  /** The roll is called in a form of its own. */
  async rollCalled(session: JurySessionDetail) {
    await this.#take(session);
    await this.close('held', j.sessions.steps.rollCalled);
  }

  handOver(member: string, reason: string) {
    const words = j.sessions.steps.chairSaved(this.member(member)?.name ?? '');
    return this.#act('held', words, () => juries.handOverChair(this.id, this.session.version, member, reason));
  }

  prolong(closes_at: string) {
    const { title, starts_at, place, link, statement, window, version } = this.session;
    const terms = { title, starts_at, place, link, statement, window: { ...window, closes_at } };
    return this.#act('held', j.sessions.steps.prolonged, () => juries.saveJurySession(this.id, version, terms));
  }
}

function focus(id: string) {
  const element = document.getElementById(id);
  element?.scrollIntoView({ block: 'center' });
  element?.focus({ preventScroll: true });
}
