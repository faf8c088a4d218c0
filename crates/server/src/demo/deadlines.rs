//! The dates that the manager has set for each cohort: some have passed, some are near.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use domain::deadline::{DeadlineKind, DeadlineTerms};
use store::{Db, certification::Published};
use uuid::Uuid;

use super::{
    calendar::{Calendar, after, before, working_day},
    students::{COHORTS, Student},
};

/// The cohort whose files are due soonest, by its place.
const SOON: usize = 3;
/// The student who leaves early, by cohort and place: what is still asked for no longer fits.
const LEAVING: (usize, usize) = (2, 7);

/// Sets the dates of the cohort that has just been opened.
pub async fn set(
    db: &Db,
    by: Uuid,
    published: &Published,
    (place, cohort): (usize, Uuid),
    calendar: &Calendar,
) -> Result<()> {
    let cohort = store::cohort::find(db, &[published.organisation].into(), cohort)
        .await?
        .context("the cohort exists")?;
    let today = calendar.today;
    let date = |kind, label: &str, block: Option<&String>, due_on| DeadlineTerms {
        kind,
        label: Some(label.to_owned()),
        block: block.cloned(),
        due_on: working_day(due_on),
    };
    let mut dates =
        vec![date(DeadlineKind::Visit, "Visite de mi-parcours", None, after(today, 18))];
    if let Some(block) = published.certification.blocks.first() {
        let first = Some(&block.code);
        let asked = DeadlineKind::SelfAssessment;
        dates.push(date(asked, "Première auto-évaluation", first, before(today, 20)));
        dates.push(date(asked, "Auto-évaluation complète", None, after(today, 75)));
    }
    let (label, due_on) = if place == SOON {
        ("Dossier intermédiaire", after(today, 32))
    } else {
        ("Dossier pour le jury", before(cohort.ends_on, 45))
    };
    dates.push(date(DeadlineKind::Deposit, label, None, due_on));
    for terms in dates {
        store::deadline::create(db, by, &cohort, terms, None).await?;
    }
    Ok(())
}

/// Last day of a student's path.
pub fn path_ends_on(student: &Student, calendar: &Calendar) -> NaiveDate {
    if (student.cohort, student.place) == LEAVING {
        after(calendar.today, 66)
    } else {
        COHORTS[student.cohort].ends_on(calendar)
    }
}
