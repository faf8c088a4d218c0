//! The evidence of an enrolment: searched, filtered, page by page.

use std::collections::HashMap;

use authz::Sight;
use domain::{
    evidence::{
        CompetencyLink, EvidenceContent, EvidenceKind, EvidenceStatus, EvidenceSummary, FileInfo,
        Visibility,
    },
    progress::EvidenceCount,
    search,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{ExprTrait, LikeExpr, SelectStatement},
};
use uuid::Uuid;

use super::{content, links_of, status_of};
use crate::{
    Db, Result, convert,
    entity::{evidence, evidence_competencies, evidence_revisions, files},
    page::{Page, Paged},
};

/// What narrows a list of evidence.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What the reader may open.
    pub sight: Sight,
    /// The reader is the student, who sees drafts, and what is being changed as it is now.
    pub own: bool,
    /// Words that are all in the title, the text or the organisation.
    pub text: Option<String>,
    pub kind: Option<EvidenceKind>,
    pub status: Option<EvidenceStatus>,
    /// Key of a competency.
    pub competency: Option<String>,
    pub block: Option<InBlock>,
    /// Only what is handed in as the deliverable of a modality.
    pub deliverable: bool,
    pub newest_first: bool,
}

/// What an evidence has to do with a block: it shows a competency, or is a deliverable.
#[derive(Debug, Clone)]
pub struct InBlock {
    pub competencies: Vec<String>,
    pub modalities: Vec<String>,
}

/// Part of a list, with what is said of the whole.
#[derive(Debug, Clone)]
pub struct Found {
    pub page: Paged<EvidenceSummary>,
    /// How many there are in each status, whichever status is asked for.
    pub statuses: EvidenceCount,
    /// Confidential ones that the reader may not open. Whatever is searched, so that a search tells
    /// nothing of them.
    pub hidden: u32,
}

/// The evidence of an enrolment.
pub async fn list(db: &Db, enrolment: Uuid, filter: &Filter, page: Page) -> Result<Found> {
    use evidence::Column::{Id, Status};
    let matching = matching(enrolment, filter);
    let rows = matching
        .clone()
        .apply_if(filter.status, |query, status| query.filter(Status.eq(convert::text(status))));
    let rows = if filter.newest_first {
        rows.apply_if(page.after, |query, after| query.filter(Id.lt(after))).order_by_desc(Id)
    } else {
        rows.apply_if(page.after, |query, after| query.filter(Id.gt(after))).order_by_asc(Id)
    };
    let rows = page.cut(rows.limit(page.fetch()).all(db.read()).await?, |row| row.id);
    Ok(Found {
        page: Paged { items: summaries(db, rows.items, filter.own).await?, next: rows.next },
        statuses: statuses(db, matching).await?,
        hidden: hidden(db, enrolment, filter.sight).await?,
    })
}

/// Everything that the filter asks for but the status.
fn matching(enrolment: Uuid, filter: &Filter) -> Select<evidence::Entity> {
    use evidence::Column::{DeliverableOf, EnrolmentId, Id, Kind, Status};
    let Filter {
        sight,
        own,
        text,
        kind,
        status: _,
        competency,
        block,
        deliverable,
        newest_first: _,
    } = filter;
    let shows = |keys: &[String]| -> SelectStatement {
        evidence_competencies::Entity::find()
            .select_only()
            .column(evidence_competencies::Column::EvidenceId)
            .filter(evidence_competencies::Column::EnrolmentId.eq(enrolment))
            .filter(evidence_competencies::Column::Competency.is_in(keys))
            .into_query()
    };
    let handed_in = [EvidenceStatus::Submitted, EvidenceStatus::Accepted].map(convert::text);
    evidence::Entity::find()
        .filter(EnrolmentId.eq(enrolment))
        .filter(seen_with(*sight))
        .apply_if((!own).then_some(()), |query, ()| {
            query.filter(Status.ne(convert::text(EvidenceStatus::Draft)))
        })
        .apply_if(text.as_deref(), |query, text| query.filter(holds(text, *own)))
        .apply_if(*kind, |query, kind| query.filter(Kind.eq(convert::text(kind))))
        .apply_if(competency.as_ref(), |query, key| {
            query.filter(Id.in_subquery(shows(std::slice::from_ref(key))))
        })
        .apply_if(block.as_ref(), |query, InBlock { competencies, modalities }| {
            query.filter(
                Condition::any()
                    .add(Id.in_subquery(shows(competencies)))
                    .add(DeliverableOf.is_in(modalities)),
            )
        })
        .apply_if(deliverable.then_some(()), |query, ()| {
            query.filter(DeliverableOf.is_not_null()).filter(Status.is_in(handed_in))
        })
}

/// What [`Sight::covers`] says, for the database.
fn seen_with(sight: Sight) -> Condition {
    let seen = [Visibility::Open, Visibility::Company, Visibility::School]
        .into_iter()
        .filter(|visibility| sight.covers(*visibility))
        .map(convert::text);
    Condition::all().add(evidence::Column::Visibility.is_in(seen))
}

/// Each word is somewhere in it; nobody but the student searches what is not handed in.
fn holds(text: &str, own: bool) -> Condition {
    let column = if own { evidence::Column::Searched } else { evidence::Column::SearchedHandedIn };
    search::words(text).into_iter().fold(Condition::all(), |all, word| {
        let word = word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        all.add(column.into_expr().like(LikeExpr::new(format!("%{word}%")).escape('\\')))
    })
}

async fn statuses(db: &Db, matching: Select<evidence::Entity>) -> Result<EvidenceCount> {
    let rows: Vec<(String, i64)> = matching
        .select_only()
        .column(evidence::Column::Status)
        .column_as(evidence::Column::Id.count(), "count")
        .group_by(evidence::Column::Status)
        .into_tuple()
        .all(db.read())
        .await?;
    let mut counts = EvidenceCount::default();
    for (status, count) in rows {
        *counts.of_mut(convert::from_text(&status)?) = convert::count(count);
    }
    Ok(counts)
}

async fn hidden(db: &Db, enrolment: Uuid, sight: Sight) -> Result<u32> {
    let count = evidence::Entity::find()
        .filter(evidence::Column::EnrolmentId.eq(enrolment))
        .filter(evidence::Column::Status.ne(convert::text(EvidenceStatus::Draft)))
        .filter(seen_with(sight).not())
        .count(db.read())
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

#[derive(FromQueryResult)]
struct FileCount {
    evidence_id: Uuid,
    files: i64,
}

/// Adds the competencies and the number of files. Who is not the student gets what is being changed
/// as it was handed in last.
async fn summaries(db: &Db, rows: Vec<evidence::Model>, own: bool) -> Result<Vec<EvidenceSummary>> {
    let connection = db.read();
    let mut links = links_of(connection, rows.iter().map(|row| row.id)).await?;
    let files: HashMap<Uuid, i64> = files::Entity::find()
        .select_only()
        .column(files::Column::EvidenceId)
        .column_as(files::Column::Id.count(), "files")
        .filter(files::Column::EvidenceId.is_in(rows.iter().map(|row| row.id)))
        .filter(files::Column::RemovedAt.is_null())
        .group_by(files::Column::EvidenceId)
        .into_model::<FileCount>()
        .all(connection)
        .await?
        .into_iter()
        .map(|count| (count.evidence_id, count.files))
        .collect();
    let returned = convert::text(EvidenceStatus::Returned);
    let changing = rows.iter().filter(|row| !own && row.status == returned).map(|row| row.id);
    let mut handed_in: HashMap<Uuid, evidence_revisions::Model> = HashMap::new();
    for revision in evidence_revisions::Entity::find()
        .filter(evidence_revisions::Column::EvidenceId.is_in(changing))
        .order_by_asc(evidence_revisions::Column::Number)
        .all(connection)
        .await?
    {
        handed_in.insert(revision.evidence_id, revision);
    }
    rows.into_iter()
        .map(|row| {
            let competencies = links.remove(&row.id).unwrap_or_default();
            let (content, files) = if let Some(last) = handed_in.remove(&row.id) {
                let files: Vec<FileInfo> = convert::from_json(last.files)?;
                (convert::from_json::<EvidenceContent>(last.content)?, files.len())
            } else {
                let count = files.get(&row.id).copied().unwrap_or_default();
                (content(&row, competencies)?, usize::try_from(count).unwrap_or_default())
            };
            Ok(EvidenceSummary {
                id: row.id,
                enrolment_id: row.enrolment_id,
                kind: content.kind,
                status: status_of(&row)?,
                title: content.title,
                starts_on: content.starts_on,
                ends_on: content.ends_on,
                organisation: content.organisation,
                competencies: content
                    .competencies
                    .into_iter()
                    .map(|CompetencyLink { competency, .. }| competency)
                    .collect(),
                files: u32::try_from(files).unwrap_or(u32::MAX),
                deliverable_of: row.deliverable_of,
                visibility: convert::from_text(&row.visibility)?,
                revision: convert::count(row.revision.into()),
                created_at: row.created_at,
                updated_at: row.updated_at,
                version: row.version,
            })
        })
        .collect()
}
