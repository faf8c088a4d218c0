//! Names that parts of a file give and refer to, and what was meant by a misspelt one.

use crate::fault::Faults;
use crate::table::At;

/// Names that one part of the file gives and others refer to.
pub(crate) struct Names {
    /// Where they are given, as it is written in the file (`[[scale]]`).
    section: &'static str,
    given: Vec<String>,
}

impl Names {
    pub(crate) fn new(section: &'static str) -> Self {
        Self { section, given: Vec::new() }
    }

    pub(crate) fn of(section: &'static str, given: impl IntoIterator<Item = String>) -> Self {
        Self { section, given: given.into_iter().collect() }
    }

    /// Gives a name, which must be new.
    pub(crate) fn give(&mut self, name: &At<String>, faults: &Faults<'_>) {
        if self.given.contains(&name.value) {
            faults.add(
                name.at,
                format!(
                    "« {} » est déjà dans {} : donnez un autre nom ou n’en gardez qu’un",
                    name.value, self.section
                ),
            );
        } else if !name.value.is_empty() {
            self.given.push(name.value.clone());
        }
    }

    /// Refers to a name, which must have been given.
    pub(crate) fn refer(&self, name: &At<String>, faults: &Faults<'_>) {
        if !self.given.contains(&name.value) && !name.value.is_empty() {
            let advice = closest(&name.value, &self.given).map_or_else(
                || "ajoutez-y ce nom ou corrigez-le".to_owned(),
                |given| format!("vouliez-vous dire « {given} » ?"),
            );
            faults.add(
                name.at,
                format!("« {} » n’existe pas dans {} : {advice}", name.value, self.section),
            );
        }
    }

    pub(crate) fn given(&self) -> &[String] {
        &self.given
    }
}

/// The word that was probably meant: at most two letters away, and not another word altogether.
pub(crate) fn closest<'w, W: AsRef<str>>(written: &str, words: &'w [W]) -> Option<&'w str> {
    words
        .iter()
        .map(AsRef::as_ref)
        .map(|word| (distance(written, word), word))
        .filter(|(distance, word)| *distance <= 2 && 2 * *distance < word.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Edit distance of Levenshtein.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (line, l) in left.chars().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (column, r) in right.chars().enumerate() {
            let changed = diagonal + usize::from(l != r);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.chars().count()]
}
