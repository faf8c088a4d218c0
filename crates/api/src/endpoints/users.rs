//! People of an organisation.

use std::collections::BTreeSet;

use axum::{Json, extract::State, http::StatusCode};
use domain::person::{Identity, Person, Role};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    App,
    extract::{Body, IfMatch, List, PageQuery, Query, Versioned},
    permit::{ManagePeople, OnMemberOfSchool, OnPerson, ReadPeople, Within, check_staff, guarded},
    problem::{ApiError, Result},
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded!(list, create))
        .routes(guarded!(show, correct))
        .routes(guarded!(invite))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PeopleQuery {
    /// In the name or the address.
    q: Option<String>,
    role: Option<Role>,
    /// Needed only by who manages several.
    organisation_id: Option<Uuid>,
}

/// The people of the caller's organisation.
#[utoipa::path(get, path = "/api/v1/users", operation_id = "list_people", tag = "people", params(PeopleQuery, PageQuery), responses((status = 200, body = List<Person>), ApiError))]
async fn list(
    permit: Within<ReadPeople>,
    State(app): State<App>,
    Query(query): Query<PeopleQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<List<Person>>> {
    let PeopleQuery { q, role, organisation_id } = query;
    let organisation = permit.organisation(organisation_id)?;
    let people =
        store::people::list(&app.db, organisation, q.as_deref(), role, page.page()).await?;
    Ok(Json(people.into()))
}

#[derive(Deserialize, ToSchema)]
struct AddPerson {
    email: String,
    given_name: String,
    family_name: String,
    roles: BTreeSet<Role>,
    /// Needed only by who manages several.
    organisation_id: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
struct AddedPerson {
    person: Person,
    /// One-time link to hand over where mail does not reach the person; null for who already has an
    /// account elsewhere.
    invitation_url: Option<String>,
}

/// Adds a person to the caller's organisation, and writes to them.
#[utoipa::path(post, path = "/api/v1/users", operation_id = "add_person", tag = "people", params(("Idempotency-Key" = Option<String>, Header)), request_body = AddPerson, responses((status = 201, body = AddedPerson), ApiError))]
async fn create(
    permit: Within<ManagePeople>,
    State(app): State<App>,
    Body(body): Body<AddPerson>,
) -> Result<(StatusCode, Json<AddedPerson>)> {
    let AddPerson { email, given_name, family_name, roles, organisation_id } = body;
    let organisation = permit.organisation(organisation_id)?;
    let caller = &permit.caller;
    check_staff(&caller.actor, organisation, roles.iter().copied())?;
    let identity = Identity::parse(&email, &given_name, &family_name)?;
    let once = caller.once.as_ref();
    let (person, token) =
        store::people::add(&app.db, caller.user.id, organisation, identity, &roles, once).await?;
    let invitation_url = token.map(|token| invitation_url(&app, &token));
    Ok((StatusCode::CREATED, Json(AddedPerson { person, invitation_url })))
}

/// A person of the caller's organisation.
#[utoipa::path(get, path = "/api/v1/users/{id}", operation_id = "show_person", tag = "people", params(("id" = Uuid, Path)), responses((status = 200, body = Person), ApiError))]
async fn show(permit: OnMemberOfSchool) -> Versioned<Person> {
    Versioned(StatusCode::OK, permit.person.version, permit.person)
}

#[derive(Deserialize, ToSchema)]
struct CorrectPerson {
    email: String,
    given_name: String,
    family_name: String,
}

/// Corrects a person's name or address. Another address ends their sessions, links and
/// password, but for the caller's own, and both addresses are told. Sealed minutes and deposited
/// dossiers keep the names of members and candidates.
#[utoipa::path(put, path = "/api/v1/users/{id}", operation_id = "correct_person", tag = "people", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = CorrectPerson, responses((status = 200, body = Person), ApiError))]
async fn correct(
    permit: OnMemberOfSchool,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    Body(body): Body<CorrectPerson>,
) -> Result<Versioned<Person>> {
    let OnMemberOfSchool { caller, person } = permit;
    let CorrectPerson { email, given_name, family_name } = body;
    let identity = Identity::parse(&email, &given_name, &family_name)?;
    let (organisation, id) = (person.organisation_id, person.user.id);
    let corrected =
        store::people::correct(&app.db, &caller.actor, organisation, id, version, identity).await?;
    Ok(Versioned(StatusCode::OK, corrected.version, corrected))
}

#[derive(Serialize, ToSchema)]
struct InvitationLink {
    /// Works once, for fourteen days; earlier links no longer work.
    url: String,
}

/// Makes a fresh link to get in, and mails another one.
#[utoipa::path(post, path = "/api/v1/users/{id}/invitation", operation_id = "invite_person", tag = "people", params(("id" = Uuid, Path)), responses((status = 201, body = InvitationLink), ApiError))]
async fn invite(
    permit: OnPerson,
    State(app): State<App>,
) -> Result<(StatusCode, Json<InvitationLink>)> {
    let OnPerson { caller, person } = permit;
    let token =
        store::people::invite(&app.db, caller.user.id, person.organisation_id, person.user.id)
            .await?;
    Ok((StatusCode::CREATED, Json(InvitationLink { url: invitation_url(&app, &token) })))
}

/// The token is in the fragment, which no server and no proxy logs.
fn invitation_url(app: &App, token: &str) -> String {
    format!("{}/invitation#{token}", app.public_url)
}
