//! Deposited dossiers: what a jury reads, frozen with its sums.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use authz::Sight;
use chrono::NaiveDate;
use domain::{
    ambient::day_in_france,
    certification::Certification,
    dossier::{
        Deposit, Deposited, DossierAction, DossierInfo, DossierStatus, Reopening, check_reopening,
        frozen::{CERTIFICATION_PATH, DOSSIER_PATH, FORMAT, FrozenDossier, FrozenGrid},
        gate::gates,
        manifest::{Manifest, ManifestEntry},
    },
    enrolment::Enrolment,
    evidence::{EvidenceStatus, FileInfo},
    fault::Fault,
    grid::Effective,
    mail::{Message, Receipt},
    progress::progress,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
    prelude::DateTimeUtc, sea_query::LockType,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, assessment, audit, certification, convert,
    enrolment::{self, Enrolled, named},
    entity::{dossier_files, dossiers, enrolments, jury_candidates, organisations},
    evidence, grid, idempotency, jury,
    mail::{self, Draft, To},
    people, progress as facts, visit,
};

/// How often what is frozen is read anew, where the portfolio changes meanwhile.
const TRIES: usize = 3;

/// What a deposit froze, with the texts that its sums are over.
#[derive(Debug, Clone)]
pub struct Frozen {
    pub dossier: FrozenDossier,
    /// The exact text of `dossier.json`.
    pub content: String,
    pub manifest: Manifest,
}

/// Freezes blocks of a portfolio for the jury, and mails the receipt. No file is read: their sums
/// are known.
///
/// It is put together before the transaction, from reads that come one after the other: whatever
/// changes below an enrolment moves its version on, so that they are of one moment if the version
/// still is the same at the end.
pub async fn deposit(
    db: &Db,
    by: Uuid,
    enrolled: &Enrolled,
    deposit: Deposit,
    once: Option<&Once>,
) -> Result<Uuid> {
    let deposit = Deposit { presentation: deposit.presentation.trim().to_owned(), ..deposit };
    let enrolment = &enrolled.enrolment;
    for _ in 0..TRIES {
        let id = db.ambient.id();
        let (prepared, version) = prepare(db, enrolment, &deposit, id).await?;
        let write = db.write().await?;
        if let Some(made) = idempotency::claim(db, &write, once, id).await? {
            return Ok(made);
        }
        let row = enrolments::Entity::find_by_id(enrolment.id)
            .lock(LockType::NoKeyUpdate)
            .one(&write)
            .await?
            .ok_or(Error::NotFound)?;
        if row.version != version {
            write.rollback().await?;
            continue;
        }
        let Prepared { frozen, receipt } = prepared?;
        insert(&write, by, &frozen).await?;
        enrolment::touch(&write, enrolment.id).await?;
        let after = json!({
            "enrolment": enrolment.id,
            "number": receipt.number,
            "blocks": frozen.dossier.blocks,
            "manifest": receipt.manifest_sha256,
        });
        let draft = Draft {
            to: To::User(enrolment.student.id),
            message: Message::Deposited(receipt),
            key: format!("deposited:{id}"),
        };
        mail::enqueue(db, &write, draft).await?;
        audit::append(
            db,
            &write,
            audit::Entry {
                organisation: enrolment.organisation_id,
                actor: Some(by),
                action: "dossier.deposited",
                subject: ("dossier", id),
                before: None,
                after: Some(after),
            },
        )
        .await?;
        write.commit().await?;
        mail::poke(db);
        return Ok(id);
    }
    Err(Error::conflict(
        "portfolio_moving",
        "Votre portfolio changeait pendant le dépôt, et rien n’a été déposé. Attendez que vos \
         enregistrements soient terminés, puis réessayez.",
    ))
}

/// A dossier that is ready to be written.
struct Prepared {
    frozen: Frozen,
    receipt: Receipt,
}

/// Puts together what is frozen, or says why it cannot be; with the version of the enrolment that
/// it rests on.
async fn prepare(
    db: &Db,
    enrolment: &Enrolment,
    deposit: &Deposit,
    id: Uuid,
) -> Result<(Result<Prepared, Vec<Fault>>, i32)> {
    let (mut facts, version) = facts::facts(db, enrolment.id).await?;
    // Tutors may have changed since the caller looked.
    let scope = [enrolment.organisation_id].into();
    let Enrolled { enrolment, tutors } =
        enrolment::find(db, &scope, enrolment.id).await?.ok_or(Error::NotFound)?;
    let effective = grid::in_force(db, enrolment.certification.id).await?;
    let certification = &*effective.certification;
    let profile = enrolment.profile.as_deref();
    let now = progress(&effective, enrolment.status, profile, &facts);
    let earlier = earlier(db, enrolment.id).await?;
    let number = match deposit.check(certification, &earlier, &gates(certification, &now, &facts)) {
        Ok(number) => number,
        Err(faults) => return Ok((Err(faults), version)),
    };
    // Others read it: a draft stays the student's own, and so do the figures of tutors theirs.
    facts.evidence.retain(|fact| fact.status != EvidenceStatus::Draft);
    facts.ratings.iter_mut().for_each(|rating| rating.weighted = None);
    let progress = progress(&effective, enrolment.status, profile, &facts);
    let source = certification::source(db, enrolment.certification.id).await?;
    let assessments = assessment::signed(db, enrolment.id).await?;
    let grids = assessments.iter().map(|assessment| assessment.grid_id).collect();
    let dossier = FrozenDossier {
        format: FORMAT,
        id,
        number,
        deposited_at: db.ambient.now(),
        organisation: organisation(db, enrolment.organisation_id).await?,
        tutors,
        blocks: in_order(certification, &deposit.blocks),
        presentation: deposit.presentation.clone(),
        certification: certification.clone(),
        grid: effective.number,
        older_grids: older_grids(db, &effective, grids).await?,
        gates: gates(certification, &progress, &facts),
        progress,
        evidence: evidence::frozen(db, enrolment.id).await?,
        assessments,
        enrolment,
    };
    let frozen = seal(dossier, &source)?;
    let receipt = Receipt {
        number,
        blocks: certification
            .blocks
            .iter()
            .filter(|block| frozen.dossier.blocks.contains(&block.code))
            .map(|block| (block.code.clone(), block.title.clone()))
            .collect(),
        at: frozen.dossier.deposited_at,
        manifest_sha256: frozen.manifest.sha256(),
    };
    Ok((Ok(Prepared { frozen, receipt }), version))
}

/// The blocks as the certification orders them.
fn in_order(certification: &Certification, blocks: &[String]) -> Vec<String> {
    let codes = certification.blocks.iter().map(|block| &block.code);
    codes.filter(|code| blocks.contains(code)).cloned().collect()
}

/// The grids that assessments stand on and that are no longer in force.
async fn older_grids(
    db: &Db,
    in_force: &Effective,
    grids: BTreeSet<Option<Uuid>>,
) -> Result<Vec<FrozenGrid>> {
    let mut older: BTreeMap<u32, FrozenGrid> = BTreeMap::new();
    let mut add = |number, certification: &Certification| {
        older.insert(number, FrozenGrid { number, certification: certification.clone() });
    };
    let ids = grids.iter().filter(|grid| **grid != in_force.grid).copied();
    if ids.clone().any(|grid| grid.is_none()) {
        add(0, &in_force.original);
    }
    for grid in grid::published(db, ids.flatten().collect()).await?.values() {
        add(grid.number, &grid.certification);
    }
    Ok(older.into_values().collect())
}

async fn organisation(db: &Db, id: Uuid) -> Result<String> {
    let row = organisations::Entity::find_by_id(id).one(db.read()).await?;
    row.map(|row| row.name).ok_or(Error::NotFound)
}

/// Sums everything up.
fn seal(dossier: FrozenDossier, source: &str) -> Result<Frozen> {
    let content = serde_json::to_string_pretty(&dossier)
        .expect("the values of `domain` have string keys only");
    let files = dossier.evidence.iter().flat_map(|evidence| &evidence.files);
    let entries = files
        .map(|file| ManifestEntry {
            path: file.path.clone(),
            size: file.file.size,
            sha256: file.file.sha256.clone(),
        })
        .chain([
            ManifestEntry::of(DOSSIER_PATH, content.as_bytes()),
            ManifestEntry::of(CERTIFICATION_PATH, source.as_bytes()),
        ])
        .collect();
    let manifest =
        Manifest::new(entries).map_err(|error| Error::Corrupt(format!("manifest: {error}")))?;
    Ok(Frozen { dossier, content, manifest })
}

async fn insert(write: &DatabaseTransaction, by: Uuid, frozen: &Frozen) -> Result<()> {
    let Frozen { dossier, content, manifest } = frozen;
    let organisation = dossier.enrolment.organisation_id;
    dossiers::Entity::insert(dossiers::ActiveModel {
        id: Set(dossier.id),
        organisation_id: Set(organisation),
        enrolment_id: Set(dossier.enrolment.id),
        number: Set(i32::try_from(dossier.number).unwrap_or(i32::MAX)),
        blocks: Set(convert::json(&dossier.blocks)),
        status: Set(convert::text(DossierStatus::Deposited)),
        content: Set(content.clone()),
        manifest: Set(manifest.canonical()),
        manifest_sha256: Set(manifest.sha256()),
        deposited_by: Set(by),
        deposited_at: Set(dossier.deposited_at),
        reopened_by: Set(None),
        reopened_at: Set(None),
        reopen_reason: Set(None),
        version: Set(1),
    })
    .exec_without_returning(write)
    .await?;
    let files = dossier.evidence.iter().flat_map(|evidence| {
        evidence.files.iter().map(|placed| dossier_files::ActiveModel {
            dossier_id: Set(dossier.id),
            path: Set(placed.path.clone()),
            organisation_id: Set(organisation),
            evidence_id: Set(evidence.id),
            file_id: Set(placed.file.id),
            sha256: Set(placed.file.sha256.clone()),
            size: Set(i64::try_from(placed.file.size).unwrap_or(i64::MAX)),
        })
    });
    let files: Vec<_> = files.collect();
    // SQLite takes 32 766 values in one statement, and each row has seven.
    for files in files.chunks(1_000) {
        dossier_files::Entity::insert_many(files.to_vec()).exec_without_returning(write).await?;
    }
    Ok(())
}

/// Takes a dossier back before its session opens, and mails the student why.
pub async fn reopen(db: &Db, by: Uuid, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let reason = reason.trim().to_owned();
    check_reopening(&reason)?;
    let write = db.write().await?;
    let row = dossiers::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    // The step comes first: who reopens twice learns that, not that their version is stale.
    let status = status_of(&row)?.apply(DossierAction::Reopen)?;
    if row.version != version {
        return Err(Error::Stale { current: row.version });
    }
    let (organisation, enrolment, number) = (row.organisation_id, row.enrolment_id, row.number);
    dossiers::ActiveModel {
        status: Set(convert::text(status)),
        reopened_by: Set(Some(by)),
        reopened_at: Set(Some(db.ambient.now())),
        reopen_reason: Set(Some(reason.clone())),
        version: Set(version + 1),
        ..row.into()
    }
    .update(&write)
    .await?;
    let student: Uuid = enrolments::Entity::find_by_id(enrolment)
        .select_only()
        .column(enrolments::Column::StudentId)
        .into_tuple()
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    let manager = people::users(&write, [by]).await?.remove(&by).ok_or(Error::NotFound)?;
    let draft = Draft {
        to: To::User(student),
        message: Message::Reopened {
            number: convert::count(number.into()),
            reason: reason.clone(),
            by: format!("{} {}", manager.given_name, manager.family_name),
        },
        key: format!("reopened:{id}"),
    };
    mail::enqueue(db, &write, draft).await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation,
            actor: Some(by),
            action: "dossier.reopened",
            subject: ("dossier", id),
            before: Some(json!({ "version": version })),
            after: Some(json!({ "version": version + 1, "reason": reason })),
        },
    )
    .await?;
    write.commit().await?;
    mail::poke(db);
    Ok(())
}

/// The session opens: the jury reads them from now on. Its own entry in the audit names them.
pub(crate) async fn present(write: &DatabaseTransaction, dossiers: &[Uuid]) -> Result<()> {
    step(write, dossiers, DossierAction::Present).await
}

/// The session is planned again: they wait for a jury as before. Its own entry in the audit names
/// them.
pub(crate) async fn withdraw(write: &DatabaseTransaction, dossiers: &[Uuid]) -> Result<()> {
    step(write, dossiers, DossierAction::Withdraw).await
}

/// The session closes. Its own entry in the audit names them.
pub(crate) async fn decide(write: &DatabaseTransaction, dossiers: &[Uuid]) -> Result<()> {
    step(write, dossiers, DossierAction::Decide).await
}

async fn step(write: &DatabaseTransaction, ids: &[Uuid], action: DossierAction) -> Result<()> {
    let rows = dossiers::Entity::find()
        .filter(dossiers::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(dossiers::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(write)
        .await?;
    if rows.len() != ids.len() {
        return Err(Error::NotFound);
    }
    for row in rows {
        let status = status_of(&row)?.apply(action)?;
        let version = row.version + 1;
        dossiers::ActiveModel {
            status: Set(convert::text(status)),
            version: Set(version),
            ..row.into()
        }
        .update(write)
        .await?;
    }
    Ok(())
}

fn status_of(row: &dossiers::Model) -> Result<DossierStatus> {
    convert::from_text(&row.status)
}

/// The newest dossier of each enrolment that waits for a session, and its blocks.
pub(crate) async fn pending(
    connection: &impl ConnectionTrait,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, (Uuid, Vec<String>)>> {
    let rows: Vec<(Uuid, Uuid, Value)> = dossiers::Entity::find()
        .select_only()
        .columns([dossiers::Column::EnrolmentId, dossiers::Column::Id, dossiers::Column::Blocks])
        .filter(dossiers::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(dossiers::Column::Status.eq(convert::text(DossierStatus::Deposited)))
        .order_by_asc(dossiers::Column::Number)
        .into_tuple()
        .all(connection)
        .await?;
    // The last one wins.
    rows.into_iter()
        .map(|(enrolment, id, blocks)| Ok((enrolment, (id, convert::from_json(blocks)?))))
        .collect()
}

/// When these students deposited, by enrolment, without what was reopened. One statement.
pub(crate) async fn deposited_on(
    db: &Db,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, Vec<NaiveDate>>> {
    let rows: Vec<(Uuid, DateTimeUtc)> = dossiers::Entity::find()
        .select_only()
        .columns([dossiers::Column::EnrolmentId, dossiers::Column::DepositedAt])
        .filter(dossiers::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(dossiers::Column::Status.ne(convert::text(DossierStatus::Reopened)))
        .into_tuple()
        .all(db.read())
        .await?;
    let mut days: HashMap<Uuid, Vec<NaiveDate>> = HashMap::new();
    for (enrolment, at) in rows {
        days.entry(enrolment).or_default().push(day_in_france(at));
    }
    Ok(days)
}

/// A row without what it froze, which may be long.
#[derive(FromQueryResult)]
struct InfoRow {
    id: Uuid,
    enrolment_id: Uuid,
    number: i32,
    blocks: Value,
    status: String,
    manifest_sha256: String,
    deposited_at: DateTimeUtc,
    reopened_by: Option<Uuid>,
    reopened_at: Option<DateTimeUtc>,
    reopen_reason: Option<String>,
    version: i32,
}

async fn infos(
    connection: &impl ConnectionTrait,
    found: Select<dossiers::Entity>,
) -> Result<Vec<DossierInfo>> {
    use dossiers::Column::{
        Blocks, DepositedAt, EnrolmentId, Id, ManifestSha256, Number, ReopenReason, ReopenedAt,
        ReopenedBy, Status, Version,
    };
    let rows = found
        .select_only()
        .columns([
            Id,
            EnrolmentId,
            Number,
            Blocks,
            Status,
            ManifestSha256,
            DepositedAt,
            ReopenedBy,
            ReopenedAt,
            ReopenReason,
            Version,
        ])
        .order_by_desc(Number)
        .into_model::<InfoRow>()
        .all(connection)
        .await?;
    let users = people::users(connection, rows.iter().filter_map(|row| row.reopened_by)).await?;
    rows.into_iter()
        .map(|row| {
            let reopened = match (row.reopened_at, row.reopened_by, row.reopen_reason) {
                (Some(at), Some(by), Some(reason)) => {
                    Some(Reopening { at, by: named(&users, by)?, reason })
                }
                _ => None,
            };
            Ok(DossierInfo {
                id: row.id,
                enrolment_id: row.enrolment_id,
                number: convert::count(row.number.into()),
                blocks: convert::from_json(row.blocks)?,
                status: convert::from_text(&row.status)?,
                manifest_sha256: row.manifest_sha256,
                deposited_at: row.deposited_at,
                reopened,
                version: row.version,
            })
        })
        .collect()
}

/// The dossiers of an enrolment, newest first.
pub async fn of_enrolment(db: &Db, enrolment: Uuid) -> Result<Vec<DossierInfo>> {
    infos(db.read(), dossiers::Entity::find().filter(dossiers::Column::EnrolmentId.eq(enrolment)))
        .await
}

/// The same of several enrolments, in as many statements.
pub(crate) async fn of_enrolments(
    db: &Db,
    enrolments: &[Uuid],
) -> Result<HashMap<Uuid, Vec<DossierInfo>>> {
    if enrolments.is_empty() {
        return Ok(HashMap::new());
    }
    let found = dossiers::Entity::find()
        .filter(dossiers::Column::EnrolmentId.is_in(enrolments.iter().copied()));
    let mut dossiers: HashMap<Uuid, Vec<DossierInfo>> = HashMap::new();
    for info in infos(db.read(), found).await? {
        dossiers.entry(info.enrolment_id).or_default().push(info);
    }
    Ok(dossiers)
}

/// These dossiers, by id: at most two statements.
pub(crate) async fn by_id(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, DossierInfo>> {
    let found = dossiers::Entity::find().filter(dossiers::Column::Id.is_in(ids));
    Ok(infos(connection, found).await?.into_iter().map(|info| (info.id, info)).collect())
}

async fn earlier(db: &Db, enrolment: Uuid) -> Result<Vec<Deposited>> {
    let deposited = |info: DossierInfo| Deposited {
        version: info.number,
        status: info.status,
        blocks: info.blocks,
    };
    Ok(of_enrolment(db, enrolment).await?.into_iter().map(deposited).collect())
}

/// A dossier of one of the organisations.
pub async fn find(
    db: &Db,
    organisations: &BTreeSet<Uuid>,
    id: Uuid,
) -> Result<Option<DossierInfo>> {
    let found = dossiers::Entity::find_by_id(id)
        .filter(dossiers::Column::OrganisationId.is_in(organisations.iter().copied()));
    Ok(infos(db.read(), found).await?.pop())
}

/// What a dossier froze. [`Error::Corrupt`] where a sum says that it is not what was deposited.
pub async fn frozen(db: &Db, id: Uuid) -> Result<Frozen> {
    let row = dossiers::Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound)?;
    let manifest = prove(&row)?;
    let dossier = parse(&row)?;
    Ok(Frozen { dossier, content: row.content, manifest })
}

/// The certification that a dossier froze, by the dossier's manifest: proved and parsed once.
pub async fn certification(db: &Db, id: Uuid, manifest_sha256: &str) -> Result<Arc<Certification>> {
    if let Some(known) = db.frozen.get(manifest_sha256) {
        return Ok(known);
    }
    let Frozen { dossier, manifest, .. } = frozen(db, id).await?;
    let certification = Arc::new(dossier.certification);
    db.frozen.insert(manifest.sha256(), certification.clone());
    Ok(certification)
}

/// All sums taken again.
pub(crate) fn prove(row: &dossiers::Model) -> Result<Manifest> {
    Manifest::prove(&row.manifest, &row.manifest_sha256, &row.content)
        .map_err(|error| Error::Corrupt(format!("dossier {}: {error}", row.id)))
}

pub(crate) fn parse(row: &dossiers::Model) -> Result<FrozenDossier> {
    serde_json::from_str(&row.content)
        .map_err(|error| Error::Corrupt(format!("dossier {}: {error}", row.id)))
}

/// The evidence of a dossier of this enrolment that who has this sight may not open: what was
/// confidential when it was deposited, and what its student has made so since. A dossier from
/// elsewhere names its own enrolment by another id.
pub async fn hidden(
    db: &Db,
    enrolment: Uuid,
    dossier: &FrozenDossier,
    sight: Sight,
) -> Result<BTreeSet<Uuid>> {
    if sight == Sight::Everything {
        return Ok(BTreeSet::new());
    }
    let mut hidden = visit::hidden_evidence(db.read(), enrolment, sight).await?;
    let was = dossier.evidence.iter().filter(|one| !sight.covers(one.content.visibility));
    hidden.extend(was.map(|one| one.id));
    Ok(hidden)
}

/// A frozen file, by the id that the dossier gives it, unless it is of an evidence that who has this
/// sight may not open. All that is said of it is what was frozen, wherever the dossier is now.
pub async fn file(
    db: &Db,
    dossier: &DossierInfo,
    sight: Sight,
    id: Uuid,
) -> Result<Option<FileInfo>> {
    let frozen = frozen(db, dossier.id).await?.dossier;
    let hidden = hidden(db, dossier.enrolment_id, &frozen, sight).await?;
    let open = frozen.evidence.into_iter().filter(|one| !hidden.contains(&one.id));
    let mut files = open.flat_map(|one| one.files);
    Ok(files.find(|placed| placed.file.id == id).map(|placed| placed.file))
}

/// The sessions in which a dossier is read.
pub async fn sittings(
    db: &Db,
    organisations: &BTreeSet<Uuid>,
    dossier: Uuid,
) -> Result<Vec<jury::Sitting>> {
    let sessions: Vec<Uuid> = jury_candidates::Entity::find()
        .select_only()
        .column(jury_candidates::Column::SessionId)
        .filter(jury_candidates::Column::DossierId.eq(dossier))
        .into_tuple()
        .all(db.read())
        .await?;
    let mut sittings = Vec::new();
    for session in sessions {
        sittings.extend(jury::find(db, organisations, session).await?);
    }
    Ok(sittings)
}
