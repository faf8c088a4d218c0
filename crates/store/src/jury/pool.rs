//! Who can be put on the list of a session, and who is on another one.

use std::collections::HashMap;

use authz::Actor;
use chrono::{DateTime, Utc};
use domain::{
    ambient::day_in_france, ambient::day_in_french, enrolment::Enrolment, jury::SessionStatus,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::Sitting;
use crate::{
    Db, Result, convert,
    enrolment::{self, Filter},
    entity::{jury_candidates, jury_sessions},
    page::{Page, Paged},
};

/// Somebody of the session's certification version and route.
#[derive(Debug, Clone)]
pub struct Pooled {
    pub enrolment: Enrolment,
    /// Why they cannot be put on the list.
    pub elsewhere: Option<Elsewhere>,
}

/// A session that is not closed and has the candidate on its list: nobody is before two at once.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Elsewhere {
    enrolment_id: Uuid,
    pub title: String,
    pub starts_at: DateTime<Utc>,
}

impl Elsewhere {
    /// Why `name` is not put on another list, in French.
    pub(super) fn reason(&self, name: &str) -> String {
        let session = self.session();
        format!(
            "{name} est déjà dans {session}, qui n’est pas close : un candidat n’est que devant un \
             jury à la fois."
        )
    }

    /// Why the route does not change meanwhile, in French.
    pub(crate) fn keeps_route(&self) -> String {
        let session = self.session();
        format!(
            "Cette personne est dans {session}, composée pour sa voie d’accès : retirez-la d’abord \
             de la liste des candidats."
        )
    }

    fn session(&self) -> String {
        let Self { enrolment_id: _, title, starts_at } = self;
        format!("la session « {title} » du {}", day_in_french(day_in_france(*starts_at)))
    }
}

/// The session that is not closed and has this candidate on its list.
pub(crate) async fn listed(
    connection: &impl ConnectionTrait,
    enrolment: Uuid,
) -> Result<Option<Elsewhere>> {
    Ok(on_lists(connection, None, &[enrolment]).await?.remove(&enrolment))
}

/// Those of whom a dossier waits for a jury, or the others, with what keeps them from being listed;
/// in a fixed number of statements.
pub async fn pool(
    db: &Db,
    actor: &Actor,
    sitting: &Sitting,
    deposited: Option<bool>,
    text: Option<String>,
    page: Page,
) -> Result<Paged<Pooled>> {
    let session = &sitting.session;
    let filter = Filter {
        text,
        certification: Some(session.certification.id),
        route: Some(session.route),
        deposited,
        ..Filter::default()
    };
    let found = enrolment::list(db, actor, &filter, page).await?;
    let ids: Vec<Uuid> = found.items.iter().map(|enrolment| enrolment.id).collect();
    let mut others = elsewhere(db.read(), session.id, &ids).await?;
    let items = found.items.into_iter().map(|enrolment| {
        let elsewhere = others.remove(&enrolment.id);
        Pooled { enrolment, elsewhere }
    });
    Ok(Paged { items: items.collect(), next: found.next })
}

/// The other session that is not closed, by candidate.
pub(super) async fn elsewhere(
    connection: &impl ConnectionTrait,
    session: Uuid,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Elsewhere>> {
    on_lists(connection, Some(session), ids).await
}

async fn on_lists(
    connection: &impl ConnectionTrait,
    but: Option<Uuid>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Elsewhere>> {
    let rows = jury_candidates::Entity::find()
        .select_only()
        .column(jury_candidates::Column::EnrolmentId)
        .columns([jury_sessions::Column::Title, jury_sessions::Column::StartsAt])
        .join(
            JoinType::InnerJoin,
            jury_candidates::Entity::belongs_to(jury_sessions::Entity)
                .from(jury_candidates::Column::SessionId)
                .to(jury_sessions::Column::Id)
                .into(),
        )
        .filter(jury_candidates::Column::EnrolmentId.is_in(ids.iter().copied()))
        .apply_if(but, |query, but| query.filter(jury_candidates::Column::SessionId.ne(but)))
        .filter(jury_sessions::Column::Status.ne(convert::text(SessionStatus::Closed)))
        .into_model::<Elsewhere>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.enrolment_id, row)).collect())
}
