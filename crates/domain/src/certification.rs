//! A certification version: what is assessed, on which scale, by whom, and who decides.
//!
//! Every percentage, duration, level and jury size is data of the certification; no rule of this
//! crate carries one of its own. Official wording is kept exactly as its source prints it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{enrolment::LearnerStatus, fault::Severity, progress::Gap};

/// One version of a certification (a *fiche RNCP*). A published version never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Certification {
    /// RNCP code (`RNCP38822`), or a code of the school's own where the source has no number.
    pub code: String,
    /// Label of this version, by convention the date of its source (`2026-03-05`).
    pub version: String,
    pub status: VersionStatus,
    pub title: String,
    /// Level in the French framework of qualifications, 3 to 8 (Code du travail, D6113-19).
    pub level: Option<u8>,
    pub source: Source,
    pub certifiers: Vec<Certifier>,
    pub nsf: Vec<Labelled>,
    pub rome: Vec<Labelled>,
    pub formacode: Vec<Labelled>,
    pub dates: Dates,
    pub replaces: Vec<Labelled>,
    pub objectives: Option<String>,
    pub sectors: Vec<String>,
    pub jobs: Vec<String>,
    /// What the source says on assessment as a whole.
    pub assessment_text: Option<String>,
    /// What a person needs to be admitted to the training.
    pub entry_requirement: Option<String>,
    /// Levels from the lowest to the highest.
    pub levels: Vec<Level>,
    /// Key of the level that a competency must reach unless its block says otherwise.
    pub required_level: String,
    pub profiles: Vec<Profile>,
    pub assessors: AssessorRule,
    pub validation: Validation,
    #[serde(default)]
    pub deposit: DepositRule,
    pub routes: Vec<AccessRoute>,
    pub requirements: Vec<Requirement>,
    /// Activities that the source lists outside any block.
    pub activities: Vec<Activity>,
    pub competencies: Vec<Competency>,
    pub blocks: Vec<Block>,
    /// What the person who wrote this file noticed in the source: misprints, gaps, choices made.
    pub remarks: Vec<String>,
}

/// Life of a certification version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// Incomplete: evidence can be logged against it, no jury session can open on it.
    Draft,
    Published,
    Retired,
}

/// Where the wording comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    pub name: String,
    pub url: Option<String>,
}

/// A body that delivers the certification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Certifier {
    pub name: String,
    /// 14 digits.
    pub siret: Option<String>,
    pub trade_name: Option<String>,
    pub website: Option<String>,
}

/// A code of a nomenclature with its label (NSF, ROME, Formacode, a replaced certification).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Labelled {
    pub code: String,
    pub label: String,
}

/// Dates of the registration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dates {
    pub published_on: Option<NaiveDate>,
    /// First day on which a certifying path may start.
    pub training_starts_on: Option<NaiveDate>,
    /// Last day of the registration (*date d'échéance de l'enregistrement*).
    pub registration_ends_on: Option<NaiveDate>,
    /// Last day on which the certification may be issued.
    pub last_issue_on: Option<NaiveDate>,
    /// Day of the decision to register it, which a certificate names. Absent where the source does
    /// not give it, and where the law itself registers the certification.
    pub decided_on: Option<NaiveDate>,
}

/// One step of the scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Level {
    pub key: String,
    pub label: String,
    pub description: Option<String>,
}

/// A profile of the certification, with required levels of its own in some blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Profile {
    pub key: String,
    pub label: String,
}

/// Whose signed assessments make a competency acquired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AssessorRule {
    /// The newest of the company's or of the school's reaches the level.
    #[default]
    AnyTutor,
    School,
    CompanyAndSchool,
}

/// How blocks add up to the certification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Validation {
    /// The source's own words.
    pub text: Option<String>,
    pub block_validity: BlockValidity,
    /// How many blocks a partial validation may hold, where the source says it.
    pub partial: Option<PartialValidation>,
    /// Whether the transversal competencies must be acquired too.
    pub transversal_required: bool,
}

/// How long a validated block stays in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum BlockValidity {
    Unlimited,
    Years {
        years: u32,
    },
    /// The source does not say.
    Unknown,
}

/// Bounds of a partial validation, in blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartialValidation {
    pub min_blocks: u32,
    pub max_blocks: u32,
}

/// What keeps a block from being deposited; every other gap only warns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepositRule {
    pub blocking: Vec<Gap>,
}

impl Default for DepositRule {
    /// What leaves a jury nothing to read blocks. What somebody else has to do only warns: a
    /// candidate by experience has no tutor, and a requirement may be met later or waived.
    fn default() -> Self {
        Self { blocking: vec![Gap::NoEvidence, Gap::EvidenceNotSubmitted, Gap::DeliverableMissing] }
    }
}

impl DepositRule {
    pub fn severity(&self, gap: Gap) -> Severity {
        if self.blocking.contains(&gap) { Severity::Blocks } else { Severity::Warns }
    }
}

/// A way into the certification (*voie d’accès*), open or closed, with its jury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessRoute {
    pub kind: RouteKind,
    pub open: bool,
    /// Composition of the jury in the source's own words.
    pub jury_text: Option<String>,
    pub jury: Option<JuryRule>,
    #[serde(default)]
    pub deliberation: DeliberationRule,
}

/// The six ways in that a *fiche RNCP* lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RouteKind {
    Student,
    Apprenticeship,
    Continuing,
    Professionalisation,
    Individual,
    /// VAE.
    Experience,
}

/// The typed form of a jury's composition. A field that is absent is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JuryRule {
    /// Exact number of members.
    pub size: Option<u32>,
    /// Functions that must sit, in the source's own words, one seat each.
    #[serde(default)]
    pub seats: Vec<String>,
    /// The chair is a professional and votes.
    #[serde(default)]
    pub professional_voting_chair: bool,
    /// Professionals, beside the chair where the chair must be one.
    pub min_professionals: Option<u32>,
    /// Representatives of the certifier.
    pub min_certifier_representatives: Option<u32>,
    pub min_external: Option<u32>,
    /// Share of external members, in percent of all members.
    pub min_external_percent: Option<u32>,
    pub min_employers: Option<u32>,
    pub min_employees: Option<u32>,
    /// Experts beside the seats.
    pub min_experts: Option<u32>,
    /// Most of the experts teach the speciality.
    #[serde(default)]
    pub majority_of_experts_teach: bool,
    /// Experts who come from the professional world.
    pub min_professional_experts: Option<u32>,
    /// Years of experience asked of each professional.
    pub min_experience_years: Option<u32>,
    /// Level of qualification asked of each professional.
    pub min_qualification_level: Option<u8>,
    /// No representative of the certifier trained a candidate, and no other member either.
    #[serde(default)]
    pub no_trainer_of_candidates: bool,
}

/// How a jury deliberates, where its text says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliberationRule {
    /// Voting members who must be present for the jury to decide.
    pub quorum: Option<u32>,
    /// The chair's voice outweighs in a tie.
    pub chair_casting_vote: bool,
    /// The minutes keep who proposed what.
    pub keeps_votes: bool,
}

/// A condition beside the blocks (*prérequis à la validation*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Requirement {
    pub key: String,
    /// A few words for a list.
    pub label: String,
    /// The source's own words.
    pub text: String,
    pub rule: RequirementRule,
}

/// The typed form of a requirement, evaluated from accepted evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum RequirementRule {
    /// Weeks of a kind of period; the minimum may differ by status, and a status that is not
    /// named is not asked for any.
    Weeks { of: PeriodKind, minimum: BTreeMap<LearnerStatus, u32> },
    /// At least one internship or company period, of any length.
    CompanyPeriod,
    /// A certified level of a language.
    Language {
        /// ISO 639-1 code.
        language: String,
        minimum: CefrLevel,
    },
    /// An accepted evidence that the student declared for this requirement.
    Document,
}

/// What a number of weeks is counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// Any dated evidence in a country other than France.
    Abroad,
    /// Internships and company periods.
    Professional,
    /// Of those, the ones that took place in a company.
    Company,
}

/// Levels of the Common European Framework of Reference for Languages (Council of Europe, 2001).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CefrLevel {
    A1,
    A2,
    B1,
    B2,
    C1,
    C2,
}

/// An activity of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activity {
    /// Code as the source prints it (`A1`).
    pub code: Option<String>,
    pub text: String,
}

/// A competency. The same one may serve several blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Competency {
    /// Unique within the certification version (`BC02-CE1-1`).
    pub key: String,
    /// Code as the source prints it (`CE1-1`); may restart in each block.
    pub code: Option<String>,
    pub kind: CompetencyKind,
    pub text: String,
    /// Observable items. Empty where the source gives none: see [`Competency::criteria`].
    pub criteria: Vec<Criterion>,
}

/// What a competency is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CompetencyKind {
    Specific,
    Transversal,
    Attitude,
}

/// An observable item that an assessor gives a level to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Criterion {
    /// Unique within the competency.
    pub key: String,
    pub text: String,
    /// Share in the weighted position, which is shown beside a level and decides nothing.
    #[serde(default)]
    pub weight: Option<u32>,
    /// What is seen at a level, by the level's key.
    #[serde(default)]
    pub descriptors: BTreeMap<String, String>,
}

impl Criterion {
    /// A criterion as a source gives it: without weight, without descriptors.
    pub fn plain(key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { key: key.into(), text: text.into(), weight: None, descriptors: BTreeMap::new() }
    }
}

/// A block of competencies, which a jury validates and a person keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Block {
    /// `RNCP38822BC01`.
    pub code: String,
    pub title: String,
    pub activities: Vec<Activity>,
    pub competencies: Vec<BlockCompetency>,
    /// Keys of the transversal competencies that are also assessed inside this block.
    pub transversal: Vec<String>,
    pub modalities: Vec<Modality>,
}

/// The unit that is assessed: a competency in a block, with the level that is asked there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BlockCompetency {
    /// Key of the competency.
    pub competency: String,
    /// Key of the required level; the certification's own where absent.
    pub required_level: Option<String>,
    /// Required level by profile key, where a profile differs.
    pub required_by_profile: BTreeMap<String, String>,
}

/// How a block is assessed (*modalité d'évaluation*) and what the student hands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Modality {
    /// Unique within the certification version (`BC01-ME1`).
    pub key: String,
    pub label: String,
    /// The source's own words.
    pub text: String,
    /// Keys of the competencies that it covers; all of the block's where the source names none.
    pub covers: Vec<String>,
    pub deliverables: Vec<Deliverable>,
    pub presentation_minutes: Option<u32>,
    pub interview_minutes: Option<u32>,
    /// Professionals before whom it is defended.
    pub min_professionals: Option<u32>,
    /// The work is done in a group.
    pub group: bool,
}

/// What is handed in for a modality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deliverable {
    pub label: String,
    /// Each student hands in their own, even where the work is done in a group.
    pub individual: bool,
}

impl Certification {
    pub fn block(&self, code: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.code == code)
    }

    pub fn competency(&self, key: &str) -> Option<&Competency> {
        self.competencies.iter().find(|competency| competency.key == key)
    }

    pub fn route(&self, kind: RouteKind) -> Option<&AccessRoute> {
        self.routes.iter().find(|route| route.kind == kind)
    }

    pub fn requirement(&self, key: &str) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.key == key)
    }

    pub fn modality(&self, key: &str) -> Option<&Modality> {
        self.blocks.iter().flat_map(|block| &block.modalities).find(|modality| modality.key == key)
    }

    pub fn has_profile(&self, key: &str) -> bool {
        self.profiles.iter().any(|profile| profile.key == key)
    }

    /// Position of a level in the scale, 0 being the lowest.
    pub fn rank(&self, level: &str) -> Option<usize> {
        self.levels.iter().position(|candidate| candidate.key == level)
    }

    /// Whether the competency is assessed in a block, as its own or as a transversal one.
    pub fn is_in_a_block(&self, competency: &str) -> bool {
        self.blocks.iter().any(|block| block.assesses(competency))
    }

    /// The level that a competency must reach in a block, for a person of this profile.
    pub fn required_level_in<'a>(
        &'a self,
        block: &'a Block,
        competency: &str,
        profile: Option<&str>,
    ) -> &'a str {
        block
            .competencies
            .iter()
            .find(|unit| unit.competency == competency)
            .and_then(|unit| {
                profile
                    .and_then(|profile| unit.required_by_profile.get(profile))
                    .or(unit.required_level.as_ref())
            })
            .map_or(self.required_level.as_str(), String::as_str)
    }
}

impl Competency {
    /// The criteria to give a level to: where the source gives none, the competency itself is the
    /// one criterion, under the competency's own key.
    pub fn criteria(&self) -> Vec<Criterion> {
        if self.criteria.is_empty() {
            vec![Criterion::plain(&self.key, &self.text)]
        } else {
            self.criteria.clone()
        }
    }
}

impl Block {
    /// Keys of everything that an assessor gives a level to in this block, its own first.
    pub fn assessed(&self) -> impl Iterator<Item = &str> {
        self.competencies
            .iter()
            .map(|unit| unit.competency.as_str())
            .chain(self.transversal.iter().map(String::as_str))
    }

    pub fn assesses(&self, competency: &str) -> bool {
        self.assessed().any(|key| key == competency)
    }
}
