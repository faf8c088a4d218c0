//! What progress is computed from, in a fixed number of statements.

use std::collections::{BTreeSet, HashMap};

use domain::{
    evidence::EvidenceFact,
    progress::{Facts, RatingFact},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    prelude::{Date, DateTimeUtc, Json},
};
use uuid::Uuid;

use crate::{
    Db, Error, Result, convert,
    entity::{assessment_ratings, enrolments, evidence, evidence_competencies},
    grid,
};

/// The facts of one student, and the version of the enrolment that they belong to.
pub async fn facts(db: &Db, enrolment: Uuid) -> Result<(Facts, i32)> {
    // One moment for all: otherwise the version could be newer than the facts.
    let snapshot = db.snapshot().await?;
    let version = enrolments::Entity::find_by_id(enrolment)
        .select_only()
        .column(enrolments::Column::Version)
        .into_tuple()
        .one(&snapshot)
        .await?
        .ok_or(Error::NotFound)?;
    let mut facts = read(db, &snapshot, &[enrolment]).await?;
    snapshot.commit().await?;
    know_grids(db, &mut facts).await?;
    Ok((facts.remove(&enrolment).unwrap_or_default(), version))
}

/// The facts of many students.
pub async fn facts_of_many(db: &Db, enrolments: &[Uuid]) -> Result<HashMap<Uuid, Facts>> {
    let mut facts = read(db, db.read(), enrolments).await?;
    know_grids(db, &mut facts).await?;
    Ok(facts)
}

/// The evidence of many students, within a transaction that goes on.
pub(crate) async fn evidence_of(
    connection: &impl ConnectionTrait,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, Vec<EvidenceFact>>> {
    use evidence::Column::{
        CefrLevel, Country, DeliverableOf, EndsOn, EnrolmentId, Id, InCompany, Kind, Language,
        Requirements, StartsOn, Status, ValidUntil, Visibility,
    };
    let rows = evidence::Entity::find()
        .select_only()
        .columns([
            Id,
            EnrolmentId,
            Kind,
            Status,
            StartsOn,
            EndsOn,
            Country,
            InCompany,
            Language,
            CefrLevel,
            ValidUntil,
            Requirements,
            DeliverableOf,
            Visibility,
        ])
        .filter(EnrolmentId.is_in(enrolments.iter().copied()))
        .into_model::<EvidenceRow>()
        .all(connection)
        .await?;
    let mut evidence: HashMap<Uuid, Vec<EvidenceFact>> = HashMap::new();
    for row in rows {
        evidence.entry(row.enrolment_id).or_default().push(row.fact()?);
    }
    Ok(evidence)
}

/// Adds the grids that ratings stand on: at most one statement, whatever is not cached yet.
async fn know_grids(db: &Db, facts: &mut HashMap<Uuid, Facts>) -> Result<()> {
    let of = |facts: &Facts| -> BTreeSet<Uuid> {
        facts.ratings.iter().filter_map(|rating| rating.grid).collect()
    };
    let grids = grid::published(db, facts.values().flat_map(of).collect()).await?;
    for facts in facts.values_mut() {
        let known = |id: Uuid| grids.get(&id).map(|grid| (id, grid.clone()));
        facts.grids = of(facts).into_iter().filter_map(known).collect();
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct EvidenceRow {
    id: Uuid,
    enrolment_id: Uuid,
    kind: String,
    status: String,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
    country: Option<String>,
    in_company: bool,
    language: Option<String>,
    cefr_level: Option<String>,
    valid_until: Option<Date>,
    requirements: Json,
    deliverable_of: Option<String>,
    visibility: String,
}

impl EvidenceRow {
    fn fact(self) -> Result<EvidenceFact> {
        Ok(EvidenceFact {
            id: self.id,
            kind: convert::from_text(&self.kind)?,
            status: convert::from_text(&self.status)?,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            country: self.country,
            in_company: self.in_company,
            language: self.language,
            cefr_level: self.cefr_level.as_deref().map(convert::from_text).transpose()?,
            valid_until: self.valid_until,
            requirements: convert::from_json(self.requirements)?,
            modality: self.deliverable_of,
            visibility: convert::from_text(&self.visibility)?,
        })
    }
}

#[derive(FromQueryResult)]
struct LinkRow {
    enrolment_id: Uuid,
    competency: String,
    evidence_id: Uuid,
}

#[derive(FromQueryResult)]
struct RatingRow {
    enrolment_id: Uuid,
    block: String,
    competency: String,
    kind: String,
    assessment_id: Uuid,
    lowest: Option<i32>,
    weighted: Option<i32>,
    grid_id: Option<Uuid>,
    assessed_on: Date,
    signed_at: Option<DateTimeUtc>,
}

async fn read(
    db: &Db,
    connection: &impl ConnectionTrait,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, Facts>> {
    let today = db.ambient.today();
    let mut facts: HashMap<Uuid, Facts> =
        enrolments.iter().map(|id| (*id, Facts { today, ..Facts::default() })).collect();
    for (enrolment, evidence) in evidence_of(connection, enrolments).await? {
        facts.entry(enrolment).or_default().evidence = evidence;
    }
    let rows = {
        use evidence_competencies::Column::{Competency, EnrolmentId, EvidenceId};
        evidence_competencies::Entity::find()
            .select_only()
            .columns([EnrolmentId, Competency, EvidenceId])
            .filter(EnrolmentId.is_in(enrolments.iter().copied()))
            .into_model::<LinkRow>()
            .all(connection)
            .await?
    };
    for row in rows {
        let links = &mut facts.entry(row.enrolment_id).or_default().links;
        links.push((row.evidence_id, row.competency));
    }
    let rows = {
        use assessment_ratings::Column::{
            AssessedOn, AssessmentId, Block, Competency, EnrolmentId, GridId, Kind, Lowest,
            SignedAt, Superseded, Weighted,
        };
        assessment_ratings::Entity::find()
            .select_only()
            .columns([
                EnrolmentId,
                Block,
                Competency,
                Kind,
                AssessmentId,
                Lowest,
                Weighted,
                GridId,
                AssessedOn,
                SignedAt,
            ])
            .filter(EnrolmentId.is_in(enrolments.iter().copied()))
            .filter(SignedAt.is_not_null())
            .filter(Superseded.eq(false))
            .into_model::<RatingRow>()
            .all(connection)
            .await?
    };
    for row in rows {
        let (Some(lowest), Some(signed_at)) = (row.lowest, row.signed_at) else { continue };
        facts.entry(row.enrolment_id).or_default().ratings.push(RatingFact {
            block: row.block,
            competency: row.competency,
            assessor: convert::from_text(&row.kind)?,
            lowest: usize::try_from(lowest).unwrap_or_default(),
            weighted: row.weighted.and_then(|weighted| u32::try_from(weighted).ok()),
            grid: row.grid_id,
            assessment: row.assessment_id,
            assessed_on: row.assessed_on,
            signed_at,
        });
    }
    Ok(facts)
}
