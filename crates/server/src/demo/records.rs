//! What juries of earlier years validated: one student comes back for the missing blocks, another
//! has them all.

use anyhow::{Context, Result};
use chrono::Months;
use domain::{capitalisation::ValidatedBlock, certification::Certification};

use super::{
    calendar::{Calendar, working_day},
    students::Student,
};

/// Cohort and place of who validated a first block long ago; it ends in the year to come.
const BACK: (usize, usize) = (0, 1);
/// Cohort and place of who holds every block.
const GRADUATE: (usize, usize) = (3, 1);

/// What this student brings along, if anything.
pub fn brought(
    student: &Student,
    certification: &Certification,
    calendar: &Calendar,
) -> Result<Vec<ValidatedBlock>> {
    let (blocks, months) = match (student.cohort, student.place) {
        BACK => (1, 12 * 5 - 8),
        GRADUATE => (certification.blocks.len(), 6),
        _ => return Ok(Vec::new()),
    };
    let day = calendar.today.checked_sub_months(Months::new(months)).context("a day")?;
    let validated = certification.blocks.iter().take(blocks).map(|block| ValidatedBlock {
        block: block.code.clone(),
        validated_on: working_day(day),
        transversal: block.transversal.clone(),
    });
    Ok(validated.collect())
}
