// Every address of the server that the pages use, and nothing else: the one place that names a path.
import { owner } from '../lib/device';
import { all, get, getNow, patch, post, put, query, remove, root } from './client';
import type * as T from './types';

export const instance = () => get<T.Instance>('/instance');
export const setUp = (body: T.Setup) => post<T.SignedIn>('/setup', { body });

export const signIn = (email: string, password: string) =>
  post<T.SignedIn>('/auth/login', { body: { email, password } });
export const signOut = () => post<void>('/auth/logout');
/** Whom a one-time link is for, without using it up. */
export const lookAtLink = (token: string) => post<T.LinkView>('/auth/link/look', { body: { token } });
export const enterByLink = (token: string, password: string | null) =>
  post<T.SignedIn>('/auth/link', { body: { token, password } });
export const renewLink = (token: string, page: string | null) => post<void>('/auth/link/renew', { body: { token, page } });
export const askForLink = (email: string) => post<void>('/auth/link/ask', { body: { email } });
export const changePassword = (current_password: string, new_password: string) =>
  post<T.SignedIn>('/auth/password', { body: { current_password, new_password } });
export const me = () => get<T.Me>('/me');
/** Whom the server takes this browser for: never what the device remembers. */
export const meNow = () => getNow<T.Me>('/me');

export const certifications = () => all<T.CertificationSummary>('/certifications');
export const publishCertification = (source: string) => post<T.CertificationSummary>('/certifications', { body: { source } });

const certificationsRead = new Map<string, Promise<T.CertificationDetail>>();

/** A published version never changes, so it is read once; by each person, so that the device remembers it for each. */
export function certification(code: string, version?: string | null): Promise<T.CertificationDetail> {
  const key = `${owner()} ${code} ${version ?? ''}`;
  let reading = certificationsRead.get(key);
  if (!reading) {
    reading = get<T.CertificationDetail>(`/certifications/${encodeURIComponent(code)}${query({ version })}`);
    certificationsRead.set(key, reading);
    reading.catch(() => certificationsRead.delete(key));
  }
  return reading;
}

export const cohorts = () => all<T.Cohort>('/cohorts');
export const createCohort = (body: T.CohortInput) => post<T.Cohort>('/cohorts', { body });
export const cohortProgress = (id: string) => get<T.CohortProgress>(`/cohorts/${id}/progress`);

export const people = (values: { q?: string; role?: T.Role | ''; cursor?: string | null }) =>
  get<T.Page<T.Person>>(`/users${query(values)}`);
export const everyone = (role: T.Role) => all<T.Person>('/users', { role });
export const createPerson = (body: T.PersonInput) => post<T.PersonCreated>('/users', { body });
export const person = (id: string) => get<T.Person>(`/users/${id}`);
export const savePerson = (id: string, version: number, body: T.PersonChange) =>
  put<T.Person>(`/users/${id}`, { body, version });
export const invite = (id: string) => post<T.InvitationLink>(`/users/${id}/invitation`);

export const enrolments = (values: { q?: string; cursor?: string | null }) =>
  get<T.Page<T.EnrolmentSummary>>(`/enrolments${query(values)}`);
export const enrolment = (id: string) => get<T.Enrolment>(`/enrolments/${id}`);
export const createEnrolment = (body: T.EnrolmentInput) => post<T.Enrolment>('/enrolments', { body });
export const saveTerms = (id: string, version: number, body: T.EnrolmentChange) =>
  put<T.Enrolment>(`/enrolments/${id}`, { body, version });
export const assignTutors = (id: string, version: number, tutors: T.AssignedTutor[]) =>
  put<T.Enrolment>(`/enrolments/${id}/tutors`, { body: { tutors }, version });
export const progress = (id: string) => get<T.Progress>(`/enrolments/${id}/progress`);

export const evidenceOf = (
  enrolment: string,
  values: { status?: T.EvidenceStatus | ''; competency?: string; deliverable?: 'true' } = {},
) =>
  all<T.EvidenceSummary>(`/enrolments/${enrolment}/evidence`, values);
export const evidencePage = (enrolment: string, values: Record<string, string | null | undefined>) =>
  get<T.EvidenceList>(`/enrolments/${enrolment}/evidence${query(values)}`);
export const evidence = (id: string) => get<T.Evidence>(`/evidence/${id}`);
export const evidenceNow = (id: string) => getNow<T.Evidence>(`/evidence/${id}`);
export const createEvidence = (enrolment: string, body: T.EvidenceInput, key: string) =>
  post<T.Evidence>(`/enrolments/${enrolment}/evidence`, { body, key });
export const saveEvidence = (id: string, version: number, body: T.EvidenceInput) =>
  patch<T.Evidence>(`/evidence/${id}`, { body, version });
export const deleteEvidence = (id: string, version: number) => remove(`/evidence/${id}`, { version });
export const submitEvidence = (id: string, version: number) => post<T.Evidence>(`/evidence/${id}/submit`, { version });
export const withdrawEvidence = (id: string, version: number) => post<T.Evidence>(`/evidence/${id}/withdraw`, { version });
export const showEvidenceTo = (id: string, version: number, visibility: T.EvidenceInput['visibility']) =>
  put<T.Evidence>(`/evidence/${id}/visibility`, { version, body: { visibility } });
export const declareDeliverable = (id: string, version: number, modality: string | null) =>
  put<T.Evidence>(`/evidence/${id}/deliverable`, { version, body: { modality } });
export const messages = (id: string) => all<T.Message>(`/evidence/${id}/messages`);
export const sendMessage = (id: string, text: string, key: string) =>
  post<T.Message>(`/evidence/${id}/messages`, { body: { text }, key });
export const filePath = (id: string) => `/files/${id}`;
export const acceptEvidence = (id: string, version: number, comment: string) =>
  post<T.Evidence>(`/evidence/${id}/accept`, { version, body: { comment: comment || null } });
export const returnEvidence = (id: string, version: number, comment: string) =>
  post<T.Evidence>(`/evidence/${id}/return`, { version, body: { comment } });
export const revisions = (id: string) => all<T.Revision>(`/evidence/${id}/revisions`);
export const filesPath = (evidence: string) => `/evidence/${evidence}/files`;
export const deleteFile = (id: string) => remove(`/files/${id}`);

export const assessments = (enrolment: string, values: { block?: string; kind?: T.AssessorKind } = {}) =>
  all<T.Assessment>(`/enrolments/${enrolment}/assessments`, values);
export const createAssessment = (enrolment: string, body: T.AssessmentInput, key: string) =>
  post<T.Assessment>(`/enrolments/${enrolment}/assessments`, { body, key });
export const saveAssessment = (id: string, version: number, body: T.AssessmentContent) =>
  patch<T.Assessment>(`/assessments/${id}`, { body, version });
export const signAssessment = (id: string, version: number) =>
  post<T.Assessment>(`/assessments/${id}/sign`, { version });
export const deleteAssessment = (id: string, version: number) => remove(`/assessments/${id}`, { version });

export const queue = (values: { kind?: T.QueueKind | ''; students?: string } = {}) => get<T.Queue>(`/queue${query(values)}`);

export const cohort = (id: string) => get<T.Cohort>(`/cohorts/${id}`);
export const saveCohort = (id: string, version: number, body: T.CohortChange) =>
  put<T.Cohort>(`/cohorts/${id}`, { body, version });
export const cohortAttention = (id: string) => get<T.CohortAttention>(`/cohorts/${id}/attention`);
export const cohortCoverage = (id: string) => get<T.CohortCoverage>(`/cohorts/${id}/coverage`);
export const workload = (cohort_id: string) => all<T.Workload>('/workload', { cohort_id });
export const cohortFile = (id: string, values: { format: 'csv' | 'xlsx'; part?: string }) =>
  `${root}/cohorts/${id}/export${query(values)}`;
export const peopleFile = (values: { format: 'csv' | 'xlsx'; q?: string; role?: string }) =>
  `${root}/users/export${query(values)}`;

export const myDeadlines = () => all<T.MyDeadline>('/deadlines');
export const deadlines = (cohort: string) => all<T.Deadline>(`/cohorts/${cohort}/deadlines`);
export const createDeadline = (cohort: string, body: T.DeadlineTerms) =>
  post<T.Deadline>(`/cohorts/${cohort}/deadlines`, { body });
export const saveDeadline = (id: string, version: number, body: T.DeadlineTerms) =>
  put<T.Deadline>(`/deadlines/${id}`, { body, version });
export const deleteDeadline = (id: string, version: number) => remove(`/deadlines/${id}`, { version });

export const previewImport = (body: FormData) => post<T.ImportReport>('/imports/preview', { body });
export const runImport = (body: FormData) => post<T.ImportReport>('/imports', { body });
export const importTemplate = (format: 'csv' | 'xlsx') => `${root}/imports/template?format=${format}`;
export const grids = (certification_id: string) => get<T.Grids>(`/grids${query({ certification_id })}`);
export const startGrid = (certification_id: string, from: 'in_force' | 'original') =>
  post<T.Grid>('/grids', { body: { certification_id, from } });
export const grid = (id: string) => get<T.Grid>(`/grids/${id}`);
export const saveGrid = (id: string, version: number, body: T.GridContent) => put<T.Grid>(`/grids/${id}`, { body, version });
export const deleteGrid = (id: string, version: number) => remove(`/grids/${id}`, { version });
export const publishGrid = (id: string, version: number) => post<T.Grid>(`/grids/${id}/publish`, { version });
/** The certification as this grid makes it, a draft as it was saved last. */
export const gridCertification = (id: string) => get<T.EffectiveCertification>(`/grids/${id}/certification`);
export const restartAssessment = (id: string, version: number) =>
  post<T.Assessment>(`/assessments/${id}/restart`, { version });

const effectiveRead = new Map<string, Promise<T.EffectiveCertification>>();

/** The certification of an enrolment as the school's grid of this number makes it. Neither ever changes: it is read once. */
export function enrolmentCertification(enrolment: T.EnrolmentSummary, number: number): Promise<T.EffectiveCertification> {
  const key = `${enrolment.certification.id} ${number}`;
  let reading = effectiveRead.get(key);
  if (!reading) {
    reading = get<T.EffectiveCertification>(`/enrolments/${enrolment.id}/certification?grid=${number}`);
    effectiveRead.set(key, reading);
    reading.catch(() => effectiveRead.delete(key));
  }
  return reading;
}

/** Each by itself: what is refused holds up no other. */
export const acceptMany = (items: { id: string; version: number }[]) =>
  post<{ items: T.DecisionResult[] }>('/evidence/decisions', { body: { items } });

export const visits = (enrolment: string) => all<T.VisitSummary>(`/enrolments/${enrolment}/visits`);
export const visit = (id: string) => get<T.Visit>(`/visits/${id}`);
export const draftVisit = (enrolment: string, body: T.VisitInput & { corrects: string | null }, key: string) =>
  post<T.Visit>(`/enrolments/${enrolment}/visits`, { body, key });
export const saveVisit = (id: string, version: number, body: T.VisitInput) =>
  patch<T.Visit>(`/visits/${id}`, { body, version });
export const deleteVisit = (id: string, version: number) => remove(`/visits/${id}`, { version });
export const signVisit = (id: string, version: number) => post<T.Visit>(`/visits/${id}/sign`, { version });
export const countersignVisit = (id: string, version: number, agreed: boolean, comment: string) =>
  post<T.Visit>(`/visits/${id}/countersign`, { version, body: { agreed, comment } });
export const mailTopics = () => get<T.Page<T.MailTopic>>('/me/mails');
export const setMailTopic = (topic: T.MailTopic['topic'], muted: boolean) =>
  put<T.Page<T.MailTopic>>('/me/mails', { body: { topic, muted } });
export const muteByLink = (token: string, muted: boolean) =>
  post<T.MutedByLink>('/mails/mute', { body: { token, muted } });
export const mailProblems = () => all<T.MailProblem>('/mails/problems');
export const resendMail = (id: string) => post<void>(`/mails/${id}/resend`);
export const demoMails = (cursor?: string) => get<T.Page<T.DemoMail>>(`/demo/mails${query({ cursor })}`);
