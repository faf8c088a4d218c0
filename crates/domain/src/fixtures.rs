//! Small certifications, written by hand, for the tests of this crate.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    assessment::{AssessmentContent, AssessorKind, CriterionRating, Rating},
    certification::{
        AccessRoute, AssessorRule, Block, BlockCompetency, BlockValidity, Certification,
        Competency, CompetencyKind, Criterion, Dates, DeliberationRule, Deliverable, DepositRule,
        Level, Modality, Profile, Requirement, RequirementRule, RouteKind, Source, Validation,
        VersionStatus,
    },
    evidence::{
        CompetencyLink, EvidenceContent, EvidenceFact, EvidenceKind, EvidenceStatus, Visibility,
    },
    fault::Fault,
    grid::Effective,
    jury::{Attendance, Candidate, JuryMember, session::MemberProfile},
    person::User,
    progress::RatingFact,
};

pub const BASIC: &str = "basic";
pub const GOOD: &str = "good";
pub const EXPERT: &str = "expert";

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

/// The certification under no grid but its own.
pub fn effective(certification: Certification) -> Effective {
    Effective::original(Arc::new(certification))
}

/// Two blocks on a scale of three levels, of which the middle one is asked for:
///
/// - `B1`: `alone` (criteria `c1` and `c2`), `shared` (no criteria) and the transversal `team`;
///   its modality `B1-M` asks for a report
/// - `B2`: `shared` again, where experts of the profile `expert` must reach the highest level
/// - `apart` is in no block; the requirement `CV` is a document
pub fn certification() -> Certification {
    Certification {
        code: "TEST1".to_owned(),
        version: "1".to_owned(),
        status: VersionStatus::Published,
        title: "Test".to_owned(),
        level: Some(7),
        source: Source { name: "none".to_owned(), url: None },
        certifiers: Vec::new(),
        nsf: Vec::new(),
        rome: Vec::new(),
        formacode: Vec::new(),
        dates: Dates::default(),
        replaces: Vec::new(),
        objectives: None,
        sectors: Vec::new(),
        jobs: Vec::new(),
        assessment_text: None,
        entry_requirement: None,
        levels: [BASIC, GOOD, EXPERT]
            .map(|key| Level { key: key.to_owned(), label: key.to_owned(), description: None })
            .into(),
        required_level: GOOD.to_owned(),
        profiles: vec![Profile { key: "expert".to_owned(), label: "Expert".to_owned() }],
        assessors: AssessorRule::AnyTutor,
        validation: Validation {
            text: None,
            block_validity: BlockValidity::Unknown,
            partial: None,
            transversal_required: false,
        },
        deposit: DepositRule::default(),
        routes: vec![route(RouteKind::Student, true), route(RouteKind::Experience, false)],
        requirements: vec![Requirement {
            key: "CV".to_owned(),
            label: "CV".to_owned(),
            text: "CV".to_owned(),
            rule: RequirementRule::Document,
        }],
        activities: Vec::new(),
        competencies: vec![
            competency("alone", CompetencyKind::Specific, &["c1", "c2"]),
            competency("shared", CompetencyKind::Specific, &[]),
            competency("team", CompetencyKind::Transversal, &[]),
            competency("apart", CompetencyKind::Specific, &[]),
        ],
        blocks: vec![
            Block {
                transversal: vec!["team".to_owned()],
                modalities: vec![modality("B1-M", Some("Rapport"))],
                ..block("B1", vec![unit("alone"), unit("shared")])
            },
            block(
                "B2",
                vec![BlockCompetency {
                    required_by_profile: BTreeMap::from([("expert".to_owned(), EXPERT.to_owned())]),
                    ..unit("shared")
                }],
            ),
        ],
        remarks: Vec::new(),
    }
}

pub fn route(kind: RouteKind, open: bool) -> AccessRoute {
    AccessRoute {
        kind,
        open,
        jury_text: None,
        jury: None,
        deliberation: DeliberationRule::default(),
    }
}

pub fn competency(key: &str, kind: CompetencyKind, criteria: &[&str]) -> Competency {
    let criterion = |key: &&str| Criterion::plain(*key, *key);
    Competency {
        key: key.to_owned(),
        code: None,
        kind,
        text: key.to_owned(),
        criteria: criteria.iter().map(criterion).collect(),
    }
}

pub fn block(code: &str, competencies: Vec<BlockCompetency>) -> Block {
    Block {
        code: code.to_owned(),
        title: code.to_owned(),
        activities: Vec::new(),
        competencies,
        transversal: Vec::new(),
        modalities: Vec::new(),
    }
}

pub fn unit(competency: &str) -> BlockCompetency {
    BlockCompetency {
        competency: competency.to_owned(),
        required_level: None,
        required_by_profile: BTreeMap::new(),
    }
}

pub fn modality(key: &str, deliverable: Option<&str>) -> Modality {
    Modality {
        key: key.to_owned(),
        label: key.to_owned(),
        text: key.to_owned(),
        covers: Vec::new(),
        deliverables: deliverable
            .map(|label| Deliverable { label: label.to_owned(), individual: false })
            .into_iter()
            .collect(),
        presentation_minutes: None,
        interview_minutes: None,
        min_professionals: None,
        group: false,
    }
}

pub fn fact(id: u128, status: EvidenceStatus) -> EvidenceFact {
    EvidenceFact {
        id: Uuid::from_u128(id),
        kind: EvidenceKind::Project,
        status,
        starts_on: None,
        ends_on: None,
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

/// Signed in the `order`th minute.
pub fn rated(
    block: &str,
    competency: &str,
    assessor: AssessorKind,
    lowest: usize,
    order: u32,
) -> RatingFact {
    RatingFact {
        block: block.to_owned(),
        competency: competency.to_owned(),
        assessor,
        lowest,
        weighted: None,
        grid: None,
        assessment: Uuid::from_u128(order.into()),
        assessed_on: day("2026-03-01"),
        signed_at: moment("2026-03-02T10:00:00Z") + chrono::TimeDelta::minutes(order.into()),
    }
}

/// A project that shows `alone`, which may be handed in as it is.
pub fn project() -> EvidenceContent {
    EvidenceContent {
        kind: EvidenceKind::Project,
        title: "Un projet".to_owned(),
        text: String::new(),
        starts_on: None,
        ends_on: None,
        organisation: None,
        siret: None,
        country: None,
        in_company: false,
        supervisor_name: None,
        supervisor_function: None,
        supervisor_email: None,
        language: None,
        cefr_level: None,
        issued_on: None,
        valid_until: None,
        links: Vec::new(),
        competencies: vec![shows("alone")],
        requirements: Vec::new(),
        modality: None,
        visibility: Visibility::Open,
    }
}

pub fn shows(competency: &str) -> CompetencyLink {
    CompetencyLink { competency: competency.to_owned(), justification: String::new() }
}

/// A grid that may be signed as it is.
pub fn grid(ratings: Vec<Rating>) -> AssessmentContent {
    AssessmentContent {
        occasion: "Visite".to_owned(),
        assessed_on: day("2026-03-01"),
        comment: String::new(),
        evidence: Vec::new(),
        ratings,
    }
}

/// `(criterion, level)`, the level being absent where it is empty.
pub fn rating(competency: &str, criteria: &[(&str, &str)]) -> Rating {
    let criterion = |(criterion, level): &(&str, &str)| CriterionRating {
        criterion: (*criterion).to_owned(),
        level: (!level.is_empty()).then(|| (*level).to_owned()),
        comment: String::new(),
    };
    Rating { competency: competency.to_owned(), criteria: criteria.iter().map(criterion).collect() }
}

/// A voting member of whom nothing else is true.
pub fn member(id: u128) -> JuryMember {
    let person = User {
        id: Uuid::from_u128(1_000_000 + id),
        email: format!("membre{id}@jury.test"),
        given_name: "Membre".to_owned(),
        family_name: id.to_string(),
    };
    let profile = MemberProfile { voting: true, ..MemberProfile::default() };
    JuryMember { attendance: Attendance::Accepted, ..profile.member(Uuid::from_u128(id), &person) }
}

/// A candidate whom nobody knows.
pub fn candidate(id: u128) -> Candidate {
    Candidate {
        id: Uuid::from_u128(id),
        student: Uuid::from_u128(2_000_000 + id),
        name: format!("Candidat {id}"),
        has_dossier: true,
        companies: Vec::new(),
        tutors: Vec::new(),
        trainers: Vec::new(),
        links: Vec::new(),
    }
}

/// What is wrong, as `field: code`.
pub fn wrong<T>(result: Result<T, Vec<Fault>>) -> Vec<String> {
    let faults = result.err().unwrap_or_default();
    faults.iter().map(|fault| format!("{}: {}", fault.field, fault.code)).collect()
}
