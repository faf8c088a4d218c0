//! What happened last on the paths of many students, in a fixed number of statements.

use std::collections::HashMap;

use domain::{attention::Activity, evidence::EvidenceStatus};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, prelude::DateTimeUtc,
};
use uuid::Uuid;

use crate::{
    Db, Result, convert,
    entity::{assessments, evidence},
};

#[derive(FromQueryResult)]
struct Touched {
    enrolment_id: Uuid,
    status: String,
    updated_at: DateTimeUtc,
}

#[derive(FromQueryResult)]
struct Signed {
    enrolment_id: Uuid,
    last: Option<DateTimeUtc>,
}

/// The activity on each enrolment that has any.
pub async fn activity(db: &Db, enrolments: &[Uuid]) -> Result<HashMap<Uuid, Activity>> {
    let touched = {
        use evidence::Column::{EnrolmentId, Status, UpdatedAt};
        evidence::Entity::find()
            .select_only()
            .columns([EnrolmentId, Status, UpdatedAt])
            .filter(EnrolmentId.is_in(enrolments.iter().copied()))
            .into_model::<Touched>()
            .all(db.read())
            .await?
    };
    let signed = {
        use assessments::Column::{EnrolmentId, SignedAt};
        assessments::Entity::find()
            .select_only()
            .column(EnrolmentId)
            .column_as(SignedAt.max(), "last")
            .filter(EnrolmentId.is_in(enrolments.iter().copied()))
            .group_by(EnrolmentId)
            .into_model::<Signed>()
            .all(db.read())
            .await?
    };
    let mut found: HashMap<Uuid, Activity> = HashMap::new();
    for row in touched {
        let activity = found.entry(row.enrolment_id).or_default();
        activity.last = activity.last.max(Some(row.updated_at));
        match convert::from_text(&row.status)? {
            EvidenceStatus::Returned => activity.returned.push(row.updated_at),
            EvidenceStatus::Submitted => activity.waiting.push(row.updated_at),
            EvidenceStatus::Draft | EvidenceStatus::Accepted => {}
        }
    }
    for row in signed {
        let activity = found.entry(row.enrolment_id).or_default();
        activity.last = activity.last.max(row.last);
    }
    Ok(found)
}
