//! Who and what the documents speak of.

use chrono::NaiveDate;
use serde::Serialize;

/// Who issues a document: the school, or the certifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct School {
    /// Legal name (*raison sociale*).
    pub name: String,
    /// Name that it is known by, where it differs.
    pub trade_name: Option<String>,
    /// Postal address, one line each.
    pub address: Vec<String>,
}

/// The certification version that a document rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificationRef {
    /// `RNCP38822`, or a code of the school's own.
    pub code: String,
    /// Title exactly as registered.
    pub title: String,
    /// Label of the version.
    pub version: String,
}

/// A registration at the RNCP (*répertoire national des certifications professionnelles*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registration {
    /// Date of the decision: of France compétences' director-general, of a minister before 2019.
    pub decided_on: NaiveDate,
    /// Level in the French framework, 1 to 8. The European framework has the same numbers
    /// (décret n° 2019-14 du 8 janvier 2019).
    pub level: u8,
    /// NSF codes with their labels (`326`, `Informatique, traitement de l'information`).
    pub nsf: Vec<(String, String)>,
}

/// A block of competencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockRef {
    pub code: String,
    pub title: String,
}

/// The person whom a document is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// First and last name as the civil status has them.
    pub name: String,
    pub born_on: Option<NaiveDate>,
    pub born_at: Option<String>,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    pub name: String,
    /// Why this person may sign: `Directrice des études`.
    pub quality: String,
}

/// What a jury decides on a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Validated,
    Partial,
    Refused,
    Postponed,
}

/// How long a validated block is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Validity {
    Unlimited,
    Until {
        /// The last day, included.
        last_day: NaiveDate,
    },
    /// The certification's source does not say: nor does the document.
    Unstated,
}

/// A rule with its figures, and whether it is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `Membres externes`.
    pub rule: String,
    /// What is asked: `3 au moins`.
    pub required: String,
    /// What was found: `3 sur 5`.
    pub found: String,
    pub met: bool,
}
