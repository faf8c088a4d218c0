// The addresses of the pages that are linked from several places.
import type { AssessorKind, QueueItem } from '../api/types';

const enrolment = (id: string) => `/parcours/${id}`;
const block = (id: string, code: string) => `/parcours/${id}/blocs/${encodeURIComponent(code)}`;

export const paths = {
  enrolment,
  block,
  competency: (id: string, key: string) => `/parcours/${id}/competences/${encodeURIComponent(key)}`,
  selfAssessment: (id: string, code: string) => `${block(id, code)}/auto-evaluation`,
  grid: (id: string, code: string, kind: AssessorKind) => `${block(id, code)}/evaluation?type=${kind}`,
  assessment: (id: string, assessment: string) => `/parcours/${id}/evaluations/${assessment}`,
  evidenceList: (id: string) => `/parcours/${id}/preuves`,
  newEvidence: (
    id: string,
    about: { competency?: string; block?: string; requirement?: string; modality?: string } = {},
  ) => {
    const search = new URLSearchParams(about as Record<string, string>).toString();
    return `/parcours/${id}/preuves/nouvelle${search && `?${search}`}`;
  },
  deposit: (id: string) => `/parcours/${id}/depot`,
  dossier: (id: string) => `/dossiers/${id}`,
  map: (id: string) => `/parcours/${id}/carte`,
  records: (id: string) => `/parcours/${id}/acquis`,
  letterhead: (organisation: string) => `/documents/en-tete?etablissement=${organisation}`,
  tutors: (id: string) => `/parcours/${id}/tuteurs`,
  terms: (id: string) => `/parcours/${id}/modifier`,
  editPerson: (id: string) => `/personnes/${id}`,
  evidence: (id: string) => `/preuves/${id}`,
  editEvidence: (id: string) => `/preuves/${id}/modifier`,
  cohort: (id: string, part?: 'attention' | 'couverture' | 'charge' | 'echeances') =>
    `/promotions/${id}${part ? `/${part}` : ''}`,
  review: (id: string) => `/a-traiter/${id}`,
  visits: (id: string) => `/parcours/${id}/visites`,
  newVisit: (id: string, corrects?: string) => `/parcours/${id}/visites/nouvelle${corrects ? `?corrige=${corrects}` : ''}`,
  visit: (id: string) => `/visites/${id}`,
  editVisit: (id: string) => `/visites/${id}/modifier`,
  waiting: (item: string) => `/en-attente/${item}`,
  editWaiting: (item: string) => `/en-attente/${item}/modifier`,
  certification: (code: string, version: string) =>
    `/certifications/${encodeURIComponent(code)}?version=${encodeURIComponent(version)}`,
  blankGrid: (id: string, code: string) => `${block(id, code)}/grille-vierge`,
  grids: (code: string, version: string) =>
    `/certifications/${encodeURIComponent(code)}/grilles?version=${encodeURIComponent(version)}`,
  schoolGrid: (id: string) => `/grilles/${id}`,
  juries: '/jurys',
  newJury: '/jurys/nouveau',
  jury: (id: string) => `/jurys/${id}`,
  convocation: (id: string) => `/jurys/${id}/convocation`,
  juryCandidate: (id: string, candidate: string) => `/jurys/${id}/candidats/${candidate}`,
  deliberation: (id: string) => `/jurys/${id}/deliberation`,
  minutes: (id: string) => `/jurys/${id}/pv`,
  gridPreview: (id: string, code: string) => `/grilles/${id}/apercu?bloc=${encodeURIComponent(code)}`,
};

/** Where a person goes to deal with what waits for them. */
export function queuePath(item: QueueItem): string {
  if (item.kind === 'evidence_draft') return paths.editEvidence(item.evidence_id!);
  if (item.evidence_id) return paths.evidence(item.evidence_id);
  if (item.visit_id) return paths.visit(item.visit_id);
  if (item.kind === 'hearing' || item.kind === 'dossier_reopened') return paths.deposit(item.enrolment_id);
  if (item.assessor_kind === 'self') return paths.selfAssessment(item.enrolment_id, item.block!);
  return paths.grid(item.enrolment_id, item.block!, item.assessor_kind!);
}
