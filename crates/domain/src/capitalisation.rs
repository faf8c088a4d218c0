//! Validated blocks that add up to a certification, sometimes over years.
//!
//! A block stays in force until its last day, that day included. A number of years is counted as
//! French law counts periods: to the day of the last year that bears the same number, or else to
//! the last day of the month, at midnight (Code de procédure civile, art. 641 and 642, whose rules
//! are borrowed; the postponement of a Sunday is not, for nothing is to be done on that day). A
//! block validated on 10 March 2026 for five years is in force on 10 March 2031 and no more on the
//! 11th; validated on 29 February 2028, its last day is 28 February 2033.
//!
//! Only a jury validates a block; a later refusal of a block that is in force takes nothing away.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    certification::{
        BlockValidity, Certification, CompetencyKind, Dates, PartialValidation, VersionStatus,
    },
    fault::Faults,
    requirement::{RequirementProgress, RequirementState},
    waiver::Waiver,
};

/// A person is told so long before a block expires: juries sit once or twice a year.
pub const WARNING_MONTHS: u32 = 12;

/// A jury's validation of a block. The same block may have been validated more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValidatedBlock {
    /// Code of the block.
    pub block: String,
    /// Day of the jury.
    pub validated_on: NaiveDate,
    /// Keys of the transversal competencies that the jury validated through it.
    #[serde(default)]
    pub transversal: Vec<String>,
}

/// Where a validation stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Force {
    InForce {
        term: Term,
    },
    /// In force, for less than [`WARNING_MONTHS`] more.
    ExpiresSoon {
        last_day: NaiveDate,
    },
    Expired {
        /// The last day on which it was in force.
        last_day: NaiveDate,
    },
    /// The day is before the jury's.
    NotYet,
}

/// How long a validation lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Term {
    Unlimited,
    Until {
        /// The last day in force.
        last_day: NaiveDate,
    },
    /// The source does not say; nothing takes away what a jury gave.
    Unknown,
}

impl BlockValidity {
    /// How long a block that is validated on this day stays in force.
    pub fn term(self, validated_on: NaiveDate) -> Term {
        match self {
            Self::Unlimited => Term::Unlimited,
            Self::Unknown => Term::Unknown,
            Self::Years { years } => {
                let months = Months::new(years.saturating_mul(12));
                let last_day = validated_on.checked_add_months(months).unwrap_or(NaiveDate::MAX);
                Term::Until { last_day }
            }
        }
    }
}

impl ValidatedBlock {
    /// Its codes are the certification's: what a jury validated under another one does not count
    /// here, and nothing could be said of it.
    pub fn check(&self, certification: &Certification, field: &str, faults: &mut Faults) {
        let Some(block) = certification.block(&self.block) else {
            let Certification { code, version, .. } = certification;
            faults.add(
                field,
                "unknown_block",
                format!(
                    "Le bloc « {} » est dit validé, et {code} (version {version}) n’a pas de bloc de \
                     ce code.",
                    self.block
                ),
            );
            return;
        };
        for key in &self.transversal {
            if !block.transversal.contains(key) {
                faults.add(
                    field,
                    "unknown_competency",
                    format!(
                        "« {key} » n’est pas une compétence transversale du bloc {}.",
                        self.block
                    ),
                );
            }
        }
    }

    pub fn force(&self, validity: BlockValidity, day: NaiveDate) -> Force {
        let term = validity.term(self.validated_on);
        if day < self.validated_on {
            return Force::NotYet;
        }
        match term {
            Term::Until { last_day } if last_day < day => Force::Expired { last_day },
            Term::Until { last_day } if warns_from(last_day) <= day => {
                Force::ExpiresSoon { last_day }
            }
            term => Force::InForce { term },
        }
    }

    pub fn is_in_force(&self, validity: BlockValidity, day: NaiveDate) -> bool {
        matches!(self.force(validity, day), Force::InForce { .. } | Force::ExpiresSoon { .. })
    }
}

/// First day of the warning.
fn warns_from(last_day: NaiveDate) -> NaiveDate {
    last_day.checked_sub_months(Months::new(WARNING_MONTHS)).unwrap_or(NaiveDate::MIN)
}

/// What a person holds on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Attainment {
    Obtained,
    Missing(Missing),
    /// A draft, or a version without a block: there is nothing to obtain.
    NothingToObtain,
}

/// What stands between a person and the certification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Missing {
    /// Codes of the blocks that were never validated.
    pub blocks: Vec<String>,
    /// Blocks that were validated and are no longer in force.
    pub expired: Vec<ExpiredBlock>,
    /// Keys of the requirements that are neither met nor waived.
    pub requirements: Vec<String>,
    /// Keys of the transversal competencies that no block in force carries.
    pub transversal: Vec<String>,
    /// The blocks in force make a partial validation of the certification.
    pub is_partial_validation: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExpiredBlock {
    /// Code of the block.
    pub block: String,
    /// The last day on which it was in force.
    pub last_day: NaiveDate,
}

/// What a person holds on this day: the certification is obtained when every block is in force on
/// it and every requirement is met, waived or not asked for.
///
/// Where transversal competencies are required (RNCP38822, « évaluées au sein des différents
/// blocs »), each one is validated by a jury through a block that is in force; one block is enough.
///
/// `requirements` are those of this person's status, as they stand that day. Once it is obtained, a
/// certification does not expire with its blocks: whoever asks keeps the day.
pub fn attainment(
    certification: &Certification,
    validated: &[ValidatedBlock],
    requirements: &[RequirementProgress],
    waivers: &[Waiver],
    day: NaiveDate,
) -> Attainment {
    if certification.status == VersionStatus::Draft || certification.blocks.is_empty() {
        return Attainment::NothingToObtain;
    }
    let validity = certification.validation.block_validity;
    let in_force: Vec<&ValidatedBlock> =
        validated.iter().filter(|one| one.is_in_force(validity, day)).collect();
    let mut missing = Missing::default();
    for block in &certification.blocks {
        if in_force.iter().any(|one| one.block == block.code) {
            continue;
        }
        let of_block = validated.iter().filter(|one| one.block == block.code);
        let last_day = of_block
            .filter_map(|one| match one.force(validity, day) {
                Force::Expired { last_day } => Some(last_day),
                _ => None,
            })
            .max();
        match last_day {
            Some(last_day) => {
                missing.expired.push(ExpiredBlock { block: block.code.clone(), last_day });
            }
            None => missing.blocks.push(block.code.clone()),
        }
    }
    missing.requirements = requirements
        .iter()
        .filter(|one| one.state == RequirementState::Unmet)
        .filter(|one| !waivers.iter().any(|waiver| waiver.requirement == one.key))
        .map(|one| one.key.clone())
        .collect();
    if certification.validation.transversal_required {
        missing.transversal = certification
            .competencies
            .iter()
            .filter(|one| one.kind == CompetencyKind::Transversal)
            .filter(|one| !in_force.iter().any(|block| block.transversal.contains(&one.key)))
            .map(|one| one.key.clone())
            .collect();
    }
    if missing == Missing::default() {
        return Attainment::Obtained;
    }
    let held = certification.blocks.len() - missing.blocks.len() - missing.expired.len();
    missing.is_partial_validation = is_partial(certification.validation.partial, held);
    Attainment::Missing(missing)
}

/// Where the source bounds a partial validation (RNCP38822: one, two or three blocks of four), the
/// number is within; elsewhere any block counts.
fn is_partial(bounds: Option<PartialValidation>, held: usize) -> bool {
    match bounds {
        Some(PartialValidation { min_blocks, max_blocks }) => {
            (min_blocks as usize..=max_blocks as usize).contains(&held)
        }
        None => held > 0,
    }
}

/// Why a certification, or a block of it, cannot be issued on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum NotIssuable {
    /// The *date de dernière délivrance possible* is past.
    AfterLastIssue { last_issue_on: NaiveDate },
    /// The registration ended, and the person was not yet on the way.
    StartedAfterRegistration { registration_ends_on: NaiveDate },
}

/// Whether a decision of this day may be issued to a person who started on `started_on`: entered
/// the training, or had the VAE declared admissible.
///
/// Until the registration's last day anybody; after it those who started before (Code du travail,
/// L6113-9); after the last issue date nobody. Blocks are parts of the certification: what holds
/// for it holds for them.
pub fn check_issue(
    dates: &Dates,
    started_on: NaiveDate,
    day: NaiveDate,
) -> Result<(), NotIssuable> {
    if let Some(last_issue_on) = dates.last_issue_on
        && last_issue_on < day
    {
        return Err(NotIssuable::AfterLastIssue { last_issue_on });
    }
    match dates.registration_ends_on {
        Some(end) if end < day && end < started_on => {
            Err(NotIssuable::StartedAfterRegistration { registration_ends_on: end })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        certification::Validation,
        enrolment::LearnerStatus,
        evidence::{EvidenceFact, EvidenceStatus},
        fixtures::{certification, day, fact},
        requirement,
    };

    const FIVE_YEARS: BlockValidity = BlockValidity::Years { years: 5 };

    fn validated(block: &str, on: &str) -> ValidatedBlock {
        ValidatedBlock {
            block: block.to_owned(),
            validated_on: day(on),
            transversal: vec!["team".to_owned()],
        }
    }

    #[test]
    fn what_was_validated_is_of_the_certification() {
        for (block, transversal, fault) in [
            ("B1", vec!["team"], None),
            ("B1", vec![], None),
            ("B9", vec![], Some("it: unknown_block")),
            ("B1", vec!["own"], Some("it: unknown_competency")),
        ] {
            let one = ValidatedBlock {
                transversal: transversal.into_iter().map(str::to_owned).collect(),
                ..validated(block, "2026-03-10")
            };
            let mut faults = Faults::default();
            one.check(&certification(), "it", &mut faults);
            let found = crate::fixtures::wrong(faults.into_result());
            assert_eq!(found.first().map(String::as_str), fault, "{block}");
        }
    }

    #[test]
    fn a_block_is_in_force_up_to_its_last_day() {
        for (validity, on, then, in_force) in [
            (FIVE_YEARS, "2026-03-10", "2026-03-09", false),
            (FIVE_YEARS, "2026-03-10", "2026-03-10", true),
            (FIVE_YEARS, "2026-03-10", "2031-03-10", true),
            (FIVE_YEARS, "2026-03-10", "2031-03-11", false),
            // A leap day: the last day of the month.
            (FIVE_YEARS, "2028-02-29", "2033-02-28", true),
            (FIVE_YEARS, "2028-02-29", "2033-03-01", false),
            (BlockValidity::Years { years: 4 }, "2028-02-29", "2032-02-29", true),
            (BlockValidity::Years { years: 4 }, "2028-02-29", "2032-03-01", false),
            (FIVE_YEARS, "2027-02-28", "2032-02-28", true),
            (FIVE_YEARS, "2027-02-28", "2032-02-29", false),
            (FIVE_YEARS, "2026-12-31", "2031-12-31", true),
            (FIVE_YEARS, "2026-12-31", "2032-01-01", false),
            (BlockValidity::Unlimited, "2026-03-10", "2126-03-10", true),
            (BlockValidity::Unknown, "2026-03-10", "2126-03-10", true),
            (BlockValidity::Unlimited, "2026-03-10", "2026-03-09", false),
        ] {
            let block = validated("B1", on);
            assert_eq!(
                block.is_in_force(validity, day(then)),
                in_force,
                "{validity:?} {on} {then}"
            );
        }
    }

    #[test]
    fn a_person_is_warned_a_year_before() {
        let last_day = day("2031-03-10");
        for (then, force) in [
            ("2026-03-09", Force::NotYet),
            ("2026-03-10", Force::InForce { term: Term::Until { last_day } }),
            ("2030-03-09", Force::InForce { term: Term::Until { last_day } }),
            ("2030-03-10", Force::ExpiresSoon { last_day }),
            ("2031-03-10", Force::ExpiresSoon { last_day }),
            ("2031-03-11", Force::Expired { last_day }),
        ] {
            assert_eq!(validated("B1", "2026-03-10").force(FIVE_YEARS, day(then)), force, "{then}");
        }
        for (validity, term) in
            [(BlockValidity::Unlimited, Term::Unlimited), (BlockValidity::Unknown, Term::Unknown)]
        {
            let force = validated("B1", "2026-03-10").force(validity, day("2030-06-01"));
            assert_eq!(force, Force::InForce { term });
        }
    }

    /// Five years, both blocks, the document, and the transversal competency.
    fn asking(transversal_required: bool, partial: Option<PartialValidation>) -> Certification {
        Certification {
            validation: Validation {
                text: None,
                block_validity: FIVE_YEARS,
                partial,
                transversal_required,
            },
            ..certification()
        }
    }

    fn requirements(certification: &Certification, met: bool) -> Vec<RequirementProgress> {
        let document = EvidenceFact {
            requirements: vec!["CV".to_owned()],
            ..fact(1, EvidenceStatus::Accepted)
        };
        let evidence: &[_] = if met { &[document] } else { &[] };
        requirement::evaluate(certification, LearnerStatus::Student, evidence, day("2026-06-01"))
    }

    #[test]
    fn all_blocks_are_in_force_on_one_day() {
        let certification = asking(true, None);
        let met = requirements(&certification, true);
        for (blocks, then, expected) in [
            (vec![], "2026-06-01", ("B1 B2", "", "team")),
            (vec![("B1", "2026-03-10")], "2026-06-01", ("B2", "", "")),
            (vec![("B1", "2026-03-10"), ("B2", "2031-03-10")], "2031-03-10", ("", "", "")),
            (vec![("B1", "2026-03-10"), ("B2", "2031-03-11")], "2031-03-11", ("", "B1", "")),
            (
                vec![("B1", "2026-03-10"), ("B2", "2031-03-11"), ("B1", "2031-06-01")],
                "2031-06-01",
                ("", "", ""),
            ),
            // Both expired, and validated anew in turn.
            (
                vec![("B1", "2020-01-01"), ("B2", "2020-01-01"), ("B1", "2026-01-01")],
                "2026-06-01",
                ("", "B2", ""),
            ),
            (vec![("B1", "2020-01-01"), ("B2", "2020-01-01")], "2026-06-01", ("", "B1 B2", "team")),
            // A jury to come gives nothing yet.
            (vec![("B1", "2026-03-10"), ("B2", "2026-12-10")], "2026-06-01", ("B2", "", "")),
            // Nor does a block of another certification.
            (vec![("B1", "2026-03-10"), ("B9", "2026-03-10")], "2026-06-01", ("B2", "", "")),
        ] {
            let blocks: Vec<_> = blocks.iter().map(|(block, on)| validated(block, on)).collect();
            let missing = match attainment(&certification, &blocks, &met, &[], day(then)) {
                Attainment::Obtained => Missing::default(),
                Attainment::Missing(missing) => missing,
                Attainment::NothingToObtain => panic!("there are blocks"),
            };
            let expired: Vec<_> = missing.expired.iter().map(|one| one.block.as_str()).collect();
            assert_eq!(
                (
                    missing.blocks.join(" ").as_str(),
                    expired.join(" ").as_str(),
                    missing.transversal.join(" ").as_str()
                ),
                expected,
                "{blocks:?} on {then}"
            );
        }
    }

    #[test]
    fn an_expired_block_says_when_it_ended_last() {
        let certification = asking(false, None);
        let blocks = [validated("B1", "2015-01-01"), validated("B1", "2018-01-01")];
        let Attainment::Missing(missing) =
            attainment(&certification, &blocks, &[], &[], day("2026-06-01"))
        else {
            panic!("blocks are missing")
        };
        let expired = ExpiredBlock { block: "B1".to_owned(), last_day: day("2023-01-01") };
        assert_eq!((missing.expired, missing.blocks), (vec![expired], vec!["B2".to_owned()]));
    }

    #[test]
    fn requirements_are_met_or_waived_or_not_asked_for() {
        let certification = asking(false, None);
        let blocks = [validated("B1", "2026-03-10"), validated("B2", "2026-03-10")];
        let waiver = |key: &str| Waiver {
            requirement: key.to_owned(),
            motive: "Motif".to_owned(),
            granted_by: "Anne Roux".to_owned(),
            accommodation: false,
            restricted_reason: None,
        };
        let unmet = requirements(&certification, false);
        let not_asked = {
            let mut progress = unmet.clone();
            progress[0].state = RequirementState::NotApplicable;
            progress
        };
        for (requirements, waivers, obtained) in [
            (requirements(&certification, true), vec![], true),
            (unmet.clone(), vec![], false),
            (unmet.clone(), vec![waiver("CV")], true),
            (unmet, vec![waiver("other")], false),
            (not_asked, vec![], true),
        ] {
            let attained =
                attainment(&certification, &blocks, &requirements, &waivers, day("2026-06-01"));
            assert_eq!(attained == Attainment::Obtained, obtained, "{attained:?}");
        }
    }

    #[test]
    fn a_transversal_competency_is_carried_by_one_block_in_force() {
        let without = |block: &str, on: &str| ValidatedBlock {
            transversal: Vec::new(),
            ..validated(block, on)
        };
        for (required, blocks, obtained) in [
            (true, [validated("B1", "2026-03-10"), without("B2", "2026-03-10")], true),
            (true, [without("B1", "2026-03-10"), without("B2", "2026-03-10")], false),
            (false, [without("B1", "2026-03-10"), without("B2", "2026-03-10")], true),
        ] {
            let certification = asking(required, None);
            let attained = attainment(&certification, &blocks, &[], &[], day("2026-06-01"));
            assert_eq!(attained == Attainment::Obtained, obtained, "{attained:?}");
        }
    }

    #[test]
    fn a_partial_validation_keeps_to_its_bounds() {
        let bounds = |min_blocks, max_blocks| Some(PartialValidation { min_blocks, max_blocks });
        for (partial, held, is_partial) in [
            (None, 0, false),
            (None, 1, true),
            (bounds(1, 1), 0, false),
            (bounds(1, 1), 1, true),
            (bounds(2, 2), 1, false),
        ] {
            let certification = asking(false, partial);
            let blocks: Vec<_> = (0..held).map(|_| validated("B1", "2026-03-10")).collect();
            let Attainment::Missing(missing) =
                attainment(&certification, &blocks, &[], &[], day("2026-06-01"))
            else {
                panic!("a block is missing")
            };
            assert_eq!(missing.is_partial_validation, is_partial, "{partial:?} {held}");
        }
    }

    #[test]
    fn there_is_nothing_to_obtain_without_blocks() {
        let draft = Certification { status: VersionStatus::Draft, ..certification() };
        let empty = Certification { blocks: Vec::new(), ..certification() };
        for certification in [draft, empty] {
            let attained = attainment(&certification, &[], &[], &[], day("2026-06-01"));
            assert_eq!(attained, Attainment::NothingToObtain);
        }
    }

    #[test]
    fn what_ended_is_issued_to_those_who_were_on_the_way() {
        let dates = |ends: &str, last: Option<&str>| Dates {
            registration_ends_on: Some(day(ends)),
            last_issue_on: last.map(day),
            ..Dates::default()
        };
        let open = dates("2031-08-31", Some("2034-12-31"));
        let ended = dates("2023-08-07", None);
        let after_last = Err(NotIssuable::AfterLastIssue { last_issue_on: day("2034-12-31") });
        let too_late = |end: &str| {
            Err(NotIssuable::StartedAfterRegistration { registration_ends_on: day(end) })
        };
        for (dates, started, then, expected) in [
            (&open, "2026-09-01", "2029-06-30", Ok(())),
            (&open, "2031-08-31", "2034-12-31", Ok(())),
            (&open, "2031-09-01", "2034-06-30", too_late("2031-08-31")),
            (&open, "2031-08-31", "2035-01-01", after_last),
            (&ended, "2023-08-07", "2026-06-30", Ok(())),
            (&ended, "2023-08-08", "2026-06-30", too_late("2023-08-07")),
            (&Dates::default(), "2026-09-01", "2099-01-01", Ok(())),
        ] {
            assert_eq!(check_issue(dates, day(started), day(then)), expected, "{started} {then}");
        }
    }
}
