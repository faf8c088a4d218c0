//! Conditions beside the blocks.

use std::collections::BTreeMap;

use domain::certification::{CefrLevel, PeriodKind, Requirement, RequirementRule};
use domain::enrolment::LearnerStatus;

use crate::names::Names;
use crate::table::Table;

const PERIODS: [(&str, PeriodKind); 3] = [
    ("abroad", PeriodKind::Abroad),
    ("professional", PeriodKind::Professional),
    ("company", PeriodKind::Company),
];

const STATUSES: [(&str, LearnerStatus); 5] = [
    ("student", LearnerStatus::Student),
    ("apprentice", LearnerStatus::Apprentice),
    ("trainee", LearnerStatus::Trainee),
    ("employee", LearnerStatus::Employee),
    ("candidate", LearnerStatus::Candidate),
];

const CEFR: [(&str, CefrLevel); 6] = [
    ("A1", CefrLevel::A1),
    ("A2", CefrLevel::A2),
    ("B1", CefrLevel::B1),
    ("B2", CefrLevel::B2),
    ("C1", CefrLevel::C1),
    ("C2", CefrLevel::C2),
];

/// What a requirement is about, before its own keys are read.
#[derive(Clone, Copy)]
enum Kind {
    Weeks,
    CompanyPeriod,
    Language,
    Document,
}

pub(crate) fn requirements(file: &mut Table<'_>) -> Vec<Requirement> {
    let mut names = Names::new("[[requirement]]");
    file.tables("requirement", "[[requirement]]", |table| {
        let key = table.text("key");
        names.give(&key, table.faults);
        Requirement {
            key: key.value,
            label: table.text("label").value,
            text: table.text("text").value,
            rule: rule(table),
        }
    })
}

fn rule(table: &mut Table<'_>) -> RequirementRule {
    let kind = table.choice(
        "kind",
        &[
            ("document", Kind::Document),
            ("company_period", Kind::CompanyPeriod),
            ("weeks", Kind::Weeks),
            ("language", Kind::Language),
        ],
    );
    match kind.value {
        Kind::Document => RequirementRule::Document,
        Kind::CompanyPeriod => RequirementRule::CompanyPeriod,
        Kind::Weeks => {
            RequirementRule::Weeks { of: table.choice("of", &PERIODS).value, minimum: weeks(table) }
        }
        Kind::Language => {
            let language = table.text("language");
            let code = language.value.as_str();
            let is_code = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase());
            if !is_code && !code.is_empty() {
                table.faults.add(
                    language.at,
                    "une langue s’écrit par son code de deux lettres, par exemple « en »",
                );
            }
            RequirementRule::Language {
                language: language.value,
                minimum: table.choice("minimum", &CEFR).value,
            }
        }
    }
}

/// Weeks by status; whoever is not named is not asked for any.
fn weeks(table: &mut Table<'_>) -> BTreeMap<LearnerStatus, u32> {
    let minimum = table.table("minimum", "minimum", |minimum| {
        let weeks: BTreeMap<_, _> = STATUSES
            .iter()
            .filter_map(|(word, status)| {
                minimum.number(word, 1..=520).map(|weeks| (*status, weeks.value))
            })
            .collect();
        if !STATUSES.iter().any(|(word, _)| minimum.has(word)) {
            minimum
                .fault("« minimum » ne nomme aucun statut : écrivez { student = 16 } par exemple");
        }
        weeks
    });
    if !table.has("minimum") {
        table.fault("il manque « minimum » : écrivez minimum = { student = 16 } par exemple");
    }
    minimum.unwrap_or_default()
}
