//! Grids that schools own: what a school puts over a certification version, which itself never
//! changes.
//!
//! A grid is drafted, then published under a number; a published one never changes. An assessment
//! stands for ever on the grid it was started on.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    certification::{
        AssessorRule, Block, BlockCompetency, Certification, CompetencyKind, Criterion, Level,
    },
    enrolment::CertificationRef,
    fault::{Fault, Faults},
    person::User,
};

pub const LEVELS_MAX: usize = 8;
pub const CRITERIA_MAX: usize = 30;
pub const WEIGHT_MAX: u32 = 100;
const KEY_MAX: usize = 100;
const LABEL_MAX: usize = 100;
const DESCRIPTION_MAX: usize = 1_000;
const CRITERION_MAX: usize = 2_000;
const DESCRIPTOR_MAX: usize = 500;

/// draft → published, which gives it its number. A published grid never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GridStatus {
    Draft,
    Published,
}

/// The grid is published: nothing changes it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a published grid never changes")]
pub struct AlreadyPublished;

impl GridStatus {
    pub fn edit(self) -> Result<(), AlreadyPublished> {
        match self {
            Self::Draft => Ok(()),
            Self::Published => Err(AlreadyPublished),
        }
    }
}

/// One version of a school's grid, without what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Grid {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub certification: CertificationRef,
    pub status: GridStatus,
    /// From 1 on, given by the publication.
    pub number: Option<u32>,
    pub created_by: User,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub published_by: Option<User>,
    pub published_at: Option<DateTime<Utc>>,
    pub version: i32,
}

/// What a grid says of a certification version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GridContent {
    /// Levels from the lowest to the highest.
    pub levels: Vec<Level>,
    /// Key of the level that a competency must reach unless `required` says otherwise.
    pub required_level: String,
    pub assessors: AssessorRule,
    /// The criteria of every competency of the certification.
    pub competencies: Vec<GridCompetency>,
    /// Required levels that differ from `required_level`.
    #[serde(default)]
    pub required: Vec<GridRequirement>,
    /// Where competencies are assessed that the certification puts in no block.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
}

/// How one competency is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GridCompetency {
    /// Key of the competency.
    pub competency: String,
    pub criteria: Vec<Criterion>,
}

/// The level that is asked for in one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GridRequirement {
    /// Code of the block.
    pub block: String,
    /// Key of the competency.
    pub competency: String,
    /// Key of the level; the grid's own where absent.
    #[serde(default)]
    pub level: Option<String>,
    /// Key of the level by profile key, where a profile differs.
    #[serde(default)]
    pub by_profile: BTreeMap<String, String>,
}

/// A competency that is assessed in a block although the source puts it in none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mapping {
    /// Key of the competency.
    pub competency: String,
    /// Code of the block.
    pub block: String,
}

/// A certification with the grid that stands over it: what every rule of this crate works with.
#[derive(Debug, Clone)]
pub struct Effective {
    /// None where it is the certification's own.
    pub grid: Option<Uuid>,
    /// 0 where it is the certification's own.
    pub number: u32,
    /// As the grid makes it.
    pub certification: Arc<Certification>,
    /// As it was published.
    pub original: Arc<Certification>,
}

impl Effective {
    /// The certification alone.
    pub fn original(certification: Arc<Certification>) -> Self {
        Self {
            grid: None,
            number: 0,
            certification: certification.clone(),
            original: certification,
        }
    }

    /// The certification with a published grid over it.
    pub fn graded(
        grid: Uuid,
        number: u32,
        content: &GridContent,
        original: Arc<Certification>,
    ) -> Self {
        let certification = Arc::new(content.apply(&original));
        Self { grid: Some(grid), number, certification, original }
    }
}

impl GridContent {
    /// What the certification itself says, to start from.
    pub fn of(certification: &Certification) -> Self {
        let requirement = |block: &Block, unit: &BlockCompetency| {
            let BlockCompetency { competency, required_level, required_by_profile } = unit.clone();
            let differs = required_level.is_some() || !required_by_profile.is_empty();
            differs.then(|| GridRequirement {
                block: block.code.clone(),
                competency,
                level: required_level,
                by_profile: required_by_profile,
            })
        };
        Self {
            levels: certification.levels.clone(),
            required_level: certification.required_level.clone(),
            assessors: certification.assessors,
            competencies: certification
                .competencies
                .iter()
                .map(|competency| GridCompetency {
                    competency: competency.key.clone(),
                    criteria: competency.criteria(),
                })
                .collect(),
            required: certification
                .blocks
                .iter()
                .flat_map(|block| block.competencies.iter().map(move |unit| (block, unit)))
                .filter_map(|(block, unit)| requirement(block, unit))
                .collect(),
            mappings: Vec::new(),
        }
    }

    /// The certification as this grid makes it. What does not fit the certification is left out, so
    /// that a draft can be looked at whatever it lacks.
    pub fn apply(&self, certification: &Certification) -> Certification {
        let mut graded = certification.clone();
        graded.levels.clone_from(&self.levels);
        graded.required_level.clone_from(&self.required_level);
        graded.assessors = self.assessors;
        for competency in &mut graded.competencies {
            let given = self.competencies.iter().find(|it| it.competency == competency.key);
            // A competency that is judged as a whole stays so until its criteria change.
            if let Some(given) = given
                && given.criteria != competency.criteria()
            {
                competency.criteria.clone_from(&given.criteria);
            }
        }
        for Mapping { competency, block } in &self.mappings {
            let kind = certification.competency(competency).map(|competency| competency.kind);
            let block = graded.blocks.iter_mut().find(|found| found.code == *block);
            let (Some(kind), Some(block)) = (kind, block) else { continue };
            if certification.is_in_a_block(competency) || block.assesses(competency) {
                continue;
            }
            // Only what is specific counts in the block, as in the certifications themselves.
            if kind == CompetencyKind::Specific {
                block.competencies.push(BlockCompetency {
                    competency: competency.clone(),
                    required_level: None,
                    required_by_profile: BTreeMap::new(),
                });
            } else {
                block.transversal.push(competency.clone());
            }
        }
        for block in &mut graded.blocks {
            for unit in &mut block.competencies {
                let given = self.required_in(&block.code, &unit.competency);
                unit.required_level = given.and_then(|given| given.level.clone());
                unit.required_by_profile =
                    given.map(|given| given.by_profile.clone()).unwrap_or_default();
            }
        }
        graded
    }

    fn required_in(&self, block: &str, competency: &str) -> Option<&GridRequirement> {
        self.required.iter().find(|it| it.block == block && it.competency == competency)
    }

    /// What every saved draft must satisfy: it speaks of this certification, once of each thing,
    /// and stays within the limits. It may still lack texts.
    pub fn check(&self, certification: &Certification) -> Result<(), Vec<Fault>> {
        let mut faults = Faults::default();
        self.check_levels(&mut faults);
        self.check_competencies(certification, &mut faults);
        self.check_mappings(certification, &mut faults);
        self.check_required(certification, &mut faults);
        faults.into_result()
    }

    /// What a publication must satisfy beside: nothing is left blank, and weights are whole.
    pub fn check_publication(&self, certification: &Certification) -> Result<(), Vec<Fault>> {
        self.check(certification)?;
        let mut faults = Faults::default();
        let required = "Ce champ est obligatoire.";
        for (index, level) in self.levels.iter().enumerate() {
            if level.label.trim().is_empty() {
                faults.add(format!("levels[{index}].label"), "required", required);
            }
        }
        for (index, given) in self.competencies.iter().enumerate() {
            let weighted = given.criteria.iter().any(|criterion| criterion.weight.is_some());
            for (inner, criterion) in given.criteria.iter().enumerate() {
                let field = format!("competencies[{index}].criteria[{inner}]");
                if criterion.text.trim().is_empty() {
                    faults.add(format!("{field}.text"), "required", required);
                }
                if weighted && criterion.weight.is_none() {
                    faults.add(
                        format!("{field}.weight"),
                        "weight_missing",
                        "Donnez un poids à chaque critère de cette compétence, ou à aucun.",
                    );
                }
            }
        }
        faults.into_result()
    }

    fn check_levels(&self, faults: &mut Faults) {
        if !(2..=LEVELS_MAX).contains(&self.levels.len()) {
            faults.add(
                "levels",
                "level_count",
                format!("Une échelle a entre 2 et {LEVELS_MAX} niveaux."),
            );
        }
        let mut seen = BTreeSet::new();
        let mut labels = BTreeSet::new();
        for (index, level) in self.levels.iter().enumerate() {
            let field = format!("levels[{index}]");
            faults.text(&format!("{field}.key"), &level.key, KEY_MAX);
            if !seen.insert(&level.key) {
                faults.add(format!("{field}.key"), "repeated", "Deux niveaux ont la même clé.");
            }
            let label = level.label.trim();
            if !label.is_empty() && !labels.insert(label.to_lowercase()) {
                faults.add(format!("{field}.label"), "repeated", "Deux niveaux ont le même nom.");
            }
            faults.at_most(format!("{field}.label"), &level.label, LABEL_MAX);
            let description = level.description.as_deref().unwrap_or_default();
            faults.at_most(format!("{field}.description"), description, DESCRIPTION_MAX);
        }
        self.check_level("required_level".to_owned(), &self.required_level, faults);
    }

    fn check_level(&self, field: String, key: &str, faults: &mut Faults) {
        if !self.levels.iter().any(|level| level.key == key) {
            faults.add(
                field,
                "level_outside_scale",
                "Ce niveau n’est plus dans l’échelle de la grille : choisissez-en un autre.",
            );
        }
    }

    fn check_competencies(&self, certification: &Certification, faults: &mut Faults) {
        let mut seen = BTreeSet::new();
        for (index, given) in self.competencies.iter().enumerate() {
            let field = format!("competencies[{index}]");
            if certification.competency(&given.competency).is_none() {
                unknown_competency(&field, &given.competency, faults);
            } else if !seen.insert(&given.competency) {
                faults.add(
                    format!("{field}.competency"),
                    "repeated",
                    "Cette compétence est décrite deux fois.",
                );
            }
            if given.criteria.is_empty() {
                faults.add(
                    format!("{field}.criteria"),
                    "no_criterion",
                    "Une compétence garde au moins un critère.",
                );
            }
            if given.criteria.len() > CRITERIA_MAX {
                faults.add(
                    format!("{field}.criteria"),
                    "too_many",
                    format!("Au plus {CRITERIA_MAX} critères par compétence."),
                );
            }
            let mut keys = BTreeSet::new();
            for (inner, criterion) in given.criteria.iter().enumerate() {
                let field = format!("{field}.criteria[{inner}]");
                if !keys.insert(&criterion.key) {
                    faults.add(
                        format!("{field}.key"),
                        "repeated",
                        "Deux critères ont la même clé.",
                    );
                }
                self.check_criterion(&field, criterion, faults);
            }
        }
        for competency in &certification.competencies {
            if !seen.contains(&competency.key) {
                faults.add(
                    "competencies",
                    "competency_missing",
                    format!("La compétence « {} » manque dans la grille.", competency.key),
                );
            }
        }
    }

    fn check_criterion(&self, field: &str, criterion: &Criterion, faults: &mut Faults) {
        faults.text(&format!("{field}.key"), &criterion.key, KEY_MAX);
        faults.at_most(format!("{field}.text"), &criterion.text, CRITERION_MAX);
        if criterion.weight.is_some_and(|weight| !(1..=WEIGHT_MAX).contains(&weight)) {
            faults.add(
                format!("{field}.weight"),
                "weight_out_of_range",
                format!("Un poids est un nombre entre 1 et {WEIGHT_MAX}."),
            );
        }
        for (level, text) in &criterion.descriptors {
            let field = format!("{field}.descriptors.{level}");
            self.check_level(field.clone(), level, faults);
            faults.at_most(field, text, DESCRIPTOR_MAX);
        }
    }

    fn check_mappings(&self, certification: &Certification, faults: &mut Faults) {
        let mut seen = BTreeSet::new();
        for (index, mapping) in self.mappings.iter().enumerate() {
            let field = format!("mappings[{index}]");
            if certification.competency(&mapping.competency).is_none() {
                unknown_competency(&field, &mapping.competency, faults);
            } else if certification.is_in_a_block(&mapping.competency) {
                faults.add(
                    format!("{field}.competency"),
                    "already_in_block",
                    "La certification évalue déjà cette compétence dans un bloc : seules celles \
                     qui ne sont dans aucun bloc se rattachent.",
                );
            }
            if certification.block(&mapping.block).is_none() {
                unknown_block(&field, &mapping.block, faults);
            }
            if !seen.insert(mapping) {
                faults.add(field, "repeated", "Ce rattachement est donné deux fois.");
            }
        }
    }

    fn check_required(&self, certification: &Certification, faults: &mut Faults) {
        let graded = self.apply(certification);
        let mut seen = BTreeSet::new();
        for (index, given) in self.required.iter().enumerate() {
            let field = format!("required[{index}]");
            match graded.block(&given.block) {
                None => unknown_block(&field, &given.block, faults),
                Some(block) => {
                    let counts =
                        block.competencies.iter().any(|unit| unit.competency == given.competency);
                    if !counts {
                        faults.add(
                            format!("{field}.competency"),
                            "competency_not_in_block",
                            format!(
                                "La compétence « {} » n’est pas dans le bloc {}.",
                                given.competency, block.code
                            ),
                        );
                    }
                }
            }
            if !seen.insert((&given.block, &given.competency)) {
                faults.add(
                    field.clone(),
                    "repeated",
                    "Le niveau requis de cette compétence est donné deux fois.",
                );
            }
            if let Some(level) = &given.level {
                self.check_level(format!("{field}.level"), level, faults);
            }
            for (profile, level) in &given.by_profile {
                let field = format!("{field}.by_profile.{profile}");
                if !certification.has_profile(profile) {
                    faults.add(field.clone(), "unknown_profile", "Ce profil n’existe pas.");
                }
                self.check_level(field, level, faults);
            }
        }
    }

    /// What a publication would change for the people who work on `before`.
    pub fn changes(&self, before: &Self, certification: &Certification) -> GridChanges {
        let mut changes = GridChanges {
            assessors: self.assessors != before.assessors,
            levels: self.levels != before.levels,
            mappings_added: count(self.mappings.iter().filter(|it| !before.mappings.contains(it))),
            mappings_removed: count(
                before.mappings.iter().filter(|it| !self.mappings.contains(it)),
            ),
            ..GridChanges::default()
        };
        for given in &self.competencies {
            let earlier = before.competencies.iter().find(|it| it.competency == given.competency);
            let earlier = earlier.map(|it| it.criteria.as_slice()).unwrap_or_default();
            changes.count_criteria(earlier, &given.criteria);
        }
        let (old, new) = (before.apply(certification), self.apply(certification));
        for block in &new.blocks {
            let Some(old_block) = old.block(&block.code) else { continue };
            for unit in &block.competencies {
                let key = &unit.competency;
                if !old_block.assesses(key) {
                    continue;
                }
                let profiles = new.profiles.iter().map(|profile| Some(profile.key.as_str()));
                for profile in [None].into_iter().chain(profiles) {
                    let was = old.required_level_in(old_block, key, profile);
                    let is = new.required_level_in(block, key, profile);
                    if was == is {
                        continue;
                    }
                    match (new.rank(was), new.rank(is)) {
                        (Some(was), Some(is)) if was < is => changes.required_raised += 1,
                        (Some(_), Some(_)) => changes.required_lowered += 1,
                        _ => changes.required_changed += 1,
                    }
                    // A competency counts once, by the first of its levels that differs.
                    break;
                }
            }
        }
        changes
    }
}

/// How one grid differs from another, in numbers that can be said in a sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GridChanges {
    pub criteria_added: u32,
    pub criteria_removed: u32,
    /// Other words for the same criterion.
    pub criteria_reworded: u32,
    /// Criteria whose descriptors differ.
    pub descriptors: u32,
    /// Criteria whose weight differs.
    pub weights: u32,
    /// Competencies whose criteria stand in another order.
    pub reordered: u32,
    /// The scale differs.
    pub levels: bool,
    /// Competencies in a block whose required level is now higher.
    pub required_raised: u32,
    pub required_lowered: u32,
    /// Competencies in a block whose required level comes from another scale.
    pub required_changed: u32,
    /// Who makes a competency acquired differs.
    pub assessors: bool,
    pub mappings_added: u32,
    pub mappings_removed: u32,
}

impl GridChanges {
    fn count_criteria(&mut self, before: &[Criterion], after: &[Criterion]) {
        let find =
            |list: &[Criterion], key: &str| list.iter().position(|criterion| criterion.key == key);
        self.criteria_removed += count(before.iter().filter(|it| find(after, &it.key).is_none()));
        let mut places = Vec::new();
        for criterion in after {
            let Some(place) = find(before, &criterion.key) else {
                self.criteria_added += 1;
                continue;
            };
            places.push(place);
            self.criteria_reworded += u32::from(before[place].text != criterion.text);
            self.descriptors += u32::from(before[place].descriptors != criterion.descriptors);
            self.weights += u32::from(before[place].weight != criterion.weight);
        }
        self.reordered += u32::from(!places.is_sorted());
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn unknown_competency(field: &str, key: &str, faults: &mut Faults) {
    faults.add(
        format!("{field}.competency"),
        "unknown_competency",
        format!("« {key} » n’est pas une compétence de cette certification."),
    );
}

fn unknown_block(field: &str, code: &str, faults: &mut Faults) {
    faults.add(
        format!("{field}.block"),
        "unknown_block",
        format!("« {code} » n’est pas un bloc de cette certification."),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{BASIC, EXPERT, GOOD, certification, wrong};

    fn original() -> GridContent {
        GridContent::of(&certification())
    }

    fn changed(change: impl FnOnce(&mut GridContent)) -> GridContent {
        let mut content = original();
        change(&mut content);
        content
    }

    fn mapping(competency: &str, block: &str) -> Mapping {
        Mapping { competency: competency.to_owned(), block: block.to_owned() }
    }

    fn requirement(block: &str, competency: &str, level: &str) -> GridRequirement {
        GridRequirement {
            block: block.to_owned(),
            competency: competency.to_owned(),
            level: Some(level.to_owned()),
            by_profile: BTreeMap::new(),
        }
    }

    fn level(key: &str) -> Level {
        Level { key: key.to_owned(), label: key.to_owned(), description: None }
    }

    #[test]
    fn what_the_certification_says_changes_nothing() {
        let certification = certification();
        let content = GridContent::of(&certification);
        assert_eq!(content.apply(&certification), certification);
        assert_eq!(content.check_publication(&certification), Ok(()));
        assert_eq!(content.changes(&content, &certification), GridChanges::default());
    }

    type Change = fn(&mut GridContent);

    #[test]
    #[expect(clippy::too_many_lines, reason = "a row for each rule, nothing else")]
    fn what_a_grid_may_say() {
        let table: [(Change, &[&str]); 22] = [
            (|_| (), &[]),
            (
                |grid| grid.levels.truncate(1),
                &[
                    "levels: level_count",
                    "required_level: level_outside_scale",
                    "required[0].by_profile.expert: level_outside_scale",
                ],
            ),
            (
                |grid| grid.levels.extend((0..6).map(|n| level(&n.to_string()))),
                &["levels: level_count"],
            ),
            (|grid| grid.levels.extend((0..5).map(|n| level(&n.to_string()))), &[]),
            (
                |grid| grid.levels[1].key = BASIC.to_owned(),
                &["levels[1].key: repeated", "required_level: level_outside_scale"],
            ),
            (|grid| grid.levels[1].label = "Basic ".to_owned(), &["levels[1].label: repeated"]),
            (|grid| grid.levels[0].label = "a".repeat(101), &["levels[0].label: too_long"]),
            (
                |grid| grid.required_level = "none".to_owned(),
                &["required_level: level_outside_scale"],
            ),
            (
                |grid| grid.competencies[0].criteria.clear(),
                &["competencies[0].criteria: no_criterion"],
            ),
            (
                |grid| grid.competencies[0].criteria[1].key = "c1".to_owned(),
                &["competencies[0].criteria[1].key: repeated"],
            ),
            (
                |grid| grid.competencies[0].criteria[0].key = " ".to_owned(),
                &["competencies[0].criteria[0].key: required"],
            ),
            (
                |grid| {
                    let more = (0..CRITERIA_MAX).map(|n| Criterion::plain(format!("n{n}"), "n"));
                    grid.competencies[0].criteria.extend(more);
                },
                &["competencies[0].criteria: too_many"],
            ),
            (
                |grid| grid.competencies[0].criteria[0].weight = Some(0),
                &["competencies[0].criteria[0].weight: weight_out_of_range"],
            ),
            (
                |grid| grid.competencies[0].criteria[0].weight = Some(101),
                &["competencies[0].criteria[0].weight: weight_out_of_range"],
            ),
            (
                |grid| {
                    let descriptors = &mut grid.competencies[0].criteria[0].descriptors;
                    descriptors.insert(GOOD.to_owned(), "Seul".to_owned());
                    descriptors.insert("none".to_owned(), "é".repeat(501));
                },
                &[
                    "competencies[0].criteria[0].descriptors.none: level_outside_scale",
                    "competencies[0].criteria[0].descriptors.none: too_long",
                ],
            ),
            (|grid| drop(grid.competencies.pop()), &["competencies: competency_missing"]),
            (
                |grid| grid.competencies[3].competency = "nowhere".to_owned(),
                &[
                    "competencies[3].competency: unknown_competency",
                    "competencies: competency_missing",
                ],
            ),
            (|grid| grid.mappings = vec![mapping("apart", "B1"), mapping("apart", "B2")], &[]),
            (
                |grid| {
                    grid.mappings = vec![
                        mapping("alone", "B2"),
                        mapping("team", "B2"),
                        mapping("nowhere", "B1"),
                        mapping("apart", "B9"),
                        mapping("apart", "B9"),
                    ];
                },
                &[
                    "mappings[0].competency: already_in_block",
                    "mappings[1].competency: already_in_block",
                    "mappings[2].competency: unknown_competency",
                    "mappings[3].block: unknown_block",
                    "mappings[4].block: unknown_block",
                    "mappings[4]: repeated",
                ],
            ),
            (
                |grid| {
                    grid.mappings = vec![mapping("apart", "B2")];
                    grid.required.push(requirement("B2", "apart", EXPERT));
                },
                &[],
            ),
            (
                |grid| {
                    grid.required = vec![
                        requirement("B1", "apart", GOOD),
                        requirement("B1", "team", GOOD),
                        requirement("B9", "alone", GOOD),
                        requirement("B1", "alone", "none"),
                        requirement("B1", "alone", GOOD),
                    ];
                },
                &[
                    "required[0].competency: competency_not_in_block",
                    "required[1].competency: competency_not_in_block",
                    "required[2].block: unknown_block",
                    "required[3].level: level_outside_scale",
                    "required[4]: repeated",
                ],
            ),
            (
                |grid| {
                    let profiles = &mut grid.required[0].by_profile;
                    profiles.insert("none".to_owned(), GOOD.to_owned());
                    profiles.insert("expert".to_owned(), "none".to_owned());
                },
                &[
                    "required[0].by_profile.expert: level_outside_scale",
                    "required[0].by_profile.none: unknown_profile",
                ],
            ),
        ];
        for (index, (change, expected)) in table.into_iter().enumerate() {
            let content = changed(change);
            assert_eq!(wrong(content.check(&certification())), expected, "row {index}");
            assert_eq!(wrong(content.check_publication(&certification())), expected, "row {index}");
        }
    }

    #[test]
    fn a_draft_may_have_blanks_that_a_publication_refuses() {
        let table: [(Change, &[&str]); 4] = [
            (|grid| grid.levels[0].label = "  ".to_owned(), &["levels[0].label: required"]),
            (
                |grid| grid.competencies[1].criteria[0].text.clear(),
                &["competencies[1].criteria[0].text: required"],
            ),
            (
                |grid| grid.competencies[0].criteria[0].weight = Some(3),
                &["competencies[0].criteria[1].weight: weight_missing"],
            ),
            (
                |grid| {
                    for criterion in &mut grid.competencies[0].criteria {
                        criterion.weight = Some(WEIGHT_MAX);
                    }
                },
                &[],
            ),
        ];
        for (change, expected) in table {
            let content = changed(change);
            assert_eq!(content.check(&certification()), Ok(()));
            assert_eq!(wrong(content.check_publication(&certification())), expected);
        }
    }

    #[test]
    fn a_grid_stands_over_the_certification() {
        let content = changed(|grid| {
            grid.levels = vec![level("no"), level("yes")];
            grid.required_level = "yes".to_owned();
            grid.assessors = AssessorRule::CompanyAndSchool;
            grid.competencies[0].criteria = vec![Criterion::plain("c1", "Autrement")];
            grid.competencies[1].criteria[0].descriptors =
                BTreeMap::from([("yes".to_owned(), "Seul".to_owned())]);
            grid.required = vec![requirement("B1", "alone", "no")];
            grid.mappings = vec![mapping("apart", "B2")];
        });
        let graded = content.apply(&certification());
        assert_eq!(graded.rank("yes"), Some(1));
        assert_eq!(graded.assessors, AssessorRule::CompanyAndSchool);
        let criteria = |key: &str| graded.competency(key).expect("it").criteria();
        assert_eq!(criteria("alone"), [Criterion::plain("c1", "Autrement")]);
        assert_eq!(criteria("shared")[0].descriptors["yes"], "Seul");
        let b1 = graded.block("B1").expect("the block");
        let b2 = graded.block("B2").expect("the block");
        assert_eq!(graded.required_level_in(b1, "alone", None), "no");
        // The profile's own level is the grid's to give.
        assert_eq!(graded.required_level_in(b2, "shared", Some("expert")), "yes");
        assert!(b2.competencies.iter().any(|unit| unit.competency == "apart"));
        assert!(graded.is_in_a_block("apart"));
        // Everything else is the certification's.
        assert_eq!(graded.title, certification().title);
        assert_eq!(graded.requirements, certification().requirements);
    }

    #[test]
    fn only_a_specific_competency_counts_where_it_is_mapped() {
        let mut certification = certification();
        let apart = certification.competencies.iter_mut().find(|it| it.key == "apart");
        apart.expect("the competency").kind = CompetencyKind::Transversal;
        let mut content = GridContent::of(&certification);
        content.mappings = vec![mapping("apart", "B2")];
        let graded = content.apply(&certification);
        let block = graded.block("B2").expect("the block");
        assert_eq!(block.transversal, ["apart"]);
        assert_eq!(block.competencies.len(), 1);
        content.required.push(requirement("B2", "apart", GOOD));
        let faults = wrong(content.check(&certification));
        assert_eq!(faults, ["required[1].competency: competency_not_in_block"]);
    }

    #[test]
    fn a_change_is_counted_by_what_it_is() {
        let table: [(Change, GridChanges); 9] = [
            (
                |grid| {
                    grid.competencies[0].criteria.push(Criterion::plain("c3", "c3"));
                    grid.competencies[0].criteria.push(Criterion::plain("c4", "c4"));
                    grid.competencies[0].criteria.remove(0);
                },
                GridChanges { criteria_added: 2, criteria_removed: 1, ..GridChanges::default() },
            ),
            (
                |grid| grid.competencies[0].criteria[0].text = "Autrement".to_owned(),
                GridChanges { criteria_reworded: 1, ..GridChanges::default() },
            ),
            (
                |grid| grid.competencies[0].criteria.reverse(),
                GridChanges { reordered: 1, ..GridChanges::default() },
            ),
            (
                |grid| {
                    let criterion = &mut grid.competencies[0].criteria[0];
                    criterion.weight = Some(2);
                    criterion.descriptors.insert(GOOD.to_owned(), "Seul".to_owned());
                },
                GridChanges { weights: 1, descriptors: 1, ..GridChanges::default() },
            ),
            // `alone` and `shared` in B1, and `shared` in B2 for those without a profile.
            (
                |grid| grid.required_level = EXPERT.to_owned(),
                GridChanges { required_raised: 3, ..GridChanges::default() },
            ),
            (
                |grid| grid.required.push(requirement("B1", "alone", BASIC)),
                GridChanges { required_lowered: 1, ..GridChanges::default() },
            ),
            (
                |grid| grid.required.clear(),
                GridChanges { required_lowered: 1, ..GridChanges::default() },
            ),
            (
                |grid| {
                    grid.levels[1].key = "fine".to_owned();
                    grid.required_level = "fine".to_owned();
                },
                GridChanges { levels: true, required_changed: 3, ..GridChanges::default() },
            ),
            (
                |grid| {
                    grid.assessors = AssessorRule::School;
                    grid.mappings = vec![mapping("apart", "B1"), mapping("apart", "B2")];
                },
                GridChanges { assessors: true, mappings_added: 2, ..GridChanges::default() },
            ),
        ];
        for (index, (change, expected)) in table.into_iter().enumerate() {
            let content = changed(change);
            assert_eq!(content.changes(&original(), &certification()), expected, "row {index}");
        }
        let unmapped = changed(|grid| grid.mappings = vec![mapping("apart", "B1")]);
        let changes = original().changes(&unmapped, &certification());
        assert_eq!(changes, GridChanges { mappings_removed: 1, ..GridChanges::default() });
    }

    #[test]
    fn what_is_published_is_not_edited() {
        assert_eq!(GridStatus::Draft.edit(), Ok(()));
        assert_eq!(GridStatus::Published.edit(), Err(AlreadyPublished));
    }
}
