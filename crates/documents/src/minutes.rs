//! Minutes of a jury session (*procès-verbal*).

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use crate::paper::{self, DocumentError};
use crate::parties::{CertificationRef, Check, Holder, Outcome, School};

/// The sealed minutes of a session. Times are those of the place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Minutes {
    pub school: School,
    pub certification: CertificationRef,
    /// Label of the access route.
    pub route: String,
    /// How the school names the session.
    pub session: String,
    pub date: NaiveDate,
    /// The members read the dossiers from then on, which may be days before.
    pub opened_at: NaiveDateTime,
    pub closed_at: NaiveDateTime,
    /// A room, or the means of a session at a distance.
    pub place: String,
    /// On what ground the jury is composed, where no typed rule says it.
    pub statement: Option<String>,
    pub members: Vec<Member>,
    /// Composition, rule by rule.
    pub composition: Vec<Check>,
    /// The same when the session closed, where it was not what it had been.
    pub closing: Vec<Check>,
    /// Who presided from when on, where the chair was handed over; oldest first.
    pub handovers: Vec<Handover>,
    /// How many candidates this copy leaves out: its reader left the room for them.
    pub left_out: usize,
    pub candidates: Vec<CandidateDecisions>,
    pub seal: Seal,
    /// What was added after the sealing, oldest first.
    pub amendments: Vec<Amendment>,
}

/// A member of the jury.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    pub name: String,
    /// In what quality: `Professionnel externe, employeur`.
    pub quality: String,
    pub organisation: Option<String>,
    pub chair: bool,
    pub voting: bool,
    pub present: bool,
}

/// From when on another member presided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handover {
    pub at: NaiveDateTime,
    /// Who presided until then.
    pub from: Option<String>,
    pub to: String,
}

/// What was decided on a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CandidateDecisions {
    pub holder: Holder,
    /// Version of the frozen dossier that the jury read.
    pub dossier_version: u32,
    /// SHA-256 of its manifest, in lower-case hexadecimal.
    pub manifest_sha256: String,
    /// Names of the members who left the room.
    pub recused: Vec<String>,
    /// Whether the jury was in number, rule by rule.
    pub quorum: Vec<Check>,
    /// Independence of the jury from this candidate, rule by rule.
    pub independence: Vec<Check>,
    pub decisions: Vec<Decision>,
    pub waivers: Vec<Waiver>,
    /// The whole certification is obtained.
    pub certification_obtained: bool,
}

/// A decision on a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub code: String,
    pub title: String,
    pub outcome: Outcome,
    /// Motive of a refusal or a postponement.
    pub motive: Option<String>,
    /// What is missing after a partial validation.
    pub missing: Option<String>,
    /// Transversal competencies that were validated through the block.
    pub transversal: Option<String>,
    /// Last day of validity of a validated block.
    pub expires_on: Option<NaiveDate>,
    /// Proposals of the members, where the rule keeps them.
    pub votes: Vec<Vote>,
    /// The chair's vote broke a tie.
    pub casting_vote: bool,
}

/// What a voting member proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vote {
    pub member: String,
    pub outcome: Outcome,
}

/// A requirement that the jury waived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiver {
    pub requirement: String,
    /// Who granted it.
    pub by: String,
    pub motive: String,
}

/// The sealing of the minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seal {
    pub at: NaiveDateTime,
    pub by: String,
    /// SHA-256 of the sealed content, in lower-case hexadecimal.
    pub sha256: String,
}

/// A dated addition, which leaves the sealed text as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amendment {
    pub at: NaiveDateTime,
    /// Name of the candidate whom it is about, where others are spoken of beside.
    pub about: Option<String>,
    pub by: String,
    pub text: String,
    /// SHA-256 of the addition with the hash before it, in lower-case hexadecimal.
    pub sha256: String,
}

impl Minutes {
    pub fn to_pdf(&self) -> Result<Vec<u8>, DocumentError> {
        let written = self.amendments.last().map_or(self.seal.at, |last| last.at);
        paper::pdf(&paper::MINUTES, written.date(), self, None)
    }
}
