//! Groups of endpoints.

use utoipa_axum::router::OpenApiRouter;

use crate::App;

mod assessments;
mod auth;
mod certifications;
mod cohorts;
mod enrolments;
mod evidence;
mod files;
mod grids;
mod instance;
mod links;
mod mails;
mod me;
mod queue;
mod users;
mod visits;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(instance::routes())
        .merge(auth::routes())
        .merge(links::routes())
        .merge(mails::routes())
        .merge(me::routes())
        .merge(certifications::routes())
        .merge(cohorts::routes())
        .merge(users::routes())
        .merge(enrolments::routes())
        .merge(evidence::routes())
        .merge(files::routes())
        .merge(assessments::routes())
        .merge(queue::routes())
        .merge(grids::routes())
        .merge(visits::routes())
}
