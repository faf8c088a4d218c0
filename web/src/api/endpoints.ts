// Every address of the server that the pages use, and nothing else: the one place that names a path.
import { owner } from '../lib/device';
import { all, get, getNow, patch, post, put, query, remove } from './client';
import type * as T from './types';

export const instance = () => get<T.Instance>('/instance');
export const setUp = (body: T.Setup) => post<T.SignedIn>('/setup', { body });

export const signIn = (email: string, password: string) =>
  post<T.SignedIn>('/auth/login', { body: { email, password } });
export const signOut = () => post<void>('/auth/logout');
/** Whom an invitation is for, before they choose a password. */
export const lookAtInvitation = (token: string) => post<T.User>('/auth/invitation/look', { body: { token } });
export const acceptInvitation = (token: string, password: string) =>
  post<T.SignedIn>('/auth/invitation', { body: { token, password } });
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
export const invite = (id: string) => post<T.InvitationLink>(`/users/${id}/invitation`);

export const enrolments = (values: { q?: string; cohort_id?: string; cursor?: string | null }) =>
  get<T.Page<T.EnrolmentSummary>>(`/enrolments${query(values)}`);
export const enrolment = (id: string) => get<T.Enrolment>(`/enrolments/${id}`);
export const createEnrolment = (body: T.EnrolmentInput) => post<T.Enrolment>('/enrolments', { body });
export const assignTutors = (id: string, version: number, tutors: T.AssignedTutor[]) =>
  put<T.Enrolment>(`/enrolments/${id}/tutors`, { body: { tutors }, version });
export const progress = (id: string) => get<T.Progress>(`/enrolments/${id}/progress`);

export const evidenceOf = (enrolment: string, values: { status?: T.EvidenceStatus | ''; competency?: string } = {}) =>
  all<T.EvidenceSummary>(`/enrolments/${enrolment}/evidence`, values);
export const evidence = (id: string) => get<T.Evidence>(`/evidence/${id}`);
export const evidenceNow = (id: string) => getNow<T.Evidence>(`/evidence/${id}`);
export const createEvidence = (enrolment: string, body: T.EvidenceInput, key: string) =>
  post<T.Evidence>(`/enrolments/${enrolment}/evidence`, { body, key });
export const saveEvidence = (id: string, version: number, body: T.EvidenceInput) =>
  patch<T.Evidence>(`/evidence/${id}`, { body, version });
export const deleteEvidence = (id: string, version: number) => remove(`/evidence/${id}`, { version });
export const submitEvidence = (id: string, version: number) => post<T.Evidence>(`/evidence/${id}/submit`, { version });
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

export const queue = () => get<{ items: T.QueueItem[] }>('/queue');
