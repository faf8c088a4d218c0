//! A portfolio as it leaves an instance: everything that is kept of one enrolment, in one document.
//!
//! It is `portfolio.json` of an archive, described in `docs/archive-format.md`. It stands by itself:
//! names beside every id, the certification's own file, dossiers byte for byte as they were frozen.
//! Another instance takes it in without loss; what it has no rows for (what a jury of elsewhere
//! decided, who did what before) it keeps as it came.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    ambient::day_in_french,
    assessment::Assessment,
    capitalisation::ValidatedBlock,
    certification::Certification,
    dossier::DossierStatus,
    enrolment::{Enrolment, Tutor},
    evidence::{Evidence, EvidenceContent, FileInfo},
    fault::{Fault, Faults},
    grid::GridContent,
    message::Message,
    person::{Organisation, PersonName, User},
    record::Deliberated,
    visit::Visit,
};

/// Number of this form; another form gets another number.
pub const FORMAT: u32 = 1;

/// Everything that is kept of one enrolment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    /// See [`FORMAT`].
    pub format: u32,
    pub exported_at: DateTime<Utc>,
    /// The school that it leaves.
    pub organisation: Organisation,
    pub enrolment: Enrolment,
    pub cohort: Option<KeptCohort>,
    pub tutors: Vec<Tutor>,
    /// The certification's file, byte for byte as it was published.
    pub certification_source: String,
    /// Every published grid of the certification, by number.
    pub grids: Vec<KeptGrid>,
    /// In the order in which it was logged.
    pub evidence: Vec<KeptEvidence>,
    /// How many evidences are left out because who asked may not open them.
    pub left_out: u32,
    /// Where each content stands in the archive, by its SHA-256.
    pub contents: BTreeMap<String, String>,
    /// Every signed one, oldest first.
    pub assessments: Vec<Assessment>,
    /// Those that anybody has signed, oldest first.
    pub visits: Vec<KeptVisit>,
    /// Oldest first.
    pub dossiers: Vec<KeptDossier>,
    pub validated: Vec<Validation>,
    pub obtained: Option<Obtention>,
    /// What juries decided, from their sealed minutes, oldest first.
    pub deliberations: Vec<Deliberated>,
    /// Who did what, oldest first.
    pub journal: Vec<Act>,
    /// Where it was brought from, oldest first.
    pub origins: Vec<Origin>,
    /// Evidence by the ids that dossiers and signed reports from elsewhere give it, where it was
    /// given another one since.
    #[serde(default)]
    pub renamed: BTreeMap<Uuid, Uuid>,
}

/// The cohort, whose members are none of this document's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCohort {
    pub name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

/// A published grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptGrid {
    pub number: u32,
    pub published_at: DateTime<Utc>,
    pub published_by: User,
    pub content: GridContent,
}

/// An evidence with everything that was ever handed in and said of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptEvidence {
    #[serde(flatten)]
    pub evidence: Evidence,
    /// Oldest first.
    pub revisions: Vec<Submission>,
    /// Oldest first.
    pub messages: Vec<Message>,
}

/// What was handed in once. Never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    pub number: u32,
    pub submitted_at: DateTime<Utc>,
    pub submitted_by: User,
    pub content: EvidenceContent,
    pub files: Vec<FileInfo>,
}

/// The report of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptVisit {
    #[serde(flatten)]
    pub visit: Visit,
    /// SHA-256 of the text that each signature is on, in their order.
    pub signed_texts: Vec<String>,
}

/// A dossier that was deposited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDossier {
    pub id: Uuid,
    pub number: u32,
    /// Codes of the blocks.
    pub blocks: Vec<String>,
    pub status: DossierStatus,
    pub deposited_by: User,
    pub deposited_at: DateTime<Utc>,
    pub reopened: Option<KeptReopening>,
    pub version: i32,
    pub manifest_sha256: String,
    /// Absent where who asked may not open all of it.
    pub frozen: Option<FrozenText>,
}

/// A dossier as it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenText {
    /// `dossier.json`, byte for byte.
    pub content: String,
    /// In its canonical form.
    pub manifest: String,
    /// Which evidence each file of the manifest is of.
    pub files: Vec<DossierFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReopening {
    pub at: DateTime<Utc>,
    pub by: User,
    pub reason: String,
}

/// A file of a dossier's manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierFile {
    /// Where it stands in the dossier's manifest.
    pub path: String,
    pub evidence: Uuid,
    pub file: Uuid,
    pub sha256: String,
    /// In bytes.
    pub size: u64,
}

/// A block that a jury validated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validation {
    pub id: Uuid,
    #[serde(flatten)]
    pub block: ValidatedBlock,
    /// The session, found again among the deliberations.
    pub session: Option<Uuid>,
    pub recorded_at: DateTime<Utc>,
}

/// The certification, obtained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obtention {
    pub obtained_on: NaiveDate,
    pub session: Option<Uuid>,
    pub recorded_at: DateTime<Utc>,
}

/// An instance that the portfolio was brought from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Name of the school.
    pub organisation: String,
    /// When it left.
    pub exported_at: DateTime<Utc>,
    pub imported_at: DateTime<Utc>,
    /// Sum of the archive's manifest.
    pub archive_sha256: String,
}

/// Something that was done, from the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    pub at: DateTime<Utc>,
    /// Absent where the program acted by itself.
    pub by: Option<PersonName>,
    /// Such as `assessment.signed`.
    pub action: String,
    /// Such as `assessment`.
    pub subject: String,
    pub subject_id: Uuid,
}

fn unfounded(what: &str, day: NaiveDate) -> String {
    format!(
        "L’archive dit {what} le {}, et aucune délibération qu’elle contient ne le dit. Demandez à \
         l’apprenant son archive telle qu’il l’a téléchargée, ou le procès-verbal du jury à son \
         établissement.",
        day_in_french(day)
    )
}

impl Portfolio {
    /// Everybody whom it names by account.
    pub fn people(&self) -> Vec<&User> {
        let Self { enrolment, tutors, grids, evidence, assessments, visits, dossiers, .. } = self;
        let mut people = vec![&enrolment.student];
        people.extend(tutors.iter().map(|tutor| &tutor.user));
        people.extend(grids.iter().map(|grid| &grid.published_by));
        for kept in evidence {
            people.extend(kept.evidence.history.iter().map(|event| &event.by));
            people.extend(kept.revisions.iter().map(|revision| &revision.submitted_by));
            people.extend(kept.messages.iter().map(|message| &message.by));
        }
        people.extend(assessments.iter().map(|assessment| &assessment.assessor));
        for KeptVisit { visit, .. } in visits {
            people.push(&visit.author);
            people.extend(visit.signatures.iter().map(|signature| &signature.by));
        }
        for dossier in dossiers {
            people.push(&dossier.deposited_by);
            people.extend(dossier.reopened.iter().map(|reopening| &reopening.by));
        }
        people
    }

    /// What juries validated is of this certification, and what they said: the deliberations of the
    /// portfolio bear out every validation and obtention that names its jury. What was written down
    /// from older records, or obtained after the last jury, names none: it is its school's word, and
    /// stays so here.
    pub fn check_validated(&self, certification: &Certification) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        for (index, Validation { block, session, .. }) in self.validated.iter().enumerate() {
            let field = format!("validated[{index}]");
            block.check(certification, &field, &mut faults);
            if session.is_some() && !self.of(*session).any(|one| one.validates(block)) {
                let what = format!("le bloc {} validé", block.block);
                faults.add(field, "no_deliberation", unfounded(&what, block.validated_on));
            }
        }
        if let Some(obtained) = &self.obtained
            && !self.bears_out(obtained)
        {
            let detail = unfounded("la certification obtenue", obtained.obtained_on);
            faults.add("obtained", "no_deliberation", detail);
        }
        faults.into_result()
    }

    fn of(&self, session: Option<Uuid>) -> impl Iterator<Item = &Deliberated> {
        self.deliberations.iter().filter(move |one| Some(one.session) == session)
    }

    fn bears_out(&self, obtained: &Obtention) -> bool {
        let Obtention { obtained_on, session, .. } = *obtained;
        let said = |one: &Deliberated| one.certification_obtained && one.day() == obtained_on;
        session.is_none() || self.of(session).any(said)
    }

    /// Every file of every evidence, as it is and as it was handed in.
    pub fn files(&self) -> impl Iterator<Item = &FileInfo> {
        self.evidence.iter().flat_map(|kept| {
            let handed_in = kept.revisions.iter().flat_map(|revision| &revision.files);
            kept.evidence.files.iter().chain(handed_in)
        })
    }
}
