//! Requirements beside the blocks, evaluated from accepted evidence.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Number of accepted certificates that count no more.
    pub expired: u32,
}

/// What one evidence brings to a requirement, once it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contribution {
    /// Key of the requirement.
    pub key: String,
    pub label: String,
    pub unit: RequirementUnit,
    /// Whole weeks of the period by itself.
    pub weeks: Option<u32>,
    /// Whole weeks that it adds to the other accepted periods.
    pub adds: Option<u32>,
    /// Days of it that another accepted period has already.
    pub shared_days: Option<u32>,
    /// A certificate past its last day.
    pub expired: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequirementState {
    Met,
    Unmet,
    /// Not asked for under this person's status.
    NotApplicable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RequirementUnit {
    Weeks,
    Level,
    Document,
}

/// Every requirement of the certification, in its order, as it stands on that day.
pub fn evaluate(
    certification: &Certification,
    status: LearnerStatus,
    evidence: &[EvidenceFact],
    today: NaiveDate,
) -> Vec<RequirementProgress> {
    let accepted: Vec<&EvidenceFact> =
        evidence.iter().filter(|fact| fact.status == EvidenceStatus::Accepted).collect();
    certification
        .requirements
        .iter()
        .map(|requirement| evaluate_one(requirement, status, &accepted, today))
        .collect()
}

fn evaluate_one(
    requirement: &Requirement,
    status: LearnerStatus,
    accepted: &[&EvidenceFact],
    today: NaiveDate,
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
        expired: 0,
    };
    let (counted, expired): (Vec<&EvidenceFact>, Vec<&EvidenceFact>) = accepted
        .iter()
        .copied()
        .filter(|fact| counts_for(&requirement.rule, &requirement.key, fact))
        .partition(|fact| !is_expired(&requirement.rule, fact, today));
    progress.expired = number(expired.len());
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
            progress.have = Some(number(counted.len()));
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

/// A certificate counts up to its last day, that day included.
fn is_expired(rule: &RequirementRule, fact: &EvidenceFact, today: NaiveDate) -> bool {
    matches!(rule, RequirementRule::Language { .. })
        && fact.valid_until.is_some_and(|until| until < today)
}

/// What an evidence brings, or will bring, to each requirement that is asked for.
pub fn contributions(
    certification: &Certification,
    status: LearnerStatus,
    evidence: &[EvidenceFact],
    id: Uuid,
    today: NaiveDate,
) -> Vec<Contribution> {
    let Some(this) = evidence.iter().find(|fact| fact.id == id) else { return Vec::new() };
    let asked = certification.requirements.iter().filter(|requirement| match &requirement.rule {
        RequirementRule::Weeks { minimum, .. } => minimum.contains_key(&status),
        _ => true,
    });
    asked
        .filter(|requirement| counts_for(&requirement.rule, &requirement.key, this))
        .map(|requirement| {
            let mut contribution = Contribution {
                key: requirement.key.clone(),
                label: requirement.label.clone(),
                unit: RequirementUnit::Document,
                weeks: None,
                adds: None,
                shared_days: None,
                expired: is_expired(&requirement.rule, this, today),
            };
            match &requirement.rule {
                RequirementRule::Weeks { .. } => {
                    let others = days(evidence.iter().filter(|fact| {
                        fact.id != id
                            && fact.status == EvidenceStatus::Accepted
                            && counts_for(&requirement.rule, &requirement.key, fact)
                    }));
                    let own = days(std::iter::once(this));
                    contribution.unit = RequirementUnit::Weeks;
                    contribution.weeks = Some(whole_weeks(own.len()));
                    contribution.adds =
                        Some(whole_weeks(others.union(&own).count()) - whole_weeks(others.len()));
                    contribution.shared_days = Some(number(others.intersection(&own).count()));
                }
                RequirementRule::Language { .. } => contribution.unit = RequirementUnit::Level,
                RequirementRule::CompanyPeriod | RequirementRule::Document => {}
            }
            contribution
        })
        .collect()
}

/// Whole weeks over all periods, both ends included, no day counted twice.
pub fn weeks<'a>(facts: impl Iterator<Item = &'a EvidenceFact>) -> u32 {
    whole_weeks(days(facts).len())
}

fn days<'a>(facts: impl Iterator<Item = &'a EvidenceFact>) -> BTreeSet<NaiveDate> {
    facts
        .filter_map(|fact| Some((fact.starts_on?, fact.ends_on?)))
        .filter(|(start, end)| (*end - *start).num_days() < LONGEST_PERIOD_DAYS)
        .flat_map(|(start, end)| start.iter_days().take_while(move |day| *day <= end))
        .collect()
}

fn whole_weeks(days: usize) -> u32 {
    number(days / 7)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        evidence::Visibility,
        fixtures::{certification, day},
    };

    const TODAY: &str = "2026-11-22";

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
            valid_until: None,
            requirements: Vec::new(),
            modality: None,
            visibility: Visibility::Open,
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
            // One within another, and three that follow each other across a change of year.
            (vec![("2026-01-05", "2026-03-01"), ("2026-01-12", "2026-01-18")], 8),
            (
                vec![
                    ("2025-12-29", "2025-12-31"),
                    ("2026-01-01", "2026-01-02"),
                    ("2026-01-03", "2026-01-04"),
                ],
                1,
            ),
            // The 29th of February is a day: 2028 has one, 2026 and 2100 have none.
            (vec![("2028-02-23", "2028-02-29")], 1),
            (vec![("2028-02-24", "2028-03-01")], 1),
            (vec![("2026-02-24", "2026-03-01")], 0),
            (vec![("2100-02-24", "2100-03-01")], 0),
            (vec![("2028-01-01", "2028-12-31")], 52),
            // The nights on which clocks change (29 March and 25 October 2026) make no odd day.
            (vec![("2026-03-23", "2026-03-29")], 1),
            (vec![("2026-03-23", "2026-04-05")], 2),
            (vec![("2026-10-19", "2026-10-25")], 1),
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
                let progress = evaluate_one(
                    &requirement(weeks_rule(of)),
                    LearnerStatus::Apprentice,
                    &[&fact],
                    day(TODAY),
                );
                assert_eq!(progress.have, Some(if counts { 2 } else { 0 }), "{kind:?} {of:?}");
                assert_eq!(progress.state == RequirementState::Met, counts, "{kind:?} {of:?}");
            }
        }
    }

    #[test]
    fn a_status_that_is_not_named_is_not_asked_for_weeks() {
        let progress = evaluate_one(
            &requirement(weeks_rule(PeriodKind::Abroad)),
            LearnerStatus::Student,
            &[],
            day(TODAY),
        );
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
            let progress = evaluate_one(
                &requirement(rule.clone()),
                LearnerStatus::Student,
                &[&certificate],
                day(TODAY),
            );
            assert_eq!(progress.state, state, "{language} {level:?}");
        }
    }

    #[test]
    fn a_certificate_counts_up_to_its_last_day() {
        use CefrLevel::{B1, B2, C1};
        let rule = RequirementRule::Language { language: "en".to_owned(), minimum: B2 };
        // certificates as (level, last day); then: met, best level, counted, expired
        for (certificates, met, level, counted, expired) in [
            (vec![(B2, None)], true, Some(B2), 1, 0),
            (vec![(B2, Some("2026-11-23"))], true, Some(B2), 1, 0),
            (vec![(B2, Some("2026-11-22"))], true, Some(B2), 1, 0),
            (vec![(B2, Some("2026-11-21"))], false, None, 0, 1),
            (vec![(C1, Some("2020-01-01")), (B1, None)], false, Some(B1), 1, 1),
            (vec![(C1, Some("2020-01-01")), (B2, None)], true, Some(B2), 1, 1),
            (vec![(B2, Some("2020-01-01")), (B2, Some("2021-01-01"))], false, None, 0, 2),
        ] {
            let facts: Vec<_> = certificates
                .iter()
                .map(|(level, until)| EvidenceFact {
                    language: Some("en".to_owned()),
                    cefr_level: Some(*level),
                    valid_until: until.map(day),
                    ..fact(EvidenceKind::LanguageCertificate, None)
                })
                .collect();
            let facts: Vec<_> = facts.iter().collect();
            let progress = evaluate_one(
                &requirement(rule.clone()),
                LearnerStatus::Student,
                &facts,
                day(TODAY),
            );
            assert_eq!(progress.state == RequirementState::Met, met, "{certificates:?}");
            assert_eq!(progress.have_level, level, "{certificates:?}");
            assert_eq!(progress.evidence.len(), counted, "{certificates:?}");
            assert_eq!(progress.expired, expired, "{certificates:?}");
        }
    }

    #[test]
    fn an_evidence_says_what_it_brings_to_each_requirement() {
        use EvidenceKind::{Internship, LanguageCertificate, Project, StayAbroad};
        let named = |key: &str, rule| Requirement { key: key.to_owned(), ..requirement(rule) };
        let mut certification = certification();
        certification.requirements = vec![
            named("pro", weeks_rule(PeriodKind::Professional)),
            named("abroad", weeks_rule(PeriodKind::Abroad)),
            named(
                "english",
                RequirementRule::Language { language: "en".to_owned(), minimum: CefrLevel::B2 },
            ),
            named("CV", RequirementRule::Document),
        ];
        let numbered = |id, fact| EvidenceFact { id: Uuid::from_u128(id), ..fact };
        let accepted = numbered(1, fact(Internship, Some(("2026-01-05", "2026-01-18"))));
        let waiting = EvidenceFact {
            status: EvidenceStatus::Submitted,
            ..numbered(2, fact(Internship, Some(("2026-01-19", "2026-01-25"))))
        };
        let brings = |this: EvidenceFact, status| {
            let facts = [accepted.clone(), waiting.clone(), numbered(3, this)];
            let id = Uuid::from_u128(3);
            contributions(&certification, status, &facts, id, day(TODAY))
                .into_iter()
                .map(|it| (it.key, it.weeks, it.adds, it.shared_days, it.expired))
                .collect::<Vec<_>>()
        };
        let period = |key: &str, weeks, adds, shared| {
            (key.to_owned(), Some(weeks), Some(adds), Some(shared), false)
        };
        let abroad = |kind, from, to| EvidenceFact {
            country: Some("DE".to_owned()),
            ..fact(kind, Some((from, to)))
        };
        let apprentice = LearnerStatus::Apprentice;
        for (this, expected) in [
            (fact(Internship, Some(("2026-02-02", "2026-02-15"))), vec![period("pro", 2, 2, 0)]),
            // Half of it is counted already; what only waits is not counted yet.
            (fact(Internship, Some(("2026-01-12", "2026-01-25"))), vec![period("pro", 2, 1, 7)]),
            (fact(Internship, Some(("2026-01-05", "2026-01-11"))), vec![period("pro", 1, 0, 7)]),
            (
                abroad(Internship, "2026-01-12", "2026-01-25"),
                vec![period("pro", 2, 1, 7), period("abroad", 2, 2, 0)],
            ),
            (abroad(StayAbroad, "2026-01-12", "2026-01-25"), vec![period("abroad", 2, 2, 0)]),
            (fact(Project, Some(("2026-01-12", "2026-01-25"))), vec![]),
            (
                EvidenceFact { requirements: vec!["CV".to_owned()], ..fact(Project, None) },
                vec![("CV".to_owned(), None, None, None, false)],
            ),
            (
                EvidenceFact {
                    language: Some("en".to_owned()),
                    valid_until: Some(day("2026-11-21")),
                    ..fact(LanguageCertificate, None)
                },
                vec![("english".to_owned(), None, None, None, true)],
            ),
        ] {
            assert_eq!(brings(this.clone(), apprentice), expected, "{this:?}");
        }
        let student = fact(Internship, Some(("2026-02-02", "2026-02-15")));
        assert!(brings(student, LearnerStatus::Student).is_empty(), "not asked of a student");
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
                day(TODAY),
            );
            assert_eq!(progress.state, state);
        }
    }
}
