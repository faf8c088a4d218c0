//! What a person holds from juries: validated blocks, and the certification once it is obtained.
//!
//! A person's enrolments in the same certification code at the same school make one *family*: what
//! was validated, met or waived in an earlier one counts in a later one. No table of equivalence
//! between versions is needed for that, as long as the codes of the blocks stay the same.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use chrono::NaiveDate;
use domain::{
    capitalisation::{Attainment, ValidatedBlock, attainment, check_issue, check_transcription},
    certification::Certification,
    enrolment::Enrolment,
    evidence::EvidenceFact,
    jury::SessionStatus,
    mail::Expiring,
    record::{self as rules, Deliberated, ExpiryStep, HeldBlock, Judged, Record, expiring},
    requirement,
    waiver::Waiver,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{LockType, OnConflict},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Db, Error, Result, audit, certification, convert,
    enrolment::Enrolled,
    entity::{certifications_obtained, enrolments, jury_sessions, jury_waivers, validated_blocks},
    minutes, portfolio, progress,
};

mod provenance;

pub use provenance::provenance;

/// Students whose records are looked at together by [`settle_due`].
const AT_ONCE: usize = 500;

/// A validation whose end is to be told to its holder today.
pub(crate) struct Ending {
    pub student: Uuid,
    /// Id of the validation.
    pub id: Uuid,
    pub step: ExpiryStep,
    pub expiring: Expiring,
}

/// Whether the certification was obtained at another school, whose certificate it is.
pub async fn is_obtained_elsewhere(db: &Db, enrolment: Uuid) -> Result<bool> {
    let brought = portfolio::foreign(db.read(), &[enrolment]).await?;
    Ok(brought.get(&enrolment).is_some_and(|kept| kept.is_obtained))
}

/// What a jury validated for one candidate.
#[derive(Debug, Clone)]
pub struct Decided {
    pub enrolment: Uuid,
    pub student: Uuid,
    pub validated: Vec<ValidatedBlock>,
}

/// Writes down what a jury validated, and that the certification is obtained by whoever attains it
/// on that day; these are returned, each for an audit entry [`obtained`]. Everything that the
/// students hold is [locked](lock).
pub(crate) async fn settle(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
    session: Option<Uuid>,
    day: NaiveDate,
    decided: &[Decided],
) -> Result<Vec<Uuid>> {
    let now = db.ambient.now();
    let rows: Vec<_> = decided
        .iter()
        .flat_map(|one| one.validated.iter().map(move |block| (one, block)))
        .map(|(Decided { enrolment, student, .. }, validated)| {
            let ValidatedBlock { block, validated_on, transversal } = validated;
            validated_blocks::ActiveModel {
                id: Set(db.ambient.id()),
                organisation_id: Set(organisation),
                student_id: Set(*student),
                enrolment_id: Set(*enrolment),
                session_id: Set(session),
                block: Set(block.clone()),
                validated_on: Set(*validated_on),
                transversal: Set(convert::json(transversal)),
                created_at: Set(now),
            }
        })
        .collect();
    if !rows.is_empty() {
        validated_blocks::Entity::insert_many(rows).exec_without_returning(write).await?;
    }
    let targets: Vec<Uuid> = decided.iter().map(|one| one.enrolment).collect();
    let families = families(write, &targets).await?;
    let mut conditions = conditions(write, &families, session).await?;
    let mut attained = Vec::new();
    for family in families {
        let (enrolment, student) = (family.enrolment.id, family.enrolment.student_id);
        let conditions = conditions.remove(&enrolment).unwrap_or_default();
        let published = certification::load(db, family.enrolment.certification_id).await?;
        let record = family.record(&published.certification, conditions, day)?;
        if record.obtained_on.is_some()
            || record.attainment != Attainment::Obtained
            || record.not_issuable.is_some()
        {
            continue;
        }
        let row = certifications_obtained::ActiveModel {
            enrolment_id: Set(enrolment),
            organisation_id: Set(organisation),
            student_id: Set(student),
            session_id: Set(session),
            obtained_on: Set(day),
            created_at: Set(now),
        };
        let once = OnConflict::column(certifications_obtained::Column::EnrolmentId)
            .do_nothing()
            .to_owned();
        let inserted = certifications_obtained::Entity::insert(row)
            .on_conflict(once)
            .exec_without_returning(write)
            .await?;
        if inserted == 1 {
            attained.push(enrolment);
        }
    }
    Ok(attained)
}

/// Locks every enrolment of the students of these: of two juries of one person that close at the very
/// same moment, the later one sees what the first has written.
pub(crate) async fn lock(write: &DatabaseTransaction, targets: &[Uuid]) -> Result<()> {
    let students = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::StudentId)
        .filter(enrolments::Column::Id.is_in(targets.iter().copied()))
        .into_query();
    enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::Id)
        .filter(enrolments::Column::StudentId.in_subquery(students))
        .order_by_asc(enrolments::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple::<Uuid>()
        .all(write)
        .await?;
    Ok(())
}

/// What [`settle`] leaves in the audit for each enrolment that it returns.
pub(crate) fn obtained(
    organisation: Uuid,
    by: Option<Uuid>,
    enrolment: Uuid,
    day: NaiveDate,
) -> audit::Entry<'static> {
    audit::Entry {
        organisation,
        actor: by,
        action: "certification.obtained",
        subject: ("enrolment", enrolment),
        before: None,
        after: Some(json!({ "obtained_on": day })),
    }
}

/// Writes down what juries validated before the school kept its records here. The demonstration's;
/// a school has no page for it yet.
pub async fn transcribe(
    db: &Db,
    by: Uuid,
    enrolled: &Enrolled,
    validated: Vec<ValidatedBlock>,
) -> Result<()> {
    let Enrolment { id, organisation_id: organisation, ref student, .. } = enrolled.enrolment;
    let today = db.ambient.today();
    let published = certification::load(db, enrolled.enrolment.certification.id).await?;
    check_transcription(&published.certification, &validated, today)?;
    let blocks: Vec<&str> = validated.iter().map(|one| one.block.as_str()).collect();
    let mut entries = vec![audit::Entry {
        organisation,
        actor: Some(by),
        action: provenance::TRANSCRIBED,
        subject: ("enrolment", id),
        before: None,
        after: Some(json!({ "blocks": blocks })),
    }];
    let write = db.write().await?;
    lock(&write, &[id]).await?;
    let decided = Decided { enrolment: id, student: student.id, validated };
    let attained = settle(db, &write, organisation, None, today, &[decided]).await?;
    entries.extend(attained.into_iter().map(|id| obtained(organisation, Some(by), id, today)));
    audit::append_all(db, &write, entries).await?;
    write.commit().await?;
    Ok(())
}

/// Whoever was lacking only a requirement at their last jury, and meets it today, obtains the
/// certification today.
pub async fn settle_due(db: &Db) -> Result<()> {
    let today = db.ambient.today();
    let mut complete = Vec::new();
    for targets in waiting(db).await?.chunks(AT_ONCE) {
        for family in families(db.read(), targets).await? {
            let published = certification::load(db, family.enrolment.certification_id).await?;
            let held = family.validated()?;
            // Evidence is read only of those who have every block.
            let attained = attainment(&published.certification, &held, &[], &[], today);
            if family.obtained.is_none() && attained == Attainment::Obtained {
                complete.push(family.enrolment);
            }
        }
    }
    for enrolment in complete {
        let organisation = enrolment.organisation_id;
        let write = db.write().await?;
        lock(&write, &[enrolment.id]).await?;
        let decided = Decided {
            enrolment: enrolment.id,
            student: enrolment.student_id,
            validated: Vec::new(),
        };
        for id in settle(db, &write, organisation, None, today, &[decided]).await? {
            audit::append(db, &write, obtained(organisation, None, id, today)).await?;
        }
        write.commit().await?;
    }
    Ok(())
}

/// What ends soon, of people who have not obtained the certification: its end takes nothing away
/// from those who have.
pub(crate) async fn ending(db: &Db, today: NaiveDate) -> Result<Vec<Ending>> {
    let mut found = Vec::new();
    for targets in waiting(db).await?.chunks(AT_ONCE) {
        for family in families(db.read(), targets).await? {
            if family.obtained.is_some() {
                continue;
            }
            let published = certification::load(db, family.enrolment.certification_id).await?;
            let certification = &published.certification;
            for (held, last_day) in expiring(&family.held(certification, today)?) {
                let Some(step) = ExpiryStep::on(today, last_day) else { continue };
                let block = match certification.block(&held.block) {
                    Some(block) => format!("{}, {}", block.code, block.title),
                    None => held.block.clone(),
                };
                let certification = certification.title.clone();
                let expiring = Expiring { block, certification, last_day };
                let student = family.enrolment.student_id;
                found.push(Ending { student, id: held.id, step, expiring });
            }
        }
    }
    Ok(found)
}

/// The newest enrolment of each family in which a block was validated and nothing was obtained in
/// that enrolment.
async fn waiting(db: &Db) -> Result<Vec<Uuid>> {
    let obtained = certifications_obtained::Entity::find()
        .select_only()
        .column(certifications_obtained::Column::EnrolmentId)
        .into_query();
    let students = validated_blocks::Entity::find()
        .select_only()
        .column(validated_blocks::Column::StudentId)
        .filter(validated_blocks::Column::EnrolmentId.not_in_subquery(obtained))
        .into_query();
    let rows = enrolments::Entity::find()
        .filter(enrolments::Column::StudentId.in_subquery(students))
        .order_by_asc(enrolments::Column::StartsOn)
        .order_by_asc(enrolments::Column::Id)
        .all(db.read())
        .await?;
    let codes = codes(db.read(), &rows).await?;
    let newest: BTreeMap<_, Uuid> = rows
        .into_iter()
        .map(|row| {
            let code = codes.get(&row.certification_id).cloned().unwrap_or_default();
            ((row.organisation_id, row.student_id, code), row.id)
        })
        .collect();
    Ok(newest.into_values().collect())
}

/// What the student of this enrolment holds: a fixed number of statements.
pub async fn of_enrolment(db: &Db, enrolled: &Enrolled) -> Result<Record> {
    let families = families(db.read(), &[enrolled.enrolment.id]).await?;
    let mut conditions = conditions(db.read(), &families, None).await?;
    let family = families.into_iter().next().ok_or(Error::NotFound)?;
    let conditions = conditions.remove(&family.enrolment.id).unwrap_or_default();
    let published = certification::load(db, family.enrolment.certification_id).await?;
    family.record(&published.certification, conditions, db.ambient.today())
}

/// The validations of the student of this enrolment that a later one has taken the place of, by their
/// ids, with its day.
pub(crate) async fn renewed(
    db: &Db,
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
) -> Result<BTreeMap<Uuid, NaiveDate>> {
    let family = families(connection, &[enrolment]).await?.into_iter().next();
    let family = family.ok_or(Error::NotFound)?;
    let published = certification::load(db, family.enrolment.certification_id).await?;
    Ok(rules::renewed(&family.held(&published.certification, db.ambient.today())?))
}

/// What juries decided on the student of this enrolment, in it and in those of the same family,
/// newest first: a fixed number of statements.
pub async fn judged(db: &Db, enrolled: &Enrolled) -> Result<Vec<Judged>> {
    let families = families(db.read(), &[enrolled.enrolment.id]).await?;
    let members = families.into_iter().next().ok_or(Error::NotFound)?.members;
    let sealed = minutes::of_enrolments(db.read(), &members).await?;
    let foreign = portfolio::foreign(db.read(), &members).await?;
    let own = members.iter().flat_map(|id| {
        let own = sealed.iter().filter_map(|one| Deliberated::of(one, *id));
        own.map(|deliberated| Judged { enrolment_id: *id, elsewhere: false, deliberated })
    });
    let elsewhere = foreign.into_iter().flat_map(|(id, foreign)| {
        let judged = move |deliberated| Judged { enrolment_id: id, elsewhere: true, deliberated };
        foreign.deliberations.into_iter().map(judged)
    });
    let mut judged: Vec<Judged> = own.chain(elsewhere).collect();
    judged.sort_by_key(|one| Reverse((one.deliberated.sealed_at, one.deliberated.session)));
    Ok(judged)
}

/// An enrolment with what the person holds from it and from those of the same family.
struct Family {
    enrolment: enrolments::Model,
    /// Ids, this enrolment's included.
    members: Vec<Uuid>,
    /// When the person started first.
    started_on: NaiveDate,
    /// Newest first.
    blocks: Vec<validated_blocks::Model>,
    obtained: Option<certifications_obtained::Model>,
}

/// What stands beside the blocks.
#[derive(Default)]
struct Conditions {
    evidence: Vec<EvidenceFact>,
    waivers: Vec<Waiver>,
}

impl Family {
    fn validated(&self) -> Result<Vec<ValidatedBlock>> {
        self.blocks
            .iter()
            .map(|row| {
                Ok(ValidatedBlock {
                    block: row.block.clone(),
                    validated_on: row.validated_on,
                    transversal: convert::from_json(row.transversal.clone())?,
                })
            })
            .collect()
    }

    fn held(&self, certification: &Certification, day: NaiveDate) -> Result<Vec<HeldBlock>> {
        let validity = certification.validation.block_validity;
        let rows = self.blocks.iter().zip(self.validated()?);
        Ok(rows
            .map(|(row, validated)| HeldBlock {
                id: row.id,
                enrolment_id: row.enrolment_id,
                session_id: row.session_id,
                force: validated.force(validity, day),
                block: validated.block,
                validated_on: validated.validated_on,
                transversal: validated.transversal,
            })
            .collect())
    }

    fn record(
        &self,
        certification: &Certification,
        conditions: Conditions,
        day: NaiveDate,
    ) -> Result<Record> {
        let Conditions { evidence, waivers } = conditions;
        let status = convert::from_text(&self.enrolment.status)?;
        let requirements = requirement::evaluate(certification, status, &evidence, day);
        let validated = self.validated()?;
        let attainment = match self.obtained {
            Some(_) => Attainment::Obtained,
            None => attainment(certification, &validated, &requirements, &waivers, day),
        };
        let validated = self.held(certification, day)?;
        Ok(Record {
            validated,
            attainment,
            obtained_on: self.obtained.as_ref().map(|row| row.obtained_on),
            obtained_under: self.obtained.as_ref().map(|row| row.enrolment_id),
            requirements,
            waivers,
            started_on: self.started_on,
            not_issuable: check_issue(&certification.dates, self.started_on, day).err(),
        })
    }
}

/// The families of these enrolments: five statements, however many.
async fn families(connection: &impl ConnectionTrait, targets: &[Uuid]) -> Result<Vec<Family>> {
    let students = enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::StudentId)
        .filter(enrolments::Column::Id.is_in(targets.iter().copied()))
        .into_query();
    let rows = enrolments::Entity::find()
        .filter(enrolments::Column::StudentId.in_subquery(students))
        .order_by_asc(enrolments::Column::StartsOn)
        .order_by_asc(enrolments::Column::Id)
        .all(connection)
        .await?;
    let codes = codes(connection, &rows).await?;
    let ids = || rows.iter().map(|row| row.id);
    let blocks = validated_blocks::Entity::find()
        .filter(validated_blocks::Column::EnrolmentId.is_in(ids()))
        .order_by_desc(validated_blocks::Column::ValidatedOn)
        .order_by_desc(validated_blocks::Column::Id)
        .all(connection)
        .await?;
    let obtained = certifications_obtained::Entity::find()
        .filter(certifications_obtained::Column::EnrolmentId.is_in(ids()))
        .order_by_asc(certifications_obtained::Column::ObtainedOn)
        .all(connection)
        .await?;
    let targets: BTreeSet<&Uuid> = targets.iter().collect();
    Ok(rows
        .iter()
        .filter(|row| targets.contains(&row.id))
        .map(|target| {
            let is_akin = |row: &&enrolments::Model| {
                (row.organisation_id, row.student_id) == (target.organisation_id, target.student_id)
                    && codes.get(&row.certification_id) == codes.get(&target.certification_id)
            };
            let akin: Vec<_> = rows.iter().filter(is_akin).collect();
            let members: Vec<Uuid> = akin.iter().map(|row| row.id).collect();
            Family {
                enrolment: target.clone(),
                started_on: akin.first().map_or(target.starts_on, |first| first.starts_on),
                blocks: blocks
                    .iter()
                    .filter(|row| members.contains(&row.enrolment_id))
                    .cloned()
                    .collect(),
                obtained: obtained.iter().find(|row| members.contains(&row.enrolment_id)).cloned(),
                members,
            }
        })
        .collect())
}

/// Evidence and waivers of families, by their enrolment: three statements. Waivers are those of
/// sessions that are closed, of the one that is closing, and of juries of elsewhere whose
/// decisions were brought from there.
async fn conditions(
    connection: &impl ConnectionTrait,
    families: &[Family],
    closing: Option<Uuid>,
) -> Result<HashMap<Uuid, Conditions>> {
    let ids: Vec<Uuid> = families.iter().flat_map(|family| family.members.clone()).collect();
    let evidence = progress::evidence_of(connection, &ids).await?;
    let closed = jury_sessions::Entity::find()
        .select_only()
        .column(jury_sessions::Column::Id)
        .filter(jury_sessions::Column::Status.eq(convert::text(SessionStatus::Closed)))
        .into_query();
    let sealed = Condition::any()
        .add(jury_waivers::Column::SessionId.in_subquery(closed))
        .add_option(closing.map(|session| jury_waivers::Column::SessionId.eq(session)));
    let waivers = jury_waivers::Entity::find()
        .filter(jury_waivers::Column::EnrolmentId.is_in(ids.iter().copied()))
        .filter(sealed)
        .order_by_asc(jury_waivers::Column::UpdatedAt)
        .all(connection)
        .await?;
    let foreign = portfolio::foreign(connection, &ids).await?;
    Ok(families
        .iter()
        .map(|family| {
            let members = &family.members;
            let evidence = members.iter().filter_map(|id| evidence.get(id)).flatten().cloned();
            let elsewhere = members
                .iter()
                .filter_map(|id| foreign.get(id))
                .flat_map(|foreign| &foreign.deliberations)
                .flat_map(|one| &one.waivers)
                .map(Waiver::sealed);
            let waivers = waivers.iter().filter(|row| members.contains(&row.enrolment_id));
            let waivers = elsewhere.chain(waivers.map(|row| Waiver {
                requirement: row.requirement.clone(),
                motive: row.motive.clone(),
                granted_by: row.granted_by.clone(),
                accommodation: false,
                restricted_reason: None,
            }));
            let conditions =
                Conditions { evidence: evidence.collect(), waivers: waivers.collect() };
            (family.enrolment.id, conditions)
        })
        .collect())
}

/// Codes of the certifications of these enrolments.
async fn codes(
    connection: &impl ConnectionTrait,
    rows: &[enrolments::Model],
) -> Result<HashMap<Uuid, String>> {
    let ids = rows.iter().map(|row| row.certification_id).collect();
    let refs = certification::refs(connection, ids).await?;
    Ok(refs.into_iter().map(|(id, named)| (id, named.code)).collect())
}
