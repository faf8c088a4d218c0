//! Groups of endpoints.

use utoipa_axum::router::OpenApiRouter;

use crate::App;

mod archives;
mod assessments;
mod auth;
mod certifications;
mod cohorts;
mod credentials;
mod deadlines;
mod deliberation;
mod dossiers;
mod enrolments;
mod evidence;
mod exports;
mod files;
mod grids;
mod hearings;
mod imports;
mod instance;
mod jury_sessions;
mod letterheads;
mod links;
mod mails;
mod me;
mod messages;
mod minutes;
mod overview;
mod queue;
mod reading;
mod records;
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
        .merge(messages::routes())
        .merge(files::routes())
        .merge(assessments::routes())
        .merge(queue::routes())
        .merge(grids::routes())
        .merge(hearings::routes())
        .merge(visits::routes())
        .merge(deadlines::routes())
        .merge(dossiers::routes())
        .merge(overview::routes())
        .merge(exports::routes())
        .merge(imports::routes())
        .merge(records::routes())
        .merge(archives::routes())
        .merge(letterheads::routes())
        .merge(jury_sessions::routes())
        .merge(deliberation::routes())
        .merge(minutes::routes())
        .merge(credentials::routes())
        .merge(reading::routes())
}
