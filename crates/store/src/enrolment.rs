//! Enrolments and the tutors assigned to them.

use std::collections::{BTreeSet, HashMap};

use authz::{Action, Actor, Circle, Resource, Sight, Verdict};
use chrono::NaiveDate;
use domain::{
    certification::RouteKind,
    dossier::DossierStatus,
    enrolment::{Enrolment, EnrolmentTerms, Tutor, TutorKind},
    evidence::Visibility,
    fault::{Fault, Faults},
    person::{Role, User},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Db, Error, Once, Result, audit,
    certification::{self, Published},
    cohort, convert,
    entity::{cohorts, dossiers, enrolment_tutors, enrolments, memberships, users},
    idempotency, jury,
    page::{Page, Paged},
    people,
};

const TUTORS_MAX: usize = 20;

/// An enrolment with its tutors: all that a policy asks about.
#[derive(Debug, Clone)]
pub struct Enrolled {
    pub enrolment: Enrolment,
    pub tutors: Vec<Tutor>,
}

impl Enrolled {
    /// Asks the policy about this enrolment.
    pub fn can(&self, actor: &Actor, action: Action) -> Verdict {
        self.with_circle(|circle| authz::can(actor, action, Resource::Enrolment(circle)))
    }

    /// Asks the policy about an evidence of this enrolment.
    pub fn can_on(&self, actor: &Actor, action: Action, visibility: Visibility) -> Verdict {
        self.with_circle(|circle| authz::can(actor, action, Resource::Evidence(circle, visibility)))
    }

    /// Which evidence of this enrolment the actor may open.
    pub fn sight(&self, actor: &Actor) -> Sight {
        self.with_circle(|circle| authz::sight(actor, circle))
    }

    fn with_circle<T>(&self, ask: impl FnOnce(Circle) -> T) -> T {
        let tutors: Vec<(Uuid, TutorKind)> =
            self.tutors.iter().map(|tutor| (tutor.user.id, tutor.kind)).collect();
        ask(Circle {
            organisation: self.enrolment.organisation_id,
            student: self.enrolment.student.id,
            tutors: &tutors,
        })
    }
}

/// Enrolls a person, who must be an apprentice or student of the organisation, in a version that is
/// published there.
pub async fn create(
    db: &Db,
    by: Uuid,
    published: &Published,
    student: Uuid,
    cohort: Option<Uuid>,
    terms: EnrolmentTerms,
    once: Option<&Once>,
) -> Result<Uuid> {
    terms.check(&published.certification)?;
    let write = db.write().await?;
    let id = db.ambient.id();
    if let Some(made) = idempotency::claim(db, &write, once, id).await? {
        return Ok(made);
    }
    create_in(db, &write, published, id, student, cohort, terms).await?;
    audit::append(db, &write, created(by, published, id, student, cohort)).await?;
    write.commit().await?;
    Ok(id)
}

/// The same within a transaction that goes on; it ends with the entry [`created`].
pub(crate) async fn create_in(
    db: &Db,
    write: &DatabaseTransaction,
    published: &Published,
    id: Uuid,
    student: Uuid,
    cohort: Option<Uuid>,
    terms: EnrolmentTerms,
) -> Result<()> {
    let organisation = published.organisation;
    let mut faults = Faults::default();
    if !people::has_role(write, organisation, student, Role::Apprentice).await? {
        faults.add(
            "student_id",
            "not_a_student",
            "Cette personne n’est pas inscrite comme apprenant dans l’établissement.",
        );
    }
    check_cohort(write, published, cohort, &mut faults).await?;
    faults.into_result()?;
    lock_student(write, student).await?;
    refuse_overlap(write, published, student, &terms, None).await?;

    let EnrolmentTerms { route, status, profile, starts_on, ends_on } = terms;
    enrolments::Entity::insert(enrolments::ActiveModel {
        id: Set(id),
        organisation_id: Set(organisation),
        student_id: Set(student),
        certification_id: Set(published.id),
        cohort_id: Set(cohort),
        route: Set(convert::text(route)),
        status: Set(convert::text(status)),
        profile: Set(profile),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
        version: Set(1),
        created_at: Set(db.ambient.now()),
    })
    .exec_without_returning(write)
    .await?;
    Ok(())
}

/// What [`create_in`] leaves in the audit.
pub(crate) fn created(
    by: Uuid,
    published: &Published,
    id: Uuid,
    student: Uuid,
    cohort: Option<Uuid>,
) -> audit::Entry<'static> {
    audit::Entry {
        organisation: published.organisation,
        actor: Some(by),
        action: "enrolment.created",
        subject: ("enrolment", id),
        before: None,
        after: Some(json!({ "certification": published.id, "student": student, "cohort": cohort })),
    }
}

/// Corrects how a person is enrolled. Who they are and what they prepare never changes.
pub async fn update(
    db: &Db,
    by: Uuid,
    enrolment: &Enrolment,
    version: i32,
    cohort: Option<Uuid>,
    terms: EnrolmentTerms,
) -> Result<()> {
    let published = certification::load(db, enrolment.certification.id).await?;
    terms.check(&published.certification)?;
    let write = db.write().await?;
    let mut faults = Faults::default();
    check_cohort(&write, &published, cohort, &mut faults).await?;
    faults.into_result()?;
    lock_student(&write, enrolment.student.id).await?;
    let row = lock_at(&write, enrolment.id, version).await?;
    refuse_overlap(&write, &published, row.student_id, &terms, Some(row.id)).await?;
    let EnrolmentTerms { route, status, profile, starts_on, ends_on } = terms;
    let route = convert::text(route);
    if row.route != route {
        refuse_other_route(&write, row.id).await?;
    }
    let before = terms_of(&row);
    let row = enrolments::ActiveModel {
        cohort_id: Set(cohort),
        route: Set(route),
        status: Set(convert::text(status)),
        profile: Set(profile),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
        version: Set(version + 1),
        ..row.into()
    }
    .update(&write)
    .await?;
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation: row.organisation_id,
            actor: Some(by),
            action: "enrolment.changed",
            subject: ("enrolment", row.id),
            before: Some(before),
            after: Some(terms_of(&row)),
        },
    )
    .await?;
    write.commit().await?;
    Ok(())
}

fn terms_of(row: &enrolments::Model) -> Value {
    json!({
        "cohort": row.cohort_id,
        "route": row.route,
        "status": row.status,
        "profile": row.profile,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    })
}

async fn check_cohort(
    write: &DatabaseTransaction,
    published: &Published,
    cohort: Option<Uuid>,
    faults: &mut Faults,
) -> Result<()> {
    let Some(cohort) = cohort else { return Ok(()) };
    let fits = cohorts::Entity::find_by_id(cohort)
        .filter(cohorts::Column::OrganisationId.eq(published.organisation))
        .filter(cohorts::Column::CertificationId.eq(published.id))
        .count(write)
        .await?;
    if fits == 0 {
        faults.add(
            "cohort_id",
            "unknown_cohort",
            "Cette promotion ne prépare pas cette version de la certification.",
        );
    }
    Ok(())
}

/// A jury is composed for one route: what is deposited and listed for it was meant for that one.
async fn refuse_other_route(write: &DatabaseTransaction, enrolment: Uuid) -> Result<()> {
    let with_jury = [DossierStatus::Deposited, DossierStatus::Presented].map(convert::text);
    let dossier = dossiers::Entity::find()
        .select_only()
        .column(dossiers::Column::Status)
        .filter(dossiers::Column::EnrolmentId.eq(enrolment))
        .filter(dossiers::Column::Status.is_in(with_jury))
        .into_tuple::<String>()
        .one(write)
        .await?;
    match dossier.map(|status| convert::from_text(&status)).transpose()? {
        Some(DossierStatus::Presented) => {
            return Err(Error::conflict(
                "dossier_with_jury",
                "Un jury lit le dossier déposé par cette voie : elle ne change qu’une fois sa \
                 session close.",
            ));
        }
        Some(_) => {
            return Err(Error::conflict(
                "dossier_waits",
                "Un dossier déposé par cette voie attend le jury : rouvrez-le avant de changer la \
                 voie d’accès.",
            ));
        }
        None => {}
    }
    match jury::listed(write, enrolment).await? {
        Some(session) => Err(Error::conflict("listed_for_jury", session.keeps_route())),
        None => Ok(()),
    }
}

/// Held to the end: of two enrolments at the very same time, the later one sees the first.
async fn lock_student(write: &DatabaseTransaction, student: Uuid) -> Result<()> {
    users::Entity::find_by_id(student).lock(LockType::NoKeyUpdate).one(write).await?;
    Ok(())
}

async fn refuse_overlap(
    write: &DatabaseTransaction,
    published: &Published,
    student: Uuid,
    terms: &EnrolmentTerms,
    itself: Option<Uuid>,
) -> Result<()> {
    let still_open = Condition::any()
        .add(enrolments::Column::EndsOn.is_null())
        .add(enrolments::Column::EndsOn.gte(terms.starts_on));
    let overlapping = enrolments::Entity::find()
        .filter(enrolments::Column::StudentId.eq(student))
        .filter(enrolments::Column::CertificationId.eq(published.id))
        .filter(still_open)
        .apply_if(terms.ends_on, |query, end| query.filter(enrolments::Column::StartsOn.lte(end)))
        .apply_if(itself, |query, id| query.filter(enrolments::Column::Id.ne(id)))
        .count(write)
        .await?;
    if overlapping == 0 {
        Ok(())
    } else {
        Err(Error::conflict(
            "already_enrolled",
            "Cette personne prépare déjà cette certification à ces dates.",
        ))
    }
}

/// Replaces the tutors. Each must hold the role in the organisation.
pub async fn set_tutors(
    db: &Db,
    by: Uuid,
    enrolment: &Enrolment,
    version: i32,
    tutors: &BTreeSet<(Uuid, TutorKind)>,
) -> Result<()> {
    let organisation = enrolment.organisation_id;
    if tutors.len() > TUTORS_MAX {
        let detail = format!("Au plus {TUTORS_MAX} tuteurs par parcours.");
        return Err(Error::Invalid(vec![Fault::new("tutors", "too_many", detail)]));
    }
    let write = db.write().await?;
    let mut faults = Faults::default();
    for (index, (user, kind)) in tutors.iter().enumerate() {
        if *user == enrolment.student.id {
            faults.add(
                format!("tutors[{index}].user_id"),
                "own_tutor",
                "Une personne n’est pas son propre tuteur.",
            );
        } else if !people::has_role(&write, organisation, *user, kind.role()).await? {
            faults.add(
                format!("tutors[{index}].user_id"),
                "not_a_tutor",
                "Cette personne n’a pas ce rôle de tuteur dans l’établissement.",
            );
        }
    }
    faults.into_result()?;
    lock_at(&write, enrolment.id, version).await?;
    touch(&write, enrolment.id).await?;
    let before = tutors_of(&write, [enrolment.id]).await?;
    enrolment_tutors::Entity::delete_many()
        .filter(enrolment_tutors::Column::EnrolmentId.eq(enrolment.id))
        .exec(&write)
        .await?;
    let rows: Vec<_> = tutors
        .iter()
        .map(|(user, kind)| enrolment_tutors::ActiveModel {
            enrolment_id: Set(enrolment.id),
            user_id: Set(*user),
            kind: Set(convert::text(*kind)),
            organisation_id: Set(organisation),
        })
        .collect();
    if !rows.is_empty() {
        enrolment_tutors::Entity::insert_many(rows).exec_without_returning(&write).await?;
    }
    let before: Vec<(Uuid, TutorKind)> =
        before.into_values().flatten().map(|tutor| (tutor.user.id, tutor.kind)).collect();
    audit::append(
        db,
        &write,
        audit::Entry {
            organisation,
            actor: Some(by),
            action: "enrolment.tutors_set",
            subject: ("enrolment", enrolment.id),
            before: Some(json!(before)),
            after: Some(json!(tutors)),
        },
    )
    .await?;
    write.commit().await?;
    Ok(())
}

/// Marks that something below the enrolment changed.
pub(crate) async fn touch(write: &DatabaseTransaction, id: Uuid) -> Result<()> {
    let updated = enrolments::Entity::update_many()
        .col_expr(enrolments::Column::Version, Expr::col(enrolments::Column::Version).add(1))
        .filter(enrolments::Column::Id.eq(id))
        .exec(write)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Marks that the progress of everybody who prepares a certification changed. They are locked in the
/// order in which a jury that closes locks its candidates, so that neither waits for the other.
pub(crate) async fn touch_all(write: &DatabaseTransaction, certification: Uuid) -> Result<()> {
    let preparing = enrolments::Column::CertificationId.eq(certification);
    enrolments::Entity::find()
        .select_only()
        .column(enrolments::Column::Id)
        .filter(preparing.clone())
        .order_by_asc(enrolments::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple::<Uuid>()
        .all(write)
        .await?;
    enrolments::Entity::update_many()
        .col_expr(enrolments::Column::Version, Expr::col(enrolments::Column::Version).add(1))
        .filter(preparing)
        .exec(write)
        .await?;
    Ok(())
}

/// The enrolment at the version that its author has seen, locked.
async fn lock_at(write: &DatabaseTransaction, id: Uuid, version: i32) -> Result<enrolments::Model> {
    let row = enrolments::Entity::find_by_id(id)
        .lock(LockType::NoKeyUpdate)
        .one(write)
        .await?
        .ok_or(Error::NotFound)?;
    if row.version == version { Ok(row) } else { Err(Error::Stale { current: row.version }) }
}

/// An enrolment of one of the organisations: a fixed number of statements.
pub async fn find(db: &Db, organisations: &BTreeSet<Uuid>, id: Uuid) -> Result<Option<Enrolled>> {
    let rows = enrolments::Entity::find_by_id(id)
        .filter(enrolments::Column::OrganisationId.is_in(organisations.iter().copied()))
        .all(db.read())
        .await?;
    let Some(enrolment) = complete(db.read(), rows).await?.pop() else { return Ok(None) };
    let tutors = tutors_of(db.read(), [id]).await?.remove(&id).unwrap_or_default();
    Ok(Some(Enrolled { enrolment, tutors }))
}

/// What narrows a list of enrolments.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub cohort: Option<Uuid>,
    /// In the student's name or address.
    pub text: Option<String>,
    pub student: Option<Uuid>,
    /// Of this certification version.
    pub certification: Option<Uuid>,
    pub route: Option<RouteKind>,
    /// Whether a dossier of theirs waits for a jury.
    pub deposited: Option<bool>,
}

/// The enrolments that the actor may read, which is what `authz` says one by one.
fn visible_to(actor: &Actor) -> Condition {
    let as_student = actor.organisations_as(&[Role::Apprentice]);
    let managed = actor.organisations_as(&[Role::Manager]);
    let tutored = |kind: TutorKind| {
        let organisations = actor.organisations_as(&[kind.role()]);
        enrolments::Column::Id.in_subquery(
            enrolment_tutors::Entity::find()
                .select_only()
                .column(enrolment_tutors::Column::EnrolmentId)
                .filter(enrolment_tutors::Column::UserId.eq(actor.user))
                .filter(enrolment_tutors::Column::Kind.eq(convert::text(kind)))
                .filter(enrolment_tutors::Column::OrganisationId.is_in(organisations))
                .into_query(),
        )
    };
    Condition::any()
        .add(
            Condition::all()
                .add(enrolments::Column::StudentId.eq(actor.user))
                .add(enrolments::Column::OrganisationId.is_in(as_student)),
        )
        .add(enrolments::Column::OrganisationId.is_in(managed))
        .add(tutored(TutorKind::Company))
        .add(tutored(TutorKind::School))
}

/// The enrolments that the actor may read.
pub async fn list(db: &Db, actor: &Actor, filter: &Filter, page: Page) -> Result<Paged<Enrolment>> {
    let Filter { cohort, text, student, certification, route, deposited } = filter;
    let named = text.as_deref().map(|text| {
        users::Entity::find()
            .select_only()
            .column(users::Column::Id)
            .filter(people::named_like(text))
            .into_query()
    });
    let rows = enrolments::Entity::find()
        .filter(visible_to(actor))
        .apply_if(*cohort, |query, cohort| query.filter(enrolments::Column::CohortId.eq(cohort)))
        .apply_if(*student, |query, student| {
            query.filter(enrolments::Column::StudentId.eq(student))
        })
        .apply_if(*certification, |query, certification| {
            query.filter(enrolments::Column::CertificationId.eq(certification))
        })
        .apply_if(*route, |query, route| {
            query.filter(enrolments::Column::Route.eq(convert::text(route)))
        })
        .apply_if(*deposited, |query, deposited| {
            let waiting = dossiers::Entity::find()
                .select_only()
                .column(dossiers::Column::EnrolmentId)
                .filter(dossiers::Column::Status.eq(convert::text(DossierStatus::Deposited)))
                .into_query();
            let waits = enrolments::Column::Id.in_subquery(waiting);
            query.filter(if deposited { waits } else { waits.not() })
        })
        .apply_if(named, |query, named| {
            query.filter(enrolments::Column::StudentId.in_subquery(named))
        })
        .apply_if(page.after, |query, after| query.filter(enrolments::Column::Id.gt(after)))
        .order_by_asc(enrolments::Column::Id)
        .limit(page.fetch())
        .all(db.read())
        .await?;
    let rows = page.cut(rows, |row| row.id);
    Ok(Paged { items: complete(db.read(), rows.items).await?, next: rows.next })
}

/// Every enrolment of these cohorts.
pub async fn of_cohorts(
    db: &Db,
    cohorts: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Enrolment>> {
    let rows = enrolments::Entity::find()
        .filter(enrolments::Column::CohortId.is_in(cohorts))
        .order_by_asc(enrolments::Column::Id)
        .all(db.read())
        .await?;
    complete(db.read(), rows).await
}

/// The tutors of many enrolments who hold the role in the organisation. Those of elsewhere stay named
/// in a portfolio that was brought, and have no part in what goes on here.
pub async fn tutors(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Tutor>>> {
    let acting = |kind: TutorKind| {
        let same = |column: memberships::Column, other: enrolment_tutors::Column| {
            Expr::col((memberships::Entity, column)).equals((enrolment_tutors::Entity, other))
        };
        let held = memberships::Entity::find()
            .select_only()
            .column(memberships::Column::UserId)
            .filter(same(
                memberships::Column::OrganisationId,
                enrolment_tutors::Column::OrganisationId,
            ))
            .filter(same(memberships::Column::UserId, enrolment_tutors::Column::UserId))
            .filter(memberships::Column::Role.eq(convert::text(kind.role())))
            .into_query();
        let of_kind = enrolment_tutors::Column::Kind.eq(convert::text(kind));
        Condition::all().add(of_kind).add(Expr::exists(held))
    };
    let acting = Condition::any().add(acting(TutorKind::Company)).add(acting(TutorKind::School));
    tutors_where(db.read(), ids.iter().copied(), acting).await
}

/// Every enrolment of the organisations whose path had not ended before that day.
pub async fn open(
    db: &Db,
    organisations: &BTreeSet<Uuid>,
    day: NaiveDate,
) -> Result<Vec<Enrolment>> {
    let not_ended = Condition::any()
        .add(enrolments::Column::EndsOn.is_null())
        .add(enrolments::Column::EndsOn.gte(day));
    let rows = enrolments::Entity::find()
        .filter(enrolments::Column::OrganisationId.is_in(organisations.iter().copied()))
        .filter(not_ended)
        .order_by_asc(enrolments::Column::Id)
        .all(db.read())
        .await?;
    complete(db.read(), rows).await
}

/// The enrolments in which a person is the student or an assigned tutor, with what they are there.
pub async fn of_person(db: &Db, actor: &Actor) -> Result<Vec<(Enrolment, BTreeSet<TutorKind>)>> {
    let tutored = enrolment_tutors::Entity::find()
        .filter(enrolment_tutors::Column::UserId.eq(actor.user))
        .all(db.read())
        .await?;
    let mut kinds: HashMap<Uuid, BTreeSet<TutorKind>> = HashMap::new();
    for row in tutored {
        let kind: TutorKind = convert::from_text(&row.kind)?;
        if actor.has(row.organisation_id, kind.role()) {
            kinds.entry(row.enrolment_id).or_default().insert(kind);
        }
    }
    let own = Condition::all()
        .add(enrolments::Column::StudentId.eq(actor.user))
        .add(enrolments::Column::OrganisationId.is_in(actor.organisations_as(&[Role::Apprentice])));
    let rows = enrolments::Entity::find()
        .filter(Condition::any().add(own).add(enrolments::Column::Id.is_in(kinds.keys().copied())))
        .order_by_asc(enrolments::Column::Id)
        .all(db.read())
        .await?;
    let enrolments = complete(db.read(), rows).await?;
    Ok(enrolments
        .into_iter()
        .map(|enrolment| {
            let kinds = kinds.remove(&enrolment.id).unwrap_or_default();
            (enrolment, kinds)
        })
        .collect())
}

pub(crate) async fn tutors_of(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Tutor>>> {
    tutors_where(connection, ids, Condition::all()).await
}

async fn tutors_where(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
    condition: Condition,
) -> Result<HashMap<Uuid, Vec<Tutor>>> {
    let rows = enrolment_tutors::Entity::find()
        .filter(enrolment_tutors::Column::EnrolmentId.is_in(ids))
        .filter(condition)
        .order_by_asc(enrolment_tutors::Column::Kind)
        .order_by_asc(enrolment_tutors::Column::UserId)
        .all(connection)
        .await?;
    let users = people::users(connection, rows.iter().map(|row| row.user_id)).await?;
    let mut tutors: HashMap<Uuid, Vec<Tutor>> = HashMap::new();
    for row in rows {
        tutors.entry(row.enrolment_id).or_default().push(Tutor {
            user: named(&users, row.user_id)?,
            kind: convert::from_text(&row.kind)?,
        });
    }
    Ok(tutors)
}

/// Adds the names of the student, the certification and the cohort.
async fn complete(
    connection: &impl ConnectionTrait,
    rows: Vec<enrolments::Model>,
) -> Result<Vec<Enrolment>> {
    let users = people::users(connection, rows.iter().map(|row| row.student_id)).await?;
    let certifications =
        certification::refs(connection, rows.iter().map(|row| row.certification_id).collect())
            .await?;
    let cohorts =
        cohort::refs(connection, rows.iter().filter_map(|row| row.cohort_id).collect()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Enrolment {
                id: row.id,
                organisation_id: row.organisation_id,
                student: named(&users, row.student_id)?,
                certification: certifications
                    .get(&row.certification_id)
                    .cloned()
                    .ok_or(Error::NotFound)?,
                cohort: row.cohort_id.and_then(|id| cohorts.get(&id).cloned()),
                route: convert::from_text(&row.route)?,
                status: convert::from_text(&row.status)?,
                profile: row.profile,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
                version: row.version,
            })
        })
        .collect()
}

pub(crate) fn named(users: &HashMap<Uuid, User>, id: Uuid) -> Result<User> {
    users.get(&id).cloned().ok_or(Error::NotFound)
}
