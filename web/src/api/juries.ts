// The addresses of dossiers, juries and records: apart from the others, for no first page asks for them.
import { all, get, getNow, post, put, query, remove, root } from './client';
import type * as T from './types';

const candidateOf = (session: string, candidate: string) => `/jury-sessions/${session}/candidates/${candidate}`;
const about = (session: string, candidate: string, part: string, key: string) =>
  `${candidateOf(session, candidate)}/${part}/${encodeURIComponent(key)}`;

export const deliberation = (session: string) => get<T.Deliberation>(`/jury-sessions/${session}/deliberation`);
export const propose = (session: string, candidate: string, block: string, version: number, body: T.RulingInput) =>
  put<T.CandidateTable>(`${about(session, candidate, 'blocks', block)}/proposal`, { version, body });
export const decideBlock = (session: string, candidate: string, block: string, version: number, body: T.RulingInput) =>
  put<T.CandidateTable>(`${about(session, candidate, 'blocks', block)}/decision`, { version, body });
export const waive = (session: string, candidate: string, requirement: string, version: number, body: T.WaiverInput) =>
  put<T.CandidateTable>(about(session, candidate, 'waivers', requirement), { version, body });
export const withdrawWaiver = (session: string, candidate: string, requirement: string, version: number) =>
  remove(about(session, candidate, 'waivers', requirement), { version });
export const closeJury = (session: string, version: number) => post<void>(`/jury-sessions/${session}/close`, { version });
export const minutes = (session: string) => get<T.Minutes>(`/jury-sessions/${session}/minutes`);
export const amendMinutes = (session: string, body: T.AddAmendment, key: string) =>
  post<T.Minutes>(`/jury-sessions/${session}/minutes/amendments`, { body, key });
export const minutesPdf = (session: string) => `${root}/jury-sessions/${session}/minutes.pdf`;

export const jurySessions = (cursor?: string) => get<T.Page<T.JurySessionSummary>>(`/jury-sessions${query({ cursor })}`);
export const allJurySessions = () => all<T.JurySessionSummary>('/jury-sessions');
export const jurySession = (id: string) => get<T.JurySessionDetail>(`/jury-sessions/${id}`);
export const juryCheck = (id: string) => get<T.JuryCheck>(`/jury-sessions/${id}/check`);
export const planJurySession = (body: T.PlanSession, key: string) => post<T.JurySessionDetail>('/jury-sessions', { body, key });
export const saveJurySession = (id: string, version: number, body: T.SessionTerms) =>
  put<T.JurySessionDetail>(`/jury-sessions/${id}`, { body, version });
export const deleteJurySession = (id: string, version: number) => remove(`/jury-sessions/${id}`, { version });
export const juryPool = (id: string, values: { deposited: 'true' | 'false'; q?: string; cursor?: string | null }) =>
  get<T.Page<T.PooledCandidate>>(`/jury-sessions/${id}/pool${query(values)}`);
export const setJuryCandidates = (id: string, version: number, candidates: T.CandidateTerms[]) =>
  put<T.JurySessionDetail>(`/jury-sessions/${id}/candidates`, { body: { candidates }, version });
export const addJuryMember = (id: string, body: T.NewJuryMember, key: string) =>
  post<T.JurySessionDetail>(`/jury-sessions/${id}/members`, { body, key });
export const saveJuryMember = (id: string, member: string, version: number, body: T.MemberProfile & { recused_from: string[] }) =>
  put<T.JurySessionDetail>(`/jury-sessions/${id}/members/${member}`, { body, version });
export const removeJuryMember = (id: string, member: string, version: number) =>
  remove(`/jury-sessions/${id}/members/${member}`, { version });
export const conveneJury = (id: string, version: number) => post<T.JurySessionDetail>(`/jury-sessions/${id}/convene`, { version });
export const answerConvocation = (id: string, version: number, body: T.ConvocationAnswer) =>
  post<T.JurySessionDetail>(`/jury-sessions/${id}/answer`, { body, version });
export const openJury = (id: string, version: number) => post<T.JurySessionDetail>(`/jury-sessions/${id}/open`, { version });
export const suspendJury = (id: string, version: number) => post<T.JurySessionDetail>(`/jury-sessions/${id}/suspend`, { version });
export const callRoll = (id: string, version: number, present: string[]) =>
  post<T.JurySessionDetail>(`/jury-sessions/${id}/roll-call`, { body: { present }, version });
export const handOverChair = (id: string, version: number, member: string, reason: string) =>
  post<T.JurySessionDetail>(`/jury-sessions/${id}/chair`, { body: { member, reason }, version });
export const accommodations = (session: string) => all<T.JuryAccommodation>(`/jury-sessions/${session}/accommodations`);
export const invitationFile = (id: string) => `${root}/jury-sessions/${id}/invitation.ics`;
export const sessionArchiveFile = (id: string) => `${root}/jury-sessions/${id}/archive`;
export const readCandidate = (session: string, candidate: string) => get<T.CandidateReading>(candidateOf(session, candidate));
export const frozenFilePath = (dossier: string, file: string) => `/dossiers/${dossier}/files/${file}`;
/** What the reader wrote for themself on a candidate: never what the device remembers. */
export const ownPapers = (session: string, candidate: string) =>
  getNow<T.OwnPapers>(`${candidateOf(session, candidate)}/notes`);
export const writeNote = (session: string, candidate: string, body: T.NoteContent, key: string) =>
  post<T.Note>(`${candidateOf(session, candidate)}/notes`, { body, key });
export const rewriteNote = (session: string, candidate: string, id: string, version: number, body: T.NoteContent) =>
  put<T.Note>(`${candidateOf(session, candidate)}/notes/${id}`, { body, version });
export const deleteNote = (session: string, candidate: string, id: string, version: number) =>
  remove(`${candidateOf(session, candidate)}/notes/${id}`, { version });
export const setOwnGrid = (session: string, candidate: string, version: number, levels: T.OwnLevel[]) =>
  put<T.OwnGrid>(`${candidateOf(session, candidate)}/grid`, { body: { levels }, version });
export const record = (enrolment: string) => get<T.RecordDetail>(`/enrolments/${enrolment}/record`);
export const attestationFile = (enrolment: string, block: string) =>
  `${root}/enrolments/${enrolment}/blocks/${encodeURIComponent(block)}/attestation.pdf`;
export const resultLetterFile = (enrolment: string, session: string) =>
  `${root}/enrolments/${enrolment}/juries/${session}/result-letter.pdf`;
export const archiveFile = (enrolment: string) => `${root}/enrolments/${enrolment}/archive`;
export const certificateFile = (enrolment: string) => `${root}/enrolments/${enrolment}/certificate.pdf`;
export const letterhead = (organisation: string | null) =>
  get<T.LetterheadDetail>(`/letterhead${query({ organisation })}`);
export const saveLetterhead = (organisation: string, version: number, body: T.Letterhead) =>
  put<T.LetterheadDetail>(`/letterhead${query({ organisation })}`, { body, version });
export const hearings = (enrolment: string) => all<T.Hearing>(`/enrolments/${enrolment}/hearings`);
export const gate = (enrolment: string) => get<T.Gate>(`/enrolments/${enrolment}/gate`);
export const dossiers = (enrolment: string) => all<T.DossierInfo>(`/enrolments/${enrolment}/dossiers`);
export const deposit = (enrolment: string, body: T.DepositInput, key: string) =>
  post<T.DossierInfo>(`/enrolments/${enrolment}/dossiers`, { body, key });
export const dossier = (id: string) => get<T.DossierDetail>(`/dossiers/${id}`);
export const reopenDossier = (id: string, version: number, reason: string) =>
  post<T.DossierInfo>(`/dossiers/${id}/reopen`, { version, body: { reason } });
export const credentials = (enrolment: string) => get<T.Credentials>(`/enrolments/${enrolment}/credentials`);
export const issueCredential = (enrolment: string, subject: T.Award['subject']) =>
  post<T.Credential>(`/enrolments/${enrolment}/credentials`, { body: subject });
export const revokeCredential = (id: string, version: number, reason: string) =>
  post<T.Credential>(`/credentials/${id}/revoke`, { version, body: { reason } });
export const shareCredential = (id: string, version: number, shown: T.Shown) =>
  put<T.Credential>(`/credentials/${id}/sharing`, { version, body: shown });
export const credentialFile = (id: string, name: 'credential.jwt' | 'badge.svg') => `${root}/credentials/${id}/${name}`;
/** What the server says now: what this device saw once is no verification. */
export const verifyCredential = (token: string) => getNow<T.PublicCredential>(`/verify/${encodeURIComponent(token)}`);
