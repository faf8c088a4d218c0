//! The demonstration school: five cohorts that prepare the five certifications of the catalogue.
//!
//! Everything is made through the store, like everyone does it, with the clock set to when it
//! happened; the same seed and the same day make the same school.

mod assessments;
mod calendar;
mod credentials;
mod deadlines;
mod dice;
mod dossiers;
mod evidence;
mod files;
mod grids;
mod juries;
pub mod mails;
mod notes;
mod people;
mod places;
mod planned_juries;
mod records;
mod story;
mod students;
mod templates;
mod texts;
mod themes;
mod visits;

use std::{fs, io::ErrorKind, path::Path};

use anyhow::{Context, Result};
use chrono::{NaiveDate, NaiveTime};
use domain::{ambient::ManualClock, person::Role};
use serde::Deserialize;
use store::{Db, credential::Signing};

use self::calendar::Calendar;

/// Where the list of people is kept in the data folder.
const FILE: &str = "demo.json";

/// Fills an empty database with the story of the school up to `today`, and leaves the clock there.
pub async fn fill(
    db: &Db,
    signing: &Signing,
    clock: &ManualClock,
    today: NaiveDate,
    password: &str,
) -> Result<api::Demo> {
    let calendar = Calendar::new(today);
    let story = story::tell(db, signing, clock, calendar, password).await?;
    clock.set(today.and_time(NaiveTime::MIN).and_utc());
    let people = notes::people(db, &story, &calendar).await?;
    Ok(api::Demo { password: password.to_owned(), people })
}

/// Keeps the list of people in the data folder, for later starts.
pub fn save(folder: &Path, demo: &api::Demo) -> Result<()> {
    let path = folder.join(FILE);
    fs::write(&path, serde_json::to_vec_pretty(demo)?)
        .with_context(|| format!("le fichier {} ne peut pas être écrit", path.display()))
}

/// The list of people, if the data folder is one of a demonstration.
pub fn load(folder: &Path) -> Result<Option<api::Demo>> {
    let path = folder.join(FILE);
    let kept = match fs::read(&path) {
        Ok(kept) => kept,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let kept: Kept = serde_json::from_slice(&kept)
        .with_context(|| format!("le fichier {} est abîmé", path.display()))?;
    let Kept { password, people } = kept;
    Ok(Some(api::Demo { password, people: people.into_iter().map(Into::into).collect() }))
}

/// [`api::Demo`] as it is read back.
#[derive(Deserialize)]
struct Kept {
    password: String,
    people: Vec<KeptPerson>,
}

#[derive(Deserialize)]
struct KeptPerson {
    email: String,
    given_name: String,
    family_name: String,
    role: Role,
    note: String,
    certification: Option<String>,
    featured: bool,
}

impl From<KeptPerson> for api::DemoPerson {
    fn from(kept: KeptPerson) -> Self {
        let KeptPerson { email, given_name, family_name, role, note, certification, featured } =
            kept;
        Self { email, given_name, family_name, role, note, certification, featured }
    }
}

#[cfg(test)]
mod tests;
