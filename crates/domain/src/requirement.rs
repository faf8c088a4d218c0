//! Requirements beside the blocks, evaluated from accepted evidence.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    certification::{CefrLevel, Certification, PeriodKind, Requirement, RequirementRule},
    enrolment::LearnerStatus,
    evidence::{EvidenceFact, EvidenceKind, EvidenceStatus},
};

/// France has codes of its own for its overseas parts (ISO 3166-1); a stay there is not abroad.
const FRANCE: [&str; 13] =
    ["FR", "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"];

/// Longest period that is counted, so that a mistyped year costs nothing.
const LONGEST_PERIOD_DAYS: i64 = 3_660;

/// What is there for a requirement and what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequirementProgress {
    pub key: String,
    pub label: String,
    pub text: String,
    pub state: RequirementState,
    pub unit: RequirementUnit,
    /// Whole weeks, or number of documents.
    pub have: Option<u32>,
    pub need: Option<u32>,
    pub have_level: Option<CefrLevel>,
    pub need_level: Option<CefrLevel>,
    /// The accepted evidence that was counted.
    pub evidence: Vec<Uuid>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequirementState {
    Met,
    Unmet,
    /// Not asked for under this person's status.
    NotApplicable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequirementUnit {
    Weeks,
    Level,
    Document,
}

/// Every requirement of the certification, in its order.
pub fn evaluate(
    certification: &Certification,
    status: LearnerStatus,
    evidence: &[EvidenceFact],
) -> Vec<RequirementProgress> {
    let accepted: Vec<&EvidenceFact> =
        evidence.iter().filter(|fact| fact.status == EvidenceStatus::Accepted).collect();
    certification
        .requirements
        .iter()
        .map(|requirement| evaluate_one(requirement, status, &accepted))
        .collect()
}

fn evaluate_one(
    requirement: &Requirement,
    status: LearnerStatus,
    accepted: &[&EvidenceFact],
) -> RequirementProgress {
    let mut progress = RequirementProgress {
        key: requirement.key.clone(),
        label: requirement.label.clone(),
        text: requirement.text.clone(),
        state: RequirementState::Unmet,
        unit: RequirementUnit::Document,
        have: None,
        need: None,
        have_level: None,
        need_level: None,
        evidence: Vec::new(),
    };
    let counted: Vec<&EvidenceFact> = accepted
        .iter()
        .copied()
        .filter(|fact| counts_for(&requirement.rule, &requirement.key, fact))
        .collect();
    progress.evidence = counted.iter().map(|fact| fact.id).collect();
    let met = match &requirement.rule {
        RequirementRule::Weeks { minimum, .. } => {
            let have = weeks(counted.iter().copied());
            let need = minimum.get(&status).copied();
            progress.unit = RequirementUnit::Weeks;
            progress.have = Some(have);
            progress.need = need;
            if need.is_none() {
                progress.state = RequirementState::NotApplicable;
                return progress;
            }
            need.is_some_and(|need| have >= need)
        }
        RequirementRule::Language { minimum, .. } => {
            progress.unit = RequirementUnit::Level;
            progress.have_level = counted.iter().filter_map(|fact| fact.cefr_level).max();
            progress.need_level = Some(*minimum);
            progress.have_level.is_some_and(|level| level >= *minimum)
        }
        RequirementRule::CompanyPeriod | RequirementRule::Document => {
            progress.have = Some(u32::try_from(counted.len()).unwrap_or(u32::MAX));
            progress.need = Some(1);
            !counted.is_empty()
        }
    };
    if met {
        progress.state = RequirementState::Met;
    }
    progress
}

fn counts_for(rule: &RequirementRule, key: &str, fact: &EvidenceFact) -> bool {
    let professional = matches!(fact.kind, EvidenceKind::Internship | EvidenceKind::CompanyPeriod);
    // A company period is one by its name; an internship says where it took place.
    let company = fact.kind == EvidenceKind::CompanyPeriod || (professional && fact.in_company);
    match rule {
        RequirementRule::Weeks { of, .. } => match of {
            PeriodKind::Abroad => {
                fact.country.as_deref().is_some_and(|code| !FRANCE.contains(&code))
            }
            PeriodKind::Professional => professional,
            PeriodKind::Company => company,
        },
        RequirementRule::CompanyPeriod => company,
        RequirementRule::Language { language, .. } => {
            fact.kind == EvidenceKind::LanguageCertificate
                && fact.language.as_deref() == Some(language)
        }
        RequirementRule::Document => fact.requirements.iter().any(|declared| declared == key),
    }
}

/// Whole weeks over all periods, both ends included, no day counted twice.
pub fn weeks<'a>(facts: impl Iterator<Item = &'a EvidenceFact>) -> u32 {
    let days: BTreeSet<NaiveDate> = facts
        .filter_map(|fact| Some((fact.starts_on?, fact.ends_on?)))
        .filter(|(start, end)| (*end - *start).num_days() < LONGEST_PERIOD_DAYS)
        .flat_map(|(start, end)| start.iter_days().take_while(move |day| *day <= end))
        .collect();
    u32::try_from(days.len() / 7).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn fact(kind: EvidenceKind, period: Option<(&str, &str)>) -> EvidenceFact {
        EvidenceFact {
            id: Uuid::nil(),
            kind,
            status: EvidenceStatus::Accepted,
            starts_on: period.map(|(start, _)| day(start)),
            ends_on: period.map(|(_, end)| day(end)),
            country: None,
            in_company: false,
            language: None,
            cefr_level: None,
            requirements: Vec::new(),
            modality: None,
        }
    }

    #[test]
    fn weeks_are_whole_and_no_day_counts_twice() {
        use EvidenceKind::Internship;
        for (periods, expected) in [
            (vec![], 0),
            (vec![("2026-01-05", "2026-01-10")], 0),
            (vec![("2026-01-05", "2026-01-11")], 1),
            (vec![("2026-01-05", "2026-01-11"), ("2026-01-05", "2026-01-11")], 1),
            (vec![("2026-01-05", "2026-01-11"), ("2026-01-08", "2026-01-18")], 2),
            (vec![("2026-01-05", "2026-01-08"), ("2026-02-02", "2026-02-04")], 1),
            (vec![("2026-01-11", "2026-01-05")], 0),
            (vec![("0001-01-01", "2026-01-05")], 0),
        ] {
            let facts: Vec<_> =
                periods.iter().map(|period| fact(Internship, Some(*period))).collect();
            assert_eq!(weeks(facts.iter()), expected, "{periods:?}");
        }
    }

    fn requirement(rule: RequirementRule) -> Requirement {
        Requirement { key: "R".to_owned(), label: String::new(), text: String::new(), rule }
    }

    fn weeks_rule(of: PeriodKind) -> RequirementRule {
        RequirementRule::Weeks { of, minimum: BTreeMap::from([(LearnerStatus::Apprentice, 2)]) }
    }

    #[test]
    fn what_counts_for_a_number_of_weeks() {
        use EvidenceKind::{CompanyPeriod, Internship, Project, StayAbroad};
        use PeriodKind::{Abroad, Company, Professional};
        // (kind, country, in a company) → counted as professional, company, abroad
        for (kind, country, in_company, counted) in [
            (Internship, None, false, [true, false, false]),
            (Internship, None, true, [true, true, false]),
            (Internship, Some("DE"), true, [true, true, true]),
            (CompanyPeriod, Some("FR"), false, [true, true, false]),
            (StayAbroad, Some("CA"), false, [false, false, true]),
            (StayAbroad, Some("RE"), false, [false, false, false]),
            (Project, None, true, [false, false, false]),
        ] {
            let fact = EvidenceFact {
                country: country.map(str::to_owned),
                in_company,
                ..fact(kind, Some(("2026-01-05", "2026-01-18")))
            };
            for (of, counts) in [Professional, Company, Abroad].into_iter().zip(counted) {
                let progress =
                    evaluate_one(&requirement(weeks_rule(of)), LearnerStatus::Apprentice, &[&fact]);
                assert_eq!(progress.have, Some(if counts { 2 } else { 0 }), "{kind:?} {of:?}");
                assert_eq!(progress.state == RequirementState::Met, counts, "{kind:?} {of:?}");
            }
        }
    }

    #[test]
    fn a_status_that_is_not_named_is_not_asked_for_weeks() {
        let progress =
            evaluate_one(&requirement(weeks_rule(PeriodKind::Abroad)), LearnerStatus::Student, &[]);
        assert_eq!(progress.state, RequirementState::NotApplicable);
    }

    #[test]
    fn a_language_is_met_from_its_level_up() {
        let rule = RequirementRule::Language { language: "en".to_owned(), minimum: CefrLevel::B2 };
        for (language, level, state) in [
            ("en", Some(CefrLevel::B1), RequirementState::Unmet),
            ("en", Some(CefrLevel::B2), RequirementState::Met),
            ("en", Some(CefrLevel::C1), RequirementState::Met),
            ("de", Some(CefrLevel::C2), RequirementState::Unmet),
            ("en", None, RequirementState::Unmet),
        ] {
            let certificate = EvidenceFact {
                language: Some(language.to_owned()),
                cefr_level: level,
                ..fact(EvidenceKind::LanguageCertificate, None)
            };
            let progress =
                evaluate_one(&requirement(rule.clone()), LearnerStatus::Student, &[&certificate]);
            assert_eq!(progress.state, state, "{language} {level:?}");
        }
    }

    #[test]
    fn a_document_is_met_by_an_evidence_declared_for_it() {
        for (declared, state) in [("R", RequirementState::Met), ("other", RequirementState::Unmet)]
        {
            let document = EvidenceFact {
                requirements: vec![declared.to_owned()],
                ..fact(EvidenceKind::Other, None)
            };
            let progress = evaluate_one(
                &requirement(RequirementRule::Document),
                LearnerStatus::Student,
                &[&document],
            );
            assert_eq!(progress.state, state);
        }
    }
}
