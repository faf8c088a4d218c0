//! Credentials: issued once for what was obtained, revoked with a reason, verified by anybody.

use std::collections::{BTreeMap, BTreeSet};

use ::credentials::{Badge, Issuer, PublicKey, Recipient, StatusEntry};
use chrono::{DateTime, Utc};
use domain::{
    ambient::{day_begins_in_france, day_in_france},
    capitalisation::Term,
    credential::{
        Award, Awarded, BlockName, Credential, CredentialState, PublicAward, PublicCompetency,
        PublicCredential, Revocation, Shown, check_reason,
    },
    enrolment::{CertificationRef, Enrolment},
    person::User,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Date, sea_query::LockType,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Db, Error, Result, audit,
    certification::{self, Published},
    convert,
    enrolment::{self, Enrolled, named},
    entity::{certifications_obtained, credentials, validated_blocks},
    people,
    portfolio::{self, Foreign},
    record,
};

mod achievement;
mod signing;

pub use signing::{Signing, issuer, key, status_list};

/// What a person obtained, and the keys of the transversal competencies that came with it.
struct Held {
    award: Award,
    transversal: Vec<String>,
    /// It was brought here from another school, which answers for it.
    is_brought: bool,
}

/// What a person obtained on an enrolment, by what it is.
type Holdings = BTreeMap<Awarded, Held>;

/// Issues a credential of what was obtained, or gives the one that was issued and not revoked.
pub async fn issue(
    db: &Db,
    signing: &Signing,
    by: Uuid,
    enrolled: &Enrolled,
    subject: Awarded,
) -> Result<Credential> {
    let Enrolment { id: enrolment, organisation_id: organisation, student, certification, .. } =
        &enrolled.enrolment;
    let published = certification::load(db, certification.id).await?;
    let write = db.write().await?;
    // Held to the end: of two requests at the very same time, the later one finds the first's.
    let school = signing::lock(&write, *organisation).await?;
    let holdings = holdings(&write, enrolled, &published).await?;
    let held = holdings.get(&subject).ok_or(Error::NotFound)?;
    let today = db.ambient.today();
    let renewed = record::renewed(db, &write, *enrolment).await?;
    if let Some(row) = live(&write, *enrolment, subject).await? {
        return info(row, &holdings, None, &renewed, today);
    }
    if held.is_brought {
        return Err(Error::conflict(
            "given_elsewhere",
            "Un autre établissement l’a validé ou délivré : c’est lui qui en donne le badge.",
        ));
    }
    if renewed_on(&renewed, subject).is_some() {
        return Err(Error::conflict(
            "block_renewed",
            "Ce bloc a été validé de nouveau : c’est sa dernière validation qui donne lieu à un \
             badge.",
        ));
    }
    if CredentialState::of(false, held.award.last_day, today) != CredentialState::Valid {
        return Err(Error::conflict(
            "not_in_force",
            "Ce bloc n’est plus en vigueur : il ne donne plus lieu à un badge.",
        ));
    }
    let (key_id, key) = signing::key_of(db, &write, signing, *organisation).await?;
    let place = signing::free_place(db, &write, *organisation).await?;
    let token = hex::encode(db.ambient.random::<16>());
    let issued_at = db.ambient.now();
    let page = signing.page(&token);
    let list = signing.list(place.list);
    let until = held.award.last_day.and_then(|last_day| last_day.succ_opt());
    let badge = Badge {
        id: &page,
        issuer: Issuer {
            id: &signing.issuer(*organisation),
            name: &school,
            url: &signing.public_url,
        },
        recipient: Recipient {
            email: &student.email,
            salt: &hex::encode(db.ambient.random::<16>()),
        },
        achievement: achievement::of(held, &published.certification, &signing.public_url),
        awarded_at: day_begins_in_france(held.award.awarded_on),
        valid_from: issued_at,
        valid_until: until.map(day_begins_in_france),
        status: StatusEntry { list: &list, index: place.index },
    };
    let row = credentials::Model {
        id: db.ambient.id(),
        organisation_id: *organisation,
        enrolment_id: *enrolment,
        validated_block_id: validated_block(subject),
        jwt: key.sign(badge.to_json()),
        token,
        signing_key_id: key_id,
        status_list_id: place.list,
        status_index: place.column(),
        shown: convert::json(&Shown::default()),
        issued_at,
        issued_by: by,
        revoked_at: None,
        revoked_by: None,
        revoke_reason: None,
        version: 1,
    };
    credentials::Entity::insert(credentials::ActiveModel::from(row.clone()))
        .exec_without_returning(&write)
        .await?;
    let after = json!({
        "enrolment": enrolment, "validated_block": row.validated_block_id, "version": 1,
    });
    audit::append(db, &write, entry(by, &row, "credential.issued", None, after)).await?;
    write.commit().await?;
    info(row, &holdings, None, &renewed, today)
}

/// Takes a credential back, for good.
pub async fn revoke(db: &Db, by: Uuid, id: Uuid, version: i32, reason: &str) -> Result<()> {
    let reason = reason.trim();
    check_reason(reason)?;
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    if row.revoked_at.is_some() {
        return Err(Error::conflict("already_revoked", "Ce badge est déjà révoqué."));
    }
    let row = credentials::ActiveModel {
        revoked_at: Set(Some(db.ambient.now())),
        revoked_by: Set(Some(by)),
        revoke_reason: Set(Some(reason.to_owned())),
        version: Set(version + 1),
        ..row.into()
    }
    .update(&write)
    .await?;
    let after = json!({ "version": row.version });
    let entry = entry(by, &row, "credential.revoked", Some(version), after);
    audit::append(db, &write, entry).await?;
    write.commit().await?;
    Ok(())
}

/// The holder chooses what the public page shows.
pub async fn share(db: &Db, by: Uuid, id: Uuid, version: i32, shown: Shown) -> Result<()> {
    let write = db.write().await?;
    let row = lock(&write, id, version).await?;
    let row = credentials::ActiveModel {
        shown: Set(convert::json(&shown)),
        version: Set(version + 1),
        ..row.into()
    }
    .update(&write)
    .await?;
    let after = json!({ "shown": shown, "version": row.version });
    let entry = entry(by, &row, "credential.shared", Some(version), after);
    audit::append(db, &write, entry).await?;
    write.commit().await?;
    Ok(())
}

fn entry(
    by: Uuid,
    row: &credentials::Model,
    action: &'static str,
    before: Option<i32>,
    after: Value,
) -> audit::Entry<'static> {
    audit::Entry {
        organisation: row.organisation_id,
        actor: Some(by),
        action,
        subject: ("credential", row.id),
        before: before.map(|version| json!({ "version": version })),
        after: Some(after),
    }
}

/// The row, locked, if it still is at this version.
async fn lock(write: &DatabaseTransaction, id: Uuid, version: i32) -> Result<credentials::Model> {
    let row = credentials::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

fn validated_block(subject: Awarded) -> Option<Uuid> {
    match subject {
        Awarded::Block { validated_block } => Some(validated_block),
        Awarded::Certification => None,
    }
}

fn subject(row: &credentials::Model) -> Awarded {
    row.validated_block_id
        .map_or(Awarded::Certification, |validated_block| Awarded::Block { validated_block })
}

/// Day of the validation that took the place of this one.
fn renewed_on(renewed: &BTreeMap<Uuid, Date>, subject: Awarded) -> Option<Date> {
    validated_block(subject).and_then(|id| renewed.get(&id).copied())
}

/// The credential of this that was not revoked.
async fn live(
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
    subject: Awarded,
) -> Result<Option<credentials::Model>> {
    let column = credentials::Column::ValidatedBlockId;
    Ok(credentials::Entity::find()
        .filter(credentials::Column::EnrolmentId.eq(enrolment))
        .filter(credentials::Column::RevokedAt.is_null())
        .filter(match validated_block(subject) {
            Some(id) => column.eq(id),
            None => column.is_null(),
        })
        .one(connection)
        .await?)
}

async fn holdings(
    connection: &impl ConnectionTrait,
    enrolled: &Enrolled,
    published: &Published,
) -> Result<Holdings> {
    let Enrolment { id: enrolment, certification, .. } = &enrolled.enrolment;
    let validated = validated_blocks::Entity::find()
        .filter(validated_blocks::Column::EnrolmentId.eq(*enrolment))
        .all(connection)
        .await?;
    let obtained = certifications_obtained::Entity::find_by_id(*enrolment).one(connection).await?;
    let brought = portfolio::foreign(connection, &[*enrolment]).await?;
    let brought = brought.get(enrolment);
    let whole = obtained.map(|row| {
        let award = Award {
            subject: Awarded::Certification,
            certification: certification.clone(),
            block: None,
            awarded_on: row.obtained_on,
            last_day: None,
        };
        let is_brought = brought.is_some_and(|kept| kept.is_obtained);
        Ok(Held { award, transversal: Vec::new(), is_brought })
    });
    let blocks =
        validated.into_iter().filter_map(|row| block(row, certification, published, brought));
    let held = blocks.chain(whole).collect::<Result<Vec<Held>>>()?;
    Ok(held.into_iter().map(|held| (held.award.subject, held)).collect())
}

/// Nothing where the certification has no such block: no paper could say what it is of, and what
/// else the person obtained does not wait for that.
fn block(
    row: validated_blocks::Model,
    certification: &CertificationRef,
    published: &Published,
    brought: Option<&Foreign>,
) -> Option<Result<Held>> {
    let rules = &published.certification;
    let Some(block) = rules.block(&row.block) else {
        tracing::warn!(validation = %row.id, block = row.block, "a validated block is unknown");
        return None;
    };
    let last_day = match rules.validation.block_validity.term(row.validated_on) {
        Term::Until { last_day } => Some(last_day),
        Term::Unlimited | Term::Unknown => None,
    };
    let award = Award {
        subject: Awarded::Block { validated_block: row.id },
        certification: certification.clone(),
        block: Some(BlockName { code: block.code.clone(), title: block.title.clone() }),
        awarded_on: row.validated_on,
        last_day,
    };
    let is_brought = brought.is_some_and(|kept| kept.held.contains(&row.id));
    let transversal = convert::from_json(row.transversal);
    Some(transversal.map(|transversal| Held { award, transversal, is_brought }))
}

fn info(
    row: credentials::Model,
    holdings: &Holdings,
    revocation: Option<Revocation>,
    renewed: &BTreeMap<Uuid, Date>,
    today: Date,
) -> Result<Credential> {
    let award = holdings.get(&subject(&row)).ok_or(Error::NotFound)?.award.clone();
    Ok(Credential {
        id: row.id,
        token: row.token,
        state: CredentialState::of(row.revoked_at.is_some(), award.last_day, today),
        renewed_on: renewed_on(renewed, award.subject),
        award,
        issued_at: row.issued_at,
        revocation,
        shown: convert::from_json(row.shown)?,
        version: row.version,
    })
}

/// What an enrolment has led to.
pub struct Issued {
    /// Newest first.
    pub credentials: Vec<Credential>,
    /// What is in force, not renewed since, and has no credential.
    pub issuable: Vec<Award>,
}

/// The credentials of an enrolment, and those that could be issued.
pub async fn of_enrolment(db: &Db, enrolled: &Enrolled) -> Result<Issued> {
    let published = certification::load(db, enrolled.enrolment.certification.id).await?;
    let holdings = holdings(db.read(), enrolled, &published).await?;
    let rows = credentials::Entity::find()
        .filter(credentials::Column::EnrolmentId.eq(enrolled.enrolment.id))
        .order_by_desc(credentials::Column::Id)
        .all(db.read())
        .await?;
    let users = people::users(db.read(), rows.iter().filter_map(|row| row.revoked_by)).await?;
    let renewed = record::renewed(db, db.read(), enrolled.enrolment.id).await?;
    let today = db.ambient.today();
    let alive: BTreeSet<Awarded> =
        rows.iter().filter(|row| row.revoked_at.is_none()).map(subject).collect();
    let credentials = rows
        .into_iter()
        .filter(|row| holdings.contains_key(&subject(row)))
        .map(|row| {
            let revocation = match (row.revoked_at, row.revoked_by, &row.revoke_reason) {
                (Some(at), Some(by), Some(reason)) => {
                    Some(Revocation { at, by: named(&users, by)?, reason: reason.clone() })
                }
                _ => None,
            };
            info(row, &holdings, revocation, &renewed, today)
        })
        .collect::<Result<_>>()?;
    let issuable = holdings
        .into_values()
        .filter(|held| !held.is_brought)
        .map(|held| held.award)
        .filter(|award| !alive.contains(&award.subject))
        .filter(|award| renewed_on(&renewed, award.subject).is_none())
        .filter(|award| CredentialState::of(false, award.last_day, today) == CredentialState::Valid)
        .collect();
    Ok(Issued { credentials, issuable })
}

/// A credential of one of these organisations, with its enrolment.
pub async fn find(
    db: &Db,
    organisations: &BTreeSet<Uuid>,
    id: Uuid,
) -> Result<Option<(Enrolled, Credential)>> {
    let Some(row) = credentials::Entity::find_by_id(id)
        .filter(credentials::Column::OrganisationId.is_in(organisations.iter().copied()))
        .one(db.read())
        .await?
    else {
        return Ok(None);
    };
    let enrolled =
        enrolment::find(db, organisations, row.enrolment_id).await?.ok_or(Error::NotFound)?;
    let issued = of_enrolment(db, &enrolled).await?;
    let found = issued.credentials.into_iter().find(|credential| credential.id == id);
    Ok(found.map(|credential| (enrolled, credential)))
}

/// The signed credential, as it was issued.
pub async fn jwt(db: &Db, id: Uuid) -> Result<String> {
    let row = credentials::Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound)?;
    Ok(row.jwt)
}

/// What anybody may know who has the address of a credential's page: no more than its holder shows.
pub async fn verify(db: &Db, token: &str) -> Result<Option<PublicCredential>> {
    let Some(row) = credentials::Entity::find()
        .filter(credentials::Column::Token.eq(token))
        .one(db.read())
        .await?
    else {
        return Ok(None);
    };
    let key = signing::public_key(db, row.signing_key_id).await?.ok_or(Error::NotFound)?;
    // The page says what the signature says, or nothing at all.
    let signed = PublicKey { id: String::new(), x: key }
        .verify(&row.jwt)
        .map_err(|error| Error::Corrupt(format!("credential {}: {error}", row.id)))?;
    let scope = BTreeSet::from([row.organisation_id]);
    let enrolled = enrolment::find(db, &scope, row.enrolment_id).await?.ok_or(Error::NotFound)?;
    let published = certification::load(db, enrolled.enrolment.certification.id).await?;
    let holdings = holdings(db.read(), &enrolled, &published).await?;
    let held = holdings.get(&subject(&row)).ok_or(Error::NotFound)?;
    let shown: Shown = convert::from_json(row.shown)?;
    let User { given_name, family_name, .. } = &enrolled.enrolment.student;
    let Award { certification, block, awarded_on, last_day, .. } = held.award.clone();
    let day = |at: DateTime<Utc>| day_in_france(at);
    Ok(Some(PublicCredential {
        state: CredentialState::of(row.revoked_at.is_some(), last_day, db.ambient.today()),
        award: PublicAward {
            certification_code: certification.code,
            certification_title: certification.title,
            block,
            awarded_on,
            last_day,
        },
        school: signed["issuer"]["name"].as_str().unwrap_or_default().to_owned(),
        issued_on: day(row.issued_at),
        revoked_on: row.revoked_at.map(day),
        holder: shown.holder.then(|| format!("{given_name} {family_name}")),
        competencies: shown.competencies.then(|| {
            achievement::competencies(held, &published.certification)
                .map(|one| PublicCompetency {
                    code: one.code.clone().unwrap_or_else(|| one.key.clone()),
                    text: one.text.clone(),
                })
                .collect()
        }),
    }))
}
