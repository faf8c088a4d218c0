import { ApiError, uuid } from '../api/client';
import * as api from '../api/endpoints';
import type { Assessment, AssessmentContent, AssessmentInput, Block, Certification, Rating } from '../api/types';
import { more } from '../i18n/more.svelte';
import { assessedIn, competencyOf, criteriaOf } from './certification';
import { today } from './format';
import { forget, keep, kept } from './kept';
import { session } from './session.svelte';

const conflicts = ['stale_version', 'assessment_signed', 'draft_exists'] as const;
export type Conflict = (typeof conflicts)[number];

export type GridKind = AssessmentInput['kind'];

const pause = 1200;

/** A line for every criterion of the block, filled with what a draft already says. No level is ever chosen beforehand. */
function linesFor(certification: Certification, block: Block, ratings: Rating[]): Rating[] {
  return assessedIn(block).flatMap((key) => {
    const competency = competencyOf(certification, key);
    if (!competency) return [];
    const before = ratings.find((rating) => rating.competency === key)?.criteria ?? [];
    const criteria = criteriaOf(competency).map((criterion) => {
      const { level = null, comment = '' } = before.find((one) => one.criterion === criterion.key) ?? {};
      // What was typed on this device may be on the scale of an older grid.
      const known = certification.levels.some(({ key }) => key === level);
      return { criterion: criterion.key, level: known ? level : null, comment };
    });
    return [{ competency: key, criteria }];
  });
}

const begun = (rating: Rating) => rating.criteria.some(({ level, comment }) => level || comment);
export const judged = (rating: Rating) => rating.criteria.some(({ level }) => level);
export const complete = (rating: Rating) => rating.criteria.every(({ level }) => level);

const keptName = (enrolment: string, block: string, kind: string) => `assessment.${enrolment}.${block}.${kind}`;

/** What this device still holds of a draft goes on with the draft where it was restarted. */
export function moveKept({ enrolment_id, block, kind, version }: Assessment) {
  const name = keptName(enrolment_id, block, kind);
  const before = kept<object>(name);
  if (before) keep(name, { ...before, version });
}

/** A grid that is being filled: every change is kept on the device at once and saved on the server after a short pause. */
export class Sheet {
  content = $state<AssessmentInput>() as AssessmentInput;
  state = $state<'idle' | 'saving' | 'saved' | 'failed' | 'conflict'>('idle');
  #saved = $state.raw<Assessment>();
  #version: number | null;
  #base: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Names the first save, a reload in its middle included: nothing is created twice. */
  #creation: string;
  /** Why the server's draft and this one are apart. */
  conflict = $state<Conflict>('stale_version');
  /** Told what the server refuses while a draft is being saved by itself. */
  refused: (error: unknown) => void = () => {};
  readonly #name: string;

  constructor(
    private readonly enrolment: string,
    private readonly certification: Certification & { grid?: number | null },
    private readonly block: Block,
    kind: GridKind,
    draft: Assessment | undefined,
  ) {
    this.#name = keptName(enrolment, block.code, kind);
    this.#saved = draft;
    const before = kept<{ content: AssessmentInput; version: number | null; creation?: string }>(this.#name);
    this.#creation = before?.creation ?? uuid();
    const start: AssessmentContent = before?.content ??
      draft ?? {
        occasion: more.grid.defaultOccasion[kind],
        assessed_on: today(),
        comment: '',
        evidence: [],
        ratings: [],
      };
    this.content = {
      kind,
      block: block.code,
      occasion: start.occasion,
      assessed_on: start.assessed_on,
      comment: start.comment,
      evidence: [...start.evidence],
      ratings: linesFor(certification, block, start.ratings),
    };
    this.#version = before?.version ?? draft?.version ?? null;
    this.#base = before ? '' : JSON.stringify(this.toSend());
  }

  toSend(): AssessmentInput {
    const content = $state.snapshot(this.content) as AssessmentInput;
    return { ...content, ratings: content.ratings.filter(begun) };
  }

  get hasDraft(): boolean {
    return this.#saved !== undefined;
  }

  get rated(): Rating[] {
    return this.content.ratings.filter(judged);
  }

  /** To be called in an effect: it looks at the whole content. */
  watch() {
    const sent = this.toSend();
    if (JSON.stringify(sent) === this.#base) return;
    keep(this.#name, { content: sent, version: this.#version, creation: this.#creation });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save().catch((error) => this.refused(error)), pause);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** Saves what is not saved yet, one request after the other. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    const next = this.#running.catch(() => {}).then(() => this.#saveNow());
    this.#running = next;
    return next;
  }

  async #saveNow() {
    const body = this.toSend();
    const text = JSON.stringify(body);
    if (text === this.#base || this.state === 'conflict') return;
    this.state = 'saving';
    try {
      const answer =
        this.#saved && this.#version !== null
          ? await api.saveAssessment(this.#saved.id, this.#version, patchOf(body))
          : await api.createAssessment(this.enrolment, { ...body, grid: this.certification.grid }, this.#creation);
      this.#saved = answer;
      this.#version = answer.version;
      this.#base = text;
      this.state = 'saved';
      if (JSON.stringify(this.toSend()) === text) forget(this.#name);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown) {
    const reason = error instanceof ApiError ? conflicts.find((code) => code === error.code) : undefined;
    this.state = reason ? 'conflict' : 'failed';
    if (reason) this.conflict = reason;
  }

  async sign(): Promise<void> {
    await this.save();
    if (this.state === 'conflict' || !this.#saved || this.#version === null)
      throw new ApiError(412, { code: this.conflict });
    try {
      await api.signAssessment(this.#saved.id, this.#version);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    forget(this.#name);
  }

  async discard() {
    clearTimeout(this.#timer);
    await this.#running.catch(() => {});
    if (this.#saved && this.#version !== null) await api.deleteAssessment(this.#saved.id, this.#version);
    forget(this.#name);
  }

  async #readDraft(): Promise<Assessment | undefined> {
    const all = await api.assessments(this.enrolment, { block: this.content.block, kind: this.content.kind });
    return (
      all.find(({ id }) => id === this.#saved?.id) ??
      all.find(({ status, assessor }) => status === 'draft' && assessor.id === session.me?.user.id)
    );
  }

  /** The signed assessment's id when the draft is one now: it is read elsewhere. */
  async takeTheirs(): Promise<string | undefined> {
    const draft = await this.#readDraft();
    if (!draft) return undefined;
    if (draft.status === 'signed') {
      clearTimeout(this.#timer);
      this.#base = JSON.stringify(this.toSend());
      forget(this.#name);
      return draft.id;
    }
    this.#saved = draft;
    this.#version = draft.version;
    const { occasion, assessed_on, comment, evidence } = draft;
    Object.assign(this.content, { occasion, assessed_on, comment, evidence });
    this.content.ratings = linesFor(this.certification, this.block, draft.ratings);
    this.#base = JSON.stringify(this.toSend());
    this.state = 'saved';
    forget(this.#name);
    return undefined;
  }

  /** What is on the screen replaces the other draft; beside a signed assessment it becomes a new one. */
  async keepMine() {
    const draft = await this.#readDraft();
    if (draft?.status === 'signed') {
      this.#saved = undefined;
      this.#version = null;
      this.#creation = uuid();
    } else if (draft) {
      this.#saved = draft;
      this.#version = draft.version;
    }
    this.state = 'idle';
    await this.save();
  }
}

/** The kind and the block of an assessment are fixed when it is created. */
function patchOf({ occasion, assessed_on, comment, evidence, ratings }: AssessmentInput): AssessmentContent {
  return { occasion, assessed_on, comment, evidence, ratings };
}
