//! Visit reports: drafted by a student's tutors, signed by each side, countersigned by the student.

use std::collections::{BTreeSet, HashMap};

use authz::Sight;
use domain::{
    enrolment::{Enrolment, TutorKind},
    evidence::Visibility,
    fault::Faults,
    visit::{
        Side, Signature, Standing, Visit, VisitContent, VisitStatus, VisitStep, check_countersign,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, prelude::Date,
    sea_query::LockType,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, convert,
    enrolment::{self, Enrolled, named},
    entity::{evidence, visit_signatures, visits},
    idempotency,
    page::{Page, Paged},
    people, portfolio,
};

/// Drafts a report, of which `corrects` may name the signed one that it corrects.
pub async fn create(
    db: &Db,
    by: Uuid,
    enrolled: &Enrolled,
    content: VisitContent,
    corrects: Option<Uuid>,
    once: Option<&Once>,
) -> Result<Uuid> {
    let content = content.tidied();
    content.check()?;
    let Enrolment { id: enrolment, organisation_id: organisation, .. } = enrolled.enrolment;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    let content = check_names(&write, enrolled, content).await?;
    if let Some(corrected) = corrects {
        check_correction(&write, enrolment, corrected).await?;
    }
    let now = db.ambient.now();
    let row = visits::Model {
        id,
        organisation_id: organisation,
        enrolment_id: enrolment,
        author_id: by,
        corrects_id: corrects,
        held_on: content.held_on,
        content_hash: hash(&content),
        content: convert::json(&content),
        tutors_signed_at: None,
        closed_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    visits::Entity::insert(visits::ActiveModel::from(row.clone()))
        .exec_without_returning(&write)
        .await?;
    let after = json!({ "enrolment": enrolment, "corrects": corrects, "version": 1 });
    record(db, &write, by, &row, "visit.created", None, after).await?;
    write.commit().await?;
    Ok(id)
}

/// Changes a report that not everybody has signed: who has signed the text before signs again.
pub async fn update(
    db: &Db,
    by: Uuid,
    enrolled: &Enrolled,
    id: Uuid,
    version: i32,
    content: VisitContent,
) -> Result<()> {
    let content = content.tidied();
    content.check()?;
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    standing(&write, enrolled, &row).await?.edit()?;
    let content = check_names(&write, enrolled, content).await?;
    let row = visits::ActiveModel {
        held_on: Set(content.held_on),
        content_hash: Set(hash(&content)),
        content: Set(convert::json(&content)),
        version: Set(version + 1),
        updated_at: Set(db.ambient.now()),
        ..row.into()
    }
    .update(&write)
    .await?;
    let row = mark_progress(db, &write, enrolled, row).await?;
    record(db, &write, by, &row, "visit.changed", Some(version), state(&row)).await?;
    write.commit().await?;
    Ok(())
}

/// Deletes a report that nobody has ever signed.
pub async fn delete(db: &Db, by: Uuid, id: Uuid, version: i32) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let signed = visit_signatures::Entity::find()
        .filter(visit_signatures::Column::VisitId.eq(id))
        .count(&write)
        .await?;
    if signed > 0 {
        return Err(VisitStep::NotDeletable.into());
    }
    visits::Entity::delete_by_id(id).exec(&write).await?;
    record(db, &write, by, &row, "visit.deleted", Some(version), Value::Null).await?;
    write.commit().await?;
    Ok(())
}

/// A tutor signs for each side that they stand for.
pub async fn sign(
    db: &Db,
    by: Uuid,
    enrolled: &Enrolled,
    sides: &BTreeSet<TutorKind>,
    id: Uuid,
    version: i32,
) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let standing = standing(&write, enrolled, &row).await?;
    let mut signed = Vec::new();
    let mut refused = Ok(());
    for side in sides {
        match standing.sign((*side).into()) {
            Ok(()) => signed.push(Side::from(*side)),
            Err(step) => refused = Err(step),
        }
    }
    if signed.is_empty() {
        refused?;
    }
    content(&row)?.check_signature(db.ambient.today())?;
    add_signatures(db, &write, by, enrolled, row, &signed, true, String::new(), "visit.signed")
        .await?;
    write.commit().await?;
    Ok(())
}

/// The student countersigns, with a remark if they like, or says why they do not.
pub async fn countersign(
    db: &Db,
    by: Uuid,
    enrolled: &Enrolled,
    id: Uuid,
    version: i32,
    agreed: bool,
    comment: &str,
) -> Result<()> {
    let comment = comment.trim();
    check_countersign(agreed, comment)?;
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    standing(&write, enrolled, &row).await?.countersign(agreed)?;
    let action = if agreed { "visit.countersigned" } else { "visit.refused" };
    let sides = [Side::Student];
    add_signatures(db, &write, by, enrolled, row, &sides, agreed, comment.to_owned(), action)
        .await?;
    write.commit().await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "each is one column of the signature")]
async fn add_signatures(
    db: &Db,
    write: &DatabaseTransaction,
    by: Uuid,
    enrolled: &Enrolled,
    row: visits::Model,
    sides: &[Side],
    agreed: bool,
    comment: String,
    action: &str,
) -> Result<()> {
    let before = row.version;
    let signatures = sides.iter().map(|side| visit_signatures::ActiveModel {
        id: Set(db.ambient.id()),
        organisation_id: Set(row.organisation_id),
        visit_id: Set(row.id),
        side: Set(convert::text(*side)),
        by_id: Set(by),
        agreed: Set(agreed),
        comment: Set(comment.clone()),
        content_hash: Set(row.content_hash.clone()),
        at: Set(db.ambient.now()),
    });
    visit_signatures::Entity::insert_many(signatures).exec_without_returning(write).await?;
    let changed = visits::ActiveModel {
        version: Set(row.version + 1),
        updated_at: Set(db.ambient.now()),
        ..row.into()
    };
    let row = changed.update(write).await?;
    let row = mark_progress(db, write, enrolled, row).await?;
    record(db, write, by, &row, action, Some(before), state(&row)).await
}

/// Keeps on the row what lists look for: whether the tutors have signed, and whether everybody has.
async fn mark_progress(
    db: &Db,
    write: &DatabaseTransaction,
    enrolled: &Enrolled,
    row: visits::Model,
) -> Result<visits::Model> {
    let standing = standing(write, enrolled, &row).await?;
    let at = |reached: bool| reached.then(|| db.ambient.now());
    let signed = standing.status() == VisitStatus::Signed;
    let tutors = row.tutors_signed_at.filter(|_| standing.tutors_have_signed());
    let marked = visits::ActiveModel {
        tutors_signed_at: Set(tutors.or_else(|| at(standing.tutors_have_signed()))),
        closed_at: Set(at(signed)),
        ..row.into()
    };
    Ok(marked.update(write).await?)
}

/// The row, locked, if it still is at this version.
async fn lock(write: &DatabaseTransaction, id: Uuid, version: i32) -> Result<visits::Model> {
    let row = visits::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

async fn standing(
    write: &DatabaseTransaction,
    enrolled: &Enrolled,
    row: &visits::Model,
) -> Result<Standing> {
    let signatures = signatures_of(write, [row.id]).await?.remove(&row.id).unwrap_or_default();
    let tutors = enrolled.tutors.iter().map(|tutor| tutor.kind).collect();
    standing_of(row, &signatures, tutors)
}

fn standing_of(
    row: &visits::Model,
    signatures: &[visit_signatures::Model],
    tutors: BTreeSet<TutorKind>,
) -> Result<Standing> {
    let signatures = signatures
        .iter()
        .filter(|signature| signature.content_hash == row.content_hash)
        .map(|signature| Ok((convert::from_text(&signature.side)?, signature.agreed)))
        .collect::<Result<_>>()?;
    Ok(Standing { tutors, signatures, closed: row.closed_at.is_some() })
}

/// Who is named by account belongs to the student's path, and gets their own name; evidence is what
/// the student has handed in.
async fn check_names(
    write: &DatabaseTransaction,
    enrolled: &Enrolled,
    mut content: VisitContent,
) -> Result<VisitContent> {
    let mut faults = Faults::default();
    let around = || {
        let tutors = enrolled.tutors.iter().map(|tutor| &tutor.user);
        tutors.chain([&enrolled.enrolment.student])
    };
    for (index, participant) in content.participants.iter_mut().enumerate() {
        let Some(id) = participant.user_id else { continue };
        match around().find(|user| user.id == id) {
            Some(user) => participant.name = format!("{} {}", user.given_name, user.family_name),
            None => faults.add(
                format!("participants[{index}].user_id"),
                "unknown_participant",
                "Cette personne n’est pas de ce parcours : écrivez son nom.",
            ),
        }
    }
    let ids: BTreeSet<Uuid> = content.evidence.iter().copied().collect();
    if !ids.is_empty() {
        let expected = ids.len() as u64;
        let found = evidence::Entity::find()
            .filter(evidence::Column::EnrolmentId.eq(enrolled.enrolment.id))
            .filter(evidence::Column::Id.is_in(ids))
            .filter(evidence::Column::Revision.gt(0))
            .count(write)
            .await?;
        if found != expected {
            faults.add(
                "evidence",
                "unknown_evidence",
                "Une des preuves choisies n’a pas été envoyée, ou n’est pas dans ce portfolio.",
            );
        }
    }
    faults.into_result()?;
    Ok(content)
}

async fn check_correction(
    write: &DatabaseTransaction,
    enrolment: Uuid,
    corrected: Uuid,
) -> Result<()> {
    let found = visits::Entity::find_by_id(corrected)
        .filter(visits::Column::EnrolmentId.eq(enrolment))
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?;
    let mut faults = Faults::default();
    match found {
        Some(row) if row.closed_at.is_none() => return Err(VisitStep::NotClosed.into()),
        Some(_) => {
            let corrections =
                visits::Entity::find().filter(visits::Column::CorrectsId.eq(corrected));
            if corrections.count(write).await? > 0 {
                return Err(Error::conflict(
                    "visit_corrected",
                    "Ce compte rendu a déjà un correctif : ouvrez-le pour le reprendre.",
                ));
            }
        }
        None => {
            faults.add("corrects", "unknown_visit", "Ce compte rendu n’est pas dans ce portfolio.");
        }
    }
    Ok(faults.into_result()?)
}

/// SHA-256 of what is signed, in lower-case hexadecimal.
pub(crate) fn hash(content: &VisitContent) -> String {
    // A structure's fields always come in the order of their declaration.
    let text = serde_json::to_vec(content).expect("the values of `domain` have string keys only");
    hex::encode(Sha256::digest(text))
}

fn state(row: &visits::Model) -> Value {
    json!({
        "version": row.version,
        "content": row.content_hash,
        "tutors_signed": row.tutors_signed_at.is_some(),
        "closed": row.closed_at.is_some(),
    })
}

async fn record(
    db: &Db,
    write: &DatabaseTransaction,
    by: Uuid,
    row: &visits::Model,
    action: &str,
    before: Option<i32>,
    after: Value,
) -> Result<()> {
    audit::append(
        db,
        write,
        audit::Entry {
            organisation: row.organisation_id,
            actor: Some(by),
            action,
            subject: ("visit", row.id),
            before: before.map(|version| json!({ "version": version })),
            after: (!after.is_null()).then_some(after),
        },
    )
    .await
}

fn content(row: &visits::Model) -> Result<VisitContent> {
    convert::from_json(row.content.clone())
}

pub(crate) async fn signatures_of(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<visit_signatures::Model>>> {
    let rows = visit_signatures::Entity::find()
        .filter(visit_signatures::Column::VisitId.is_in(ids))
        .order_by_asc(visit_signatures::Column::At)
        .order_by_asc(visit_signatures::Column::Id)
        .all(connection)
        .await?;
    let mut signatures: HashMap<Uuid, Vec<visit_signatures::Model>> = HashMap::new();
    for row in rows {
        signatures.entry(row.visit_id).or_default().push(row);
    }
    Ok(signatures)
}

/// Adds signatures and names, in a fixed number of statements.
pub(crate) async fn complete(
    connection: &impl ConnectionTrait,
    rows: Vec<visits::Model>,
) -> Result<Vec<Visit>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut signatures = signatures_of(connection, rows.iter().map(|row| row.id)).await?;
    let signed_by = signatures.values().flatten().map(|signature| signature.by_id);
    let people: Vec<Uuid> = signed_by.chain(rows.iter().map(|row| row.author_id)).collect();
    let users = people::users(connection, people).await?;
    let tutors = enrolment::tutors_of(connection, rows.iter().map(|row| row.enrolment_id)).await?;
    let corrections: HashMap<Uuid, Uuid> = visits::Entity::find()
        .select_only()
        .columns([visits::Column::CorrectsId, visits::Column::Id])
        .filter(visits::Column::CorrectsId.is_in(rows.iter().map(|row| row.id)))
        .into_tuple()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    rows.into_iter()
        .map(|row| {
            let signatures = signatures.remove(&row.id).unwrap_or_default();
            let kinds = tutors.get(&row.enrolment_id).into_iter().flatten();
            let standing = standing_of(&row, &signatures, kinds.map(|tutor| tutor.kind).collect())?;
            Ok(Visit {
                id: row.id,
                enrolment_id: row.enrolment_id,
                content: content(&row)?,
                status: standing.status(),
                waits_for: standing.waits_for(),
                author: named(&users, row.author_id)?,
                signatures: signatures
                    .into_iter()
                    .map(|signature| {
                        Ok(Signature {
                            side: convert::from_text(&signature.side)?,
                            by: named(&users, signature.by_id)?,
                            agreed: signature.agreed,
                            comment: signature.comment,
                            at: signature.at,
                            current: signature.content_hash == row.content_hash,
                        })
                    })
                    .collect::<Result<_>>()?,
                corrects: row.corrects_id,
                corrected_by: corrections.get(&row.id).copied(),
                created_at: row.created_at,
                updated_at: row.updated_at,
                version: row.version,
            })
        })
        .collect()
}

/// A report of one of the organisations, whole.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Visit>> {
    let rows = visits::Entity::find_by_id(id)
        .filter(visits::Column::OrganisationId.is_in(organisations.iter().copied()))
        .all(db.read())
        .await?;
    Ok(complete(db.read(), rows).await?.pop())
}

/// The reports of an enrolment, newest first; `with_drafts` also those that nobody has ever signed.
pub async fn list(db: &Db, enrolment: Uuid, with_drafts: bool, page: Page) -> Result<Paged<Visit>> {
    let signed = visit_signatures::Entity::find()
        .select_only()
        .column(visit_signatures::Column::VisitId)
        .into_query();
    let rows = visits::Entity::find()
        .filter(visits::Column::EnrolmentId.eq(enrolment))
        .apply_if((!with_drafts).then_some(signed), |query, signed| {
            query.filter(visits::Column::Id.in_subquery(signed))
        })
        .apply_if(page.after, |query, after| query.filter(visits::Column::Id.lt(after)))
        .order_by_desc(visits::Column::Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let rows = page.cut(rows, |row| row.id);
    Ok(Paged { items: complete(db.read(), rows.items).await?, next: rows.next })
}

/// The reports of these enrolments that somebody has still to sign.
pub(crate) async fn open(db: &Db, enrolments: &[Uuid]) -> Result<HashMap<Uuid, Vec<Visit>>> {
    let rows = visits::Entity::find()
        .filter(visits::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(visits::Column::ClosedAt.is_null())
        .all(db.read())
        .await?;
    let mut open: HashMap<Uuid, Vec<Visit>> = HashMap::new();
    for visit in complete(db.read(), rows).await? {
        open.entry(visit.enrolment_id).or_default().push(visit);
    }
    Ok(open)
}

/// The evidence of an enrolment that who has this sight may not open.
pub async fn hidden_evidence(
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
    sight: Sight,
) -> Result<BTreeSet<Uuid>> {
    let rows: Vec<(Uuid, String)> = evidence::Entity::find()
        .select_only()
        .columns([evidence::Column::Id, evidence::Column::Visibility])
        .filter(evidence::Column::EnrolmentId.eq(enrolment))
        .filter(evidence::Column::Visibility.ne(convert::text(Visibility::Open)))
        .into_tuple()
        .all(connection)
        .await?;
    let hidden = |(id, visibility): (Uuid, String)| {
        let covered =
            convert::from_text::<Visibility>(&visibility).is_ok_and(|it| sight.covers(it));
        (!covered).then_some(id)
    };
    let mut hidden: BTreeSet<Uuid> = rows.into_iter().filter_map(hidden).collect();
    let foreign = portfolio::foreign(connection, &[enrolment]).await?;
    let renamed = foreign.values().flat_map(|foreign| &foreign.renamed);
    let older: Vec<Uuid> =
        renamed.filter(|(_, now)| hidden.contains(now)).map(|(older, _)| *older).collect();
    hidden.extend(older);
    Ok(hidden)
}

/// When these students were visited, by enrolment: the days of the reports that every side of the
/// tutors has signed, without those that another such report corrects. One statement.
pub async fn signed_dates(db: &Db, enrolments: &[Uuid]) -> Result<HashMap<Uuid, BTreeSet<Date>>> {
    let corrected = visits::Entity::find()
        .select_only()
        .column(visits::Column::CorrectsId)
        .filter(visits::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(visits::Column::CorrectsId.is_not_null())
        .filter(visits::Column::TutorsSignedAt.is_not_null())
        .into_query();
    let rows: Vec<(Uuid, Date)> = visits::Entity::find()
        .select_only()
        .columns([visits::Column::EnrolmentId, visits::Column::HeldOn])
        .filter(visits::Column::EnrolmentId.is_in(enrolments.iter().copied()))
        .filter(visits::Column::TutorsSignedAt.is_not_null())
        .filter(visits::Column::Id.not_in_subquery(corrected))
        .into_tuple()
        .all(db.read())
        .await?;
    let mut dates: HashMap<Uuid, BTreeSet<Date>> = HashMap::new();
    for (enrolment, held_on) in rows {
        dates.entry(enrolment).or_default().insert(held_on);
    }
    Ok(dates)
}
