//! A badge of the last thing that a student obtained, which they show with their name.

use anyhow::Result;
use domain::credential::Shown;
use store::{
    Db,
    credential::{Signing, issue, of_enrolment, share},
    enrolment::Enrolled,
};
use uuid::Uuid;

/// What else they obtained is left to the manager, who finds it among what can be issued.
pub async fn issue_last(db: &Db, signing: &Signing, by: Uuid, enrolled: &Enrolled) -> Result<()> {
    let Some(award) = of_enrolment(db, enrolled).await?.issuable.pop() else { return Ok(()) };
    let badge = issue(db, signing, by, enrolled, award.subject).await?;
    let shown = Shown { holder: true, competencies: true };
    share(db, enrolled.enrolment.student.id, badge.id, badge.version, shown).await?;
    Ok(())
}
