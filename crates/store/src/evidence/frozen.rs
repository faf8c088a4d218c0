//! Evidence as a dossier freezes it: as it was handed in last.

use std::collections::HashMap;

use domain::{
    dossier::{frozen::FrozenEvidence, paths},
    evidence::{EvidenceContent, EvidenceStatus, FileInfo},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{history_of, status_of};
use crate::{
    Db, Error, Result, convert,
    enrolment::named,
    entity::{evidence, evidence_revisions},
    people,
};

/// What an enrolment has handed in, in the order of its first submission: a fixed number of
/// statements. What is in the student's hands again is left out.
pub(crate) async fn frozen(db: &Db, enrolment: Uuid) -> Result<Vec<FrozenEvidence>> {
    let connection = db.read();
    let handed_in = [EvidenceStatus::Submitted, EvidenceStatus::Accepted].map(convert::text);
    let rows = evidence::Entity::find()
        .filter(evidence::Column::EnrolmentId.eq(enrolment))
        .filter(evidence::Column::Status.is_in(handed_in))
        .all(connection)
        .await?;
    let mut rows: HashMap<Uuid, evidence::Model> =
        rows.into_iter().map(|row| (row.id, row)).collect();
    let revisions = evidence_revisions::Entity::find()
        .filter(evidence_revisions::Column::EvidenceId.is_in(rows.keys().copied()))
        .order_by_asc(evidence_revisions::Column::SubmittedAt)
        .order_by_asc(evidence_revisions::Column::EvidenceId)
        .all(connection)
        .await?;
    // By the first submission; each holds the last one.
    let mut order: Vec<Uuid> = Vec::new();
    let mut last: HashMap<Uuid, evidence_revisions::Model> = HashMap::new();
    for revision in revisions {
        let id = revision.evidence_id;
        let newest = last.get(&id).is_none_or(|known| known.number < revision.number);
        if !last.contains_key(&id) {
            order.push(id);
        }
        if newest {
            last.insert(id, revision);
        }
    }
    let users = people::users(connection, last.values().map(|row| row.submitted_by)).await?;
    let mut history = history_of(connection, order.iter().copied()).await?;
    let mut frozen = Vec::with_capacity(order.len());
    let mut files: Vec<Vec<FileInfo>> = Vec::with_capacity(order.len());
    for id in order {
        let (Some(row), Some(revision)) = (rows.remove(&id), last.remove(&id)) else {
            return Err(Error::NotFound);
        };
        files.push(convert::from_json(revision.files)?);
        frozen.push(FrozenEvidence {
            id,
            revision: convert::count(revision.number.into()),
            submitted_at: revision.submitted_at,
            submitted_by: named(&users, revision.submitted_by)?,
            content: convert::from_json::<EvidenceContent>(revision.content)?,
            status: status_of(&row)?,
            deliverable_of: row.deliverable_of,
            files: Vec::new(),
            history: history.remove(&id).unwrap_or_default(),
        });
    }
    let titles = frozen.iter().map(|evidence| evidence.content.title.as_str());
    let placed = paths::placed(titles.zip(files).collect());
    for (evidence, files) in frozen.iter_mut().zip(placed) {
        evidence.files = files;
    }
    Ok(frozen)
}
