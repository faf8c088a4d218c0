//! The dossier: what is frozen for the jury, and when it may be reopened.
//!
//! A deposit freezes some or all blocks under a manifest ([`manifest`]), once the gate lets it
//! through ([`gate`]). The student goes on working; the jury reads what was deposited. A manager
//! may reopen a dossier until its session opens, and says why; the next deposit is a new version,
//! and every version is kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    certification::{Certification, VersionStatus},
    fault::{Fault, Faults},
    person::User,
};

pub mod frozen;
pub mod gate;
pub mod manifest;
pub mod paths;

pub const PRESENTATION_MAX: usize = 20_000;
pub const REASON_MAX: usize = 2_000;

/// deposited → reopened, or deposited → presented → decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DossierStatus {
    Deposited,
    /// Taken back before the session; a new deposit takes its place.
    Reopened,
    /// Its session is open: the jury reads it.
    Presented,
    /// Its session is closed.
    Decided,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DossierAction {
    Reopen,
    /// The session opens.
    Present,
    /// The session closes.
    Decide,
}

/// A step that the life of a dossier does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WrongDossierStep {
    #[error("the session is open or closed: what the jury reads does not change")]
    BeforeTheJury,
    #[error("a dossier that was reopened is no longer the one that counts")]
    AlreadyReopened,
    #[error("only a dossier that was presented is decided on")]
    NotPresented,
}

impl DossierStatus {
    pub fn apply(self, action: DossierAction) -> Result<Self, WrongDossierStep> {
        use DossierAction::{Decide, Present, Reopen};

        match (self, action) {
            (Self::Deposited, Reopen) => Ok(Self::Reopened),
            (Self::Deposited, Present) => Ok(Self::Presented),
            (Self::Presented, Decide) => Ok(Self::Decided),
            (Self::Reopened, _) => Err(WrongDossierStep::AlreadyReopened),
            (Self::Deposited, Decide) => Err(WrongDossierStep::NotPresented),
            (Self::Presented | Self::Decided, _) => Err(WrongDossierStep::BeforeTheJury),
        }
    }

    /// As it stands in a school that takes it in from elsewhere, where no session has it open: a
    /// manager may reopen it there, or a jury read it.
    #[must_use]
    pub fn brought(self) -> Self {
        if self == Self::Presented { Self::Deposited } else { self }
    }
}

/// The reason of a reopening: the student and the auditor read it.
pub fn check_reopening(reason: &str) -> Result<(), Vec<Fault>> {
    let mut faults = Faults::default();
    faults.text("reason", reason, REASON_MAX);
    faults.into_result()
}

/// A deposited dossier, without what it froze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DossierInfo {
    pub id: Uuid,
    pub enrolment_id: Uuid,
    /// 1 for the first deposit of the enrolment.
    pub number: u32,
    /// Codes of the blocks that are presented.
    pub blocks: Vec<String>,
    pub status: DossierStatus,
    /// Of the manifest in its canonical form: it stands for the whole.
    pub manifest_sha256: String,
    pub deposited_at: DateTime<Utc>,
    pub reopened: Option<Reopening>,
    pub version: i32,
}

/// When a dossier was taken back, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reopening {
    pub at: DateTime<Utc>,
    pub by: User,
    pub reason: String,
}

/// The dossier that a manager took back and that nothing has taken the place of, among those of an
/// enrolment, newest first.
pub fn to_deposit_anew(dossiers: &[DossierInfo]) -> Option<&DossierInfo> {
    let waits = dossiers.iter().any(|one| one.status == DossierStatus::Deposited);
    dossiers.first().filter(|newest| newest.status == DossierStatus::Reopened && !waits)
}

/// A dossier of the same enrolment, as far as another deposit asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposited {
    pub version: u32,
    pub status: DossierStatus,
    pub blocks: Vec<String>,
}

/// What a student hands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deposit {
    /// Codes of the blocks.
    pub blocks: Vec<String>,
    /// How the student presents the dossier to the jury.
    #[serde(default)]
    pub presentation: String,
}

impl Deposit {
    /// The version that this deposit makes. The certification is no draft, no dossier waits for a
    /// jury already (a session reads one dossier of a candidate), the blocks are the certification's,
    /// none of them is before a jury now, and the gate lets each through.
    pub fn check(
        &self,
        certification: &Certification,
        earlier: &[Deposited],
        gates: &[gate::BlockGate],
    ) -> Result<u32, Vec<Fault>> {
        let mut faults = Faults::default();
        faults.at_most("presentation", &self.presentation, PRESENTATION_MAX);
        if certification.status == VersionStatus::Draft {
            faults.add(
                "blocks",
                "draft_certification",
                format!(
                    "La certification {} est encore un brouillon : aucun jury ne peut se tenir \
                     dessus, et rien ne s’y dépose. Demandez à votre établissement de publier une \
                     version complète.",
                    certification.code
                ),
            );
        } else if let Some(waiting) =
            earlier.iter().find(|one| one.status == DossierStatus::Deposited)
        {
            faults.add(
                "blocks",
                "already_deposited",
                format!(
                    "Votre dossier n° {} ({}) attend déjà le jury, qui lit un seul dossier : \
                     demandez à votre responsable de le rouvrir, puis déposez tous vos blocs ensemble.",
                    waiting.version,
                    waiting.blocks.join(", ")
                ),
            );
        } else if self.blocks.is_empty() {
            faults.add("blocks", "required", "Choisissez au moins un bloc.");
        }
        for (index, code) in self.blocks.iter().enumerate() {
            let field = format!("blocks[{index}]");
            let is_presented = |one: &&Deposited| {
                one.status == DossierStatus::Presented && one.blocks.contains(code)
            };
            if certification.block(code).is_none() {
                faults.add(
                    field,
                    "unknown_block",
                    format!("« {code} » n’est pas un bloc de la certification."),
                );
            } else if self.blocks[..index].contains(code) {
                faults.add(field, "repeated", "Ce bloc est choisi deux fois.");
            } else if let Some(earlier) = earlier.iter().find(is_presented) {
                faults.add(
                    field,
                    "before_the_jury",
                    format!(
                        "Le bloc {code} est devant le jury (dossier n° {}) : attendez sa décision.",
                        earlier.version
                    ),
                );
            } else if gates
                .iter()
                .find(|gate| gate.block == *code)
                .is_none_or(|gate| !gate.passes())
            {
                faults.add(
                    field,
                    "gate_closed",
                    format!("Il manque des éléments au bloc {code} pour le déposer."),
                );
            }
        }
        let last = earlier.iter().map(|one| one.version).max().unwrap_or(0);
        faults.into_result().map(|()| last + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dossier::gate::{BlockGate, GateItem, Subject},
        fault::Severity,
        fixtures::{certification, wrong},
        progress::Gap,
    };

    #[test]
    fn a_dossier_is_reopened_only_before_its_session() {
        use DossierAction::{Decide, Present, Reopen};
        use DossierStatus::{Decided, Deposited, Presented, Reopened};
        use WrongDossierStep::{AlreadyReopened, BeforeTheJury, NotPresented};
        for (status, action, next) in [
            (Deposited, Reopen, Ok(Reopened)),
            (Deposited, Present, Ok(Presented)),
            (Deposited, Decide, Err(NotPresented)),
            (Reopened, Reopen, Err(AlreadyReopened)),
            (Reopened, Present, Err(AlreadyReopened)),
            (Reopened, Decide, Err(AlreadyReopened)),
            (Presented, Reopen, Err(BeforeTheJury)),
            (Presented, Present, Err(BeforeTheJury)),
            (Presented, Decide, Ok(Decided)),
            (Decided, Reopen, Err(BeforeTheJury)),
            (Decided, Present, Err(BeforeTheJury)),
            (Decided, Decide, Err(BeforeTheJury)),
        ] {
            assert_eq!(status.apply(action), next, "{status:?} {action:?}");
        }
    }

    #[test]
    fn what_was_taken_back_is_deposited_anew_until_something_takes_its_place() {
        use DossierStatus::{Decided, Deposited as Waits, Presented, Reopened};
        for (newest_first, number) in [
            (&[][..], None),
            (&[Waits], None),
            (&[Reopened], Some(1)),
            (&[Reopened, Reopened], Some(2)),
            (&[Waits, Reopened], None),
            (&[Presented, Reopened], None),
            (&[Decided, Reopened], None),
            (&[Reopened, Decided], Some(2)),
            (&[Reopened, Presented], Some(2)),
            // Of two that waited, a manager took back the one that the jury is not to read.
            (&[Reopened, Waits], None),
        ] {
            let count = u32::try_from(newest_first.len()).expect("few");
            let infos: Vec<DossierInfo> = (1..=count)
                .rev()
                .zip(newest_first)
                .map(|(number, status)| DossierInfo {
                    id: Uuid::nil(),
                    enrolment_id: Uuid::nil(),
                    number,
                    blocks: Vec::new(),
                    status: *status,
                    manifest_sha256: String::new(),
                    deposited_at: DateTime::UNIX_EPOCH,
                    reopened: None,
                    version: 1,
                })
                .collect();
            let found = to_deposit_anew(&infos).map(|one| one.number);
            assert_eq!(found, number, "{newest_first:?}");
        }
    }

    #[test]
    fn what_a_jury_of_elsewhere_had_open_waits_again() {
        use DossierStatus::{Decided, Deposited, Presented, Reopened};
        for (there, here) in [
            (Deposited, Deposited),
            (Reopened, Reopened),
            (Presented, Deposited),
            (Decided, Decided),
        ] {
            assert_eq!(there.brought(), here, "{there:?}");
        }
    }

    #[test]
    fn a_reopening_says_why() {
        let long = "a".repeat(REASON_MAX + 1);
        for (reason, faults) in [
            ("Rapport illisible", &[][..]),
            (" ", &["reason: required"]),
            (long.as_str(), &["reason: too_long"]),
        ] {
            assert_eq!(wrong(check_reopening(reason)), faults);
        }
    }

    #[test]
    fn a_deposit_is_the_next_version_where_none_waits_for_a_jury() {
        use DossierStatus::{Decided, Deposited as Waits, Presented, Reopened};
        let gate = |block: &str, severity| BlockGate {
            block: block.to_owned(),
            items: vec![GateItem {
                gap: Gap::BelowRequiredLevel,
                subject: Subject::Competency { competency: "shared".to_owned() },
                severity,
            }],
        };
        let gates = [gate("B1", Severity::Warns), gate("B2", Severity::Blocks)];
        let earlier = |versions: &[(DossierStatus, &str)]| -> Vec<Deposited> {
            (1..)
                .zip(versions)
                .map(|(version, (status, block))| Deposited {
                    version,
                    status: *status,
                    blocks: vec![(*block).to_owned()],
                })
                .collect()
        };
        for (blocks, earlier, expected) in [
            (&["B1"][..], earlier(&[]), Ok(1)),
            (&["B1"], earlier(&[(Reopened, "B1")]), Ok(2)),
            (&["B1"], earlier(&[(Decided, "B1"), (Presented, "B2")]), Ok(3)),
            (&["B1"], earlier(&[(Waits, "B1")]), Err("blocks: already_deposited")),
            (&["B1"], earlier(&[(Waits, "B2")]), Err("blocks: already_deposited")),
            (
                &["B1"],
                earlier(&[(Waits, "B2"), (Presented, "B1")]),
                Err("blocks: already_deposited"),
            ),
            (&["B1"], earlier(&[(Presented, "B1")]), Err("blocks[0]: before_the_jury")),
            (&["B2"], earlier(&[]), Err("blocks[0]: gate_closed")),
            (&["B9"], earlier(&[]), Err("blocks[0]: unknown_block")),
            (&["B1", "B1"], earlier(&[]), Err("blocks[1]: repeated")),
            (&[], earlier(&[]), Err("blocks: required")),
        ] {
            let deposit = Deposit {
                blocks: blocks.iter().map(|code| (*code).to_owned()).collect(),
                presentation: String::new(),
            };
            let checked = deposit.check(&certification(), &earlier, &gates);
            assert_eq!(checked.as_ref().ok(), expected.ok().as_ref(), "{blocks:?}");
            assert_eq!(wrong(checked).first().map(String::as_str), expected.err(), "{blocks:?}");
        }
    }

    #[test]
    fn nothing_is_deposited_on_a_draft_certification() {
        let draft = Certification { status: VersionStatus::Draft, ..certification() };
        let deposit = Deposit { blocks: Vec::new(), presentation: String::new() };
        assert_eq!(wrong(deposit.check(&draft, &[], &[])), ["blocks: draft_certification"]);
    }
}
