//! Requirements that a jury does not insist on.

use serde::{Deserialize, Serialize};

use crate::{
    decision::MOTIVE_MAX,
    fault::{Fault, Faults},
    jury::minutes::MinutesWaiver,
    requirement::{RequirementProgress, RequirementState},
};

pub const NAME_MAX: usize = 200;

/// A requirement that is not met and that the jury does not insist on.
///
/// RNCP42008 names one case itself: its level of English has « une adaptation éventuelle pour les
/// apprenants en situation de handicap ». The motive is public, as the minutes are; that somebody has
/// a disability, and what is behind the accommodation, are shown only to those entitled: the school's
/// managers, and the chair while the session is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Waiver {
    /// Key of the requirement.
    pub requirement: String,
    pub motive: String,
    /// Name of the person who answers for it.
    pub granted_by: String,
    /// An accommodation for a disability; never said where the reader is not entitled to it.
    #[serde(default)]
    pub accommodation: bool,
    /// What is behind the accommodation.
    #[serde(default)]
    pub restricted_reason: Option<String>,
}

impl Waiver {
    pub fn check(&self, requirements: &[RequirementProgress]) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        faults.text("motive", &self.motive, MOTIVE_MAX);
        faults.text("granted_by", &self.granted_by, NAME_MAX);
        let reason = self.restricted_reason.as_deref().unwrap_or_default();
        faults.at_most("restricted_reason", reason, MOTIVE_MAX);
        if self.accommodation {
            if reason.trim().is_empty() {
                faults.add(
                    "restricted_reason",
                    "required",
                    "Indiquez ce qui fonde l’aménagement ; seules les personnes habilitées le lisent.",
                );
            }
        } else if self.restricted_reason.is_some() {
            faults.add(
                "restricted_reason",
                "only_for_an_accommodation",
                "Un motif réservé accompagne un aménagement pour handicap ; sinon, le motif suffit.",
            );
        }
        match requirements.iter().find(|one| one.key == self.requirement) {
            None => faults.add(
                "requirement",
                "unknown_requirement",
                format!("« {} » n’est pas un prérequis de la certification.", self.requirement),
            ),
            Some(one) if one.state != RequirementState::Unmet => faults.add(
                "requirement",
                "nothing_to_waive",
                "Ce prérequis est rempli ou n’est pas demandé : il n’y a pas à en dispenser.",
            ),
            Some(_) => {}
        }
        faults.into_result()
    }

    /// As sealed minutes keep it.
    pub fn sealed(waiver: &MinutesWaiver) -> Self {
        let MinutesWaiver { requirement, label: _, motive, granted_by } = waiver.clone();
        Self { requirement, motive, granted_by, accommodation: false, restricted_reason: None }
    }

    /// As everybody reads it: a waiver like any other.
    #[must_use]
    pub fn public(self) -> Self {
        Self { accommodation: false, restricted_reason: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        enrolment::LearnerStatus,
        evidence::{EvidenceFact, EvidenceStatus},
        fixtures::{certification, day, fact, wrong},
        requirement,
    };

    #[test]
    fn a_waiver_names_what_why_and_who() {
        let unmet =
            requirement::evaluate(&certification(), LearnerStatus::Student, &[], day("2026-06-01"));
        let document = EvidenceFact {
            requirements: vec!["CV".to_owned()],
            ..fact(1, EvidenceStatus::Accepted)
        };
        let met = requirement::evaluate(
            &certification(),
            LearnerStatus::Student,
            &[document],
            day("2026-06-01"),
        );
        let waiver = Waiver {
            requirement: "CV".to_owned(),
            motive: "Pièce perdue dans l’incendie".to_owned(),
            granted_by: "Anne Roux".to_owned(),
            accommodation: false,
            restricted_reason: None,
        };
        let reason = |text: &str| Some(text.to_owned());
        for (waiver, requirements, faults) in [
            (waiver.clone(), &unmet, &[][..]),
            (waiver.clone(), &met, &["requirement: nothing_to_waive"]),
            (
                Waiver { requirement: "B2".to_owned(), ..waiver.clone() },
                &unmet,
                &["requirement: unknown_requirement"],
            ),
            (
                Waiver { motive: String::new(), granted_by: " ".to_owned(), ..waiver.clone() },
                &unmet,
                &["motive: required", "granted_by: required"],
            ),
            (
                Waiver { accommodation: true, ..waiver.clone() },
                &unmet,
                &["restricted_reason: required"],
            ),
            (
                Waiver {
                    accommodation: true,
                    restricted_reason: reason("Avis médical"),
                    ..waiver.clone()
                },
                &unmet,
                &[],
            ),
            (
                Waiver { restricted_reason: reason("Avis médical"), ..waiver.clone() },
                &unmet,
                &["restricted_reason: only_for_an_accommodation"],
            ),
        ] {
            assert_eq!(wrong(waiver.check(requirements)), faults, "{waiver:?}");
            let public = waiver.clone().public();
            assert_eq!(public, Waiver { accommodation: false, restricted_reason: None, ..waiver });
        }
    }
}
