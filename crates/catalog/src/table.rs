//! Reading one TOML table: each getter notes what is wrong and goes on with a stand-in, so that
//! one pass finds every fault of a file, in French, which a derived deserializer cannot do.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::Faults;
use crate::names::closest;

/// A value and the byte where it stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) at: usize,
}

/// One table of the file, with the keys that were asked of it.
pub(crate) struct Table<'a> {
    pub(crate) at: usize,
    pub(crate) faults: &'a Faults<'a>,
    /// The table's name as it is written in the file (`[[block]]`).
    name: &'static str,
    values: &'a DeTable<'a>,
    known: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// Reads a table whole: whatever `fields` did not ask for is an unknown key.
    pub(crate) fn read<T>(
        faults: &'a Faults<'a>,
        name: &'static str,
        at: usize,
        values: &'a DeTable<'a>,
        fields: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mut table = Self { at, faults, name, values, known: Vec::new() };
        let value = fields(&mut table);
        for (key, _) in values {
            if !table.known.iter().any(|known| *known == key.get_ref().as_ref()) {
                let advice = closest(key.get_ref(), &table.known).map_or_else(
                    || format!("les clés possibles sont {}", table.known.join(", ")),
                    |known| format!("vouliez-vous dire « {known} » ?"),
                );
                faults.add(
                    key.span().start,
                    format!("clé inconnue « {} » dans {name} : {advice}", key.get_ref()),
                );
            }
        }
        value
    }

    /// Notes a fault on the whole table.
    pub(crate) fn fault(&self, reason: impl Into<String>) {
        self.faults.add(self.at, reason);
    }

    pub(crate) fn text(&mut self, key: &'static str) -> At<String> {
        if !self.has(key) {
            self.missing(key);
        }
        self.optional_text(key).unwrap_or(At { value: String::new(), at: self.at })
    }

    pub(crate) fn optional_text(&mut self, key: &'static str) -> Option<At<String>> {
        self.value(key).and_then(|value| self.as_text(key, value))
    }

    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        self.items(key, LIST).into_iter().filter_map(|value| self.as_text(key, value)).collect()
    }

    /// False where the key is absent.
    pub(crate) fn flag(&mut self, key: &'static str) -> bool {
        self.optional_flag(key).unwrap_or(false)
    }

    pub(crate) fn required_flag(&mut self, key: &'static str) -> Option<bool> {
        if !self.has(key) {
            self.missing(key);
        }
        self.optional_flag(key)
    }

    fn optional_flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(key, value, "true ou false, sans guillemets");
        }
        flag
    }

    pub(crate) fn number(
        &mut self,
        key: &'static str,
        range: RangeInclusive<u32>,
    ) -> Option<At<u32>> {
        let value = self.value(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|integer| u32::from_str_radix(integer.as_str(), integer.radix()).ok())
            .filter(|number| range.contains(number));
        if number.is_none() {
            let expected =
                format!("un nombre entier de {} à {}, sans guillemets", range.start(), range.end());
            self.wrong(key, value, &expected);
        }
        number.map(|number| At { value: number, at: value.span().start })
    }

    pub(crate) fn date(&mut self, key: &'static str) -> Option<At<NaiveDate>> {
        let value = self.value(key)?;
        let date = value
            .get_ref()
            .as_datetime()
            .filter(|datetime| datetime.time.is_none())
            .and_then(|datetime| datetime.date)
            .and_then(|date| {
                NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
            });
        if date.is_none() {
            self.wrong(key, value, "une date sans guillemets, par exemple 2026-09-01");
        }
        date.map(|date| At { value: date, at: value.span().start })
    }

    /// One of a few words; the first stands in for a wrong one.
    pub(crate) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> At<T> {
        if !self.has(key) {
            self.missing(key);
        }
        self.optional_choice(key, choices).unwrap_or(At { value: choices[0].1, at: self.at })
    }

    pub(crate) fn optional_choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<At<T>> {
        let text = self.optional_text(key)?;
        let found = choices.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let words: Vec<String> =
                choices.iter().map(|(word, _)| format!("« {word} »")).collect();
            self.faults.add(
                text.at,
                format!("« {key} » ne peut pas valoir « {} » : écrivez {}", text.value, or(&words)),
            );
        }
        found.map(|(_, value)| At { value: *value, at: text.at })
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// A table whose keys are data too, each with a text (`by_profile = { data = "acquis" }`).
    pub(crate) fn pairs(&mut self, key: &'static str) -> Vec<(At<String>, At<String>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(values) = value.get_ref().as_table() else {
            self.wrong(key, value, &shape(key));
            return Vec::new();
        };
        values
            .iter()
            .filter_map(|(name, value)| {
                let name = At { value: name.get_ref().to_string(), at: name.span().start };
                Some((name, self.as_text(key, value)?))
            })
            .collect()
    }

    pub(crate) fn table<T>(
        &mut self,
        key: &'static str,
        name: &'static str,
        fields: impl FnOnce(&mut Table<'a>) -> T,
    ) -> Option<T> {
        let value = self.value(key)?;
        let Some(values) = value.get_ref().as_table() else {
            self.wrong(key, value, &shape(name));
            return None;
        };
        Some(Table::read(self.faults, name, value.span().start, values, fields))
    }

    /// The tables that are written one by one under `[[key]]`, or in a list of `{ … }`.
    pub(crate) fn tables<T>(
        &mut self,
        key: &'static str,
        name: &'static str,
        mut fields: impl FnMut(&mut Table<'a>) -> T,
    ) -> Vec<T> {
        self.items(key, &shape(name))
            .into_iter()
            .filter_map(|value| {
                let Some(values) = value.get_ref().as_table() else {
                    self.wrong(key, value, &shape(name));
                    return None;
                };
                Some(Table::read(self.faults, name, value.span().start, values, &mut fields))
            })
            .collect()
    }

    /// A list whose items are a text, or a table where there is more to say.
    pub(crate) fn texts_or_tables<T>(
        &mut self,
        key: &'static str,
        name: &'static str,
        from_text: impl Fn(At<String>) -> T,
        fields: impl Fn(&mut Table<'a>) -> T,
    ) -> Vec<T> {
        self.items(key, LIST)
            .into_iter()
            .filter_map(|value| match value.get_ref().as_table() {
                Some(values) => {
                    Some(Table::read(self.faults, name, value.span().start, values, &fields))
                }
                None => self.as_text(key, value).map(&from_text),
            })
            .collect()
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.values.get(key)
    }

    fn items(&mut self, key: &'static str, expected: &str) -> Vec<&'a Spanned<DeValue<'a>>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(key, value, expected);
            return Vec::new();
        };
        items.iter().collect()
    }

    /// Trimmed, so that a long text may be written between two lines of quotes.
    fn as_text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<At<String>> {
        let at = value.span().start;
        let Some(text) = value.get_ref().as_str().map(str::trim) else {
            self.wrong(key, value, "un texte entre guillemets");
            return None;
        };
        if text.is_empty() {
            self.faults.add(at, format!("« {key} » est vide : écrivez le texte ou retirez la clé"));
            return None;
        }
        Some(At { value: text.to_owned(), at })
    }

    fn missing(&self, key: &str) {
        self.fault(format!("il manque la clé « {key} » dans {}", self.name));
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        self.faults.add(value.span().start, format!("« {key} » doit être {expected}"));
    }
}

const LIST: &str = "une liste entre crochets";

/// How a table of this name is written.
fn shape(name: &str) -> String {
    if name.starts_with("[[") {
        format!("écrit {name}, avec deux crochets")
    } else if name.starts_with('[') {
        format!("écrit {name}, une seule fois")
    } else {
        "écrit entre accolades".to_owned()
    }
}

/// `a, b ou c`.
fn or(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} ou {last}", first.join(", ")),
    }
}
