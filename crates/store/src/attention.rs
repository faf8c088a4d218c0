//! What happened last on the paths of many students, in a fixed number of statements.

use std::collections::HashMap;

use domain::{
    assessment::{AssessmentStatus, AssessorKind},
    attention::{Activity, BegunGrid, Undecided},
    evidence::EvidenceStatus,
};
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
    visibility: String,
    updated_at: DateTimeUtc,
}

#[derive(FromQueryResult)]
struct Signed {
    enrolment_id: Uuid,
    last: Option<DateTimeUtc>,
}

#[derive(FromQueryResult)]
struct Begun {
    enrolment_id: Uuid,
    block: String,
    kind: String,
    assessor_id: Uuid,
}

/// The activity on each enrolment that has any.
pub async fn activity(db: &Db, enrolments: &[Uuid]) -> Result<HashMap<Uuid, Activity>> {
    let touched = {
        use evidence::Column::{EnrolmentId, Status, UpdatedAt, Visibility};
        evidence::Entity::find()
            .select_only()
            .columns([EnrolmentId, Status, Visibility, UpdatedAt])
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
    let begun = {
        use assessments::Column::{AssessorId, Block, EnrolmentId, Kind, Status};
        assessments::Entity::find()
            .select_only()
            .columns([EnrolmentId, Block, Kind, AssessorId])
            .filter(EnrolmentId.is_in(enrolments.iter().copied()))
            .filter(Status.eq(convert::text(AssessmentStatus::Draft)))
            .filter(Kind.ne(convert::text(AssessorKind::Student)))
            .into_model::<Begun>()
            .all(db.read())
            .await?
    };
    let mut found: HashMap<Uuid, Activity> = HashMap::new();
    for row in touched {
        let activity = found.entry(row.enrolment_id).or_default();
        activity.last = activity.last.max(Some(row.updated_at));
        match convert::from_text(&row.status)? {
            EvidenceStatus::Returned => activity.returned.push(row.updated_at),
            EvidenceStatus::Submitted => activity.waiting.push(Undecided {
                since: row.updated_at,
                visibility: convert::from_text(&row.visibility)?,
            }),
            EvidenceStatus::Draft | EvidenceStatus::Accepted => {}
        }
    }
    for row in signed {
        let activity = found.entry(row.enrolment_id).or_default();
        activity.last = activity.last.max(row.last);
    }
    for Begun { enrolment_id, block, kind, assessor_id: assessor } in begun {
        let grid = BegunGrid { block, assessor, kind: convert::from_text(&kind)? };
        found.entry(enrolment_id).or_default().begun.push(grid);
    }
    Ok(found)
}
