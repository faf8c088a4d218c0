//! What is wrong with an input, said so that a person can mend it.

use serde::{Deserialize, Serialize};

/// One thing that is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fault {
    /// Path of the field in the request (`competencies[0].justification`).
    pub field: String,
    /// Stable, for programs.
    pub code: &'static str,
    /// A French sentence.
    pub detail: String,
}

/// Whether something that is not right stops what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Blocks,
    Warns,
}

impl Fault {
    pub fn new(field: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { field: field.into(), code, detail: detail.into() }
    }
}

/// Gathers faults, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, field: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.0.push(Fault::new(field, code, detail));
    }

    /// The text is not blank and has at most `max` characters.
    pub fn text(&mut self, field: &str, value: &str, max: usize) {
        if value.trim().is_empty() {
            self.add(field, "required", "Ce champ est obligatoire.");
        }
        self.at_most(field, value, max);
    }

    /// The text has at most `max` characters.
    pub fn at_most(&mut self, field: impl Into<String>, value: &str, max: usize) {
        let length = value.chars().count();
        if length > max {
            self.add(
                field,
                "too_long",
                format!("Ce texte a {length} caractères ; la limite est de {max}."),
            );
        } else if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.add(field, "bad_character", "Ce texte contient un caractère invisible à retirer.");
        }
    }

    /// The day is one that a calendar of today speaks of.
    pub fn day(&mut self, field: &str, day: Option<chrono::NaiveDate>) {
        use chrono::Datelike;

        if day.is_some_and(|day| !(1900..=2200).contains(&day.year())) {
            self.add(field, "bad_date", "Cette date n’est pas entre 1900 et 2200.");
        }
    }

    /// Both days are well formed, and the end is not before the start.
    pub fn period(
        &mut self,
        field: &str,
        start: Option<chrono::NaiveDate>,
        end: Option<chrono::NaiveDate>,
    ) {
        self.day("starts_on", start);
        self.day(field, end);
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            self.add(field, "end_before_start", "La date de fin est avant la date de début.");
        }
    }

    pub fn into_result(self) -> Result<(), Vec<Fault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
