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
mod instance;
mod me;
mod messages;
mod queue;
mod users;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(instance::routes())
        .merge(auth::routes())
        .merge(me::routes())
        .merge(certifications::routes())
        .merge(cohorts::routes())
        .merge(users::routes())
        .merge(enrolments::routes())
        .merge(evidence::routes())
        .merge(messages::routes())
        .merge(files::routes())
        .merge(assessments::routes())
        .merge(queue::routes())
}
