//! Organisations, persons and what they are there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use authz::{Action, Actor, Resource, Verdict};
use domain::{
    fault::{Fault, Faults},
    mail::Message,
    person::{
        Identity, Membership, Organisation, Person, Role, User, check_password, normal_email,
    },
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, LockType},
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit, certification, convert,
    entity::{memberships, organisations, users},
    idempotency,
    mail::{self, Draft, To},
    one_time_link::{self, Purpose, Token},
    page::{Page, Paged},
    session,
};

impl From<users::Model> for User {
    fn from(row: users::Model) -> Self {
        Self {
            id: row.id,
            email: row.email,
            given_name: row.given_name,
            family_name: row.family_name,
        }
    }
}

/// A person of an organisation, who holds these roles there.
fn person(row: users::Model, organisation_id: Uuid, roles: Vec<Role>) -> Person {
    Person {
        has_password: row.password_hash.is_some(),
        version: version_of(&row),
        user: row.into(),
        organisation_id,
        roles,
    }
}

/// Rows of people count no versions: 31 bits of a sum over what may be corrected stand for one, so
/// that nobody overwrites what they have not seen.
fn version_of(row: &users::Model) -> i32 {
    let mut digest = Sha256::new();
    for part in [&row.email, &row.given_name, &row.family_name] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let sum = digest.finalize();
    i32::from_be_bytes([sum[0] & 0x7f, sum[1], sum[2], sum[3]])
}

/// Whether no organisation exists yet.
pub async fn is_empty(db: &Db) -> Result<bool> {
    Ok(organisations::Entity::find().count(db.read()).await? == 0)
}

/// Every organisation of this instance, by name.
pub async fn organisations(db: &Db) -> Result<Vec<Organisation>> {
    let rows =
        organisations::Entity::find().order_by_asc(organisations::Column::Name).all(db.read());
    Ok(rows.await?.into_iter().map(|row| Organisation { id: row.id, name: row.name }).collect())
}

/// A link to create the organisation and its administrator; an earlier one no longer works.
pub async fn setup_link(db: &Db) -> Result<Token> {
    let write = db.write().await?;
    let token = one_time_link::replace(db, &write, Purpose::Setup, None).await?;
    write.commit().await?;
    Ok(token)
}

/// Creates the first organisation with its administrator, who is also its first manager, and
/// publishes the certifications of the catalogue there.
pub async fn set_up(
    db: &Db,
    token: &str,
    name: &str,
    identity: Identity,
    password: &str,
) -> Result<User> {
    let mut faults = Faults::default();
    faults.text("organisation", name, 200);
    check_password("password", password, &mut faults);
    faults.into_result()?;
    one_time_link::alive(db, db.read(), &[Purpose::Setup], token).await?;
    let password_hash = db.hash_password(password).await?;

    let write = db.write().await?;
    one_time_link::redeem(db, &write, &[Purpose::Setup], token).await?;
    let organisation = create_organisation(db, &write, name.trim()).await?;
    let user: User =
        insert_user(db, &write, db.ambient.id(), identity, Some(password_hash)).await?.into();
    for role in [Role::Administrator, Role::Manager] {
        insert_membership(&write, organisation, user.id, role).await?;
    }
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation,
            actor: Some(user.id),
            action: "organisation.created",
            subject: ("organisation", organisation),
            before: None,
            after: None,
        },
    )
    .await?;
    for file in catalog::builtin() {
        certification::publish_in(
            db,
            &write,
            organisation,
            Some(user.id),
            file.text,
            &file.certification,
        )
        .await?;
    }
    write.commit().await?;
    Ok(user)
}

async fn create_organisation(db: &Db, write: &DatabaseTransaction, name: &str) -> Result<Uuid> {
    let id = db.ambient.id();
    organisations::Entity::insert(organisations::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        created_at: Set(db.ambient.now()),
        audit_seq: Set(0),
        audit_hash: Set(String::new()),
    })
    .exec_without_returning(write)
    .await?;
    Ok(id)
}

pub(crate) async fn insert_user(
    db: &Db,
    write: &DatabaseTransaction,
    id: Uuid,
    identity: Identity,
    password_hash: Option<String>,
) -> Result<users::Model> {
    let row = users::Model {
        id,
        email: identity.email,
        given_name: identity.given_name,
        family_name: identity.family_name,
        password_hash,
        created_at: db.ambient.now(),
    };
    users::Entity::insert(users::ActiveModel::from(row.clone()))
        .exec_without_returning(write)
        .await?;
    Ok(row)
}

pub(crate) async fn insert_membership(
    write: &DatabaseTransaction,
    organisation: Uuid,
    user: Uuid,
    role: Role,
) -> Result<()> {
    memberships::Entity::insert(memberships::ActiveModel {
        organisation_id: Set(organisation),
        user_id: Set(user),
        role: Set(convert::text(role)),
    })
    .exec_without_returning(write)
    .await?;
    Ok(())
}

/// Adds a person to an organisation, with a mail that lets them in, and a link to hand over where
/// mail does not reach them. Who is already known elsewhere keeps their account and their name, and
/// the way in that they got there.
pub async fn add(
    db: &Db,
    by: Uuid,
    organisation: Uuid,
    identity: Identity,
    roles: &BTreeSet<Role>,
    once: Option<&Once>,
) -> Result<(Person, Option<Token>)> {
    let mut faults = Faults::default();
    if roles.is_empty() {
        faults.add("roles", "required", "Choisissez au moins un rôle.");
    }
    faults.into_result()?;
    let write = db.write().await?;
    let known =
        users::Entity::find().filter(users::Column::Email.eq(&identity.email)).one(&write).await?;
    let id = known.map_or_else(|| db.ambient.id(), |row| row.id);
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        write.rollback().await?;
        return added_before(db, by, organisation, made).await;
    }
    let (person, token) = add_in(db, &write, organisation, id, identity, roles).await?;
    audit::append(db, &write, added(by, &person)).await?;
    write.commit().await?;
    mail::poke(db);
    Ok((person, token))
}

/// The same within a transaction that goes on; it ends with the entry [`added`]. Who is not known
/// yet gets the id.
pub(crate) async fn add_in(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    identity: Identity,
    roles: &BTreeSet<Role>,
) -> Result<(Person, Option<Token>)> {
    let known = with_address(write, &identity.email).await?;
    let is_new = known.is_none();
    let row = match known {
        Some(row) => {
            if is_member(write, organisation, row.id).await? {
                return Err(person_exists(&row.email));
            }
            row
        }
        None => insert_user(db, write, id, identity, None).await?,
    };
    for role in roles {
        insert_membership(write, organisation, row.id, *role).await?;
    }
    let token = if is_new {
        Some(one_time_link::replace(db, write, Purpose::Invitation, Some(row.id)).await?)
    } else {
        None
    };
    write_invitation(db, write, organisation, row.id, is_new).await?;
    Ok((person(row, organisation, roles.iter().copied().collect()), token))
}

/// Whoever has this address, locked: it stays theirs while they are given something by it.
async fn with_address(write: &DatabaseTransaction, email: &str) -> Result<Option<users::Model>> {
    let row = users::Entity::find()
        .filter(users::Column::Email.eq(email))
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?;
    Ok(row)
}

fn person_exists(email: &str) -> Error {
    Error::conflict("person_exists", format!("{email} est déjà dans cet établissement."))
}

/// Corrects who a person is. The caller manages them in every school that they belong to, since the
/// address is the way into an account that opens them all. Another address ends what the one before
/// has opened, sessions, links and password, since somebody else may have read there; both are told.
/// Who corrects their own address stays in, so that a slip of the hand shuts nobody out.
pub async fn correct(
    db: &Db,
    actor: &Actor,
    organisation: Uuid,
    user: Uuid,
    version: i32,
    identity: Identity,
) -> Result<Person> {
    let write = db.write().await?;
    let row = users::Entity::find_by_id(user)
        .lock(LockType::NoKeyUpdate)
        .one(&write)
        .await?
        .ok_or(Error::NotFound)?;
    let mut schools = roles_of(&write, user).await?;
    check_correctable(actor, &schools)?;
    let current = version_of(&row);
    if current != version {
        return Err(Error::Stale { current });
    }
    let Identity { email, given_name, family_name } = identity;
    let moved_from = (row.email != email).then(|| row.email.clone());
    if moved_from.is_some()
        && let Some(other) = with_address(&write, &email).await?
    {
        return Err(if is_member(&write, organisation, other.id).await? {
            person_exists(&email)
        } else {
            let detail = format!("{email} est déjà l’adresse d’une autre personne.");
            Error::conflict("address_taken", detail)
        });
    }
    let changed = json!({
        "name": (&row.given_name, &row.family_name) != (&given_name, &family_name),
        "address": moved_from.is_some(),
    });
    let has_been_in = row.password_hash.is_some() || session::was_opened(&write, user).await?;
    let mut corrected = users::ActiveModel {
        email: Set(email),
        given_name: Set(given_name),
        family_name: Set(family_name),
        ..row.into()
    };
    let is_own = actor.user == user;
    if moved_from.is_some() && !is_own {
        corrected.password_hash = Set(None);
    }
    let row = corrected.update(&write).await?;
    if let Some(address) = moved_from {
        tell_of_address(db, &write, organisation, user, address, has_been_in).await?;
        if !is_own {
            session::revoke_all(db, &write, user).await?;
        }
        one_time_link::end_all(db, &write, user).await?;
    }
    for organisation in schools.keys() {
        audit::append(
            db,
            &write,
            audit::Entry {
                organisation: *organisation,
                actor: Some(actor.user),
                action: "person.corrected",
                subject: ("user", user),
                before: None,
                after: Some(changed.clone()),
            },
        )
        .await?;
    }
    write.commit().await?;
    mail::poke(db);
    Ok(person(row, organisation, schools.remove(&organisation).unwrap_or_default()))
}

fn check_correctable(actor: &Actor, schools: &BTreeMap<Uuid, Vec<Role>>) -> Result<()> {
    for (school, roles) in schools {
        let may =
            |action| authz::can(actor, action, Resource::Organisation(*school)) == Verdict::Allowed;
        if !may(Action::ManagePeople) {
            return Err(Error::conflict(
                "managed_elsewhere",
                "Cette personne appartient aussi à un autre établissement : son nom et son adresse \
                 ne se changent pas d’ici.",
            ));
        }
        if roles.iter().any(|role| role.is_staff()) && !may(Action::ManageStaff) {
            return Err(Error::conflict(
                "managed_by_administrators",
                "Seul un administrateur change le nom ou l’adresse d’un responsable de formation ou \
                 d’un administrateur.",
            ));
        }
    }
    Ok(())
}

/// Writes to the address that a person has now, and to the one that they had.
async fn tell_of_address(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
    user: Uuid,
    before: String,
    has_been_in: bool,
) -> Result<()> {
    if has_been_in {
        let message = Message::AddressChanged { organisation: name(write, organisation).await? };
        let key = format!("address:{user}:{}", db.ambient.id());
        mail::enqueue(db, write, Draft { to: To::User(user), message, key }).await?;
    } else {
        write_invitation(db, write, organisation, user, true).await?;
    }
    let message = Message::AddressLeft { organisation: name(write, organisation).await? };
    let key = format!("address-left:{user}:{}", db.ambient.id());
    let to = To::FormerAddress { user, address: before };
    mail::enqueue(db, write, Draft { to, message, key }).await?;
    Ok(())
}

async fn name(write: &DatabaseTransaction, organisation: Uuid) -> Result<String> {
    let row = organisations::Entity::find_by_id(organisation).one(write).await?;
    row.map(|row| row.name).ok_or(Error::NotFound)
}

/// Makes sure that somebody holds a role, within a transaction that goes on, and gives what this
/// leaves in the audit. Who is not known yet gets an account; no mail is written here.
pub(crate) async fn give_role(
    db: &Db,
    write: &DatabaseTransaction,
    by: Uuid,
    organisation: Uuid,
    identity: Identity,
    role: Role,
) -> Result<(User, Option<audit::Entry<'static>>)> {
    let user: User = match with_address(write, &identity.email).await? {
        Some(row) => row.into(),
        None => insert_user(db, write, db.ambient.id(), identity, None).await?.into(),
    };
    if has_role(write, organisation, user.id, role).await? {
        return Ok((user, None));
    }
    let is_here = is_member(write, organisation, user.id).await?;
    insert_membership(write, organisation, user.id, role).await?;
    let entry = audit::Entry {
        organisation,
        actor: Some(by),
        action: if is_here { "person.role_given" } else { "person.added" },
        subject: ("user", user.id),
        before: None,
        after: Some(json!({ "roles": [role] })),
    };
    Ok((user, Some(entry)))
}

/// What [`add_in`] leaves in the audit.
pub(crate) fn added(by: Uuid, person: &Person) -> audit::Entry<'static> {
    audit::Entry {
        organisation: person.organisation_id,
        actor: Some(by),
        action: "person.added",
        subject: ("user", person.user.id),
        before: None,
        after: Some(json!({ "roles": person.roles })),
    }
}

/// Puts the mail in the outbox that tells a person of an organisation.
async fn write_invitation(
    db: &Db,
    write: &DatabaseTransaction,
    organisation: Uuid,
    user: Uuid,
    is_new: bool,
) -> Result<()> {
    let organisation = name(write, organisation).await?;
    let message = if is_new {
        Message::Invitation { organisation }
    } else {
        Message::Welcome { organisation }
    };
    let key = format!("invitation:{user}:{}", db.ambient.id());
    mail::enqueue(db, write, Draft { to: To::User(user), message, key }).await?;
    Ok(())
}

/// The answer to who asks for the same addition again. The first link is known to nobody, since only
/// its hash is kept: there is a fresh one, for whom there was one.
async fn added_before(
    db: &Db,
    by: Uuid,
    organisation: Uuid,
    user: Uuid,
) -> Result<(Person, Option<Token>)> {
    let person = find(db, organisation, user).await?.ok_or(Error::NotFound)?;
    let only_here = roles_of(db.read(), user).await?.len() == 1;
    let token = if only_here && !person.has_password {
        Some(invite(db, by, organisation, user).await?)
    } else {
        None
    };
    Ok((person, token))
}

/// A fresh link to get in, by mail and to hand over.
pub async fn invite(db: &Db, by: Uuid, organisation: Uuid, user: Uuid) -> Result<Token> {
    let write = db.write().await?;
    if !is_member(&write, organisation, user).await? {
        return Err(Error::NotFound);
    }
    let token = one_time_link::replace(db, &write, Purpose::Invitation, Some(user)).await?;
    write_invitation(db, &write, organisation, user, true).await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation,
            actor: Some(by),
            action: "person.invited",
            subject: ("user", user),
            before: None,
            after: None,
        },
    )
    .await?;
    write.commit().await?;
    mail::poke(db);
    Ok(token)
}

/// Changes a password and ends every session of the person.
pub async fn change_password(db: &Db, user: Uuid, current: &str, new: &str) -> Result<()> {
    let mut faults = Faults::default();
    check_password("new_password", new, &mut faults);
    faults.into_result()?;
    let row = users::Entity::find_by_id(user).one(db.read()).await?.ok_or(Error::NotFound)?;
    if !db.verify_password(current, row.password_hash.as_deref()).await? {
        return Err(Error::Invalid(vec![Fault::new(
            "current_password",
            "wrong_password",
            "Ce n’est pas votre mot de passe actuel.",
        )]));
    }
    let hash = db.hash_password(new).await?;
    let write = db.write().await?;
    set_password(db, &write, user, hash).await?;
    write.commit().await?;
    Ok(())
}

/// Ends the person's sessions, and the links that would open others.
pub(crate) async fn set_password(
    db: &Db,
    write: &DatabaseTransaction,
    user: Uuid,
    hash: String,
) -> Result<User> {
    let row = users::Entity::find_by_id(user).one(write).await?.ok_or(Error::NotFound)?;
    let row =
        users::ActiveModel { password_hash: Set(Some(hash)), ..row.into() }.update(write).await?;
    session::revoke_all(db, write, user).await?;
    one_time_link::end_all(db, write, user).await?;
    for (organisation, _) in roles_of(write, user).await? {
        audit::append(
            db,
            write,
            audit::Entry {
                organisation,
                actor: Some(user),
                action: "person.password_changed",
                subject: ("user", user),
                before: None,
                after: None,
            },
        )
        .await?;
    }
    Ok(row.into())
}

/// The person who signs in with this address and password.
pub async fn authenticate(db: &Db, email: &str, password: &str) -> Result<Option<User>> {
    let row = users::Entity::find()
        .filter(users::Column::Email.eq(normal_email(email)))
        .one(db.read())
        .await?;
    let hash = row.as_ref().and_then(|row| row.password_hash.as_deref());
    let matches = db.verify_password(password, hash).await?;
    Ok(row.filter(|_| matches).map(User::from))
}

/// Persons by id.
pub async fn users(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, User>> {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    Ok(users::Entity::find()
        .filter(users::Column::Id.is_in(ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row.into()))
        .collect())
}

/// What a person is, organisation by organisation.
pub async fn memberships(db: &Db, user: Uuid) -> Result<Vec<Membership>> {
    let roles = roles_of(db.read(), user).await?;
    let organisations = organisations::Entity::find()
        .filter(organisations::Column::Id.is_in(roles.keys().copied()))
        .order_by_asc(organisations::Column::Name)
        .all(db.read())
        .await?;
    Ok(organisations
        .into_iter()
        .map(|row| Membership {
            roles: roles.get(&row.id).cloned().unwrap_or_default(),
            organisation: Organisation { id: row.id, name: row.name },
        })
        .collect())
}

async fn roles_of(
    connection: &impl ConnectionTrait,
    user: Uuid,
) -> Result<BTreeMap<Uuid, Vec<Role>>> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::UserId.eq(user))
        .all(connection)
        .await?;
    let mut roles: BTreeMap<Uuid, Vec<Role>> = BTreeMap::new();
    for row in rows {
        roles.entry(row.organisation_id).or_default().push(convert::from_text(&row.role)?);
    }
    for held in roles.values_mut() {
        held.sort_unstable();
    }
    Ok(roles)
}

/// Every role that a person holds anywhere.
pub(crate) async fn all_roles(connection: &impl ConnectionTrait, user: Uuid) -> Result<Vec<Role>> {
    Ok(roles_of(connection, user).await?.into_values().flatten().collect())
}

pub(crate) async fn is_member(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    user: Uuid,
) -> Result<bool> {
    let found = memberships::Entity::find()
        .filter(memberships::Column::OrganisationId.eq(organisation))
        .filter(memberships::Column::UserId.eq(user))
        .count(connection)
        .await?;
    Ok(found > 0)
}

/// Whether a person holds a role in an organisation.
pub(crate) async fn has_role(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    user: Uuid,
    role: Role,
) -> Result<bool> {
    Ok(memberships::Entity::find_by_id((organisation, user, convert::text(role)))
        .one(connection)
        .await?
        .is_some())
}

/// What a person is in one organisation, if anything.
pub async fn find(db: &Db, organisation: Uuid, user: Uuid) -> Result<Option<Person>> {
    let Some(row) = users::Entity::find_by_id(user).one(db.read()).await? else { return Ok(None) };
    let roles = roles_of(db.read(), user).await?.remove(&organisation);
    Ok(roles.map(|roles| person(row, organisation, roles)))
}

/// The people of an organisation by name, those whose name or address holds the text.
pub async fn list(
    db: &Db,
    organisation: Uuid,
    text: Option<&str>,
    role: Option<Role>,
    page: Page,
) -> Result<Paged<Person>> {
    let members = memberships::Entity::find()
        .select_only()
        .column(memberships::Column::UserId)
        .filter(memberships::Column::OrganisationId.eq(organisation))
        .apply_if(role, |query, role| {
            query.filter(memberships::Column::Role.eq(convert::text(role)))
        });
    let rows = users::Entity::find()
        .filter(users::Column::Id.in_subquery(members.into_query()))
        .apply_if(text, |query, text| query.filter(named_like(text)))
        .apply_if(named_after(db, page.after).await?, QueryFilter::filter)
        .order_by_asc(users::Column::FamilyName)
        .order_by_asc(users::Column::GivenName)
        .order_by_asc(users::Column::Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let rows = page.cut(rows, |row| row.id);
    let held = memberships::Entity::find()
        .filter(memberships::Column::OrganisationId.eq(organisation))
        .filter(memberships::Column::UserId.is_in(rows.items.iter().map(|row| row.id)))
        .all(db.read())
        .await?;
    let mut roles: HashMap<Uuid, Vec<Role>> = HashMap::new();
    for row in held {
        roles.entry(row.user_id).or_default().push(convert::from_text(&row.role)?);
    }
    let items = rows
        .items
        .into_iter()
        .map(|row| {
            let mut roles = roles.remove(&row.id).unwrap_or_default();
            roles.sort_unstable();
            person(row, organisation, roles)
        })
        .collect();
    Ok(Paged { items, next: rows.next })
}

/// The people who come after this one in the order of their names.
async fn named_after(db: &Db, user: Option<Uuid>) -> Result<Option<Condition>> {
    use users::Column::{FamilyName, GivenName, Id};

    let Some(user) = user else { return Ok(None) };
    let last = users::Entity::find_by_id(user).one(db.read()).await?.ok_or(Error::NotFound)?;
    let same_family = Condition::all().add(FamilyName.eq(&last.family_name));
    let same_name = same_family.clone().add(GivenName.eq(&last.given_name));
    Ok(Some(
        Condition::any()
            .add(FamilyName.gt(&last.family_name))
            .add(same_family.add(GivenName.gt(&last.given_name)))
            .add(same_name.add(Id.gt(user))),
    ))
}

/// Name or address holds the text, whatever its case.
pub(crate) fn named_like(text: &str) -> Condition {
    let escaped =
        text.trim().to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    let pattern = format!("%{escaped}%");
    [users::Column::GivenName, users::Column::FamilyName, users::Column::Email].into_iter().fold(
        Condition::any(),
        |any, column| {
            any.add(
                Expr::expr(Func::lower(Expr::col((users::Entity, column))))
                    .like(LikeExpr::new(pattern.clone()).escape('\\')),
            )
        },
    )
}
