// The shapes that the server sends and takes. Dates are 'YYYY-MM-DD', instants are RFC 3339 in UTC.

export type Uuid = string;
export type Day = string;
export type Instant = string;
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string /*French sentence*/;
  request_id: string;
  fields?: { field: string; code: string; detail: string }[];
}
export type Role = 'apprentice' | 'company_tutor' | 'school_tutor' | 'manager' | 'jury' | 'administrator';
export interface User {
  id: Uuid;
  email: string;
  given_name: string;
  family_name: string;
}
export interface Instance {
  name: string;
  version: string;
  setup_needed: boolean;
  max_file_bytes: number;
  max_files_per_evidence: number;
  demo: null | { password: string; people: DemoPerson[] };
}
export interface DemoPerson {
  email: string;
  given_name: string;
  family_name: string;
  role: Role;
  note: string /* French: « apprentie, RNCP38822, deux blocs acquis » */;
  certification: string | null;
  featured: boolean;
}
export interface SignedIn {
  access_token: string;
  expires_at: Instant;
  user: User;
}
export interface Me {
  user: User;
  memberships: { organisation: { id: Uuid; name: string }; roles: Role[] }[];
  enrolments: EnrolmentSummary[]; /* the caller's own, as a student */
}

export interface CertificationSummary {
  id: Uuid;
  code: string;
  version: string;
  status: 'draft' | 'published' | 'retired';
  title: string;
  level: number | null;
  blocks: number;
  competencies: number;
  warnings: number;
  registration_ends_on: Day | null;
}
export interface Warning {
  code:
    | 'competency_in_no_block'
    | 'repeated_code'
    | 'no_jury_rule'
    | 'registration_expired'
    | 'block_without_modality'
    | 'no_block'
    | 'remark';
  subject: string;
  text: string; /* French */
}
export interface CertificationDetail extends Certification {
  id: Uuid;
  warnings: Warning[];
}
export interface Certification {
  code: string;
  version: string;
  status: string;
  title: string;
  level: number | null;
  source: { name: string; url: string | null };
  certifiers: { name: string; siret: string | null; trade_name: string | null; website: string | null }[];
  nsf: Labelled[];
  rome: Labelled[];
  formacode: Labelled[];
  dates: {
    published_on: Day | null;
    training_starts_on: Day | null;
    registration_ends_on: Day | null;
    last_issue_on: Day | null;
  };
  replaces: Labelled[];
  objectives: string | null;
  sectors: string[];
  jobs: string[];
  assessment_text: string | null;
  entry_requirement: string | null;
  levels: { key: string; label: string; description: string | null }[] /* low to high */;
  required_level: string;
  profiles: { key: string; label: string }[];
  assessors: 'any_tutor' | 'school' | 'company_and_school';
  validation: {
    text: string | null;
    block_validity: { kind: 'unlimited' } | { kind: 'years'; years: number } | { kind: 'unknown' };
    partial: { min_blocks: number; max_blocks: number } | null;
    transversal_required: boolean;
  };
  routes: { kind: RouteKind; open: boolean; jury_text: string | null; jury: JuryRule | null }[];
  requirements: Requirement[];
  activities: Activity[];
  competencies: {
    key: string;
    code: string | null;
    kind: 'specific' | 'transversal' | 'attitude';
    text: string;
    criteria: {
      key: string;
      text: string;
    }[]; /* may be empty: then the one criterion has key = competency key and the competency's text */
  }[];
  blocks: {
    code: string;
    title: string;
    activities: Activity[];
    competencies: {
      competency: string;
      required_level: string | null;
      required_by_profile: Record<string, string>;
    }[];
    transversal: string[] /* also assessed in this block */;
    modalities: Modality[];
  }[];
  remarks: string[];
}
export interface Labelled {
  code: string;
  label: string;
}
export interface Activity {
  code: string | null;
  text: string;
}
export type RouteKind =
  'student' | 'apprenticeship' | 'continuing' | 'professionalisation' | 'individual' | 'experience';
export interface JuryRule {
  size: number | null;
  seats: string[];
  professional_voting_chair: boolean;
  min_professionals: number | null;
  min_certifier_representatives: number | null;
  min_external: number | null;
  min_external_percent: number | null;
  min_employers: number | null;
  min_employees: number | null;
  min_experts: number | null;
  majority_of_experts_teach: boolean;
  min_professional_experts: number | null;
  min_experience_years: number | null;
  min_qualification_level: number | null;
  no_trainer_of_candidates: boolean;
}
export interface Requirement {
  key: string;
  label: string;
  text: string;
  rule:
    | { kind: 'weeks'; of: 'abroad' | 'professional' | 'company'; minimum: Record<string, number> }
    | { kind: 'company_period' }
    | { kind: 'language'; language: string; minimum: Cefr }
    | { kind: 'document' };
}
export type Cefr = 'A1' | 'A2' | 'B1' | 'B2' | 'C1' | 'C2';
export interface Modality {
  key: string;
  label: string;
  text: string;
  covers: string[];
  deliverables: { label: string; individual: boolean }[];
  presentation_minutes: number | null;
  interview_minutes: number | null;
  min_professionals: number | null;
  group: boolean;
}

export type LearnerStatus = 'student' | 'apprentice' | 'trainee' | 'employee' | 'candidate';
export interface CertificationRef {
  id: Uuid;
  code: string;
  version: string;
  title: string;
}
export interface Cohort {
  id: Uuid;
  organisation_id: Uuid;
  name: string;
  certification: CertificationRef;
  starts_on: Day;
  ends_on: Day;
  students: number;
  version: number;
}
export interface Tally {
  total: number;
  acquired: number;
  assessed: number /* signed by a tutor, below the required level */;
  evidenced: number;
  untouched: number;
  self_assessed: number;
}
export interface CohortProgress {
  cohort: Cohort;
  blocks: { code: string; title: string }[];
  students: {
    enrolment_id: Uuid;
    student: User;
    status: LearnerStatus;
    blocks: Tally[] /* same order as blocks */;
    total: Tally;
    submitted_evidence: number;
    requirements_met: number;
    requirements_total: number;
  }[];
}
export interface Person extends User {
  organisation_id: Uuid;
  roles: Role[];
  has_password: boolean;
}
export interface EnrolmentSummary {
  id: Uuid;
  organisation_id: Uuid;
  student: User;
  certification: CertificationRef;
  cohort: { id: Uuid; name: string } | null;
  route: RouteKind;
  status: LearnerStatus;
  profile: string | null;
  starts_on: Day;
  ends_on: Day | null;
  tally: Tally;
  submitted_evidence: number;
  version: number;
}
export interface Enrolment extends EnrolmentSummary {
  tutors: { user: User; kind: 'company' | 'school' }[];
  actions: (
    'log_evidence' | 'self_assess' | 'decide_evidence' | 'assess_company' | 'assess_school' | 'manage'
  )[]; /* what the caller may do */
}
export interface Progress {
  enrolment_id: Uuid;
  total: Tally;
  blocks: BlockProgress[];
  outside: CompetencyProgress[] /* competencies in no block: evidence only */;
  requirements: RequirementProgress[];
}
export interface BlockProgress {
  code: string;
  title: string;
  tally: Tally /* the block's own competencies */;
  competencies: CompetencyProgress[];
  transversal: CompetencyProgress[] /* assessed in this block too, not in the tally */;
  missing_deliverables: { modality: string; label: string }[];
  gaps: Gap[];
}
export type Gap =
  | 'no_evidence'
  | 'evidence_not_submitted'
  | 'only_self_assessed'
  | 'never_assessed_by_tutor'
  | 'below_required_level'
  | 'deliverable_missing'
  | 'requirement_unmet';
export interface CompetencyProgress {
  competency: string /* key */;
  status: 'untouched' | 'evidenced' | 'assessed' | 'acquired';
  required_level: string;
  evidence: { draft: number; submitted: number; accepted: number; returned: number };
  views: View[];
  divergent: boolean;
  gaps: Gap[];
}
export interface View {
  assessor: AssessorKind;
  level: string /* lowest level over its criteria */;
  reached: boolean;
  assessment_id: Uuid;
  assessed_on: Day;
}
export interface RequirementProgress {
  key: string;
  label: string;
  text: string;
  state: 'met' | 'unmet' | 'not_applicable';
  unit: 'weeks' | 'level' | 'document';
  have: number | null;
  need: number | null;
  have_level: Cefr | null;
  need_level: Cefr | null;
  evidence: Uuid[]; /* what was counted */
}

export type EvidenceKind =
  'internship' | 'company_period' | 'project' | 'report' | 'stay_abroad' | 'language_certificate' | 'other';
export type EvidenceStatus = 'draft' | 'submitted' | 'accepted' | 'returned';
export interface EvidenceInput {
  kind: EvidenceKind;
  title: string;
  text: string;
  starts_on: Day | null;
  ends_on: Day | null;
  organisation: string | null;
  country: string | null /* ISO 3166 alpha-2 */;
  in_company: boolean /* internship in a company rather than a laboratory or public body */;
  language: string | null /* ISO 639-1 */;
  cefr_level: Cefr | null;
  links: { label: string; url: string }[];
  competencies: { competency: string; justification: string }[];
  requirements: string[] /* keys of 'document' requirements that it is meant for */;
  modality: string | null; /* it is the deliverable of this modality */
}
export interface EvidenceSummary {
  id: Uuid;
  enrolment_id: Uuid;
  kind: EvidenceKind;
  title: string;
  status: EvidenceStatus;
  starts_on: Day | null;
  ends_on: Day | null;
  organisation: string | null;
  competencies: string[];
  files: number;
  revision: number /* submissions so far */;
  created_at: Instant;
  updated_at: Instant;
  version: number;
}
export interface Evidence extends EvidenceInput {
  id: Uuid;
  enrolment_id: Uuid;
  status: EvidenceStatus;
  revision: number;
  files: FileInfo[];
  history: {
    at: Instant;
    by: User;
    action: 'submitted' | 'accepted' | 'returned';
    comment: string | null;
    revision: number;
  }[];
  created_at: Instant;
  updated_at: Instant;
  version: number;
  actions: ('edit' | 'delete' | 'submit' | 'decide')[];
}
export interface FileInfo {
  id: Uuid;
  name: string;
  media_type: string;
  size: number;
  sha256: string;
  created_at: Instant;
}
export interface Revision {
  number: number;
  submitted_at: Instant;
  submitted_by: User;
  content: EvidenceInput;
  files: FileInfo[];
}

export type AssessorKind = 'self' | 'company' | 'school' | 'jury';
export interface AssessmentInput {
  kind: 'self' | 'company' | 'school';
  block: string;
  occasion: string;
  assessed_on: Day;
  comment: string;
  evidence: Uuid[];
  ratings: Rating[];
}
export interface Rating {
  competency: string;
  criteria: { criterion: string; level: string | null /* not yet chosen, draft only */; comment: string }[];
} // at signing: a competency that has any level must have all its criteria; at least one competency
export interface Assessment extends AssessmentInput {
  id: Uuid;
  enrolment_id: Uuid;
  assessor: User;
  status: 'draft' | 'signed';
  superseded: boolean;
  created_at: Instant;
  signed_at: Instant | null;
  version: number;
}
export interface QueueItem {
  kind:
    'evidence_to_review' | 'block_to_assess' | 'assessment_draft' | 'evidence_returned' | 'evidence_draft';
  enrolment_id: Uuid;
  student: User;
  certification: CertificationRef;
  cohort: string | null;
  block: string | null;
  block_title: string | null;
  evidence_id: Uuid | null;
  assessment_id: Uuid | null;
  assessor_kind: AssessorKind | null;
  title: string;
  count: number /* competencies concerned */;
  since: Instant;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Setup {
  token: string;
  organisation: string;
  given_name: string;
  family_name: string;
  email: string;
  password: string;
}
export interface CohortInput {
  name: string;
  certification: string;
  starts_on: Day;
  ends_on: Day;
}
export interface PersonInput {
  email: string;
  given_name: string;
  family_name: string;
  roles: Role[];
}
export interface PersonCreated {
  person: Person;
  invitation_url: string | null;
}
export interface EnrolmentInput {
  student_id: Uuid;
  certification: string | null;
  cohort_id: Uuid | null;
  route: RouteKind;
  status: LearnerStatus;
  profile: string | null;
  starts_on: Day;
  ends_on: Day | null;
}
