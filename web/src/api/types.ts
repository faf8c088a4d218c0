// The server's own shapes, under the names that the pages use. `npm run types` brings them from its OpenAPI document.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Problem = Schemas['Problem'];
export type Role = Schemas['Role'];
export type User = Schemas['User'];
export type Instance = Schemas['Instance'];
export type DemoPerson = Schemas['DemoPerson'];
export type Setup = Schemas['Setup'];
export type SignedIn = Schemas['SignedIn'];
export type Me = Schemas['Me'];
export type LinkView = Schemas['LinkView'];
export type MailTopic = Schemas['MailTopic'];
export type MutedByLink = Schemas['MutedByLink'];
export type MailProblem = Schemas['MailProblem'];
export type DemoMail = Schemas['DemoMail'];

export type CertificationSummary = Schemas['CertificationSummary'];
export type CertificationDetail = Schemas['CertificationDetail'];
export type Certification = Schemas['Certification'];
export type Competency = Schemas['Competency'];
export type Block = Schemas['Block'];
export type Labelled = Schemas['Labelled'];
export type JuryRule = Schemas['JuryRule'];
export type Requirement = Schemas['Requirement'];
export type Modality = Schemas['Modality'];
export type RouteKind = Schemas['RouteKind'];
export type LearnerStatus = Schemas['LearnerStatus'];

export type Cohort = Schemas['Cohort'];
export type CohortInput = Schemas['CreateCohort'];
export type CohortProgress = Schemas['CohortProgress'];
export type Person = Schemas['Person'];
export type PersonInput = Schemas['AddPerson'];
export type PersonChange = Schemas['CorrectPerson'];
export type PersonCreated = Schemas['AddedPerson'];
export type InvitationLink = Schemas['InvitationLink'];

export type EnrolmentSummary = Schemas['EnrolmentSummary'];
export type Enrolment = Schemas['EnrolmentDetail'];
export type EnrolmentInput = Schemas['CreateEnrolment'];
export type EnrolmentChange = Schemas['UpdateEnrolment'];
export type AssignedTutor = Schemas['AssignedTutor'];
export type Tally = Schemas['Tally'];
export type Gap = Schemas['Gap'];
export type Progress = Schemas['EnrolmentProgress'];
export type BlockProgress = Schemas['BlockProgress'];
export type CompetencyProgress = Schemas['CompetencyProgress'];
export type View = Schemas['View'];
export type RequirementProgress = Schemas['RequirementProgress'];

export type EvidenceKind = Schemas['EvidenceKind'];
export type EvidenceStatus = Schemas['EvidenceStatus'];
// The pages always send an evidence and an assessment whole.
export type EvidenceInput = Schemas['EvidenceContent'];
export type EvidenceSummary = Schemas['EvidenceSummary'];
export type Evidence = Schemas['EvidenceDetail'];
export type FileInfo = Schemas['FileInfo'];
export type Revision = Schemas['Revision'];
export type ContentField = Schemas['ContentField'];
export type Message = Schemas['Message'];
export type EvidenceList = Schemas['EvidenceList'];

export type AssessorKind = Schemas['AssessorKind'];
export type Assessment = Schemas['Assessment'];
export type AssessmentContent = Schemas['AssessmentContent'];
export type AssessmentInput = AssessmentContent & {
  kind: Exclude<AssessorKind, 'jury'>;
  block: string;
  /** Number of the grid that is being filled. */
  grid?: number | null;
};
export type Rating = Schemas['Rating'];
export type Queue = Schemas['Queue'];
export type QueueItem = Schemas['QueueItem'];
export type QueueKind = Schemas['QueueKind'];
export type DecisionResult = Schemas['DecisionResult'];

export type VisitSummary = Schemas['Visit'];
export type Visit = Schemas['VisitDetail'];
// The pages always send a report whole.
export type VisitInput = Required<Schemas['VisitContent']>;

export type CohortChange = Schemas['UpdateCohort'];
export type Deadline = Schemas['Deadline'];
export type DeadlineKind = Schemas['DeadlineKind'];
export type DeadlineTerms = Schemas['DeadlineTerms'];
export type MyDeadline = Schemas['MyDeadline'];
export type CohortAttention = Schemas['CohortAttention'];
export type Reason = Schemas['Reason'];
export type CohortCoverage = Schemas['CohortCoverage'];
export type Workload = Schemas['Workload'];
export type ImportReport = Schemas['ImportReport'];
export type ImportStep = Schemas['ImportStep'];
export type Criterion = Schemas['Criterion'];
export type Level = Schemas['Level'];
/** A certification version as a school's grid makes it. */
export type EffectiveCertification = Schemas['EffectiveCertification'];
export type Grid = Schemas['GridDetail'];
export type Grids = Schemas['Grids'];
export type GridSummary = Schemas['GridSummary'];
export type GridChanges = Schemas['GridChanges'];
export type GridContent = Schemas['GridContent'];
export type GridCompetency = Schemas['GridCompetency'];
export type GridRequirement = Schemas['GridRequirement'];
export type JurySession = Schemas['JurySession'];
export type JurySessionSummary = Schemas['SessionSummary'];
export type JurySessionDetail = Schemas['SessionDetail'];
export type SessionStatus = Schemas['SessionStatus'];
export type PlanSession = Schemas['PlanSession'];
export type SessionTerms = Schemas['SessionTerms'];
export type JuryAccommodation = Schemas['Accommodation'];
export type JuryMemberView = Schemas['MemberView'];
export type MemberProfile = Required<Schemas['MemberProfile']>;
export type NewJuryMember = Schemas['AddMember'];
export type Attendance = Schemas['Attendance'];
export type JuryCandidate = Schemas['CandidateView'];
export type PooledCandidate = Schemas['PooledCandidate'];
export type CandidateTerms = Schemas['CandidateTerms'];
export type ConvocationAnswer = Schemas['Answer'];
export type JuryCheck = Schemas['SessionCheck'];
export type OpeningCheck = Schemas['OpeningCheck'];
export type RuleCheck = Schemas['RuleCheck'];
export type Conflict = Schemas['Conflict'];
export type Obstacle = Schemas['Obstacle'];

export type Deliberation = Schemas['DeliberationView'];
export type CandidateTable = Schemas['CandidateTable'];
export type MatterTable = Schemas['MatterTable'];
export type BlockTable = Schemas['BlockTable'];
export type RequirementTable = Schemas['RequirementTable'];
export type NamedCompetency = Schemas['NamedCompetency'];
export type Verdict = Schemas['Verdict'];
export type Ruling = Schemas['Ruling'];
export type RulingInput = Schemas['RulingBody'];
export type WaiverInput = Required<Schemas['WaiverBody']>;
export type Minutes = Schemas['MinutesDetail'];
export type AddAmendment = Schemas['AddAmendment'];
export type MinutesCandidate = Schemas['MinutesCandidate'];
export type MinutesDecision = Schemas['MinutesDecision'];

export type FrozenDossier = Schemas['FrozenDossier'];
export type FrozenEvidence = Schemas['FrozenEvidence'];
export type BlockGate = Schemas['BlockGate'];
export type Gate = Schemas['Gate'];
export type DepositInput = Schemas['Deposit'];
export type Hearing = Schemas['Hearing'];
export type DossierInfo = Schemas['DossierInfo'];
export type DossierDetail = Schemas['DossierDetail'];
export type CandidateReading = Schemas['CandidateReading'];
export type OwnPapers = Schemas['OwnPapers'];
export type Note = Schemas['Note'];
export type NoteContent = Schemas['NoteContent'];
export type OwnGrid = Schemas['OwnGrid'];
export type OwnLevel = Schemas['OwnLevel'];

export type Credentials = Schemas['Credentials'];
export type Credential = Schemas['CredentialDetail'];
export type CredentialState = Schemas['CredentialState'];
export type Shown = Schemas['Shown'];
export type Award = Schemas['Award'];
export type PublicCredential = Schemas['PublicCredential'];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type RecordDetail = Schemas['RecordDetail'];
export type Provenance = Schemas['Provenance'];
export type HeldBlock = Schemas['HeldBlock'];
export type Judged = Schemas['Judged'];
export type Letterhead = Schemas['Letterhead'];
export type LetterheadDetail = Schemas['LetterheadDetail'];
