//! Competencies, and the blocks that assess them.

use std::collections::BTreeMap;

use domain::certification::{
    Block, BlockCompetency, Competency, CompetencyKind, Criterion, Deliverable, Modality,
};

use crate::file::{activities, plain, plains};
use crate::names::Names;
use crate::table::Table;

/// What a block refers to.
pub(crate) struct Context<'a> {
    pub(crate) levels: &'a Names,
    pub(crate) profiles: &'a Names,
    pub(crate) competencies: &'a [Competency],
    pub(crate) names: &'a Names,
    /// Whether every block must have what a jury needs.
    pub(crate) complete: bool,
}

/// The competencies of the whole file, and their keys.
pub(crate) fn competencies(file: &mut Table<'_>) -> (Vec<Competency>, Names) {
    const KINDS: [(&str, CompetencyKind); 3] = [
        ("specific", CompetencyKind::Specific),
        ("transversal", CompetencyKind::Transversal),
        ("attitude", CompetencyKind::Attitude),
    ];

    let mut names = Names::new("[[competency]]");
    let competencies = file.tables("competency", "[[competency]]", |table| {
        let key = table.text("key");
        names.give(&key, table.faults);
        Competency {
            key: key.value,
            code: plain(table.optional_text("code")),
            kind: table
                .optional_choice("kind", &KINDS)
                .map_or(CompetencyKind::Specific, |kind| kind.value),
            text: table.text("text").value,
            criteria: criteria(table),
        }
    });
    (competencies, names)
}

/// Criteria, whose keys are their numbers from 1.
fn criteria(table: &mut Table<'_>) -> Vec<Criterion> {
    let mut criteria: Vec<Criterion> = Vec::new();
    for text in table.texts("criteria") {
        if criteria.iter().any(|criterion| criterion.text == text.value) {
            table.faults.add(text.at, "ce critère est écrit deux fois : n’en gardez qu’un");
        }
        criteria.push(Criterion::plain((criteria.len() + 1).to_string(), text.value));
    }
    criteria
}

pub(crate) fn blocks(file: &mut Table<'_>, context: &Context<'_>) -> Vec<Block> {
    let mut codes = Names::new("[[block]]");
    let mut modality_keys = Names::new("[[block.modality]]");
    file.tables("block", "[[block]]", |table| {
        let code = table.text("code");
        codes.give(&code, table.faults);
        let title = table.text("title").value;
        let activities = activities(table);
        let mut assessed = Names::new("ce bloc");
        let competencies = block_competencies(table, context, &mut assessed);
        if context.complete && competencies.is_empty() {
            table.fault("ce bloc n’a aucune compétence : listez leurs clés dans « competencies »");
        }
        let transversal = transversal(table, context, &mut assessed);
        Block {
            code: code.value,
            title,
            activities,
            competencies,
            transversal,
            modalities: modalities(table, &assessed, &mut modality_keys),
        }
    })
}

fn block_competencies(
    table: &mut Table<'_>,
    context: &Context<'_>,
    assessed: &mut Names,
) -> Vec<BlockCompetency> {
    let units = table.texts_or_tables(
        "competencies",
        "competencies",
        |key| (key, None, BTreeMap::new()),
        |unit| {
            let key = unit.text("key");
            let required = unit.optional_text("required_level");
            if let Some(level) = &required {
                context.levels.refer(level, unit.faults);
            }
            let by_profile = unit.pairs("by_profile");
            for (profile, level) in &by_profile {
                context.profiles.refer(profile, unit.faults);
                context.levels.refer(level, unit.faults);
            }
            let by_profile = by_profile
                .into_iter()
                .map(|(profile, level)| (profile.value, level.value))
                .collect();
            (key, plain(required), by_profile)
        },
    );

    let mut texts: Vec<(&str, &str)> = Vec::new();
    for (key, ..) in &units {
        context.names.refer(key, table.faults);
        assessed.give(key, table.faults);
        let Some(competency) = context.competencies.iter().find(|one| one.key == key.value) else {
            continue;
        };
        let twin = texts.iter().find(|(_, text)| *text == competency.text);
        if let Some((twin, _)) = twin.filter(|(twin, _)| *twin != key.value) {
            table.faults.add(
                key.at,
                format!(
                    "« {} » et « {twin} » ont le même texte dans ce bloc : n’en gardez qu’une",
                    key.value
                ),
            );
        }
        texts.push((&competency.key, &competency.text));
    }

    units
        .into_iter()
        .map(|(key, required_level, required_by_profile)| BlockCompetency {
            competency: key.value,
            required_level,
            required_by_profile,
        })
        .collect()
}

/// Transversal competencies that are also assessed in the block.
fn transversal(table: &mut Table<'_>, context: &Context<'_>, assessed: &mut Names) -> Vec<String> {
    let keys = table.texts("transversal");
    for key in &keys {
        context.names.refer(key, table.faults);
        assessed.give(key, table.faults);
        let competency = context.competencies.iter().find(|one| one.key == key.value);
        if competency.is_some_and(|one| one.kind != CompetencyKind::Transversal) {
            table.faults.add(
                key.at,
                format!(
                    "« {} » n’est pas une compétence transversale : déplacez-la dans \
                     « competencies »",
                    key.value
                ),
            );
        }
    }
    plains(keys)
}

fn modalities(table: &mut Table<'_>, assessed: &Names, keys: &mut Names) -> Vec<Modality> {
    table.tables("modality", "[[block.modality]]", |table| {
        let key = table.text("key");
        keys.give(&key, table.faults);
        let group = table.flag("group");
        Modality {
            key: key.value,
            label: table.text("label").value,
            text: table.text("text").value,
            covers: covers(table, assessed),
            deliverables: deliverables(table, group),
            presentation_minutes: count(table, "presentation_minutes", 600),
            interview_minutes: count(table, "interview_minutes", 600),
            min_professionals: count(table, "min_professionals", 100),
            group,
        }
    })
}

/// What the modality names, or all that the block assesses where it names nothing.
fn covers(table: &mut Table<'_>, assessed: &Names) -> Vec<String> {
    let mut covered = Names::new("« covers »");
    let keys = table.texts("covers");
    if keys.is_empty() {
        return assessed.given().to_vec();
    }
    for key in &keys {
        assessed.refer(key, table.faults);
        covered.give(key, table.faults);
    }
    plains(keys)
}

/// A text is handed in by each student, unless the modality is a group's.
fn deliverables(table: &mut Table<'_>, group: bool) -> Vec<Deliverable> {
    table.texts_or_tables(
        "deliverables",
        "deliverables",
        |label| Deliverable { label: label.value, individual: !group },
        |deliverable| Deliverable {
            label: deliverable.text("label").value,
            individual: deliverable.required_flag("individual").unwrap_or(!group),
        },
    )
}

fn count(table: &mut Table<'_>, key: &'static str, most: u32) -> Option<u32> {
    table.number(key, 1..=most).map(|number| number.value)
}
